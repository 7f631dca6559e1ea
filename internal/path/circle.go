package path

import (
	"cmp"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/unit"
)

// Relation is somebody's part in a client's circle.
type Relation struct {
	ID, Worker string
	Role       entry.Role
	From, To   civil.Date // To zero: goes on
	Why        string
}

// Handoff of a path from one worker to another.
type Handoff struct {
	ID, From, To string
	Step         entry.HandoffStep
	Offered      civil.Date
	Answered     civil.Date
	Why          string
	Meeting      Meeting // of three: client, sender, receiver
}

// Meeting of three in a hand-off.
type Meeting struct {
	Day    civil.Date // zero: none is agreed
	Minute int        // 0: no clock time
	Place  string
	Met    civil.Date // when it took place; zero: it has not
}

// touchesCircle tells whether any entry says who works with the client.
func touchesCircle(entries []entry.Entry) bool {
	for i := range entries {
		switch entries[i].Kind {
		case entry.KindRelation, entry.KindHandoff, entry.KindExit, entry.KindReopen, entry.KindRetraction:
			return true
		}
	}
	return false
}

// Circle folds entries as they stand into relations: who worked with the client from when to when. The
// responsible worker changes by a relation entry or by the acceptance of a hand-off; the sender of a
// hand-off watches until the first contact.
func Circle(entries []*entry.Entry) []Relation {
	var all []Relation
	end := func(role entry.Role, worker string, day civil.Date) {
		for i := range all {
			if r := &all[i]; r.Role == role && r.To.IsZero() && (worker == "" || r.Worker == worker) {
				r.To = day
			}
		}
	}
	begin := func(e *entry.Entry, suffix, worker string, role entry.Role, why string) {
		if role == entry.Responsible {
			end(role, "", e.Day)
		}
		all = append(all, Relation{ID: e.ID + suffix, Worker: worker, Role: role, From: e.Day, Why: why})
	}
	for _, e := range entries {
		switch b := e.Body.(type) {
		case *entry.Relation:
			if b.Ended {
				end(b.Role, b.Worker, e.Day)
			} else {
				begin(e, "", b.Worker, b.Role, b.Why)
			}
		case *entry.Handoff:
			switch b.Step {
			case entry.HandoffAccepted:
				begin(e, "", b.To, entry.Responsible, b.Why)
				begin(e, "-w", b.From, entry.Watcher, b.Why)
			case entry.HandoffFirstContact:
				end(entry.Watcher, b.From, e.Day)
			}
		case *entry.Exit:
			if b.Step == entry.ExitDone {
				for i := range all {
					if all[i].To.IsZero() && all[i].Role != entry.Responsible {
						all[i].To = e.Day
					}
				}
			}
		}
	}
	return all
}

// Handoffs folds entries as they stand into hand-offs, oldest first.
func Handoffs(entries []*entry.Entry) []Handoff {
	var all []Handoff
	for _, e := range entries {
		b, ok := e.Body.(*entry.Handoff)
		if !ok {
			continue
		}
		if b.Step == entry.HandoffOffered {
			all = append(all, Handoff{ID: b.Handoff, From: b.From, To: b.To, Step: b.Step, Offered: e.Day, Why: b.Why})
			continue
		}
		for i := range all {
			switch {
			case all[i].ID != b.Handoff:
			case b.Step == entry.HandoffMeeting:
				all[i].Meeting = Meeting{Day: b.Meeting, Minute: b.Minute, Place: b.Place}
			case b.Step == entry.HandoffMet:
				all[i].Meeting.Met = e.Day
			default:
				all[i].Step = b.Step
				all[i].Answered = cmp.Or(all[i].Answered, e.Day)
			}
		}
	}
	return all
}

// syncRelations rewrites the path's relations. The balance's responsible worker is the engine's.
func syncRelations(tx *db.Tx, p Path, standing []*entry.Entry) error {
	had, err := tx.Exec(`delete from relation where tenant_id = $1 and path_id = $2`, tx.Who.Tenant, p.ID)
	if err == nil && had > 0 {
		err = unit.ChangedSight(tx)
	}
	if err != nil {
		return err
	}
	for _, r := range Circle(standing) {
		if _, err := tx.Exec(`insert into relation (tenant_id, relation_id, path_id, client_id, worker_id, role, from_day, to_day, why)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			tx.Who.Tenant, r.ID, p.ID, p.Client, r.Worker, string(r.Role), r.From, r.To, r.Why); err != nil {
			return err
		}
	}
	return nil
}

// syncHandoffs rewrites the path's hand-offs: an offer that was undone is no longer there.
func syncHandoffs(tx *db.Tx, p Path, standing []*entry.Entry) error {
	if _, err := tx.Exec(`delete from handoff where tenant_id = $1 and path_id = $2`, tx.Who.Tenant, p.ID); err != nil {
		return err
	}
	for _, h := range Handoffs(standing) {
		if _, err := tx.Exec(`insert into handoff (tenant_id, handoff_id, path_id, client_id, from_worker, to_worker, step, offered_on, answered_on, why)
			values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
			tx.Who.Tenant, h.ID, p.ID, p.Client, h.From, h.To, string(h.Step), h.Offered, h.Answered, h.Why); err != nil {
			return err
		}
	}
	return nil
}

// RelationsOf gives the relations of a path, the present ones first.
func RelationsOf(tx *db.Tx, id string) ([]Relation, error) {
	var all []Relation
	err := tx.Each(`select relation_id, worker_id, role, from_day, to_day, why from relation where tenant_id = $1 and path_id = $2
		order by to_day is not null, from_day desc, relation_id`, []any{tx.Who.Tenant, id}, func(row func(...any) error) error {
		var r Relation
		err := row(&r.ID, &r.Worker, (*string)(&r.Role), &r.From, &r.To, &r.Why)
		all = append(all, r)
		return err
	})
	return all, err
}

// HandoffsOf gives the hand-offs of a path, newest first.
func HandoffsOf(tx *db.Tx, id string) ([]Handoff, error) {
	var all []Handoff
	err := tx.Each(`select handoff_id, from_worker, to_worker, step, offered_on, answered_on, why from handoff
		where tenant_id = $1 and path_id = $2 order by offered_on desc, handoff_id desc`, []any{tx.Who.Tenant, id}, func(row func(...any) error) error {
		var h Handoff
		err := row(&h.ID, &h.From, &h.To, (*string)(&h.Step), &h.Offered, &h.Answered, &h.Why)
		all = append(all, h)
		return err
	})
	return all, err
}
