// Package retention is the process of keeping no longer than the law allows: it knows which document class each table
// belongs to, lists what has fallen due, and destroys it with a proof that stays. Nothing is destroyed without an
// approval of two people (package approval), under a legal hold, or while processing is restricted.
package retention

import (
	"polku/internal/civil"
	"polku/internal/ruleset"
)

// Class of documents, with a retention of its own.
type Class string

// The classes.
const (
	Matter   Class = "matter"   // what happened: journal, paths, tasks, people beside the client, what lists brought in
	Identity Class = "identity" // customership and basic data: name, identity code, contact data
	Permit   Class = "permit"   // consents, permits and bans, once the basic data are gone
	Referral Class = "referral" // a referral that ended without a client: Item.Client is then the referral's id
	Logs     Class = "logs"     // who used and received what: by age, not by client
)

// Pack is the rule pack of the figures.
const Pack = "retention"

// kinds says how long the matters of each kind of register are kept. With it goes whether the basic data are kept apart
// (703/2023: until two years after death) or go with the matter. A kind that is not here never falls due: Plan names it.
var kinds = map[string]struct {
	figure string
	apart  bool
}{
	"work-activity-register":         {"matter_work_activity", true},
	"social-rehabilitation-register": {"matter_social_rehabilitation", true},
	"outreach-register":              {"matter_outreach", false},
	"workshop-register":              {"matter_workshop", false},
	"employment-services":            {"matter_employment_services", false},
	"employment-project":             {"matter_employment_project", false},
}

// Known tells whether a kind of register has a retention rule.
func Known(kind string) bool { _, known := kinds[kind]; return known }

// RuleOf gives how long the matters of a kind of register are kept, as of a day; false when it is not known.
func RuleOf(rules *ruleset.Set, kind string, day civil.Date) (ruleset.Figure, bool) {
	return rules.Figure(Pack, kinds[kind].figure, day)
}

// rule is a figure that holds today, with words for the proof.
type rule struct {
	ruleset.Figure
	text string
}

// ruleOn gives the figure that holds on a day; false when none is known for it.
func ruleOn(rules *ruleset.Set, figure string, day civil.Date) (rule, bool) {
	f, known := rules.Figure(Pack, figure, day)
	if !known {
		return rule{}, false
	}
	return rule{f, figure + ", " + rules.Pack(Pack).On(day).ID + ": " + f.Source}, true
}

// from gives the day on which something falls due that began to run on a day.
func (r rule) from(day civil.Date) civil.Date {
	n := int(r.Value)
	switch r.Unit {
	case "years":
		return day.AddMonths(12 * n)
	case "months":
		return day.AddMonths(n)
	}
	return day + civil.Date(n)
}

// table says to which class the rows of a client in a table belong.
type table struct {
	name  string
	class Class
}

// tables are emptied of a client when the class falls due, in this order. A test compares them with the schema: a new
// table with clients in it fails until somebody has decided.
var tables = []table{
	{"referral_trail", Matter}, {"invitation_slot", Matter}, {"invitation", Matter}, {"referral", Matter}, // first: found by way of each other
	{"standing", Matter}, {"task", Matter}, {"relation", Matter}, {"handoff", Matter},
	{"client_care", Matter}, {"ticket", Matter}, {"passage", Matter}, {"close_person", Matter}, {"name_alias", Matter}, {"file", Matter}, {"import_fill", Matter}, {"restriction", Matter}, {"petition", Matter},
	{"portal_draft", Matter}, {"portal_session", Matter}, {"portal_device", Matter}, {"portal_passkey", Matter}, {"portal_link", Matter}, {"portal_access", Matter}, {"path", Matter},
	{"plan_draft", Matter},
	{"work_extract", Matter},
	{"transfer_row", Matter},
	{"meeting_wish", Matter}, {"leave_meeting", Matter},
	{"client_key", Identity}, {"client", Identity},
	{"consent", Permit},
}

// kept are tables with clients in them that no class of a client empties, each with the reason.
var kept = map[string]string{
	"entry":          "emptied by journal.Erase, with the class matter",
	"chain":          "the head of the chain: a hash from which nothing can be read",
	"chain_seal":     "signatures over heads",
	"erased_entry":   "what stays of destroyed entries",
	"erasure":        "the proof itself",
	"legal_hold":     "emptied with the class matter, but for who and when",
	"command_log":    "class logs, by age",
	"disclosure_log": "class logs, by age",
	"emergency":      "class logs, by age; the reason that somebody wrote goes with the matter",
	"use_log":        "class logs, by age",
	"use_log_client": "class logs, by age",
	"unusual_read":   "class logs, by age",
}
