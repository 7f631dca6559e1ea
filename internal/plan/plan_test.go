package plan_test

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"polku/internal/actor"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/path"
	"polku/internal/pathway"
	"polku/internal/plan"
	. "polku/internal/polkutest"
)

// bench is a client with a path, and the two who make a plan.
type bench struct {
	*Sample
	t            testing.TB
	client, path string
}

func begin(t testing.TB, w *World) *bench {
	b := &bench{Sample: NewSample(t, w), t: t}
	b.client, b.path = b.Client(t, "Virtanen", "Aino")
	return b
}

func (b *bench) work() plan.Work {
	return plan.Work{Book: b.Book, Words: plan.Words{Read: "Lue suunnitelma", Withdrew: "Muokataan", Next: "Katso suunnitelma", Wish: "Vastaa toiveeseen"}}
}

// own runs as the client on their own page.
func (b *bench) own(fn func(tx *db.Tx) error) error {
	return b.DB.Update(context.Background(), actor.Participant(Tenant, b.client, "s", "test", "r"), fn)
}

func (b *bench) mia(fn func(tx *db.Tx) error) error { return b.Update(Mia, fn) }

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// story reads what the journal tells, and the draft.
func (b *bench) story() (s plan.Story, d plan.Draft) {
	b.t.Helper()
	b.must(b.View(Mia, func(tx *db.Tx) error {
		p, err := path.Get(tx, b.path)
		if err != nil {
			return err
		}
		entries, err := b.Book.Entries(tx, p)
		if err != nil {
			return err
		}
		s = plan.Read(entries)
		d, err = plan.DraftOf(tx, b.path)
		return err
	}))
	return s, d
}

func (b *bench) state() (s pathway.State) {
	b.t.Helper()
	b.must(b.View(Mia, func(tx *db.Tx) error {
		p, err := path.Get(tx, b.path)
		if err == nil {
			s, err = b.Book.StateOf(tx, p)
		}
		return err
	}))
	return s
}

// write saves strengths and one field from the draft's present number.
func (b *bench) write(strengths, situation string) {
	b.t.Helper()
	_, d := b.story()
	b.must(b.mia(func(tx *db.Tx) error {
		_, err := plan.Save(tx, b.path, plan.Change{Rev: d.Rev, Kind: "coaching-plan", Strengths: &strengths, Values: map[string]string{"situation": situation}})
		return err
	}))
}

func (b *bench) goal(words string) (id string) {
	b.t.Helper()
	b.must(b.mia(func(tx *db.Tx) (err error) {
		id, err = plan.SetGoal(tx, b.Book, b.path, entry.Goal{Theme: "work", Words: words, State: entry.GoalSet})
		return err
	}))
	return id
}

// sign accepts on the screen what the draft says now.
func (b *bench) sign(s plan.Signing) error {
	story, d := b.story()
	p, err := d.Ready(s.Kind, "employment-project", story)
	if err != nil {
		return err
	}
	if s.Digest == "" {
		s.Digest = plan.Digest(p)
	}
	return b.mia(func(tx *db.Tx) error {
		_, err := b.work().Sign(tx, b.path, s)
		return err
	})
}

var onScreen = plan.Signing{Kind: "coaching-plan", How: entry.OnScreen, Name: "Aino Virtanen", Strokes: "M10,20L30,40"}

// Both sides accept at a table: the version has the whole content, and the next draft goes on from it.
func TestSignedOnTheScreen(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		b := begin(t, w)
		b.write("Täsmällinen\nOsaa puutöitä", "Asuu yksin.")
		goal := b.goal("Haluan töihin puusepäksi")
		b.must(b.mia(func(tx *db.Tx) error {
			_, err := plan.AddAction(tx, b.Book, b.path, plan.NewAction{Goal: goal, What: "Soitan työnantajalle", Owner: entry.ByClient, By: tx.Today + 5})
			return err
		}))
		b.must(b.sign(onScreen))
		s, d := b.story()
		v := s.Newest("coaching-plan")
		if v.Plan == nil || v.Version != 1 || v.Strengths != "Täsmällinen\nOsaa puutöitä" || len(v.Goals) != 1 || len(v.Goals[0].Actions) != 1 || v.Fields[0].Text != "Asuu yksin." || !plan.Accepted(v.Plan) {
			t.Fatalf("version 1: %+v", v.Plan)
		}
		if d.Content.Values["situation"] != "Asuu yksin." || d.Offered != nil {
			t.Errorf("the next draft does not go on from it: %+v", d)
		}
		b.write("Täsmällinen", "Muutti.")
		b.must(b.sign(onScreen))
		s, _ = b.story()
		if v2 := s.Newest("coaching-plan"); v2.Version != 2 || s.Before(v2).Entry != v.Entry {
			t.Errorf("version 2: %+v", v2.Plan)
		}
	})
}

// An action is a task of the path: what is done on Today is done in the plan.
func TestAnActionIsATask(t *testing.T) {
	b := begin(t, New(t, t.TempDir()))
	goal := b.goal("Haluan kunnon unirytmin")
	b.must(b.mia(func(tx *db.Tx) error {
		_, err := plan.AddAction(tx, b.Book, b.path, plan.NewAction{Goal: goal, What: "Nousen kahdeksalta", Owner: entry.ByClient, By: tx.Today + 1})
		return err
	}))
	if step := b.state().NextStep; step == nil || step.What != "Nousen kahdeksalta" || step.From != entry.FromGoal {
		t.Fatalf("the next step is %+v", step)
	}
	story, _ := b.story()
	task := story.Goals[0].Actions[0].Task.Task
	b.must(b.mia(func(tx *db.Tx) error { // moved to another day on the client's page, which knows nothing of goals
		_, err := b.Book.SetStep(tx, b.path, path.Step{What: "Nousen yhdeksältä", Owner: entry.ByClient, By: tx.Today + 2}, task)
		return err
	}))
	b.must(b.mia(func(tx *db.Tx) error {
		_, err := b.Book.EndTask(tx, b.path, task, entry.Done, "", nil)
		return err
	}))
	story, _ = b.story()
	if a := story.Goals[0].Actions; len(a) != 1 || a[0].Outcome != entry.Done || a[0].What != "Nousen yhdeksältä" {
		t.Errorf("the plan has %+v", a)
	}
}

// The client accepts on their own page exactly what they read; what has changed meanwhile is refused.
func TestAcceptedInTheApp(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		b := begin(t, w)
		b.write("Sitkeä", "")
		_, d := b.story()
		b.must(b.mia(func(tx *db.Tx) error { return b.work().Offer(tx, b.path, "coaching-plan", d.Rev) }))
		_, d = b.story()
		if err := b.mia(func(tx *db.Tx) error { _, err := plan.Save(tx, b.path, plan.Change{Rev: d.Rev}); return err }); !fault.Is(err, fault.Conflict) {
			t.Errorf("changed while the client reads it: %v", err)
		}
		var waits *entry.Plan
		b.must(b.own(func(tx *db.Tx) (err error) { waits, err = plan.Waiting(tx); return err }))
		if waits == nil || waits.Strengths != "Sitkeä" {
			t.Fatalf("the client reads %+v", waits)
		}
		if err := b.own(func(tx *db.Tx) error { return b.work().Answer(tx, "another", true, "") }); !fault.Is(err, fault.Conflict) {
			t.Errorf("accepted what was not read: %v", err)
		}
		if err := b.mia(func(tx *db.Tx) error { return b.work().Answer(tx, plan.Digest(*waits), true, "") }); !fault.Is(err, fault.Denied) {
			t.Errorf("a worker accepted for the client: %v", err)
		}
		b.must(b.own(func(tx *db.Tx) error { return b.work().Answer(tx, plan.Digest(*waits), true, "") }))
		s, _ := b.story()
		if v := s.Newest(""); v.Plan == nil || !plan.Accepted(v.Plan) || v.Author != actor.ParticipantWorker {
			t.Errorf("the version is %+v", v)
		}
		for _, task := range b.state().Tasks {
			if task.What == "Lue suunnitelma" {
				t.Error("the client is still asked to answer")
			}
		}
	})
}

// A client who would change something says so: the worker has a task, and the draft is open again. Answering the only
// dated thing leaves nobody hanging.
func TestTheClientWouldChangeSomething(t *testing.T) {
	b := begin(t, New(t, t.TempDir()))
	b.write("Sitkeä", "")
	_, d := b.story()
	b.must(b.mia(func(tx *db.Tx) error { return b.work().Offer(tx, b.path, "coaching-plan", d.Rev) }))
	for _, task := range b.state().Tasks {
		if task.What != "Lue suunnitelma" {
			b.must(b.mia(func(tx *db.Tx) error {
				_, err := b.Book.EndTask(tx, b.path, task.Task, entry.Done, "", nil)
				return err
			}))
		}
	}
	_, d = b.story()
	digest := plan.Digest(*d.Offered)
	if err := b.own(func(tx *db.Tx) error { return b.work().Answer(tx, digest, false, " ") }); !fault.Is(err, fault.Invalid) {
		t.Errorf("no words: %v", err)
	}
	b.must(b.own(func(tx *db.Tx) error { return b.work().Answer(tx, digest, false, "En halua ryhmään.") }))
	s, d := b.story()
	if len(s.Versions) != 0 || d.Offered != nil || d.Answer != "En halua ryhmään." {
		t.Errorf("after the answer: %+v %+v", s.Versions, d)
	}
	if step := b.state().NextStep; step == nil || step.By.IsZero() {
		t.Error("nobody has a dated next step")
	}
}

// The law asks that the client is told of benefits before signing (189/2001 s. 9.2); who signs on paper says when.
func TestWhatMayNotBeSigned(t *testing.T) {
	b := begin(t, New(t, t.TempDir()))
	if err := b.sign(onScreen); fault.Of(err) != fault.Invalid {
		t.Errorf("an empty plan: %v", err)
	}
	b.must(b.mia(func(tx *db.Tx) error {
		_, err := plan.Save(tx, b.path, plan.Change{Kind: "activation-plan", Values: map[string]string{"measures": "Työpaja"}, Parts: map[string]bool{"work_activity": true}})
		return err
	}))
	s := onScreen
	s.Kind = "activation-plan"
	f, _ := b.sign(s).(*fault.Error)
	if f == nil || f.Fields["benefits_told_on"] != "plan.before_signing" || f.Fields["benefits_told_by"] == "" {
		t.Errorf("before telling of benefits: %v", f)
	}
	b.must(b.mia(func(tx *db.Tx) error {
		_, err := plan.Save(tx, b.path, plan.Change{Rev: 1, Values: map[string]string{"benefits_told_on": "2026-03-01", "benefits_told_by": "Mia"}})
		return err
	}))
	for field, bad := range map[string]plan.Signing{
		"name":    {How: entry.OnScreen},
		"strokes": {How: entry.OnScreen, Name: "A", Strokes: "M1,1\"/><script>"},
		"day":     {How: entry.OnPaper, Name: "A"},
		"how":     {How: entry.InApp, Name: "A"}, // only the client themselves, identified
	} {
		bad.Kind = "activation-plan"
		f, _ := b.sign(bad).(*fault.Error)
		if f == nil || f.Fields[field] == "" {
			t.Errorf("%s: %v", field, f)
		}
	}
	s.Digest = "what stood there before"
	if err := b.sign(s); !fault.Is(err, fault.Conflict) {
		t.Errorf("what was not read: %v", err)
	}
}

// Over the wall nothing is there; a restriction stops the plan like everything else.
func TestPlansStayBehindTheWall(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		b := begin(t, w)
		b.write("Sitkeä", "")
		for name, try := range map[string]func(tx *db.Tx) error{
			"read":  func(tx *db.Tx) error { _, err := plan.DraftOf(tx, b.path); return err },
			"save":  func(tx *db.Tx) error { _, err := plan.Save(tx, b.path, plan.Change{Rev: 1}); return err },
			"offer": func(tx *db.Tx) error { return b.work().Offer(tx, b.path, "coaching-plan", 1) },
			"goal": func(tx *db.Tx) error {
				_, err := plan.SetGoal(tx, b.Book, b.path, entry.Goal{Words: "x", State: entry.GoalSet})
				return err
			},
			"sign": func(tx *db.Tx) error { _, err := b.work().Sign(tx, b.path, onScreen); return err },
			"review": func(tx *db.Tx) error {
				_, err := plan.Reviewed(tx, b.Book, b.path, entry.Review{Plan: "coaching-plan", Done: "x", GoesOn: "y"})
				return err
			},
		} {
			if err := b.Update(Essi, try); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s over the wall: %v", name, err)
			}
		}
		b.must(b.mia(func(tx *db.Tx) error { _, err := client.Restrict(tx, b.client, "", "pyyntö"); return err }))
		if err := b.mia(func(tx *db.Tx) error { _, err := plan.Save(tx, b.path, plan.Change{Rev: 1}); return err }); !fault.Is(err, fault.Conflict) {
			t.Errorf("restricted: %v", err)
		}
	})
}

// Whatever people do: versions only grow, an accepted one never changes, none is there without both sides, and the promise
// holds.
func TestVersionsOnlyGrow(t *testing.T) {
	w := New(t, t.TempDir())
	sample := NewSample(t, w)
	rapid.Check(t, func(r *rapid.T) {
		b := &bench{Sample: sample, t: t}
		b.client, b.path = sample.Client(t, "Virtanen", "Aino")
		goal := b.goal("Haluan töihin")
		var seen []string // digests of versions, oldest first
		for range rapid.IntRange(1, 8).Draw(r, "steps") {
			_, d := b.story()
			switch rapid.IntRange(0, 6).Draw(r, "what") {
			case 0:
				text := rapid.StringMatching("[a-zäö ]{0,12}").Draw(r, "text")
				b.mia(func(tx *db.Tx) error {
					_, err := plan.Save(tx, b.path, plan.Change{Rev: d.Rev, Values: map[string]string{"situation": text}})
					return err
				})
			case 1:
				b.mia(func(tx *db.Tx) error { return b.work().Offer(tx, b.path, "coaching-plan", d.Rev) })
			case 2:
				b.mia(func(tx *db.Tx) error { return b.work().Withdraw(tx, b.path) })
			case 3:
				if d.Offered != nil {
					accept := rapid.Bool().Draw(r, "accept")
					b.own(func(tx *db.Tx) error { return b.work().Answer(tx, plan.Digest(*d.Offered), accept, "muuta") })
				}
			case 4:
				b.sign(onScreen)
			case 5:
				b.mia(func(tx *db.Tx) error {
					_, err := plan.AddAction(tx, b.Book, b.path, plan.NewAction{Goal: goal, What: "Soitan", Owner: entry.ByClient, By: tx.Today + 3})
					return err
				})
			case 6: // somebody tries to take a version back, or to write another one in its place
				s, _ := b.story()
				if v := s.Newest(""); v.Plan != nil {
					if err := b.mia(func(tx *db.Tx) error { _, err := b.Book.Undo(tx, b.path, v.Entry); return err }); err == nil {
						t.Fatal("an accepted plan was taken back")
					}
					if err := b.mia(func(tx *db.Tx) error {
						_, err := b.Book.Correct(tx, b.path, v.Entry, entry.Entry{Day: tx.Today, Minute: -1, Kind: entry.KindPlan, Body: &entry.Plan{Plan: "coaching-plan", Version: 1}})
						return err
					}); !fault.Is(err, fault.Conflict) {
						t.Fatalf("an accepted plan was written anew: %v", err)
					}
				}
			}
			s, _ := b.story()
			if len(s.Versions) < len(seen) || len(s.Versions) > len(seen)+1 {
				t.Fatalf("%d versions after %d", len(s.Versions), len(seen))
			}
			for i, v := range s.Versions {
				nth := len(s.Versions) - i // newest first
				if v.Version != nth || !plan.Accepted(v.Plan) {
					t.Fatalf("version %d is %+v", nth, v.Plan)
				}
				switch digest := plan.Digest(*v.Plan); {
				case nth > len(seen):
					seen = append(seen, digest)
				case seen[nth-1] != digest:
					t.Fatalf("version %d has changed", nth)
				}
			}
			if step := b.state().NextStep; step == nil || step.By.IsZero() {
				t.Fatal("somebody is left hanging")
			}
		}
	})
}

// A drawn signature is figures in a box and nothing else.
func FuzzStrokes(f *testing.F) {
	for _, s := range []string{"", "M1,2L3,4", "M600,200", "M601,0", "L1,2", "M1,2Z", "M1,2<svg>", "M-1,2", "M1,2L3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		clean, ok := plan.CleanStrokes(s)
		for _, r := range clean {
			if !ok || r != 'M' && r != 'L' && r != ',' && (r < '0' || r > '9') {
				t.Fatalf("%q came through as %q", s, clean)
			}
		}
		if again, ok2 := plan.CleanStrokes(clean); ok && (!ok2 || again != clean) {
			t.Fatalf("%q is not stable: %q", clean, again)
		}
	})
}
