package unit_test

import (
	"testing"

	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/emergency"
	"polku/internal/handoff"
	. "polku/internal/polkutest"
	"polku/internal/unit"
)

// The use log keeps as what somebody saw a client, as of then: role and relation, whatever lets them see.
func TestStanding(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		id, at := s.Client(t, "Takala", "Tuomas")
		other, _ := s.Client(t, "Toinen", "Taina")
		do := func(worker string, fn func(tx *db.Tx) error) {
			t.Helper()
			if err := s.Update(worker, fn); err != nil {
				t.Fatal(err)
			}
		}
		for _, name := range []string{"olli", "pia", "sari"} {
			do(Boss, func(tx *db.Tx) error {
				if _, err := unit.AddWorker(tx, unit.Worker{ID: name, Username: name, Name: name}); err != nil {
					return err
				}
				return unit.Join(tx, unit.Member{Worker: name, Register: Register, Unit: House, Role: unit.RoleInstructor})
			})
		}
		want := func(worker, as string, clients ...string) {
			t.Helper()
			if err := s.View(worker, func(tx *db.Tx) error { tx.Saw(clients...); return nil }); err != nil {
				t.Fatal(err)
			}
			var got string
			if err := w.Log.Pool().QueryRow(`select standing from use_log where worker_id = $1 order by log_id desc limit 1`, worker).Scan(&got); err != nil || got != as {
				t.Errorf("%s: %q, want %q (%v)", worker, got, as, err)
			}
		}
		want(Mia, "worker/responsible", id)
		want(Joni, "coordinator/team", id)
		want("olli", "instructor/team", id)
		want("olli", "instructor/list", id, other)
		want(Essi, "/other", id)
		do(Boss, func(tx *db.Tx) error { return unit.SetTeam(tx, House, false) })
		do("olli", func(tx *db.Tx) error { return client.Must(tx, id) }) // an instructor reaches the unit
		do(Boss, func(tx *db.Tx) error {
			for _, name := range []string{"olli", "pia", "sari"} {
				if err := unit.Join(tx, unit.Member{Worker: name, Register: Register, Unit: House, Role: unit.RoleWorker}); err != nil {
					return err
				}
			}
			return nil
		})
		do("olli", func(tx *db.Tx) error {
			_, err := emergency.Open(tx, id, "Asiakas on aulassa hädissään, ei muita.")
			return err
		})
		want("olli", "worker/emergency", id)
		do(Mia, func(tx *db.Tx) error { _, err := handoff.Offer(tx, s.Book, at, "pia", "muutto"); return err })
		want("pia", "worker/handoff", id)
		do(Mia, func(tx *db.Tx) error {
			_, err := unit.AddCover(tx, unit.Cover{Absent: Mia, Cover: "sari", From: tx.Today, To: tx.Today})
			return err
		})
		want("sari", "worker/cover", id)
	})
}
