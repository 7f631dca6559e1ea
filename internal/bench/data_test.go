package bench

import (
	"context"
	"math"
	"reflect"
	"testing"
	"time"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/path"
	"polku/internal/polkutest"
	"polku/internal/seal"
)

func testSet(clients int) *set {
	return newSet(1, clients, civil.New(2026, 3, 2), time.UTC)
}

// The shape is that of the measurements that the goals come from: figures for 100 000 clients, here from 20 000.
func TestShape(t *testing.T) {
	const clients = 20000
	s := testSet(clients)
	count := map[string]float64{}
	open := map[string]int{}
	ids := map[string]bool{}
	longest := 0
	for i := range clients {
		st := s.story(i)
		entries := 0
		for _, p := range st.paths {
			count["paths"]++
			entries += len(p.more)
			for _, e := range p.more {
				if ids[e.ID] {
					t.Fatalf("id %s twice", e.ID)
				}
				ids[e.ID] = true
				if err := e.Check(); err != nil {
					t.Fatal(err)
				}
				switch b := e.Body.(type) {
				case *entry.Contact:
					count["contacts"]++
					count[string(b.Form)]++
					if b.Result == entry.Held {
						count["held"]++
					}
				case *entry.Attendance:
					count["contacts"]++
					count["group"]++
					count["held"]++
				case *entry.Absence:
					count["contacts"]++
					count["group"]++
				case *entry.Measure:
					count["assessments"]++
				case *entry.Task:
					count["open"]++
					open[p.start.Responsible]++
				}
			}
		}
		longest = max(longest, entries)
		if Long(i) && entries < longLeast {
			t.Errorf("client %d has a history of %d", i, entries)
		}
	}
	near := func(what string, want, part float64) {
		if got := count[what]; math.Abs(got-want) > part*want {
			t.Errorf("%s: %.0f, expected about %.0f", what, got, want)
		}
	}
	near("contacts", 0.2*1.04e6, 0.06)
	near("assessments", 0.2*209000, 0.1)
	near("paths", 0.2*120000, 0)
	near("open", 0.2*10000, 0)
	for form, share := range map[string]float64{"call": 35, "meeting": 30, "message": 15, "visit": 10, "group": 10} {
		near(form, count["contacts"]*share/100, 0.03)
	}
	near("held", count["contacts"]*0.78, 0.02)
	for w, n := range open {
		if n != caseload {
			t.Errorf("%s has %d open paths", w, n)
		}
	}
	if len(open) != Workers(clients) || longest < 1000 || longest > longMost+10 {
		t.Errorf("%d workers, longest history %d", len(open), longest)
	}
}

// A client is a pure function of the seed and its number.
func TestPure(t *testing.T) {
	a, b := testSet(8000), testSet(8000)
	b.story(17)
	if !reflect.DeepEqual(a.story(167), b.story(167)) {
		t.Error("the same client differs")
	}
	if a.seed = 2; reflect.DeepEqual(a.story(167), b.story(167)) {
		t.Error("another seed gives the same client")
	}
}

func TestFill(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		keys, err := seal.LoadOrMake(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		book := &path.Book{Models: Models(), Calendar: civil.NewCalendar(nil), Stamp: "bench"}
		last := 0
		if err := Fill(context.Background(), w.DB, book, keys, 400, 1, func(done, total int) { last = 100 * done / total }); err != nil {
			t.Fatal(err)
		}
		if last != 100 {
			t.Errorf("progress ended at %d %%", last)
		}
		err = w.DB.View(context.Background(), actor.Actor{Tenant: Tenant, Worker: WorkerID(0), Purpose: actor.Service}, func(tx *db.Tx) error {
			var mine, all int
			if _, err := tx.One(`select count(*) filter (where responsible = $2 and status = 'open'), count(*) from standing where tenant_id = $1`,
				[]any{Tenant, WorkerID(0)}, &mine, &all); err != nil {
				return err
			}
			if mine != caseload || all != 480 {
				t.Errorf("%d open paths of one worker, %d paths", mine, all)
			}
			paths, err := path.OfClient(tx, ClientID(10))
			if err == nil && (len(paths) != 1 || paths[0].ID != PathID(10)) {
				t.Errorf("client 10 has paths %v", paths)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
