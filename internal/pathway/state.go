// Package pathway is the engine: from a path's entries and the promises of its models it computes what is
// due. It is a pure function: no clock, no database. Design: every result names its source.
package pathway

import (
	"strings"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/model"
)

// Status of a path.
type Status string

// Statuses.
const (
	NotStarted Status = "not_started" // no start entry on or before today
	Open       Status = "open"
	Paused     Status = "paused"
	Closed     Status = "closed"
)

// State is what the engine says of one path on one day.
type State struct {
	Today       civil.Date   `json:"today"`
	Status      Status       `json:"status"`
	Model       string       `json:"model"`
	Version     string       `json:"version"`
	Phase       string       `json:"phase,omitempty"`
	PhaseSince  civil.Date   `json:"phase_since,omitempty"`
	PhaseDay    int          `json:"phase_day,omitempty"` // 1 on the first day; pauses not counted
	Started     civil.Date   `json:"started,omitempty"`
	Closed      civil.Date   `json:"closed,omitempty"`
	ClosedTo    string       `json:"closed_to,omitempty"` // destination of the exit
	PausedSince civil.Date   `json:"paused_since,omitempty"`
	PauseCheck  civil.Date   `json:"pause_check,omitempty"`
	Responsible string       `json:"responsible,omitempty"` // worker id
	NextStep    *OpenTask    `json:"next_step,omitempty"`
	Tasks       []OpenTask   `json:"tasks,omitempty"` // every open one, earliest first
	Obligations []Obligation `json:"obligations"`     // open and recent ones, see Obligation
	Signals     []Signal     `json:"signals"`         // most urgent first
	Group       Group        `json:"group"`           // where Today shows the path
	Rank        Rank         `json:"rank"`
	Stations    []Station    `json:"stations,omitempty"`     // phases and checkpoints, for the picture
	LastContact civil.Date   `json:"last_contact,omitempty"` // two-way, with the client
	NextChange  civil.Date   `json:"next_change,omitempty"`  // first later day on which State differs if nothing is recorded; zero: never
	Unknown     []string     `json:"unknown,omitempty"`      // what could not be judged: "rules/<pack>@<day>" (limit not known for that date), "model/<id>@<version>", "phase/<id>"
}

// OpenTask is an agreed thing still open.
type OpenTask struct {
	Task   string         `json:"task"`
	What   string         `json:"what"`
	Owner  entry.Owner    `json:"owner"`
	Worker string         `json:"worker,omitempty"`
	By     civil.Date     `json:"by"`
	Minute int            `json:"minute,omitempty"`
	Place  string         `json:"place,omitempty"`
	From   entry.TaskFrom `json:"from"`
	Entry  string         `json:"entry"`            // id of the entry that set it
	Booked entry.Form     `json:"booked,omitempty"` // set when this is a booked contact: its form; Task is then the entry's id
	// Of a task that is a booked meeting: how it is held, and its planned length in minutes (0: not said).
	Form    entry.Form `json:"form,omitempty"`
	Minutes int        `json:"minutes,omitempty"`
	Offer   string     `json:"offer,omitempty"` // offer of the model that it is booked for
}

// ObligationStatus tells how an obligation stands today.
type ObligationStatus string

// Statuses of obligations.
const (
	Upcoming ObligationStatus = "upcoming" // opens later
	Due      ObligationStatus = "due"      // open, not late
	Late     ObligationStatus = "late"     // past its due day, within grace
	Overdue  ObligationStatus = "overdue"  // past grace, one-off: still to be done
	Missed   ObligationStatus = "missed"   // a cadence window that closed unmet
	Met      ObligationStatus = "met"
	MetLate  ObligationStatus = "met_late" // filled by an entry within grace
	Excused  ObligationStatus = "excused"  // window does not count: holiday, pause, start; see Why
	CouldNot ObligationStatus = "could_not"
	Waived   ObligationStatus = "waived"
)

// ObligationKind tells what is owed.
type ObligationKind string

// Kinds of obligations.
const (
	OwesCadence  ObligationKind = "cadence"
	OwesTopic    ObligationKind = "topic"
	OwesOffer    ObligationKind = "offer"
	OwesMeasure  ObligationKind = "measure"
	OwesReview   ObligationKind = "review"
	OwesPhaseEnd ObligationKind = "phase_end" // the phase has a longest length
	OwesFollowUp ObligationKind = "follow_up"
	OwesHandoff  ObligationKind = "handoff" // answer or first contact
	OwesExit     ObligationKind = "exit"    // the receiver's answer
	// OwesExitContact is the receiver's first meeting with the client, after they said yes.
	OwesExitContact ObligationKind = "exit_contact"
	OwesReturn      ObligationKind = "return"        // an answer to somebody who wishes to come back to a closed path
	OwesContact     ObligationKind = "first_contact" // the first contact after the start of the path
	OwesRenewal     ObligationKind = "renewal"       // a period of rehabilitative work activity ends: the plan is renewed
)

// Obligation is one thing that the model or the law says somebody owes.
type Obligation struct {
	ID     string           `json:"id"` // stable: phase/cadence/2026-W07, phase/topic/cv, review/activation-plan/2026-03-01 …
	Kind   ObligationKind   `json:"kind"`
	Rule   string           `json:"rule"` // id of the cadence, topic, offer, instrument, plan, destination
	Phase  string           `json:"phase,omitempty"`
	Who    string           `json:"who,omitempty"` // worker id who owes it
	From   civil.Date       `json:"from"`          // open from
	Due    civil.Date       `json:"due"`           // last day; zero: no date
	Until  civil.Date       `json:"until"`         // last day of grace
	Status ObligationStatus `json:"status"`
	Done   int              `json:"done,omitempty"`  // entries, or minutes when Unit is minutes
	Asked  int              `json:"asked,omitempty"` // after proration
	Unit   string           `json:"unit,omitempty"`  // times, minutes
	MetBy  []string         `json:"met_by,omitempty"`
	Why    string           `json:"why,omitempty"`    // reason key (excused: "holiday", "paused", "part_window") or the words of an excuse
	Source string           `json:"source"`           // "model:phases/kartoitus/cadences/yksilo" or "law:189/2001 s. 9.3"
	Misses int              `json:"misses,omitempty"` // on a collapsed line: how many windows in a row were missed
	Since  civil.Date       `json:"since,omitempty"`  // on a collapsed line: From of the first of them
}

// MissedIDs gives the ids of a collapsed line's windows, newest first, so that each can be excused. Windows between
// them that were excused or did not count are among them; EvaluateAll tells them apart. Another line gives its id.
func (o *Obligation) MissedIDs() []string {
	ids := []string{o.ID}
	cut := strings.LastIndexByte(o.ID, '/')
	if o.Misses < 2 || cut < 0 {
		return ids
	}
	every := model.EveryMonth
	if strings.Contains(o.ID[cut:], "-W") {
		every = model.EveryWeek
	}
	for w := windowOf(every, o.From-1); w.last >= o.Since; w = windowOf(every, w.first-1) {
		if w.last < o.From {
			ids = append(ids, o.ID[:cut+1]+w.name(every))
		}
	}
	return ids
}

// Class of a signal: smaller is more urgent.
type Class int

// Classes in the order of urgency.
const (
	SignalNextStep       Class = 1 + iota // next step overdue or missing
	SignalExitWaiting                     // exit waiting for its receiver or first contact
	SignalHandoff                         // hand-off unanswered
	SignalLimitBroken                     // legal limit broken
	SignalLegalReview                     // legal review overdue
	SignalSilence                         // no two-way contact for long
	SignalAbsences                        // unexplained absences in a row
	SignalPhaseOver                       // phase over its maximum
	SignalCadenceMissed                   // cadence missed
	SignalMeasureMissing                  // measure missing, or own review, offer or follow-up overdue
	SignalLimitNear                       // legal limit near
	SignalPhaseEnding                     // phase near its end
	NoSignal             Class = 99
)

// Signal is one thing worth noticing.
type Signal struct {
	Class  Class          `json:"class"`
	Key    string         `json:"key"` // reason key of the catalogue: signal.next_step_overdue …
	Since  civil.Date     `json:"since"`
	Args   map[string]any `json:"args,omitempty"` // figures, days, rule ids; never text that people wrote
	Source string         `json:"source"`
	About  string         `json:"about,omitempty"` // obligation or task id
}

// Group of the Today page.
type Group string

// Groups of Today.
const (
	GroupNow     Group = "now"     // classes 1–7, or a next step due today
	GroupWaiting Group = "waiting" // classes 8–10: waits for the worker, nobody is in danger today
	GroupSoon    Group = "soon"    // classes 11–12, or a next step or obligation due within 7 days
	GroupCalm    Group = "calm"    // nothing within 7 days
	GroupNone    Group = "none"    // closed and nothing owed
)

// Rank orders a caseload: class first, then since, older first.
type Rank struct {
	Class Class      `json:"class"`
	Since civil.Date `json:"since"`
}

// StationKind of the path picture.
type StationKind string

// Kinds of stations.
const (
	StationPhase      StationKind = "phase"
	StationCheckpoint StationKind = "checkpoint"
	StationExit       StationKind = "exit"
)

// Station of the path picture, in the order they are drawn.
type Station struct {
	Kind  StationKind `json:"kind"`
	ID    string      `json:"id"`              // phase id, area/item, destination
	State string      `json:"state"`           // done, now, ahead, chosen, dropped, credited
	From  civil.Date  `json:"from,omitempty"`  // when it began or was reached
	To    civil.Date  `json:"to,omitempty"`    // when it ended, or is planned to
	Phase string      `json:"phase,omitempty"` // a checkpoint's phase when it was reached
}
