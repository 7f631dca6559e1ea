package view

import (
	"slices"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/i18n"
	"polku/internal/pathway"
)

// State of a view in the storybook: empty, full, error, or another word that says what is shown.
type State struct {
	Name string
	Make func(l i18n.Lang) Page
}

// Story is a view with its states, all of made-up people.
type Story struct {
	Name   string
	States []State
}

// storyDay is the day of every story: a Wednesday.
var storyDay = civil.New(2026, 3, 18)

func storyShell(l i18n.Lang, n Nav) Shell {
	return Shell{Lang: l, Day: storyDay, Clock: 8*60 + 55, User: "Anna Laine", UserKey: "u1", Unit: "Koivulan työpaja", Nav: n,
		Can: Can{Clients: true, New: true, Hanging: true, Import: true, Cover: true, Admin: true}, Demo: true, Now: 3, Handoffs: 1}
}

func outside(l i18n.Lang) Shell { return Shell{Lang: l, Day: storyDay} }

// Stories gives every view of the program.
func Stories() []Story {
	return slices.Concat(pageStories(), formStories(), officeStories(), wayStories(), portalStories(), workStories(), intakeStories(), planStories(), directoryStories())
}

// pageStories are the views that are read more than written.
func pageStories() []Story {
	return []Story{
		{"sign-in", []State{
			{"empty", func(l i18n.Lang) Page { return SignIn{Shell: outside(l)} }},
			{"again", func(l i18n.Lang) Page { return SignIn{Shell: outside(l), Name: "anna.laine", Again: true} }},
			{"left", func(l i18n.Lang) Page { return SignIn{Shell: outside(l), Left: true} }},
			{"error", func(l i18n.Lang) Page {
				return SignIn{Shell: outside(l), Name: "anna.laine", Wait: 240, Errors: Errors{{"password", l.T("signin.wrong")}}}
			}},
		}},
		{"first", []State{
			{"empty", func(l i18n.Lang) Page { return FirstAdmin{Shell: outside(l)} }},
			{"error", func(l i18n.Lang) Page {
				return FirstAdmin{Shell: outside(l), Name: "Anna Laine", Errors: Errors{{"code", l.T("first.wrong_code")}}}
			}},
		}},
		{"personas", []State{{"full", func(l i18n.Lang) Page { return storyPersonas(l) }}}},
		{"problem", storyProblems()},
		{"today", []State{
			{"full", func(l i18n.Lang) Page { return storyToday(l) }},
			{"empty", func(l i18n.Lang) Page { return Today{Shell: storyShell(l, NavToday), Calm: 38} }},
			{"keys-off", func(l i18n.Lang) Page { p := storyToday(l); p.KeysOff = true; return p }},
			{"undo", func(l i18n.Lang) Page {
				p := storyToday(l)
				p.Flash = &Flash{Text: l.T("flash.recorded"), Undo: "/c/c1/undo", Entry: "e1", Saved: "record:c1"}
				return p
			}},
		}},
		{"hanging", []State{
			{"full", func(l i18n.Lang) Page {
				return Hanging{Shell: storyShell(l, NavMore), Rows: withWorkers(storyRows(l)[:5]), Filter: storyFilter(l), Next: "/hanging?after=x"}
			}},
			{"empty", func(l i18n.Lang) Page { return Hanging{Shell: storyShell(l, NavMore)} }},
		}},
		{"clients", []State{
			{"full", func(l i18n.Lang) Page {
				return Caseload{Shell: storyShell(l, NavClients), Rows: manyRows(l, 40), Sort: "rank", Filter: storyFilter(l), Next: "/clients?after=x"}
			}},
			{"empty", func(l i18n.Lang) Page { return Caseload{Shell: storyShell(l, NavClients)} }},
		}},
		{"day", []State{
			{"full", func(l i18n.Lang) Page { return storyDayList(l) }},
			{"empty", func(l i18n.Lang) Page { return DayList{Shell: storyShell(l, NavMore), Printed: l.Day(storyDay)} }},
		}},
		{"client", []State{
			{"full", func(l i18n.Lang) Page { return storyClient(l) }},
			{"empty", func(l i18n.Lang) Page { return storyNewClient(l) }},
			{"ban", func(l i18n.Lang) Page { return storyBanned(l) }},
			{"closed", func(l i18n.Lang) Page { return storyClosed(l) }},
			{"part", func(l i18n.Lang) Page { return storyClient(l).Timeline }},
		}},
	}
}

func storyPersonas(l i18n.Lang) Personas {
	p := Personas{Shell: outside(l)}
	for _, x := range [][5]string{
		{"w1", "Anna Laine", "AL", "worker", "Koivulan työpaja"}, {"w2", "Mikko Harju", "MH", "instructor", "Rautalan etätoiminta"},
		{"w3", "Sari Koski", "SK", "coordinator", "Välittävät verkostot"}, {"w4", "Pekka Salo", "PS", "manager", "Pohjolan hanke"},
		{"w5", "Tiina Niemi", "TN", "admin", ""},
	} {
		p.Personas = append(p.Personas, Persona{ID: x[0], Name: x[1], Initials: x[2], Role: l.T("user_role." + x[3]), Sees: l.T("user_role." + x[3] + "_hint"), Unit: x[4]})
	}
	return p
}

func storyFilter(l i18n.Lang) Filter {
	return Filter{
		Who:     []Option{{Value: "mine", Text: l.T("filter.mine"), On: true}, {Value: "team", Text: l.T("filter.team")}},
		Service: []Option{{Text: l.T("filter.all_services")}, {Value: "ktt", Text: "Kuntouttava työtoiminta"}},
		Signal:  []Option{{Text: l.T("filter.all_reasons")}, {Value: "next_step", Text: l.T("row.no_step")}},
	}
}

func storyRows(l i18n.Lang) []Row {
	ktt, eta := "Kuntouttava työtoiminta", "Etätyöpaja"
	return []Row{
		{Client: "c1", Name: "Virtanen, Jaana", Reason: storyWord(l, "Seuraava askel myöhässä", "Nästa steg är försenat", "Next step is late"), Since: storyDay - 3, Service: ktt, Step: "Soitto terveysasemalle lähetteestä", By: storyDay - 3, Task: "t1", Phone: "040 123 4567", PhoneTel: "+358401234567", More: 2},
		{Client: "c2", Name: "Mäkelä, Joonas", Reason: storyWord(l, "Ei seuraavaa askelta", "Inget nästa steg", "No next step"), Since: storyDay - 1, Service: eta, PhoneTel: "+358441112223"},
		{Client: "c3", Name: "Nieminen, Aino-Kaisa", Ban: true, Reason: storyWord(l, "Ei yhteyttä 23 päivään", "Ingen kontakt på 23 dagar", "No contact for 23 days"), Since: storyDay - 2, Service: ktt, Step: "Tapaaminen kahvilla", By: storyDay, Minute: 13 * 60, Task: "t3"},
		{Client: "c4", Name: "Al-Hassan, Yusuf", Reason: storyWord(l, "Jakso yli enimmäisajan", "Fasen har gått över maxtiden", "Phase over its maximum"), Since: storyDay - 12, Service: "Välittävät verkostot", Step: "Jatkopalaveri TE-palvelun kanssa", By: storyDay + 2, Minute: 9*60 + 30, Task: "t4", PhoneTel: "+358505550123"},
		{Client: "c5", Name: "Korhonen, Ritva", Reason: storyWord(l, "Viikkotapaaminen puuttuu, vko 11", "Veckomötet saknas, v. 11", "Weekly meeting missing, wk 11"), Since: storyDay - 3, Service: ktt, Step: "Viikkotapaaminen", By: storyDay + 1, Minute: 10 * 60, Task: "t5", PhoneTel: "+358409998877"},
		{Client: "c6", Name: "Saarinen, Petteri", Reason: storyWord(l, "Alkumittari tekemättä", "Inledande mätning ogjord", "Start measure missing"), Since: storyDay - 6, Service: ktt, Step: "Työkykyarvio yhdessä", By: storyDay + 5, Task: "t6"},
		{Client: "c7", Name: "Lehtonen, Emma", Reason: storyWord(l, "Jakso päättyy pian", "Fasen slutar snart", "Phase ends soon"), Since: storyDay - 1, Service: eta, Step: "Tuo todistus kurssilta", Owner: l.T("owner.client"), By: storyDay + 6, Task: "t7"},
		{Client: "c8", Name: "Öberg, Karl-Johan", Reason: storyWord(l, "178 päivän raja lähestyy", "Gränsen på 178 dagar närmar sig", "The 178-day limit is near"), Since: storyDay, Service: ktt, Step: "Suunnitelman tarkistus", By: storyDay + 7, Minute: 14 * 60, Task: "t8"},
	}
}

func storyWord(l i18n.Lang, fi, sv, en string) string {
	switch l {
	case i18n.SV:
		return sv
	case i18n.EN:
		return en
	}
	return fi
}

func withWorkers(rows []Row) []Row {
	names := []string{"Anna Laine", "Mikko Harju", "Sari Koski"}
	for i := range rows {
		rows[i].Worker = names[i%3]
	}
	return rows
}

func manyRows(l i18n.Lang, n int) []Row {
	base := storyRows(l)
	rows := make([]Row, n)
	for i := range rows {
		rows[i] = base[i%len(base)]
		if i >= len(base) {
			rows[i].Reason, rows[i].More = "", 0
			rows[i].By = storyDay + civil.Date(i)
		}
	}
	return rows
}

func storyToday(l i18n.Lang) Today {
	r := storyRows(l)
	return Today{Shell: storyShell(l, NavToday),
		Groups: []Group{{ID: "now", Rows: r[:3]}, {ID: "waiting", Rows: r[3:6]}, {ID: "soon", Rows: r[6:], More: 4}},
		Meetings: []Meeting{
			{Minute: 8*60 + 15, Client: "c9", Name: "Heikkinen, Oona", What: "Aamupuhelu", Past: true},
			{Minute: 10 * 60, Minutes: 60, Client: "c5", Name: "Korhonen, Ritva", What: "Viikkotapaaminen", Place: "Työpaja, huone 2"},
			{Minute: 13 * 60, Client: "c3", Name: "Nieminen, Aino-Kaisa", What: "Tapaaminen"},
		},
		Handoffs: []WaitingHandoff{{ID: "h1", Client: "c10", Name: "Rantala, Sami", From: "Mikko Harju", Service: "Etätyöpaja",
			Why: "Sami siirtyy lähipäiville, ja teillä on jo hyvä yhteys.", Offered: storyDay - 2, AnswerBy: storyDay + 5}},
		Filter: storyFilter(l), Calm: 27, Hanging: 4, Unset: 6}
}

func storyDayList(l i18n.Lang) DayList {
	p := DayList{Shell: storyShell(l, NavMore), Meetings: storyToday(l).Meetings, Printed: l.Day(storyDay) + " " + l.Clock(8*60)}
	for _, r := range storyRows(l) {
		p.Lines = append(p.Lines, DayLine{Name: r.Name, Phone: r.Phone, Step: r.Step, Reason: r.Reason, By: r.By, Minute: r.Minute, Owner: r.Owner, Ban: r.Ban})
	}
	return p
}

func storyIdentity() Identity {
	return Identity{ID: "c1", Name: "Jaana Virtanen", Born: civil.New(1987, 3, 20), Age: 38, Birthday: storyDay + 2, Phone: "040 123 4567", PhoneTel: "+358401234567",
		Language: "suomi", Worker: "Anna Laine", Service: "Hyvinvointia ja työkykyä", Phase: "Kartoitusjakso", Status: pathway.Open}
}

func storyPicture() Picture {
	return Picture{
		Legs: []Leg{
			{Title: "Kartoitusjakso", State: "done", From: civil.New(2025, 9, 1), To: civil.New(2025, 12, 1)},
			{Title: "Kuntouttava valmennusjakso", State: "now", From: civil.New(2025, 12, 1), Day: 107, Of: 270},
			{Title: "Palkkatukityö", State: "ahead", Of: 180},
		},
		Stops: []Stop{
			{Name: "Ansioluettelo", Area: "Työ", State: "reached", Day: civil.New(2025, 10, 8), Leg: 0},
			{Name: "Päivärytmi", Area: "Arki", State: "reached", Day: civil.New(2025, 11, 12), Leg: 0},
			{Name: "Työkokeilu", Area: "Työ", State: "chosen", Leg: 1},
			{Name: "Lääkärikäynti", Area: "Kuntoutus", State: "dropped", Leg: 1},
		},
	}
}

func storyTimeline(l i18n.Lang) Timeline {
	names := Names(func(what, id string) string { return id })
	say := func(e entry.Entry) Said { return Say(l, &e, names) }
	item := func(id string, d civil.Date, minute int, b entry.Body, minutes int, mode entry.Mode) Item {
		e := entry.Entry{ID: id, Day: d, Minute: minute, Kind: b.Kind(), Minutes: minutes, Mode: mode, Body: b}
		return Item{ID: id, Day: d, Minute: minute, Kind: e.Kind, Said: say(e), Author: "Anna Laine", Correct: true}
	}
	t := Timeline{Shell: storyShell(l, NavNone), Client: "c1", Next: "/c/c1?before=x"}
	t.Items = []Item{
		item("e1", storyDay-1, 9*60+30, &entry.Contact{Form: entry.FormCall, Result: entry.Held, Topics: []string{"Työnhaku", "Arki"}, Text: "Jaana on nukkunut paremmin. Hän haluaa kokeilla kahta aamua viikossa kirjastolla ja kertoi siitä jo äidilleen."}, 25, entry.Phone),
		item("e2", storyDay-4, -1, &entry.Attendance{Group: "Perjantain ruokaryhmä", Theme: "Arki"}, 300, entry.OnSite),
		item("e3", storyDay-6, 13*60, &entry.Contact{Form: entry.FormMeeting, Result: entry.NoShow}, 0, ""),
		item("e4", storyDay-9, -1, &entry.Checkpoint{Area: "Työ", Item: "työkokeilu", State: entry.Chosen, Text: "Kirjasto kiinnostaa."}, 0, ""),
		item("e5", storyDay-14, -1, &entry.Absence{Reason: entry.Sick, Group: "Perjantain ruokaryhmä"}, 0, ""),
		item("e6", storyDay-20, -1, &entry.Measure{Instrument: "Työkyky nyt", When: "middle", Values: map[string]float64{"q": 6.5}, Helped: true}, 0, ""),
		item("e7", storyDay-33, 10*60, &entry.Review{Plan: "Valmennussuunnitelma", Text: "Jatketaan samaan suuntaan."}, 60, entry.Remote),
		item("e8", storyDay-40, -1, &entry.Handoff{Handoff: "h", Step: entry.HandoffAccepted, From: "Mikko Harju", To: "Anna Laine"}, 0, ""),
		item("e9", storyDay-61, -1, &entry.Phase{Phase: "Kuntouttava valmennusjakso", Why: "Kartoituksen aiheet on käyty läpi ja suunnitelma sovittu."}, 0, ""),
	}
	old := entry.Entry{Kind: entry.KindContact, Minute: -1, Body: &entry.Contact{Form: entry.FormCall, Result: entry.NoAnswer, Text: "Ei vastannut."}}
	t.Items[0].Old = []Old{{Said: say(old), Author: "Anna Laine", When: l.DayShort(storyDay - 1)}}
	t.Items[4].Retract = true
	return t
}

func storyClient(l i18n.Lang) Client {
	s := storyShell(l, NavNone)
	s.Client = "c1"
	return Client{Shell: s, Who: storyIdentity(), Picture: storyPicture(),
		Paths: []PathTab{{Href: "/c/c1", Name: "Hyvinvointia ja työkykyä", State: "", Current: true}, {Href: "/c/c1?path=p2", Name: "Ruokaryhmä", State: l.T("station.done")}},
		Next:  &Step{Task: "t1", What: "Tutustumiskäynti kirjastolla yhdessä", Owner: "Anna Laine", By: storyDay + 1, Minute: 10 * 60, Place: "Pääkirjasto"},
		Tasks: []Step{{Task: "t2", What: "Tuo verokortti", Owner: l.T("owner.client"), By: storyDay + 6}, {Task: "t3", What: "Kysy korttikoulutuksen päivä", Owner: "Anna Laine", By: storyDay - 2}},
		Duties: []Duty{
			{ID: "valmennus/yksilo/2026-03", What: "Kuukausitapaaminen", Who: "Anna Laine", Status: pathway.Due, Due: civil.New(2026, 3, 31), Progress: "0/1", Source: "Palvelumalli: valmennusjakso, yksilötapaaminen", Closable: true},
			{ID: "review/2026-03", What: "Suunnitelman tarkistus", Who: "Anna Laine", Status: pathway.Overdue, Due: storyDay - 2, Source: "Laki 189/2001 9 §", Law: true, Closable: true},
			{ID: "valmennus/ryhma/2026-02", What: "Ryhmävalmennus, helmikuu", Status: pathway.Late, Due: storyDay - 1, Progress: "0/1", Source: "Palvelumalli", Closable: true},
		},
		Timeline: storyTimeline(l),
		Circle:   []Person{{Name: "Mikko Harju", Role: "ohjaaja"}, {Name: "Sari Koski", Role: "sijaistaa", Until: storyDay + 9, Phone: "044 111 2233", PhoneTel: "+358441112233"}},
		Plans:    []PlanLine{{Name: "Valmennussuunnitelma", Agreed: civil.New(2025, 12, 15), Review: storyDay - 2, Text: "Tavoite: kaksi aamua viikossa kodin ulkopuolella kesään mennessä."}},
		Offers:   []OfferLine{{Name: "Hygieniapassi", State: "tarjottu", Price: l.Euro(6200), By: storyDay + 20}},
		Topics:   []Topic{{"Kokonaistilanne", storyDay - 90}, {"Työhistoria", storyDay - 61}, {"Työnhaku", storyDay - 1}, {"Opinnot", 0}, {"Talous", 0}},
		Allow:    ClientCan{Record: true, HandOver: true, Exit: true, Pause: true, Phase: true}}
}

func storyNewClient(l i18n.Lang) Client {
	s := storyShell(l, NavNone)
	return Client{Shell: s, Who: Identity{ID: "c2", Name: "Joonas M.", Provisional: true, Worker: "Anna Laine", Service: "Etätyöpaja", Status: pathway.Open},
		Picture: Picture{Legs: []Leg{{Title: "Alku", State: "now", Day: 1}}}, Timeline: Timeline{Shell: s, Client: "c2"}, Allow: ClientCan{Record: true, HandOver: true, Exit: true}}
}

func storyBanned(l i18n.Lang) Client {
	c := storyClient(l)
	c.Who.Name, c.Who.Ban, c.Who.Status, c.Who.PauseCheck = "Aino-Kaisa Nieminen", true, pathway.Paused, storyDay+12
	c.Picture.Paused, c.Handoff, c.HandID = true, "Sari Koski", "h1"
	c.Next.By, c.Who.Birthday = storyDay-3, 0
	return c
}

func storyClosed(l i18n.Lang) Client {
	c := storyClient(l)
	c.Who.Status, c.Who.ClosedTo, c.Who.Closed = pathway.Closed, "opiskelu", storyDay-30
	c.Picture.Legs[1].State, c.Picture.Legs[1].To = "done", storyDay-30
	c.Picture.Legs = c.Picture.Legs[:2]
	c.Picture.Left, c.Picture.Exit = true, "Opiskelu"
	c.Next, c.Duties, c.Tasks, c.Paths, c.Allow = nil, nil, nil, nil, ClientCan{Record: true, Reopen: true}
	return c
}
