package models

import (
	"path"
	"testing"

	"polku/internal/i18n"
	"polku/internal/model"
)

func TestEveryShippedModelIsSound(t *testing.T) {
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
		_, mistakes := model.Parse(f.Name(), data)
		for _, m := range mistakes {
			t.Error(m.Render(i18n.EN))
		}
	}
	if _, err := Load(); err != nil {
		t.Fatal(err)
	}
}
