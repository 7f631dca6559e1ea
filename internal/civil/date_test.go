package civil

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDateAgreesWithTheStandardLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Date(rapid.IntRange(1, 800000).Draw(t, "d"))
		at := d.Time()
		if New(at.Year(), int(at.Month()), at.Day()) != d || MustParse(d.String()) != d {
			t.Fatalf("%d does not come back", d)
		}
		if want := (int(at.Weekday())+6)%7 + 1; d.Weekday() != want {
			t.Fatalf("%s: weekday %d, want %d", d, d.Weekday(), want)
		}
	})
}

func TestAddMonthsStaysInTheMonth(t *testing.T) {
	for _, c := range []struct {
		from string
		n    int
		want string
	}{{"2024-01-31", 1, "2024-02-29"}, {"2026-01-31", 1, "2026-02-28"}, {"2026-03-15", -3, "2025-12-15"}, {"2024-02-29", 12, "2025-02-28"}} {
		if got := MustParse(c.from).AddMonths(c.n).String(); got != c.want {
			t.Errorf("%s + %d months = %s, want %s", c.from, c.n, got, c.want)
		}
	}
}

func TestNobodyIsBornOnTheMissingDay(t *testing.T) {
	if New(1970, 1, 1).IsZero() || New(1899, 12, 31).IsZero() {
		t.Fatal("a real day counts as missing")
	}
}

func TestDayFollowsTheClockOnTheWall(t *testing.T) {
	helsinki, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	lateEvening := time.Date(2026, 3, 28, 22, 30, 0, 0, time.UTC) // 00:30 on 29 March, the night clocks move
	if got := Of(lateEvening, helsinki).String(); got != "2026-03-29" {
		t.Fatal(got)
	}
}

func TestWorkingDaysSkipWeekendsAndClosedDays(t *testing.T) {
	cal := NewCalendar([]Date{New(2026, 5, 1), New(2026, 12, 24)})
	if got := cal.AddWorking(New(2026, 4, 30), 1); got != New(2026, 5, 4) {
		t.Fatal(got)
	}
	if got := cal.WorkingDays(New(2026, 4, 27), New(2026, 5, 3)); got != 4 {
		t.Fatal(got)
	}
	var none Calendar
	if none.Closed(New(2026, 5, 1)) {
		t.Fatal("an empty calendar is closed")
	}
}

func TestSpanReadsWhatItWrites(t *testing.T) {
	for _, s := range []string{"3 months", "1 month", "21 days", "5 working days", "2 weeks"} {
		v, err := ParseSpan(s)
		if err != nil || v.String() != s {
			t.Errorf("%q: %v, %v", s, v, err)
		}
	}
	for _, s := range []string{"", "months", "3", "-1 days", "3 years of hope", "99999 days"} {
		if v, err := ParseSpan(s); err == nil {
			t.Errorf("%q was read as %v", s, v)
		}
	}
}
