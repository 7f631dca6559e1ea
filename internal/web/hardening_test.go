package web_test

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	. "polku/internal/polkutest"
	"polku/internal/web"
)

// What an attacker tries over HTTP, and the test that stands against it. Here: CSRF, headers, cookies, limits of what is
// sent. Signing in: hardening_sign_in_test.go. Addresses, methods, hosts, errors: hardening_paths_test.go. Elsewhere:
//
//	slow and endless requests            cli.TestSlowConnectionsAreCut, TestHeadersHaveALimit
//	the time an unknown name takes       login.TestWrongPasswordAndUnknownNameAnswerTheSame
//	guessed passwords, codes, PINs       login.TestTooManyWrongTries, TestGuessedCodesAreLimited; TestFiveWrongPINsLockAndTheWorkerOpens, TestGuessesAtOnceAreCounted
//	memory of the limits                 login.TestLimitForgetsWithinBounds
//	sessions bound to a device, renewed  TestTokensAreNewAndBound; login.TestSessionsAreBoundToTheirDevice, TestSessionEnds; portal.TestSessionsEndByThemselves
//	who may use which route              TestEveryRouteAsEveryRole; portal: TestFacesAndPeopleAreApart
//	cells that are formulas              cli.TestCellsAreNoFormulas
//	personal data in the log             cli.TestLogHasNoPersonalData
//	answers of a false provider          oidc.TestWhatIsRefused
//	unencrypted serving, old TLS         cli.TestServeRefusesWhatIsUnsafeOrUnclear, TestServeOverHTTPS

// ask sends one request and follows nothing. pairs are headers.
func (f *face) ask(method, path, body string, pairs ...string) (*http.Response, string) {
	f.t.Helper()
	req, err := http.NewRequest(method, f.url+path, strings.NewReader(body))
	if err != nil {
		f.t.Fatal(err)
	}
	if method == "POST" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i] == "Host" {
			req.Host = pairs[i+1]
		}
		if pairs[i] == "Content-Type" {
			req.Header.Del("Content-Type")
		}
		req.Header.Add(pairs[i], pairs[i+1])
	}
	still := *f.http
	still.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := still.Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	_, said := f.read(res)
	return res, said
}

// A command that another site sends with somebody's cookies is refused, on every route that takes one, of both faces.
func TestForeignOriginIsRefused(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		mia := f.as(Mia, "mia")
		aino := f.enters(mia.invite(id, "how", "agree", "pin", goodPIN), goodPIN)
		tried := 0
		for _, r := range routesOf(t) {
			if r.method != "POST" {
				continue
			}
			who := mia
			if strings.HasPrefix(r.pattern, "/p/") {
				who = aino
			}
			path := placeholder.ReplaceAllString(r.pattern, id)
			for _, from := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
				res, body := who.ask("POST", path, "", from...)
				if tried++; res.StatusCode != 403 || !strings.Contains(text(body), "toiselta sivustolta") {
					t.Errorf("POST %s with %v: %d %.200s", path, from, res.StatusCode, text(body))
				}
			}
		}
		if tried < 200 {
			t.Error("tried only", tried)
		}
		// Our own pages, and programs that are no browsers, are let in.
		for _, from := range [][]string{{"Sec-Fetch-Site", "same-origin"}, {"Origin", f.url}, {}} {
			if res, _ := mia.ask("POST", "/find", "q=virtanen", from...); res.StatusCode >= 400 {
				t.Errorf("with %v: %d", from, res.StatusCode)
			}
		}
	})
}

// Whatever is answered carries the headers that keep other sites, frames and guesses of types out, and nothing with
// personal data stays in a cache. Only files whose address changes with their content may be kept.
func TestEveryAnswerHasItsHeaders(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w, func(c *web.Config) { c.Secure = true })
		id, _ := f.Client(t, "Virtanen", "Aino")
		mia := f.as(Mia, "mia")
		aino := f.enters(mia.invite(id, "how", "agree", "pin", goodPIN), goodPIN)
		nobody := f.browser()
		want := map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
			"Strict-Transport-Security": "max-age=31536000", "Permissions-Policy": "camera=(), microphone=(), geolocation=()"}
		for _, c := range []struct {
			who          *face
			method, path string
			status       int
			cached       string // beginning of Cache-Control
		}{
			{mia, "GET", "/today", 200, "no-store"},
			{mia, "GET", "/c/" + id, 200, "no-store"},
			{mia, "GET", "/c/" + id + "/log.pdf", 200, "no-store"},
			{mia, "POST", "/c/" + id + "/copy", 200, "no-store"}, // a PDF too
			{mia, "GET", "/c/nobody", 404, "no-store"},
			{mia, "GET", "/users", 403, "no-store"},
			{mia, "POST", "/c/" + id + "/record", 422, "no-store"},
			{mia, "GET", "/live", 200, "no-store"},
			{mia, "GET", "/nowhere", 404, ""},
			{mia, "DELETE", "/today", 405, ""},
			{nobody, "GET", "/today", 303, ""},
			{nobody, "GET", "/sign-in", 200, "no-store"},
			{nobody, "GET", "/notices", 200, "no-store"},
			{nobody, "GET", "/health", 200, "no-store"},
			{nobody, "GET", "/asset/polku.css", 200, "no-cache"},
			{nobody, "GET", "/asset/nothing.css", 404, ""},
			{nobody, "GET", "/p/", 200, "no-store"},
			{aino, "GET", "/p/today", 200, "no-store"},
			{aino, "GET", "/p/write/nothing", 404, "no-store"},
			{nobody, "GET", "/p/today", 303, ""},
		} {
			res, _ := c.who.ask(c.method, c.path, "")
			if res.StatusCode != c.status {
				t.Errorf("%s %s: %d, want %d", c.method, c.path, res.StatusCode, c.status)
			}
			for name, value := range want {
				if got := res.Header.Get(name); got != value {
					t.Errorf("%s %s: %s is %q", c.method, c.path, name, got)
				}
			}
			csp := res.Header.Get("Content-Security-Policy")
			for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
				if !slices.Contains(strings.Split(csp, "; "), part) {
					t.Errorf("%s %s: the policy %q has no %s", c.method, c.path, csp, part)
				}
			}
			if got := res.Header.Get("Cache-Control"); !strings.HasPrefix(got, c.cached) || c.cached == "" && got != "" {
				t.Errorf("%s %s: Cache-Control %q, want %q", c.method, c.path, got, c.cached)
			}
			if res.Header.Get("Access-Control-Allow-Origin") != "" || res.Header.Get("Server") != "" {
				t.Errorf("%s %s: %v", c.method, c.path, res.Header)
			}
		}
	})
}

// No script reads a cookie, no other site sends one with a command, and over HTTPS no neighbour of the same domain can
// plant one (__Host-): sessions, devices, steps of a sign-in, words for the next page.
func TestCookiesAreShut(t *testing.T) {
	for name, secure := range map[string]bool{"http": false, "https": true} {
		t.Run(name, func(t *testing.T) {
			f := open(t, New(t, t.TempDir()), func(c *web.Config) { c.Secure = secure })
			kept := &cookies{RoundTripper: f.wire, all: map[string]*http.Cookie{}}
			if f.wire == nil {
				kept.RoundTripper = http.DefaultTransport
			}
			f.wire = kept
			id, _ := f.Client(t, "Virtanen", "Aino")
			mia := f.as(Mia, "mia")
			mia.must("/c/"+id+"/record", "what", "meeting", "result", "held", "minutes", "45", "text", "Juttelu", "step", "keep")
			mia.ask("POST", "/sign-in/passkey/options", "")
			f.enters(mia.invite(id, "how", "agree", "pin", goodPIN), goodPIN)
			f.browser().page("/sign-in?lang=sv")
			for _, own := range []string{"polku", "polku-device", "polku-step", "own", "own-device"} {
				if secure {
					own = "__Host-" + own
				}
				if kept.all[own] == nil {
					t.Errorf("no cookie %s among %v", own, kept.all)
				}
			}
			if kept.all["flash"] == nil || kept.all["lang"] == nil {
				t.Error("not every cookie was tried:", kept.all)
			}
			for _, c := range kept.all {
				if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != secure || c.Path != "/" || c.Domain != "" {
					t.Error("open cookie:", c)
				}
			}
		})
	}
}

// cookies keeps every cookie that is set on the way.
type cookies struct {
	http.RoundTripper
	all map[string]*http.Cookie
}

func (k *cookies) RoundTrip(req *http.Request) (*http.Response, error) {
	res, err := k.RoundTripper.RoundTrip(req)
	if err == nil {
		for _, c := range res.Cookies() {
			k.all[c.Name] = c
		}
	}
	return res, err
}

// A form has 2 MB and ten thousand fields, an uploaded file 20 MB: what is more is refused, in whatever way it is sent
// and by whomever, and nothing of it reaches the disk.
func TestWhatIsSentHasLimits(t *testing.T) {
	w := New(t, t.TempDir())
	f := open(t, w)
	id, _ := f.Client(t, "Virtanen", "Aino")
	mia, nobody := f.as(Mia, "mia"), f.browser()
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	const form, most = "application/x-www-form-urlencoded", 2 << 20
	parts := func(field, file string, size int) (string, string) {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		m.WriteField("kind", "clients")
		var part io.Writer
		if file == "" {
			part, _ = m.CreateFormField(field)
		} else {
			part, _ = m.CreateFormFile(field, file)
		}
		part.Write(bytes.Repeat([]byte("x"), size))
		m.Close()
		return b.String(), m.FormDataContentType()
	}
	try := func(who *face, path, body, kind string, status int, says string) {
		t.Helper()
		res, page := who.ask("POST", path, body, "Content-Type", kind)
		if res.StatusCode != status || !strings.Contains(text(page), says) {
			t.Errorf("%d bytes of %.25s to %s: %d %.300s", len(body), kind, path, res.StatusCode, text(page))
		}
	}
	const tooMuch = "liikaa tekstiä kerralla"
	long := url.Values{"text": {strings.Repeat("x", most)}}.Encode()
	many := strings.Repeat("a=b&", 10_001)
	for _, c := range []struct {
		who  *face
		path string
	}{{mia, "/c/" + id + "/record"}, {nobody, "/sign-in"}, {nobody, "/reset"}, {nobody, "/p/open"}, {nobody, "/p/sign-in"}} {
		try(c.who, c.path, long, form, 422, tooMuch)
		try(c.who, c.path, many, form, 422, tooMuch)
		body, kind := parts("text", "", most)
		try(c.who, c.path, body, kind, 422, tooMuch)
		body, kind = parts("file", "list.csv", 40<<20)
		try(c.who, c.path, body, kind, 422, tooMuch)
	}
	body, kind := parts("file", "list.csv", 20<<20+1)
	try(mia, "/import", body, kind, 422, "20 Mt")
	try(mia, "/import", long, form, 422, tooMuch)
	body, kind = parts("file", "list.csv", 40<<20)
	res, _ := nobody.ask("POST", "/import", body, "Content-Type", kind) // it is not even read
	if res.StatusCode != 401 {
		t.Error("an upload of nobody's:", res.StatusCode)
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Error("parts of a form are on the disk:", left, err)
	}
}
