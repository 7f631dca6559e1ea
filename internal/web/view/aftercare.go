package view

import (
	"github.com/a-h/templ"

	"polku/internal/civil"
	"polku/internal/pathway"
)

// AfterLine is one client of the list of follow-ups.
type AfterLine struct {
	Client, Name, Phone, PhoneTel, Service, Worker, To, After string
	Due, Closed                                               civil.Date
	Status                                                    pathway.ObligationStatus
	Wish                                                      bool // wishes to come back
}

// After is the list of follow-ups. GET /follow-ups?who=team.
type After struct {
	Shell
	Team                bool
	Wishes, Now, Coming []AfterLine
}

// AskAfter asks one former client how they are. GET /c/{id}/follow-up; POST: do (record: outcome, how, text; try: form; link).
type AskAfter struct {
	Shell
	Who            Identity
	After          string
	Due            civil.Date
	Tries          int
	Link           string // until when a link holds, in words
	Outcomes, Hows []Option
	Text           string
	Final          bool // nothing is asked any more
	Errors         Errors
}

// HowAreYou is a former client's own page, three taps and no sign-in. GET and POST /k/{token}: outcome, feels, call.
type HowAreYou struct {
	Shell
	Token, Outcome, Feels string
	Step                  int // 1, 2, 3; 4: thanks
	Outcomes              []Option
	Call                  bool // thanks: somebody will call
}

// Farewell says what was done together and what comes after. GET /c/{id}/farewell; POST: text, way.
type Farewell struct {
	Shell
	Who      Identity
	First    string
	Words    string   // the worker's own
	Together []string // what was done, in easy words
	Reached  []string // stations that were reached
	To       string
	Worker   string
	Phone    string
	PhoneTel string
	Days     []string // when somebody asks how they are
	Ways     []Option
	Told     string // when and how it was given; empty: not yet
	Errors   Errors
}

// PortalFarewell is the same page for the client. GET /p/farewell; POST /p/return: text.
type PortalFarewell struct {
	Portal
	Farewell
	Short  bool // not strongly identified: only how to come back
	Open   bool // their path is open: there is no farewell
	Wished bool // they have asked to come back, and are waited for
}

// Over tells somebody with a link that it opens nothing any more.
type Over struct{ Shell }

// Page is the view.
func (p Over) Page() templ.Component { return over(p) }

// Page is the view.
func (p After) Page() templ.Component { return after(p) }

// Page is the view.
func (p AskAfter) Page() templ.Component { return askAfter(p) }

// Page is the view.
func (p HowAreYou) Page() templ.Component { return howAreYou(p) }

// Page is the view.
func (p Farewell) Page() templ.Component { return farewell(p) }

// Page is the view.
func (p PortalFarewell) Page() templ.Component { return portalFarewell(p) }
