// Package plan owns the plan of a path: the draft that is worked on, what is offered to the client, the versions that both
// sides have accepted, goals with what is done for them, and the library of ready actions. Accepted versions, goals,
// actions and reviews are entries of the journal; the draft is a row of its own until both sides accept it. It does not own
// tasks (package path keeps them) nor when a review is due (the pathway engine says).
package plan

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/model"
	"polku/internal/ruleset"
)

//go:embed data/kinds.yaml
var kindsYAML []byte

// Text in the three languages, and in easy Finnish where a client reads it.
type Text struct {
	FI, SV, EN string
	Easy       string
}

// In gives the text in "fi", "sv" or "en"; Finnish where the language has none.
func (t Text) In(lang string) string { return model.Text{FI: t.FI, SV: t.SV, EN: t.EN}.In(lang) }

// ToClient gives the text as the client reads it: easy Finnish where there is some.
func (t Text) ToClient(lang string) string {
	if lang == "fi" && t.Easy != "" {
		return t.Easy
	}
	return t.In(lang)
}

// Type of a field's value.
type Type string

// Types of fields.
const (
	TypeText Type = ""     // a few lines
	TypeLine Type = "line" // one line
	TypeDay  Type = "day"  // 2026-03-01
)

// Field is something that plans tell. Its value is the same in every kind that asks for it.
type Field struct {
	ID            string `yaml:"-"`
	Title, Hint   Text
	Type          Type
	BeforeSigning bool `yaml:"before_signing"` // nobody may accept the plan before it says something (189/2001 s. 9.2)
}

// Part of a plan that only some plans have: its fields are asked for when it is in the plan.
type Part struct {
	ID        string `yaml:"-"`
	Title     Text
	Registers []string // kinds of register where it is in the plan unless somebody says otherwise
}

// Asked is a field as a kind asks for it.
type Asked struct {
	Field *Field `yaml:"-"`
	Name  string `yaml:"field"`
	Law   string // section that asks for it; empty: the service does
	Part  string // only when this part is in the plan; empty: always
}

// Figure names a figure of a rule pack.
type Figure struct{ Pack, Figure string }

// Kind of plan.
type Kind struct {
	ID        string
	Title     Text
	Law       string
	Note      Text
	Registers []string      // kinds of register where it is offered; models add theirs by their reviews
	Parties   []entry.Party // who signs beside client and worker
	Review    Figure        // how often the law wants it looked at; empty: none
	Ready     Figure        // how long making it may take from the start; empty: no limit
	Span      string        `yaml:"review_span"` // how often otherwise, where the model says nothing
	Fields    []Asked
}

// book of everything in kinds.yaml.
type book struct {
	Fields map[string]*Field
	Parts  map[string]*Part
	Kinds  []Kind
}

var kinds = mustKinds()

func mustKinds() book {
	var b book
	d := yaml.NewDecoder(bytes.NewReader(kindsYAML))
	d.KnownFields(true)
	if err := d.Decode(&b); err != nil {
		panic(fmt.Sprintf("plan/data/kinds.yaml: %v", err))
	}
	for id, f := range b.Fields {
		f.ID = id
	}
	for id, p := range b.Parts {
		p.ID = id
	}
	for i := range b.Kinds {
		for k := range b.Kinds[i].Fields {
			a := &b.Kinds[i].Fields[k]
			if a.Field = b.Fields[a.Name]; a.Field == nil || a.Part != "" && b.Parts[a.Part] == nil {
				panic(fmt.Sprintf("plan/data/kinds.yaml: %s asks for %s, part %s", b.Kinds[i].ID, a.Name, a.Part))
			}
		}
	}
	return b
}

// Kinds gives every kind, in the order of the file.
func Kinds() []Kind { return kinds.Kinds }

// KindOf gives a kind; nil when there is none of that id.
func KindOf(id string) *Kind {
	for i := range kinds.Kinds {
		if kinds.Kinds[i].ID == id {
			return &kinds.Kinds[i]
		}
	}
	return nil
}

// FieldOf gives a field; nil when there is none of that id.
func FieldOf(id string) *Field { return kinds.Fields[id] }

// PartOf gives a part; nil when there is none of that id.
func PartOf(id string) *Part { return kinds.Parts[id] }

// For gives the kinds that a path may have: first those that its model has reviewed, then those of its kind of register.
func For(m *model.Model, register string) []*Kind {
	var all []*Kind
	add := func(k *Kind) {
		if k != nil && !slices.Contains(all, k) {
			all = append(all, k)
		}
	}
	if m != nil {
		for _, r := range m.Reviews {
			add(KindOf(r.Plan))
		}
	}
	for i := range kinds.Kinds {
		if slices.Contains(kinds.Kinds[i].Registers, register) {
			add(&kinds.Kinds[i])
		}
	}
	if len(all) == 0 {
		add(KindOf("own-path-plan"))
	}
	return all
}

// Parts gives the parts that a kind may have, in the order of its fields.
func (k *Kind) Parts() []*Part {
	var all []*Part
	for _, a := range k.Fields {
		if p := kinds.Parts[a.Part]; p != nil && !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}

// ReviewBy gives the last day for looking at a plan again that was made or reviewed on a day, with the section that asks
// it; zero when nothing asks it. A service's own promise in its model is the engine's: ask it first.
func (k *Kind) ReviewBy(rules *ruleset.Set, day civil.Date) (by civil.Date, law string) {
	if months, source, known := k.Review.months(rules, day); known {
		return day.AddMonths(months), source
	}
	span, err := civil.ParseSpan(k.Span)
	if err != nil {
		return 0, ""
	}
	return span.After(day, nil), ""
}

// ReadyBy gives the day by which the plan must be there when the path began on a day; zero when nothing asks it.
func (k *Kind) ReadyBy(rules *ruleset.Set, start civil.Date) (by civil.Date, law string) {
	if months, source, known := k.Ready.months(rules, start); known {
		return start.AddMonths(months), source
	}
	return 0, ""
}

func (f Figure) months(rules *ruleset.Set, day civil.Date) (n int, source string, known bool) {
	if f.Pack == "" || rules == nil {
		return 0, "", false
	}
	x, known := rules.Figure(f.Pack, f.Figure, day)
	return int(x.Value), x.Source, known
}
