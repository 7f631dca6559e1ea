package web

import (
	"polku/internal/care"
	"polku/internal/closeperson"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/path"
	"polku/internal/phone"
	"polku/internal/unit"
	"polku/internal/web/view"
)

// isMistake tells whether a form is shown again.
func isMistake(err error) bool { return fault.Is(err, fault.Invalid) }

// phoneTyped reads a phone number as it is kept; what is no number stays as typed.
func (q *request) phoneTyped(field string) string {
	typed := q.PostFormValue(field)
	if e164, ok := phone.Parse(typed); ok {
		return string(e164)
	}
	return typed
}

func (q *request) circlePage() error { return q.circleForm("", nil) }

// circleForm shows everybody who helps the client: the staff, close people, others outside; and who did before.
func (q *request) circleForm(which string, cause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		sh.Tab = "/circle"
		p := view.Circle{Shell: sh, Who: q.identity(sh, o), Which: which, V: q.PostFormValue, Errors: q.errorsOf(cause)}
		relations, err := path.RelationsOf(tx, o.path.ID)
		if err != nil {
			return p, err
		}
		for _, r := range relations {
			m, err := q.staffMember(tx, o, r)
			if err != nil {
				return p, err
			}
			if r.To.IsZero() {
				p.Now = append(p.Now, m)
			} else {
				p.Gone = append(p.Gone, m)
			}
		}
		people, err := closeperson.OfClient(tx, o.client.ID)
		if err != nil {
			return p, err
		}
		for _, c := range people {
			if c.In(tx.Today) {
				p.Now = append(p.Now, view.CircleMember{Name: c.Name, Part: q.lang.T("closeperson.kind." + string(c.Kind)), Phone: phoneText(c.Phone), PhoneTel: c.Phone,
					From: c.From, Fixed: true, Href: "/c/" + o.id + "/walls"})
			}
		}
		facts, err := care.Get(tx, o.client.ID)
		if err != nil {
			return p, err
		}
		if c := facts.Contact; c.Name != "" {
			p.Now = append(p.Now, view.CircleMember{Name: c.Name, Part: joined(c.Who, q.lang.T("circle.emergency")), Phone: phoneText(c.Phone), PhoneTel: c.Phone, Fixed: true})
		}
		entries, err := q.s.Book.Entries(tx, o.path)
		if err != nil {
			return p, err
		}
		for _, c := range care.Circle(entries) {
			m := outsideMember(c)
			if c.To.IsZero() {
				p.Now = append(p.Now, m)
			} else {
				p.Gone = append(p.Gone, m)
			}
		}
		workers, err := unit.Colleagues(tx, o.path.Register)
		for _, w := range workers {
			if w.ID != o.state.Responsible {
				p.Colleagues = append(p.Colleagues, view.Option{Value: w.ID, Text: joined(w.Name, w.Title), On: w.ID == q.FormValue("worker")})
			}
		}
		return p, err
	}, cause)
}

func (q *request) staffMember(tx *db.Tx, o onePath, r path.Relation) (view.CircleMember, error) {
	m := view.CircleMember{ID: r.Worker, Name: o.house.Workers[r.Worker], Part: q.lang.T("role." + string(r.Role)), From: r.From, To: r.To, Worker: true,
		Fixed: r.Role != entry.Helper}
	if r.Role == entry.Helper {
		m.Part += " · " + r.Why
	} else if !r.To.IsZero() {
		m.Why = ""
	}
	if r.To.IsZero() {
		w, err := unit.GetWorker(tx, r.Worker)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return m, err
		}
		m.Phone, m.PhoneTel = phoneText(w.Phone), w.Phone
	}
	return m, nil
}

func outsideMember(c care.Member) view.CircleMember {
	m := view.CircleMember{ID: c.ID, Name: c.Name, Part: c.Part, Of: c.Of, Phone: c.Phone, From: c.From, Until: c.Until, To: c.To, Why: c.Why}
	if e164, ok := phone.Parse(c.Phone); ok {
		m.Phone, m.PhoneTel = phoneText(string(e164)), string(e164)
	}
	return m
}

// circleDo adds somebody to the circle, or ends their part.
func (q *request) circleDo() error {
	v := q.PostFormValue
	do := v("do")
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		b, id := q.s.Book, o.path.ID
		switch {
		case do == "helper":
			return care.AddHelper(tx, b, id, v("worker"), q.day("until"), v("part"))
		case do == "end" && v("worker") != "":
			return care.EndHelper(tx, b, id, v("worker"), v("why"))
		case do == "end":
			return care.EndMember(tx, b, id, v("member"), v("why"))
		}
		return care.AddMember(tx, b, id, care.Member{Name: v("name"), Part: v("part"), Of: v("of"), Phone: q.phoneTyped("phone"), Until: q.day("until")})
	})
	return q.backTo(o, err, flash{Key: "flash.circle_saved"}, "/circle", func(c error) error { return q.circleForm(do, c) })
}
