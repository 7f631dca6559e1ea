package plan_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/plan"
	"polku/models"
	"polku/rules"
)

// Each kind asks for what its law says, and no two fields ask the same thing under two names.
func TestKindsAskWhatTheLawAsks(t *testing.T) {
	workActivity := 0
	for _, a := range plan.KindOf("activation-plan").Fields {
		if a.Law == "189/2001 s. 9.1" {
			workActivity++
		}
	}
	if workActivity != 6 {
		t.Errorf("s. 9.1 asks six things of work activity, the plan %d", workActivity)
	}
	titles := map[string]string{}
	for _, k := range plan.Kinds() {
		for _, a := range k.Fields {
			for _, text := range []string{a.Field.Title.FI, a.Field.Title.SV, a.Field.Title.EN} {
				if text == "" {
					t.Errorf("%s has no title in some language", a.Name)
				}
			}
			if other := titles[a.Field.Title.FI]; other != "" && other != a.Name {
				t.Errorf("%s and %s ask the same", a.Name, other)
			}
			titles[a.Field.Title.FI] = a.Name
		}
	}
	all, err := models.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all.All() {
		for _, r := range m.Reviews {
			if plan.KindOf(r.Plan) == nil {
				t.Errorf("%s reviews %s, which nobody can make", m.Model, r.Plan)
			}
		}
	}
}

// The clocks of the law come from the rule packs by date: before the act there is none.
func TestReviewClocks(t *testing.T) {
	packs, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ kind, from, by, law string }{
		{"activation-plan", "2026-01-15", "2026-04-15", "189/2001 s. 5.1 and 9.3"},
		{"multi-sector-plan", "2026-01-31", "2026-04-30", "381/2023 s. 4-8"},
		{"client-plan", "2026-01-15", "2026-07-15", ""},
	} {
		from, _ := civil.Parse(c.from)
		if by, law := plan.KindOf(c.kind).ReviewBy(packs, from); by.String() != c.by || law != c.law {
			t.Errorf("%s: %s by %s", c.kind, by, law)
		}
	}
	if by, _ := plan.KindOf("multi-sector-plan").ReadyBy(packs, civil.New(2024, 6, 1)); !by.IsZero() {
		t.Error("a clock before the act:", by)
	}
}

// The library has at least forty actions, each in all languages and with a theme that there is; easy Finnish is short.
func TestLibraryIsWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range plan.Library() {
		if r.FI == "" || r.SV == "" || r.EN == "" || r.Easy == "" || r.Days <= 0 || plan.ThemeName(r.Theme, "fi") == r.Theme || seen[r.ID] {
			t.Errorf("%+v", r)
		}
		if words := len(strings.Fields(r.Easy)); words > 12 {
			t.Errorf("%s: %d words are no easy Finnish", r.ID, words)
		}
		seen[r.ID] = true
	}
	if len(seen) < 40 {
		t.Errorf("%d actions", len(seen))
	}
}

// What changed is told in the order in which a plan is read.
func TestChanges(t *testing.T) {
	before := &entry.Plan{Strengths: "Sisukas", Fields: []entry.PlanField{{Field: "week", Text: "Ma"}, {Field: "support", Text: "Mia"}, {Field: "length", Text: "Vuosi"}}}
	now := &entry.Plan{Strengths: "Sisukas", Goals: []entry.PlanGoal{{Words: "Töihin", Actions: []entry.PlanAction{{What: "Soitan", Done: true}}}},
		Fields: []entry.PlanField{{Field: "week", Text: "Ti"}, {Field: "support", Text: "Mia"}, {Field: "meetings", Text: "Viikoittain"}}}
	want := []plan.Difference{{What: "goals", Now: "Töihin\n– Soitan ✓"}, {What: "field", Field: "week", Was: "Ma", Now: "Ti"},
		{What: "field", Field: "meetings", Now: "Viikoittain"}, {What: "field", Field: "length", Was: "Vuosi"}}
	if got := plan.Changes(before, now); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
	if got := plan.Changes(now, now); len(got) != 0 {
		t.Errorf("the same differs: %+v", got)
	}
}

// A model's own kinds come first, then those of the register; a path is never without any.
func TestKindsOfAPath(t *testing.T) {
	ids := func(list []*plan.Kind) (all []string) {
		for _, k := range list {
			all = append(all, k.ID)
		}
		return all
	}
	if got := ids(plan.For(nil, "work-activity-register")); !slices.Equal(got, []string{"activation-plan", "multi-sector-plan", "client-plan"}) {
		t.Error(got)
	}
	if got := ids(plan.For(nil, "no-such")); len(got) == 0 {
		t.Error("a path without any kind")
	}
}
