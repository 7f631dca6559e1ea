// Package path owns paths and their balances: standing, open tasks, relations, hand-offs. Every entry of a
// path comes in through Append, which writes the journal, evaluates the path and writes the balances in one
// transaction, and refuses whatever would leave somebody hanging.
package path

import (
	"cmp"

	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/journal"
	"polku/internal/model"
	"polku/internal/pathway"
	"polku/internal/ruleset"
	"polku/internal/unit"
)

// Book is what paths are evaluated with: models, rule packs, calendar. It never changes while the program runs.
type Book struct {
	Models   *model.Set
	Rules    *ruleset.Set
	Calendar *civil.Calendar
	Stamp    string // names this content: a standing evaluated with another stamp is evaluated again

	Journal journal.Memory // the entries of clients whom somebody is working with
}

// Path of a client through a service.
type Path struct {
	ID, Client, Register, Service string
	Unit                          string // of the service
}

// Start is what a path begins with: nobody starts without a responsible worker and a first next step.
type Start struct {
	ID          string // empty: made
	Client      string
	Service     string
	Day         civil.Date
	Source      string // who sent: a word of the model's entry.sources
	Phase       string // empty: the model's first
	Responsible string // worker id
	Step        Step
	Author      string // empty: the actor
	RecordedAt  int64  // 0: now
	ImportID    string
	Imported    civil.Date // for an open path of a list: the day of the import; see entry.Start
}

// Step is a next step: what, who, by when.
type Step struct {
	What   string
	Owner  entry.Owner // empty: worker
	Worker string      // empty: the responsible worker of the day
	By     civil.Date
	Minute int // clock time of a meeting; 0: none
	Place  string
	From   entry.TaskFrom // empty: next_step

	Form    entry.Form // of a booked meeting; empty: something to do
	Minutes int        // its planned length
	Asked   entry.Owner
	Why     string // why it was moved, or booked on top of another
	Offer   string // offer of the model that it is booked for

	Replaces string // id of the task that this one takes the place of; empty: a new one
}

// Entry makes the task entry of a step.
func (s Step) Entry(author string, day civil.Date) entry.Entry {
	id := ident.New()
	task := cmp.Or(s.Replaces, id)
	if s.Owner == "" {
		s.Owner = entry.ByWorker
	}
	if s.From == "" {
		s.From = entry.FromNextStep
	}
	return entry.Entry{ID: id, Day: day, Minute: -1, Kind: entry.KindTask, Author: author,
		Body: &entry.Task{Task: task, What: s.What, Owner: s.Owner, Worker: s.Worker, By: s.By, Minute: s.Minute, Place: s.Place, From: s.From,
			Form: s.Form, Minutes: s.Minutes, Asked: s.Asked, Why: s.Why, Offer: s.Offer}}
}

// Start starts a path: start entry, responsible worker, first next step, and whatever history more gives.
func (b *Book) Start(tx *db.Tx, s Start, more ...entry.Entry) (string, pathway.State, error) {
	service, err := unit.GetService(tx, s.Service)
	if err != nil {
		return "", pathway.State{}, err
	}
	m := b.Models.Get(service.Model, service.Version)
	if m == nil {
		return "", pathway.State{}, fault.E(fault.Internal, "service.no_model", fault.Args{"model": service.Model + "@" + service.Version})
	}
	if s.Phase == "" {
		s.Phase = m.Phases[0].ID
	}
	if m.Phase(s.Phase) == nil {
		return "", pathway.State{}, fault.Fields(map[string]string{"phase": "path.no_phase"})
	}
	if err := unit.MustTakeCases(tx, s.Responsible, service.Register); err != nil {
		return "", pathway.State{}, err
	}
	if s.ID == "" {
		s.ID = ident.New()
	}
	if s.Author == "" {
		s.Author = tx.Who.Worker
	}
	var one int
	if found, err := tx.One(`select 1 from client where tenant_id = $1 and client_id = $2 and register_id = $3`,
		[]any{tx.Who.Tenant, s.Client, service.Register}, &one); err != nil {
		return "", pathway.State{}, err
	} else if !found {
		return "", pathway.State{}, fault.E(fault.NotFound, "error.not_found", nil)
	}
	if _, err := tx.Exec(`insert into path (tenant_id, path_id, client_id, register_id, service_id, created_at) values ($1, $2, $3, $4, $5, $6)`,
		tx.Who.Tenant, s.ID, s.Client, service.Register, s.Service, tx.At); err != nil {
		return "", pathway.State{}, err
	}
	entries := []entry.Entry{
		{ID: ident.Beside(s.ID, "start"), Day: s.Day, Minute: -1, Kind: entry.KindStart, Author: s.Author, RecordedAt: s.RecordedAt,
			Body: &entry.Start{Model: m.Model, Version: m.Version, Phase: s.Phase, Source: s.Source, Imported: s.Imported}},
		{ID: ident.Beside(s.ID, "responsible"), Day: s.Day, Minute: -1, Kind: entry.KindRelation, Author: s.Author, RecordedAt: s.RecordedAt,
			Body: &entry.Relation{Worker: s.Responsible, Role: entry.Responsible}},
	}
	if s.Step.What != "" {
		step := s.Step.Entry(s.Author, min(s.Day, tx.Today))
		step.RecordedAt = s.RecordedAt
		entries = append(entries, step)
	}
	state, err := b.append(tx, Path{s.ID, s.Client, service.Register, s.Service, service.Unit}, s.ImportID, append(entries, more...))
	return s.ID, state, err
}

const pathColumns = `p.path_id, p.client_id, p.register_id, p.service_id, v.unit_id`

// Get gives a path whose client the actor may see, or not found.
func Get(tx *db.Tx, id string) (Path, error) {
	var p Path
	found, err := tx.One(`select `+pathColumns+` from path p join service v on v.tenant_id = p.tenant_id and v.service_id = p.service_id
		where p.tenant_id = $1 and `+unit.Sees("p")+` and p.path_id = $3`, []any{tx.Who.Tenant, tx.Who.Worker, id},
		&p.ID, &p.Client, &p.Register, &p.Service, &p.Unit)
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	return p, err
}

// Append adds entries to a path and gives its state afterwards. It is refused when the path would be left
// without a responsible worker or a dated next step. Entries without author get the actor's; Path is filled in.
func (b *Book) Append(tx *db.Tx, id string, entries ...entry.Entry) (pathway.State, error) {
	return b.Import(tx, id, "", entries...)
}

// Import is Append for what an import makes: its id stands by each entry, so that it can be undone.
func (b *Book) Import(tx *db.Tx, id, importID string, entries ...entry.Entry) (pathway.State, error) {
	p, err := Get(tx, id)
	if err != nil {
		return pathway.State{}, err
	}
	return b.append(tx, p, importID, entries)
}

// append thinks entries and what follows from them through, and refuses to leave somebody hanging; then it writes all of
// it. When the command was thought through before its turn (db.UpdateAhead), the turn begins with looking whether the
// actor may still see this very path; whether the client's journal is as it was, writing it tells.
func (b *Book) append(tx *db.Tx, p Path, importID string, entries []entry.Entry) (pathway.State, error) {
	if importID == "" { // an import only brings in what is kept
		if err := mustBeFree(tx, p.Client, entries); err != nil {
			return pathway.State{}, err
		}
	}
	for i := range entries {
		entries[i].Path = p.ID
		if entries[i].Author == "" {
			entries[i].Author = tx.Who.Worker
		}
	}
	draft, err := b.Journal.Draft(tx, p.Client, importID, entries)
	if err != nil {
		return pathway.State{}, err
	}
	all := journal.OfPath(draft.All, p.ID)
	if err := mustStay(all, entries); err != nil {
		return pathway.State{}, err
	}
	state := pathway.Evaluate(b.Models, b.Rules, b.Calendar, all, tx.Today)
	if err := keepsPromise(state); err != nil {
		return state, err
	}
	balances, err := b.balances(tx, p, all, entries, state)
	if err != nil {
		return state, err
	}
	return state, tx.Write(func(tx *db.Tx) (bool, error) {
		now, err := Get(tx, p.ID)
		return now == p, err
	}, func(tx *db.Tx) (bool, error) {
		if stands, err := b.Journal.Write(tx, draft); err != nil || !stands {
			return false, err
		}
		if err := balances.write(tx); err != nil {
			return true, err
		}
		return true, logCommand(tx, p.Client, entries)
	})
}

// keepsPromise refuses a state in which an open path has no responsible worker or no dated next step.
func keepsPromise(s pathway.State) error {
	if s.Status == pathway.Closed {
		return nil
	}
	switch {
	case s.Status == pathway.NotStarted:
		return fault.E(fault.Invalid, "promise.not_started", nil)
	case s.Responsible == "":
		return fault.E(fault.Invalid, "promise.no_responsible", nil)
	case s.NextStep == nil || s.NextStep.By.IsZero():
		return fault.E(fault.Invalid, "promise.no_next_step", nil)
	}
	return nil
}

// keptOn are the kinds of entry that a restriction of processing (GDPR 18) does not stop: who answers for the client, what
// the client allows, and that the client leaves. The promise that nobody is left hanging holds for them too.
var keptOn = map[entry.Kind]bool{entry.KindRelation: true, entry.KindHandoff: true, entry.KindConsent: true, entry.KindExit: true, entry.KindPause: true, entry.KindResume: true,
	entry.KindTold: true, entry.KindWish: true}

// mustBeFree refuses entries that a restriction of the client, or of an entry that they correct, stops. A task that comes
// with an entry that is not stopped (a pause, a hand-off) is not stopped either.
func mustBeFree(tx *db.Tx, clientID string, entries []entry.Entry) error {
	stopped, goes := false, false
	for i := range entries {
		if entries[i].Corrects != "" {
			if err := client.EntryMustBeFree(tx, clientID, entries[i].Corrects); err != nil {
				return err
			}
		}
		if note, is := entries[i].Body.(*entry.Note); is && note.OwnView {
			goes = true // what the client themselves says is always taken in
			continue
		}
		goes = goes || keptOn[entries[i].Kind]
		stopped = stopped || !keptOn[entries[i].Kind] && entries[i].Kind != entry.KindTask
	}
	if !stopped && goes {
		return nil
	}
	return client.MustBeFree(tx, clientID)
}

// mustStay refuses entries that correct or take back an accepted version of a plan: what both sides have accepted is
// changed by accepting a new version.
func mustStay(all, fresh []entry.Entry) error {
	for i := range fresh {
		if fresh[i].Corrects == "" {
			continue
		}
		for k := range all {
			if all[k].ID == fresh[i].Corrects && all[k].Stays() {
				return fault.E(fault.Conflict, "plan.stays", nil)
			}
		}
	}
	return nil
}

// OfClient gives the paths of a client that the actor may see, newest first.
func OfClient(tx *db.Tx, id string) ([]Path, error) {
	var all []Path
	found := false
	err := tx.Each(`select coalesce(p.path_id, ''), c.client_id, coalesce(p.register_id, c.register_id), coalesce(p.service_id, ''), coalesce(v.unit_id, '') from client c
		left join path p on p.tenant_id = c.tenant_id and p.client_id = c.client_id
		left join service v on v.tenant_id = p.tenant_id and v.service_id = p.service_id
		where c.tenant_id = $1 and `+unit.Sees("c")+` and c.client_id = $3 order by p.created_at desc, p.path_id desc`,
		[]any{tx.Who.Tenant, tx.Who.Worker, id}, func(row func(...any) error) error {
			found = true
			var p Path
			err := row(&p.ID, &p.Client, &p.Register, &p.Service, &p.Unit)
			if p.ID != "" {
				all = append(all, p)
			}
			return err
		})
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	return all, err
}
