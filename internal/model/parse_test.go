package model

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"

	"polku/internal/civil"
	"polku/internal/i18n"
	"polku/internal/yamlfile"
)

func TestSmallestModelIsSound(t *testing.T) {
	m, mistakes := Parse("pieni.yaml", []byte(small(nil)))
	for _, x := range mistakes {
		t.Error(x.Render(i18n.EN))
	}
	if m == nil || m.Key() != "pieni@2026-1" || !m.Promises.NextStep || m.Phase("alku") == nil || !m.Exit("died").Final {
		t.Fatalf("%+v", m)
	}
	if m.Entry.FirstContactWithin != (civil.Span{N: 5, Unit: civil.WorkingDays}) {
		t.Errorf("first contact within %v", m.Entry.FirstContactWithin)
	}
}

// Each mistake a service developer can make is named on its line, and says how to mend it.
func TestMistakesAreNamedOnTheirLine(t *testing.T) {
	phase := func(more string) map[string]string {
		return map[string]string{"phases": "\n  - id: alku\n    title: {fi: Alku, sv: Början, en: Start}\n    leads_to: [exit]\n" + more}
	}
	for _, c := range []struct {
		what    string
		changes map[string]string
		line    int
		says    string
	}{
		{"misspelt field", map[string]string{"version": "x1\ntitel: {fi: a}"}, 3, "Did you mean “title”?"},
		{"unknown field", map[string]string{"extra": "1"}, 0, "There is no field “extra” here."},
		{"field twice", map[string]string{"version": "x1\nmodel: toinen"}, 3, "“model” is here twice"},
		{"field missing", map[string]string{"register": ""}, 1, "The field “register” is missing"},
		{"figure for text", map[string]string{"version": "2026"}, 2, `Put it in quotes: "2026"`},
		{"id with capitals", map[string]string{"model": "Pieni Malli"}, 1, "“Pieni Malli” will not do as an id"},
		{"a language missing", map[string]string{"title": "{fi: Pieni, en: Small}"}, 3, "“title” has no text in the language sv"},
		{"Finnish missing", map[string]string{"title": "{sv: Liten, en: Small}"}, 3, "“title” has no text in the language fi"},
		{"a comma in a text", map[string]string{"for": "{fi: Niille, jotka haluavat, sv: För dem, en: For them}"}, 4, "A comma broke the text: “jotka haluavat”"},
		{"empty text", map[string]string{"title": "{fi: ' ', sv: Liten, en: Small}"}, 3, "“fi” is empty"},
		{"unknown register", map[string]string{"register": "employment-projekt"}, 5, "Did you mean “employment-project”?"},
		{"unknown rule pack", map[string]string{"rules": "[holiday-fi]"}, 6, "Did you mean “holidays-fi”?"},
		{"list expected", map[string]string{"rules": "holidays-fi"}, 6, "“rules” must be a list"},
		{"source without words", map[string]string{"sources": "[neighbour-of-mine]"}, 8, "has no name. Add it under words"},
		{"source twice", map[string]string{"sources": "[self, self]"}, 8, "The id “self” is twice"},
		{"previous service unexplained", map[string]string{"sources": "[previous-service]"}, 7, "does not tell which service"},
		{"length in words", map[string]string{"first_contact_within": "soon"}, 9, "“soon” is not a length"},
		{"two units", map[string]string{"first_contact_within": "{days: 1, weeks: 1}"}, 9, "two units"},
		{"working weeks", map[string]string{"first_contact_within": "{weeks: 1, counted: working}"}, 9, "goes only with days"},
		{"bargained next step", map[string]string{"next_step": "sometimes"}, 11, "write next_step: always"},
		{"silence missing", map[string]string{"silence": ""}, 10, "“silence” is missing in “promises”"},
		{"unknown phase", map[string]string{"phases": "[{id: alku, title: {fi: a, sv: b, en: c}, leads_to: [jatko, exit]}]"}, 14, "“jatko”, which is not known"},
		{"no phases", map[string]string{"phases": "[]"}, 14, "has no phase"},
		{"phase named exit", map[string]string{"phases": "[{id: exit, title: {fi: a, sv: b, en: c}, leads_to: [exit]}]"}, 14, "cannot be called “exit”"},
		{"phase unreachable", phase("  - id: saari\n    title: {fi: a, sv: b, en: c}\n    leads_to: [exit]\n"), 18, "Nothing leads to the phase “saari”"},
		{"two phases that only lead to each other", phase("  - id: a\n    title: {fi: a, sv: b, en: c}\n    leads_to: [b]\n  - id: b\n    title: {fi: a, sv: b, en: c}\n    leads_to: [a, exit]\n"), 21, "Nothing leads to the phase “b”"},
		{"phase without way out", map[string]string{"phases": "[{id: alku, title: {fi: a, sv: b, en: c}, leads_to: [alku]}]"}, 14, "no way out of the phase “alku”"},
		{"phase twice", phase("  - id: alku\n    title: {fi: a, sv: b, en: c}\n    leads_to: [exit]\n"), 18, "The id “alku” is twice"},
		{"at_most shorter", phase("    lasts: {target: 3 months, at_most: 60 days}\n"), 18, "at_most (60 days) is shorter than target (3 months)"},
		{"cadence twice", phase("    cadences:\n      - {id: a, do: meeting, at_least: 1, every: week}\n      - {id: a, do: meeting, at_least: 1, every: month}\n"), 20, "The id “a” is twice"},
		{"cadence asks nothing", phase("    cadences: [{id: a, do: meeting, every: week}]\n"), 18, "must ask for times"},
		{"hours of a meeting", phase("    cadences: [{id: a, do: meeting, hours: 2, every: week}]\n"), 18, "only be asked of attendance"},
		{"forms of attendance", phase("    cadences: [{id: a, do: attendance, forms: [call], at_least: 1, every: week}]\n"), 18, "do not go with attendance"},
		{"unknown window", phase("    cadences: [{id: a, do: meeting, at_least: 1, every: weak}]\n"), 18, "Did you mean “week”?"},
		{"weekday of a month", phase("    cadences: [{id: a, do: meeting, at_least: 1, every: month, day: 5}]\n"), 18, "only with every: week"},
		{"too often", phase("    cadences: [{id: a, do: meeting, at_least: 99, every: month}]\n"), 18, "whole number 1–31"},
		{"topic without words", phase("    topics:\n      - next-stepp\n"), 19, "Did you mean “next-step”?"},
		{"offer of unknown kind", phase("    offers: [{id: a, kind: free-lunch}]\n"), 18, "“free-lunch” has no name"},
		{"two purses", phase("    offers: [{id: a, kind: work-trial, budget: {eur: 5, per: client, shared: wage-subsidy}}]\n"), 18, "not both"},
		{"measure twice", phase("    measures: [{instrument: feedback, when: end, window: 7 days}, {instrument: feedback, when: end, window: 9 days}]\n"), 18, "The id “feedback” is twice"},
		{"instrument unknown", phase("    measures: [{instrument: work-ability-noww, when: end, window: 7 days}]\n"), 18, "Did you mean “work-ability-now”?"},
		{"exit withdrew missing", map[string]string{"exits": "[{to: died}]"}, 15, "The exit “withdrew” is missing"},
		{"exit died missing", map[string]string{"exits": "[{to: withdrew}]"}, 15, "The exit “died” is missing"},
		{"destination unknown", map[string]string{"exits": "[{to: withdrew}, {to: died}, {to: the-moon}]"}, 15, "“the-moon” has no name"},
		{"destination twice", map[string]string{"exits": "[{to: withdrew}, {to: died}, {to: died}]"}, 15, "The id “died” is twice"},
		{"death owes", map[string]string{"exits": "[{to: withdrew}, {to: died, follow_up: [{after: 1 month}]}]"}, 15, "Nothing is owed after a death"},
		{"op not for field", map[string]string{"eligible_if": "{field: client.language, op: at_least, value: fi}"}, 10, "“at_least” does not suit the field “client.language”"},
		{"value of another type", map[string]string{"eligible_if": "{field: client.age, op: is, value: old}"}, 10, "must be a number"},
		{"list expected by one_of", map[string]string{"eligible_if": "{field: client.benefit, op: one_of, value: general-support}"}, 10, "must be a list"},
		{"field of condition unknown", map[string]string{"eligible_if": "{field: client.agee, op: is, value: 1}"}, 10, "Did you mean “client.age”?"},
		{"two forms of condition", map[string]string{"eligible_if": "{all: [], field: client.age, op: known}"}, 10, "either all, any, or field and op"},
		{"condition of nothing", map[string]string{"eligible_if": "{any: []}"}, 10, "has no conditions"},
		{"source outside the entry", map[string]string{"eligible_if": "{field: referral.source, op: is, value: school}"}, 10, "which is not in entry.sources"},
		{"own word unused", map[string]string{"words": "{oma: {fi: Oma, sv: Egen, en: Own}}"}, 17, "“oma” is not used"},
		{"area without words", map[string]string{"checkpoints": "{moon: [cv]}"}, 17, "“moon” has no name"},
		{"review twice", map[string]string{"reviews": "[{plan: client-plan, every: 1 month}, {plan: client-plan, every: 2 months}]"}, 17, "The id “client-plan” is twice"},
		{"role without words", map[string]string{"staffing": "{meeting: {minutes: 60}, roles: {wizard: 1}}"}, 16, "“wizard” has no name"},
		{"half a cent of a role", map[string]string{"staffing": "{meeting: {minutes: 60}, roles: {coach: 0.123}}"}, 16, "at most two decimals"},
	} {
		m, mistakes := Parse("pieni.yaml", []byte(small(c.changes)))
		found := false
		var all []string
		for _, x := range mistakes {
			all = append(all, x.Render(i18n.EN))
			found = found || (c.line == 0 || x.Line == c.line) && strings.Contains(x.Text(i18n.EN), c.says)
		}
		if m != nil || !found {
			t.Errorf("%s: want line %d %q, got:\n  %s", c.what, c.line, c.says, strings.Join(all, "\n  "))
		}
	}
}

func TestManyMistakesComeAtOnceInTheOrderOfLines(t *testing.T) {
	_, mistakes := Parse("pieni.yaml", []byte(small(map[string]string{"version": "2026", "register": "x", "silence": "soon", "exits": "[{to: moon}]"})))
	if len(mistakes) < 6 {
		t.Errorf("only %d mistakes", len(mistakes))
	}
	for i := 1; i < len(mistakes); i++ {
		if mistakes[i].Line < mistakes[i-1].Line {
			t.Errorf("line %d comes after line %d", mistakes[i].Line, mistakes[i-1].Line)
		}
	}
}

func TestMistakeSpeaksTheReadersLanguage(t *testing.T) {
	_, mistakes := Parse("malli.yaml", []byte(small(map[string]string{"exits": "[{to: died}]"})))
	if len(mistakes) != 1 {
		t.Fatal(mistakes)
	}
	if got, want := mistakes[0].Render(i18n.FI), "malli.yaml:15: Päättymistapa ”withdrew” puuttuu. Jokaisessa mallissa pitää olla withdrew (asiakas lopettaa itse) ja died."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestHostileFilesAreRefused(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
	for i := 1; i < 9; i++ {
		bomb += fmt.Sprintf("%c: &%c [%s]\n", 'a'+i, 'a'+i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*%c,", 'a'+i-1), 10), ","))
	}
	for _, c := range []struct{ what, data, key string }{
		{"too big", "model: " + strings.Repeat("x", yamlfile.MaxBytes), "yaml.too_big"},
		{"alias bomb", bomb, "yaml.too_many"},
		{"deep", strings.Repeat("[", 60) + strings.Repeat("]", 60), "yaml.too_deep"},
		{"loop", "a: &a [*a]", "yaml.too_deep"},
		{"empty", "", "yaml.empty"},
		{"two documents", small(nil) + "---\n" + small(nil), "yaml.two_documents"},
		{"not a mapping", "- 1\n- 2\n", "yaml.want_map"},
		{"no YAML", "model: [", "yaml.syntax"},
		{"null", "~", "yaml.want_map"},
		{"merge", "<<: {model: a}", "yaml.unknown_field"},
		{"key is a list", "[a, b]: 1", "yaml.want_text"},
	} {
		m, mistakes := Parse("bad.yaml", []byte(c.data))
		found := false
		for _, x := range mistakes {
			found = found || x.Key == c.key
		}
		if m != nil || !found {
			t.Errorf("%s: want %s, got %v", c.what, c.key, mistakes)
		}
	}
}

func TestLineOfARuleIsKnown(t *testing.T) {
	m, mistakes := Parse("pieni.yaml", []byte(small(map[string]string{"phases": "\n  - id: alku\n    title: {fi: Alku, sv: Början, en: Start}\n    cadences:\n      - {id: viikko, do: attendance, hours: 2.5, every: week}\n    topics: [next-step]\n    leads_to: [exit]\n"})))
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	for source, want := range map[string]int{"phases/alku": 15, "phases/alku/cadences/viikko": 18, "phases/alku/topics/next-step": 19, "promises/silence": 12, "exits/died": 22, "nowhere": 0} {
		if got := m.Line(source); got != want {
			t.Errorf("%s on line %d, want %d", source, got, want)
		}
	}
	if c := m.Phase("alku").Cadences[0]; c.Hours != 150 || c.AtLeast != 1 {
		t.Errorf("2.5 hours became %d minutes, at least %d", c.Hours, c.AtLeast)
	}
}

func TestWordsOfTheModelComeFirst(t *testing.T) {
	m, _ := Parse("pieni.yaml", []byte(small(map[string]string{"sources": "[self]", "words": "{self: {fi: Minä, sv: Jag, en: Me}}"})))
	if m == nil || m.Word("self", "sv") != "Jag" || m.Word("cv", "en") != "CV" || m.Word("alku", "en") != "Start" || m.Word("no-such", "fi") != "no-such" {
		t.Error("words are not found in the model, its phases, the vocabulary")
	}
}

func TestCadencesAndOffersHaveNames(t *testing.T) {
	m, mistakes := Parse("pieni.yaml", []byte(small(map[string]string{"phases": `[{id: alku, title: {fi: Alku, sv: Början, en: Start}, leads_to: [exit], offers: [{id: laakari, kind: doctor-assessment}],
  cadences: [{id: viikko, do: meeting, at_least: 1, every: week}, {id: paja, title: {fi: Paja, sv: Verkstad, en: Shop}, do: attendance, at_least: 1, every: week}]}]`})))
	if m == nil {
		t.Fatal(mistakes)
	}
	for id, want := range map[string]string{"viikko": "Tapaaminen", "paja": "Paja", "laakari": "Lääkärin arvio terveydestä ja hyvinvoinnista"} {
		if got := m.Word(id, "fi"); got != want {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
}

// Whatever the bytes, Parse answers: a model without mistakes, or mistakes and no model.
func FuzzParse(f *testing.F) {
	f.Add([]byte(small(nil)))
	for _, name := range []string{"pohjois-pohjanmaa-tyokyky", "reisjarvi-etsiva"} {
		if data, err := os.ReadFile("../../models/" + name + ".yaml"); err == nil {
			f.Add(data)
			f.Add(bytes.ReplaceAll(data, []byte("- "), []byte("- &a ")))
		}
	}
	for _, s := range []string{"a: &a [*a]", "{[]: 1}", "? {a: b}\n: c", "words: {x: ~}", "entry: {eligible_if: {all: [{any: []}]}}", "\xff", "phases: [~]", "exits: [1]", "!!binary x", "model: !!int 1", "staffing: {roles: {coach: 1e9}}", "--- \n...\n---"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, mistakes := Parse("f.yaml", data)
		if (m == nil) == (len(mistakes) == 0) {
			t.Fatalf("model %v with %d mistakes", m != nil, len(mistakes))
		}
		for _, x := range mistakes {
			if text := x.Render(i18n.FI); strings.Contains(text, "{field}") || strings.Contains(text, "yaml.") || strings.Contains(text, ": model.") {
				t.Fatalf("a mistake without words: %s", text)
			}
		}
		if m != nil {
			Describe(m, nil, i18n.SV)
		}
	})
}
