package oidc

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	goidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Ask is what is asked of the provider beyond a plain sign-in.
type Ask struct {
	ACR    []string      `json:"acr,omitempty"`     // one of these levels, best first (acr_values); Finish refuses any other
	Again  bool          `json:"again,omitempty"`   // the person proves themselves now, whatever session the provider has
	MaxAge time.Duration `json:"max_age,omitempty"` // they have done so at most this long ago; 0: any time
	Lang   string        `json:"-"`                 // fi, sv or en: the language of the provider's page, if it has it
	Hint   string        `json:"-"`                 // login_hint: the user name that is expected; may be empty
}

// Pending is a sign-in under way. It is kept on the server (or sealed) under a cookie of the browser that began it,
// for some minutes, and used once: it binds the answer to that browser.
type Pending struct {
	State    string `json:"state"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
	Ask      Ask    `json:"ask"`
	Begun    int64  `json:"begun"` // seconds since 1970
}

// Start gives the address to send the browser to, and what to keep until it comes back. Unavailable when the provider
// does not answer.
func (p *Provider) Start(ctx context.Context, ask Ask) (address string, pending Pending, err error) {
	found, err := p.provider(ctx)
	if err != nil {
		return "", Pending{}, err
	}
	pending = Pending{State: random(), Nonce: random(), Verifier: oauth2.GenerateVerifier(), Ask: ask, Begun: p.Now().Unix()}
	options := []oauth2.AuthCodeOption{goidc.Nonce(pending.Nonce), oauth2.S256ChallengeOption(pending.Verifier)}
	add := func(name, value string) { options = append(options, oauth2.SetAuthURLParam(name, value)) }
	if len(ask.ACR) > 0 {
		add("acr_values", strings.Join(ask.ACR, " "))
	}
	switch {
	case ask.Again:
		add("prompt", "login")
		add("max_age", "0")
	case ask.MaxAge > 0:
		add("max_age", strconv.Itoa(int(ask.MaxAge/time.Second)))
	}
	if ask.Lang != "" {
		add("ui_locales", ask.Lang)
	}
	if ask.Hint != "" {
		add("login_hint", ask.Hint)
	}
	return p.oauth(found).AuthCodeURL(pending.State, options...), pending, nil
}

// random gives 32 random bytes as text.
func random() string {
	raw := make([]byte, 32)
	rand.Read(raw) // never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(raw)
}
