package booking_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"polku/internal/booking"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/pathway"
	. "polku/internal/polkutest"
)

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// field gives the key of a wrong field; empty when it is fine.
func field(err error, name string) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return ""
	}
	return f.Fields[name]
}

func at(hour, minutes int) booking.Span { return booking.Span{From: hour * 60, To: hour*60 + minutes} }

func (s stage) state(path_ string) (state pathway.State) {
	s.t.Helper()
	ok(s.t, s.View(Mia, func(tx *db.Tx) error {
		p, err := path.Get(tx, path_)
		if err != nil {
			return err
		}
		state, err = s.Book.StateOf(tx, p)
		return err
	}))
	return state
}

type stage struct {
	*Sample
	t            *testing.T
	client, path string
}

func open(t *testing.T, w *World) stage {
	s := stage{Sample: NewSample(t, w), t: t}
	s.client, s.path = s.Client(t, "Virtanen", "Aino")
	return s
}

func (s stage) book(n booking.New) error {
	return s.Update(Mia, func(tx *db.Tx) error {
		n.Day += tx.Today
		return booking.Book(tx, s.Book, n)
	})
}

// A booked meeting is the path's next step; it is moved with who asked and why, and its old time stays in the journal.
func TestBookedMovedMissed(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := open(t, w)
		task := ident.New()
		first := booking.New{Task: task, Path: s.path, Day: 1, Span: at(9, 60), What: "Tapaaminen", Place: "Huone 3"}
		ok(t, s.book(first))
		ok(t, s.book(first)) // sent twice it counts once
		next := s.state(s.path).NextStep
		if next == nil || next.Task != task || next.Form != entry.FormMeeting || next.Minute != 540 || next.Minutes != 60 {
			t.Fatalf("the next step is %+v", next)
		}
		move := func(m booking.Move) error {
			return s.Update(Mia, func(tx *db.Tx) error {
				m.Day += tx.Today
				return booking.Rebook(tx, s.Book, s.path, task, m)
			})
		}
		if err := move(booking.Move{Day: 2, Span: at(10, 45)}); field(err, "why") == "" || field(err, "asked") == "" {
			t.Fatal("moved without saying who asked and why:", err)
		}
		ok(t, move(booking.Move{Day: 2, Span: at(10, 45), Asked: entry.ByClient, Why: "Lapsi sairastui"}))
		if next := s.state(s.path).NextStep; next.By != civil.New(2026, 3, 4) || next.Minute != 600 {
			t.Fatalf("moved to %+v", next)
		}
		var said []entry.Task
		ok(t, s.View(Mia, func(tx *db.Tx) error {
			entries, err := s.Book.Journal.Path(tx, s.client, s.path)
			for _, e := range entries {
				if b, is := e.Body.(*entry.Task); is && b.Task == task {
					said = append(said, *b)
				}
			}
			return err
		}))
		if len(said) != 2 || said[0].Minute != 540 || said[1].Asked != entry.ByClient || said[1].Why != "Lapsi sairastui" {
			t.Fatalf("the journal tells %+v", said)
		}
		fall := func(f booking.Fell, day civil.Date) error {
			return s.Update(Mia, func(tx *db.Tx) error {
				tx.Today += day
				if f.Again != nil {
					f.Again.Day += tx.Today
				}
				return booking.FallThrough(tx, s.Book, s.path, task, f)
			})
		}
		again := func() *booking.New { return &booking.New{Day: 1, Span: at(13, 60), What: "Uusi aika"} }
		if err := fall(booking.Fell{Result: entry.NoShow, Again: again()}, 0); field(err, "result") != "booking.not_yet" {
			t.Fatal("a meeting to come was a no-show:", err)
		}
		ok(t, fall(booking.Fell{Result: entry.NoShow, Again: again()}, 2+1))
		if next := s.state(s.path).NextStep; next.What == "Uusi aika" {
			t.Fatal("the earlier step \"Sovi tapaaminen\" has been lost")
		}
		kinds := map[entry.Result]int{}
		ok(t, s.View(Mia, func(tx *db.Tx) error {
			p, err := path.Get(tx, s.path)
			ok(t, err)
			entries, err := s.Book.Entries(tx, p)
			for _, e := range entries {
				if b, is := e.Body.(*entry.Contact); is {
					kinds[b.Result]++
				}
			}
			return err
		}))
		if kinds[entry.NoShow] != 1 {
			t.Fatalf("the story has no missed meeting: %v", kinds)
		}
	})
}

// Whoever books into an hour that is taken is refused, softly: on purpose, with words, it goes.
func TestDoubleBookingOnlyOnPurpose(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := open(t, w)
		_, other := s.Client(t, "Korhonen", "Eero")
		ok(t, s.book(booking.New{Path: s.path, Day: 1, Span: at(9, 60), What: "Tapaaminen"}))
		n := booking.New{Path: other, Day: 1, Span: booking.Span{From: 9*60 + 30, To: 10*60 + 30}, What: "Tapaaminen"}
		if err := s.book(n); field(err, "time") != "booking.clash" {
			t.Fatal("booked twice:", err)
		}
		n.OnTop = true
		if err := s.book(n); field(err, "why") == "" {
			t.Fatal("on top without a reason:", err)
		}
		n.Why = "Pariskunta tulee yhdessä"
		ok(t, s.book(n))
		ok(t, s.Update(Mia, func(tx *db.Tx) error {
			return booking.AddBusy(tx, booking.Busy{Weekday: 3, Span: at(8, 60), What: "Tiimi"})
		}))
		if err := s.book(booking.New{Path: other, Day: 2, Span: at(8, 30), What: "Tapaaminen"}); field(err, "time") != "booking.busy" {
			t.Fatal("booked into an own block:", err)
		}
	})
}

// However many book the same hour at the same moment, one gets it.
func TestOneHourIsGivenOnce(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		var paths []string
		for _, name := range []string{"A", "B", "C", "D", "E", "F", "G", "H"} {
			_, p := s.Client(t, "Testi", name)
			paths = append(paths, p)
		}
		for round := range 4 {
			var wg sync.WaitGroup
			booked := make([]error, len(paths))
			for i, p := range paths {
				wg.Add(1)
				go func() {
					defer wg.Done()
					booked[i] = s.Update(Mia, func(tx *db.Tx) error {
						return booking.Book(tx, s.Book, booking.New{Path: p, Day: tx.Today + 1 + civil.Date(round), Span: booking.Span{From: 540 + 5*i, To: 600 + 5*i}, What: "Tapaaminen"})
					})
				}()
			}
			wg.Wait()
			given := 0
			for _, err := range booked {
				if err == nil {
					given++
				} else if field(err, "time") != "booking.clash" && !fault.Is(err, fault.Unavailable) {
					t.Fatal(err)
				}
			}
			if given != 1 {
				t.Fatalf("the hour was given %d times", given)
			}
		}
	})
}

// All proposals of a week are saved in one transaction, or none.
func TestProposalsAreSavedTogether(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := open(t, w)
		s.Client(t, "Korhonen", "Eero")
		var got []booking.Proposal
		read := func() {
			ok(t, s.View(Mia, func(tx *db.Tx) error {
				var err error
				got, _, err = booking.ProposalsFor(tx, s.Book, tx.Today+13)
				return err
			}))
		}
		read()
		if len(got) < 4 { // two clients, a weekly meeting, this week and the next
			t.Fatalf("proposed %d", len(got))
		}
		var all []booking.New
		for _, p := range got {
			if !p.Day.IsZero() {
				all = append(all, booking.New{Path: p.Path, Day: p.Day, Span: p.Span, Form: p.Form, What: "Tapaaminen"})
			}
		}
		broken := append([]booking.New(nil), all...)
		broken[len(broken)-1].Day, broken[len(broken)-1].Span = broken[0].Day, broken[0].Span
		if err := s.Update(Mia, func(tx *db.Tx) error { return booking.Book(tx, s.Book, broken...) }); !fault.Is(err, fault.Invalid) {
			t.Fatal("two at one time:", err)
		}
		before := len(got)
		read()
		if len(got) != before {
			t.Fatal("a part of a refused set was saved")
		}
		ok(t, s.Update(Mia, func(tx *db.Tx) error { return booking.Book(tx, s.Book, all...) }))
		read()
		if len(got) != before-len(all) {
			t.Fatalf("%d proposals are left of %d, %d were booked", len(got), before, len(all))
		}
	})
}

// A feed tells clock times by a secret link and nobody's name; the link ends at once when it is withdrawn.
func TestFeedNamesNobody(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := open(t, w)
		ok(t, s.book(booking.New{Path: s.path, Day: 1, Span: at(9, 60), What: "Aino ja asunto"}))
		var token string
		ok(t, s.Update(Mia, func(tx *db.Tx) (err error) { token, err = booking.NewFeed(tx); return err }))
		read := func(token string) (list []booking.Event, err error) {
			err = s.DB.Update(context.Background(), As(""), func(tx *db.Tx) error {
				list, _, err = booking.Events(tx, token)
				return err
			})
			return list, err
		}
		list, err := read(token)
		ok(t, err)
		if len(list) != 1 || list[0].Span != at(9, 60) {
			t.Fatalf("%+v", list)
		}
		if _, err := read(token + "x"); !fault.Is(err, fault.NotFound) {
			t.Fatal("another link:", err)
		}
		ok(t, s.Update(Mia, booking.EndFeed))
		if _, err := read(token); !fault.Is(err, fault.NotFound) {
			t.Fatal("a withdrawn link:", err)
		}
	})
}
