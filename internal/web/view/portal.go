package view

import (
	"github.com/a-h/templ"

	"polku/internal/civil"
	"polku/internal/fault"
	"polku/internal/logview"
)

// Portal is what each of a participant's pages has around it. Only the two pages that passkeys stand on carry script, and
// are whole without it: pages are small on an old phone. Nothing on them names a service or Polku.
type Portal struct {
	Shell
	Tab    string // today, write, messages, me, strong
	Strong bool   // strongly identified
}

// PortalIn asks for the PIN. POST /p/open: token, pin, again; POST /p/sign-in: pin, and text and draft to go on with.
type PortalIn struct {
	Shell
	Token       string // of a link; empty: the device is known
	Choose      bool   // the PIN is chosen now
	Nobody      bool   // neither link nor known device: a kind word in place of a form
	Left        bool   // has just signed out
	Over        bool   // the session ended while something was written
	Text, Draft string // what was written
	Errors      Errors
}

// PortalToday is the participant's day.
type PortalToday struct {
	Portal
	First                          string
	Meetings, Mine                 []Step
	Worker, WorkerPhone, WorkerTel string     // empty: nobody
	WorkerBy                       civil.Date // when the worker has promised to do something; zero: nothing
	PausedTo                       civil.Date
	Closed                         bool
}

// PortalText is a text of the participant's own.
type PortalText struct{ ID, Text, When string }

// PortalWrite is the participant's own writing. POST /p/write: draft, text, do (keep, send); POST /p/write/{id}/delete.
type PortalWrite struct {
	Portal
	ID, Text     string // the draft to go on with
	Worker       string
	CanSend      bool
	Drafts, Sent []PortalText
	Errors       Errors
}

// PortalMessages is the place of messages.
type PortalMessages struct {
	Portal
	Told                           []PortalText // what the staff have told them, newest first
	Farewell                       bool         // their path has ended: there is a farewell page
	Worker, WorkerPhone, WorkerTel string
}

// PortalDevice is a known browser in words.
type PortalDevice struct {
	ID, Name, Made, Seen string
	This                 bool // the one that is looked at
	Open                 bool // signed in now
}

// PortalMe is the participant's own settings. POST /p/me/lang, /p/me/pin (old, pin, again), /p/me/device (device),
// /p/me/passkey (answer), /p/me/passkey/end (passkey), /p/sign-out (forget).
type PortalMe struct {
	Portal
	Devices  []PortalDevice
	Passkeys []PortalDevice // what stands in place of the PIN; Seen empty: never used
	Errors   Errors
}

// PortalStrong tells what strong identification opens, and what else leads there.
type PortalStrong struct {
	Portal
	Offered                        bool // there is an identification to go to
	Worker, WorkerPhone, WorkerTel string
	Errors                         Errors
}

// PortalRecords is what the staff have written.
type PortalRecords struct {
	Portal
	Items []Item
	Older string // path of the next part; empty: there is none
}

// PortalPlan is what has been agreed, and what waits for the participant's answer. GET and POST /p/plan. Fields: digest, do
// (accept, change), words.
type PortalPlan struct {
	Portal
	Phase    string
	Waits    *PlanText // nil: nothing waits
	Digest   string
	Words    string
	Errors   Errors
	Goals    []PlanGoal
	Stations []CheckStation // chosen and reached
	Plans    []PlanLine
	Tasks    []Step
	Newest   *PlanText // the accepted plan that holds; nil: there is none
}

// PortalLog is who has used the participant's data, and to whom they were told.
type PortalLog struct {
	Portal
	Text    logview.Text
	Longest bool // as far back as a client sees without asking in writing
}

// Page is the view.
func (p PortalLog) Page() templ.Component { return portalLog(p) }

// PortalProblem tells a participant what went wrong.
type PortalProblem struct {
	Portal
	Kind   fault.Kind
	Detail string
	In     bool // somebody is signed in
	Ref    string
}

// Page is the view.
func (p PortalIn) Page() templ.Component { return portalIn(p) }

// Page is the view.
func (p PortalToday) Page() templ.Component { return portalToday(p) }

// Page is the view.
func (p PortalWrite) Page() templ.Component { return portalWrite(p) }

// Page is the view.
func (p PortalMessages) Page() templ.Component { return portalMessages(p) }

// Page is the view.
func (p PortalMe) Page() templ.Component { return portalMe(p) }

// Page is the view.
func (p PortalStrong) Page() templ.Component { return portalStrong(p) }

// Page is the view.
func (p PortalRecords) Page() templ.Component { return portalRecords(p) }

// Page is the view.
func (p PortalPlan) Page() templ.Component { return portalPlan(p) }

// Page is the view.
func (p PortalProblem) Page() templ.Component { return portalProblem(p) }

// word of a problem, as on workers' pages.
func (p PortalProblem) word() string { return Problem{Kind: p.Kind}.word() }

// tab says which tab is lit.
func (p Portal) tab(name string) string {
	if p.Tab == name {
		return "page"
	}
	return ""
}
