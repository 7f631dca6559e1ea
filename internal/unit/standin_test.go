package unit_test

import (
	"context"
	"strings"
	"testing"

	"polku/internal/actor"
	"polku/internal/db"
	"polku/internal/fault"
	. "polku/internal/polkutest"
	"polku/internal/unit"
)

// Olli works in the same register as Mia and Joni but in another unit; Essi in the same unit but behind a wall; Reija
// in the unit and in both registers.
func coverWorld(t *testing.T, w *World) *Sample {
	s := NewSample(t, w)
	err := w.DB.Update(context.Background(), actor.System(Tenant, actor.Admin, "test"), func(tx *db.Tx) error {
		if _, err := unit.AddUnit(tx, unit.Unit{ID: "annex", Name: "Sivutalo"}); err != nil {
			return err
		}
		for id, name := range map[string]string{"olli": "Olli Ohjaaja", "reija": "Reija Rinnalla"} {
			if _, err := unit.AddWorker(tx, unit.Worker{ID: id, Username: id, Name: name}); err != nil {
				return err
			}
		}
		for _, m := range []unit.Member{{Worker: "olli", Register: Register, Unit: "annex", Role: unit.RoleWorker},
			{Worker: "reija", Register: Register, Unit: House, Role: unit.RoleWorker}, {Worker: "reija", Register: Walled, Unit: House, Role: unit.RoleInstructor}} {
			if err := unit.Join(tx, m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func names(workers []unit.Worker) string {
	var all []string
	for _, w := range workers {
		all = append(all, w.ID)
	}
	return strings.Join(all, " ")
}

// Whoever stands in works in the same unit and may see every client of the absent colleague; who plans it is oneself,
// the unit's coordinator or an administrator.
func TestWhoStandsInForWhom(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := coverWorld(t, w)
		for absent, want := range map[string]string{Mia: Joni + " reija", "olli": "", Essi: "reija", "reija": "", Boss: ""} {
			err := s.View(Joni, func(tx *db.Tx) error {
				got, err := unit.StandIns(tx, absent)
				if names(got) != want {
					t.Errorf("for %s: %q, want %q", absent, names(got), want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		for who, want := range map[string]string{Mia: Mia, Joni: Essi + " " + Joni + " " + Mia + " reija", "olli": "olli", Boss: Essi + " " + Joni + " " + Mia + " olli reija"} {
			err := s.View(who, func(tx *db.Tx) error {
				got, err := unit.Absentees(tx)
				if names(got) != want {
					t.Errorf("%s may plan for %q, want %q", who, names(got), want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestCoverIsPlannedAndEndedByWhoMay(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := coverWorld(t, w)
		plan := func(who, absent, by string) (id string, err error) {
			err = s.Update(who, func(tx *db.Tx) error {
				id, err = unit.PlanCover(tx, unit.Cover{Absent: absent, Cover: by, From: tx.Today, To: tx.Today + 4})
				return err
			})
			return id, err
		}
		if _, err := plan(Mia, Mia, "olli"); !fault.Is(err, fault.Invalid) {
			t.Error("somebody of another unit was taken:", err)
		}
		if _, err := plan(Mia, Joni, "reija"); !fault.Is(err, fault.Denied) {
			t.Error("a worker planned for a colleague:", err)
		}
		if _, err := plan(Joni, "olli", Mia); !fault.Is(err, fault.Denied) {
			t.Error("a coordinator planned for another unit:", err)
		}
		id, err := plan(Joni, Mia, "reija")
		if err != nil {
			t.Fatal(err)
		}
		end := func(who string) error { return s.Update(who, func(tx *db.Tx) error { return unit.EndCover(tx, id) }) }
		if err := end("olli"); !fault.Is(err, fault.Denied) {
			t.Error("a stranger ended the cover:", err)
		}
		if err := end("reija"); err != nil {
			t.Error("the stand-in could not end it:", err)
		}
	})
}
