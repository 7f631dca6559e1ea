package referral

import (
	"polku/internal/actor"
	"polku/internal/db"
	"polku/internal/fault"
)

// sees is the condition that the actor works in the queue of a row: with cases in the register and the unit, or in the
// whole register. Somebody who waits is everybody's in the queue, so that somebody takes them on; the walls between
// registers and units hold. $1 is the tenant, $2 the worker; alias names a table with register_id and unit_id.
func sees(alias string) string {
	return `($2 = '` + actor.SystemWorker + `' or (` + alias + `.unit_id, ` + alias + `.register_id) in (select m.unit_id, m.register_id from member m
		where m.tenant_id = $1 and m.worker_id = $2 and m.cases) or ` + alias + `.register_id in (select m.register_id from member m
		where m.tenant_id = $1 and m.worker_id = $2 and m.reach = 'register'))`
}

// mustWorkIn refuses to give a referral to somebody who does not work in its queue.
func mustWorkIn(tx *db.Tx, worker string, r Referral) error {
	var one int
	found, err := tx.One(`select 1 from worker w join member m on m.tenant_id = w.tenant_id and m.worker_id = w.worker_id
		where w.tenant_id = $1 and w.worker_id = $2 and w.active and m.cases and m.register_id = $3 and (m.unit_id = $4 or m.reach = 'register')`,
		[]any{tx.Who.Tenant, worker, r.Register, r.Unit}, &one)
	if err == nil && !found {
		err = fault.Fields(map[string]string{"worker": "worker.no_access"})
	}
	return err
}

// place is a service with its queue, for whoever brings a referral to it: they need not see what is in it.
type place struct{ service, unit, register, model, version, owner string }

// placeOf finds a service that goes on, and who answers for its queue: the service's queue owner, else the unit's duty
// holder, else the coordinator of the unit, else whoever has worked there longest. Not found when it has ended;
// unavailable when nobody works in it, since nobody would answer for the person.
//
// gone is a worker who leaves it: people may still wait in a service that has ended, and somebody else answers for them.
func placeOf(tx *db.Tx, service, gone string) (place, error) {
	p := place{service: service}
	found, err := tx.One(`select s.unit_id, s.register_id, s.model, s.version from service s
		where s.tenant_id = $1 and s.service_id = $2 and ($4 <> '' or s.ended is null or s.ended = 0 or s.ended >= $3)`,
		[]any{tx.Who.Tenant, service, int64(tx.Today), gone}, &p.unit, &p.register, &p.model, &p.version)
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err != nil {
		return p, err
	}
	found, err = tx.One(`select m.worker_id from member m join worker w on w.tenant_id = m.tenant_id and w.worker_id = m.worker_id and w.active
		join service s on s.tenant_id = m.tenant_id and s.service_id = $2 join unit u on u.tenant_id = m.tenant_id and u.unit_id = s.unit_id
		where m.tenant_id = $1 and m.register_id = s.register_id and (m.unit_id = s.unit_id or m.reach = 'register') and m.cases and m.worker_id <> $3
		order by case when m.worker_id = coalesce(s.queue_owner, '') then 0 when m.worker_id = coalesce(u.duty_worker, '') then 1
			when m.role = 'coordinator' then 2 when m.role = 'worker' then 3 else 4 end, m.worker_id limit 1`,
		[]any{tx.Who.Tenant, service, gone}, &p.owner)
	if err == nil && !found {
		err = fault.E(fault.Unavailable, "refer.no_owner", nil)
	}
	return p, err
}

// Entrance is a service that people can be referred to.
type Entrance struct {
	Service, Name string
	Unit          string // its name, which tells nobody what service it is
	Model         string
	Version       string
	Owner         string // who answers for whoever comes now
}

// EntranceOf gives a service's queue to anybody: it tells nothing of who waits in it. Faults as of a service that has ended, or
// where nobody works.
func EntranceOf(tx *db.Tx, service string) (Entrance, error) {
	p, err := placeOf(tx, service, "")
	if err != nil {
		return Entrance{}, err
	}
	q := Entrance{Service: service, Model: p.model, Version: p.version, Owner: p.owner}
	_, err = tx.One(`select s.name, u.name from service s join unit u on u.tenant_id = s.tenant_id and u.unit_id = s.unit_id
		where s.tenant_id = $1 and s.service_id = $2`, []any{tx.Who.Tenant, service}, &q.Name, &q.Unit)
	return q, err
}
