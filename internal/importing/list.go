package importing

import (
	"encoding/json"

	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/unit"
)

// Import is one import as it is kept.
type Import struct {
	ID, Kind, Service, File, Worker, Status string
	At                                      int64 // microseconds UTC
	Added, Already, LeftOut                 int
	Report
}

const runColumns = `r.import_id, r.kind, r.service_id, r.file_name, r.worker_id, r.status, r.at, r.added, r.known, r.left_out, r.report`

func scanRun(row func(...any) error, i *Import) error {
	var report []byte
	if err := row(&i.ID, &i.Kind, &i.Service, &i.File, &i.Worker, &i.Status, &i.At, &i.Added, &i.Already, &i.LeftOut, &report); err != nil {
		return err
	}
	return fault.Wrap(json.Unmarshal(report, &i.Report), "importing.decode")
}

// List gives up to limit imports into the services that the actor works in, newest first.
func List(tx *db.Tx, limit int) ([]Import, error) {
	var all []Import
	err := tx.Each(`select `+runColumns+` from import_run r join service s on s.tenant_id = r.tenant_id and s.service_id = r.service_id
		where r.tenant_id = $1 and `+unit.SeesRegister("s")+` order by r.at desc, r.import_id desc limit $3`, []any{tx.Who.Tenant, tx.Who.Worker, limit},
		func(row func(...any) error) error {
			all = append(all, Import{})
			return scanRun(row, &all[len(all)-1])
		})
	return all, err
}

// Get gives an import into a service that the actor works in, or not found.
func Get(tx *db.Tx, id string) (Import, error) {
	var i Import
	found := false
	err := tx.Each(`select `+runColumns+` from import_run r join service s on s.tenant_id = r.tenant_id and s.service_id = r.service_id
		where r.tenant_id = $1 and `+unit.SeesRegister("s")+` and r.import_id = $3`, []any{tx.Who.Tenant, tx.Who.Worker, id},
		func(row func(...any) error) error {
			found = true
			return scanRun(row, &i)
		})
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	return i, err
}

// Unset counts the open paths of an import that still wait for a real next step.
func Unset(tx *db.Tx, id string) (int, error) {
	var n int
	_, err := tx.One(`select count(*) from import_item i join standing s on s.tenant_id = i.tenant_id and s.path_id = i.thing_id
		where i.tenant_id = $1 and i.import_id = $2 and i.thing = 'path' and s.status <> 'closed' and s.step_from = 'import'`, []any{tx.Who.Tenant, id}, &n)
	return n, err
}

// sprintDays is how far back imports count in the sprint's progress.
const sprintDays = 60

// Sprint tells how far the actor has come with setting real next steps: how many of the open paths that imports of
// the last two months have given them have one, and how many there are.
func Sprint(tx *db.Tx) (done, total int, err error) {
	_, err = tx.One(`select count(*) filter (where s.step_from <> 'import'), count(*) from import_run r
		join import_item i on i.tenant_id = r.tenant_id and i.import_id = r.import_id and i.thing = 'path'
		join standing s on s.tenant_id = i.tenant_id and s.path_id = i.thing_id
		where r.tenant_id = $1 and r.at > $3 and r.status <> 'undone' and s.responsible = $2 and s.status <> 'closed'`,
		[]any{tx.Who.Tenant, tx.Who.Worker, tx.At - sprintDays*24*3600*1_000_000}, &done, &total)
	return done, total, err
}
