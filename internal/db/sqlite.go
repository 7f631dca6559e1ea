package db

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the embedded engine

	"polku/internal/fault"
)

// readerCount is how many pages may be read at once; more wait their turn for microseconds.
const readerCount = 8

// SQLiteFile is the name of the embedded database in its folder.
const SQLiteFile = "polku.db"

// dsn of an embedded file. WAL lets readers go on while one writes; FULL syncs each commit. The file is not mapped into
// memory: nine connections would each count up to the whole of it, and nothing was faster for it (doc/performance.md).
func dsn(file string, extra string) string {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath()}
	return u.String() + "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=busy_timeout(10000)" +
		"&_pragma=foreign_keys(1)&_pragma=cache_size(-16000)&_pragma=temp_store(MEMORY)" + extra
}

// OpenSQLiteFile opens another embedded file with our settings (the use log has one of its own).
func OpenSQLiteFile(file string) (*sql.DB, error) { return sql.Open("sqlite", dsn(file, "")) }

func (d *DB) openSQLite(ctx context.Context, dir string) error {
	d.Engine = SQLite
	d.dir = dir
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return &fault.Error{Kind: fault.Unavailable, Key: "db.folder", Cause: err}
	}
	pool, err := OpenSQLiteFile(filepath.Join(dir, SQLiteFile))
	if err != nil {
		return fault.Wrap(err, "db.open")
	}
	pool.SetMaxOpenConns(readerCount + 4) // readers, the writer, migrations and backup
	d.pool = pool
	d.readers = make(chan *conn, readerCount)
	for range readerCount {
		c, err := pool.Conn(ctx)
		if err != nil {
			return &fault.Error{Kind: fault.Unavailable, Key: "db.open", Cause: err}
		}
		d.readers <- &conn{c, map[string]*sql.Stmt{}}
	}
	c, err := pool.Conn(ctx)
	if err != nil {
		return &fault.Error{Kind: fault.Unavailable, Key: "db.open", Cause: err}
	}
	d.writer = startWriter(&conn{c, map[string]*sql.Stmt{}})
	return nil
}

// pinned runs SQL on a pinned connection. It drops the caller's cancellation: statements are short, and a
// cancellable context costs a goroutine each in the driver.
type pinned struct{ c *conn }

func (p pinned) exec(ctx context.Context, text string, args []any) (sql.Result, error) {
	s, err := p.c.stmt(context.Background(), text)
	if err != nil {
		return nil, fmt.Errorf("%w in: %s", err, text)
	}
	return s.ExecContext(context.Background(), args...)
}

func (p pinned) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	s, err := p.c.stmt(context.Background(), text)
	if err != nil {
		return nil, fmt.Errorf("%w in: %s", err, text)
	}
	return s.QueryContext(context.Background(), args...)
}

func (d *DB) viewSQLite(ctx context.Context, tx *Tx, fn func(*Tx) error) error {
	var c *conn
	select {
	case c = <-d.readers:
	case <-ctx.Done():
		return dbFault(ctx.Err())
	}
	defer func() { d.readers <- c }()
	p := pinned{c}
	if _, err := p.exec(ctx, "begin", nil); err != nil {
		return dbFault(err)
	}
	defer p.exec(ctx, "rollback", nil) // a reader has nothing to keep
	tx.q = p
	return fn(tx)
}
