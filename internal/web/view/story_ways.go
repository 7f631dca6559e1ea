package view

import (
	"polku/internal/i18n"
)

// wayStories are the views of signing in, devices, resets and groups.
func wayStories() []Story {
	sessions := []SessionLine{{ID: "s1", Device: "Firefox, Windows", Means: "pääsyavain", Place: "sisäverkko", Begun: "tänään klo 8.02", Seen: "tänään klo 8.50", Here: true},
		{ID: "s2", Device: "Chrome, Android", Means: "salasana", Place: "203.0.113.x", Begun: "eilen klo 16.20", Seen: "eilen klo 16.45"}}
	full := func(l i18n.Lang) Ways {
		return Ways{Shell: storyShell(l, NavMore), Proved: true, Device: "Firefox, Windows", TOTP: true, Recovery: 8, Password: true, Sessions: sessions,
			Passkeys: []PasskeyLine{{ID: "k1", Name: "Työpuhelin", Made: "12.1.2026", Used: "tänään klo 8.02"}, {ID: "k2", Name: "Turva-avain kassakaapissa", Made: "12.1.2026"}}}
	}
	return []Story{
		{"ways", []State{
			{"full", func(l i18n.Lang) Page { return full(l) }},
			{"empty", func(l i18n.Lang) Page {
				return Ways{Shell: storyShell(l, NavMore), Proved: true, MustSetUp: true, Device: "Firefox, Windows", Password: true, Sessions: sessions[:1]}
			}},
			{"codes", func(l i18n.Lang) Page {
				p := full(l)
				p.Codes = []string{"6jag-nyxa-gn7r-z4sx", "fw6c-xreq-0tsa-xn45", "md03-bcct-4sbk-p54v"}
				return p
			}},
			{"old-proof", func(l i18n.Lang) Page { p := full(l); p.Proved = false; return p }},
			{"error", func(l i18n.Lang) Page {
				p := full(l)
				p.TOTP, p.Trying, p.Errors = false, true, Errors{{"code", l.T("login.code_not_right")}}
				return p
			}},
		}},
		{"second-step", []State{
			{"empty", func(l i18n.Lang) Page { return SecondStep{Shell: outside(l), Passkeys: true} }},
			{"error", func(l i18n.Lang) Page {
				return SecondStep{Shell: outside(l), Passkeys: true, Errors: Errors{{"", l.T("login.code_not_right")}}}
			}},
		}},
		{"reset", []State{
			{"empty", func(l i18n.Lang) Page { return ResetPage{Shell: outside(l)} }},
			{"error", func(l i18n.Lang) Page {
				return ResetPage{Shell: outside(l), Code: "wdj5-vv1n", Errors: Errors{{"code", l.T("reset.unknown")}}}
			}},
		}},
		{"resets", []State{
			{"empty", func(l i18n.Lang) Page { return Resets{Shell: storyShell(l, NavMore)} }},
			{"full", func(l i18n.Lang) Page {
				p := Resets{Shell: storyShell(l, NavMore), Lines: []ResetLine{
					{ID: "r1", Worker: "Anna Laine", By: "Mikko Harju", Made: "tänään klo 8.10", From: "huomenna klo 8.10", Until: "huomenna klo 16.10", Second: "delay", Mine: true},
					{ID: "r2", Worker: "Sari Koski", By: "Mikko Harju", Made: "tänään klo 8.12", Until: "huomenna klo 8.12", Second: "asked", MayAgree: true}}}
				p.Reset = true
				return p
			}},
		}},
		{"groups", []State{
			{"empty", func(l i18n.Lang) Page { return Groups{Shell: storyShell(l, NavMore), Second: true} }},
			{"full", func(l i18n.Lang) Page {
				return Groups{Shell: storyShell(l, NavMore), Second: true, Provider: "Kunnan kirjautuminen", Issuer: "https://sso.kunta.example", Claim: "groups",
					Roles: []Option{{Value: "worker", Text: l.T("user_role.worker")}}, Units: []Option{{Value: "u", Text: "Koivulan työpaja"}}, Registers: []Option{{Value: "r", Text: "Kuntouttava työtoiminta"}},
					Lines: []GroupLine{{"g1", "polku-ohjaajat", l.T("user_role.instructor"), "Koivulan työpaja · Kuntouttava työtoiminta"}, {"g2", "polku-admin", l.T("user_role.admin"), ""}}}
			}},
			{"error", func(l i18n.Lang) Page {
				return Groups{Shell: storyShell(l, NavMore), Errors: Errors{{"group", l.T("groups.no_group")}}}
			}},
		}},
		{"sign-in-ways", []State{
			{"provider", func(l i18n.Lang) Page { return SignIn{Shell: outside(l), Provider: "Kunnan kirjautuminen"} }},
			{"prove", func(l i18n.Lang) Page {
				return SignIn{Shell: outside(l), Provider: "Kunnan kirjautuminen", Prove: true}
			}},
		}},
	}
}
