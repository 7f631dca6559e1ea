package ruleset

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"polku/internal/civil"
	"polku/internal/i18n"
)

const sound = `pack: rajat
title: {fi: Rajat, sv: Gränser, en: Limits}
versions:
  - id: A
    from: 2020-01-01
    to: 2020-12-31
    source: "1/2020"
    verified: true
    figures:
      days_max: {value: 4, unit: days, source: "1/2020 s. 1", verified: true}
  - id: B
    from: 2021-01-01
    source: "2/2021"
    verified: false
    note: From memory.
    figures:
      days_max: {value: 5, unit: days, source: "2/2021 s. 1", verified: false}
      share: {steps: [{from: 1, value: 0}, {from: 101, value: 1000}], unit: basis-points, source: "2/2021 s. 2", verified: true}
`

func TestFigureOfADayIsThatVersionsOrNone(t *testing.T) {
	p, mistakes := Parse("rajat.yaml", []byte(sound))
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	s := &Set{Packs: []*Pack{p}}
	for day, want := range map[string]int64{"2020-01-01": 4, "2020-12-31": 4, "2021-01-01": 5, "2099-01-01": 5} {
		if f, ok := s.Figure("rajat", "days_max", civil.MustParse(day)); !ok || f.Value != want {
			t.Errorf("%s: %d %v, want %d", day, f.Value, ok, want)
		}
	}
	for _, ask := range [][3]string{{"rajat", "days_max", "2019-12-31"}, {"rajat", "share", "2020-06-01"}, {"none", "days_max", "2020-06-01"}} {
		if f, ok := s.Figure(ask[0], ask[1], civil.MustParse(ask[2])); ok {
			t.Errorf("%v is answered with %d: what is not known must not be guessed", ask, f.Value)
		}
	}
	share, _ := s.Figure("rajat", "share", civil.MustParse("2022-01-01"))
	for n, want := range map[int64]int64{1: 0, 100: 0, 101: 1000, 5000: 1000} {
		if got := share.At(n); got != want {
			t.Errorf("day %d: %d, want %d", n, got, want)
		}
	}
}

func TestAdministratorsSeeWhatIsFromMemory(t *testing.T) {
	p, _ := Parse("rajat.yaml", []byte(sound))
	var lines []string
	for _, f := range (&Set{Packs: []*Pack{p}}).Unverified() {
		lines = append(lines, f.Line(i18n.EN))
	}
	want := "rajat B: days it holds for – 2/2021. From memory.\nrajat B: days_max – 2/2021 s. 1"
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestMistakesOfAPackAreNamedOnTheirLine(t *testing.T) {
	for _, c := range []struct {
		old, new string
		line     int
		says     string
	}{
		{"pack: rajat", "pakc: rajat", 1, "Did you mean “pack”?"},
		{", en: Limits", "", 2, "“en” is missing in “title”"},
		{"to: 2020-12-31", "to: 2021-06-30", 11, "“B” begins before “A” ends"},
		{"    to: 2020-12-31\n", "", 10, "“B” begins before “A” ends"},
		{"to: 2020-12-31", "to: 2019-12-31", 6, "before the first"},
		{"from: 2020-01-01", "from: 1.1.2020", 5, "a day such as 2026-03-01"},
		{"id: B", "id: A", 11, "“A” is here twice"},
		{"value: 4, unit: days", "value: 4, unit: dayz", 10, "Did you mean “days”?"},
		{"value: 4, ", "", 10, "either value or steps"},
		{"value: 4", "value: 4.5", 10, "whole number"},
		{`, source: "1/2020 s. 1"`, "", 10, "“source” is missing"},
		{`source: "1/2020 s. 1", verified: true`, `source: "1/2020 s. 1"`, 10, "“verified” is missing"},
		{`source: "1/2020 s. 1", verified: true`, `source: "1/2020 s. 1", verified: maybe`, 10, "true or false"},
		{"{from: 1, value: 0}", "{from: 2, value: 0}", 18, "begin at 1 and rise"},
		{"{from: 101,", "{from: 1,", 18, "begin at 1 and rise"},
		{sound, "pack: tyhja\ntitle: {fi: a, sv: b, en: c}\n", 1, "neither figures"},
		{sound, "pack: p\ntitle: {fi: a, sv: b, en: c}\nholidays:\n  - {id: x, name: {fi: a, sv: b, en: c}, easter: 1, month: 2, source: s, verified: true}\n", 4, "either easter, or month"},
	} {
		broken := strings.Replace(sound, c.old, c.new, 1)
		p, mistakes := Parse("rajat.yaml", []byte(broken))
		found := false
		for _, m := range mistakes {
			found = found || m.Line == c.line && strings.Contains(m.Text(i18n.EN), c.says)
		}
		if p != nil || !found {
			t.Errorf("%q: want line %d %q, got %v", c.new, c.line, c.says, mistakes)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(sound))
	if files, err := filepath.Glob("../../rules/*.yaml"); err == nil {
		for _, file := range files {
			if data, err := os.ReadFile(file); err == nil {
				f.Add(data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, mistakes := Parse("f.yaml", data)
		if (p == nil) == (len(mistakes) == 0) {
			t.Fatalf("pack %v with %d mistakes", p != nil, len(mistakes))
		}
		if p != nil {
			(&Set{Packs: []*Pack{p}}).Unverified()
			HolidayDates(p, 2026)
		}
	})
}
