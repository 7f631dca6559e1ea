package paper

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/i18n"
	"polku/internal/web/view"
)

// long is a plan of the length that people make: every field of an activation plan, five goals.
func long() PlanPaper {
	x := PlanPaper{Client: "Aino Virtanen", Register: "Testirekisteri", Controller: "Testilä", Parties: []string{"Hyvinvointialue"}, Draft: true,
		At:   time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC),
		Text: view.PlanText{Title: "Aktivointisuunnitelma", Strengths: []string{"Sisukas", "Täsmällinen"}}}
	for range 5 {
		x.Text.Goals = append(x.Text.Goals, view.PlanGoal{Words: "Haluan takaisin töihin", Theme: "Työ", Actions: []view.PlanAction{
			{What: "Soitan työnantajalle", Owner: "asiakas", By: civil.New(2026, 3, 9)}, {What: "Käydään yhdessä", Owner: "Mia", By: civil.New(2026, 4, 1), Outcome: entry.Done}}})
	}
	for range 14 {
		x.Text.Fields = append(x.Text.Fields, view.PlanField{Title: "Työhistoria", Law: "189/2001 8 §", Text: strings.Repeat("Rakennuksilla kymmenen vuotta, sen jälkeen keikkoja. ", 12)})
	}
	x.Text.Accepted = []view.PlanSigned{{Line: "Asiakas: Aino Virtanen", Strokes: "M10,20L300,100L500,30"}}
	return x
}

// A plan prints as a sound document with the signature in it, which says in words what it is.
func TestPlanPrints(t *testing.T) {
	for _, l := range i18n.Langs {
		var out bytes.Buffer
		if err := Plan(&out, l, long()); err != nil {
			t.Fatal(err)
		}
		if err := api.Validate(bytes.NewReader(out.Bytes()), nil); err != nil {
			t.Errorf("%s: %v", l, err)
		}
		ctx, err := api.ReadContext(bytes.NewReader(out.Bytes()), nil)
		if err != nil {
			t.Fatal(err)
		}
		figures := 0
		for _, e := range ctx.Table {
			if e != nil && strings.Contains(strings.ReplaceAll(stringOf(e.Object), "\n", " "), "Figure") && strings.Contains(stringOf(e.Object), "Alt") {
				figures++
			}
		}
		if figures != 1 {
			t.Errorf("%s: %d figures with words", l, figures)
		}
	}
}

func stringOf(o interface{ PDFString() string }) string {
	if o == nil {
		return ""
	}
	return o.PDFString()
}

// BenchmarkPlan prints a long plan; the gate is one second.
func BenchmarkPlan(b *testing.B) {
	x := long()
	for b.Loop() {
		if err := Plan(io.Discard, i18n.FI, x); err != nil {
			b.Fatal(err)
		}
	}
}
