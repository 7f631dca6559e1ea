package pathway

import (
	"slices"
	"sync"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/model"
	"polku/internal/ruleset"
)

// Evaluate says how one path stands on a day. It is a pure function: the same input gives the same State,
// whatever the order of entries. entries are those of one path (Path is not looked at), with corrections and
// days still to come; see arrange.go for what counts on a day. models without the path's model, nil rules and
// a nil calendar are allowed: what cannot be judged is named in State.Unknown, and a nil calendar has no
// holidays. A path of 200 entries takes under 20 µs.
func Evaluate(models *model.Set, rules *ruleset.Set, cal *civil.Calendar, entries []entry.Entry, today civil.Date) State {
	return evaluate(models, rules, cal, entries, today, false)
}

// EvaluateAll is Evaluate with every obligation since the start in State.Obligations: each window on a line of
// its own, met and missed ones and those of earlier phases too. Fidelity reports count these.
func EvaluateAll(models *model.Set, rules *ruleset.Set, cal *civil.Calendar, entries []entry.Entry, today civil.Date) State {
	return evaluate(models, rules, cal, entries, today, true)
}

var evaluators = sync.Pool{New: func() any { return new(Evaluator) }}

func evaluate(models *model.Set, rules *ruleset.Set, cal *civil.Calendar, entries []entry.Entry, today civil.Date, all bool) State {
	v := evaluators.Get().(*Evaluator)
	defer evaluators.Put(v)
	v.models, v.rules, v.cal = models, rules, cal
	if cal == nil {
		v.cal = noHolidays
	}
	if all {
		return v.EvaluateAll(entries, today)
	}
	return v.Evaluate(entries, today)
}

var noHolidays = civil.NewCalendar(nil)

// Evaluator judges many paths one after another and keeps its working memory between them. It is for one
// goroutine at a time.
type Evaluator struct {
	models *model.Set
	rules  *ruleset.Set
	cal    *civil.Calendar

	entries []*entry.Entry // in order, corrected
	h       history
	s       State
	all     bool // every obligation, see EvaluateAll
	sure    civil.Date
	maybe   civil.Date
	spare   []*entry.Entry
	used    []*entry.Entry
	firsts  []*entry.Entry
	taken   []bool
}

// NewEvaluator makes one. nil rules and a nil calendar are allowed, as in Evaluate.
func NewEvaluator(models *model.Set, rules *ruleset.Set, cal *civil.Calendar) *Evaluator {
	if cal == nil {
		cal = noHolidays
	}
	return &Evaluator{models: models, rules: rules, cal: cal}
}

// Evaluate is the function of that name.
func (v *Evaluator) Evaluate(entries []entry.Entry, today civil.Date) State {
	v.arrange(entries)
	s := v.on(today, false)
	s.NextChange = v.nextChange(&s)
	return s
}

// EvaluateAll is the function of that name.
func (v *Evaluator) EvaluateAll(entries []entry.Entry, today civil.Date) State {
	v.arrange(entries)
	s := v.on(today, false)
	next := v.nextChange(&s)
	s = v.on(today, true)
	s.NextChange = next
	return s
}

// on judges the arranged entries as of a day. State.NextChange is left for nextChange.
func (v *Evaluator) on(today civil.Date, all bool) State {
	v.all, v.sure, v.maybe = all, 0, 0
	v.fold(today)
	h := &v.h
	v.s = State{Today: today, Status: h.status, Model: h.modelID, Version: h.version, Started: h.started}
	s := &v.s
	if h.status == NotStarted {
		s.Obligations, s.Signals = []Obligation{}, []Signal{}
		s.Group, s.Rank = GroupNone, Rank{Class: NoSignal}
		return *s
	}
	s.Obligations = make([]Obligation, 0, v.guess())
	s.Signals = make([]Signal, 0, 4)
	s.Responsible, s.LastContact = h.responsible, h.lastContact
	if h.status == Closed {
		s.Closed, s.ClosedTo = h.closed, h.exit.To
		if all {
			v.phases()
			v.reviews()
		}
		v.followUps()
		v.wished()
	} else {
		v.phaseHead()
		v.nextStep()
		v.phases()
		v.reviews()
		v.firstContact()
		v.handoffs()
		v.exitAsked()
		v.silence()
		v.absences()
		v.limits()
	}
	v.obligationSignals()
	v.stations()
	s.Unknown = h.unknown
	v.rank()
	return *s
}

// guess is a likely number of obligations, so that they are laid out once.
func (v *Evaluator) guess() int {
	n := 4
	if len(v.h.visits) > 0 {
		if p := v.h.visits[len(v.h.visits)-1].rules; p != nil {
			n += 3*len(p.cadences) + len(p.topics) + len(p.offers) + len(p.measures)
		}
	}
	return n
}

// phaseHead fills what State says of the phase and the pause.
func (v *Evaluator) phaseHead() {
	h, s := &v.h, &v.s
	now := &h.visits[len(h.visits)-1]
	s.Phase, s.PhaseSince = now.phase, now.since
	s.PhaseDay = int(h.today-now.since) + 1 - h.pausedDays(now.since, h.today)
	if h.status == Paused {
		p := h.pauses[len(h.pauses)-1]
		s.PausedSince, s.PauseCheck = p.from, h.pauseCheck
	}
}

// stations draws the path: the model's phases, the checkpoints touched, the exit.
func (v *Evaluator) stations() {
	h, s := &v.h, &v.s
	n := len(h.marks) + 1
	if h.model != nil {
		n += len(h.model.phases)
	}
	s.Stations = make([]Station, 0, n)
	if h.model != nil {
		for i := range h.model.phases {
			s.Stations = append(s.Stations, v.phaseStation(h.model.phases[i].p.ID))
		}
	}
	for _, m := range h.marks {
		s.Stations = append(s.Stations, Station{Kind: StationCheckpoint, ID: m.id, State: m.state, From: m.day, Phase: m.phase})
	}
	switch {
	case h.status == Closed:
		s.Stations = append(s.Stations, Station{Kind: StationExit, ID: h.exit.To, State: "done", From: h.closed})
	case h.exitAsked != nil:
		s.Stations = append(s.Stations, Station{Kind: StationExit, ID: h.exitAsked.To, State: "chosen", From: h.exitAskedOn})
	}
}

func (v *Evaluator) phaseStation(id string) Station {
	h := &v.h
	st := Station{Kind: StationPhase, ID: id, State: "ahead"}
	if slices.Contains(h.credited, id) {
		st.State = "credited"
	}
	for i := range h.visits {
		w := &h.visits[i]
		if w.phase != id {
			continue
		}
		st.From, st.To = w.since, w.to
		if st.State != "credited" {
			st.State = "done"
		}
		if i == len(h.visits)-1 && h.status != Closed {
			st.To = w.plannedEnd
			if st.State != "credited" {
				st.State = "now"
			}
		}
	}
	return st
}
