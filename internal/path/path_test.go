package path_test

import (
	"errors"
	"sync"
	"testing"

	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/journal"
	"polku/internal/path"
	"polku/internal/pathway"
	. "polku/internal/polkutest"
	"polku/internal/unit"
)

func onBoth(t *testing.T, fn func(t *testing.T, s *Sample)) {
	OnBoth(t, func(t *testing.T, w *World) { fn(t, NewSample(t, w)) })
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestRecordEndsTheStepAndSetsTheNext(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Sample) {
		_, id := s.Client(t, "Virtanen", "Aino")
		var was, now pathway.State
		record := path.Record{ID: ident.New(), Minute: 600, Minutes: 45, Mode: entry.OnSite,
			Contact: entry.Contact{Form: entry.FormMeeting, Result: entry.Held, Text: "Puhuttiin opinnoista."}}
		send := func() error {
			return s.Update(Mia, func(tx *db.Tx) (err error) {
				p, err := path.Get(tx, id)
				ok(t, err)
				if was, err = s.Book.StateOf(tx, p); err != nil {
					return err
				}
				record.Day = tx.Today
				if record.EndTask == "" {
					record.EndTask = was.NextStep.Task
				}
				record.Next = &path.Step{What: "Käydään TE-toimistossa", By: tx.Today + 7}
				now, err = s.Book.Record(tx, id, record)
				return err
			})
		}
		ok(t, send())
		if now.NextStep.What != "Käydään TE-toimistossa" || len(now.Tasks) != 1 || now.LastContact != now.Today {
			t.Fatalf("%+v", now)
		}
		first := now
		ok(t, send()) // the phone sends again: nothing doubles
		if len(now.Tasks) != 1 || now.NextStep.Task != first.NextStep.Task {
			t.Fatalf("sent twice: %+v", now.Tasks)
		}
	})
}

func TestNobodyIsLeftWithoutNextStep(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Sample) {
		_, id := s.Client(t, "Virtanen", "Aino")
		err := s.Update(Mia, func(tx *db.Tx) error {
			p, _ := path.Get(tx, id)
			state, _ := s.Book.StateOf(tx, p)
			_, err := s.Book.EndTask(tx, id, state.NextStep.Task, entry.Done, "", nil)
			return err
		})
		if !fault.Is(err, fault.Invalid) {
			t.Fatal("the only next step could be ended:", err)
		}
		ok(t, s.View(Mia, func(tx *db.Tx) error {
			p, _ := path.Get(tx, id)
			state, err := s.Book.StateOf(tx, p)
			if state.NextStep == nil {
				t.Fatal("the refused command left a trace")
			}
			return err
		}))
	})
}

func TestAllWrongFieldsAreNamedAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Sample) {
		_, id := s.Client(t, "Virtanen", "Aino")
		err := s.Update(Mia, func(tx *db.Tx) error {
			_, err := s.Book.Record(tx, id, path.Record{Day: tx.Today + 1, Minutes: 5000, Next: &path.Step{By: tx.Today - 1}})
			return err
		})
		f, is := err.(*fault.Error)
		if !is || f.Kind != fault.Invalid {
			t.Fatal(err)
		}
		for _, field := range []string{"day", "minutes", "form", "result", "step_what", "step_by"} {
			if f.Fields[field] == "" {
				t.Errorf("%s is not named in %v", field, f.Fields)
			}
		}
	})
}

func TestAnotherRegistersWorkerFindsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Sample) {
		id, pathID := s.Client(t, "Virtanen", "Aino")
		for _, who := range []string{Essi, Boss, ""} {
			ok(t, s.View(who, func(tx *db.Tx) error {
				if _, err := client.Get(tx, id); !fault.Is(err, fault.NotFound) {
					t.Errorf("%q gets the client: %v", who, err)
				}
				if _, err := path.Get(tx, pathID); !fault.Is(err, fault.NotFound) {
					t.Errorf("%q gets the path: %v", who, err)
				}
				hits, err := client.Find(tx, s.Keys, "virt")
				if len(hits) > 0 {
					t.Errorf("%q finds the client", who)
				}
				return err
			}))
		}
	})
}

func TestUndoTakesTheRecordBack(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Sample) {
		_, id := s.Client(t, "Virtanen", "Aino")
		contact := ident.New()
		var before, after pathway.State
		ok(t, s.Update(Mia, func(tx *db.Tx) (err error) {
			p, _ := path.Get(tx, id)
			if before, err = s.Book.StateOf(tx, p); err != nil {
				return err
			}
			_, err = s.Book.Record(tx, id, path.Record{ID: contact, Day: tx.Today, Minute: -1, EndTask: before.NextStep.Task,
				Contact: entry.Contact{Form: entry.FormCall, Result: entry.Held}, Next: &path.Step{What: "Toinen", By: tx.Today + 9}})
			return err
		}))
		ok(t, s.Update(Mia, func(tx *db.Tx) (err error) {
			after, err = s.Book.Undo(tx, id, path.RecordParts(contact)...)
			return err
		}))
		if after.NextStep.Task != before.NextStep.Task || after.LastContact != before.LastContact {
			t.Fatalf("before %+v, after %+v", before.NextStep, after.NextStep)
		}
	})
}

func TestUndoneOfferIsGone(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Sample) {
		_, id := s.Client(t, "Virtanen", "Aino")
		offer := ident.New()
		ok(t, s.Update(Mia, func(tx *db.Tx) error {
			_, err := s.Book.Append(tx, id, entry.Entry{ID: offer, Day: tx.Today, Minute: -1, Kind: entry.KindHandoff,
				Body: &entry.Handoff{Handoff: offer, Step: entry.HandoffOffered, From: Mia, To: Joni}})
			if err != nil {
				return err
			}
			_, err = s.Book.Undo(tx, id, offer)
			return err
		}))
		ok(t, s.View(Mia, func(tx *db.Tx) error {
			list, err := path.HandoffsOf(tx, id)
			if len(list) > 0 {
				t.Fatalf("%+v", list)
			}
			return err
		}))
	})
}

// Records of several workers at once, thought through beside each other, all stand in the journal, and balances fit them.
func TestRecordsAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Sample) {
		ids, clients := make([]string, 2), make([]string, 2)
		for i := range ids {
			clients[i], ids[i] = s.Client(t, "Virtanen", "Aino"+string(rune('a'+i)))
		}
		const each = 8
		var all sync.WaitGroup
		for i := range each * len(ids) {
			all.Go(func() {
				worker := []string{Mia, Joni}[i/2%2]
				if err := s.DB.UpdateAhead(t.Context(), As(worker), func(tx *db.Tx) error {
					_, err := s.Book.Record(tx, ids[i%2], path.Record{Day: tx.Today, Minute: -1, Contact: entry.Contact{Form: entry.FormCall, Result: entry.Held},
						Next: &path.Step{What: "Soita", By: tx.Today + civil.Date(i)}})
					return err
				}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		ok(t, s.View(Mia, func(tx *db.Tx) error {
			for i, id := range ids {
				contacts := 0
				entries, err := journal.Path(tx, clients[i], id)
				for _, e := range entries {
					if e.Kind == entry.KindContact {
						contacts++
					}
				}
				p, _ := path.Get(tx, id)
				rebuilt, err2 := s.Book.Rebuild(tx, p)
				found, err3 := journal.VerifyClient(tx, s.Keys, clients[i])
				if err := errors.Join(err, err2, err3); err != nil || contacts != each || len(rebuilt.Differences) > 0 || len(found) > 0 {
					t.Errorf("%d contacts, balances %v, chain %v; %v", contacts, rebuilt.Differences, found, err)
				}
			}
			return nil
		}))
	})
}

// Whoever loses access between the thinking and the turn writes nothing.
func TestAccessIsAskedInTheTurn(t *testing.T) {
	onBoth(t, func(t *testing.T, s *Sample) {
		_, id := s.Client(t, "Virtanen", "Aino")
		ran := 0
		err := s.DB.UpdateAhead(t.Context(), As(Joni), func(tx *db.Tx) error {
			ran++
			_, err := s.Book.Record(tx, id, path.Record{Day: tx.Today, Minute: -1, Contact: entry.Contact{Form: entry.FormCall, Result: entry.Held}})
			if err != nil || ran > 1 {
				return err
			}
			return s.Update(Boss, func(tx *db.Tx) error {
				members, err := unit.Members(tx, Joni)
				for _, m := range members {
					err = errors.Join(err, unit.Leave(tx, m))
				}
				return err
			})
		})
		if fault.Of(err) != fault.NotFound || ran == 0 {
			t.Error(ran, err)
		}
	})
}
