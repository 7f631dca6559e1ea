package booking_test

import (
	"testing"

	"polku/internal/booking"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/model"
	"polku/internal/path"
	. "polku/internal/polkutest"
)

// withOffers is the sample with a card training of 120 euros a client and a subsidised job of a shared appropriation.
func withOffers(t *testing.T, w *World) stage {
	s := stage{Sample: NewSample(t, w), t: t}
	m := CoachingModel()
	m.Phases[0].Offers = []model.Offer{{ID: "kortti", Kind: "card-training", Budget: model.Budget{Cents: 12000, Per: "client"}},
		{ID: "palkkatuki", Kind: "subsidised-job", Budget: model.Budget{Shared: "wage-subsidy"}}}
	s.Book.Models = model.NewSet(m)
	s.client, s.path = s.Client(t, "Virtanen", "Aino")
	return s
}

func (s stage) answer(pathID string, x booking.Step) error {
	return s.Update(Mia, func(tx *db.Tx) error {
		if x.Meeting != nil {
			x.Meeting.Day += tx.Today
		}
		return booking.Answer(tx, s.Book, pathID, x)
	})
}

func (s stage) rounds(pathID string) (all []booking.Offer) {
	s.t.Helper()
	ok(s.t, s.View(Mia, func(tx *db.Tx) error {
		p, err := path.Get(tx, pathID)
		if err != nil {
			return err
		}
		entries, err := s.Book.Entries(tx, p)
		all = booking.Offers(entries)
		return err
	}))
	return all
}

// From offer to outcome: offered, accepted, booked into the calendar, done with a certificate; a second one is refused
// softly when it would go past the budget, and goes with a reason.
func TestOfferToOutcome(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := withOffers(t, w)
		ok(t, s.answer(s.path, booking.Step{Offer: "kortti", State: entry.Offered, What: "hygieniapassi", Cents: 8000}))
		round := s.rounds(s.path)[0].Round
		ok(t, s.answer(s.path, booking.Step{Round: round, Offer: "kortti", State: entry.OfferAccepted}))
		ok(t, s.answer(s.path, booking.Step{Round: round, Offer: "kortti", State: entry.OfferBooked, Meeting: &booking.New{Day: 3, Span: at(9, 240), What: "Hygieniapassi"}}))
		var coming []booking.Meeting
		ok(t, s.View(Mia, func(tx *db.Tx) (err error) { coming, err = booking.OfClient(tx, s.client); return err }))
		if len(coming) != 1 || coming[0].Offer != "kortti" {
			t.Fatalf("in the calendar: %+v", coming)
		}
		ok(t, s.answer(s.path, booking.Step{Round: round, Offer: "kortti", State: entry.OfferDone, Expires: civil.New(2031, 3, 4), Ends: coming[0].Task}))
		got := s.rounds(s.path)
		if len(got) != 1 || got[0].State != entry.OfferDone || got[0].Cents != 8000 || got[0].What != "hygieniapassi" || got[0].Expires != civil.New(2031, 3, 4) {
			t.Fatalf("the outcome is %+v", got)
		}
		second := booking.Step{Offer: "kortti", State: entry.Offered, What: "tulityökortti", Cents: 9000}
		if err := s.answer(s.path, second); field(err, "price") != "offer.past_budget" {
			t.Fatal("planned past the budget:", err)
		}
		second.State = entry.OfferDone
		ok(t, s.answer(s.path, second)) // what has happened is never refused
		second.State, second.Past, second.Why = entry.Offered, true, "Työpaikka vaatii"
		ok(t, s.answer(s.path, second))
		if err := s.answer(s.path, booking.Step{Round: s.rounds(s.path)[2].Round, Offer: "kortti", State: entry.OfferDeclined}); field(err, "why") == "" {
			t.Fatal("declined without a reason:", err)
		}
	})
}

// A shared appropriation is the whole service's: what one client has is no longer there for another.
func TestSharedAppropriation(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := withOffers(t, w)
		_, other := s.Client(t, "Korhonen", "Eero")
		if err := s.Update(Mia, func(tx *db.Tx) error { return booking.SetAppropriation(tx, Service, "wage-subsidy", 100) }); err == nil {
			t.Fatal("a worker set the appropriation")
		}
		ok(t, s.Update(Joni, func(tx *db.Tx) error { return booking.SetAppropriation(tx, Service, "wage-subsidy", 1_000_000) }))
		ok(t, s.answer(s.path, booking.Step{Offer: "palkkatuki", State: entry.OfferAccepted, Cents: 700_000}))
		if err := s.answer(other, booking.Step{Offer: "palkkatuki", State: entry.Offered, Cents: 400_000}); field(err, "price") != "offer.past_budget" {
			t.Fatal("planned past the appropriation:", err)
		}
		ok(t, s.answer(other, booking.Step{Offer: "palkkatuki", State: entry.Offered, Cents: 300_000}))
		ok(t, s.answer(s.path, booking.Step{Round: s.rounds(s.path)[0].Round, Offer: "palkkatuki", State: entry.OfferDeclined, Why: "Sai muuta työtä"}))
		var left int64
		ok(t, s.View(Joni, func(tx *db.Tx) error {
			list, err := booking.Appropriations(tx, s.Book.Models.All()[0], Service)
			if len(list) == 1 {
				left = list[0].Left()
			}
			return err
		}))
		if left != 700_000 {
			t.Fatalf("%d cents are left", left)
		}
		var all []booking.Offer
		ok(t, s.View(Joni, func(tx *db.Tx) (err error) { all, err = booking.MyOffers(tx, true); return err }))
		if len(all) != 2 {
			t.Fatalf("the coordinator sees %d", len(all))
		}
	})
}
