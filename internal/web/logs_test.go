package web_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"
	"time"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/db"
	. "polku/internal/polkutest"
	"polku/internal/unit"
)

// keeper adds a worker who keeps the clients' rights in the sample's register.
func (f *face) addComplaints() {
	f.t.Helper()
	err := f.DB.Update(f.t.Context(), actor.System(Tenant, actor.Sample, "test"), func(tx *db.Tx) error {
		if _, err := unit.AddWorker(tx, unit.Worker{ID: "worker-oili", Username: "oili", Name: "Oili Oikeus", Title: "asiamies"}); err != nil {
			return err
		}
		return unit.Join(tx, unit.Member{Worker: "worker-oili", Register: Register, Unit: House, Role: unit.RoleComplaints})
	})
	if err != nil {
		f.t.Fatal(err)
	}
}

// A client reads, beside their worker or on paper, who has used their data, grouped by day and person, and who was told.
func TestAClientReadsTheirLog(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Ville")
		mia, joni := f.as(Mia, "mia"), f.as(Joni, "joni")
		for range 3 {
			mia.page("/c/" + id)
		}
		joni.page("/c/" + id)
		if err := f.Update(Mia, func(tx *db.Tx) error {
			return audit.Disclose(tx, audit.Disclosure{Client: id, Register: Register, ReceiverName: "Kela", What: "plan,contact", Purpose: "kuntoutus", Basis: audit.ByConsent})
		}); err != nil {
			t.Fatal(err)
		}
		page := mia.page("/c/" + id + "/log")
		mia.says(page, "Maanantai 2.3.2026", "Mia Mallikas avasi tietosi 4 kertaa.", "Joni Johdattaja avasi tietosi kerran.", "Mia Mallikas kertoi tietojasi: Kela.",
			"suunnitelmat, yhteystiedot", "Suostumuksesi. kuntoutus", "palvelusi hoitaminen")
		mia.says(mia.page("/c/"+id+"/log?in=sv"), "Måndag 2.3.2026", "Mia Mallikas öppnade dina uppgifter 5 gånger.") // the log itself too
		status, paper := mia.get("/c/" + id + "/log.pdf?in=en")
		if status != 200 || !strings.HasPrefix(paper, "%PDF-") || !bytes.Contains([]byte(paper), []byte("StructTreeRoot")) && len(paper) < 10_000 {
			t.Error(status, len(paper))
		}
		// Across the wall there is nothing.
		essi := f.as(Essi, "essi")
		for _, path := range []string{"/log", "/log.pdf", "/requests"} {
			if status, _ := essi.get("/c/" + id + path); status != 404 {
				t.Error(path, status)
			}
		}
		if status, _ := mia.get("/c/" + id + "/log?petition=no"); status != 404 {
			t.Error("older rows without a reason", status)
		}
	})
}

var petitionID = regexp.MustCompile(`/requests/([0-9a-f-]{36})`)

// A request is recorded by whoever meets the client and answered by who decides; it is late when its day has passed; a
// refusal has its reason and how to appeal, on paper.
func TestARequestIsAnsweredInTime(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		f.addComplaints()
		id, _ := f.Client(t, "Virtanen", "Ville")
		mia, oili := f.as(Mia, "mia"), f.as("worker-oili", "oili")
		if status, _ := mia.post("/c/"+id+"/requests", "kind", "log", "what", " ", "way", "face", "came", "2026-03-05"); status != 422 {
			t.Error("nothing asked, and a day to come:", status)
		}
		page := mia.must("/c/"+id+"/requests", "kind", "log", "what", "Kuka on lukenut?", "way", "face", "came", "2026-02-27")
		mia.says(page, "Vastattava viimeistään 27.4.2026", "Tähän vastaa koordinaattori")
		one := petitionID.FindStringSubmatch(page)
		if one == nil {
			page = mia.page("/c/" + id + "/requests")
			one = petitionID.FindStringSubmatch(page)
		}
		path := "/requests/" + one[1]
		if status, _ := mia.post(path, "do", "answer", "rev", "1", "answer", "x"); status != 403 {
			t.Error("a worker decides:", status)
		}
		if status, _ := oili.get("/c/" + id); status == 200 {
			t.Error("who keeps the rights sees the case")
		}
		oili.says(oili.page("/c/"+id+"/log?petition="+one[1]), "Ville Virtanen")
		oili.says(oili.page("/requests"), "Ville Virtanen", "56 päivää aikaa", "Kukaan ei ole vielä ottanut")
		w.DB.Now = func() time.Time { return Noon.AddDate(0, 0, 60) }
		oili = f.as("worker-oili", "oili")
		oili.says(oili.page("/requests"), "Yhteen asiakkaan pyyntöön ei ole vastattu ajoissa")
		oili.says(oili.must(path, "do", "take", "rev", "1"), "Sinä hoidat tämän pyynnön")
		if status, _ := oili.post(path, "do", "extend", "rev", "2", "extend_why", "kiire"); status != 422 {
			t.Error("the law knows no extension for the log:", status)
		}
		if status, _ := oili.post(path, "do", "refuse", "rev", "2", "answer", "Ei syytä", "appeal", " "); status != 422 {
			t.Error("a refusal without an appeal:", status)
		}
		if status, _ := oili.post(path, "do", "refuse", "rev", "1", "answer", "Ei syytä", "appeal", "Valita"); status != 409 {
			t.Error("an old version:", status)
		}
		if status, _ := oili.get(path + "/letter.pdf"); status != 409 {
			t.Error("a letter before there is an answer:", status)
		}
		oili.says(oili.must(path, "do", "refuse", "rev", "2", "answer", "Ei erityistä syytä", "appeal", "Voit valittaa."), "Kielteinen päätös on tehty", "Ei erityistä syytä", "Voit valittaa.")
		if status, paper := oili.get(path + "/letter.pdf"); status != 200 || !strings.HasPrefix(paper, "%PDF-") {
			t.Error(status)
		}
		if status, _ := f.as(Essi, "essi").get(path); status != 404 {
			t.Error("across the wall:", status)
		}
	})
}

// The reviewer sees what is unusual and why, asks, and decides; the worker explains and never sees the list.
func TestUnusualReadsAreReviewed(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		f.addComplaints()
		id, _ := f.Client(t, "Johdattaja", "Ville") // Joni's surname
		mia, joni, oili := f.as(Mia, "mia"), f.as(Joni, "joni"), f.as("worker-oili", "oili")
		mia.page("/c/" + id)
		joni.page("/c/" + id)
		if status, _ := joni.get("/logs"); status != 403 {
			t.Error("not a reviewer:", status)
		}
		page := oili.must("/logs")
		oili.says(page, "Joni Johdattaja", "Sama sukunimi", "Ville Johdattaja", "yksi ratkaisematta")
		if strings.Contains(page, "Mia Mallikas") {
			t.Error("the client's own worker is on the list")
		}
		key := []string{"day", "2026-03-02", "worker", Joni, "client", id, "why", "same_name"}
		oili.says(oili.must("/logs/mark", append(key, "state", "asked", "note", "Mihin tarvittiin?")...), "Selitystä pyydetty")
		joni.says(joni.page("/today"), "Sinulta kysytään yhdestä katselusta")
		joni.says(joni.page("/logs/mine"), "Ville Johdattaja", "Mihin tarvittiin?")
		joni.says(joni.must("/logs/mine", append(key, "explanation", "Sijaistin Miaa.")...), "Sinulta ei kysytä nyt mitään")
		oili.says(oili.page("/logs"), "Sijaistin Miaa.")
		if status, _ := oili.post("/logs/mark", append(key, "state", "wrong", "note", "")...); status != 422 {
			t.Error("without ground, and no word why:", status)
		}
		oili.says(oili.must("/logs/mark", append(key, "state", "ok")...), "0 ratkaisematta")
		if status, _ := joni.post("/logs/mark", append(key, "state", "ok")...); status != 403 {
			t.Error("a worker decides about themself:", status)
		}
	})
}
