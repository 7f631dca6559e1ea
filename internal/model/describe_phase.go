package model

import "strings"

func (d *describing) phases() {
	var order []string
	for i := range d.m.Phases {
		order = append(order, d.m.Phases[i].Title.In(string(d.lang)))
	}
	d.add(Section{ID: "phases", Title: d.t("phases"), Level: 1, Paras: []string{strings.Join(order, " → ")}})
	for i := range d.m.Phases {
		d.phase(&d.m.Phases[i])
	}
}

func (d *describing) phase(p *Phase) {
	s := Section{ID: "phase-" + p.ID, Title: p.Title.In(string(d.lang)), Level: 2}
	switch {
	case !p.Target.IsZero() && !p.AtMost.IsZero():
		s.Items = append(s.Items, d.t("lasts", "target", d.span(p.Target), "at_most", d.span(p.AtMost)))
	case !p.Target.IsZero():
		s.Items = append(s.Items, d.t("lasts_target", "target", d.span(p.Target)))
	case !p.AtMost.IsZero():
		s.Items = append(s.Items, d.t("lasts_at_most", "at_most", d.span(p.AtMost)))
	}
	for _, c := range p.Cadences {
		s.Items = append(s.Items, d.cadence(c))
	}
	if len(p.Topics) > 0 {
		s.Items = append(s.Items, d.t("topics", "list", d.words(p.Topics)))
	}
	if len(p.Tasks) > 0 {
		s.Items = append(s.Items, d.t("tasks", "list", d.words(p.Tasks)))
	}
	for _, o := range p.Offers {
		s.Items = append(s.Items, d.offer(o))
	}
	for _, m := range p.Measures {
		s.Items = append(s.Items, d.t("measure_"+m.When, "instrument", d.word(m.Instrument), "span", d.span(m.Window)))
	}
	var ends []string
	for _, e := range p.EndsWhen {
		ends = append(ends, d.t("ends."+e))
	}
	if len(ends) > 0 {
		s.Items = append(s.Items, d.t("ends_when", "list", strings.Join(ends, " "+d.t("and")+" ")))
	}
	var next []string
	for _, to := range p.LeadsTo {
		if to == "exit" {
			next = append(next, d.t("exit"))
		} else {
			next = append(next, InSentence(d.word(to)))
		}
	}
	s.Items = append(s.Items, d.t("leads_to", "list", strings.Join(next, ", ")))
	d.add(s)
}

func (d *describing) cadence(c Cadence) string {
	s := c.Name(d.lang) + ": " + d.lang.N("describe.every."+string(c.Every), c.AtLeast)
	if c.Hours > 0 {
		s += ", " + d.t("hours", "length", d.lang.Length(c.Hours))
	}
	if c.With == "responsible" {
		s += ", " + d.t("with_responsible")
	}
	if !c.Grace.IsZero() {
		s += ", " + d.t("grace", "span", d.span(c.Grace))
	}
	if len(c.Themes) > 0 {
		s += " (" + d.words(c.Themes) + ")"
	}
	return s
}

func (d *describing) offer(o Offer) string {
	name := InSentence(d.word(o.Kind))
	if own, ok := d.m.Words[o.ID]; ok {
		name = own.In(string(d.lang))
	}
	s := d.t("offer", "name", name)
	if !o.By.IsZero() {
		s += ", " + d.t("offer_by", "span", d.span(o.By))
	}
	if !o.AtMost.IsZero() {
		s += ", " + d.t("offer_lasts", "span", d.span(o.AtMost))
	}
	if o.Budget.Cents > 0 {
		s += ", " + d.t("budget_"+o.Budget.Per, "eur", d.lang.Euro(o.Budget.Cents))
	}
	if o.Budget.Shared != "" {
		s += ", " + d.t("budget_shared", "pool", InSentence(d.word(o.Budget.Shared)))
	}
	return s
}
