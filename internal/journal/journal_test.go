package journal_test

import (
	"context"
	"testing"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/journal"
	"polku/internal/polkutest"
	"polku/internal/seal"
)

var who = actor.System(1, actor.Checking, "test")

func note(id, day, text string) entry.Entry {
	return entry.Entry{ID: id, Path: "p1", Day: civil.MustParse(day), Minute: -1, Kind: entry.KindNote, Author: "w1", Body: &entry.Note{Text: text}}
}

func appendAll(t *testing.T, w *polkutest.World, entries ...entry.Entry) (added int, err error) {
	t.Helper()
	err = w.DB.Update(context.Background(), who, func(tx *db.Tx) error {
		var memory journal.Memory
		before, err := memory.All(tx, "c1")
		if err != nil {
			return err
		}
		d, err := memory.Draft(tx, "c1", "", entries)
		if err != nil {
			return err
		}
		added = len(d.All) - len(before)
		_, err = memory.Write(tx, d)
		return err
	})
	return added, err
}

func TestSameEntrySentTwiceCountsOnce(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		id := ident.New()
		if n, err := appendAll(t, w, note(id, "2026-03-02", "a")); n != 1 || err != nil {
			t.Fatal(n, err)
		}
		if n, err := appendAll(t, w, note(id, "2026-03-02", "a")); n != 0 || err != nil {
			t.Fatal("sent again:", n, err)
		}
		if _, err := appendAll(t, w, note(ident.New(), "2026-03-02", "b"), note(id, "2026-03-02", "other")); !fault.Is(err, fault.Conflict) {
			t.Fatal("same id, other content:", err)
		}
		if got := timeline(t, w, 10); len(got) != 1 {
			t.Fatal("a refused append left something behind:", len(got))
		}
	})
}

func timeline(t *testing.T, w *polkutest.World, limit int) (all []entry.Entry) {
	t.Helper()
	err := w.DB.View(context.Background(), who, func(tx *db.Tx) error {
		below := journal.Top
		for {
			page, err := journal.Timeline(tx, "c1", nil, below, limit)
			if err != nil {
				return err
			}
			all = append(all, page...)
			if len(page) < limit {
				return nil
			}
			below = journal.PlaceOf(&page[len(page)-1])
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestTimelineComesNewestFirstPageByPage(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		var entries []entry.Entry
		for d := range 25 {
			e := note(ident.New(), "2026-01-01", "x")
			e.Day += civil.Date(d / 3) // several on a day, told apart by id
			entries = append(entries, e)
		}
		if _, err := appendAll(t, w, entries...); err != nil {
			t.Fatal(err)
		}
		got := timeline(t, w, 4)
		if len(got) != 25 {
			t.Fatal(len(got))
		}
		for i := 1; i < len(got); i++ {
			if entry.Compare(&got[i-1], &got[i]) <= 0 {
				t.Fatal("not newest first at", i)
			}
		}
	})
}

func TestTamperingIsFoundAndNamed(t *testing.T) {
	keys, err := seal.LoadOrMake(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	first, second := ident.New(), ident.New()
	for name, c := range map[string]struct{ sql, what, thing string }{
		"a changed text":    {`update entry set body = '{"text":"forged"}' where entry_id = $1`, "verify.changed", second},
		"a changed day":     {`update entry set day = day - 1 where entry_id = $1`, "verify.changed", second},
		"a deleted row":     {`delete from entry where entry_id = $1`, "verify.head", ""},
		"a cut-off history": {`delete from entry where entry_id = $1`, "verify.cut", ""},
		"nothing":           {`update entry set body = body where entry_id = $1`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
				if _, err := appendAll(t, w, note(first, "2026-03-01", "a"), note(second, "2026-03-02", "b")); err != nil {
					t.Fatal(err)
				}
				var findings []journal.Finding
				err := w.DB.Update(context.Background(), who, func(tx *db.Tx) error {
					if n, _, err := journal.Seal(tx, keys, "", 10); n != 1 || err != nil {
						t.Fatal(n, err)
					}
					if _, err := tx.Exec(c.sql, second); err != nil {
						return err
					}
					findings, err = journal.VerifyClient(tx, keys, "c1")
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				if c.what == "" {
					if len(findings) > 0 {
						t.Fatal("a sound chain was called broken:", findings)
					}
					return
				}
				for _, f := range findings {
					if f.What == c.what && f.Thing == c.thing && f.Client == "c1" {
						return
					}
				}
				t.Fatalf("found %v, want %s %s", findings, c.what, c.thing)
			})
		})
	}
}
