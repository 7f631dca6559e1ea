package aftercare_test

import (
	"testing"

	"polku/internal/actor"
	"polku/internal/aftercare"
	"polku/internal/civil"
	"polku/internal/closing"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/path"
	"polku/internal/pathway"
	. "polku/internal/polkutest"
	"polku/internal/ticket"
)

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// later runs a command of a worker on a later day.
func later(t *testing.T, s *Sample, days int, who string, fn func(tx *db.Tx) error) error {
	t.Helper()
	return s.Update(who, func(tx *db.Tx) error {
		tx.Today += civil.Date(days)
		return fn(tx)
	})
}

// own runs what a former client does by their link, on a later day.
func own(tx *db.Tx, client string) *db.Tx {
	theirs := *tx
	theirs.Who = actor.Participant(Tenant, client, "", "test", "")
	return &theirs
}

// left gives a client who left to work today.
func left(t *testing.T, s *Sample, last string) (string, path.Path) {
	t.Helper()
	client, id := s.Client(t, last, "Liisa")
	ok(t, s.Update(Mia, func(tx *db.Tx) error {
		_, err := closing.Leave(tx, s.Book, id, closing.Exit{To: "open-work"})
		return err
	}))
	return client, path.Path{ID: id, Client: client, Register: Register, Service: Service, Unit: House}
}

func state(t *testing.T, s *Sample, days int, p path.Path) (st pathway.State) {
	t.Helper()
	ok(t, later(t, s, days, Mia, func(tx *db.Tx) (err error) {
		st, err = s.Book.StateOf(tx, p)
		return err
	}))
	return st
}

// A former client answers by a link, in three choices, without signing in: once, and never after somebody has asked them
// otherwise.
func TestAnswerByLink(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		client, p := left(t, s, "Linkki")
		var secret string
		if err := later(t, s, 0, Mia, func(tx *db.Tx) (err error) { _, err = aftercare.Link(tx, s.Book, p); return err }); !fault.Is(err, fault.Conflict) {
			t.Fatalf("a link before anything is to be asked: %v", err)
		}
		ok(t, later(t, s, 30, Mia, func(tx *db.Tx) (err error) { secret, err = aftercare.Link(tx, s.Book, p); return err }))
		answer := func(days int, a aftercare.Answer) error {
			return later(t, s, days, Mia, func(tx *db.Tx) error {
				found, err := ticket.Find(tx, ticket.FollowUp, secret)
				if err != nil {
					return err
				}
				return aftercare.Take(own(tx, found.Client), s.Book, found, a)
			})
		}
		if err := answer(31, aftercare.Answer{Outcome: closing.NotReached, Feels: 2}); !fault.Is(err, fault.Invalid) {
			t.Errorf("nobody says of themselves that they were not reached: %v", err)
		}
		ok(t, answer(31, aftercare.Answer{Outcome: "open-work", Feels: 3}))
		if err := answer(31, aftercare.Answer{Outcome: "open-work", Feels: 3}); !fault.Is(err, fault.Gone) {
			t.Errorf("the link answers twice: %v", err)
		}
		if open := aftercare.Open(state(t, s, 31, p)); len(open) != 0 {
			t.Errorf("still asked for: %v", open)
		}
		_ = client
	})
}

// Who wishes for a call is waited for by a worker from that day on; the duty holder, when theirs is gone. A talk answers it.
func TestWishToComeBack(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		client, p := left(t, s, "Toive")
		wish := func() error {
			return later(t, s, 40, Mia, func(tx *db.Tx) error { return aftercare.Wish(own(tx, client), s.Book, p, "Haluan jatkaa") })
		}
		ok(t, wish())
		ok(t, wish()) // the same wish
		st := state(t, s, 40, p)
		if len(st.Signals) == 0 || st.Signals[0].Key != "signal.return_wished" || st.Group != pathway.GroupNow || st.Responsible != Mia {
			t.Fatalf("nobody is called upon: %+v %s %s", st.Signals, st.Group, st.Responsible)
		}
		var lines []aftercare.Line
		ok(t, later(t, s, 40, Mia, func(tx *db.Tx) (err error) { lines, err = aftercare.List(tx, s.Book, false); return err }))
		if len(lines) == 0 || !lines[0].Wish || lines[0].Client != client {
			t.Fatalf("the wish does not stand first in the list: %+v", lines)
		}
		if st := state(t, s, 60, p); st.Signals[0].Key != "signal.return_overdue" {
			t.Errorf("after its time it is not overdue: %+v", st.Signals)
		}
		ok(t, later(t, s, 60, Mia, func(tx *db.Tx) error {
			_, err := s.Book.Record(tx, p.ID, path.Record{Day: tx.Today, Minute: -1, Contact: entry.Contact{Form: entry.FormCall, Result: entry.Held}})
			return err
		}))
		if aftercare.Wished(state(t, s, 60, p)) {
			t.Error("they have talked, and the wish still waits")
		}

		// The worker has left the house: the duty holder answers.
		other, q := left(t, s, "Perijä")
		ok(t, s.DB.Update(t.Context(), actor.System(Tenant, actor.Sample, "test"), func(tx *db.Tx) error {
			_, err := tx.Exec(`delete from member where tenant_id = $1 and worker_id = $2`, tx.Who.Tenant, Mia)
			return err
		}))
		ok(t, later(t, s, 1, Joni, func(tx *db.Tx) error { return aftercare.Wish(own(tx, other), s.Book, q, "") }))
		ok(t, later(t, s, 1, Joni, func(tx *db.Tx) error {
			st, err := s.Book.StateOf(tx, q)
			if st.Responsible != Joni || !aftercare.Wished(st) {
				t.Errorf("the wish waits for %q", st.Responsible)
			}
			return err
		}))
	})
}

// That nobody was reached is honest after a try, never before one; and what a register shows names the register.
func TestNotReachedIsHonest(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		_, p := left(t, s, "Hiljaa")
		record := func(f entry.FollowUp) error {
			return later(t, s, 32, Mia, func(tx *db.Tx) error { return aftercare.Record(tx, s.Book, p, f) })
		}
		if err := record(entry.FollowUp{Outcome: closing.NotReached}); !fault.Is(err, fault.Invalid) {
			t.Errorf("not reached without a try: %v", err)
		}
		if err := record(entry.FollowUp{Outcome: "open-work", How: entry.WayRegister}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a register without its name: %v", err)
		}
		for range 2 {
			ok(t, later(t, s, 32, Mia, func(tx *db.Tx) error { return aftercare.Try(tx, s.Book, p, entry.FormCall) }))
		}
		ok(t, record(entry.FollowUp{Outcome: closing.NotReached}))
		if open := aftercare.Open(state(t, s, 32, p)); len(open) != 0 {
			t.Errorf("still asked for: %v", open)
		}
	})
}

// After a death nothing is owed and nothing goes out: every link is dead, every path is closed, and no wish is taken in.
func TestDeathEndsEverything(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		client, p := left(t, s, "Muisto")
		var secret, second string
		ok(t, later(t, s, 30, Mia, func(tx *db.Tx) (err error) {
			if secret, err = aftercare.Link(tx, s.Book, p); err != nil {
				return err
			}
			second, _, err = s.Book.Start(tx, path.Start{Client: client, Service: Service, Day: tx.Today, Responsible: Mia, Step: path.Step{What: "Soita", By: tx.Today + 2}})
			return err
		}))
		ok(t, later(t, s, 31, Mia, func(tx *db.Tx) error {
			_, err := closing.Leave(tx, s.Book, second, closing.Exit{To: "died"})
			return err
		}))
		err := later(t, s, 31, Mia, func(tx *db.Tx) error { _, err := ticket.Find(tx, ticket.FollowUp, secret); return err })
		if !fault.Is(err, fault.Gone) {
			t.Errorf("a link of somebody who has died opens: %v", err)
		}
		q := p
		q.ID = second
		err = later(t, s, 31, Mia, func(tx *db.Tx) error { return aftercare.Wish(own(tx, client), s.Book, q, "") })
		if !fault.Is(err, fault.Gone) {
			t.Errorf("a wish of somebody who has died is taken in: %v", err)
		}
		if st := state(t, s, 400, q); len(st.Signals) != 0 || st.Group != pathway.GroupNone {
			t.Errorf("something is owed: %+v", st.Signals)
		}
	})
}
