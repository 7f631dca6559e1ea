package web_test

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"polku/internal/file"
	. "polku/internal/polkutest"
	"polku/internal/vault"
	"polku/internal/web"
)

// openFiles is open with a folder of files.
func openFiles(t *testing.T, w *World) *face {
	dir := t.TempDir()
	return open(t, w, func(c *web.Config) { c.Files = &file.Store{Place: vault.NewFolder(dir), Keys: c.Keys} })
}

// picture is a small PNG.
func picture(t *testing.T) string {
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewRGBA(image.Rect(0, 0, 30, 20))); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// addFiles sends the form of files: fields as name, value …; a name that begins with @ is a file of that name.
func (f *face) addFiles(path, part string, pairs ...string) (int, string) {
	f.t.Helper()
	var form bytes.Buffer
	w := multipart.NewWriter(&form)
	for i := 0; i < len(pairs); i += 2 {
		name, isFile := strings.CutPrefix(pairs[i], "@")
		if !isFile {
			w.WriteField(name, pairs[i+1])
			continue
		}
		to, err := w.CreateFormFile("file", name)
		if err == nil {
			_, err = io.WriteString(to, pairs[i+1])
		}
		if err != nil {
			f.t.Fatal(err)
		}
	}
	w.Close()
	ask, err := http.NewRequest("POST", f.url+path, &form)
	if err != nil {
		f.t.Fatal(err)
	}
	ask.Header.Set("Content-Type", w.FormDataContentType())
	ask.Header.Set("Polku-Part", part)
	res, err := f.http.Do(ask)
	if err != nil {
		f.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var fileLink = regexp.MustCompile(`href="(/c/[^"]+/files/[0-9a-f-]{36})"`)

func TestFilesOfAClient(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := openFiles(t, w)
		id, _ := f.Client(t, "Virtanen", "Ville")
		mia := f.as(Mia, "mia")
		mia.says(mia.page("/c/"+id+"/files"), "Tiedostot", "Tiedostoja ei vielä ole")

		// Several at once, without script; what is not taken is named with how to mend it, the others are kept.
		status, body := mia.addFiles("/c/"+id+"/files", "", "title", "", "@Hygieniapassi.txt", "Suoritettu 1.2.2026", "@IMG_1234.PNG", picture(t),
			"@kuva.jpg", "<svg onload=alert(1)>")
		if status != 422 {
			t.Errorf("status %d", status)
		}
		mia.says(body, "SVG-kuvia ei oteta vastaan", "Hygieniapassi", "Kuva tai tiedosto 2.3.2026")
		if strings.Contains(body, "IMG") || !strings.Contains(body, "data:image/jpeg;base64,") {
			t.Error("a name of a camera is shown, or no small picture")
		}

		// With script: one at a time, answered in a line; sent twice it counts once.
		form := regexp.MustCompile(`name="id" value="([^"]+)"`).FindStringSubmatch(mia.page("/c/" + id + "/files"))[1]
		for range 2 {
			if status, body := mia.addFiles("/c/"+id+"/files", "upload", "id", form, "title", "Sopimus", "@s.txt", "Sopimus työpajasta"); status != 204 {
				t.Errorf("%d %s", status, body)
			}
		}
		if status, body := mia.addFiles("/c/"+id+"/files", "upload", "@x.exe", "MZ\x00\x01"); status != 422 || !strings.HasPrefix(body, "Tiedoston tyyppiä ei tunnistettu") {
			t.Errorf("%d %s", status, body)
		}
		page := mia.page("/c/" + id + "/files")
		if n := strings.Count(text(page), "Tallenna itsellesi Sopimus"); n != 1 {
			t.Errorf("sent twice it counts %d times:\n%s", n, text(page))
		}
		mia.says(mia.page("/c/"+id), "Tiedosto: Sopimus", "Avaa")
	})
}

func TestFileIsServedSafely(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := openFiles(t, w)
		id, _ := f.Client(t, "Virtanen", "Ville")
		mia := f.as(Mia, "mia")
		mia.addFiles("/c/"+id+"/files", "upload", "title", `"; filename="evil.html`, "@../../evil.html.png", picture(t))
		at := fileLink.FindStringSubmatch(mia.page("/c/" + id + "/files"))[1]
		res, err := mia.http.Get(mia.url + at)
		check(t, err)
		res.Body.Close()
		for name, want := range map[string]string{"Content-Type": "image/png", "Content-Disposition": `inline; filename=polku-2026-03-02.png`,
			"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"} {
			if got := res.Header.Get(name); got != want {
				t.Errorf("%s: %q", name, got)
			}
		}
		if csp := res.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") || !strings.HasSuffix(csp, "sandbox") {
			t.Errorf("policy %q", csp)
		}
		res, err = mia.http.Get(mia.url + at + "?save=1")
		check(t, err)
		res.Body.Close()
		if got := res.Header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment;") {
			t.Errorf("saved as %q", got)
		}
		essi := f.as(Essi, "essi")
		if status, _ := essi.get(at); status != 404 {
			t.Errorf("behind the wall %d", status)
		}

		_, body := mia.post(at+"/remove", "why", "")
		mia.says(body, "Kerro, miksi tiedosto poistetaan")
		mia.says(mia.must(at+"/remove", "why", "väärä tiedosto"), "Tiedosto poistettu näkyvistä", "Tiedostoja ei vielä ole")
		if status, _ := mia.get(at); status != 404 {
			t.Errorf("after it was taken away: %d", status)
		}
	})
}
