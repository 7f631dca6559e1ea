package pathway

import (
	"cmp"
	"slices"

	"polku/internal/civil"
	"polku/internal/entry"
)

// nextStep lists the open tasks and finds the next step: the earliest one with an owner and a day, booked
// contacts among them, home tasks not. In a pause it is the day on which the pause is checked.
func (v *Evaluator) nextStep() {
	h, s := &v.h, &v.s
	if n := len(h.tasks) + len(h.booked); n > 0 {
		s.Tasks = make([]OpenTask, 0, n)
	}
	for _, t := range h.tasks {
		worker := t.t.Worker
		if t.t.Owner == entry.ByWorker && worker == "" {
			worker = h.responsible
		}
		s.Tasks = append(s.Tasks, OpenTask{Task: t.id, What: t.t.What, Owner: t.t.Owner, Worker: worker, By: t.t.By, Minute: t.t.Minute,
			Place: t.t.Place, From: t.t.From, Entry: t.entry, Form: t.t.Form, Minutes: t.t.Minutes, Offer: t.t.Offer})
	}
	for _, e := range h.booked {
		if b := e.Body.(*entry.Contact); !h.over(b.With, e.Day) {
			s.Tasks = append(s.Tasks, OpenTask{Task: e.ID, Owner: entry.ByWorker, Worker: e.Author, By: e.Day, Minute: max(e.Minute, 0),
				From: entry.FromNextStep, Entry: e.ID, Booked: b.Form})
		}
	}
	slices.SortFunc(s.Tasks, func(a, b OpenTask) int {
		return cmp.Or(cmp.Compare(dayOrLast(a.By), dayOrLast(b.By)), cmp.Compare(a.Minute, b.Minute), cmp.Compare(a.Task, b.Task))
	})
	if h.status == Paused && !h.pauseCheck.IsZero() {
		s.NextStep = &OpenTask{Task: h.pauseEntry, Owner: entry.ByWorker, Worker: h.responsible, By: h.pauseCheck, From: entry.FromPause,
			Entry: h.pauseEntry}
	}
	for i := range s.Tasks {
		if t := &s.Tasks[i]; s.NextStep == nil && !t.By.IsZero() && t.Owner != "" && t.From != entry.FromHome &&
			(h.status != Paused || t.From == entry.FromPause) {
			s.NextStep = t
		}
	}
	v.nextStepSignals()
}

// over tells whether a booked contact is history: one with the same person took place, or was waited for in
// vain, on its day or later, or it was called off.
func (h *history) over(with string, day civil.Date) bool {
	for _, o := range h.outcomes {
		if o.with == with && (o.day == day || o.day > day && !o.cancelled) {
			return true
		}
	}
	return false
}

func dayOrLast(d civil.Date) civil.Date {
	if d.IsZero() {
		return 1<<31 - 1
	}
	return d
}

// nextStepSignals says that the next step or the responsible worker is missing, or the step overdue.
func (v *Evaluator) nextStepSignals() {
	h, s := &v.h, &v.s
	const source = "model:promises/next_step"
	if h.responsible == "" {
		v.signal(Signal{Class: SignalNextStep, Key: "signal.no_responsible", Since: max(h.responsibleSince, h.clock), Source: source})
	}
	step := s.NextStep
	switch {
	case step == nil && h.status == Paused:
		v.signal(Signal{Class: SignalNextStep, Key: "signal.pause_check_missing", Since: s.PausedSince, Source: source})
	case step == nil:
		since := max(h.clock, h.stepEnded)
		for _, o := range h.outcomes {
			if len(h.booked) > 0 && !o.cancelled {
				since = max(since, o.day)
			}
		}
		v.signal(Signal{Class: SignalNextStep, Key: "signal.next_step_missing", Since: since, Source: source})
	default:
		if step.By < h.today {
			key := "signal.next_step_overdue"
			if h.status == Paused {
				key = "signal.pause_check_overdue"
			}
			v.signal(Signal{Class: SignalNextStep, Key: key, Since: step.By + 1, Source: source, About: step.Task, Args: map[string]any{"day": step.By}})
		}
		v.willChange(step.By + 1)
	}
}

// silence says that nobody has been in two-way contact with the client for longer than promised. Coming to a
// group is contact. A pause stops the clock.
func (v *Evaluator) silence() {
	h := &v.h
	span := h.model.promises().Silence
	if span.IsZero() || h.status == Paused {
		return
	}
	last := max(h.lastContact, h.clock)
	due, _ := v.clock(last, span)
	if h.today > due {
		v.signal(Signal{Class: SignalSilence, Key: "signal.silence", Since: due + 1, Source: "model:promises/silence", Args: map[string]any{"last": last}})
		return
	}
	v.willChange(due + 1)
}

// absences says that the client has been expected and stayed away, unexplained, too many days in a row.
func (v *Evaluator) absences() {
	h := &v.h
	n := h.model.promises().AbsencesInRow
	if n <= 0 || len(h.missed) < n || h.status == Paused {
		return
	}
	v.signal(Signal{Class: SignalAbsences, Key: "signal.absences_in_row", Since: h.missed[n-1], Source: "model:promises/absences_in_row",
		Args: map[string]any{"count": len(h.missed), "last": h.missed[len(h.missed)-1]}})
}

// obligationSignals turns overdue obligations into signals, and notes the days on which statuses change.
func (v *Evaluator) obligationSignals() {
	s := &v.s
	for i := range s.Obligations {
		o := &s.Obligations[i]
		switch o.Status {
		case Upcoming, Due, Late:
			v.willChange(o.From)
			if !o.Due.IsZero() {
				v.willChange(o.Due + 1)
				v.willChange(o.Until + 1)
			}
		case Overdue:
			class, key := overdueSignal(o)
			v.signal(Signal{Class: class, Key: key, Since: o.Until + 1, Source: o.Source, About: o.ID,
				Args: map[string]any{"rule": o.Rule, "phase": o.Phase, "day": o.Due}})
		}
	}
}

// overdueSignal gives the class and the key of an overdue obligation.
func overdueSignal(o *Obligation) (Class, string) {
	switch o.Kind {
	case OwesReview:
		if o.Source[:min(4, len(o.Source))] == "law:" {
			return SignalLegalReview, "signal.legal_review_overdue"
		}
		return SignalMeasureMissing, "signal.review_overdue"
	case OwesRenewal:
		return SignalLegalReview, "signal.renewal_overdue"
	case OwesOffer:
		return SignalMeasureMissing, "signal.offer_overdue"
	case OwesFollowUp:
		return SignalMeasureMissing, "signal.follow_up_overdue"
	case OwesContact:
		return SignalExitWaiting, "signal.first_contact_missing"
	case OwesExit:
		return SignalExitWaiting, "signal.exit_waiting"
	case OwesExitContact:
		return SignalExitWaiting, "signal.exit_contact_missing"
	case OwesReturn:
		return SignalHandoff, "signal.return_overdue"
	case OwesHandoff:
		if o.Rule == "answer" {
			return SignalHandoff, "signal.handoff_unanswered"
		}
		return SignalExitWaiting, "signal.handoff_contact_missing"
	case OwesPhaseEnd:
		return SignalPhaseOver, "signal.phase_over"
	}
	return SignalMeasureMissing, "signal.measure_missing"
}

// soonDays is how far the group "soon" looks ahead.
const soonDays = 7

// rank orders the signals and finds the path's place on the Today page.
func (v *Evaluator) rank() {
	s, today := &v.s, v.h.today
	slices.SortStableFunc(s.Signals, func(a, b Signal) int {
		return cmp.Or(cmp.Compare(a.Class, b.Class), cmp.Compare(a.Since, b.Since), cmp.Compare(a.Key, b.Key), cmp.Compare(a.About, b.About))
	})
	s.Rank = Rank{Class: NoSignal}
	if len(s.Signals) > 0 {
		s.Rank = Rank{s.Signals[0].Class, s.Signals[0].Since}
	} else if s.NextStep != nil {
		s.Rank.Since = s.NextStep.By
	}
	var due civil.Date // the earliest day on which something is due; zero: none
	open := false
	for i := range s.Obligations {
		o := &s.Obligations[i]
		if s.Status == Closed && o.Kind != OwesFollowUp && o.Kind != OwesReturn {
			continue // an earlier phase's: EvaluateAll lists it, nobody owes it any more
		}
		switch o.Status {
		case Due, Late, Overdue, Upcoming:
			open = true
			if !o.Due.IsZero() && (due.IsZero() || o.Due < due) {
				due = o.Due
			}
		}
	}
	step := civil.Date(0)
	if s.NextStep != nil {
		step = s.NextStep.By
	}
	if !step.IsZero() && (due.IsZero() || step < due) {
		due = step
	}
	switch {
	case s.Rank.Class <= SignalAbsences, !step.IsZero() && step <= today:
		s.Group = GroupNow
		return
	case s.Rank.Class <= SignalMeasureMissing:
		s.Group = GroupWaiting
	case s.Rank.Class <= SignalPhaseEnding, !due.IsZero() && due <= today+soonDays:
		s.Group = GroupSoon
	case s.Status == Closed && !open:
		s.Group = GroupNone
	default:
		s.Group = GroupCalm
		v.willChange(due - soonDays)
	}
	v.willChange(step) // then it is for now
}
