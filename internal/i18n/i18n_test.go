package i18n

import (
	"strings"
	"testing"

	"polku/internal/civil"
)

func TestEveryKeyHasEveryLanguage(t *testing.T) {
	for key, langs := range catalogue {
		if len(langs) != len(Langs) {
			t.Errorf("%s has something beside its languages: an unquoted comma cuts a text in two", key)
		}
		for _, l := range Langs {
			tx := langs[l]
			if strings.TrimSpace(tx.other) == "" {
				t.Errorf("%s has no %s", key, l)
			}
			if (tx.one == "") != (langs[FI].one == "") {
				t.Errorf("%s: plural forms differ in %s", key, l)
			}
		}
	}
}

func TestFigures(t *testing.T) {
	d := civil.New(2026, 3, 1)
	for got, want := range map[string]string{
		FI.Day(d): "1.3.2026", EN.Day(d): "1 March 2026", FI.DayShort(d): "su 1.3.", FI.Clock(545): "9.05",
		FI.Euro(2503125): "25\u00a0031,25\u00a0€", EN.Euro(2503125): "€25,031.25", FI.Euro(-5): "−0,05\u00a0€",
		EN.Int(1234567): "1,234,567", EN.Int(-123): "-123", FI.Length(90): "1 h 30 min",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestMissingKeyShowsItself(t *testing.T) {
	if got := FI.T("no.such.key"); got != "no.such.key" {
		t.Fatal(got)
	}
}

func TestArgumentsFillTheirPlaces(t *testing.T) {
	for _, c := range []struct {
		text string
		args []any
		want string
	}{
		{"{n} of {m}", []any{"n", 3, "m", "x"}, "3 of x"},
		{"{n}", []any{"n", "{m}", "m", "no"}, "{m}"}, // what is filled in is not filled again
		{"{who} {n", []any{"n", 1}, "{who} {n"},
		{"plain", []any{"n", 1}, "plain"},
	} {
		if got := fill(c.text, c.args); got != c.want {
			t.Errorf("%q gives %q, want %q", c.text, got, c.want)
		}
	}
}
