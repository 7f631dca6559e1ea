package ruleset

import (
	"testing"

	"polku/internal/i18n"
)

func TestStatutesAsEachLanguageWritesThem(t *testing.T) {
	for source, want := range map[string][3]string{
		"189/2001 s. 13b.2 (702/2020)":      {"189/2001 13b.2 § (702/2020)", "189/2001 13b.2 § (702/2020)", "189/2001 s. 13b.2 (702/2020)"},
		"189/2001 s. 5.1 and 9.3":           {"189/2001 5.1 ja 9.3 §", "189/2001 5.1 och 9.3 §", "189/2001 s. 5.1 and 9.3"},
		"380/2023 s. 95-96":                 {"380/2023 95–96 §", "380/2023 95–96 §", "380/2023 s. 95-96"},
		"1290/2002 ch. 14 s. 3a (385/2023)": {"1290/2002 14 luvun 3a § (385/2023)", "1290/2002 14 kap. 3a § (385/2023)", "1290/2002 ch. 14 s. 3a (385/2023)"},
		"380/2023 ch. 10":                   {"380/2023 10 luku", "380/2023 10 kap.", "380/2023 ch. 10"},
		"385/2023 and 48/2026 s. 55":        {"385/2023 ja 48/2026 55 §", "385/2023 och 48/2026 55 §", "385/2023 and 48/2026 s. 55"},
		"Kirja 3, s. xii":                   {"Kirja 3, s. xii", "Kirja 3, s. xii", "Kirja 3, s. xii"},
	} {
		for i, lang := range i18n.Langs {
			if got := Statute(source, lang); got != want[i] {
				t.Errorf("%s in %s: %q, want %q", source, lang, got, want[i])
			}
		}
	}
}

// Sources and notes may be one text for all languages or one for each; the English one is what the engine names.
func TestSourcesAndNotesInThreeLanguages(t *testing.T) {
	pack, mistakes := Parse("p.yaml", []byte(`pack: p
title: {fi: a, sv: b, en: c}
versions:
  - id: V
    from: 2026-01-01
    source: "1/2020 s. 2"
    verified: true
    figures:
      x: {value: 1, unit: days, source: {fi: HE 1/2020, sv: RP 1/2020, en: Bill 1/2020}, verified: false, note: {fi: suomeksi, sv: på svenska, en: in English}}
      y: {value: 1, unit: days, source: "1/2020 s. 3", verified: true, note: plain}
`))
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	v := pack.Versions[0]
	x, y := v.Figures["x"], v.Figures["y"]
	for lang, want := range map[i18n.Lang]string{i18n.FI: "HE 1/2020|suomeksi|1/2020 3 §|plain|1/2020 2 §", i18n.SV: "RP 1/2020|på svenska|1/2020 3 §|plain|1/2020 2 §",
		i18n.EN: "Bill 1/2020|in English|1/2020 s. 3|plain|1/2020 s. 2"} {
		got := x.Said.SourceIn(lang, x.Source) + "|" + x.Said.NoteIn(lang, x.Note) + "|" + y.Said.SourceIn(lang, y.Source) + "|" + y.Said.NoteIn(lang, y.Note) + "|" + v.Said.SourceIn(lang, v.Source)
		if got != want {
			t.Errorf("%s: %q, want %q", lang, got, want)
		}
	}
	if _, mistakes := Parse("p.yaml", []byte("pack: p\ntitle: {fi: a, sv: b, en: c}\nholidays:\n  - {id: h, name: {fi: a, sv: b, en: c}, month: 1, day: 1, source: {fi: x, sv: y}, verified: true}\n")); len(mistakes) != 1 {
		t.Errorf("a source without English: %v", mistakes)
	}
}
