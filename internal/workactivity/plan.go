package workactivity

import (
	"errors"
	"slices"
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/pathway"
)

// Broken is why a plan was refused: every limit of the act that it breaks. It stands as the cause of an Invalid fault.
type Broken []Breach

// Error tells it in a log: no words, no persons.
func (b Broken) Error() string { return "the plan breaks limits of the act 189/2001" }

// BreachesOf gives the limits that a refused plan breaks, nil when it was refused for something else.
func BreachesOf(err error) []Breach {
	var b Broken
	errors.As(err, &b)
	return b
}

// planMost is the longest length of a text of a plan, in bytes.
const planMost = 4000

// Agree agrees a new period from today's point of view: it may begin in the past, today or later. id is of its entry, made
// by whoever records. What is missing comes back by field; limits that it breaks come back all at once as Broken. The day
// from which no limits are known is told, and judged by nobody.
func Agree(tx *db.Tx, book *path.Book, pathID, id string, b entry.WorkPeriod) (pathway.State, civil.Date, error) {
	if !ident.Valid(id) {
		id = ident.New()
	}
	b.Period, b.Since, b.Why = id, 0, ""
	return put(tx, book, pathID, id, b, nil)
}

// Change changes a period that has not ended: its last day, and its week from b.Since on. The first day stays.
func Change(tx *db.Tx, book *path.Book, pathID, id string, b entry.WorkPeriod) (pathway.State, civil.Date, error) {
	if !ident.Valid(id) {
		id = ident.New()
	}
	entries, _, err := read(tx, book, pathID)
	if err != nil {
		return pathway.State{}, 0, err
	}
	periods := Periods(entries)
	i := slices.IndexFunc(periods, func(p Period) bool { return p.Period == b.Period })
	if i < 0 {
		return pathway.State{}, 0, fault.E(fault.NotFound, "error.not_found", nil)
	}
	if periods[i].End != nil {
		return pathway.State{}, 0, fault.E(fault.Conflict, "workactivity.has_ended", nil)
	}
	b.From = periods[i].From
	return put(tx, book, pathID, id, b, &periods[i])
}

// read gives a path's entries as they stand, and the path.
func read(tx *db.Tx, book *path.Book, pathID string) ([]*entry.Entry, path.Path, error) {
	p, err := path.Get(tx, pathID)
	if err != nil {
		return nil, p, err
	}
	entries, err := book.Entries(tx, p)
	return entries, p, err
}

func put(tx *db.Tx, book *path.Book, pathID, id string, b entry.WorkPeriod, was *Period) (pathway.State, civil.Date, error) {
	tidy(&b)
	entries, p, err := read(tx, book, pathID)
	if err != nil {
		return pathway.State{}, 0, err
	}
	wrong := check(b, was)
	if len(b.Remote) > 0 {
		o, err := OrganiserOf(tx, p.Register)
		if err != nil {
			return pathway.State{}, 0, err
		}
		if !o.Remote {
			wrong["remote"] = "workactivity.remote_off"
		}
	}
	for _, other := range Periods(entries) {
		if other.Period != b.Period && other.From <= b.To && b.From <= other.Last && wrong["from"] == "" {
			wrong["from"] = "workactivity.overlaps"
		}
	}
	if err := fault.Fields(wrong); err != nil {
		return pathway.State{}, 0, err
	}
	candidate := Period{}
	if was != nil {
		candidate = *was
		candidate.Weeks = slices.Clone(was.Weeks)
	}
	candidate.change(id, b)
	came, err := CameAnywhere(tx, book, p)
	if err != nil {
		return pathway.State{}, 0, err
	}
	v := Judge(book.Rules, book.Calendar, candidate, came, tx.Today)
	if len(v.Breaches) > 0 {
		return pathway.State{}, v.Unknown, &fault.Error{Kind: fault.Invalid, Key: "workactivity.breaks", Cause: Broken(v.Breaches)}
	}
	s, err := book.Append(tx, pathID, entry.Entry{ID: id, Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindWorkPeriod, Body: &b})
	return s, v.Unknown, err
}

func tidy(b *entry.WorkPeriod) {
	for _, text := range []*string{&b.Place, &b.Provider, &b.Goal, &b.What, &b.Guidance, &b.Beside, &b.Tasks, &b.Contact, &b.Why} {
		*text = strings.TrimSpace(*text)
	}
	slices.Sort(b.Days)
	b.Days = slices.Compact(b.Days)
	slices.Sort(b.Remote)
	b.Remote = slices.DeleteFunc(slices.Compact(b.Remote), func(d int) bool { return !slices.Contains(b.Days, d) })
}

// longest is the longest period that a form may ask for, in days: beyond it the day is a slip of the pen.
const longest = 10 * 366

// check tells what is missing or odd in a plan, by field; the limits of the act are Judge's.
func check(b entry.WorkPeriod, was *Period) map[string]string {
	wrong := map[string]string{}
	switch {
	case b.From.IsZero():
		wrong["from"] = "workactivity.no_from"
	case b.To.IsZero():
		wrong["to"] = "workactivity.no_to"
	case b.To < b.From:
		wrong["to"] = "workactivity.to_before"
	case b.To-b.From > longest:
		wrong["to"] = "workactivity.to_far"
	}
	if was != nil && (b.Since < b.From || b.Since > b.To) {
		wrong["since"] = "workactivity.since_outside"
	}
	if len(b.Days) == 0 {
		wrong["days"] = "workactivity.no_days"
	}
	for _, d := range b.Days {
		if d < 1 || d > 7 {
			wrong["days"] = "workactivity.no_days"
		}
	}
	if b.Minutes <= 0 || b.Minutes > 24*60 {
		wrong["hours"] = "workactivity.no_hours"
	}
	if b.Goal == "" {
		wrong["goal"] = "workactivity.no_goal"
	}
	if b.Place == "" {
		wrong["place"] = "workactivity.no_place"
	}
	if !slices.Contains(entry.LegalForms, b.Legal) {
		wrong["legal"] = "workactivity.no_legal"
	}
	if len(b.Remote) > 0 && b.Tasks == "" {
		wrong["tasks"] = "workactivity.no_tasks"
	}
	if len(b.Remote) > 0 && b.Contact == "" {
		wrong["contact"] = "workactivity.no_contact"
	}
	for field, text := range map[string]string{"goal": b.Goal, "what": b.What, "guidance": b.Guidance, "beside": b.Beside, "tasks": b.Tasks, "why": b.Why, "place": b.Place, "provider": b.Provider, "contact": b.Contact} {
		if len(text) > planMost {
			wrong[field] = "record.long_text"
		}
	}
	return wrong
}

// CameAnywhere gives the days on which the client of a path took part in an activity on any path in the actor's reach
// that the act concerns, rising: the 178 days are the person's, not the path's.
func CameAnywhere(tx *db.Tx, book *path.Book, p path.Path) ([]civil.Date, error) {
	paths, err := path.OfClient(tx, p.Client)
	if err != nil {
		return nil, err
	}
	var all []civil.Date
	for _, other := range paths {
		if other.ID == "" {
			continue
		}
		if other.ID != p.ID {
			s, err := book.StateOf(tx, other)
			if err != nil {
				return nil, err
			}
			if !Concerns(book.Models.Get(s.Model, s.Version)) {
				continue
			}
		}
		entries, err := book.Entries(tx, other)
		if err != nil {
			return nil, err
		}
		all = append(all, Came(entries)...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// Finish is how a period is ended.
type Finish struct {
	Period     string
	Last       civil.Date
	Why        entry.PeriodEnd
	Told, Text string
}

// End ends a period on its last day, or interrupts it. It is a fact, so no limit stops it: a period of two months that
// ended in work is a good one. The reason is asked for; wrong fields are last, why, text.
func End(tx *db.Tx, book *path.Book, pathID, id string, f Finish) (pathway.State, error) {
	entries, _, err := read(tx, book, pathID)
	if err != nil {
		return pathway.State{}, err
	}
	periods := Periods(entries)
	i := slices.IndexFunc(periods, func(p Period) bool { return p.Period == f.Period })
	if i < 0 {
		return pathway.State{}, fault.Fields(map[string]string{"last": "workactivity.no_period"})
	}
	p := &periods[i]
	wrong := map[string]string{}
	switch {
	case f.Last.IsZero():
		wrong["last"] = "workactivity.no_last"
	case f.Last < p.From-1 || f.Last > p.To:
		wrong["last"] = "workactivity.last_outside"
	}
	if !slices.Contains(entry.PeriodEnds, f.Why) {
		wrong["why"] = "workactivity.no_why"
	}
	if len(f.Text) > planMost || len(f.Told) > planMost {
		wrong["text"] = "record.long_text"
	}
	if p.End != nil {
		return pathway.State{}, fault.E(fault.Conflict, "workactivity.has_ended", nil)
	}
	if err := fault.Fields(wrong); err != nil {
		return pathway.State{}, err
	}
	if !ident.Valid(id) {
		id = ident.New()
	}
	return book.Append(tx, pathID, entry.Entry{ID: id, Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindWorkPeriodEnd,
		Body: &entry.WorkPeriodEnd{Period: f.Period, Last: f.Last, Why: f.Why, Told: strings.TrimSpace(f.Told), Text: strings.TrimSpace(f.Text)}})
}
