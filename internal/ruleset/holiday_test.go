package ruleset_test

import (
	"testing"

	"polku/internal/civil"
	"polku/internal/ruleset"
	"polku/rules"
)

func TestEasterOfKnownYears(t *testing.T) {
	for year, want := range map[int]string{1990: "1990-04-15", 2000: "2000-04-23", 2008: "2008-03-23", 2011: "2011-04-24", 2015: "2015-04-05", 2016: "2016-03-27",
		2019: "2019-04-21", 2020: "2020-04-12", 2024: "2024-03-31", 2025: "2025-04-20", 2026: "2026-04-05", 2027: "2027-03-28", 2038: "2038-04-25", 2049: "2049-04-18", 2100: "2100-03-28"} {
		if got := ruleset.Easter(year).String(); got != want {
			t.Errorf("Easter of %d: %s, want %s", year, got, want)
		}
	}
}

func shipped(t *testing.T) *ruleset.Set {
	t.Helper()
	s, err := rules.Load()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Every year has the same fifteen days, told here another way than the pack tells them.
func TestEveryYearHasItsHolidays(t *testing.T) {
	p := shipped(t).Pack(ruleset.Holidays)
	for year := 1990; year <= 2100; year++ {
		got := map[civil.Date]bool{}
		for _, d := range ruleset.HolidayDates(p, year) {
			got[d] = true
		}
		want := map[civil.Date]string{
			civil.New(year, 1, 1): "New Year", civil.New(year, 1, 6): "Epiphany", civil.New(year, 5, 1): "May Day", civil.New(year, 12, 6): "Independence Day",
			civil.New(year, 12, 24): "Christmas Eve", civil.New(year, 12, 25): "Christmas Day", civil.New(year, 12, 26): "Boxing Day",
		}
		// Easter is the only Sunday 22 March – 25 April that the pack has; the others hang on it.
		var easter civil.Date
		for d := civil.New(year, 3, 22); d <= civil.New(year, 4, 25); d++ {
			if got[d] && d.Weekday() == 7 {
				easter = d
			}
		}
		if easter == 0 {
			t.Fatalf("%d has no Easter", year)
		}
		want[easter-2], want[easter], want[easter+1], want[easter+39], want[easter+49] = "Good Friday", "Easter", "Easter Monday", "Ascension", "Whit Sunday"
		for d := civil.New(year, 6, 20); d <= civil.New(year, 6, 26); d++ {
			if d.Weekday() == 6 {
				want[d], want[d-1] = "Midsummer Day", "Midsummer Eve"
			}
		}
		for d := civil.New(year, 10, 31); d <= civil.New(year, 11, 6); d++ {
			if d.Weekday() == 6 {
				want[d] = "All Saints"
			}
		}
		for d, name := range want {
			if !got[d] {
				t.Errorf("%s: %s is missing", d, name)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%d has %d holidays, want %d", year, len(got), len(want))
		}
	}
}

func TestCalendarKnowsEvesClosingDaysAndWeekends(t *testing.T) {
	cal := ruleset.Calendar(shipped(t), 2026, 2026, []civil.Date{civil.MustParse("2026-07-15")})
	for day, working := range map[string]bool{
		"2026-06-19": false, // Midsummer Eve, a Friday
		"2026-12-24": false, // Christmas Eve, a Thursday
		"2026-07-15": false, // the unit's closing day
		"2026-05-14": false, // Ascension Day
		"2026-05-15": true,
		"2026-03-01": false, // a Sunday
		"2026-03-02": true,
		"2027-01-01": true, // outside the years asked for
	} {
		if cal.Working(civil.MustParse(day)) != working {
			t.Errorf("%s: working is not %v", day, working)
		}
	}
}

// The figures that the engine and the reports lean on, as the law and the pages read say.
func TestShippedFigures(t *testing.T) {
	s := shipped(t)
	for _, c := range []struct {
		pack, name, day string
		want            int64 // -1: not known
	}{
		{ruleset.WorkActivity, ruleset.DaysAWeekMax, "2015-06-30", -1}, // before act 142/2015
		{ruleset.WorkActivity, ruleset.DaysAWeekMax, "2015-07-01", 4},
		{ruleset.WorkActivity, ruleset.DaysIn12MonthsMax, "2020-05-04", -1},
		{ruleset.WorkActivity, ruleset.DaysIn12MonthsMax, "2025-05-04", 178},
		{ruleset.WorkActivity, ruleset.MinutesADayMin, "2026-03-02", 240},
		{ruleset.WorkActivity, ruleset.MinutesADayMax, "2026-03-02", 480},
		{ruleset.WorkActivity, ruleset.MinutesAWeekMax, "2026-03-02", 1920},
		{ruleset.WorkActivity, ruleset.DaysAWeekMin, "2026-03-02", 1},
		{ruleset.WorkActivity, ruleset.PeriodMonthsMin, "2026-03-02", 3},
		{ruleset.WorkActivity, ruleset.PeriodMonthsMax, "2026-03-02", 24},
		{ruleset.WorkActivity, ruleset.ReviewMonths, "2026-03-02", 3},
		{"allowances", "expense_compensation", "2020-05-04", 900},
		{"allowances", "state_compensation", "2026-05-04", 1009},
		{"allowances", "daily_benefit", "2026-06-30", 3721},
		{"allowances", "daily_benefit", "2020-05-04", -1},
		{"wage-subsidy", "reduced_capacity_cap", "2025-05-04", 277000},
		{"wage-subsidy", "reduced_capacity_cap", "2026-05-04", -1}, // the caps of 2026 were not found
		{"wage-subsidy", "skills_share", "2016-05-04", -1},
	} {
		f, ok := s.Figure(c.pack, c.name, civil.MustParse(c.day))
		if ok != (c.want >= 0) || ok && f.Value != c.want {
			t.Errorf("%s %s on %s: %d %v, want %d", c.pack, c.name, c.day, f.Value, ok, c.want)
		}
	}
}

// The worked example of the municipal share: 21 paid days from the 191st on at 37.21 € a day are 119.07 €.
func TestMunicipalShareOfAMonth(t *testing.T) {
	s := shipped(t)
	day := civil.MustParse("2026-06-30")
	share, ok := s.Figure("municipal-share", "general_support", day)
	benefit, known := s.Figure("allowances", "daily_benefit", day)
	if !ok || !known {
		t.Fatal("figures of June 2026 are not known")
	}
	sum := int64(0)
	for n := int64(191); n < 191+21; n++ {
		sum += share.At(n) * benefit.Value
	}
	if cents := (sum + 5000) / 10000; cents != 11907 {
		t.Errorf("%d cents, want 11907", cents)
	}
	old, _ := s.Figure("municipal-share", "labour_market_support", civil.MustParse("2016-06-30"))
	for n, want := range map[int64]int64{300: 0, 301: 5000, 1000: 5000, 1001: 7000} {
		if got := old.At(n); got != want {
			t.Errorf("2016, day %d: %d, want %d", n, got, want)
		}
	}
}
