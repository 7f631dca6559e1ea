package pathway

import (
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"polku/internal/civil"
	"polku/internal/entry"
)

// Each test here is one promise of the engine, tried on random paths.

func met(o *Obligation) bool { return o.Status == Met || o.Status == MetLate }

func TestOrderOfEntriesDoesNotMatter(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		entries, today := genPath(t), genToday(t)
		first := Evaluate(w.models, w.rules, w.cal, entries, today)
		again := Evaluate(w.models, w.rules, w.cal, entries, today)
		shuffled := rapid.Permutation(entries).Draw(t, "order")
		other := Evaluate(w.models, w.rules, w.cal, shuffled, today)
		if !reflect.DeepEqual(first, again) || !reflect.DeepEqual(first, other) {
			t.Fatalf("differs:\n%s\n%s", tell(&first), tell(&other))
		}
	})
}

func TestACorrectionIsAsIfOnlyTheCorrectedEntryHadExisted(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		entries, today := genPath(t), genToday(t)
		k := rapid.IntRange(0, len(entries)-1).Draw(t, "which")
		now := genEntry(t, "zz", genKinds)
		now.Corrects, now.RecordedAt = entries[k].ID, now.RecordedAt+1e12
		right := slices.Clone(entries)
		right[k] = now
		right[k].ID, right[k].RecordedAt, right[k].Author, right[k].Corrects = entries[k].ID, entries[k].RecordedAt, entries[k].Author, ""
		got := Evaluate(w.models, w.rules, w.cal, append(slices.Clone(entries), now), today)
		want := Evaluate(w.models, w.rules, w.cal, right, today)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got\n%s\nwant\n%s", tell(&got), tell(&want))
		}
		gone := entry.Entry{ID: "zzz", Day: today, Kind: entry.KindRetraction, Corrects: entries[k].ID, RecordedAt: now.RecordedAt + 1, Body: &entry.Retraction{}}
		got = Evaluate(w.models, w.rules, w.cal, append(slices.Clone(entries), now, gone), today)
		want = Evaluate(w.models, w.rules, w.cal, slices.Delete(slices.Clone(entries), k, k+1), today)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("retracted: got\n%s\nwant\n%s", tell(&got), tell(&want))
		}
	})
}

func TestAFurtherEntryNeverMakesAMetObligationUnmet(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		entries, today := genPath(t), genToday(t)
		before := EvaluateAll(w.models, w.rules, w.cal, entries, today)
		after := EvaluateAll(w.models, w.rules, w.cal, append(slices.Clone(entries), genEntry(t, "zz", genMeeting)), today)
		for _, o := range before.Obligations {
			if x := find(&after, o.ID); met(&o) && (x == nil || !met(x)) {
				t.Fatalf("%s was %s:\n%s\nnow\n%s", o.ID, o.Status, tell(&before), tell(&after))
			}
		}
	})
}

func TestAPauseNeverCreatesAnOverdueObligation(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		entries, today := genPath(t, "pause", "resume", "exit", "reopen"), genToday(t)
		before := EvaluateAll(w.models, w.rules, w.cal, entries, today)
		from := genBase + civil.Date(rapid.IntRange(7, 400).Draw(t, "pause"))
		paused := append(slices.Clone(entries), entry.Entry{ID: "zp", Day: from, Minute: -1, Kind: entry.KindPause, Body: &entry.Pause{Check: today + 9}})
		if rapid.Bool().Draw(t, "resumed") {
			paused = append(paused, entry.Entry{ID: "zr", Day: from + civil.Date(rapid.IntRange(0, 90).Draw(t, "length")), Minute: -1, Kind: entry.KindResume, Body: &entry.Resume{}})
		}
		after := EvaluateAll(w.models, w.rules, w.cal, paused, today)
		for _, o := range after.Obligations {
			if o.Status != Overdue && o.Status != Missed {
				continue
			}
			// A pause moves the day on which a review is due, and with it the name of the round after it.
			if !slices.ContainsFunc(before.Obligations, func(x Obligation) bool {
				return (x.Status == Overdue || x.Status == Missed) && (x.ID == o.ID || o.Kind == OwesReview && x.Kind == OwesReview && x.Rule == o.Rule && x.Due <= o.Due)
			}) {
				t.Fatalf("%s is %s with a pause from %s:\n%s\nwithout\n%s", o.ID, o.Status, from, tell(&after), tell(&before))
			}
		}
	})
}

func TestAClosedPathOwesOnlyItsFollowUpsAndDeathOwesNothing(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		entries := genPath(t, "exit", "reopen")
		to := oneOf(t, "to", "open-work", "died", "withdrew")
		day := genBase + civil.Date(rapid.IntRange(7, 400).Draw(t, "exit"))
		entries = append(entries, entry.Entry{ID: "zz", Day: day, Minute: 1439, Kind: entry.KindExit, Body: &entry.Exit{Step: entry.ExitDone, To: to}})
		s := Evaluate(w.models, w.rules, w.cal, entries, day+civil.Date(rapid.IntRange(0, 500).Draw(t, "later")))
		if s.Status != Closed || s.NextStep != nil || len(s.Tasks) > 0 {
			t.Fatal(tell(&s))
		}
		for _, o := range s.Obligations {
			if o.Kind != OwesFollowUp {
				t.Fatalf("owes %s\n%s", o.ID, tell(&s))
			}
		}
		if to == "died" && (len(s.Obligations) > 0 || len(s.Signals) > 0 || s.Group != GroupNone || !s.NextChange.IsZero() && onlyPast(entries, s.Today)) {
			t.Fatal(tell(&s))
		}
	})
}

func onlyPast(entries []entry.Entry, today civil.Date) bool {
	return !slices.ContainsFunc(entries, func(e entry.Entry) bool { return knownFrom(&e) > today })
}

func TestStateStaysUntilNextChangeAndChangesThen(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		entries, today := genPath(t), genToday(t)
		s := Evaluate(w.models, w.rules, w.cal, entries, today)
		until := s.NextChange
		if until.IsZero() || until > today+120 {
			until = today + 120
		}
		for day := today + 1; day < until; day++ {
			if later := Evaluate(w.models, w.rules, w.cal, entries, day); !Same(s, later) {
				t.Fatalf("next change %s, but on %s:\n%s\nbefore\n%s", s.NextChange, day, tell(&later), tell(&s))
			}
		}
		if later := Evaluate(w.models, w.rules, w.cal, entries, until); until == s.NextChange && Same(s, later) {
			t.Fatalf("nothing changes on %s:\n%s", until, tell(&s))
		}
	})
}

func TestIDsAreStableAndUnique(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		entries, today := genPath(t), genToday(t)
		all := EvaluateAll(w.models, w.rules, w.cal, entries, today)
		seen := map[string]bool{}
		for _, o := range all.Obligations {
			if seen[o.ID] || o.ID == "" || o.Source == "" {
				t.Fatalf("%q twice, or without a source:\n%s", o.ID, tell(&all))
			}
			seen[o.ID] = true
		}
		s := Evaluate(w.models, w.rules, w.cal, entries, today)
		for _, o := range s.Obligations {
			if !seen[o.ID] {
				t.Fatalf("EvaluateAll does not know %s", o.ID)
			}
			if ids := o.MissedIDs(); o.Misses > 0 && (len(ids) < o.Misses || slices.ContainsFunc(ids, func(id string) bool { return !seen[id] })) {
				t.Fatalf("%v are not windows of %s", ids, o.ID)
			}
		}
		if !reflect.DeepEqual(s.Signals, all.Signals) || s.Group != all.Group || s.NextChange != all.NextChange {
			t.Fatalf("EvaluateAll judges otherwise:\n%s\n%s", tell(&s), tell(&all))
		}
	})
}

func TestAnExcuseTakesTheSignalAway(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		entries, today := genPath(t), genToday(t)
		s := Evaluate(w.models, w.rules, w.cal, entries, today)
		for _, o := range s.Obligations {
			if o.Status != Overdue && o.Status != Missed && o.Status != Due && o.Status != Late {
				continue
			}
			excused := append(slices.Clone(entries), entry.Entry{ID: "zz", Day: today, Minute: 1439, Kind: entry.KindExcuse, Body: &entry.Excuse{Obligation: o.ID, Waived: true, Why: "x"}})
			after := EvaluateAll(w.models, w.rules, w.cal, excused, today)
			x := find(&after, o.ID)
			if x == nil || x.Status != Waived {
				t.Fatalf("%s cannot be waived:\n%s", o.ID, tell(&after))
			}
			if slices.ContainsFunc(after.Signals, func(y Signal) bool { return y.About == o.ID }) {
				t.Fatalf("%s still signals:\n%s", o.ID, tell(&after))
			}
		}
	})
}

func TestRankAndGroupFollowTheSignals(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		entries, today := genPath(t), genToday(t)
		s := Evaluate(w.models, w.rules, w.cal, entries, today)
		if !slices.IsSortedFunc(s.Signals, func(a, b Signal) int {
			if a.Class != b.Class {
				return int(a.Class - b.Class)
			}
			return int(a.Since - b.Since)
		}) {
			t.Fatal("signals are not in order", tell(&s))
		}
		want := Rank{Class: NoSignal, Since: s.Rank.Since}
		if len(s.Signals) > 0 {
			want = Rank{s.Signals[0].Class, s.Signals[0].Since}
		}
		if s.Rank != want {
			t.Fatal(tell(&s))
		}
		for _, x := range s.Signals {
			if x.Since > today || x.Since.IsZero() || x.Source == "" {
				t.Fatalf("signal %s since %s", x.Key, x.Since)
			}
		}
		switch {
		case s.Rank.Class <= SignalAbsences && s.Group != GroupNow,
			s.Rank.Class > SignalAbsences && s.Rank.Class <= SignalMeasureMissing && s.Group != GroupNow && s.Group != GroupWaiting,
			s.Status == Open && s.NextStep == nil && s.Group != GroupNow,
			s.Status == Open && s.Responsible == "" && s.Group != GroupNow:
			t.Fatal(tell(&s))
		}
	})
}

func TestWhatIsNotKnownYetChangesNothing(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		entries, today := genPath(t), genToday(t)
		known := slices.DeleteFunc(slices.Clone(entries), func(e entry.Entry) bool { return knownFrom(&e) > today })
		a, b := Evaluate(w.models, w.rules, w.cal, entries, today), Evaluate(w.models, w.rules, w.cal, known, today)
		if !Same(a, b) {
			t.Fatalf("%s\n%s", tell(&a), tell(&b))
		}
	})
}

// The heart may be asked without rules, calendar or models: it says less, and never panics.
func TestNothingIsNeededToAsk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Evaluate(nil, nil, nil, genPath(t), genToday(t))
		if s.Status != NotStarted && len(s.Unknown) == 0 {
			t.Fatal("a model that is not there is not named")
		}
	})
}
