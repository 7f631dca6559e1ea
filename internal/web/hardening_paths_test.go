package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	. "polku/internal/polkutest"
	"polku/internal/web"
)

// leads tells whether a browser that is sent to a Location stays on the site that it was at. It reads as browsers do
// (URL Standard 4.4): tabs and ends of lines are dropped, a backslash is a slash.
func leads(location, at string) bool {
	location = strings.NewReplacer("\t", "", "\r", "", "\n", "", `\`, "/").Replace(strings.TrimSpace(location))
	base, _ := url.Parse(at)
	to, err := base.Parse(location)
	return err == nil && to.Host == base.Host && to.Scheme == base.Scheme
}

// Nothing that an address or a form says leads a browser to another site.
func TestNoRedirectLeadsAway(t *testing.T) {
	f := open(t, New(t, t.TempDir()))
	mia := f.as(Mia, "mia")
	for _, next := range []string{"//evil.example", "///evil.example", `/\evil.example`, `\\evil.example`, "http://evil.example", "https:evil.example", "javascript:alert(1)",
		"evil.example", "/%2f%2fevil.example", "/%5cevil.example", "/\t/evil.example", "\t//evil.example", "/\n/evil.example", "/today\r\nSet-Cookie: polku=planted", "/\x00/evil.example", "/.//evil.example", "/@evil.example", "", "/day"} {
		res, _ := mia.ask("POST", "/sign-in", form("user", "mia", "password", "oma pitkä salasana", "next", next))
		to := res.Header.Get("Location")
		if res.StatusCode != 303 || !leads(to, f.url) || len(res.Header.Values("Set-Cookie")) != 2 {
			t.Errorf("next=%q leads to %q with %v", next, to, res.Header.Values("Set-Cookie"))
		}
		if next == "/day" && to != "/day" || strings.Contains(next, "\t") && to != "/today" {
			t.Errorf("next=%q leads to %q", next, to)
		}
		page := mia.page("/sign-in?next=" + url.QueryEscape(next))
		for _, link := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
			if !leads(link[1], f.url) {
				t.Errorf("next=%q makes a link to %q", next, link[1])
			}
		}
	}
	// Addresses that the program would rather have otherwise are put right within the site.
	for _, path := range []string{"//evil.example/", "//evil.example/..", "/x/..//evil.example", "/p/..//evil.example", "/.//evil.example", "/today/..%2f%2fevil.example", `/\evil.example/..`, "/asset//evil.example"} {
		res, _ := f.browser().ask("GET", path, "")
		if to := res.Header.Get("Location"); !leads(to, f.url) {
			t.Errorf("GET %s leads to %q", path, to)
		}
	}
	// What was asked for comes along whole, as a path and nothing else.
	res, _ := f.browser().ask("GET", "/c/x&left=provider%0d%0aSet-Cookie:a=b", "")
	if to := res.Header.Get("Location"); to != "/sign-in?next=%2Fc%2Fx%26left%3Dprovider%0D%0ASet-Cookie%3Aa%3Db" || len(res.Cookies()) > 0 {
		t.Errorf("%q %v", to, res.Cookies())
	}
}

// No address reaches a file or a record beside the ones that are meant: names of files and ids are looked up, never joined
// to a path.
func TestNoPathLeadsToOtherFiles(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		mia := f.as(Mia, "mia")
		aino := f.enters(mia.invite(id, "how", "agree", "pin", goodPIN), goodPIN)
		nobody := f.browser()
		up := []string{"..", "../..", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e%2fgo.mod", "%2e%2e/%2e%2e/etc/passwd", `..\..\etc\passwd`, "..%5c..%5cgo.mod", "%252e%252e%252fgo.mod", "%00", "polku.css%00", "%ff", ".", "%2fetc%2fpasswd", "....//....//go.mod", "../style/main.scss", "%27%20or%20%271%27=%271"}
		for _, c := range []struct {
			who    *face
			prefix string
		}{{nobody, "/asset/"}, {nobody, "/asset/dist/"}, {nobody, "/notices/"}, {mia, "/import/"}, {mia, "/c/"}, {mia, "/h/"}, {mia, "/models/"}, {mia, "/models/valmennus/"}, {mia, "/phrases/"}, {aino, "/p/write/"}, {nobody, "/p/i/"}} {
			for _, x := range up {
				res, body := c.who.ask("GET", c.prefix+x, "")
				wrong := res.StatusCode == 200 && c.prefix != "/p/i/" || res.StatusCode >= 500 // a link is asked for its PIN, whatever it is
				if wrong || strings.Contains(body, "root:") || strings.Contains(body, "module polku") || strings.Contains(body, "@use") || !leads(res.Header.Get("Location"), f.url) {
					t.Errorf("GET %s%s: %d %q %.200s", c.prefix, x, res.StatusCode, res.Header.Get("Location"), text(body))
				}
			}
		}
		if res, body := nobody.ask("GET", "/asset/", ""); res.StatusCode != 404 || strings.Contains(body, "polku.css") {
			t.Error("the files are listed:", res.StatusCode)
		}
	})
}

// Bytes that are no text are left out of what is sent, and the rest is kept: no database is asked about them.
func TestBytesThatAreNoTextAreLeftOut(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		mia := f.as(Mia, "mia")
		mia.says(mia.must("/find", "q", "virt\x00an\xffen"), "Aino Virtanen")
		mia.says(mia.must("/c/"+id+"/record", "what", "meeting", "result", "held", "minutes", "45", "text", "Hyvä\x00 juttelu\xff", "step", "keep"), "Hyvä juttelu")
		if status, _ := mia.get("/clients?q=%00%ff&order=%00"); status >= 500 {
			t.Error(status)
		}
	})
}

// Every route answers its own methods and no other; what it is asked with another stays undone.
func TestOtherMethodsAreRefused(t *testing.T) {
	f := open(t, New(t, t.TempDir()))
	id, _ := f.Client(t, "Virtanen", "Aino")
	mia := f.as(Mia, "mia")
	methods := map[string][]string{}
	for _, r := range routesOf(t) {
		path := placeholder.ReplaceAllString(strings.ReplaceAll(r.pattern, "{$}", ""), id)
		methods[path] = append(methods[path], r.method)
	}
	for path, own := range methods {
		for _, method := range []string{"PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "POST", "GET", "PROPFIND"} {
			if slices.Contains(own, method) {
				continue
			}
			res, _ := mia.ask(method, path, "")
			// Where one address has a name in place of an id (/users/new), the route with the id may answer.
			if res.StatusCode != 405 && !(method == "GET" && res.StatusCode == 404) {
				t.Errorf("%s %s: %d", method, path, res.StatusCode)
			}
			if allow := res.Header.Get("Allow"); res.StatusCode == 405 && !strings.Contains(allow, own[0]) {
				t.Errorf("%s %s: Allow %q", method, path, allow)
			}
		}
	}
	mia.says(mia.page("/c/"+id), "Aino Virtanen")
}

// Who the site says it is comes from its configuration: no header makes a link, a cookie or a redirect for another host.
func TestHostHeadersAreNotBelieved(t *testing.T) {
	const public = "https://polku.example"
	f := open(t, New(t, t.TempDir()), func(c *web.Config) { c.Public, c.Origin, c.Proxy = public, public, true })
	id, _ := f.Client(t, "Virtanen", "Aino")
	mia := f.as(Mia, "mia")
	cookies := "polku=" + mia.cookie("polku") + "; polku-device=" + mia.cookie("polku-device") // the browser's go to f.url only
	lies := []string{"Cookie", cookies, "Host", "evil.example", "X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "gopher", "Forwarded", "host=evil.example", "X-Original-URL", "/users", "X-Rewrite-URL", "/users", "X-HTTP-Method-Override", "DELETE"}
	for _, c := range [][3]string{{"POST", "/c/" + id + "/portal", form("how", "choose")}, {"GET", "/c/" + id, ""}, {"GET", "/", ""}, {"GET", "/p/", ""}, {"GET", "/nowhere", ""}, {"GET", "/sign-in", ""},
		{"POST", "/sign-in/passkey/options", ""}, {"POST", "/sign-out", ""}} {
		res, body := mia.ask(c[0], c[1], c[2], lies...)
		if strings.Contains(body, "evil.example") || strings.Contains(fmt.Sprint(res.Header), "evil.example") || res.StatusCode >= 500 {
			t.Errorf("%s %s: %d %v\n%.300s", c[0], c[1], res.StatusCode, res.Header, text(body))
		}
		if strings.HasSuffix(c[1], "/portal") && !strings.Contains(body, public+"/p/i/") {
			t.Errorf("the link does not lead to %s: %.500s", public, text(body))
		}
	}
}

// What goes wrong inside is told to nobody outside: no stack, no SQL, no file, no value; a reference that the log has too.
func TestErrorsTellNothingOfTheInside(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		f.Client(t, "Virtanen", "Aino")
		mia := f.as(Mia, "mia")
		if _, err := w.DB.Pool().Exec(`alter table phrase rename to phrase_away`); err != nil {
			t.Fatal(err)
		}
		res, body := mia.ask("GET", "/phrases", "")
		f.tellsNothing(res, body, 500)
	})
	f := open(t, New(t, t.TempDir()), func(c *web.Config) { c.Portal = nil })
	res, body := f.browser().ask("POST", "/p/open", form("token", "x", "pin", "1")) // there is no portal: the program's own mistake
	f.tellsNothing(res, body, 500)
	if !strings.Contains(f.logs.String(), "error.panic") {
		t.Error("the log does not tell of the panic:", f.logs)
	}
}

var reference = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}`)

func (f *face) tellsNothing(res *http.Response, body string, status int) {
	f.t.Helper()
	if res.StatusCode != status || !strings.Contains(res.Header.Get("Content-Type"), "text/html") {
		f.t.Errorf("%d %s", res.StatusCode, res.Header.Get("Content-Type"))
	}
	for _, inside := range []string{"goroutine", ".go:", "runtime", "phrase", "SQL", "sql", "select", "nil pointer", "/internal/", "panic", "no such", "does not exist"} {
		if strings.Contains(text(body), inside) {
			f.t.Errorf("the page tells %q: %.500s", inside, text(body))
		}
	}
	if ref := reference.FindString(text(body)); ref == "" || !strings.Contains(f.logs.String(), ref) {
		f.t.Errorf("no reference that the log knows: %.500s\n%s", text(body), f.logs)
	}
}

// Nothing that is sent makes the program call an address: the only one it calls is the provider of its configuration.
// Every route is given, in every field that any route reads and in the headers, the address of a listener, which hears
// nothing.
func TestNoFieldMakesAnOutgoingCall(t *testing.T) {
	var gate sync.Mutex
	var heard []string
	canary := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		gate.Lock()
		defer gate.Unlock()
		heard = append(heard, r.Method+" "+r.URL.Path)
	}))
	defer canary.Close()
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fields := url.Values{}
	for _, file := range sources {
		code, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\b(?:FormValue|PostFormValue|v|day|FormName)\("([a-z0-9_]+)"\)`).FindAllSubmatch(code, -1) {
			fields.Set(string(m[1]), canary.URL+"/field/"+string(m[1]))
		}
	}
	for _, more := range []string{"iss", "issuer", "url", "state", "logout_token", "redirect_uri"} {
		fields.Set(more, canary.URL+"/field/"+more)
	}
	if len(fields) < 60 {
		t.Fatal("fields were not found in the code:", len(fields))
	}
	f := open(t, New(t, t.TempDir()))
	f.strong()
	id, _ := f.Client(t, "Virtanen", "Aino")
	for _, who := range []*face{f.as(Mia, "mia"), f.as(Boss, "boss"), f.browser()} {
		for _, r := range routesOf(t) {
			if who.cookie("polku") != "" && slices.Contains(without, r.pattern) || r.pattern == "/live" || r.pattern == "/settings/sessions" {
				continue
			}
			path := placeholder.ReplaceAllString(strings.ReplaceAll(r.pattern, "{$}", ""), id)
			headers := []string{"Referer", canary.URL + "/header", "X-Forwarded-Host", strings.TrimPrefix(canary.URL, "http://"), "X-Forwarded-For", strings.TrimPrefix(canary.URL, "http://")}
			if r.method == "GET" {
				who.ask("GET", path+"?"+fields.Encode(), "", headers...)
			} else {
				who.ask("POST", path, fields.Encode(), headers...)
			}
		}
	}
	gate.Lock()
	defer gate.Unlock()
	if len(heard) > 0 {
		t.Error("called:", heard)
	}
}
