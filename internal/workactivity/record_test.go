package workactivity_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	. "polku/internal/polkutest"
	"polku/internal/ruleset"
	"polku/internal/workactivity"
	"polku/rules"
)

func (h *house) mark(marks ...workactivity.Mark) (changed int, err error) {
	err = h.Update(Mia, func(tx *db.Tx) error {
		changed, err = workactivity.RecordWeek(tx, h.Book, h.path, marks)
		return err
	})
	return changed, err
}

// recorded gives a mark with what the form would have shown.
func (h *house) recorded(day, state string, minutes int) workactivity.Mark {
	return workactivity.Mark{Day: civil.MustParse(day), State: state, Minutes: minutes, Seen: h.day(day).Seen}
}

// A day is recorded, corrected, changed into an absence and taken back; what stood before stays in the journal. Sent
// twice it counts once, and somebody else's record is not written over.
func TestALateEditKeepsHistory(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		h := newHouse(t, w)
		must(t, h.agree(good()))
		const day = "2026-02-25"
		first := h.recorded(day, workactivity.CameWord, 300)
		for range 2 {
			if _, err := h.mark(first); err != nil {
				t.Fatal(err)
			}
		}
		if d := h.day(day); !d.Came || d.Minutes != 300 || len(d.Entries) != 1 {
			t.Fatalf("%+v", d)
		}
		other := first
		other.State, other.Minutes = string(entry.Sick), 0
		if _, err := h.mark(other); !fault.Is(err, fault.Conflict) {
			t.Fatal("a form that had not seen the record wrote over it:", err)
		}
		for _, minutes := range []int{240, 270} {
			if n, err := h.mark(h.recorded(day, workactivity.CameWord, minutes)); err != nil || n != 1 {
				t.Fatal(n, err)
			}
		}
		if d := h.day(day); d.Minutes != 270 || len(d.Entries) != 1 {
			t.Fatalf("%+v", d)
		}
		sick := h.recorded(day, string(entry.ChildSick), 0)
		sick.Told = "Lapsi oli kuumeessa"
		if _, err := h.mark(sick); err != nil {
			t.Fatal(err)
		}
		if d := h.day(day); d.Came || d.Reason != entry.ChildSick || d.Told != "Lapsi oli kuumeessa" || len(d.Entries) != 1 {
			t.Fatalf("%+v", d)
		}
		if _, err := h.mark(h.recorded(day, "", 0)); err != nil || len(h.day(day).Entries) > 0 {
			t.Fatal(err, h.day(day))
		}
		if _, err := h.mark(h.recorded(day, workactivity.CameWord, 250)); err != nil || h.day(day).Minutes != 250 {
			t.Fatal(err, h.day(day))
		}
		must(t, h.View(Mia, func(tx *db.Tx) error {
			all, err := h.Book.Journal.All(tx, h.client)
			n := 0
			for _, e := range all {
				if e.Day == civil.MustParse(day) && (e.Kind == entry.KindAttendance || e.Kind == entry.KindAbsence || e.Kind == entry.KindRetraction) {
					n++
				}
			}
			if n != 7 { // three wordings of the first, its retraction, the absence, its retraction, and the last
				t.Errorf("%d entries of the day are in the journal", n)
			}
			return err
		}))
		if _, err := h.mark(workactivity.Mark{Day: civil.MustParse("2026-03-03"), State: workactivity.CameWord, Minutes: 300}); !fault.Is(err, fault.Invalid) {
			t.Error("tomorrow was recorded:", err)
		}
	})
}

// Recording past a limit is never refused; it warns, and the engine says the same.
func TestRecordingPastALimitWarns(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		h := newHouse(t, w)
		p := good()
		p.From = civil.MustParse("2026-02-02")
		must(t, h.agree(p))
		var marks []workactivity.Mark
		for day := civil.MustParse("2026-02-23"); day <= civil.MustParse("2026-02-27"); day++ {
			marks = append(marks, workactivity.Mark{Day: day, State: workactivity.CameWord, Minutes: 390})
		}
		marks[4].Minutes = 500
		if n, err := h.mark(marks...); err != nil || n != 5 {
			t.Fatal(n, err)
		}
		entries := h.entries()
		monday := civil.MustParse("2026-02-23")
		v := workactivity.Recorded(h.Book.Rules, workactivity.Days(entries, h.Book.Calendar, monday, monday+6), workactivity.Came(entries))
		var got []string
		for _, b := range v.Breaches {
			got = append(got, b.Limit)
		}
		if want := []string{ruleset.MinutesADayMax, ruleset.DaysAWeekMax, ruleset.MinutesAWeekMax}; !slices.Equal(got, want) {
			t.Error(got)
		}
		must(t, h.View(Mia, func(tx *db.Tx) error {
			p, err := pathOf(tx, h.path)
			if err != nil {
				return err
			}
			s, err := h.Book.StateOf(tx, p)
			n := 0
			for _, x := range s.Signals {
				if x.Class == 4 {
					n++
				}
			}
			if n != 3 {
				t.Errorf("the engine says %v", s.Signals)
			}
			return err
		}))
	})
}

// What the codes of absence lead to, as the benefit acts tell: only a day taken part in counts and is compensated.
func TestWhatFollowsFromADay(t *testing.T) {
	packs, err := rules.Load()
	must(t, err)
	day := civil.MustParse("2026-03-02")
	type says struct{ counts, paid, accepted, decides bool }
	want := map[entry.Reason]says{"": {true, true, true, false}, entry.Sick: {false, false, true, false}, entry.ChildSick: {false, false, true, false},
		entry.Interview: {false, false, true, false}, entry.OtherOK: {false, false, false, true}, entry.Unexplained: {}, entry.ByOrganiser: {false, false, true, false}}
	for reason, w := range want {
		f := workactivity.FollowsFrom(packs, reason, day)
		if (says{f.Counts, f.Compensated, f.Accepted, f.Decides}) != w || f.Money.Value != 900 || f.Source.Source != "1290/2002 ch. 10 s. 3 (918/2012)" {
			t.Errorf("%q: %+v", reason, f)
		}
	}
	if f := workactivity.FollowsFrom(packs, entry.Sick, civil.MustParse("2026-05-04")); f.Source.Source != "1290/2002 ch. 10 s. 3 and 48/2026 s. 19" {
		t.Error("general support has a section of its own:", f.Source.Source)
	}
	if f := workactivity.FollowsFrom(packs, entry.Sick, civil.MustParse("2010-05-04")); f.Source.Unit != "" || f.Money.Unit != "" {
		t.Error("a rule was said of a date for which none is known:", f)
	}
	// A child is sick from Monday to Friday: the fifth working day is over, and the weekend between breaks no case.
	days := make([]workactivity.Day, 9)
	for i := range days {
		days[i] = workactivity.Day{Date: day + civil.Date(i)}
		if i < 4 || i > 6 {
			days[i].Planned, days[i].Reason = 240, entry.ChildSick
		}
	}
	if over, f, is := workactivity.SickChild(packs, days); !is || over != day+7 || f.Value != 4 {
		t.Error(over, f, is)
	}
	days[2].Reason, days[2].Came = "", true
	if _, _, is := workactivity.SickChild(packs, days); is {
		t.Error("a day at work between did not end the case")
	}
}

// A plan that Judge accepts breaks no limit when it is carried out to the letter, by a plain count of every day; one that it
// refuses does (days, hours, weeks, year).
func TestJudgeAgreesWithAPlainCount(t *testing.T) {
	packs, err := rules.Load()
	must(t, err)
	cal := ruleset.Calendar(packs, 2020, 2032, nil)
	rapid.Check(t, func(t *rapid.T) {
		from := civil.MustParse("2025-01-06") + civil.Date(rapid.IntRange(0, 300).Draw(t, "from"))
		b := entry.WorkPeriod{Period: "p", From: from, To: from + civil.Date(rapid.IntRange(92, 720).Draw(t, "long")), Minutes: 30 * rapid.IntRange(8, 16).Draw(t, "halves"), Legal: entry.FormCounty}
		for d := 1; d <= 7; d++ {
			if rapid.IntRange(0, 9).Draw(t, "day") < 6 {
				b.Days = append(b.Days, d)
			}
		}
		if len(b.Days) == 0 {
			b.Days = []int{1}
		}
		came := map[civil.Date]bool{}
		for day := from - 400; day < from; day++ {
			if rapid.IntRange(0, 9).Draw(t, "before") < 3 {
				came[day] = true
			}
		}
		var before []civil.Date
		for day := from - 400; day < from; day++ {
			if came[day] {
				before = append(before, day)
			}
		}
		p := workactivity.Periods([]*entry.Entry{{ID: "p", Kind: entry.KindWorkPeriod, Body: &b}})[0]
		v := workactivity.Judge(packs, cal, p, before, from)

		breaks := len(b.Days) > 4 || len(b.Days)*b.Minutes > 1920
		for day := from; day <= b.To; day++ {
			if slices.Contains(b.Days, day.Weekday()) && !cal.Closed(day) {
				came[day] = true
			}
		}
		for day := from; day <= b.To; day++ {
			year, week := 0, 0
			for d := day - 366; d <= day; d++ {
				if came[d] && d > day.AddMonths(-12) {
					year++
				}
			}
			for d := day.Monday(); d < day.Monday()+7; d++ {
				if came[d] {
					week++
				}
			}
			breaks = breaks || came[day] && (year > 178 || week > 4)
		}
		if breaks != (len(v.Breaches) > 0) {
			t.Fatalf("%v %d minutes %s–%s: %+v, a plain count says %v", b.Days, b.Minutes, b.From, b.To, v.Breaches, breaks)
		}
		for _, x := range v.Breaches {
			if x.Limit == ruleset.DaysIn12MonthsMax && !x.FitsTo.IsZero() {
				b.To = x.FitsTo
				p := workactivity.Periods([]*entry.Entry{{ID: "p", Kind: entry.KindWorkPeriod, Body: &b}})[0]
				for _, y := range workactivity.Judge(packs, cal, p, before, from).Breaches {
					if y.Limit == ruleset.DaysIn12MonthsMax {
						t.Fatal("what was said to fit does not:", x, y)
					}
				}
			}
		}
	})
}
