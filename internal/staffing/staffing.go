// Package staffing is the process of a worker leaving or being suddenly away: their paths move at once to
// the unit's duty holder, so that nobody is left with a worker who is not there.
package staffing

import (
	"polku/internal/actor"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/leave"
	"polku/internal/path"
	"polku/internal/phrase"
	"polku/internal/unit"
)

// Say gives a catalogue text in a language. What staffing writes is for the new responsible worker to read and to put
// into their own words, so it is in that worker's language; an organisation has no language of its own, and the one
// who removes an account may be anybody.
type Say func(lang, key string) string

// moved is a path that has to change hands.
type moved struct{ path, unit, duty, lang string }

// Remove ends a worker's account; before that every open path of theirs moves to the duty holder of its
// unit, with a next step of getting in touch within two working days. It tells how many paths moved. When a
// unit has no duty holder (or the worker is the duty holder), nothing happens and the answer names the unit.
func Remove(tx *db.Tx, b *path.Book, worker string, say Say) (int, error) {
	if err := unit.MustAdmin(tx); err != nil {
		return 0, err
	}
	if worker == tx.Who.Worker {
		return 0, fault.E(fault.Invalid, "user.not_yourself", nil)
	}
	n, err := MoveAll(tx, b, worker, "removed", say)
	if err != nil {
		return n, err
	}
	if err := leave.Vacate(tx, b, worker); err != nil {
		return n, err
	}
	if err := phrase.DeleteOwn(tx, worker); err != nil {
		return n, err
	}
	return n, unit.Deactivate(tx, worker)
}

// MoveAll moves a worker's open paths, and open promises in others' paths, to whom they now belong: for a
// removed worker, or one who is suddenly away. why is a word for the journal.
func MoveAll(tx *db.Tx, b *path.Book, worker, why string, say Say) (int, error) {
	return MoveRegister(tx, b, worker, "", why, say)
}

// MoveRegister is MoveAll for the paths of one register, which the worker has lost sight of; empty: every register.
func MoveRegister(tx *db.Tx, b *path.Book, worker, register, why string, say Say) (int, error) {
	var all []moved
	err := tx.Each(`select s.path_id, s.unit_id, coalesce(u.duty_worker, ''), coalesce(w.lang, '') from standing s
		join unit u on u.tenant_id = s.tenant_id and u.unit_id = s.unit_id
		left join worker w on w.tenant_id = u.tenant_id and w.worker_id = u.duty_worker
		where s.tenant_id = $1 and s.responsible = $2 and s.status <> 'closed' and ($3 = '' or s.register_id = $3) order by s.path_id`,
		[]any{tx.Who.Tenant, worker, register}, func(row func(...any) error) error {
			var m moved
			err := row(&m.path, &m.unit, &m.duty, &m.lang)
			all = append(all, m)
			return err
		})
	if err != nil {
		return 0, err
	}
	for _, m := range all {
		if m.duty == "" || m.duty == worker {
			return 0, fault.E(fault.Conflict, "duty.nobody", fault.Args{"unit": m.unit})
		}
	}
	system := *tx
	system.Who.Worker, system.Who.Admin = actor.SystemWorker, true // the mover need not see the cases
	for _, m := range all {
		if err := moveOne(&system, b, m, worker, why, say); err != nil {
			return 0, err
		}
	}
	return len(all), returnPromises(&system, b, worker, register)
}

func moveOne(tx *db.Tx, b *path.Book, m moved, worker, why string, say Say) error {
	p, err := path.Get(tx, m.path)
	if err != nil {
		return err
	}
	s, err := b.StateOf(tx, p)
	if err != nil {
		return err
	}
	entries := []entry.Entry{{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindRelation,
		Body: &entry.Relation{Worker: m.duty, Role: entry.Responsible, Why: why}}}
	entries = append(entries, path.MoveTasks(tx, s, worker, m.duty)...)
	step := path.Step{What: say(m.lang, "staffing.contact_step"), By: b.Calendar.AddWorking(tx.Today, 2), From: entry.FromHandoff}
	entries = append(entries, step.Entry("", tx.Today))
	handoffs, err := path.HandoffsOf(tx, m.path)
	if err != nil {
		return err
	}
	for _, h := range handoffs {
		if h.Step == entry.HandoffOffered && h.From == worker {
			entries = append(entries, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindHandoff,
				Body: &entry.Handoff{Handoff: h.ID, Step: entry.HandoffWithdrawn, From: h.From, To: h.To, Why: why}})
		}
	}
	_, err = b.Append(tx, m.path, entries...)
	return err
}

// returnPromises gives tasks in others' paths back to the responsible worker, and declines hand-offs that
// waited for the worker's answer.
func returnPromises(tx *db.Tx, b *path.Book, worker, register string) error {
	paths := map[string]bool{}
	collect := func(row func(...any) error) error {
		var id string
		err := row(&id)
		paths[id] = true
		return err
	}
	if err := tx.Each(`select t.path_id from task t join path p on p.tenant_id = t.tenant_id and p.path_id = t.path_id
		where t.tenant_id = $1 and t.worker_id = $2 and ($3 = '' or p.register_id = $3)`, []any{tx.Who.Tenant, worker, register}, collect); err != nil {
		return err
	}
	if err := tx.Each(`select h.path_id from handoff h join path p on p.tenant_id = h.tenant_id and p.path_id = h.path_id
		where h.tenant_id = $1 and h.to_worker = $2 and h.step = 'offered' and ($3 = '' or p.register_id = $3)`, []any{tx.Who.Tenant, worker, register}, collect); err != nil {
		return err
	}
	for id := range paths {
		p, err := path.Get(tx, id)
		if err != nil {
			return err
		}
		s, err := b.StateOf(tx, p)
		if err != nil {
			return err
		}
		entries := path.MoveTasks(tx, s, worker, s.Responsible)
		handoffs, err := path.HandoffsOf(tx, id)
		if err != nil {
			return err
		}
		for _, h := range handoffs {
			if h.Step == entry.HandoffOffered && h.To == worker {
				entries = append(entries, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindHandoff,
					Body: &entry.Handoff{Handoff: h.ID, Step: entry.HandoffDeclined, From: h.From, To: h.To, Why: "removed"}})
			}
		}
		if len(entries) == 0 {
			continue
		}
		if _, err := b.Append(tx, id, entries...); err != nil {
			return err
		}
	}
	return nil
}
