package view

import (
	"github.com/a-h/templ"

	"polku/internal/civil"
)

// ReviewLine is one unusual read in words.
type ReviewLine struct {
	Day                                     civil.Date
	WorkerID, ClientID, WhyWord             string // what the forms send back
	Worker, Client, Why, About, When, Times string
	State, Note, Reviewer, Explanation      string
	Open, Asked, Wrong                      bool
}

// Review lists a week's unusual reads. GET /logs?to=DAY; POST /logs looks again; POST /logs/mark: day, worker, client, why,
// state, note, to.
type Review struct {
	Shell
	From, To civil.Date
	Open     int
	Reads    []ReviewLine
}

// Asked is what a worker is asked to explain. GET and POST /logs/mine: day, client, why, explanation.
type Asked struct {
	Shell
	Reads  []ReviewLine
	Errors Errors
}

// Page is the view.
func (p Review) Page() templ.Component { return review(p) }

// Page is the view.
func (p Asked) Page() templ.Component { return asked(p) }
