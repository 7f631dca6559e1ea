package oidc

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"

	"polku/internal/fault"
)

var ctx = context.Background()

// person is somebody at the provider, with whatever claims a test needs.
type person map[string]any

func (p person) ID() string { return p["sub"].(string) }
func (p person) Claims(_ []string, base *mockoidc.IDTokenClaims) (jwt.Claims, error) {
	claims := jwt.MapClaims{"iss": base.Issuer, "aud": base.Audience, "exp": base.ExpiresAt, "iat": base.IssuedAt, "nonce": base.Nonce}
	maps.Copy(claims, p)
	delete(claims, "userinfo")
	return claims, nil
}
func (p person) Userinfo([]string) ([]byte, error) {
	info := map[string]any{"sub": p["sub"]}
	if more, has := p["userinfo"].(map[string]any); has {
		maps.Copy(info, more)
	}
	return json.Marshal(info)
}

// idp starts a provider on this machine and a client of it.
func idp(t *testing.T, change func(*Config)) (*mockoidc.MockOIDC, *Provider) {
	t.Helper()
	server, err := mockoidc.Run()
	must(t, err)
	t.Cleanup(func() { must(t, server.Shutdown()) })
	c := Config{Issuer: server.Issuer(), ClientID: server.ClientID, Secret: server.ClientSecret, Redirect: "http://127.0.0.1:1/back"}
	if change != nil {
		change(&c)
	}
	p, err := New(c)
	must(t, err)
	return server, p
}

// visit goes to the provider as a browser would and gives the query that it comes back with.
func visit(t *testing.T, address string) url.Values {
	t.Helper()
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := browser.Get(address)
	must(t, err)
	defer answer.Body.Close()
	back, err := answer.Location()
	must(t, err)
	return back.Query()
}

func TestSomebodyComesBackAsThemselves(t *testing.T) {
	server, p := idp(t, func(c *Config) { c.Groups = "realm_access.roles" })
	server.QueueUser(person{"sub": "s-1", "preferred_username": " Anna.Laine ", "name": "Anna Laine", "email": "anna@example.org", "email_verified": "true",
		"realm_access": map[string]any{"roles": []string{"polku-worker", "intra"}}, "acr": "http://ftn.ficora.fi/2017/loa2", "amr": []string{"pwd", "otp"},
		"sid": "session-9", "auth_time": time.Now().Unix()})
	address, pending, err := p.Start(ctx, Ask{Lang: "fi", Hint: "anna.laine"})
	must(t, err)
	sent, _ := url.Parse(address)
	for name, want := range map[string]string{"response_type": "code", "code_challenge_method": "S256", "scope": "openid profile email", "ui_locales": "fi", "login_hint": "anna.laine"} {
		if got := sent.Query().Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if strings.Contains(address, pending.Verifier) {
		t.Error("the secret of PKCE goes through the browser")
	}
	who, err := p.Finish(ctx, pending, visit(t, address))
	must(t, err)
	if who.Issuer != server.Issuer() || who.Subject != "s-1" || who.Username != "Anna.Laine" || who.Name != "Anna Laine" || who.Email != "anna@example.org" || !who.EmailVerified ||
		!slices.Equal(who.Groups, []string{"polku-worker", "intra"}) || who.Level != Substantial || !who.MFA || who.Session != "session-9" || who.At.IsZero() {
		t.Errorf("%+v", who)
	}
}

// What the token does not say, userinfo may; but never who has proved what.
func TestUserinfoAddsButProvesNothing(t *testing.T) {
	server, p := idp(t, nil)
	server.QueueUser(person{"sub": "s-1", "userinfo": map[string]any{"preferred_username": "anna", "groups": []string{"a"}, "acr": "http://ftn.ficora.fi/2017/loa3", "amr": []string{"mfa"}}})
	address, pending, err := p.Start(ctx, Ask{})
	must(t, err)
	who, err := p.Finish(ctx, pending, visit(t, address))
	must(t, err)
	if who.Username != "anna" || !slices.Equal(who.Groups, []string{"a"}) || who.MFA || who.Level != Unknown {
		t.Errorf("%+v", who)
	}
}

// Each way of cheating or failing gives its own fault and no identity.
func TestWhatIsRefused(t *testing.T) {
	now := time.Now().Unix()
	for name, c := range map[string]struct {
		ask    Ask
		who    person
		change func(*Pending, url.Values)
		want   string
	}{
		"an answer nobody waits for":       {change: func(p *Pending, q url.Values) { p.State = "" }, want: "oidc.stale"},
		"another browser's answer":         {change: func(p *Pending, q url.Values) { q.Set("state", "x") }, want: "oidc.stale"},
		"another sign-in's token":          {change: func(p *Pending, q url.Values) { p.Nonce = "x" }, want: "oidc.bad"},
		"a stolen code":                    {change: func(p *Pending, q url.Values) { p.Verifier = strings.Repeat("x", 43) }, want: "oidc.stale"},
		"a made-up code":                   {change: func(p *Pending, q url.Values) { q.Set("code", "x") }, want: "oidc.stale"},
		"another provider's answer":        {change: func(p *Pending, q url.Values) { q.Set("iss", "https://evil.example") }, want: "oidc.bad"},
		"the person said no":               {change: func(p *Pending, q url.Values) { q.Set("error", "access_denied") }, want: "oidc.refused"},
		"a lower level":                    {ask: Ask{ACR: []string{"http://ftn.ficora.fi/2017/loa3"}}, who: person{"acr": "http://ftn.ficora.fi/2017/loa2"}, want: "oidc.level"},
		"no level at all":                  {ask: Ask{ACR: []string{"http://ftn.ficora.fi/2017/loa2"}}, want: "oidc.level"},
		"the level":                        {ask: Ask{ACR: []string{"http://ftn.ficora.fi/2017/loa2"}}, who: person{"acr": "http://ftn.ficora.fi/2017/loa2"}},
		"an old proof, where now is asked": {ask: Ask{Again: true}, who: person{"auth_time": now - 3600}, want: "oidc.level"},
		"an undated proof":                 {ask: Ask{Again: true}, want: "oidc.level"},
		"a fresh proof":                    {ask: Ask{Again: true}, who: person{"auth_time": now}},
		"a proof that is too old":          {ask: Ask{MaxAge: time.Hour}, who: person{"auth_time": now - 7200}, want: "oidc.level"},
		"a proof that is young enough":     {ask: Ask{MaxAge: time.Hour}, who: person{"auth_time": now - 1800}},
		"another client's token":           {who: person{"aud": "somebody-else"}, want: "oidc.bad"},
		"another issuer's token":           {who: person{"iss": "https://evil.example"}, want: "oidc.bad"},
		"an old token":                     {who: person{"exp": now - 3600}, want: "oidc.bad"},
	} {
		t.Run(name, func(t *testing.T) {
			server, p := idp(t, nil)
			who := person{"sub": "s-1"}
			maps.Copy(who, c.who)
			server.QueueUser(who)
			address, pending, err := p.Start(ctx, c.ask)
			must(t, err)
			sent, _ := url.Parse(address)
			if c.ask.Again && (sent.Query().Get("prompt") != "login" || sent.Query().Get("max_age") != "0") || sent.Query().Get("acr_values") != strings.Join(c.ask.ACR, " ") {
				t.Error("the provider is not asked:", address)
			}
			query := visit(t, address)
			if c.change != nil {
				c.change(&pending, query)
			}
			got, err := p.Finish(ctx, pending, query)
			if c.want == "" {
				must(t, err)
				return
			}
			var f *fault.Error
			if !errors.As(err, &f) || f.Key != c.want || got.Subject != "" {
				t.Errorf("got %v %v, want %s", got, err, c.want)
			}
		})
	}
}

// Two factors: by what the provider proves, by the organisation's own values, or on trust.
func TestWhatCountsAsTwoFactors(t *testing.T) {
	for _, c := range []struct {
		setting []string
		acr     string
		amr     []string
		want    bool
	}{
		{nil, "", nil, false}, {nil, "", []string{"pwd"}, false}, {nil, "", []string{"pwd", "mfa"}, true}, {nil, "http://eidas.europa.eu/LoA/substantial", nil, true},
		{nil, "http://eidas.europa.eu/LoA/low", nil, false}, {nil, "http://ftn.ficora.fi/2017/loatest2", nil, false},
		{[]string{"loa-2"}, "loa-2", nil, true}, {[]string{"loa-2"}, "loa-1", []string{"mfa"}, false}, {[]string{"hwk", "otp"}, "", []string{"otp"}, true},
		{[]string{Always}, "", nil, true},
	} {
		p := Provider{Config: Config{MFA: c.setting}}
		if got := p.mfa(Identity{ACR: c.acr, AMR: c.amr, Level: p.level(c.acr)}); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestConfigurationIsChecked(t *testing.T) {
	for issuer, good := range map[string]bool{"https://id.kunta.fi/realms/x": true, "http://127.0.0.1:8/x": true, "http://id.kunta.fi": false, "id.kunta.fi": false, "": false, "ftp://x": false} {
		if _, err := New(Config{Issuer: issuer, ClientID: "polku"}); (err == nil) != good {
			t.Errorf("%q: %v", issuer, err)
		}
	}
	if _, err := New(Config{Issuer: "https://id.kunta.fi"}); err == nil {
		t.Error("a client without a name was taken")
	}
}

// A provider that is down is asked again the next time.
func TestProviderComesBack(t *testing.T) {
	server, p := idp(t, nil)
	working := p.Issuer
	p.Issuer = "http://127.0.0.1:1"
	if _, _, err := p.Start(ctx, Ask{}); !fault.Is(err, fault.Unavailable) {
		t.Fatal(err)
	}
	p.Issuer = working
	if _, _, err := p.Start(ctx, Ask{}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.BackChannel(ctx, "not.a.token"); !fault.Is(err, fault.Denied) {
		t.Error("a forged logout token was heeded:", err)
	}
	for name, claims := range map[string]jwt.MapClaims{
		"an ID token":  {"iss": server.Issuer(), "aud": server.ClientID, "sub": "s-1", "iat": time.Now().Unix(), "exp": time.Now().Unix() + 60, "nonce": "n"},
		"an old token": {"iss": server.Issuer(), "aud": server.ClientID, "sub": "s-1", "iat": time.Now().Unix() - 3600, "exp": time.Now().Unix() + 60, "events": logoutEvent},
	} {
		token, err := server.Keypair.SignJWT(claims)
		must(t, err)
		if _, err := p.BackChannel(ctx, token); !fault.Is(err, fault.Denied) {
			t.Errorf("%s was heeded: %v", name, err)
		}
	}
	token, err := server.Keypair.SignJWT(jwt.MapClaims{"iss": server.Issuer(), "aud": server.ClientID, "sub": "s-1", "sid": "9", "jti": "1", "iat": time.Now().Unix(), "exp": time.Now().Unix() + 60, "events": logoutEvent})
	must(t, err)
	ended, err := p.BackChannel(ctx, token)
	if err != nil || ended.Subject != "s-1" || ended.Session != "9" || ended.Token != "1" {
		t.Fatal(ended, err)
	}
}

var logoutEvent = map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
