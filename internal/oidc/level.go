package oidc

import "slices"

// Level is how sure it is that somebody is who they say (eIDAS regulation 910/2014 article 8).
type Level int

// The levels, rising. A client's own records ask for Substantial (306/2019 s. 6).
const (
	Unknown Level = iota
	Low
	Substantial // korotettu: Finnish bank credentials, mobile certificate
	High        // korkea: identity card with a chip
)

// assurances are the values of acr that are the same everywhere: eIDAS, and the Finnish Trust Network (Traficom 213/2023 S).
var assurances = map[string]Level{
	"http://eidas.europa.eu/LoA/low": Low, "http://eidas.europa.eu/LoA/substantial": Substantial, "http://eidas.europa.eu/LoA/high": High,
	"http://ftn.ficora.fi/2017/loa2": Substantial, "http://ftn.ficora.fi/2017/loa3": High,
	"http://ftn.ficora.fi/2017/loatest2": Unknown, "http://ftn.ficora.fi/2017/loatest3": Unknown,
}

func (p *Provider) level(acr string) Level {
	if l, told := p.Levels[acr]; told {
		return l
	}
	return assurances[acr]
}

// Always as the only value of Config.MFA trusts the provider to ask for two factors.
const Always = "always"

func (p *Provider) mfa(who Identity) bool {
	if len(p.MFA) == 0 {
		return slices.Contains(who.AMR, "mfa") || who.Level >= Substantial // RFC 8176
	}
	if slices.Equal(p.MFA, []string{Always}) {
		return true
	}
	return slices.ContainsFunc(p.MFA, func(v string) bool { return v == who.ACR || slices.Contains(who.AMR, v) })
}
