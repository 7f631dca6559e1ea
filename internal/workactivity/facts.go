package workactivity

import (
	"polku/internal/civil"
	"polku/internal/entry"
)

// Facts of a time, for whoever writes a statement or a report to the employment authority: what was agreed, what happened,
// what the client told, who tried to reach them. They judge nothing: what follows is decided by others, who hear the client
// (1412/1997 s. 10, 1290/2002 ch. 2a). Notes that staff have written are not among them.
type Facts struct {
	From, To civil.Date
	Periods  []Period // that touch the time
	Expected int      // days agreed
	Came     int
	Minutes  int
	Absences []Day // by day
	Silent   []Day // expected in the past, of which nothing was recorded
	Count    map[entry.Reason]int
	Tried    []*entry.Entry // contacts with the client: held and tried
	Views    []*entry.Entry // the client's own view, as they gave it
}

// FactsOf gathers the facts of a time, both days included. entries are as they stand, in order; today is the last day that
// can have been recorded.
func FactsOf(entries []*entry.Entry, cal *civil.Calendar, from, to, today civil.Date) Facts {
	f := Facts{From: from, To: to, Count: map[entry.Reason]int{}}
	for _, p := range Periods(entries) {
		if p.From <= to && from <= p.Last {
			f.Periods = append(f.Periods, p)
		}
	}
	for _, d := range Days(entries, cal, from, to) {
		if d.Expected() {
			f.Expected++
		}
		switch {
		case d.Came:
			f.Came++
			f.Minutes += d.Minutes
		case d.Reason != "":
			f.Count[d.Reason]++
			f.Absences = append(f.Absences, d)
		case d.Expected() && d.Date < today:
			f.Silent = append(f.Silent, d)
		}
	}
	for _, e := range entries {
		if e.Day < from || e.Day > to || e.Damaged {
			continue
		}
		switch b := e.Body.(type) {
		case *entry.Contact:
			if b.With == "" && b.Result != entry.Booked {
				f.Tried = append(f.Tried, e)
			}
		case *entry.Note:
			if b.OwnView {
				f.Views = append(f.Views, e)
			}
		}
	}
	return f
}
