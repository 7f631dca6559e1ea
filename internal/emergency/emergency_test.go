package emergency_test

import (
	"context"
	"testing"
	"time"

	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/emergency"
	"polku/internal/fault"
	. "polku/internal/polkutest"
	"polku/internal/unit"
)

const why = "Asiakas on aulassa hädissään, vastuutyöntekijä ei vastaa."

// strict is the sample with a unit where each sees their own clients only, and Olli who works there too.
func strict(t *testing.T, w *World) (s *Sample, clientID string) {
	s = NewSample(t, w)
	clientID, _ = s.Client(t, "Takala", "Tuomas")
	must(t, s.Update(Boss, func(tx *db.Tx) error {
		if _, err := unit.AddWorker(tx, unit.Worker{ID: "olli", Username: "olli", Name: "Olli Ohjaaja"}); err != nil {
			return err
		}
		if err := unit.Join(tx, unit.Member{Worker: "olli", Register: Register, Unit: House, Role: unit.RoleWorker}); err != nil {
			return err
		}
		return unit.SetTeam(tx, House, false)
	}))
	return s, clientID
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func sees(s *Sample, worker, id string) bool {
	return s.View(worker, func(tx *db.Tx) error { return client.Must(tx, id) }) == nil
}

func TestAnEmergencyOpensOneClientForAnHour(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s, id := strict(t, w)
		other, _ := s.Client(t, "Toinen", "Taina")
		if sees(s, "olli", id) || !sees(s, Mia, id) || !sees(s, Joni, id) {
			t.Fatal("the wall does not stand: own clients, and the coordinator")
		}
		told := ""
		must(t, s.Update("olli", func(tx *db.Tx) (err error) {
			told, err = emergency.Open(tx, id, why)
			return err
		}))
		if told != Mia {
			t.Error("told:", told)
		}
		if !sees(s, "olli", id) || sees(s, "olli", other) {
			t.Error("it opens that client and nobody else")
		}
		must(t, s.View(Mia, func(tx *db.Tx) error {
			if n, err := emergency.Told(tx); n != 1 || err != nil {
				t.Error("Mia hears of it:", n, err)
			}
			all, err := emergency.Openings(tx)
			if err != nil || len(all) != 1 || all[0].Why != why || !all[0].Own {
				t.Errorf("%+v %v", all, err)
			}
			return nil
		}))
		w.DB.Now = func() time.Time { return Noon.Add(emergency.Lasts) }
		must(t, w.DB.Update(context.Background(), As("olli"), unit.Settle))
		if sees(s, "olli", id) {
			t.Error("the hour is over")
		}
	})
}

// Somebody at the desk tells their number: whoever knows it learns whom to ask. A name is no such proof.
func TestBehindTheWallByPhoneOnly(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s, id := strict(t, w)
		find := func(worker, text string) (all []string) {
			must(t, s.View(worker, func(tx *db.Tx) (err error) { all, err = emergency.Behind(tx, s.Keys, text); return err }))
			return all
		}
		if all := find("olli", "040 123 4567"); len(all) != 1 || all[0] != id {
			t.Error(all)
		}
		if all := find("olli", "Takala"); len(all) != 0 {
			t.Error("by name", all)
		}
		if all := find(Essi, "040 123 4567"); len(all) != 0 {
			t.Error("in another register", all)
		}
		if all := find(Mia, "040 123 4567"); len(all) != 0 {
			t.Error("no wall stands before Mia", all)
		}
	})
}

func TestReadingEndsTheNotice(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s, id := strict(t, w)
		must(t, s.Update("olli", func(tx *db.Tx) error { _, err := emergency.Open(tx, id, why); return err }))
		var opening string
		must(t, s.View(Mia, func(tx *db.Tx) error {
			all, err := emergency.Openings(tx)
			opening = all[0].ID
			return err
		}))
		must(t, s.Update("olli", func(tx *db.Tx) error { return emergency.Read(tx, opening) })) // not theirs to read away
		told := func() (n int) {
			must(t, s.View(Mia, func(tx *db.Tx) (err error) { n, err = emergency.Told(tx); return err }))
			return n
		}
		if told() != 1 {
			t.Error("only the one who was told can say that they have read it")
		}
		must(t, s.Update(Mia, func(tx *db.Tx) error { return emergency.Read(tx, opening) }))
		if told() != 0 {
			t.Error("read, and still told")
		}
	})
}

func TestWhoMayNotBreakTheGlass(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s, id := strict(t, w)
		open := func(worker, reason string) error {
			return s.Update(worker, func(tx *db.Tx) error { _, err := emergency.Open(tx, id, reason); return err })
		}
		if err := open("olli", "hätä"); !fault.Is(err, fault.Invalid) {
			t.Error("a word is no reason:", err)
		}
		for _, worker := range []string{Essi, Boss, Mia} { // another register; administrator; no wall for Mia
			if err := open(worker, why); !fault.Is(err, fault.NotFound) {
				t.Error(worker, err)
			}
		}
	})
}
