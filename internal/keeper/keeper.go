// Package keeper does the work that nobody asks for while the program serves: at the start and each midnight it
// evaluates the paths whose balance no longer holds, signs the journals' heads, drops sessions that are over, and asks two
// people about what has fallen due to be destroyed.
// What fails is logged without personal data and tried again.
package keeper

import (
	"context"
	"log/slog"
	"time"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/file"
	"polku/internal/journal"
	"polku/internal/leave"
	"polku/internal/login"
	"polku/internal/passage"
	"polku/internal/path"
	"polku/internal/portal"
	"polku/internal/retention"
	"polku/internal/review"
	"polku/internal/seal"
	"polku/internal/unit"
)

// batch is how many paths or heads share one transaction, so that people's own commands get between.
const batch = 200

// retryAfter is how long work that failed waits for its next try.
const retryAfter = time.Minute

// Keeper of one organisation's database.
type Keeper struct {
	DB     *db.DB
	Tenant int64
	Book   *path.Book
	Keys   *seal.Keys
	Log    *slog.Logger
	Audit  *audit.Log // looked through for unusual reads; nil: not

	Files *file.Store // from which leftovers are collected; nil: there are none

	// After gives a channel that answers when a time has passed; nil: time.After. Tests answer at once.
	After func(time.Duration) <-chan time.Time

	lately lately
}

// Done tells what one round did.
type Done struct {
	Refreshed int // paths evaluated again
	Sealed    int // chain heads signed
	Sessions  int // expired sessions dropped
	Unusual   int // reads of the days before that a reviewer should look at
	Due       int // people whose data have fallen due: two people are asked whether they are destroyed
}

// Run does a round now and one soon after each midnight on the wall, until ctx ends. A round that fails is
// tried again in a minute.
func (k *Keeper) Run(ctx context.Context) {
	after := k.After
	if after == nil {
		after = time.After
	}
	for {
		done, err := k.Round(ctx)
		wait := k.untilMidnight()
		k.lately.ended(time.Now(), wait, err)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			k.Log.Error("night work failed, will be tried again", "error", err.Error(), "kind", fault.Of(err).String())
			wait = retryAfter
		default:
			k.Log.Info("night work done", "refreshed", done.Refreshed, "sealed", done.Sealed, "sessions", done.Sessions, "due", done.Due)
		}
		select {
		case <-ctx.Done():
			return
		case <-after(wait):
		}
	}
}

// untilMidnight is the time to a second past the next midnight on the wall; days of 23 and 25 hours count.
func (k *Keeper) untilMidnight() time.Duration {
	now := k.DB.Now()
	y, m, d := civil.Of(now, k.DB.Zone).Parts()
	return time.Date(y, time.Month(m), d+1, 0, 0, 1, 0, k.DB.Zone).Sub(now)
}

// Round does all that is due today, once.
func (k *Keeper) Round(ctx context.Context) (Done, error) {
	var done Done
	for _, step := range []func(context.Context, *Done) error{k.settle, k.settlePassages, k.endLeaves, k.refreshStale, k.refreshOutdated, k.seal, k.dropSessions, k.collect, k.review, k.propose} {
		if err := step(ctx, &done); err != nil {
			return done, err
		}
	}
	return done, nil
}

func (k *Keeper) update(ctx context.Context, fn func(tx *db.Tx) error) error {
	if err := ctx.Err(); err != nil {
		return &fault.Error{Kind: fault.Unavailable, Key: "error.closing", Cause: err}
	}
	return k.DB.Update(ctx, actor.System(k.Tenant, actor.Checking, "night work"), fn)
}

// collect deletes what commands that came to nothing left among the files.
func (k *Keeper) collect(ctx context.Context, _ *Done) error {
	if k.Files == nil {
		return nil
	}
	_, err := k.Files.Collect(ctx, k.DB, k.Tenant, file.Grace)
	return err
}

// settle gives and takes the rights that go by dates.
func (k *Keeper) settle(ctx context.Context, _ *Done) error { return k.update(ctx, unit.Settle) }

// settlePassages closes the paths of clients whom another service of the house has met.
func (k *Keeper) settlePassages(ctx context.Context, _ *Done) error {
	return k.update(ctx, func(tx *db.Tx) error {
		_, err := passage.Settle(tx, k.Book)
		return err
	})
}

// endLeaves gives the work of those who are back to them again.
func (k *Keeper) endLeaves(ctx context.Context, _ *Done) error {
	return k.update(ctx, func(tx *db.Tx) error {
		_, err := leave.Settle(tx, k.Book)
		return err
	})
}

// refreshStale evaluates the paths whose state changes by itself today. Each one moves its next change past
// today, so the list gets shorter until it is empty.
func (k *Keeper) refreshStale(ctx context.Context, done *Done) error {
	for {
		n := 0
		err := k.update(ctx, func(tx *db.Tx) error {
			all, err := path.Stale(tx, batch)
			n = len(all)
			if err != nil || n == 0 {
				return err
			}
			return k.Book.Refresh(tx, all)
		})
		if err != nil {
			return err
		}
		done.Refreshed += n
		if n < batch {
			return nil
		}
	}
}

// refreshOutdated evaluates the paths that were evaluated with other models, rules or calendar than ours.
func (k *Keeper) refreshOutdated(ctx context.Context, done *Done) error {
	for after := ""; ; {
		n, last := 0, after
		err := k.update(ctx, func(tx *db.Tx) error {
			all, err := k.Book.Outdated(tx, after, batch)
			n = len(all)
			if err != nil || n == 0 {
				return err
			}
			last = all[n-1].ID
			return k.Book.Refresh(tx, all)
		})
		if err != nil {
			return err
		}
		after = last
		done.Refreshed += n
		if n < batch {
			return nil
		}
	}
}

func (k *Keeper) seal(ctx context.Context, done *Done) error {
	for after := ""; ; {
		n, last := 0, ""
		err := k.update(ctx, func(tx *db.Tx) (err error) {
			n, last, err = journal.Seal(tx, k.Keys, after, batch)
			return err
		})
		if err != nil || last == "" {
			return err
		}
		done.Sealed += n
		after = last
	}
}

func (k *Keeper) dropSessions(ctx context.Context, done *Done) error {
	return k.update(ctx, func(tx *db.Tx) error {
		staff, err := login.DropExpired(tx)
		if err != nil {
			return err
		}
		own, err := portal.DropExpired(tx)
		done.Sessions = int(staff + own)
		return err
	})
}

// propose asks two people about what has fallen due by its keeping period: nobody has to remember it.
func (k *Keeper) propose(ctx context.Context, done *Done) error {
	if k.Book.Rules == nil {
		return nil
	}
	return k.update(ctx, func(tx *db.Tx) (err error) {
		done.Due, err = retention.Propose(tx, k.Book.Rules)
		return err
	})
}

// reviewBack is how many days before today are looked through for unusual reads: what was found already stays as it is.
const reviewBack = 3

func (k *Keeper) review(ctx context.Context, done *Done) error {
	if k.Audit == nil {
		return nil
	}
	today := civil.Of(k.DB.Now(), k.DB.Zone)
	for day := today - reviewBack; day < today; day++ {
		n, err := review.Find(ctx, k.Audit, k.DB, k.Tenant, day)
		if err != nil {
			return err
		}
		done.Unusual += n
	}
	return nil
}
