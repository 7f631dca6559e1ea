package view

import (
	"polku/internal/i18n"
)

// storyListing is a listing as the directory shows it.
func storyListing() ListingLine {
	return ListingLine{ID: "l1", Name: "Velkaneuvonta Koivula", Provider: "Oikeusaputoimisto, Koivula", Sector: "viranomainen", Where: "Koivula, Lehtola", Themes: []string{"raha ja velka", "arki"},
		What: "Velkojen selvittely ja maksusuunnitelmat. Aloitetaan laskupinosta.", Remote: true, Stale: true, Checked: storyDay - 220}
}

// directoryStories are the views of the service directory, guidance and transfers.
func directoryStories() []Story {
	own := ListingLine{ID: "l2", Name: "Koivulan työpaja", Provider: "Koivula", Sector: "oma palvelu", Where: "Koivula", Themes: []string{"työ"}, What: "Työn perustaitoja rauhassa.", Own: true, Checked: storyDay - 20}
	gone := storyListing()
	gone.Retired = storyDay - 3
	return []Story{
		{"directory", []State{
			{"empty", func(l i18n.Lang) Page { return Directory{Shell: storyShell(l, NavMore), Text: "xyz"} }},
			{"full", func(l i18n.Lang) Page {
				return Directory{Shell: storyShell(l, NavMore), Lines: []ListingLine{storyListing(), own, gone}, Total: 3, ToCheck: []ListingLine{storyListing()},
					Towns: []Option{{Text: "Koivula", On: true}}, Themes: []Option{{Text: "työ"}}, Langs: []Option{{Text: "suomi"}}, Shows: []Option{{Text: "Kaikki"}}, Missing: []Option{{Value: "s1", Text: "Valmennus"}}}
			}},
			{"error", func(l i18n.Lang) Page {
				return Directory{Shell: storyShell(l, NavMore), ImportErrors: Errors{{"file", l.T("directory.no_table")}}}
			}},
		}},
		{"listing", []State{
			{"full", func(l i18n.Lang) Page {
				return ListingPage{Shell: storyShell(l, NavMore), Line: storyListing(), ForWhom: "18 vuotta täyttäneet", WayIn: "Soita ensin.", Phone: "040 000 9001", Tel: "0400009001", Web: "https://esimerkki.invalid/velka",
					Owner: "Anna Laine", OwnerGone: true, Easy: []EasyText{{"fi", "suomi", "Saat apua laskuihin."}}, History: []ListingChange{{When: "12.3.2026 klo 9.12", Who: "Anna Laine", What: "Muutettiin",
						Fields: []Change{{"Puhelin", "040 000 9000", "040 000 9001"}}, Undo: "b1"}}}
			}},
			{"error", func(l i18n.Lang) Page {
				return ListingPage{Shell: storyShell(l, NavMore), Line: gone, RetiredWhy: "toiminta päättyi", Errors: Errors{{"why", l.T("directory.no_why")}}}
			}},
		}},
		{"listing-form", []State{
			{"empty", func(l i18n.Lang) Page {
				return ListingForm{Shell: storyShell(l, NavMore), Sectors: []Option{{Value: "own", Text: "oma palvelu"}}, Themes: []Option{{Value: "work", Text: "työ"}}}
			}},
			{"error", func(l i18n.Lang) Page {
				return ListingForm{Shell: storyShell(l, NavMore), ID: "l1", Value: map[string]string{"name": "Velkaneuvonta"}, Themes: []Option{{Value: "work", Text: "työ"}}, Now: l.T("directory.changed"),
					Errors: Errors{{"themes", l.T("directory.no_theme")}}}
			}},
		}},
		{"listing-import", []State{{"full", func(l i18n.Lang) Page {
			return DirectoryImport{Shell: storyShell(l, NavMore), ID: "i1", File: "palvelut.xlsx", Added: 1, LeftOut: 1, Rows: []ImportedListing{{No: 2, Name: "Ruokajako", State: "lisätään"},
				{No: 3, Name: "Outolintu", State: "jää pois", Wrong: true, Notes: []string{l.T("directory.no_theme")}}}}
		}}}},
		{"guidance", []State{
			{"full", func(l i18n.Lang) Page {
				x := ProposalLine{storyListing(), []string{"omassa kunnassa (Koivula)"}}
				return Guidance{Shell: storyShell(l, NavClients), Who: storyIdentity(), Open: true, Why: []string{"raha ja velka"}, Proposals: []ProposalLine{x, {own, nil}},
					Done: []GuidedLine{{ID: "g1", Listing: "l2", Name: "Koivulan työpaja", How: "Käytiin yhdessä", State: "jonossa", Text: "Paikka vapautuu toukokuussa.", By: "Anna Laine", Day: storyDay - 9, Open: true,
						Answers: []Option{{Value: "got_in", Text: "pääsi mukaan"}, {Value: "not_in", Text: "ei päässyt"}}}}}
			}},
			{"error", func(l i18n.Lang) Page {
				x := ProposalLine{storyListing(), nil}
				errs := Errors{{"how", l.T("guidance.no_how")}}
				return Guidance{Shell: storyShell(l, NavClients), Who: storyIdentity(), Open: true, Chosen: &x, Hows: []Option{{Value: "told", Text: "Kerrottiin palvelusta"}}, Errors: errs, Step: StepForm{Errors: errs}}
			}},
		}},
		{"service-card", []State{{"full", func(l i18n.Lang) Page {
			return ServiceCard{Shell: storyShell(l, NavClients), ID: "c1", Listing: "l1", In: "sv", Name: "Velkaneuvonta Koivula", Text: "Du får hjälp med räkningar.", Foreign: true, Facts: [][2]string{{"Telefon", "040 000 9001"}},
				Langs: []Option{{Value: "fi", Text: "suomi"}, {Value: "sv", Text: "ruotsi", On: true}}, Plain: "Velkaneuvonta Koivula", FromWhom: "Fråga mer av: Anna Laine"}
		}}}},
		{"transfers", []State{
			{"empty", func(l i18n.Lang) Page { return Transfers{Shell: storyShell(l, NavMore)} }},
			{"full", func(l i18n.Lang) Page {
				return Transfers{Shell: storyShell(l, NavMore), Asked: []TransferAsk{{ID: "t1", Title: "Hanke → Pysyvä palvelu", Why: "Hanke päättyy.", Waiting: 1,
					Lines: []AskedLine{{Path: "p1", Name: "Aino Virtanen", Sender: "Mikko Harju", Step: "Soita", By: storyDay + 3}, {Path: "p2", Name: "Eino Lampi", Ban: true, Accepted: true}}}},
					Lines: []TransferLine{{"t1", "Hanke → Pysyvä palvelu", "kesken", "12.3.2026 klo 9.12"}}, From: []Option{{Value: "s1", Text: "Hanke"}}, To: []Option{{Value: "s2", Text: "Pysyvä palvelu"}}}
			}},
			{"error", func(l i18n.Lang) Page {
				return Transfers{Shell: storyShell(l, NavMore), From: []Option{{Value: "s1", Text: "Hanke"}}, Errors: Errors{{"why", l.T("transfer.no_why")}}}
			}},
		}},
		{"transfer", []State{
			{"full", func(l i18n.Lang) Page { return storyTransfer(l) }},
			{"error", func(l i18n.Lang) Page {
				p := storyTransfer(l)
				p.Whole, p.Errors = false, Errors{{"", l.T("transfer.over")}}
				return p
			}},
		}},
		{"transfer-path", []State{{"full", func(l i18n.Lang) Page {
			return TransferRowPage{Shell: storyShell(l, NavMore), ID: "t1", Title: "Hanke → Pysyvä palvelu", Name: "Aino Virtanen", Changes: []Change{{"Vaihe", "Kartoitus", "Valmennus"}}}
		}}}},
	}
}

func storyTransfer(l i18n.Lang) TransferPage {
	return TransferPage{Shell: storyShell(l, NavMore), ID: "t1", Title: "Hanke → Pysyvä palvelu", Why: "Hanke päättyy.", State: "kesken", Controller: "Koivulan kaupunki", Crosses: true, Draft: true, MayUndo: true,
		Sums: []SumLine{{"odottaa", 2, true}, {"siirtynyt", 1, false}}, All: 3, Open: 2, Sure: 2, Whole: true, Ready: 1, Accepted: 1, Moved: 1,
		Phases: []PhaseLine{{ID: "kartoitus", Name: "Kartoitus", Paths: 2, Owed: []string{"Yksilötapaaminen, vko 12"}, Choices: []Option{{Value: "kartoitus", Text: "Kartoitus", On: true}}}},
		Shows:  []Option{{Text: "Kaikki", Hint: "3", On: true}}, Shown: 3, Nth: 1, Pages: 2, Receivers: []Option{{Value: "same", Text: "Sama työntekijä jatkaa"}},
		Rows: []TransferRow{{Path: "p1", Href: "/c/c1.p1", Name: "Aino Virtanen", Phase: "Kartoitus", Worker: "Anna Laine", Step: "Soita", By: storyDay - 1, State: "päättämättä", Why: "Suostumus puuttuu", Ban: true},
			{Path: "p2", Href: "/c/c2.p2", Name: "Eino Lampi", Worker: "Anna Laine", State: "siirtynyt", Receiver: "Mikko Harju", Ground: "asiakkaan suostumus", Fixed: true, Moved: true, Contacted: true}}}
}
