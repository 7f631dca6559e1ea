package pathway

import (
	"slices"

	"polku/internal/civil"
	"polku/internal/entry"
)

// fold reads the arranged entries in order and fills the history as it is known on a day.
func (v *Evaluator) fold(today civil.Date) {
	h := &v.h
	h.reset(today)
	for _, e := range v.entries {
		if e.Day > today {
			if from := knownFrom(e); from > today {
				v.mayChange(from)
				continue
			}
		}
		v.take(e)
	}
	for i := range h.visits {
		v.plan(&h.visits[i])
	}
}

// take adds one known entry to the history.
func (v *Evaluator) take(e *entry.Entry) {
	h := &v.h
	switch b := e.Body.(type) {
	case *entry.Contact:
		v.takeContact(e, b)
	case *entry.Attendance:
		h.attendances = append(h.attendances, e)
		h.lastContact = max(h.lastContact, e.Day)
		h.missed = h.missed[:0]
		if n := len(h.days); n > 0 && h.days[n-1].day == e.Day {
			h.days[n-1].minutes += e.Minutes
		} else {
			h.days = append(h.days, workDay{e.Day, e.Minutes})
		}
	case *entry.Absence:
		switch b.Reason {
		case entry.Unexplained:
			h.stayedAway(e.Day)
		case entry.ByOrganiser: // nobody was expected after all
		default:
			h.missed = h.missed[:0]
		}
	case *entry.Task:
		h.setTask(e, b)
	case *entry.TaskEnd:
		if i := slices.IndexFunc(h.tasks, func(t task) bool { return t.id == b.Task }); i >= 0 {
			h.tasks = slices.Delete(h.tasks, i, i+1)
			h.stepEnded = max(h.stepEnded, e.Day)
		}
	case *entry.Excuse:
		h.excuses = append(h.excuses, excuse{b, e.Day})
	case *entry.Measure:
		h.measures = append(h.measures, e)
	case *entry.Plan:
		h.plans = append(h.plans, planDay{b.Plan, e.Day, e.ID})
	case *entry.Review:
		h.plans = append(h.plans, planDay{b.Plan, e.Day, e.ID})
	case *entry.Checkpoint:
		h.setMark(e, b)
	case *entry.Offer:
		h.offers = append(h.offers, e)
	case *entry.FollowUp:
		h.followUps = append(h.followUps, e)
	case *entry.Wish:
		if h.status == Closed && (h.wish == nil || h.excuse("return/"+h.wish.Day.String()) != nil) {
			h.wish = e
		}
	case *entry.WorkPeriod:
		h.setPeriod(b)
	case *entry.WorkPeriodEnd:
		h.endPeriod(b)
	case *entry.Credit:
		h.credited = append(h.credited, b.Satisfies...)
	case *entry.Relation:
		h.takeRelation(e, b)
	case *entry.Handoff:
		h.takeHandoff(e, b)
	default:
		v.takeCourse(e)
	}
}

// takeContact adds a contact. Only a held one with the client is two-way.
func (v *Evaluator) takeContact(e *entry.Entry, b *entry.Contact) {
	h := &v.h
	switch b.Result {
	case entry.Booked:
		h.booked = append(h.booked, e)
		return
	case entry.Cancelled:
		h.outcomes = append(h.outcomes, outcome{b.With, e.Day, true})
		return
	case entry.Held:
		h.outcomes = h.outcome(b.With, e.Day)
		if b.With == "" {
			h.contacts = append(h.contacts, e)
			h.lastContact = max(h.lastContact, e.Day)
			h.missed = h.missed[:0]
			h.wish = nil // they have talked
		}
	case entry.NoShow:
		h.outcomes = h.outcome(b.With, e.Day)
		if b.With == "" {
			h.stayedAway(e.Day)
		}
	}
}

// outcome remembers the last day on which a contact with somebody took place or was waited for in vain.
func (h *history) outcome(with string, day civil.Date) []outcome {
	for i := range h.outcomes {
		if o := &h.outcomes[i]; !o.cancelled && o.with == with {
			o.day = max(o.day, day)
			return h.outcomes
		}
	}
	return append(h.outcomes, outcome{with, day, false})
}

// stayedAway counts a day on which the client was expected, did not come, and nobody knows why.
func (h *history) stayedAway(day civil.Date) {
	if n := len(h.missed); n == 0 || h.missed[n-1] != day {
		h.missed = append(h.missed, day)
	}
}

func (h *history) setTask(e *entry.Entry, b *entry.Task) {
	id := b.Task
	if id == "" {
		id = e.ID
	}
	for i := range h.tasks {
		if h.tasks[i].id == id {
			h.tasks[i] = task{b, id, e.ID}
			return
		}
	}
	h.tasks = append(h.tasks, task{b, id, e.ID})
}

func (h *history) setMark(e *entry.Entry, b *entry.Checkpoint) {
	phase := ""
	if len(h.visits) > 0 {
		phase = h.now().phase
	}
	m := mark{b.Area + "/" + b.Item, string(b.State), phase, e.Day}
	for i := range h.marks {
		if h.marks[i].id == m.id {
			h.marks[i] = m
			return
		}
	}
	h.marks = append(h.marks, m)
}

func (h *history) takeRelation(e *entry.Entry, b *entry.Relation) {
	switch {
	case b.Role == entry.Responsible && !b.Ended:
		h.setResponsible(b.Worker, e.Day)
	case b.Role == entry.Responsible && (b.Worker == "" || b.Worker == h.responsible):
		h.setResponsible("", e.Day)
	case b.Role == entry.Cover && !b.Ended:
		h.held = append(h.held, holder{worker: b.Worker, from: e.Day, until: b.Until, cover: true})
	case b.Role == entry.Cover:
		for i := range h.held {
			if r := &h.held[i]; r.cover && r.worker == b.Worker && (r.until.IsZero() || r.until > e.Day) {
				r.until = e.Day
			}
		}
	}
}

// setResponsible changes the responsible worker; an empty worker means nobody.
func (h *history) setResponsible(worker string, day civil.Date) {
	if worker == h.responsible {
		return
	}
	h.responsible, h.responsibleSince = worker, day
	h.held = append(h.held, holder{worker: worker, from: day})
}

func (h *history) takeHandoff(e *entry.Entry, b *entry.Handoff) {
	id := b.Handoff
	if id == "" {
		id = e.ID
	}
	i := slices.IndexFunc(h.handoffs, func(x handoff) bool { return x.id == id })
	if i < 0 {
		i = len(h.handoffs)
		h.handoffs = append(h.handoffs, handoff{id: id, from: b.From, to: b.To, offered: e.Day})
	}
	x := &h.handoffs[i]
	if b.To != "" {
		x.to = b.To
	}
	switch b.Step {
	case entry.HandoffOffered:
		x.open, x.offered = true, e.Day
	case entry.HandoffAccepted:
		x.open, x.accepted, x.answered, x.answer, x.why = false, e.Day, e.Day, e.ID, ""
		if x.to == "" {
			x.to = e.Author
		}
		h.accepted = id
		h.setResponsible(x.to, e.Day)
	case entry.HandoffDeclined:
		x.open, x.answered, x.answer, x.why = false, e.Day, e.ID, WhyDeclined
	case entry.HandoffWithdrawn:
		x.open, x.answered, x.answer, x.why = false, e.Day, e.ID, WhyWithdrawn
	case entry.HandoffFirstContact:
		x.contact, x.contactEntry = e.Day, e.ID
	}
}
