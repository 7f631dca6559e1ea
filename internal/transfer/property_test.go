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
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/path"
	. "polku/internal/polkutest"
	"polku/internal/transfer"
	"polku/internal/unit"
)

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
