package caseload_test

import (
	"context"
	"fmt"
	"testing"

	"polku/internal/caseload"
	"polku/internal/db"
	"polku/internal/polkutest"
)

// BenchmarkToday reads the morning of a worker of forty clients, and notes durably who was seen.
func BenchmarkToday(b *testing.B) {
	w := polkutest.New(b, b.TempDir())
	s := polkutest.NewSample(b, w)
	for i := range 40 {
		s.Client(b, fmt.Sprintf("Koe%c%c", 'a'+i/26, 'a'+i%26), "Kaisa")
	}
	for b.Loop() {
		if err := w.DB.View(context.Background(), polkutest.As(polkutest.Mia), func(tx *db.Tx) error {
			lines, err := caseload.Today(tx, s.Book, caseload.Filter{Whose: caseload.Mine})
			if len(lines) != 40 {
				b.Fatal(len(lines))
			}
			return err
		}); err != nil {
			b.Fatal(err)
		}
	}
}
