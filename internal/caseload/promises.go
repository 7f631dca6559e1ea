package caseload

import "polku/internal/db"

// Kept tells how the promise stands in one service or with one worker. Figures only: it names no client.
type Kept struct {
	Service, Worker string // ids; Worker empty: the service as a whole
	Open            int    // open and paused paths
	Paused          int
	Now             int // somebody needs the worker now
	Hanging         int // about to be left hanging
	Unset           int // the next step is still "Tarkista tuonti"
}

// Promises gives the figures of the units that the actor coordinates or manages, and of all units for an
// administrator: per service and responsible worker.
func Promises(tx *db.Tx) ([]Kept, error) {
	var all []Kept
	err := tx.Each(`select s.service_id, coalesce(s.responsible, ''), count(*), count(*) filter (where s.status = 'paused'),
		count(*) filter (where s.today_group = 1), count(*) filter (where s.today_group = 1 and s.class <= 3),
		count(*) filter (where s.step_from = 'import') from standing s
		where s.tenant_id = $1 and s.status <> 'closed' and ($3 or exists (select 1 from member m where m.tenant_id = $1 and m.worker_id = $2
		and m.unit_id = s.unit_id and m.register_id = s.register_id and m.role in ('coordinator', 'manager')))
		group by s.service_id, s.responsible order by s.service_id, count(*) desc, s.responsible`,
		[]any{tx.Who.Tenant, tx.Who.Worker, tx.Who.Admin}, func(row func(...any) error) error {
			var k Kept
			err := row(&k.Service, &k.Worker, &k.Open, &k.Paused, &k.Now, &k.Hanging, &k.Unset)
			all = append(all, k)
			return err
		})
	return all, err
}

// OfAbsent gives how many open paths each worker has for whom somebody stands in, now or at another time. It names no client.
func OfAbsent(tx *db.Tx) (map[string]int, error) {
	open := map[string]int{}
	err := tx.Each(`select s.responsible, count(*) from standing s where s.tenant_id = $1 and s.status <> 'closed'
		and s.responsible in (select c.absent from cover c where c.tenant_id = $1) group by s.responsible`, []any{tx.Who.Tenant}, func(row func(...any) error) error {
		var worker string
		var n int
		err := row(&worker, &n)
		open[worker] = n
		return err
	})
	return open, err
}
