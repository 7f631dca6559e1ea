package pathway

import (
	"fmt"
	"slices"
	"testing"

	"polku/internal/civil"
	"polku/internal/entry"
)

// longPath is a path of 200 entries: two and a half years of monthly phases of the Northern Ostrobothnia model, with
// weekly meetings, group days, tasks and their ends.
func longPath() ([]entry.Entry, civil.Date) {
	entries := path("tyokykya-ja-hyvinvointia@2015-1 from 2016-02-01 by mia")
	day := civil.MustParse("2016-02-01")
	add := func(format string, args ...any) {
		entries = append(entries, given(fmt.Sprintf(format, args...), len(entries)+1))
	}
	for week := 0; len(entries) < 199; week++ {
		d := day + civil.Date(7*week)
		if week == 13 {
			add("%s phase valmennus", d)
		}
		add("%s contact meeting held by mia 60 min topics supportive-talk", d)
		add("%s attendance 300 min", d+1)
		if week%2 == 0 {
			add(`%s task "Soita" due %s id t%d`, d, d+20, week)
			add("%s task-end t%d done", d+6, week)
		}
		if week%12 == 0 {
			add("%s measure work-ability-now start", d+2)
			add("%s review coaching-plan", d+3)
		}
	}
	add("%s note x", entries[len(entries)-1].Day)
	slices.SortFunc(entries, func(a, b entry.Entry) int { return entry.Compare(&a, &b) }) // as the journal gives them
	return entries, entries[len(entries)-1].Day + 1
}

// BenchmarkEvaluate200 must stay under 20 µs.
func BenchmarkEvaluate200(b *testing.B) {
	w := newWorld(b)
	entries, today := longPath()
	if len(entries) < 200 {
		b.Fatal(len(entries))
	}
	v := NewEvaluator(w.models, w.rules, w.cal)
	b.ReportAllocs()
	for b.Loop() {
		v.Evaluate(entries, today)
	}
}

// typicalYear is one of the paths that most are like: 10 to 20 entries in a year.
func typicalYear(i int) ([]entry.Entry, civil.Date) {
	day := civil.MustParse("2026-01-05") + civil.Date(i%28)
	entries := path(fmt.Sprintf("tyokykya-ja-hyvinvointia@2015-1 from %s by mia", day))
	for k := range 7 + i%11 {
		d := day + civil.Date(k*(20+i%9))
		switch k % 4 {
		case 0, 1:
			entries = append(entries, given(fmt.Sprintf("%s contact meeting held by mia 60 min topics work-history", d), len(entries)+1))
		case 2:
			entries = append(entries, given(fmt.Sprintf("%s attendance 300 min", d), len(entries)+1))
		case 3:
			entries = append(entries, given(fmt.Sprintf(`%s task "Soita" due %s`, d, d+14), len(entries)+1))
		}
	}
	return entries, day + 300
}

// BenchmarkTypicalYear is one path; a million of them on two cores must take under 30 s, that is under 60 µs each.
func BenchmarkTypicalYear(b *testing.B) {
	w := newWorld(b)
	v := NewEvaluator(w.models, w.rules, w.cal)
	var paths [64][]entry.Entry
	var days [64]civil.Date
	for i := range paths {
		paths[i], days[i] = typicalYear(i)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		v.Evaluate(paths[i%64], days[i%64])
	}
}

// BenchmarkMillion is the same on all cores: -benchtime=1000000x gives the time of a million.
func BenchmarkMillion(b *testing.B) {
	w := newWorld(b)
	var paths [64][]entry.Entry
	var days [64]civil.Date
	for i := range paths {
		paths[i], days[i] = typicalYear(i)
	}
	b.RunParallel(func(p *testing.PB) {
		v := NewEvaluator(w.models, w.rules, w.cal)
		for i := 0; p.Next(); i++ {
			v.Evaluate(paths[i%64], days[i%64])
		}
	})
}
