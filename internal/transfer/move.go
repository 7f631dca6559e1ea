package transfer

import (
	"cmp"
	"context"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/client"
	"polku/internal/consent"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/model"
	"polku/internal/path"
	"polku/internal/pathway"
)

// Batch is how many paths one transaction moves, so that others keep working meanwhile.
const Batch = 20

// firstStepDays is in how many working days the receiver takes the first step when none is carried over.
const firstStepDays = 5

// Run moves every accepted row, in small batches. A run that was cut off goes on where it stopped: a row is marked in
// the same transaction as its path moves. It tells how many moved; progress may be nil.
func (m *Mover) Run(ctx context.Context, d *db.DB, who actor.Actor, id string, progress func(done, all int)) (moved int, err error) {
	for all, after := 0, ""; ; {
		var did int
		err := d.Update(ctx, who, func(tx *db.Tx) error {
			t, err := mustBeDraft(tx, id)
			if err != nil {
				return err
			}
			rows, err := Rows(tx, t)
			if err != nil {
				return err
			}
			did, all, after, err = m.moveBatch(tx, t, rows, after, moved)
			return err
		})
		if err != nil {
			return moved, err
		}
		moved += did
		if progress != nil {
			progress(moved, all)
		}
		if after == "" {
			return moved, nil
		}
	}
}

// Step is one batch of Run, for a page that shows how far the move has come. It tells how many moved and are left.
func (m *Mover) Step(tx *db.Tx, id string) (moved, left int, err error) {
	t, err := mustBeDraft(tx, id)
	if err != nil {
		return 0, 0, err
	}
	rows, err := Rows(tx, t)
	if err != nil {
		return 0, 0, err
	}
	moved, all, _, err := m.moveBatch(tx, t, rows, "", 0)
	return moved, max(0, all-moved), err
}

// moveBatch moves up to Batch accepted rows. all is how many were to be moved from the beginning, before ones included;
// after tells that there are more.
func (m *Mover) moveBatch(tx *db.Tx, t Transfer, rows []Row, after string, before int) (moved, all int, more string, err error) {
	all = before
	tried := 0
	for _, r := range rows {
		if r.State != Accepted || r.Closed {
			continue
		}
		all++
		if tried == Batch {
			more = r.Path
			continue
		}
		tried++
		if r.Ground.Basis == "" || r.Ground.Closed || r.Restricted { // withdrawn since: nothing crosses, the row waits again
			if err := reopen(tx, t, r, r.Missing()); err != nil {
				return moved, all, "", err
			}
			continue
		}
		if err := m.move(tx, t, r); err != nil {
			return moved, all, "", err
		}
		moved++
	}
	return moved, all, more, audit.Command(tx, "", "transfer.run")
}

func reopen(tx *db.Tx, t Transfer, r Row, why string) error {
	_, err := tx.Exec(`update transfer_row set state = 'open', why = $4 where tenant_id = $1 and transfer_id = $2 and path_id = $3 and state = 'accepted'`,
		tx.Who.Tenant, t.ID, r.Path, why)
	return err
}

// move lets one path go on: a new path in the receiving service, on the client's own record or, across registers, on the
// same person's in the other; the old path is closed. The receiver is responsible from this moment; the sender watches
// until the first contact.
func (m *Mover) move(tx *db.Tx, t Transfer, r Row) error {
	if err := disclose(tx, t, r); err != nil {
		return err
	}
	system := *tx
	system.Who.Worker, system.Who.Admin = actor.SystemWorker, true // who leads need not work in the receiving register
	old, err := path.Get(&system, r.Path)
	if err != nil {
		return err
	}
	state, err := m.Book.StateOf(&system, old)
	if err != nil {
		return err
	}
	newClient, made := old.Client, false
	if t.Crosses() {
		if newClient, made, err = client.Carry(&system, m.Keys, old.Client, t.ToRegister); err != nil {
			return err
		}
	}
	plan, err := m.planOf(&system, t, r, state)
	if err != nil {
		return err
	}
	plan.start.Client, plan.start.Author = newClient, tx.Who.Worker
	newPath, _, err := m.Book.Start(&system, plan.start, plan.more...)
	if err != nil {
		return err
	}
	if _, err := m.Book.Append(&system, r.Path, entry.Entry{ID: exitID(t, r), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindExit, Author: tx.Who.Worker,
		Body: &entry.Exit{Step: entry.ExitDone, To: t.ExitTo, Receiver: t.ToName, Text: t.Why}}); err != nil {
		return err
	}
	_, err = tx.Exec(`update transfer_row set state = 'moved', basis = $4, new_client = $5, new_path = $6, made_client = $7, done_at = $8, from_worker = $9,
		entries = (select count(*) from entry e where e.tenant_id = $1 and e.client_id = $5 and e.path_id = $6)
		where tenant_id = $1 and transfer_id = $2 and path_id = $3`, tx.Who.Tenant, t.ID, r.Path, r.Ground.Basis, newClient, newPath, made, tx.At, state.Responsible)
	return err
}

func exitID(t Transfer, r Row) string { return ident.Of(t.ID, r.Path, "exit") }

// planned is what a new path begins with.
type planned struct {
	start path.Start
	more  []entry.Entry
}

// planOf thinks out the new path of a row from the state of the old one: the phase that goes on, what is credited, the
// next step and open promises as far as the ground lets them be told.
func (m *Mover) planOf(tx *db.Tx, t Transfer, r Row, s pathway.State) (planned, error) {
	old, next, err := m.models(tx, t)
	if err != nil {
		return planned{}, err
	}
	lang, err := langOf(tx, r.Receiver)
	if err != nil {
		return planned{}, err
	}
	start := path.Start{ID: ident.New(), Service: t.To, Day: tx.Today, Phase: cmp.Or(t.Phases[s.Phase], next.Phases[0].ID), Responsible: r.Receiver,
		Step: path.Step{What: m.Say(lang, "transfer.first_step"), By: m.Book.Calendar.AddWorking(tx.Today, firstStepDays), From: entry.FromHandoff}}
	add := func(body entry.Body) entry.Entry {
		// Without a minute: a first contact of the same day, of which often only the day is known, comes after.
		return entry.Entry{ID: ident.New(), Day: tx.Today, Minute: -1, Kind: body.Kind(), Author: tx.Who.Worker, Body: body}
	}
	var more []entry.Entry
	if !t.Crosses() || tells(r.Ground, consent.Worker) {
		more = append(more, add(&entry.Credit{FromModel: old.Model, Satisfies: credited(old, next, t, s.Phase, start.Phase), Text: t.FromName}))
	}
	if !t.Crosses() || tells(r.Ground, consent.NextStep) {
		for i, task := range s.Tasks {
			step := m.carried(tx, r, task, s.Responsible, lang)
			if i == 0 {
				start.Step = step
				continue
			}
			more = append(more, step.Entry(tx.Who.Worker, tx.Today))
		}
	}
	id := ident.New()
	offered := add(&entry.Handoff{Handoff: id, Step: entry.HandoffOffered, From: s.Responsible, To: r.Receiver, Why: t.Why})
	offered.ID = id
	more = append(more, offered, add(&entry.Handoff{Handoff: id, Step: entry.HandoffAccepted, From: s.Responsible, To: r.Receiver, Why: t.Why}))
	if s.Status == pathway.Paused && !s.PauseCheck.IsZero() {
		more = append(more, add(&entry.Pause{Why: m.Say(lang, "transfer.pause_goes_on"), Check: max(s.PauseCheck, tx.Today+1)}))
	}
	return planned{start, more}, nil
}

// carried is an open promise of the old path as it goes on: what the sender had promised is the receiver's, a day that
// has passed becomes the next few working days, a booked meeting keeps its day and place.
func (m *Mover) carried(tx *db.Tx, r Row, t pathway.OpenTask, sender, lang string) path.Step {
	step := path.Step{What: t.What, Owner: t.Owner, Worker: t.Worker, By: t.By, Minute: t.Minute, Place: t.Place, From: t.From}
	if step.What == "" {
		step.What = m.Say(lang, "transfer.booked_step")
	}
	if step.Worker == sender || step.Worker != r.Receiver {
		step.Worker = "" // the responsible worker of the day: the receiver
	}
	if step.By < tx.Today {
		step.By = m.Book.Calendar.AddWorking(tx.Today, 2)
	}
	return step
}

// credited gives the phases of the new model that what was done before satisfies: those before the one that goes on.
func credited(old, next *model.Model, t Transfer, was, goes string) []string {
	var out []string
	for _, p := range next.Phases {
		if p.ID == goes {
			break
		}
		for _, q := range old.Phases {
			if q.ID == was {
				break
			}
			if t.Phases[q.ID] == p.ID {
				out = append(out, p.ID)
				break
			}
		}
	}
	return out
}

func langOf(tx *db.Tx, worker string) (lang string, err error) {
	_, err = tx.One(`select lang from worker where tenant_id = $1 and worker_id = $2`, []any{tx.Who.Tenant, worker}, &lang)
	return lang, err
}

// Preview gives the states of a row's path before and after it would move, writing nothing. Without a receiver the
// state is as if the sender went on.
func (m *Mover) Preview(tx *db.Tx, t Transfer, r Row) (before, after pathway.State, err error) {
	p, err := path.Get(tx, r.Path)
	if err != nil {
		return before, after, err
	}
	if before, err = m.Book.StateOf(tx, p); err != nil {
		return before, after, err
	}
	r.Receiver = cmp.Or(r.Receiver, r.Worker)
	plan, err := m.planOf(tx, t, r, before)
	if err != nil {
		return before, after, err
	}
	_, next, err := m.models(tx, t)
	if err != nil {
		return before, after, err
	}
	return before, m.foresee(tx, plan, next), nil
}

// foresee evaluates a planned path as it would begin today.
func (m *Mover) foresee(tx *db.Tx, plan planned, next *model.Model) pathway.State {
	s := plan.start
	step := s.Step.Entry(tx.Who.Worker, s.Day)
	entries := append([]entry.Entry{
		{ID: ident.Beside(s.ID, "start"), Day: s.Day, Minute: -1, Kind: entry.KindStart, Body: &entry.Start{Model: next.Model, Version: next.Version, Phase: s.Phase}},
		{ID: ident.Beside(s.ID, "responsible"), Day: s.Day, Minute: -1, Kind: entry.KindRelation, Body: &entry.Relation{Worker: s.Responsible, Role: entry.Responsible}},
		step}, plan.more...)
	for i := range entries {
		entries[i].Path, entries[i].RecordedAt = s.ID, tx.At
	}
	return pathway.Evaluate(m.Book.Models, m.Book.Rules, m.Book.Calendar, entries, tx.Today)
}

// PhaseChange is what moving means for everybody in one phase of the old model.
type PhaseChange struct {
	Old, New string
	Paths    int
	Owed     []pathway.Obligation // by the receiver, from the first day on
}

// Changes gives what moving means, phase by phase in the old model's order, for the rows that have not moved.
func (m *Mover) Changes(tx *db.Tx, t Transfer, rows []Row) ([]PhaseChange, error) {
	old, next, err := m.models(tx, t)
	if err != nil {
		return nil, err
	}
	var out []PhaseChange
	for _, p := range old.Phases {
		c := PhaseChange{Old: p.ID, New: cmp.Or(t.Phases[p.ID], next.Phases[0].ID)}
		for _, r := range rows {
			if r.Phase == p.ID && r.End() == IsWaiting {
				c.Paths++
			}
		}
		if c.Paths == 0 {
			continue
		}
		plan, err := m.planOf(tx, t, Row{Receiver: tx.Who.Worker, Ground: consent.Carry{Basis: Same, Scopes: consent.Scopes}}, pathway.State{Phase: p.ID, Responsible: "sender"})
		if err != nil {
			return nil, err
		}
		c.Owed = m.foresee(tx, plan, next).Obligations
		out = append(out, c)
	}
	return out, nil
}

// Finish ends a transfer: everybody has an end, and the report stands. Whoever still waits is named by the count.
func Finish(tx *db.Tx, id string) error {
	t, err := mustBeDraft(tx, id)
	if err != nil {
		return err
	}
	rows, err := Rows(tx, t)
	if err != nil {
		return err
	}
	sum, err := SumOf(tx, t, rows)
	if err != nil {
		return err
	}
	if sum.Of[IsWaiting] > 0 || !sum.Whole() {
		return fault.E(fault.Conflict, "transfer.not_all", fault.Args{"n": sum.Of[IsWaiting]})
	}
	return end(tx, id, Done)
}

func end(tx *db.Tx, id string, s State) error {
	if _, err := tx.Exec(`update transfer set state = $3, ended_at = $4 where tenant_id = $1 and transfer_id = $2`, tx.Who.Tenant, id, string(s), tx.At); err != nil {
		return err
	}
	return audit.Command(tx, "", "transfer."+string(s))
}

// undoneExit is the destination of a path that an undone transfer had begun for somebody whom the register knew before:
// their journal is not cut, so the path stays as a closed one.
const undoneExit = "transfer-undone"

// Undo takes a transfer back whole, batch by batch: each path that moved goes on where it was, and what the move began is
// closed, or removed where the move had made the client. A path whose receiver has met the client, or on which somebody
// has recorded since, stays moved and is counted in kept.
func (m *Mover) Undo(ctx context.Context, d *db.DB, who actor.Actor, id string) (back, kept int, err error) {
	for after, more := "", true; more; {
		var did, stayed int
		err := d.Update(ctx, who, func(tx *db.Tx) error {
			t, err := Get(tx, id)
			if err != nil {
				return err
			}
			if t.State == Undone {
				return fault.E(fault.Conflict, "transfer.over", nil)
			}
			rows, err := movedAfter(tx, t, after)
			if err != nil {
				return err
			}
			did, stayed = 0, 0
			for _, r := range rows {
				undone, err := m.undoRow(tx, t, r)
				switch {
				case err != nil:
					return err
				case undone:
					did++
				default:
					stayed++
				}
			}
			if more = len(rows) == Batch; more {
				after = rows[len(rows)-1].Path
				return nil
			}
			return end(tx, id, Undone)
		})
		if err != nil {
			return back, kept, err
		}
		back, kept = back+did, kept+stayed
	}
	return back, kept, nil
}

// movedAfter gives the next rows that have moved, in order of their paths.
func movedAfter(tx *db.Tx, t Transfer, after string) ([]Row, error) {
	var rows []Row
	err := tx.Each(`select x.path_id, x.client_id, x.new_client, x.new_path, x.made_client, x.entries from transfer_row x where x.tenant_id = $1 and x.transfer_id = $2
		and x.state = 'moved' and x.path_id > $3 order by x.path_id limit $4`, []any{tx.Who.Tenant, t.ID, after, Batch}, func(row func(...any) error) error {
		var r Row
		err := row(&r.Path, &r.Client, &r.NewClient, &r.NewPath, &r.madeClient, &r.entries)
		rows = append(rows, r)
		return err
	})
	return rows, err
}

// undoRow takes one move back; false when somebody has worked on the new path since.
func (m *Mover) undoRow(tx *db.Tx, t Transfer, r Row) (bool, error) {
	system := *tx
	system.Who.Worker, system.Who.Admin = actor.SystemWorker, true
	var now int
	var others bool
	if _, err := tx.One(`select (select count(*) from entry e where e.tenant_id = $1 and e.client_id = $2 and e.path_id = $3),
		exists (select 1 from entry e where e.tenant_id = $1 and e.client_id = $2 and e.path_id <> $3) or exists (select 1 from client c where c.tenant_id = $1
		and c.client_id = $2 and c.rev > 1)`, []any{tx.Who.Tenant, r.NewClient, r.NewPath}, &now, &others); err != nil {
		return false, err
	}
	if now != r.entries || r.madeClient && others {
		return false, nil
	}
	if r.madeClient {
		if err := path.Remove(tx, r.NewClient); err != nil {
			return false, err
		}
	} else if err := m.takeBack(&system, tx, r); err != nil {
		return false, err
	}
	exit := exitID(t, r)
	if _, err := m.Book.Append(&system, r.Path, entry.Entry{ID: ident.Beside(exit, "undo"), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindRetraction, Author: tx.Who.Worker,
		Corrects: exit, Body: &entry.Retraction{Why: t.Why}}); err != nil {
		return false, err
	}
	_, err := tx.Exec(`update transfer_row set state = 'undone', new_client = '', new_path = '', done_at = $4 where tenant_id = $1 and transfer_id = $2 and path_id = $3`,
		tx.Who.Tenant, t.ID, r.Path, tx.At)
	return true, err
}

// takeBack retracts what a new path began with and closes it.
func (m *Mover) takeBack(system, tx *db.Tx, r Row) error {
	entries, err := m.Book.Entries(system, path.Path{ID: r.NewPath, Client: r.NewClient})
	if err != nil {
		return err
	}
	var back []entry.Entry
	for _, e := range entries {
		if _, is := e.Body.(*entry.Relation); is || e.Kind == entry.KindStart {
			continue
		}
		back = append(back, entry.Entry{ID: ident.Beside(e.ID, "undo"), Day: e.Day, Minute: e.Minute, Kind: entry.KindRetraction, Author: tx.Who.Worker, Corrects: e.ID, Body: &entry.Retraction{}})
	}
	back = append(back, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindExit, Author: tx.Who.Worker,
		Body: &entry.Exit{Step: entry.ExitDone, To: undoneExit, Imported: true}})
	_, err = m.Book.Append(system, r.NewPath, back...)
	return err
}
