package view

import (
	"github.com/a-h/templ"

	"polku/internal/civil"
)

// Meet is a meeting with a client, to come or by.
type Meet struct {
	Task   string // empty: it cannot be moved here
	Day    civil.Date
	Minute int
	What   string
	Form   string // in words
	Place  string
	Worker string
	Text   string // what became of it, or why it moved
	Flag   string // why it needs a look, in words; empty: fine
}

// BookForm is what booking asks: day, time, minutes, form, what, place, on_top, why, ends.
type BookForm struct {
	Day, Time, Minutes, What, Place, Why string
	Forms                                []Option
	OnTop                                bool
	Ask                                  bool   // the time is taken: on purpose?
	Ends                                 string // task that booking would fulfil; empty: none
	EndsWhat                             string
	EndsOn                               bool
	Errors                               Errors
}

// Offered is a proposal for this client.
type Offered struct {
	What, When  string
	Day, Time   string
	Minutes     string
	Form, Title string
	Why         string // no time was found, because …
}

// Meetings are a client's. GET and POST /c/{id}/meetings; POST /c/{id}/wish: weekday (many), wish_from, wish_to, wish_note.
type Meetings struct {
	Shell
	Who      Identity
	Coming   []Meet
	Gone     []Meet
	Proposed []Offered
	Topics   []Topic
	Open     bool // meetings can be booked
	Book     BookForm
	Task     string // id of the meeting to be
	Weekdays []Option
	WishFrom string
	WishTo   string
	WishNote string
	WishErr  Errors
}

// OneMeeting is one booked meeting: preparing for it, moving it, what became of it. GET /c/{id}/meeting?task=; POST
// /c/{id}/meeting/move: task, day, time, minutes, place, asked, why, on_top; POST /c/{id}/meeting/fell: task, result, text, next
// (again|step), day, time, minutes, step_what, step_by.
type OneMeeting struct {
	Shell
	Who      Identity
	Task     string
	What     string
	Meet     Meet
	Past     bool // its time has come
	Topics   []Topic
	Promises []string
	Move     BookForm
	Asked    []Option
	Fell     BookForm
	Results  []Option
	Text     string
	Next     []Option
	StepWhat string
	StepBy   string
	OfferID  string
}

// OfferRow is one round of an offer.
type OfferRow struct {
	Round, Offer string
	Name, What   string
	State        string // in words
	Since        civil.Date
	Price        string
	Expires      civil.Date
	Near         bool // the certificate is about to run out
	Text         string
	Open         bool
	Client, Who  string // of a list
	Service      string
	Task         string // open meeting booked for it
	When         string
	Booked       bool
}

// BudgetRow is how much is left.
type BudgetRow struct {
	Name    string
	Left    string // in words; empty: nobody has said how much there is
	Spent   string
	Service string // id, when it can be set
	Shared  string
	Value   string
	Over    bool
}

// Offers are a client's offers. GET and POST /c/{id}/offers: offer, round, state, card, price, expires, text, why, past, day, time, minutes, place, task.
type Offers struct {
	Shell
	Who     Identity
	Rows    []OfferRow
	Budgets []BudgetRow
	Choices []Option // offers of the model
	Open    bool
	Typed   map[string]string
	Past    bool // ask: past the budget on purpose?
	OnTop   bool // ask: on top of another meeting?
	Errors  Errors
	At      string // round the errors are of; "new" for a new one
}

// OfferList is for the coordinator, or of one's own clients. GET /offers?who=team; POST /offers/budget: service, shared, euros.
type OfferList struct {
	Shell
	Filter  Filter
	Waiting []OfferRow
	Near    []OfferRow // certificates about to run out
	Done    []OfferRow
	Budgets []BudgetRow
	May     bool // may set appropriations
	Errors  Errors
}

// LeaveFlags is what Today says of leaves: meetings that lie on one's own, and being asked to stand in.
type LeaveFlags struct {
	Away, Asked int
	Leave       string // id of the first of one's own
}

// LeaveLine is a leave in a list.
type LeaveLine struct {
	ID, Worker, StandIn string
	From, To            civil.Date
	Part, Kind, State   string // in words
	Asked               bool   // the reader is asked
	Unsure              bool   // nobody has agreed yet
}

// LeaveMeeting is a meeting that a leave touches.
type LeaveMeeting struct {
	Path, Task, Client, Name, What string
	Day                            civil.Date
	Minute                         int
	Times                          []Option // where it could go: colleague, other times, stay
	Error                          string
	Phone, PhoneTel                string
	Told                           bool
	Outcome                        string // in words
}

// Leaves are planned absences. GET /leave?from=&to=&part=&kind=&worker=&stand_in= shows what would be touched; POST /leave: the same, and way.PATH.TASK.
type Leaves struct {
	Shell
	Lines    []LeaveLine
	Workers  []Option // whose; a choice only when there are several
	From, To string
	Parts    []Option
	Kinds    []Option
	StandIns []Option
	Preview  bool
	Touched  []LeaveMeeting
	Tasks    int
	Paths    int
	Errors   Errors
}

// LeavePage is one leave. GET /leave/{id}; POST /leave/{id}/agree, /decline (why), /ask (stand_in), /decide (way.PATH.TASK), /told (task), /back.
type LeavePage struct {
	Shell
	Line     LeaveLine
	Answer   string // the colleague's words
	Mine     bool   // the reader may change it
	Asks     bool   // the reader is asked
	Over     bool
	Waits    bool // nobody has agreed: another may be asked
	Interim  string
	StandIns []Option
	Flagged  []LeaveMeeting
	Decided  []LeaveMeeting
	Happened []LeaveMeeting
	Errors   Errors
	WhyNot   string
}

// Page is the view.
func (p Meetings) Page() templ.Component { return meetingsPage(p) }

// Page is the view.
func (p OneMeeting) Page() templ.Component { return meetingPage(p) }

// Page is the view.
func (p Offers) Page() templ.Component { return offersPage(p) }

// Page is the view.
func (p OfferList) Page() templ.Component { return offerList(p) }

// Page is the view.
func (p Leaves) Page() templ.Component { return leaves(p) }

// Page is the view.
func (p LeavePage) Page() templ.Component { return leavePage(p) }

// at names the form of a round.
func (o OfferRow) at() string {
	if o.Offer == "" {
		return "new"
	}
	return "r" + o.Round
}

func (p Offers) errorOf(o OfferRow, field string) string {
	if p.At != o.at() {
		return ""
	}
	return p.Errors.Of(field)
}

// typed keeps what was typed into the form of a round.
func (p Offers) typed(o OfferRow, field, otherwise string) string {
	if p.At != o.at() {
		return otherwise
	}
	return p.Typed[field]
}

// states are the next words on a round: one that is new is offered first.
func (p Offers) states(o OfferRow) []Option {
	list := []string{"accepted", "booked", "done", "no_show", "declined"}
	if o.Offer == "" {
		list = []string{"offered", "accepted", "booked", "done", "declined"}
	}
	if o.Booked {
		list = []string{"done", "no_show", "declined"}
	}
	chosen := p.typed(o, "state", list[0])
	if chosen == "" {
		chosen = list[0]
	}
	var all []Option
	for _, s := range list {
		all = append(all, Option{Value: s, Text: p.T("offer_state." + s), On: s == chosen})
	}
	return all
}

// hidden are the fields of a previewed leave.
func (p Leaves) hidden() []Option {
	all := []Option{{Value: "from", Text: p.From}, {Value: "to", Text: p.To}}
	for _, f := range []Choice{{Name: "worker", Options: p.Workers}, {Name: "part", Options: p.Parts}, {Name: "kind", Options: p.Kinds}, {Name: "stand_in", Options: p.StandIns}} {
		for _, o := range f.Options {
			if o.On {
				all = append(all, Option{Value: f.Name, Text: o.Value})
			}
		}
	}
	return all
}
