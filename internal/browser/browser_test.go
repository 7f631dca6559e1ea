package browser

import (
	"fmt"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	cdplog "github.com/chromedp/cdproto/log"
)

func TestMain(m *testing.M) { os.Exit(Main(m)) }

const csp = "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'"

const soundPage = `<!doctype html><html lang="fi"><head><meta charset="utf-8"><title>Kirjaus</title>
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/style.css"><link rel="icon" href="data:,"></head><body><main>
<h1>Kirjaus</h1>
<form action="/saved" method="post" enctype="multipart/form-data">
<label for="what">Mitä sovittiin</label> <input id="what" name="what" value="vanha">
<label for="day">Päivä</label> <input id="day" name="day" type="date">
<label for="kind">Laji</label> <select id="kind" name="kind"><option value="m">Tapaaminen</option><option value="c">Puhelu</option></select>
<input type="checkbox" id="came" name="came"> <label for="came">Tuli paikalle</label>
<label for="file">Liite</label> <input id="file" name="file" type="file">
<ul><li id="a"><button name="row" value="a">Valitse</button></li><li id="b"><button name="row" value="b">Valitse</button></li></ul>
<button name="row" value="save">Tallenna</button></form>
<p id="mode">ilman skriptiä</p><script src="/script.js"></script></main></body></html>`

// faultyPage has a picture without words, a field without a label, pale text, an inline style that the policy
// blocks, a script that throws, and something wider than a phone.
const faultyPage = `<!doctype html><html lang="fi"><head><title>Viat</title><meta name="viewport" content="width=device-width"><link rel="stylesheet" href="/style.css"><link rel="icon" href="data:,"></head><body><main>
<h1>Viat</h1><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><input name="x"><p class="pale">haalea teksti</p>
<p style="color: red">tyyli</p><div class="wide">leveä</div><div class="under"><button>Peitossa</button><div class="over">päällä</div></div>
<script src="/throws.js"></script></main></body></html>`

func testSite(t *testing.T) string {
	answer := func(kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", kind+"; charset=utf-8")
			w.Header().Set("Content-Security-Policy", csp+"; img-src data:")
			_, _ = io.WriteString(w, body)
		}
	}
	mux := http.NewServeMux()
	mux.Handle("GET /sound", answer("text/html", soundPage))
	mux.Handle("GET /faulty", answer("text/html", faultyPage))
	mux.Handle("GET /style.css", answer("text/css", `.pale { color: #bbb; background: #fff } .wide { width: 900px }
		.under { position: relative } .over { position: absolute; inset: 0; background: #fff; z-index: 2 }
		button, input, select { min-width: 24px; min-height: 24px; margin: 4px }
		@media (prefers-color-scheme: dark) { body { background: #111; color: #eee } }`))
	mux.Handle("GET /script.js", answer("text/javascript", `setTimeout(() => document.getElementById("mode").textContent =
		"skriptin kanssa, " + (matchMedia("(prefers-color-scheme: dark)").matches ? "tumma" : "vaalea"), 50)`))
	mux.Handle("GET /throws.js", answer("text/javascript", `console.error("huono juttu", 7); throw new Error("rikki")`))
	mux.HandleFunc("POST /saved", func(w http.ResponseWriter, r *http.Request) {
		answer("text/html", fmt.Sprintf(`<!doctype html><html lang="fi"><title>Tallennettu</title><link rel="icon" href="data:,"><main><h1>Tallennettu</h1><p>%s|%s|%s|%s|%s|%s</p></main>`,
			r.FormValue("what"), r.FormValue("day"), r.FormValue("kind"), r.FormValue("came"), r.FormValue("row"), fileName(r)))(w, r)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

func fileName(r *http.Request) string {
	_, header, err := r.FormFile("file")
	if err != nil {
		return "no file"
	}
	return header.Filename
}

// A person fills a form by the names that can be read, with and without scripts, on both screens.
func TestForm(t *testing.T) {
	site := testSite(t)
	paper := filepath.Join(t.TempDir(), "liite.txt")
	if err := os.WriteFile(paper, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, view := range []View{Phone, Laptop, Laptop.WithoutScript()} {
		t.Run(view.Name, func(t *testing.T) {
			tab := Open(t, view)
			tab.Go(site + "/sound")
			if view.NoScript {
				tab.Sees("ilman skriptiä")
			} else {
				tab.Sees("skriptin kanssa, vaalea")
				tab.Misses("ilman skriptiä")
			}
			tab.Fits()
			tab.Accessible()
			tab.Fill("Mitä sovittiin", "käynti äitiyspolilla")
			tab.Fill("Päivä", "2026-03-02")
			tab.Choose("Laji", "Puhelu")
			tab.Click("Tuli paikalle")
			tab.Upload("Liite", paper)
			tab.In("#b").Follow("Valitse")
			tab.At("/saved")
			tab.Sees("käynti äitiyspolilla|2026-03-02|c|on|b|liite.txt")
			tab.Has("h1", 1)
			tab.Back()
			tab.ClickAt("#a button")
			tab.Sees("|a|")
		})
	}
}

func TestKeyboard(t *testing.T) {
	tab := Open(t, Laptop.InDark())
	tab.Go(testSite(t) + "/sound")
	tab.Sees("skriptin kanssa, tumma")
	if name := tab.Focused(); name != "" {
		t.Errorf("%q has the focus before any key", name)
	}
	tab.Press("Tab")
	if name := tab.Focused(); name != "Mitä sovittiin" {
		t.Errorf("the first Tab goes to %q", name)
	}
	tab.Type("soitto klo 9/10")
	tab.Press("Tab", "Shift+Tab", "Enter")
	tab.Sees("soitto klo 9/10|")
}

// The planted faults are found, each by the part of the harness whose business it is.
func TestFaultsAreFound(t *testing.T) {
	tab := Open(t, Phone)
	tab.Go(testSite(t) + "/faulty")
	tab.Sees("haalea teksti")
	violations := strings.Join(tab.Violations(), "\n")
	for _, rule := range []string{"image-alt", "color-contrast", "label"} {
		if !strings.Contains(violations, rule+" (") {
			t.Errorf("axe did not find %s in:\n%s", rule, violations)
		}
	}
	problems := strings.Join(tab.Problems(), "\n")
	for _, word := range []string{"huono juttu 7", "rikki", "Content Security Policy"} {
		if !strings.Contains(problems, word) {
			t.Errorf("%q is not among the problems:\n%s", word, problems)
		}
	}
	tab.Go(testSite(t) + "/faulty")
	tab.Allow("huono juttu")
	tab.Allow("rikki")
	tab.Allow("Content Security Policy")
	if left := tab.Problems(); len(left) > 0 {
		t.Errorf("allowed, and yet told: %q", left)
	}
	for name, job := range map[string]func(*Tab){
		"wider than the screen": func(tab *Tab) { tab.Fits() },
		"covered by":            func(tab *Tab) { tab.Click("Peitossa") },
		`button "Peitossa"`:     func(tab *Tab) { tab.Click("Ei ole") },
		"it is not there":       func(tab *Tab) { tab.Sees("tätä ei lue") },
		"there are 0":           func(tab *Tab) { tab.ClickAt("#nowhere") },
	} {
		if said := failure(tab, job); !strings.Contains(said, name) {
			t.Errorf("wanted a failure with %q, got %q", name, said)
		}
	}
}

func TestMissingPageIsAProblem(t *testing.T) {
	tab := Open(t, Laptop)
	site := testSite(t)
	tab.Go(site + "/nothing")
	if p := strings.Join(tab.Problems(), "\n"); !strings.Contains(p, "404") {
		t.Errorf("a 404 was not noticed: %q", p)
	}
	tab.Offline(true)
	if said := failure(tab, func(tab *Tab) { tab.Go(site + "/sound") }); !strings.Contains(said, "ERR_INTERNET_DISCONNECTED") {
		t.Errorf("offline and yet: %q", said)
	}
	tab.Offline(false)
	tab.Go(site + "/sound")
	tab.Sees("Kirjaus")
}

// A picture shows the whole page at the width of the screen, below the fold too.
func TestShot(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("POLKU_SCREENSHOTS", folder)
	tab := Open(t, Phone.InDark())
	tab.Go(testSite(t) + "/sound")
	tab.Sees("tumma")
	tab.Shot("kirjaus")
	file, err := os.Open(filepath.Join(folder, "kirjaus-phone-dark.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	picture, err := png.Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	if size := picture.Bounds().Size(); size.X != Phone.Width || size.Y < Phone.Height {
		t.Errorf("the picture is %v", size)
	}
	if r, g, b, _ := picture.At(2, 2).RGBA(); r+g+b > 3*0x4000 {
		t.Errorf("the page is not dark: %x %x %x", r, g, b)
	}
}

// recorder stands in for a test that is expected to fail.
type recorder struct {
	testing.TB
	said string
}

func (r *recorder) Helper() {}
func (r *recorder) Fatalf(format string, args ...any) {
	r.said = fmt.Sprintf(format, args...)
	panic(r)
}

// failure does a job that should fail, waiting for the first answer only, and gives what was said.
func failure(tab *Tab, job func(*Tab)) string {
	r := &recorder{TB: tab.t}
	inner := *tab
	inner.t, inner.once = r, true
	func() {
		defer func() {
			if v := recover(); v != nil && v != any(r) {
				panic(v)
			}
		}()
		job(&inner)
	}()
	return r.said
}

// The browser's own question for an icon that no page named is nobody's problem, whenever it comes; a part that a page
// did name is.
func TestIconNobodyNamed(t *testing.T) {
	l := &consoleLog{}
	for _, url := range []string{"http://polku.test/favicon.ico", "http://polku.test/style.css"} {
		l.listen(&cdplog.EventEntryAdded{Entry: &cdplog.Entry{Level: cdplog.EntryLevelError, Text: "404", URL: url}})
	}
	if len(l.problems) != 1 || !strings.Contains(l.problems[0], "style.css") {
		t.Errorf("the problems are %q", l.problems)
	}
}

// A tab becomes another screen without loading its page again.
func TestBecome(t *testing.T) {
	tab := Open(t, Laptop)
	tab.Go(testSite(t) + "/sound")
	tab.Fill("Mitä sovittiin", "jäi tähän")
	for _, view := range []View{Phone, Phone.InDark(), Laptop.InForcedColours(), Laptop.InMotion(), Laptop} {
		tab.Become(view)
		tab.Waits("what was typed", `document.getElementById("what").value === "jäi tähän"`)
		tab.Fits()
	}
}

// A tab that an earlier test has used knows nothing of it, and giving one back leaves the others alone.
func TestTabsAreClean(t *testing.T) {
	site := testSite(t)
	first := Open(t, Laptop)
	first.Go(site + "/sound")
	first.Waits("a cookie", `(document.cookie = "mine=1", document.cookie === "mine=1")`)
	for range 2 {
		t.Run("another", func(t *testing.T) {
			tab := Open(t, Phone)
			tab.Go(site + "/sound")
			tab.Waits("no cookie", `document.cookie === ""`)
			tab.Waits("a cookie", `(document.cookie = "theirs=1", document.cookie === "theirs=1")`)
			tab.Allow("nothing")
			tab.Waits("a complaint that is allowed", `(console.error("nothing"), true)`)
		})
	}
	first.Waits("the cookie is still there", `document.cookie === "mine=1"`)
}
