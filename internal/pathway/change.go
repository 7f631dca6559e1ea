package pathway

import (
	"reflect"

	"polku/internal/civil"
)

// Same tells whether two States say the same of a path. Left out are Today and PhaseDay, which count days, and
// NextChange, which says when Same becomes false.
func Same(a, b State) bool {
	a.Today, a.PhaseDay, a.NextChange = b.Today, b.PhaseDay, b.NextChange
	return reflect.DeepEqual(a, b)
}

// maxSteps bounds the search for the next change. The day found then may be early, never late.
const maxSteps = 60

// nextChange finds the first day after s.Today on which State differs if nothing is recorded; zero: never. While
// judging, on notes the days on which something may change; the first that really changes something is the answer.
func (v *Evaluator) nextChange(s *State) civil.Date {
	for range maxSteps {
		if v.maybe.IsZero() || !v.sure.IsZero() && v.sure <= v.maybe {
			return v.sure
		}
		day := v.maybe
		if later := v.on(day, false); !Same(*s, later) {
			return day
		}
	}
	if v.maybe.IsZero() {
		return v.sure
	}
	return v.maybe
}
