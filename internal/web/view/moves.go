package view

import (
	"github.com/a-h/templ"

	"polku/internal/civil"
)

// HandOver asks a colleague to take the client. GET and POST /c/{id}/handover: to, why.
type HandOver struct {
	Shell
	Who       Identity
	Receivers []Option // value is the worker's id; Hint tells unit and how many clients they have
	Why       string
	Promises  []string // open promises that go along, in words
	AnswerIn  string   // how soon the model asks for an answer, in words
	Errors    Errors
}

// Answer is the receiver's view of a hand-off. GET /h/{id}; POST /h/{id}/accept, /h/{id}/decline (why), /h/{id}/withdraw.
type Answer struct {
	Shell
	ID       string
	Who      Identity
	From, To string
	Why      string
	AnswerBy civil.Date
	FirstBy  string // by when the first meeting is expected after acceptance, in words
	Next     *Step
	Promises []string
	Recent   []Item // the newest entries, as far as the receiver may see them before accepting
	Mine     bool   // the reader is the receiver; else the sender, who may withdraw
	Errors   Errors
	WhyNot   string // as typed
	Accepted bool   // answered already; the first contact is still to come
	Three    Three  // the meeting of three, and what the client is told
}

// Destination of an exit.
type Destination struct {
	To, Text string
	Receiver bool     // somebody must accept before the path closes
	Final    bool     // death: nothing is owed and all sending stops
	After    []string // what follows afterwards, in words: "kysytään kuulumiset 1 kk kuluttua"
	On       bool
}

// Exit ends the path. GET and POST /c/{id}/exit: to, receiver, unshared, text, day.
type Exit struct {
	Shell
	Who          Identity
	Destinations []Destination
	Receiver     string
	Unshared     bool
	Text         string
	On           string // day, 2006-01-02 or as typed; empty: today
	Asked        string // an exit already waits for this receiver's answer; empty: none
	Promises     []string
	Errors       Errors
}

// Pause stops the clocks. GET and POST /c/{id}/pause: why, check.
type Pause struct {
	Shell
	Who    Identity
	Why    string
	Check  string
	Errors Errors
}

// Resume goes on after a pause, or reopens a closed path. GET and POST /c/{id}/resume or /c/{id}/reopen:
// why and, when there is no next step, the fields of StepForm.
type Resume struct {
	Shell
	Who    Identity
	Reopen bool
	Why    string
	Ask    bool // a next step must be set
	Step   StepForm
	Errors Errors
}

// Change is one line of a preview: what would be different.
type Change struct{ What, Before, After string }

// PhaseChange moves to another phase. GET /c/{id}/phase?phase=ID shows the preview; POST: phase, why.
type PhaseChange struct {
	Shell
	Who     Identity
	Phases  []Option
	Chosen  string // phase previewed; empty: none yet
	Why     string
	Changes []Change
	Errors  Errors
}

// CoverLine is a cover that is agreed or under way.
type CoverLine struct {
	ID, Absent, By string
	From, To       civil.Date
	Clients        int
}

// Cover lets a colleague stand in. GET /cover?absent=; POST /cover: absent, by, from, to, client (many; none: all);
// POST /cover/end: cover.
type Cover struct {
	Shell
	AbsentID string
	Absent   []Option // whom the reader may plan for; a choice only when there are several
	By       []Option // who can stand in for the absent one
	From     string
	To       string
	Clients  []Option // clients of the absent one, all chosen at first
	Lines    []CoverLine
	Errors   Errors
}

// Page is the view.
func (p HandOver) Page() templ.Component { return handOver(p) }

// Page is the view.
func (p Answer) Page() templ.Component { return answer(p) }

// Page is the view.
func (p Exit) Page() templ.Component { return exit(p) }

// Page is the view.
func (p Pause) Page() templ.Component { return pause(p) }

// Page is the view.
func (p Resume) Page() templ.Component { return resume(p) }

// Page is the view.
func (p PhaseChange) Page() templ.Component { return phaseChange(p) }

// Page is the view.
func (p Cover) Page() templ.Component { return cover(p) }

func (p Resume) word() string {
	if p.Reopen {
		return "reopen"
	}
	return "resume"
}
