package web

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"polku/internal/booking"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/ident"
	"polku/internal/web/view"
)

func (q *request) proposalsPage() error { return q.proposalsForm(nil, nil) }

// proposalsForm shows what the models ask of all the worker's clients in the coming weeks, each with a time that fits.
// chosen is what was sent, when it is shown again.
func (q *request) proposalsForm(chosen []booking.New, cause error) error {
	sh := q.shell(view.NavMore)
	weeks, err := strconv.Atoi(q.FormValue("weeks"))
	if err != nil || weeks < 1 || weeks > 6 {
		weeks = 2
	}
	p := view.Proposals{}
	for n := 1; n <= 6; n++ {
		p.Weeks = append(p.Weeks, view.Option{Value: strconv.Itoa(n), Text: q.lang.N("propose.n_weeks", n), On: n == weeks})
	}
	err = q.view(func(tx *db.Tx) error {
		to := tx.Today.Monday() + civil.Date(7*weeks+6)
		list, free, err := booking.ProposalsFor(tx, q.s.Book, to)
		if err != nil {
			return err
		}
		names, err := booking.Names(tx)
		if err != nil {
			return err
		}
		slices.SortStableFunc(list, func(a, b booking.Proposal) int {
			return int(a.Day-b.Day)*10000 + a.Span.From - b.Span.From
		})
		for _, x := range list {
			r := view.Proposed{Path: x.Path, Client: x.Client, Name: names[x.Client], What: q.wantWord(x.Want), Form: string(x.Form), FormWord: q.formWord(string(x.Form)),
				Minutes: x.Minutes, CatchUp: x.CatchUp}
			if x.Day.IsZero() {
				r.Why = q.lang.T(x.Why)
				p.None = append(p.None, r)
				continue
			}
			r.N, r.Task = len(p.Rows), ident.New()
			p.Rows = append(p.Rows, q.withTimes(r, x, booking.Alternatives(x, list, free, tx.Today, 6)))
		}
		return q.counted(tx, &sh)
	})
	if err != nil {
		return err
	}
	p.Shell = sh
	q.sent(&p, chosen, cause)
	return q.renderStatus(statusFor(cause), p)
}

func (q *request) withTimes(r view.Proposed, x booking.Proposal, others []booking.Proposal) view.Proposed {
	for i, o := range append([]booking.Proposal{x}, others...) {
		r.Times = append(r.Times, view.Option{Value: o.Day.String() + " " + strconv.Itoa(o.Span.From), On: i == 0,
			Text: q.lang.DayShort(o.Day) + " " + q.lang.T("when.clock", "t", q.lang.Clock(o.Span.From))})
	}
	return r
}

// sent puts what was chosen and what is wrong back on the page.
func (q *request) sent(p *view.Proposals, chosen []booking.New, cause error) {
	if cause == nil {
		return
	}
	for i := range p.Rows {
		p.Rows[i].Off = true
	}
	var f *fault.Error
	errors.As(cause, &f)
	for n, c := range chosen {
		for i := range p.Rows {
			r := &p.Rows[i]
			if r.Path != c.Path || !r.Off {
				continue
			}
			r.Off = false
			for field, key := range f.Fields {
				if len(chosen) == 1 || strings.HasSuffix(field, booking.NumberOf(n)) {
					r.Error = q.lang.T(key)
					p.Errors = append(p.Errors, view.FieldError{Field: "row." + strconv.Itoa(r.N), Text: r.Name + ": " + r.Error})
				}
			}
			break
		}
	}
	if len(p.Errors) == 0 {
		p.Errors = view.ErrorsOf(q.lang, cause)
	}
}

// proposalsTake books the proposals that were chosen, all in one transaction.
func (q *request) proposalsTake() error {
	var chosen []booking.New
	for _, n := range q.PostForm["take"] {
		v := func(field string) string { return q.PostFormValue(field + "." + n) }
		day, minute, _ := strings.Cut(v("when"), " ")
		from, err := strconv.Atoi(minute)
		long, err2 := strconv.Atoi(v("minutes"))
		if err != nil || err2 != nil || len(chosen) >= 300 {
			return fault.E(fault.Invalid, "error.invalid", nil)
		}
		x := booking.New{Task: v("task"), Path: v("path"), Day: parseDay(day), Span: booking.Span{From: from, To: from + long}, Form: entry.Form(v("form")),
			What: q.meetingWord(v("form"))}
		if !ident.Valid(x.Task) {
			x.Task = ident.New()
		}
		chosen = append(chosen, x)
	}
	if len(chosen) == 0 {
		return q.proposalsForm(nil, fault.E(fault.Invalid, "propose.nothing", nil))
	}
	err := q.update(func(tx *db.Tx) error { return booking.Book(tx, q.s.Book, slices.Clone(chosen)...) })
	if fault.Is(err, fault.Invalid) {
		return q.proposalsForm(chosen, err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.proposals", N: len(chosen)})
	return q.redirect("/calendar?day=" + chosen[0].Day.String())
}

// meetingWord is what a meeting is called when nobody has said more.
func (q *request) meetingWord(form string) string {
	if key := "meeting_word." + form; i18n.Has(key) {
		return q.lang.T(key)
	}
	return q.lang.T("meeting_word.meeting")
}
