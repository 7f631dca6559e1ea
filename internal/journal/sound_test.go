package journal_test

import (
	"context"
	"testing"

	"polku/internal/db"
	"polku/internal/ident"
	"polku/internal/journal"
	"polku/internal/polkutest"
)

// Whatever column of an entry has changed, who reads it is told; its neighbours are read as ever.
func TestChangedEntryIsNotTakenForTrue(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		damaged := map[string]string{} // entry: what was done to it
		for name, change := range map[string]string{
			"a letter of the text": `update entry set body = replace(body, 'Mia', 'Mja') where entry_id = $1`,
			"no JSON any more":     `update entry set body = 'x' || body where entry_id = $1`,
			"an unknown kind":      `update entry set kind = 'notf' where entry_id = $1`,
			"the day":              `update entry set day = day + 1 where entry_id = $1`,
			"the author":           `update entry set author = 'worker-joni' where entry_id = $1`,
			"the commitment":       `update entry set commitment = salt where entry_id = $1`,
			"":                     `select 1 from entry where entry_id = $1`,
		} {
			id := ident.New()
			if _, err := appendAll(t, w, note(id, "2026-03-02", "Mia kirjoitti")); err != nil {
				t.Fatal(err)
			}
			if _, err := w.DB.Pool().Exec(change, id); err != nil {
				t.Fatal(err)
			}
			damaged[id] = name
		}
		err := w.DB.View(context.Background(), who, func(tx *db.Tx) error {
			all, err := journal.Timeline(tx, "c1", nil, journal.Top, 100)
			if len(all) != len(damaged) {
				t.Errorf("%d entries", len(all))
			}
			for _, e := range all {
				one, found, err := journal.Get(tx, "c1", e.ID)
				if name := damaged[e.ID]; err != nil || !found || e.Damaged != (name != "") || one.Damaged != e.Damaged || e.Body == nil {
					t.Errorf("%q: %v %v %v %v", name, found, e.Damaged, one.Damaged, err)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
