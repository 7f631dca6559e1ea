package models

import (
	"bytes"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"polku/internal/model"
	"polku/internal/ruleset"
)

// compiled gives the schema that editors use.
func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	data, err := FS.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// asEditor reads YAML as an editor does: a day without quotes is a text.
func asEditor(t *testing.T, data []byte) any {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return daysAsText(v)
}

func daysAsText(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.Format("2006-01-02")
	case map[string]any:
		for k := range v {
			v[k] = daysAsText(v[k])
		}
	case []any:
		for i := range v {
			v[i] = daysAsText(v[i])
		}
	}
	return v
}

func TestShippedModelsFollowTheSchema(t *testing.T) {
	s := compiled(t)
	names, err := FS.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, f := range names {
		if path.Ext(f.Name()) != ".yaml" {
			continue
		}
		data, err := FS.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		seen++
		if !bytes.HasPrefix(data, []byte("# yaml-language-server: $schema=schema.json\n")) {
			t.Errorf("%s does not name its schema on the first line", f.Name())
		}
		if err := s.Validate(asEditor(t, data)); err != nil {
			t.Errorf("%s: %v", f.Name(), err)
		}
	}
	if seen != 7 {
		t.Errorf("%d models, want 7: five services, Reisjärvi's in three registers", seen)
	}
}

// Each break is made into a sound model; an editor with the schema and `polku model check` must both refuse it.
func TestSchemaAndParserRefuseTheSameBreaks(t *testing.T) {
	s := compiled(t)
	sound, err := FS.ReadFile("pohjois-pohjanmaa-tyokyky.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range []struct{ what, old, new string }{
		{"a misspelt field", "at_least: 1", "at_last: 1"},
		{"a version that is a figure", "version: 2015-1", "version: 2015"},
		{"a language missing", ", sv: Kartläggning, en: Mapping phase", ", en: Mapping phase"},
		{"an unknown window", "every: week", "every: fortnight"},
		{"an unknown deed", "do: meeting", "do: chat"},
		{"a length in words", "silence: {days: 21}", "silence: three weeks"},
		{"a length of nothing", "silence: {days: 21}", "silence: {days: 0}"},
		{"the next step bargained away", "next_step: always", "next_step: usually"},
		{"a phase without a way on", "    leads_to: [valmennus, exit]\n", ""},
		{"an unknown op", "op: at_least", "op: more_than"},
		{"an unknown field of a condition", "client.unemployed_days", "client.shoe_size"},
		{"a budget for nobody", "{eur: 120, per: client}", "{eur: 120}"},
		{"a budget from two purses", "{shared: wage-subsidy}", "{shared: wage-subsidy, eur: 5, per: client}"},
		{"hours as text", "hours: 5", "hours: viisi"},
		{"a receiver that is not required", "receiver: required", "receiver: perhaps"},
		{"an id with a space", "id: kartoitus", "id: kartoitus jakso"},
		{"no exits", "exits:", "exits_old:"},
	} {
		broken := bytes.Replace(sound, []byte(b.old), []byte(b.new), 1)
		if bytes.Equal(broken, sound) {
			t.Errorf("%s: %q is not in the model", b.what, b.old)
			continue
		}
		if s.Validate(asEditor(t, broken)) == nil {
			t.Errorf("%s: the schema lets it through", b.what)
		}
		m, mistakes := model.Parse("broken.yaml", broken)
		if m != nil || len(mistakes) == 0 {
			t.Errorf("%s: the parser lets it through", b.what)
			continue
		}
		line := 1 + strings.Count(string(sound[:bytes.Index(sound, []byte(b.old))]), "\n")
		found := false
		for _, x := range mistakes {
			found = found || x.Line == line || b.what == "a phase without a way on" || b.what == "no exits"
		}
		if !found {
			t.Errorf("%s: no mistake on line %d: %v", b.what, line, mistakes)
		}
	}
}

func TestModelsNameOnlyWhatIsThere(t *testing.T) {
	set, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	shipped := map[string]bool{}
	for _, m := range set.All() {
		if shipped[m.Key()] {
			t.Errorf("%s is shipped twice", m.Key())
		}
		shipped[m.Key()], shipped[m.Model] = true, true
		for _, p := range m.Phases {
			for _, c := range p.Cadences {
				if m.Line("phases/"+p.ID+"/cadences/"+c.ID) == 0 {
					t.Errorf("%s: no line of %s/%s", m.Model, p.ID, c.ID)
				}
			}
		}
	}
	for _, m := range set.All() {
		byLaw := false
		for _, r := range m.Reviews {
			byLaw = byLaw || r.Law != ""
		}
		if m.Register == "work-activity-register" && (!byLaw || !slices.Contains(m.Rules, ruleset.WorkActivity)) {
			t.Errorf("%s is rehabilitative work activity without its law's limits or review", m.Model)
		}
		if !slices.Contains(m.Rules, ruleset.Holidays) {
			t.Errorf("%s does not know holidays", m.Model)
		}
		for _, s := range m.StartsFrom {
			if !shipped[s.Model] && m.Words[s.Model].FI == "" {
				t.Errorf("%s starts from %s, which is neither shipped nor named", m.Model, s.Model)
			}
		}
	}
}

// What editors offer is what the program knows.
func TestSchemaOffersTheFieldsOfConditions(t *testing.T) {
	data, err := FS.ReadFile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range model.Fields {
		if !bytes.Contains(data, []byte(`"`+f.Name+`"`)) {
			t.Errorf("the schema does not offer %s", f.Name)
		}
	}
}
