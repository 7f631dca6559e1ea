package polkutest

import (
	"context"
	"testing"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/model"
	"polku/internal/path"
	"polku/internal/seal"
	"polku/internal/unit"
)

// Ids of the sample organisation.
const (
	Tenant   = 1
	House    = "unit-house"
	Register = "register-project"
	Walled   = "register-youth" // Mia and Joni see nothing here
	Service  = "service-coaching"
	Mia      = "worker-mia"  // worker
	Joni     = "worker-joni" // coordinator, duty holder of the house
	Essi     = "worker-essi" // outreach youth worker, in the walled register only
	Boss     = "worker-boss" // administrator without case access
)

// Sample is a small organisation with one service, on a world's database.
type Sample struct {
	*World
	Book *path.Book
	Keys *seal.Keys
}

// CoachingModel is a small model for tests: a mapping of three months with weekly meetings, then coaching
// with monthly ones.
func CoachingModel() *model.Model {
	months := func(n int) civil.Span { return civil.Span{N: n, Unit: civil.Months} }
	weekly := model.Cadence{ID: "yksilo", Do: model.DoMeeting, AtLeast: 1, Every: model.EveryWeek, Grace: civil.Span{N: 3, Unit: civil.Days}, Minutes: 60}
	monthly := weekly
	monthly.Every = model.EveryMonth
	return &model.Model{
		Model: "valmennus", Version: "1", Register: "employment-project", Title: model.Text{FI: "Valmennus", SV: "Coaching", EN: "Coaching"},
		Entry: model.Entry{FirstContactWithin: civil.Span{N: 5, Unit: civil.WorkingDays}},
		Promises: model.Promises{NextStep: true, Silence: civil.Span{N: 21, Unit: civil.Days}, AbsencesInRow: 3,
			HandoffAnswer: civil.Span{N: 7, Unit: civil.Days}, HandoffFirst: civil.Span{N: 14, Unit: civil.Days}},
		Phases: []model.Phase{
			{ID: "kartoitus", Title: model.Text{FI: "Kartoitus"}, Target: months(3), AtMost: months(4), Cadences: []model.Cadence{weekly}, LeadsTo: []string{"valmennus", "exit"}},
			{ID: "valmennus", Title: model.Text{FI: "Valmennus"}, Target: months(9), AtMost: months(12), Cadences: []model.Cadence{monthly}, LeadsTo: []string{"exit"}},
		},
		Exits: []model.Exit{
			{To: "open-work", FollowUp: []civil.Span{months(1)}},
			{To: "another-service", Receiver: true},
			{To: "withdrew"},
			{To: "died", Final: true},
		},
	}
}

// NewSample makes the organisation.
func NewSample(t testing.TB, w *World) *Sample {
	t.Helper()
	keys, err := seal.LoadOrMake(t.TempDir())
	must(t, err)
	w.Log.UseKeys(keys)
	book := &path.Book{Models: model.NewSet(CoachingModel()), Calendar: civil.NewCalendar(nil), Stamp: "test"}
	s := &Sample{w, book, keys}
	must(t, w.DB.Update(context.Background(), actor.System(Tenant, actor.Sample, "test"), func(tx *db.Tx) error { return s.make(tx) }))
	return s
}

func (s *Sample) make(tx *db.Tx) error {
	if err := unit.CreateTenant(tx, "Testilä"); err != nil {
		return err
	}
	if _, err := unit.AddUnit(tx, unit.Unit{ID: House, Name: "Talo"}); err != nil {
		return err
	}
	for id, kind := range map[string]string{Register: "employment-project", Walled: "outreach-register"} {
		if _, err := unit.AddRegister(tx, unit.Register{ID: id, Kind: kind, Name: kind, Controller: "Testilä"}); err != nil {
			return err
		}
	}
	for _, w := range []unit.Worker{{ID: Mia, Username: "mia", Name: "Mia Mallikas"}, {ID: Joni, Username: "joni", Name: "Joni Johdattaja"},
		{ID: Essi, Username: "essi", Name: "Essi Etsivä"}, {ID: Boss, Username: "boss", Name: "Paavo Pääkäyttäjä", Admin: true}} {
		if _, err := unit.AddWorker(tx, w); err != nil {
			return err
		}
	}
	for _, m := range []unit.Member{{Worker: Mia, Register: Register, Unit: House, Role: unit.RoleWorker},
		{Worker: Joni, Register: Register, Unit: House, Role: unit.RoleCoordinator}, {Worker: Essi, Register: Walled, Unit: House, Role: unit.RoleWorker}} {
		if err := unit.Join(tx, m); err != nil {
			return err
		}
	}
	if _, err := unit.AddService(tx, s.Book.Models, unit.Service{ID: Service, Unit: House, Register: Register, Name: "Valmennus", Model: "valmennus", Version: "1"}); err != nil {
		return err
	}
	return unit.AcceptDuty(tx, House, Joni)
}

// As gives the actor of a worker of the sample.
func As(worker string) actor.Actor {
	return actor.Actor{Tenant: Tenant, Worker: worker, Purpose: actor.Service, Screen: "test", Admin: worker == Boss}
}

// Update runs a command as a worker.
func (s *Sample) Update(worker string, fn func(tx *db.Tx) error) error {
	return s.DB.Update(context.Background(), As(worker), fn)
}

// View runs a read as a worker.
func (s *Sample) View(worker string, fn func(tx *db.Tx) error) error {
	return s.DB.View(context.Background(), As(worker), fn)
}

// Client makes a client with an open path of Mia's, begun ten days before today, and gives both ids.
func (s *Sample) Client(t testing.TB, last, first string) (clientID, pathID string) {
	t.Helper()
	must(t, s.Update(Mia, func(tx *db.Tx) error {
		var err error
		clientID, err = client.Create(tx, s.Keys, client.New{Register: Register, LastName: last, FirstName: first, Phone: "040 123 4567"})
		if err != nil {
			return err
		}
		pathID, _, err = s.Book.Start(tx, path.Start{Client: clientID, Service: Service, Day: tx.Today - 10, Responsible: Mia,
			Step: path.Step{What: "Sovi tapaaminen", By: tx.Today + 3}})
		return err
	}))
	return clientID, pathID
}
