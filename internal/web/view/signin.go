package view

import (
	"github.com/a-h/templ"

	"polku/internal/fault"
)

// SignIn asks for name and password. POST /sign-in: user, password, next.
type SignIn struct {
	Shell
	Name   string // as typed
	Next   string // path to go on to
	Errors Errors
	Wait   int  // seconds until the next try is allowed; 0: now
	Left   bool // the person has just signed out: drafts on this machine are dropped
	Again  bool // the session ended by itself: what was typed is still on this machine

	Prove    bool   // signed in already: a fresh proof is asked for
	Provider string // what the organisation's own sign-in is called; empty: there is none
	Out      string // address that ends the session at the provider too; empty: none
}

// SecondStep asks for the second factor after the password. POST /sign-in/second: code, next.
type SecondStep struct {
	Shell
	Next     string
	Passkeys bool // a passkey will do too
	Errors   Errors
}

// ResetPage lets somebody in by a code that an administrator gave. POST /reset: code, password, password2.
type ResetPage struct {
	Shell
	Code   string
	Errors Errors
}

// FirstAdmin makes the first administrator. POST /first: code, name, user, password, password2.
type FirstAdmin struct {
	Shell
	Code, Name, Account string
	Errors              Errors
}

// Persona is one made-up worker of the demo.
type Persona struct {
	ID, Name, Role, Unit, Sees string
	Initials                   string
}

// Personas lets a visitor of the demo choose whom to be. POST /sign-in: persona.
type Personas struct {
	Shell
	Personas []Persona
}

// Problem tells kindly what went wrong, and what to do.
type Problem struct {
	Shell
	Kind   fault.Kind
	Detail string // in words, when the fault says more than its kind; may be empty
	Ref    string // reference for support
	Retry  string // path to try again; empty: none
}

func (p Problem) word() string {
	switch p.Kind {
	case fault.NotFound:
		return "not_found"
	case fault.Denied:
		return "denied"
	case fault.Invalid:
		return "invalid"
	case fault.Conflict:
		return "conflict"
	case fault.Gone:
		return "gone"
	case fault.Unavailable:
		return "unavailable"
	case fault.SignIn:
		return "sign_in"
	}
	return "internal"
}

// Page is the view.
func (p SignIn) Page() templ.Component { return signIn(p) }

// Page is the view.
func (p SecondStep) Page() templ.Component { return secondStep(p) }

// Page is the view.
func (p ResetPage) Page() templ.Component { return resetPage(p) }

// Page is the view.
func (p FirstAdmin) Page() templ.Component { return firstAdmin(p) }

// Page is the view.
func (p Personas) Page() templ.Component { return personas(p) }

// Page is the view: with the navigation when somebody is signed in, without it otherwise.
func (p Problem) Page() templ.Component {
	if p.User == "" {
		return problemPlain(p)
	}
	return problemInside(p)
}
