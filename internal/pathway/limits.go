package pathway

import (
	"polku/internal/civil"
	"polku/internal/ruleset"
)

// limits compares the days taken part in with the act on rehabilitative work activity, when the model names its
// pack. Weeks and days are looked at in this ISO week and the one before: an older breach cannot be mended any
// more, the report keeps it. The figures of each day are those that held on it; where no version is known for
// the day, State.Unknown says so and nothing is judged.
func (v *Evaluator) limits() {
	h := &v.h
	if h.model == nil || !h.model.limits {
		return
	}
	v.versionChanges()
	v.limitWeek(h.today.Monday() - 7)
	v.limitWeek(h.today.Monday())
	v.limitYear()
	if len(h.periods) == 0 {
		v.limitPeriod()
		return
	}
	v.limitPeriods()
	v.renewals()
	v.outside(h.today.Monday() - 7)
}

// figure of the pack on a day; false, and noted as unknown, when no version is known for it.
func (v *Evaluator) figure(name string, day civil.Date) (int, string, bool) {
	var p *ruleset.Pack
	if v.rules != nil {
		p = v.rules.Pack(ruleset.WorkActivity)
	}
	if p == nil {
		v.h.tellUnknown("rules/" + ruleset.WorkActivity)
		return 0, "", false
	}
	version := p.On(day)
	if version == nil {
		gap := civil.Date(0) // first day of the unknown time, so that the note stays the same within it
		for i := range p.Versions {
			if to := p.Versions[i].To; !to.IsZero() && to < day {
				gap = max(gap, to+1)
			}
		}
		v.h.tellUnknown("rules/" + ruleset.WorkActivity + "@" + gap.String())
		return 0, "", false
	}
	f, ok := version.Figures[name]
	return int(f.Value), "law:" + f.Source, ok
}

// versionChanges notes the days on which other figures begin to hold.
func (v *Evaluator) versionChanges() {
	if v.rules == nil {
		return
	}
	if p := v.rules.Pack(ruleset.WorkActivity); p != nil {
		for i := range p.Versions {
			v.mayChange(p.Versions[i].From)
			if to := p.Versions[i].To; !to.IsZero() {
				v.mayChange(to + 1)
			}
		}
	}
}

// limitWeek looks at one ISO week, given by its Monday: days and minutes of the week, minutes of each day.
func (v *Evaluator) limitWeek(monday civil.Date) {
	h := &v.h
	days, minutes := 0, 0
	var last civil.Date
	for i := len(h.days) - 1; i >= 0 && h.days[i].day >= monday; i-- {
		d := h.days[i]
		if d.day > monday+6 {
			continue
		}
		days++
		minutes += d.minutes
		last = max(last, d.day)
		v.limitDay(d)
	}
	if days == 0 {
		return
	}
	v.mayChange(monday + 14)
	if most, source, ok := v.figure(ruleset.DaysAWeekMax, last); ok && days > most {
		v.broken("signal.limit_days_a_week", last, source, "week", monday, days, most)
	}
	if most, source, ok := v.figure(ruleset.MinutesAWeekMax, last); ok && minutes > most {
		v.broken("signal.limit_minutes_a_week", last, source, "week", monday, minutes, most)
	}
}

// limitDay looks at one day. A day of unknown length is not judged, and today is not judged for being short.
func (v *Evaluator) limitDay(d workDay) {
	if d.minutes == 0 {
		return
	}
	if least, source, ok := v.figure(ruleset.MinutesADayMin, d.day); ok && d.minutes < least {
		if d.day < v.h.today {
			v.broken("signal.limit_short_day", d.day, source, "day", d.day, d.minutes, least)
		} else {
			v.mayChange(d.day + 1)
		}
	}
	if most, source, ok := v.figure(ruleset.MinutesADayMax, d.day); ok && d.minutes > most {
		v.broken("signal.limit_long_day", d.day, source, "day", d.day, d.minutes, most)
	}
}

func (v *Evaluator) broken(key string, since civil.Date, source, name string, day civil.Date, n, limit int) {
	v.signal(Signal{Class: SignalLimitBroken, Key: key, Since: since, Source: source, Args: map[string]any{name: day, "n": n, "limit": limit}})
}

// limitYear counts the days of the last twelve months: more than allowed, or nine tenths of it.
func (v *Evaluator) limitYear() {
	h := &v.h
	if len(h.days) == 0 {
		return
	}
	most, source, ok := v.figure(ruleset.DaysIn12MonthsMax, h.today)
	if !ok || most <= 0 {
		return
	}
	after := h.today.AddMonths(-12)
	first := len(h.days)
	for first > 0 && h.days[first-1].day > after {
		first--
	}
	n, near := len(h.days)-first, (9*most+9)/10
	s := Signal{Class: SignalLimitNear, Key: "signal.limit_days_in_12_months_near", Source: source, Args: map[string]any{"n": n, "limit": most}}
	switch {
	case n > most:
		s.Class, s.Key, s.Since = SignalLimitBroken, "signal.limit_days_in_12_months", h.days[first+most].day
	case n >= near:
		s.Since = h.days[first+near-1].day
	default:
		return
	}
	v.signal(s)
	leaves := h.days[first].day.AddMonths(12) // the day on which the oldest drops out
	for leaves.AddMonths(-12) < h.days[first].day {
		leaves++
	}
	v.mayChange(leaves)
}

// limitPeriod compares the stay in the phase with the longest period that the act allows at a time, where no period
// has been agreed.
func (v *Evaluator) limitPeriod() {
	h, w := &v.h, v.h.now()
	most, source, ok := v.figure(ruleset.PeriodMonthsMax, h.today)
	if !ok || most <= 0 {
		return
	}
	after, stopped := v.clock(w.since, civil.Span{N: most, Unit: civil.Months})
	if stopped {
		return
	}
	near := w.since + (after-w.since)*9/10
	v.mayChange(near)
	v.mayChange(after)
	s := Signal{Class: SignalLimitNear, Key: "signal.limit_period_near", Since: near, Source: source,
		Args: map[string]any{"day": after - 1, "limit": most, "phase": w.phase}}
	switch {
	case h.today >= after:
		s.Class, s.Key, s.Since = SignalLimitBroken, "signal.limit_period", after
	case h.today < near:
		return
	}
	v.signal(s)
}
