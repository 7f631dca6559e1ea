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
