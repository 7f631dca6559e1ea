package unit

import (
	"polku/internal/actor"
	"polku/internal/db"
)

// KeepsRights is the condition that the actor keeps the clients' rights in the register of a row: reads its logs and
// answers requests (About.Logs). It opens no case. $1 is the tenant, $2 the worker; alias names a table with tenant_id and
// register_id.
func KeepsRights(alias string) string {
	return alias + `.register_id in (select m.register_id from member m where m.tenant_id = $1 and m.worker_id = $2 and m.role = '` + string(RoleComplaints) + `')`
}

// Decides is the condition that the actor decides on clients' requests in the register of a row: who keeps the clients'
// rights there, its coordinators, and the program itself.
func Decides(alias string) string {
	return `($2 = '` + actor.SystemWorker + `' or ` + alias + `.register_id in (select m.register_id from member m where m.tenant_id = $1
		and m.worker_id = $2 and m.role in ('` + string(RoleComplaints) + `', '` + string(RoleCoordinator) + `')))`
}

// KeepsSome tells whether the actor keeps clients' rights in some register.
func KeepsSome(tx *db.Tx) (bool, error) {
	var one int
	return tx.One(`select 1 from member where tenant_id = $1 and worker_id = $2 and role = $3`, []any{tx.Who.Tenant, tx.Who.Worker, string(RoleComplaints)}, &one)
}
