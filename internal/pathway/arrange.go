package pathway

import (
	"slices"
	"time"

	"polku/internal/civil"
	"polku/internal/entry"
)

// arrange puts the entries in the journal's order and applies corrections. Ids are taken to be unique; the
// same entry twice counts once.
func (v *Evaluator) arrange(entries []entry.Entry) {
	v.entries = v.entries[:0]
	corrections := 0
	for i := range entries {
		e := &entries[i]
		if e.Body == nil {
			continue
		}
		if e.Corrects != "" {
			corrections++
		}
		v.entries = append(v.entries, e)
	}
	if corrections > 0 {
		v.entries = corrected(v.entries, corrections)
	}
	sorted := true
	for i := 1; i < len(v.entries) && sorted; i++ {
		a, b := v.entries[i-1], v.entries[i]
		sorted = inOrder(a, b) < 0
	}
	if !sorted {
		slices.SortStableFunc(v.entries, inOrder)
		v.entries = slices.CompactFunc(v.entries, func(a, b *entry.Entry) bool { return a.ID == b.ID })
	}
}

// inOrder is entry.Compare, made quick: most pairs differ by day.
func inOrder(a, b *entry.Entry) int {
	switch {
	case a.Day != b.Day:
		return int(a.Day) - int(b.Day)
	case a.Minute != b.Minute:
		return a.Minute - b.Minute
	}
	return entry.Compare(a, b)
}

// corrected gives the entries as they stand after corrections and retractions, without order. Of those that
// name the same entry and stand themselves, the one recorded last decides: a correction replaces it, a
// retraction removes it. Retracting a correction brings back what it replaced; retracting a retraction brings
// back the entry. The outcome keeps the id, recording time and author of the first entry, so that tasks that
// name it still find it and a colleague who mends a typing error does not become the one who met the client. A
// correction of an entry that is not here stands by itself, a retraction of one does nothing, and entries that
// correct each other in a ring are left out.
func corrected(entries []*entry.Entry, corrections int) []*entry.Entry {
	slices.SortStableFunc(entries, inOrder)
	known := make(map[string]bool, len(entries))
	entries = slices.DeleteFunc(entries, func(e *entry.Entry) bool {
		twice := known[e.ID]
		known[e.ID] = true
		return twice
	})
	naming := make(map[string][]*entry.Entry, corrections)
	for _, e := range entries {
		if e.Corrects != "" && known[e.Corrects] {
			naming[e.Corrects] = append(naming[e.Corrects], e)
		}
	}
	for _, list := range naming {
		slices.SortFunc(list, recordedLastFirst)
	}
	out := make([]*entry.Entry, 0, len(entries))
	for _, e := range entries {
		if e.Corrects != "" && known[e.Corrects] || e.Kind == entry.KindRetraction {
			continue // reached from the entry it names, or names nothing
		}
		switch now := stands(e, naming); now {
		case nil:
		case e:
			out = append(out, e)
		default:
			merged := *now
			merged.ID, merged.RecordedAt, merged.Author, merged.Corrects = e.ID, e.RecordedAt, e.Author, ""
			out = append(out, &merged)
		}
	}
	return out
}

// stands gives what an entry says after all that name it, nil when it is retracted. It ends because ids are
// unique here and an entry names one other: what can be reached from an entry that names none is a tree.
func stands(e *entry.Entry, naming map[string][]*entry.Entry) *entry.Entry {
	for _, c := range naming[e.ID] {
		now := stands(c, naming)
		switch {
		case now == nil: // taken back itself
		case now.Kind == entry.KindRetraction:
			return nil
		default:
			return now
		}
	}
	return e
}

func recordedLastFirst(a, b *entry.Entry) int {
	if a.RecordedAt != b.RecordedAt {
		if a.RecordedAt > b.RecordedAt {
			return -1
		}
		return 1
	}
	switch {
	case a.ID > b.ID: // UUIDv7 grow with time
		return -1
	case a.ID < b.ID:
		return 1
	}
	return 0
}

// knownFrom is the day from which an entry counts. What happened counts from its day. A task, a booked contact
// and one called off beforehand are about the future: they count from the day they were recorded (the UTC day,
// which is never later than the Finnish one), at once when nobody knows when that was.
func knownFrom(e *entry.Entry) civil.Date {
	switch b := e.Body.(type) {
	case *entry.Task:
		return min(e.Day, recordedOn(e))
	case *entry.Contact:
		if b.Result == entry.Booked || b.Result == entry.Cancelled {
			return min(e.Day, recordedOn(e))
		}
	}
	return e.Day
}

func recordedOn(e *entry.Entry) civil.Date {
	if e.RecordedAt == 0 {
		return 0
	}
	const dayInMicros = int64(24 * time.Hour / time.Microsecond)
	days := e.RecordedAt / dayInMicros
	if e.RecordedAt < 0 {
		days--
	}
	const epoch = 719163 // 1970-01-01
	return civil.Date(min(max(days, -epoch), 1<<30) + epoch)
}
