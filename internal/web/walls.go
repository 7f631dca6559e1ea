package web

import (
	"slices"
	"strconv"

	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/closeperson"
	"polku/internal/consent"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/login"
	"polku/internal/pathway"
	"polku/internal/unit"
	"polku/internal/web/view"
)

func (q *request) wallsPage() error { return q.wallsForm("", nil) }

// wallsForm shows what a client has allowed and blocked, who stands beside them, and the forms that add to it. which
// names the form that a mistake is in.
func (q *request) wallsForm(which string, cause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		p := view.Walls{Shell: sh, Who: q.identity(sh, o), Which: which, Errors: q.errorsOf(cause), V: q.PostFormValue}
		registers, err := unit.Registers(tx)
		if err != nil {
			return p, err
		}
		own := slices.IndexFunc(registers, func(r unit.Register) bool { return r.ID == o.path.Register })
		if own >= 0 {
			p.Register, p.Controller, p.Notice = registers[own].Name, registers[own].Controller, "/notices/"+registers[own].ID
			p.Youth = registers[own].Kind == consent.Outreach
		}
		decisions, err := consent.OfClient(tx, o.client.ID)
		if err != nil {
			return p, err
		}
		for _, d := range decisions {
			p.Decisions = append(p.Decisions, q.decision(d, sh.Day))
		}
		people, err := closeperson.OfClient(tx, o.client.ID)
		if err != nil {
			return p, err
		}
		for _, c := range people {
			p.People = append(p.People, view.ClosePerson{ID: c.ID, Name: c.Name, Phone: phoneText(c.Phone), PhoneTel: c.Phone, Kind: q.lang.T("closeperson.kind." + string(c.Kind)),
				MayConsent: c.MayConsent, MaySee: c.MaySee, Why: c.Why, From: c.From, In: c.In(sh.Day), Grown: c.Grown})
		}
		q.wallChoices(&p, registers, o, decisions)
		return p, nil
	}, cause)
}

func (q *request) decision(d consent.Decision, day civil.Date) view.Decision {
	v := view.Decision{ID: d.ID, Kind: q.lang.T("consent.kind." + string(d.Kind)), Block: d.Kind == consent.Block, Receiver: d.ReceiverName, Purpose: d.Purpose,
		From: d.From, To: d.To, Told: d.Told, Holds: d.Holds(day), By: q.lang.T("consent.by." + string(d.GivenBy)), Way: q.lang.T("consent.way." + d.Way),
		Scopes: q.scopeWords(d.Scopes)}
	if d.WithdrawnAt != 0 {
		v.Withdrawn, _ = wall(q, d.WithdrawnAt)
	}
	return v
}

func (q *request) scopeWords(scopes []consent.Scope) []string {
	words := make([]string, len(scopes))
	for i, s := range scopes {
		words[i] = q.lang.T("consent.scope." + string(s))
	}
	return words
}

// wallChoices fills in what the forms offer.
func (q *request) wallChoices(p *view.Walls, registers []unit.Register, o onePath, decisions []consent.Decision) {
	v := q.PostFormValue
	kind := ""
	for _, r := range registers {
		if r.ID == o.path.Register {
			kind = r.Kind
			continue
		}
		p.Receivers = append(p.Receivers, view.Option{Value: r.ID, Text: r.Name, Hint: r.Controller, On: v("receiver") == r.ID})
	}
	p.Receivers = append(p.Receivers, view.Option{Text: q.lang.T("consent.outside"), On: v("receiver") == ""})
	for _, k := range consent.Kinds {
		p.Kinds = append(p.Kinds, view.Option{Value: string(k), Text: q.lang.T("consent.kind." + string(k)), Hint: q.lang.T("consent.kind_hint." + string(k)),
			On: v("kind") == string(k) || v("kind") == "" && k == consent.Consent})
	}
	for _, s := range consent.Scopes {
		p.Scopes = append(p.Scopes, view.Option{Value: string(s), Text: q.lang.T("consent.scope." + string(s)), On: slices.Contains(q.PostForm["scope"], string(s))})
	}
	for _, g := range consent.Givers {
		p.Givers = append(p.Givers, view.Option{Value: string(g), Text: q.lang.T("consent.by." + string(g)), On: v("given_by") == string(g) || v("given_by") == "" && g == consent.ByClient})
	}
	for _, w := range consent.Ways {
		p.Ways = append(p.Ways, view.Option{Value: w, Text: q.lang.T("consent.way." + w), On: v("way") == w || v("way") == "" && w == "face"})
	}
	for _, k := range closeperson.Kinds {
		p.PersonKinds = append(p.PersonKinds, view.Option{Value: string(k), Text: q.lang.T("closeperson.kind." + string(k)), Hint: q.lang.T("closeperson.kind_hint." + string(k)), On: v("kind") == string(k)})
	}
	for _, d := range decisions {
		if d.Kind != consent.Block && d.Holds(p.Day) {
			p.Grounds = append(p.Grounds, view.Option{Value: d.ID, Text: q.lang.T("consent.kind."+string(d.Kind)) + ": " + d.ReceiverName, Hint: d.Purpose, On: v("basis") == d.ID})
		}
	}
	for _, s := range consent.StatutesOf(kind) {
		hint := s.Section
		if !s.Read {
			hint += " · " + q.lang.T("consent.unverified")
		}
		p.Grounds = append(p.Grounds, view.Option{Value: s.ID, Text: q.lang.T("consent.statute." + s.ID), Hint: hint, On: v("basis") == s.ID})
	}
}

func (q *request) consentGive() error {
	v := q.PostFormValue
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		_, err := consent.Give(tx, q.s.Book, o.path.ID, consent.New{Kind: consent.Kind(v("kind")), Receiver: v("receiver"), ReceiverName: v("receiver_name"),
			Scopes: q.PostForm["scope"], Purpose: v("purpose"), To: q.day("to"), GivenBy: consent.GivenBy(v("given_by")), Way: v("way"), Told: v("told")})
		return err
	})
	return q.wallDone(o, err, "consent", "flash.consent_given")
}

func (q *request) consentWithdraw() error {
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		return consent.Withdraw(tx, q.s.Book, o.path.ID, q.PostFormValue("consent"))
	})
	return q.wallDone(o, err, "consent", "flash.consent_withdrawn")
}

func (q *request) tell() error {
	v := q.PostFormValue
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		return consent.Tell(tx, o.path.ID, consent.Telling{Receiver: v("receiver"), ReceiverName: v("receiver_name"), Scopes: q.PostForm["scope"],
			Purpose: v("purpose"), AskedBy: v("asked_by"), Basis: v("basis")})
	})
	return q.wallDone(o, err, "tell", "flash.told")
}

func (q *request) closePersonAdd() error {
	v := q.PostFormValue
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		_, err := closeperson.Add(tx, o.client.ID, closeperson.Person{Kind: closeperson.Kind(v("kind")), Name: v("name"), Phone: v("phone"),
			MayConsent: v("may_consent") != "", MaySee: v("may_see") != "", Why: v("why")})
		return err
	})
	return q.wallDone(o, err, "person", "flash.close_person")
}

func (q *request) closePersonEnd() error {
	o, err := q.onCase(func(tx *db.Tx, o onePath) error { return closeperson.End(tx, o.client.ID, q.PostFormValue("person")) })
	return q.wallDone(o, err, "person", "flash.close_person_ended")
}

// wallDone goes back to the page of walls, with a word or with what is wrong.
func (q *request) wallDone(o onePath, err error, which, key string) error {
	if fault.Is(err, fault.Invalid) {
		return q.wallsForm(which, err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: key})
	return q.redirect("/c/" + o.id + "/walls")
}

// joint shows what the same person's other registers have opened to the reader. The rows of the disclosure log are
// durable before anything of it is read. Without a decision the page says the same whether there is another register
// or not.
func (q *request) joint() error {
	o, err := q.onCase(func(tx *db.Tx, o onePath) error { return consent.Cross(tx, o.client.ID) })
	if err != nil {
		return err
	}
	return q.form(func(tx *db.Tx, sh view.Shell, one onePath) (page, error) {
		var err error
		if sh.Joint, err = login.Crossings(tx, o.client.ID); err != nil {
			return nil, err
		}
		p := view.Joint{Shell: sh, Who: q.identity(sh, one)}
		parts, err := consent.Joint(tx, &q.s.Book.Journal, o.client.ID)
		for _, x := range parts {
			v := view.JointPart{Register: x.RegisterName, Kind: q.lang.T("consent.kind." + string(x.Kind)), Purpose: x.Purpose, Scopes: q.scopeWords(x.Scopes),
				Name: x.Name, Phone: phoneText(x.Phone), PhoneTel: x.Phone, Email: x.Email}
			for _, j := range x.Paths {
				v.Paths = append(v.Paths, view.JointPath{Service: j.Service, Worker: j.Worker, Step: j.StepWhat, By: j.StepBy})
			}
			names := q.names(nil, one.house.Workers, pathway.State{})
			for _, e := range slices.Backward(x.Entries) {
				v.Timeline.Items = append(v.Timeline.Items, q.item(e, nil, onePath{names: names}))
			}
			for i := range v.Timeline.Items {
				v.Timeline.Items[i].Correct = false
			}
			v.Timeline.Shell = sh
			p.Parts = append(p.Parts, v)
		}
		return p, err
	}, nil)
}

// unitTeam says whether those who work in a unit work its clients' cases together.
func (q *request) unitTeam() error {
	together, err := strconv.ParseBool(q.PostFormValue("together"))
	if err != nil {
		return fault.E(fault.Invalid, "error.needed", nil)
	}
	if err := q.update(func(tx *db.Tx) error {
		if err := unit.SetTeam(tx, q.PostFormValue("unit"), together); err != nil {
			return err
		}
		return audit.Command(tx, "", "unit.team "+strconv.FormatBool(together))
	}); err != nil {
		return err
	}
	q.say(flash{Key: "flash.team_set"})
	return q.redirect("/services")
}
