package workactivity

import (
	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/ruleset"
)

// Reasons of absence in the order they are offered; entry.Reason tells them apart as the benefit acts do.
var Reasons = []entry.Reason{entry.Sick, entry.ChildSick, entry.Interview, entry.OtherOK, entry.Unexplained, entry.ByOrganiser}

// Follows says what follows from how a day went. It is what the acts say, not a decision: that the payer makes.
type Follows struct {
	Counts      bool           // a day of the 178 (189/2001 s. 14.1)
	Compensated bool           // expense compensation or activity allowance may be paid
	Accepted    bool           // the act does not stop the benefit for the day
	Decides     bool           // whether the reason is accepted is for the payer to decide
	Source      ruleset.Figure // of what is said of the benefit; Unit empty: not known for that date
	Money       ruleset.Figure // expense compensation, cents; Unit empty: not known for that date
}

// FollowsFrom gives what follows from a day taken part in (reason empty) or from an absence.
func FollowsFrom(rules *ruleset.Set, reason entry.Reason, day civil.Date) Follows {
	f := Follows{Counts: reason == "", Compensated: reason == ""}
	if rules != nil {
		f.Source, _ = rules.Figure(ruleset.Allowances, ruleset.MissedDayPaid, day)
		f.Money, _ = rules.Figure(ruleset.Allowances, ruleset.ExpenseCompensation, day)
	}
	switch reason {
	case "", entry.Sick, entry.ChildSick, entry.Interview:
		f.Accepted = true
	case entry.OtherOK:
		f.Decides = true
	case entry.ByOrganiser: // nobody was expected: nothing was missed
		f.Accepted = true
	}
	return f
}

// SickChild gives the first day of a case in which a child has been sick on more expected days in a row than the act
// accepts, and the figure; false when there is none. days are consecutive.
func SickChild(rules *ruleset.Set, days []Day) (civil.Date, ruleset.Figure, bool) {
	if rules == nil {
		return 0, ruleset.Figure{}, false
	}
	n := 0
	for i := range days {
		d := &days[i]
		switch {
		case d.Reason == entry.ChildSick:
			n++
		case d.Expected() || d.Came || d.Reason != "":
			n = 0
		}
		if f, ok := rules.Figure(ruleset.Allowances, ruleset.ChildSickDaysMax, d.Date); ok && n > int(f.Value) {
			return d.Date, f, true
		}
	}
	return 0, ruleset.Figure{}, false
}
