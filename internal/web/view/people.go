package view

import (
	"github.com/a-h/templ"

	"polku/internal/civil"
)

// Hit is a client that was found.
type Hit struct {
	Client, Name, Service, Worker string
	Year                          int    // year of birth; 0: not known
	State                         string // in words when the path is not open; else empty
	Ban                           bool
}

// Find finds a client. GET /find; POST /find: q, then (record: open the record form). A name never stands in an address.
type Find struct {
	Shell
	Q     string
	Then  string
	Asked bool // something was looked for
	Hits  []Hit
	More  bool // there are more than are shown

	Behind []string // clients of the reader's register with exactly this code or phone, whom they have no relation with
}

// Found is what Find found, alone, as it is fetched with each letter: the header "Polku-Part: results".
type Found Find

func (p Find) href(h Hit) templ.SafeURL {
	if p.Then == "record" {
		return p.URL("/c/" + h.Client + "/record")
	}
	return p.URL("/c/" + h.Client)
}

// NewClient adds a client. GET and POST /new-client: last, first, hetu, phone, email, language, service, source,
// responsible, ban (1), the fields of StepForm, anyway (1 after a duplicates notice), id.
type NewClient struct {
	Shell
	ID                               string // new client's id, made at GET
	Last, First, Hetu, Phone, Email  string
	Languages, Services, Sources, Of []Option // Of: who is responsible
	Ban                              bool
	Step                             StepForm
	Duplicates                       []Hit // people who may be the same; then the field anyway is offered
	Errors                           Errors
}

// SprintOne is a client whose real next step is to be set.
type SprintOne struct {
	Client, Name, Service, Last, Worker string // Last: the newest known thing, in words
	StepID                              string
	Step                                StepForm
	Replaces                            string // id of the task "Tarkista tuonti" that goes away
}

// Sprint sets many next steps in one sitting, one client at a time.
// GET /sprint?after=CLIENT; POST /sprint: client, replaces, step_id, the fields of StepForm, do (save|skip).
type Sprint struct {
	Shell
	Done, Total int
	One         *SprintOne // nil: all are set
	Rest        []Row      // who follow
	Errors      Errors
}

// ModelLine is a service model in the list.
type ModelLine struct {
	Href, Title, For, Version string
	Open                      int // paths open under it in the reader's scope
}

// Models lists the service models. GET /models.
type Models struct {
	Shell
	Models []ModelLine
}

// Table of a model page.
type Table struct {
	Head []string
	Rows [][]string
}

// Section of a model page.
type Section struct {
	ID, Title string
	Level     int // 1, or 2 for a section within the one before
	Paras     []string
	Items     []string
	Tables    []Table
}

// ModelPage tells what a service promises. GET /models/{model}/{version}.
type ModelPage struct {
	Shell
	Title, For, Version, Register string
	Sections                      []Section
	Versions                      []PathTab
}

// Figure of a rule pack.
type Figure struct {
	Name, Value, Source string
	From, To            civil.Date
	Verified            bool
	Note                string
}

// Pack of rules.
type Pack struct {
	ID, Title string
	Figures   []Figure
}

// Rules shows every figure with its source, and which were not read there yet. GET /rules?show=unverified.
type Rules struct {
	Shell
	Packs      []Pack
	Unverified int
	Only       bool // only the unverified ones are shown
}

// Page is the view.
func (p Find) Page() templ.Component { return findPage(p) }

// Page is the view.
func (p Found) Page() templ.Component { return findPart(Find(p)) }

// Page is the view.
func (p NewClient) Page() templ.Component { return newClient(p) }

// Page is the view.
func (p Sprint) Page() templ.Component { return sprint(p) }

// Page is the view.
func (p Models) Page() templ.Component { return models(p) }

// Page is the view.
func (p ModelPage) Page() templ.Component { return modelPage(p) }

// Page is the view.
func (p Rules) Page() templ.Component { return rules(p) }
