package importing_test

import (
	"testing"
	"time"

	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/importing"
	"polku/internal/polkutest"
	"polku/samples"
)

func (w *world) planAttendance(b *csvio.Book, opt csvio.Options, c importing.Choices) *importing.Plan {
	w.t.Helper()
	l, err := csvio.ReadAttendance(b, opt)
	w.must(err)
	var p *importing.Plan
	w.must(w.View(polkutest.Mia, func(tx *db.Tx) error {
		p, err = w.im.PlanAttendance(tx, l, c)
		return err
	}))
	return p
}

func TestRaumaAttendanceFindsEverybodyByNumber(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		b := w.book(samples.Rauma)
		w.run(w.planClients(b, choices()))
		p := w.planAttendance(b, csvio.Options{}, choices())
		if p.Count.Added != 4036 || p.Count.Left != 0 || p.Count.NewClients != 0 {
			t.Errorf("%+v", p.Count)
		}
		start := time.Now()
		w.run(p)
		t.Logf("4 036 rows in %v", time.Since(start))
		if n := w.number(`select count(*) from entry where kind = 'attendance'`); n != 3255 {
			t.Errorf("%d present, want 3 255", n)
		}
		if n := w.number(`select count(*) from entry where kind in ('attendance', 'absence')`); n != 4036 {
			t.Errorf("%d rows, want 4 036", n)
		}
		again := w.planAttendance(b, csvio.Options{}, choices())
		if again.Count.Will() != 0 || again.Count.Already != 4036 {
			t.Errorf("a second run: %+v", again.Count)
		}
	})
}

// april is a clock at which March's sheet is history.
func april() time.Time { return time.Date(2026, 4, 7, 9, 0, 0, 0, time.UTC) }

func TestPuistoahoWithoutAClientList(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.DB.Now = april
		b := w.book(samples.Puistoaho)
		asks := w.planAttendance(b, csvio.Options{}, choices())
		if asks.Count.Will() != 0 || asks.People[0].Answer != "" {
			t.Errorf("nobody said who they are, and yet: %+v", asks.Count)
		}
		c := choices()
		c.Unmatched = importing.Provisional
		p := w.planAttendance(b, csvio.Options{}, c)
		if p.Count.NewClients != 14 {
			t.Errorf("%+v", p.Count)
		}
		w.run(p)
		if n := w.number(`select count(*) from client where provisional`); n != 14 {
			t.Errorf("%d people", n)
		}
		if n := w.number(`select count(*) from entry where kind = 'attendance'`); n != 134 {
			t.Errorf("%d days present, want 134", n)
		}
		if n := w.number(`select count(*) from standing where status = 'open' and responsible = 'worker-mia' and step_from = 'import'`); n != 14 {
			t.Errorf("%d of 14 provisional people have somebody who answers for them", n)
		}
		again := w.planAttendance(b, csvio.Options{}, c)
		if again.Count.Will() != 0 || again.Count.NewClients != 0 {
			t.Errorf("a second run: %+v", again.Count)
		}
		for _, r := range again.Rows {
			if r.Fate != importing.Already && r.Fate != importing.Twin {
				t.Errorf("row %d: %s %s", r.No, r.Fate, r.Why)
			}
		}
	})
}
