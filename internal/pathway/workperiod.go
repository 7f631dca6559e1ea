package pathway

import (
	"slices"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/ruleset"
)

// setPeriod notes a period that was agreed, or what a later entry has changed of it.
func (h *history) setPeriod(b *entry.WorkPeriod) {
	p := workPeriod{id: b.Period, from: b.From, to: b.To}
	if i := slices.IndexFunc(h.periods, func(x workPeriod) bool { return x.id == b.Period }); i >= 0 {
		h.periods[i] = p
		return
	}
	h.periods = append(h.periods, p)
}

func (h *history) endPeriod(b *entry.WorkPeriodEnd) {
	for i := range h.periods {
		if p := &h.periods[i]; p.id == b.Period && b.Last != p.to {
			p.cut = b.Last < p.to
			p.to = b.Last
		}
	}
}

// limitPeriods compares the periods agreed with the longest that the act allows at a time. Planning refuses a longer
// one, so this is about what came in otherwise.
func (v *Evaluator) limitPeriods() {
	h := &v.h
	for _, p := range h.periods {
		if p.to < h.today || p.from > h.today {
			v.mayChange(p.from)
			continue
		}
		most, source, ok := v.figure(ruleset.PeriodMonthsMax, h.today)
		if !ok || most <= 0 {
			continue
		}
		after := p.from.AddMonths(most)
		if p.to < after {
			continue
		}
		near := p.from + (after-p.from)*9/10
		v.mayChange(near)
		v.mayChange(after)
		v.mayChange(p.to + 1)
		switch {
		case h.today >= after:
			v.signal(Signal{Class: SignalLimitBroken, Key: "signal.limit_period", Since: after, Source: source, Args: map[string]any{"day": after - 1, "limit": most}})
		case h.today >= near:
			v.signal(Signal{Class: SignalLimitNear, Key: "signal.limit_period_near", Since: near, Source: source, Args: map[string]any{"day": after - 1, "limit": most}})
		}
	}
}

// renewalGrace is how long, in days, the plan may wait when a period was interrupted: nobody could see it coming.
const renewalGrace = 14

// renewals owes a renewed plan at the end of each period (189/2001 s. 9.3; the pack's figure of reviews names the
// section). A plan or a review from noticeDays before the last day on renews it; until then its last days are a signal.
func (v *Evaluator) renewals() {
	h := &v.h
	for _, p := range h.periods {
		if p.to < p.from {
			continue // it never began
		}
		_, source, ok := v.figure(ruleset.ReviewMonths, p.to)
		if !ok {
			continue
		}
		o := Obligation{ID: "renewal/" + p.from.String(), Kind: OwesRenewal, Rule: "work-period", Who: h.responsible, From: max(p.from, p.to-noticeDays), Source: source}
		until := p.to
		if p.cut {
			until += renewalGrace
		}
		v.byDay(&o, p.to, until, false)
		for _, made := range h.plans {
			if made.day >= o.From {
				o.meet(made.day, made.id)
				break
			}
		}
		if (o.Status == Met || o.Status == MetLate) && !v.all {
			continue
		}
		v.owe(o)
		if v.s.Obligations[len(v.s.Obligations)-1].Status == Due { // nobody has said that it need not be
			v.signal(Signal{Class: SignalPhaseEnding, Key: "signal.work_period_ending", Since: o.From, Source: source, About: o.ID, Args: map[string]any{"day": p.to}})
		}
	}
}

// outside notes the last day of activity, from a day on, that lies in no period agreed.
func (v *Evaluator) outside(since civil.Date) {
	h := &v.h
	for i := len(h.days) - 1; i >= 0 && h.days[i].day >= since; i-- {
		day := h.days[i].day
		if slices.ContainsFunc(h.periods, func(p workPeriod) bool { return p.from <= day && day <= p.to }) {
			continue
		}
		v.signal(Signal{Class: SignalMeasureMissing, Key: "signal.work_outside_period", Since: day, Source: "law:189/2001 s. 9.1", Args: map[string]any{"day": day}})
		v.mayChange(h.today.Monday() + 7)
		return
	}
}
