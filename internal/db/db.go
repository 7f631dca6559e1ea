// Package db owns the two database engines and the transaction. Slices write one SQL text and get a Tx;
// who asks, why and when travel in it. Only this package imports a driver.
package db

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/fault"
)

// Engine of a database.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Read tells what one View showed: the row of the use log.
type Read struct {
	Who      actor.Actor
	At       int64    // microseconds UTC
	Clients  []string // ids of the clients seen
	Standing string   // in what role they were seen and by which relation, as of the read; see DB.Standing
}

// Recorder makes use-log rows durable. It returns only when the row would survive a power cut.
type Recorder func(ctx context.Context, r Read) error

// DB is an open database. Safe for many goroutines.
type DB struct {
	Engine Engine
	Zone   *time.Location   // the wall clock of the organisation
	Now    func() time.Time // the clock; tests fix it
	Record Recorder         // nil: reads are not logged (only where no person reads)

	// Standing tells in what role the actor saw clients, and by which relation, for the use log; nil: it is left out.
	Standing func(tx *Tx, clients []string) (string, error)

	pool    *sql.DB       // both engines: migrations and other work outside slices
	pg      *pgxpool.Pool // PostgreSQL only
	writer  *writer       // SQLite only
	readers *readers      // SQLite only
	dir     string        // SQLite only
	closing sync.Once
	trouble trouble // of the embedded file's disk
}

// Open opens "postgres://…" or a folder that holds (or will hold) the embedded database. It does not
// migrate: see schema.Migrate.
func Open(ctx context.Context, target string) (*DB, error) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		return nil, fault.Wrap(err, "db.zone")
	}
	d := &DB{Zone: zone, Now: time.Now}
	if IsPostgres(target) {
		return d, d.openPostgres(ctx, target)
	}
	return d, d.openSQLite(target)
}

// IsPostgres tells whether a --db value names a PostgreSQL server rather than a folder.
func IsPostgres(target string) bool {
	return strings.HasPrefix(target, "postgres://") || strings.HasPrefix(target, "postgresql://")
}

// Dir is the folder of the embedded database; empty on PostgreSQL.
func (d *DB) Dir() string { return d.dir }

// Queue tells how many commands wait for the embedded database's one writer; 0 on PostgreSQL.
func (d *DB) Queue() int {
	if d.writer == nil {
		return 0
	}
	return len(d.writer.queue)
}

// Pool gives the connections for migrations, backup and other work that stands outside slices.
func (d *DB) Pool() *sql.DB { return d.pool }

// Close lets writes that have begun end, and closes. Calling it again does nothing.
func (d *DB) Close() error {
	var err error
	d.closing.Do(func() {
		if d.writer != nil {
			d.writer.stop()
			if d.trouble.broken.Load() != nil {
				return // the last connection's end would move pages and drop the log, which the next start needs whole
			}
			err = errors.Join(err, d.readers.close())
		}
		err = errors.Join(err, d.pool.Close())
		if d.pg != nil {
			d.pg.Close()
		}
	})
	return err
}

// View runs fn in one read transaction. What fn says it saw (Tx.Saw) is logged durably before View
// returns nil; when that fails, View fails, and nothing may be shown.
func (d *DB) View(ctx context.Context, who actor.Actor, fn func(*Tx) error) error {
	return d.ViewThen(ctx, who, fn, nil)
}

// ViewThen is View with something to do while the log row is on its way to the disk: a page is put together, which may
// not leave before ViewThen has returned nil.
func (d *DB) ViewThen(ctx context.Context, who actor.Actor, fn func(*Tx) error, meanwhile func() error) error {
	tx := d.begin(ctx, who)
	if err := d.read(ctx, tx, fn); err != nil {
		return err
	}
	if meanwhile == nil {
		return d.recordReads(ctx, tx)
	}
	logged := make(chan error, 1)
	go func() { logged <- d.recordReads(ctx, tx) }()
	err := meanwhile()
	return errors.Join(<-logged, err)
}

// read runs fn in one read transaction.
func (d *DB) read(ctx context.Context, tx *Tx, fn func(*Tx) error) error {
	tx.reads = true
	if d.Engine == SQLite {
		return d.viewSQLite(ctx, tx, func(tx *Tx) error { return d.standing(tx, fn) })
	}
	return d.viewPostgres(ctx, tx, func(tx *Tx) error { return d.standing(tx, fn) })
}

// standing runs fn and then, while its transaction is open, finds out as what the actor saw whom fn saw.
func (d *DB) standing(tx *Tx, fn func(*Tx) error) (err error) {
	if err := fn(tx); err != nil || len(tx.seen) == 0 || d.Standing == nil {
		return err
	}
	tx.standing, err = d.Standing(tx, tx.seen)
	return err
}

// Update runs fn in one write transaction, alone or together with others in one commit. fn may run more
// than once, so it must have no effect outside the transaction. When Update returns nil, the change
// survives a power cut.
func (d *DB) Update(ctx context.Context, who actor.Actor, fn func(*Tx) error) error {
	var tx *Tx
	run := func(q querier) error {
		tx = d.begin(ctx, who)
		tx.q = q
		return d.standing(tx, fn)
	}
	if err := d.update(ctx, run); err != nil {
		return err
	}
	return d.recordReads(ctx, tx)
}

// update runs one write transaction.
func (d *DB) update(ctx context.Context, run func(querier) error) error {
	if d.Engine == SQLite {
		return d.writer.do(ctx, run)
	}
	return d.updatePostgres(ctx, run)
}

func (d *DB) begin(ctx context.Context, who actor.Actor) *Tx {
	now := d.Now()
	return &Tx{ctx: ctx, Who: who, At: now.UnixMicro(), Today: civil.Of(now, d.Zone), engine: d.Engine, zone: d.Zone}
}

func (d *DB) recordReads(ctx context.Context, tx *Tx) error {
	if d.Record == nil || len(tx.seen) == 0 {
		return nil
	}
	if err := d.Record(ctx, Read{Who: tx.Who, At: tx.At, Clients: tx.seen, Standing: tx.standing}); err != nil {
		return &fault.Error{Kind: fault.Unavailable, Key: "error.no_log", Cause: err}
	}
	return nil
}
