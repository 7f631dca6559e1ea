package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	. "polku/internal/polkutest"
	"polku/internal/web"
)

// waits checks that somebody is told to wait: in words, and in the header that programs read. At least so many seconds.
func (f *face) waits(res *http.Response, body string, least int) {
	f.t.Helper()
	seconds, err := strconv.Atoi(res.Header.Get("Retry-After"))
	if res.StatusCode != 503 || err != nil || seconds < least || !strings.Contains(text(body), fmt.Sprintf("Kokeile uudelleen %d sekunnin kuluttua", seconds)) {
		f.t.Errorf("%d, Retry-After %q: %.300s", res.StatusCode, res.Header.Get("Retry-After"), text(body))
	}
}

// form encodes the fields of a form.
func form(pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v.Encode()
}

// A name and an address have so many wrong tries, and then everybody waits, whoever knows the right answer too.
func TestGuessersWait(t *testing.T) {
	f := open(t, New(t, t.TempDir()), func(c *web.Config) { c.Proxy = true })
	mia := f.as(Mia, "mia")
	secret := regexp.MustCompile(`([A-Z2-7]{4} ){7}[A-Z2-7]{4}`).FindString(text(mia.must("/settings/totp")))
	code, err := totp.GenerateCode(strings.ReplaceAll(secret, " ", ""), f.DB.Now())
	if err != nil {
		t.Fatal(err)
	}
	mia.must("/settings/totp/confirm", "code", code)
	tries := 0
	from := func() string { tries++; return fmt.Sprintf("198.51.100.%d", tries) } // always another address

	t.Run("code of the second factor", func(t *testing.T) {
		var res *http.Response
		var body string
		for range 12 {
			thief := f.browser() // has the password
			thief.must("/sign-in", "user", "mia", "password", "oma pitkä salasana")
			if res, body = thief.ask("POST", "/sign-in/second", form("code", "000000"), "X-Forwarded-For", from()); res.StatusCode == 503 {
				break
			}
		}
		f.waits(res, body, 30)
	})
	t.Run("password", func(t *testing.T) {
		for range 10 {
			if res, _ := f.browser().ask("POST", "/sign-in", form("user", "joni", "password", "arvaus"), "X-Forwarded-For", from()); res.StatusCode != 403 {
				t.Fatal(res.StatusCode)
			}
		}
		res, body := f.browser().ask("POST", "/sign-in", form("user", "JONI ", "password", "arvaus"), "X-Forwarded-For", from())
		f.waits(res, body, 60)
	})
	codes := func(want int, headers func(i int) []string) (res *http.Response, body string) {
		t.Helper()
		for i := range want + 1 {
			res, body = f.browser().ask("POST", "/reset", form("code", "0000-0000-0000-0000", "password", "uusi pitkä salasana", "password2", "uusi pitkä salasana"), headers(i)...)
			if i < want && res.StatusCode != 422 {
				t.Fatalf("try %d: %d", i, res.StatusCode)
			}
		}
		return res, body
	}
	t.Run("code of a reset, pretending to be others", func(t *testing.T) {
		res, body := codes(30, func(i int) []string {
			return []string{"X-Forwarded-For", fmt.Sprintf("192.0.2.%d", i), "X-Forwarded-For", fmt.Sprintf("192.0.2.%d, 203.0.113.7", i)}
		})
		f.waits(res, body, 1)
	})
	t.Run("code of a reset, with a network of one's own", func(t *testing.T) {
		res, body := codes(30, func(i int) []string { return []string{"X-Forwarded-For", fmt.Sprintf("2001:db8:1:2::%x", i)} })
		f.waits(res, body, 1)
		codes(0, func(int) []string { return []string{"X-Forwarded-For", "2001:db8:1:3::1"} })
	})
	t.Run("link and PIN", func(t *testing.T) {
		for _, path := range []string{"/p/open", "/p/sign-in"} {
			var res *http.Response
			var body string
			for range 100 {
				if res, body = f.browser().ask("POST", path, form("token", "x", "pin", "1"), "X-Forwarded-For", "2001:db8:9::1"); res.StatusCode == 503 {
					break
				}
			}
			f.waits(res, body, 1)
		}
	})
	t.Run("without a proxy nobody says where they come from", func(t *testing.T) {
		f = open(t, New(t, t.TempDir()))
		res, body := codes(30, func(i int) []string { return []string{"X-Forwarded-For", fmt.Sprintf("192.0.2.%d", i)} })
		f.waits(res, body, 1)
	})
}

// A wrong password, a name nobody has, one who has left and one without a password get the same answer to the letter, in
// about the same time.
func TestNoAnswerTellsWhoHasAnAccount(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		f.as(Mia, "mia")
		f.as(Joni, "joni")
		f.as(Boss, "boss").must("/users/" + Joni + "/remove")
		type answer struct {
			status        int
			body, headers string
			cookies       []string
		}
		answers, quickest := map[string]answer{}, map[string]time.Duration{}
		for range 3 { // the quickest of three, so that a busy machine does not count
			for _, name := range []string{"mia", "nobody", "joni", "essi"} {
				start := time.Now()
				res, body := f.browser().ask("POST", "/sign-in", form("user", name, "password", "väärä salasana"))
				if took := time.Since(start); quickest[name] == 0 || took < quickest[name] {
					quickest[name] = took
				}
				a := answer{status: res.StatusCode, body: strings.ReplaceAll(body, `"`+name+`"`, "")}
				for _, c := range res.Cookies() {
					a.cookies = append(a.cookies, c.Name)
				}
				for _, h := range []string{"Set-Cookie", "Content-Length", "Date"} { // random, as long as the name, now
					res.Header.Del(h)
				}
				a.headers = fmt.Sprint(res.Header)
				answers[name] = a
			}
		}
		mia := answers["mia"]
		if mia.status != 403 || !slices.Equal(mia.cookies, []string{"polku-device"}) {
			t.Error(mia.status, mia.cookies)
		}
		for name, a := range answers {
			if a.status != mia.status || a.body != mia.body || a.headers != mia.headers || !slices.Equal(a.cookies, mia.cookies) {
				t.Errorf("%s is answered %d %s %v\n%s", name, a.status, a.headers, a.cookies, text(a.body))
			}
			if quickest[name] < quickest["mia"]/4 || quickest[name] > 4*quickest["mia"] {
				t.Errorf("%s took %v, a known name %v", name, quickest[name], quickest["mia"])
			}
		}
	})
}

// cookie is what the browser has under a name; empty: nothing.
func (f *face) cookie(name string) string {
	at, err := url.Parse(f.url)
	if err != nil {
		f.t.Fatal(err)
	}
	for _, c := range f.http.Jar.Cookies(at) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// A cookie that somebody planted does not become a session: a sign-in, a second factor and a participant's way in each
// give a new one, and signing out ends it at the server, not in the browser alone.
func TestNoSessionIsTakenOver(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		mia := f.as(Mia, "mia")
		opens := func(path string, cookies ...string) bool {
			res, _ := f.browser().ask("GET", path, "", "Cookie", strings.Join(cookies, "; "))
			return res.StatusCode == 200
		}
		at, _ := url.Parse(f.url)
		planted := f.browser()
		planted.http.Jar.SetCookies(at, []*http.Cookie{{Name: "polku", Value: "planted", Path: "/"}, {Name: "own", Value: "planted", Path: "/"}, {Name: "polku-step", Value: "planted", Path: "/"}})
		planted.must("/sign-in", "user", "mia", "password", "oma pitkä salasana")
		device := "polku-device=" + planted.cookie("polku-device")
		if token := planted.cookie("polku"); token == "planted" || opens("/today", "polku=planted", device) || !opens("/today", "polku="+token, device) {
			t.Error("a planted cookie became a session")
		}

		before := "polku=" + mia.cookie("polku")
		device = "polku-device=" + mia.cookie("polku-device")
		secret := regexp.MustCompile(`([A-Z2-7]{4} ){7}[A-Z2-7]{4}`).FindString(text(mia.must("/settings/totp")))
		code, err := totp.GenerateCode(strings.ReplaceAll(secret, " ", ""), w.DB.Now())
		if err != nil {
			t.Fatal(err)
		}
		mia.must("/settings/totp/confirm", "code", code)
		token := "polku=" + mia.cookie("polku")
		if token == before || opens("/today", before, device) || !opens("/today", token, device) {
			t.Error("with the second factor the session's token stayed the same")
		}
		link := mia.invite(id, "how", "agree", "pin", goodPIN)
		mia.must("/sign-out")
		if mia.cookie("polku") != "" || opens("/today", token, device) {
			t.Error("the token outlives signing out")
		}

		aino := planted
		aino.must("/p/open", "token", strings.TrimPrefix(link, "/p/i/"), "pin", goodPIN)
		own := aino.cookie("own")
		if own == "planted" || opens("/p/today", "own=planted") || !opens("/p/today", "own="+own) {
			t.Error("a planted cookie became a participant's session")
		}
		aino.must("/p/sign-out")
		if opens("/p/today", "own="+own) {
			t.Error("a participant's token outlives signing out")
		}
	})
}
