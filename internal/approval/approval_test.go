package approval_test

import (
	"context"
	"testing"
	"time"

	"polku/internal/actor"
	"polku/internal/approval"
	"polku/internal/db"
	"polku/internal/fault"
	. "polku/internal/polkutest"
	"polku/internal/unit"
)

func ask(t *testing.T, s *Sample, worker string) (r approval.Request) {
	t.Helper()
	ok(t, s.Update(worker, func(tx *db.Tx) (err error) {
		r, err = approval.Ask(tx, approval.Request{Kind: approval.Export, What: "{}", Amount: 40, Why: "Siirto uuteen järjestelmään"})
		return err
	}))
	return r
}

func answer(s *Sample, worker, id string, yes bool) error {
	return s.Update(worker, func(tx *db.Tx) error { return approval.Answer(tx, id, yes) })
}

func use(s *Sample, worker, id string) error {
	return s.Update(worker, func(tx *db.Tx) error { _, err := approval.Use(tx, id, approval.Export, false); return err })
}

// What the program proposes by itself needs two people as anything else: the first makes it their own, the second agrees.
func TestAProposalNeedsTwoPeople(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		propose := func() (r approval.Request) {
			ok(t, w.DB.Update(context.Background(), actor.System(Tenant, actor.Checking, "night work"), func(tx *db.Tx) (err error) {
				r, err = approval.Propose(tx, approval.Request{Kind: approval.Export, What: "{}", Amount: 3})
				return err
			}))
			return r
		}
		r := propose()
		if err := answer(s, Mia, r.ID, true); !fault.Is(err, fault.Denied) {
			t.Error("a worker takes it up:", err)
		}
		ok(t, answer(s, Boss, r.ID, true))
		if err := use(s, Boss, r.ID); !fault.Is(err, fault.Denied) {
			t.Error("one person and the program are two:", err)
		}
		if err := answer(s, Boss, r.ID, true); !fault.Is(err, fault.Denied) {
			t.Error("the same person twice:", err)
		}
		ok(t, answer(s, Joni, r.ID, true))
		ok(t, use(s, Joni, r.ID))
		r = propose()
		ok(t, answer(s, Joni, r.ID, false))
		if err := answer(s, Boss, r.ID, true); !fault.Is(err, fault.Conflict) {
			t.Error("refused, and taken up:", err)
		}
		if err := s.Update(Boss, func(tx *db.Tx) error {
			_, err := approval.Propose(tx, approval.Request{Kind: approval.Export})
			return err
		}); !fault.Is(err, fault.Denied) {
			t.Error("a person proposes in the program's name:", err)
		}
	})
}

// One asks, another one agrees, and it is used once. Who asked cannot agree, and who does not answer for anything can do neither.
func TestTwoPeople(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		if err := s.Update(Mia, func(tx *db.Tx) error {
			_, err := approval.Ask(tx, approval.Request{Kind: approval.Export, Why: "x"})
			return err
		}); !fault.Is(err, fault.Denied) {
			t.Error("a worker asked:", err)
		}
		r := ask(t, s, Boss)
		for what, err := range map[string]error{"used before an answer": use(s, Boss, r.ID), "answered by who asked": answer(s, Boss, r.ID, true),
			"answered by a worker": answer(s, Mia, r.ID, true)} {
			if !fault.Is(err, fault.Denied) {
				t.Errorf("%s: %v", what, err)
			}
		}
		ok(t, answer(s, Joni, r.ID, true))
		ok(t, use(s, Boss, r.ID))
		if err := use(s, Boss, r.ID); !fault.Is(err, fault.Gone) {
			t.Error("used twice:", err)
		}
		if err := answer(s, Joni, r.ID, false); !fault.Is(err, fault.Conflict) {
			t.Error("answered twice:", err)
		}
	})
}

// The machine's owner is one person: their own request needs somebody with an account, and the other way round.
func TestTheMachinesOwnerIsOnePerson(t *testing.T) {
	s := NewSample(t, New(t, t.TempDir()))
	owner := actor.Console(Tenant, actor.Admin, "export clients", "anna")
	var r approval.Request
	as := func(fn func(tx *db.Tx) error) error { return s.DB.Update(context.Background(), owner, fn) }
	ok(t, as(func(tx *db.Tx) (err error) {
		r, err = approval.Ask(tx, approval.Request{Kind: approval.Export, Why: "x"})
		return err
	}))
	if err := as(func(tx *db.Tx) error { return approval.Answer(tx, r.ID, true) }); !fault.Is(err, fault.Denied) {
		t.Error("the owner agreed with themselves:", err)
	}
	ok(t, answer(s, Joni, r.ID, true))
	mine := ask(t, s, Joni)
	ok(t, as(func(tx *db.Tx) error { return approval.Answer(tx, mine.ID, true) }))
}

// A refusal stands; after fourteen days nothing can be done with a request any more.
func TestRefusedAndOver(t *testing.T) {
	s := NewSample(t, New(t, t.TempDir()))
	r := ask(t, s, Boss)
	ok(t, answer(s, Joni, r.ID, false))
	if err := use(s, Boss, r.ID); !fault.Is(err, fault.Denied) {
		t.Error("a refused one was used:", err)
	}
	late := ask(t, s, Boss)
	ok(t, answer(s, Joni, late.ID, true))
	s.DB.Now = func() time.Time { return Noon.AddDate(0, 0, 14) }
	if err := use(s, Boss, late.ID); !fault.Is(err, fault.Gone) {
		t.Error("one that is over was used:", err)
	}
}

// Where nobody else could answer, a day passes first, and the duty holder of a unit may stop it meanwhile.
func TestAlone(t *testing.T) {
	s := NewSample(t, New(t, t.TempDir()))
	ok(t, s.Update(Boss, func(tx *db.Tx) error {
		return unit.Join(tx, unit.Member{Worker: Joni, Register: Register, Unit: House, Role: unit.RoleWorker}) // duty holder, coordinates nothing now
	}))
	r, stopped := ask(t, s, Boss), ask(t, s, Boss)
	if r.FreeAt == 0 {
		t.Fatal("nobody else could answer, and no day was set")
	}
	if err := answer(s, Joni, r.ID, true); !fault.Is(err, fault.Denied) {
		t.Error("a duty holder agreed:", err)
	}
	ok(t, s.View(Joni, func(tx *db.Tx) error {
		if n, err := approval.Waiting(tx); n != 2 || err != nil {
			t.Error("the duty holder is shown", n, err)
		}
		return nil
	}))
	ok(t, answer(s, Joni, stopped.ID, false))
	s.DB.Now = func() time.Time { return Noon.Add(23 * time.Hour) }
	if err := use(s, Boss, r.ID); !fault.Is(err, fault.Denied) {
		t.Error("used before the day had passed:", err)
	}
	s.DB.Now = func() time.Time { return Noon.Add(24 * time.Hour) }
	ok(t, use(s, Boss, r.ID))
	if err := use(s, Boss, stopped.ID); !fault.Is(err, fault.Denied) {
		t.Error("a stopped one was used:", err)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
