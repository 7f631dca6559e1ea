package db_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"polku/internal/civil"
	"polku/internal/db"
	. "polku/internal/polkutest"
)

// What goes in comes out, whatever the type of the variable and the engine; a missing value is told from an empty one.
func TestValuesComeBack(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		type word string
		day := civil.New(2026, 2, 28)
		var (
			text  string
			named word
			count int
			big   int64
			yes   bool
			bytes []byte
			when  civil.Date
			part  float64
			none  *int64
			some  *int64
			never civil.Date
		)
		ok(t, w.DB.View(t.Context(), As(Mia), func(tx *db.Tx) error {
			found, err := tx.One(`select cast($1 as text), cast($1 as text), cast($2 as bigint), cast($3 as bigint), cast($2 as bigint) = 7, cast($4 as `+blob(tx)+`),
				cast($5 as bigint), cast($6 as double precision), cast($7 as bigint), cast($3 as bigint), cast($8 as bigint)`,
				[]any{"å\x01 '", 7, int64(1) << 60, []byte{0, 255}, day, 0.5, nil, civil.Date(0)},
				&text, &named, &count, &big, &yes, &bytes, &when, &part, &none, &some, &never)
			if !found {
				t.Error("no row")
			}
			return err
		}))
		got := fmt.Sprintf("%q %q %v %v %v %v %v %v %v %v %v", text, named, count, big, yes, bytes, when, part, none, *some, never)
		if want := `"å\x01 '" "å\x01 '" 7 1152921504606846976 true [0 255] 2026-02-28 0.5 <nil> 1152921504606846976 `; got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	})
}

func blob(tx *db.Tx) string {
	if tx.Engine() == db.Postgres {
		return "bytea"
	}
	return "blob"
}

func TestMistakesInSQLAreErrors(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		var n int
		for name, run := range map[string]func(tx *db.Tx) error{
			"too few variables": func(tx *db.Tx) error { _, err := tx.One(`select 1, 2`, nil, &n); return err },
			"too few arguments": func(tx *db.Tx) error { _, err := tx.One(`select cast($2 as bigint)`, []any{1}, &n); return err },
			"no such table":     func(tx *db.Tx) error { _, err := tx.Exec(`delete from nothing`); return err },
			"two statements":    func(tx *db.Tx) error { _, err := tx.Exec(`select cast($1 as bigint); select 2`, 1); return err },
		} {
			if err := w.DB.Update(t.Context(), As(Mia), run); err == nil {
				t.Errorf("%s: no error", name)
			}
		}
		// And the connection goes on.
		ok(t, w.DB.Update(t.Context(), As(Mia), func(tx *db.Tx) error { _, err := tx.One(`select 1`, nil, &n); return err }))
	})
}

// A command that fails takes back its own part of the common commit, and only that.
func TestEachCommandStandsForItself(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		const many = 40
		var all sync.WaitGroup
		for i := range many {
			all.Go(func() {
				err := w.DB.Update(t.Context(), As(Mia), func(tx *db.Tx) error {
					if _, err := tx.Exec(insertAlias+" ($1, 's', $2, 'w')", 1, fmt.Sprint(i)); err != nil {
						return err
					}
					if i%2 == 1 {
						return errors.New("no")
					}
					return nil
				})
				if (err != nil) != (i%2 == 1) {
					t.Error(i, err)
				}
			})
		}
		all.Wait()
		if n := aliases(t, w); n != many/2 {
			t.Errorf("%d rows", n)
		}
	})
}

const insertAlias = `insert into worker_alias (tenant_id, service_id, spelling, worker_id) values`

func TestInsertMany(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		rows := func(n int) [][]any {
			var all [][]any
			for i := range n {
				all = append(all, []any{1, "s", fmt.Sprint(i), "w"})
			}
			return all
		}
		for _, c := range []struct{ n, added int }{{0, 0}, {1, 1}, {16, 15}, {37, 21}, {37, 0}} {
			ok(t, w.DB.Update(t.Context(), As(Mia), func(tx *db.Tx) error {
				added, err := tx.InsertMany(insertAlias, rows(c.n), "on conflict do nothing")
				if int(added) != c.added {
					t.Errorf("%d rows: %d added, want %d", c.n, added, c.added)
				}
				return err
			}))
		}
		if n := aliases(t, w); n != 37 {
			t.Errorf("%d rows", n)
		}
		err := w.DB.Update(t.Context(), As(Mia), func(tx *db.Tx) error { _, err := tx.InsertMany(insertAlias, rows(1), ""); return err })
		if !db.IsUnique(err) {
			t.Error(err)
		}
	})
}

func aliases(t *testing.T, w *World) (n int) {
	t.Helper()
	ok(t, w.DB.View(t.Context(), As(Mia), func(tx *db.Tx) error {
		_, err := tx.One(`select count(*) from worker_alias where tenant_id = $1`, []any{1}, &n)
		return err
	}))
	return n
}

// A statement may be asked again while its rows are being read (SQLite; PostgreSQL has one question at a time).
func TestTheSameStatementWithinItself(t *testing.T) {
	w := New(t, t.TempDir())
	var seen strings.Builder
	const text = `select 1 as x union all select 2 order by 1`
	ok(t, w.DB.View(t.Context(), As(Mia), func(tx *db.Tx) error {
		return tx.Each(text, nil, func(outer func(...any) error) error {
			var a int
			if err := outer(&a); err != nil {
				return err
			}
			return tx.Each(text, nil, func(inner func(...any) error) error {
				var b int
				err := inner(&b)
				fmt.Fprint(&seen, a, b, " ")
				return err
			})
		})
	}))
	if got := strings.Join(strings.Fields(seen.String()), " "); got != "1 1 1 2 2 1 2 2" {
		t.Error(got)
	}
}

// The log row is durable before ViewThen returns, and what was to be done meanwhile has been done; when either fails,
// ViewThen fails.
func TestViewThenWaitsForBoth(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		done, wrong := false, errors.New("no page")
		see := func(tx *db.Tx) error { tx.Saw("client"); return nil }
		ok(t, w.DB.ViewThen(t.Context(), As(Mia), see, func() error { done = true; return nil }))
		var rows int
		ok(t, w.Log.Pool().QueryRow(`select count(*) from use_log`).Scan(&rows))
		if !done || rows != 1 {
			t.Errorf("done %v, %d rows", done, rows)
		}
		if err := w.DB.ViewThen(t.Context(), As(Mia), see, func() error { return wrong }); !errors.Is(err, wrong) {
			t.Error(err)
		}
		_, err := w.Log.Pool().Exec(`alter table use_log rename to elsewhere`)
		ok(t, err)
		if err := w.DB.ViewThen(t.Context(), As(Mia), see, func() error { return nil }); err == nil {
			t.Error("shown without a log row")
		}
		_, err = w.Log.Pool().Exec(`alter table elsewhere rename to use_log`)
		ok(t, err)
	})
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
