package web

import (
	"strconv"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/web/view"
	"polku/internal/workactivity"
)

// Measures of the calendar's picture, in its own units.
const (
	calCell  = 17 // from day to day
	calLeft  = 30 // room for the weekdays' names
	calTop   = 20 // room for the months' names
	calWeeks = 53 // most weeks: of a longer period those around today
)

// workCalendar draws the weeks of a period: what was agreed, what happened, what is still to come.
func (q *request) workCalendar(x onWork, p *workactivity.Period, today civil.Date) view.WorkCalendar {
	first, last := p.From.Monday(), p.Last.Monday()
	if last < first {
		return view.WorkCalendar{}
	}
	if n := int(last-first)/7 + 1; n > calWeeks {
		first = max(first, min(today.Monday()-7*26, last-7*(calWeeks-1)))
		last = min(last, first+7*(calWeeks-1))
	}
	days := workactivity.Days(x.entries, q.s.Book.Calendar, first, last+6)
	c := view.WorkCalendar{W: calLeft + calCell*(len(days)/7), H: calTop + 7*calCell}
	for i := range 7 {
		c.Names = append(c.Names, view.WorkMonth{X: 0, Y: calTop + i*calCell + 11, Name: q.lang.Weekday(first + civil.Date(i))})
	}
	planned, came, away, open, ahead, named := 0, 0, 0, 0, 0, -calCell*4
	for w := 0; w < len(days)/7; w++ {
		monday := days[7*w].Date
		x := calLeft + w*calCell
		if _, month, day := monday.Parts(); day <= 7 && x-named >= 4*calCell || w == 0 {
			c.Months = append(c.Months, view.WorkMonth{X: x, Y: 12, Name: monthShort(q, month)})
			named = x
		}
		_, number := monday.Week()
		week := view.WorkWeek{Name: strconv.Itoa(number) + " (" + q.lang.DayShort(monday) + ")"}
		minutes := 0
		for i := range 7 {
			d := &days[7*w+i]
			class := cellOf(d, today)
			if d.Expected() {
				week.Planned++
			}
			switch class {
			case "came", "remote":
				week.Came++
				minutes += d.Minutes
			case "away":
				week.Away++
			case "open":
				week.Open++
			case "ahead":
				ahead++
			}
			if class != "" {
				c.Cells = append(c.Cells, view.WorkCell{X: x, Y: calTop + i*calCell, Class: class, Today: d.Date == today})
			}
		}
		week.Hours = q.lang.Length(minutes)
		planned, came, away, open = planned+week.Planned, came+week.Came, away+week.Away, open+week.Open
		c.Weeks = append(c.Weeks, week)
	}
	c.Words = q.lang.T("workactivity.calendar_words", "weeks", len(c.Weeks), "from", q.lang.Day(first), "to", q.lang.Day(last+6), "planned", planned, "came", came,
		"away", away, "open", open, "ahead", ahead)
	return c
}

// cellOf tells how a day is drawn; empty: not at all.
func cellOf(d *workactivity.Day, today civil.Date) string {
	switch {
	case d.Came && d.Mode == entry.Remote:
		return "remote"
	case d.Came:
		return "came"
	case d.Reason == entry.ByOrganiser:
		return "off"
	case d.Reason != "":
		return "away"
	case d.Expected() && d.Date < today:
		return "open"
	case d.Expected():
		return "ahead"
	}
	return ""
}

// monthShort is the beginning of a month's name, for the picture.
func monthShort(q *request, month int) string {
	name := []rune(q.lang.MonthName(month))
	return string(name[:min(len(name), 5)])
}
