package importing_test

import (
	"testing"

	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/ident"
	"polku/internal/importing"
	"polku/internal/polkutest"
)

const (
	march = "Päivä;Asiakas;Ryhmä;Läsnä\n24.3.2026;Pekka;Puu;x\n24.3.2026;Liisa;Puu;x\n24.3.2026;Vieras;Puu;x\n"
	later = "Päivä;Asiakas;Ryhmä;Läsnä\n30.3.2026;pekka;Puu;x\n30.3.2026;Liisa;Puu;x\n30.3.2026;Vieras;Puu;x\n"
)

// answered imports March's sheet: Pekka is a client, Liisa a new one by her short name, Vieras nobody.
func (w *world) answered(pekka string) string {
	w.t.Helper()
	c := choices()
	c.Names = map[int]string{0: pekka, 1: importing.Provisional, 2: importing.Skip}
	return w.run(w.planAttendance(w.sheet("maaliskuu.csv", march), csvio.Options{}, c))
}

func (w *world) answers() []importing.Person {
	w.t.Helper()
	return w.planAttendance(w.sheet("huhtikuu.csv", later), csvio.Options{}, choices()).People
}

// What was answered about short names comes answered with next month's sheet, and can be answered otherwise.
func TestAnswersAboutShortNamesAreRemembered(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.DB.Now = april
		one, _ := w.Client(t, "Korhonen", "Pekka")
		two, _ := w.Client(t, "Virtanen", "Pekka")
		if x := w.answers(); x[0].Answer != "" || x[0].Remembered {
			t.Fatalf("two clients are called Pekka: %+v", x[0])
		}
		w.answered(two)
		x := w.answers()
		if x[0].Answer != two || !x[0].Remembered || !x[0].Doubtful() || x[0].Is != "Virtanen Pekka" {
			t.Errorf("Pekka: %+v", x[0])
		}
		if n := w.number(`select count(*) from client where provisional and client_id = $1`, x[1].Answer); n != 1 || !x[1].Remembered {
			t.Errorf("Liisa is the provisional client of March: %+v", x[1])
		}
		if x[2].Answer != importing.Skip || !x[2].Remembered || !x[2].Doubtful() {
			t.Errorf("Vieras: %+v", x[2])
		}
		c := choices()
		c.Names = map[int]string{0: one}
		w.run(w.planAttendance(w.sheet("huhtikuu.csv", later), csvio.Options{}, c))
		if x := w.answers(); x[0].Answer != one {
			t.Errorf("answered otherwise since: %+v", x[0])
		}
		w.verified()
	})
}

// The table of answers holds no name, and the answers of one service say nothing in another.
func TestARememberedNameCannotBeRead(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.DB.Now = april
		pekka, _ := w.Client(t, "Korhonen", "Pekka")
		w.answered(pekka)
		if n := w.number(`select count(*) from name_alias where length(name_key) = 40 and service_id = $1`, polkutest.Service); n != 3 {
			t.Errorf("%d answers", n)
		}
		if n := w.number(`select count(*) from name_alias where lower(name_key) like '%pekka%' or lower(name_key) like '%vieras%'`); n != 0 {
			t.Error("a short name stands in the clear")
		}
		l, err := csvio.ReadAttendance(w.sheet("huhtikuu.csv", later), csvio.Options{})
		w.must(err)
		if err := w.View(polkutest.Essi, func(tx *db.Tx) error {
			_, err := w.im.PlanAttendance(tx, l, importing.Choices{Service: polkutest.Service})
			return err
		}); err == nil {
			t.Error("a colleague of another register sees the answers")
		}
	})
}

// An import that was wrong may have been wrong about whom the names mean: its answers go with it.
func TestUndoForgetsTheAnswers(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.DB.Now = april
		pekka, _ := w.Client(t, "Korhonen", "Pekka")
		first := w.answered(pekka)
		second := w.run(w.planAttendance(w.sheet("huhtikuu.csv", later), csvio.Options{}, choices()))
		liisa := w.answers()[1].Answer
		w.undo(second)
		if x := w.answers(); x[0].Answer != pekka || x[1].Answer != liisa {
			t.Errorf("undoing April forgot March's answers: %+v", x)
		}
		w.undo(first)
		if x := w.answers(); x[0].Remembered || x[1].Remembered || x[2].Remembered || w.number(`select count(*) from name_alias`) != 0 {
			t.Errorf("%+v", x)
		}
	})
}

// When a provisional client turns out to be somebody, the short name means them from then on. When the client has
// left and somebody else of the name has come, the name is asked about anew.
func TestARememberedNameFollowsTheClient(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.DB.Now = april
		pekka, pekkaPath := w.Client(t, "Korhonen", "Pekka")
		real, _ := w.Client(t, "Meikäläinen", "Elisabet")
		w.answered(pekka)
		w.must(w.Update(polkutest.Mia, func(tx *db.Tx) error { return importing.Join(tx, w.Book, w.provisional(tx), real) }))
		if x := w.answers(); x[1].Answer != real || !x[1].Remembered {
			t.Errorf("Liisa is known now: %+v", x[1])
		}
		w.must(w.Update(polkutest.Mia, func(tx *db.Tx) error {
			_, err := w.Book.Append(tx, pekkaPath, entry.Entry{ID: ident.New(), Day: tx.Today - 1, Minute: -1, Kind: entry.KindExit,
				Body: &entry.Exit{Step: entry.ExitDone, To: "moved", Imported: true}})
			return err
		}))
		if x := w.answers(); x[0].Answer != pekka {
			t.Errorf("nobody else is called Pekka: %+v", x[0])
		}
		w.Client(t, "Virtanen", "Pekka")
		if x := w.planAttendance(w.sheet("huhtikuu.csv", "Päivä;Asiakas;Ryhmä;Läsnä\n7.4.2026;Pekka;Puu;x\n"), csvio.Options{}, choices()).People; x[0].Answer != "" {
			t.Errorf("the old Pekka left before, the new one was there: %+v", x[0])
		}
	})
}

func (w *world) provisional(tx *db.Tx) (id string) {
	w.t.Helper()
	_, err := tx.One(`select client_id from client where provisional`, nil, &id)
	w.must(err)
	return id
}
