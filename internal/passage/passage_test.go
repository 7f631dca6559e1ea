package passage_test

import (
	"slices"
	"testing"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/consent"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/model"
	"polku/internal/passage"
	"polku/internal/path"
	"polku/internal/pathway"
	. "polku/internal/polkutest"
	"polku/internal/ticket"
	"polku/internal/unit"
)

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// ask lets Mia ask a receiver, with the client's consent to contact data; service empty: outside.
func ask(t *testing.T, s *Sample, p path.Path, service string) (id, secret, decision string) {
	t.Helper()
	ok(t, s.Update(Mia, func(tx *db.Tx) (err error) {
		n := consent.New{Kind: consent.Consent, ReceiverName: "Testilän terveysasema", Scopes: []string{"contact", "plan"}, Purpose: "siirto", GivenBy: consent.ByClient, Way: "face", Told: "kaikki"}
		if service != "" {
			n.Receiver = Walled
		}
		if decision, err = consent.Give(tx, s.Book, p.ID, n); err != nil {
			return err
		}
		id, secret, err = passage.Ask(tx, s.Book, p.ID, passage.New{ExitTo: "another-service", Service: service, ReceiverName: "Testilän terveysasema",
			Scopes: []string{"contact"}, Basis: decision, Letter: "Liisa tulee mielellään aamulla.", Purpose: "siirto", Next: path.Step{What: "Kysy vastausta", By: tx.Today + 7}})
		return err
	}))
	return id, secret, decision
}

func client(t *testing.T, s *Sample, last string) path.Path {
	id, pathID := s.Client(t, last, "Liisa")
	return path.Path{ID: pathID, Client: id, Register: Register, Service: Service, Unit: House}
}

func state(t *testing.T, s *Sample, days int, p path.Path) (st pathway.State) {
	t.Helper()
	ok(t, s.DB.View(t.Context(), actor.System(Tenant, actor.Checking, "test"), func(tx *db.Tx) (err error) {
		tx.Today += civil.Date(days)
		st, err = s.Book.StateOf(tx, p)
		return err
	}))
	return st
}

// outside runs what a receiver without an account does with their link.
func outside(t *testing.T, s *Sample, days int, secret string, fn func(tx *db.Tx, x passage.Passage) error) error {
	t.Helper()
	return s.DB.Update(t.Context(), actor.System(Tenant, actor.Service, "test"), func(tx *db.Tx) error {
		tx.Today += civil.Date(days)
		found, err := ticket.Find(tx, ticket.Passage, secret)
		if err != nil {
			return err
		}
		x, err := passage.Open(tx, s.Book, found)
		if err != nil {
			return err
		}
		return fn(tx, x)
	})
}

func waits(tx *db.Tx) path.Step {
	return path.Step{What: "Varmista, että tapasitte", By: tx.Today + 10}
}

// The path stays open, its worker responsible, until the receiver outside has met the client: accepted is not enough.
func TestOutside(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		p := client(t, s, "Ulos")
		_, secret, _ := ask(t, s, p, "")
		if st := state(t, s, 8, p); !slices.ContainsFunc(st.Signals, func(x pathway.Signal) bool { return x.Key == "signal.exit_waiting" }) {
			t.Errorf("nobody notices that the answer is late: %+v", st.Signals)
		}
		var contact civil.Date
		ok(t, outside(t, s, 2, secret, func(tx *db.Tx, x passage.Passage) error {
			if x.Letter != "Liisa tulee mielellään aamulla." || x.Scopes != "contact" {
				t.Errorf("the receiver reads %q", x.Letter)
			}
			contact = tx.Today + 5
			return passage.Accept(tx, s.Book, x, "Teppo Terveys", contact, waits(tx))
		}))
		st := state(t, s, 2, p)
		if st.Status != pathway.Open || st.Responsible != Mia {
			t.Fatalf("accepted, and the sender has let go: %s %s", st.Status, st.Responsible)
		}
		if st := state(t, s, 8, p); !slices.ContainsFunc(st.Signals, func(x pathway.Signal) bool { return x.Key == "signal.exit_contact_missing" }) {
			t.Errorf("nobody notices that they did not meet: %+v", st.Signals)
		}
		ok(t, outside(t, s, 7, secret, func(tx *db.Tx, x passage.Passage) error { return passage.FirstMet(tx, s.Book, x, tx.Today) }))
		if st := state(t, s, 7, p); st.Status != pathway.Closed || st.ClosedTo != "another-service" {
			t.Errorf("they have met, and the path is %s", st.Status)
		}
		if err := outside(t, s, 7, secret, func(tx *db.Tx, x passage.Passage) error { return nil }); !fault.Is(err, fault.Gone) {
			t.Errorf("the page is still open: %v", err)
		}
	})
}

// A no comes back with its reason, and the client stays with the sender with a next step. A client who changes their mind
// shuts the page at once; so does leaving by another way.
func TestOutsideNoAndWithdrawn(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		p := client(t, s, "Ei")
		_, secret, _ := ask(t, s, p, "")
		if err := outside(t, s, 1, secret, func(tx *db.Tx, x passage.Passage) error { return passage.Decline(tx, s.Book, x, "", " ", waits(tx)) }); !fault.Is(err, fault.Invalid) {
			t.Errorf("a no without a reason: %v", err)
		}
		ok(t, outside(t, s, 1, secret, func(tx *db.Tx, x passage.Passage) error {
			return passage.Decline(tx, s.Book, x, "Teppo", "Ei lähetettä", path.Step{What: "Palaa asiakkaaseen", By: tx.Today + 1})
		}))
		if st := state(t, s, 1, p); st.Status != pathway.Open || st.NextStep == nil || st.Responsible != Mia {
			t.Fatalf("after the no: %+v", st)
		}

		_, secret, decision := ask(t, s, p, "")
		ok(t, s.Update(Mia, func(tx *db.Tx) error { return consent.Withdraw(tx, s.Book, p.ID, decision) }))
		if err := outside(t, s, 1, secret, func(tx *db.Tx, x passage.Passage) error { return nil }); !fault.Is(err, fault.Gone) {
			t.Errorf("the page opens without the client's consent: %v", err)
		}
	})
}

// Another service of the house takes somebody in across the wall: a client and a path in its own register, with what was
// allowed and no more. Their first contact closes the sender's path, and the sender learns only that.
func TestInside(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		const youth = "service-youth"
		youthModel := CoachingModel()
		youthModel.Model, youthModel.Register = "etsiva", "outreach-register"
		s.Book.Models = model.NewSet(CoachingModel(), youthModel)
		ok(t, s.DB.Update(t.Context(), actor.System(Tenant, actor.Sample, "test"), func(tx *db.Tx) error {
			_, err := unit.AddService(tx, s.Book.Models, unit.Service{ID: youth, Unit: House, Register: Walled, Name: "Etsivä", Model: "etsiva", Version: "1"})
			return err
		}))
		p := client(t, s, "Talossa")
		id, secret, _ := ask(t, s, p, youth)
		if secret != "" {
			t.Error("a link for somebody who has an account")
		}
		if err := s.Update(Mia, func(tx *db.Tx) error {
			_, err := passage.TakeIn(tx, s.Book, s.Keys, id, passage.Take{Responsible: Essi})
			return err
		}); !fault.Is(err, fault.NotFound) {
			t.Errorf("the sender answers for the receiver: %v", err)
		}
		var there string
		ok(t, s.Update(Essi, func(tx *db.Tx) (err error) {
			there, err = passage.TakeIn(tx, s.Book, s.Keys, id, passage.Take{Responsible: Essi, Step: path.Step{What: "Tutustuminen", By: tx.Today + 3}, Watch: waits(tx)})
			return err
		}))
		if st := state(t, s, 0, p); st.Status != pathway.Open || st.Responsible != Mia {
			t.Fatalf("taken in, and the sender has let go: %s", st.Status)
		}
		var to passage.Passage
		ok(t, s.Update(Essi, func(tx *db.Tx) (err error) { to, err = passage.Received(tx, id); return err }))
		if to.ToClient != there || to.State != passage.Accepted {
			t.Fatalf("%+v", to)
		}
		settle := func() (n int) {
			ok(t, s.DB.Update(t.Context(), actor.System(Tenant, actor.Checking, "test"), func(tx *db.Tx) (err error) { n, err = passage.Settle(tx, s.Book); return err }))
			return n
		}
		if settle() != 0 {
			t.Error("closed before they met")
		}
		ok(t, s.Update(Essi, func(tx *db.Tx) error {
			_, err := s.Book.Record(tx, to.ToPath, path.Record{Day: tx.Today, Minute: -1, Contact: entry.Contact{Form: entry.FormMeeting, Result: entry.Held}})
			return err
		}))
		if settle() != 1 || state(t, s, 0, p).Status != pathway.Closed {
			t.Error("they have met, and the sender's path is open")
		}
		if err := s.Update(Mia, func(tx *db.Tx) error { _, err := path.Get(tx, to.ToPath); return err }); !fault.Is(err, fault.NotFound) {
			t.Errorf("the sender sees the receiver's path: %v", err)
		}
	})
}
