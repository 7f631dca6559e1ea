package hint

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func said(hints []Hint) string {
	var all []string
	for _, h := range hints {
		all = append(all, fmt.Sprintf("%s:%s", h.Kind, h.Word))
	}
	return strings.Join(all, ", ")
}

// What is hinted at, and what is left in peace.
func TestCheck(t *testing.T) {
	for _, c := range []struct{ lang, text, want string }{
		{"fi", "Anna kertoi viikosta. Hän nukkui hyvin.", ""},
		{"fi", "Tapaaminen klo 10.30 kirjastossa.", "short:klo"},
		{"fi", "Anna kertoi että hän oli käynyt viime viikolla lääkärissä ja saanut uuden ajan jatkohoitoon keväälle.", "long:Anna kertoi että hän"},
		{"fi", "Hän tuli, koska oli sovittu, että tavataan ja syödään, mutta kiire yllätti.", "passive:tavataan, passive:syödään, matters:Hän tuli, koska oli"},
		{"fi", "Sovittiin uusi aika.", "passive:sovittiin"},
		{"fi", "Hän lähti kotiin iltaan asti ja kertoi asunnostaan.", ""},
		{"fi", "Asiakas on laiska.", "judges:laiska"},
		{"fi", "Päätös tehtiin, laki 189/2001.", "law:laki, law:189/2001"},
		{"sv", "Klienten är lat och kom för sent.", "judges:lat"},
		{"sv", "Latinet gick bra.", ""},
		{"en", "The client is lazy.", "judges:lazy"},
		{"en", "One two three four five six seven eight nine ten eleven twelve thirteen.", "long:One two three four"},
	} {
		if got := said(Check(c.text, c.lang)); got != c.want {
			t.Errorf("%s %q: %s, wanted %s", c.lang, c.text, got, c.want)
		}
	}
	for _, h := range Check("Asiakas on hankala.", "fi") {
		if h.Better == "" {
			t.Error("nothing fairer is proposed")
		}
	}
}

func TestTopics(t *testing.T) {
	of := []string{"money", "housing", "health", "unknown-to-us"}
	if got := Topics("Puhuttiin vuokrarästeistä ja lääkäriajasta.", of); !slices.Equal(got, []string{"money", "housing", "health"}) {
		t.Error(got)
	}
	if got := Topics("Aurinko paistoi.", of); got != nil {
		t.Error(got)
	}
}

// No text makes it fail or talk too much.
func FuzzCheck(f *testing.F) {
	f.Add("Sovittiin klo 10. Laki 189/2001, 2 §.\nAsiakas on ym. laiska…", "fi")
	f.Fuzz(func(t *testing.T, text, lang string) {
		for _, h := range Check(text, lang) {
			if h.Kind == "" || utf8.ValidString(text) && !utf8.ValidString(h.Word) {
				t.Fatalf("%+v", h)
			}
		}
		if n := len(Check(text, lang)); n > hintsMost {
			t.Fatal(n)
		}
		Topics(text, []string{"money"})
	})
}
