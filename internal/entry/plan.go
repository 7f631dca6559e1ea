package entry

import "polku/internal/civil"

// Plan agreed with the client. One with a Version carries its whole content and who accepted it, and nobody may change
// it: what changes makes a new version. One without (Version 0) says only that a plan was agreed, and where it is is told
// in Text.
type Plan struct {
	Plan string `json:"plan"` // plan kind, e.g. activation-plan
	Text string `json:"text,omitempty"`

	Version   int          `json:"version,omitempty"`   // from 1, by path and kind
	Strengths string       `json:"strengths,omitempty"` // one a line
	Goals     []PlanGoal   `json:"goals,omitempty"`
	Fields    []PlanField  `json:"fields,omitempty"` // in the order of the kind, those that say something
	Accepted  []Acceptance `json:"accepted,omitempty"`
}

// PlanField is one of the contents that the law or the service asks of a plan.
type PlanField struct {
	Field string `json:"field"` // id, e.g. work_history; kinds that ask the same thing share it
	Text  string `json:"text"`
}

// PlanGoal is a goal as it stood when the plan was accepted.
type PlanGoal struct {
	Goal    string       `json:"goal"`
	Theme   string       `json:"theme,omitempty"`
	Words   string       `json:"words"`
	Reached bool         `json:"reached,omitempty"`
	Actions []PlanAction `json:"actions,omitempty"`
}

// PlanAction is what somebody does for a goal.
type PlanAction struct {
	Task   string     `json:"task"`
	What   string     `json:"what"`
	Owner  Owner      `json:"owner"`
	Worker string     `json:"worker,omitempty"` // worker id, when Owner is worker
	Who    string     `json:"who,omitempty"`    // when Owner is other
	By     civil.Date `json:"by"`
	Done   bool       `json:"done,omitempty"`
}

// Party of a plan.
type Party string

// Parties. A plan has no version without the first two.
const (
	PartyClient    Party = "client"
	PartyWorker    Party = "worker"
	PartyAuthority Party = "employment-authority" // 189/2001 s. 8.4, 381/2023 s. 4
	PartyCounty    Party = "county"               // wellbeing services county
	PartyKela      Party = "kela"
)

// How a party accepted.
type How string

// Ways of accepting.
const (
	InApp    How = "app"    // strongly identified, on their own page; a worker: signed in
	OnScreen How = "screen" // signed on the worker's screen
	OnPaper  How = "paper"  // signed on paper, which is kept elsewhere
)

// Acceptance of a plan by a party.
type Acceptance struct {
	Party   Party      `json:"party"`
	How     How        `json:"how"`
	Name    string     `json:"name,omitempty"`   // as they wrote it
	Worker  string     `json:"worker,omitempty"` // worker id, when Party is worker
	Day     civil.Date `json:"day"`
	Strokes string     `json:"strokes,omitempty"` // drawn signature as SVG path data of M and L only, in a box of 600 by 200
}

// Review of a plan. The newer fields are empty in reviews recorded without the plan page.
type Review struct {
	Plan    string `json:"plan"`
	Text    string `json:"text,omitempty"`
	Done    string `json:"done,omitempty"`    // what was done since the last one
	GoesOn  string `json:"goes_on,omitempty"` // what goes on, and how
	Version int    `json:"version,omitempty"` // the version that was looked at
	With    string `json:"with,omitempty"`    // who was there, in words
}

// GoalState of a goal.
type GoalState string

// States of a goal.
const (
	GoalSet     GoalState = "set"
	GoalReached GoalState = "reached"
	GoalDropped GoalState = "dropped"
)

// Goal of the client, in their own words. A later entry with the same Goal id replaces it: other words, reached, dropped.
// What is done for it are tasks that name it.
type Goal struct {
	Goal  string    `json:"goal"` // UUIDv7; the id of the entry that set it
	Theme string    `json:"theme,omitempty"`
	Words string    `json:"words"`
	State GoalState `json:"state"`
	Why   string    `json:"why,omitempty"`
}

// StationState of a checkpoint.
type StationState string

// States of a checkpoint.
const (
	Chosen      StationState = "chosen"
	Reached     StationState = "reached"
	StationLeft StationState = "dropped"
)

// Evidence that a checkpoint was reached. A file or photo is linked to the entry's id and needs no word here.
type Evidence string

// Kinds of evidence. Empty: what Text says.
const (
	EvidenceNote        Evidence = "note"
	EvidenceAttendance  Evidence = "attendance"
	EvidenceCertificate Evidence = "certificate"
)

// Checkpoint (rasti): a station of the path chosen, reached or dropped.
type Checkpoint struct {
	Area     string       `json:"area"` // e.g. work
	Item     string       `json:"item"` // e.g. cv
	State    StationState `json:"state"`
	Text     string       `json:"text,omitempty"`
	Evidence Evidence     `json:"evidence,omitempty"`
}

// Stays tells whether nobody may correct the entry or take it back: a plan that both sides have accepted.
func (e *Entry) Stays() bool {
	p, is := e.Body.(*Plan)
	return is && p.Version > 0
}

// Kind methods: one per body.
func (*Plan) Kind() Kind       { return KindPlan }
func (*Review) Kind() Kind     { return KindReview }
func (*Goal) Kind() Kind       { return KindGoal }
func (*Checkpoint) Kind() Kind { return KindCheckpoint }
