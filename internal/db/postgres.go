package db

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"modernc.org/sqlite"

	"polku/internal/fault"
)

func (d *DB) openPostgres(ctx context.Context, target string) error {
	d.Engine = Postgres
	cfg, err := pgx.ParseConfig(target)
	if err != nil {
		// The error of pgx repeats the URL, which may hold a password.
		return fault.E(fault.Invalid, "db.bad_url", nil)
	}
	cfg.RuntimeParams["application_name"] = "polku"
	cfg.RuntimeParams["timezone"] = "UTC"
	d.pool = stdlib.OpenDB(*cfg)
	d.pool.SetMaxOpenConns(24)
	d.pool.SetMaxIdleConns(24)
	d.pool.SetConnMaxIdleTime(5 * time.Minute)
	if err := d.pool.PingContext(ctx); err != nil {
		d.pool.Close()
		return &fault.Error{Kind: fault.Unavailable, Key: "db.unreachable", Cause: err}
	}
	return nil
}

// pgTx runs SQL in a PostgreSQL transaction; pgx keeps prepared statements per connection by itself.
type pgTx struct{ tx *sql.Tx }

func (p pgTx) exec(ctx context.Context, text string, args []any) (sql.Result, error) {
	return p.tx.ExecContext(ctx, text, args...)
}

func (p pgTx) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	return p.tx.QueryContext(ctx, text, args...)
}

func (d *DB) viewPostgres(ctx context.Context, tx *Tx, fn func(*Tx) error) error {
	sqlTx, err := d.pool.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return dbFault(err)
	}
	defer sqlTx.Rollback() // a reader has nothing to keep
	tx.q = pgTx{sqlTx}
	return fn(tx)
}

// retryFor is how long a command is tried again before its caller is told to come back later.
const retryFor = 8 * time.Second

// updatePostgres runs a command serialisably and tries again when another got in between.
func (d *DB) updatePostgres(ctx context.Context, run func(querier) error) error {
	deadline := time.Now().Add(retryFor)
	for try := 1; ; try++ {
		err := d.oncePostgres(ctx, run)
		if err == nil || !isRetry(err) {
			return err
		}
		if time.Now().After(deadline) {
			return &fault.Error{Kind: fault.Unavailable, Key: "error.busy", Cause: err}
		}
		pause := time.Duration(1+rand.IntN(1<<min(try, 7))) * time.Millisecond
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return dbFault(ctx.Err())
		}
	}
}

func (d *DB) oncePostgres(ctx context.Context, run func(querier) error) error {
	tx, err := d.pool.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
	if err != nil {
		return dbFault(err)
	}
	defer tx.Rollback() // after Commit this does nothing
	if err := run(pgTx{tx}); err != nil {
		return err
	}
	return dbFault(tx.Commit())
}

// isRetry tells whether PostgreSQL asks to run the transaction again (serialisation failure, deadlock).
func isRetry(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

// isBusy tells whether the engine says "not now" rather than "wrong".
func isBusy(err error) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		code := lite.Code() & 0xff
		return code == 5 || code == 6 || code == 13 // busy, locked, full
	}
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code[:2] == "53" || pg.Code[:2] == "57")
}

// IsUnique tells whether err is a broken unique constraint. On PostgreSQL the transaction is over then.
func IsUnique(err error) bool { return violates(err, 2067, 1555, "23505") }

// IsCheck tells whether err is a broken check constraint. On PostgreSQL the transaction is over then.
func IsCheck(err error) bool { return violates(err, 275, 275, "23514") }

func violates(err error, lite1, lite2 int, pgCode string) bool {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() == lite1 || lite.Code() == lite2
	}
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == pgCode
}
