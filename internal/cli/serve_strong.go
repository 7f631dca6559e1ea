package cli

import (
	"os"
	"strings"

	"polku/internal/fault"
	"polku/internal/oidc"
	"polku/internal/portal"
)

// StrongFlags name the identity provider that participants identify themselves with. Without it they see what the staff
// have written face to face.
type StrongFlags struct {
	StrongIssuer string   `name:"participant-oidc" env:"POLKU_PARTICIPANT_OIDC" placeholder:"https://..."`
	StrongClient string   `name:"participant-oidc-client" env:"POLKU_PARTICIPANT_OIDC_CLIENT" placeholder:"ID"`
	StrongSecret string   `name:"participant-oidc-secret-file" env:"POLKU_PARTICIPANT_OIDC_SECRET_FILE" placeholder:"FILE"`
	StrongClaim  string   `name:"participant-oidc-claim" env:"POLKU_PARTICIPANT_OIDC_CLAIM" placeholder:"CLAIM"`
	StrongACR    []string `name:"participant-oidc-acr" env:"POLKU_PARTICIPANT_OIDC_ACR" placeholder:"ACR"`
}

// strong gives the identification of participants; nil when none is named. base is the address that people reach the
// program at.
func (f StrongFlags) strong(base string) (*portal.Strong, error) {
	if f.StrongIssuer == "" {
		return nil, nil
	}
	if base == "" {
		return nil, fault.E(fault.Invalid, "cli.strong_base", nil)
	}
	secret := ""
	if f.StrongSecret != "" {
		data, err := os.ReadFile(f.StrongSecret)
		if err != nil {
			return nil, &fault.Error{Kind: fault.Invalid, Key: "cli.strong_secret", Args: fault.Args{"file": f.StrongSecret}, Cause: err}
		}
		secret = strings.TrimSpace(string(data))
	}
	levels := map[string]oidc.Level{}
	for _, acr := range f.StrongACR {
		levels[acr] = oidc.Substantial // the operator says that these are strong enough
	}
	p, err := oidc.New(oidc.Config{Issuer: f.StrongIssuer, ClientID: f.StrongClient, Secret: secret, Redirect: strings.TrimSuffix(base, "/") + "/p/strong/back", Levels: levels})
	if err != nil {
		return nil, err
	}
	return &portal.Strong{Provider: p, ACR: f.StrongACR, Claim: f.StrongClaim}, nil
}
