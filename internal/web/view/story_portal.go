package view

import (
	"polku/internal/fault"
	"polku/internal/i18n"
)

// portalStories are participants' pages, and the workers' pages about them.
func portalStories() []Story {
	own := func(l i18n.Lang, tab string) Portal { return Portal{Shell: outside(l), Tab: tab} }
	wrong := func(l i18n.Lang) Errors { return Errors{{"", l.T("portal.wrong")}} }
	meeting := Step{Task: "t1", What: "Tutustuminen kirjastoon", By: storyDay, Minute: 600, Place: "Kirjaston aula"}
	mine := Step{Task: "t2", What: "Soita Kelaan asumistuesta", By: storyDay + 2}
	late := Step{Task: "t3", What: "Täytä hakemus", By: storyDay - 3}
	devices := []PortalDevice{{ID: "d1", Name: "iPhone", Made: "1.3.2026 9.12", Seen: "18.3.2026 8.55", This: true, Open: true}, {ID: "d2", Name: "PC", Made: "2.3.2026", Seen: "2.3.2026"}}
	return []Story{
		{"portal-in", []State{
			{"empty", func(l i18n.Lang) Page { return PortalIn{Shell: outside(l)} }},
			{"choose", func(l i18n.Lang) Page { return PortalIn{Shell: outside(l), Token: "x", Choose: true} }},
			{"nobody", func(l i18n.Lang) Page { return PortalIn{Shell: outside(l), Nobody: true, Left: true} }},
			{"over", func(l i18n.Lang) Page { return PortalIn{Shell: outside(l), Over: true, Text: "Tänään…"} }},
			{"error", func(l i18n.Lang) Page { return PortalIn{Shell: outside(l), Token: "x", Errors: wrong(l)} }},
		}},
		{"portal-today", []State{
			{"full", func(l i18n.Lang) Page {
				return PortalToday{Portal: own(l, "today"), First: "Aino", Meetings: []Step{meeting}, Mine: []Step{late, mine}, Worker: "Anna Laine", WorkerPhone: "040 123 4567", WorkerTel: "+358401234567", WorkerBy: storyDay - 1, PausedTo: storyDay + 9}
			}},
			{"empty", func(l i18n.Lang) Page {
				return PortalToday{Portal: own(l, "today"), First: "Aino", Worker: "Anna Laine"}
			}},
			{"closed", func(l i18n.Lang) Page { return PortalToday{Portal: own(l, "today"), Closed: true} }},
		}},
		{"portal-write", []State{
			{"empty", func(l i18n.Lang) Page { return PortalWrite{Portal: own(l, "write")} }},
			{"full", func(l i18n.Lang) Page {
				return PortalWrite{Portal: own(l, "write"), ID: "d1", Text: "Kävin kävelyllä.", CanSend: true, Worker: "Anna Laine", Drafts: []PortalText{{"d2", "Yöllä en nukkunut.", "17.3.2026 22.40"}}, Sent: []PortalText{{"", "Voidaanko puhua opinnoista?", "12.3.2026 9.05"}}}
			}},
			{"error", func(l i18n.Lang) Page {
				return PortalWrite{Portal: own(l, "write"), CanSend: true, Worker: "Anna Laine", Errors: Errors{{"text", l.T("portal.no_text")}}}
			}},
		}},
		{"portal-messages", []State{{"empty", func(l i18n.Lang) Page {
			return PortalMessages{Portal: own(l, "messages"), Worker: "Anna Laine", WorkerPhone: "040 123 4567", WorkerTel: "+358401234567"}
		}}}},
		{"portal-me", []State{
			{"full", func(l i18n.Lang) Page { return PortalMe{Portal: own(l, "me"), Devices: devices} }},
			{"error", func(l i18n.Lang) Page {
				return PortalMe{Portal: own(l, "me"), Devices: devices[:1], Errors: Errors{{"old", l.T("portal.pin_wrong")}}}
			}},
		}},
		{"portal-records", []State{
			{"strong-offered", func(l i18n.Lang) Page {
				return PortalStrong{Portal: own(l, "strong"), Offered: true, Worker: "Anna Laine"}
			}},
			{"strong-none", func(l i18n.Lang) Page { return PortalStrong{Portal: own(l, "strong"), Worker: "Anna Laine"} }},
			{"strong-error", func(l i18n.Lang) Page {
				return PortalStrong{Portal: own(l, "strong"), Offered: true, Errors: Errors{{"", l.T("portal.not_you")}}}
			}},
			{"notes", func(l i18n.Lang) Page {
				return PortalRecords{Portal: own(l, "strong"), Items: storyTimeline(l).Items, Older: "/p/notes?before=1"}
			}},
			{"notes-empty", func(l i18n.Lang) Page { return PortalRecords{Portal: own(l, "strong")} }},
			{"plan", func(l i18n.Lang) Page {
				return PortalPlan{Portal: own(l, "strong"), Phase: "Kartoitus", Plans: []PlanLine{{Name: "Suunnitelma", Text: "Kohti opintoja.", Agreed: storyDay - 20}}, Tasks: []Step{mine}}
			}},
			{"plan-empty", func(l i18n.Lang) Page { return PortalPlan{Portal: own(l, "strong")} }},
		}},
		{"portal-problem", []State{
			{"not-found", func(l i18n.Lang) Page {
				return PortalProblem{Portal: own(l, ""), Kind: fault.NotFound, Ref: "7f3a-19c2"}
			}},
			{"unavailable", func(l i18n.Lang) Page {
				return PortalProblem{Portal: own(l, ""), Kind: fault.Unavailable, Detail: l.T("portal.no_strong"), Ref: "7f3a-19c2"}
			}},
		}},
		{"access", []State{
			{"empty", func(l i18n.Lang) Page { return Access{Shell: storyShell(l, NavClients), Who: storyIdentity()} }},
			{"full", func(l i18n.Lang) Page {
				return Access{Shell: storyShell(l, NavClients), Who: storyIdentity(), Open: true, Opened: "1.3.2026", OpenedBy: "Anna Laine", HasPIN: true, HasCode: true, Tries: 2, Tried: "17.3.2026 22.01", Link: "25.3.2026 9.00", Devices: devices}
			}},
			{"locked", func(l i18n.Lang) Page {
				return Access{Shell: storyShell(l, NavClients), Who: storyIdentity(), Open: true, Opened: "1.3.2026", OpenedBy: "Anna Laine", HasPIN: true, Locked: true, Tries: 5, Tried: "17.3.2026 22.01"}
			}},
			{"error", func(l i18n.Lang) Page {
				return Access{Shell: storyShell(l, NavClients), Who: storyIdentity(), How: "agree", Errors: Errors{{"pin", l.T("portal.pin_easy")}}}
			}},
			{"link", func(l i18n.Lang) Page {
				code, _ := QR("https://oma.example.org/p/i/abcd-efgh-jkmn-pqrs")
				return Link{Shell: storyShell(l, NavClients), Client: "c1", Address: "https://oma.example.org/p/i/abcd-efgh-jkmn-pqrs", Code: code, Until: "25.3.2026 9.00"}
			}},
		}},
		{"show", []State{
			{"empty", func(l i18n.Lang) Page { return ShowAsk{Shell: storyShell(l, NavClients), Who: storyIdentity()} }},
			{"error", func(l i18n.Lang) Page {
				return ShowAsk{Shell: storyShell(l, NavClients), Who: storyIdentity(), Errors: Errors{{"what", l.T("show.nothing")}}}
			}},
			{"full", func(l i18n.Lang) Page {
				return Show{Shell: storyShell(l, NavClients), Client: "c1", Name: "Aino Virtanen", Worker: "Anna Laine", Service: "Valmennus", Items: storyTimeline(l).Items, Tasks: []Step{mine}}
			}},
		}},
	}
}
