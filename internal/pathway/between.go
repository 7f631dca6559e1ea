package pathway

import (
	"strconv"

	"polku/internal/civil"
	"polku/internal/entry"
)

// reviews judges the reviews of plans: each is due a span after the last plan or review of its kind, at first
// after the start of the path. A waived review, or one that could not be held, counts the next from its due day.
func (v *Evaluator) reviews() {
	h := &v.h
	if h.model == nil {
		return
	}
	for k := range h.model.reviews {
		r := &h.model.reviews[k]
		if r.r.Every.IsZero() {
			continue
		}
		base := h.started
		for _, p := range h.plans {
			if p.plan != r.r.Plan || p.day <= base { // a plan made on the day it counts from says nothing new
				continue
			}
			if v.all {
				o := v.review(r, base)
				o.meet(p.day, p.id)
				v.owe(o)
			}
			base = p.day
		}
		if h.status == Closed {
			continue
		}
		o := v.review(r, base)
		for !o.Due.IsZero() && v.excuse(&o) {
			if v.all {
				v.s.Obligations = append(v.s.Obligations, o)
			}
			base = max(o.Due, base+1)
			o = v.review(r, base)
		}
		v.s.Obligations = append(v.s.Obligations, o)
	}
}

// review makes the review that is counted from base.
func (v *Evaluator) review(r *reviewRule, base civil.Date) Obligation {
	o := Obligation{ID: r.id + base.String(), Kind: OwesReview, Rule: r.r.Plan, Who: v.h.responsible, From: base, Source: r.source}
	due, stopped := v.clock(base, r.r.Every)
	if !stopped {
		o.From = max(base, due-noticeDays)
	}
	v.byDay(&o, due, due, stopped)
	if stopped {
		o.Status = Upcoming
	}
	return o
}

// firstContact judges the promise to meet whoever starts within a given time.
func (v *Evaluator) firstContact() {
	h := &v.h
	if h.model == nil || h.model.m.Entry.FirstContactWithin.IsZero() {
		return
	}
	o := Obligation{ID: "first_contact", Kind: OwesContact, Rule: "first_contact", Who: h.responsible, From: h.started,
		Source: "model:entry/first_contact_within"}
	due, stopped := v.clock(h.started, h.model.m.Entry.FirstContactWithin)
	v.byDay(&o, due, due, stopped)
	first := h.contacts
	if len(first) == 0 || len(h.attendances) > 0 && h.attendances[0].Day < first[0].Day {
		first = h.attendances
	}
	if len(first) > 0 {
		o.meet(first[0].Day, first[0].ID)
		if !v.all {
			return
		}
	}
	v.owe(o)
}

// handoffs judges the answers that receivers owe, and the first contact of the one who accepted last.
func (v *Evaluator) handoffs() {
	h := &v.h
	for i := range h.handoffs {
		x := &h.handoffs[i]
		if x.open || v.all {
			o := Obligation{ID: "handoff/" + x.id + "/answer", Kind: OwesHandoff, Rule: "answer", Who: x.to, From: x.offered,
				Source: "model:promises/handoff"}
			due, stopped := v.clock(x.offered, h.model.promises().HandoffAnswer)
			v.byDay(&o, due, due, stopped)
			if !x.open {
				o.meet(x.answered, x.answer)
				o.Why = x.why
			}
			v.owe(o)
		}
		current := h.accepted == x.id && x.to == h.responsible
		if !x.accepted.IsZero() && (current || v.all) {
			v.handoffContact(x, current)
		}
	}
}

// handoffContact judges the first contact of a receiver. It closes when the responsibility has moved on.
func (v *Evaluator) handoffContact(x *handoff, current bool) {
	h := &v.h
	o := Obligation{ID: "handoff/" + x.id + "/first_contact", Kind: OwesHandoff, Rule: "first_contact", Who: x.to, From: x.accepted,
		Source: "model:promises/handoff"}
	due, stopped := v.clock(x.accepted, h.model.promises().HandoffFirst)
	v.byDay(&o, due, due, stopped)
	if !x.contact.IsZero() {
		o.meet(x.contact, x.contactEntry)
	}
	for _, e := range h.contacts {
		if e.Day >= x.accepted && e.Author == x.to && (x.contact.IsZero() || e.Day < x.contact) {
			o.meet(e.Day, e.ID)
			break
		}
	}
	done := o.Status == Met || o.Status == MetLate
	if !done && !current {
		o.Status = Missed
	}
	if v.all || !done {
		v.owe(o)
	}
}

// exitAsked judges the answer of whoever was asked to receive the client.
func (v *Evaluator) exitAsked() {
	h := &v.h
	if h.exitAsked == nil {
		return
	}
	o := Obligation{ID: "exit/" + h.exitAsked.To + "/" + h.exitAskedOn.String(), Kind: OwesExit, Rule: h.exitAsked.To, Who: h.responsible,
		From: h.exitAskedOn, Source: "model:exits/" + h.exitAsked.To}
	due, stopped := v.clock(h.exitAskedOn, h.model.promises().HandoffAnswer)
	if h.exitAsked.Step == entry.ExitAccepted {
		o.ID = "exit/" + h.exitAsked.To + "/" + h.exitAskedOn.String() + "/contact"
		o.Kind = OwesExitContact
		if due, stopped = v.clock(h.exitAskedOn, h.model.promises().HandoffFirst); h.exitAsked.Contact > 0 {
			due, stopped = h.exitAsked.Contact, false
		}
	}
	v.byDay(&o, due, due, stopped)
	v.owe(o)
}

// answerWithin is how long somebody who wishes to come back waits for a call, in working days, where the model promises
// no time for a first contact.
const answerWithin = 3

// wished judges the answer owed to somebody who wishes to come back to a closed path: a held contact, a reopening, or an
// excuse. After a death nothing is owed. It calls from the first day, for the client waits.
func (v *Evaluator) wished() {
	h := &v.h
	x := h.model.exit(h.exit.To)
	if h.wish == nil || x != nil && x.Final {
		return
	}
	span := civil.Span{N: answerWithin, Unit: civil.WorkingDays}
	if h.model != nil && !h.model.m.Entry.FirstContactWithin.IsZero() {
		span = h.model.m.Entry.FirstContactWithin
	}
	due := span.After(h.wish.Day, v.cal)
	o := Obligation{ID: "return/" + h.wish.Day.String(), Kind: OwesReturn, Rule: "return", Who: h.responsible, From: h.wish.Day,
		Source: "model:entry/first_contact_within"}
	v.byDay(&o, due, due, false)
	v.owe(o)
	if last := &v.s.Obligations[len(v.s.Obligations)-1]; last.Status == Due {
		v.signal(Signal{Class: SignalHandoff, Key: "signal.return_wished", Since: h.wish.Day, Source: o.Source, About: o.ID, Args: map[string]any{"day": due}})
	}
}

// followUps judges what a closed path owes: the follow-ups of its exit. A final exit (death) and one imported as
// history owe nothing. A follow-up is brought up two weeks before its day and is late for two weeks after it.
func (v *Evaluator) followUps() {
	h := &v.h
	x := h.model.exit(h.exit.To)
	if x == nil || x.Final || h.exit.Imported {
		return
	}
	prefix := "follow_up/"
	if h.exits > 1 {
		prefix = "follow_up." + strconv.Itoa(h.exits) + "/"
	}
	for _, span := range x.FollowUp {
		after := span.String()
		due := span.After(h.closed, v.cal)
		o := Obligation{ID: prefix + after, Kind: OwesFollowUp, Rule: after, Who: h.responsible, From: max(h.closed, due-noticeDays),
			Source: "model:exits/" + x.To}
		v.byDay(&o, due, due+noticeDays, false)
		for _, e := range h.followUps {
			if e.Day >= h.closed && sameSpan(e, span, after) {
				o.meet(e.Day, e.ID)
				break
			}
		}
		v.owe(o)
	}
}

// sameSpan tells whether a follow-up entry answers the one after a span, however its length is written.
func sameSpan(e *entry.Entry, span civil.Span, after string) bool {
	b := e.Body.(*entry.FollowUp)
	if b.After == after {
		return true
	}
	said, err := civil.ParseSpan(b.After)
	return err == nil && said == span
}
