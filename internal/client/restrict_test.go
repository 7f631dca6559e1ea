package client_test

import (
	"testing"

	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/polkutest"
)

func record(s *polkutest.Sample, id string, entryID string) error {
	return s.Update(polkutest.Mia, func(tx *db.Tx) error {
		_, err := s.Book.Record(tx, id, path.Record{ID: entryID, Day: tx.Today, Minute: -1, Mode: entry.Phone,
			Contact: entry.Contact{Form: entry.FormCall, Result: entry.Held, Text: "Soitettiin."}, Next: &path.Step{What: "Tavataan", By: tx.Today + 5}})
		return err
	})
}

// While everything about a client is restricted nothing is recorded or changed; what keeps them from being left hanging,
// and their safety, goes on. Lifting it, with a reason, lets everything on.
func TestRestrictionOfAClient(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s := polkutest.NewSample(t, w)
		id, pathID := s.Client(t, "Rajala", "Raili")
		var restriction string
		do := func(fn func(tx *db.Tx) error) error { return s.Update(polkutest.Mia, fn) }
		if err := do(func(tx *db.Tx) error { _, err := client.Restrict(tx, id, "", " "); return err }); !fault.Is(err, fault.Invalid) {
			t.Error("without a reason:", err)
		}
		must(t, do(func(tx *db.Tx) (err error) {
			restriction, err = client.Restrict(tx, id, "", "Asiakas kiistää tietojen paikkansapitävyyden")
			return err
		}))
		if err := record(s, pathID, ident.New()); !fault.Is(err, fault.Conflict) {
			t.Error("recorded:", err)
		}
		change := func(ban bool) error {
			return do(func(tx *db.Tx) error {
				c, err := client.Get(tx, id)
				if err != nil {
					return err
				}
				if !c.Restricted {
					t.Error("the client is not marked")
				}
				return client.Update(tx, id, client.Change{Rev: c.Rev, LastName: "Toinen", SafetyBan: ban})
			})
		}
		if err := change(false); !fault.Is(err, fault.Conflict) {
			t.Error("changed:", err)
		}
		must(t, change(true))
		must(t, do(func(tx *db.Tx) error {
			c, err := client.Get(tx, id)
			if !c.SafetyBan || c.LastName != "Rajala" {
				t.Errorf("%+v", c)
			}
			return err
		}))
		must(t, do(func(tx *db.Tx) error { _, err := s.Book.Pause(tx, pathID, "Selvitetään", tx.Today+10); return err }))
		if err := do(func(tx *db.Tx) error { return client.Lift(tx, id, restriction, "") }); !fault.Is(err, fault.Invalid) {
			t.Error("lifted without a reason:", err)
		}
		must(t, do(func(tx *db.Tx) error { return client.Lift(tx, id, restriction, "Tiedot tarkistettiin yhdessä") }))
		must(t, do(func(tx *db.Tx) error {
			_, err := s.Book.Resume(tx, pathID, "", path.Step{What: "Soitto", By: tx.Today + 3})
			return err
		}))
		must(t, record(s, pathID, ident.New()))
		must(t, do(func(tx *db.Tx) error {
			all, err := client.Restrictions(tx, id)
			if len(all) != 1 || all[0].LiftedBy != polkutest.Mia || all[0].LiftedWhy == "" {
				t.Errorf("%+v", all)
			}
			return err
		}))
		if err := s.View(polkutest.Essi, func(tx *db.Tx) error { _, err := client.Restrictions(tx, id); return err }); !fault.Is(err, fault.NotFound) {
			t.Error("seen across the wall:", err)
		}
	})
}

// A restricted entry cannot be corrected or taken back; others can.
func TestRestrictionOfAnEntry(t *testing.T) {
	s := polkutest.NewSample(t, polkutest.New(t, t.TempDir()))
	id, pathID := s.Client(t, "Rajala", "Raili")
	one, two := ident.New(), ident.New()
	must(t, record(s, pathID, one))
	must(t, record(s, pathID, two))
	must(t, s.Update(polkutest.Mia, func(tx *db.Tx) error { _, err := client.Restrict(tx, id, one, "Kiistetty"); return err }))
	correct := func(old string) error {
		return s.Update(polkutest.Mia, func(tx *db.Tx) error {
			_, err := s.Book.Correct(tx, pathID, old, entry.Entry{Day: civil.Date(tx.Today), Minute: -1, Kind: entry.KindContact,
				Body: &entry.Contact{Form: entry.FormCall, Result: entry.Held, Text: "Toisin."}})
			return err
		})
	}
	if err := correct(one); !fault.Is(err, fault.Conflict) {
		t.Error(err)
	}
	must(t, correct(two))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
