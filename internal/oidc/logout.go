package oidc

import (
	"context"
	"net/url"
	"time"

	"polku/internal/fault"
)

// LogoutURL is where to send the browser so that the provider's session ends too (RP-Initiated Logout 1.0); empty when
// the provider has no such page. back is an address of ours, registered with the provider.
func (p *Provider) LogoutURL(ctx context.Context, idToken, back string) (string, error) {
	if _, err := p.provider(ctx); err != nil {
		return "", err
	}
	u, err := url.Parse(p.end)
	if p.end == "" || err != nil {
		return "", nil
	}
	q := u.Query()
	q.Set("client_id", p.ClientID)
	q.Set("post_logout_redirect_uri", back)
	if idToken != "" {
		q.Set("id_token_hint", idToken)
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}

// Ended says whose sessions the provider has ended: one session, or all of a person's when Session is empty.
type Ended struct {
	Issuer, Subject, Session string
	Token                    string // jti: a token is heeded once
}

// logoutLife is how old a logout token may be (Back-Channel Logout 1.0 s. 2.6 leaves it to us).
const logoutLife = 10 * time.Minute

// BackChannel checks a logout token that the provider sent by itself. Denied when it is not the provider's.
func (p *Provider) BackChannel(ctx context.Context, token string) (Ended, error) {
	found, err := p.provider(ctx)
	if err != nil {
		return Ended{}, err
	}
	t, err := p.verifier(found).VerifyLogout(p.withClient(ctx), token)
	if err != nil || t.Subject == "" && t.SessionID == "" || t.IssuedAt.Before(p.Now().Add(-logoutLife)) {
		return Ended{}, &fault.Error{Kind: fault.Denied, Key: "oidc.bad", Cause: err}
	}
	return Ended{Issuer: t.Issuer, Subject: t.Subject, Session: t.SessionID, Token: t.TokenID}, nil
}
