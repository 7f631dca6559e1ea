package workactivity

import (
	"polku/internal/civil"
	"polku/internal/entry"
)

// Day is what was agreed for a day and what happened on it.
type Day struct {
	Date    civil.Date
	Planned int  // minutes agreed; 0: no day of activity
	Remote  bool // agreed as a remote day
	Closed  bool // a holiday or closing day: nothing is expected
	Outside bool // belongs to no period

	Came    bool
	Minutes int // taken part in; 0 when nobody knows how long
	Mode    entry.Mode
	Reason  entry.Reason   // of an absence; empty: none was recorded
	Told    string         // the reason as the client told it
	Text    string         // what was done, or what was written of the absence
	Entries []*entry.Entry // attendance and absence of the day, as they stand
	Seen    string         // names Entries as they stand: a form that saw others is a conflict
}

// Recorded tells whether anything was recorded of the day.
func (d *Day) Recorded() bool { return len(d.Entries) > 0 }

// Expected tells whether the client was to come.
func (d *Day) Expected() bool { return d.Planned > 0 && !d.Closed }

// Main is the entry that the week form corrects: the one of no group, else the first. Nil without any.
func (d *Day) Main() *entry.Entry {
	for _, e := range d.Entries {
		if groupOf(e) == "" {
			return e
		}
	}
	if len(d.Entries) > 0 {
		return d.Entries[0]
	}
	return nil
}

func groupOf(e *entry.Entry) string {
	switch b := e.Body.(type) {
	case *entry.Attendance:
		return b.Group
	case *entry.Absence:
		return b.Group
	}
	return ""
}

// Days gives each day from first to last, both included: what was agreed and what happened. Two sittings on one day are
// one day; whoever came for a part of the day came. entries are as they stand, in order; a nil calendar has no holidays.
func Days(entries []*entry.Entry, cal *civil.Calendar, first, last civil.Date) []Day {
	if last < first {
		return nil
	}
	periods := Periods(entries)
	all := make([]Day, 0, int(last-first)+1)
	for date := first; date <= last; date++ {
		d := Day{Date: date, Closed: cal != nil && cal.Closed(date)}
		if p := Covering(periods, date); p == nil {
			d.Outside = true
		} else if w, there := p.On(date); there && w.Has(date.Weekday()) {
			d.Planned = w.Minutes
			d.Remote = Week{Days: w.Remote}.Has(date.Weekday())
		}
		all = append(all, d)
	}
	for _, e := range entries {
		if e.Day < first || e.Day > last || e.Damaged {
			continue
		}
		all[e.Day-first].take(e)
	}
	return all
}

// take adds an entry to its day.
func (d *Day) take(e *entry.Entry) {
	switch b := e.Body.(type) {
	case *entry.Attendance:
		d.Came, d.Reason, d.Told = true, "", ""
		d.Minutes += e.Minutes
		if d.Mode == "" {
			d.Mode = e.Mode
		}
		if d.Text == "" {
			d.Text = b.Text
		}
	case *entry.Absence:
		if !d.Came {
			d.Reason, d.Told, d.Text = b.Reason, b.Told, b.Text
		}
	default:
		return
	}
	d.Entries = append(d.Entries, e)
	d.Seen += seen(e)
}

// Came gives the days on which the client took part, rising, each once.
func Came(entries []*entry.Entry) []civil.Date {
	var all []civil.Date
	for _, e := range entries {
		if e.Kind == entry.KindAttendance && !e.Damaged && (len(all) == 0 || all[len(all)-1] != e.Day) {
			all = append(all, e.Day)
		}
	}
	return all
}

// YearBefore counts the days of a rising list in the twelve months that end on a day, that day included.
func YearBefore(days []civil.Date, day civil.Date) int {
	n := 0
	for _, d := range days {
		if d <= day && d > day.AddMonths(-12) {
			n++
		}
	}
	return n
}
