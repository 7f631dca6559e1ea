package keeper

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/path"
	"polku/internal/polkutest"
)

var ctx = context.Background()

func newKeeper(t *testing.T, w *polkutest.World) (*Keeper, *polkutest.Sample, *bytes.Buffer) {
	s := polkutest.NewSample(t, w)
	var log bytes.Buffer
	return &Keeper{DB: w.DB, Tenant: polkutest.Tenant, Book: s.Book, Keys: s.Keys, Log: slog.New(slog.NewTextHandler(&log, nil))}, s, &log
}

// standing reads on which day and with what a path was evaluated.
func standing(t *testing.T, s *polkutest.Sample, id string) (on civil.Date, versions string) {
	t.Helper()
	if err := s.View(polkutest.Mia, func(tx *db.Tx) error {
		_, err := tx.One(`select evaluated_on, versions from standing where path_id = $1`, []any{id}, &on, &versions)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return on, versions
}

func TestRoundBringsEverythingUpToTheDay(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		k, s, _ := newKeeper(t, w)
		_, id := s.Client(t, "Virtanen", "Aino")
		s.Client(t, "Korhonen", "Eino")
		if done, err := k.Round(ctx); err != nil || done.Sealed != 2 {
			t.Fatalf("%+v %v", done, err)
		}
		if done, err := k.Round(ctx); err != nil || done != (Done{}) {
			t.Fatalf("a second round the same day must find nothing: %+v %v", done, err)
		}
		// Ten days on the promised step is overdue: the paths are evaluated again although nobody recorded anything.
		later := polkutest.Noon.AddDate(0, 0, 10)
		w.DB.Now = func() time.Time { return later }
		done, err := k.Round(ctx)
		if err != nil || done.Refreshed != 2 {
			t.Fatalf("%+v %v", done, err)
		}
		if on, _ := standing(t, s, id); on != civil.Of(later, w.DB.Zone) {
			t.Fatalf("evaluated on %s", on)
		}
	})
}

func TestRoundEvaluatesAgainWithANewModel(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		k, s, _ := newKeeper(t, w)
		_, id := s.Client(t, "Virtanen", "Aino")
		k.Book = &path.Book{Models: s.Book.Models, Rules: s.Book.Rules, Calendar: s.Book.Calendar, Stamp: "test-2"}
		if done, err := k.Round(ctx); err != nil || done.Refreshed != 1 {
			t.Fatalf("%+v %v", done, err)
		}
		if _, versions := standing(t, s, id); versions != "valmennus@1 test-2" {
			t.Fatal(versions)
		}
	})
}

func TestManyBatches(t *testing.T) {
	w := polkutest.New(t, t.TempDir())
	k, s, _ := newKeeper(t, w)
	client, _ := s.Client(t, "Virtanen", "Aino")
	const paths = 2*batch + 7
	if err := s.Update(polkutest.Mia, func(tx *db.Tx) error {
		for range paths - 1 {
			if _, _, err := s.Book.Start(tx, path.Start{Client: client, Service: polkutest.Service, Day: tx.Today, Responsible: polkutest.Mia,
				Step: path.Step{What: "Soita", By: tx.Today + 1}}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	w.DB.Now = func() time.Time { return polkutest.Noon.AddDate(0, 0, 30) }
	if done, err := k.Round(ctx); err != nil || done.Refreshed != paths {
		t.Fatalf("%+v %v, want %d refreshed", done, err, paths)
	}
}

// Run works at once, again after midnight in Helsinki, and after a minute when something failed. The test's
// clock jumps as far as Run says it waits.
func TestRunWaitsForMidnightAndTriesAgain(t *testing.T) {
	w := polkutest.New(t, t.TempDir())
	k, s, log := newKeeper(t, w)
	s.Client(t, "Virtanen", "Aino")
	now := time.Date(2026, 3, 28, 21, 30, 0, 0, time.UTC) // 23.30 in Helsinki; the night has 23 hours
	w.DB.Now = func() time.Time { return now }
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var waits []time.Duration
	good := k.Tenant
	k.After = func(d time.Duration) <-chan time.Time {
		waits = append(waits, d)
		now = now.Add(d)
		answer := make(chan time.Time, 1)
		answer <- now
		switch len(waits) {
		case 1:
			must(t, breakTable(w, "session", "away")) // the second round fails
		case 2:
			must(t, breakTable(w, "away", "session"))
		case 4:
			cancel()
		}
		return answer
	}
	k.Run(ctx)
	want := []time.Duration{30*time.Minute + time.Second, time.Minute, 23*time.Hour - time.Minute, 24 * time.Hour}
	for i, d := range want {
		if i >= len(waits) || waits[i] != d {
			t.Fatalf("waits %v, want %v", waits, want)
		}
	}
	if strings.Count(log.String(), "level=ERROR") != 1 || strings.Contains(log.String(), "Virtanen") || k.Tenant != good {
		t.Fatal(log.String())
	}
}

func breakTable(w *polkutest.World, from, to string) error {
	_, err := w.DB.Pool().Exec("alter table " + from + " rename to " + to)
	return err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
