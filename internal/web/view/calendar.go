package view

import (
	"github.com/a-h/templ"

	"polku/internal/civil"
)

// CalItem is something in a worker's calendar.
type CalItem struct {
	Kind     string // meeting, busy, proposal
	From, To int    // minutes of the day
	Name     string // client; empty: none
	What     string
	Place    string
	Form     string // how it is held, in words
	Href     string
	Of       string // a colleague for whom it is covered
	Lane     int    // 0, 1 …: beside what is at the same time
	Flag     bool   // lies on a leave
}

// CalDay is a day of the calendar.
type CalDay struct {
	Day   civil.Date
	Free  bool   // not a working day
	Note  string // holiday, in words
	Away  string // the worker is away, in words
	Items []CalItem
}

// Calendar is a worker's own week or day. GET /calendar?day=2026-03-18&span=day&proposals=1.
type Calendar struct {
	Shell
	Days       []CalDay
	On         civil.Date
	Span       string // week, day
	Proposals  bool   // proposals are drawn in
	Flagged    int    // meetings that lie on one's own leave
	LeaveHref  string
	Prev, Next civil.Date
}

// Proposed is one row of the proposals.
type Proposed struct {
	N        int
	Task     string // id of the meeting to be
	Path     string
	Client   string
	Name     string
	What     string   // the cadence and its window, in words
	Times    []Option // the proposed time first; value "2026-03-05 540"
	Form     string
	Minutes  int
	Why      string // no time was found, because …
	CatchUp  bool
	Off      bool // not chosen
	Error    string
	FormWord string
}

// Proposals are the meetings that the models ask for. GET and POST /calendar/propose: weeks; take (many: N), task.N, path.N, when.N, form.N, minutes.N, what.N.
type Proposals struct {
	Shell
	Weeks  []Option
	Rows   []Proposed
	None   []Proposed
	Errors Errors
}

// HoursRow is a weekday of a worker's hours, as typed.
type HoursRow struct {
	N                         int
	Name                      string
	From, To, PauseFrom, Till string
	Error                     string
}

// BusyRow is an own block.
type BusyRow struct{ ID, When, What string }

// WorkHours is when the worker takes meetings, and the calendar feed. GET and POST /calendar/hours; POST /calendar/busy, /calendar/busy/drop,
// /calendar/feed, /calendar/feed/end.
type WorkHours struct {
	Shell
	Rows      []HoursRow
	Busy      []BusyRow
	Days      []Option // of a new block
	BusyFrom  string
	BusyTo    string
	BusyWhat  string
	Feed      bool   // there is one
	FeedMade  string // when
	FeedRead  string // when a calendar last asked; empty: never
	FeedLink  string // shown once, just after it was made
	Errors    Errors
	BusyError Errors
}

// Page is the view.
func (p Calendar) Page() templ.Component { return calendar(p) }

// Page is the view.
func (p Proposals) Page() templ.Component { return proposals(p) }

// Page is the view.
func (p WorkHours) Page() templ.Component { return workHours(p) }

// calFirst is the first hour that the week's grid draws; what is earlier or later stands at its edges.
const calFirst, calLast = 7 * 60, 18 * 60

func slot(minute int) int { return (min(max(minute, calFirst), calLast-15) - calFirst) / 15 }

// class places an item in the grid: its row, how many rows it takes, its lane. Style has a rule for each.
func (i CalItem) class() string {
	from := slot(i.From)
	long := max(2, (min(i.To, calLast)-calFirst+14)/15-from)
	c := "cal__item cal__item--" + i.Kind + " at-" + itoa(from) + " long-" + itoa(min(long, 44))
	if i.Lane > 0 {
		c += " lane-" + itoa(min(i.Lane, 3))
	}
	if i.Flag {
		c += " cal__item--flag"
	}
	return c
}

func (d CalDay) class(today civil.Date) string {
	c := "cal__day"
	if d.Free || d.Away != "" {
		c += " cal__day--free"
	}
	if d.Day == today {
		c += " cal__day--now"
	}
	return c
}

func (p Calendar) link(day civil.Date, span string) templ.SafeURL {
	u := "/calendar?day=" + day.String() + "&span=" + span
	if p.Proposals {
		u += "&proposals=1"
	}
	return p.URL(u)
}

func (p Calendar) hours() []int {
	var all []int
	for h := calFirst; h < calLast; h += 60 {
		all = append(all, h)
	}
	return all
}

// weekOf is the number of a day's ISO week.
func weekOf(d civil.Date) string {
	_, w := d.Week()
	return itoa(w)
}
