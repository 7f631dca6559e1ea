package unit

import (
	"polku/internal/actor"
	"polku/internal/db"
	"polku/internal/fault"
)

// Sees is the condition that the actor may see the client of a row: a role with cases in the register AND a client
// relationship (703/2023 s. 9). $1 is the tenant, $2 the worker; alias names a table with tenant_id, register_id and
// client_id. Constant text, so that it is planned once. The program itself (jobs, the machine owner's commands) sees all.
//
// A client without any path yet (a referral under way) is everybody's in the register, so that somebody takes them on.
//
// How far a role reaches stands in member.reach. The commonest answer comes first: a list that is read once, not a
// question asked of every row.
func Sees(alias string) string {
	return `($2 = '` + actor.SystemWorker + `' or ` + alias + `.register_id in (select m.register_id from member m
		where m.tenant_id = $1 and m.worker_id = $2 and m.reach = 'register') or ` + alias + `.register_id in (select m.register_id from member m
		where m.tenant_id = $1 and m.worker_id = $2 and m.reach in ('unit', 'own')) and (` + alias + `.client_id in (select k.client_id from sight k
		where k.tenant_id = $1 and k.worker_id = $2) or exists (select 1 from path rp join service rs on rs.tenant_id = rp.tenant_id
		and rs.service_id = rp.service_id join member rm on rm.tenant_id = rs.tenant_id and rm.register_id = rs.register_id and rm.unit_id = rs.unit_id
		where rp.tenant_id = $1 and rp.client_id = ` + alias + `.client_id and rm.worker_id = $2 and rm.reach = 'unit')
		or not exists (select 1 from path rp where rp.tenant_id = $1 and rp.client_id = ` + alias + `.client_id)))`
}

// SeesRegister is the condition that the actor works with clients in the register of a row, whoever they are: for
// services, imports, phrases. alias names a table with tenant_id and register_id.
func SeesRegister(alias string) string {
	return `($2 = '` + actor.SystemWorker + `' or ` + alias + `.register_id in (select m.register_id from member m
		where m.tenant_id = $1 and m.worker_id = $2 and m.cases))`
}

// Coordinates is the condition that the actor coordinates the unit of a row (or manages it). The program itself
// coordinates none: the condition can lead to the rows by an index of units.
func Coordinates(alias string) string {
	return alias + `.unit_id in (select m.unit_id from member m where m.tenant_id = $1 and m.worker_id = $2
		and m.role in ('coordinator', 'manager'))`
}

// MustAdmin refuses whoever is no administrator.
func MustAdmin(tx *db.Tx) error {
	if !tx.Who.Admin {
		return fault.E(fault.Denied, "error.denied", nil)
	}
	return nil
}

// Member is a worker's role in a register within a unit.
type Member struct {
	Worker, Register, Unit string
	Role                   Role
}

// Join gives a worker a role in a register; a role there already is replaced.
func Join(tx *db.Tx, m Member) error {
	about, known := roles[m.Role]
	if !known {
		return fault.E(fault.Invalid, "role.unknown", nil)
	}
	if _, err := tx.Exec(`insert into member (tenant_id, worker_id, register_id, unit_id, role, cases, reach) values ($1, $2, $3, $4, $5, $6, 'none')
		on conflict (tenant_id, worker_id, register_id, unit_id) do update set role = excluded.role, cases = excluded.cases`,
		tx.Who.Tenant, m.Worker, m.Register, m.Unit, string(m.Role), about.Cases); err != nil {
		return err
	}
	return changed(tx)
}

// Leave ends a worker's role in a register.
func Leave(tx *db.Tx, m Member) error {
	if _, err := tx.Exec(`delete from member where tenant_id = $1 and worker_id = $2 and register_id = $3 and unit_id = $4`,
		tx.Who.Tenant, m.Worker, m.Register, m.Unit); err != nil {
		return err
	}
	return changed(tx)
}

// SetTeam says whether those who work in a unit work its clients' cases together, or each only their own.
func SetTeam(tx *db.Tx, unit string, together bool) error {
	if err := MustAdmin(tx); err != nil {
		return err
	}
	if _, err := tx.Exec(`update unit set team = $3 where tenant_id = $1 and unit_id = $2`, tx.Who.Tenant, unit, together); err != nil {
		return err
	}
	return changed(tx)
}

// reckonReach writes down again how far each role reaches: after any change of a role, a service or a unit. One
// statement over a table of as many rows as there are workers.
//
//   - none: the role has no cases.
//   - own: a worker or student of a unit where each works only their own cases.
//   - unit: others; a coordinator and the unit's duty holder always, since nobody may fall between two workers.
//   - register: as unit, where the register has no services in a unit that the worker does not reach so.
func reckonReach(tx *db.Tx) error {
	if _, err := tx.Exec(`update member set reach = case when not cases then 'none'
		when role in ('worker', 'student') and exists (select 1 from unit u where u.tenant_id = member.tenant_id and u.unit_id = member.unit_id and not u.team
			and coalesce(u.duty_worker, '') <> member.worker_id)
		then 'own' else 'unit' end where tenant_id = $1`, tx.Who.Tenant); err != nil {
		return err
	}
	_, err := tx.Exec(`update member set reach = 'register' where tenant_id = $1 and reach = 'unit' and not exists (
		select 1 from service s where s.tenant_id = member.tenant_id and s.register_id = member.register_id and not exists (
			select 1 from member o where o.tenant_id = s.tenant_id and o.worker_id = member.worker_id and o.register_id = s.register_id
			and o.unit_id = s.unit_id and o.reach in ('unit', 'register')))`, tx.Who.Tenant)
	return err
}

// Members gives every membership; of one worker when worker is not empty.
func Members(tx *db.Tx, worker string) ([]Member, error) {
	var all []Member
	err := tx.Each(`select worker_id, register_id, unit_id, role from member where tenant_id = $1 and ($2 = '' or worker_id = $2)
		order by worker_id, unit_id, register_id`, []any{tx.Who.Tenant, worker}, func(row func(...any) error) error {
		var m Member
		err := row(&m.Worker, &m.Register, &m.Unit, (*string)(&m.Role))
		all = append(all, m)
		return err
	})
	return all, err
}
