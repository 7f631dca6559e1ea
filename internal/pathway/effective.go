package pathway

import "polku/internal/entry"

// Effective gives the entries as they stand after corrections and retractions, in the journal's order: what
// lists and balances beside the engine are made from. The input is not changed.
func Effective(entries []entry.Entry) []*entry.Entry {
	var v Evaluator
	v.arrange(entries)
	return v.entries
}
