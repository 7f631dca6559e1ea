package audit_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"polku/internal/actor"
	"polku/internal/db"
	. "polku/internal/polkutest"
)

func see(t *testing.T, w *World, screen string, clients ...string) {
	t.Helper()
	who := actor.Actor{Tenant: 1, Worker: "w1", Screen: screen, Purpose: actor.Service}
	if err := w.DB.View(context.Background(), who, func(tx *db.Tx) error {
		tx.Saw(clients...)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func rows(t *testing.T, w *World) (n int) {
	t.Helper()
	if err := w.Log.Pool().QueryRow(`select count(*) from use_log`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestEveryViewLeavesARowBeforeItReturns(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		see(t, w, "GET /c/{id}", "a")
		see(t, w, "GET /c/{id}", "a")
		see(t, w, "GET /c/{id}") // nobody was shown
		if n := rows(t, w); n != 2 {
			t.Fatal(n)
		}
	})
}

func TestKeystrokesAreLoggedOncePerClientAndMinute(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		see(t, w, "POST /find", "a", "b", "c")
		see(t, w, "POST /find", "a", "b")
		see(t, w, "POST /find", "b", "d") // d is new
		if n := rows(t, w); n != 2 {
			t.Fatal(n)
		}
		w.DB.Now = func() time.Time { return Noon.Add(time.Minute) }
		see(t, w, "POST /find", "a")
		if n := rows(t, w); n != 3 {
			t.Fatal("the next minute:", n)
		}
	})
}

func TestWithoutLogNothingIsShown(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		if _, err := w.Log.Pool().Exec(`drop table use_log`); err != nil {
			t.Fatal(err)
		}
		who := actor.Actor{Tenant: 1, Worker: "w1", Screen: "GET /c/{id}"}
		if err := w.DB.View(context.Background(), who, func(tx *db.Tx) error { tx.Saw("a"); return nil }); err == nil {
			t.Fatal("a page could be shown without its log row")
		}
	})
}

func TestManyReadersShareCommits(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				for range 10 {
					see(t, w, "GET /c/{id}", "a")
				}
			})
		}
		all.Wait()
		if n := rows(t, w); n != 160 {
			t.Fatal(n)
		}
	})
}
