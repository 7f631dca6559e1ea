package db

import (
	"context"
	"database/sql"

	"polku/internal/fault"
)

// Scrub makes the embedded database's files forget what was deleted: the log of writes is moved into the file and cut to
// nothing, and the file is written anew without its free space, where older remains could stand. Meanwhile writers wait.
// On PostgreSQL the server's own vacuum does what it can; its write-ahead log and backups go by their own time.
func (d *DB) Scrub(ctx context.Context) error {
	if d.Engine == Postgres {
		_, err := d.pool.ExecContext(ctx, "vacuum")
		return fault.Wrap(err, "db.scrub")
	}
	return scrubFile(ctx, d.pool)
}

// ScrubSQLiteFile is Scrub for a file that OpenSQLiteFile opened.
func ScrubSQLiteFile(ctx context.Context, pool *sql.DB) error { return scrubFile(ctx, pool) }

// inMemory is up to how many bytes a file is written anew by way of memory; a larger one by way of SQLite's temporary
// folder (SQLITE_TMPDIR), which must be as well protected as the database.
const inMemory = 256 << 20

func scrubFile(ctx context.Context, pool *sql.DB) error {
	failed := func(err error) error { return &fault.Error{Kind: fault.Unavailable, Key: "db.scrub", Cause: err} }
	conn, err := pool.Conn(ctx)
	if err != nil {
		return failed(err)
	}
	defer conn.Close()
	var size int64
	if err := conn.QueryRowContext(ctx, "select page_count * page_size from pragma_page_count, pragma_page_size").Scan(&size); err != nil {
		return failed(err)
	}
	if size > inMemory {
		if _, err := conn.ExecContext(ctx, "pragma temp_store(file)"); err != nil {
			return failed(err)
		}
		defer conn.ExecContext(context.WithoutCancel(ctx), "pragma temp_store(memory)") // the connection goes back to the others
	}
	if _, err := conn.ExecContext(ctx, "vacuum"); err != nil {
		return failed(err)
	}
	var busy, pages, moved int
	if err := conn.QueryRowContext(ctx, "pragma wal_checkpoint(truncate)").Scan(&busy, &pages, &moved); err != nil {
		return failed(err)
	}
	if busy != 0 {
		return fault.E(fault.Unavailable, "db.scrub_busy", nil)
	}
	return nil
}
