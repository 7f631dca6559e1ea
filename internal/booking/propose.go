package booking

import (
	"cmp"
	"slices"

	"polku/internal/civil"
	"polku/internal/entry"
)

// Free is a worker's time: hours, holidays, own blocks, and what is taken. Take changes it.
type Free struct {
	Hours    Week
	Calendar *civil.Calendar
	Weekly   [8][]Span // own blocks of every week, by weekday
	Taken    map[civil.Date][]Span
}

// Fits tells whether a span of a day lies in the worker's hours and nothing else is in it.
func (f *Free) Fits(day civil.Date, s Span) bool {
	h := f.Hours[day.Weekday()]
	if s.Empty() || s.From < h.Open.From || s.To > h.Open.To || s.Meets(h.Pause) || f.Calendar.Closed(day) {
		return false
	}
	meets := func(o Span) bool { return s.Meets(o) }
	return !slices.ContainsFunc(f.Weekly[day.Weekday()], meets) && !slices.ContainsFunc(f.Taken[day], meets)
}

// Take marks a span of a day as taken.
func (f *Free) Take(day civil.Date, s Span) {
	if f.Taken == nil {
		f.Taken = map[civil.Date][]Span{}
	}
	f.Taken[day] = append(f.Taken[day], s)
}

// load is how many minutes of a day are taken.
func (f *Free) load(day civil.Date) int {
	n := 0
	for _, s := range f.Taken[day] {
		n += s.To - s.From
	}
	return n
}

// Want is one meeting that the model asks for, and the days on which it would count.
type Want struct {
	Client, Path string
	Obligation   string     // id of the window, e.g. kartoitus/yksilo/2026-W10
	Rule, Phase  string     // ids of the cadence and its phase
	Model        string     // model@version that asks
	Window       civil.Date // first day of the window
	From, To     civil.Date // first and last day that would do: of the window, or of the grace after it when CatchUp
	CatchUp      bool       // the window has gone by: this would still fill it
	Minutes      int        // planned length
	Form         entry.Form
	Weekday      int  // the cadence's usual weekday; 0: any
	Wish         Wish // of the client
	Busy         map[civil.Date][]Span
	Weekly       [8][]Span // the client's group days and the like
}

// fits tells whether the client could come.
func (w *Want) fits(day civil.Date, s Span) bool {
	meets := func(o Span) bool { return s.Meets(o) }
	return w.Wish.Allows(day, s) && !slices.ContainsFunc(w.Weekly[day.Weekday()], meets) && !slices.ContainsFunc(w.Busy[day], meets)
}

// Proposal answers a want: a time, or none with the reason.
type Proposal struct {
	Want
	Day  civil.Date // zero: no time was found
	Span Span
	Why  string // catalogue key when there is no time: booking.none.*
}

// step is the grid of proposed beginnings, in minutes; between is what is left after a meeting to write it down.
const (
	step    = 15
	between = 15
)

// Propose finds a time for each want in the worker's free time, from the day after today on. It is a pure function of its
// arguments, the same every time; free is not changed. What it promises:
//
//   - a proposal lies in its want's days, in the worker's hours, on no holiday, and overlaps nothing that is taken, no
//     commitment or wish of the client, and no other proposal;
//   - no time is said only when there is none left beside the other proposals.
//
// The wants whose last day comes first choose first. Among the days that would do, the usual weekday comes first, then
// the day with the least in it; on a day, the first time that leaves a quarter of an hour before and after.
func Propose(wants []Want, free Free, today civil.Date) []Proposal {
	f := free
	f.Taken = make(map[civil.Date][]Span, len(free.Taken))
	for day, list := range free.Taken {
		f.Taken[day] = slices.Clone(list)
	}
	order := make([]int, len(wants))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := &wants[a], &wants[b]
		return cmp.Or(cmp.Compare(x.To, y.To), cmp.Compare(y.From, x.From), cmp.Compare(x.Path, y.Path), cmp.Compare(x.Obligation, y.Obligation))
	})
	theirs := map[string]map[civil.Date]bool{} // days on which a client has a proposal already: one meeting a day is enough
	out := make([]Proposal, len(wants))
	for _, i := range order {
		w := &wants[i]
		day, span := f.find(w, today, theirs[w.Client])
		out[i] = Proposal{Want: *w, Day: day, Span: span}
		if day.IsZero() {
			out[i].Why = f.whyNone(w, today)
			continue
		}
		f.Take(day, span)
		if theirs[w.Client] == nil {
			theirs[w.Client] = map[civil.Date]bool{}
		}
		theirs[w.Client][day] = true
	}
	return out
}

// find gives the best time for a want; zero when there is none. not are days that the client has a proposal on.
func (f *Free) find(w *Want, today civil.Date, not map[civil.Date]bool) (civil.Date, Span) {
	var days []civil.Date
	for day := max(w.From, today+1); day <= w.To; day++ {
		if !not[day] {
			days = append(days, day)
		}
	}
	slices.SortStableFunc(days, func(a, b civil.Date) int {
		return cmp.Or(cmp.Compare(off(a, w.Weekday), off(b, w.Weekday)), cmp.Compare(f.load(a), f.load(b)), cmp.Compare(a, b))
	})
	for _, airy := range []bool{true, false} {
		for _, day := range days {
			if span, found := f.on(w, day, airy); found {
				return day, span
			}
		}
	}
	return 0, Span{}
}

func off(day civil.Date, usual int) int {
	if usual == 0 || day.Weekday() == usual {
		return 0
	}
	return 1
}

// on gives the first time of a day that suits both; airy asks for time before and after it.
func (f *Free) on(w *Want, day civil.Date, airy bool) (Span, bool) {
	open := f.Hours[day.Weekday()].Open
	for m := (open.From + step - 1) / step * step; m+w.Minutes <= open.To; m += step {
		s := Span{m, m + w.Minutes}
		if !f.Fits(day, s) || !w.fits(day, s) {
			continue
		}
		if airy && slices.ContainsFunc(f.Taken[day], func(o Span) bool { return o.Meets(Span{s.From - between, s.To + between}) }) {
			continue
		}
		return s, true
	}
	return Span{}, false
}

// whyNone says in a key why a want found no time: the worker is not there, the client's own times leave nothing, or
// all is full.
func (f *Free) whyNone(w *Want, today civil.Date) string {
	if w.To <= today {
		return "booking.none.late"
	}
	anyDay, suits := false, false
	empty := Free{Hours: f.Hours, Calendar: f.Calendar, Weekly: f.Weekly}
	for day := max(w.From, today+1); day <= w.To; day++ {
		open := f.Hours[day.Weekday()].Open
		for m := (open.From + step - 1) / step * step; m+w.Minutes <= open.To; m += step {
			s := Span{m, m + w.Minutes}
			if empty.Fits(day, s) {
				anyDay = true
				suits = suits || w.fits(day, s)
			}
		}
	}
	switch {
	case !anyDay:
		return "booking.none.away"
	case !suits:
		return "booking.none.client"
	}
	return "booking.none.full"
}
