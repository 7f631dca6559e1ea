package path

import (
	"cmp"
	"strconv"
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/journal"
	"polku/internal/pathway"
)

// lastMinute of a day.
const lastMinute = 24*60 - 1

// textMost is how long a text may be, in bytes: about 30 pages.
const textMost = 100_000

// Record is a contact with its next step, as one form sends it.
type Record struct {
	ID      string // of the contact entry, made by whoever records; sent twice it counts once
	Day     civil.Date
	Minute  int // -1: only the day is known
	Minutes int
	Mode    entry.Mode
	Contact entry.Contact
	EndTask string            // the task that this contact ends, usually the next step; empty: none
	Outcome entry.TaskOutcome // how it ended; empty: done
	Next    *Step             // nil: the step that stands goes on
	With    []entry.Entry     // what goes with it, such as why the client does not see it
}

// Record writes a contact, ends the step it fulfils and sets the next one. The first held contact of a new
// responsible worker also ends the sender's watch. Wrong fields are all named at once: day, minutes, form,
// result, topics, text, step_what, step_by.
func (b *Book) Record(tx *db.Tx, path string, r Record) (pathway.State, error) {
	p, err := Get(tx, path)
	if err != nil {
		return pathway.State{}, err
	}
	wrong := map[string]string{}
	checkContact(tx, r, wrong)
	if r.Next != nil {
		checkStep(tx, *r.Next, wrong)
	}
	if err := fault.Fields(wrong); err != nil {
		return pathway.State{}, err
	}
	contact := r.Contact
	entries := []entry.Entry{{ID: cmp.Or(r.ID, ident.New()), Day: r.Day, Minute: r.Minute, Kind: entry.KindContact, Minutes: r.Minutes,
		Mode: r.Mode, Body: &contact}}
	entries = append(entries, stepEntries(tx, entries[0], r.EndTask, cmp.Or(r.Outcome, entry.Done), r.Next)...)
	entries = append(entries, r.With...)
	if contact.Result == entry.Held && contact.With == "" {
		first, err := firstContact(tx, p, entries[0].ID, r.Day)
		if err != nil {
			return pathway.State{}, err
		}
		entries = append(entries, first...)
	}
	return b.append(tx, p, "", entries)
}

func checkContact(tx *db.Tx, r Record, wrong map[string]string) {
	switch {
	case r.Day.IsZero():
		wrong["day"] = "record.no_day"
	case r.Day > tx.Today && r.Contact.Result != entry.Booked:
		wrong["day"] = "record.future_day"
	case r.Day < tx.Today && r.Contact.Result == entry.Booked:
		wrong["day"] = "record.booked_past"
	}
	if r.Minutes < 0 || r.Minutes > 24*60 {
		wrong["minutes"] = "record.bad_minutes"
	}
	if r.Contact.Form == "" {
		wrong["form"] = "record.no_form"
	}
	if r.Contact.Result == "" {
		wrong["result"] = "record.no_result"
	}
	if len(r.Contact.Text) > textMost {
		wrong["text"] = "record.long_text"
	}
}

// checkStep tells what is wrong with a next step: it needs words and a day from today on.
func checkStep(tx *db.Tx, s Step, wrong map[string]string) {
	if strings.TrimSpace(s.What) == "" {
		wrong["step_what"] = "step.no_what"
	}
	if len(s.What) > 2000 {
		wrong["step_what"] = "record.long_text"
	}
	switch {
	case s.By.IsZero():
		wrong["step_by"] = "step.no_day"
	case s.By < tx.Today:
		wrong["step_by"] = "step.past_day"
	case s.By > tx.Today+400:
		wrong["step_by"] = "step.far_day"
	}
}

// firstContact gives the entry that ends a sender's watch when the actor has met a client whom they accepted. It must
// stand after the acceptance in the journal: on the day of that, the clock time tells; told on a later day, it is the
// last thing of the day.
func firstContact(tx *db.Tx, p Path, cause string, day civil.Date) ([]entry.Entry, error) {
	var entries []entry.Entry
	minute := tx.Minute()
	if day < tx.Today {
		minute = lastMinute
	}
	err := tx.Each(`select handoff_id, from_worker from handoff where tenant_id = $1 and path_id = $2 and to_worker = $3 and step = 'accepted'
		and answered_on <= $4`,
		[]any{tx.Who.Tenant, p.ID, tx.Who.Worker, day}, func(row func(...any) error) error {
			var id, from string
			err := row(&id, &from)
			entries = append(entries, entry.Entry{ID: ident.Beside(cause, id), Day: day, Minute: minute, Kind: entry.KindHandoff,
				Body: &entry.Handoff{Handoff: id, Step: entry.HandoffFirstContact, From: from, To: tx.Who.Worker}})
			return err
		})
	return entries, err
}

// SetStep agrees a further next step; replaces names the task that it takes the place of (moved to another
// day, given to somebody else), empty for a new one.
func (b *Book) SetStep(tx *db.Tx, path string, s Step, replaces string) (pathway.State, error) {
	wrong := map[string]string{}
	checkStep(tx, s, wrong)
	if err := fault.Fields(wrong); err != nil {
		return pathway.State{}, err
	}
	s.Replaces = replaces
	return b.Append(tx, path, s.Entry("", tx.Today))
}

// EndTask ends a task; next is asked for when nothing dated would be left.
func (b *Book) EndTask(tx *db.Tx, path, task string, outcome entry.TaskOutcome, why string, next *Step) (pathway.State, error) {
	wrong := map[string]string{}
	if outcome != entry.Done && strings.TrimSpace(why) == "" {
		wrong["why"] = "task.why"
	}
	entries := []entry.Entry{{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindTaskEnd,
		Body: &entry.TaskEnd{Task: task, Outcome: outcome, Why: why}}}
	if next != nil {
		checkStep(tx, *next, wrong)
		entries = append(entries, next.Entry("", tx.Today))
	}
	if err := fault.Fields(wrong); err != nil {
		return pathway.State{}, err
	}
	return b.Append(tx, path, entries...)
}

// Excuse answers an obligation: it could not be met, or need not be, because …
func (b *Book) Excuse(tx *db.Tx, path, obligation string, waived bool, why string) (pathway.State, error) {
	if strings.TrimSpace(why) == "" {
		return pathway.State{}, fault.Fields(map[string]string{"why": "excuse.why"})
	}
	return b.Append(tx, path, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindExcuse,
		Body: &entry.Excuse{Obligation: obligation, Waived: waived, Why: why}})
}

// Pause stops the clocks of a path until somebody resumes it; check is the day somebody looks again, within a year.
func (b *Book) Pause(tx *db.Tx, path, why string, check civil.Date) (pathway.State, error) {
	wrong := map[string]string{}
	if strings.TrimSpace(why) == "" {
		wrong["why"] = "pause.why"
	}
	if check <= tx.Today || check > tx.Today+366 {
		wrong["check"] = "pause.bad_check"
	}
	if err := fault.Fields(wrong); err != nil {
		return pathway.State{}, err
	}
	if err := b.mustBe(tx, path, pathway.Open); err != nil {
		return pathway.State{}, err
	}
	return b.Append(tx, path, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindPause, Body: &entry.Pause{Why: why, Check: check}})
}

// Resume lets a paused path go on, with a next step.
func (b *Book) Resume(tx *db.Tx, path, why string, next Step) (pathway.State, error) {
	wrong := map[string]string{}
	checkStep(tx, next, wrong)
	if err := fault.Fields(wrong); err != nil {
		return pathway.State{}, err
	}
	if err := b.mustBe(tx, path, pathway.Paused); err != nil {
		return pathway.State{}, err
	}
	return b.Append(tx, path, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindResume, Body: &entry.Resume{Why: why}},
		next.Entry("", tx.Today))
}

// ChangePhase moves a path to another phase that its model leads to, from today.
func (b *Book) ChangePhase(tx *db.Tx, path, phase, why string) (pathway.State, error) {
	if err := b.mustBe(tx, path, pathway.Open); err != nil {
		return pathway.State{}, err
	}
	e, err := b.phaseEntry(tx, path, phase, why)
	if err != nil {
		return pathway.State{}, err
	}
	return b.Append(tx, path, e)
}

// PreviewPhase gives the state that ChangePhase would lead to, writing nothing.
func (b *Book) PreviewPhase(tx *db.Tx, path, phase string) (pathway.State, error) {
	p, err := Get(tx, path)
	if err != nil {
		return pathway.State{}, err
	}
	e, err := b.phaseEntry(tx, path, phase, "")
	if err != nil {
		return pathway.State{}, err
	}
	e.RecordedAt = tx.At
	entries, err := b.Journal.Path(tx, p.Client, p.ID)
	if err != nil {
		return pathway.State{}, err
	}
	return pathway.Evaluate(b.Models, b.Rules, b.Calendar, append(entries, e), tx.Today), nil
}

func (b *Book) phaseEntry(tx *db.Tx, path, phase, why string) (entry.Entry, error) {
	p, err := Get(tx, path)
	if err != nil {
		return entry.Entry{}, err
	}
	s, err := b.StateOf(tx, p)
	if err != nil {
		return entry.Entry{}, err
	}
	m := b.Models.Get(s.Model, s.Version)
	if m == nil || m.Phase(phase) == nil || phase == s.Phase {
		return entry.Entry{}, fault.Fields(map[string]string{"phase": "path.no_phase"})
	}
	return entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindPhase, Body: &entry.Phase{Phase: phase, Why: why}}, nil
}

// mustBe refuses a path of another status.
func (b *Book) mustBe(tx *db.Tx, path string, want pathway.Status) error {
	var status string
	if _, err := tx.One(`select status from standing where tenant_id = $1 and path_id = $2`, []any{tx.Who.Tenant, path}, &status); err != nil {
		return err
	}
	if status != "" && status != string(want) {
		return fault.E(fault.Conflict, "path.is_"+status, nil)
	}
	return nil
}

// Correct replaces an entry of the path by another of the same kind; the old text stays readable.
func (b *Book) Correct(tx *db.Tx, path, old string, e entry.Entry) (pathway.State, error) {
	p, err := Get(tx, path)
	if err != nil {
		return pathway.State{}, err
	}
	was, found, err := journal.Get(tx, p.Client, old)
	if err != nil {
		return pathway.State{}, err
	}
	if !found || was.Path != p.ID || was.Kind != e.Kind {
		return pathway.State{}, fault.E(fault.NotFound, "error.not_found", nil)
	}
	e.ID, e.Corrects = cmp.Or(e.ID, ident.New()), old
	return b.append(tx, p, "", []entry.Entry{e})
}

// Undo retracts entries that the actor has just recorded. It is refused when that would leave somebody hanging.
func (b *Book) Undo(tx *db.Tx, path string, ids ...string) (pathway.State, error) {
	p, err := Get(tx, path)
	if err != nil {
		return pathway.State{}, err
	}
	var entries []entry.Entry
	for _, id := range ids {
		was, found, err := journal.Get(tx, p.Client, id)
		if err != nil {
			return pathway.State{}, err
		}
		if !found {
			continue // the record had no such part
		}
		if was.Path != p.ID || was.Author != tx.Who.Worker && !tx.Who.IsSystem() {
			return pathway.State{}, fault.E(fault.NotFound, "error.not_found", nil)
		}
		entries = append(entries, entry.Entry{ID: ident.Beside(id, "undo"), Day: was.Day, Minute: was.Minute, Kind: entry.KindRetraction, Corrects: id, Body: &entry.Retraction{}})
	}
	if len(entries) == 0 {
		return pathway.State{}, fault.E(fault.NotFound, "error.not_found", nil)
	}
	return b.append(tx, p, "", entries)
}

// RecordParts gives the ids of the entries that Record made with the contact's id, for Undo.
func RecordParts(id string) []string {
	parts := []string{id, ident.Beside(id, "end"), ident.Beside(id, "next"), ident.Beside(id, "withhold")}
	for n := range furtherMost {
		parts = append(parts, FurtherID(id, n+1))
	}
	return parts
}

// Check tells what is wrong with a step, as fields step_what and step_by.
func (s Step) Check(tx *db.Tx) error {
	wrong := map[string]string{}
	checkStep(tx, s, wrong)
	return fault.Fields(wrong)
}

// MoveTasks gives the entries that move one worker's open promises of a path to another.
func MoveTasks(tx *db.Tx, s pathway.State, from, to string) []entry.Entry {
	var entries []entry.Entry
	for _, t := range s.Tasks {
		if t.Worker != from || t.Owner != entry.ByWorker || t.Booked != "" {
			continue // a booked meeting stays with whom it was booked; the new worker sees it as a next step
		}
		entries = append(entries, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindTask,
			Body: &entry.Task{Task: t.Task, What: t.What, Owner: t.Owner, Worker: to, By: t.By, Minute: t.Minute, Place: t.Place, From: t.From,
				Form: t.Form, Minutes: t.Minutes, Offer: t.Offer}})
	}
	return entries
}

// Entries gives a path's entries as they stand after corrections, in the journal's order.
func (b *Book) Entries(tx *db.Tx, p Path) ([]*entry.Entry, error) {
	entries, err := b.Journal.Path(tx, p.Client, p.ID)
	return pathway.Effective(entries), err
}

// furtherMost is how many entries one recording may have beside its first.
const furtherMost = 4

// FurtherID is the id of the n-th further entry (from 1) of a recording.
func FurtherID(id string, n int) string { return ident.Beside(id, "further", strconv.Itoa(n)) }

// RecordOther writes entries of another kind than contact (one, or a few of the same form, the further ones
// with FurtherID), ends the step that they fulfil and sets the next one. Undo of RecordParts takes all back.
func (b *Book) RecordOther(tx *db.Tx, path string, entries []entry.Entry, endTask string, next *Step) (pathway.State, error) {
	if next != nil {
		if err := next.Check(tx); err != nil {
			return pathway.State{}, err
		}
	}
	return b.Append(tx, path, append(entries, stepEntries(tx, entries[0], endTask, entry.Done, next)...)...)
}

// stepEntries gives the entries that end a step and set the next one, caused by an entry.
func stepEntries(tx *db.Tx, cause entry.Entry, endTask string, outcome entry.TaskOutcome, next *Step) []entry.Entry {
	var entries []entry.Entry
	if endTask != "" {
		entries = append(entries, entry.Entry{ID: ident.Beside(cause.ID, "end"), Day: min(cause.Day, tx.Today), Minute: -1, Kind: entry.KindTaskEnd,
			Body: &entry.TaskEnd{Task: endTask, Outcome: outcome}})
	}
	if next != nil {
		step := next.Entry("", tx.Today)
		step.ID = ident.Beside(cause.ID, "next")
		step.Body.(*entry.Task).Task = cmp.Or(next.Replaces, step.ID)
		entries = append(entries, step)
	}
	return entries
}
