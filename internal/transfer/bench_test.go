package transfer_test

import (
	"context"
	"fmt"
	"testing"

	"polku/internal/actor"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/path"
	. "polku/internal/polkutest"
	"polku/internal/transfer"
)

// BenchmarkPreview reads 5 000 paths with their grounds, sums and what changes by phase: promised under 2 s.
func BenchmarkPreview(b *testing.B) {
	s := &sample{NewSample(b, New(b, b.TempDir())), nil}
	s.m = &transfer.Mover{Book: s.Book, Keys: s.Keys, Say: func(_, key string) string { return key }}
	s.receivers(b)
	for from := range 100 {
		must(b, s.DB.Update(context.Background(), actor.System(Tenant, actor.Sample, "test"), func(tx *db.Tx) error {
			for i := range 50 {
				c, err := client.Create(tx, s.Keys, client.New{Register: Register, LastName: fmt.Sprint("Virta ", from), FirstName: fmt.Sprint(i)})
				if err != nil {
					return err
				}
				if _, _, err := s.Book.Start(tx, path.Start{Client: c, Service: Service, Day: tx.Today - 10, Responsible: Mia, Step: path.Step{What: "Soita", By: tx.Today + 3}}); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	id := s.begin(b, transfer.New{From: Service, To: permanent, Why: "x"})
	for b.Loop() {
		must(b, s.View(Joni, func(tx *db.Tx) error {
			t, err := transfer.Get(tx, id)
			if err != nil {
				return err
			}
			rows, err := transfer.Rows(tx, t)
			if err != nil {
				return err
			}
			if len(rows) != 5000 {
				b.Fatal(len(rows))
			}
			if _, err := transfer.SumOf(tx, t, rows); err != nil {
				return err
			}
			_, err = s.m.Changes(tx, t, rows)
			return err
		}))
	}
}
