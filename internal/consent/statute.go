package consent

import "slices"

// Outreach is the kind of register of outreach youth work: closed to everyone else without the young person's consent
// (1285/2016 s. 12).
const Outreach = "outreach-register"

// Statute lets data cross a wall without the client's consent. Its words are in the catalogue under statute.ID.
type Statute struct {
	ID      string   // of the law and its section, e.g. "1285-2016-11"
	Section string   // as it stands in the disclosure log
	From    []string // kinds of register that it opens; empty: all but outreach youth work
	Scopes  []Scope  // the most that may be told by it
	Read    bool     // the section was read at its source (doc/glossary.md names it); false: still to be verified
}

// Statutes in the order they are offered. What may be told by them is the least that they speak of; the worker weighs
// what is necessary. From outreach youth work nothing leaves by them.
var Statutes = []Statute{
	{ID: "youth-report", Section: "1285/2016 11 §", Scopes: []Scope{Contact}, Read: true},
	{ID: "multi-agency", Section: "381/2023 12 §", From: []string{"employment-services", "work-activity-register", "social-rehabilitation-register"},
		Scopes: []Scope{Contact, Worker, NextStep, Attendance, Plan}, Read: true},
	{ID: "activation-plan", Section: "189/2001 12 §", From: []string{"employment-services", "work-activity-register"},
		Scopes: []Scope{Contact, Worker, NextStep, Plan}, Read: true},
	{ID: "joint-work", Section: "703/2023 48 §", From: []string{"work-activity-register", "social-rehabilitation-register"},
		Scopes: []Scope{Contact, Worker, NextStep}, Read: true},
	{ID: "child-welfare", Section: "417/2007 25 §", From: anyRegister, Scopes: Scopes, Read: false},
}

// anyRegister marks the one statute that reaches outreach youth work too: a child in need of protection.
var anyRegister = []string{"*"}

// Opens tells whether the statute lets data of such a register go.
func (s Statute) Opens(kind string) bool {
	switch {
	case slices.Equal(s.From, anyRegister):
		return true
	case kind == Outreach:
		return false
	}
	return len(s.From) == 0 || slices.Contains(s.From, kind)
}

// StatutesOf gives the statutes that open a kind of register.
func StatutesOf(kind string) []Statute {
	var out []Statute
	for _, s := range Statutes {
		if s.Opens(kind) {
			out = append(out, s)
		}
	}
	return out
}

// StatuteTells tells whether data of a scope may be told by a statute; false for an id that is none.
func StatuteTells(id string, scope Scope) bool {
	s := statute(id)
	return s != nil && slices.Contains(s.Scopes, scope)
}
