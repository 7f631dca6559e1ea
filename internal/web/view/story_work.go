package view

import (
	"polku/internal/civil"
	"polku/internal/i18n"
)

// workStories are the pages of rehabilitative work activity, of workers and of the participant.
func workStories() []Story {
	period := WorkPeriod{ID: "p1", State: "going", From: storyDay - 40, To: storyDay + 140, Weeks: []string{"ma, ke, 5 h", "9.3.2026 ma, ke, pe, 4 h"}, Sum: "3 pv ja 12 h", Place: "Paja", Provider: "Paja ry",
		Goal: "Rytmi arkeen", What: "Puutöitä", Agreed: "12.2.2026"}
	ended := period
	ended.State, ended.Ended, ended.Told = "over", "1.3.2026", "Sain töitä"
	warned := []WorkWarning{{"Viikolla 11 päiviä on 5.", "4 päivää sopii.", "189/2001 13b.2 §"}}
	calendar := WorkCalendar{W: 80, H: 140, Words: "2 viikkoa", Names: []WorkMonth{{0, 30, "ma"}}, Months: []WorkMonth{{30, 12, "maalis"}}, Weeks: []WorkWeek{{"10", "9 h", 2, 1, 1, 0}, {"11", "0 min", 2, 0, 0, 1}}}
	for i, class := range []string{"came", "remote", "away", "off", "open", "ahead"} {
		calendar.Cells = append(calendar.Cells, WorkCell{X: 30, Y: 20 + 17*i, Class: class, Today: i == 4})
	}
	choice := []Option{{Value: "a", Text: "Yksi", On: true}, {Value: "b", Text: "Kaksi"}}
	follows := WorkFollows{Lines: []string{"Paikalla: päivä lasketaan."}, Sources: []string{"1290/2002 10 luvun 3 §"}}
	day := func(key civil.Date, state string) WorkDay {
		return WorkDay{Key: key.String(), Name: "ke 18.3.", Agreed: "5 h", State: state, Hours: "5", Reasons: choice, Told: "Kuume", Text: "Puutöitä", Seen: "x", ID: "y", Also: "Ryhmä"}
	}
	who := Identity{ID: "c1", Name: "Aino Virtanen", Service: "Kuntouttava", Worker: "Anna Laine", Work: true}
	full := func(l i18n.Lang) Work {
		s := storyShell(l, NavClients)
		s.Tab = "/work"
		return Work{Shell: s, Who: who, Concerns: true, Now: &period, Earlier: []WorkPeriod{ended}, CanEnd: true, Calendar: calendar, Used: 170, Most: 178, UsedSource: "189/2001 14.1 §", ThisWeek: "2 pv",
			Unmarked: 2, Warnings: warned, Months: choice, Receivers: choice, Given: []WorkGiven{{"helmikuu", "1 päivä korjattu"}}, Insured: "Vakuutus", EndWhys: choice, EndLast: "2026-03-18",
			Incidents: []WorkIncident{{"i1", "läheltä piti", "Hylly kaatui", storyDay - 3, storyDay - 2}}}
	}
	return []Story{
		{"work", []State{
			{"full", func(l i18n.Lang) Page { return full(l) }},
			{"empty", func(l i18n.Lang) Page {
				return Work{Shell: storyShell(l, NavClients), Who: who, Concerns: true, Unknown: l.T("workactivity.unknown", "day", l.Day(storyDay)), Insured: "–"}
			}},
			{"not-here", func(l i18n.Lang) Page { return Work{Shell: storyShell(l, NavClients), Who: who} }},
			{"error", func(l i18n.Lang) Page {
				p := full(l)
				p.Ending, p.Errors, p.Used = true, Errors{{"why", l.T("workactivity.no_why")}}, 178
				return p
			}},
		}},
		{"work-form", []State{
			{"empty", func(l i18n.Lang) Page {
				return WorkForm{Shell: storyShell(l, NavClients), Who: who, ID: "x", Days: choice, Legal: choice, V: map[string]string{}}
			}},
			{"refused", func(l i18n.Lang) Page {
				return WorkForm{Shell: storyShell(l, NavClients), Who: who, ID: "x", Period: "p1", Fixed: storyDay, Days: choice, Remote: choice, RemoteOn: true, Legal: choice, Hours: "9", V: map[string]string{"goal": "Rytmi", "guidance": "Ohjaaja"}, Warnings: warned}
			}},
			{"error", func(l i18n.Lang) Page {
				return WorkForm{Shell: storyShell(l, NavClients), Who: who, ID: "x", Days: choice, Legal: choice, V: map[string]string{}, Errors: Errors{{"goal", l.T("workactivity.no_goal")}}}
			}},
		}},
		{"work-week", []State{
			{"full", func(l i18n.Lang) Page {
				return WorkWeekForm{Shell: storyShell(l, NavClients), Who: who, Title: "Viikko 12", Monday: "2026-03-16", Before: "2026-03-09", After: "2026-03-23", MayAll: true, Warnings: warned, Notes: []string{"Huomaa."},
					Days: []WorkDay{day(storyDay-1, "present"), day(storyDay, "absent"), {Key: (storyDay + 1).String(), Name: "to 19.3.", Agreed: "5 h", Future: true}}, Others: []WorkDay{day(storyDay-2, "none")}, Follows: follows}
			}},
			{"error", func(l i18n.Lang) Page {
				d := day(storyDay, "absent")
				d.Errors = Errors{{"state_" + d.Key, l.T("record.no_reason")}}
				return WorkWeekForm{Shell: storyShell(l, NavClients), Who: who, Title: "Viikko 12", Monday: "2026-03-16", Before: "2026-03-09", After: "2026-03-23", Days: []WorkDay{d}, Errors: d.Errors, Follows: follows}
			}},
		}},
		{"work-facts", []State{
			{"full", func(l i18n.Lang) Page {
				return WorkFacts{Shell: storyShell(l, NavClients), Who: who, From: "2026-01-01", To: "2026-03-18", Text: "Mitä sovittiin", Rows: 5, Heard: true}
			}},
			{"error", func(l i18n.Lang) Page {
				return WorkFacts{Shell: storyShell(l, NavClients), Who: who, From: "2026-01-01", To: "2026-03-18", Text: "Mitä sovittiin", Rows: 5, Errors: Errors{{"own_view", l.T("rights.no_view")}}}
			}},
		}},
		{"work-incident", []State{
			{"empty", func(l i18n.Lang) Page {
				return WorkIncidentForm{Shell: storyShell(l, NavClients), Who: who, ID: "x", Types: choice, Day: "2026-03-18", V: map[string]string{}, Task: "Ilmoita", TaskOn: true}
			}},
			{"error", func(l i18n.Lang) Page {
				return WorkIncidentForm{Shell: storyShell(l, NavClients), Who: who, ID: "x", Incident: "i1", Types: choice, Day: "2026-03-18", V: map[string]string{"what": "Liukastui"}, Errors: Errors{{"injury", l.T("workactivity.no_injury")}}}
			}},
		}},
		{"work-organiser", []State{
			{"empty", func(l i18n.Lang) Page { return WorkOrganisers{Shell: storyShell(l, NavMore)} }},
			{"full", func(l i18n.Lang) Page {
				return WorkOrganisers{Shell: storyShell(l, NavMore), List: []WorkOrganiser{{Register: "r1", Name: "Kuntouttava", Remote: true, Insurer: "Vakuutus"}, {Register: "r2", Name: "Toinen", Errors: Errors{{"", l.T("workactivity.saved_meanwhile")}}}}}
			}},
		}},
		{"portal-days", []State{
			{"full", func(l i18n.Lang) Page {
				return PortalDays{Portal: Portal{Shell: outside(l), Tab: "strong", Strong: true}, Period: &period, Left: "12 päivää", Months: []OwnMonth{{"maaliskuu", []OwnDay{{storyDay, "paikalla", "5 h", ""}, {storyDay - 2, "poissa", "", "Kuume"}}}}, Follows: follows}
			}},
			{"empty", func(l i18n.Lang) Page {
				return PortalDays{Portal: Portal{Shell: outside(l), Tab: "strong", Strong: true}}
			}},
		}},
	}
}
