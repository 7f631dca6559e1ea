package pathway

import (
	"strconv"
	"strings"

	"polku/internal/civil"
)

// stayID gives an id that begins with the phase; a second stay in the phase is told apart: phase.2/….
func stayID(w *visit, id string) string {
	if w.nth == 1 {
		return id
	}
	phase, rest, _ := strings.Cut(id, "/")
	return phase + "." + strconv.Itoa(w.nth) + "/" + rest
}

// stayEnd is the day by which what belongs to a stay should be done: its last day when it has ended, else the
// planned end, past that the longest allowed; zero when there is none, or it has gone by, or the clock stands.
func (v *Evaluator) stayEnd(w *visit) civil.Date {
	switch {
	case !w.to.IsZero():
		return w.to
	case w.plannedEnd >= v.h.today:
		return w.plannedEnd
	case w.lastEnd >= v.h.today:
		return w.lastEnd
	}
	return 0
}

// excuse looks whether somebody said that an obligation could not be met or need not be. It tells so.
func (v *Evaluator) excuse(o *Obligation) bool {
	b := v.h.excuse(o.ID)
	if b == nil {
		return false
	}
	o.Status, o.Why = CouldNot, b.Why
	if b.Waived {
		o.Status = Waived
	}
	return true
}

// owe lists an obligation, excused when somebody said so. Met and closed ones of earlier stays are for
// EvaluateAll; the caller leaves them out otherwise.
func (v *Evaluator) owe(o Obligation) {
	switch o.Status {
	case Met, MetLate, Excused:
	default:
		if len(v.h.excuses) > 0 {
			v.excuse(&o)
		}
	}
	v.s.Obligations = append(v.s.Obligations, o)
}

// byDay sets the status of an obligation that is not met, by its days: opens, due, until. stopped: a pause keeps
// the due day from coming. It stays open and doable when it is overdue.
func (v *Evaluator) byDay(o *Obligation, due, until civil.Date, stopped bool) {
	today := v.h.today
	if stopped {
		due, until = 0, 0
	}
	o.Due, o.Until = due, until
	switch {
	case today < o.From:
		o.Status = Upcoming
	case due.IsZero() || today <= due:
		o.Status = Due
	case today <= until:
		o.Status = Late
	default:
		o.Status = Overdue
	}
}

// signal notes a signal.
func (v *Evaluator) signal(s Signal) { v.s.Signals = append(v.s.Signals, s) }

// willChange notes a later day on which State is certain to differ, mayChange one on which it may.
func (v *Evaluator) willChange(d civil.Date) {
	if d > v.h.today && (v.sure.IsZero() || d < v.sure) {
		v.sure = d
	}
}

func (v *Evaluator) mayChange(d civil.Date) {
	if d > v.h.today && (v.maybe.IsZero() || d < v.maybe) {
		v.maybe = d
	}
}
