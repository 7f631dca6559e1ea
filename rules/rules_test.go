package rules

import (
	"bytes"
	"path"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"polku/internal/i18n"
	"polku/internal/ruleset"
)

func TestEveryShippedPackIsSound(t *testing.T) {
	names, err := FS.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range names {
		if path.Ext(f.Name()) != ".yaml" {
			continue
		}
		data, err := FS.ReadFile(f.Name())
		if err != nil {
			t.Fatal(err)
		}
		p, mistakes := ruleset.Parse(f.Name(), data)
		for _, m := range mistakes {
			t.Error(m.Render(i18n.EN))
		}
		if p != nil && p.ID+".yaml" != f.Name() {
			t.Errorf("%s holds the pack %s", f.Name(), p.ID)
		}
	}
	if _, err := Load(); err != nil {
		t.Fatal(err)
	}
}

func TestShippedPacksFollowTheSchema(t *testing.T) {
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
	schema, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range IDs() {
		data, err := FS.ReadFile(id + ".yaml")
		if err != nil {
			t.Fatal(err)
		}
		var v any
		if err := yaml.Unmarshal(data, &v); err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(daysAsText(v)); err != nil {
			t.Errorf("%s: %v", id, err)
		}
		delete(v.(map[string]any), "title")
		if schema.Validate(v) == nil {
			t.Errorf("%s: the schema lets a pack without a title through", id)
		}
	}
}

// daysAsText makes days what an editor sees: texts.
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
