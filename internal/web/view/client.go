package view

import (
	"github.com/a-h/templ"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/pathway"
)

// Identity is the bar that stands on every page of a client.
type Identity struct {
	ID          string // client id
	Name        string
	Provisional bool // known by a short name only; waits to be joined with a real person
	Born        civil.Date
	Age         int        // full years; 0: not known
	Birthday    civil.Date // the birthday when it is within a week; else zero
	Phone       string     // as people read it; empty: none, or hidden by the ban
	PhoneTel    string
	Email       string
	Address     string // empty: none, or hidden by the ban
	Language    string // contact language in words
	Worker      string // responsible worker
	WorkerPhone string
	Service     string
	Phase       string
	Status      pathway.Status
	PauseCheck  civil.Date // when paused
	ClosedTo    string     // when closed: the destination in words
	Closed      civil.Date
	Restricted  bool // processing is restricted (GDPR 18)
	Ban         bool // safety ban: address and place are hidden here and everywhere
	Work        bool // the service has rehabilitative work activity: the client has a page of it
}

// Step is an open agreed thing: the next step, or another task.
type Step struct {
	Task   string // id
	What   string
	Owner  string // in words: the worker's name, "asiakas", …
	By     civil.Date
	Minute int
	Place  string
}

// Duty is one open obligation, in words.
type Duty struct {
	ID       string // the engine's stable id
	What     string
	Who      string // who owes it, in words
	Status   pathway.ObligationStatus
	From     civil.Date
	Due      civil.Date // zero: no date
	Progress string     // "1/2"; empty: nothing to count
	Source   string     // in words: the model's line or the statute's section
	Law      bool
	Closable bool // a could-not or a waiver may be said
}

func (d Duty) mark() string {
	switch d.Status {
	case pathway.Overdue, pathway.Missed:
		return "now"
	case pathway.Late:
		return "wait"
	}
	return "soon"
}

// Person of a client's circle.
type Person struct {
	Name, Role string
	Phone      string
	PhoneTel   string
	Since      civil.Date
	Until      civil.Date
}

// Topic of the phase: talked about or not yet.
type Topic struct {
	Name string
	Day  civil.Date // when it was last talked about; zero: not yet
}

// OfferLine is something that the model offers.
type OfferLine struct {
	Name, State, Price string
	By                 civil.Date
}

// PlanLine is an agreed plan.
type PlanLine struct {
	Name, Text string
	Agreed     civil.Date
	Review     civil.Date
}

// PathTab is another path of the same client in the same register.
type PathTab struct {
	Href, Name, State string
	Current           bool
}

// ClientCan tells which actions are offered.
type ClientCan struct{ Record, HandOver, Exit, Pause, Resume, Phase, Reopen bool }

// Client is the client's page: everything on one screen.
// GET /c/{id}; POST below it: /done (task), /excuse (duty, waived 0|1, why), /task-end (task, outcome, why), /undo (entry).
type Client struct {
	Shell
	Who      Identity
	Paths    []PathTab // fewer than two are not shown
	Picture  Picture
	Next     *Step // nil: none, which is said loudly
	Tasks    []Step
	Duties   []Duty
	Timeline Timeline
	Circle   []Person
	Plans    []PlanLine
	Offers   []OfferLine
	Topics   []Topic
	Allow    ClientCan
	FollowUp string // id of the follow-up that is to be made now, of a path that has ended; empty: none
	Handoff  string // to whom a hand-off is under way; empty: none
	HandID   string

	StartLeft int // how much of a new path's start is missing; 0: nothing, or the path is no longer new
}

func (c Client) topicsLeft() int {
	n := 0
	for _, t := range c.Topics {
		if t.Day.IsZero() {
			n++
		}
	}
	return n
}

// Strand of the timeline.
type Strand string

// The three strands; the empty one is all.
const (
	Contacts  Strand = "contacts"
	Life      Strand = "life"
	Decisions Strand = "decisions"
)

// Strands in the order they are offered as filters.
var Strands = []Strand{Contacts, Life, Decisions}

// StrandOf tells on which strand a kind of entry is shown.
func StrandOf(k entry.Kind) Strand {
	switch k {
	case entry.KindContact, entry.KindNote, entry.KindTask, entry.KindTaskEnd, entry.KindFile, entry.KindTold, entry.KindWish:
		return Contacts
	case entry.KindAttendance, entry.KindAbsence, entry.KindMeasure, entry.KindCheckpoint, entry.KindOffer, entry.KindPlacement, entry.KindFollowUp,
		entry.KindIncident, entry.KindGuidance:
		return Life
	}
	return Decisions
}

// StrandKinds gives the kinds of a strand, for the query behind the filter. The empty strand gives none: all.
func StrandKinds(s Strand) []entry.Kind {
	switch s {
	case Contacts:
		return []entry.Kind{entry.KindContact, entry.KindNote, entry.KindTask, entry.KindTaskEnd, entry.KindFile, entry.KindTold, entry.KindWish}
	case Life:
		return []entry.Kind{entry.KindAttendance, entry.KindAbsence, entry.KindMeasure, entry.KindCheckpoint, entry.KindOffer, entry.KindPlacement, entry.KindFollowUp,
			entry.KindIncident, entry.KindGuidance}
	case Decisions:
		return []entry.Kind{entry.KindStart, entry.KindExcuse, entry.KindPlan, entry.KindReview, entry.KindGoal, entry.KindConsent, entry.KindPhase,
			entry.KindPause, entry.KindResume, entry.KindRelation, entry.KindHandoff, entry.KindExit, entry.KindReopen,
			entry.KindModel, entry.KindCredit, entry.KindCircle, entry.KindRetraction, entry.KindErasure, entry.KindWithhold, entry.KindWorkPeriod, entry.KindWorkPeriodEnd}
	}
	return nil
}

// Old is an earlier wording of a corrected entry.
type Old struct {
	Said   Said
	Author string
	When   string // when it was written, in words
}

// Item is one entry of the timeline.
type Item struct {
	ID      string
	Day     civil.Date
	Minute  int // -1: only the day is known
	Kind    entry.Kind
	Said    Said
	Author  string
	Step    *Said   // the step that was agreed with it; nil: none
	StepID  string  // its entry
	Old     []Old   // newest first; the entry shown is a correction of them
	Retract bool    // taken back: shown struck out
	Correct bool    // the reader may correct it: link to /c/{id}/record?corrects=ENTRY
	Mended  string  // of a correction: why
	File    bool    // it tells of a file that can be opened
	Hidden  *Hidden // why the client does not see it; nil: they do
}

// Timeline is the newest part of a client's journal. GET /c/{id}?strand=…&before=CURSOR; with the header
// "Polku-Part: timeline" only this part need be answered.
type Timeline struct {
	Shell
	Client string
	Strand Strand // "" shows all
	Items  []Item
	Next   string // path of the next part; empty: the journal begins here
}

// Page is the view.
func (c Client) Page() templ.Component { return client(c) }

// Page is the part of the timeline alone, as it is fetched while scrolling.
func (t Timeline) Page() templ.Component { return timelinePart(t) }

func sameMonth(a, b civil.Date) bool { return a.MonthStart() == b.MonthStart() }
