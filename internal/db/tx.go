package db

import (
	"context"
	"errors"
	"slices"
	"time"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/fault"
)

// querier runs SQL inside one transaction.
type querier interface {
	exec(ctx context.Context, text string, args []any) (int64, error)
	query(ctx context.Context, text string, args []any) (rows, error)
}

// rows of a query, read one after the other.
type rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close()
}

// Tx is one transaction: who asks, one fixed time, and SQL. It must not leave the function it was given to.
type Tx struct {
	Who   actor.Actor
	At    int64      // microseconds UTC, the same for the whole transaction
	Today civil.Date // the day of At on the wall

	ctx      context.Context
	q        querier
	seen     []string
	standing string
	reads    bool
	ahead    *ahead // of a command that is thought through before its turn; see UpdateAhead
	engine   Engine
	zone     *time.Location
}

// Saw says that clients' data were read and will be shown; the use log gets them.
func (t *Tx) Saw(clients ...string) {
	for _, c := range clients {
		if !slices.Contains(t.seen, c) {
			t.seen = append(t.seen, c)
		}
	}
}

// Minute is the minute of the day of At on the wall.
func (t *Tx) Minute() int {
	at := time.UnixMicro(t.At).In(t.zone)
	return at.Hour()*60 + at.Minute()
}

// ReadOnly tells whether this is a View: what it reads has been committed.
func (t *Tx) ReadOnly() bool { return t.reads }

// Engine of the database, for the few places where the engines differ.
func (t *Tx) Engine() Engine { return t.engine }

// Exec runs a statement and gives the number of rows touched.
func (t *Tx) Exec(text string, args ...any) (int64, error) {
	if t.ahead != nil {
		return 0, t.ahead.refuse()
	}
	n, err := t.q.exec(t.ctx, text, args)
	return n, dbFault(err)
}

// Each runs a query and calls scan for each row; scan reads the row with the given function.
func (t *Tx) Each(text string, args []any, scan func(row func(dest ...any) error) error) error {
	rows, err := t.q.query(t.ctx, text, args)
	if err != nil {
		return dbFault(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows.Scan); err != nil {
			return dbFault(err)
		}
	}
	return dbFault(rows.Err())
}

// One reads one row into dest; false when there is none.
func (t *Tx) One(text string, args []any, dest ...any) (bool, error) {
	rows, err := t.q.query(t.ctx, text, args)
	if err != nil {
		return false, dbFault(err)
	}
	defer rows.Close()
	if !rows.Next() {
		return false, dbFault(rows.Err())
	}
	if err := rows.Scan(dest...); err != nil {
		return false, dbFault(err)
	}
	rows.Close()
	return true, dbFault(rows.Err())
}

// dbFault makes a driver's error a fault without its text reaching a person; faults pass as they are.
func dbFault(err error) error {
	if err == nil {
		return nil
	}
	var f *fault.Error
	if errors.As(err, &f) {
		return err
	}
	kind := fault.Internal
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || isBusy(err) {
		kind = fault.Unavailable
	}
	return &fault.Error{Kind: kind, Key: "error.database", Cause: err}
}

// NullText gives null for the empty text.
func NullText(s string) any {
	if s == "" {
		return nil
	}
	return s
}
