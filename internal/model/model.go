// Package model owns the service model language: what a service promises, as data. It is pure: it reads
// YAML bytes, explains mistakes line by line, and never looks at a clock or a database. The language is
// told in doc/model-language.md.
package model

import "polku/internal/civil"

// Model is one version of a service model, checked and complete. It never changes after Parse.
type Model struct {
	Model      string          // id, e.g. tyokykya-ja-hyvinvointia
	Version    string          // e.g. 2026-1
	Lineage    Lineage         // the version or model that this one came from
	Title      Text            // name of the service
	For        Text            // for whom
	About      Text            // a few sentences for a reader outside the house; may be empty
	InUse      Period          // the days this version was or is in life; zero ends: open
	House      string          // house that the service shares with others, a word; empty: none
	Register   string          // kind of register, a word of "registers"
	Rules      []string        // rule packs of rules/, e.g. rehabilitative-work-activity
	StartsFrom []StartsFrom    // what a previous service's work may satisfy on arrival
	Entry      Entry           // how people come in
	Promises   Promises        // next step, silence, hand-off
	Phases     []Phase         // in order; the first is where a path starts
	Areas      []Area          // checkpoints (rasti) by area, in order
	Reviews    []Review        // of plans, by law or promise
	Exits      []Exit          // destinations
	Staffing   Staffing        // for capacity and simulation
	Words      map[string]Text // names of ids that this model adds to the shared vocabulary
	lines      map[string]int  // line of each rule in its file, by Source path
}

// Lineage of a model.
type Lineage struct{ From string }

// Period of days, both included; a zero end is open.
type Period struct{ From, To civil.Date }

// Text in the three languages. A missing language falls back to Finnish.
type Text struct{ FI, SV, EN string }

// In gives the text in "fi", "sv" or "en"; Finnish where the language has none.
func (t Text) In(lang string) string {
	switch {
	case lang == "sv" && t.SV != "":
		return t.SV
	case lang == "en" && t.EN != "":
		return t.EN
	}
	return t.FI
}

// StartsFrom lets a phase of a previous model satisfy phases of this one.
type StartsFrom struct {
	Model, Phase string
	Satisfies    []string
}

// Entry rules of a service.
type Entry struct {
	Sources            []string
	ReferralAsks       []string
	FirstContactWithin civil.Span
	EligibleIf         *Condition // nil: everybody
	Voluntary          bool       // nobody is put on this path against their will
	Discreet           bool       // coming in must not show outside: reception, messages and titles stay neutral
}

// Condition is a fixed form: either All or Any of conditions, or one comparison of Field Op Value.
type Condition struct {
	All, Any []Condition
	Field    string // a name of Fields
	Op       Op
	Value    any             // string, int64, float64, bool or []string, as the field's type asks
	own      map[string]Text // the model's own words, to say values
}

// Op of a comparison.
type Op string

// Comparisons.
const (
	Is      Op = "is"
	IsNot   Op = "is_not"
	AtLeast Op = "at_least"
	AtMost  Op = "at_most"
	OneOf   Op = "one_of"
	Known   Op = "known"
)

// Promises that hold through every phase.
type Promises struct {
	NextStep bool       // "always": nobody without a dated next step. False cannot be said.
	Silence  civil.Span // without two-way contact; zero: none
	// AbsencesInRow that raise a signal when unexplained; 0: none.
	AbsencesInRow int
	HandoffAnswer civil.Span // the receiver answers within
	HandoffFirst  civil.Span // and meets the client within, counted from acceptance
}

// Phase of a path.
type Phase struct {
	ID       string
	Title    Text
	Target   civil.Span // planned length; zero: open-ended
	AtMost   civil.Span // longest; zero: none
	Cadences []Cadence
	Topics   []string
	Tasks    []string // home programme: tasks that clients do in their own everyday life
	Offers   []Offer
	Measures []Measure
	EndsWhen []string // topics-covered, plan-agreed, checkpoint-reached, measures-done
	LeadsTo  []string // phase ids and "exit"
}

// Every is the window of a cadence.
type Every string

// Windows: ISO weeks, calendar months, the phase as a whole.
const (
	EveryWeek  Every = "week"
	EveryMonth Every = "month"
	EveryPhase Every = "phase"
)

// Do says what meets a cadence.
type Do string

// What a cadence asks for.
const (
	DoMeeting    Do = "meeting"    // contact held as meeting or visit (any mode)
	DoContact    Do = "contact"    // any two-way contact with the client
	DoAttendance Do = "attendance" // attendance entries
)

// Cadence: do this, at least so often, in each window.
type Cadence struct {
	ID      string
	Title   Text // may be empty: then made from Do
	Do      Do
	With    string   // "responsible": by the responsible worker of the day; empty: by anybody
	Forms   []string // forms of contact that count; empty: the default of Do
	AtLeast int      // entries a window, 1 or more
	Hours   int      // minutes asked in the window, sum; 0: none. Written as hours in YAML.
	Every   Every
	Grace   civil.Span // after the window's last day
	Minutes int        // planned length of one, for capacity
	Themes  []string
	Day     int // usual weekday 1–7; 0: any. For planning only.
}

// Offer of a phase.
type Offer struct {
	ID     string
	Kind   string
	By     civil.Span // from the phase's start; zero: no date
	AtMost civil.Span // how long it lasts at most
	Budget Budget
}

// Budget of an offer.
type Budget struct {
	Cents  int64  // whole cents; 0: none
	Per    string // client, group, month
	Shared string // id of a shared appropriation
}

// Measure to be taken.
type Measure struct {
	Instrument string
	When       string     // start or end of the phase
	Window     civil.Span // days after the phase's start, or before its end
}

// Area of checkpoints.
type Area struct {
	ID    string
	Items []string
}

// Review of a plan, at regular intervals.
type Review struct {
	Plan  string
	Every civil.Span
	Law   string // statute section when the law asks it; empty: the service's own promise
}

// Exit destination.
type Exit struct {
	To       string
	Receiver bool // somebody must accept before the path closes
	FollowUp []civil.Span
	Final    bool // nothing is owed and all sending stops (death)
}

// Staffing for capacity and simulation.
type Staffing struct {
	Meeting    Work
	Attendance Work
	Roles      []Staff
}

// Work that one meeting or group session takes.
type Work struct {
	Minutes int // the thing itself
	Around  int // preparing and recording
	GroupOf int
	Leaders int
}

// Staff of one role, in full-time equivalents ×100.
type Staff struct {
	Role string
	FTE  int
}

// Key names a version: "model@version".
func (m *Model) Key() string { return m.Model + "@" + m.Version }

// Phase by id; nil when the model has none such.
func (m *Model) Phase(id string) *Phase {
	for i := range m.Phases {
		if m.Phases[i].ID == id {
			return &m.Phases[i]
		}
	}
	return nil
}

// Exit by destination; nil when the model has none such.
func (m *Model) Exit(to string) *Exit {
	for i := range m.Exits {
		if m.Exits[i].To == to {
			return &m.Exits[i]
		}
	}
	return nil
}

// Line gives the line of a rule in the model's file, 0 when unknown. Source is a path such as
// "phases/kartoitus/cadences/yksilo"; it is what State names as the source of an obligation.
func (m *Model) Line(source string) int { return m.lines[source] }

// Set holds models by version. It never changes after it is made.
type Set struct {
	byKey map[string]*Model
	all   []*Model
}

// NewSet makes a set; a later model with the same key wins.
func NewSet(models ...*Model) *Set {
	s := &Set{byKey: map[string]*Model{}}
	for _, m := range models {
		if s.byKey[m.Key()] == nil {
			s.all = append(s.all, m)
		}
		s.byKey[m.Key()] = m
	}
	return s
}

// Get gives a version; nil when the set has none such.
func (s *Set) Get(model, version string) *Model { return s.byKey[model+"@"+version] }

// All gives every version, in the order they were added.
func (s *Set) All() []*Model { return s.all }

// Newest gives the last added version of a model; nil when the set has none.
func (s *Set) Newest(model string) *Model {
	var newest *Model
	for _, m := range s.all {
		if m.Model == model {
			newest = s.byKey[m.Key()]
		}
	}
	return newest
}
