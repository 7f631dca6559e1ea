package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the embedded engine by way of database/sql, for migrations and backup

	"polku/internal/fault"
)

// SQLiteFile is the name of the embedded database in its folder.
const SQLiteFile = "polku.db"

// OpenSQLiteFile opens another embedded file with our settings (the use log has one of its own).
func OpenSQLiteFile(file string) (*sql.DB, error) {
	u := url.URL{Scheme: "file", Opaque: (&url.URL{Path: file}).EscapedPath()}
	dsn := fmt.Sprintf("%s?_pragma=busy_timeout(%d)", u.String(), busyWait.Milliseconds())
	for _, p := range pragmas {
		dsn += "&_pragma=" + p
	}
	return sql.Open("sqlite", dsn)
}

// File is one connection to an embedded file that only one goroutine writes to. It skips database/sql.
type File struct {
	l       *lite
	c       *checkpointer
	trouble trouble
}

// OpenFile opens an embedded file with our settings for one goroutine.
func OpenFile(file string) (*File, error) {
	f := &File{}
	var err error
	f.l, f.c, err = openWriter(file, &f.trouble)
	return f, err
}

// openWriter opens the connection that writes to a file, and who moves what it wrote into place.
func openWriter(file string, t *trouble) (*lite, *checkpointer, error) {
	l, err := openLite(file)
	if err != nil {
		return nil, nil, err
	}
	if _, err := l.exec("pragma wal_autocheckpoint("+walMost+")", nil); err != nil {
		return nil, nil, errors.Join(err, l.close())
	}
	c, err := startCheckpointer(file, t)
	if err != nil {
		return nil, nil, errors.Join(err, l.close())
	}
	return l, c, nil
}

// Exec runs one statement in a transaction of its own; when it returns nil the change survives a power cut.
func (f *File) Exec(text string, args ...any) error {
	if err := f.trouble.refusal(); err != nil {
		return err
	}
	_, err := f.l.exec(text, args)
	f.c.written()
	f.c.restart(f.l)
	return f.trouble.met(err)
}

// Close closes the file; one whose disk has failed is left as it is, with its write-ahead log.
func (f *File) Close() error {
	if f.trouble.broken.Load() != nil {
		return nil
	}
	return errors.Join(f.c.stop(), f.l.close())
}

func (d *DB) openSQLite(dir string) error {
	d.Engine = SQLite
	d.dir = dir
	_, err := os.Stat(dir)
	made := errors.Is(err, os.ErrNotExist)
	if err = os.MkdirAll(dir, 0o700); err == nil && made {
		err = syncFolder(filepath.Dir(filepath.Clean(dir))) // or the folder itself is gone after a power cut
	}
	if err != nil {
		return &fault.Error{Kind: fault.Unavailable, Key: "db.folder", Cause: err}
	}
	file := filepath.Join(dir, SQLiteFile)
	if err := CheckFile(file); err != nil {
		return err
	}
	pool, err := OpenSQLiteFile(file)
	if err != nil {
		return fault.Wrap(err, "db.open")
	}
	pool.SetMaxOpenConns(4) // migrations, backup, and tests that look from outside
	d.pool = pool
	if d.readers, err = openReaders(file); err != nil {
		return &fault.Error{Kind: fault.Unavailable, Key: "db.open", Cause: err}
	}
	l, c, err := openWriter(file, &d.trouble)
	if err != nil {
		return &fault.Error{Kind: fault.Unavailable, Key: "db.open", Cause: err}
	}
	d.writer = startWriter(l, c, &d.trouble)
	return nil
}

// pinned runs the SQL of a transaction on one connection. The caller's cancellation is not heard: statements are short.
type pinned struct{ l *lite }

func (p pinned) exec(_ context.Context, text string, args []any) (int64, error) {
	return p.l.exec(text, args)
}

func (p pinned) query(_ context.Context, text string, args []any) (rows, error) {
	return p.l.query(text, args)
}

func (d *DB) viewSQLite(ctx context.Context, tx *Tx, fn func(*Tx) error) error {
	l, err := d.readers.take(ctx)
	if err != nil {
		return dbFault(err)
	}
	defer d.readers.give(l)
	if _, err := l.exec("begin", nil); err != nil {
		return dbFault(err)
	}
	defer l.exec("rollback", nil) // a reader has nothing to keep
	tx.q = pinned{l}
	return fn(tx)
}
