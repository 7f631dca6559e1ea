package unit_test

import (
	"context"
	"testing"

	"polku/internal/actor"
	"polku/internal/db"
	"polku/internal/polkutest"
	"polku/internal/unit"
)

// Names come whole whatever is in them, and nobody gets a name that cannot be seen.
func TestNames(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		polkutest.NewSample(t, w)
		err := w.DB.Update(context.Background(), actor.System(polkutest.Tenant, actor.Admin, "test"), func(tx *db.Tx) error {
			if _, err := unit.AddWorker(tx, unit.Worker{ID: "w", Username: "ake", Name: `Åke "O'Neil", Ö|x`}); err != nil {
				return err
			}
			if _, err := unit.AddWorker(tx, unit.Worker{ID: "v", Username: "v", Name: "Viivi\x1eVieras"}); err == nil {
				t.Error("a name with a sign that nobody sees was taken")
			}
			names, err := unit.Names(tx)
			if len(names) != 5 || names["w"] != `Åke "O'Neil", Ö|x` || names[polkutest.Mia] != "Mia Mallikas" {
				t.Errorf("%q", names)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
