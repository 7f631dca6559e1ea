package demo

import (
	"slices"
	"testing"
	"time"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/path"
	"polku/internal/pathway"
	"polku/internal/ruleset"
	"polku/models"
	"polku/rules"
)

// each fate shows on Today what it is there for.
var shows = map[fate][]string{
	fateOverdue:    {"signal.next_step_overdue"},
	fateSilence:    {"signal.silence"},
	fateMissed:     {"signal.cadence_missed"},
	fateAbsences:   {"signal.absences_in_row"},
	fateReview:     {"signal.legal_review_overdue", "signal.review_overdue"},
	fateMeasure:    {"signal.measure_missing"},
	fatePhaseOver:  {"signal.phase_over", "signal.limit_period"},
	fateUntouched:  {"signal.first_contact_missing"},
	fateUnheard:    {"signal.handoff_unanswered"},
	fateUnreceived: {"signal.exit_waiting"},
}

// withoutCases are personas who have no clients of their own.
var withoutCases = []string{"satu", "outi", "aila", "riitta"}

// A demo made on any day looks the same: most are calm, each fate is to be seen, and nobody whose fate is calm or
// who is handed over, leaving or paused looks neglected.
func TestEachFateShows(t *testing.T) {
	book, zone := testBook(t)
	for i, day := range []string{"2026-03-02", "2026-07-16", "2026-11-22", "2027-01-07"} { // a Monday, a Thursday, a Sunday, after a holiday
		seed := uint64(1 + i%2)
		today := civil.MustParse(day)
		w, err := loadWords()
		if err != nil {
			t.Fatal(err)
		}
		stories, err := write(w, book, zone, Options{Seed: seed, Today: today})
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]int{}
		open, needy, paused, neglected := 0, 0, 0, 0
		meetings := map[string]int{}
		for i := range stories {
			s := stateOf(book, w, &stories[i], today)
			if s.Status == pathway.Closed {
				continue
			}
			open++
			if s.Status == pathway.Paused {
				paused++
			}
			if s.NextStep == nil || s.Responsible == "" {
				t.Fatalf("%s: %s is left hanging", day, stories[i].client.ID)
			}
			if s.NextStep.By == today && s.NextStep.Minute > 0 {
				meetings[s.Responsible]++
			}
			if s.Rank.Class <= pathway.SignalAbsences {
				needy++
				if stories[i].fate == fateCalm {
					neglected++
					t.Logf("%s: a calm one shows %+v", day, s.Signals[0])
				}
			}
			for _, g := range s.Signals {
				seen[string(stories[i].fate)+" "+g.Key]++
			}
		}
		personas, err := Personas()
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range personas {
			if n := meetings[workerID(p.Username)]; n == 0 && !slices.Contains(withoutCases, p.Username) {
				t.Errorf("%s: %s meets nobody", day, p.Username)
			}
		}
		for f, keys := range shows {
			n := 0
			for _, k := range keys {
				n += seen[string(f)+" "+k]
			}
			if n == 0 {
				t.Errorf("%s: nobody shows %s", day, f)
			}
		}
		if share := 100 * needy / open; share < 8 || share > 18 {
			t.Errorf("%s: %d %% of %d have something now", day, share, open)
		}
		if paused < 5 || neglected > 2 {
			t.Errorf("%s: %d paused, %d of the calm ones neglected", day, paused, neglected)
		}
	}
}

func testBook(t *testing.T) (*path.Book, *time.Location) {
	m, err := models.Load()
	if err != nil {
		t.Fatal(err)
	}
	r, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	var closed []civil.Date
	for y := 2015; y <= 2030; y++ {
		closed = append(closed, ruleset.HolidayDates(r.Pack(ruleset.Holidays), y)...)
	}
	return &path.Book{Models: m, Rules: r, Calendar: civil.NewCalendar(closed)}, zone
}

// stateOf evaluates a story without a database.
func stateOf(b *path.Book, w *words, s *story, today civil.Date) pathway.State {
	var m string
	for _, sv := range w.world.Services {
		if serviceID(sv.ID) == s.start.Service {
			m = sv.Model
		}
	}
	start := entry.Entry{ID: "start", Day: s.start.Day, Minute: -1, Kind: entry.KindStart, Body: &entry.Start{Model: m, Version: b.Models.Newest(m).Version}}
	owner := entry.Entry{ID: "owner", Day: s.start.Day, Minute: -1, Kind: entry.KindRelation, Body: &entry.Relation{Worker: s.start.Responsible, Role: entry.Responsible}}
	return pathway.Evaluate(b.Models, b.Rules, b.Calendar, append([]entry.Entry{start, owner}, s.more...), today)
}
