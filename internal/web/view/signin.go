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
