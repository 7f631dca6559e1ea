package audit

import (
	"context"

	"polku/internal/db"
	"polku/internal/fault"
)

// KeptYears is how long logs are kept (703/2023 annex): a sealed batch that is older may be empty.
const KeptYears = 12

// DropBefore deletes the rows of the use log that are older than the law keeps them, and tells how many there were.
// before is an instant in microseconds UTC. Whole batches go, so that those that stay can be proven; the batches' own
// rows stay, and the chain with them.
func (l *Log) DropBefore(ctx context.Context, tenant, before int64) (int, error) {
	n := int64(0)
	for i, sql := range []string{
		`delete from use_log where tenant_id = $1 and batch in (select b.number from use_log_batch b where b.tenant_id = $1 and b.at < $2)`,
		`delete from use_log_client where tenant_id = $1 and not exists (select 1 from use_log l where l.tenant_id = $1 and l.log_id = use_log_client.log_id) and at < $2`,
	} {
		result, err := l.pool.ExecContext(ctx, sql, tenant, before)
		if err != nil {
			return 0, fault.Wrap(err, "audit.drop")
		}
		if i == 0 {
			if n, err = result.RowsAffected(); err != nil {
				return 0, fault.Wrap(err, "audit.drop")
			}
		}
	}
	return int(n), nil
}

// Scrub makes the use log's own file forget what was deleted; on PostgreSQL it stands in the database.
func (l *Log) Scrub(ctx context.Context) error {
	if l.file == nil {
		return nil
	}
	return db.ScrubSQLiteFile(ctx, l.pool)
}
