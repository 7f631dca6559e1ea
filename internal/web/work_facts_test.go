package web_test

import (
	"regexp"
	"strings"
	"testing"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/i18n"
	"polku/internal/web"
	"polku/internal/workactivity"
)

// judging are words that say what somebody thinks of the client or of what should follow. A statement's facts have none.
var judging = map[i18n.Lang]*regexp.Regexp{
	i18n.FI: regexp.MustCompile(`(?i)laiminly|moiti|valitettav|huono|heikko|syyllis|välinpitäm|halut(on|tom)|kieltäyt|seuraamu|karenss|luvat(on|tom)|motivaa|pätev|perusteet|epäluotet|toistuva|jatkuva|\bvain\b|jälleen|edelleen|kuitenkaan|pitäisi|velvollisuu|rikko|aiheet(on|tom)`),
	i18n.SV: regexp.MustCompile(`(?i)försumm|klander|tyvärr|dålig|svag|skyldig|ovillig|vägra|påföljd|karens|olovlig|motivation|giltig orsak|grundlös|upprepad|\bbara\b|återigen|fortfarande|borde|\bbröt`),
	i18n.EN: regexp.MustCompile(`(?i)neglect|unfortunate|\bbad\b|poor|fault|unwilling|refus|sanction|waiting period|unexcused|failed to|motivat|repeated|\bonly\b|again|still|should|breach|valid reason`),
}

// The text of facts tells what was agreed, what happened, what the client said and who tried to reach them, and has no
// word that judges, in any language; what the client told stands in it as it was told.
func TestFactsJudgeNobody(t *testing.T) {
	day := civil.MustParse("2026-02-02")
	var entries []*entry.Entry
	add := func(on civil.Date, body entry.Body) {
		entries = append(entries, &entry.Entry{ID: on.String(), Day: on, Minute: -1, Minutes: 240, Kind: body.Kind(), Body: body})
	}
	for i, why := range entry.PeriodEnds { // a period after another, each ended for another reason
		from := day + civil.Date(100*i)
		add(from, &entry.WorkPeriod{Period: from.String(), From: from, To: from + 98, Days: []int{1, 2, 3, 4}, Minutes: 240, Place: "Paja", Goal: "Rytmi"})
		add(from+7, &entry.WorkPeriod{Period: from.String(), From: from, To: from + 98, Since: from + 7, Days: []int{1, 2}, Minutes: 300, Place: "Paja", Goal: "Rytmi"})
		add(from+50, &entry.WorkPeriodEnd{Period: from.String(), Last: from + 50, Why: why, Told: "KERTOMANI"})
	}
	add(day, &entry.Attendance{Text: "SALAISUUS"})
	for i, r := range workactivity.Reasons {
		add(day+civil.Date(i+1), &entry.Absence{Reason: r, Told: "KERTOMANI", Text: "SALAISUUS"})
	}
	for i, r := range []entry.Result{entry.Held, entry.NoAnswer, entry.NoShow, entry.Cancelled} {
		for j, form := range []entry.Form{entry.FormMeeting, entry.FormVisit, entry.FormCall, entry.FormMessage, entry.FormLetter} {
			add(day+civil.Date(10+5*i+j), &entry.Contact{Form: form, Result: r, Text: "SALAISUUS"})
		}
	}
	add(day+40, &entry.Note{Text: "NÄKEMYKSENI", OwnView: true})
	add(day+41, &entry.Note{Text: "SALAISUUS"})
	f := workactivity.FactsOf(entries, nil, day, day+900, day+900)
	for _, l := range i18n.Langs {
		for _, text := range []string{web.FactsText(l, f, false), web.FactsText(l, workactivity.FactsOf(nil, nil, day, day+30, day+30), false)} {
			if found := judging[l].FindString(text); found != "" {
				t.Errorf("%s: the text judges: %q", l, found)
			}
		}
		text := web.FactsText(l, f, false)
		if strings.Contains(text, "SALAISUUS") || strings.Count(text, "KERTOMANI") != len(entry.PeriodEnds)+len(workactivity.Reasons)-1 || strings.Count(text, "NÄKEMYKSENI") != 1 {
			t.Errorf("%s: what staff wrote is told, or what the client told is not:\n%s", l, text)
		}
		if strings.Contains(web.FactsText(l, f, true), "Paja") {
			t.Error("a safety ban does not hide the place")
		}
	}
}
