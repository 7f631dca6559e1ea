package web_test

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	. "polku/internal/polkutest"
)

// firstOf gives what a pattern's first group matches on a page.
func (f *face) firstOf(page, pattern string) string {
	f.t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(page)
	if m == nil {
		f.t.Fatalf("%s is not on the page: %.800s", pattern, text(page))
	}
	return m[1]
}

// A worker takes the week's proposals in one go, finds them in the calendar, moves one, and writes down that another
// fell through with the next time at once.
func TestWeekFromProposalsToCatchingUp(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		aino, _ := f.Client(t, "Virtanen", "Aino")
		f.Client(t, "Korhonen", "Eero")
		mia := f.as(Mia, "mia")
		page := mia.page("/calendar/propose")
		mia.says(page, "Aino Virtanen", "Eero Korhonen", "Varaa valitut")
		var pairs []string
		for _, n := range regexp.MustCompile(`name="take" value="(\d+)"`).FindAllStringSubmatch(page, -1) {
			pairs = append(pairs, "take", n[1])
			for _, field := range []string{"task", "path", "form", "minutes"} {
				pairs = append(pairs, field+"."+n[1], mia.firstOf(page, `name="`+field+`.`+n[1]+`" value="([^"]*)"`))
			}
			pairs = append(pairs, "when."+n[1], mia.firstOf(page, `(?s)name="when.`+n[1]+`".*?value="([^"]*)" selected`))
		}
		mia.says(mia.must("/calendar/propose", pairs...), "Aino Virtanen", "Eero Korhonen", "Tapaaminen")
		if status, again := mia.post("/calendar/propose", pairs...); status != 200 || !strings.Contains(text(again), "Aino Virtanen") {
			t.Errorf("sent twice: %d", status) // the same ids count once
		}
		page = mia.page("/c/" + aino + "/meetings")
		task := mia.firstOf(page, `meeting\?task=([^"]+)"`)
		if status, body := mia.post("/c/"+aino+"/meeting/move", "task", task, "day", "2026-03-05", "time", "13.00", "minutes", "60", "asked", "client"); status != 422 ||
			!strings.Contains(text(body), "miksi aika siirtyi") {
			t.Errorf("moved without a reason: %d", status)
		}
		mia.says(mia.must("/c/"+aino+"/meeting/move", "task", task, "day", "2026-03-05", "time", "13.00", "minutes", "60", "asked", "client", "why", "Bussi ei kulje"), "klo 13.00")
		mia.says(mia.page("/c/"+aino), "Siirrettiin", "Bussi ei kulje", "pyytäjä: Asiakas")
		status, body := mia.post("/c/"+aino+"/meetings", "day", "2026-03-05", "time", "13.30", "minutes", "30", "form", "call", "what", "Soitto")
		if status != 422 || !strings.Contains(text(body), "toinen tapaaminen") {
			t.Errorf("booked on top unasked: %d", status)
		}
		mia.must("/c/"+aino+"/meetings", "day", "2026-03-05", "time", "13.30", "minutes", "30", "form", "call", "what", "Soitto", "on_top", "1", "why", "Soitetaan tapaamisesta")
		mia.says(mia.must("/c/"+aino+"/meeting/fell", "task", task, "result", "cancelled", "text", "Sairastui", "next", "again", "day", "2026-03-06", "time", "9.00", "minutes", "60"), "pe 6.3. klo 9.00")
		mia.says(mia.page("/calendar?day=2026-03-06&span=day"), "Aino Virtanen", "9.00–10.00")
	})
}

// An absence shows what it touches before it is kept; the colleague accepts on their page, and the meeting is theirs.
func TestLeaveIsAcceptedByTheColleague(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		aino, _ := f.Client(t, "Virtanen", "Aino")
		mia, joni := f.as(Mia, "mia"), f.as(Joni, "joni")
		mia.must("/c/"+aino+"/meetings", "day", "2026-03-10", "time", "9.00", "minutes", "60", "form", "meeting", "what", "Tapaaminen")
		page := mia.page("/leave?from=2026-03-09&to=2026-03-11&stand_in=" + Joni)
		mia.says(page, "Aino Virtanen", "Siirtyy: Joni Johdattaja", "Sijainen vastaa yhdestä asiakkaastasi")
		way := mia.firstOf(page, `name="(way\.[^"]+)"`)
		mia.says(mia.must("/leave", "from", "2026-03-09", "to", "2026-03-11", "part", "day", "kind", "leave", "stand_in", Joni, way, "colleague"), "odottaa vastausta", "odottaa: Joni Johdattaja")
		page = joni.page("/today")
		joni.says(page, "Sinua pyydetään sijaiseksi")
		id := joni.firstOf(joni.page("/leave"), `href="/leave/([^"]+)"`)
		joni.says(joni.must("/leave/"+id+"/agree"), "sovittu", "tapaa: Joni Johdattaja", "Kerroin")
		joni.says(joni.page("/calendar?day=2026-03-10"), "Aino Virtanen")
		w.DB.Now = func() time.Time { return Noon.Add(time.Minute) }
		mia.says(mia.must("/leave/"+id+"/back"), "Poissaolot")
		mia.says(mia.page("/calendar?day=2026-03-10"), "Aino Virtanen")
	})
}

// The calendar feed needs no sign-in but its secret, and tells nobody's name.
func TestFeedOverHTTP(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		aino, _ := f.Client(t, "Virtanen", "Aino")
		mia := f.as(Mia, "mia")
		mia.must("/c/"+aino+"/meetings", "day", "2026-03-10", "time", "9.00", "minutes", "60", "form", "meeting", "what", "Aino ja asunto", "place", "Huone 3")
		_, page := mia.post("/calendar/feed")
		link := mia.firstOf(page, `(/feed/[A-Za-z0-9_-]{43})`)
		res, err := http.Get(f.url + link)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		got := string(body)
		if res.StatusCode != 200 || !strings.Contains(got, "DTSTART:20260310T070000Z") || !strings.Contains(got, "SUMMARY:Tapaaminen") {
			t.Fatalf("%d %s", res.StatusCode, got)
		}
		for _, secret := range []string{"Aino", "Virtanen", "asunto", "Huone", "Valmennus"} {
			if strings.Contains(got, secret) {
				t.Errorf("the feed tells %s", secret)
			}
		}
		mia.must("/calendar/feed/end")
		if res, err := http.Get(f.url + link); err != nil || res.StatusCode != 404 {
			t.Errorf("a link that has ended: %v %v", res.StatusCode, err)
		}
	})
}

// Offers go from offered to outcome on the client's page; a step with a clock time that is taken is asked about once.
func TestRecordAsksBeforeAnHourIsTakenTwice(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		aino, _ := f.Client(t, "Virtanen", "Aino")
		eero, _ := f.Client(t, "Korhonen", "Eero")
		mia := f.as(Mia, "mia")
		mia.must("/c/"+aino+"/meetings", "day", "2026-03-10", "time", "9.00", "minutes", "60", "form", "meeting", "what", "Tapaaminen")
		form := []string{"what", "call", "result", "held", "when", "today", "text", "Juteltiin", "step", "new", "step_what", "Tavataan", "step_who", "worker", "step_by", "2026-03-10", "step_time", "9.30"}
		status, page := mia.post("/c/"+eero+"/record", form...)
		if status != 422 || !strings.Contains(text(page), "tallenna uudelleen, jos tarkoitat molempia") {
			t.Fatalf("an hour taken: %d", status)
		}
		taken := mia.firstOf(page, `name="step_taken" value="([^"]+)"`)
		mia.must("/c/"+eero+"/record", append(form, "step_taken", taken)...)
		mia.says(mia.page("/c/"+eero), "Tavataan", "klo 9.30")
	})
}
