package yamlfile

import "polku/internal/civil"

// maxSpan keeps lengths within what a service can mean: about ten years of days.
const maxSpan = 4000

// Span reads a length in any of the forms people write: "3 months", {days: 21}, {days: 5, counted: working}, {week: 8}.
func (v Node) Span() civil.Span {
	if v.IsText() {
		s, err := civil.ParseSpan(v.n.Value)
		if err != nil || s.N < 1 || s.N > maxSpan {
			v.Wrong("yaml.bad_span", "value", short(v.n.Value))
			return civil.Span{}
		}
		return s
	}
	if !v.IsMap() {
		v.Wrong("yaml.bad_span", "value", "[…]")
		return civil.Span{}
	}
	f := v.Map("day", "days", "week", "weeks", "month", "months", "counted")
	var out civil.Span
	for _, unit := range []struct {
		name string
		unit civil.Unit
	}{{"day", civil.Days}, {"days", civil.Days}, {"week", civil.Weeks}, {"weeks", civil.Weeks}, {"month", civil.Months}, {"months", civil.Months}} {
		n, ok := f.Opt(unit.name)
		if !ok {
			continue
		}
		if !out.IsZero() {
			n.Wrong("yaml.two_units")
			return civil.Span{}
		}
		out = civil.Span{N: int(n.Int(1, maxSpan)), Unit: unit.unit}
	}
	if counted, ok := f.Opt("counted"); ok && counted.OneOf("working", "calendar") == "working" {
		if out.Unit != civil.Days {
			counted.Wrong("yaml.working_needs_days")
			return civil.Span{}
		}
		out.Unit = civil.WorkingDays
	}
	if out.IsZero() && len(f.Names) == 0 {
		v.Wrong("yaml.bad_span", "value", "{}")
	}
	return out
}
