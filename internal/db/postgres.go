package db

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"zombiezen.com/go/sqlite"

	"polku/internal/fault"
)

func (d *DB) openPostgres(ctx context.Context, target string) error {
	d.Engine = Postgres
	cfg, err := pgxpool.ParseConfig(target)
	if err != nil {
		// The error of pgx repeats the URL, which may hold a password.
		return fault.E(fault.Invalid, "db.bad_url", nil)
	}
	cfg.ConnConfig.RuntimeParams["application_name"] = "polku"
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	cfg.MaxConns = 24
	cfg.MaxConnIdleTime = 5 * time.Minute
	if d.pg, err = pgxpool.NewWithConfig(ctx, cfg); err != nil {
		return &fault.Error{Kind: fault.Unavailable, Key: "db.unreachable", Cause: err}
	}
	if err := d.pg.Ping(ctx); err != nil {
		d.pg.Close()
		return &fault.Error{Kind: fault.Unavailable, Key: "db.unreachable", Cause: err}
	}
	d.pool = stdlib.OpenDBFromPool(d.pg)
	return nil
}

// pgTx runs SQL in a PostgreSQL transaction; pgx keeps prepared statements per connection by itself.
type pgTx struct{ tx pgx.Tx }

func (p pgTx) exec(ctx context.Context, text string, args []any) (int64, error) {
	tag, err := p.tx.Exec(ctx, text, args...)
	return tag.RowsAffected(), err
}

func (p pgTx) query(ctx context.Context, text string, args []any) (rows, error) {
	return p.tx.Query(ctx, text, args...)
}

func (d *DB) viewPostgres(ctx context.Context, tx *Tx, fn func(*Tx) error) error {
	pg, err := d.pg.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return dbFault(err)
	}
	defer pg.Rollback(context.WithoutCancel(ctx)) // a reader has nothing to keep
	tx.q = pgTx{pg}
	return fn(tx)
}

// retryFor is how long a command is tried again before its caller is told to come back later.
const retryFor = 8 * time.Second

// updatePostgres runs a command serialisably and tries again when another got in between.
func (d *DB) updatePostgres(ctx context.Context, run func(querier) error) error {
	return d.retryPostgres(ctx, pgx.Serializable, run)
}

// shortPostgres runs the writing part of a command that was thought through ahead. It sees what others have committed
// by then, and waits for those who are writing the same rows.
func (d *DB) shortPostgres(ctx context.Context, run func(querier) error) error {
	return d.retryPostgres(ctx, pgx.ReadCommitted, run)
}

func (d *DB) retryPostgres(ctx context.Context, level pgx.TxIsoLevel, run func(querier) error) error {
	deadline := time.Now().Add(retryFor)
	for try := 1; ; try++ {
		err := d.oncePostgres(ctx, level, run)
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

func (d *DB) oncePostgres(ctx context.Context, level pgx.TxIsoLevel, run func(querier) error) error {
	tx, err := d.pg.BeginTx(ctx, pgx.TxOptions{IsoLevel: level})
	if err != nil {
		return dbFault(err)
	}
	defer tx.Rollback(context.WithoutCancel(ctx)) // after Commit this does nothing
	if err := run(pgTx{tx}); err != nil {
		return err
	}
	return dbFault(tx.Commit(ctx))
}

// isRetry tells whether PostgreSQL asks to run the transaction again (serialisation failure, deadlock).
func isRetry(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == "40001" || pg.Code == "40P01")
}

// isBusy tells whether the engine says "not now" rather than "wrong".
func isBusy(err error) bool {
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultBusy, sqlite.ResultLocked, sqlite.ResultFull:
		return true
	}
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code[:2] == "53" || pg.Code[:2] == "57")
}

// IsUnique tells whether err is a broken unique constraint. On PostgreSQL the transaction is over then.
func IsUnique(err error) bool {
	return violates(err, "23505", sqlite.ResultConstraintUnique, sqlite.ResultConstraintPrimaryKey)
}

// IsCheck tells whether err is a broken check constraint. On PostgreSQL the transaction is over then.
func IsCheck(err error) bool { return violates(err, "23514", sqlite.ResultConstraintCheck) }

func violates(err error, pgCode string, lite ...sqlite.ResultCode) bool {
	if err == nil {
		return false
	}
	var pg *pgconn.PgError
	return slices.Contains(lite, sqlite.ErrCode(err)) || errors.As(err, &pg) && pg.Code == pgCode
}
