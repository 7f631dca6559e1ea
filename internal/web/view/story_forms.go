package view

import (
	"polku/internal/civil"
	"polku/internal/i18n"
)

// formStories are the views with forms about one client.
func formStories() []Story {
	promisesOf := []string{"Tutustumiskäynti kirjastolla, huomenna klo 10.00", "Suunnitelman tarkistus, 2 päivää myöhässä"}
	return []Story{
		{"record", []State{
			{"full", func(l i18n.Lang) Page { return storyRecord(l) }},
			{"empty", func(l i18n.Lang) Page {
				p := storyRecord(l)
				p.Now, p.Topics, p.Phrases, p.Text, p.StepDo = nil, nil, nil, "", ""
				return p
			}},
			{"error", func(l i18n.Lang) Page {
				p := storyRecord(l)
				p.StepDo, p.StepBy = "new", "31.13.2026"
				p.Errors = Errors{{"step_by", l.T("error.day")}, {"step_what", l.T("error.needed")}}
				return p
			}},
			{"conflict", func(l i18n.Lang) Page {
				p := storyRecord(l)
				p.Conflict = &Conflict{Who: "Mikko Harju", When: l.Clock(534), Said: storyTimeline(l).Items[0].Said}
				return p
			}},
			{"measure", func(l i18n.Lang) Page { p := storyRecord(l); p.What = WhatMeasure; return p }},
		}},
		{"handover", []State{
			{"full", func(l i18n.Lang) Page {
				return HandOver{Shell: storyShell(l, NavNone), Who: storyIdentity(), Promises: promisesOf, AnswerIn: l.T("today.handoff_by", "day", l.DayShort(storyDay+7)),
					Receivers: []Option{{Value: "w2", Text: "Mikko Harju", Hint: l.N("cover.clients", 31)}, {Value: "w3", Text: "Sari Koski", Hint: l.N("cover.clients", 24)}}}
			}},
			{"empty", func(l i18n.Lang) Page { return HandOver{Shell: storyShell(l, NavNone), Who: storyIdentity()} }},
			{"error", func(l i18n.Lang) Page {
				return HandOver{Shell: storyShell(l, NavNone), Who: storyIdentity(), Receivers: []Option{{Value: "w2", Text: "Mikko Harju"}}, Errors: Errors{{"to", l.T("error.needed")}}}
			}},
		}},
		{"answer", []State{
			{"full", func(l i18n.Lang) Page {
				c := storyClient(l)
				return Answer{Shell: storyShell(l, NavNone), ID: "h1", Who: c.Who, From: "Mikko Harju", To: "Anna Laine", Mine: true, AnswerBy: storyDay + 5,
					Why: "Jaana siirtyy lähipäiville, ja teillä on jo hyvä yhteys.", Next: c.Next, Promises: promisesOf, Recent: c.Timeline.Items[:3]}
			}},
			{"sender", func(l i18n.Lang) Page {
				return Answer{Shell: storyShell(l, NavNone), ID: "h1", Who: storyIdentity(), To: "Sari Koski", AnswerBy: storyDay - 1}
			}},
			{"error", func(l i18n.Lang) Page {
				return Answer{Shell: storyShell(l, NavNone), ID: "h1", Who: storyIdentity(), From: "Mikko Harju", Mine: true, AnswerBy: storyDay, Errors: Errors{{"why", l.T("error.needed")}}}
			}},
		}},
		{"exit", []State{
			{"full", func(l i18n.Lang) Page { return storyExit(l) }},
			{"error", func(l i18n.Lang) Page {
				p := storyExit(l)
				p.Asked, p.Errors = "Kelan kuntoutus", Errors{{"to", l.T("error.needed")}, {"receiver", l.T("error.needed")}}
				return p
			}},
		}},
		{"pause", []State{
			{"empty", func(l i18n.Lang) Page { return Pause{Shell: storyShell(l, NavNone), Who: storyIdentity()} }},
			{"error", func(l i18n.Lang) Page {
				return Pause{Shell: storyShell(l, NavNone), Who: storyIdentity(), Why: "Leikkaus", Errors: Errors{{"check", l.T("error.needed")}}}
			}},
		}},
		{"resume", []State{
			{"full", func(l i18n.Lang) Page {
				return Resume{Shell: storyShell(l, NavNone), Who: storyIdentity(), Ask: true, Step: storyStep(l)}
			}},
			{"reopen", func(l i18n.Lang) Page {
				return Resume{Shell: storyShell(l, NavNone), Who: storyIdentity(), Reopen: true, Ask: true, Step: storyStep(l), Errors: Errors{{"step_what", l.T("error.needed")}}}
			}},
		}},
		{"phase", []State{
			{"empty", func(l i18n.Lang) Page {
				return PhaseChange{Shell: storyShell(l, NavNone), Who: storyIdentity(), Phases: []Option{{Value: "valmennus", Text: "Kuntouttava valmennusjakso", Hint: "9 kk"}}}
			}},
			{"full", func(l i18n.Lang) Page {
				return PhaseChange{Shell: storyShell(l, NavNone), Who: storyIdentity(), Phases: []Option{{Value: "valmennus", Text: "Kuntouttava valmennusjakso", Hint: "9 kk", On: true}},
					Chosen: "valmennus", Changes: []Change{{"Yksilötapaaminen", "joka viikko", "joka kuukausi"}, {"Ryhmäpäivä", "5 h viikossa", "4 h kuukaudessa"}}}
			}},
		}},
		{"cover", []State{
			{"full", func(l i18n.Lang) Page { return storyCover(l) }},
			{"empty", func(l i18n.Lang) Page {
				return Cover{Shell: storyShell(l, NavMore), Absent: storyWorkers(), By: storyWorkers()}
			}},
			{"error", func(l i18n.Lang) Page { p := storyCover(l); p.Errors = Errors{{"by", l.T("error.needed")}}; return p }},
		}},
	}
}

func storyWorkers() []Option {
	return []Option{{Value: "w1", Text: "Anna Laine"}, {Value: "w2", Text: "Mikko Harju"}, {Value: "w3", Text: "Sari Koski"}}
}

func storyStep(l i18n.Lang) StepForm {
	return StepForm{Owners: Record{Shell: storyShell(l, NavNone)}.stepOwners(), Suggestions: []string{"Soitto kuulumisista", "Tapaaminen", "Tutustumiskäynti"}}
}

func storyRecord(l i18n.Lang) Record {
	c := storyClient(l)
	s := c.Shell
	return Record{Shell: s, Who: c.Who, ID: "e100", StepID: "t100", What: WhatCall, Minutes: "30", Time: l.Clock(8*60 + 30),
		Topics:   []Option{{Value: "a", Text: "Kokonaistilanne"}, {Value: "b", Text: "Työnhaku", On: true}, {Value: "c", Text: "Opinnot"}, {Value: "d", Text: "Talous"}, {Value: "e", Text: "Seuraava askel"}},
		Groups:   []Option{{Value: "g1", Text: "Perjantain ruokaryhmä"}},
		Themes:   []Option{{Value: "t", Text: "Arki"}},
		Reasons:  s.words("absence.", "", "sick", "child_sick", "job_interview", "other_accepted", "unexplained", "service_cancelled_by_organiser"),
		Items:    []Option{{Value: "tyo/cv", Text: "Työ: ansioluettelo"}},
		Offers:   []Option{{Value: "hp", Text: "Hygieniapassi"}},
		Plans:    []Option{{Value: "vs", Text: "Valmennussuunnitelma"}},
		Measures: []Instrument{{ID: "wai", Name: "Työkyky nyt", Items: []MeasureItem{{ID: "q", Text: "Kuinka monta pistettä annat työkyvyllesi?", Max: 10}}}},
		Places:   []Option{{Value: "trial", Text: "Työkokeilu"}}, Scopes: []Option{{Value: "x", Text: "Tietojen kysyminen terveysasemalta"}},
		Afters: []Option{{Value: "1 month", Text: "1 kk"}}, Outcomes: []Option{{Value: "work", Text: "Töissä"}},
		Phrases: []Phrase{{ID: "1", Text: "Soitin kuulumiset.", Name: "Kuulumiset"}, {ID: "2", Kind: "meeting", Text: "Sovittiin uusi aika.", Name: "Uusi aika"}},
		Text:    "Jaana kertoi, että uni on parantunut.",
		Now:     c.Next, StepDo: "done", StepBy: (storyDay + 7).String(), Suggestions: []string{"Soitto kuulumisista", "Tapaaminen"}}
}

func storyExit(l i18n.Lang) Exit {
	return Exit{Shell: storyShell(l, NavNone), Who: storyIdentity(), Promises: []string{"Tuo verokortti, ti 24.3."},
		Destinations: []Destination{
			{To: "open-work", Text: "Työ avoimilla markkinoilla", After: []string{l.T("exit.follow", "after", "1 kk"), l.T("exit.follow", "after", "6 kk")}, On: true},
			{To: "education", Text: "Opinnot", After: []string{l.T("exit.follow", "after", "1 kk")}},
			{To: "rehabilitation", Text: "Kuntoutus", Receiver: true},
			{To: "withdrew", Text: "Lopetti itse"}, {To: "died", Text: "Kuollut", Final: true}}}
}

func storyCover(l i18n.Lang) Cover {
	return Cover{Shell: storyShell(l, NavMore), Absent: storyWorkers(), By: storyWorkers(), From: storyDay.String(), To: (storyDay + 9).String(),
		Clients: []Option{{Value: "c1", Text: "Virtanen, Jaana", On: true}, {Value: "c2", Text: "Mäkelä, Joonas", On: true}, {Value: "c3", Text: "Öberg, Karl-Johan"}},
		Lines:   []CoverLine{{ID: "k1", Absent: "Mikko Harju", By: "Anna Laine", From: storyDay - 3, To: storyDay + 2, Clients: 31}}}
}

// officeStories are the views about lists, models and administration.
func officeStories() []Story {
	return []Story{
		{"imports", []State{
			{"empty", func(l i18n.Lang) Page { return Imports{Shell: storyShell(l, NavMore), Limit: "20 Mt"} }},
			{"full", func(l i18n.Lang) Page {
				return Imports{Shell: storyShell(l, NavMore), Limit: "20 Mt", Kind: "attendance", Lines: []ImportLine{{ID: "i1", File: "lasnaolot-helmikuu.xlsx", Kind: l.T("import.attendance"), Who: "Sari Koski", When: l.Day(storyDay - 12), State: l.T("import.report"), Rows: 412}}}
			}},
			{"error", func(l i18n.Lang) Page {
				return Imports{Shell: storyShell(l, NavMore), Limit: "20 Mt", Errors: Errors{{"file", l.T("error.needed")}}}
			}},
		}},
		{"import", []State{
			{"full", func(l i18n.Lang) Page { return storyPreview(l) }},
			{"empty", func(l i18n.Lang) Page {
				return ImportPreview{Shell: storyShell(l, NavMore), ID: "i1", File: "tyhja.csv", Kind: l.T("import.clients")}
			}},
			{"progress", func(l i18n.Lang) Page {
				return ImportProgress{Shell: storyShell(l, NavMore), ID: "i1", File: "asiakkaat.csv", Done: 3500, Total: 12000}
			}},
			{"report", func(l i18n.Lang) Page { return storyReport(l) }},
			{"undone", func(l i18n.Lang) Page { p := storyReport(l); p.Undone, p.Undoable, p.Unset = true, false, 0; return p }},
			{"error", func(l i18n.Lang) Page {
				return ImportReport{Shell: storyShell(l, NavMore), ID: "i1", File: "rikki.xlsx", Who: "Sari Koski", When: l.Day(storyDay), Failed: true, Left: []LeftRow{{3, "Virtanen; 31.13.2025", l.T("error.day")}}}
			}},
		}},
		{"find", []State{
			{"empty", func(l i18n.Lang) Page { return Find{Shell: storyShell(l, NavFind)} }},
			{"full", func(l i18n.Lang) Page {
				return Find{Shell: storyShell(l, NavFind), Q: "vir", Asked: true, Hits: storyHits(), More: true}
			}},
			{"none", func(l i18n.Lang) Page { return Find{Shell: storyShell(l, NavFind), Q: "xyz", Asked: true} }},
		}},
		{"new-client", []State{
			{"empty", func(l i18n.Lang) Page { return storyNew(l) }},
			{"error", func(l i18n.Lang) Page {
				p := storyNew(l)
				p.First, p.Hetu, p.Duplicates, p.Errors = "Jaana", "200387-901X", storyHits()[:1], Errors{{"hetu", l.T("error.needed")}}
				return p
			}},
		}},
		{"sprint", []State{
			{"full", func(l i18n.Lang) Page {
				return Sprint{Shell: storyShell(l, NavMore), Done: 12, Total: 60, Rest: storyRows(l)[1:5],
					One: &SprintOne{Client: "c1", Name: "Jaana Virtanen", Service: "Etätyöpaja", Worker: "Anna Laine", Last: "Puhelu ti 10.3. · työnhaku", StepID: "t9", Replaces: "t0", Step: storyStep(l)}}
			}},
			{"empty", func(l i18n.Lang) Page { return Sprint{Shell: storyShell(l, NavMore), Done: 60, Total: 60} }},
			{"error", func(l i18n.Lang) Page {
				one := &SprintOne{Client: "c1", Name: "Jaana Virtanen", Step: storyStep(l)}
				one.Step.Errors = Errors{{"step_by", l.T("error.day")}}
				return Sprint{Shell: storyShell(l, NavMore), Done: 1, Total: 60, One: one, Errors: one.Step.Errors}
			}},
		}},
		{"models", []State{
			{"full", func(l i18n.Lang) Page {
				return Models{Shell: storyShell(l, NavMore), Models: []ModelLine{{Href: "/models/a/2026-1", Title: "Hyvinvointia ja työkykyä edistävä palvelu", For: "Pitkään työttömänä olleille, jotka tarvitsevat laaja-alaista tukea.", Version: "2026-1", Open: 41}}}
			}},
			{"empty", func(l i18n.Lang) Page { return Models{Shell: storyShell(l, NavMore)} }},
			{"page", func(l i18n.Lang) Page {
				return ModelPage{Shell: storyShell(l, NavMore), Title: "Hyvinvointia ja työkykyä edistävä palvelu", For: "Pitkään työttömänä olleille.", Version: "2026-1", Register: "Työllisyyshanke",
					Sections: []Section{{ID: "a", Title: "Kartoitusjakso", Paras: []string{"Kestää noin 3 kuukautta, enintään 4 kuukautta."}, Tables: []Table{{Head: []string{"Mitä", "Kuinka usein", "Kesto"}, Rows: [][]string{{"Yksilötapaaminen", "kerran viikossa", "60 min"}, {"Ryhmäpäivä", "kerran viikossa", "5 h"}}}}}},
					Versions: []PathTab{{Href: "/models/a/2026-1", Name: "2026-1", Current: true}, {Href: "/models/a/2025-1", Name: "2025-1"}}}
			}},
		}},
		{"rules", []State{
			{"full", func(l i18n.Lang) Page {
				return Rules{Shell: storyShell(l, NavMore), Unverified: 1, Packs: []Pack{{ID: "ktt", Title: "Kuntouttava työtoiminta", Figures: []Figure{
					{Name: "Päiviä viikossa enintään", Value: "4", Source: "189/2001 13 b §", From: civil.New(2015, 1, 1), Verified: true}, {Name: "Päiviä 12 kuukaudessa enintään", Value: "178", Source: "189/2001 14 §", From: civil.New(2025, 1, 1), Note: "Luettu 702/2020 mukaan."}}}}}
			}},
			{"empty", func(l i18n.Lang) Page { return Rules{Shell: storyShell(l, NavMore), Only: true} }},
		}},
		{"users", []State{
			{"full", func(l i18n.Lang) Page {
				return Users{Shell: storyShell(l, NavMore), Users: []UserLine{{ID: "w1", Name: "Anna Laine", Account: "anna.laine", Role: l.T("user_role.worker"), Units: "Koivulan työpaja", Clients: 38, Seen: storyDay}, {ID: "w9", Name: "Olli Vuori", Account: "olli", Role: l.T("user_role.instructor"), Off: true}}}
			}},
			{"empty", func(l i18n.Lang) Page { return Users{Shell: storyShell(l, NavMore)} }},
			{"new", func(l i18n.Lang) Page {
				p := storyUser(l)
				p.ID, p.Name, p.Account, p.Errors = "", "", "", Errors{{"name", l.T("error.needed")}}
				return p
			}},
			{"change", func(l i18n.Lang) Page { p := storyUser(l); p.Password = "kuusi lampi airo tuohi"; return p }},
		}},
		{"settings", []State{
			{"full", func(l i18n.Lang) Page { return Settings{Shell: storyShell(l, NavMore)} }},
			{"error", func(l i18n.Lang) Page {
				return Settings{Shell: storyShell(l, NavMore), Errors: Errors{{"old", l.T("signin.wrong")}}}
			}},
		}},
		{"help", []State{{"full", func(l i18n.Lang) Page { return Help{storyShell(l, NavMore)} }}}},
	}
}

func storyUser(l i18n.Lang) UserPage {
	return UserPage{Shell: storyShell(l, NavMore), ID: "w1", Name: "Anna Laine", Account: "anna.laine", Clients: 38, Duty: "Sari Koski",
		Roles:     []Option{{Value: "worker", Text: l.T("user_role.worker"), Hint: l.T("user_role.worker_hint"), On: true}, {Value: "admin", Text: l.T("user_role.admin"), Hint: l.T("user_role.admin_hint")}},
		MoreRoles: []Option{{Value: "student", Text: l.T("user_role.student"), Hint: l.T("user_role.student_hint")}},
		Units:     []Option{{Value: "u1", Text: "Koivulan työpaja", On: true}}, Registers: []Option{{Value: "r1", Text: "Sosiaalihuolto", On: true}, {Value: "r2", Text: "Etsivä nuorisotyö"}}}
}

func storyHits() []Hit {
	return []Hit{{Client: "c1", Name: "Virtanen, Jaana", Year: 1987, Service: "Hyvinvointia ja työkykyä", Worker: "Anna Laine"}, {Client: "c2", Name: "Virolainen, Aki", Service: "Etätyöpaja", Worker: "Mikko Harju", Ban: true}}
}

func storyNew(l i18n.Lang) NewClient {
	return NewClient{Shell: storyShell(l, NavMore), ID: "c200", Languages: []Option{{Value: "fi", Text: "suomi", On: true}, {Value: "ar", Text: "arabia"}},
		Services: []Option{{Value: "s1", Text: "Etätyöpaja"}}, Sources: []Option{{Value: "self", Text: "Otti itse yhteyttä"}}, Of: storyWorkers(), Step: storyStep(l)}
}

func storyPreview(l i18n.Lang) ImportPreview {
	accounts := []Option{{Value: "w1", Text: "Anna Laine", On: true}, {Value: "w2", Text: "Mikko Harju"}}
	return ImportPreview{Shell: storyShell(l, NavMore), ID: "i1", File: "asiakkaat 2026.xlsx", Kind: l.T("import.clients"), Sound: 57, Asks: 4, Left: 2, Already: 11, Show: "asks",
		Services: []Option{{Value: "s1", Text: "Kuntouttava työtoiminta, 2026-1", On: true}},
		Settings: []Setting{{"sheet", l.T("import.sheet"), []Option{{Value: "0", Text: "Taul1", On: true}}}, {"header", l.T("import.header"), []Option{{Value: "2", Text: "2", On: true}}}},
		Columns: []Column{{"Sukunimi", []string{"Virtanen", "Mäkelä"}, []Option{{Value: "last", Text: l.T("new.last"), On: true}}, true},
			{"OT", []string{"AL", "MH"}, []Option{{Value: "worker", Text: l.T("who.worker"), On: true}}, false}},
		Workers:   []Spelling{{Text: "AL", Rows: 31, Options: accounts, Remembered: true}, {Text: "Mikko", Rows: 12, Options: accounts}},
		Names:     []Spelling{{Text: "Jaana V.", Rows: 1, Options: []Option{{Value: "match", Text: l.T("import.names_match", "name", "Virtanen, Jaana")}, {Value: "provisional", Text: l.T("import.names_provisional")}, {Value: "skip", Text: l.T("import.names_skip")}}}},
		Questions: []Question{{ID: "dates", Text: "03/04/2025", Hint: "Kumpi on kuukausi?", Rows: 3, Options: []Option{{Value: "dmy", Text: "3.4.2025", On: true}, {Value: "mdy", Text: "4.3.2025"}}}},
		Heads:     []string{l.T("new.last"), l.T("new.first"), l.T("who.phone")}, Next: "/import/i1?after=40",
		Rows: []ImportRow{{4, "asks", []string{"Virtanen", "Jaana", "040 123 4567"}, []string{"03/04/2025"}, []Mend{{"cell_0_4_5", l.T("import.field.start"), "03/04/2025", false}, {"cell_0_4_2", l.T("import.field.phone"), "040 123 4567", true}}},
			{9, "left", []string{"", "", "050"}, []string{l.T("error.needed")}, []Mend{{"cell_0_9_0", l.T("import.field.last_name"), "", false}}}, {10, "sound", []string{"Mäkelä", "Joonas", ""}, nil, nil}},
		Fills: 3, Mended: 1, Mendable: true, Errors: Errors{{"cell_0_9_0", l.T("error.needed")}},
		Remarks: []string{l.N("import.sheet.comments", 2, "sheet", "Taul1"), l.T("import.sheet.hidden", "sheet", "Vanhat")}}
}

func storyReport(l i18n.Lang) ImportReport {
	return ImportReport{Shell: storyShell(l, NavMore), ID: "i1", File: "asiakkaat 2026.xlsx", Who: "Sari Koski", When: l.Day(storyDay), Added: 57, Joined: 3, Already: 11, Filled: 4, Unset: 57, Undoable: true,
		Differs: []Differ{{14, "Taul1", "c1", l.T("import.field.phone") + ", " + l.T("import.field.address")}, {22, "Taul1", "c2", l.T("import.field.email")}},
		Left:    []LeftRow{{9, "; ; 050", l.T("error.needed")}, {31, "Korhonen; 31.13.2025", l.T("error.day")}}, LeftMore: 1}
}
