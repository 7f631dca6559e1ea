package web_test

import (
	"bufio"
	"context"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"polku/internal/db"
	"polku/internal/login"
	. "polku/internal/polkutest"
	"polku/internal/unit"
)

// browser is another browser of the same face, where nobody is signed in.
func (f *face) browser() *face {
	jar, _ := cookiejar.New(nil)
	g := *f
	g.http = &http.Client{Jar: jar, Timeout: 20 * time.Second, Transport: f.wire}
	return &g
}

// Where two factors are asked for, a password leads to setting up the second one and nowhere else; after that it is
// asked for, and a recovery code stands in for it.
func TestPasswordAndCode(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		mia := f.as(Mia, "mia")
		boss := f.as(Boss, "boss")
		boss.must("/groups/second", "second", "on")
		mia.says(mia.page("/today"), "Ota ensin käyttöön toinen vahvistus")
		if status, _ := mia.post("/find", "q", "virt"); status != 403 {
			t.Errorf("a session of one factor searches: %d", status)
		}
		secret := regexp.MustCompile(`([A-Z2-7]{4} ){7}[A-Z2-7]{4}`).FindString(text(mia.must("/settings/totp")))
		code, err := totp.GenerateCode(strings.ReplaceAll(secret, " ", ""), w.DB.Now())
		if err != nil {
			t.Fatal(err)
		}
		if status, body := mia.post("/settings/totp/confirm", "code", "000000"); status != 422 || !strings.Contains(text(body), "Koodi ei täsmää") {
			t.Errorf("a wrong code: %d", status)
		}
		mia.says(mia.must("/settings/totp/confirm", "code", code), "Koodisovellus on käytössä")
		mia.says(mia.page("/today"), "Mia Mallikas")
		recovery := regexp.MustCompile(`([0-9a-z]{4}-){3}[0-9a-z]{4}`).FindString(text(mia.must("/settings/recovery")))

		other := f.browser()
		if got := other.page("/sign-in/second"); !strings.Contains(text(got), "Tervetuloa") {
			t.Error("a second step without a first:", text(got)[:200])
		}
		status, body := other.post("/sign-in", "user", "mia", "password", "oma pitkä salasana", "next", "/day")
		if status != 200 || !strings.Contains(text(body), "Vielä toinen vahvistus") {
			t.Fatalf("%d %.300s", status, text(body))
		}
		if status, _ := other.get("/settings/sign-in"); status != 200 || other.signedIn() {
			t.Error("half a sign-in is one")
		}
		if status, _ := other.post("/sign-in/second", "code", code); status != 403 {
			t.Errorf("a used code: %d", status)
		}
		other.says(other.must("/sign-in/second", "code", recovery, "next", "//evil.example"), "Mia Mallikas")
		if !other.signedIn() {
			t.Error("a recovery code was not enough")
		}
	})
}

func (f *face) signedIn() bool {
	_, body := f.get("/settings/sign-in")
	return strings.Contains(body, "data-user=\"worker-")
}

// A token from before a sign-in is worth nothing after it, and a token without its device is worth nothing at all.
func TestTokensAreNewAndBound(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		mia := f.as(Mia, "mia")
		cookie := func(name string) string {
			req, _ := http.NewRequest("GET", f.url, nil)
			for _, c := range mia.http.Jar.Cookies(req.URL) {
				if c.Name == name {
					return c.Value
				}
			}
			t.Fatal("no cookie", name)
			return ""
		}
		with := func(token, device string) int {
			req, _ := http.NewRequest("GET", f.url+"/today", nil)
			req.AddCookie(&http.Cookie{Name: "polku", Value: token})
			if device != "" {
				req.AddCookie(&http.Cookie{Name: "polku-device", Value: device})
			}
			res, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(req)
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			return res.StatusCode
		}
		old, device := cookie("polku"), cookie("polku-device")
		if with(old, device) != 200 || with(old, "") != 303 || with(old, login.NewDevice()) != 303 {
			t.Error("a session is not bound to its device")
		}
		mia.must("/sign-in", "user", "mia", "password", "oma pitkä salasana")
		if now := cookie("polku"); now == old || with(old, device) != 303 || with(now, device) != 200 {
			t.Error("the earlier token lives on")
		}
		if cookie("polku-device") != device {
			t.Error("the device is another after each sign-in")
		}
	})
}

// An open page's stream tells of the end within a second, and lets the program stop.
func TestLiveStream(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		mia := f.as(Mia, "mia")
		rights := regexp.MustCompile(`data-live="([0-9a-f]+)"`).FindStringSubmatch(mia.page("/today"))
		if rights == nil {
			t.Fatal("the page does not say what it was made with")
		}
		if _, body := mia.get("/live?rights=others"); body != "event: changed\ndata: \n\n" {
			t.Errorf("a page made with other rights hears %q", body)
		}
		if _, body := f.browser().get("/live?rights=" + rights[1]); body != "event: over\ndata: \n\n" {
			t.Errorf("a page of nobody hears %q", body)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		req, _ := http.NewRequestWithContext(ctx, "GET", f.url+"/live?rights="+rights[1], nil)
		res, err := mia.http.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		lines := bufio.NewScanner(res.Body)
		if !lines.Scan() || lines.Text() != "retry: 2000" || res.Header.Get("Content-Type") != "text/event-stream" {
			t.Fatalf("%q %v", lines.Text(), res.Header)
		}
		start := time.Now()
		if err := f.Update(Boss, func(tx *db.Tx) error {
			return unit.Leave(tx, unit.Member{Worker: Mia, Register: Register, Unit: House})
		}); err != nil {
			t.Fatal(err)
		}
		heard := ""
		for lines.Scan() {
			heard += lines.Text() + "\n"
		}
		if !strings.Contains(heard, "event: changed") || time.Since(start) > time.Second {
			t.Errorf("after %v: %q", time.Since(start), heard)
		}
	})
}

// An administrator helps whoever cannot get in; the worker's page and the worker are told.
func TestResetFromTheWorkersPage(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		mia, boss := f.as(Mia, "mia"), f.as(Boss, "boss")
		page := boss.must("/users/" + Mia + "/reset")
		code := regexp.MustCompile(`([0-9a-z]{4}-){3}[0-9a-z]{4}`).FindString(text(page))
		mia.says(mia.page("/today"), "Jonkun kirjautumista ollaan palauttamassa")
		mia.says(mia.page("/resets"), "Tämä on sinun tunnuksesi")
		lost := f.browser()
		if status, body := lost.post("/reset", "code", "0000-0000-0000-0000", "password", "uusi pitkä salasana", "password2", "uusi pitkä salasana"); status != 422 || !strings.Contains(text(body), "Koodi ei täsmää") {
			t.Errorf("a made-up code: %d", status)
		}
		lost.says(lost.must("/reset", "code", code, "password", "uusi pitkä salasana", "password2", "uusi pitkä salasana"), "Kirjautuminen ja laitteet", "tämä laite")
		if mia.signedIn() {
			t.Error("the old session lives on")
		}
		boss.says(boss.must("/users/"+Mia+"/sessions"), "Kirjattu ulos")
		if lost.signedIn() {
			t.Error("the administrator cannot end sessions")
		}
	})
}
