package fold

import "testing"

func TestNamesOfAnyScriptFold(t *testing.T) {
	for in, want := range map[string]string{
		"Åkerlund": "akerlund", "Öhman-Mäki": "ohman maki", "Nguyễn": "nguyen", "Žižek": "zizek", "Łukasz": "lukasz",
		"O'Brien": "o brien", "Йосип": "иосип", "Ярославський": "ярославськии", "أحمد": "احمد", "ΣΟΦΟΣ": "σοφοσ", "İbrahim": "ibrahim", "  a  b ": "a b", "virtanen": "virtanen",
	} {
		if got := Text(in); got != want {
			t.Errorf("%q folds to %q, want %q", in, got, want)
		}
	}
}
