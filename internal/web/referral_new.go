package web

import (
	"cmp"
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/hetu"
	"polku/internal/ident"
	"polku/internal/intake"
	"polku/internal/model"
	"polku/internal/referral"
	"polku/internal/unit"
	"polku/internal/web/view"
)

func (q *request) referralNewPage() error { return q.referralNewForm(nil) }

// referralNewForm types a referral that came by phone or on paper.
func (q *request) referralNewForm(cause error) error {
	sh := q.shell(view.NavMore)
	var p view.ReferralForm
	err := q.view(func(tx *db.Tx) error {
		h, err := q.house(tx)
		if err != nil {
			return err
		}
		services := q.open(tx, h)
		at := unit.Service{}
		for _, s := range services {
			if s.ID == q.FormValue("service") || at.ID == "" && q.FormValue("service") == "" {
				at = s
			}
		}
		p = q.referralFields(tx, q.modelOf(at))
		for _, s := range services {
			p.Services = append(p.Services, view.Option{Value: s.ID, Text: s.Name, On: s.ID == at.ID})
		}
		p.Sources = q.sources(at, q.FormValue("source"))
		return q.counted(tx, &sh)
	})
	if err != nil {
		return err
	}
	p.Shell, p.Errors = sh, q.errorsOf(cause)
	return q.renderStatus(statusFor(cause), p)
}

// referralFields is the form with what was typed, and the questions of the service's model.
func (q *request) referralFields(tx *db.Tx, m *model.Model) view.ReferralForm {
	v := q.PostFormValue
	p := view.ReferralForm{ID: v("id"), First: v("first"), Last: v("last"), Hetu: v("hetu"), Born: v("born"), Phone: v("phone"), Email: v("email"),
		Municipality: v("municipality"), SenderName: v("sender"), SenderOrg: v("sender_org"), SenderPhone: v("sender_phone")}
	if !ident.Valid(p.ID) {
		p.ID = ident.New()
	}
	p.Languages = q.languages(cmp.Or(v("language"), "fi"))
	if m == nil {
		return p
	}
	p.Promised = m.Entry.FirstContactWithin.After(tx.Today, q.s.Book.Calendar)
	for _, ask := range referral.Asks(m) {
		name := "answer_" + ask.ID
		a := view.AskedField{Field: view.Field{Name: name, Label: q.question(ask.ID, m), Value: v(name)}, On: v(name) != ""}
		switch ask.Kind {
		case "long":
			a.Field.Rows = 3
		case "day":
			a.Field.Type, a.Field.Width = "date", "m"
		case "number":
			a.Field.Width = "s"
		case "yes":
			a.Check = true
		case model.KindReason, model.KindBenefit, model.KindService:
			a.Options = q.wordOptions(ask.Kind, m, v(name))
		}
		p.Asks = append(p.Asks, a)
	}
	return p
}

// wordOptions are the words of a kind to choose from, with an empty choice first: services are the model's own words.
func (q *request) wordOptions(kind string, m *model.Model, chosen string) []view.Option {
	ids := model.SharedIDs(kind)
	if kind == model.KindService {
		for _, from := range m.StartsFrom {
			ids = append(ids, from.Model)
		}
	}
	options := []view.Option{{Text: q.lang.T("refer.not_told"), On: chosen == ""}}
	for _, id := range ids {
		options = append(options, view.Option{Value: id, Text: m.Word(id, string(q.lang)), On: id == chosen})
	}
	return options
}

// readReferral reads what was typed.
func (q *request) readReferral(wrong map[string]string) referral.New {
	v := q.PostFormValue
	n := referral.New{ID: v("id"), Source: v("source"), FirstName: v("first"), LastName: v("last"), Born: q.day("born"), Phone: v("phone"), Email: v("email"),
		Municipality: v("municipality"), Lang: v("language"), Answers: map[string]string{},
		Sender: referral.Sender{Name: v("sender"), Organisation: v("sender_org"), Phone: v("sender_phone")}}
	if !ident.Valid(n.ID) {
		n.ID = ident.New()
	}
	if v("born") != "" && n.Born.IsZero() {
		wrong["born"] = "refer.bad_born"
	}
	if typed := v("hetu"); strings.TrimSpace(typed) != "" {
		code, err := hetu.Parse(typed)
		if f, is := err.(*fault.Error); is {
			wrong["hetu"] = f.Key
		}
		n.Code = code
	}
	for name := range q.PostForm {
		id, is := strings.CutPrefix(name, "answer_")
		if is && len(id) < 60 && len(n.Answers) < 40 {
			n.Answers[id] = v(name)
		}
	}
	if d, ok := n.Answers["unemployed_since"]; ok && d != "" {
		if since := parseDay(d); since.IsZero() {
			wrong["answer_unemployed_since"] = "refer.bad_day"
		} else {
			n.Answers["unemployed_since"] = since.String()
		}
	}
	if days, ok := n.Answers["unemployed_days"]; ok && strings.TrimSpace(days) != "" && atoi(days) < 0 {
		wrong["answer_unemployed_days"] = "refer.bad_number"
	}
	return n
}

func (q *request) referralNew() error {
	var code string
	var promised civil.Date
	wrong := map[string]string{}
	n := q.readReferral(wrong)
	n.Service = q.PostFormValue("service")
	err := q.update(func(tx *db.Tx) error {
		if err := fault.Fields(wrong); err != nil {
			return err
		}
		s, err := unit.GetService(tx, n.Service)
		if err != nil {
			return err
		}
		if m := q.modelOf(s); m != nil {
			promised = m.Entry.FirstContactWithin.After(tx.Today, q.s.Book.Calendar)
		}
		_, code, err = referral.Add(tx, q.s.Book, q.s.Keys, n)
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return q.referralNewForm(renamed(err, "name", "last"))
	}
	if err != nil {
		return err
	}
	return q.render(view.ReferralSent{Shell: q.shell(view.NavMore), ID: n.ID, Code: code, Promised: promised})
}

func (q *request) referralStartPage() error { return q.referralStartForm(nil) }

// referralStartForm begins a path: what is known stands in it already, and who could be responsible is suggested.
func (q *request) referralStartForm(cause error) error {
	sh := q.shell(view.NavMore)
	v := q.PostFormValue
	p := view.ReferralStart{Step: view.StepForm{What: v("step_what"), By: v("step_by"), Time: v("step_time"), Place: v("step_place"),
		Suggestions: []string{q.lang.T("suggest.first"), q.lang.T("suggest.call")}}, Told: v("told")}
	err := q.view(func(tx *db.Tx) error {
		r, err := referral.Get(tx, q.PathValue("id"))
		if err != nil {
			return err
		}
		if !r.State.Open() {
			return fault.E(fault.Gone, "refer.ended", nil)
		}
		h, err := q.house(tx)
		if err != nil {
			return err
		}
		m := q.modelOf(h.Services[r.Service])
		p.ID, p.Name, p.Service = r.ID, r.Name(), h.Services[r.Service].Name
		if q.Method == "GET" {
			p.Told = q.told(r, m)
		}
		if r.Client != "" {
			if p.Joined, err = q.nameOf(tx, r.Client); err != nil {
				return err
			}
		}
		if m != nil {
			for i, ph := range m.Phases {
				p.Phases = append(p.Phases, view.Option{Value: ph.ID, Text: ph.Title.In(string(q.lang)), On: ph.ID == v("phase") || v("phase") == "" && i == 0})
			}
		}
		if p.Of, err = q.candidates(tx, r, v("responsible")); err != nil {
			return err
		}
		if p.Meeting, err = q.chosenMeeting(tx, r, sh, &p.Step); err != nil {
			return err
		}
		return q.counted(tx, &sh)
	})
	if err != nil {
		return err
	}
	p.Shell, p.Errors = sh, q.errorsOf(cause)
	p.Step.Errors = p.Errors
	return q.renderStatus(statusFor(cause), p)
}

// candidates are who could be responsible: who speaks the client's language and has the fewest open paths stands first.
func (q *request) candidates(tx *db.Tx, r referral.Referral, chosen string) ([]view.Option, error) {
	list, err := intake.Candidates(tx, r.Service, r.Lang)
	var options []view.Option
	for i, c := range list {
		text := c.Worker.Name + " · " + q.lang.N("begin.open_paths", c.Open)
		if c.Speaks {
			text += " · " + q.language(c.Worker.Lang)
		}
		options = append(options, view.Option{Value: c.Worker.ID, Text: text, On: c.Worker.ID == chosen || chosen == "" && i == 0})
	}
	return options, err
}

// chosenMeeting says when the invited person comes, and proposes it as the next step.
func (q *request) chosenMeeting(tx *db.Tx, r referral.Referral, sh view.Shell, step *view.StepForm) (string, error) {
	i, found, err := intake.OfReferral(tx, r.ID)
	if err != nil || !found || i.State != intake.Chosen || i.Chosen.Day < tx.Today {
		return "", err
	}
	if step.What == "" {
		step.What, step.By = q.lang.T("suggest.first"), i.Chosen.Day.String()
	}
	return q.lang.T("begin.meeting", "when", sh.At(i.Chosen.Day, i.Chosen.Minute)), nil
}

func (q *request) referralStart() error {
	id := q.PathValue("id")
	wrong := map[string]string{}
	step := q.readStep(wrong)
	var clientID string
	err := q.update(func(tx *db.Tx) error {
		if err := step.Check(tx); err != nil {
			for k, key := range err.(*fault.Error).Fields {
				wrong[k] = key
			}
		}
		if len(q.PostFormValue("told")) > 100_000 {
			wrong["told"] = "record.long_text"
		}
		if err := fault.Fields(wrong); err != nil {
			return err
		}
		var err error
		clientID, _, err = q.intake().Start(tx, id, intake.Begin{Responsible: q.PostFormValue("responsible"), Phase: q.PostFormValue("phase"),
			Step: step, Told: strings.TrimSpace(q.PostFormValue("told"))})
		return err
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return q.referralStartForm(renamed(renamed(err, "worker", "responsible"), "name", "responsible"))
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.client_made"})
	return q.redirect("/c/" + clientID)
}
