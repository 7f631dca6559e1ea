package web_test

import (
	"strings"
	"testing"

	"polku/internal/client"
	"polku/internal/db"
	. "polku/internal/polkutest"
	"polku/rules"
)

// The page of the client's rights: a copy leaves with its row in the disclosure log, a restriction stops recording and
// is told on every page, and what was not corrected keeps the client's own view beside it.
func TestRightsOfTheClient(t *testing.T) {
	f := open(t, New(t, t.TempDir()))
	packs, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	f.Book.Rules = packs
	id, _ := f.Client(t, "Oikela", "Outi")
	mia := f.as(Mia, "mia")
	page := "/c/" + id + "/rights"
	mia.says(mia.page(page), "Tiedot ja oikeudet", "5 vuotta")

	pdf := mia.must("/c/"+id+"/copy", "format", "pdf", "lang", "fi")
	if !strings.HasPrefix(pdf, "%PDF") {
		t.Errorf("%.60q", pdf)
	}
	if json := mia.must("/c/"+id+"/copy", "format", "json"); !strings.Contains(json, "Oikela") {
		t.Errorf("%.60q", json)
	}
	var rows int
	if err := f.DB.Pool().QueryRow(`select count(*) from disclosure_log where client_id = $1 and basis = 'client'`, id).Scan(&rows); err != nil || rows != 2 {
		t.Error(rows, err)
	}

	wrong := func(g *face, words, path string, pairs ...string) {
		t.Helper()
		status, body := g.post(path, pairs...)
		if status < 400 {
			t.Errorf("%s was taken: %d", path, status)
		}
		g.says(body, words)
	}
	wrong(mia, "Kirjoita syy", "/c/"+id+"/restrict", "why", "")
	mia.must("/c/"+id+"/restrict", "why", "Asiakas kiistää")
	mia.says(mia.page("/c/"+id), "Käsittelyä on rajoitettu")
	wrong(mia, "käsittelyä on rajoitettu", "/c/"+id+"/excuse", "duty", "kartoitus/yksilo/2026-W09", "why", "sairaana")
	mia.must("/c/"+id+"/own-view", "own_view", "En ole sanonut niin.", "refused_why", "Kirjattu tapaamisesta, jossa oli kaksi työntekijää")
	mia.says(mia.page("/c/"+id), "Asiakkaan oma näkemys", "En ole sanonut niin.", "Korjausta ei tehty")
	var restriction string
	if err := f.View(Mia, func(tx *db.Tx) error {
		all, err := client.Restrictions(tx, id)
		restriction = all[0].ID
		return err
	}); err != nil {
		t.Fatal(err)
	}
	mia.must("/c/"+id+"/restrict/lift", "restriction", restriction, "lifted_why", "Selvitetty")
	mia.must("/c/"+id+"/hold", "why", "Valitus", "to", "2026-12-31")
	mia.says(mia.page(page), "Säilytysmääräys", "Selvitetty", "Valitus")
}

// Two people on screen: the coordinator asks, the administrator agrees; nobody agrees with themselves.
func TestApprovalsOnScreen(t *testing.T) {
	f := open(t, New(t, t.TempDir()))
	packs, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	f.Book.Rules = packs
	joni, boss := f.as(Joni, "joni"), f.as(Boss, "boss")
	if _, body := joni.post("/retention", "why", "x"); !strings.Contains(body, "Mitään hävitettävää ei ole erääntynyt") {
		t.Error("there was something to destroy")
	}
	if err := f.Update(Mia, func(tx *db.Tx) error {
		_, err := client.Create(tx, f.Keys, client.New{Register: Register, LastName: "Vanha"})
		if err == nil {
			_, err = tx.Exec(`update client set created_at = 1 where last_name = 'Vanha'`)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	joni.says(joni.page("/retention"), "asiakkaan asia", "1975")
	joni.must("/retention", "why", "Aika on päättynyt")
	var id string
	if err := f.DB.Pool().QueryRow(`select approval_id from approval`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	boss.says(boss.page("/approvals"), "Aika on päättynyt", "Hyväksy")
	if body := joni.page("/approvals"); strings.Contains(body, `value="yes"`) {
		t.Error("who asked is offered to agree")
	}
	boss.must("/approvals/"+id, "answer", "yes")
	boss.must("/retention/" + id + "/run")
	boss.says(boss.page("/retention"), "Todisteet hävitetystä", "pitää")
	var left int
	if err := f.DB.Pool().QueryRow(`select count(*) from client where last_name = 'Vanha'`).Scan(&left); err != nil || left != 0 {
		t.Error(left, err)
	}
}

// A client's request opens the form where it is done, says what was asked there, and is answered by doing it. A wrong entry
// goes when a second person has confirmed, and the request is answered then.
func TestARequestIsAnsweredByWhatIsDone(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		packs, err := rules.Load()
		if err != nil {
			t.Fatal(err)
		}
		f.Book.Rules = packs
		f.addComplaints()
		id, _ := f.Client(t, "Virtanen", "Aino")
		mia, joni, boss := f.as(Mia, "mia"), f.as(Joni, "joni"), f.as(Boss, "boss")
		mia.must("/c/"+id+"/record", "what", "meeting", "result", "held", "minutes", "45", "text", "Tämä koski naapuria.", "step", "keep")
		ask := func(kind, what string) (request string) {
			t.Helper()
			page := mia.must("/c/"+id+"/requests", "kind", kind, "what", what, "way", "face", "came", Noon.Format("2006-01-02"))
			m := petitionID.FindStringSubmatch(page)
			if m == nil {
				m = petitionID.FindStringSubmatch(mia.page("/c/" + id + "/requests"))
			}
			return m[1]
		}
		state := func(request string) (state, answer string) {
			t.Helper()
			if err := w.DB.Pool().QueryRow(`select state, answer from petition where petition_id = $1`, request).Scan(&state, &answer); err != nil {
				t.Fatal(err)
			}
			return state, answer
		}
		var contact string
		if err := w.DB.Pool().QueryRow(`select entry_id from entry where client_id = $1 and kind = 'contact'`, id).Scan(&contact); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			kind, form, button, post, want string
			pairs                          []string
		}{
			{"restrict", "/rights", "Rajoita käsittelyä", "/restrict", "käsittelyä on rajoitettu", []string{"entry", contact, "why", "Asiakas kiistää"}},
			{"rectify", "/edit", "Korjaa yhteystiedot", "/edit", "Tietosi on korjattu", []string{"rev", "1", "last", "Virtanen", "first", "Aino", "phone", "040 765 4321"}},
			{"rectify", "/rights", "Liitä asiakkaan oma näkemys", "/own-view", "näkemyksesi on liitetty", []string{"own_view", "Minusta se meni toisin."}},
			{"access", "/rights", "Anna jäljennös", "/copy", "jäljennöksen tiedoistasi", []string{"format", "json", "lang", "fi"}},
		} {
			request := ask(c.kind, "Pyyntö: "+c.kind)
			joni.says(joni.page("/requests/"+request), c.button)
			form := joni.page("/c/" + id + c.form + "?petition=" + request)
			joni.says(form, "Vastaat asiakkaan pyyntöön: Pyyntö: "+c.kind)
			if !strings.Contains(form, `name="petition" value="`+request+`"`) {
				t.Error(c.kind, "the form forgets the request")
			}
			joni.must("/c/"+id+c.post, append(c.pairs, "petition", request)...)
			if s, answer := state(request); s != "answered" || !strings.Contains(answer, c.want) {
				t.Errorf("%s %s: %s %q", c.kind, c.post, s, answer)
			}
		}
		request := ask("erase", "Poistakaa väärä merkintä")
		joni.says(joni.page("/c/"+id+"/rights?petition="+request), "Väärän kirjauksen poistaminen", "Poistakaa väärä merkintä")
		joni.must("/c/"+id+"/erase", "entry", contact, "ground", "wrong_person", "why", "Kirjattu väärälle", "petition", request)
		if s, _ := state(request); s != "open" {
			t.Error("answered before anything was done:", s)
		}
		var approval string
		if err := w.DB.Pool().QueryRow(`select approval_id from approval`).Scan(&approval); err != nil {
			t.Fatal(err)
		}
		boss.says(boss.page("/approvals"), "Yhden kirjauksen poistaminen", "Kirjattu väärälle", "Katso asiakkaan sivua")
		boss.must("/approvals/"+approval, "answer", "yes")
		joni.must("/retention/" + approval + "/run")
		if s, answer := state(request); s != "answered" || !strings.Contains(answer, "Kirjaus on poistettu") {
			t.Error(s, answer)
		}
		page := mia.page("/c/" + id)
		mia.says(page, "Kirjaus ei kuulunut tähän")
		if strings.Contains(page, "Tämä koski naapuria") {
			t.Error("the entry is still there")
		}
		other, _ := f.Client(t, "Toinen", "Taina")
		if status, _ := joni.get("/c/" + other + "/rights?petition=" + ask("restrict", "x")); status != 404 {
			t.Error("another client's request is answered:", status)
		}
	})
}
