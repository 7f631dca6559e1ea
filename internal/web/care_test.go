package web_test

import (
	"regexp"
	"strings"
	"testing"

	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/ident"
	"polku/internal/path"
	. "polku/internal/polkutest"
)

var secretLink = regexp.MustCompile(`/[ok]/[A-Za-z0-9_-]{32}`)

// secret gives the path of the one-time link that a page shows.
func (f *face) secret(page string) string {
	f.t.Helper()
	link := secretLink.FindString(page)
	if link == "" {
		f.t.Fatalf("no link on the page:\n%s", text(page))
	}
	return link
}

// A start is done in place, one thing after another, until nothing is missing; who told what and when stands there.
func TestStartIsDoneInPlace(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Alku", "Aino")
		mia := f.as(Mia, "mia")
		at := "/c/" + id + "/start"
		mia.says(mia.page("/c/"+id), "Aloituksesta puuttuu vielä 4 asiaa")
		mia.says(mia.must(at, "do", "notice", "way", "face", "text", "Kävimme selosteen läpi."), "Mia Mallikas kertoi 2.3.2026 (kasvokkain)", "Kävimme selosteen läpi.")
		status, body := mia.post(at, "do", "interpreter", "interpreter", "remote", "language", "")
		if status != 422 {
			t.Errorf("an interpreter of no language: %d", status)
		}
		_ = body
		mia.must(at, "do", "interpreter", "interpreter", "remote", "language", "ar")
		mia.must(at, "do", "emergency", "contact_name", "Sisko", "contact_who", "sisko", "contact_phone", "040 123 4567")
		mia.must("/c/"+id+"/record", "what", "call", "id", ident.New(), "day", "2026-03-02", "result", "held", "form", "call", "text", "Soitin", "step", "keep")
		mia.says(mia.page(at), "Kaikki aloituksen asiat on hoidettu", "arabia · Etänä", "Sisko · sisko")
	})
}

// A former client answers in three taps, without an account: the page tells nothing of anybody, and is dead afterwards.
func TestHowAreYouInThreeTaps(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		var id string
		must(t, f.Update(Mia, func(tx *db.Tx) (err error) {
			if id, err = client.Create(tx, f.Keys, client.New{Register: Register, LastName: "Virtanen", FirstName: "Aino"}); err != nil {
				return err
			}
			_, _, err = f.Book.Start(tx, path.Start{Client: id, Service: Service, Day: civil.New(2026, 1, 2), Responsible: Mia},
				entry.Entry{ID: ident.New(), Day: civil.New(2026, 1, 30), Minute: -1, Kind: entry.KindExit, Body: &entry.Exit{Step: entry.ExitDone, To: "open-work"}})
			return err
		}))
		mia := f.as(Mia, "mia")
		mia.says(mia.page("/follow-ups"), "Aino Virtanen", "Kysy nyt")
		link := f.secret(mia.must("/c/"+id+"/follow-up", "do", "link"))
		anybody := f.browser()
		front := anybody.page(link)
		for _, word := range []string{"Aino", "Virtanen", "Polku", "Valmennus", "Testilä", "Mia"} {
			if strings.Contains(text(front), word) {
				t.Errorf("the page tells %q to whoever holds the link", word)
			}
		}
		anybody.says(front, "Kysymys 1/3", "Olen töissä")
		anybody.says(anybody.must(link, "outcome", "open-work"), "Kysymys 2/3")
		anybody.says(anybody.must(link, "outcome", "open-work", "feels", "3"), "Kysymys 3/3")
		anybody.says(anybody.must(link, "outcome", "open-work", "feels", "3", "call", "yes"), "Soitamme sinulle pian")
		if status, _ := anybody.get(link); status != 410 {
			t.Errorf("the link opens again: %d", status)
		}
		mia.says(mia.page("/today"), "Aino Virtanen", "haluaa takaisin")
		mia.says(mia.page("/c/"+id), "linkillä", "toivoo soittoa", "Haluaa takaisin")
		if strings.Contains(f.logs.String(), strings.TrimPrefix(link, "/k/")) {
			t.Error("the secret stands in the log")
		}
	})
}

// A receiver outside reads what was allowed, says yes with a day, and says that they have met: only then the path closes.
func TestReceiverOutside(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		mia := f.as(Mia, "mia")
		ask := func(basis string) (int, string) {
			return mia.post("/c/"+id+"/passage", "to", "another-service", "receiver", "Terveysasema", "scope", "contact", "basis", basis, "letter", "Aino tulee aamulla.", "purpose", "siirto")
		}
		if status, _ := ask(""); status != 422 {
			t.Errorf("told without a ground: %d", status)
		}
		mia.must("/c/"+id+"/consent", "kind", "consent", "receiver_name", "Terveysasema", "scope", "contact", "purpose", "siirto", "given_by", "client", "way", "face", "told", "kaikki")
		var decision string
		must(t, f.Update(Mia, func(tx *db.Tx) error {
			_, err := tx.One(`select consent_id from consent where tenant_id = $1`, []any{Tenant}, &decision)
			return err
		}))
		status, body := ask(decision)
		if status != 200 {
			t.Fatalf("%d: %s", status, text(body))
		}
		link := f.secret(body)
		clinic := f.browser()
		clinic.says(clinic.page(link), "Aino tulee aamulla.", "Mia Mallikas", "Testilä")
		if status, body := clinic.post(link, "do", "accept", "name", "", "contact", "2026-03-09"); status != 422 {
			t.Errorf("a yes of nobody: %d %s", status, text(body))
		}
		clinic.says(clinic.must(link, "do", "accept", "name", "Teppo Terho, sairaanhoitaja", "contact", "2026-03-09"), "tapaatte viimeistään 9.3.2026")
		mia.says(mia.page("/c/"+id), "Varmista, että ensimmäinen tapaaminen toteutui: Terveysasema")
		clinic.says(clinic.page(link), "Tapasitteko?")
		clinic.says(clinic.must(link, "do", "met", "day", "2026-03-02"), "asiakas on teillä")
		mia.says(mia.page("/c/"+id), "päättynyt")
		if status, _ := clinic.get(link); status != 410 {
			t.Errorf("the page is still open: %d", status)
		}
	})
}

// The client is told of each step of a hand-off on their own page, in their own words' language; and the three meet.
func TestClientIsToldAtEachStep(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		mia, joni := f.as(Mia, "mia"), f.as(Joni, "joni")
		aino := f.enters(mia.invite(id, "how", "agree", "pin", goodPIN), goodPIN)
		mia.must("/c/"+id+"/handover", "to", Joni, "why", "Muutto")
		aino.says(aino.page("/p/messages"), "Mia Mallikas on pyytänyt, että Joni Johdattaja jatkaa kanssasi")
		var handoff string
		must(t, f.Update(Mia, func(tx *db.Tx) error {
			_, err := tx.One(`select handoff_id from handoff where tenant_id = $1`, []any{Tenant}, &handoff)
			return err
		}))
		mia.must("/h/"+handoff+"/meeting", "day", "2026-03-05", "clock", "13", "place", "huone 2")
		aino.says(aino.page("/p/messages"), "Tapaamme kolmestaan", "huone 2")
		aino.says(aino.page("/p/today"), "Tapaaminen")
		joni.must("/h/" + handoff + "/accept")
		aino.says(aino.page("/p/messages"), "Uusi työntekijäsi on Joni Johdattaja")
		joni.says(joni.must("/h/"+handoff+"/met", "text", "Tavattiin", "step_what", "Soita", "step_by", "2026-03-20"), "Joni Johdattaja")
	})
}
