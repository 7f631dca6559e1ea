package model

import (
	"polku/internal/entry"
	"polku/internal/yamlfile"
)

func (r *reading) phases(n yamlfile.Node) {
	list := n.List()
	if len(list) == 0 {
		n.Wrong("model.no_phases")
		return
	}
	leads := make([]yamlfile.Node, len(list))
	nodes := make([]yamlfile.Node, 0, len(list))
	for i, at := range list {
		p, lead := r.phase(at)
		leads[i] = lead
		nodes = append(nodes, at)
		r.m.Phases = append(r.m.Phases, p)
	}
	known := append(r.phaseIDs(), "exit")
	sound := true
	for i := range r.m.Phases {
		p := &r.m.Phases[i]
		if leads[i].Name() == "" {
			sound = false
			continue
		}
		for _, at := range leads[i].Texts() {
			to := at.OneOf(known...)
			sound = sound && to != ""
			p.LeadsTo = append(p.LeadsTo, to)
		}
	}
	if sound {
		r.graph(nodes)
	}
}

func (r *reading) phase(n yamlfile.Node) (Phase, yamlfile.Node) {
	f := n.Map("id", "title", "lasts", "cadences", "topics", "tasks", "offers", "measures", "ends_when", "leads_to")
	var p Phase
	if at, ok := f.Need("id"); ok {
		p.ID = at.ID()
		if p.ID == "exit" {
			at.Wrong("model.exit_reserved")
		}
		if p.ID != "" && has(r.phaseIDs(), p.ID) {
			at.Wrong("model.twice", "value", p.ID)
		}
	}
	r.line(n, "phases", p.ID)
	if at, ok := f.Need("title"); ok {
		p.Title = readText(at)
	}
	if at, ok := f.Opt("lasts"); ok {
		p.lasts(at)
		r.line(at, "phases", p.ID, "lasts")
	}
	if at, ok := f.Opt("cadences"); ok {
		for _, c := range at.List() {
			p.Cadences = append(p.Cadences, r.cadence(c, &p))
		}
	}
	if at, ok := f.Opt("topics"); ok {
		p.Topics = r.wordList(at, KindTopic, KindTheme)
		for _, t := range at.List() {
			if t.IsText() {
				r.line(t, "phases", p.ID, "topics", t.Value())
			}
		}
	}
	if at, ok := f.Opt("tasks"); ok {
		p.Tasks = r.wordList(at, KindTask)
		r.line(at, "phases", p.ID, "tasks")
	}
	if at, ok := f.Opt("offers"); ok {
		for _, o := range at.List() {
			p.Offers = append(p.Offers, r.offer(o, &p))
		}
	}
	if at, ok := f.Opt("measures"); ok {
		for _, x := range at.List() {
			p.Measures = append(p.Measures, r.measure(x, &p))
		}
	}
	if at, ok := f.Opt("ends_when"); ok {
		for _, x := range at.Texts() {
			p.EndsWhen = append(p.EndsWhen, x.OneOf("topics-covered", "plan-agreed", "checkpoint-reached", "measures-done"))
		}
	}
	lead, _ := f.Need("leads_to")
	return p, lead
}

func (p *Phase) lasts(n yamlfile.Node) {
	f := n.Map("target", "at_most")
	if at, ok := f.Opt("target"); ok {
		p.Target = at.Span()
	}
	if at, ok := f.Opt("at_most"); ok {
		p.AtMost = at.Span()
		if !p.AtMost.IsZero() && roughDays(p.AtMost) < roughDays(p.Target) {
			at.Wrong("model.at_most_shorter", "at_most", p.AtMost.String(), "target", p.Target.String())
		}
	}
}

func (r *reading) cadence(n yamlfile.Node, p *Phase) Cadence {
	f := n.Map("id", "title", "do", "with", "forms", "at_least", "hours", "every", "grace", "minutes", "themes", "day")
	var c Cadence
	if at, ok := f.Need("id"); ok {
		c.ID = at.ID()
		for _, other := range p.Cadences {
			if c.ID != "" && other.ID == c.ID {
				at.Wrong("model.twice", "value", c.ID)
			}
		}
	}
	r.line(n, "phases", p.ID, "cadences", c.ID)
	if at, ok := f.Opt("title"); ok {
		c.Title = readText(at)
	}
	if at, ok := f.Need("do"); ok {
		c.Do = Do(at.OneOf(string(DoMeeting), string(DoContact), string(DoAttendance)))
	}
	if at, ok := f.Opt("with"); ok {
		if at.OneOf("responsible", "anybody") == "responsible" {
			c.With = "responsible"
		}
	}
	if at, ok := f.Opt("forms"); ok {
		for _, x := range at.Texts() {
			c.Forms = append(c.Forms, x.OneOf(string(entry.FormMeeting), string(entry.FormVisit), string(entry.FormCall), string(entry.FormMessage), string(entry.FormLetter)))
		}
		if c.Do == DoAttendance {
			at.Wrong("model.forms_need_contact")
		}
	}
	c.AtLeast = 1
	times, asksTimes := f.Opt("at_least")
	if asksTimes {
		c.AtLeast = int(times.Int(1, 31))
	}
	hours, asksHours := f.Opt("hours")
	if asksHours {
		c.Hours = int(hours.Hundredths(0, 200) * 60 / 100)
		if c.Do != "" && c.Do != DoAttendance {
			hours.Wrong("model.hours_need_attendance")
		}
	}
	if !asksTimes && !asksHours {
		n.Wrong("model.asks_nothing", "value", c.ID)
	}
	if at, ok := f.Need("every"); ok {
		c.Every = Every(at.OneOf(string(EveryWeek), string(EveryMonth), string(EveryPhase)))
	}
	if at, ok := f.Opt("grace"); ok {
		c.Grace = at.Span()
	}
	if at, ok := f.Opt("minutes"); ok {
		c.Minutes = int(at.Int(1, 24*60))
	}
	if at, ok := f.Opt("themes"); ok {
		c.Themes = r.wordList(at, KindTheme, KindTopic)
	}
	if at, ok := f.Opt("day"); ok {
		c.Day = int(at.Int(1, 7))
		if c.Every != EveryWeek {
			at.Wrong("model.day_needs_week")
		}
	}
	return c
}

func (r *reading) offer(n yamlfile.Node, p *Phase) Offer {
	f := n.Map("id", "kind", "by", "lasts", "budget")
	var o Offer
	if at, ok := f.Need("id"); ok {
		o.ID = at.ID()
		for _, other := range p.Offers {
			if o.ID != "" && other.ID == o.ID {
				at.Wrong("model.twice", "value", o.ID)
			}
		}
	}
	r.line(n, "phases", p.ID, "offers", o.ID)
	r.used[o.ID] = true // an offer's id may have a word of its own
	if at, ok := f.Need("kind"); ok {
		o.Kind = r.need(at, KindOffer)
	}
	if at, ok := f.Opt("by"); ok {
		o.By = at.Span()
	}
	if at, ok := f.Opt("lasts"); ok {
		if x, ok := at.Map("at_most").Need("at_most"); ok {
			o.AtMost = x.Span()
		}
	}
	if at, ok := f.Opt("budget"); ok {
		o.Budget = r.budget(at)
	}
	return o
}

// budget is either euros per client, group or month, or a share of a named appropriation.
func (r *reading) budget(n yamlfile.Node) Budget {
	f := n.Map("eur", "per", "shared")
	var b Budget
	eur, hasEur := f.Opt("eur")
	pool, hasPool := f.Opt("shared")
	if hasEur == hasPool {
		n.Wrong("model.budget_one_of")
		return b
	}
	if hasPool {
		b.Shared = r.need(pool, KindBudget)
		return b
	}
	b.Cents = eur.Hundredths(0, 1_000_000)
	if per, ok := f.Need("per"); ok {
		b.Per = per.OneOf("client", "group", "month")
	}
	return b
}

func (r *reading) measure(n yamlfile.Node, p *Phase) Measure {
	f := n.Map("instrument", "when", "window")
	var m Measure
	if at, ok := f.Need("instrument"); ok {
		m.Instrument = r.need(at, KindInstrument)
	}
	if at, ok := f.Need("when"); ok {
		m.When = at.OneOf("start", "end")
	}
	if at, ok := f.Need("window"); ok {
		m.Window = at.Span()
	}
	for _, other := range p.Measures {
		if other.Instrument == m.Instrument && other.When == m.When && m.When != "" {
			n.Wrong("model.twice", "value", m.Instrument)
		}
	}
	r.line(n, "phases", p.ID, "measures", m.Instrument)
	r.line(n, "phases", p.ID, "measures", m.Instrument, m.When)
	return m
}

// graph checks that every phase can be reached from the first, and that every phase leads out in the end.
func (r *reading) graph(nodes []yamlfile.Node) {
	ph := r.m.Phases
	reached := map[string]bool{ph[0].ID: true}
	leaves := map[string]bool{"exit": true}
	for range ph { // a phase a turn at least; the number of phases is enough turns
		for i := range ph {
			for _, to := range ph[i].LeadsTo {
				if reached[ph[i].ID] {
					reached[to] = true
				}
				if leaves[to] {
					leaves[ph[i].ID] = true
				}
			}
		}
	}
	for i := range ph {
		if !reached[ph[i].ID] {
			nodes[i].Wrong("model.phase_unreachable", "value", ph[i].ID)
		}
		if !leaves[ph[i].ID] {
			nodes[i].Wrong("model.phase_no_way_out", "value", ph[i].ID)
		}
	}
}
