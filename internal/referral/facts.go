package referral

import (
	"slices"
	"strconv"
	"strings"

	"polku/internal/civil"
	"polku/internal/model"
)

// Facts are what a referral tells of what the model's entry.eligible_if asks, named as model.Fields; what was not told is
// missing, so that the explanation says that it is still to be asked.
func (r Referral) Facts(today civil.Date) map[string]any {
	known := map[string]any{"source": r.Source, "has_phone": r.Phone != ""}
	if !r.Born.IsZero() {
		known["age"] = ageOn(r.Born, today)
	}
	for field, text := range map[string]string{"language": r.Lang, "municipality": r.Municipality, "benefit": r.Answers["benefit"],
		"previous_service": r.Answers["previous_service"], "reason": r.Answers["reason"]} {
		if text != "" {
			known[field] = text
		}
	}
	if r.Source == "self" || r.Answers["consents"] == "yes" {
		known["consents"] = true
	}
	if since, ok := day(r.Answers["unemployed_since"]); ok && since <= today {
		known["unemployed_days"], known["unemployed_months"] = int(today-since), monthsBetween(since, today)
	}
	if days, err := strconv.Atoi(strings.TrimSpace(r.Answers["unemployed_days"])); err == nil && days >= 0 {
		known["unemployed_days"] = days
	}
	facts := map[string]any{}
	for _, f := range model.Fields { // each is "client." or "refer." and what is known
		_, of, _ := strings.Cut(f.Name, ".")
		if value, is := known[of]; is {
			facts[f.Name] = value
		}
	}
	return facts
}

func ageOn(born, today civil.Date) int { return monthsBetween(born, today) / 12 }

// monthsBetween counts whole months.
func monthsBetween(from, to civil.Date) int {
	y1, m1, d1 := from.Parts()
	y2, m2, d2 := to.Parts()
	n := (y2-y1)*12 + m2 - m1
	if d2 < d1 {
		n--
	}
	return n
}

func day(text string) (civil.Date, bool) {
	d, err := civil.Parse(strings.TrimSpace(text))
	return d, err == nil
}

// Question that a referral form asks.
type Question struct {
	ID   string // key of Answers
	Kind string // text, long, day, number, yes, or a kind of the model's words that it is chosen from
}

// kindOf says how a question is answered; others are answered in words.
var kindOf = map[string]string{"reason": model.KindReason, "unemployed_since": "day", "unemployed_days": "number", "benefit": model.KindBenefit,
	"consents": "yes", "previous_service": model.KindService, "mapping_summary": "long", "wishes": "long", "work_ability": "long", "earlier_plan": "long"}

// Asks gives what the model's referral form asks beside who the person is: entry.referral_asks in its order, then what
// eligibility needs and nobody has asked. No question is asked whose answer stands elsewhere on the form (the language, the
// municipality, the age).
func Asks(m *model.Model) []Question {
	ids := slices.DeleteFunc(slices.Clone(m.Entry.ReferralAsks), func(id string) bool { return id == "language" })
	for _, field := range fieldsOf(m.Entry.EligibleIf) {
		id, of, _ := strings.Cut(field, ".")
		if id != "client" || slices.Contains([]string{"age", "language", "municipality", "has_phone", "unemployed_months"}, of) || slices.Contains(ids, of) ||
			of == "unemployed_days" && slices.Contains(ids, "unemployed_since") {
			continue
		}
		ids = append(ids, of)
	}
	var all []Question
	for _, id := range ids {
		kind := kindOf[id]
		if kind == "" {
			kind = "text"
		}
		all = append(all, Question{id, kind})
	}
	return all
}

// fieldsOf names the fields that a condition asks about, each once.
func fieldsOf(c *model.Condition) []string {
	if c == nil {
		return nil
	}
	var all []string
	if c.Field != "" {
		all = append(all, c.Field)
	}
	for _, list := range [][]model.Condition{c.All, c.Any} {
		for i := range list {
			for _, f := range fieldsOf(&list[i]) {
				if !slices.Contains(all, f) {
					all = append(all, f)
				}
			}
		}
	}
	return all
}
