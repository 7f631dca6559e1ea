package view

import (
	"github.com/a-h/templ"

	"polku/internal/civil"
)

// PetitionLine is one request of a client about their data.
type PetitionLine struct {
	ID, Client, Name, Kind, What, State, Handler string
	Open                                         bool
	Came, Due, Ended                             civil.Date
}

// Petitions lists requests. GET /requests.
type Petitions struct {
	Shell
	Open, Ended []PetitionLine
	Reviews     bool // the reader reviews the logs too
}

// ClientPetitions is what one client has asked, with the form for a new one. GET and POST /c/{id}/requests: kind, what,
// way, came.
type ClientPetitions struct {
	Shell
	ID, Name, What, Came string
	List                 []PetitionLine
	Kinds, Ways          []Option
	Errors               Errors
}

// Petition is one request. GET /requests/{id}; POST the same: do, rev, answer, appeal, extend_why; the answer as PDF at
// /requests/{id}/letter.pdf.
type Petition struct {
	Shell
	Line                                 PetitionLine
	Rev                                  int64
	Way, MadeBy, Law                     string
	Said, SaidAppeal, ExtendedWhy        string // how it ended
	Answer, Appeal, ExtendWhy            string // as typed
	Refused, Extendable, Mine, MayDecide bool
	Tools                                []Option // value: path
	Errors                               Errors
}

// Page is the view.
func (p Petitions) Page() templ.Component { return petitions(p) }

// Page is the view.
func (p ClientPetitions) Page() templ.Component { return clientPetitions(p) }

// Page is the view.
func (p Petition) Page() templ.Component { return petition(p) }
