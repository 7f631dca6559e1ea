package web

import (
	"strings"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/review"
	"polku/internal/unit"
	"polku/internal/web/view"
)

// week is how many days the reviewer's list goes back.
const week = 7

// reviewer refuses whoever reviews no register's logs.
func reviewer(tx *db.Tx) error {
	some, err := unit.KeepsSome(tx)
	if err == nil && !some {
		err = fault.E(fault.Denied, "error.denied", nil)
	}
	return err
}

// reviewPage lists a week's unusual reads; ?from= goes to an earlier week.
func (q *request) reviewPage() error {
	q.who.Purpose = actor.Checking
	sh := q.shell(view.NavMore)
	to := parseDay(q.FormValue("to"))
	if to.IsZero() || to > sh.Day {
		to = sh.Day
	}
	p := view.Review{From: to - week + 1, To: to}
	err := q.view(func(tx *db.Tx) error {
		if err := reviewer(tx); err != nil {
			return err
		}
		all, err := review.List(tx, p.From, p.To)
		if err != nil {
			return err
		}
		if p.Reads, err = q.reviewLines(tx, all); err != nil {
			return err
		}
		return q.counted(tx, &sh)
	})
	if err != nil {
		return err
	}
	for _, r := range p.Reads {
		if r.Open {
			p.Open++
		}
	}
	p.Shell = sh
	return q.render(p)
}

func (q *request) reviewLines(tx *db.Tx, all []review.Read) ([]view.ReviewLine, error) {
	names, err := unit.Names(tx)
	var lines []view.ReviewLine
	for _, r := range all {
		_, first := wall(q, r.First)
		_, last := wall(q, r.Last)
		l := view.ReviewLine{Day: r.Day, WorkerID: r.Worker, ClientID: r.Client, WhyWord: string(r.Why), Worker: names[r.Worker], Client: r.Name,
			Why: q.lang.T("review.why." + string(r.Why)), About: q.lang.T("review.about." + string(r.Why)), Times: q.lang.N("review.times."+timesOf(r.Why), r.Reads), State: q.lang.T("review.state." + string(r.State)),
			Open: r.State == review.New || r.State == review.Asked, Asked: r.State == review.Asked, Wrong: r.State == review.Wrong, Note: r.Note, Reviewer: names[r.Reviewer],
			Explanation: r.Explanation, When: q.lang.Clock(first)}
		if first != last {
			l.When += "–" + q.lang.Clock(last)
		}
		lines = append(lines, l)
	}
	return lines, err
}

// timesOf is what a row counts: openings, or clients.
func timesOf(why review.Why) string {
	if why == review.Many {
		return "clients"
	}
	return "reads"
}

// reviewCheck looks through the last days again, today too.
func (q *request) reviewCheck() error {
	if err := q.view(reviewer); err != nil {
		return err
	}
	found, today := 0, civil.Of(q.at, q.s.DB.Zone)
	for day := today - week + 1; day <= today; day++ {
		n, err := review.Find(q.Context(), q.s.Audit, q.s.DB, q.who.Tenant, day)
		if err != nil {
			return err
		}
		found += n
	}
	q.say(flash{Key: "flash.review_checked", N: found})
	return q.redirect("/logs")
}

// reviewKey reads which row a form is about.
func (q *request) reviewKey() review.Key {
	v := q.PostFormValue
	return review.Key{Day: q.day("day"), Worker: v("worker"), Client: v("client"), Why: review.Why(v("why"))}
}

// reviewMark: state=asked, ok or wrong, with a note.
func (q *request) reviewMark() error {
	q.who.Purpose = actor.Checking
	k := q.reviewKey()
	if err := q.update(func(tx *db.Tx) error {
		return review.Mark(tx, k, review.State(q.PostFormValue("state")), q.PostFormValue("note"))
	}); err != nil {
		return err
	}
	q.say(flash{Key: "flash.review_marked"})
	to := q.day("to")
	if to.IsZero() {
		return q.redirect("/logs")
	}
	return q.redirect("/logs?to=" + to.String())
}

func (q *request) askedPage() error { return q.askedForm(nil) }

// askedForm shows a worker which of their reads a reviewer asks about.
func (q *request) askedForm(cause error) error {
	p := view.Asked{Shell: q.shell(view.NavMore), Errors: q.errorsOf(cause)}
	return q.framed(&p.Shell, cause, func(tx *db.Tx) error {
		all, err := review.AskedOf(tx)
		if err != nil {
			return err
		}
		if p.Reads, err = q.reviewLines(tx, all); err != nil {
			return err
		}
		return nil
	}, func() page { return p })
}

func (q *request) askedExplain() error {
	k := q.reviewKey()
	err := q.update(func(tx *db.Tx) error { return review.Explain(tx, k, strings.TrimSpace(q.PostFormValue("explanation"))) })
	if fault.Is(err, fault.Invalid) {
		return q.askedForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.review_explained"})
	return q.redirect("/logs/mine")
}
