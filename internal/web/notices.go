package web

import (
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/model"
	"polku/internal/unit"
	"polku/internal/web/view"
)

// Privacy notices are for anybody to read: GDPR art. 13–14. They hold no personal data.

func (q *request) notices() error {
	q.chooseLanguage()
	p := view.Notices{Shell: q.shell(view.NavNone)}
	err := q.publicView(func(tx *db.Tx) error {
		registers, err := unit.Registers(tx)
		for _, r := range registers {
			p.List = append(p.List, view.Option{Value: "/notices/" + r.ID, Text: r.Name, Hint: r.Controller})
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.render(p)
}

// noticePoints are the points of a notice, in order; each has a heading, a text, and an easy text.
var noticePoints = []string{"who", "why", "basis", "data", "from", "to", "kept", "see", "rights", "complain"}

func (q *request) notice() error {
	q.chooseLanguage()
	p := view.Notice{Shell: q.shell(view.NavNone), ID: q.PathValue("id"), Easy: q.FormValue("easy") != ""}
	err := q.publicView(func(tx *db.Tx) error {
		registers, err := unit.Registers(tx)
		if err != nil {
			return err
		}
		for _, r := range registers {
			if r.ID == p.ID {
				p.Name = r.Name
				q.noticeTexts(&p, r)
				return nil
			}
		}
		return fault.E(fault.NotFound, "error.not_found", nil)
	})
	if err != nil {
		return err
	}
	return q.render(p)
}

func (q *request) noticeTexts(p *view.Notice, r unit.Register) {
	args := []any{"register", r.Name, "controller", r.Controller, "basis", r.LegalBasis, "task", r.ServiceTask, "retention", r.Retention}
	kind := "other"
	for _, k := range model.RegisterKinds() {
		if k == r.Kind {
			kind = k
		}
	}
	for _, point := range noticePoints {
		key := "notice.text." + point
		if p.Easy {
			key = "notice.easy." + point
		}
		if point == "to" && kind == "outreach-register" {
			key += "_youth"
		}
		text := q.lang.T(key, args...)
		if point == "why" && !p.Easy {
			text = q.lang.T("notice.purpose."+kind) + " " + text
		}
		if point == "kept" && r.Retention == "" {
			text = q.lang.T("notice.kept_unknown", args...)
		}
		p.Points = append(p.Points, view.NoticePoint{Title: q.lang.T("notice.head." + point), Text: text})
	}
}

// publicView is a View of what anybody may read: somebody not signed in reads as nobody of this organisation.
func (q *request) publicView(fn func(tx *db.Tx) error) error {
	who := q.who
	who.Tenant = q.s.Login.Tenant()
	return q.s.DB.View(q.Context(), who, fn)
}
