package ruleset

import (
	"polku/internal/yamlfile"
)

// Mistake in a rule pack's file.
type Mistake = yamlfile.Mistake

// Units a figure may be in.
var Units = []string{"days", "hours", "minutes", "months", "years", "cents", "basis-points", "times", "truth"}

// Parse reads one rule pack. It finds every mistake it can; with any mistake the pack is nil. It never panics.
func Parse(name string, data []byte) (*Pack, []Mistake) {
	f, root, ok := yamlfile.Open(name, data)
	if !ok {
		return nil, f.Mistakes
	}
	p := &Pack{File: name}
	p.read(root)
	if len(f.Mistakes) > 0 {
		yamlfile.Sort(f.Mistakes)
		return nil, f.Mistakes
	}
	return p, nil
}

func (p *Pack) read(root yamlfile.Node) {
	f := root.Map("pack", "title", "versions", "holidays")
	if n, ok := f.Need("pack"); ok {
		p.ID = n.ID()
	}
	if n, ok := f.Need("title"); ok {
		p.TitleFI, p.TitleSV, p.TitleEN = threeTexts(n)
	}
	versions, hasVersions := f.Opt("versions")
	holidays, hasHolidays := f.Opt("holidays")
	if !hasVersions && !hasHolidays && root.IsMap() {
		root.Wrong("rules.says_nothing")
	}
	if hasVersions {
		p.readVersions(versions)
	}
	if hasHolidays {
		for _, at := range holidays.List() {
			p.Holidays = append(p.Holidays, holiday(at, p.Holidays))
		}
	}
}

func threeTexts(n yamlfile.Node) (fi, sv, en string) {
	f := n.Map("fi", "sv", "en")
	for _, l := range []struct {
		name string
		to   *string
	}{{"fi", &fi}, {"sv", &sv}, {"en", &en}} {
		if at, ok := f.Need(l.name); ok {
			*l.to = at.Text()
		}
	}
	return fi, sv, en
}

func (p *Pack) readVersions(n yamlfile.Node) {
	var nodes []yamlfile.Node
	for _, at := range n.List() {
		p.Versions = append(p.Versions, p.version(at))
		nodes = append(nodes, at)
	}
	for i := 1; i < len(p.Versions); i++ {
		before, v := p.Versions[i-1], p.Versions[i]
		if before.From.IsZero() || v.From.IsZero() {
			continue
		}
		if before.To.IsZero() || v.From <= before.To {
			nodes[i].Wrong("rules.overlap", "value", v.ID, "other", before.ID)
		}
	}
}

func (p *Pack) version(n yamlfile.Node) Version {
	f := n.Map("id", "from", "to", "source", "verified", "note", "figures")
	v := Version{Figures: map[string]Figure{}}
	if at, ok := f.Need("id"); ok {
		v.ID = at.Text()
		for _, other := range p.Versions {
			if other.ID == v.ID && v.ID != "" {
				at.Wrong("rules.twice", "value", v.ID)
			}
		}
	}
	if at, ok := f.Need("from"); ok {
		v.From = at.Date()
	}
	if at, ok := f.Opt("to"); ok {
		v.To = at.Date()
		if v.To != 0 && v.To < v.From {
			at.Wrong("model.period_reversed")
		}
	}
	if at, ok := f.Need("source"); ok {
		v.Said.SourceFI, v.Said.SourceSV, v.Source = sayings(at)
	}
	if at, ok := f.Need("verified"); ok {
		v.Verified = at.Bool()
	}
	if at, ok := f.Opt("note"); ok {
		v.Said.NoteFI, v.Said.NoteSV, v.Note = sayings(at)
	}
	if at, ok := f.Need("figures"); ok {
		figures := at.AnyMap()
		for _, name := range figures.Names {
			x, _ := figures.Opt(name)
			v.Figures[name] = figure(x)
		}
	}
	return v
}

func figure(n yamlfile.Node) Figure {
	f := n.Map("value", "steps", "unit", "source", "verified", "note")
	var g Figure
	value, hasValue := f.Opt("value")
	steps, hasSteps := f.Opt("steps")
	if n.IsMap() && hasValue == hasSteps {
		n.Wrong("rules.value_or_steps")
	}
	if hasValue {
		g.Value = value.Int(0, 1_000_000_000)
	}
	if hasSteps {
		g.Steps = readSteps(steps)
	}
	if at, ok := f.Need("unit"); ok {
		g.Unit = at.OneOf(Units...)
	}
	if at, ok := f.Need("source"); ok {
		g.Said.SourceFI, g.Said.SourceSV, g.Source = sayings(at)
	}
	if at, ok := f.Need("verified"); ok {
		g.Verified = at.Bool()
	}
	if at, ok := f.Opt("note"); ok {
		g.Said.NoteFI, g.Said.NoteSV, g.Note = sayings(at)
	}
	return g
}

// readSteps reads steps that begin at 1 and rise, so that every ordinal has exactly one value.
func readSteps(n yamlfile.Node) []Step {
	var out []Step
	for i, at := range n.List() {
		f := at.Map("from", "value")
		var s Step
		if x, ok := f.Need("from"); ok {
			s.FromN = x.Int(1, 1_000_000)
			if i == 0 && s.FromN > 1 || i > 0 && s.FromN <= out[i-1].FromN {
				x.Wrong("rules.steps_order")
			}
		}
		if x, ok := f.Need("value"); ok {
			s.Value = x.Int(0, 1_000_000_000)
		}
		out = append(out, s)
	}
	return out
}

func holiday(n yamlfile.Node, before []Holiday) Holiday {
	f := n.Map("id", "name", "month", "day", "easter", "weekday", "eve", "source", "verified")
	var h Holiday
	if at, ok := f.Need("id"); ok {
		h.ID = at.ID()
		for _, other := range before {
			if other.ID == h.ID && h.ID != "" {
				at.Wrong("rules.twice", "value", h.ID)
			}
		}
	}
	if at, ok := f.Need("name"); ok {
		h.FI, h.SV, h.EN = threeTexts(at)
	}
	easter, movable := f.Opt("easter")
	month, hasMonth := f.Opt("month")
	day, hasDay := f.Opt("day")
	switch {
	case movable && !hasMonth && !hasDay:
		days := int(easter.Int(-60, 90))
		h.Easter = &days
	case !movable && hasMonth && hasDay:
		h.Month, h.Day = int(month.Int(1, 12)), int(day.Int(1, 31))
	default:
		n.Wrong("rules.holiday_form")
	}
	if at, ok := f.Opt("weekday"); ok {
		h.Weekday = int(at.Int(1, 7))
		if movable {
			at.Wrong("rules.holiday_form")
		}
	}
	if at, ok := f.Opt("eve"); ok {
		h.Eve = at.Bool()
	}
	if at, ok := f.Need("source"); ok {
		h.Said.SourceFI, h.Said.SourceSV, h.Source = sayings(at)
	}
	if at, ok := f.Need("verified"); ok {
		h.Verified = at.Bool()
	}
	return h
}
