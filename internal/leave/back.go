package leave

import (
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/unit"
)

// Back ends a leave: after its last day, or when the worker comes back before it, or calls it off. Meetings that the
// colleague has not had come back to the worker, and so does the work.
func Back(tx *db.Tx, b *path.Book, id string) error {
	l, err := Get(tx, id)
	if err != nil {
		return err
	}
	if l.Worker != tx.Who.Worker {
		if err := mayPlan(tx, l.Worker); err != nil {
			return err
		}
	}
	if l.State == Ended || l.State == Off {
		return fault.E(fault.Conflict, "leave.over", nil)
	}
	return back(asSystem(tx), b, l)
}

func back(tx *db.Tx, b *path.Book, l Leave) error {
	if l.Cover != "" && l.To >= tx.Today { // past its last day a cover has ended by itself
		if err := unit.EndCover(tx, l.Cover); err != nil {
			return err
		}
	}
	if l.State == Agreed {
		if err := pass(tx, b, l, l.StandIn, l.Worker, true); err != nil {
			return err
		}
		if err := endMarks(tx, b, l); err != nil {
			return err
		}
	}
	state := Ended
	if l.From > tx.Today {
		state = Off
	}
	_, err := tx.Exec(`update leave set state = $3, ended_at = $4 where tenant_id = $1 and leave_id = $2`, tx.Who.Tenant, l.ID, string(state), tx.At)
	return err
}

// endMarks ends the cover's part on the paths where it still stands.
func endMarks(tx *db.Tx, b *path.Book, l Leave) error {
	var ids []string
	if err := tx.Each(`select r.path_id from relation r join standing s on s.tenant_id = r.tenant_id and s.path_id = r.path_id
		where r.tenant_id = $1 and r.worker_id = $2 and r.role = 'cover' and r.to_day is null and s.responsible = $3 and s.status <> 'closed' order by r.path_id`,
		[]any{tx.Who.Tenant, l.StandIn, l.Worker}, func(row func(...any) error) error {
			var id string
			err := row(&id)
			ids = append(ids, id)
			return err
		}); err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := b.Append(tx, id, entry.Entry{ID: ident.Beside(l.ID, "end", id), Day: max(tx.Today, l.From), Minute: -1, Kind: entry.KindRelation,
			Body: &entry.Relation{Worker: l.StandIn, Role: entry.Cover, Ended: true}}); err != nil {
			return err
		}
	}
	return nil
}

// Settle ends the leaves whose last day has gone by: the night's work. It gives how many.
func Settle(tx *db.Tx, b *path.Book) (int, error) {
	var all []Leave
	if err := tx.Each(`select `+columns+` from leave where tenant_id = $1 and to_day < $2 and state not in ('ended', 'off') order by leave_id`,
		[]any{tx.Who.Tenant, int64(tx.Today)}, func(row func(...any) error) error {
			all = append(all, Leave{})
			return scan(row, &all[len(all)-1])
		}); err != nil {
		return 0, err
	}
	for _, l := range all {
		if err := back(asSystem(tx), b, l); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}

// Vacate is for a worker whose account ends: wherever they stand in, or are asked to, the duty holder covers instead, and
// whoever is away is told by the leave's state. A leave that nobody else can cover keeps its open meetings with the
// worker who is away, flagged for the coordinator.
func Vacate(tx *db.Tx, b *path.Book, worker string) error {
	var all []Leave
	if err := tx.Each(`select `+columns+` from leave l where tenant_id = $1 and to_day >= $3 and state in ('asked', 'agreed', 'declined')
		and (stand_in = $2 or exists (select 1 from cover c where c.tenant_id = $1 and c.cover_id = l.cover_id and c.cover = $2)) order by leave_id`,
		[]any{tx.Who.Tenant, worker, int64(tx.Today)}, func(row func(...any) error) error {
			all = append(all, Leave{})
			return scan(row, &all[len(all)-1])
		}); err != nil {
		return err
	}
	system := asSystem(tx)
	for _, l := range all {
		if l.Cover != "" {
			if err := unit.EndCover(system, l.Cover); err != nil {
				return err
			}
		}
		if l.State == Agreed {
			if err := pass(system, b, l, l.StandIn, l.Worker, true); err != nil {
				return err
			}
			if err := endMarks(system, b, l); err != nil {
				return err
			}
		}
		l.State, l.Cover = Declined, ""
		duty, err := dutyFor(system, l)
		if err != nil {
			return err
		}
		if duty != "" && duty != worker {
			if l.Cover, err = unit.AddCover(system, unit.Cover{Absent: l.Worker, Cover: duty, From: max(l.From, tx.Today), To: l.To}); err != nil {
				return err
			}
		}
		if err := keep(system, l); err != nil {
			return err
		}
	}
	return nil
}
