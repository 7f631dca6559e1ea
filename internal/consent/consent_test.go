package consent_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/closeperson"
	"polku/internal/consent"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/hetu"
	"polku/internal/ident"
	"polku/internal/model"
	"polku/internal/path"
	. "polku/internal/polkutest"
	"polku/internal/unit"
)

// house is the sample with Tuomas in two registers: Mia's project, and Essi's outreach youth work.
type house struct {
	*Sample
	t                    *testing.T
	mine, myPath         string // client and path in the project
	young, youngPath     string // the same person in outreach youth work
	stranger, strangerAt string // somebody in the project only
}

func newHouse(t *testing.T, w *World) *house {
	s := NewSample(t, w)
	youth := CoachingModel()
	youth.Model, youth.Register = "etsiva", consent.Outreach
	s.Book.Models = model.NewSet(CoachingModel(), youth)
	h := &house{Sample: s, t: t}
	h.do(Boss, func(tx *db.Tx) error {
		_, err := unit.AddService(tx, s.Book.Models, unit.Service{ID: "service-youth", Unit: House, Register: Walled, Name: "Etsivä", Model: "etsiva", Version: "1"})
		return err
	})
	h.mine, h.myPath = h.client(Mia, Register, Service, "150205A901M")
	h.young, h.youngPath = h.client(Essi, Walled, "service-youth", "150205A901M")
	h.stranger, h.strangerAt = h.client(Mia, Register, Service, "150205A902N")
	return h
}

func (h *house) client(worker, register, service, code string) (id, at string) {
	h.do(worker, func(tx *db.Tx) error {
		var err error
		if id, err = client.Create(tx, h.Keys, client.New{Register: register, LastName: "Takala", FirstName: "Tuomas", Code: hetu.Code(code), Phone: "040 123 4567"}); err != nil {
			return err
		}
		at, _, err = h.Book.Start(tx, path.Start{Client: id, Service: service, Day: tx.Today - 10, Responsible: worker,
			Step: path.Step{What: "Tavataan kirjastolla", By: tx.Today + 3}})
		return err
	})
	return id, at
}

func (h *house) do(worker string, fn func(tx *db.Tx) error) {
	h.t.Helper()
	if err := h.Update(worker, fn); err != nil {
		h.t.Fatal(err)
	}
}

// give lets Tuomas allow Mia's project to see something of his outreach youth work.
func (h *house) give(n consent.New) (id string) {
	h.t.Helper()
	h.do(Essi, func(tx *db.Tx) error {
		var err error
		id, err = consent.Give(tx, h.Book, h.youngPath, n)
		return err
	})
	return id
}

func allows(scopes ...string) consent.New {
	return consent.New{Kind: consent.Consent, Receiver: Register, Scopes: scopes, Purpose: "yhteinen suunnittelu", GivenBy: consent.ByClient, Way: "face",
		Told: "mitä, kenelle, ja että sen voi perua"}
}

// sees gives what Mia sees of the other register by the joint view of a client of hers.
func (h *house) sees(worker, id string) (parts []consent.Part) {
	h.t.Helper()
	h.do(worker, func(tx *db.Tx) error { return consent.Cross(tx, id) })
	if err := h.View(worker, func(tx *db.Tx) error {
		var err error
		parts, err = consent.Joint(tx, &h.Book.Journal, id)
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return parts
}

func hasField(err error, field string) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Fields[field] != ""
}

func laterBy(days int) func() time.Time {
	return func() time.Time { return Noon.AddDate(0, 0, days) }
}

func (h *house) disclosures() (n int) {
	h.t.Helper()
	if err := h.View("system", func(tx *db.Tx) error {
		_, err := tx.One(`select count(*) from disclosure_log where tenant_id = $1`, []any{Tenant}, &n)
		return err
	}); err != nil {
		h.t.Fatal(err)
	}
	return n
}

func TestNothingCrossesWithoutADecision(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		h := newHouse(t, w)
		if parts := h.sees(Mia, h.mine); len(parts) != 0 {
			t.Fatalf("%+v", parts)
		}
		if parts := h.sees(Mia, h.stranger); len(parts) != 0 {
			t.Fatalf("%+v", parts)
		}
		if n := h.disclosures(); n != 0 {
			t.Fatal(n)
		}
	})
}

func TestAConsentOpensWhatItNamesAndLeavesARow(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		h := newHouse(t, w)
		h.give(allows("next_step"))
		parts := h.sees(Mia, h.mine)
		if len(parts) != 1 || parts[0].Client != h.young || parts[0].Name != "" || len(parts[0].Paths) != 1 || parts[0].Paths[0].StepWhat != "Tavataan kirjastolla" ||
			parts[0].Paths[0].Worker != "" || len(parts[0].Entries) != 0 {
			t.Fatalf("%+v", parts)
		}
		if n := h.disclosures(); n != 1 {
			t.Fatal("rows of the disclosure log:", n)
		}
		if parts := h.sees(Mia, h.stranger); len(parts) != 0 {
			t.Fatal("another client's page showed it", parts)
		}
		if parts := h.sees(Joni, h.mine); len(parts) != 1 {
			t.Fatal("the receiver is the register, not one worker", parts)
		}
		if parts := h.sees(Essi, h.young); len(parts) != 0 {
			t.Fatal("a consent opens one way only", parts)
		}
	})
}

func TestEveryScopeShowsItsOwnPart(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		h := newHouse(t, w)
		h.do(Essi, func(tx *db.Tx) error {
			_, err := h.Book.Append(tx, h.youngPath,
				entry.Entry{ID: ident.New(), Day: tx.Today - 3, Minute: -1, Kind: entry.KindContact, Body: &entry.Contact{Form: "meeting", Result: entry.Held}},
				entry.Entry{ID: ident.New(), Day: tx.Today - 200, Minute: -1, Kind: entry.KindNote, Body: &entry.Note{Text: "vanha"}},
				entry.Entry{ID: ident.New(), Day: tx.Today - 2, Minute: -1, Kind: entry.KindAttendance, Body: &entry.Attendance{}})
			return err
		})
		show := func(scope string) consent.Part {
			id := h.give(allows(scope))
			parts := h.sees(Mia, h.mine)
			h.do(Essi, func(tx *db.Tx) error { return consent.Withdraw(tx, h.Book, h.youngPath, id) })
			if len(parts) != 1 {
				t.Fatalf("%s: %+v", scope, parts)
			}
			return parts[0]
		}
		kinds := func(p consent.Part) (k []entry.Kind) {
			for _, e := range p.Entries {
				k = append(k, e.Kind)
			}
			return k
		}
		if p := show("contact"); p.Name != "Tuomas Takala" || p.Phone == "" || p.Paths != nil || p.Entries != nil {
			t.Errorf("contact: %+v", p)
		}
		if p := show("worker"); p.Name != "" || len(p.Paths) != 1 || p.Paths[0].Worker != "Essi Etsivä" || p.Paths[0].StepWhat != "" {
			t.Errorf("worker: %+v", p)
		}
		if p := show("notes"); !slices.Equal(kinds(p), []entry.Kind{entry.KindContact}) {
			t.Errorf("notes of the last three months: %v", kinds(p))
		}
		if p := show("attendance"); !slices.Equal(kinds(p), []entry.Kind{entry.KindAttendance}) {
			t.Errorf("attendance: %v", kinds(p))
		}
		if p := show("plan"); len(p.Entries) != 0 {
			t.Errorf("plan: %v", kinds(p))
		}
	})
}

func TestWithdrawnOrOverOpensNothing(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		h := newHouse(t, w)
		id := h.give(allows("contact", "notes"))
		if parts := h.sees(Mia, h.mine); len(parts) != 1 {
			t.Fatal(parts)
		}
		h.do(Essi, func(tx *db.Tx) error { return consent.Withdraw(tx, h.Book, h.youngPath, id) })
		if parts := h.sees(Mia, h.mine); len(parts) != 0 {
			t.Fatal("withdrawn at once", parts)
		}
		until := allows("contact")
		until.To = civil.Of(Noon, w.DB.Zone)
		h.give(until)
		if parts := h.sees(Mia, h.mine); len(parts) != 1 {
			t.Fatal("its last day counts", parts)
		}
		w.DB.Now = laterBy(1)
		if parts := h.sees(Mia, h.mine); len(parts) != 0 {
			t.Fatal("it was over yesterday", parts)
		}
	})
}

func TestABlockWins(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		h := newHouse(t, w)
		h.give(allows("contact", "next_step"))
		block := allows("contact")
		block.Kind = consent.Block
		h.give(block)
		if parts := h.sees(Mia, h.mine); len(parts) != 1 || parts[0].Name != "" || len(parts[0].Paths) != 1 {
			t.Fatalf("%+v", parts)
		}
	})
}

func TestWhatAConsentNeeds(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		h := newHouse(t, w)
		try := func(change func(*consent.New), field string) {
			t.Helper()
			n := allows("contact")
			change(&n)
			err := h.Update(Essi, func(tx *db.Tx) error { _, err := consent.Give(tx, h.Book, h.youngPath, n); return err })
			if !hasField(err, field) {
				t.Errorf("%s: %v", field, err)
			}
		}
		try(func(n *consent.New) { n.Scopes = nil }, "scope")
		try(func(n *consent.New) { n.Scopes = []string{"everything"} }, "scope")
		try(func(n *consent.New) { n.Receiver = "" }, "receiver")
		try(func(n *consent.New) { n.Receiver = Walled }, "receiver")
		try(func(n *consent.New) { n.Receiver = "no-such" }, "receiver")
		try(func(n *consent.New) { n.Purpose = " " }, "purpose")
		try(func(n *consent.New) { n.Told = "" }, "told")
		try(func(n *consent.New) { n.To = 1 }, "to")
		try(func(n *consent.New) { n.GivenBy = consent.ByGuardian }, "given_by")
		if err := h.Update(Mia, func(tx *db.Tx) error {
			_, err := consent.Give(tx, h.Book, h.youngPath, allows("contact"))
			return err
		}); !fault.Is(err, fault.NotFound) {
			t.Error("Mia has no part in the youth register:", err)
		}
	})
}

// A guardian decides for a minor only when it has been written down that they may; once the young person is of age no more.
func TestAGuardianHasASayOnlyOfAMinor(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		h := newHouse(t, w) // Noon is in March 2026: born 15.2.2005 is 21
		guardian := closeperson.Person{Kind: closeperson.Guardian, Name: "Tarja Takala", MayConsent: true, Why: "yhdessä sovittu"}
		err := h.Update(Essi, func(tx *db.Tx) error { _, err := closeperson.Add(tx, h.young, guardian); return err })
		if !hasField(err, "kind") {
			t.Fatal("no guardian of an adult:", err)
		}
		h.do(Essi, func(tx *db.Tx) error {
			_, err := tx.Exec(`update client set born = $3 where tenant_id = $1 and client_id = $2`, Tenant, h.young, civil.New(2010, 3, 1))
			return err
		})
		h.do(Essi, func(tx *db.Tx) error { _, err := closeperson.Add(tx, h.young, guardian); return err })
		n := allows("contact")
		n.GivenBy = consent.ByBoth
		h.give(n)
		w.DB.Now = laterBy(366 * 3)
		err = h.Update(Essi, func(tx *db.Tx) error { _, err := consent.Give(tx, h.Book, h.youngPath, n); return err })
		if !hasField(err, "given_by") {
			t.Error("of age now:", err)
		}
	})
}

func TestTellingNeedsAGround(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		h := newHouse(t, w)
		tell := func(worker, at string, x consent.Telling) error {
			x.Purpose = "palvelun suunnittelu"
			return h.Update(worker, func(tx *db.Tx) error { return consent.Tell(tx, at, x) })
		}
		to := consent.Telling{ReceiverName: "Testilän terveysasema", Scopes: []string{"contact"}}
		by := func(basis string, scopes ...string) consent.Telling {
			x := to
			x.Basis, x.Scopes = basis, scopes
			return x
		}
		if err := tell(Essi, h.youngPath, by("", "contact")); !hasField(err, "basis") {
			t.Error("no ground:", err)
		}
		for _, s := range consent.Statutes {
			if err := tell(Essi, h.youngPath, by(s.ID, "contact")); (s.ID == "child-welfare") != (err == nil) {
				t.Errorf("outreach youth work, %s: %v", s.ID, err)
			}
		}
		if err := tell(Mia, h.myPath, by("youth-report", "contact")); err != nil {
			t.Error(err)
		}
		if err := tell(Mia, h.myPath, by("youth-report", "contact", "notes")); !hasField(err, "scope") {
			t.Error("only contact data without consent:", err)
		}
		n := allows("contact", "plan")
		n.Receiver, n.ReceiverName = "", "Testilän Terveysasema "
		id := h.give(n)
		if err := tell(Essi, h.youngPath, by(id, "contact", "plan")); err != nil {
			t.Error(err)
		}
		if err := tell(Essi, h.youngPath, by(id, "notes")); !hasField(err, "scope") {
			t.Error(err)
		}
		other := by(id, "contact")
		other.ReceiverName = "Naapuri"
		if err := tell(Essi, h.youngPath, other); !hasField(err, "receiver") {
			t.Error(err)
		}
		if n := h.disclosures(); n != 3 {
			t.Error("one row for each telling:", n)
		}
	})
}
