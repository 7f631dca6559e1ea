package phone

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for in, want := range map[string]Number{
		"040 485 5572":          "+358404855572",
		"0403039259":            "+358403039259",
		"+358 (0)50-1234567":    "+358501234567",
		"+358 40\u00a0123 4567": "+358401234567",
		"00358 40 123 4567":     "+358401234567",
		"358401234567":          "+358401234567",
		"401234567":             "+358401234567", // Excel ate the zero
		"+46 70 123 45 67":      "+46701234567",
		"(09) 123 4567":         "+35891234567",
		"040/1234567":           "+358401234567",
	} {
		if got, ok := Parse(in); !ok || got != want {
			t.Errorf("%q: %q %v, want %q", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "ei puhelinta", "123", "+", "0401234567890123456", "040 123 abc", "12.3.2020", "1+2"} {
		if got, ok := Parse(in); ok {
			t.Errorf("%q was taken as %q", in, got)
		}
	}
}

func TestSpellingsOfOneNumberAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.StringMatching(`4[0-9]{8}`).Draw(t, "digits")
		want := Number("+358" + d)
		for _, s := range []string{"0" + d, "+358" + d, "00358" + d, "+358 (0)" + d, "0" + d[:2] + "-" + d[2:5] + " " + d[5:], d} {
			if got, ok := Parse(s); !ok || got != want {
				t.Fatalf("%q: %q", s, got)
			}
		}
		if got, _ := Parse(strings.Repeat(" ", 3) + string(want)); got != want {
			t.Fatal("own form is not read")
		}
	})
}
