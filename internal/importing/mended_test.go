package importing_test

import (
	"testing"

	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/importing"
	"polku/internal/polkutest"
)

func (w *world) planMended(b *csvio.Book, cells map[csvio.Ref]string) *importing.Plan {
	w.t.Helper()
	l, err := csvio.ReadClients(b, csvio.Options{Cells: cells})
	w.must(err)
	var p *importing.Plan
	w.must(w.View(polkutest.Mia, func(tx *db.Tx) error {
		p, err = w.im.PlanClients(tx, l, choices())
		return err
	}))
	return p
}

// What was mended in the preview goes in mended; the same file without the mending adds nothing a second time.
func TestTheUnmendedFileDoublesNobody(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		list := w.sheet("lista.csv", "Sukunimi;Etunimi;Hetu;Puhelin;Aloitus\n"+
			"Heikkinen;Olli;091095-915X;;32.2.2026\n"+ // a wrong code and no such day
			";;;040 555 1234;2.2.2026\n"+ // nobody, until the name is mended
			"Heikkinen;Ole;;;2.2.2026\n") // the first one again, once their code is mended
		cells := map[csvio.Ref]string{{Row: 2, Col: 2}: "091095-915W", {Row: 2, Col: 4}: "27.2.2026", {Row: 3, Col: 0}: "Aalto", {Row: 4, Col: 2}: "091095-915W"}
		p := w.planMended(list, cells)
		if p.Count.Added != 2 || p.Count.Twins != 1 || p.Count.Left != 0 {
			t.Fatalf("%+v %+v", p.Count, p.Rows)
		}
		id := w.run(p)
		if n := w.number(`select count(*) from person where code_index is not null`); n != 1 {
			t.Errorf("%d with a code", n)
		}
		if n := w.number(`select count(*) from client where last_name = 'Aalto'`); n != 1 {
			t.Errorf("%d of the mended name", n)
		}
		for name, again := range map[string]*importing.Plan{"unmended": w.planMended(list, nil), "mended": w.planMended(list, cells)} {
			if !again.Count.Nothing() {
				t.Errorf("%s, a second run: %+v", name, again.Count)
			}
		}
		if kept := w.undo(id); kept != 0 {
			t.Errorf("%d stayed", kept)
		}
		if p := w.planMended(list, cells); p.Count.Added != 2 {
			t.Errorf("undone, the list can come in again: %+v", p.Count)
		}
	})
}

func TestTheUnmendedSheetDoublesNoDay(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.DB.Now = april
		_, pathID := w.Client(t, "Korhonen", "Pekka")
		list := w.sheet("lasna.csv", "Päivä;Asiakas;Ryhmä;Läsnä;Tunnit\n3/4/2026;Pekka K.;Puu;x;4\n32.3.2026;Pekka K.;Puu;x;4\n27.3.2026;Pekka K.;Puu;x;44\n30.3.2026;Pekka K.;Puu;§;4\n")
		cells := map[csvio.Ref]string{{Row: 2, Col: 0}: "4.3.2026", {Row: 3, Col: 0}: "31.3.2026", {Row: 4, Col: 4}: "4,5", {Row: 5, Col: 3}: "x"}
		id := w.run(w.planAttendance(list, csvio.Options{Cells: cells}, choices()))
		if n := w.number(`select count(*) from entry where kind = 'attendance' and path_id = $1`, pathID); n != 4 {
			t.Fatalf("%d days came in", n)
		}
		for name, opt := range map[string]csvio.Options{"unmended": {}, "mended": {Cells: cells}} {
			if again := w.planAttendance(list, opt, choices()); again.Count.Will() != 0 || again.Count.Already != 4 {
				t.Errorf("%s, a second run: %+v", name, again.Count)
			}
		}
		w.undo(id)
		if p := w.planAttendance(list, csvio.Options{Cells: cells}, choices()); p.Count.Added != 4 {
			t.Errorf("undone, the sheet can come in again: %+v", p.Count)
		}
		w.verified()
	})
}
