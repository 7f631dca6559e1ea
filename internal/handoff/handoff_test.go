package handoff_test

import (
	"testing"

	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/handoff"
	"polku/internal/path"
	. "polku/internal/polkutest"
)

// The sender watches until the receiver has met the client, also when that is on the very day of the acceptance.
func TestTheWatchEndsWithTheFirstMeeting(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		_, id := s.Client(t, "Virtanen", "Aino")
		var offer string
		must(t, s.Update(Mia, func(tx *db.Tx) (err error) {
			offer, err = handoff.Offer(tx, s.Book, id, Joni, "Joni tuntee paikan.")
			return err
		}))
		must(t, s.Update(Joni, func(tx *db.Tx) error { return handoff.Accept(tx, s.Book, offer, nil) }))
		must(t, s.Update(Joni, func(tx *db.Tx) error {
			_, err := s.Book.Record(tx, id, path.Record{Day: tx.Today, Minute: 9 * 60, Minutes: 45, Mode: entry.OnSite,
				Contact: entry.Contact{Form: entry.FormMeeting, Result: entry.Held}})
			return err
		}))
		must(t, s.View(Joni, func(tx *db.Tx) error {
			list, err := path.HandoffsOf(tx, id)
			if err != nil || len(list) != 1 || list[0].Step != entry.HandoffFirstContact {
				t.Errorf("%+v, %v", list, err)
			}
			circle, err := path.RelationsOf(tx, id)
			for _, r := range circle {
				if r.Role == entry.Watcher && r.To.IsZero() {
					t.Errorf("still watching: %+v", r)
				}
			}
			return err
		}))
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
