package client_test

import (
	"context"
	"fmt"
	"testing"

	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/polkutest"
)

// Where more begin so than a screen shows, a whole word comes before longer ones, each client once and by name.
func TestFindEndsWhenItHasEnough(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s := polkutest.NewSample(t, w)
		add := func(last, first string) {
			t.Helper()
			if err := s.Update(polkutest.Mia, func(tx *db.Tx) error {
				_, err := client.Create(tx, s.Keys, client.New{Register: polkutest.Register, LastName: last, FirstName: first})
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		for i := range 30 {
			add(fmt.Sprintf("Karhu%c", 'a'+i%26), fmt.Sprintf("Karo%c", 'a'+i%26)) // two keys that begin so
		}
		add("Öhman", "Kar")
		find := func(worker, text string) (hits []client.Hit) {
			t.Helper()
			if err := s.View(worker, func(tx *db.Tx) (err error) {
				hits, err = client.Find(tx, s.Keys, text)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return hits
		}
		hits := find(polkutest.Mia, "kar")
		if len(hits) != client.FindMost || hits[len(hits)-1].LastName != "Öhman" {
			t.Errorf("%d found, last %v", len(hits), hits[len(hits)-1])
		}
		seen := map[string]bool{}
		for i, h := range hits {
			if seen[h.ID] || i > 0 && hits[i-1].LastName > h.LastName {
				t.Errorf("%s stands twice or out of order", h.LastName)
			}
			seen[h.ID] = true
		}
		if hits := find(polkutest.Mia, "kar öh"); len(hits) != 1 {
			t.Errorf("%d found by two beginnings", len(hits))
		}
		if hits := find(polkutest.Essi, "kar"); len(hits) != 0 {
			t.Errorf("%d found behind a wall", len(hits))
		}
	})
}

func BenchmarkFind(b *testing.B) {
	w := polkutest.New(b, b.TempDir())
	s := polkutest.NewSample(b, w)
	if err := s.Update(polkutest.Mia, func(tx *db.Tx) error {
		for i := range 5000 {
			if _, err := client.Create(tx, s.Keys, client.New{Register: polkutest.Register, LastName: fmt.Sprintf("Karhu%c%c", 'a'+i%26, 'a'+i/26%26),
				FirstName: "Testi"}); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := w.DB.View(context.Background(), polkutest.As(polkutest.Mia), func(tx *db.Tx) error {
			_, err := client.Find(tx, s.Keys, "kar")
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
}
