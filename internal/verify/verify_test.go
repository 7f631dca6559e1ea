package verify

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"polku/internal/actor"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/handoff"
	"polku/internal/journal"
	"polku/internal/path"
	"polku/internal/polkutest"
)

var ctx = context.Background()

const marked = "Puhuttiin tulevasta kesästä"

// life makes two clients with contacts, a hand-off and an exit's worth of balances, and signs their heads.
func life(t *testing.T, w *polkutest.World) (s *polkutest.Sample, client, pathID string) {
	t.Helper()
	s = polkutest.NewSample(t, w)
	client, pathID = s.Client(t, "Virtanen", "Aino")
	_, second := s.Client(t, "Korhonen", "Eino")
	must(t, s.Update(polkutest.Mia, func(tx *db.Tx) error {
		for _, id := range []string{pathID, second} {
			for day := tx.Today - 6; day <= tx.Today; day += 3 {
				if _, err := s.Book.Record(tx, id, path.Record{Day: day, Minute: 600, Minutes: 45, Mode: entry.OnSite,
					Contact: entry.Contact{Form: entry.FormMeeting, Result: entry.Held, Text: marked}, Next: &path.Step{What: "Soita", By: tx.Today + 5}}); err != nil {
					return err
				}
			}
		}
		_, err := handoff.Offer(tx, s.Book, second, polkutest.Joni, "away")
		return err
	}))
	signHeads(t, s)
	return s, client, pathID
}

func signHeads(t *testing.T, s *polkutest.Sample) {
	t.Helper()
	must(t, s.DB.Update(ctx, actor.System(polkutest.Tenant, actor.Checking, "test"), func(tx *db.Tx) error {
		_, _, err := journal.Seal(tx, s.Keys, "", 100)
		return err
	}))
}

func run(t *testing.T, s *polkutest.Sample) Report {
	t.Helper()
	r, err := All(ctx, s.DB, polkutest.Tenant, s.Book, s.Keys, nil)
	must(t, err)
	return r
}

// whats gives the kinds of findings about a client, in order, each once.
func whats(r Report, client string) []string {
	var all []string
	for _, f := range r.Findings {
		if f.Client == client || client == "" {
			all = append(all, f.What)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func TestSoundDatabase(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s, _, _ := life(t, w)
		var steps []int
		r, err := All(ctx, s.DB, polkutest.Tenant, s.Book, s.Keys, func(done, all int) { steps = append(steps, done, all) })
		must(t, err)
		if len(r.Findings) > 0 || r.Clients != 2 || r.Paths != 2 || r.Outdated != 0 {
			t.Fatalf("%+v", r)
		}
		if !slices.Equal(steps, []int{2, 4, 4, 4}) {
			t.Errorf("progress %v", steps)
		}
		// Days later, before the night's work has passed, it is as sound: balances are judged as of their own day.
		w.DB.Now = func() time.Time { return polkutest.Noon.AddDate(0, 1, 0) }
		if r := run(t, s); len(r.Findings) > 0 {
			t.Fatalf("a month later: %+v", r)
		}
	})
}

// Each row tampers with one thing as somebody with the database's password could, and names what must be found.
func TestTampering(t *testing.T) {
	for _, c := range []struct {
		name, sql string
		want      []string
	}{
		{"entry's text edited", `update entry set body = replace(body, 'kesästä', 'talvesta') where client_id = $1`, []string{"verify.changed"}},
		{"entry's author edited", `update entry set author = 'worker-essi' where client_id = $1 and kind = 'contact'`, []string{"verify.changed"}},
		{"entry deleted", `delete from entry where client_id = $1 and seq = 4`, []string{"verify.head", "verify.order", "verify.sealed"}},
		{"last entry deleted", `delete from entry where client_id = $1 and seq = (select max(seq) from entry where client_id = $1)`,
			[]string{"verify.cut", "verify.head", "verify.tasks"}},
		{"every task deleted", `delete from entry where client_id = $1 and kind = 'task'`, []string{"verify.order", "verify.step"}},
		{"nobody responsible", `delete from entry where client_id = $1 and kind = 'relation'`, []string{"verify.order", "verify.relations", "verify.responsible"}},
		{"chain forgotten", `delete from chain where client_id = $1`, []string{"verify.no_chain"}},
		{"seal's head edited", `update chain_seal set head = salt from entry e where e.client_id = $1 and e.seq = 1 and chain_seal.client_id = $1`,
			[]string{"verify.sealed", "verify.signature"}},
		{"standing edited", `update standing set class = 99, today_group = 4 where client_id = $1`, []string{"verify.standing"}},
		{"responsible worker swapped", `update standing set responsible = 'worker-joni' where client_id = $1`, []string{"verify.standing"}},
		{"standing deleted", `delete from standing where client_id = $1`, []string{"verify.missing"}},
		{"task moved", `update task set by_day = by_day + 300 where client_id = $1`, []string{"verify.tasks"}},
		{"task deleted", `delete from task where client_id = $1`, []string{"verify.tasks"}},
		{"relation ended", `update relation set to_day = from_day where client_id = $1`, []string{"verify.relations"}},
		{"path hidden", `delete from path where client_id = $1`, []string{"verify.no_path"}},
		{"client removed", `delete from client where client_id = $1`, []string{"verify.no_client"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
				s, client, _ := life(t, w)
				n, err := w.DB.Pool().Exec(c.sql, client)
				must(t, err)
				if rows, _ := n.RowsAffected(); rows == 0 {
					t.Fatal("nothing was tampered with")
				}
				r := run(t, s)
				got := whats(r, client)
				for _, want := range c.want {
					if !slices.Contains(got, want) {
						t.Errorf("found %v, want %s", got, want)
					}
				}
				if all := whats(r, ""); len(all) != len(got) {
					t.Errorf("the other client is named too: %+v", r.Findings)
				}
			})
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// One bit of an entry's text in the database file, as a failing disk would do it: the entry is named.
func TestOneBitFlippedInTheFile(t *testing.T) {
	dir := t.TempDir()
	w := polkutest.New(t, dir)
	s, client, _ := life(t, w)
	for _, text := range []string{"vacuum", "pragma wal_checkpoint(truncate)"} { // no copies in pages that are free
		_, err := w.DB.Pool().Exec(text)
		must(t, err)
	}
	must(t, w.Log.Close())
	must(t, w.DB.Close())
	file := filepath.Join(dir, db.SQLiteFile)
	data, err := os.ReadFile(file)
	must(t, err)
	at := bytes.LastIndex(data, []byte(marked))
	if at < 0 {
		t.Fatal("the text does not stand in the file")
	}
	data[at+5] ^= 1
	must(t, os.WriteFile(file, data, 0o600))

	d, err := db.Open(ctx, dir)
	must(t, err)
	defer d.Close()
	s.World.DB = d
	d.Now = func() time.Time { return polkutest.Noon }
	r := run(t, s)
	if len(r.Findings) != 1 || r.Findings[0].What != "verify.changed" || r.Findings[0].Thing == "" {
		t.Fatalf("%+v (client %s)", r.Findings, client)
	}
}
