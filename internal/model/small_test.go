package model

import "strings"

// small is the least sound model, with some lines replaced: the part's name and its new text, "" for the line taken out.
func small(changes map[string]string) string {
	part := func(name, text string) string {
		if changed, ok := changes[name]; ok {
			text = changed
		}
		if text == "" {
			return ""
		}
		return name + ": " + text + "\n"
	}
	indent := func(s string) string {
		if s == "" {
			return ""
		}
		return "  " + strings.ReplaceAll(strings.TrimSuffix(s, "\n"), "\n", "\n  ") + "\n"
	}
	return part("model", "pieni") +
		part("version", "2026-1") +
		part("title", "{fi: Pieni, sv: Liten, en: Small}") +
		part("for", "{fi: Kaikille, sv: För alla, en: For all}") +
		part("register", "employment-project") +
		part("rules", "[holidays-fi]") +
		"entry:\n" +
		indent(part("sources", "[self, social-services]")+part("first_contact_within", "5 working days")+part("eligible_if", "")) +
		"promises:\n" +
		indent(part("next_step", "always")+part("silence", "21 days")+part("handoff", "{answer_within: 7 days, first_contact_within: 14 days}")) +
		part("phases", "[{id: alku, title: {fi: Alku, sv: Början, en: Start}, leads_to: [exit]}]") +
		part("exits", "[{to: withdrew}, {to: died}]") +
		part("staffing", "{meeting: {minutes: 60}, roles: {coach: 1}}") +
		part("words", "") + part("checkpoints", "") + part("reviews", "") + part("extra", "")
}
