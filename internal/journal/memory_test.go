package journal_test

import (
	"errors"
	"reflect"
	"testing"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/ident"
	"polku/internal/journal"
	. "polku/internal/polkutest"

	"pgregory.net/rapid"
)

// What memory gives is what the database has, whatever was appended, corrected or rolled back before, and by whom.
func TestMemoryIsTheJournal(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		rapid.Check(t, func(t *rapid.T) {
			client, paths := ident.New(), []string{ident.New(), ident.New()}
			var near, far journal.Memory // two processes on one database
			var ids []string
			note := func(t *rapid.T) entry.Entry {
				e := entry.Entry{ID: ident.New(), Path: rapid.SampledFrom(paths).Draw(t, "path"), Day: civil.Date(739_000 + rapid.IntRange(0, 3).Draw(t, "day")),
					Minute: rapid.IntRange(-1, 2).Draw(t, "minute"), Kind: entry.KindNote, Author: "a", Body: &entry.Note{Text: rapid.String().Draw(t, "text")}}
				if len(ids) > 0 && rapid.Bool().Draw(t, "corrects") {
					e.Corrects = rapid.SampledFrom(ids).Draw(t, "which")
				}
				return e
			}
			for range rapid.IntRange(1, 6).Draw(t, "commands") {
				m := rapid.SampledFrom([]*journal.Memory{&near, &far}).Draw(t, "process")
				fails := rapid.IntRange(0, 3).Draw(t, "fails") == 0
				entries := []entry.Entry{note(t), note(t)}
				sentTwice := rapid.Bool().Draw(t, "twice")
				err := w.DB.Update(t.Context(), As(Mia), func(tx *db.Tx) error {
					if _, err := m.All(tx, client); err != nil {
						return err
					}
					again := append([]entry.Entry{}, entries...)
					if _, err := draftAndWrite(tx, m, client, again); err != nil {
						return err
					}
					if sentTwice {
						before, _ := m.All(tx, client)
						if all, err := draftAndWrite(tx, m, client, again); len(all) != len(before) || err != nil {
							t.Fatal("sent twice it counted twice", len(all), err)
						}
					}
					if fails {
						return errors.New("no")
					}
					return nil
				})
				if (err != nil) != fails {
					t.Fatal(err)
				}
				if !fails {
					ids = append(ids, entries[0].ID, entries[1].ID)
				}
				for _, m := range []*journal.Memory{&near, &far} {
					same(t, w, m, client, paths)
				}
			}
		})
	})
}

func draftAndWrite(tx *db.Tx, m *journal.Memory, client string, entries []entry.Entry) ([]entry.Entry, error) {
	d, err := m.Draft(tx, client, "", entries)
	if err != nil {
		return nil, err
	}
	stands, err := m.Write(tx, d)
	if err == nil && !stands {
		err = errors.New("changed in its own transaction")
	}
	return d.All, err
}

func same(t *rapid.T, w *World, m *journal.Memory, client string, paths []string) {
	t.Helper()
	if err := w.DB.View(t.Context(), As(Mia), func(tx *db.Tx) error {
		for _, p := range paths {
			want, _ := journal.Path(tx, client, p)
			if got, err := m.Path(tx, client, p); err != nil || !reflect.DeepEqual(got, want) {
				t.Fatalf("path: %v, %v, want %v", got, err, want)
			}
		}
		place := journal.Top
		for range 3 {
			want, _ := journal.Timeline(tx, client, []entry.Kind{entry.KindNote}, place, 2)
			got, err := m.Timeline(tx, client, []entry.Kind{entry.KindNote}, place, 2)
			if err != nil || len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
				t.Fatalf("timeline: %v, %v, want %v", got, err, want)
			}
			if len(got) > 0 {
				place = journal.PlaceOf(&got[len(got)-1])
			}
		}
		want, _ := journal.Corrections(tx, client)
		if got, err := m.Corrections(tx, client); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("corrections: %v, %v, want %v", got, err, want)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
