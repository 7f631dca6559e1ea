package view

import (
	"github.com/a-h/templ"

	"polku/internal/civil"
)

// RestrictionLine is a restriction of processing in words.
type RestrictionLine struct {
	ID, What, Why, By string
	Made, Lifted      civil.Date // Lifted zero: stands
	LiftedWhy         string
}

// HoldLine is a legal hold in words.
type HoldLine struct {
	ID, Why, By   string
	Register      bool // over the whole register: ended there
	From, To      civil.Date
	Ended         civil.Date // zero: stands
	EndedWhy      string
	InForce, Mine bool
}

// Asking is a client's open request that a form answers; its ID empty: none.
type Asking struct{ ID, What string }

// Rights is what the client may have done with their data. GET /c/{id}/rights; POST /c/{id}/copy (format pdf|json, lang),
// /c/{id}/restrict (entry, why), /c/{id}/restrict/lift (restriction, lifted_why), /c/{id}/hold (why, to), /c/{id}/hold/end
// (hold, ended_why), /c/{id}/erase (entry, ground, why). Each takes petition, the request that it answers.
type Rights struct {
	Shell
	Who          Identity
	Register     string
	Kept         string // how long, in words; empty: not known
	Langs        []Option
	Entries      []Option // what a restriction may cover: everything, or one entry
	Restrictions []RestrictionLine
	Holds        []HoldLine
	Which        string // the form with mistakes
	Why, To      string
	Asked        Asking   // the client's request that a form here answers
	Erasable     []Option // entries that may go alone
	Grounds      []Option
	MayErase     bool // may ask for a second person's word
	Errors       Errors
}

// Page renders the page.
func (p Rights) Page() templ.Component { return rights(p) }

func (p Rights) errors(form string) Errors {
	if form == p.Which {
		return p.Errors
	}
	return nil
}

// ApprovalLine is a request in words.
type ApprovalLine struct {
	ID, What, Why, By, State, Answered string
	Asked, Until                       civil.Date
	CanAgree, CanRefuse, CanRun        bool
	Client                             string // of a request about one client's entry
}

// Approvals is what waits for a second person. GET /approvals; POST /approvals/{id} (answer yes|no).
type Approvals struct {
	Shell
	Lines  []ApprovalLine
	Errors Errors
}

// Page renders the page.
func (p Approvals) Page() templ.Component { return approvals(p) }

// DueLine is what has fallen due of one register and class.
type DueLine struct {
	Register, Class, Rule string
	Since                 civil.Date
	Free, Stopped         int
	Unread                bool // the figure has not been read in its source yet
}

// ProofLine is the proof of a destruction.
type ProofLine struct {
	At                   civil.Date
	Class, Register, Who string
	Rows                 int
	Holds                bool
}

// Retention is what has fallen due and what was destroyed. GET /retention; POST /retention (why).
type Retention struct {
	Shell
	Due     []DueLine
	Unknown []string
	Proofs  []ProofLine
	Why     string
	Errors  Errors
}

// Page renders the page.
func (p Retention) Page() templ.Component { return retention(p) }

// TouchedLine is one client of a breach list: the id only.
type TouchedLine struct {
	Client, Register         string
	Seen, Changed, Disclosed int
	First, Last              string
}

// Breach is whose data an account touched. GET /breach; POST /breach (worker, session, from, to; format csv|page).
type Breach struct {
	Shell
	Workers           []Option
	Session, From, To string
	Asked             bool
	Touched           []TouchedLine
	Errors            Errors
}

// Page renders the page.
func (p Breach) Page() templ.Component { return breachList(p) }
