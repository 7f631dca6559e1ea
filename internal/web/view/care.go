package view

import (
	"github.com/a-h/templ"

	"polku/internal/civil"
)

// StartItem is one thing of the start of a path: done, to do, or worth thinking of.
type StartItem struct {
	ID    string // contact, voluntary, notice, benefits, consent, interpreter, emergency, guardian, visit, credit, circle, worker
	Title string
	Text  string // what is known, in words; empty: nothing
	Done  bool
	Maybe bool     // not everybody needs it: never counted as missing
	Form  bool     // it is done in place, by the form of its id
	Go    string   // else: the path of the page where it is done
	GoTo  string   // the words of that link
	More  []string // further lines
}

// Start is the start of a path as a short list. GET /c/{id}/start; POST /c/{id}/start: do (voluntary, notice, benefits: way,
// yes, text; interpreter: interpreter, language; emergency: contact_name, contact_phone, contact_who, contact_none).
type Start struct {
	Shell
	Who    Identity
	Items  []StartItem
	Left   int // how many are missing
	Forms  StartForms
	Which  string // the form that has a mistake
	Errors Errors
}

// StartForms are the choices and values of the forms.
type StartForms struct {
	Ways, Interpreters, Languages           []Option
	ContactName, ContactPhone, ContactWho   string
	ContactNone                             bool
	VoluntaryText, NoticeText, BenefitsText string // proposed words of what was told
	Notice                                  string // path of the privacy notice in easy language
}

// VisitNote is the safety note of home visits. GET and POST /c/{id}/visit-note: visit_note.
type VisitNote struct {
	Shell
	Who    Identity
	Text   string
	By     string
	When   string // empty: never written
	Errors Errors
}

// CircleMember of a client.
type CircleMember struct {
	ID, Name, Part, Of, Phone, PhoneTel, Why string
	From, Until, To                          civil.Date
	Worker                                   bool // on the staff: ID is the worker's
	Fixed                                    bool // ends by another way: the responsible worker, a close person
	Href                                     string
}

// Circle is everybody who helps a client. GET /c/{id}/circle; POST /c/{id}/circle: do (member: name, part, of, phone, until,
// member; helper: worker, part, until; end: member, worker, why).
type Circle struct {
	Shell
	Who        Identity
	Now, Gone  []CircleMember
	Colleagues []Option
	Which      string
	V          func(field string) string
	Errors     Errors
}

// CreditPage shows what a previous service's work would satisfy. GET /c/{id}/credit?from=PATH; POST: from.
type CreditPage struct {
	Shell
	Who     Identity
	From    string
	Service string
	Done    []string // phases there, in words
	Gives   []string // phases here, in words
	Across  bool
	Changes []Change
	None    bool // nothing can be credited
}

// Languages in which the reader serves clients. GET and POST /settings/languages: speaks (many).
type Languages struct {
	Shell
	All []Option
}

// Page is the view.
func (p Start) Page() templ.Component { return start(p) }

// Page is the view.
func (p VisitNote) Page() templ.Component { return visitNote(p) }

// Page is the view.
func (p Circle) Page() templ.Component { return circle(p) }

// Page is the view.
func (p CreditPage) Page() templ.Component { return credit(p) }

// Page is the view.
func (p Languages) Page() templ.Component { return languages(p) }

// errors are the mistakes of one form.
func (p Start) errors(form string) Errors {
	if p.Which != form {
		return nil
	}
	return p.Errors
}

func (p Circle) errors(form string) Errors {
	if p.Which != form {
		return nil
	}
	return p.Errors
}

func (p Circle) value(form, field string) string {
	if p.Which != form {
		return ""
	}
	return p.V(field)
}

// action is the address of the page's own forms.
func (p Start) action() templ.SafeURL { return p.URL("/c/" + p.Who.ID + "/start") }

// Place in the list: what is left comes first, what may be needed next, what is done last.
func (i StartItem) Place() int {
	return map[string]int{"left": 0, "maybe": 1, "done": 2}[i.mark()]
}

func (i StartItem) mark() string {
	switch {
	case i.Done:
		return "done"
	case i.Maybe:
		return "maybe"
	}
	return "left"
}
