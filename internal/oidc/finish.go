package oidc

import (
	"cmp"
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"time"

	goidc "github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"polku/internal/fault"
)

// Identity is who the provider says somebody is. Issuer and Subject together name a person for good; the rest may
// change, and a user name may one day belong to somebody else.
type Identity struct {
	Issuer, Subject string
	Session         string // sid: the provider's session, for logout; may be empty
	Username        string // of the configured claim; may be empty
	Name, Email     string
	EmailVerified   bool
	Groups          []string // nil: the provider said nothing about groups, not even that there are none
	ACR             string
	AMR             []string
	Level           Level     // assurance of the person's identity, by ACR
	MFA             bool      // two factors, as Config.MFA defines
	At              time.Time // when they proved themselves; zero: not told

	Claims  map[string]any // all claims of the ID token, and of userinfo where the token has none
	IDToken string         // as sent, for LogoutURL
}

// skew is how far the provider's clock may differ from ours.
const skew = 2 * time.Minute

// Finish reads the query that the browser came back with. Faults: Invalid oidc.stale (not begun here, or too long ago:
// begin again), Denied oidc.refused (the person or the provider said no), Denied oidc.level (less than was asked for),
// Denied oidc.bad (a forged or foreign answer), Unavailable oidc.unreachable.
func (p *Provider) Finish(ctx context.Context, pending Pending, query url.Values) (Identity, error) {
	if pending.State == "" || subtle.ConstantTimeCompare([]byte(pending.State), []byte(query.Get("state"))) != 1 {
		return Identity{}, fault.E(fault.Invalid, "oidc.stale", nil)
	}
	if iss := query.Get("iss"); iss != "" && iss != p.Issuer { // RFC 9207: another provider's answer
		return Identity{}, fault.E(fault.Denied, "oidc.bad", nil)
	}
	if query.Get("error") != "" || query.Get("code") == "" {
		return Identity{}, fault.E(fault.Denied, "oidc.refused", nil)
	}
	found, err := p.provider(ctx)
	if err != nil {
		return Identity{}, err
	}
	ctx = p.withClient(ctx)
	token, err := p.oauth(found).Exchange(ctx, query.Get("code"), oauth2.VerifierOption(pending.Verifier))
	if err != nil {
		return Identity{}, exchangeFault(err)
	}
	raw, _ := token.Extra("id_token").(string)
	id, err := p.verifier(found).Verify(ctx, raw)
	if err != nil {
		return Identity{}, &fault.Error{Kind: fault.Denied, Key: "oidc.bad", Cause: err}
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(pending.Nonce)) != 1 {
		return Identity{}, fault.E(fault.Denied, "oidc.bad", nil)
	}
	if id.AccessTokenHash != "" && id.VerifyAccessToken(token.AccessToken) != nil {
		return Identity{}, fault.E(fault.Denied, "oidc.bad", nil)
	}
	who := Identity{IDToken: raw, Issuer: id.Issuer, Subject: id.Subject}
	if err := id.Claims(&who.Claims); err != nil {
		return Identity{}, fault.E(fault.Denied, "oidc.bad", nil)
	}
	if err := p.addUserInfo(ctx, found, token, &who); err != nil {
		return Identity{}, err
	}
	p.read(&who)
	if !p.enough(who, pending) {
		return Identity{}, fault.E(fault.Denied, "oidc.level", nil)
	}
	return who, nil
}

// exchangeFault keeps the provider's code of the error and leaves out its words, which may name somebody.
func exchangeFault(err error) error {
	var said *oauth2.RetrieveError
	if errors.As(err, &said) {
		if said.ErrorCode == "invalid_grant" {
			return fault.E(fault.Invalid, "oidc.stale", nil) // the code was used before, or is too old
		}
		return &fault.Error{Kind: fault.Unavailable, Key: "oidc.exchange", Cause: errors.New(cmp.Or(said.ErrorCode, said.Response.Status))}
	}
	return &fault.Error{Kind: fault.Unavailable, Key: "oidc.unreachable", Cause: err}
}

// addUserInfo asks for what the token does not say. The signed token wins where both speak.
func (p *Provider) addUserInfo(ctx context.Context, found *goidc.Provider, token *oauth2.Token, who *Identity) error {
	if found.UserInfoEndpoint() == "" || lookup(who.Claims, p.Groups) != nil && lookup(who.Claims, p.Username) != nil {
		return nil
	}
	info, err := found.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return &fault.Error{Kind: fault.Unavailable, Key: "oidc.unreachable", Cause: errors.New("userinfo")}
	}
	if info.Subject != who.Subject { // Core 5.3.2: somebody else's claims must not be used
		return fault.E(fault.Denied, "oidc.bad", nil)
	}
	var more map[string]any
	if err := info.Claims(&more); err != nil {
		return fault.E(fault.Denied, "oidc.bad", nil)
	}
	for name, value := range more {
		if _, signed := who.Claims[name]; !signed && !slices.Contains([]string{"acr", "amr", "auth_time", "sid"}, name) {
			who.Claims[name] = value
		}
	}
	return nil
}

// read fills the fields from the claims.
func (p *Provider) read(who *Identity) {
	who.Session = text(who.Claims["sid"])
	who.Username = strings.TrimSpace(text(lookup(who.Claims, p.Username)))
	who.Name, who.Email = text(who.Claims["name"]), text(who.Claims["email"])
	switch v := who.Claims["email_verified"].(type) {
	case bool:
		who.EmailVerified = v
	case string: // some providers send a word
		who.EmailVerified = v == "true"
	}
	who.Groups = texts(lookup(who.Claims, p.Groups))
	who.ACR, who.AMR = text(who.Claims["acr"]), texts(who.Claims["amr"])
	who.Level = p.level(who.ACR)
	who.MFA = p.mfa(*who)
	if at, ok := who.Claims["auth_time"].(float64); ok {
		who.At = time.Unix(int64(at), 0)
	}
}

// enough tells whether the answer gives what was asked for.
func (p *Provider) enough(who Identity, pending Pending) bool {
	ask, begun := pending.Ask, time.Unix(pending.Begun, 0)
	switch {
	case len(ask.ACR) > 0 && !slices.Contains(ask.ACR, who.ACR):
		return false
	case ask.Again:
		return !who.At.IsZero() && !who.At.Before(begun.Add(-skew))
	case ask.MaxAge > 0:
		return !who.At.IsZero() && !who.At.Before(p.Now().Add(-ask.MaxAge-skew))
	}
	return true
}

// lookup gives a claim, going into objects at points; nil when it is not there. A claim whose name has points itself
// (a URL) is found as it stands.
func lookup(claims map[string]any, name string) any {
	if v, there := claims[name]; there {
		return v
	}
	head, rest, more := strings.Cut(name, ".")
	if inner, is := claims[head].(map[string]any); more && is {
		return lookup(inner, rest)
	}
	return nil
}

func text(v any) string { s, _ := v.(string); return s }

// texts reads a list of texts, or one text with the separators that providers use; nil when there is none.
func texts(v any) []string {
	switch v := v.(type) {
	case []any:
		all := []string{}
		for _, x := range v {
			switch x := x.(type) {
			case string:
				all = append(all, x)
			case json.Number:
				all = append(all, x.String())
			}
		}
		return all
	case string:
		return strings.FieldsFunc(v, func(r rune) bool { return r == ';' || r == ',' || r == ' ' })
	}
	return nil
}
