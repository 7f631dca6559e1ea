package view

import (
	"github.com/a-h/templ"

	"polku/internal/civil"
)

// Transfers lists what the reader is asked to take over, and the transfers that they lead. GET and POST /transfers.
type Transfers struct {
	Shell
	Asked        []TransferAsk
	Lines        []TransferLine
	From, To     []Option // for a new one; no From: the reader leads none
	Statutes     []Option
	Why          string
	Errors       Errors
	AnswerErrors Errors
	AnswerWhy    string
}

// TransferAsk is one transfer's clients whom the reader is asked to take over. POST /transfers/{id}/answer.
type TransferAsk struct {
	ID, Title, Why string
	Lines          []AskedLine
	Waiting        int // not answered yet
}

// AskedLine is one client of them.
type AskedLine struct {
	Path, Name, Sender, Step string
	By                       civil.Date
	Ban, Accepted            bool
}

// TransferLine is a transfer in the list.
type TransferLine struct{ ID, Title, State, When string }

// TransferPage is one transfer. GET /transfers/{id}; POST …, /rows, /ask, /run, /finish, /undo.
type TransferPage struct {
	Shell
	ID, Title, Why, State, Controller string
	Crosses, Draft, MayUndo           bool
	Sums                              []SumLine
	All, Open, Sure                   int // Sure: waiting and staying, which Open must equal
	Whole                             bool
	AllEnded                          bool // nobody waits any more
	Ready, Accepted, Moved            int  // rows that may be asked; that move next; that have moved
	Phases                            []PhaseLine
	Statutes, Exits                   []Option
	Shows                             []Option // Value is the state, Hint how many
	Show                              string
	Rows                              []TransferRow
	Shown                             int // rows of this state, on all pages
	Nth, Pages                        int // which page of rows, from 1
	Receivers                         []Option
	Errors                            Errors
}

// SumLine is one of the four sums.
type SumLine struct {
	Text string
	N    int
	Now  bool // something is to be done
}

// PhaseLine is what moving means for those in one phase.
type PhaseLine struct {
	ID, Name, To string
	Paths        int
	Owed         []string
	Choices      []Option
}

// TransferRow is a path of a transfer.
type TransferRow struct {
	Path, Href, Name, Phase, Worker, Step string
	By                                    civil.Date
	State, Receiver, Ground, Why          string
	Ban, Contacted, Fixed                 bool // Fixed: nothing can be decided of it any more
	Moved                                 bool
}

// TransferRowPage shows what moving changes for one client. GET /transfers/{id}/path/{path}.
type TransferRowPage struct {
	Shell
	ID, Title, Name string
	Changes         []Change
}

// Page is the view.
func (p Transfers) Page() templ.Component { return transfers(p) }

// Page is the view.
func (p TransferPage) Page() templ.Component { return transferPage(p) }

// Page is the view.
func (p TransferRowPage) Page() templ.Component { return transferRowPage(p) }

func (p TransferPage) at(page int) string {
	return "/transfers/" + p.ID + "?show=" + p.Show + "&page=" + itoa(page)
}

// where says in which phase and with whom a path is; one that has closed is in none.
func (r TransferRow) where() string {
	if r.Phase == "" {
		return r.Worker
	}
	return r.Phase + " · " + r.Worker
}
