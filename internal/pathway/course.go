package pathway

import (
	"slices"

	"polku/internal/civil"
	"polku/internal/entry"
)

// takeCourse adds what moves the path itself: start, phases, pauses, exit, reopening, another model version.
func (v *Evaluator) takeCourse(e *entry.Entry) {
	h := &v.h
	if b, ok := e.Body.(*entry.Start); ok {
		if h.status == NotStarted {
			v.start(e, b)
		}
		return
	}
	if h.status == NotStarted {
		return
	}
	switch b := e.Body.(type) {
	case *entry.Phase:
		if h.status != Closed && b.Phase != h.now().phase {
			v.enter(b.Phase, e.Day)
		}
	case *entry.Pause:
		if h.status == Closed {
			return
		}
		if h.status == Open {
			h.status = Paused
			h.pauses = append(h.pauses, pause{from: e.Day})
		}
		h.pauseCheck, h.pauseEntry = b.Check, e.ID
	case *entry.Resume:
		if h.status == Paused {
			h.endPause(e.Day)
		}
	case *entry.Exit:
		if h.status != Closed {
			h.leave(e, b)
		}
	case *entry.Reopen:
		if h.status == Closed {
			v.reopen(e, b)
		}
	case *entry.ModelMove:
		v.move(e, b)
	}
}

func (v *Evaluator) start(e *entry.Entry, b *entry.Start) {
	h := &v.h
	h.status, h.started, h.clock = Open, e.Day, e.Day
	if b.Imported > e.Day {
		h.pauses = append(h.pauses, pause{from: e.Day, to: b.Imported, unseen: true})
		h.clock = b.Imported
	}
	v.pin(b.Model, b.Version)
	phase := b.Phase
	if phase == "" && h.model != nil && len(h.model.phases) > 0 {
		phase = h.model.phases[0].p.ID
	}
	v.enter(phase, e.Day)
	if h.responsibleSince.IsZero() {
		h.responsibleSince = e.Day
	}
}

// pin makes a version of a model the one that holds.
func (v *Evaluator) pin(model, version string) {
	h := &v.h
	h.model, h.modelID, h.version = nil, model, version
	if v.models != nil {
		h.model = compile(v.models.Get(model, version))
	}
	if h.model == nil {
		h.tellUnknown("model/" + model + "@" + version)
	}
}

// enter begins a stay in a phase and ends the one before, the day earlier.
func (v *Evaluator) enter(phase string, day civil.Date) {
	h := &v.h
	if len(h.visits) > 0 && h.now().to.IsZero() {
		h.now().to = day - 1
	}
	w := visit{phase: phase, model: h.model, rules: h.model.phase(phase), since: day, from: day, nth: h.stays(phase) + 1}
	if w.rules == nil && h.model != nil {
		h.tellUnknown("phase/" + phase)
	}
	h.visits = append(h.visits, w)
}

// move pins the path to another version from a day. A phase whose name stays, or is mapped to a new name, goes
// on: its clocks are not wound back.
func (v *Evaluator) move(e *entry.Entry, b *entry.ModelMove) {
	h := &v.h
	v.pin(b.Model, b.Version)
	if h.status == Closed {
		return
	}
	old := h.now()
	since, nth := old.since, old.nth
	old.moved = true
	phase := old.phase
	if to := b.Phases[phase]; to != "" && to != phase {
		phase, nth = to, h.stays(to)+1 // the new name may be that of an earlier stay
	}
	old.to = e.Day - 1
	w := visit{phase: phase, model: h.model, rules: h.model.phase(phase), since: since, from: e.Day, nth: nth, continues: true}
	if w.rules == nil && h.model != nil {
		h.tellUnknown("phase/" + phase)
	}
	h.visits = append(h.visits, w)
}

// stays counts the stays in a phase; one that goes on under another version and the same name counts once.
func (h *history) stays(phase string) int {
	n := 0
	for i := range h.visits {
		w := &h.visits[i]
		if w.phase == phase && !(w.continues && h.visits[i-1].phase == phase) {
			n++
		}
	}
	return n
}

func (h *history) endPause(day civil.Date) {
	h.status = Open
	h.pauses[len(h.pauses)-1].to = day
	h.pauseCheck, h.pauseEntry = 0, ""
}

func (h *history) leave(e *entry.Entry, b *entry.Exit) {
	switch b.Step {
	case entry.ExitAsked:
		h.exitAsked, h.exitAskedOn = b, e.Day
	case entry.ExitAccepted:
		h.exitAsked, h.exitAskedOn = b, e.Day
	case entry.ExitWithdrawn:
		h.exitAsked = nil
	case entry.ExitDone:
		if h.status == Paused {
			h.endPause(e.Day)
		}
		h.status, h.closed, h.exit, h.exitAsked = Closed, e.Day, b, nil
		h.exits++
		h.wish = nil
		h.now().to = e.Day
	}
}

// reopen makes a closed path go on. In the same phase the stay goes on and the closed days count as paused.
func (v *Evaluator) reopen(e *entry.Entry, b *entry.Reopen) {
	h := &v.h
	h.pauses = append(h.pauses, pause{from: h.closed, to: e.Day})
	h.status, h.clock, h.exit, h.closed, h.wish = Open, e.Day, nil, 0, nil
	h.stepEnded = e.Day
	if b.Phase == "" || b.Phase == h.now().phase {
		h.now().to = 0
		return
	}
	v.enter(b.Phase, e.Day)
}

// plan fills the ends of a stay that its lengths give.
func (v *Evaluator) plan(w *visit) {
	if w.rules == nil {
		return
	}
	if p := w.rules.p; !p.Target.IsZero() {
		if end, stopped := v.clockOver(w.since, p.Target, false); !stopped {
			w.plannedEnd = end - 1
		}
	}
	if p := w.rules.p; !p.AtMost.IsZero() {
		if end, stopped := v.clockOver(w.since, p.AtMost, false); !stopped {
			w.lastEnd = end - 1
		}
	}
}

func (h *history) tellUnknown(what string) {
	if !slices.Contains(h.unknown, what) {
		h.unknown = append(h.unknown, what)
	}
}
