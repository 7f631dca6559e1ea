package breach_test

import (
	"context"
	"testing"
	"time"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/breach"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/hetu"
	. "polku/internal/polkutest"
	"polku/internal/rekey"
	"polku/internal/seal"
	"polku/internal/unit"
)

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var owner = actor.Console(Tenant, actor.Checking, "breach", "anna")

func list(t *testing.T, s *Sample, who actor.Actor, q breach.Query) (all []breach.Touched, err error) {
	t.Helper()
	err = s.DB.View(context.Background(), who, func(tx *db.Tx) error {
		all, err = breach.List(context.Background(), tx, s.Log, s.Keys, q)
		return err
	})
	return all, err
}

// Exactly those are listed whom the account touched in the time, in that session: seen, changed or told of.
func TestWhatAnAccountTouched(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		seen, _ := s.Client(t, "Nähty", "Niina")
		told, _ := s.Client(t, "Kerrottu", "Kalle")
		other, _ := s.Client(t, "Muu", "Maija")
		base := Noon.Add(time.Hour)
		s.DB.Now = func() time.Time { return base }
		as := func(session string) actor.Actor {
			a := As(Mia)
			a.Session, a.Request = session, "r1"
			return a
		}
		look := func(a actor.Actor, id string) {
			ok(t, s.DB.View(context.Background(), a, func(tx *db.Tx) error { _, err := client.Get(tx, id); return err }))
		}
		look(as("laptop"), seen)
		look(as("laptop"), seen)
		ok(t, s.DB.Update(context.Background(), as("phone"), func(tx *db.Tx) error {
			return audit.Disclose(tx, audit.Disclosure{Client: told, Register: Register, What: "plan", Basis: audit.ByLaw, Section: "x"})
		}))
		s.DB.Now = func() time.Time { return base.Add(time.Hour) }
		look(as("laptop"), other) // after the time

		q := breach.Query{Worker: Mia, From: base.UnixMicro(), To: base.UnixMicro() + 1}
		all, err := list(t, s, owner, q)
		ok(t, err)
		if len(all) != 2 || all[0].Client != seen || all[0].Seen != 2 || all[0].Name != "Niina Nähty" || all[1].Client != told || all[1].Disclosed != 1 {
			t.Errorf("%+v", all)
		}
		q.Session = "phone"
		if all, err = list(t, s, owner, q); err != nil || len(all) != 1 || all[0].Client != told {
			t.Errorf("of the session: %+v %v", all, err)
		}
		q.Session, q.Worker = "", Joni
		if all, err = list(t, s, owner, q); err != nil || len(all) != 0 {
			t.Errorf("of another account: %+v %v", all, err)
		}
	})
}

// Who reviews the logs may read the list, without names; a worker and an administrator may not.
func TestWhoMayRead(t *testing.T) {
	s := NewSample(t, New(t, t.TempDir()))
	id, _ := s.Client(t, "Nähty", "Niina")
	q := breach.Query{Worker: Mia, To: Noon.Add(time.Hour).UnixMicro()}
	for _, worker := range []string{Mia, Boss} {
		if _, err := list(t, s, As(worker), q); !fault.Is(err, fault.Denied) {
			t.Errorf("%s: %v", worker, err)
		}
	}
	ok(t, s.Update(Boss, func(tx *db.Tx) error {
		return unit.Join(tx, unit.Member{Worker: Essi, Register: Register, Unit: House, Role: unit.RoleComplaints})
	}))
	all, err := list(t, s, As(Essi), q)
	ok(t, err)
	if len(all) != 1 || all[0].Client != id || all[0].Name != "" || all[0].Changed == 0 {
		t.Errorf("%+v", all)
	}
}

// A key touches those whose fields it seals: after a change of keys nobody's.
func TestWhatAKeyTouched(t *testing.T) {
	s := NewSample(t, New(t, t.TempDir()))
	code, err := hetu.Parse("010185-900D")
	if err != nil {
		t.Fatal(err)
	}
	ok(t, s.Update(Mia, func(tx *db.Tx) error {
		_, err := client.Create(tx, s.Keys, client.New{Register: Register, LastName: "Tunnus", Code: code})
		return err
	}))
	s.Client(t, "Ilman", "Ilmari")
	old := s.Keys.List()[0].ID
	count := func(id string) int {
		all, err := list(t, s, owner, breach.Query{Key: id})
		ok(t, err)
		return len(all)
	}
	if n := count(old); n != 1 {
		t.Errorf("%d", n)
	}
	_, err = rekey.Work{DB: s.DB, Who: owner, Keys: s.Keys}.Change(context.Background(), seal.KindFields)
	ok(t, err)
	if n := count(old); n != 0 {
		t.Errorf("%d after the change", n)
	}
	if _, err := list(t, s, owner, breach.Query{Key: "none"}); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}
