// Package rekey is the process of changing the keys that live outside the database while it is in use: what the old key
// made is made again with the new one, in batches. Whoever is killed midway runs it again, and it goes on: a row tells
// by itself whether it has been done.
package rekey

import (
	"context"
	"strings"
	"time"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/referral"
	"polku/internal/seal"
)

// batch is how many rows share a transaction, so that people's own commands get between.
const batch = 500

// Work is one change of a key.
type Work struct {
	DB       *db.DB
	Who      actor.Actor
	Keys     *seal.Keys
	Wait     time.Duration         // how long other running programs take to learn of a key: seal.Settled
	Progress func(done, total int) // may be nil
}

// Done tells what was done.
type Done struct {
	Rows  int `json:"rows"`  // looked at
	Made  int `json:"made"`  // made again with the new key
	Stuck int `json:"stuck"` // persons whose code no client holds: their index stays with the old key, which then goes on leaving
}

// Change makes a new key of a kind and brings the database over to it, or goes on with a change that was cut off. The old
// key stays in the file: backups from before need it.
func (w Work) Change(ctx context.Context, kind seal.Kind) (Done, error) {
	if w.Progress == nil {
		w.Progress = func(int, int) {}
	}
	if err := w.Keys.Begin(kind); err != nil {
		return Done{}, err
	}
	if kind != seal.KindSign {
		for _, step := range []func() error{func() error { return w.settle(ctx) }, func() error { return w.Keys.Promote(kind) }, func() error { return w.settle(ctx) }} {
			if err := step(); err != nil {
				return Done{}, err
			}
		}
	}
	var done Done
	var err error
	switch kind {
	case seal.KindFields:
		done, err = w.fields(ctx)
	case seal.KindIndex:
		done, err = w.index(ctx)
	}
	if err != nil {
		return done, err
	}
	if done.Stuck == 0 {
		err = w.Keys.Finish(kind)
	}
	if err == nil {
		err = w.DB.Update(ctx, w.Who, func(tx *db.Tx) error { return audit.Command(tx, "", "keys rotate "+string(kind)) })
	}
	return done, err
}

func (w Work) settle(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return &fault.Error{Kind: fault.Unavailable, Key: "error.closing", Cause: ctx.Err()}
	case <-time.After(w.Wait):
		return nil
	}
}

// row is one sealed field with the ids of its row.
type row struct {
	ids    []string
	sealed []byte
}

// fields seals every marked column again.
func (w Work) fields(ctx context.Context) (Done, error) {
	var done Done
	total, err := w.count(ctx, seal.AllMarked)
	if err != nil {
		return done, err
	}
	for _, m := range seal.AllMarked {
		err := w.walk(ctx, m, func(tx *db.Tx, all []row) (now Done, err error) {
			for _, r := range all {
				now.Rows++
				if w.Keys.Fresh(r.sealed) {
					continue
				}
				if err := w.again(tx, m, r); err != nil {
					return now, err
				}
				now.Made++
			}
			return now, nil
		}, func(now Done) {
			done.Rows, done.Made = done.Rows+now.Rows, done.Made+now.Made
			w.Progress(done.Rows, total)
		})
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// again seals one field with the key in use.
func (w Work) again(tx *db.Tx, m seal.Marked, r row) error {
	text, err := w.Keys.Unseal(r.sealed, m.About(r.ids))
	if err != nil {
		return err
	}
	sealed, err := w.Keys.Seal(text, m.About(r.ids))
	if err != nil {
		return err
	}
	args := []any{tx.Who.Tenant, sealed}
	for _, id := range r.ids {
		args = append(args, id)
	}
	_, err = tx.Exec(`update `+m.Table+` set `+m.Column+` = $2 where tenant_id = $1 and `+equal(m.IDs, 3), args...)
	return err
}

func (w Work) count(ctx context.Context, marked []seal.Marked) (total int, err error) {
	err = w.DB.View(ctx, w.Who, func(tx *db.Tx) error {
		for _, m := range marked {
			var n int
			if _, err := tx.One(`select count(*) from `+m.Table+` where tenant_id = $1 and `+m.Column+` is not null`, []any{tx.Who.Tenant}, &n); err != nil {
				return err
			}
			total += n
		}
		return nil
	})
	return total, err
}

// walk reads a marked column from end to end in the order of its ids, a batch in each transaction. fn may run again.
func (w Work) walk(ctx context.Context, m seal.Marked, fn func(tx *db.Tx, all []row) (Done, error), after func(now Done)) error {
	last := make([]string, len(m.IDs))
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return &fault.Error{Kind: fault.Unavailable, Key: "error.closing", Cause: err}
		}
		var all []row
		var now Done
		err := w.DB.Update(ctx, w.Who, func(tx *db.Tx) error {
			all = nil
			args := []any{tx.Who.Tenant, batch}
			for _, id := range last {
				args = append(args, id)
			}
			columns := strings.Join(m.IDs, ", ")
			err := tx.Each(`select `+columns+`, `+m.Column+` from `+m.Table+` where tenant_id = $1 and `+m.Column+` is not null and (`+columns+`) > (`+
				places(len(last), 3)+`) order by `+columns+` limit $2`, args, func(scan func(...any) error) error {
				r := row{ids: make([]string, len(m.IDs))}
				dest := make([]any, 0, len(r.ids)+1)
				for i := range r.ids {
					dest = append(dest, &r.ids[i])
				}
				err := scan(append(dest, &r.sealed)...)
				all = append(all, r)
				return err
			})
			if err != nil {
				return err
			}
			now, err = fn(tx, all)
			return err
		})
		if err != nil {
			return err
		}
		if more = len(all) == batch; more {
			last = all[len(all)-1].ids
		}
		after(now)
	}
	return nil
}

// index makes every person's blind index again from the code that one of their clients holds.
func (w Work) index(ctx context.Context) (Done, error) {
	var done Done
	total, err := w.count(ctx, []seal.Marked{seal.ClientCode, seal.ReferralCode})
	if err != nil {
		return done, err
	}
	err = w.walk(ctx, seal.ClientCode, func(tx *db.Tx, all []row) (now Done, err error) {
		for _, r := range all {
			now.Rows++
			code, err := w.Keys.Unseal(r.sealed, seal.ClientCode.About(r.ids))
			if err != nil {
				return now, err
			}
			n, err := tx.Exec(`update person set code_index = $3 where tenant_id = $1 and person_id = (select person_id from client
				where tenant_id = $1 and client_id = $2) and code_index <> $3`, tx.Who.Tenant, r.ids[0], w.Keys.Index(code))
			if err != nil {
				return now, err
			}
			now.Made += int(n)
		}
		return now, nil
	}, func(now Done) {
		done.Rows, done.Made = done.Rows+now.Rows, done.Made+now.Made
		w.Progress(done.Rows, total)
	})
	if err != nil {
		return done, err
	}
	err = w.walk(ctx, seal.ReferralCode, func(tx *db.Tx, all []row) (now Done, err error) {
		for _, r := range all {
			now.Rows++
			n, err := referral.Reindex(tx, w.Keys, r.ids[0], r.sealed)
			if err != nil {
				return now, err
			}
			now.Made += n
		}
		return now, nil
	}, func(now Done) {
		done.Rows, done.Made = done.Rows+now.Rows, done.Made+now.Made
		w.Progress(done.Rows, total)
	})
	if err != nil {
		return done, err
	}
	return done, w.DB.View(ctx, w.Who, func(tx *db.Tx) error {
		_, err := tx.One(`select count(*) from person where tenant_id = $1 and code_index is not null and person_id not in
			(select person_id from client where tenant_id = $1 and code_sealed is not null)`, []any{tx.Who.Tenant}, &done.Stuck)
		return err
	})
}

// equal writes "a = $3 and b = $4".
func equal(columns []string, from int) string {
	parts := make([]string, len(columns))
	for i, c := range columns {
		parts[i] = c + " = " + places(1, from+i)
	}
	return strings.Join(parts, " and ")
}

// places writes "$3, $4".
func places(n, from int) string {
	parts := make([]string, n)
	for i := range parts {
		parts[i] = "$" + string(rune('0'+from+i)) // a row has fewer than seven ids
	}
	return strings.Join(parts, ", ")
}
