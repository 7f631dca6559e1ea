package unit

import (
	"polku/internal/actor"
	"polku/internal/db"
	"polku/internal/fault"
)

// Sees is the condition that the actor may see cases in the register of a row: $1 is the tenant, $2 the
// worker; alias names a table with tenant_id and register_id. Constant text, so that it is planned once. No
// membership means no access; the program itself (jobs, the machine owner's commands) sees all.
//
// Both conditions name a list that is read once, not a question asked of every row.
func Sees(alias string) string {
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

// Role in a register.
type Role string

// Roles of staff. An administrator is a worker with Admin and needs no role.
const (
	RoleWorker      Role = "worker"      // responsible worker, own cases and the team's
	RoleInstructor  Role = "instructor"  // groups and attendance
	RoleCoordinator Role = "coordinator" // the unit's whole list
	RoleManager     Role = "manager"     // figures and promises, no cases
)

// Roles in the order they are offered.
var Roles = []Role{RoleWorker, RoleInstructor, RoleCoordinator, RoleManager}

// Member is a worker's role in a register within a unit.
type Member struct {
	Worker, Register, Unit string
	Role                   Role
}

// Join gives a worker a role in a register; a role there already is replaced.
func Join(tx *db.Tx, m Member) error {
	if _, err := tx.Exec(`insert into member (tenant_id, worker_id, register_id, unit_id, role, cases) values ($1, $2, $3, $4, $5, $6)
		on conflict (tenant_id, worker_id, register_id, unit_id) do update set role = excluded.role, cases = excluded.cases`,
		tx.Who.Tenant, m.Worker, m.Register, m.Unit, string(m.Role), m.Role != RoleManager); err != nil {
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

// Highest is the most far-reaching of a worker's roles, for what the menus offer; empty without any.
func Highest(members []Member) Role {
	best := -1
	for _, m := range members {
		for i, r := range Roles {
			if r == m.Role && i > best && r != RoleManager {
				best = i
			}
		}
	}
	if best >= 0 {
		return Roles[best]
	}
	if len(members) > 0 {
		return RoleManager
	}
	return ""
}
