package caseload_test

import (
	"testing"

	"polku/internal/caseload"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/path"
	"polku/internal/pathway"
	. "polku/internal/polkutest"
	"polku/internal/unit"
)

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestTodayShowsWhoCallsLoudestFirst(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		late, latePath := s.Client(t, "Myöhä", "Mikko")
		s.Client(t, "Rauhala", "Raija") // a step in three days: soon
		ok(t, s.Update(Mia, func(tx *db.Tx) error {
			// The step of Mikko is today; tomorrow it will be late without anybody touching the database.
			p, _ := path.Get(tx, latePath)
			st, _ := s.Book.StateOf(tx, p)
			_, err := s.Book.SetStep(tx, latePath, path.Step{What: "Soita tänään", By: tx.Today}, st.NextStep.Task)
			return err
		}))
		for _, c := range []struct {
			days  int
			first pathway.Group
			class pathway.Class
		}{{0, pathway.GroupNow, 0}, {1, pathway.GroupNow, pathway.SignalNextStep}} {
			ok(t, s.View(Mia, func(tx *db.Tx) error {
				tx.Today += civil.Date(c.days)
				lines, err := caseload.Today(tx, s.Book, caseload.Filter{Whose: caseload.Mine})
				if err != nil {
					return err
				}
				if len(lines) != 2 || lines[0].Client != late || lines[0].Group != c.first {
					t.Fatalf("in %d days: %+v", c.days, lines)
				}
				if c.class != 0 && (lines[0].Reason == nil || lines[0].Reason.Class != c.class) {
					t.Fatalf("in %d days the reason is %+v", c.days, lines[0].Reason)
				}
				return nil
			}))
		}
	})
}

func TestListsPageByKeysetAndStayWithinScope(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		for _, last := range []string{"Aalto", "Berg", "Cygnaeus", "Dahl", "Eskola"} {
			s.Client(t, last, "X")
		}
		for name, list := range map[string]func(*db.Tx, *path.Book, caseload.Filter, caseload.Place, int) ([]caseload.Line, caseload.Place, bool, error){
			"by rank": caseload.All, "by name": caseload.ByName,
		} {
			for _, who := range []struct {
				worker string
				whose  caseload.Whose
				want   int
			}{{Mia, caseload.Mine, 5}, {Joni, caseload.Mine, 0}, {Joni, caseload.Team, 5}, {Essi, caseload.Team, 0}, {Boss, caseload.Team, 0}} {
				seen := map[string]bool{}
				ok(t, s.View(who.worker, func(tx *db.Tx) error {
					var after caseload.Place
					for {
						lines, next, more, err := list(tx, s.Book, caseload.Filter{Whose: who.whose}, after, 2)
						if err != nil {
							return err
						}
						for _, l := range lines {
							seen[l.Client] = true
						}
						if !more {
							return nil
						}
						after = next
					}
				}))
				if len(seen) != who.want {
					t.Errorf("%s, %s's %s: %d clients, want %d", name, who.worker, who.whose, len(seen), who.want)
				}
			}
		}
	})
}

func TestCoverSeesTheAbsentOnesMorning(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		_, aalto := s.Client(t, "Aalto", "X")
		ok(t, s.Update(Mia, func(tx *db.Tx) error {
			p, _ := path.Get(tx, aalto)
			st, _ := s.Book.StateOf(tx, p)
			_, err := s.Book.SetStep(tx, aalto, path.Step{What: "Soita tänään", By: tx.Today}, st.NextStep.Task)
			return err
		}))
		ok(t, s.Update(Boss, func(tx *db.Tx) error {
			_, err := unit.AddCover(tx, unit.Cover{Absent: Mia, Cover: Joni, From: tx.Today, To: tx.Today + 1})
			return err
		}))
		for days, want := range map[int]int{0: 1, 1: 1, 2: 0} {
			ok(t, s.View(Joni, func(tx *db.Tx) error {
				tx.Today += civil.Date(days)
				lines, err := caseload.Today(tx, s.Book, caseload.Filter{Whose: caseload.Mine})
				if len(lines) != want {
					t.Errorf("in %d days Joni sees %d, want %d", days, len(lines), want)
				}
				// The navigation counts the same on every page.
				if now, _, err := caseload.Waiting(tx); now != want || err != nil {
					t.Errorf("in %d days the navigation tells Joni of %d, want %d; %v", days, now, want, err)
				}
				return err
			}))
		}
	})
}
