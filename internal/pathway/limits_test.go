package pathway

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"polku/internal/civil"
	"polku/internal/entry"
)

// The engine's count of days in twelve months and in a week is that of a plain count over the calendar, for any days of
// activity on any day: 178 days in the twelve months that end today, four days in the week (189/2001 s. 13b.2 and 14.1).
func TestLimitsAgreeWithAPlainCount(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(t *rapid.T) {
		first := civil.MustParse("2023-01-02")
		entries := path("tyotoiminta@2026-1 from " + first.String() + " by mia")
		entries = append(entries, entry.Entry{ID: "p", Day: first, Minute: -1, Kind: entry.KindWorkPeriod, Body: &entry.WorkPeriod{Period: "p", From: first, To: first + 5000}})
		share := rapid.IntRange(20, 100).Draw(t, "share") // per cent of the days on which there is activity
		came := map[civil.Date]bool{}
		for day := first; day < first+500; day++ {
			if rapid.IntRange(1, 100).Draw(t, "dice") <= share {
				came[day] = true
				entries = append(entries, entry.Entry{ID: day.String(), Day: day, Minute: -1, Kind: entry.KindAttendance, Minutes: 240, Body: &entry.Attendance{}})
			}
		}
		today := first + civil.Date(rapid.IntRange(0, 900).Draw(t, "today"))

		year := 0
		for day := range came {
			if day <= today && day > today.AddMonths(-12) {
				year++
			}
		}
		week := func(monday civil.Date) (n int) {
			for day := monday; day < monday+7; day++ {
				if came[day] && day <= today {
					n++
				}
			}
			return n
		}
		want := map[string]bool{"signal.limit_days_in_12_months": year > 178, "signal.limit_days_in_12_months_near": year >= 161 && year <= 178,
			"signal.limit_days_a_week": week(today.Monday()) > 4 || week(today.Monday()-7) > 4}
		s := Evaluate(w.models, w.rules, w.cal, entries, today)
		for key, is := range want {
			if got := slices.ContainsFunc(s.Signals, func(x Signal) bool { return x.Key == key }); got != is {
				t.Fatalf("%s on %s with %d days: %v, want %v", key, today, year, got, is)
			}
		}
		for _, x := range s.Signals {
			if n, is := x.Args["n"].(int); is && x.Key == "signal.limit_days_in_12_months" && n != year {
				t.Fatalf("it counts %d, want %d", n, year)
			}
		}
	})
}
