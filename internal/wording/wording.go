// Package wording says in Finnish, Swedish or English what the pathway engine answers with keys and figures:
// signals, obligations, statuses, reasons, stations. The heart stays without words, the screens without rules.
package wording

import (
	"strconv"
	"strings"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/i18n"
	"polku/internal/model"
	"polku/internal/pathway"
	"polku/internal/ruleset"
)

// word names an id of a model; a nil model knows the shared vocabulary only.
func word(id string, m *model.Model, lang i18n.Lang) string {
	if m == nil {
		return model.SharedWord(id, string(lang))
	}
	return m.Word(id, string(lang))
}

// Span is a length in words: 6 kuukautta, 5 arkipäivää. The missing span is "".
func Span(s civil.Span, lang i18n.Lang) string {
	if s.IsZero() {
		return ""
	}
	return lang.N("span."+strings.ReplaceAll(string(s.Unit), " ", "_"), s.N)
}

func spanText(text string, lang i18n.Lang) string {
	s, err := civil.ParseSpan(text)
	if err != nil {
		return text
	}
	return Span(s, lang)
}

// Task is what an open task is about: the words people wrote, or what is booked.
func Task(t pathway.OpenTask, lang i18n.Lang) string {
	switch {
	case t.What != "":
		return t.What
	case t.Booked != "":
		if key := "task_word.booked." + string(t.Booked); i18n.Has(key) {
			return lang.T(key)
		}
		return lang.T("task_word.booked.other")
	case t.From == entry.FromPause:
		return lang.T("task_word.pause_check")
	}
	return ""
}

// Status of an obligation in words.
func Status(s pathway.ObligationStatus, lang i18n.Lang) string {
	return lang.T("duty_status." + string(s))
}

// PathStatus in words.
func PathStatus(s pathway.Status, lang i18n.Lang) string { return lang.T("status." + string(s)) }

// Group of the Today page in words.
func Group(g pathway.Group, lang i18n.Lang) string { return lang.T("today.group." + string(g)) }

// Why gives an obligation's reason: the catalogue's when it is one of the engine's, else the words people wrote.
func Why(o pathway.Obligation, lang i18n.Lang) string {
	if o.Status != pathway.CouldNot && o.Status != pathway.Waived && i18n.Has("why."+o.Why) {
		return lang.T("why." + o.Why)
	}
	return o.Why
}

// Station gives the name of a station and its state in words.
func Station(s pathway.Station, m *model.Model, lang i18n.Lang) (title, state string) {
	id := s.ID
	if s.Kind == pathway.StationCheckpoint {
		_, id, _ = strings.Cut(id, "/")
	}
	return word(id, m, lang), lang.T("station." + s.State)
}

// Unknown says what could not be judged, given an item of State.Unknown.
func Unknown(item string, lang i18n.Lang) string {
	kind, what, _ := strings.Cut(item, "/")
	if pack, since, ok := strings.Cut(what, "@"); ok && kind == "rules" {
		if day, err := civil.Parse(since); err == nil {
			return lang.T("unknown.rules_since", "what", pack, "day", lang.Day(day))
		}
		return lang.T("unknown.rules", "what", pack)
	}
	return lang.T("unknown."+kind, "what", what)
}

// Source says where a rule comes from: the statute section, or the place and line in the model's file.
func Source(source string, m *model.Model, lang i18n.Lang) string {
	kind, what, _ := strings.Cut(source, ":")
	if kind == "law" {
		return lang.T("source.law", "what", ruleset.Statute(what, lang))
	}
	if m != nil && m.Line(what) > 0 {
		return lang.T("source.model_line", "what", what, "line", m.Line(what))
	}
	return lang.T("source.model", "what", what)
}

// week is the number of a day's ISO week.
func week(d civil.Date) string {
	_, w := d.Week()
	return strconv.Itoa(w)
}

// window names the windows of a cadence from the one that holds first to the one that holds last.
func window(every string, first, last civil.Date, lang i18n.Lang) string {
	switch every {
	case "week":
		if first.Monday() == last.Monday() {
			return lang.T("window.week", "week", week(last))
		}
		return lang.T("window.weeks", "first", week(first), "last", week(last))
	case "month":
		if first.MonthStart() == last.MonthStart() {
			return month(last, lang)
		}
		return lang.T("window.months", "first", month(first, lang), "last", month(last, lang))
	}
	return lang.T("window.phase")
}

func month(d civil.Date, lang i18n.Lang) string {
	y, m, _ := d.Parts()
	return lang.T("window.month", "month", lang.MonthName(m), "year", y)
}
