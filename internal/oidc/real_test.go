package oidc

import (
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"polku/internal/fault"
)

// visitor is a browser at a real provider: it keeps cookies, follows redirects up to our own address, and fills the
// provider's sign-in form.
type visitor struct {
	*http.Client
	asked int // how often a password was asked for
}

func newVisitor(t *testing.T) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	must(t, err)
	v := &visitor{Client: &http.Client{Jar: jar, Timeout: 30 * time.Second, Transport: ownCookies{}}}
	v.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Port() == "1" { // our own address, where nobody listens in this test
			return http.ErrUseLastResponse
		}
		return nil
	}
	return v
}

// ownCookies lets cookies belong to the address that set them: this provider gives them to a domain, which an address of
// figures is not.
type ownCookies struct{}

var domain = regexp.MustCompile(`(?i); ?domain=[^;]*`)

func (ownCookies) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		for i, c := range answer.Header["Set-Cookie"] {
			answer.Header["Set-Cookie"][i] = domain.ReplaceAllString(c, "")
		}
	}
	return answer, err
}

var hiddenField = regexp.MustCompile(`<input[^>]*type="hidden"[^>]*>`)
var formAction = regexp.MustCompile(`<form[^>]*action="([^"]*)"`)
var attribute = regexp.MustCompile(`(name|value)="([^"]*)"`)

// comesBack opens an address, signs in where asked, and gives the query of the address that it is sent back to.
func (v *visitor) comesBack(t *testing.T, address, name string) url.Values {
	t.Helper()
	answer, err := v.Get(address)
	must(t, err)
	for range 5 {
		body, err := io.ReadAll(answer.Body)
		must(t, err)
		answer.Body.Close()
		if back, err := answer.Location(); err == nil {
			return back.Query()
		}
		form := url.Values{}
		switch {
		case strings.Contains(string(body), `name="password"`):
			v.asked++
			form = url.Values{"user": {name}, "password": {name}}
		case !strings.Contains(string(body), "<form"):
			t.Fatalf("%d, and no form to go on by:\n%.1500s", answer.StatusCode, body)
		}
		for _, field := range hiddenField.FindAllString(string(body), -1) {
			pair := map[string]string{}
			for _, m := range attribute.FindAllStringSubmatch(field, -1) {
				pair[m[1]] = m[2]
			}
			form.Set(pair["name"], pair["value"])
		}
		to := answer.Request.URL
		if m := formAction.FindStringSubmatch(string(body)); m != nil && m[1] != "" && m[1] != "#" {
			to, err = to.Parse(m[1])
			must(t, err)
		}
		answer, err = v.PostForm(to.String(), form)
		must(t, err)
	}
	t.Fatal("the provider does not send back")
	return nil
}

// The whole flow against LemonLDAP::NG, a provider that others run in earnest: see scripts/lemonldap.sh, whose address
// POLKU_TEST_OIDC names.
func TestRealProvider(t *testing.T) {
	issuer := os.Getenv("POLKU_TEST_OIDC")
	if issuer == "" {
		t.Log("without POLKU_TEST_OIDC only the provider inside the tests was tried")
		return
	}
	p, err := New(Config{Issuer: issuer, ClientID: "polku", Secret: "salaisuus", Redirect: "http://127.0.0.1:1/back", Scopes: []string{"profile", "email", "groups"},
		MFA: []string{"loa-3"}})
	must(t, err)
	browser := newVisitor(t)
	in := func(ask Ask) (Identity, error) {
		t.Helper()
		address, pending, err := p.Start(ctx, ask)
		must(t, err)
		return p.Finish(ctx, pending, browser.comesBack(t, address, "dwho"))
	}
	who, err := in(Ask{Lang: "fi"})
	must(t, err)
	if who.Subject != "dwho" || who.Username != "dwho" || who.Name != "Doctor Who" || who.Email != "dwho@badwolf.org" || who.At.IsZero() || who.MFA || who.Level != Unknown ||
		!slices.Contains(who.Groups, "timelords") || !slices.Contains(who.Groups, "users") {
		t.Errorf("%+v", who)
	}
	if browser.asked != 1 {
		t.Errorf("a password was asked for %d times", browser.asked)
	}
	// Signed in there already: nothing is asked again, unless we say so.
	if _, err := in(Ask{MaxAge: time.Hour}); err != nil || browser.asked != 1 {
		t.Errorf("asked %d times: %v", browser.asked, err)
	}
	time.Sleep(2 * time.Second) // the provider asks again only when a second has gone by (portalForceAuthnInterval)
	if _, err := in(Ask{Again: true}); err != nil || browser.asked != 2 {
		t.Errorf("asked %d times: %v", browser.asked, err)
	}
	// A level that this account does not reach is not taken for it.
	_, err = in(Ask{ACR: []string{"loa-3"}})
	var f *fault.Error
	if !errors.As(err, &f) || f.Key != "oidc.level" && f.Key != "oidc.refused" {
		t.Errorf("a higher level than there is: %v", err)
	}
	// The wrong secret of PKCE, and a code used twice.
	address, pending, err := p.Start(ctx, Ask{})
	must(t, err)
	query := browser.comesBack(t, address, "dwho")
	stolen := pending
	stolen.Verifier = strings.Repeat("x", 43)
	if _, err := p.Finish(ctx, stolen, query); err == nil {
		t.Error("a stolen code was good for something")
	}
	address, pending, err = p.Start(ctx, Ask{})
	must(t, err)
	query = browser.comesBack(t, address, "dwho")
	if _, err := p.Finish(ctx, pending, query); err != nil {
		t.Error(err)
	}
	if _, err := p.Finish(ctx, pending, query); err == nil {
		t.Error("a code was good twice")
	}
	if out, err := p.LogoutURL(ctx, who.IDToken, "http://127.0.0.1:1/back"); err != nil || !strings.HasPrefix(out, issuer+"oauth2/logout?") {
		t.Errorf("%q %v", out, err)
	}
}
