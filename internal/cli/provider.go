package cli

import (
	"net/url"
	"os"
	"strings"

	"polku/internal/fault"
	"polku/internal/login"
	"polku/internal/oidc"
)

// providerFlags say how staff sign in by the organisation's own provider (OpenID Connect). Without an issuer they do not.
type providerFlags struct {
	Issuer     string   `name:"oidc-issuer" env:"POLKU_OIDC_ISSUER" placeholder:"https://..."`
	ClientID   string   `name:"oidc-client" env:"POLKU_OIDC_CLIENT" placeholder:"ID"`
	SecretFile string   `name:"oidc-secret-file" env:"POLKU_OIDC_SECRET_FILE" placeholder:"FILE"`
	Secret     string   `name:"oidc-secret" env:"POLKU_OIDC_SECRET" hidden:""` // from the environment; a flag would show in the list of processes
	Label      string   `name:"oidc-label" env:"POLKU_OIDC_LABEL" placeholder:"NAME"`
	Scopes     []string `name:"oidc-scopes" env:"POLKU_OIDC_SCOPES" placeholder:"profile,email"`
	Groups     string   `name:"oidc-groups" env:"POLKU_OIDC_GROUPS" placeholder:"groups"`
	Username   string   `name:"oidc-username" env:"POLKU_OIDC_USERNAME" placeholder:"preferred_username"`
	Link       string   `name:"oidc-link" env:"POLKU_OIDC_LINK" enum:"username,email,none" default:"username"`
	MFA        []string `name:"oidc-mfa" env:"POLKU_OIDC_MFA" placeholder:"mfa"`
}

// provider makes the provider, nil without an issuer. origin is where people reach us, for the address to come back to.
func (f providerFlags) provider(base *url.URL) (*oidc.Provider, error) {
	if f.Issuer == "" {
		return nil, nil
	}
	if base.Host == "" {
		return nil, fault.E(fault.Invalid, "cli.oidc_base", nil)
	}
	secret := f.Secret
	if f.SecretFile != "" {
		data, err := os.ReadFile(f.SecretFile)
		if err != nil {
			return nil, &fault.Error{Kind: fault.Invalid, Key: "cli.oidc_secret", Args: fault.Args{"file": f.SecretFile}, Cause: err}
		}
		secret = strings.TrimSpace(string(data))
	}
	label := f.Label
	if label == "" {
		issuer, err := url.Parse(f.Issuer)
		if err == nil {
			label = issuer.Hostname()
		}
	}
	return oidc.New(oidc.Config{Issuer: f.Issuer, ClientID: f.ClientID, Secret: secret, Redirect: originOf(base) + strings.TrimSuffix(base.Path, "/") + "/sign-in/provider/back",
		Scopes: f.Scopes, Groups: f.Groups, Username: f.Username, Label: label, MFA: f.MFA})
}

// originOf is scheme, host and port of a base URL; empty when it names no host.
func originOf(base *url.URL) string {
	if base.Host == "" {
		return ""
	}
	return base.Scheme + "://" + base.Host
}

// signIn sets up how staff sign in to a served database.
func (c *ServeCmd) signIn(o *opened, base *url.URL) (*login.Service, error) {
	s := login.New(o.DB, Tenant)
	s.Organisation, s.Keys, s.Book, s.SecondFactor, s.Link = c.Organisation, o.Keys, o.Book, true, login.Link(c.Provider.Link)
	var err error
	s.Provider, err = c.Provider.provider(base)
	return s, err
}
