package audit

import (
	"context"

	"polku/internal/db"
)

// Check asks the embedded engine whether the use log's file is whole; it gives what is wrong, which names tables and pages
// and no content. On PostgreSQL the log is a table of the database, whose pages the server checks.
func (l *Log) Check(ctx context.Context) []string {
	if l.file == nil {
		return nil
	}
	return db.Integrity(ctx, l.pool)
}
