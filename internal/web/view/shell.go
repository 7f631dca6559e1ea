package view

import (
	"strconv"

	"github.com/a-h/templ"

	"polku/internal/civil"
	"polku/internal/i18n"
)

// Nav names the item of the navigation that is lit.
type Nav string

// Navigation items.
const (
	NavToday   Nav = "today"
	NavClients Nav = "clients"
	NavFind    Nav = "find"
	NavMore    Nav = "more"
	NavNone    Nav = ""
)

// Can tells which parts of the program the person may use; the rest is not shown.
type Can struct {
	Clients bool // has clients or sees some: Today, Clients, Find
	New     bool // may add a client
	Hanging bool // the coordinator's list of everyone about to be left hanging
	Figures bool // how the promise holds: coordinators, managers, administrators
	Import  bool
	Cover   bool
	Reviews bool // reviews the logs and answers clients' requests
	Admin   bool // users and rules
	Keeps   bool // decides what is destroyed and taken out
}

// Flash is what the last command says on the next page: saved, with undo for ten seconds, or a problem.
type Flash struct {
	Text    string // in words
	Problem bool   // false: good news
	Undo    string // path that undoes it by POST, e.g. /c/…/undo; empty: nothing to undo
	Entry   string // value of the field "entry" sent with Undo
	Saved   string // key of the draft that is now saved and may be dropped, e.g. record:CLIENT
}

// Shell is what every page has around it.
type Shell struct {
	Lang      i18n.Lang
	Base      string     // base path without a closing slash; usually empty
	Day       civil.Date // the day of the request, by Finnish clocks
	Clock     int        // minute of that day
	User      string     // name of who is signed in; empty: nobody
	UserKey   string     // opaque id of the user: drafts on the machine are kept by it
	Unit      string     // name of the unit or municipality
	Nav       Nav
	Can       Can
	Theme     string // "light", "dark" or "" for the machine's own
	KeysOff   bool   // single-key shortcuts switched off (WCAG 2.1.4)
	Demo      bool   // made-up people: said on every page
	Now       int    // how many clients need the person now; 0 shows none
	Opened    int    // uses of break-glass that the person was told of and has not read
	Late      int    // requests of clients that the person answers for and whose day has passed
	Asked     int    // reads that the person is asked to explain
	Handoffs  int    // hand-offs that wait for the person's answer
	Approvals int    // requests that wait for the person's word
	Flash     *Flash
	Trouble   string // catalogue key of why nothing can be saved just now; empty: all well
	Client    string // client that the page is about; key k records for it
	Joint     string // what of other registers the page shows: login.Crossings
	Tab       string // which of the client's pages this is: a Path of clientTabs
	Rights    string // what the page was made with: it is told when they change; empty: nobody is signed in
	Reset     bool   // somebody's way in is being reset and the person must know
}

// T gives a text of the catalogue in the reader's language.
func (s Shell) T(key string, args ...any) string { return s.Lang.T(key, args...) }

// N gives a text in the singular or plural of n.
func (s Shell) N(key string, n int, args ...any) string { return s.Lang.N(key, n, args...) }

// URL puts the base path before a path of the program.
func (s Shell) URL(path string) templ.SafeURL { return templ.SafeURL(s.Base + path) }

// When says a day as people do: today, tomorrow, yesterday, ma 1.3., or with the year when it is another year.
func (s Shell) When(d civil.Date) string {
	switch {
	case d.IsZero():
		return ""
	case d == s.Day:
		return s.T("when.today")
	case d == s.Day+1:
		return s.T("when.tomorrow")
	case d == s.Day-1:
		return s.T("when.yesterday")
	case d.Year() != s.Day.Year():
		return s.Lang.Day(d)
	}
	return s.Lang.DayShort(d)
}

// By says a last day: as When while it is ahead, "3 days late" when it has gone by.
func (s Shell) By(d civil.Date) string {
	if s.IsLate(d) {
		return s.N("when.late", int(s.Day-d))
	}
	return s.When(d)
}

// IsLate tells whether a last day has gone by. A missing day is never late.
func (s Shell) IsLate(d civil.Date) bool { return !d.IsZero() && d < s.Day }

// Since says how long somebody has been on a list: new today, since yesterday, for 5 days; over 60 days since when.
func (s Shell) Since(d civil.Date) string {
	n := int(s.Day - d)
	switch {
	case d.IsZero() || n < 0:
		return ""
	case n == 0:
		return s.T("since.today")
	case n == 1:
		return s.T("since.yesterday")
	case n > 60:
		return s.T("since.day", "day", s.Lang.Day(d))
	}
	return s.N("when.ago", n)
}

// At says a day with its clock time when there is one: "huomenna klo 9.30". Minute 0 or less: day only.
func (s Shell) At(d civil.Date, minute int) string {
	if minute <= 0 {
		return s.When(d)
	}
	return s.When(d) + " " + s.T("when.clock", "t", s.Lang.Clock(minute))
}

// Range says a period: 12.1.–12.4.; an open end shows only the dash.
func (s Shell) Range(from, to civil.Date) string {
	if from.IsZero() && to.IsZero() {
		return ""
	}
	return s.Lang.Day(from) + "–" + s.Lang.Day(to)
}

// themeOf is the value of data-theme; the machine's own choice is "auto".
func (s Shell) themeOf() string {
	if s.Theme == "" {
		return "auto"
	}
	return s.Theme
}

func (s Shell) current(n Nav) string {
	if s.Nav == n {
		return "page"
	}
	return ""
}

func (s Shell) keys() string {
	if s.KeysOff {
		return "off"
	}
	return "on"
}

func itoa(n int) string { return strconv.Itoa(n) }
