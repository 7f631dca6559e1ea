package model

import "polku/internal/i18n"

// Holds tells how a comparison came out.
type Holds string

// A comparison holds, does not, or cannot be told because the fact is missing.
const (
	Met     Holds = "met"
	Unmet   Holds = "unmet"
	Unknown Holds = "unknown"
)

// Reason is one comparison with what was found.
type Reason struct {
	Rule  Condition
	Holds Holds
	Got   any // the fact; nil when unknown
}

// Text says the reason: "Ei täyty: työttömyyspäivien määrä on vähintään 300 (nyt 120)."
func (r Reason) Text(lang i18n.Lang) string {
	return lang.T("reason."+string(r.Holds), "rule", r.Rule.Explain(lang), "got", r.Rule.say(r.Got, lang),
		"field", lang.T("field."+r.Rule.Field))
}

// Eval compares with facts, named as Fields: int, int64, float64, string or bool. ok is true only when the
// condition surely holds; why has every comparison that was made, so that a face can say why or what is still to be
// asked. A nil condition holds for everybody.
func (c *Condition) Eval(facts map[string]any) (ok bool, why []Reason) {
	holds, why := c.eval(facts)
	return holds == Met, why
}

func (c *Condition) eval(facts map[string]any) (Holds, []Reason) {
	switch {
	case c == nil:
		return Met, nil
	case len(c.All) > 0:
		return evalList(c.All, facts, Unmet, Met)
	case len(c.Any) > 0:
		return evalList(c.Any, facts, Met, Unmet)
	}
	got, known := facts[c.Field]
	r := Reason{Rule: *c, Got: got}
	switch {
	case c.Op == Known:
		r.Holds = holds(known == (c.Value != false))
	case !known || got == nil:
		r.Holds, r.Got = Unknown, nil
	default:
		r.Holds = c.compare(got)
	}
	return r.Holds, []Reason{r}
}

// evalList: one decides (met in any, unmet in all); else unknown if anything is unknown; else the other.
func evalList(list []Condition, facts map[string]any, decides, otherwise Holds) (Holds, []Reason) {
	result := otherwise
	var why []Reason
	for i := range list {
		h, w := list[i].eval(facts)
		why = append(why, w...)
		if h == decides {
			result = decides
		} else if h == Unknown && result != decides {
			result = Unknown
		}
	}
	return result, why
}

func (c *Condition) compare(got any) Holds {
	if want, ok := number(c.Value); ok {
		have, ok := number(got)
		if !ok {
			return Unknown // a fact of another type tells nothing
		}
		switch c.Op {
		case Is:
			return holds(have == want)
		case IsNot:
			return holds(have != want)
		case AtLeast:
			return holds(have >= want)
		case AtMost:
			return holds(have <= want)
		}
		return Unknown
	}
	if list, ok := c.Value.([]string); ok {
		s, ok := got.(string)
		if !ok {
			return Unknown
		}
		return holds(has(list, s))
	}
	switch c.Value.(type) {
	case string:
		if _, ok := got.(string); !ok {
			return Unknown
		}
	case bool:
		if _, ok := got.(bool); !ok {
			return Unknown
		}
	default:
		return Unknown
	}
	return holds((got == c.Value) == (c.Op == Is))
}

func holds(yes bool) Holds {
	if yes {
		return Met
	}
	return Unmet
}

func number(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}
