package csvio

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"polku/internal/entry"
	"polku/internal/i18n"
)

func TestQuoteDisarmsFormulas(t *testing.T) {
	for in, want := range map[string]string{
		"=1+1": "'=1+1", "@SUM(A1)": "'@SUM(A1)", "+cmd|'/c calc'!A1": "'+cmd|'/c calc'!A1", "-2+3": "'-2+3", "\t=1": "\"'\t=1\"", " =1": "' =1", "＝1": "'＝1",
		"\u200b=1": "'\u200b=1", "-": "-", "-4,5": "\"-4,5\"", "+358 40 123": "+358 40 123", "a;b": `"a;b"`, `a"b`: `"a""b"`, "a\nb": "\"a\nb\"", "Öhman": "Öhman", "": "",
	} {
		if want == "'+cmd|'/c calc'!A1" {
			want = `"` + want + `"`
		}
		if got := Quote(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringMatching(`[A-Za-zåäö0-9;,"=+@\n-]{1,12}[a-zö]`)
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 3, 3), 1, 5).Draw(t, "rows")
		var out bytes.Buffer
		w := NewWriter(&out)
		for _, r := range rows {
			w.Write(r...)
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		p := csvParser{data: bytes.TrimPrefix(out.Bytes(), []byte("\ufeff")), sep: ';'}
		for _, r := range rows {
			got, ok := p.next()
			if !ok || len(got) != 3 {
				t.Fatalf("%q", got)
			}
			for i := range r {
				if strings.TrimPrefix(got[i], "'") != r[i] {
					t.Fatalf("%q, want %q", got[i], r[i])
				}
				if startsFormula(got[i]) {
					t.Fatalf("%q is a formula", got[i])
				}
			}
		}
	})
}

func TestEveryKeyOfThisPackageHasItsTexts(t *testing.T) {
	files, _ := filepath.Glob("*.go")
	more, _ := filepath.Glob("../hetu/*.go")
	key := regexp.MustCompile(`"((?:import|hetu)\.[a-z_.]*[a-z_])"`)
	n := 0
	for _, f := range append(files, more...) {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range key.FindAllStringSubmatch(string(data), -1) {
			n++
			if !i18n.Has(m[1]) {
				t.Errorf("%s: %s", f, m[1])
			}
		}
	}
	for _, m := range Meanings() {
		if !i18n.Has("import.field." + string(m)) {
			t.Errorf("import.field.%s", m)
		}
	}
	for _, f := range []DayForm{FormCell, FormDots, FormISO, FormWords, FormSlash, FormSerial, FormAmbiguous, FormUS, FormMonth, FormWeek, FormYear, FormNoYear, FormRough, FormNotADay} {
		if !i18n.Has("import.form." + string(f)) {
			t.Errorf("import.form.%s", f)
		}
	}
	for _, r := range []entry.Reason{entry.Sick, entry.ChildSick, entry.Interview, entry.OtherOK, entry.Unexplained, entry.ByOrganiser} {
		if k := (MarkMeaning{Reason: r}).key(); !i18n.Has(k) {
			t.Error(k)
		}
	}
	for _, k := range []string{"empty", "encrypted", "old_xls", "pdf", "html", "json", "binary", "broken", "xlsb", "word", "zip"} {
		if !i18n.Has("import.file." + k) {
			t.Error(k)
		}
	}
	if n < 100 {
		t.Errorf("only %d keys found: the test looks in the wrong place", n)
	}
}

func TestProblemsNeverHoldPersonalData(t *testing.T) {
	l := clientsOf(t, open(t, "rautavaara-osallistujat-2020.csv"), Options{})
	for _, lang := range i18n.Langs {
		for _, r := range l.Rows {
			for _, p := range r.Problems {
				text := p.Say(lang)
				if strings.Contains(text, "{") || strings.Contains(text, "import.") {
					t.Errorf("%s: %s", p.Key, text)
				}
				for _, secret := range []string{r.LastName, r.PhoneText, string(r.Code), r.Email} {
					if secret != "" && strings.Contains(text, secret) {
						t.Errorf("%s tells %q", p.Key, text)
					}
				}
			}
		}
		for _, line := range l.Summary.Lines(lang) {
			if strings.Contains(line, "{") || strings.Contains(line, "import.") {
				t.Error(line)
			}
		}
	}
}
