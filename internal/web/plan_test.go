package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"polku/internal/client"
	"polku/internal/db"
	. "polku/internal/polkutest"
	"polku/internal/portal"
	"polku/rules"
)

// hidden gives the value of a hidden field of a page.
func hidden(t *testing.T, body, name string) string {
	t.Helper()
	m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(body)
	if m == nil {
		t.Fatal("no field", name)
	}
	return m[1]
}

// A plan from the first goal to its second version: what is done on Today is done in the plan, what the law asks is asked,
// what has been accepted is read, printed and copied.
func TestPlanFromGoalToSecondVersion(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		packs, err := rules.Load()
		if err != nil {
			t.Fatal(err)
		}
		f.Book.Rules = packs
		id, _ := f.Client(t, "Virtanen", "Aino")
		mia := f.as(Mia, "mia")
		mia.must("/c/"+id+"/record", "what", "meeting", "result", "held", "when", "today", "topic", "work-history", "text", "Puusepänverstas 2015–2019.", "step", "keep")
		page := "/c/" + id + "/plan"
		mia.says(mia.page(page), "Valmennussuunnitelma", "Puusepänverstas 2015–2019.", "Tuotu kirjauksista")

		mia.must(page+"/goal", "words", "Haluan takaisin puutöihin", "theme", "work", "state", "set")
		goal := hidden(t, mia.page(page), "goal")
		mia.must(page+"/action", "goal", goal, "what", "Soitan verstaalle", "owner", "client", "by", "2026-03-03")
		mia.says(mia.page("/today"), "Soitan verstaalle")
		mia.must(page+"/action/end", "task", hidden(t, mia.page(page), "task"), "goal", goal, "outcome", "done")
		if body := mia.page(page); !strings.Contains(body, "action--done") {
			t.Error("what was done is not done in the plan")
		}

		mia.must(page+"/save", "rev", "0", "kind", "coaching-plan", "strengths", "Tarkka käsistään", "f_situation", "Asuu yksin.", "f_work_history", "Puuseppä")
		status, body := mia.post(page+"/save", "rev", "0", "kind", "coaching-plan", "f_situation", "Asuu siskon kanssa.")
		if status != http.StatusConflict {
			t.Error("a change over another's was taken:", status)
		}
		f.says(body, "Asuu yksin.", "Asuu siskon kanssa.")

		sign := page + "/sign?kind=coaching-plan"
		body = mia.page(sign)
		mia.says(body, "Tarkka käsistään", "Haluan takaisin puutöihin", "kohtaa on vielä tyhjänä")
		if status, body = mia.post(page+"/sign", "kind", "coaching-plan", "digest", hidden(t, body, "digest"), "how", "screen", "name", ""); status != http.StatusUnprocessableEntity {
			t.Error("signed without a name:", status)
		}
		f.says(body, "Kirjoita nimi.")
		mia.must(page+"/sign", "kind", "coaching-plan", "digest", hidden(t, mia.page(sign), "digest"), "how", "screen", "name", "Aino Virtanen", "strokes", "M10,20L300,100")
		body = mia.page(page)
		mia.says(body, "Versio 1 hyväksytty", "Aino Virtanen", "Tarkistetaan viimeistään")
		first := regexp.MustCompile(`plan/version\?version=([^"]+)"`).FindStringSubmatch(body)[1]
		if body := mia.page(page + "/version?version=" + first); !strings.Contains(body, `d="M10,20L300,100"`) {
			t.Error("the signature is not shown")
		}
		mia.says(mia.page("/c/"+id), "Suunnitelma hyväksytty", "versio 1")

		mia.must(page+"/review", "kind", "coaching-plan", "version", "1", "done", "Soitettu verstaalle", "goes_on", "Tutustumiskäynti")
		mia.must(page+"/save", "rev", "2", "kind", "coaching-plan", "f_situation", "Muutti yhteen.")
		mia.must(page+"/sign", "kind", "coaching-plan", "digest", hidden(t, mia.page(sign), "digest"), "how", "paper", "name", "Aino Virtanen", "day", "2026-03-01")
		body = mia.page(page)
		mia.says(body, "Versio 2 hyväksytty", "Soitettu verstaalle")
		second := regexp.MustCompile(`plan/version\?version=([^"]+)"`).FindStringSubmatch(body)[1]
		mia.says(mia.page(page+"/version?version="+second), "Mitä muuttui versiosta 1", "Asuu yksin.", "Muutti yhteen.")

		mia.says(mia.page(page+"/text?version="+second), "Muutti yhteen.", "Puuseppä")
		if plain := mia.page("/c/" + id + "/plan.txt?version=" + second); !strings.Contains(plain, "VAHVUUDET\nTarkka käsistään") {
			t.Errorf("%q", plain)
		}
		if pdf := mia.page("/c/" + id + "/plan.pdf?version=" + second); !strings.HasPrefix(pdf, "%PDF") {
			t.Errorf("%.60q", pdf)
		}
		if status, _ := mia.post("/c/"+id+"/undo", "entry", second); status != http.StatusConflict {
			t.Error("an accepted plan was taken back:", status)
		}
	})
}

// The client reads the plan on their own page only when strongly identified, and accepts it or says what they would change.
func TestParticipantAnswersThePlan(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		server := f.strong()
		id, _ := f.Client(t, "Virtanen", "Aino")
		code := madeCode(t, "020281-933")
		if err := f.Update(Mia, func(tx *db.Tx) error { return client.AddCode(tx, f.Keys, id, code) }); err != nil {
			t.Fatal(err)
		}
		mia := f.as(Mia, "mia")
		aino := f.enters(mia.invite(id, "how", "agree", "pin", goodPIN), goodPIN)
		page := "/c/" + id + "/plan"
		mia.must(page+"/goal", "words", "Haluan töihin", "theme", "work", "state", "set")
		mia.must(page+"/action", "goal", hidden(t, mia.page(page), "goal"), "ready", "skills-card")
		if status, body := mia.post("/c/"+id+"/checkpoints", "item", "work/none", "state", "chosen"); status != http.StatusUnprocessableEntity {
			t.Error("a station that the model has not:", status, text(body))
		}
		offer := func() {
			t.Helper()
			body := mia.page(page + "/sign")
			mia.must(page+"/sign", "kind", "coaching-plan", "rev", hidden(t, body, "rev"), "how", "app")
		}
		offer()
		aino.says(aino.page("/p/today"), "Lue suunnitelma")
		if body := aino.page("/p/plan"); strings.Contains(body, "Haluan töihin") {
			t.Fatal("read with the PIN alone")
		}
		server.QueueUser(person{"sub": "s-1", "acr": "http://ftn.ficora.fi/2017/loa2", "auth_time": time.Now().Unix(), portal.DefaultClaim: string(code)})
		aino.page("/p/strong/go")
		body := aino.page("/p/plan")
		aino.says(body, "Lue tämä suunnitelma", "Haluan töihin", "Kirjoitan viisi asiaa, jotka osaan")
		aino.must("/p/plan", "digest", hidden(t, body, "digest"), "do", "change", "words", "Haluan vain iltapäiviä.")
		mia.says(mia.page(page), "Asiakas ehdottaa muutosta", "Haluan vain iltapäiviä.")
		mia.says(mia.page("/c/"+id), "Asiakas ehdottaa muutosta suunnitelmaan")
		mia.must(page+"/save", "rev", hidden(t, mia.page(page), "rev"), "kind", "coaching-plan", "f_week", "Iltapäivisin")
		offer()
		body = aino.page("/p/plan")
		aino.says(body, "Iltapäivisin")
		aino.must("/p/plan", "digest", hidden(t, body, "digest"), "do", "accept")
		aino.says(aino.page("/p/plan"), "Valmennussuunnitelma kokonaan", "Minun tavoitteeni")
		mia.says(mia.page(page), "Versio 1 hyväksytty", "sähköisesti")
	})
}
