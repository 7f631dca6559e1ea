package workactivity

import (
	"slices"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/ruleset"
)

// Breach is one limit of the act that a plan or what was recorded breaks, with what would fit.
type Breach struct {
	Limit  string // figure of the rule pack: ruleset.DaysAWeekMax …
	N      int    // as planned or recorded: days, minutes, months
	Most   int    // the limit; a least amount for the figures …_min
	Day    civil.Date
	Source ruleset.Figure

	FitsDays int        // so many days a week would fit; 0: nothing to say
	FitsTo   civil.Date // the period would fit up to this day, or (period_months_min) fits from this day on; zero: nothing to say
}

// Verdict on a plan.
type Verdict struct {
	Breaches []Breach
	Unknown  civil.Date // first day found for which no limits are known, so that it was not judged; zero: all are known
}

// examined is how far a plan is looked at, in days: longer ones break the length of the period anyway.
const examined = 3 * 366

// Judge compares a period, as it would stand, with the act. came are the days taken part in so far (of all the client's
// paths), rising; today is the first day that is only planned. The figures of each day are those that hold on it.
func Judge(rules *ruleset.Set, cal *civil.Calendar, p Period, came []civil.Date, today civil.Date) Verdict {
	j := judge{rules: rules, p: p, today: today}
	j.period()
	j.week()
	if p.Legal == entry.FormBusiness && !p.Support {
		if f, ok := j.figure(ruleset.FromBusiness, p.From); ok && f.Value == 0 {
			j.breaks(ruleset.FromBusiness, f, 0, p.From)
		}
	}
	planned := j.planned(cal)
	j.weeks(planned, came)
	j.year(planned, came)
	return j.v
}

type judge struct {
	rules *ruleset.Set
	p     Period
	today civil.Date
	v     Verdict
}

// figure of the pack on a day. Where no version is known, the first such day is noted; a figure that
// a known version does not name is no limit.
func (j *judge) figure(name string, day civil.Date) (ruleset.Figure, bool) {
	var pack *ruleset.Pack
	if j.rules != nil {
		pack = j.rules.Pack(ruleset.WorkActivity)
	}
	if pack == nil || pack.On(day) == nil {
		if j.v.Unknown.IsZero() {
			j.v.Unknown = day
		}
		return ruleset.Figure{}, false
	}
	f, ok := pack.On(day).Figures[name]
	return f, ok
}

func (j *judge) breaks(limit string, f ruleset.Figure, n int, day civil.Date) *Breach {
	j.v.Breaches = append(j.v.Breaches, Breach{Limit: limit, N: n, Most: int(f.Value), Day: day, Source: f})
	return &j.v.Breaches[len(j.v.Breaches)-1]
}

// period judges the length: 3–24 months at a time (189/2001 s. 13b.2). A period that somebody has cut short is not judged.
func (j *judge) period() {
	p := j.p
	if f, ok := j.figure(ruleset.PeriodMonthsMin, p.From); ok && p.To+1 < p.From.AddMonths(int(f.Value)) {
		j.breaks(ruleset.PeriodMonthsMin, f, int(p.To-p.From)+1, p.To).FitsTo = p.From.AddMonths(int(f.Value)) - 1
	}
	if f, ok := j.figure(ruleset.PeriodMonthsMax, p.From); ok && p.To >= p.From.AddMonths(int(f.Value)) {
		j.breaks(ruleset.PeriodMonthsMax, f, int(p.To-p.From)+1, p.To).FitsTo = p.From.AddMonths(int(f.Value)) - 1
	}
}

// week judges the week as it is agreed: days, minutes of a day, minutes of the week.
func (j *judge) week() {
	w := j.p.Weeks[len(j.p.Weeks)-1]
	day, n := w.Since, len(w.Days)
	if f, ok := j.figure(ruleset.DaysAWeekMin, day); ok && n < int(f.Value) {
		j.breaks(ruleset.DaysAWeekMin, f, n, day)
	}
	if f, ok := j.figure(ruleset.DaysAWeekMax, day); ok && n > int(f.Value) {
		j.breaks(ruleset.DaysAWeekMax, f, n, day).FitsDays = int(f.Value)
	}
	if f, ok := j.figure(ruleset.MinutesADayMin, day); ok && w.Minutes < int(f.Value) {
		j.breaks(ruleset.MinutesADayMin, f, w.Minutes, day)
	}
	if f, ok := j.figure(ruleset.MinutesADayMax, day); ok && w.Minutes > int(f.Value) {
		j.breaks(ruleset.MinutesADayMax, f, w.Minutes, day)
	}
	if f, ok := j.figure(ruleset.MinutesAWeekMax, day); ok && n*w.Minutes > int(f.Value) && w.Minutes > 0 {
		j.breaks(ruleset.MinutesAWeekMax, f, n*w.Minutes, day).FitsDays = int(f.Value) / w.Minutes
	}
}

// planned gives the days of activity still to come, with their minutes.
func (j *judge) planned(cal *civil.Calendar) []workDay {
	var all []workDay
	last := min(j.p.Last, j.p.From+examined)
	for day := max(j.p.From, j.today); day <= last; day++ {
		w, there := j.p.On(day)
		if there && w.Has(day.Weekday()) && (cal == nil || !cal.Closed(day)) {
			all = append(all, workDay{day, w.Minutes})
		}
	}
	return all
}

type workDay struct {
	day     civil.Date
	minutes int
}

// weeks looks for a week in which what happened and what is planned are too many days together: a change in the middle of
// a week may do that. What week has said already is not said again.
func (j *judge) weeks(planned []workDay, came []civil.Date) {
	if slices.ContainsFunc(j.v.Breaches, func(b Breach) bool { return b.Limit == ruleset.DaysAWeekMax }) {
		return
	}
	days := unite(planned, came)
	for from := 0; from < len(days); {
		to := from
		for to < len(days) && days[to].Monday() == days[from].Monday() {
			to++
		}
		if last := days[to-1]; last >= j.today {
			if f, ok := j.figure(ruleset.DaysAWeekMax, last); ok && to-from > int(f.Value) {
				j.breaks(ruleset.DaysAWeekMax, f, to-from, days[from].Monday())
				return
			}
		}
		from = to
	}
}

// year looks for the first planned day on which the twelve months before it would hold too many days (189/2001 s. 14.1).
func (j *judge) year(planned []workDay, came []civil.Date) {
	days := unite(planned, came)
	day, n, f := j.overYear(days)
	if day.IsZero() {
		return
	}
	b := j.breaks(ruleset.DaysIn12MonthsMax, f, n, day)
	if day-1 >= j.p.From {
		b.FitsTo = day - 1
	}
	week := j.p.Weeks[len(j.p.Weeks)-1]
	for fewer := len(week.Days) - 1; fewer > 0; fewer-- {
		kept := slices.DeleteFunc(slices.Clone(planned), func(w workDay) bool {
			return w.day >= week.Since && !slices.Contains(week.Days[:fewer], w.day.Weekday())
		})
		if over, _, _ := j.overYear(unite(kept, came)); over.IsZero() {
			b.FitsDays = fewer
			return
		}
	}
}

// overYear gives the first day from today on that breaks the limit of twelve months, with how many days there are then.
func (j *judge) overYear(days []civil.Date) (civil.Date, int, ruleset.Figure) {
	first := 0
	for i, day := range days {
		if day < j.today {
			continue
		}
		for after := day.AddMonths(-12); days[first] <= after; {
			first++
		}
		if f, ok := j.figure(ruleset.DaysIn12MonthsMax, day); ok && i-first+1 > int(f.Value) {
			return day, i - first + 1, f
		}
	}
	return 0, 0, ruleset.Figure{}
}

// unite gives the days planned and the days taken part in, rising, each once.
func unite(planned []workDay, came []civil.Date) []civil.Date {
	all := slices.Clone(came)
	for _, w := range planned {
		all = append(all, w.day)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Recorded compares the days of whole weeks with the act: what recording warns of and never refuses. came are the days
// taken part in on any of the client's paths; a breach of twelve months is told on its last day of the weeks.
func Recorded(rules *ruleset.Set, days []Day, came []civil.Date) Verdict {
	j := judge{rules: rules}
	for from := 0; from < len(days); {
		to := from
		for to < len(days) && days[to].Date.Monday() == days[from].Date.Monday() {
			to++
		}
		j.recordedWeek(days[from:to])
		from = to
	}
	for i := len(days) - 1; i >= 0; i-- {
		if !days[i].Came {
			continue
		}
		if f, ok := j.figure(ruleset.DaysIn12MonthsMax, days[i].Date); ok {
			if n := YearBefore(came, days[i].Date); n > int(f.Value) {
				j.breaks(ruleset.DaysIn12MonthsMax, f, n, days[i].Date)
			}
		}
		break
	}
	return j.v
}

func (j *judge) recordedWeek(week []Day) {
	n, minutes := 0, 0
	var last civil.Date
	for i := range week {
		d := &week[i]
		if !d.Came {
			continue
		}
		n++
		minutes += d.Minutes
		last = d.Date
		if f, ok := j.figure(ruleset.MinutesADayMin, d.Date); ok && d.Minutes > 0 && d.Minutes < int(f.Value) {
			j.breaks(ruleset.MinutesADayMin, f, d.Minutes, d.Date)
		}
		if f, ok := j.figure(ruleset.MinutesADayMax, d.Date); ok && d.Minutes > int(f.Value) {
			j.breaks(ruleset.MinutesADayMax, f, d.Minutes, d.Date)
		}
	}
	if n == 0 {
		return
	}
	if f, ok := j.figure(ruleset.DaysAWeekMax, last); ok && n > int(f.Value) {
		j.breaks(ruleset.DaysAWeekMax, f, n, last)
	}
	if f, ok := j.figure(ruleset.MinutesAWeekMax, last); ok && minutes > int(f.Value) {
		j.breaks(ruleset.MinutesAWeekMax, f, minutes, last)
	}
}
