package model_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"polku/internal/i18n"
	"polku/internal/model"
	"polku/models"
	"polku/rules"
)

var update = flag.Bool("update", false, "write the golden files again")

// The page of one service in three languages is looked at by people whenever it changes.
func TestPageOfTheServiceInThreeLanguages(t *testing.T) {
	set, err := models.Load()
	if err != nil {
		t.Fatal(err)
	}
	packs, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	m := set.Newest("tyokykya-ja-hyvinvointia")
	for _, lang := range i18n.Langs {
		got := model.Describe(m, packs, lang).Markdown()
		file := "testdata/tyokyky." + string(lang) + ".md"
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s differs from what is shown; look, and run with -update:\n%s", file, got)
		}
	}
}

// No page shows a bare id or catalogue key where words belong.
func TestEveryPageSpeaksInWords(t *testing.T) {
	set, err := models.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range set.All() {
		for _, lang := range i18n.Langs {
			text := model.Describe(m, nil, lang).Markdown()
			for _, sign := range []string{"describe.", "span.", "field.", "condition.", "{", "}", "reisjarvi-", "tyoklubi", "-needed", "_"} {
				if strings.Contains(text, sign) {
					t.Errorf("%s in %s shows %q", m.Model, lang, sign)
				}
			}
		}
	}
}

// The example of the language's guide is sound, so that a newcomer can begin with it.
func TestExampleOfTheGuideIsSound(t *testing.T) {
	guide, err := os.ReadFile("../../doc/model-language.md")
	if err != nil {
		t.Fatal(err)
	}
	_, example, found := strings.Cut(string(guide), "## The least that is a service\n\n")
	example, _, ended := strings.Cut(example, "\n\nEvery text has")
	if !found || !ended {
		t.Fatal("the guide has lost its example")
	}
	_, mistakes := model.Parse("guide.yaml", []byte(strings.ReplaceAll("\n"+example, "\n    ", "\n")))
	for _, m := range mistakes {
		t.Error(m.Render(i18n.EN))
	}
}
