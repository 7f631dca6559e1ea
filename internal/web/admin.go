package web

import (
	"slices"

	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/staffing"
	"polku/internal/unit"
	"polku/internal/web/view"
)

// Words of the account's form that are no roles of a register.
const (
	roleAdmin = "admin"
	keepRoles = "keep" // several roles stay as they are
)

func (q *request) users() error {
	sh := q.shell(view.NavMore)
	p := view.Users{}
	err := q.view(func(tx *db.Tx) error {
		workers, err := unit.Workers(tx)
		if err != nil {
			return err
		}
		members, err := unit.Members(tx, "")
		if err != nil {
			return err
		}
		units, err := unit.Units(tx)
		if err != nil {
			return err
		}
		clients, seen, err := loads(tx, q)
		if err != nil {
			return err
		}
		for _, w := range workers {
			mine := slices.DeleteFunc(slices.Clone(members), func(m unit.Member) bool { return m.Worker != w.ID })
			p.Users = append(p.Users, view.UserLine{ID: w.ID, Name: w.Name, Account: w.Username, Role: q.roleText(w, mine), Units: unitNames(units, mine),
				Clients: clients[w.ID], Seen: seen[w.ID], Off: !w.Active})
		}
		return q.counted(tx, &sh)
	})
	if err != nil {
		return err
	}
	p.Shell = sh
	return q.render(p)
}

// loads gives each worker's open clients and the day they were last here.
func loads(tx *db.Tx, q *request) (clients map[string]int, seen map[string]civil.Date, err error) {
	clients, seen = map[string]int{}, map[string]civil.Date{}
	if err = tx.Each(`select responsible, count(*) from standing where tenant_id = $1 and status <> 'closed' group by responsible`, []any{tx.Who.Tenant},
		func(row func(...any) error) error {
			var id string
			var n int
			err := row(&id, &n)
			clients[id] = n
			return err
		}); err != nil {
		return clients, seen, err
	}
	err = tx.Each(`select worker_id, max(seen_at) from session where tenant_id = $1 group by worker_id`, []any{tx.Who.Tenant},
		func(row func(...any) error) error {
			var id string
			var at int64
			err := row(&id, &at)
			seen[id], _ = wall(q, at)
			return err
		})
	return clients, seen, err
}

func (q *request) roleText(w unit.Worker, members []unit.Member) string {
	role := ""
	for _, r := range unit.All(members) {
		role = joined(role, q.lang.T("user_role."+string(r)))
	}
	if w.Admin {
		role = joined(role, q.lang.T("user_role.admin"))
	}
	return role
}

func unitNames(units []unit.Unit, members []unit.Member) string {
	out := ""
	for _, u := range units {
		if slices.ContainsFunc(members, func(m unit.Member) bool { return m.Unit == u.ID }) {
			out = joined(out, u.Name)
		}
	}
	return out
}

func (q *request) userNewPage() error { return q.userForm("", nil, "") }
func (q *request) userPage() error    { return q.userForm(q.PathValue("id"), nil, "") }

// userForm shows an account, with a new secret when one was just made: it is shown this once.
func (q *request) userForm(id string, cause error, password string) error {
	return q.userFormWith(id, cause, view.UserPage{ID: id, Password: password})
}

func (q *request) userFormWith(id string, cause error, p view.UserPage) error {
	sh := q.shell(view.NavMore)
	err := q.view(func(tx *db.Tx) error {
		var members []unit.Member
		var w unit.Worker
		var err error
		if id != "" {
			if w, err = unit.GetWorker(tx, id); err != nil {
				return err
			}
			if members, err = unit.Members(tx, id); err != nil {
				return err
			}
			if _, err := tx.One(`select count(*) from standing where tenant_id = $1 and responsible = $2 and status <> 'closed'`,
				[]any{tx.Who.Tenant, id}, &p.Clients); err != nil {
				return err
			}
			if p.Duty, err = q.dutyNames(tx, members, id); err != nil {
				return err
			}
		}
		if err := q.userWays(tx, w, &p); err != nil {
			return err
		}
		p.Name, p.Account = w.Name, w.Username
		role := string(unit.Highest(members))
		switch {
		case len(unit.All(members)) > 1 || w.Admin && len(members) > 0:
			role = keepRoles
			p.Roles = append(p.Roles, view.Option{Value: keepRoles, Text: q.roleText(w, members), Hint: q.lang.T("users.keep_roles")})
		case w.Admin:
			role = roleAdmin
		}
		units, registers := memberSets(members)
		if cause != nil {
			p.Name, p.Account, role = q.FormValue("name"), q.FormValue("user"), q.FormValue("role")
			units, registers = q.PostForm["unit"], q.PostForm["register"]
		}
		return q.userChoices(tx, &p, role, units, registers)
	})
	if err != nil {
		return err
	}
	p.Shell, p.Errors = sh, q.errorsOf(renamed(cause, "username", "user"))
	return q.renderStatus(statusFor(cause), p)
}

func memberSets(members []unit.Member) (units, registers []string) {
	for _, m := range members {
		units, registers = append(units, m.Unit), append(registers, m.Register)
	}
	return units, registers
}

// dutyNames tells to whom the account's clients would move; empty when some unit has nobody.
func (q *request) dutyNames(tx *db.Tx, members []unit.Member, id string) (string, error) {
	names, err := unit.Names(tx)
	out := ""
	for _, m := range members {
		duty, err := unit.DutyWorker(tx, m.Unit)
		if err != nil || duty == "" || duty == id {
			return "", err
		}
		if out != names[duty] {
			out = joined(out, names[duty])
		}
	}
	return out, err
}

func (q *request) userChoices(tx *db.Tx, p *view.UserPage, role string, units, registers []string) error {
	offer := func(r unit.Role) view.Option {
		return view.Option{Value: string(r), Text: q.lang.T("user_role." + string(r)), Hint: q.lang.T("user_role." + string(r) + "_hint"), On: string(r) == role}
	}
	for i := range p.Roles { // several roles that may be kept
		p.Roles[i].On = p.Roles[i].Value == role
	}
	for _, r := range append(slices.Clone(unit.Presets), roleAdmin) {
		p.Roles = append(p.Roles, offer(r))
	}
	for _, r := range unit.Roles {
		if !slices.Contains(unit.Presets, r) {
			p.MoreRoles = append(p.MoreRoles, offer(r))
		}
	}
	us, err := unit.Units(tx)
	if err != nil {
		return err
	}
	for _, u := range us {
		p.Units = append(p.Units, view.Option{Value: u.ID, Text: u.Name, On: slices.Contains(units, u.ID)})
	}
	rs, err := unit.Registers(tx)
	for _, r := range rs {
		p.Registers = append(p.Registers, view.Option{Value: r.ID, Text: r.Name, Hint: r.Controller, On: slices.Contains(registers, r.ID)})
	}
	return err
}

func (q *request) userNew() error {
	var id string
	err := q.update(func(tx *db.Tx) error {
		if err := unit.MustAdmin(tx); err != nil {
			return err
		}
		var err error
		id, err = unit.AddWorker(tx, unit.Worker{Username: q.PostFormValue("user"), Name: q.PostFormValue("name"), Admin: q.PostFormValue("role") == roleAdmin})
		if err != nil {
			return err
		}
		return q.saveRights(tx, "add", id)
	})
	if fault.Is(err, fault.Invalid) {
		return q.userForm("", err, "")
	}
	if err != nil {
		return err
	}
	password, err := q.s.Login.SetPassword(q.Context(), q.who, id)
	if err != nil {
		return err
	}
	return q.userForm(id, nil, password)
}

func (q *request) user() error {
	id := q.PathValue("id")
	err := q.update(func(tx *db.Tx) error {
		if err := unit.MustAdmin(tx); err != nil {
			return err
		}
		w, err := unit.GetWorker(tx, id)
		if err != nil {
			return err
		}
		role := q.PostFormValue("role")
		if err := unit.Rename(tx, id, q.PostFormValue("name"), q.PostFormValue("user"), role == roleAdmin || role == keepRoles && w.Admin); err != nil {
			return err
		}
		return q.saveRights(tx, "rights", id)
	})
	if fault.Is(err, fault.Invalid) {
		return q.userForm(id, err, "")
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.user_saved"})
	return q.redirect("/users")
}

// saveRights saves the memberships and writes down whose account has which role now: ids and words of ours.
func (q *request) saveRights(tx *db.Tx, verb, id string) error {
	if err := q.saveMembers(tx, id); err != nil {
		return err
	}
	return audit.Command(tx, "", "user."+verb+" "+id+" "+q.PostFormValue("role"))
}

// saveMembers makes the memberships what the form says: the role in each chosen register of each chosen unit.
func (q *request) saveMembers(tx *db.Tx, id string) error {
	role := unit.Role(q.PostFormValue("role"))
	have, err := unit.Members(tx, id)
	if err != nil {
		return err
	}
	var want []unit.Member
	switch role {
	case roleAdmin:
	case keepRoles:
		if want, err = q.keptMembers(have); err != nil {
			return err
		}
	default:
		if !slices.Contains(unit.Roles, role) {
			return fault.Fields(map[string]string{"role": "user.no_role"})
		}
		for _, u := range q.PostForm["unit"] {
			for _, r := range q.PostForm["register"] {
				want = append(want, unit.Member{Worker: id, Register: r, Unit: u, Role: role})
			}
		}
		if len(want) == 0 {
			return fault.Fields(map[string]string{"register": "user.no_register"})
		}
	}
	for _, m := range have {
		if !slices.ContainsFunc(want, func(w unit.Member) bool { return w.Register == m.Register && w.Unit == m.Unit }) {
			if err := unit.Leave(tx, m); err != nil {
				return err
			}
		}
	}
	for _, m := range want {
		if err := unit.Join(tx, m); err != nil {
			return err
		}
	}
	return nil
}

// keptMembers gives the memberships of somebody with several roles that stay, each with its role: those whose unit and
// register are still chosen. A unit or register that they had none in needs a role: Invalid, field role.
func (q *request) keptMembers(have []unit.Member) (stay []unit.Member, err error) {
	units, registers := memberSets(have)
	for field, had := range map[string][]string{"unit": units, "register": registers} {
		for _, chosen := range q.PostForm[field] {
			if !slices.Contains(had, chosen) {
				return nil, fault.Fields(map[string]string{"role": "user.keep_new"})
			}
		}
	}
	for _, m := range have {
		if slices.Contains(q.PostForm["unit"], m.Unit) && slices.Contains(q.PostForm["register"], m.Register) {
			stay = append(stay, m)
		}
	}
	if len(stay) == 0 {
		err = fault.Fields(map[string]string{"register": "user.no_register"})
	}
	return stay, err
}

// userRemove ends an account; the clients move to the duty holder first.
func (q *request) userRemove() error {
	moved := 0
	err := q.update(func(tx *db.Tx) error {
		var err error
		if moved, err = staffing.Remove(tx, q.s.Book, q.PathValue("id"), i18n.In); err != nil {
			return err
		}
		return audit.Command(tx, "", "user.remove "+q.PathValue("id"))
	})
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.Invalid) {
		return q.userForm(q.PathValue("id"), err, "")
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.user_removed", N: moved})
	return q.redirect("/users")
}

func (q *request) settingsPage() error { return q.settingsForm(nil) }

func (q *request) settingsForm(cause error) error {
	p := view.Settings{Shell: q.shell(view.NavMore), Errors: q.errorsOf(cause)}
	err := q.view(func(tx *db.Tx) error {
		var err error
		p.Duties, err = q.duties(tx, true)
		return err
	})
	if err != nil {
		return err
	}
	return q.renderStatus(statusFor(cause), p)
}

func (q *request) settings() error {
	s := unit.Settings{Lang: q.PostFormValue("lang"), Theme: q.PostFormValue("theme"), Shortcuts: q.PostFormValue("keys") != "off"}
	if !slices.Contains([]string{"fi", "sv", "en"}, s.Lang) || !slices.Contains([]string{"", "light", "dark"}, s.Theme) {
		return q.settingsForm(fault.E(fault.Invalid, "error.invalid", nil))
	}
	if err := q.update(func(tx *db.Tx) error { return unit.SaveSettings(tx, s) }); err != nil {
		return err
	}
	q.say(flash{Key: "flash.settings"})
	return q.redirect("/settings")
}

func (q *request) settingsPassword() error {
	if q.PostFormValue("password") != q.PostFormValue("password2") {
		return q.settingsForm(fault.Fields(map[string]string{"password2": "login.not_same"}))
	}
	err := q.s.Login.ChangePassword(q.Context(), q.me, q.PostFormValue("old"), q.PostFormValue("password"))
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Denied) {
		return q.settingsForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.password"})
	return q.redirect("/settings")
}

func (q *request) help() error { return q.render(view.Help{Shell: q.shell(view.NavMore)}) }
