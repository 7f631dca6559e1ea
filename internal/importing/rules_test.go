package importing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"polku/internal/caseload"
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/importing"
	"polku/internal/path"
	"polku/internal/polkutest"
	"polku/samples"
)

func TestWholeRefusesWhenARowIsUnsound(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		list := w.sheet("lista.csv", "Nimi;Puhelin;Aloitus\nKorhonen Pekka;040 123 4567;2.3.2026\n;050 111 2222;2.3.2026\n")
		c := choices()
		c.Whole = true
		p := w.planClients(list, c)
		if p.Count.Left != 1 || p.Rows[1].No != 3 || p.Rows[1].Why != "import.ask.no_name" {
			t.Fatalf("%+v %+v", p.Count, p.Rows)
		}
		if _, err := w.im.Run(context.Background(), w.DB, polkutest.As(polkutest.Mia), p, nil); !fault.Is(err, fault.Invalid) {
			t.Errorf("all or nothing: %v", err)
		}
		if n := w.number(`select count(*) from client`) + w.number(`select count(*) from import_run`); n != 0 {
			t.Errorf("a refused import left %d rows", n)
		}
		w.run(w.planClients(list, choices()))
		if n := w.number(`select count(*) from client`); n != 1 {
			t.Errorf("all that is sound: %d", n)
		}
	})
}

func TestWhomASpellingMeansIsRemembered(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		c := choices()
		c.Workers = map[string]string{"Ohjaaja A": polkutest.Joni}
		w.run(w.planClients(w.book(samples.Rautavaara), c))
		if n := w.number(`select count(*) from standing where responsible = $1`, polkutest.Joni); n != 5 {
			t.Errorf("Joni answers for %d", n)
		}
		next := w.planClients(w.sheet("ensi-kuu.csv", "Nimi;Puhelin;Aloitus;Ohjaaja\nUusi Ihminen;040 555 1234;2.3.2026;ohjaaja a\nToinen Ihminen;040 555 1235;2.3.2026;MM\nKolmas Ihminen;040 555 1236;2.3.2026;Johdattaja\n"), choices())
		want := map[string]string{"ohjaaja a": polkutest.Joni, "MM": polkutest.Mia, "Johdattaja": polkutest.Joni}
		for _, s := range next.Spelling {
			if s.Worker != want[s.Name] || s.Remembered != (s.Name == "ohjaaja a") {
				t.Errorf("%s: %q remembered %v", s.Name, s.Worker, s.Remembered)
			}
		}
	})
}

func TestASafetyBanHidesThePhoneInLists(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		// known before without a ban; the list tells it in its notes
		w.must(w.Update(polkutest.Mia, func(tx *db.Tx) error {
			id, err := client.Create(tx, w.Keys, client.New{Register: polkutest.Register, LastName: "Kovalenko", FirstName: "Katja", Code: "121171W9707", Phone: "040 946 0459"})
			if err != nil {
				return err
			}
			_, _, err = w.Book.Start(tx, path.Start{Client: id, Service: polkutest.Service, Day: tx.Today - 3, Responsible: polkutest.Mia, Step: path.Step{What: "Soita", By: tx.Today}})
			return err
		}))
		p := w.planClients(w.book(samples.Rautavaara), choices())
		if p.Count.Already != 1 {
			t.Fatalf("%+v", p.Count)
		}
		w.run(p)
		bans := 0
		w.must(w.View(polkutest.Mia, func(tx *db.Tx) error {
			lines, _, _, err := caseload.ByName(tx, w.Book, caseload.Filter{Whose: caseload.Mine}, caseload.Place{}, 50)
			for _, l := range lines {
				if l.Ban {
					bans++
					if l.LastName != "Kovalenko" || l.Phone != "" {
						t.Errorf("%s %q", l.LastName, l.Phone)
					}
				}
			}
			return err
		}))
		if bans != 1 {
			t.Errorf("%d bans", bans)
		}
	})
}

func TestNobodyIsLeftHangingByAList(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		list := w.sheet("kummallinen.csv", `Nimi;Puhelin;Aloitus;Päättyi;Mihin siirtyi
Tuleva Tiina;040 555 0001;1.6.2026;;
Päätön Pekka;040 555 0002;1.9.2025;;töihin
Takaperin Taina;040 555 0003;1.9.2025;1.8.2025;töihin
Aavistus Aatu;040 555 0004;1.9.2025;1.6.2026;töihin
Aloitus Puuttuu;040 555 0005;;;
Syytön Sini;040 555 0006;1.9.2025;1.12.2025;
`)
		p := w.planClients(list, choices())
		if p.Count.Added != 6 || p.Count.Open != 5 {
			t.Fatalf("%+v", p.Count)
		}
		w.run(p)
		if n := w.number(`select count(*) from standing where status = 'open' and responsible = $1 and step_from = 'import' and step_by = $2`,
			polkutest.Mia, civil.MustParse("2026-03-09")); n != 5 { // five working days from Monday 2 March
			t.Errorf("%d of 5 open paths have a responsible worker and a dated next step", n)
		}
		if w.exits()["unknown"] != 1 {
			t.Errorf("who left nobody knows where to: %v", w.exits())
		}
		w.verified()
	})
}

func TestSomebodyLikeAKnownOneIsAskedAbout(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		known, _ := w.Client(t, "Korhonen", "Pekka")
		w.must(w.Update(polkutest.Mia, func(tx *db.Tx) error {
			_, err := tx.Exec(`update client set phone = '+358401234567' where client_id = $1`, known)
			return err
		}))
		list := w.sheet("lista.csv", "Sukunimi;Etunimi;Puhelin;Aloitus;Päättyi;Mihin siirtyi\nKorhonen;Pekka;0401234567;1.9.2024;1.3.2025;muutti\n")
		for answer, want := range map[string]importing.Fate{"": importing.Joined, importing.Same: importing.Joined, importing.New: importing.Added, importing.Skip: importing.Chosen} {
			c := choices()
			c.Same = map[int]string{0: answer}
			p := w.planClients(list, c)
			if p.Rows[0].Fate != want || want == importing.Joined && (p.Rows[0].Client != known || !p.Rows[0].Ask) {
				t.Errorf("%q: %+v", answer, p.Rows[0])
			}
		}
	})
}

func TestAnotherPeriodIsAnotherPathOfTheSameClient(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		list := w.sheet("jaksot.csv", "Sukunimi;Etunimi;Puhelin;Aloitus;Päättyi;Mihin siirtyi\nKorhonen;Pekka;0401234567;1.9.2024;1.3.2025;keskeytyi\nKorhonen;Pekka;0401234567;1.9.2025;;\n")
		w.run(w.planClients(list, choices()))
		if c, p := w.number(`select count(*) from client`), w.number(`select count(*) from path`); c != 1 || p != 2 {
			t.Errorf("%d clients, %d paths", c, p)
		}
		if again := w.planClients(list, choices()); again.Count.Will() != 0 {
			t.Errorf("a second run: %+v", again.Count)
		}
		w.verified()
	})
}

func TestADayTakenBackByHandStaysAway(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		_, pathID := w.Client(t, "Korhonen", "Pekka")
		list := w.sheet("lasna.csv", "Päivä;Asiakas;Ryhmä;Läsnä\n24.2.2026;Pekka K.;Puu;x\n")
		w.run(w.planAttendance(list, csvio.Options{}, choices()))
		w.must(w.Update(polkutest.Mia, func(tx *db.Tx) error {
			var id string
			if _, err := tx.One(`select entry_id from entry where kind = 'attendance'`, nil, &id); err != nil {
				return err
			}
			_, err := w.Book.Undo(tx, pathID, id)
			return err
		}))
		if p := w.planAttendance(list, csvio.Options{}, choices()); p.Count.Will() != 0 || p.Count.Already != 1 {
			t.Errorf("%+v", p.Count)
		}
		// the same day told otherwise is not written over what a person recorded
		w.must(w.Update(polkutest.Mia, func(tx *db.Tx) error {
			_, err := w.Book.Append(tx, pathID, entry.Entry{ID: "0190d0c0-0000-7000-8000-000000000001", Day: tx.Today - 6, Minute: -1, Kind: entry.KindAbsence, Body: &entry.Absence{Reason: entry.Sick, Group: "PUU"}})
			return err
		}))
		p := w.planAttendance(list, csvio.Options{}, choices())
		if p.Count.Left != 1 || p.Rows[0].Why != "importing.left.differs" {
			t.Errorf("%+v %+v", p.Count, p.Rows)
		}
	})
}

func TestALargeListGoesInBatchesAndIsFinishedLater(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		var text strings.Builder
		text.WriteString("Asiakas;Ryhmä;Päivä;Läsnä\n")
		const people, days = 55, 100
		for c := range people {
			w.Client(t, fmt.Sprintf("Testi%c%c", 'a'+c%26, 'a'+c/26), "Tiina")
			for d := range days {
				fmt.Fprintf(&text, "Testi%c%c Tiina;Puu;%s;x\n", 'a'+c%26, 'a'+c/26, time.Date(2025, 9, 1+d, 0, 0, 0, 0, time.UTC).Format("2.1.2006"))
			}
		}
		list := w.sheet("iso.csv", text.String())
		p := w.planAttendance(list, csvio.Options{}, choices())
		if p.Count.Added != people*days {
			t.Fatalf("%+v", p.Count)
		}
		ctx, stop := context.WithCancel(context.Background())
		var steps []int
		_, err := w.im.Run(ctx, w.DB, polkutest.As(polkutest.Mia), p, func(done, total int) {
			if steps = append(steps, done); len(steps) == 2 {
				stop()
			}
		})
		if err == nil || !slices.Equal(steps, []int{500, 1000}) {
			t.Errorf("stopped after two batches: %v %v", steps, err)
		}
		if n := w.number(`select count(*) from import_run where status = 'failed' and added = 1000`); n != 1 {
			t.Error("the interrupted import does not tell what went in")
		}
		again := w.planAttendance(list, csvio.Options{}, choices())
		if again.Count.Already != 1000 || again.Count.Added != people*days-1000 {
			t.Errorf("the rest: %+v", again.Count)
		}
		w.run(again)
		if n := w.number(`select count(*) from entry where kind = 'attendance'`); n != people*days {
			t.Errorf("%d days", n)
		}
		w.verified()
	})
}

// A colleague of another register may not import into this one, nor see or undo its imports.
func TestTheWallHolds(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		id := w.run(w.planClients(w.book(samples.Rautavaara), choices()))
		l, err := csvio.ReadClients(w.book(samples.Rautavaara), csvio.Options{})
		w.must(err)
		for what, try := range map[string]func() error{
			"plan": func() error {
				return w.View(polkutest.Essi, func(tx *db.Tx) error {
					_, err := w.im.PlanClients(tx, l, importing.Choices{Service: polkutest.Service})
					return err
				})
			},
			"read": func() error {
				return w.View(polkutest.Essi, func(tx *db.Tx) error {
					_, err := importing.Get(tx, id)
					return err
				})
			},
			"undo": func() error {
				_, err := w.im.Undo(context.Background(), w.DB, polkutest.As(polkutest.Essi), id)
				return err
			},
			"default worker": func() error {
				return w.View(polkutest.Mia, func(tx *db.Tx) error {
					_, err := w.im.PlanClients(tx, l, importing.Choices{Service: polkutest.Service, DefaultWorker: polkutest.Essi})
					return err
				})
			},
		} {
			if err := try(); !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}
