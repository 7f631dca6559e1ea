package wording

import (
	"strings"

	"polku/internal/civil"
	"polku/internal/i18n"
	"polku/internal/model"
	"polku/internal/pathway"
)

// Signal says a signal in words: "ei seuraavaa askelta", "Yksilötapaaminen puuttuu, vko 12". m is the path's model; nil: ids
// stand for its own words. Arguments may have been through JSON: days as text and figures as float64 are understood.
func Signal(s pathway.Signal, m *model.Model, lang i18n.Lang) string {
	rule, phase := text(s.Args["rule"]), text(s.Args["phase"])
	args := []any{"day", shortDay(s.Args["day"], lang), "last", shortDay(s.Args["last"], lang), "week", week(day(s.Args["week"])),
		"n", number(s.Args["n"]), "limit", number(s.Args["limit"])}
	switch s.Key { // days that may lie far back are told with their year
	case "signal.silence":
		return lang.T(s.Key, "last", lang.Day(day(s.Args["last"])))
	case "signal.limit_period", "signal.limit_period_near":
		return lang.T(s.Key, "day", lang.Day(day(s.Args["day"])), "limit", number(s.Args["limit"]))
	case "signal.cadence_missed":
		first, last := day(s.Args["first"]), day(s.Args["last"])
		key := s.Key
		if number(s.Args["misses"]) > 1 {
			key += "_row"
		}
		return lang.T(key, "what", model.InSentence(cadence(phase, rule, m, lang)), "window", window(text(s.Args["every"]), first, last, lang))
	case "signal.absences_in_row":
		return lang.N(s.Key, number(s.Args["count"]), "last", shortDay(s.Args["last"], lang))
	case "signal.limit_minutes_a_week", "signal.limit_short_day", "signal.limit_long_day":
		return lang.T(s.Key, "day", shortDay(s.Args["day"], lang), "week", week(day(s.Args["week"])),
			"n", lang.Length(number(s.Args["n"])), "limit", lang.Length(number(s.Args["limit"])))
	case "signal.offer_overdue":
		args = append(args, "what", model.InSentence(offer(phase, rule, m, lang)))
	case "signal.follow_up_overdue":
		args = append(args, "what", spanText(rule, lang))
	case "signal.phase_over", "signal.phase_ending", "signal.phase_past_target":
		args = append(args, "what", model.InSentence(word(phase, m, lang)))
	default:
		args = append(args, "what", model.InSentence(word(rule, m, lang)))
	}
	return lang.T(s.Key, args...)
}

// TellsWhen tells whether the words of a signal name a day or a week, so that nobody need add since when it is there.
func TellsWhen(s pathway.Signal) bool {
	words := i18n.FI.T(s.Key) // with its {places}: no arguments fill them
	return strings.Contains(words, "{day}") || strings.Contains(words, "{last}") || strings.Contains(words, "{week}") || strings.Contains(words, "{window}")
}

func text(v any) string {
	s, _ := v.(string)
	return s
}

func number(v any) int {
	switch v := v.(type) {
	case int:
		return v
	case float64:
		return int(v)
	}
	return 0
}

// day reads a day that may be text; the missing day becomes 1 January of year 1, which no text shows.
func day(v any) civil.Date {
	switch v := v.(type) {
	case civil.Date:
		return max(v, 1)
	case string:
		if d, err := civil.Parse(strings.TrimSpace(v)); err == nil {
			return d
		}
	}
	return 1
}

// shortDay is a day as lists show it: 1.3. or 1 Mar, without the weekday.
func shortDay(v any, lang i18n.Lang) string {
	d := day(v)
	if d == 1 {
		return ""
	}
	_, date, _ := strings.Cut(lang.DayShort(d), " ")
	return date
}
