// Package ruleset owns the dated rule packs: the figures of laws and services, each with the days it holds
// for, where it was read, and whether that reading was made or is still to be verified. It is pure.
package ruleset

import "polku/internal/civil"

// Pack is one rule pack: a file in rules/.
type Pack struct {
	ID       string // e.g. rehabilitative-work-activity
	TitleFI  string
	TitleSV  string
	TitleEN  string
	File     string    // name of its file
	Versions []Version // by From, without overlap
	Holidays []Holiday // only in packs of holidays
}

// Version of a pack's figures for a span of days.
type Version struct {
	ID       string     // e.g. KTT-2025
	From, To civil.Date // both included; To zero: until further notice
	Figures  map[string]Figure
	Source   string // where the days come from, in English
	Verified bool   // the days were read there; false: from memory
	Note     string // in English
	Said     Said
}

// Figure with its source. Value is in Unit: days, hours, minutes, months, cents, basis-points (1/100 %),
// times, truth (1 yes, 0 no).
type Figure struct {
	Value    int64
	Steps    []Step // for stepped figures (the municipal share); else nil
	Unit     string
	Source   string // statute section or page, in English
	Verified bool   // read in that source; false: from memory, to be verified
	Note     string // in English
	Said     Said
}

// At gives the value that holds for the n-th (1 first) of a stepped figure; a figure without steps gives Value.
func (g Figure) At(n int64) int64 {
	v := g.Value
	for _, s := range g.Steps {
		if n >= s.FromN {
			v = s.Value
		}
	}
	return v
}

// Step of a stepped figure: from the N-th (ordinal, 1 first) on, Value holds.
type Step struct {
	FromN int64
	Value int64
}

// Holiday of a calendar.
type Holiday struct {
	ID     string
	FI     string // name in Finnish, Swedish, English
	SV     string
	EN     string
	Month  int // fixed: month and day
	Day    int
	Easter *int // days from Easter Sunday
	// Weekday (1–7) on or after Month/Day, e.g. Midsummer Day: Saturday on or after 20 June.
	Weekday  int
	Eve      bool // kept by custom and agreements, not by statute
	Source   string
	Verified bool
	Said     Said
}

// Set holds packs by id. It never changes after it is made.
type Set struct{ Packs []*Pack }

// Pack by id; nil when there is none such.
func (s *Set) Pack(id string) *Pack {
	for _, p := range s.Packs {
		if p.ID == id {
			return p
		}
	}
	return nil
}

// On gives the version that holds on a day; nil when none is known: then the answer is "limit not known for
// that date", never the nearest one.
func (p *Pack) On(day civil.Date) *Version {
	for i := range p.Versions {
		v := &p.Versions[i]
		if v.From <= day && (v.To.IsZero() || day <= v.To) {
			return v
		}
	}
	return nil
}

// Figure of a pack on a day; false when the pack, the version or the figure is not known.
func (s *Set) Figure(pack, name string, day civil.Date) (Figure, bool) {
	p := s.Pack(pack)
	if p == nil {
		return Figure{}, false
	}
	v := p.On(day)
	if v == nil {
		return Figure{}, false
	}
	f, ok := v.Figures[name]
	return f, ok
}

// Names of the figures that the engine reads from the pack WorkActivity (189/2001).
const (
	WorkActivity      = "rehabilitative-work-activity"
	DaysAWeekMin      = "days_a_week_min"       // 1
	DaysAWeekMax      = "days_a_week_max"       // 4
	MinutesADayMin    = "minutes_a_day_min"     // 240
	MinutesADayMax    = "minutes_a_day_max"     // 480
	MinutesAWeekMax   = "minutes_a_week_max"    // 1920
	DaysIn12MonthsMax = "days_in_12_months_max" // 178
	PeriodMonthsMin   = "period_months_min"     // 3
	PeriodMonthsMax   = "period_months_max"     // 24
	ReviewMonths      = "review_months"         // 3
)

// Names of further figures of rehabilitative work activity. FromBusiness and IncidentDays stand in the pack WorkActivity,
// the others in Allowances.
const (
	Allowances          = "allowances"
	FromBusiness        = "from_business"        // truth: 0, the activity may not be bought from a business
	IncidentDays        = "incident_report_days" // working days to tell the insurance company
	ExpenseCompensation = "expense_compensation" // cents a day taken part in
	MissedDayPaid       = "missed_day_paid"      // truth: 0, no benefit for a day missed but for the excepted reasons
	ChildSickDaysMax    = "child_sick_days_max"  // working days for each case
)
