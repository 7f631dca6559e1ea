package view

import (
	"strings"

	"github.com/a-h/templ"

	"polku/internal/civil"
	"polku/internal/entry"
)

// PlanPage is the plan that is worked on, with goals, reviews and versions. GET /c/{id}/plan. Fields of its forms: rev,
// kind, strengths, f_ID, part_ID (save); goal, words, theme, state (goal); goal, ready or what, owner, who, by (action);
// task, outcome, why (action/end); kind, done, goes_on, with, version (review).
type PlanPage struct {
	Shell
	Who   Identity
	Kinds []Option // the kinds that the path may have
	Kind  string   // the one that is shown
	Title string
	Law   string // section that asks for this kind; empty: the service does
	Note  string

	Rev       int
	Kept      string // when it was saved last, and by whom; empty: never
	Offered   string // since when the client has been reading it; empty: not offered
	Answer    string // what the client would change
	Answered  string
	Newest    *PlanVersion
	ReviewBy  civil.Date
	ReviewLaw string
	ReadyBy   civil.Date // by when the first one must be there; zero: no limit, or it is there
	ReadyLaw  string

	Strengths    string
	StrengthsNow string // after a conflict: how they are by now
	Goals        []PlanGoal
	Themes       []Option
	Parts        []Option
	Fields       []PlanField
	Missing      int // fields that say nothing yet
	Versions     []PlanVersion
	Reviews      []PlanReview
	Open         bool   // the path goes on: the plan may be worked on
	Which        string // form that a mistake is in: save, goal, action, review
	About        string // id of the goal that the mistake is about
	Errors       Errors
	Typed        map[string]string // what was typed in that form
}

// PlanField is a content of the plan.
type PlanField struct {
	ID, Title, Hint, Law, Type, Text string
	Filled                           bool   // Text was brought from the journal and is not saved yet
	Known                            string // what the journal tells beside it; may be empty
	Now                              string // after a conflict: how it is by now
	Error                            string
}

// PlanGoal is a goal with what is done for it.
type PlanGoal struct {
	ID, Theme, ThemeID, Words, Why string
	State                          entry.GoalState
	Set, Ended                     civil.Date
	Actions                        []PlanAction
	Ready                          []PlanReady
}

// PlanAction is what somebody does for a goal.
type PlanAction struct {
	Task, What, Owner string
	By, Ended         civil.Date
	Outcome           entry.TaskOutcome // empty: open
}

// PlanReady is a ready action that one tap adds.
type PlanReady struct {
	ID, Text, Owner string
	By              civil.Date
	Own             bool // of the unit
}

// PlanVersion is an accepted version in a list.
type PlanVersion struct {
	Entry, Title string
	Version      int
	Day          civil.Date
	Accepted     []string // who, how, when
}

// PlanReview is a review in a list.
type PlanReview struct {
	Title, Done, GoesOn, With, Author string
	Day                               civil.Date
}

// PlanText is a plan to be read: as it is signed, as it was accepted, as the client has it.
type PlanText struct {
	Title, Sub string
	Strengths  []string
	Goals      []PlanGoal
	Fields     []PlanField // Title, Law, Text
	Accepted   []PlanSigned
}

// PlanSigned is one acceptance.
type PlanSigned struct {
	Line    string
	Strokes string // SVG path data; may be empty
}

// PlanSign goes through the plan and accepts it. GET and POST /c/{id}/plan/sign. Fields: kind, digest, rev, how, name,
// strokes, day, party_ID, party_day_ID.
type PlanSign struct {
	Shell
	Who      Identity
	Kind     string
	Digest   string
	Rev      int
	Text     PlanText
	Missing  []PlanField // contents that the law or the service asks for and that say nothing
	Stop     []PlanField // what must be told before signing
	Empty    bool
	Offered  string
	Parties  []Option
	Portal   bool // the client has a page of their own
	Name     string
	Day      string
	Which    string // app, screen, paper
	Errors   Errors
	PartyVal map[string]string
}

// PlanVersionPage is one accepted version with what changed in it; without one, the draft. GET /c/{id}/plan/version.
type PlanVersionPage struct {
	Shell
	Who     Identity
	Query   string // names the same plan in other addresses
	Text    PlanText
	Before  int // number of the version before; 0: this is the first
	Changes []PlanChange
}

// PlanChange is one difference between two versions.
type PlanChange struct{ Title, Was, Now string }

// PlanBlocks are texts to be copied into another register. GET /c/{id}/plan/text.
type PlanBlocks struct {
	Shell
	Who    Identity
	Title  string
	Sub    string
	Query  string // of the plain file
	Blocks []PlanField
	All    string
}

// PlanActions is the library of a unit's own ready actions. GET and POST /plan-actions. Fields: unit, text, theme, owner, days.
type PlanActions struct {
	Shell
	Groups []PlanActionGroup
	Units  []Option // the ones that the person looks after; none: only reading
	Themes []Option
	Owners []Option
	Typed  map[string]string
	Errors Errors
}

// PlanActionGroup is the ready actions of a theme.
type PlanActionGroup struct {
	Name  string
	Lines []PlanReady
}

// Page is the view.
func (p PlanPage) Page() templ.Component { return planPage(p) }

// Page is the view.
func (p PlanSign) Page() templ.Component { return planSign(p) }

// Page is the view.
func (p PlanVersionPage) Page() templ.Component { return planVersion(p) }

// Page is the view.
func (p PlanBlocks) Page() templ.Component { return planBlocks(p) }

// Page is the view.
func (p PlanActions) Page() templ.Component { return planActions(p) }

// errors are the mistakes of one form.
func (p PlanPage) errors(which, about string) Errors {
	if p.Which == which && p.About == about {
		return p.Errors
	}
	return nil
}

// typed is what was typed in one form, so that nothing is lost.
func (p PlanPage) typed(which, about, field string) string {
	if p.Which == which && p.About == about {
		return p.Typed[field]
	}
	return ""
}

func (p PlanPage) themesFor(chosen string) []Option {
	all := append([]Option{{Text: p.T("plan.no_theme_yet")}}, p.Themes...)
	for i := range all {
		all[i].On = all[i].Value == chosen
	}
	return all
}

func (p PlanPage) owners(chosen string) []Option { return ownerOptions(p.Shell, or(chosen, "client")) }

func ownerOptions(s Shell, chosen string) []Option {
	var all []Option
	for _, o := range []entry.Owner{entry.ByClient, entry.ByWorker, entry.ByOther} {
		all = append(all, Option{Value: string(o), Text: s.T("plan.owner." + string(o)), On: chosen == string(o)})
	}
	return all
}

// act is the address of a command of the page.
func (p PlanPage) act(name string) string { return "/c/" + p.Who.ID + "/plan/" + name }

// field gives a content as the form's field.
func (f PlanField) field() Field {
	x := Field{Name: "f_" + f.ID, Label: f.Title, Hint: f.Hint, Value: f.Text, Error: f.Error, Rows: 3}
	switch f.Type {
	case "day":
		x.Type, x.Width, x.Rows = "date", "m", 0
	case "line":
		x.Rows = 0
	}
	return x
}

// id of the field for copying.
func (f PlanField) copyID() string { return "copy-" + f.ID }

// Strengths gives the strengths of a plan, one by one.
func Strengths(text string) []string {
	var all []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}
