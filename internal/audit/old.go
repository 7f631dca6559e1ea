package audit

import (
	"context"

	"polku/internal/db"
	"polku/internal/fault"
)

// DropBefore deletes the rows of the use log that are older than the law keeps them, and tells how many there were.
// before is an instant in microseconds UTC.
func (l *Log) DropBefore(ctx context.Context, tenant, before int64) (int, error) {
	result, err := l.pool.ExecContext(ctx, `delete from use_log where tenant_id = $1 and at < $2`, tenant, before)
	if err != nil {
		return 0, fault.Wrap(err, "audit.drop")
	}
	n, err := result.RowsAffected()
	return int(n), fault.Wrap(err, "audit.drop")
}

// Scrub makes the use log's own file forget what was deleted; on PostgreSQL it stands in the database.
func (l *Log) Scrub(ctx context.Context) error {
	if l.file == nil {
		return nil
	}
	return db.ScrubSQLiteFile(ctx, l.pool)
}
