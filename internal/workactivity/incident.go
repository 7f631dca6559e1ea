package workactivity

import (
	"slices"
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/ruleset"
)

// Incident as it stands: an accident, an accident on the way, or a near miss.
type Incident struct {
	entry.Incident
	Day    civil.Date
	Minute int // -1: not known
	Author string
	Entry  string // the entry that told last
}

// Incidents gives those of a path, the newest first. entries are as they stand, in order.
func Incidents(entries []*entry.Entry) []Incident {
	var all []Incident
	for _, e := range entries {
		b, is := e.Body.(*entry.Incident)
		if !is {
			continue
		}
		x := Incident{*b, e.Day, e.Minute, e.Author, e.ID}
		if i := slices.IndexFunc(all, func(y Incident) bool { return y.Incident.Incident == b.Incident }); i >= 0 {
			all[i] = x
			continue
		}
		all = append(all, x)
	}
	slices.SortStableFunc(all, func(a, b Incident) int { return int(b.Day - a.Day) })
	return all
}

// ReportBy gives the day by which the insurance company is told of an accident that the organiser learnt of on a day, with
// the rule; false where none is known for it.
func ReportBy(book *path.Book, day civil.Date) (civil.Date, ruleset.Figure, bool) {
	if book.Rules == nil {
		return 0, ruleset.Figure{}, false
	}
	f, ok := book.Rules.Figure(ruleset.WorkActivity, ruleset.IncidentDays, day)
	if !ok {
		return 0, f, false
	}
	return book.Calendar.AddWorking(day, int(f.Value)), f, true
}

// Tell records an incident, or what became known of it later (b.Incident names the one told before). task is what the
// worker does about it, and by when; empty: nothing. What is missing comes back by field: day, type, what, injury.
func Tell(tx *db.Tx, book *path.Book, pathID, id string, day civil.Date, minute int, b entry.Incident, task string, by civil.Date) error {
	for _, text := range []*string{&b.Place, &b.What, &b.Injury, &b.Treatment, &b.Witness, &b.Prevent} {
		*text = strings.TrimSpace(*text)
	}
	wrong := map[string]string{}
	switch {
	case day.IsZero():
		wrong["day"] = "record.no_day"
	case day > tx.Today:
		wrong["day"] = "record.future_day"
	}
	if !slices.Contains(entry.IncidentTypes, b.Type) {
		wrong["type"] = "workactivity.no_type"
	}
	if b.What == "" {
		wrong["what"] = "workactivity.no_what"
	}
	if b.Type != entry.IncidentNearMiss && b.Type != "" && b.Injury == "" {
		wrong["injury"] = "workactivity.no_injury"
	}
	if b.Reported > tx.Today || !b.Reported.IsZero() && b.Reported < day {
		wrong["reported"] = "workactivity.bad_reported"
	}
	for field, text := range map[string]string{"what": b.What, "injury": b.Injury, "treatment": b.Treatment, "prevent": b.Prevent, "place": b.Place, "witness": b.Witness} {
		if len(text) > planMost {
			wrong[field] = "record.long_text"
		}
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	if !ident.Valid(id) {
		id = ident.New()
	}
	if b.Incident == "" {
		b.Incident = id
	}
	entries := []entry.Entry{{ID: id, Day: day, Minute: minute, Kind: entry.KindIncident, Body: &b}}
	if task != "" {
		step := path.Step{What: task, By: by}
		if err := step.Check(tx); err != nil {
			return err
		}
		e := step.Entry("", tx.Today)
		e.ID = ident.Beside(id, "task")
		e.Body.(*entry.Task).Task = e.ID
		entries = append(entries, e)
	}
	_, err := book.Append(tx, pathID, entries...)
	return err
}
