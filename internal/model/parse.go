package model

import (
	"strings"

	"polku/internal/civil"
	"polku/internal/yamlfile"
	"polku/rules"
)

// Mistake in a model file: its line, and what is wrong and how to mend it in the reader's language.
type Mistake = yamlfile.Mistake

// reading is one model being read: what has been understood so far, and which of its own words were used.
type reading struct {
	file *yamlfile.File
	m    *Model
	used map[string]bool
}

// Parse reads one model file. It finds every mistake it can, in the order of the lines; with any mistake the
// model is nil. name is only used in messages. It never panics, whatever the bytes.
func Parse(name string, data []byte) (*Model, []Mistake) {
	f, root, ok := yamlfile.Open(name, data)
	if !ok {
		return nil, f.Mistakes
	}
	r := &reading{file: f, m: &Model{lines: map[string]int{}, Words: map[string]Text{}}, used: map[string]bool{}}
	r.model(root)
	if len(f.Mistakes) > 0 {
		yamlfile.Sort(f.Mistakes)
		return nil, f.Mistakes
	}
	return r.m, nil
}

func (r *reading) line(n yamlfile.Node, parts ...any) { r.m.lines[path(parts...)] = n.Line() }

func (r *reading) model(root yamlfile.Node) {
	m := r.m
	f := root.Map("model", "version", "lineage", "title", "for", "about", "in_use", "house", "register", "rules", "starts_from",
		"entry", "promises", "phases", "checkpoints", "reviews", "follow_up", "exits", "staffing", "words")
	if !root.IsMap() {
		return
	}
	if n, ok := f.Opt("words"); ok {
		r.words(n)
	}
	if n, ok := f.Need("model"); ok {
		m.Model = n.ID()
		r.line(n, "model")
	}
	if n, ok := f.Need("version"); ok {
		m.Version = n.ID()
	}
	if n, ok := f.Opt("lineage"); ok {
		if from, ok := n.Map("from").Opt("from"); ok && !from.IsNull() {
			m.Lineage.From = from.Text()
		}
	}
	if n, ok := f.Need("title"); ok {
		m.Title = readText(n)
	}
	if n, ok := f.Need("for"); ok {
		m.For = readText(n)
	}
	if n, ok := f.Opt("about"); ok {
		m.About = readText(n)
	}
	if n, ok := f.Opt("in_use"); ok {
		r.inUse(n)
	}
	if n, ok := f.Opt("house"); ok {
		m.House = r.need(n, KindHouse)
	}
	if n, ok := f.Need("register"); ok {
		m.Register = r.need(n, KindRegister)
	}
	if n, ok := f.Opt("rules"); ok {
		for _, at := range n.Texts() {
			m.Rules = append(m.Rules, at.OneOf(rules.IDs()...))
			r.line(at, "rules", at.Value())
		}
	}
	if n, ok := f.Need("entry"); ok {
		r.line(n, "entry")
		r.entry(n)
	}
	if n, ok := f.Need("promises"); ok {
		r.line(n, "promises")
		r.promises(n)
	}
	if n, ok := f.Need("phases"); ok {
		r.phases(n)
	}
	if n, ok := f.Opt("starts_from"); ok {
		r.startsFrom(n)
	} else if has(m.Entry.Sources, "previous-service") {
		n, _ := f.Opt("entry")
		n.Wrong("model.previous_missing")
	}
	if n, ok := f.Opt("checkpoints"); ok {
		r.checkpoints(n)
	}
	if n, ok := f.Opt("reviews"); ok {
		r.reviews(n)
	}
	if n, ok := f.Opt("follow_up"); ok {
		r.followUp(n) // the shared list that exits refer to
	}
	if n, ok := f.Need("exits"); ok {
		r.exits(n)
	}
	if n, ok := f.Need("staffing"); ok {
		r.staffing(n)
	}
	if n, ok := f.Opt("words"); ok {
		r.unusedWords(n)
	}
}

// words reads the model's own vocabulary before anything that may refer to it.
func (r *reading) words(n yamlfile.Node) {
	f := n.AnyMap()
	for _, id := range f.Names {
		at, _ := f.Opt(id)
		r.m.Words[id] = readText(at)
		r.line(at, "words", id)
	}
}

func (r *reading) unusedWords(n yamlfile.Node) {
	f := n.AnyMap()
	for _, id := range f.Names {
		if at, _ := f.Opt(id); !r.used[id] {
			at.Wrong("model.word_unused", "value", id)
		}
	}
}

func (r *reading) inUse(n yamlfile.Node) {
	f := n.Map("from", "to")
	if at, ok := f.Opt("from"); ok {
		r.m.InUse.From = at.Date()
	}
	if at, ok := f.Opt("to"); ok {
		r.m.InUse.To = at.Date()
		if r.m.InUse.To != 0 && r.m.InUse.To < r.m.InUse.From {
			at.Wrong("model.period_reversed")
		}
	}
}

func (r *reading) startsFrom(n yamlfile.Node) {
	for _, at := range n.List() {
		f := at.Map("model", "phase", "satisfies")
		var s StartsFrom
		if x, ok := f.Need("model"); ok {
			s.Model = x.ID()
			r.used[s.Model] = true
			if _, named := r.m.Words[s.Model]; s.Model != "" && !named {
				x.Wrong("model.no_word", "value", s.Model)
			}
		}
		if x, ok := f.Opt("phase"); ok {
			s.Phase = x.ID()
			r.used[s.Phase] = true
		}
		if x, ok := f.Need("satisfies"); ok {
			for _, ph := range x.Texts() {
				s.Satisfies = append(s.Satisfies, ph.OneOf(r.phaseIDs()...))
			}
		}
		r.line(at, "starts_from", s.Model)
		r.m.StartsFrom = append(r.m.StartsFrom, s)
	}
}

func (r *reading) entry(n yamlfile.Node) {
	f := n.Map("sources", "referral_asks", "first_contact_within", "eligible_if", "voluntary", "discreet")
	e := &r.m.Entry
	if at, ok := f.Need("sources"); ok {
		e.Sources = r.wordList(at, KindSource)
	}
	if at, ok := f.Opt("referral_asks"); ok {
		e.ReferralAsks = r.wordList(at, KindQuestion)
	}
	if at, ok := f.Need("first_contact_within"); ok {
		e.FirstContactWithin = at.Span()
		r.line(at, "entry", "first_contact_within")
	}
	if at, ok := f.Opt("voluntary"); ok {
		e.Voluntary = at.Bool()
	}
	if at, ok := f.Opt("discreet"); ok {
		e.Discreet = at.Bool()
	}
	if at, ok := f.Opt("eligible_if"); ok {
		c := r.condition(at)
		e.EligibleIf = &c
		r.line(at, "entry", "eligible_if")
	}
}

func (r *reading) promises(n yamlfile.Node) {
	f := n.Map("next_step", "silence", "absences_in_row", "handoff")
	p := &r.m.Promises
	p.NextStep = true
	if at, ok := f.Need("next_step"); ok {
		if !at.IsText() || at.Value() != "always" {
			at.Wrong("model.next_step_always")
		}
		r.line(at, "promises", "next_step")
	}
	if at, ok := f.Need("silence"); ok {
		p.Silence = at.Span()
		r.line(at, "promises", "silence")
	}
	if at, ok := f.Opt("absences_in_row"); ok {
		p.AbsencesInRow = int(at.Int(1, 30))
		r.line(at, "promises", "absences_in_row")
	}
	if at, ok := f.Need("handoff"); ok {
		r.line(at, "promises", "handoff")
		h := at.Map("answer_within", "first_contact_within")
		if x, ok := h.Need("answer_within"); ok {
			p.HandoffAnswer = x.Span()
		}
		if x, ok := h.Need("first_contact_within"); ok {
			p.HandoffFirst = x.Span()
		}
	}
}

func (r *reading) phaseIDs() []string {
	var ids []string
	for i := range r.m.Phases {
		ids = append(ids, r.m.Phases[i].ID)
	}
	return ids
}

// roughDays compares lengths of different units: a month is 30 days, a working day 1.4.
func roughDays(s civil.Span) int {
	switch s.Unit {
	case civil.Months:
		return s.N * 30
	case civil.Weeks:
		return s.N * 7
	case civil.WorkingDays:
		return s.N * 7 / 5
	}
	return s.N
}

func join(list []string) string { return strings.Join(list, ", ") }
