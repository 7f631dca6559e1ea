package rules

import (
	"path"
	"testing"

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
