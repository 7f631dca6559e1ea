package view

import (
	"github.com/a-h/templ"

	"polku/internal/civil"
)

// Guidance is the page of a client on which they are guided to other services. GET and POST /c/{id}/services;
// POST /c/{id}/services/answer.
type Guidance struct {
	Shell
	Who       Identity
	Done      []GuidedLine
	Proposals []ProposalLine
	Why       []string // themes by which the proposals were chosen, in words
	Text      string   // search words
	Found     []ProposalLine
	Searched  bool
	Chosen    *ProposalLine // the listing whose form is open
	Hows      []Option
	Agreed    string
	Step      StepForm
	Open      bool // the path is open: something may be recorded
	Errors    Errors
}

// ProposalLine is a listing that may suit the client.
type ProposalLine struct {
	ListingLine
	Fits []string // what speaks for it, in words
}

// GuidedLine is guidance that has been recorded.
type GuidedLine struct {
	ID, Listing, Name, How, State, Text, Answer, By string
	Day                                             civil.Date
	Open                                            bool // not known yet how it ended
	Answers                                         []Option
}

// ServiceCard is a listing as the client takes it along: printed, or copied into a message. GET /c/{id}/card/{listing}.
type ServiceCard struct {
	Shell
	ID, Listing string
	In          string // language of the card
	Langs       []Option
	Name, Text  string
	Facts       [][2]string // what the card says, in its language
	Foreign     bool        // the description is in Finnish, since nobody has put it into this language
	Plain       string      // the same as text, for a message
	FromWhom    string
}

// PortalServices are the services that have been suggested to a participant. GET /p/services.
type PortalServices struct {
	Portal
	Lines []PortalService
}

// PortalService is one of them, in the participant's language.
type PortalService struct {
	Name, Text, State string
	Facts             [][2]string
	Gone              bool // no longer offered
}

// Page is the view.
func (p Guidance) Page() templ.Component { return guidance(p) }

// Page is the view.
func (p ServiceCard) Page() templ.Component { return serviceCard(p) }

// Page is the view.
func (p PortalServices) Page() templ.Component { return portalServices(p) }
