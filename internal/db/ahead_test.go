package db_test

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"polku/internal/db"
	. "polku/internal/polkutest"
)

// addOne reads a figure, and writes one more if it is still what was read.
func addOne(tx *db.Tx, ran *int) error {
	*ran++
	n, err := figure(tx)
	if err != nil {
		return err
	}
	yes := func(*db.Tx) (bool, error) { return true, nil }
	return tx.Write(yes, func(tx *db.Tx) (bool, error) {
		did, err := tx.Exec(`update worker_alias set worker_id = $2 where tenant_id = $1 and service_id = 's' and worker_id = $3`, 1, strconv.Itoa(n+1), strconv.Itoa(n))
		return did == 1, err
	})
}

func figure(tx *db.Tx) (n int, err error) {
	var text string
	if _, err := tx.One(`select worker_id from worker_alias where tenant_id = $1 and service_id = 's'`, []any{1}, &text); err != nil {
		return 0, err
	}
	return strconv.Atoi(text)
}

func withFigure(t *testing.T, w *World) {
	ok(t, w.DB.Update(t.Context(), As(Mia), func(tx *db.Tx) error {
		_, err := tx.Exec(insertAlias+" ($1, 's', 'figure', '0')", 1)
		return err
	}))
}

func wantFigure(t *testing.T, w *World, want int) {
	t.Helper()
	ok(t, w.DB.View(t.Context(), As(Mia), func(tx *db.Tx) error {
		if n, err := figure(tx); n != want || err != nil {
			t.Errorf("%d, want %d; %v", n, want, err)
		}
		return nil
	}))
}

// Commands that are thought through side by side lose nothing of each other's.
func TestThoughtAheadNothingIsLost(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		withFigure(t, w)
		const many = 40
		var all sync.WaitGroup
		for range many {
			all.Go(func() {
				ran := 0
				if err := w.DB.UpdateAhead(t.Context(), As(Mia), func(tx *db.Tx) error { return addOne(tx, &ran) }); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		wantFigure(t, w, many)
	})
}

// What changed between the thinking and the turn is thought through again, in the turn.
func TestThoughtAheadIsThoughtAgain(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		withFigure(t, w)
		ran, others := 0, 0
		ok(t, w.DB.UpdateAhead(t.Context(), As(Mia), func(tx *db.Tx) error {
			if err := addOne(tx, &ran); err != nil || ran > 1 {
				return err
			}
			return w.DB.Update(t.Context(), As(Joni), func(tx *db.Tx) error { return addOne(tx, &others) })
		}))
		if ran != 2 {
			t.Errorf("ran %d times", ran)
		}
		wantFigure(t, w, 2)
	})
}

// A command that writes otherwise runs whole in its turn; one that fails there leaves nothing.
func TestNotEveryCommandIsThoughtAhead(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		withFigure(t, w)
		for name, c := range map[string]struct {
			run func(tx *db.Tx) error
			add int
		}{
			"statement": {func(tx *db.Tx) error { return exec(tx, "a") }, 1},
			"statement, then two figures": {func(tx *db.Tx) error {
				ran := 0
				return errors.Join(exec(tx, "b"), addOne(tx, &ran), addOne(tx, &ran))
			}, 1},
			"failing in its turn": {func(tx *db.Tx) error {
				return tx.Write(func(*db.Tx) (bool, error) { return true, nil }, func(tx *db.Tx) (bool, error) { return true, errors.Join(exec(tx, "c"), errors.New("no")) })
			}, 0},
			"failing before it": {func(*db.Tx) error { return errors.New("no") }, 0},
		} {
			before := aliases(t, w)
			err := w.DB.UpdateAhead(t.Context(), As(Mia), c.run)
			if (err == nil) != (c.add > 0) {
				t.Errorf("%s: %v", name, err)
			}
			if n := aliases(t, w) - before; n != c.add {
				t.Errorf("%s: %d rows more, want %d", name, n, c.add)
			}
		}
		wantFigure(t, w, 2)
	})
}

func exec(tx *db.Tx, spelling string) error {
	_, err := tx.Exec(fmt.Sprintf(insertAlias+" ($1, 't', '%s', 'w')", spelling), 1)
	return err
}
