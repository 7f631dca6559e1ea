// Package workactivity owns rehabilitative work activity by the act 189/2001: its periods, what is planned for each day
// and what happened on it, the act's limits while planning and while recording, accidents, and what is told of the days
// to the client, to the payer of a benefit and to the chief shop steward. Periods and days are entries of the journal;
// its tables hold who arranges the activity in a register, and the attendance extracts that were given out.
//
// Who is entitled to what money is decided by Kela, the unemployment fund and the county: this package tells facts.
package workactivity

import (
	"slices"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/model"
	"polku/internal/ruleset"
)

// Concerns tells whether a model promises rehabilitative work activity: it names the act's rule pack.
func Concerns(m *model.Model) bool {
	return m != nil && slices.Contains(m.Rules, ruleset.WorkActivity)
}

// Week is how the days of a week are agreed, from a day on.
type Week struct {
	Since   civil.Date
	Days    []int // weekdays 1–7
	Remote  []int // those of them that are remote days
	Minutes int   // of a day
	Entry   string
}

// Has tells whether a weekday belongs to the week.
func (w Week) Has(weekday int) bool { return slices.Contains(w.Days, weekday) }

// Period of activity, as it stands after its changes.
type Period struct {
	entry.WorkPeriod                      // as agreed last
	Weeks            []Week               // in order, by Since
	Agreed           civil.Date           // day on which it was first agreed
	Last             civil.Date           // last day: To, or the day it was ended on
	End              *entry.WorkPeriodEnd // nil: not ended by anybody
	Versions         int                  // 1: never changed
}

// In tells whether a day belongs to the period.
func (p *Period) In(day civil.Date) bool { return p.From <= day && day <= p.Last }

// On gives how the week of a day is agreed; false outside the period.
func (p *Period) On(day civil.Date) (Week, bool) {
	if !p.In(day) {
		return Week{}, false
	}
	for i := len(p.Weeks) - 1; i >= 0; i-- {
		if p.Weeks[i].Since <= day {
			return p.Weeks[i], true
		}
	}
	return Week{}, false
}

// Periods gives the periods of a path, by their first day. entries are as they stand after corrections, in order.
func Periods(entries []*entry.Entry) []Period {
	var all []Period
	for _, e := range entries {
		switch b := e.Body.(type) {
		case *entry.WorkPeriod:
			i := slices.IndexFunc(all, func(p Period) bool { return p.Period == b.Period })
			if i < 0 {
				i = len(all)
				all = append(all, Period{Agreed: e.Day})
			}
			all[i].change(e.ID, *b)
		case *entry.WorkPeriodEnd:
			for i := range all {
				if p := &all[i]; p.Period == b.Period {
					p.End, p.Last = b, b.Last
				}
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Period) int { return int(a.From - b.From) })
	return all
}

// change puts what was agreed last in place; its week holds from Since on, whatever had been agreed for later days.
func (p *Period) change(id string, b entry.WorkPeriod) {
	since := max(b.From, b.Since)
	p.WorkPeriod, p.Last = b, b.To
	p.Weeks = slices.DeleteFunc(p.Weeks, func(w Week) bool { return w.Since >= since })
	p.Weeks = append(p.Weeks, Week{Since: since, Days: b.Days, Remote: b.Remote, Minutes: b.Minutes, Entry: id})
	p.Versions++
}

// Current gives the period that a day belongs to, else the next one to come, else the last that was; nil without any.
func Current(all []Period, day civil.Date) *Period {
	for i := range all {
		if all[i].In(day) {
			return &all[i]
		}
	}
	for i := range all {
		if all[i].From > day && all[i].Last >= all[i].From {
			return &all[i]
		}
	}
	if len(all) > 0 {
		return &all[len(all)-1]
	}
	return nil
}

// Covering gives the period that a day belongs to, nil when there is none.
func Covering(all []Period, day civil.Date) *Period {
	for i := range all {
		if all[i].In(day) {
			return &all[i]
		}
	}
	return nil
}
