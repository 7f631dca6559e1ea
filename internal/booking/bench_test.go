package booking_test

import (
	"context"
	"fmt"
	"testing"

	"polku/internal/actor"
	"polku/internal/booking"
	"polku/internal/db"
	. "polku/internal/polkutest"
)

// The calendar's week and its free times at 8 000 clients with 200 workers, each with 40 clients and 80 clock times in two
// weeks: doc/performance.md asks for a page within 50 ms.
func BenchmarkWeek(b *testing.B) {
	w := New(b, b.TempDir())
	s := NewSample(b, w)
	err := s.DB.Update(context.Background(), actor.System(Tenant, actor.Sample, "bench"), func(tx *db.Tx) error {
		var clients, paths, tasks [][]any
		for i := range 8000 {
			c, p := fmt.Sprint("c", i), fmt.Sprint("p", i)
			worker := fmt.Sprint("w", i%200)
			if i%200 == 0 {
				worker = Mia
			}
			clients = append(clients, []any{Tenant, c, c, Register, "Testi", c, "", "", "", "", "", "", false, false, "", 0, 1})
			paths = append(paths, []any{Tenant, p, c, Register, Service, 0})
			for k := range 2 {
				n := i/200*2 + k
				tasks = append(tasks, []any{Tenant, p, fmt.Sprint("t", i, k), c, "worker", worker, "Tapaaminen", int64(tx.Today) + int64(n%14), 480 + n%8*60, "", "next_step", "", "", false, "meeting", 60})
			}
		}
		for _, in := range []struct {
			into string
			rows [][]any
		}{
			{`insert into client (tenant_id, client_id, person_id, register_id, last_name, first_name, phone, email, address, municipality, lang, number, safety_ban, provisional, note, created_at, rev) values`, clients},
			{`insert into path (tenant_id, path_id, client_id, register_id, service_id, created_at) values`, paths},
			{`insert into task (tenant_id, path_id, task_id, client_id, owner, worker_id, what, by_day, minute, place, source, entry_id, booked, beside, form, minutes) values`, tasks},
		} {
			if _, err := tx.InsertMany(in.into, in.rows, ""); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("meetings", func(b *testing.B) {
		for b.Loop() {
			if err := s.View(Mia, func(tx *db.Tx) error {
				list, err := booking.Meetings(tx, tx.Today.Monday(), tx.Today.Monday()+6)
				if len(list) < 20 {
					b.Fatalf("%d meetings", len(list))
				}
				return err
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("free", func(b *testing.B) {
		for b.Loop() {
			if err := s.View(Mia, func(tx *db.Tx) error {
				_, err := booking.FreeOf(tx, s.Book.Calendar, Mia, tx.Today, tx.Today+13)
				return err
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
