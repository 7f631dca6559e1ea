package file_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/file"
	. "polku/internal/polkutest"
	"polku/internal/sieve"
	"polku/internal/vault"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// house is a sample organisation with a folder of files.
type house struct {
	*Sample
	t     *testing.T
	store *file.Store
	dir   string
}

func onBoth(t *testing.T, fn func(t *testing.T, h house)) {
	OnBoth(t, func(t *testing.T, w *World) {
		s, dir := NewSample(t, w), t.TempDir()
		fn(t, house{s, t, &file.Store{Place: vault.NewFolder(dir), Keys: s.Keys}, dir})
	})
}

// add adds a text to a path and gives its entry.
func (h house) add(client, path, text string) string {
	h.t.Helper()
	kept, err := h.store.Keep(Tenant, client, sieve.Kept{Kind: sieve.Text, Data: []byte(text)})
	must(h.t, err)
	var id string
	must(h.t, h.Update(Mia, func(tx *db.Tx) error {
		id, err = file.Add(tx, h.Book, path, file.New{Kept: kept, Title: "Todistus"})
		return err
	}))
	return id
}

// read reads a file as a worker.
func (h house) read(worker, client, entryID string) (string, error) {
	var f file.File
	err := h.View(worker, func(tx *db.Tx) (err error) {
		f, err = file.Get(tx, h.Book, client, entryID)
		return err
	})
	if err != nil {
		return "", err
	}
	data, err := h.store.Read(Tenant, f)
	return string(data), err
}

// names gives what stands in the folder.
func (h house) names() (all []string) {
	must(h.t, h.store.Place.Each(func(held vault.Held) error { all = append(all, held.Name); return nil }))
	return all
}

func (h house) findings() string {
	h.t.Helper()
	found, err := h.store.Check(context.Background(), h.DB, Tenant, nil)
	must(h.t, err)
	var words []string
	for _, f := range found {
		words = append(words, f.What)
	}
	return strings.Join(words, " ")
}

func TestFileIsKeptAndRead(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		client, path := h.Client(t, "Virtanen", "Ville")
		id := h.add(client, path, "hygieniapassi")
		if got, err := h.read(Mia, client, id); err != nil || got != "hygieniapassi" {
			t.Fatalf("%q, %v", got, err)
		}
		if _, err := h.read(Essi, client, id); !fault.Is(err, fault.NotFound) {
			t.Errorf("behind the wall: %v", err)
		}
		must(t, filepath.Walk(h.dir, func(at string, info os.FileInfo, err error) error {
			if err == nil && info.Mode().IsRegular() {
				data, err := os.ReadFile(at)
				if err != nil || bytes.Contains(data, []byte("hygienia")) || info.Mode().Perm() != 0o600 {
					t.Errorf("%s is readable: %v", at, err)
				}
			}
			return err
		}))
		if got := h.findings(); got != "" {
			t.Errorf("found %s", got)
		}
	})
}

// The same content is kept once for one client; of another client it has another name, so that nobody who sees the folder
// learns that two people have the same paper.
func TestEqualFilesRevealNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		a, pathA := h.Client(t, "Virtanen", "Ville")
		b, pathB := h.Client(t, "Korhonen", "Kaisa")
		one, two := h.add(a, pathA, "sama"), h.add(a, pathA, "sama")
		h.add(b, pathB, "sama")
		var rows int
		must(t, h.View(Mia, func(tx *db.Tx) error {
			_, err := tx.One(`select count(*) from file where tenant_id = $1`, []any{Tenant}, &rows)
			return err
		}))
		if one == two || rows != 2 {
			t.Errorf("%d rows, entries %s and %s", rows, one, two)
		}
		beginnings := map[string]bool{}
		for _, name := range h.names() {
			beginnings[name[:64]] = true
		}
		if len(beginnings) != 2 {
			t.Errorf("names %v", h.names())
		}
	})
}

func TestHiddenFileIsShownToNobody(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		client, path := h.Client(t, "Virtanen", "Ville")
		id := h.add(client, path, "väärä paperi")
		hide := func(why string) error {
			return h.Update(Mia, func(tx *db.Tx) error { return file.Hide(tx, h.Book, client, id, why) })
		}
		if err := hide(" "); !fault.Is(err, fault.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		must(t, hide("toisen asiakkaan paperi"))
		if _, err := h.read(Mia, client, id); !fault.Is(err, fault.NotFound) {
			t.Errorf("after hiding: %v", err)
		}
	})
}

// verify finds what is missing, changed or left over.
func TestCheckFindsWhatIsWrong(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		client, path := h.Client(t, "Virtanen", "Ville")
		h.add(client, path, "yksi")
		name := h.names()[0]
		sealed, err := h.store.Place.Get(name)
		must(t, err)

		changed := bytes.Clone(sealed)
		changed[len(changed)-1] ^= 1
		must(t, h.store.Place.Put(name, changed))
		if got := h.findings(); got != "verify.file_changed" {
			t.Errorf("one bit changed: %q", got)
		}
		must(t, h.store.Place.Delete(name))
		if got := h.findings(); got != "verify.file_missing" {
			t.Errorf("missing: %q", got)
		}
		must(t, h.store.Place.Put(name, sealed))
		stray := strings.Repeat("ab", 32) + "-stray-1"
		must(t, h.store.Place.Put(stray, sealed))
		old := Noon.Add(-file.Grace - time.Hour)
		must(t, os.Chtimes(filepath.Join(h.dir, "ab", stray), old, old))
		if got := h.findings(); got != "verify.file_stray" {
			t.Errorf("left over: %q", got)
		}
		if n, err := h.store.Collect(context.Background(), h.DB, Tenant, file.Grace); err != nil || n != 1 {
			t.Errorf("collected %d, %v", n, err)
		}
		if got := h.findings(); got != "" {
			t.Errorf("after collecting: %q", got)
		}
		must(t, h.Update(Mia, func(tx *db.Tx) error {
			_, err := tx.Exec(`delete from file where tenant_id = $1`, Tenant)
			return err
		}))
		if got := h.findings(); got != "verify.file_no_row" {
			t.Errorf("without its row: %q", got)
		}
	})
}

// A file of one client cannot stand for another's: neither the content nor the key fits.
func TestFilesCannotBeExchanged(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		client, path := h.Client(t, "Virtanen", "Ville")
		first, second := h.add(client, path, "oma"), h.add(client, path, "toinen")
		names := h.names()
		a, err := h.store.Place.Get(names[0])
		must(t, err)
		must(t, h.store.Place.Put(names[1], a))
		_, err1 := h.read(Mia, client, first)
		_, err2 := h.read(Mia, client, second)
		if (err1 == nil) == (err2 == nil) {
			t.Errorf("%v, %v", err1, err2)
		}
	})
}

// What is withheld from a client is not in what they open themselves; all wordings of it go together.
func TestWithheldFileIsNotTheirsToOpen(t *testing.T) {
	onBoth(t, func(t *testing.T, h house) {
		client, path := h.Client(t, "Virtanen", "Ville")
		id := h.add(client, path, "lausunto")
		own := func() error {
			who := As("")
			who.Client = client
			return h.DB.View(context.Background(), who, func(tx *db.Tx) error {
				_, err := file.GetOwn(tx, h.Book, id)
				return err
			})
		}
		must(t, own())
		if err := h.Update(Mia, func(tx *db.Tx) error { return h.Book.Withhold(tx, path, id, "mieliala", "syy") }); !fault.Is(err, fault.Invalid) {
			t.Errorf("a ground that the law does not know: %v", err)
		}
		must(t, h.Update(Mia, func(tx *db.Tx) error { return h.Book.Withhold(tx, path, id, "others", "Koskee toista ihmistä.") }))
		if err := own(); !fault.Is(err, fault.NotFound) {
			t.Errorf("withheld: %v", err)
		}
		must(t, h.View(Mia, func(tx *db.Tx) error {
			held, err := h.Book.Withheld(tx, client)
			if w := held[id]; err == nil && (len(held) != 1 || w.Why != "Koskee toista ihmistä." || w.Kind() != entry.KindWithhold) {
				t.Errorf("withheld %v", held)
			}
			return err
		}))
		must(t, h.Update(Mia, func(tx *db.Tx) error { return h.Book.Show(tx, path, id) }))
		must(t, own())
	})
}
