package plan

import (
	"strings"

	"polku/internal/entry"
)

// What a change between two versions is about.
const (
	ChangedStrengths = "strengths"
	ChangedGoals     = "goals"
	ChangedField     = "field"
)

// Difference is one difference between two versions of a plan.
type Difference struct {
	What     string // ChangedStrengths …
	Field    string // id, when What is ChangedField
	Was, Now string
}

// Changes gives what differs between a version and the one before it, in the order in which a plan is read.
func Changes(before, now *entry.Plan) []Difference {
	var all []Difference
	add := func(what, field, was, is string) {
		if was != is {
			all = append(all, Difference{what, field, was, is})
		}
	}
	add(ChangedStrengths, "", before.Strengths, now.Strengths)
	add(ChangedGoals, "", goalLines(before), goalLines(now))
	was := map[string]string{}
	for _, f := range before.Fields {
		was[f.Field] = f.Text
	}
	for _, f := range now.Fields {
		add(ChangedField, f.Field, was[f.Field], f.Text)
		delete(was, f.Field)
	}
	for _, f := range before.Fields { // what is no longer there, in its order
		if text, gone := was[f.Field]; gone {
			add(ChangedField, f.Field, text, "")
		}
	}
	return all
}

// goalLines writes goals and actions one a line, to compare and to read.
func goalLines(p *entry.Plan) string {
	var lines []string
	for _, g := range p.Goals {
		mark := ""
		if g.Reached {
			mark = " ✓"
		}
		lines = append(lines, g.Words+mark)
		for _, a := range g.Actions {
			mark = ""
			if a.Done {
				mark = " ✓"
			}
			lines = append(lines, "– "+a.What+mark)
		}
	}
	return strings.Join(lines, "\n")
}
