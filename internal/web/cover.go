package web

import (
	"slices"

	"polku/internal/caseload"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/unit"
	"polku/internal/web/view"
)

func (q *request) coverPage() error { return q.coverForm(nil) }

// coverForm plans a colleague's stand-in: for oneself, or, by an administrator or coordinator, for somebody of the
// unit who is away. Who stands in depends on who is away, so that is chosen first.
func (q *request) coverForm(cause error) error {
	sh := q.shell(view.NavMore)
	p := view.Cover{From: q.FormValue("from"), To: q.FormValue("to"), AbsentID: q.FormValue("absent")}
	err := q.view(func(tx *db.Tx) error {
		absentees, err := unit.Absentees(tx)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(absentees, func(w unit.Worker) bool { return w.ID == p.AbsentID }) {
			p.AbsentID = q.me.Worker.ID
		}
		for _, w := range absentees {
			p.Absent = append(p.Absent, view.Option{Value: w.ID, Text: w.Name, On: w.ID == p.AbsentID})
		}
		able, err := unit.StandIns(tx, p.AbsentID)
		if err != nil {
			return err
		}
		for _, w := range able {
			p.By = append(p.By, view.Option{Value: w.ID, Text: w.Name, On: w.ID == q.FormValue("by")})
		}
		if p.Lines, err = q.coverLines(tx, absentees); err != nil {
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

// coverLines are the covers that concern the person, or somebody for whom they may plan.
func (q *request) coverLines(tx *db.Tx, absentees []unit.Worker) ([]view.CoverLine, error) {
	names, err := unit.Names(tx)
	if err != nil {
		return nil, err
	}
	covers, err := unit.Covers(tx, "")
	if err != nil {
		return nil, err
	}
	open, err := caseload.OfAbsent(tx)
	var lines []view.CoverLine
	for _, c := range covers {
		mine := c.Cover == q.me.Worker.ID || slices.ContainsFunc(absentees, func(w unit.Worker) bool { return w.ID == c.Absent })
		if !mine {
			continue
		}
		lines = append(lines, view.CoverLine{ID: c.ID, Absent: names[c.Absent], By: names[c.Cover], From: c.From, To: c.To, Clients: open[c.Absent]})
	}
	return lines, err
}

func (q *request) cover() error {
	c := unit.Cover{Absent: q.PostFormValue("absent"), Cover: q.PostFormValue("by"), From: q.day("from"), To: q.day("to")}
	err := q.update(func(tx *db.Tx) error {
		_, err := unit.PlanCover(tx, c)
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
	if err := q.update(func(tx *db.Tx) error { return unit.EndCover(tx, q.PostFormValue("cover")) }); err != nil {
		return err
	}
	q.say(flash{Key: "flash.cover_ended"})
	return q.redirect("/cover")
}
