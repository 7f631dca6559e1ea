package view

import (
	"github.com/a-h/templ"

	"polku/internal/civil"
)

// WorkPeriod is a period of rehabilitative work activity, in words.
type WorkPeriod struct {
	ID, State string // coming, going, over
	From, To  civil.Date
	Weeks     []string // how the week is agreed; later lines begin with the day they hold from
	Sum       string   // days and hours of a week
	Place     string   // hidden under a safety ban
	Provider  string
	Goal      string
	What      string
	Agreed    string // when, and how often changed
	Ended     string // in words; empty: not ended
	Told      string // the reason as the client told it
}

// WorkCell is one day of the calendar.
type WorkCell struct {
	X, Y  int
	Class string // came, remote, away, off, open, ahead
	Today bool
}

// WorkWeek is one row of the calendar's table.
type WorkWeek struct {
	Name, Hours               string
	Planned, Came, Away, Open int
}

// WorkCalendar is the picture of a period: a column a week, a row a weekday.
type WorkCalendar struct {
	Cells  []WorkCell
	W, H   int
	Words  string // what the picture says
	Weeks  []WorkWeek
	Months []WorkMonth
	Names  []WorkMonth // of the weekdays
}

// WorkMonth is a name with its place in the picture.
type WorkMonth struct {
	X, Y int
	Name string
}

// WorkWarning is a limit broken, with where it stands in the act.
type WorkWarning struct{ Text, Fits, Source string }

// WorkIncident is one line of the list of incidents.
type WorkIncident struct {
	ID, Type, What string
	Day            civil.Date
	Reported       civil.Date
}

// WorkGiven is an extract that was given out.
type WorkGiven struct {
	Text    string
	Changed string // how many days were corrected since; empty: none
}

// Work is the page of a client's rehabilitative work activity. GET /c/{id}/work; POST /c/{id}/work/end (period, last, why,
// told, text), /c/{id}/work/extract (month, receiver, format).
type Work struct {
	Shell
	Who      Identity
	Concerns bool // the path's service has such activity
	Now      *WorkPeriod
	Earlier  []WorkPeriod
	CanEnd   bool
	Calendar WorkCalendar

	Used, Most int // days of twelve months; Most 0: no limit is known
	UsedSource string
	Unknown    string
	ThisWeek   string
	Unmarked   int
	Warnings   []WorkWarning

	Months, Receivers []Option
	Given             []WorkGiven
	Insured           string
	Incidents         []WorkIncident

	EndWhys []Option
	EndLast string
	EndTold string
	EndText string
	Ending  bool // the form of the end has mistakes
	Errors  Errors
}

// Page gives the component of the page.
func (p Work) Page() templ.Component { return work(p) }

// WorkForm agrees or changes a period. GET /c/{id}/work/period?period=ID; POST with id, period, since, from, to, day…, remote…,
// hours, place, provider, legal, support_only, goal, what, guidance, beside, evaluate, tasks, contact, why.
type WorkForm struct {
	Shell
	Who        Identity
	ID, Period string // Period empty: a new one
	Since      string
	From, To   string
	Fixed      civil.Date // first day of a period that is changed
	Days       []Option
	Remote     []Option
	RemoteOn   bool
	Hours      string
	Legal      []Option
	Support    bool
	V          map[string]string // the other fields as typed
	Evaluate   string
	Warnings   []WorkWarning // limits that what was typed breaks
	Errors     Errors
}

// Page gives the component of the page.
func (p WorkForm) Page() templ.Component { return workForm(p) }

// WorkDay is one day of the week form.
type WorkDay struct {
	Key      string // the day as 2026-03-02, part of its fields' names
	Name     string
	Agreed   string
	State    string // present, absent, none
	Hours    string
	Remote   bool
	Reasons  []Option
	Told     string
	Text     string
	Seen, ID string
	Also     string // another record of the day, in words
	Future   bool
	Errors   Errors
}

// WorkWeekForm marks how the days of a week went. GET /c/{id}/work/week?week=MONDAY; POST with state_DAY, hours_DAY,
// remote_DAY, reason_DAY, told_DAY, text_DAY, seen_DAY, id_DAY, all.
type WorkWeekForm struct {
	Shell
	Who           Identity
	Title         string
	Monday        string
	Before, After string
	Days, Others  []WorkDay
	MayAll        bool // there are agreed days still to be marked
	Warnings      []WorkWarning
	Notes         []string // what is missing or odd, none of it a limit
	Follows       WorkFollows
	Errors        Errors
}

// WorkFollows is what follows from each mark, with its sources.
type WorkFollows struct{ Lines, Sources []string }

// Page gives the component of the page.
func (p WorkWeekForm) Page() templ.Component { return workWeek(p) }

// WorkFacts is the text of facts for a statement. GET /c/{id}/work/facts?from=&to=; POST adds the client's own view (own_view).
type WorkFacts struct {
	Shell
	Who      Identity
	From, To string
	Text     string
	Rows     int
	Heard    bool
	View     string
	Errors   Errors
}

// Page gives the component of the page.
func (p WorkFacts) Page() templ.Component { return workFacts(p) }

// WorkIncidentForm reports an incident, or completes one. GET /c/{id}/work/incident?incident=ID; POST with id, incident, day,
// time, type, place, what, injury, treatment, witness, prevent, reported, task.
type WorkIncidentForm struct {
	Shell
	Who          Identity
	ID, Incident string
	Types        []Option
	Day, Time    string
	Reported     string
	V            map[string]string
	Task         string // words of the offer to make a task; empty: none
	TaskOn       bool
	Errors       Errors
}

// Page gives the component of the page.
func (p WorkIncidentForm) Page() templ.Component { return workIncident(p) }

// WorkOrganiser is the organiser of one register.
type WorkOrganiser struct {
	Register, Name                    string
	Remote, Paid                      bool
	Insurer, Policy, Contact, Steward string
	Rev                               int64
	Errors                            Errors
}

// WorkOrganisers is the page of the organisers. GET /work-activity; POST with register, rev, remote, remote_paid, insurer,
// policy, contact, steward.
type WorkOrganisers struct {
	Shell
	List []WorkOrganiser
}

// Page gives the component of the page.
func (p WorkOrganisers) Page() templ.Component { return workOrganisers(p) }

// OwnDay is one day as its participant reads it.
type OwnDay struct {
	Day         civil.Date
	State       string
	Hours, Told string
}

// PortalDays is what a participant sees of their days. GET /p/days.
type PortalDays struct {
	Portal
	Period  *WorkPeriod
	Left    string
	Months  []OwnMonth
	Follows WorkFollows
}

// OwnMonth is a month of days, the newest first.
type OwnMonth struct {
	Name string
	Days []OwnDay
}

// Page gives the component of the page.
func (p PortalDays) Page() templ.Component { return portalDays(p) }
