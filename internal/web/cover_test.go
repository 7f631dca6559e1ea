package web_test

import (
	"strings"
	"testing"

	. "polku/internal/polkutest"
)

// The cover form offers only colleagues who can stand in, and takes nobody else.
func TestCoverOffersColleaguesOfTheUnit(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		mia, joni := f.as(Mia, "mia"), f.as(Joni, "joni")
		page := mia.page("/cover")
		if !strings.Contains(page, `value="`+Joni+`"`) || strings.Contains(page, `value="`+Essi+`"`) || strings.Contains(text(page), "Kuka on poissa") {
			t.Errorf("a worker is offered %.1500s", text(page))
		}
		page = joni.page("/cover?absent=" + Essi)
		joni.says(page, "Kuka on poissa", "Essi Etsivä", "Yksikössä ei ole vielä ketään")
		if status, _ := joni.post("/cover", "absent", Essi, "by", Mia, "from", "2026-03-02", "to", "2026-03-06"); status != 422 {
			t.Errorf("a stand-in behind the wall: %d", status)
		}
		if status, _ := mia.post("/cover", "absent", Joni, "by", Mia, "from", "2026-03-02", "to", "2026-03-06"); status != 403 {
			t.Errorf("a worker plans for a colleague: %d", status)
		}
		joni.says(joni.must("/cover", "absent", Mia, "by", Joni, "from", "2026-03-02", "to", "2026-03-06"), "Joni Johdattaja sijaistaa: Mia Mallikas")
	})
}
