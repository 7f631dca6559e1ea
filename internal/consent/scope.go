// Package consent owns what may cross the wall between two registers: consents and permits of the client, statutes named
// by section, blocks; and the crossing itself, which always leaves a row in the disclosure log (703/2023 s. 10, 48, 53–59;
// youth act 1285/2016 s. 11–12). Nothing of another register is read anywhere else.
package consent

import (
	"slices"
	"strings"

	"polku/internal/fault"
)

// Scope is a kind of data that a consent names.
type Scope string

// The scopes, from the least to the most.
const (
	Contact    Scope = "contact"    // that the service has the client; name, phone, e-mail
	Worker     Scope = "worker"     // service, responsible worker
	NextStep   Scope = "next_step"  // what is agreed next, and when
	Attendance Scope = "attendance" // days of attendance and absence of the last three months
	Plan       Scope = "plan"       // plans as agreed
	Notes      Scope = "notes"      // contacts and notes of the last three months
)

// Scopes in the order they are offered.
var Scopes = []Scope{Contact, Worker, NextStep, Attendance, Plan, Notes}

// parse reads scopes parted by commas, in the order of Scopes; unknown words are refused.
func parse(words []string) ([]Scope, error) {
	var out []Scope
	for _, w := range words {
		if !slices.Contains(Scopes, Scope(w)) {
			return nil, fault.Fields(map[string]string{"scope": "consent.no_scope"})
		}
	}
	for _, s := range Scopes {
		if slices.Contains(words, string(s)) {
			out = append(out, s)
		}
	}
	if len(out) == 0 {
		return nil, fault.Fields(map[string]string{"scope": "consent.no_scope"})
	}
	return out, nil
}

// text parts scopes by commas, as tables have them.
func text(scopes []Scope) string {
	words := make([]string, len(scopes))
	for i, s := range scopes {
		words[i] = string(s)
	}
	return strings.Join(words, ",")
}

// within tells whether all of asked are among given.
func within(asked, given []Scope) bool {
	for _, s := range asked {
		if !slices.Contains(given, s) {
			return false
		}
	}
	return true
}

// split reads what text wrote.
func split(kept string) []Scope {
	var out []Scope
	for w := range strings.SplitSeq(kept, ",") {
		if w != "" {
			out = append(out, Scope(w))
		}
	}
	return out
}
