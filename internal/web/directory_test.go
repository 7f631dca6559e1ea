package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"polku/internal/actor"
	"polku/internal/db"
	. "polku/internal/polkutest"
	"polku/internal/unit"
)

var (
	listingLink  = regexp.MustCompile(`/directory/[0-9a-f-]{36}`)
	importLink   = regexp.MustCompile(`/directory-import/[0-9a-f-]{36}`)
	transferLink = regexp.MustCompile(`/transfers/[0-9a-f-]{36}`)
	guidanceID   = regexp.MustCompile(`name="guidance" value="([0-9a-f-]{36})"`)
)

// sendFile sends a file in a form.
func (f *face) sendFile(path, field, name, content string) string {
	f.t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write([]byte(content))
	}
	if err != nil || w.Close() != nil {
		f.t.Fatal(err)
	}
	req, err := http.NewRequest(http.MethodPost, f.url+path, &b)
	if err != nil {
		f.t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	res, err := f.http.Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	_, body := f.read(res)
	return body
}

// A listing is added, found, changed and brought in by a table; a client is guided to it, with a next step, and told how it
// went; the card speaks the client's language.
func TestDirectoryAndGuidance(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		mia, boss := f.as(Mia, "mia"), f.as(Boss, "boss")
		if status, _ := boss.get("/directory"); status != 403 {
			t.Errorf("without clients: %d", status)
		}
		page := mia.page("/directory")
		mia.says(page, "Mikään palvelu ei sopinut hakuun", "Omat palvelut, joita hakemistossa ei vielä ole")
		if status, body := mia.post("/directory/new", "name", "Tyhjä"); status != 422 && status != 400 || !strings.Contains(text(body), "Valitse ainakin yksi teema") {
			t.Errorf("a listing without theme: %d", status)
		}
		page = mia.must("/directory/new", "name", "Velkaneuvonta", "provider", "Oikeusaputoimisto", "sector", "public", "themes", "money", "phone", "040 000 9001",
			"what", "Apua laskuihin.", "easy_sv", "Du får hjälp med räkningar.", "owner", Mia)
		mia.says(page, "Palvelu tallennettu", "Apua laskuihin.", "Ylläpitää Mia Mallikas", "Lisättiin")
		listing := listingLink.FindString(page)
		mia.says(mia.page("/directory?q=LASKU&t=money"), "Yksi palvelu", "Velkaneuvonta")
		mia.says(mia.page("/directory?t=work"), "0 palvelua")

		preview := mia.sendFile("/directory-import", "file", "palvelut.csv", "Nimi;Teema;Puhelin\r\nRuokajako;arki;040 000 9002\r\nOutolintu;;\r\n")
		mia.says(preview, "Uusia 1", "pois jääviä 1", "Valitse ainakin yksi teema")
		mia.says(mia.must(importLink.FindString(preview)), "Yksi palvelu tuotiin", "Ruokajako")
		if status, body := mia.get("/directory/export?q=ruokajako"); status != 200 || !strings.Contains(body, "Ruokajako;") || strings.Contains(body, "Velkaneuvonta") {
			t.Errorf("export: %d %s", status, body)
		}

		services := "/c/" + id + "/services"
		mia.says(mia.page(services), "Nämä voisivat sopia", "Velkaneuvonta")
		listingID := strings.TrimPrefix(listing, "/directory/")
		if status, body := mia.post(services, "listing", listingID); status < 400 || !strings.Contains(text(body), "Valitse, mitä tehtiin") {
			t.Errorf("guidance without what was done: %d", status)
		}
		page = mia.must(services, "listing", listingID, "how", "contacted", "text", "Soitettiin yhdessä.", "step_what", "Kysy, miten kävi", "step_by", "2026-03-20")
		mia.says(page, "Ohjaus kirjattu", "Otettiin yhteyttä yhdessä", "Soitettiin yhdessä.", "ei vielä tiedossa")
		mia.says(mia.page("/c/"+id), "Ohjaus palveluun: Velkaneuvonta", "Kysy, miten kävi")
		page = mia.must(services+"/answer", "guidance", guidanceID.FindStringSubmatch(page)[1], "state", "got_in")
		mia.says(page, "pääsi mukaan")
		card := mia.page("/c/" + id + "/card/" + listingID + "?in=sv")
		mia.says(card, "Du får hjälp med räkningar.", "Telefon", "Fråga mer av: Mia Mallikas")
		mia.says(mia.page("/c/"+id+"/card/"+listingID+"?in=en"), "Kuvausta ei ole vielä tällä kielellä")

		mia.says(mia.must(listing+"/retire", "why", "toiminta päättyi"), "Palvelua ei enää tarjota: toiminta päättyi")
		mia.says(mia.page("/directory?show=retired"), "Velkaneuvonta")
	})
}

// A coordinator leads everybody of a service on: the receiver sees it on Today, accepts, the paths move, the record says
// that nobody is left; nobody else reads it.
func TestTransferFromFormToRecord(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		f.Client(t, "Virtanen", "Aino")
		stays, _ := f.Client(t, "Lampi", "Liisa")
		err := f.DB.Update(t.Context(), actor.System(Tenant, actor.Sample, "test"), func(tx *db.Tx) error {
			_, err := unit.AddService(tx, f.Book.Models, unit.Service{ID: "service-next", Unit: House, Register: Register, Name: "Pysyvä valmennus", Model: "valmennus", Version: "1"})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		mia, joni := f.as(Mia, "mia"), f.as(Joni, "joni")
		if status, _ := mia.post("/transfers", "from", Service, "to", "service-next", "why", "x"); status != 403 {
			t.Errorf("a worker led a transfer: %d", status)
		}
		page := joni.must("/transfers", "from", Service, "to", "service-next", "why", "Hanke päättyy")
		joni.says(page, "2 asiakasta", "Kukaan ei ole jäänyt pois", "Vastaanottaja puuttuu")
		transfer := transferLink.FindString(page)
		if status, _ := mia.get(transfer); status != 404 {
			t.Errorf("somebody else reads the transfer: %d", status)
		}
		joni.says(joni.must(transfer+"/rows", "do", "receiver", "receiver", Mia, "all", "1"), "2 asiakasta päätetty")
		var left string
		for _, m := range regexp.MustCompile(`name="path" value="([0-9a-f-]{36})"`).FindAllStringSubmatch(joni.page(transfer), -1) {
			if left == "" {
				left = m[1]
			}
		}
		joni.must(transfer+"/rows", "do", "stay", "path", left)
		joni.says(joni.must(transfer+"/ask"), "Yhtä vastaanottajaa pyydettiin")
		mia.says(mia.page("/today"), "Sinua pyydetään ottamaan yksi asiakas")
		asked := mia.page("/transfers")
		mia.says(asked, "Aino Virtanen", "Hanke päättyy")
		path := regexp.MustCompile(`name="path" value="([0-9a-f-]{36})"`).FindStringSubmatch(asked)[1]
		if status, _ := mia.post(transfer+"/answer", "do", "decline", "path", path); status < 400 {
			t.Errorf("declined without a reason: %d", status)
		}
		joni.says(joni.page(transfer+"/path/"+path), "Mitä muuttuu", "Pysyvä valmennus")
		mia.must(transfer+"/answer", "do", "accept", "path", path)
		joni.says(joni.must(transfer+"/run"), "Yksi asiakas siirtyi", "1 siirtynyt", "1 jää nykyiselle työntekijälle")
		joni.says(joni.must(transfer+"/finish"), "Siirto päätetty", "päätetty")
		if status, body := joni.get(transfer + "/report.csv"); status != 200 || !strings.Contains(body, "Aino Virtanen;siirtynyt;Mia Mallikas;sama rekisteri") || !strings.Contains(body, "Liisa Lampi;") {
			t.Errorf("record: %d %s", status, body)
		}
		if status, body := joni.get(transfer + "/report.pdf"); status != 200 || !strings.HasPrefix(body, "%PDF-") {
			t.Errorf("record as PDF: %d", status)
		}
		mia.page("/c/" + stays)
	})
}
