package path_test

import (
	"context"
	"testing"

	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/polkutest"
)

// BenchmarkRecord is a meeting with the next step in a transaction of its own: journal, evaluation, balances, command
// log, commit to the disk. A new client every 40 records, so that paths stay ordinary.
func BenchmarkRecord(b *testing.B) {
	w := polkutest.New(b, b.TempDir())
	s := polkutest.NewSample(b, w)
	id, n := "", 0
	for b.Loop() {
		if n%40 == 0 {
			b.StopTimer()
			_, id = s.Client(b, "Koe", "Kaisa")
			b.StartTimer()
		}
		n++
		if err := w.DB.Update(context.Background(), polkutest.As(polkutest.Mia), func(tx *db.Tx) error {
			_, err := s.Book.Record(tx, id, path.Record{ID: ident.New(), Day: tx.Today, Minute: -1, Minutes: 45, Mode: entry.OnSite,
				Contact: entry.Contact{Form: entry.FormMeeting, Result: entry.Held}, Next: &path.Step{What: "Tapaaminen", By: tx.Today + 7}})
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
}
