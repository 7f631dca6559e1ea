package db

import (
	"context"
	"errors"

	"polku/internal/actor"
)

// ahead is what a command that is thought through before its turn wants to write.
type ahead struct {
	write func(*Tx) (stands bool, err error)
	never bool // the command turned out to be one that must be thought through in its turn
}

// errInTurn ends the thinking ahead of a command that cannot be thought through before its turn.
var errInTurn = errors.New("to be run in its turn")

func (a *ahead) refuse() error {
	a.never = true
	return errInTurn
}

// Write writes what a command has thought through; it is the last thing that the command does. still tells whether what
// the command read still stands, as far as write does not see that by itself; write tells the same before it has written
// anything. In a command that runs in its turn, nothing can have changed: write runs at once, and false is never right.
// See UpdateAhead.
func (t *Tx) Write(still, write func(*Tx) (stands bool, err error)) error {
	if t.ahead == nil {
		stands, err := write(t)
		if err == nil && !stands {
			err = errMoved
		}
		return dbFault(err)
	}
	if t.ahead.write != nil {
		return t.ahead.refuse() // what the first one writes, the second one would have to see
	}
	t.ahead.write = func(tx *Tx) (bool, error) {
		if stands, err := still(tx); err != nil || !stands {
			return false, err
		}
		return write(tx)
	}
	return nil
}

// errMoved says that what a command read before its turn is no longer so.
var errMoved = errors.New("changed since it was read")

// UpdateAhead is Update for commands that read and reckon much and write little: fn runs beside others on what has been
// committed, and only what it gave to Tx.Write runs in the command's turn, after still and write have looked whether
// all that fn rests on is as it was. If it is not, or if fn writes in any other way, fn runs whole in its turn, as in
// Update. So there is one writer's turn to wait for on SQLite, and a short one; on PostgreSQL the short transaction
// locks what it writes rather than be run again for what others read.
func (d *DB) UpdateAhead(ctx context.Context, who actor.Actor, fn func(*Tx) error) error {
	plan := d.begin(ctx, who)
	plan.ahead = &ahead{}
	today := plan.Today
	err := d.read(ctx, plan, fn)
	if plan.ahead.never {
		return d.Update(ctx, who, fn)
	}
	if err != nil {
		return err
	}
	if plan.ahead.write == nil {
		return d.recordReads(ctx, plan)
	}
	var tx *Tx
	run := func(q querier) error {
		tx = d.begin(ctx, who)
		tx.q = q
		stands := tx.Today == today
		if stands {
			tx.seen, tx.standing = plan.seen, plan.standing
			var err error
			if stands, err = plan.ahead.write(tx); err != nil || stands {
				return err
			}
		}
		if d.Engine == Postgres {
			return errMoved
		}
		tx.seen = nil
		return d.standing(tx, fn)
	}
	if d.Engine == SQLite {
		err = d.writer.do(ctx, run)
	} else if err = d.shortPostgres(ctx, run); errors.Is(err, errMoved) {
		return d.Update(ctx, who, fn)
	}
	if err != nil {
		return err
	}
	return d.recordReads(ctx, tx)
}
