package importing_test

import (
	"context"
	"testing"

	"polku/internal/actor"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/importing"
	"polku/internal/polkutest"
	"polku/samples"
)

// world is a sample organisation with an importer.
type world struct {
	*polkutest.Sample
	im *importing.Importer
	t  *testing.T
}

func onBoth(t *testing.T, fn func(t *testing.T, w *world)) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s := polkutest.NewSample(t, w)
		fn(t, &world{s, &importing.Importer{Book: s.Book, Keys: s.Keys}, t})
	})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) book(name string) *csvio.Book {
	w.t.Helper()
	data, err := samples.FS.ReadFile(name)
	w.must(err)
	b, err := csvio.ReadBytes(name, data)
	w.must(err)
	return b
}

// choices are those of Mia, who is responsible for whoever has no worker of hers.
func choices() importing.Choices {
	return importing.Choices{Service: polkutest.Service, DefaultWorker: polkutest.Mia}
}

func (w *world) planClients(b *csvio.Book, c importing.Choices) *importing.Plan {
	w.t.Helper()
	l, err := csvio.ReadClients(b, csvio.Options{})
	w.must(err)
	var p *importing.Plan
	w.must(w.View(polkutest.Mia, func(tx *db.Tx) error {
		p, err = w.im.PlanClients(tx, l, c)
		return err
	}))
	return p
}

func (w *world) run(p *importing.Plan) string {
	w.t.Helper()
	id, err := w.im.Run(context.Background(), w.DB, polkutest.As(polkutest.Mia), p, nil)
	w.must(err)
	return id
}

// number reads one figure from the database.
func (w *world) number(sql string, args ...any) int {
	w.t.Helper()
	n := 0
	w.must(w.View(polkutest.Mia, func(tx *db.Tx) error {
		_, err := tx.One(sql, args, &n)
		return err
	}))
	return n
}

func TestRautavaaraHasFifteenPeople(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		p := w.planClients(w.book(samples.Rautavaara), choices())
		if p.Count.Added != 15 || p.Count.Twins != 1 || p.Count.Left != 0 || p.Count.Open != 15 {
			t.Errorf("%+v", p.Count)
		}
		w.run(p)
		if n := w.number(`select count(*) from client`); n != 15 {
			t.Errorf("%d clients", n)
		}
		if n := w.number(`select count(*) from person where code_index is null and temp_id is not null`); n != 2 {
			t.Errorf("%d temporary ids, want 2: a wrong code and a missing one", n)
		}
		again := w.planClients(w.book(samples.Rautavaara), choices())
		if again.Count.Will() != 0 || again.Count.Already != 15 {
			t.Errorf("a second run: %+v", again.Count)
		}
	})
}

func TestRaumaHasItsPublishedFigures(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		p := w.planClients(w.book(samples.Rauma), choices())
		if p.Count.Added != 250 || p.Count.Twins != 3 || p.Count.Open != 51 {
			t.Errorf("%+v", p.Count)
		}
		w.run(p)
		if n := w.number(`select count(*) from client`); n != 250 {
			t.Errorf("%d people", n)
		}
		if n := w.number(`select count(*) from standing where status = 'open' and step_from = 'import' and responsible is not null and step_by is not null`); n != 51 {
			t.Errorf("%d going on with a next step", n)
		}
		exits := w.exits()
		for to, want := range map[string]int{"open-work": 17, "subsidised-work": 8, "education": 19, "apprenticeship": 6, "rehabilitation": 31, "pension": 14,
			"another-service": 58, "withdrew": 37, "moved": 9} {
			if exits[to] != want {
				t.Errorf("%s: %d, want %d", to, exits[to], want)
			}
		}
		if n := w.number(`select count(*) from task where source <> 'import'`); n != 0 {
			t.Errorf("an imported exit asked somebody for something: %d tasks", n)
		}
	})
}

// exits counts the destinations that stand in the journal.
func (w *world) exits() map[string]int {
	w.t.Helper()
	out := map[string]int{}
	w.must(w.View(polkutest.Mia, func(tx *db.Tx) error {
		return tx.Each(`select body from entry where kind = 'exit'`, nil, func(row func(...any) error) error {
			var text []byte
			if err := row(&text); err != nil {
				return err
			}
			b, err := entry.DecodeBody(entry.KindExit, text)
			if err == nil {
				out[b.(*entry.Exit).To]++
			}
			return err
		})
	}))
	return out
}

func TestWorkAbleHasTwoPhases(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		p := w.planClients(w.book(samples.WorkAble), choices())
		w.run(p)
		if n := w.number(`select count(*) from client`); n != 270 {
			t.Errorf("%d people", n)
		}
		if n := w.number(`select count(*) from entry where kind = 'phase'`); n != 270 {
			t.Errorf("%d moves to coaching", n)
		}
		if n := w.number(`select count(*) from standing where status <> 'closed'`); n != 0 {
			t.Errorf("%d still open", n)
		}
	})
}

// systemNumber is number as the machine's owner reads it.
func (w *world) systemNumber(sql string, args ...any) (n int) {
	w.t.Helper()
	w.must(w.DB.View(context.Background(), actor.System(polkutest.Tenant, actor.Checking, "test"), func(tx *db.Tx) error {
		_, err := tx.One(sql, args, &n)
		return err
	}))
	return n
}
