package web_test

import (
	"bytes"
	"mime/multipart"
	"regexp"
	"strings"
	"testing"
	"time"

	"polku/internal/db"
	. "polku/internal/polkutest"
	"polku/samples"
)

// upload sends a file and gives the status, the address and the text of the page after.
func (f *face) upload(kind, name string, data []byte) (status int, path, body string) {
	f.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	w.WriteField("kind", kind)
	part, err := w.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		f.t.Fatal(err)
	}
	res, err := f.http.Post(f.url+"/import", w.FormDataContentType(), &form)
	if err != nil {
		f.t.Fatal(err)
	}
	status, body = f.read(res)
	return status, res.Request.URL.Path, body
}

func sample(t *testing.T, name string) []byte {
	t.Helper()
	data, err := samples.FS.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestAListIsImportedInTheBrowserAndUndone(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w).as(Mia, "mia")
		status, path, body := f.upload("clients", samples.Rautavaara, sample(t, samples.Rautavaara))
		if status != 200 || path == "/import" {
			t.Fatalf("%d %s %s", status, path, text(body))
		}
		f.says(body, "Ohjaaja A", "Tuo 15 riviä", "Henkilötunnuksen tarkistusmerkki ei täsmää")
		if strings.Contains(body, "140659Y937B") {
			t.Error("a faulty identity code is shown")
		}
		body = f.must(path, "service", Service, "worker_0", Joni, "do", "again")
		f.says(body, "Tuo 15 riviä")
		body = f.must(path, "service", Service, "worker_0", Joni, "q_default", Mia, "do", "run")
		f.says(body, "Tuonti valmis", "15 uutta", "Aseta 15 seuraavaa askelta")
		f.says(f.page("/import"), samples.Rautavaara, "valmis", "Mia Mallikas")

		_, again, body := f.upload("clients", samples.Rautavaara, sample(t, samples.Rautavaara))
		f.says(body, "muistettu", "15 on jo Polussa")
		status, body = f.post(again, "service", Service, "do", "run")
		if status != 422 || !strings.Contains(text(body), "Tuotavaa ei ole") {
			t.Errorf("a second run: %d %s", status, text(body))
		}

		report := regexp.MustCompile(`/import/[0-9a-f-]{36}/undo`).FindString(f.page(lastImport(t, f)))
		f.says(f.must(report), "Tuonti peruttu")
		if n := f.count(`select count(*) from client`); n != 0 {
			t.Errorf("%d clients stayed", n)
		}
	})
}

func lastImport(t *testing.T, f *face) string {
	t.Helper()
	ids := regexp.MustCompile(`/import/[0-9a-f-]{36}`).FindAllString(f.page("/import"), 1)
	if len(ids) == 0 {
		t.Fatal("no import in the list")
	}
	return ids[0]
}

// count reads one figure from the database.
func (f *face) count(sql string) (n int) {
	f.t.Helper()
	if err := f.View(Mia, func(tx *db.Tx) error {
		_, err := tx.One(sql, nil, &n)
		return err
	}); err != nil {
		f.t.Fatal(err)
	}
	return n
}

func TestTheWallListWithoutAClientListGoesIn(t *testing.T) {
	w := New(t, t.TempDir())
	w.DB.Now = func() time.Time { return Noon.AddDate(0, 0, 36) } // April: March is history
	f := open(t, w).as(Mia, "mia")
	_, path, body := f.upload("attendance", samples.Puistoaho, sample(t, samples.Puistoaho))
	f.says(body, "14 nimeä ei löydy varmasti", "Tuo 0 riviä", "Pekka K.")
	skipped := regexp.MustCompile(`<b>Pekka K.</b>.*?name="(name_[0-9]+)"`).FindStringSubmatch(strings.ReplaceAll(body, "\n", " "))
	body = f.must(path, "service", Service, "q_unmatched", "provisional", skipped[1], "skip", "do", "again")
	f.says(body, "jää pois")
	f.says(f.must(path, "service", Service, "q_unmatched", "provisional", skipped[1], "skip", "q_default", Joni, "do", "run"), "Tuonti valmis")
	if n := f.count(`select count(*) from client where provisional`); n != 13 {
		t.Errorf("%d provisional people, one was left out", n)
	}
	if n := f.count(`select count(*) from standing where responsible = 'worker-joni' and step_from = 'import'`); n != 13 {
		t.Errorf("Joni answers for %d", n)
	}
}

func TestTheSprintSetsOneRealStepAfterAnother(t *testing.T) {
	f := open(t, New(t, t.TempDir())).as(Mia, "mia")
	_, path, _ := f.upload("clients", samples.Rautavaara, sample(t, samples.Rautavaara))
	f.must(path, "service", Service, "q_default", Mia, "do", "run")
	field := func(body, name string) string {
		m := regexp.MustCompile(`name="` + name + `" value="([^"]*)"`).FindStringSubmatch(body)
		if m == nil {
			t.Fatalf("no field %s in %s", name, text(body))
		}
		return m[1]
	}
	body := f.page("/sprint")
	first := field(body, "client")
	f.says(body, "0 / 15")
	status, wrong := f.post("/sprint", "client", first, "replaces", field(body, "replaces"), "step_what", "Soita", "step_by", "1.1.2020", "do", "save")
	if status != 422 || field(wrong, "client") != first {
		t.Errorf("a day gone by: %d", status)
	}
	body = f.must("/sprint", "client", first, "replaces", field(body, "replaces"), "step_what", "Soita ja sovi tapaaminen", "step_by", "5.3.2026", "do", "save")
	f.says(body, "1 / 15")
	second := field(body, "client")
	if second == first {
		t.Error("the same client again")
	}
	body = f.must("/sprint", "client", second, "replaces", field(body, "replaces"), "do", "skip")
	f.says(body, "1 / 15")
	if field(body, "client") == second {
		t.Error("whom was skipped came at once again")
	}
}

func TestAHeldListIsItsOwnersOnly(t *testing.T) {
	w := New(t, t.TempDir())
	f := open(t, w)
	mia, essi := f.as(Mia, "mia"), f.as(Essi, "essi")
	_, path, _ := mia.upload("clients", samples.Rautavaara, sample(t, samples.Rautavaara))
	if status, body := essi.get(path); status == 200 || strings.Contains(body, "Heikkinen") {
		t.Errorf("somebody else's list: %d", status)
	}
	mia.must(path, "service", Service, "q_default", Mia, "do", "run")
	if status, body := essi.get(lastImport(t, mia)); status == 200 || strings.Contains(body, samples.Rautavaara) {
		t.Errorf("a report across the wall: %d", status)
	}
}

func TestFilesThatAreNoListsAreAnsweredKindly(t *testing.T) {
	f := open(t, New(t, t.TempDir())).as(Mia, "mia")
	for name, c := range map[string]struct {
		data []byte
		says string
	}{
		"tyhja.csv":  {nil, "Valitse tiedosto"},
		"sivu.xlsx":  {[]byte("<html><table><tr><td>Nimi</td></tr></table></html>"), "verkkosivu"},
		"kuva.csv":   {append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 300)...), "ei ole taulukko"},
		"rikki.xlsx": {[]byte("PK\x03\x04 ja loput puuttuu"), "rikki"},
		"iso.csv":    {bytes.Repeat([]byte("a;b\n"), 6<<20), "yli 20 megatavua"},
		"muu.csv":    {[]byte("Tuote;Hinta\nKahvi;3\n"), "luetteloa asiakkaista"},
	} {
		status, _, body := f.upload("clients", name, c.data)
		if status != 422 || !strings.Contains(text(body), c.says) {
			t.Errorf("%s: %d, want %q in %s", name, status, c.says, text(body))
		}
	}
	if strings.Contains(f.logs.String(), "Kahvi") {
		t.Error("the text of a cell is in the log")
	}
}
