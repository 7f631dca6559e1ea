package web_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/path"
	. "polku/internal/polkutest"
	"polku/internal/portal"
	"polku/internal/ruleset"
	"polku/internal/unit"
	"polku/models"
	"polku/rules"
)

// workFace is the face of the sample with a client in rehabilitative work activity, who is Mia's.
func workFace(t *testing.T, w *World) (*face, string) {
	t.Helper()
	f := open(t, w)
	shipped, err := models.Load()
	must(t, err)
	f.Book.Rules, err = rules.Load()
	must(t, err)
	f.Book.Models = shipped
	f.Book.Calendar = ruleset.Calendar(f.Book.Rules, 2020, 2030, nil)
	var id string
	must(t, f.Update(Boss, func(tx *db.Tx) error {
		if _, err := unit.AddRegister(tx, unit.Register{ID: "work", Kind: "work-activity-register", Name: "Kuntouttava", Controller: "Testilä"}); err != nil {
			return err
		}
		for who, role := range map[string]unit.Role{Mia: unit.RoleWorker, Joni: unit.RoleCoordinator} {
			if err := unit.Join(tx, unit.Member{Worker: who, Register: "work", Unit: House, Role: role}); err != nil {
				return err
			}
		}
		_, err := unit.AddService(tx, f.Book.Models, unit.Service{ID: "work", Unit: House, Register: "work", Name: "Kuntouttava", Model: "reisjarvi-kuntouttava", Version: "2019-1"})
		return err
	}))
	must(t, f.Update(Mia, func(tx *db.Tx) error {
		var err error
		if id, err = client.Create(tx, f.Keys, client.New{Register: "work", LastName: "Virtanen", FirstName: "Aino"}); err != nil {
			return err
		}
		_, _, err = f.Book.Start(tx, path.Start{Client: id, Service: "work", Day: tx.Today - 60, Responsible: Mia, Step: path.Step{What: "Sovi tapaaminen", By: tx.Today + 3}})
		return err
	}))
	return f, id
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// plan is a form that the act allows: Mondays and Wednesdays from 2 February 2026, five hours.
func plan(more ...string) []string {
	return append([]string{"from", "2026-02-02", "to", "2026-09-01", "days", "1", "days", "3", "hours", "5", "goal", "Rytmi arkeen", "place", "Puistoahon paja", "provider", "Paja ry", "legal", "association"}, more...)
}

// A period from plan to paper: refused with what would fit, agreed, marked with few taps, corrected, ended.
func TestAPeriodOfWorkActivity(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f, id := workFace(t, w)
		mia := f.as(Mia, "mia")
		mia.says(mia.page("/c/"+id), "Kuntouttava")
		mia.says(mia.page("/c/"+id+"/work"), "Jaksoa ei ole vielä sovittu")
		mia.page("/c/" + id + "/work/period")

		bad := plan("days", "2", "days", "4", "days", "5")
		bad[9] = "9"
		status, page := mia.post("/c/"+id+"/work/period", bad...)
		if status != 422 {
			t.Fatal(status, text(page))
		}
		mia.says(page, "Näin jaksoa ei voi sopia", "päiviä on 5. Enintään 4", "4 päivää viikossa sopii", "9 h on liian pitkä päivä. Enintään 8 h", "45 h. Enintään 32 h", "189/2001 13b.2 § (702/2020)", "Rytmi arkeen")
		if status, page = mia.post("/c/"+id+"/work/period", "from", "2026-02-02"); status != 422 || !strings.Contains(text(page), "Kirjoita tavoite") {
			t.Fatal(status, text(page))
		}
		page = mia.must("/c/"+id+"/work/period", plan()...)
		mia.says(page, "Jakso on sovittu", "2.2.2026–1.9.2026", "ma, ke, 5 h päivässä", "0 päivää 12 kuukaudessa", "178 päivää jäljellä", "8 päivää odottaa merkintää", "Jakson kalenteri")

		// A week with one tap, another day as an absence, and both corrected later.
		page = mia.page("/c/" + id + "/work/week?week=2026-02-11")
		mia.says(page, "Viikko 7", "sovittu 5 h", "Mitä merkinnästä seuraa", "Kulukorvaus on 9,00", "1290/2002 10 luvun 3 §")
		form := func(page string, pairs ...string) []string {
			var all []string
			for _, day := range []string{"2026-02-09", "2026-02-11"} {
				all = append(all, "seen_"+day, hidden(t, page, "seen_"+day), "id_"+day, hidden(t, page, "id_"+day))
			}
			return append(append(all, "week", "2026-02-09"), pairs...)
		}
		mia.says(mia.must("/c/"+id+"/work/week", form(page, "all", "1", "state_2026-02-09", "none", "state_2026-02-11", "none")...), "Viikko on merkitty", "Paikalla")
		old := form(page, "state_2026-02-09", "absent", "reason_2026-02-09", "sick")
		page = mia.page("/c/" + id + "/work/week?week=2026-02-09")
		page = mia.must("/c/"+id+"/work/week", form(page, "state_2026-02-09", "present", "hours_2026-02-09", "3,5", "state_2026-02-11", "absent", "reason_2026-02-11", "child_sick", "told_2026-02-11", "Lapsella oli kuume")...)
		mia.says(page, "Lain raja ylittyi", "3 h 30 min on liian lyhyt päivä")
		if !strings.Contains(page, `value="Lapsella oli kuume"`) {
			t.Error("what the client told is not in the form")
		}
		if status, page = mia.post("/c/"+id+"/work/week", old...); status != 409 || !strings.Contains(text(page), "Joku muu on merkinnyt saman päivän") {
			t.Fatal(status, text(page))
		}
		mia.says(mia.page("/c/"+id+"?strand=life"), "Asiakas kertoi: Lapsella oli kuume")

		// What is told: an extract, then what was corrected since; facts with the client's own view.
		for _, format := range []string{"csv", "pdf"} {
			if status, page = mia.post("/c/"+id+"/work/extract", "month", "2026-02-01", "receiver", "payer", "format", format); status != 200 {
				t.Fatal(status, page)
			}
			if format == "csv" && (!strings.Contains(page, `2026-02-09;5;"paikalla, 3 h 30 min";"3,5";paikalla;`) || !strings.Contains(page, `2026-02-11;5;"poissa, lapsen sairaus";;;`)) {
				t.Error(page)
			}
		}
		page = mia.page("/c/" + id + "/work/week?week=2026-02-09")
		mia.must("/c/"+id+"/work/week", form(page, "state_2026-02-09", "present", "hours_2026-02-09", "5", "state_2026-02-11", "absent", "reason_2026-02-11", "child_sick", "told_2026-02-11", "Lapsella oli kuume")...)
		mia.says(mia.page("/c/"+id+"/work"), "1 päivä on korjattu sen jälkeen")
		mia.says(mia.page("/c/"+id+"/work/facts"), "Asiakasta ei ole vielä kuultu")
		page = mia.must("/c/"+id+"/work/facts", "from", "2026-02-01", "to", "2026-03-02", "own_view", "Lapsi sairasti, muuten olisin tullut")
		mia.says(page, "Sovittuja päiviä 9. Osallistumispäiviä 1, yhteensä 5 h. Poissaolopäiviä 1.", "11.2.2026: poissa, lapsen sairaus. Asiakas kertoi: ”Lapsella oli kuume”", "”Lapsi sairasti, muuten olisin tullut”")

		// An accident with its task, completed later.
		page = mia.must("/c/"+id+"/work/incident", "type", "accident", "day", "2026-02-27", "time", "10.15", "what", "Liukastui pihalla", "injury", "Ranne", "place", "Pajan piha", "task", "1")
		mia.says(page, "Ilmoitus on tallessa", "Liukastui pihalla")
		link := regexp.MustCompile(`/work/incident\.pdf\?incident=[0-9a-f-]{36}`).FindString(page)
		if status, page = mia.get("/c/" + id + link); status != 200 || !strings.HasPrefix(page, "%PDF") {
			t.Error(status)
		}
		mia.says(mia.page("/c/"+id), "Ilmoita tapaturma vakuutusyhtiöön")
		if status, page = mia.get("/c/" + id + "/work/steward.pdf"); status != 200 || !strings.HasPrefix(page, "%PDF") {
			t.Error(status)
		}

		// A change, and an end with its reason.
		period := hidden(t, mia.page("/c/"+id+"/work"), "period")
		mia.says(mia.page("/c/"+id+"/work/period?period="+period), "Muuta jaksoa", "Rytmi arkeen")
		mia.says(mia.must("/c/"+id+"/work/period", plan("period", period, "since", "2026-03-09", "days", "5", "why", "Jaksaa enemmän")...), "9.3.2026 alkaen ma, ke, pe")
		if status, page = mia.post("/c/"+id+"/work/end", "period", period, "last", "2026-03-31"); status != 422 || !strings.Contains(text(page), "Valitse syy") {
			t.Error(status, text(page))
		}
		mia.says(mia.must("/c/"+id+"/work/end", "period", period, "last", "2026-03-31", "why", "work", "told", "Aloitan kaupassa"), "Päättyi 31.3.2026: työ alkoi", "Aloitan kaupassa")
	})
}

// Remote days are the organiser's to allow; only a coordinator of the register may.
func TestOrganiserOfWorkActivity(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f, id := workFace(t, w)
		mia, joni := f.as(Mia, "mia"), f.as(Joni, "joni")
		if status, _ := mia.get("/work-activity"); status != 403 {
			t.Error(status)
		}
		if page := mia.page("/c/" + id + "/work/period"); strings.Contains(page, `name="tasks"`) {
			t.Error("remote days are offered before they are allowed")
		}
		page := joni.page("/work-activity")
		joni.says(page, "Kuntouttava", "Etäpäiviä voi sopia")
		joni.says(joni.must("/work-activity", "register", "work", "rev", "0", "remote", "1", "insurer", "Vakuutusyhtiö Turva", "policy", "12-345"), "Järjestäjän tiedot on tallennettu")
		if status, _ := joni.post("/work-activity", "register", "work", "rev", "0", "insurer", "Toinen"); status != 409 {
			t.Error("an older form wrote over a newer one:", status)
		}
		mia.must("/c/"+id+"/work/period", plan("remote", "3", "tasks", "Kävely", "contact", "Mia, puhelin")...)
		mia.says(mia.page("/c/"+id+"/work"), "etänä ke", "Vakuutusyhtiö Turva, vakuutus 12-345")
		page = mia.must("/c/"+id+"/work/week", "week", "2026-02-23", "state_2026-02-25", "present", "hours_2026-02-25", "5", "remote_2026-02-25", "1", "seen_2026-02-25", "")
		mia.says(page, "etäpäivästä puuttuu, mitä tehtiin", "etäpäivästä ei makseta kulukorvausta")
	})
}

// A service without such activity has no tab of it, and its page says so.
func TestNoWorkActivityElsewhere(t *testing.T) {
	f := open(t, New(t, t.TempDir()))
	id, _ := f.Client(t, "Virtanen", "Aino")
	mia := f.as(Mia, "mia")
	if page := mia.page("/c/" + id); strings.Contains(page, "/work\"") {
		t.Error("the tab is there")
	}
	mia.says(mia.page("/c/"+id+"/work"), "Tähän palveluun ei kuulu kuntouttavaa työtoimintaa")
}

// The client reads the same days at their own page, once they have been identified; before that they are not there.
func TestTheClientSeesTheSameDays(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f, id := workFace(t, w)
		mia := f.as(Mia, "mia")
		mia.must("/c/"+id+"/work/period", plan()...)
		mia.must("/c/"+id+"/work/week", "week", "2026-02-23", "state_2026-02-25", "absent", "reason_2026-02-25", "sick", "told_2026-02-25", "Kuume", "seen_2026-02-25", "")
		aino := f.enters(mia.invite(id, "how", "agree", "pin", goodPIN), goodPIN)
		if body := aino.page("/p/days"); strings.Contains(text(body), "Kuume") {
			t.Error("the days are shown without identification")
		}
		code := madeCode(t, "020281-933")
		must(t, f.Update(Mia, func(tx *db.Tx) error { return client.AddCode(tx, f.Keys, id, code) }))
		f.strong().QueueUser(person{"sub": "s-1", "acr": "http://ftn.ficora.fi/2017/loa2", "auth_time": time.Now().Unix(), portal.DefaultClaim: string(code)})
		aino.page("/p/strong/go")
		aino.says(aino.page("/p/days"), "Omat päiväni", "2.2.2026–1.9.2026", "poissa, sairaus", "Asiakas kertoi: Kuume", "Olet ollut mukana 0 päivää", "Mitä merkinnästä seuraa")
	})
}
