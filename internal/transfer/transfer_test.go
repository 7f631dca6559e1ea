package transfer_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/consent"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/path"
	"polku/internal/pathway"
	. "polku/internal/polkutest"
	"polku/internal/transfer"
	"polku/internal/unit"
)

// Ids of where clients go on: a service in the same register, and one in another controller's.
const (
	other     = "register-permanent"
	house2    = "unit-permanent"
	goesOn    = "service-goes-on"   // same register, another unit
	permanent = "service-permanent" // other register
	nea       = "worker-nea"        // works in the other register only
)

// sample is the organisation with the two receiving services.
type sample struct {
	*Sample
	m *transfer.Mover
}

func newSample(t *testing.T, w *World) *sample {
	t.Helper()
	s := &sample{NewSample(t, w), nil}
	s.m = &transfer.Mover{Book: s.Book, Keys: s.Keys, Say: func(_, key string) string { return key }}
	must(t, w.DB.Update(context.Background(), actor.System(Tenant, actor.Sample, "test"), func(tx *db.Tx) error {
		if _, err := unit.AddUnit(tx, unit.Unit{ID: house2, Name: "Pysyvä"}); err != nil {
			return err
		}
		if _, err := unit.AddRegister(tx, unit.Register{ID: other, Kind: "employment-project", Name: "Pysyvä toiminta", Controller: "Kaupunki"}); err != nil {
			return err
		}
		if _, err := unit.AddWorker(tx, unit.Worker{ID: nea, Username: "nea", Name: "Nea Naapuri", Lang: "fi"}); err != nil {
			return err
		}
		for _, m := range []unit.Member{{Worker: nea, Register: other, Unit: house2, Role: unit.RoleWorker}, {Worker: Joni, Register: other, Unit: house2, Role: unit.RoleCoordinator}} {
			if err := unit.Join(tx, m); err != nil {
				return err
			}
		}
		for id, register := range map[string]string{goesOn: Register, permanent: other} {
			if _, err := unit.AddService(tx, s.Book.Models, unit.Service{ID: id, Unit: house2, Register: register, Name: id, Model: "valmennus", Version: "1"}); err != nil {
				return err
			}
		}
		return nil
	}))
	return s
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (s *sample) begin(t testing.TB, n transfer.New) (id string) {
	t.Helper()
	must(t, s.Update(Joni, func(tx *db.Tx) (err error) {
		id, err = s.m.Begin(tx, n)
		return err
	}))
	return id
}

// now gives the rows of a transfer by path, and refuses a sum that leaves anybody out.
func (s *sample) now(t testing.TB, id string) (rows map[string]transfer.Row, sum transfer.Sum) {
	t.Helper()
	rows = map[string]transfer.Row{}
	must(t, s.View(Joni, func(tx *db.Tx) error {
		x, err := transfer.Get(tx, id)
		if err != nil {
			return err
		}
		all, err := transfer.Rows(tx, x)
		if err != nil {
			return err
		}
		for _, r := range all {
			rows[r.Path] = r
		}
		sum, err = transfer.SumOf(tx, x, all)
		return err
	}))
	if !sum.Whole() {
		t.Fatalf("somebody is left behind: %+v", sum)
	}
	return rows, sum
}

func (s *sample) decide(t testing.TB, id string, d transfer.Decision) {
	t.Helper()
	must(t, s.Update(Joni, func(tx *db.Tx) error { _, err := transfer.Decide(tx, id, d); return err }))
}

func (s *sample) ask(t testing.TB, id string) (n int) {
	t.Helper()
	must(t, s.Update(Joni, func(tx *db.Tx) (err error) {
		n, err = s.m.Ask(tx, id, 1000)
		return err
	}))
	return n
}

func (s *sample) accept(t testing.TB, worker, id string, paths ...string) (n int) {
	t.Helper()
	must(t, s.Update(worker, func(tx *db.Tx) (err error) {
		n, err = transfer.Accept(tx, id, paths)
		return err
	}))
	return n
}

func (s *sample) run(t testing.TB, id string) int {
	t.Helper()
	n, err := s.m.Run(context.Background(), s.DB, As(Joni), id, nil)
	must(t, err)
	return n
}

// state gives a path's state, as the program itself sees it.
func (s *sample) state(t testing.TB, id string) (st pathway.State) {
	t.Helper()
	must(t, s.DB.View(context.Background(), actor.System(Tenant, actor.Checking, "test"), func(tx *db.Tx) error {
		p, err := path.Get(tx, id)
		if err != nil {
			return err
		}
		st, err = s.Book.StateOf(tx, p)
		return err
	}))
	return st
}

// Within a register: nothing moves before the receiver accepts; then the client's own record goes on with the receiver,
// the next step and what is credited, and the sender watches until the first contact.
func TestWithinARegister(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := newSample(t, w)
		c, p := s.Client(t, "Meri", "Aino")
		_, stays := s.Client(t, "Virta", "Veikko")
		_, declined := s.Client(t, "Lampi", "Liisa")
		must(t, s.Update(Mia, func(tx *db.Tx) error {
			_, err := s.Book.ChangePhase(tx, p, "valmennus", "")
			return err
		}))
		id := s.begin(t, transfer.New{From: Service, To: goesOn, Why: "hanke päättyy"})
		s.decide(t, id, transfer.Decision{Paths: []string{p, declined}, Receiver: Joni})
		s.decide(t, id, transfer.Decision{Paths: []string{stays}, Stay: true})
		if n := s.ask(t, id); n != 2 {
			t.Fatalf("%d asked", n)
		}
		if s.run(t, id) != 0 || s.state(t, p).Status != pathway.Open {
			t.Fatal("moved before acceptance")
		}
		if s.accept(t, Mia, id, p) != 0 {
			t.Error("somebody else accepted")
		}
		s.accept(t, Joni, id, p)
		must(t, s.Update(Joni, func(tx *db.Tx) error { _, err := transfer.Decline(tx, id, []string{declined}, "ei tilaa"); return err }))
		if s.run(t, id) != 1 || s.run(t, id) != 0 {
			t.Error("moved once and no more")
		}
		rows, sum := s.now(t, id)
		if fmt.Sprint(sum.Of[transfer.IsMoved], sum.Of[transfer.IsStaying], sum.Of[transfer.IsWaiting], sum.Open) != "1 2 0 2" {
			t.Errorf("%+v", sum)
		}
		old, next := s.state(t, p), s.state(t, rows[p].NewPath)
		if old.Status != pathway.Closed || old.ClosedTo != "another-service" || rows[p].NewClient != c {
			t.Errorf("old: %s to %s", old.Status, old.ClosedTo)
		}
		if next.Responsible != Joni || next.Phase != "valmennus" || next.NextStep == nil || next.NextStep.What != "Sovi tapaaminen" || next.Stations[0].State != "credited" {
			t.Errorf("new: %+v", next)
		}
		must(t, s.View(Joni, func(tx *db.Tx) error {
			relations, err := path.RelationsOf(tx, rows[p].NewPath)
			watches := false
			for _, r := range relations {
				watches = watches || r.Role == entry.Watcher && r.Worker == Mia && r.To.IsZero()
			}
			if !watches {
				t.Error("the sender does not watch")
			}
			return err
		}))
		must(t, s.Update(Joni, func(tx *db.Tx) error { return transfer.Finish(tx, id) }))
	})
}

// Across registers: only whose consent is in force, or whom a statute lets, crosses; each crossing is disclosed; the other
// register gets a client of its own, without the address that a safety ban hides; a block holds.
func TestAcrossRegisters(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := newSample(t, w)
		withConsent, p := s.Client(t, "Meri", "Aino")
		_, without := s.Client(t, "Virta", "Veikko")
		banned, b := s.Client(t, "Salo", "Sari")
		withdrawn, d := s.Client(t, "Lampi", "Liisa")
		var consents = map[string]string{}
		must(t, s.Update(Mia, func(tx *db.Tx) error {
			x, err := client.Get(tx, banned)
			if err != nil {
				return err
			}
			if err := client.Update(tx, banned, client.Change{Rev: x.Rev, LastName: x.LastName, FirstName: x.FirstName, Phone: x.Phone, Address: "Salainen tie 1", Municipality: "Testilä", SafetyBan: true}); err != nil {
				return err
			}
			for _, path := range []string{p, b, d} {
				if consents[path], err = consent.Give(tx, s.Book, path, consent.New{Kind: consent.Consent, Receiver: other, Scopes: []string{"contact", "worker"}, Purpose: "jatko",
					GivenBy: consent.ByClient, Way: "face", Told: "mitä siirtyy"}); err != nil {
					return err
				}
			}
			return nil
		}))
		id := s.begin(t, transfer.New{From: Service, To: permanent, Why: "toiminta vakiintuu"})
		s.decide(t, id, transfer.Decision{Paths: []string{p, without, b, d}, Receiver: nea})
		rows, _ := s.now(t, id)
		if rows[without].Missing() != "transfer.missing.consent" || rows[p].Missing() != "" {
			t.Errorf("missing: %q, %q", rows[without].Missing(), rows[p].Missing())
		}
		if n := s.ask(t, id); n != 3 {
			t.Fatalf("%d asked", n)
		}
		must(t, s.View(nea, func(tx *db.Tx) error {
			all, err := transfer.Requests(tx)
			if len(all) != 3 || all[0].StepWhat != "" || all[0].From != "Mia Mallikas" {
				t.Errorf("what the receiver is told: %+v", all)
			}
			return err
		}))
		s.accept(t, nea, id, p, b, d, without)
		must(t, s.Update(Mia, func(tx *db.Tx) error { return consent.Withdraw(tx, s.Book, d, consents[d]) }))
		if n := s.run(t, id); n != 2 {
			t.Fatalf("%d moved", n)
		}
		rows, sum := s.now(t, id)
		if sum.Of[transfer.IsMoved] != 2 || sum.Of[transfer.IsWaiting] != 2 || rows[d].State != transfer.Open || rows[d].Why != "transfer.missing.consent" {
			t.Errorf("%+v, %+v", sum, rows[d])
		}
		must(t, s.View(nea, func(tx *db.Tx) error {
			got, err := client.Get(tx, rows[p].NewClient)
			if err != nil {
				return err
			}
			if got.Register != other || got.Name() != "Aino Meri" || got.Phone == "" {
				t.Errorf("%+v", got)
			}
			if got, err = client.Get(tx, rows[b].NewClient); err != nil {
				return err
			}
			if !got.SafetyBan || got.Address+got.Phone+got.Municipality != "" {
				t.Errorf("under a ban: %+v", got)
			}
			if _, err := client.Get(tx, withConsent); !fault.Is(err, fault.NotFound) {
				t.Errorf("the receiver sees the old record: %v", err)
			}
			return nil
		}))
		must(t, s.View(Joni, func(tx *db.Tx) error {
			disclosed := func(id string) (n int) {
				_, err := tx.One(`select count(*) from disclosure_log where tenant_id = $1 and client_id = $2 and receiver = $3 and basis = 'consent'`, []any{Tenant, id, other}, &n)
				must(t, err)
				return n
			}
			if disclosed(withConsent) != 2 || disclosed(withdrawn) != 1 {
				t.Errorf("disclosed %d times when asked and moved, %d when only asked", disclosed(withConsent), disclosed(withdrawn))
			}
			return nil
		}))
		must(t, s.Update(Mia, func(tx *db.Tx) error { // nobody went over with the whole of it: the next step stayed behind
			if st := s.state(t, rows[p].NewPath); st.NextStep.What != "transfer.first_step" || st.Responsible != nea {
				t.Errorf("%+v", st.NextStep)
			}
			_, err := consent.Give(tx, s.Book, d, consent.New{Kind: consent.Block, Receiver: other, Scopes: []string{"contact"}, Purpose: "ei", GivenBy: consent.ByClient, Way: "face"})
			return err
		}))
		if rows, _ = s.now(t, id); rows[d].Missing() != "transfer.missing.blocked" {
			t.Error(rows[d].Missing())
		}
	})
}

// A run cut off between batches goes on where it stopped, and a transfer that was wrong is undone whole: whoever the
// receiver has met stays moved.
func TestResumeAndUndo(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := newSample(t, w)
		var paths []string
		for i := range transfer.Batch + 5 {
			_, p := s.Client(t, "Virta", fmt.Sprint("Asiakas ", i))
			paths = append(paths, p)
		}
		id := s.begin(t, transfer.New{From: Service, To: permanent, Why: "vakiintuu", Statute: ""})
		must(t, s.Update(Mia, func(tx *db.Tx) error {
			for _, p := range paths {
				if _, err := consent.Give(tx, s.Book, p, consent.New{Kind: consent.Consent, Receiver: other, Scopes: []string{"contact", "worker", "next_step"}, Purpose: "jatko",
					GivenBy: consent.ByClient, Way: "paper", Told: "mitä siirtyy"}); err != nil {
					return err
				}
			}
			return nil
		}))
		s.decide(t, id, transfer.Decision{Paths: paths, Receiver: nea})
		s.ask(t, id)
		s.accept(t, nea, id, paths...)
		ctx, cut := context.WithCancel(context.Background())
		n, err := s.m.Run(ctx, s.DB, As(Joni), id, func(int, int) { cut() })
		if err == nil || n != transfer.Batch {
			t.Fatalf("cut off after %d: %v", n, err)
		}
		if n := s.run(t, id); n != 5 {
			t.Fatalf("%d moved after the cut", n)
		}
		rows, _ := s.now(t, id)
		met := rows[paths[0]].NewPath
		must(t, s.Update(nea, func(tx *db.Tx) error {
			_, err := s.Book.Record(tx, met, path.Record{Day: tx.Today, Minute: -1, Contact: entry.Contact{Form: entry.FormCall, Result: entry.Held}})
			return err
		}))
		back, kept, err := s.m.Undo(context.Background(), s.DB, As(Joni), id)
		if err != nil || back != len(paths)-1 || kept != 1 {
			t.Fatal(back, kept, err)
		}
		rows, sum := s.now(t, id)
		if sum.Of[transfer.IsMoved] != 1 || sum.Of[transfer.IsStaying] != len(paths)-1 || !rows[paths[0]].Contacted {
			t.Errorf("%+v", sum)
		}
		if st := s.state(t, paths[1]); st.Status != pathway.Open || st.Responsible != Mia || st.NextStep == nil {
			t.Errorf("%+v", st)
		}
		var left int
		must(t, s.View(Joni, func(tx *db.Tx) error {
			_, err := tx.One(`select count(*) from client where tenant_id = $1 and register_id = $2`, []any{Tenant, other}, &left)
			return err
		}))
		if left != 1 {
			t.Errorf("%d clients left in the other register", left)
		}
	})
}

// Only who coordinates the unit leads its clients on, a closed statute is refused, and one transfer at a time.
func TestWhoMayLead(t *testing.T) {
	s := newSample(t, New(t, t.TempDir()))
	s.Client(t, "Meri", "Aino")
	try := func(worker string, n transfer.New) error {
		return s.Update(worker, func(tx *db.Tx) error { _, err := s.m.Begin(tx, n); return err })
	}
	if err := try(Mia, transfer.New{From: Service, To: goesOn, Why: "x"}); !fault.Is(err, fault.Denied) {
		t.Errorf("a worker began: %v", err)
	}
	for _, n := range []transfer.New{{To: goesOn, Why: "x"}, {From: Service, To: Service, Why: "x"}, {From: Service, To: goesOn}, {From: Service, To: permanent, Why: "x", Statute: "joint-work"}} {
		if err := try(Joni, n); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", n, err)
		}
	}
	id := s.begin(t, transfer.New{From: Service, To: goesOn, Why: "x"})
	if err := try(Joni, transfer.New{From: Service, To: goesOn, Why: "x"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("two at once: %v", err)
	}
	if err := s.Update(Mia, func(tx *db.Tx) error { _, err := transfer.Decide(tx, id, transfer.Decision{}); return err }); !fault.Is(err, fault.NotFound) {
		t.Errorf("somebody else's transfer: %v", err)
	}
}

// Whatever is done in whatever order, every open path is one of moved, staying, exited and waiting, and no open path is
// without responsible worker and next step.
func TestNobodyIsLeftBehind(t *testing.T) {
	s := newSample(t, New(t, t.TempDir()))
	round := 0
	rapid.Check(t, func(r *rapid.T) {
		if round++; round > 12 {
			return // a dozen stories of twenty acts each say what there is to say
		}
		service := fmt.Sprint("service-", round)
		must(t, s.DB.Update(context.Background(), actor.System(Tenant, actor.Sample, "test"), func(tx *db.Tx) error {
			_, err := unit.AddService(tx, s.Book.Models, unit.Service{ID: service, Unit: House, Register: Register, Name: service, Model: "valmennus", Version: "1"})
			return err
		}))
		var paths []string
		join := func() {
			must(t, s.Update(Mia, func(tx *db.Tx) error {
				c, err := client.Create(tx, s.Keys, client.New{Register: Register, LastName: "Virta", FirstName: fmt.Sprint(round, "-", len(paths))})
				if err != nil {
					return err
				}
				p, _, err := s.Book.Start(tx, path.Start{Client: c, Service: service, Day: tx.Today, Responsible: Mia, Step: path.Step{What: "Soita", By: tx.Today + 3}})
				paths = append(paths, p)
				return err
			}))
		}
		for range 4 {
			join()
		}
		id := s.begin(t, transfer.New{From: service, To: goesOn, Why: "päättyy"})
		for range rapid.IntRange(5, 20).Draw(r, "acts") {
			p := rapid.SampledFrom(paths).Draw(r, "path")
			act := rapid.SampledFrom([]string{"join", "receiver", "stay", "ask", "accept", "decline", "run", "leave", "pause"}).Draw(r, "act")
			var err error
			switch act {
			case "join":
				join()
			case "receiver":
				s.decide(t, id, transfer.Decision{Paths: []string{p}, Receiver: Joni})
			case "stay":
				s.decide(t, id, transfer.Decision{Paths: []string{p}, Stay: true})
			case "ask":
				s.ask(t, id)
			case "accept":
				s.accept(t, Joni, id, p)
			case "decline":
				err = s.Update(Joni, func(tx *db.Tx) error { _, err := transfer.Decline(tx, id, []string{p}, "ei"); return err })
			case "run":
				s.run(t, id)
			case "leave":
				err = s.Update(Mia, func(tx *db.Tx) error {
					_, err := s.Book.Append(tx, p, entry.Entry{ID: fmt.Sprint(id, p), Day: tx.Today, Minute: -1, Kind: entry.KindExit, Body: &entry.Exit{Step: entry.ExitDone, To: "withdrew"}})
					return err
				})
			case "pause":
				err = s.Update(Mia, func(tx *db.Tx) error { _, err := s.Book.Pause(tx, p, "loma", tx.Today+30); return err })
			}
			if err != nil && !fault.Is(err, fault.Conflict) {
				t.Fatal(act, err)
			}
			_, sum := s.now(t, id)
			if sum.All != len(paths) {
				t.Fatalf("after %s: %d rows of %d paths", act, sum.All, len(paths))
			}
		}
		must(t, s.View(Joni, func(tx *db.Tx) error {
			var hanging int
			_, err := tx.One(`select count(*) from standing where tenant_id = $1 and status <> 'closed' and (responsible is null or step_by is null)`, []any{Tenant}, &hanging)
			if hanging > 0 {
				t.Errorf("%d left hanging", hanging)
			}
			return err
		}))
	})
}

// The preview tells, phase by phase, what the receiver will owe, and of one path how it stands before and after.
func TestPreview(t *testing.T) {
	s := newSample(t, New(t, t.TempDir()))
	_, p := s.Client(t, "Meri", "Aino")
	id := s.begin(t, transfer.New{From: Service, To: goesOn, Why: "x"})
	must(t, s.View(Joni, func(tx *db.Tx) error {
		x, err := transfer.Get(tx, id)
		if err != nil {
			return err
		}
		rows, err := transfer.Rows(tx, x)
		if err != nil {
			return err
		}
		changes, err := s.m.Changes(tx, x, rows)
		if err != nil {
			return err
		}
		var owed []string
		for _, o := range changes[0].Owed {
			owed = append(owed, string(o.Kind))
		}
		if len(changes) != 1 || changes[0].Paths != 1 || changes[0].New != "kartoitus" || !strings.Contains(strings.Join(owed, " "), "cadence") {
			t.Errorf("%+v", changes)
		}
		before, after, err := s.m.Preview(tx, x, rows[0])
		if before.Started != civil.New(2026, 2, 20) || after.Started != tx.Today || after.NextStep.What != before.NextStep.What {
			t.Errorf("%s, %s", before.Started, after.Started)
		}
		if s.state(t, p).Started != before.Started {
			t.Error("the preview wrote")
		}
		return err
	}))
}
