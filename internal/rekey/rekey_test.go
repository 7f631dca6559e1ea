package rekey_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"polku/internal/actor"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/hetu"
	"polku/internal/journal"
	. "polku/internal/polkutest"
	"polku/internal/rekey"
	"polku/internal/seal"
	"polku/internal/verify"
)

// codes are identity codes of nobody: individual numbers from 900.
func code(t *testing.T, n int) hetu.Code {
	t.Helper()
	const signs = "0123456789ABCDEFHJKLMNPRSTUVWXY"
	day, month, number := 1+n%28, 1+n/28%12, 900+n/336
	head := fmt.Sprintf("%02d%02d85", day, month)
	var value int
	fmt.Sscanf(fmt.Sprintf("%s%03d", head, number), "%d", &value)
	c, err := hetu.Parse(fmt.Sprintf("%s-%03d%c", head, number, signs[value%31]))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func fill(t *testing.T, s *Sample, n int) (ids []string) {
	t.Helper()
	if err := s.Update(Mia, func(tx *db.Tx) error {
		for i := range n {
			id, err := client.Create(tx, s.Keys, client.New{Register: Register, LastName: fmt.Sprint("Nimi", i), Code: code(t, i)})
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return ids
}

func work(s *Sample) rekey.Work {
	return rekey.Work{DB: s.DB, Who: actor.System(Tenant, actor.Admin, "test"), Keys: s.Keys}
}

func reachable(t *testing.T, s *Sample, ids []string) {
	t.Helper()
	if err := s.View(Mia, func(tx *db.Tx) error {
		for i, id := range ids {
			got, err := client.Code(tx, s.Keys, id)
			if err != nil || got != code(t, i) {
				t.Fatalf("code %d is %q after the change: %v", i, got, err)
			}
			hits, err := client.Find(tx, s.Keys, string(code(t, i)))
			if err != nil || len(hits) != 1 || hits[0].ID != id {
				t.Fatalf("client %d is found as %v: %v", i, hits, err)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// Whichever key is changed, everybody's code is read and found as before, and the next change finds nothing left over.
func TestChangeOfKeys(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		ids := fill(t, s, 30)
		for _, kind := range []seal.Kind{seal.KindFields, seal.KindIndex} {
			var before [][]byte
			must(t, sealedRows(s, kind, &before))
			done, err := work(s).Change(context.Background(), kind)
			must(t, err)
			if done.Made != 30 || done.Rows != 30 || done.Stuck != 0 {
				t.Errorf("%s: %+v", kind, done)
			}
			reachable(t, s, ids)
			var after [][]byte
			must(t, sealedRows(s, kind, &after))
			for i := range before {
				if string(before[i]) == string(after[i]) {
					t.Fatalf("%s: row %d was not made again", kind, i)
				}
			}
			states := map[seal.State]int{}
			for _, k := range s.Keys.List() {
				if k.Kind == kind {
					states[k.State]++
				}
			}
			if states[seal.InUse] != 1 || states[seal.Kept] != 1 || len(states) != 2 {
				t.Errorf("%s: %v", kind, states)
			}
		}
	})
}

func sealedRows(s *Sample, kind seal.Kind, out *[][]byte) error {
	text := `select code_sealed from client where tenant_id = $1 order by client_id`
	if kind == seal.KindIndex {
		text = `select code_index from person where tenant_id = $1 and code_index is not null order by person_id`
	}
	return s.View(Mia, func(tx *db.Tx) error {
		return tx.Each(text, []any{Tenant}, func(row func(...any) error) error {
			var b []byte
			err := row(&b)
			*out = append(*out, b)
			return err
		})
	})
}

// A change that is cut off after any batch, or between its steps, goes on where it was; meanwhile everybody is found,
// and a new client with a code that is there already is still refused.
func TestChangeGoesOnAfterBeingCutOff(t *testing.T) {
	for _, kind := range []seal.Kind{seal.KindFields, seal.KindIndex} {
		t.Run(string(kind), func(t *testing.T) {
			s := NewSample(t, New(t, t.TempDir()))
			ids := fill(t, s, 1300) // three batches
			ctx, cut := context.WithCancel(context.Background())
			w := work(s)
			w.Progress = func(done, total int) {
				if total != 1300 {
					t.Errorf("%d of %d", done, total)
				}
				if done == 500 {
					cut()
				}
			}
			if _, err := w.Change(ctx, kind); err == nil {
				t.Fatal("it was not cut off")
			}
			if !s.Keys.Changing(kind) {
				t.Fatal("nothing is under way")
			}
			reachable(t, s, ids)
			err := s.Update(Mia, func(tx *db.Tx) error {
				_, err := client.Create(tx, s.Keys, client.New{Register: Register, LastName: "Toinen", Code: code(t, 1)})
				return err
			})
			if err == nil {
				t.Error("the same person became a second client")
			}
			done, err := work(s).Change(context.Background(), kind)
			must(t, err)
			if done.Rows != 1300 || done.Made != 800 || s.Keys.Changing(kind) {
				t.Errorf("%+v", done)
			}
			reachable(t, s, ids)
		})
	}
}

// What an earlier key signed is still verified, and what somebody else signed is not.
func TestOldSignaturesHold(t *testing.T) {
	s := NewSample(t, New(t, t.TempDir()))
	s.Client(t, "Testi", "Tiina")
	sign := func() {
		must(t, s.Update(Mia, func(tx *db.Tx) error { _, _, err := journal.Seal(tx, s.Keys, "", 10); return err }))
	}
	sign()
	old := s.Keys.Sign([]byte("x"))
	_, err := work(s).Change(context.Background(), seal.KindSign)
	must(t, err)
	s.Client(t, "Toinen", "Timo")
	sign()
	r, err := verify.All(context.Background(), s.DB, Tenant, s.Book, s.Keys, nil)
	must(t, err)
	if len(r.Findings) > 0 || !s.Keys.Verify([]byte("x"), old) {
		t.Errorf("%+v", r.Findings)
	}
	if string(s.Keys.Sign([]byte("x"))) == string(old) {
		t.Error("the old key still signs")
	}
	other, err := seal.LoadOrMake(t.TempDir())
	must(t, err)
	if s.Keys.Verify([]byte("x"), other.Sign([]byte("x"))) {
		t.Error("a stranger's signature holds")
	}
}

// No marked field stands in the database's files in plain text.
func TestMarkedFieldsAreNotInTheFiles(t *testing.T) {
	dir := t.TempDir()
	s := NewSample(t, New(t, dir))
	fill(t, s, 50)
	_, err := s.DB.Pool().Exec("pragma wal_checkpoint(truncate)")
	must(t, err)
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	must(t, err)
	seen := 0
	for _, name := range files {
		data, err := os.ReadFile(name)
		must(t, err)
		seen += len(data)
		for i := range 50 {
			if contains(data, string(code(t, i))) {
				t.Fatalf("%s holds code %d", filepath.Base(name), i)
			}
		}
	}
	if seen < 100_000 {
		t.Errorf("only %d bytes were looked at", seen)
	}
}

func contains(data []byte, text string) bool {
	for i := 0; i+len(text) <= len(data); i++ {
		if string(data[i:i+len(text)]) == text {
			return true
		}
	}
	return false
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
