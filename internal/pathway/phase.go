package pathway

import (
	"slices"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/model"
)

// phases judges what the stays in phases ask: the one that goes on, and what stays open of earlier ones (their
// end measures). EvaluateAll judges every stay in full.
func (v *Evaluator) phases() {
	h := &v.h
	for i := range h.visits {
		w := &h.visits[i]
		last := i == len(h.visits)-1
		if w.rules == nil || w.to != 0 && w.to < w.from || !last && !v.all {
			continue
		}
		credited := slices.Contains(h.credited, w.phase)
		for j := range w.rules.cadences {
			if !credited {
				v.cadence(i, &w.rules.cadences[j])
			}
		}
		if w.moved {
			continue // the new version asks the rest, for the whole stay
		}
		if !credited {
			v.topics(w)
		}
		v.offersOf(w)
		if last && w.to.IsZero() {
			v.length(w)
		}
	}
	v.measuresOf()
}

// covered tells, for each topic of a stay, which contact covered it first; nil: none yet.
func (v *Evaluator) covered(w *visit) []*entry.Entry {
	v.firsts = append(v.firsts[:0], make([]*entry.Entry, len(w.rules.topics))...)
	left := len(v.firsts)
	for _, e := range v.h.contacts {
		if left == 0 {
			break
		}
		b, ok := e.Body.(*entry.Contact)
		if !ok || e.Day < w.since || !w.to.IsZero() && e.Day > w.to {
			continue
		}
		for _, t := range b.Topics {
			for k := range v.firsts {
				if v.firsts[k] == nil && w.rules.topics[k].name == t {
					v.firsts[k] = e
					left--
				}
			}
		}
	}
	return v.firsts
}

// topics are open through the phase: they have no day of their own, and close with it.
func (v *Evaluator) topics(w *visit) {
	for k, e := range v.covered(w) {
		r := &w.rules.topics[k]
		o := Obligation{ID: stayID(w, r.id), Kind: OwesTopic, Rule: r.name, Phase: w.phase, Who: v.h.responsible,
			From: w.since, Status: Due, Source: r.source}
		switch {
		case e != nil:
			o.Status, o.MetBy = Met, []string{e.ID}
		case v.ended(w):
			o.Status, o.Due, o.Until = Missed, w.to, w.to
		}
		v.owe(o)
	}
}

// ended tells whether a stay's last day has gone by, or the path was closed on it.
func (v *Evaluator) ended(w *visit) bool {
	return !w.to.IsZero() && (w.to < v.h.today || v.h.status == Closed)
}

// offersOf judges the offers of a stay. Any offer entry of the stay meets one: declined is an answer too.
func (v *Evaluator) offersOf(w *visit) {
	for k := range w.rules.offers {
		r, rule := &w.rules.offers[k], &w.rules.p.Offers[k]
		o := Obligation{ID: stayID(w, r.id), Kind: OwesOffer, Rule: r.name, Phase: w.phase, Who: v.h.responsible,
			From: w.since, Source: r.source}
		var due civil.Date
		var stopped bool
		if !rule.By.IsZero() {
			due, stopped = v.clock(w.since, rule.By)
		}
		v.byDay(&o, due, due, stopped)
		for _, e := range v.h.offers {
			b := e.Body.(*entry.Offer)
			if b.Offer != r.name || e.Day < w.since || !w.to.IsZero() && e.Day > w.to {
				continue
			}
			if len(o.MetBy) == 0 {
				o.meet(e.Day, e.ID)
			}
			o.Why = ""
			if b.State == entry.OfferDeclined {
				o.Why = WhyDeclined
			}
		}
		if len(o.MetBy) == 0 && v.ended(w) {
			o.Status = Missed
		}
		v.owe(o)
	}
}

// Reasons that go with an answer: an offer or a hand-off met with no, a hand-off called off by its sender.
const (
	WhyDeclined  = "declined"
	WhyWithdrawn = "withdrawn"
)

// meet marks an obligation as met on a day by an entry.
func (o *Obligation) meet(day civil.Date, id string) {
	o.Status, o.MetBy = Met, []string{id}
	if !o.Due.IsZero() && day > o.Due {
		o.Status = MetLate
	}
}

// measuresOf judges the measures of all stays, the newest first, so that one entry meets one obligation and an
// end measure taken in the next phase goes to the earlier stay only when the later one does not ask for it yet.
func (v *Evaluator) measuresOf() {
	h := &v.h
	v.taken = append(v.taken[:0], make([]bool, len(h.measures))...)
	for _, standing := range [2]bool{false, true} {
		for i := len(h.visits) - 1; i >= 0; i-- {
			w := &h.visits[i]
			if w.rules == nil || w.moved || len(w.rules.measures) == 0 || slices.Contains(h.credited, w.phase) {
				continue
			}
			for k := range w.rules.measures {
				if m := &w.rules.p.Measures[k]; standing == endStands(w, m) {
					v.measure(w, &w.rules.measures[k], m, i == len(h.visits)-1)
				}
			}
		}
	}
}

// endStands tells whether a pause keeps the planned end of a stay from being known. Its end measure is then not asked for
// yet and takes only what the earlier stays leave.
func endStands(w *visit, m *model.Measure) bool {
	return m.When == "end" && w.to.IsZero() && w.plannedEnd.IsZero() && !w.rules.p.Target.IsZero()
}

// measure judges one measure of a stay. A start measure is due within its window and closes with the stay. An
// end measure opens its window before the planned end and is due on the stay's last day; once the path has moved
// on it is overdue and stays doable.
func (v *Evaluator) measure(w *visit, r *oneOffRule, m *model.Measure, last bool) {
	h := &v.h
	o := Obligation{ID: stayID(w, r.id), Kind: OwesMeasure, Rule: r.name, Phase: w.phase, Who: h.responsible, From: w.since, Source: r.source}
	window := m.Window.After(w.since, v.cal) - w.since
	opens, closes := w.since-window, civil.Date(0)
	if m.When == "end" {
		end := w.plannedEnd
		if !w.to.IsZero() {
			end = w.to
		}
		opens = w.since
		if !end.IsZero() && window > 0 {
			o.From = max(w.since, end-window+1)
		}
		if w.to.IsZero() {
			opens = o.From // later an earlier one of this stay counts too: pauses may have moved the end
		}
		due := v.stayEnd(w)
		v.byDay(&o, due, due, false)
	} else {
		closes = w.to
		var due civil.Date
		var stopped bool
		if !m.Window.IsZero() {
			due, stopped = v.clock(w.since, m.Window)
		}
		v.byDay(&o, due, due, stopped)
	}
	met := false
	for i, e := range h.measures {
		b := e.Body.(*entry.Measure)
		if v.taken[i] || b.Instrument != m.Instrument || b.When != m.When || e.Day < opens || !closes.IsZero() && e.Day > closes {
			continue
		}
		v.taken[i], met = true, true
		o.meet(e.Day, e.ID)
		break
	}
	ended := v.ended(w)
	if !met && ended && (m.When != "end" || h.status == Closed) {
		o.Status = Missed
	}
	if v.all || last && !(ended && o.Status == Missed) || !met && m.When == "end" && ended {
		v.owe(o)
	}
}

// noticeDays is how long before its end a phase, a review or a follow-up is brought up.
const noticeDays = 14

// length judges how long the stay has lasted against its target and its maximum.
func (v *Evaluator) length(w *visit) {
	h, today := &v.h, v.h.today
	args := func(day civil.Date) map[string]any { return map[string]any{"phase": w.phase, "day": day} }
	if end := w.lastEnd; !end.IsZero() && today > end-noticeDays {
		o := Obligation{ID: stayID(w, w.phase+"/phase_end"), Kind: OwesPhaseEnd, Rule: w.phase, Phase: w.phase, Who: h.responsible,
			From: end - noticeDays + 1, Source: w.rules.source + "/lasts"}
		v.byDay(&o, end, end, false)
		v.owe(o)
	}
	source := w.rules.source + "/lasts"
	switch target, end := w.plannedEnd, w.lastEnd; {
	case !end.IsZero() && today > end: // the obligation is overdue and signals itself
	case !end.IsZero() && today > end-noticeDays:
		v.signal(Signal{Class: SignalPhaseEnding, Key: "signal.phase_ending", Since: end - noticeDays + 1, Source: source, Args: args(end)})
	case !target.IsZero() && today > target:
		v.signal(Signal{Class: SignalPhaseEnding, Key: "signal.phase_past_target", Since: target + 1, Source: source, Args: args(target)})
	case !target.IsZero() && today > target-noticeDays:
		v.signal(Signal{Class: SignalPhaseEnding, Key: "signal.phase_ending", Since: target - noticeDays + 1, Source: source, Args: args(target)})
	}
	change := v.willChange
	if !w.lastEnd.IsZero() && today > w.lastEnd-noticeDays {
		change = v.mayChange // the longest length is told already, the target makes no difference
	}
	for _, end := range [2]civil.Date{w.plannedEnd, w.lastEnd} {
		if !end.IsZero() {
			change(end - noticeDays + 1)
			change(end + 1)
		}
	}
}
