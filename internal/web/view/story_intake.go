package view

import (
	"polku/internal/i18n"
)

// intakeStories are the views of people who wait, of partners who send, and of the public pages.
func intakeStories() []Story {
	rows := func(l i18n.Lang) []QueueRow {
		return []QueueRow{
			{ID: "r1", Name: "Tero Kallio", Service: "Koivulan työpaja", From: "Testilän lukio", Why: l.T("queue.why.lifted") + " · " + l.N("queue.why.days", 30), Step: l.T("queue.step.contacted"), By: storyDay + 4, Owner: "Anna Laine", PhoneTel: "+358400001234"},
			{ID: "r2", Name: "Paula Väisänen", Service: "Koivulan työpaja", From: "TE-toimisto", Why: l.T("queue.why.broken", "day", "ma 16.2."), Step: l.T("queue.step.waiting"), By: storyDay - 7, Owner: "Anna Laine", Free: true, PhoneTel: "+358400001235"},
			{ID: "r3", Name: "Sonja Kananen", Service: "Koivulan työpaja", From: "TE-toimisto", Why: l.N("queue.why.calls", 2), Step: l.T("queue.step.meeting"), By: storyDay + 1, Owner: "Anna Laine", Tag: l.T("invite.tag.open")},
		}
	}
	filter := Filter{Who: []Option{{Value: "all", Text: "Kaikki", On: true}, {Value: "mine", Text: "Minun"}}, Signal: []Option{{Text: "Kaikki", On: true}, {Value: "ended", Text: "Päättyneet"}}}
	one := func(l i18n.Lang) ReferralPage {
		return ReferralPage{Shell: storyShell(l, NavMore), ID: "r1", Name: "Tero Kallio", Service: "Koivulan työpaja", From: "Testilän lukio", State: "waiting",
			StateText: l.T("refer.state.waiting"), Owner: "Anna Laine", Free: true, ArrivedOn: storyDay - 8, PromisedOn: storyDay - 1, Late: true, Phone: "040 000 1234", PhoneTel: "+358400001234",
			Facts: []Fact{{l.T("who.phone"), "040 000 1234"}, {l.T("edit.municipality"), "Kuusamo"}}, Rule: &Eligibility{"ask", []string{"Ei tiedetä: aiempi palvelu."}},
			Duplicates: []Hit{{Client: "c1", Name: "Tero Kallio", Year: 1989, Service: "Koivulan työpaja"}}, Others: []AlikeReferral{{ID: "r9", Name: "Tero Kallio", Service: "Ryhmä", Arrived: storyDay - 3}},
			Invite: l.T("invite.tag.none_fits"), InviteID: "i1", Next: "2026-03-05", Trail: []TrailLine{{"1.3.2026 9.00", "Anna Laine", l.T("trail.taken"), ""}, {"28.2.2026 9.00", "Polku", l.T("trail.arrived", "detail", "Oppilaitos"), "Kiire."}},
			Owners: []Option{{Value: "u1", Text: "Anna Laine", On: true}}, Reasons: []Option{{Value: "full", Text: l.T("refer.reason.full")}}}
	}
	form := func(l i18n.Lang) ReferralForm {
		return ReferralForm{Shell: storyShell(l, NavMore), ID: "r1", Promised: storyDay + 7, Languages: []Option{{Value: "fi", Text: "suomi", On: true}},
			Services: []Option{{Value: "s1", Text: "Koivulan työpaja", On: true}, {Value: "s2", Text: "Ryhmä"}}, Sources: []Option{{Value: "school", Text: "Oppilaitos"}},
			Asks: []AskedField{{Field: Field{Name: "answer_wishes", Label: "Omat toiveet", Rows: 3}}, {Field: Field{Name: "answer_reason", Label: "Syy"}, Options: []Option{{Text: l.T("refer.not_told"), On: true}}},
				{Field: Field{Name: "answer_consents", Label: l.T("refer.ask.consents")}, Check: true}}}
	}
	join := func(l i18n.Lang) JoinPage {
		return JoinPage{Shell: outside(l), Service: "s1", Unit: "Koivulan talo", ID: "x", Made: "y", Promised: storyDay + 5}
	}
	meet := func(l i18n.Lang) MeetPage {
		return MeetPage{Shell: outside(l), Token: "t", Worker: "Anna Laine", Unit: "Koivulan talo", Form: l.T("meet.form.meeting"), Place: "Koivutie 2", Minutes: 60, Until: storyDay + 3,
			Days: []MeetDay{{"ke 4.3.", []Option{{Value: "1.540", Text: "9.00"}, {Value: "1.600", Text: "10.00"}}}}}
	}
	return []Story{
		{"queue", []State{
			{"empty", func(l i18n.Lang) Page { return Queue{Shell: storyShell(l, NavMore), Filter: filter} }},
			{"full", func(l i18n.Lang) Page {
				return Queue{Shell: storyShell(l, NavMore), Filter: filter, Rows: rows(l), Waiting: 1, Contacted: 2, Broken: 1, Next: "/queue?after=1", Unanswered: []UnansweredInvite{{"c1", "Veikko Vuori", storyDay + 1}}}
			}},
		}},
		{"referral", []State{
			{"full", func(l i18n.Lang) Page { return one(l) }},
			{"joined", func(l i18n.Lang) Page {
				p := one(l)
				p.Duplicates, p.Joined, p.HasPath, p.Lifted = nil, &Hit{Client: "c1", Name: "Tero Kallio"}, true, true
				return p
			}},
			{"ended", func(l i18n.Lang) Page {
				p := one(l)
				p.State, p.Outcome, p.OutcomeText, p.Ended, p.Duplicates = "declined", l.T("refer.state.declined"), "Ryhmä on täynnä.", storyDay, nil
				return p
			}},
			{"error", func(l i18n.Lang) Page {
				p := one(l)
				p.Errors = Errors{{"next", l.T("refer.no_next")}, {"why", l.T("refer.why")}, {"reason", l.T("refer.no_reason")}}
				return p
			}},
		}},
		{"referral-form", []State{
			{"empty", func(l i18n.Lang) Page { return form(l) }},
			{"partner", func(l i18n.Lang) Page {
				p := form(l)
				p.Shell, p.Token, p.To, p.Unit = outside(l), "t", "Testilän lukio", "Koivulan talo"
				return p
			}},
			{"error", func(l i18n.Lang) Page { p := form(l); p.Errors = Errors{{"last", l.T("client.no_name")}}; return p }},
		}},
		{"referral-sent", []State{
			{"full", func(l i18n.Lang) Page {
				return ReferralSent{Shell: storyShell(l, NavMore), ID: "r1", Code: "6jag-nyxa-gn7r-z4sx", Promised: storyDay + 5}
			}},
			{"again", func(l i18n.Lang) Page { return ReferralSent{Shell: outside(l), Promised: storyDay + 5} }},
		}},
		{"referral-answer", []State{
			{"empty", func(l i18n.Lang) Page { return ReferralAnswer{Shell: outside(l)} }},
			{"full", func(l i18n.Lang) Page {
				return ReferralAnswer{Shell: outside(l), Known: true, Unit: "Koivulan talo", Outcome: l.T("refer.state.started"), Lines: []TrailLine{{When: "1.3.2026", What: l.T("answer.arrived")}}}
			}},
			{"error", func(l i18n.Lang) Page {
				return ReferralAnswer{Shell: outside(l), Code: "xx", Errors: Errors{{"code", l.T("refer.wrong_code")}}}
			}},
		}},
		{"sender-links", []State{
			{"full", func(l i18n.Lang) Page {
				return SenderLinks{Shell: storyShell(l, NavMore), Public: []Fact{{"Koivulan työpaja", "https://polku.example/join/s1"}}, Services: []Option{{Value: "s1", Text: "Koivulan työpaja"}},
					Sources: []Option{{Value: "school", Text: "Oppilaitos"}}, Links: []SenderLink{{ID: "l1", Organisation: "Testilän lukio", Service: "Koivulan työpaja", Source: "Oppilaitos", Made: "1.3.2026", By: "Anna Laine", Used: l.N("links.used", 2)},
						{ID: "l2", Organisation: "TE-toimisto", Service: "Koivulan työpaja", Made: "1.2.2026", By: "Anna Laine", Used: l.N("links.used", 0), Ended: true}}}
			}},
			{"made", func(l i18n.Lang) Page {
				return SecretLink{Shell: storyShell(l, NavMore), Title: l.T("links.title"), Lead: l.T("links.hand"), Address: "https://polku.example/send/6jag-nyxa", Code: Code{"M4 4h1v1h-1z", 29}, Notes: []string{l.T("links.note.shown")}, Back: "/queue/links"}
			}},
		}},
		{"referral-start", []State{
			{"full", func(l i18n.Lang) Page {
				return ReferralStart{Shell: storyShell(l, NavMore), ID: "r1", Name: "Tero Kallio", Service: "Koivulan työpaja", Of: []Option{{Value: "u1", Text: "Anna Laine"}}, Phases: []Option{{Value: "a", Text: "Suunta"}, {Value: "b", Text: "Rastit"}},
					Told: "Toiveet: töihin", Meeting: l.T("begin.meeting", "when", "4.3."), Step: StepForm{Suggestions: []string{"Soita"}}}
			}},
			{"error", func(l i18n.Lang) Page {
				e := Errors{{"step_by", l.T("step.no_day")}}
				return ReferralStart{Shell: storyShell(l, NavMore), ID: "r1", Name: "Tero Kallio", Joined: "Tero Kallio", Of: []Option{{Value: "u1", Text: "Anna Laine"}}, Step: StepForm{Errors: e}, Errors: e}
			}},
		}},
		{"invite", []State{
			{"full", func(l i18n.Lang) Page {
				return InviteForm{Shell: storyShell(l, NavMore), Action: "/r/r1/invite", Back: "/r/r1", Name: "Tero Kallio", Workers: []Option{{Value: "u1", Text: "Anna Laine"}}, Forms: []Option{{Value: "meeting", Text: l.T("invite.form.meeting")}},
					Slots: []Option{{Value: "1.540", Text: "ke 4.3. 9.00"}, {Value: "1.600", Text: "ke 4.3. 10.00", On: true}}, Minutes: "60", Until: "2026-03-09", Remind: "2026-03-05"}
			}},
			{"error", func(l i18n.Lang) Page {
				return InviteForm{Shell: storyShell(l, NavMore), Action: "/r/r1/invite", Back: "/r/r1", Name: "Tero Kallio", Workers: []Option{{Value: "u1", Text: "Anna Laine"}}, Forms: []Option{{Value: "meeting", Text: l.T("invite.form.meeting")}},
					Slots: []Option{{Value: "1.540", Text: "ke 4.3. 9.00"}}, Errors: Errors{{"slots", l.T("invite.no_slots")}}}
			}},
		}},
		{"benefit-list", []State{
			{"empty", func(l i18n.Lang) Page {
				return BenefitUpload{Shell: storyShell(l, NavMore), Services: []Option{{Value: "s1", Text: "Koivulan työpaja"}}, Threshold: "60"}
			}},
			{"done", func(l i18n.Lang) Page {
				return BenefitUpload{Shell: storyShell(l, NavMore), Services: []Option{{Value: "s1", Text: "Koivulan työpaja"}}, Threshold: "60", Done: []string{l.N("list.kela_added", 3)}}
			}},
			{"error", func(l i18n.Lang) Page {
				return BenefitUpload{Shell: storyShell(l, NavMore), Services: []Option{{Value: "s1", Text: "Koivulan työpaja"}}, Errors: Errors{{"file", l.T("list.no_file")}}}
			}},
		}},
		{"join", []State{
			{"empty", func(l i18n.Lang) Page { return join(l) }},
			{"sent", func(l i18n.Lang) Page { p := join(l); p.Sent = true; return p }},
			{"error", func(l i18n.Lang) Page {
				p := join(l)
				p.Name, p.Phone, p.Errors = "Tero", "12", Errors{{"phone", l.T("join.bad_phone")}}
				return p
			}},
		}},
		{"meet", []State{
			{"full", func(l i18n.Lang) Page { return meet(l) }},
			{"empty", func(l i18n.Lang) Page { p := meet(l); p.Days = nil; return p }},
			{"chosen", func(l i18n.Lang) Page { p := meet(l); p.Chosen = "4.3.2026 klo 9.00"; return p }},
			{"none", func(l i18n.Lang) Page { p := meet(l); p.None = true; return p }},
			{"error", func(l i18n.Lang) Page { p := meet(l); p.Errors = Errors{{"", l.T("invite.taken")}}; return p }},
		}},
	}
}
