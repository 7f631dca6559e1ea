package paper

import (
	"bytes"
	"flag"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/i18n"
	"polku/internal/workactivity"
)

var update = flag.Bool("update", false, "write the golden files anew")

// shown is every text that stands on the pages of a document, one drawn line a line.
func shown(t *testing.T, doc []byte) string {
	t.Helper()
	ctx, err := api.ReadContext(bytes.NewReader(doc), model.NewDefaultConfiguration())
	if err == nil {
		err = ctx.EnsurePageCount()
	}
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := 1; n <= ctx.PageCount; n++ {
		page, err := pdfcpu.ExtractPageContent(ctx, n)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, drawn := range regexp.MustCompile(`(?s)\(((?:\\.|[^\\)])*)\)\s*Tj`).FindAllSubmatch(content, -1) {
			b.WriteString(strings.TrimSpace(decode(drawn[1])) + "\n")
		}
	}
	return b.String()
}

// decode reads a string of a page: UTF-16 in two bytes, some of them escaped.
func decode(drawn []byte) string {
	var raw []byte
	for i := 0; i < len(drawn); i++ {
		if drawn[i] == '\\' && i+1 < len(drawn) {
			i++
			if drawn[i] == 'r' {
				raw = append(raw, '\r')
				continue
			}
		}
		raw = append(raw, drawn[i])
	}
	var units []uint16
	for i := 0; i+1 < len(raw); i += 2 {
		units = append(units, uint16(raw[i])<<8|uint16(raw[i+1]))
	}
	return string(utf16.Decode(units))
}

// all is a period with something in each of its fields, each with a word of its own.
func all() workactivity.Period {
	b := entry.WorkPeriod{Period: "p", From: civil.MustParse("2026-03-02"), To: civil.MustParse("2026-08-31"), Days: []int{1, 3}, Remote: []int{3}, Minutes: 300, Place: "Puistoahon paja",
		Provider: "PROVIDER", Legal: entry.FormAssociation, Goal: "Vakaa viikkorytmi", What: "Puutöitä pajalla", Guidance: "GUIDANCE", Beside: "BESIDE",
		Evaluate: civil.MustParse("2026-08-01"), Tasks: "TASKS", Contact: "CONTACT", Why: "WHY"}
	return workactivity.Periods([]*entry.Entry{{ID: "p", Kind: entry.KindWorkPeriod, Body: &b}})[0]
}

// The notice to the chief shop steward has the name and the first three items of the plan, and nothing else that is known
// of the client or the period (189/2001 s. 16): what stands on the page is compared whole.
func TestStewardIsToldThreeThings(t *testing.T) {
	w := Work{Client: "Aino Virtanen", Controller: "Testilän hyvinvointialue", At: time.Unix(1_770_000_000, 0), Zone: time.UTC}
	for _, l := range i18n.Langs {
		var out bytes.Buffer
		if err := Steward(&out, l, w, all()); err != nil {
			t.Fatal(err)
		}
		if err := api.Validate(bytes.NewReader(out.Bytes()), model.NewDefaultConfiguration()); err != nil {
			t.Error(err)
		}
		golden := "testdata/steward-" + string(l) + ".txt"
		got := shown(t, out.Bytes())
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil || got != string(want) {
			t.Errorf("%s: %v\n%s\nwant\n%s", l, err, got, want)
		}
		if regexp.MustCompile(`PROVIDER|GUIDANCE|BESIDE|TASKS|CONTACT|WHY`).MatchString(got) {
			t.Error("more than three items are told:\n", got)
		}
	}
	// A safety ban keeps the place off the paper.
	w.Banned = true
	var out bytes.Buffer
	if err := Steward(&out, i18n.FI, w, all()); err != nil {
		t.Fatal(err)
	}
	if got := shown(t, out.Bytes()); strings.Contains(got, "Puistoahon") || !strings.Contains(got, "suullisesti") {
		t.Error(got)
	}
}

// The extract tells days, and what was corrected since the extract before beside what it said.
func TestAttendanceShowsCorrections(t *testing.T) {
	day := civil.MustParse("2026-02-09")
	earlier := workactivity.Extract{ID: "x", MadeAt: 1_770_500_000_000_000, Lines: []workactivity.Line{{Day: day, Planned: 300, Came: true, Minutes: 300}, {Day: day + 2, Planned: 300, Reason: entry.Sick}}}
	now := workactivity.Extract{ID: "y", Month: civil.MustParse("2026-02-01"), Lines: []workactivity.Line{{Day: day, Planned: 300, Came: true, Minutes: 240}, {Day: day + 2, Planned: 300, Reason: entry.Sick}}}
	var out bytes.Buffer
	if err := Attendance(&out, i18n.FI, Work{Client: "Aino Virtanen", At: time.Unix(1_771_000_000, 0), Zone: time.UTC}, now, earlier); err != nil {
		t.Fatal(err)
	}
	got := strings.Join(strings.Fields(shown(t, out.Bytes())), " ")
	for _, want := range []string{"Läsnäolot helmikuu 2026", "Aino Virtanen", "ma 9.2.2026 5 h paikalla, 4 h", "ke 11.2.2026 5 h poissa, sairaus", "Osallistumispäiviä 1, yhteensä 4 h", "Korjattu edellisen otteen", "ma 9.2.2026 paikalla, 5 h paikalla, 4 h"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}
