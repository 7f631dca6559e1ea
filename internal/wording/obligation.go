package wording

import (
	"strconv"
	"strings"

	"polku/internal/civil"
	"polku/internal/i18n"
	"polku/internal/model"
	"polku/internal/pathway"
)

// Obligation says what is owed: "Yksilötapaaminen, vko 7". m is the path's model; nil: ids stand for its own words.
func Obligation(o pathway.Obligation, m *model.Model, lang i18n.Lang) string {
	key := "obligation." + string(o.Kind)
	switch o.Kind {
	case pathway.OwesCadence:
		first := o.From
		if o.Misses > 1 {
			first = o.Since
		}
		return lang.T(key, "what", cadence(o.Phase, o.Rule, m, lang), "window", window(every(o.ID), first, o.From, lang))
	case pathway.OwesMeasure:
		if strings.HasSuffix(o.ID, "/end") {
			return lang.T(key+".end", "what", word(o.Rule, m, lang))
		}
		return lang.T(key+".start", "what", word(o.Rule, m, lang))
	case pathway.OwesOffer:
		return lang.T(key, "what", offer(o.Phase, o.Rule, m, lang))
	case pathway.OwesFollowUp:
		return lang.T(key, "what", spanText(o.Rule, lang))
	case pathway.OwesHandoff:
		return lang.T(key + "." + o.Rule)
	case pathway.OwesRenewal:
		return lang.T(key)
	}
	return lang.T(key, "what", word(o.Rule, m, lang))
}

// every tells the kind of window from the id of a cadence's obligation.
func every(id string) string {
	name := id[strings.LastIndexByte(id, '/')+1:]
	switch {
	case name == "phase":
		return "phase"
	case strings.Contains(name, "-W"):
		return "week"
	}
	return "month"
}

// cadence gives the title of a cadence: its own, or what it asks for.
func cadence(phase, id string, m *model.Model, lang i18n.Lang) string {
	if m == nil || m.Phase(phase) == nil {
		return id
	}
	p := m.Phase(phase)
	for i := range p.Cadences {
		c := &p.Cadences[i]
		if c.ID != id {
			continue
		}
		if title := c.Title.In(string(lang)); title != "" {
			return title
		}
		return lang.T("describe.do." + string(c.Do))
	}
	return id
}

// offer gives the name of an offer: the word of its kind.
func offer(phase, id string, m *model.Model, lang i18n.Lang) string {
	if m != nil && m.Phase(phase) != nil {
		for _, o := range m.Phase(phase).Offers {
			if o.ID == id {
				return word(o.Kind, m, lang)
			}
		}
	}
	return word(id, m, lang)
}

// ObligationID says what an obligation was about when only its id is left, as in an excuse of last year.
func ObligationID(id string, m *model.Model, lang i18n.Lang) string {
	if o, ok := fromID(id); ok {
		return Obligation(o, m, lang)
	}
	return id
}

// fromID makes out of an id as much of its obligation as words need; false when it is not of a form we write.
func fromID(id string) (pathway.Obligation, bool) {
	parts := strings.Split(id, "/")
	phase, _, _ := strings.Cut(parts[0], ".") // phase.2: the second stay
	o := pathway.Obligation{ID: id, Phase: phase}
	switch {
	case id == "first_contact":
		o.Kind = pathway.OwesContact
	case len(parts) == 2 && phase == "follow_up":
		o.Kind, o.Rule = pathway.OwesFollowUp, parts[1]
	case len(parts) == 2 && phase == "renewal":
		o.Kind = pathway.OwesRenewal
	case len(parts) == 2 && parts[1] == "phase_end":
		o.Kind, o.Rule = pathway.OwesPhaseEnd, phase
	case len(parts) == 3 && phase == "review":
		o.Kind, o.Rule = pathway.OwesReview, parts[1]
	case len(parts) == 3 && phase == "exit":
		o.Kind, o.Rule = pathway.OwesExit, parts[1]
	case len(parts) == 4 && phase == "exit" && parts[3] == "contact":
		o.Kind, o.Rule = pathway.OwesExitContact, parts[1]
	case len(parts) == 2 && phase == "return":
		o.Kind, o.Rule = pathway.OwesReturn, "return"
	case len(parts) == 3 && phase == "handoff" && (parts[2] == "answer" || parts[2] == "first_contact"):
		o.Kind, o.Rule = pathway.OwesHandoff, parts[2]
	case len(parts) == 3 && parts[1] == "topic":
		o.Kind, o.Rule = pathway.OwesTopic, parts[2]
	case len(parts) == 3 && parts[1] == "offer":
		o.Kind, o.Rule = pathway.OwesOffer, parts[2]
	case len(parts) == 4 && parts[1] == "measure":
		o.Kind, o.Rule = pathway.OwesMeasure, parts[2]
	case len(parts) == 3:
		day, ok := windowDay(parts[2])
		if !ok {
			return o, false
		}
		o.Kind, o.Rule, o.From = pathway.OwesCadence, parts[1], day
	default:
		return o, false
	}
	return o, true
}

// windowDay gives a day in the window of a name: 2026-W07, 2026-03, phase.
func windowDay(name string) (civil.Date, bool) {
	if name == "phase" {
		return 0, true
	}
	if d, err := civil.Parse(name + "-01"); err == nil {
		return d, true
	}
	year, number, ok := strings.Cut(name, "-W")
	y, err := strconv.Atoi(year)
	w, err2 := strconv.Atoi(number)
	if !ok || err != nil || err2 != nil || y < 1900 || y > 2200 || w < 1 || w > 53 {
		return 0, false
	}
	return civil.New(y, 1, 4).Monday() + civil.Date(7*(w-1)), true // 4 January is always in week 1
}
