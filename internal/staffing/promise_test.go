package staffing_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"pgregory.net/rapid"

	"polku/internal/actor"
	"polku/internal/aftercare"
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/closing"
	"polku/internal/consent"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/handoff"
	"polku/internal/ident"
	"polku/internal/passage"
	"polku/internal/path"
	"polku/internal/pathway"
	. "polku/internal/polkutest"
	"polku/internal/staffing"
	"polku/internal/ticket"
	"polku/internal/unit"
)

// reference is the small model against which the program is played: per path what must hold, by the
// simplest bookkeeping that could be right.
type reference struct {
	client      string
	responsible string
	closed      bool
	paused      bool
	asked       bool   // an exit waits for its receiver
	offered     string // open hand-off; to whom
	handoff     string
	passage     string // asked last
}

// game is one random play.
type game struct {
	s     *Sample
	paths map[string]*reference
	order []string
	gone  map[string]bool // removed workers
	days  int
}

// The promise: no sequence of commands that the program accepts leaves an open path without exactly one
// responsible worker, who is there, and a dated next step. Random commands by random workers, sensible or
// not, are played against the program and the reference; after each, every path is looked at.
func TestNobodyIsLeftHanging(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		ok(t, s.DB.Update(context.Background(), actor.System(Tenant, actor.Sample, "test"), func(tx *db.Tx) error {
			for _, id := range []string{"worker-a", "worker-b"} {
				if _, err := unit.AddWorker(tx, unit.Worker{ID: id, Username: id, Name: id}); err != nil {
					return err
				}
				if err := unit.Join(tx, unit.Member{Worker: id, Register: Register, Unit: House, Role: unit.RoleWorker}); err != nil {
					return err
				}
			}
			return nil
		}))
		rapid.Check(t, func(t *rapid.T) {
			g := &game{s: s, paths: map[string]*reference{}, gone: map[string]bool{}}
			for range rapid.IntRange(5, 40).Draw(t, "commands") {
				g.play(t)
			}
		})
	})
}

// TestMain keeps the play short: make test plays it on two engines, with the race detector besides.
func TestMain(m *testing.M) {
	if os.Getenv("RAPID_CHECKS") == "" {
		os.Args = append(os.Args, "-rapid.checks=25")
	}
	os.Exit(m.Run())
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var staff = []string{Mia, Joni, "worker-a", "worker-b", Essi, Boss}

// play plays one random command and looks at every path afterwards.
func (g *game) play(t *rapid.T) {
	who := rapid.SampledFrom(staff).Draw(t, "who")
	g.days += rapid.IntRange(0, 20).Draw(t, "days later")
	command := rapid.SampledFrom(commands).Draw(t, "command")
	var id string
	if len(g.order) > 0 {
		id = rapid.SampledFrom(g.order).Draw(t, "path")
	}
	if id == "" && command.name != "new" {
		return
	}
	update := g.s.DB.Update
	if rapid.Bool().Draw(t, "ahead of its turn") {
		update = g.s.DB.UpdateAhead
	}
	err := update(context.Background(), As(who), func(tx *db.Tx) error {
		tx.Today += civil.Date(g.days)
		return command.run(g, t, tx, who, id)
	})
	if err != nil && fault.Of(err) == fault.Internal {
		t.Fatalf("%s by %s: %v", command.name, who, err)
	}
	if err == nil {
		command.then(g, who, id)
	}
	g.look(t, fmt.Sprintf("after %s by %s (%v)", command.name, who, err))
}

// look compares every path with the promise and the reference.
func (g *game) look(t *rapid.T, when string) {
	err := g.s.DB.View(context.Background(), actor.System(Tenant, actor.Checking, "test"), func(tx *db.Tx) error {
		tx.Today += civil.Date(g.days)
		for _, id := range g.order {
			want := g.paths[id]
			p, err := path.Get(tx, id)
			if err != nil {
				return err
			}
			s, err := g.s.Book.Evaluate(tx, p)
			if err != nil {
				return err
			}
			relations, err := path.RelationsOf(tx, id)
			if err != nil {
				return err
			}
			responsible := 0
			for _, r := range relations {
				if r.Role == entry.Responsible && r.To.IsZero() {
					responsible++
					if r.Worker != want.responsible {
						t.Fatalf("%s: the relation says %s is responsible, the reference %s", when, r.Worker, want.responsible)
					}
				}
			}
			if (s.Status == pathway.Closed) != want.closed {
				t.Fatalf("%s: the path is %s, the reference says closed %v", when, s.Status, want.closed)
			}
			if want.closed {
				continue
			}
			if responsible != 1 || s.Responsible != want.responsible || g.gone[s.Responsible] {
				t.Fatalf("%s: %d responsible workers, %q by the engine, %q by the reference, gone %v", when, responsible, s.Responsible, want.responsible, g.gone[s.Responsible])
			}
			if s.NextStep == nil || s.NextStep.By.IsZero() {
				t.Fatalf("%s: an open path has no dated next step", when)
			}
			if (s.Status == pathway.Paused) != want.paused {
				t.Fatalf("%s: the path is %s, the reference says paused %v", when, s.Status, want.paused)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%s: %v", when, err)
	}
}

// answer is what a receiver outside does: the program itself is the actor, as behind their link.
func (g *game) answer(tx *db.Tx, id string, fn func(tx *db.Tx, x passage.Passage) error) error {
	outside := *tx
	outside.Who = actor.System(Tenant, actor.Service, "test")
	x, err := passage.Open(&outside, g.s.Book, ticket.Ticket{Kind: ticket.Passage, About: g.paths[id].passage})
	if err != nil {
		return err
	}
	return fn(&outside, x)
}

type command struct {
	name string
	run  func(g *game, t *rapid.T, tx *db.Tx, who, id string) error
	then func(g *game, who, id string)
}

func nothing(*game, string, string) {}

// step draws a next step: mostly sensible, at times without words or in the past.
func step(t *rapid.T, tx *db.Tx) path.Step {
	return path.Step{What: rapid.SampledFrom([]string{"Soita", "Tapaaminen", ""}).Draw(t, "what"),
		By: tx.Today + civil.Date(rapid.IntRange(-2, 30).Draw(t, "by"))}
}

func maybe(t *rapid.T, s path.Step) *path.Step {
	if rapid.Bool().Draw(t, "with a step") {
		return &s
	}
	return nil
}

func (g *game) state(tx *db.Tx, id string) (pathway.State, error) {
	p, err := path.Get(tx, id)
	if err != nil {
		return pathway.State{}, err
	}
	return g.s.Book.StateOf(tx, p)
}

var latest struct{ path, client, responsible string } // of the last new path, for then

var commands = []command{
	{"new", func(g *game, t *rapid.T, tx *db.Tx, who, _ string) error {
		c, err := client.Create(tx, g.s.Keys, client.New{Register: Register, LastName: "Testi", FirstName: ident.New()})
		if err != nil {
			return err
		}
		latest.client, latest.path, latest.responsible = c, ident.New(), rapid.SampledFrom(staff).Draw(t, "responsible")
		_, _, err = g.s.Book.Start(tx, path.Start{ID: latest.path, Client: c, Service: Service, Day: tx.Today - 3, Responsible: latest.responsible, Step: step(t, tx)})
		return err
	}, func(g *game, _, _ string) {
		g.paths[latest.path] = &reference{client: latest.client, responsible: latest.responsible}
		g.order = append(g.order, latest.path)
	}},
	{"record", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		s, err := g.state(tx, id)
		if err != nil {
			return err
		}
		r := path.Record{Day: tx.Today, Minute: -1, Contact: entry.Contact{Form: entry.FormCall,
			Result: rapid.SampledFrom([]entry.Result{entry.Held, entry.NoAnswer, entry.Booked}).Draw(t, "result")}, Next: maybe(t, step(t, tx))}
		if s.NextStep != nil && rapid.Bool().Draw(t, "ends") {
			r.EndTask = s.NextStep.Task
		}
		_, err = g.s.Book.Record(tx, id, r)
		return err
	}, nothing},
	{"end task", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		s, err := g.state(tx, id)
		if err != nil || len(s.Tasks) == 0 {
			return err
		}
		_, err = g.s.Book.EndTask(tx, id, s.Tasks[0].Task, entry.Dropped, "ei tarvita", maybe(t, step(t, tx)))
		return err
	}, nothing},
	{"offer", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		latest.responsible = rapid.SampledFrom(staff).Draw(t, "to")
		var err error
		latest.path, err = handoff.Offer(tx, g.s.Book, id, latest.responsible, "siirto")
		return err
	}, func(g *game, _, id string) {
		g.paths[id].offered, g.paths[id].handoff = latest.responsible, latest.path
	}},
	{"accept", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		return handoff.Accept(tx, g.s.Book, g.paths[id].handoff, maybe(t, step(t, tx)))
	}, func(g *game, who, id string) { g.paths[id].responsible, g.paths[id].offered = who, "" }},
	{"decline", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		return handoff.Decline(tx, g.s.Book, g.paths[id].handoff, "en ehdi")
	}, func(g *game, _, id string) { g.paths[id].offered = "" }},
	{"withdraw", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		return handoff.Withdraw(tx, g.s.Book, g.paths[id].handoff)
	}, func(g *game, _, id string) { g.paths[id].offered = "" }},
	{"pause", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		_, err := g.s.Book.Pause(tx, id, "sairasloma", tx.Today+civil.Date(rapid.IntRange(-1, 60).Draw(t, "check")))
		return err
	}, func(g *game, _, id string) { g.paths[id].paused = true }},
	{"resume", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		_, err := g.s.Book.Resume(tx, id, "", step(t, tx))
		return err
	}, func(g *game, _, id string) { g.paths[id].paused = false }},
	{"phase", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		_, err := g.s.Book.ChangePhase(tx, id, rapid.SampledFrom([]string{"kartoitus", "valmennus", "muu"}).Draw(t, "phase"), "")
		return err
	}, nothing},
	{"leave", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		x := closing.Exit{To: rapid.SampledFrom([]string{"open-work", "withdrew", "died"}).Draw(t, "to")}
		_, err := closing.Leave(tx, g.s.Book, id, x)
		return err
	}, func(g *game, _, id string) { g.paths[id].closed, g.paths[id].paused = true, false }},
	{"leave to another service", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		_, err := closing.Leave(tx, g.s.Book, id, closing.Exit{To: "another-service", Receiver: "Työpaja", Next: maybe(t, step(t, tx))})
		return err
	}, func(g *game, _, id string) { g.paths[id].asked = true }},
	{"receiver accepts", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		return closing.Answer(tx, g.s.Book, id, true, "", nil)
	}, func(g *game, _, id string) { g.paths[id].closed, g.paths[id].paused = true, false }},
	{"receiver declines", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		return closing.Answer(tx, g.s.Book, id, false, "", maybe(t, step(t, tx)))
	}, nothing},
	{"reopen", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		return closing.Reopen(tx, g.s.Book, id, "palasi", who, step(t, tx))
	}, func(g *game, who, id string) { g.paths[id].closed, g.paths[id].responsible = false, who }},
	{"away", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		latest.responsible = rapid.SampledFrom([]string{Mia, "worker-a", "worker-b", Joni}).Draw(t, "away")
		_, err := staffing.MoveAll(tx, g.s.Book, latest.responsible, "away", func(_, key string) string { return key })
		return err
	}, func(g *game, _, _ string) {
		for _, p := range g.paths {
			if p.responsible == latest.responsible && !p.closed {
				p.responsible = Joni
			}
			if p.offered == latest.responsible {
				p.offered = ""
			}
		}
	}},
	{"book a meeting of three", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		return handoff.Agree(tx, g.s.Book, g.paths[id].handoff, handoff.Meeting{Day: tx.Today + civil.Date(rapid.IntRange(-1, 10).Draw(t, "day")), Minute: 600})
	}, nothing},
	{"the three meet", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		return handoff.Meet(tx, g.s.Book, g.paths[id].handoff, path.Record{Day: tx.Today, Minute: 700, Next: maybe(t, step(t, tx))})
	}, nothing},
	{"see on to a receiver outside", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		decision, err := consent.Give(tx, g.s.Book, id, consent.New{Kind: consent.Consent, ReceiverName: "Terveysasema", Scopes: []string{"contact"}, Purpose: "siirto",
			GivenBy: consent.ByClient, Way: "face", Told: "kaikki"})
		if err != nil {
			return err
		}
		latest.path, _, err = passage.Ask(tx, g.s.Book, id, passage.New{ExitTo: "another-service", ReceiverName: "Terveysasema", Scopes: []string{"contact"}, Basis: decision,
			Letter: "Hei!", Purpose: "siirto", Next: step(t, tx)})
		return err
	}, func(g *game, _, id string) { g.paths[id].passage = latest.path }},
	{"the receiver outside says yes", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		return g.answer(tx, id, func(tx *db.Tx, x passage.Passage) error {
			return passage.Accept(tx, g.s.Book, x, "Teppo", tx.Today+civil.Date(rapid.IntRange(-1, 20).Draw(t, "contact")), step(t, tx))
		})
	}, nothing},
	{"the receiver outside says no", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		return g.answer(tx, id, func(tx *db.Tx, x passage.Passage) error {
			return passage.Decline(tx, g.s.Book, x, "Teppo", "täynnä", step(t, tx))
		})
	}, nothing},
	{"the receiver outside has met the client", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		return g.answer(tx, id, func(tx *db.Tx, x passage.Passage) error { return passage.FirstMet(tx, g.s.Book, x, tx.Today) })
	}, func(g *game, _, id string) { g.paths[id].closed, g.paths[id].paused = true, false }},
	{"call the receiver off", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		return passage.Withdraw(tx, g.s.Book, g.paths[id].passage, "muutti mieltään", step(t, tx))
	}, nothing},
	{"wish to come back", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		own := *tx
		own.Who = actor.Participant(Tenant, g.paths[id].client, "", "test", "")
		p, err := path.Get(tx, id)
		if err != nil {
			return err
		}
		return aftercare.Wish(&own, g.s.Book, p, "")
	}, func(g *game, _, id string) {}},
	{"undo", func(g *game, t *rapid.T, tx *db.Tx, who, id string) error {
		s, err := g.state(tx, id)
		if err != nil || s.NextStep == nil {
			return err
		}
		if s.Status == pathway.Paused {
			return fault.E(fault.Conflict, "test.paused", nil) // undoing a pause is right, but the reference does not know it
		}
		_, err = g.s.Book.Undo(tx, id, s.NextStep.Entry)
		return err
	}, nothing},
}
