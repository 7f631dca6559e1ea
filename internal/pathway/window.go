package pathway

import (
	"fmt"

	"polku/internal/civil"
	"polku/internal/model"
)

// window is one span in which a cadence asks for something: a calendar one, and what the stay leaves of it.
type window struct {
	first, last civil.Date // of the ISO week, the month, or the stay; last zero: a stay without a planned end
	from, to    civil.Date // cut to the stay
}

// windowOf gives the window that holds a day.
func windowOf(every model.Every, d civil.Date) window {
	switch every {
	case model.EveryWeek:
		first := d.Monday()
		return window{first: first, last: first + 6}
	default:
		first := d.MonthStart()
		return window{first: first, last: monthEnd(first)}
	}
}

// monthEnd is the last day of the month that begins on first.
func monthEnd(first civil.Date) civil.Date { return (first + 31).MonthStart() - 1 }

// cut keeps what lies in from..to; to zero: no end.
func (w window) cut(from, to civil.Date) window {
	w.from, w.to = max(w.first, from), w.last
	if !to.IsZero() {
		w.to = min(w.to, to)
	}
	return w
}

// name is the last part of a window's id: 2026-W07, 2026-03.
func (w window) name(every model.Every) string {
	if every == model.EveryWeek {
		if i := int(w.first-firstMonday) / 7; w.first >= firstMonday && i < len(weekNames) {
			return weekNames[i]
		}
		return weekName(w.first)
	}
	if m := monthNumber(w.first) - firstMonth; m >= 0 && m < len(monthNames) {
		return monthNames[m]
	}
	return w.first.String()[:7]
}

// weekNames and monthNames are the names from firstMonday and firstMonth on, for some fifty years: names are made often.
var (
	firstMonth = 2010 * 12
	monthNames = func() (names [600]string) {
		for i := range names {
			names[i] = civil.New(2010, 1+i, 1).String()[:7]
		}
		return names
	}()
	firstMonday = civil.MustParse("2010-01-04")
	weekNames   = func() (names [2700]string) {
		for i := range names {
			names[i] = weekName(firstMonday + civil.Date(7*i))
		}
		return names
	}()
)

func monthNumber(d civil.Date) int {
	y, m, _ := d.Parts()
	return y*12 + m - 1
}

func weekName(monday civil.Date) string {
	year, week := monday.Week()
	return fmt.Sprintf("%04d-W%02d", year, week)
}

// Reasons why a window does not count, as Obligation.Why gives them.
const (
	WhyHoliday    = "holiday"     // most of its missing working days are holidays or closing days
	WhyPaused     = "paused"      // … the path was paused
	WhyPartWindow = "part_window" // … before the phase's start or after its end
)

// activity of a window: of all its Mondays to Fridays, how many are active, and why the others are not.
type activity struct{ all, active, holiday, paused, outside int }

func (v *Evaluator) activity(w window) activity {
	var a activity
	pauses := len(v.h.pauses) > 0
	for d := w.first; d <= w.last; d++ {
		if d.Weekday() > 5 {
			continue
		}
		a.all++
		switch {
		case d < w.from || d > w.to:
			a.outside++
		case pauses && v.h.paused(d):
			a.paused++
		case v.cal.Closed(d):
			a.holiday++
		default:
			a.active++
		}
	}
	return a
}

// counts tells whether at least half of the window's working days are active.
func (a activity) counts() bool { return 2*a.active >= a.all && a.active > 0 }

// why gives the main reason for not counting.
func (a activity) why() string {
	switch {
	case a.paused > 0 && a.paused >= a.holiday && a.paused >= a.outside:
		return WhyPaused
	case a.holiday >= a.outside:
		return WhyHoliday
	}
	return WhyPartWindow
}

// share is what a window asks of n. In one cut by the stay or by a pause it shrinks in proportion to the active
// days, rounded up; holidays alone leave it as it is.
func (a activity) share(n int) int {
	if a.outside+a.paused == 0 {
		return n
	}
	return (n*a.active + a.all - 1) / a.all
}
