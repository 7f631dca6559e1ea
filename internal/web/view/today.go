package view

import (
	"strings"

	"github.com/a-h/templ"

	"polku/internal/civil"
)

// Row is one client of a list: one reason, one next step.
type Row struct {
	Client   string     // id
	Name     string     // display name; a provisional short name as it is
	Ban      bool       // safety ban: shown as a mark, never the address
	Restrict bool       // processing is restricted: shown as a mark
	Reason   string     // one reason in words; empty: nothing calls
	Since    civil.Date // since when on the list for this reason; zero: the reason itself tells a day
	More     int        // how many further signals there are
	Service  string     // short name of the service
	Worker   string     // responsible worker, in lists of more than one's own; empty: not shown
	Step     string     // what the next step is; empty: none is set
	Owner    string     // whose step it is, in words, when it is not the worker's own ("asiakas")
	By       civil.Date
	Minute   int    // clock time of a booked meeting; 0: none
	FollowUp string // client and path, as in URLs, of a path that has ended and is followed up; empty: it goes on
	Task     string // id of the next step's task: it may be marked done; empty: it may not
	Phone    string // as people read it; empty: none, or hidden
	PhoneTel string // as a phone dials it
}

// Group is one of the three groups of Today.
type Group struct {
	ID   string // now, waiting, soon
	Rows []Row
	More int // rows that are not shown here; the link leads to the whole list
}

// Meeting of today's strip.
type Meeting struct {
	Minute, Minutes           int // 0 minutes: length not known
	Client, Name, What, Place string
	Past                      bool
}

// WaitingHandoff is a hand-off that waits for the person's answer.
type WaitingHandoff struct {
	ID, Client, Name, From, Service, Why string
	Offered                              civil.Date
	AnswerBy                             civil.Date
}

// Filter of a list, as its form sends it: GET with who, service, signal.
type Filter struct {
	Who     []Option
	Service []Option
	Signal  []Option
	Any     bool // something other than the default is chosen
}

// Today is the worker's morning. GET /today; POST /today/done: task = CLIENT/TASK.
type Today struct {
	Shell
	Groups    []Group // now, waiting, soon, in this order
	Meetings  []Meeting
	Handoffs  []WaitingHandoff
	Coming    int // hand-offs from other services that wait for an answer in the reader's registers
	Leave     LeaveFlags
	Due       []DueReferral // people who wait, whom the reader has promised something by tomorrow
	Filter    Filter
	Calm      int // clients of the person about whom nothing is due within seven days
	Hanging   int // coordinator: how many in the whole unit are about to be left hanging
	Unset     int // open paths whose next step is still "Tarkista tuonti"
	Transfers int // clients whom the person is asked to take over in a transfer of many
}

// Total is how many rows are shown.
func (p Today) Total() int {
	n := 0
	for _, g := range p.Groups {
		n += len(g.Rows) + g.More
	}
	return n
}

// firstName greets: the first word of the user's name.
func firstName(name string) string {
	for i, r := range name {
		if r == ' ' {
			return name[:i]
		}
	}
	return name
}

func (p Today) greeting() string {
	key := "today.hello_day"
	switch {
	case p.Clock < 10*60:
		key = "today.hello_morning"
	case p.Clock >= 17*60:
		key = "today.hello_evening"
	}
	return p.T(key, "name", firstName(p.User))
}

// Hanging is the coordinator's list of everyone about to be left hanging, in the whole unit. GET /hanging.
type Hanging struct {
	Shell
	Rows   []Row
	Due    []DueReferral // people who wait and to whom what was promised was not kept
	Filter Filter
	Next   string // path of the next page; empty: no more
}

// Caseload is every client of a worker. GET /clients with sort, who, service, after.
type Caseload struct {
	Shell
	Rows   []Row
	Sort   string // rank, name
	Filter Filter
	Next   string // path of the next page; empty: no more
}

// DayLine is one client of the printed day list.
type DayLine struct {
	Name, Phone, Step, Reason, Owner string
	By                               civil.Date
	Minute                           int
	Ban                              bool
}

// DayList is printed against an outage: who is met and called today, with lines to write on. GET /day.
type DayList struct {
	Shell
	Meetings []Meeting
	Lines    []DayLine
	Printed  string // when, in words
}

// Page is the view.
func (p Today) Page() templ.Component { return today(p) }

// Page is the view.
func (p Hanging) Page() templ.Component { return hanging(p) }

// Page is the view.
func (p Caseload) Page() templ.Component { return caseload(p) }

// Page is the view.
func (p DayList) Page() templ.Component { return dayList(p) }

// stepBy says by when and whose the next step is.
func (s Shell) stepBy(r Row) string {
	t := s.By(r.By)
	if !s.IsLate(r.By) {
		t = s.At(r.By, r.Minute)
	}
	if r.Owner != "" {
		t += " · " + r.Owner
	}
	return t
}

// around is a text with one gap for a name, cut once for a whole list: filling texts one by one was half of
// the time that a caseload took.
type around struct{ before, after string }

func (a around) of(name string) string { return a.before + name + a.after }

func (s Shell) around(key string) around {
	before, after, _ := strings.Cut(s.T(key), "{name}")
	return around{before, after}
}

// rowWords are the labels of a row's buttons.
type rowWords struct {
	call, done, record     around
	doneShort, recordShort string
}

func (s Shell) rowWords() rowWords {
	return rowWords{s.around("row.call"), s.around("row.done"), s.around("row.record"), s.T("row.done_short"), s.T("row.record_short")}
}
