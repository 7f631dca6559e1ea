package care_test

import (
	"testing"

	"polku/internal/actor"
	"polku/internal/care"
	"polku/internal/civil"
	"polku/internal/consent"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/model"
	"polku/internal/path"
	"polku/internal/pathway"
	. "polku/internal/polkutest"
	"polku/internal/unit"
)

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// The note for home visits is for those who work with the client: a colleague of the same unit who only sees them in a
// list does not read it.
func TestVisitNote(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		ok(t, s.DB.Update(t.Context(), actor.System(Tenant, actor.Sample, "test"), func(tx *db.Tx) error {
			if _, err := unit.AddWorker(tx, unit.Worker{ID: "worker-next", Username: "next", Name: "Nasse Naapuri"}); err != nil {
				return err
			}
			return unit.Join(tx, unit.Member{Worker: "worker-next", Register: Register, Unit: House, Role: unit.RoleWorker})
		}))
		client, p := s.Client(t, "Koti", "Liisa")
		ok(t, s.Update(Mia, func(tx *db.Tx) error { return care.SaveVisitNote(tx, client, "Iso koira. Soita ennen kuin tulet.") }))
		for who, want := range map[string]fault.Kind{Mia: 0, Joni: 0, "worker-next": fault.Denied, Essi: fault.NotFound} {
			err := s.View(who, func(tx *db.Tx) error { _, err := care.VisitNote(tx, client); return err })
			if (err == nil) != (want == 0) || err != nil && !fault.Is(err, want) {
				t.Errorf("%s: %v", who, err)
			}
		}
		ok(t, s.View("worker-next", func(tx *db.Tx) error { // they see that there is one, and whom to ask
			f, err := care.Get(tx, client)
			if !f.HasNote {
				t.Error("nobody says that there is a note")
			}
			return err
		}))
		ok(t, s.Update(Mia, func(tx *db.Tx) error { return care.AddHelper(tx, s.Book, p, "worker-next", 0, "ryhmänohjaaja") }))
		ok(t, s.View("worker-next", func(tx *db.Tx) error { _, err := care.VisitNote(tx, client); return err }))
	})
}

// What is asked once is kept apart from what nobody has asked: no interpreter and nobody to call are answers too.
func TestAskedOnce(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		client, _ := s.Client(t, "Alku", "Liisa")
		get := func() (f care.Facts) {
			ok(t, s.View(Mia, func(tx *db.Tx) (err error) { f, err = care.Get(tx, client); return err }))
			return f
		}
		if f := get(); f.Interpreter != care.NotAsked || f.Contact.Asked() {
			t.Errorf("%+v", f)
		}
		if err := s.Update(Mia, func(tx *db.Tx) error { return care.SaveInterpreter(tx, client, "", care.Remotely) }); !fault.Is(err, fault.Invalid) {
			t.Errorf("an interpreter of no language: %v", err)
		}
		ok(t, s.Update(Mia, func(tx *db.Tx) error { return care.SaveInterpreter(tx, client, "ar", care.Remotely) }))
		ok(t, s.Update(Mia, func(tx *db.Tx) error { return care.SaveContact(tx, client, care.Contact{None: true}) }))
		if f := get(); f.Language != "ar" || f.Interpreter != care.Remotely || !f.Contact.Asked() {
			t.Errorf("%+v", f)
		}
	})
}

// The circle keeps who helped, until when and why it ended; nobody is in it twice.
func TestCircle(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		client, id := s.Client(t, "Verkko", "Liisa")
		p := path.Path{ID: id, Client: client, Register: Register, Service: Service, Unit: House}
		circle := func() (all []care.Member) {
			ok(t, s.View(Mia, func(tx *db.Tx) error {
				entries, err := s.Book.Entries(tx, p)
				all = care.Circle(entries)
				return err
			}))
			return all
		}
		add := func(m care.Member) {
			ok(t, s.Update(Mia, func(tx *db.Tx) error { return care.AddMember(tx, s.Book, id, m) }))
		}
		add(care.Member{Name: "Teija Terve", Part: "omahoitaja", Of: "Terveysasema", Phone: "08 123"})
		add(care.Member{Name: "Täti", Part: "läheinen"})
		all := circle()
		add(care.Member{ID: all[0].ID, Name: "Teija Terve", Part: "omahoitaja", Of: "Hyvinvointialue"})
		if all = circle(); len(all) != 2 || all[0].Of != "Hyvinvointialue" {
			t.Fatalf("%+v", all)
		}
		if err := s.Update(Mia, func(tx *db.Tx) error { return care.EndMember(tx, s.Book, id, all[0].ID, " ") }); !fault.Is(err, fault.Invalid) {
			t.Errorf("an end without a reason: %v", err)
		}
		ok(t, s.Update(Mia, func(tx *db.Tx) error { return care.EndMember(tx, s.Book, id, all[0].ID, "vaihtoi työpaikkaa") }))
		if all = circle(); len(all) != 2 || all[1].Why != "vaihtoi työpaikkaa" || all[1].To.IsZero() {
			t.Errorf("%+v", all)
		}
		if err := s.Update(Mia, func(tx *db.Tx) error { return care.AddHelper(tx, s.Book, id, Mia, 0, "itse") }); !fault.Is(err, fault.Invalid) {
			t.Errorf("the responsible worker beside themselves: %v", err)
		}
		if err := s.Update(Mia, func(tx *db.Tx) error {
			return care.Tell(tx, s.Book, id, entry.ToldClient{About: entry.AboutVoluntary, Way: entry.WayFace})
		}); !fault.Is(err, fault.Invalid) {
			t.Errorf("voluntary without a yes: %v", err)
		}
	})
}

// What a previous service did satisfies what the model says, and is offered once: within the register as such, over a wall
// only when the client has allowed plans to be told.
func TestCredit(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		next := CoachingModel()
		next.Model, next.StartsFrom = "jatko", []model.StartsFrom{{Model: "valmennus", Phase: "kartoitus", Satisfies: []string{"kartoitus"}}}
		s.Book.Models = model.NewSet(CoachingModel(), next)
		const follow = "service-follow"
		ok(t, s.DB.Update(t.Context(), actor.System(Tenant, actor.Sample, "test"), func(tx *db.Tx) error {
			_, err := unit.AddService(tx, s.Book.Models, unit.Service{ID: follow, Unit: House, Register: Register, Name: "Jatko", Model: "jatko", Version: "1"})
			return err
		}))
		client, before := s.Client(t, "Jatkaja", "Liisa")
		ok(t, s.Update(Mia, func(tx *db.Tx) error { _, err := s.Book.ChangePhase(tx, before, "valmennus", ""); return err }))
		var p path.Path
		ok(t, s.Update(Mia, func(tx *db.Tx) error {
			id, _, err := s.Book.Start(tx, path.Start{Client: client, Service: follow, Day: tx.Today, Responsible: Mia, Step: path.Step{What: "Soita", By: tx.Today + 1}})
			p = path.Path{ID: id, Client: client, Register: Register, Service: follow, Unit: House}
			return err
		}))
		credits := func(days int) (all []care.Credit) {
			ok(t, s.View(Mia, func(tx *db.Tx) (err error) {
				tx.Today += civil.Date(days)
				all, err = care.Credits(tx, s.Book, p)
				return err
			}))
			return all
		}
		all := credits(1)
		if len(all) != 1 || all[0].Path != before || all[0].Across {
			t.Fatalf("%+v", all)
		}
		var was, then pathway.State
		ok(t, s.Update(Mia, func(tx *db.Tx) (err error) {
			tx.Today++
			if was, err = s.Book.StateOf(tx, p); err != nil {
				return err
			}
			if then, err = care.PreviewCredit(tx, s.Book, p, before); err != nil {
				return err
			}
			_, err = care.TakeCredit(tx, s.Book, p, before)
			return err
		}))
		if len(then.Obligations) >= len(was.Obligations) {
			t.Errorf("nothing is satisfied: %d owed before, %d after", len(was.Obligations), len(then.Obligations))
		}
		if all := credits(1); len(all) != 0 {
			t.Errorf("offered again: %+v", all)
		}
		_ = consent.Plan
	})
}

// Whoever speaks the client's language is proposed first, then by load.
func TestProposal(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		s.Client(t, "Yksi", "Liisa") // Mia's
		first := func(language string) string {
			var all []care.Colleague
			ok(t, s.View(Mia, func(tx *db.Tx) (err error) { all, err = care.Colleagues(tx, Register, language); return err }))
			return all[0].Worker.ID
		}
		if got := first("ar"); got != Joni {
			t.Errorf("by load: %s", got)
		}
		ok(t, s.Update(Mia, func(tx *db.Tx) error { return care.SaveSpeaks(tx, []string{"ar", "en"}) }))
		if got := first("ar"); got != Mia {
			t.Errorf("by language: %s", got)
		}
	})
}
