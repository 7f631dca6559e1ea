package path

import (
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/journal"
	"polku/internal/pathway"
)

// StateOf gives the state of a path today, from its entries: those of clients whom somebody works with are at hand. It
// writes nothing. The caller has asked whether the actor may see the client.
func (b *Book) StateOf(tx *db.Tx, p Path) (pathway.State, error) {
	entries, err := b.Journal.Path(tx, p.Client, p.ID)
	if err != nil {
		return pathway.State{}, err
	}
	if len(entries) == 0 {
		return pathway.State{}, fault.E(fault.NotFound, "error.not_found", nil)
	}
	return pathway.Evaluate(b.Models, b.Rules, b.Calendar, entries, tx.Today), nil
}

// Evaluate evaluates a path from its entries, writing nothing.
func (b *Book) Evaluate(tx *db.Tx, p Path) (pathway.State, error) {
	entries, err := journal.Path(tx, p.Client, p.ID)
	if err != nil {
		return pathway.State{}, err
	}
	return pathway.Evaluate(b.Models, b.Rules, b.Calendar, entries, tx.Today), nil
}

// Stale gives up to limit paths whose balance may no longer hold today, oldest change first.
func Stale(tx *db.Tx, limit int) ([]Path, error) {
	var all []Path
	err := tx.Each(`select path_id, client_id, register_id, service_id, unit_id from standing where tenant_id = $1 and next_change <= $2
		order by next_change, path_id limit $3`, []any{tx.Who.Tenant, tx.Today, limit}, func(row func(...any) error) error {
		var p Path
		err := row(&p.ID, &p.Client, &p.Register, &p.Service, &p.Unit)
		all = append(all, p)
		return err
	})
	return all, err
}

// Outdated gives up to limit paths evaluated with other models, rules or calendar than the book's, after a path.
func (b *Book) Outdated(tx *db.Tx, after string, limit int) ([]Path, error) {
	var all []Path
	err := tx.Each(`select path_id, client_id, register_id, service_id, unit_id from standing where tenant_id = $1 and path_id > $2
		and versions not like '% ' || $3 order by path_id limit $4`, []any{tx.Who.Tenant, after, b.Stamp, limit}, func(row func(...any) error) error {
		var p Path
		err := row(&p.ID, &p.Client, &p.Register, &p.Service, &p.Unit)
		all = append(all, p)
		return err
	})
	return all, err
}

// Refresh evaluates paths again and writes their balances: the night's work. A path that has lost its next
// step or responsible worker cannot come about through commands; should the data say so, it is left as it
// is for verify to name.
func (b *Book) Refresh(tx *db.Tx, paths []Path) error {
	for _, p := range paths {
		entries, err := journal.Path(tx, p.Client, p.ID)
		if err != nil {
			return err
		}
		s := pathway.Evaluate(b.Models, b.Rules, b.Calendar, entries, tx.Today)
		if keepsPromise(s) != nil {
			if _, err := tx.Exec(`update standing set next_change = $3 where tenant_id = $1 and path_id = $2`, tx.Who.Tenant, p.ID, tx.Today+1); err != nil {
				return err
			}
			continue
		}
		row, err := b.standingRow(s)
		if err != nil {
			return err
		}
		if err := row.compare(tx, p); err != nil {
			return err
		}
		if err := writeStanding(tx, p, row); err != nil {
			return err
		}
	}
	return nil
}
