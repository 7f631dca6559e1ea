package unit

import (
	"slices"

	"polku/internal/db"
	"polku/internal/fault"
)

// Absentees gives the workers with clients for whose absence the actor may plan a stand-in, by name: themselves; by a
// coordinator everybody of their units; by an administrator everybody.
func Absentees(tx *db.Tx) ([]Worker, error) {
	var all []Worker
	err := tx.Each(`select `+workerColumns+` from worker w where w.tenant_id = $1 and w.active
		and exists (select 1 from member m where m.tenant_id = $1 and m.worker_id = w.worker_id and m.cases
			and (w.worker_id = $2 or $3 or m.unit_id in (select c.unit_id from member c where c.tenant_id = $1 and c.worker_id = $2 and c.role = 'coordinator')))
		order by w.name, w.worker_id`, []any{tx.Who.Tenant, tx.Who.Worker, tx.Who.Admin}, func(row func(...any) error) error {
		all = append(all, Worker{})
		return scanWorker(row, &all[len(all)-1])
	})
	return all, err
}

// StandIns gives the workers who can stand in for a colleague, by name: they work with clients in a unit of the
// colleague's and in every register where the colleague has clients.
func StandIns(tx *db.Tx, absent string) ([]Worker, error) {
	var all []Worker
	err := tx.Each(`select `+workerColumns+` from worker w where w.tenant_id = $1 and w.active and w.worker_id <> $2
		and exists (select 1 from member m join member a on a.tenant_id = m.tenant_id and a.unit_id = m.unit_id
			where m.tenant_id = $1 and m.worker_id = w.worker_id and m.cases and a.worker_id = $2 and a.cases)
		and not exists (select 1 from member a where a.tenant_id = $1 and a.worker_id = $2 and a.cases and not exists
			(select 1 from member m where m.tenant_id = $1 and m.worker_id = w.worker_id and m.register_id = a.register_id and m.cases))
		order by w.name, w.worker_id`, []any{tx.Who.Tenant, absent}, func(row func(...any) error) error {
		all = append(all, Worker{})
		return scanWorker(row, &all[len(all)-1])
	})
	return all, err
}

// PlanCover is AddCover for the actor's own absence or one that they may plan, by a stand-in of the same unit.
func PlanCover(tx *db.Tx, c Cover) (string, error) {
	if err := mustPlanFor(tx, c.Absent); err != nil {
		return "", err
	}
	if c.Cover != "" && c.Cover != c.Absent {
		able, err := StandIns(tx, c.Absent)
		if err != nil {
			return "", err
		}
		if !has(able, c.Cover) {
			return "", fault.Fields(map[string]string{"cover": "cover.no_access"})
		}
	}
	return AddCover(tx, c)
}

// mustPlanFor refuses whoever may not plan for a worker's absence.
func mustPlanFor(tx *db.Tx, absent string) error {
	may, err := Absentees(tx)
	if err == nil && !has(may, absent) {
		err = fault.E(fault.Denied, "error.denied", nil)
	}
	return err
}

func has(workers []Worker, id string) bool {
	return slices.ContainsFunc(workers, func(w Worker) bool { return w.ID == id })
}
