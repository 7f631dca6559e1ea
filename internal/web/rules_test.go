package web_test

import (
	"strings"
	"testing"

	. "polku/internal/polkutest"
	"polku/rules"
)

// The administrator reads each figure, its source and its note in their own language, and among the unverified
// everything that the count counts: figures, spans of days, holidays.
func TestRulesAreToldInTheReadersLanguage(t *testing.T) {
	f := open(t, New(t, t.TempDir()))
	packs, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	f.Book.Rules = packs
	boss := f.as(Boss, "boss")
	page := boss.page("/rules?show=unverified")
	boss.says(page, "THL, kuntouttavan työtoiminnan sisältö", "Oletetaan samaksi vuonna 2026.", "Voimassaoloaika", "Juhannusaatto", "pe 19.6.", "189/2001 5.1 ja 9.3 §")
	if got, want := strings.Count(page, "tag--wait"), len(packs.Unverified()); got != want {
		t.Errorf("%d lines are marked, %d are counted", got, want)
	}
	boss.must("/settings", "lang", "sv", "theme", "", "keys", "on")
	boss.says(boss.page("/rules"), "Antas vara oförändrad 2026.", "RP 109/2025", "Midsommarafton", "1290/2002 14 kap. 3a § (385/2023)")
}
