package web

import (
	"slices"

	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/unit"
	"polku/internal/web/view"
)

func (q *request) coverPage() error { return q.coverForm(nil) }

// coverForm plans a colleague's stand-in: for oneself, or, by an administrator or coordinator, for somebody away.
func (q *request) coverForm(cause error) error {
	sh := q.shell(view.NavMore)
	p := view.Cover{From: q.FormValue("from"), To: q.FormValue("to")}
	err := q.view(func(tx *db.Tx) error {
		workers, err := unit.Workers(tx)
		if err != nil {
			return err
		}
		names, err := unit.Names(tx)
		if err != nil {
			return err
		}
		absent := q.FormValue("absent")
		if absent == "" {
			absent = q.me.Worker.ID
		}
		members, err := unit.Members(tx, "")
		if err != nil {
			return err
		}
		for _, w := range workers {
			if !w.Active || !slices.ContainsFunc(members, func(m unit.Member) bool { return m.Worker == w.ID && m.Role != unit.RoleManager }) {
				continue // who sees no clients is covered by nobody and covers nobody
			}
			if w.ID == q.me.Worker.ID || q.mayCoverFor() {
				p.Absent = append(p.Absent, view.Option{Value: w.ID, Text: w.Name, On: w.ID == absent})
			}
			if w.ID != q.me.Worker.ID || q.mayCoverFor() {
				p.By = append(p.By, view.Option{Value: w.ID, Text: w.Name, On: w.ID == q.FormValue("by")})
			}
		}
		whose := q.me.Worker.ID
		if q.mayCoverFor() {
			whose = ""
		}
		covers, err := unit.Covers(tx, whose)
		for _, c := range covers {
			line := view.CoverLine{ID: c.ID, Absent: names[c.Absent], By: names[c.Cover], From: c.From, To: c.To}
			if _, err := tx.One(`select count(*) from standing where tenant_id = $1 and responsible = $2 and status <> 'closed'`,
				[]any{tx.Who.Tenant, c.Absent}, &line.Clients); err != nil {
				return err
			}
			p.Lines = append(p.Lines, line)
		}
		if err != nil {
			return err
		}
		return q.counted(tx, &sh)
	})
	if err != nil {
		return err
	}
	p.Shell, p.Errors = sh, q.errorsOf(renamed(cause, "cover", "by"))
	return q.renderStatus(statusFor(cause), p)
}

// mayCoverFor tells whether the person may plan a stand-in for others.
func (q *request) mayCoverFor() bool { return q.me.Role == unit.RoleCoordinator || q.me.Worker.Admin }

func (q *request) cover() error {
	c := unit.Cover{Absent: q.PostFormValue("absent"), Cover: q.PostFormValue("by"), From: q.day("from"), To: q.day("to")}
	if c.Absent != q.me.Worker.ID && !q.mayCoverFor() {
		return fault.E(fault.Denied, "error.denied", nil)
	}
	err := q.update(func(tx *db.Tx) error {
		_, err := unit.AddCover(tx, c)
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return q.coverForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.cover", Saved: "cover"})
	return q.redirect("/cover")
}

func (q *request) coverEnd() error {
	if err := q.update(func(tx *db.Tx) error { return unit.EndCover(tx, q.PostFormValue("cover"), q.mayCoverFor()) }); err != nil {
		return err
	}
	q.say(flash{Key: "flash.cover_ended"})
	return q.redirect("/cover")
}
