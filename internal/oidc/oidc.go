// Package oidc is the adapter of OpenID Connect: it sends a browser to an identity provider and reads what comes
// back (authorization code flow with PKCE, state and nonce; OpenID Connect Core 1.0, RFC 7636, RFC 9207). It keeps
// nothing and decides nothing: who somebody is here, and what they may do, is for its callers.
//
//	p, err := oidc.New(oidc.Config{Issuer: "https://id.kunta.fi", ClientID: "polku", Secret: secret, Redirect: base + "/sign-in/oidc/back"})
//	address, pending, err := p.Start(ctx, oidc.Ask{})      // keep pending on the server, send the browser to address
//	who, err := p.Finish(ctx, pending, request.URL.Query()) // once; then drop pending
//
// Step-up is a second Start with an Ask that says more: which level (ACR) and how fresh (Again, MaxAge).
package oidc

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	goidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"polku/internal/fault"
)

// Config of one provider, as the organisation's administrator gives it.
type Config struct {
	Issuer   string   // https://…; plain http only on this machine
	ClientID string   // what the provider calls Polku
	Secret   string   // client secret; empty: a public client, PKCE alone
	Redirect string   // address of ours that the browser comes back to, whole
	Scopes   []string // besides openid; empty: profile and email
	Groups   string   // claim that lists groups or roles; empty: groups. A path with points goes into objects: realm_access.roles
	Username string   // claim that a user name is read from; empty: preferred_username
	Label    string   // what people call the provider, on the button

	// MFA are the values of acr or amr that prove two factors. Empty: amr mfa, or an assurance of substantial or
	// high. The one value "always" trusts the provider to ask for two factors whatever it says.
	MFA []string
	// Levels tells the assurance of acr values that Assurance does not know.
	Levels map[string]Level

	Client *http.Client     // nil: one with a time limit of its own
	Now    func() time.Time // nil: time.Now
}

// patience is how long the provider may take to answer.
const patience = 10 * time.Second

// Provider is one identity provider. Safe for many goroutines.
type Provider struct {
	Config

	mu    sync.Mutex
	found *goidc.Provider // nil until discovery has succeeded
	end   string          // end_session_endpoint; may be empty
}

// New checks a configuration. It does not ask the provider anything: the program starts while the provider is down.
func New(c Config) (*Provider, error) {
	issuer, err := url.Parse(c.Issuer)
	if err != nil || issuer.Host == "" || issuer.Scheme != "https" && !(issuer.Scheme == "http" && local(issuer.Hostname())) {
		return nil, fault.E(fault.Invalid, "oidc.bad_issuer", fault.Args{"issuer": c.Issuer})
	}
	if c.ClientID == "" {
		return nil, fault.E(fault.Invalid, "oidc.no_client", nil)
	}
	if c.Client == nil {
		c.Client = &http.Client{Timeout: patience}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if len(c.Scopes) == 0 {
		c.Scopes = []string{"profile", "email"}
	}
	if c.Groups == "" {
		c.Groups = "groups"
	}
	if c.Username == "" {
		c.Username = "preferred_username"
	}
	return &Provider{Config: c}, nil
}

func local(host string) bool { return slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, host) }

// provider gives what the provider says of itself, asked once; a failure is asked again the next time.
func (p *Provider) provider(ctx context.Context) (*goidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.found != nil {
		return p.found, nil
	}
	// Not the request's context: what is found outlives the request, and so do its keys.
	ctx, cancel := context.WithTimeout(goidc.ClientContext(context.WithoutCancel(ctx), p.Client), patience)
	defer cancel()
	found, err := goidc.NewProvider(ctx, p.Issuer)
	if err != nil {
		return nil, &fault.Error{Kind: fault.Unavailable, Key: "oidc.unreachable", Cause: err}
	}
	var more struct {
		End string `json:"end_session_endpoint"`
	}
	if err := found.Claims(&more); err != nil {
		return nil, &fault.Error{Kind: fault.Unavailable, Key: "oidc.unreachable", Cause: err}
	}
	p.found, p.end = found, more.End
	return found, nil
}

// oauth is the client towards a provider that has been found.
func (p *Provider) oauth(found *goidc.Provider) *oauth2.Config {
	return &oauth2.Config{ClientID: p.ClientID, ClientSecret: p.Secret, RedirectURL: p.Redirect, Endpoint: found.Endpoint(),
		Scopes: append([]string{goidc.ScopeOpenID}, p.Scopes...)}
}

func (p *Provider) verifier(found *goidc.Provider) *goidc.IDTokenVerifier {
	return found.Verifier(&goidc.Config{ClientID: p.ClientID, Now: p.Now})
}

// withClient makes the library use our client, with its time limit.
func (p *Provider) withClient(ctx context.Context) context.Context {
	return goidc.ClientContext(ctx, p.Client)
}
