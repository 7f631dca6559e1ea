package path_test

import (
	"testing"

	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/pathway"
	. "polku/internal/polkutest"
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
