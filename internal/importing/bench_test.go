package importing_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/importing"
	"polku/internal/polkutest"
)

// BenchmarkAttendance imports validated rows: 200 clients with 100 days each in a database of their own. The goal is
// 20 000 rows a second (speed.md, import).
func BenchmarkAttendance(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		im, w, list := benchWorld(b, 200)
		var rows strings.Builder
		rows.WriteString("Päivä;Asiakas;Ryhmä;Läsnä\n")
		for d := range 100 {
			day := time.Date(2025, 9, 1+d, 0, 0, 0, 0, time.UTC)
			for c := range 200 {
				fmt.Fprintf(&rows, "%s;P%03d;Puutyö;x\n", day.Format("2.1.2006"), c)
			}
		}
		benchRun(b, w, im, func(tx *db.Tx) (*importing.Plan, error) {
			l, err := csvio.ReadClients(list, csvio.Options{})
			if err != nil {
				return nil, err
			}
			return im.PlanClients(tx, l, choices())
		})
		marks, err := csvio.ReadBytes("lasna.csv", []byte(rows.String()))
		if err != nil {
			b.Fatal(err)
		}
		var plan *importing.Plan
		start := time.Now()
		if err := w.View(polkutest.Mia, func(tx *db.Tx) error {
			l, err := csvio.ReadAttendance(marks, csvio.Options{})
			if err != nil {
				return err
			}
			plan, err = im.PlanAttendance(tx, l, choices())
			return err
		}); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(time.Since(start).Milliseconds()), "plan-ms")
		if plan.Count.Added != 20_000 {
			b.Fatalf("%+v", plan.Count)
		}
		b.StartTimer()
		start = time.Now()
		if _, err := im.Run(context.Background(), w.DB, polkutest.As(polkutest.Mia), plan, nil); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(20_000/time.Since(start).Seconds(), "rows/s")
	}
}

// BenchmarkClients imports people with a path each.
func BenchmarkClients(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		im, w, list := benchWorld(b, 2000)
		b.StartTimer()
		start := time.Now()
		benchRun(b, w, im, func(tx *db.Tx) (*importing.Plan, error) {
			l, err := csvio.ReadClients(list, csvio.Options{})
			if err != nil {
				return nil, err
			}
			return im.PlanClients(tx, l, choices())
		})
		b.ReportMetric(2000/time.Since(start).Seconds(), "people/s")
	}
}

func benchWorld(b *testing.B, people int) (*importing.Importer, *polkutest.Sample, *csvio.Book) {
	b.Helper()
	w := polkutest.NewSample(b, polkutest.New(b, b.TempDir()))
	var text strings.Builder
	text.WriteString("Asiakasnro;Sukunimi;Etunimi;Aloitus\n")
	for c := range people {
		fmt.Fprintf(&text, "P%03d;Testinen%c%c;Tiina;1.9.2025\n", c, 'a'+c%26, 'a'+c/26%26)
	}
	list, err := csvio.ReadBytes("asiakkaat.csv", []byte(text.String()))
	if err != nil {
		b.Fatal(err)
	}
	return &importing.Importer{Book: w.Book, Keys: w.Keys}, w, list
}

func benchRun(b *testing.B, w *polkutest.Sample, im *importing.Importer, plan func(tx *db.Tx) (*importing.Plan, error)) {
	b.Helper()
	var p *importing.Plan
	err := w.View(polkutest.Mia, func(tx *db.Tx) (err error) {
		p, err = plan(tx)
		return err
	})
	if err == nil {
		_, err = im.Run(context.Background(), w.DB, polkutest.As(polkutest.Mia), p, nil)
	}
	if err != nil {
		b.Fatal(err)
	}
}
