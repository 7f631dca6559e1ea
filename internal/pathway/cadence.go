package pathway

import (
	"slices"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/model"
)

// cadence judges the r-th cadence of the i-th stay, from its newest window back. Newest first, because an entry
// meets its own window first and only what is left over goes back, to the nearest earlier window that lacks
// it. Outside EvaluateAll it stops as soon as older windows can say nothing more.
func (v *Evaluator) cadence(i int, r *cadenceRule) {
	w, every := &v.h.visits[i], r.c.Every
	if every == model.EveryPhase {
		v.stayCadence(i, r)
		return
	}
	begin, end := w.from, v.h.today
	if !w.to.IsZero() {
		end = min(end, w.to)
	}
	first := windowOf(every, w.from).first
	if old := v.under(i, -1, r.c); old != nil && old.to >= first {
		begin = max(w.since, first)
	}
	if next := v.under(i, 1, r.c); next != nil { // the window of the move belongs to the new version
		end = min(end, windowOf(every, next.from).first-1)
	}
	if end < begin {
		return
	}
	k := counting{v: v, w: w, r: r, list: v.events(r.c.Do), spare: v.spare[:0], used: v.used[:0]}
	for win, n := windowOf(every, end), 0; win.last >= begin; win, n = windowOf(every, win.first-1), n+1 {
		if n >= 2 && k.over && k.past && !v.all {
			break
		}
		k.window(win.cut(begin, w.to), n)
	}
	k.flush()
	v.spare, v.used = k.spare, k.used
	if w.to.IsZero() {
		v.willChange(windowOf(every, v.h.today).last + 1)
	}
}

// under gives the nearest part of the i-th stay, under an earlier (-1) or a later version (1), that has the cadence
// too; nil: none. A version between them may lack it.
func (v *Evaluator) under(i, step int, c *model.Cadence) *visit {
	visits := v.h.visits
	for j := i + step; j >= 0 && j < len(visits) && visits[max(j, j-step)].continues; j += step {
		if sameCadence(visits[j].rules, c) {
			return &visits[j]
		}
	}
	return nil
}

// sameCadence tells whether a phase has the cadence too, in windows of the same kind.
func sameCadence(p *phaseRules, c *model.Cadence) bool {
	return p != nil && slices.ContainsFunc(p.cadences, func(o cadenceRule) bool { return o.c.ID == c.ID && o.c.Every == c.Every })
}

// events gives the entries among which those that meet a cadence are.
func (v *Evaluator) events(do model.Do) []*entry.Entry {
	if do == model.DoAttendance {
		return v.h.attendances
	}
	return v.h.contacts
}

// counting walks the windows of one cadence backwards.
type counting struct {
	v     *Evaluator
	w     *visit
	r     *cadenceRule
	list  []*entry.Entry // contacts or attendances in order; those looked at are cut off the end
	spare []*entry.Entry // what newer windows did not need, newest first
	used  []*entry.Entry // what the window at hand is met by, newest first
	count int            // how many of them
	sum   int            // and their minutes
	over  bool           // the row of misses that reaches today is complete
	past  bool           // grace of the window just judged is over, and so is that of all older ones
	row   Obligation     // the row of misses on one line; Misses 0: none
	since civil.Date     // the day on which the oldest of the row became missed
}

// window judges one window; n counts from the newest, 0.
func (k *counting) window(w window, n int) {
	v, c, today := k.v, k.r.c, k.v.h.today
	a := v.activity(w)
	need, minutes := 0, 0
	if a.counts() {
		need, minutes = min(a.share(c.AtLeast), a.active), a.share(c.Hours) // never more times than there are days
	}
	until, stopped := v.clock(w.to, c.Grace)
	k.past = !stopped && today > until
	late := k.collect(w, need, minutes, until, stopped)
	o := Obligation{Kind: OwesCadence, Rule: c.ID, Phase: k.w.phase, Who: v.h.responsible, From: w.from, Due: w.to,
		Until: until, Done: k.count, Asked: need, Unit: "times", Source: k.r.source}
	if minutes > 0 {
		o.Done, o.Asked, o.Unit = k.sum, minutes, "minutes"
	}
	switch {
	case !a.counts():
		o.Status, o.Why = Excused, a.why()
	case k.count >= need && k.sum >= minutes && late:
		o.Status = MetLate
	case k.count >= need && k.sum >= minutes:
		o.Status = Met
	case !k.w.to.IsZero() && k.w.to < today: // the stay has ended, and with it the time to make up for it
		o.Status = Missed
	case today <= w.to:
		o.Status = Due
	case stopped || today <= until:
		o.Status = Late
	default:
		o.Status = Missed
	}
	k.put(&o, w, n)
}

// collect gathers what meets a window: its own entries, newest first, then spare ones of newer windows within
// grace. What it does not need becomes spare. It tells whether a spare one was used.
func (k *counting) collect(w window, need, minutes int, until civil.Date, stopped bool) (late bool) {
	k.used, k.count, k.sum = k.used[:0], 0, 0
	for len(k.list) > 0 {
		e := k.list[len(k.list)-1]
		if e.Day < w.from {
			break
		}
		k.list = k.list[:len(k.list)-1]
		switch {
		case e.Day > w.to || !k.v.counts(k.w, k.r, e): // after the stay, or of another sort
		case k.count < need || k.sum < minutes:
			k.use(e)
		default:
			k.spare = append(k.spare, e)
		}
	}
	for i := 0; i < len(k.spare) && (k.count < need || k.sum < minutes); {
		e := k.spare[i]
		if e.Day > until && !stopped { // too late
			i++
			continue
		}
		late = true
		k.use(e)
		k.spare = slices.Delete(k.spare, i, i+1)
	}
	return late
}

func (k *counting) use(e *entry.Entry) {
	k.used = append(k.used, e)
	k.count++
	k.sum += e.Minutes
}

// put lists a window or adds it to the row of misses. Windows that are excused, waived or could not be neither
// lengthen nor end the row; a met one ends it.
func (k *counting) put(o *Obligation, w window, n int) {
	unmet := o.Status == Due || o.Status == Late || o.Status == Missed
	if unmet && len(k.v.h.excuses) > 0 {
		o.ID = k.id(w)
		unmet = !k.v.excuse(o)
	}
	met := o.Status == Met || o.Status == MetLate
	missed := unmet && o.Status == Missed
	if missed && !k.over {
		k.add(o, w)
	}
	if met {
		k.over = true
	}
	if k.v.all || n < 2 && !(missed && k.row.Misses > 0) || unmet && !missed {
		if o.ID == "" {
			o.ID = k.id(w)
		}
		if o.Status == MetLate { // spare ones were added after the window's own
			slices.SortFunc(k.used, func(a, b *entry.Entry) int { return entry.Compare(b, a) })
		}
		if len(k.used) > 0 {
			o.MetBy = make([]string, 0, len(k.used))
			for i := len(k.used) - 1; i >= 0; i-- {
				o.MetBy = append(o.MetBy, k.used[i].ID)
			}
		}
		k.v.s.Obligations = append(k.v.s.Obligations, *o)
	}
}

// id of a window: phase/cadence/2026-W07; a second stay in the phase is phase.2/….
func (k *counting) id(w window) string { return stayID(k.w, k.r.id) + w.name(k.r.c.Every) }

// add lengthens the row of misses by an older window. The line bears the id of the newest.
func (k *counting) add(o *Obligation, w window) {
	if k.row.Misses == 0 {
		o.ID = k.id(w)
		k.row = *o
		k.row.Done = 0
	}
	k.row.Misses++
	k.row.Since = o.From
	k.since = o.Until + 1
}

// flush lists the row of misses and says that it is there.
func (k *counting) flush() {
	if k.row.Misses == 0 || !k.w.to.IsZero() {
		return
	}
	if !k.v.all {
		k.v.s.Obligations = append(k.v.s.Obligations, k.row)
	}
	k.v.signal(Signal{Class: SignalCadenceMissed, Key: "signal.cadence_missed", Since: k.since, Source: k.row.Source, About: k.row.ID,
		Args: map[string]any{"rule": k.row.Rule, "phase": k.row.Phase, "every": string(k.r.c.Every), "misses": k.row.Misses,
			"first": k.row.Since, "last": k.row.From}})
}

// counts tells whether an entry is of the sort that a cadence asks for.
func (v *Evaluator) counts(w *visit, r *cadenceRule, e *entry.Entry) bool {
	c := r.c
	switch b := e.Body.(type) {
	case *entry.Contact:
		switch {
		case len(c.Forms) > 0:
			if !slices.Contains(c.Forms, string(b.Form)) {
				return false
			}
		case c.Do == model.DoMeeting && b.Form != entry.FormMeeting && b.Form != entry.FormVisit:
			return false
		}
	case *entry.Attendance:
		if w.rules.rivals && b.Theme != "" && !slices.Contains(c.Themes, b.Theme) && w.rules.claimed(b.Theme) {
			return false
		}
	}
	return c.With != "responsible" || v.h.standsFor(e.Author, e.Day)
}

// claimed tells whether a cadence of attendance names the theme: then it counts for that one only.
func (p *phaseRules) claimed(theme string) bool {
	return slices.ContainsFunc(p.cadences, func(r cadenceRule) bool {
		return r.c.Do == model.DoAttendance && slices.Contains(r.c.Themes, theme)
	})
}

// stayCadence judges a cadence whose window is the whole stay. It asks in full, whatever the stay's length.
func (v *Evaluator) stayCadence(i int, r *cadenceRule) {
	w, c, h := &v.h.visits[i], r.c, &v.h
	if w.moved && sameCadence(h.visits[i+1].rules, c) {
		return // the new version asks
	}
	o := Obligation{ID: stayID(w, r.id) + "phase", Kind: OwesCadence, Rule: c.ID, Phase: w.phase, Who: h.responsible,
		From: w.since, Due: v.stayEnd(w), Asked: c.AtLeast, Unit: "times", Source: r.source, Status: Due}
	o.Until = o.Due
	count, sum := 0, 0
	for _, e := range v.events(c.Do) {
		if e.Day < w.since || !w.to.IsZero() && e.Day > w.to || count >= c.AtLeast && sum >= c.Hours || !v.counts(w, r, e) {
			continue
		}
		count++
		sum += e.Minutes
		o.MetBy = append(o.MetBy, e.ID)
	}
	o.Done = count
	if c.Hours > 0 {
		o.Done, o.Asked, o.Unit = sum, c.Hours, "minutes"
	}
	switch {
	case count >= c.AtLeast && sum >= c.Hours:
		o.Status = Met
	case w.to.IsZero() || w.to >= h.today:
	default:
		o.Status = Missed
		if a := v.activity(window{first: w.since, last: w.to, from: w.since, to: w.to}); !a.counts() {
			o.Status, o.Why = Excused, a.why()
		}
	}
	v.owe(o)
}
