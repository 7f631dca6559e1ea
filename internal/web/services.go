package web

import (
	"slices"
	"strings"

	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/model"
	"polku/internal/unit"
	"polku/internal/web/view"
)

func (q *request) servicesPage() error { return q.servicesForm(nil) }

// servicesForm lists what there is and offers to add a service: with it come its unit and register, when they
// are not there yet.
func (q *request) servicesForm(cause error) error {
	sh := q.shell(view.NavMore)
	v := q.PostFormValue
	p := view.Services{Name: v("name"), UnitName: v("unit_name"), Controller: v("controller"), Basis: v("legal_basis"), Task: v("service_task"), Retention: v("retention")}
	err := q.view(func(tx *db.Tx) error {
		units, err := unit.Units(tx)
		if err != nil {
			return err
		}
		registers, err := unit.Registers(tx)
		if err != nil {
			return err
		}
		if p.Services, err = q.serviceLines(tx, units, registers); err != nil {
			return err
		}
		p.UnitChoices = append(p.UnitChoices, view.Option{Text: q.lang.T("services.unit_new"), On: v("unit") == ""})
		for _, u := range units {
			p.UnitChoices = append(p.UnitChoices, view.Option{Value: u.ID, Text: u.Name, On: v("unit") == u.ID})
		}
		if p.Controller == "" && len(registers) > 0 {
			p.Controller = registers[0].Controller
		}
		p.Units, err = q.duties(tx, false)
		return err
	})
	if err != nil {
		return err
	}
	for _, m := range q.s.Book.Models.All() {
		p.Models = append(p.Models, view.Option{Value: m.Key(), Text: m.Title.In(string(q.lang)) + " (" + m.Version + ")", On: v("model") == m.Key()})
	}
	for _, r := range []string{"external", "polku"} {
		p.Records = append(p.Records, view.Option{Value: r, Text: q.lang.T("services.record_" + r), On: v("record") == r || v("record") == "" && r == "external"})
	}
	p.Shell, p.Errors = sh, q.errorsOf(cause)
	return q.renderStatus(statusFor(cause), p)
}

func (q *request) serviceLines(tx *db.Tx, units []unit.Unit, registers []unit.Register) ([]view.ServiceLine, error) {
	all, err := unit.AllServices(tx)
	var lines []view.ServiceLine
	for _, s := range all {
		line := view.ServiceLine{Name: s.Name, Model: s.Model + " " + s.Version, ModelHref: "/models/" + s.Model + "/" + s.Version}
		if i := slices.IndexFunc(units, func(u unit.Unit) bool { return u.ID == s.Unit }); i >= 0 {
			line.Unit = units[i].Name
		}
		if i := slices.IndexFunc(registers, func(r unit.Register) bool { return r.ID == s.Register }); i >= 0 {
			line.Register, line.Controller = registers[i].Name, registers[i].Controller
		}
		if m := q.s.Book.Models.Get(s.Model, s.Version); m != nil {
			line.Model = m.Title.In(string(q.lang)) + " " + s.Version
		}
		if _, err := tx.One(`select count(*) from standing where tenant_id = $1 and service_id = $2 and status <> 'closed'`, []any{tx.Who.Tenant, s.ID}, &line.Open); err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	return lines, err
}

// duties gives who takes over in each unit (mine: only those where the person works with clients).
func (q *request) duties(tx *db.Tx, mine bool) ([]view.DutyLine, error) {
	units, err := unit.Units(tx)
	if err != nil {
		return nil, err
	}
	names, err := unit.Names(tx)
	if err != nil {
		return nil, err
	}
	members, err := unit.Members(tx, q.me.Worker.ID)
	var lines []view.DutyLine
	for _, u := range units {
		may := slices.ContainsFunc(members, func(m unit.Member) bool { return m.Unit == u.ID && m.Role.About().Cases })
		if may || !mine {
			lines = append(lines, view.DutyLine{Unit: u.ID, Name: u.Name, Holder: names[u.DutyWorker], Mine: u.DutyWorker == q.me.Worker.ID, May: may && mine, Team: u.Team})
		}
	}
	return lines, err
}

// serviceAdd takes a service into use. Its register is the controller's of the model's kind; a new one when
// there is none such yet.
func (q *request) serviceAdd() error {
	v := func(field string) string { return strings.TrimSpace(q.PostFormValue(field)) }
	err := q.update(func(tx *db.Tx) error {
		if err := unit.MustAdmin(tx); err != nil {
			return err
		}
		id, version, _ := strings.Cut(v("model"), "@")
		m := q.s.Book.Models.Get(id, version)
		wrong := map[string]string{}
		if m == nil {
			wrong["model"] = "services.no_model"
		}
		for _, field := range []string{"name", "controller", "legal_basis"} {
			if v(field) == "" {
				wrong[field] = "error.needed"
			}
		}
		if v("unit") == "" && v("unit_name") == "" {
			wrong["unit_name"] = "error.needed"
		}
		if err := fault.Fields(wrong); err != nil {
			return err
		}
		if err := q.addService(tx, m, v); err != nil {
			return err
		}
		return audit.Command(tx, "", "service.add")
	})
	if fault.Is(err, fault.Invalid) {
		return q.servicesForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.service_added"})
	return q.redirect("/services")
}

func (q *request) addService(tx *db.Tx, m *model.Model, v func(string) string) error {
	unitID := v("unit")
	if unitID == "" {
		var err error
		if unitID, err = unit.AddUnit(tx, unit.Unit{Name: v("unit_name")}); err != nil {
			return err
		}
	}
	registers, err := unit.Registers(tx)
	if err != nil {
		return err
	}
	register := ""
	for _, r := range registers {
		if r.Kind == m.Register && r.Controller == v("controller") {
			register = r.ID
		}
	}
	if register == "" {
		record := "external"
		if v("record") == "polku" {
			record = "polku"
		}
		name := m.Word(m.Register, string(q.lang)) + ", " + v("controller")
		if register, err = unit.AddRegister(tx, unit.Register{Kind: m.Register, Name: name, Controller: v("controller"), LegalBasis: v("legal_basis"),
			ServiceTask: v("service_task"), Retention: v("retention"), Record: record}); err != nil {
			return err
		}
	}
	_, err = unit.AddService(tx, q.s.Book.Models, unit.Service{Unit: unitID, Register: register, Name: v("name"), Model: m.Model, Version: m.Version})
	return err
}

// dutyAccept makes the person the duty holder of a unit: whoever is suddenly away leaves their clients to them.
func (q *request) dutyAccept() error {
	if err := q.update(func(tx *db.Tx) error { return unit.AcceptDuty(tx, q.PostFormValue("unit"), q.me.Worker.ID) }); err != nil {
		return err
	}
	q.say(flash{Key: "flash.duty"})
	return q.redirect("/settings")
}
