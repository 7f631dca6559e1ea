package importing_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"polku/internal/client"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/importing"
	"polku/internal/path"
	"polku/internal/polkutest"
	"polku/internal/verify"
	"polku/samples"
)

func (w *world) undo(id string) int {
	w.t.Helper()
	kept, err := w.im.Undo(context.Background(), w.DB, polkutest.As(polkutest.Mia), id)
	w.must(err)
	return kept
}

// dump gives every row of every table about clients, in order. What an import remembers of itself (its own row,
// whom a spelling means) and the logs stay after an undo on purpose.
func (w *world) dump() string {
	w.t.Helper()
	var out []string
	for table, columns := range map[string]string{
		"person": "person_id, safety_ban", "client": "client_id, last_name, rev", "client_key": "key, client_id", "path": "path_id, client_id",
		"entry": "entry_id, body", "chain": "client_id, seq", "chain_seal": "client_id, seq", "standing": "path_id, status", "task": "task_id, what",
		"relation": "relation_id, worker_id", "handoff": "handoff_id, step", "import_item": "row_key, thing_id"} {
		w.must(w.View(polkutest.Mia, func(tx *db.Tx) error {
			return tx.Each("select "+columns+" from "+table, nil, func(row func(...any) error) error {
				cells := make([]any, strings.Count(columns, ",")+1)
				for i := range cells {
					cells[i] = new(any)
				}
				err := row(cells...)
				line := table
				for _, c := range cells {
					line += fmt.Sprintf(" %v", *c.(*any))
				}
				out = append(out, line)
				return err
			})
		}))
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// verified proves chains and balances.
func (w *world) verified() {
	w.t.Helper()
	r, err := verify.All(context.Background(), w.DB, polkutest.Tenant, w.Book, w.Keys, func(int, int) {})
	w.must(err)
	if len(r.Findings) > 0 {
		w.t.Errorf("verify finds %d faults, the first: %+v", len(r.Findings), r.Findings[0])
	}
}

func TestUndoLeavesTheDatabaseAsBefore(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.Client(t, "Vanha", "Tuttu")
		before := w.dump()
		id := w.run(w.planClients(w.book(samples.Rautavaara), choices()))
		w.verified()
		if kept := w.undo(id); kept != 0 {
			t.Errorf("%d stayed", kept)
		}
		if after := w.dump(); after != before {
			t.Errorf("after the undo:\n%s\n\nbefore:\n%s", after, before)
		}
		w.verified()
		if _, err := w.im.Undo(context.Background(), w.DB, polkutest.As(polkutest.Mia), id); !fault.Is(err, fault.Conflict) {
			t.Errorf("undone twice: %v", err)
		}
		if p := w.planClients(w.book(samples.Rautavaara), choices()); p.Count.Added != 15 {
			t.Errorf("the list can be imported again: %+v", p.Count)
		}
	})
}

func TestUndoKeepsWhomSomebodyHasWorkedWith(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		id := w.run(w.planClients(w.book(samples.Rautavaara), choices()))
		w.must(w.Update(polkutest.Mia, func(tx *db.Tx) error {
			var p, task string
			if _, err := tx.One(`select path_id, step_task from standing order by path_id limit 1`, nil, &p, &task); err != nil {
				return err
			}
			_, err := w.Book.SetStep(tx, p, path.Step{What: "Soita", By: tx.Today + 2}, task)
			return err
		}))
		if kept := w.undo(id); kept != 1 {
			t.Errorf("%d stayed, want the one", kept)
		}
		if n := w.number(`select count(*) from client`); n != 1 {
			t.Errorf("%d clients", n)
		}
		w.verified()
		var run importing.Import
		w.must(w.View(polkutest.Mia, func(tx *db.Tx) (err error) {
			run, err = importing.Get(tx, id)
			return err
		}))
		if run.Status != importing.Undone || run.Kept != 1 {
			t.Errorf("%+v", run)
		}
	})
}

// sheet makes a list of text.
func (w *world) sheet(name, text string) *csvio.Book {
	w.t.Helper()
	b, err := csvio.ReadBytes(name, []byte(text))
	w.must(err)
	return b
}

func TestUndoRetractsWhatItAddedToOthers(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		_, pathID := w.Client(t, "Korhonen", "Pekka")
		list := w.sheet("lasnaolot.csv", "Päivä;Asiakas;Ryhmä;Läsnä\n24.2.2026;Pekka K.;Puu;x\n25.2.2026;Pekka K.;Puu;s\n")
		plan := func() *importing.Plan { return w.planAttendance(list, csvio.Options{}, choices()) }
		if x := plan().People[0]; !x.Sure || !x.Doubtful() || x.Names[0] != "Korhonen Pekka" {
			t.Errorf("one client fits the short name, and a person should look: %+v", x)
		}
		id := w.run(plan())
		if n := w.standing(pathID, entry.KindAttendance, entry.KindAbsence); n != 2 {
			t.Fatalf("%d days came in", n)
		}
		if kept := w.undo(id); kept != 0 {
			t.Errorf("%d stayed", kept)
		}
		if n := w.standing(pathID, entry.KindAttendance, entry.KindAbsence); n != 0 {
			t.Errorf("%d days still stand", n)
		}
		w.run(plan())
		if n := w.standing(pathID, entry.KindAttendance, entry.KindAbsence); n != 2 {
			t.Errorf("imported again: %d days", n)
		}
		w.verified()
	})
}

// standing counts the entries of some kinds that stand on a path after corrections.
func (w *world) standing(pathID string, kinds ...entry.Kind) (n int) {
	w.t.Helper()
	w.must(w.View(polkutest.Mia, func(tx *db.Tx) error {
		p, err := path.Get(tx, pathID)
		if err != nil {
			return err
		}
		entries, err := w.Book.Entries(tx, p)
		for _, e := range entries {
			if slices.Contains(kinds, e.Kind) {
				n++
			}
		}
		return err
	}))
	return n
}

func TestUndoOfASecondPathOfSomebodyKnown(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		var known string
		w.must(w.Update(polkutest.Mia, func(tx *db.Tx) (err error) {
			known, err = client.Create(tx, w.Keys, client.New{Register: polkutest.Register, LastName: "Heikkinen", FirstName: "Olli", Code: "091095-915W"})
			return err
		}))
		p := w.planClients(w.book(samples.Rautavaara), choices())
		if p.Count.Joined != 1 || p.Rows[0].Client != known {
			t.Fatalf("%+v %+v", p.Count, p.Rows[0])
		}
		id := w.run(p)
		if n := w.number(`select count(*) from client where last_name = 'Heikkinen'`); n != 1 {
			t.Errorf("%d of one person", n)
		}
		w.undo(id)
		if n := w.number(`select count(*) from standing where status <> 'closed'`); n != 0 {
			t.Errorf("%d paths are still open", n)
		}
		w.verified()
	})
}

func TestAProvisionalPersonIsJoined(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.DB.Now = april
		real, realPath := w.Client(t, "Korhonen", "Pekka")
		c := choices()
		c.Names = map[int]string{0: importing.Provisional}
		w.run(w.planAttendance(w.sheet("lasnaolot.csv", "Päivä;Asiakas;Ryhmä;Läsnä\n24.3.2026;Pexi;Puu;x\n30.3.2026;Pexi;Puu;x\n"), csvio.Options{}, c))
		var short, shortPath string
		w.must(w.Update(polkutest.Mia, func(tx *db.Tx) error {
			if _, err := tx.One(`select client_id from client where provisional`, nil, &short); err != nil {
				return err
			}
			paths, err := path.OfClient(tx, short)
			shortPath = paths[0].ID
			if err != nil {
				return err
			}
			return importing.Join(tx, w.Book, short, real)
		}))
		if n := w.standing(realPath, entry.KindAttendance); n != 2 {
			t.Errorf("the real client has %d days", n)
		}
		if n := w.standing(shortPath, entry.KindAttendance); n != 0 {
			t.Errorf("the provisional one still has %d", n)
		}
		w.must(w.View(polkutest.Mia, func(tx *db.Tx) error {
			hits, err := client.Find(tx, w.Keys, "pexi")
			if len(hits) != 0 {
				t.Error("still found by the short name")
			}
			return err
		}))
		if n := w.number(`select count(*) from standing where status <> 'closed' and path_id <> $1`, realPath); n != 0 {
			t.Error("still on somebody's list")
		}
		w.verified()
	})
}
