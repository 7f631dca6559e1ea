package logview

import (
	"strconv"
	"strings"
	"time"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/i18n"
)

// Text is a view in words: what a screen, a document or a terminal shows.
type Text struct {
	Title, Lead  string
	Sums         []string // short sentences about all of it
	Days         []DayText
	Told, Opened []Line
	Notes        []string // what else the client should know
}

// DayText is one day in words.
type DayText struct {
	Title string // Maanantai 2.3.2026
	Lines []Line
}

// Line is one sentence with what is beside it.
type Line struct {
	Said  string // Anna Ohjaaja avasi tietosi 3 kertaa.
	What  string // what of the data
	When  string
	Why   string
	As    string // as what: role and relation as of then; empty: not known, or it goes without saying
	Quiet bool   // only lists: of less weight
}

// Words puts a view into words, to the client themselves. Clock times are the zone's.
func (o Own) Words(lang i18n.Lang, zone *time.Location) Text {
	t := Text{Title: lang.T("logs.own.title"), Lead: lang.T("logs.own.lead", "from", lang.Day(o.From), "to", lang.Day(o.To))}
	uses, people := 0, map[string]bool{}
	for _, d := range o.Days {
		day := DayText{Title: lang.T("logs.weekday."+strconv.Itoa(d.Day.Weekday())) + " " + lang.Day(d.Day)}
		for _, p := range d.People {
			uses += p.Opened
			people[p.Worker+p.Console] = true
			day.Lines = append(day.Lines, p.words(lang))
		}
		t.Days = append(t.Days, day)
	}
	for _, x := range o.Told {
		t.Told = append(t.Told, x.words(lang, zone))
	}
	for _, x := range o.Opened {
		t.Opened = append(t.Opened, Line{Said: lang.T("logs.own.opened_said", "who", named(x.Worker, x.Title, lang)), When: when(lang, x.At, zone), Why: x.Why})
	}
	t.Sums = append(t.Sums, lang.N("logs.own.sum_people", len(people)), lang.N("logs.own.sum_uses", uses))
	if len(o.Told) > 0 {
		t.Sums = append(t.Sums, lang.N("logs.own.sum_told", len(o.Told)))
	}
	if len(o.Opened) > 0 {
		t.Sums = append(t.Sums, lang.N("logs.own.sum_opened", len(o.Opened)))
	}
	if o.Cut {
		t.Notes = append(t.Notes, lang.T("logs.own.cut"))
	}
	if o.Ban {
		t.Notes = append(t.Notes, lang.T("logs.own.ban"))
	} else {
		t.Notes = append(t.Notes, lang.T("logs.own.register", "register", o.Register, "controller", o.Controller))
	}
	t.Notes = append(t.Notes, lang.T("logs.own.older"), lang.T("logs.own.ask"), lang.T("client.elsewhere"))
	return t
}

// named is a name with its title, as far as they are known.
func named(name, title string, lang i18n.Lang) string {
	switch {
	case name == "":
		return lang.T("logs.own.unknown")
	case title == "":
		return name
	}
	return name + " (" + title + ")"
}

func (p Person) words(lang i18n.Lang) Line {
	who := named(p.Name, p.Title, lang)
	if p.Console != "" {
		who = lang.T("logs.own.console", "user", p.Console)
	} else if p.Worker == actor.ParticipantWorker {
		who = lang.T("logs.own.client")
	} else if p.Name == "" {
		who = lang.T("logs.own.program")
	}
	l := Line{Quiet: p.Opened == 0}
	if p.Opened > 0 {
		l.Said = lang.N("logs.own.used", p.Opened, "who", who)
	} else {
		l.Said = lang.N("logs.own.listed", p.Lists, "who", who)
	}
	var what, why []string
	for _, a := range p.Acts {
		text := lang.T("logs.act." + a.What)
		if a.Times > 1 && len(p.Acts) > 1 {
			text += " (" + strconv.Itoa(a.Times) + ")"
		}
		what = append(what, text)
	}
	var as []string
	for _, s := range p.As {
		role, relation, _ := strings.Cut(s, "/")
		if role == "" {
			as = append(as, lang.T("logs.as."+relation))
		} else {
			as = append(as, lang.T("logs.as.with_role", "role", lang.T("user_role."+role), "relation", lang.T("logs.as."+relation)))
		}
	}
	l.As = strings.Join(as, ", ")
	for _, purpose := range p.Purposes {
		why = append(why, lang.T("logs.purpose."+string(purpose)))
	}
	l.What, l.Why = strings.Join(what, ", "), strings.Join(why, ", ")
	l.When = lang.T("logs.own.at", "t", lang.Clock(p.First))
	if p.First != p.Last {
		l.When = lang.T("logs.own.between", "from", lang.Clock(p.First), "to", lang.Clock(p.Last))
	}
	return l
}

func (x Told) words(lang i18n.Lang, zone *time.Location) Line {
	var scopes []string
	for _, s := range x.Scopes {
		if key := "consent.scope." + s; i18n.Has(key) {
			s = lang.T(key)
		}
		scopes = append(scopes, s)
	}
	receiver := x.Receiver
	if receiver == "" {
		receiver = lang.T("logs.own.you")
	}
	why := lang.T("logs.basis." + string(x.Basis))
	if x.Section != "" {
		why += " (" + x.Section + ")"
	}
	if x.Purpose != "" {
		why += ". " + x.Purpose
	}
	if x.Asked != "" {
		why += ". " + lang.T("logs.own.asked", "who", x.Asked)
	}
	return Line{Said: lang.T("logs.own.told_said", "who", named(x.Worker, x.Title, lang), "receiver", receiver), What: strings.Join(scopes, ", "),
		When: when(lang, x.At, zone), Why: why}
}

func when(lang i18n.Lang, micros int64, zone *time.Location) string {
	at := time.UnixMicro(micros).In(zone)
	return lang.Day(civil.Of(at, zone)) + " " + lang.T("logs.own.at", "t", lang.Clock(at.Hour()*60+at.Minute()))
}
