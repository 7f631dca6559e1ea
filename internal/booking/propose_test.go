package booking

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"polku/internal/civil"
)

var monday = civil.New(2026, 3, 2)

// drawn makes a worker's week and some clients' wants, sensible or not.
func drawn(t *rapid.T) ([]Want, Free) {
	span := func(name string) Span {
		from := rapid.IntRange(7*4, 17*4).Draw(t, name) * 15
		return Span{from, from + rapid.IntRange(1, 12).Draw(t, name+" long")*15}
	}
	day := func(name string) civil.Date { return monday + civil.Date(rapid.IntRange(-2, 20).Draw(t, name)) }
	f := Free{Hours: Ordinary(), Taken: map[civil.Date][]Span{}}
	var closed []civil.Date
	for range rapid.IntRange(0, 4).Draw(t, "holidays") {
		closed = append(closed, day("holiday"))
	}
	f.Calendar = civil.NewCalendar(closed)
	for range rapid.IntRange(0, 12).Draw(t, "taken") {
		f.Take(day("taken"), span("taken"))
	}
	for range rapid.IntRange(0, 3).Draw(t, "leave") {
		f.Take(day("leave"), Span{0, 24 * 60})
	}
	if rapid.Bool().Draw(t, "block") {
		f.Weekly[rapid.IntRange(1, 7).Draw(t, "block day")] = []Span{span("block")}
	}
	var wants []Want
	for i := range rapid.IntRange(0, 25).Draw(t, "wants") {
		from := day("from")
		w := Want{Client: string(rune('a' + i%7)), Path: string(rune('a' + i%7)), Obligation: string(rune('A' + i)), From: from,
			To: from + civil.Date(rapid.IntRange(0, 9).Draw(t, "days")), Minutes: rapid.IntRange(1, 6).Draw(t, "quarters") * 15,
			Weekday: rapid.IntRange(0, 5).Draw(t, "usual")}
		if rapid.Bool().Draw(t, "wish") {
			w.Wish = Wish{Weekdays: rapid.SampledFrom([]string{"", "1", "24", "67"}).Draw(t, "weekdays"), Hours: span("wish")}
		}
		if rapid.Bool().Draw(t, "group day") {
			w.Weekly[rapid.IntRange(1, 5).Draw(t, "group weekday")] = []Span{{9 * 60, 14 * 60}}
		}
		wants = append(wants, w)
	}
	return wants, f
}

// What Propose promises, for any week: nothing overlaps, nobody is proposed on leave, holiday, outside hours, wishes or
// windows; and where it says that there is no time, trying every quarter of an hour finds none.
func TestProposalsKeepWhatTheyPromise(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		wants, free := drawn(t)
		got := Propose(wants, free, monday)
		after := free
		after.Taken = map[civil.Date][]Span{}
		for day, list := range free.Taken {
			after.Taken[day] = slices.Clone(list)
		}
		daysOf := map[string][]civil.Date{}
		for i, p := range got {
			if p.Day.IsZero() {
				continue
			}
			if p.Obligation != wants[i].Obligation {
				t.Fatal("proposals are not in the order of wants")
			}
			if p.Day <= monday || p.Day < p.From || p.Day > p.To || p.Span.To-p.Span.From != p.Minutes {
				t.Fatalf("%s is outside its days %s–%s", p.Day, p.From, p.To)
			}
			if !after.Fits(p.Day, p.Span) { // also against the proposals before it
				t.Fatalf("%s %v overlaps, or lies on a leave, a holiday or outside hours", p.Day, p.Span)
			}
			if !wants[i].fits(p.Day, p.Span) {
				t.Fatalf("%s %v does not suit the client", p.Day, p.Span)
			}
			if slices.Contains(daysOf[p.Client], p.Day) {
				t.Fatalf("%s: twice the same client on a day", p.Day)
			}
			daysOf[p.Client] = append(daysOf[p.Client], p.Day)
			after.Take(p.Day, p.Span)
		}
		for _, p := range got {
			if !p.Day.IsZero() {
				continue
			}
			if p.Why == "" {
				t.Fatal("no time, and no word why")
			}
			for day := max(p.From, monday+1); day <= p.To; day++ {
				for m := 0; m < 24*60; m += step {
					s := Span{m, m + p.Minutes}
					if after.Fits(day, s) && p.Want.fits(day, s) && !slices.Contains(daysOf[p.Client], day) {
						t.Fatalf("%s %v would have done", day, s)
					}
				}
			}
		}
		if again := Propose(wants, free, monday); !slices.EqualFunc(got, again, func(a, b Proposal) bool { return a.Day == b.Day && a.Span == b.Span }) {
			t.Fatal("the same week is proposed in two ways")
		}
	})
}

// The client whose window closes first comes first; the usual weekday is kept where it can be; days fill evenly.
func TestProposalsAreSensible(t *testing.T) {
	f := Free{Hours: Ordinary(), Calendar: civil.NewCalendar(nil)}
	got := Propose([]Want{
		{Client: "a", Path: "a", From: monday, To: monday + 6, Minutes: 60},
		{Client: "b", Path: "b", From: monday, To: monday + 1, Minutes: 60},
		{Client: "c", Path: "c", From: monday, To: monday + 6, Minutes: 60, Weekday: 4},
		{Client: "d", Path: "d", From: monday + 5, To: monday + 6, Minutes: 60},
	}, f, monday)
	if got[1].Day != monday+1 || got[1].Span.From != 8*60 {
		t.Errorf("the one with a day left was given %s %v", got[1].Day, got[1].Span)
	}
	if got[0].Day == monday+1 {
		t.Error("the first day is filled while others are empty")
	}
	if got[2].Day.Weekday() != 4 {
		t.Errorf("the usual Thursday became %s", got[2].Day)
	}
	if got[3].Why != "booking.none.away" {
		t.Errorf("a weekend: %+v", got[3])
	}
}
