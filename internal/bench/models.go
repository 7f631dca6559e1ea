package bench

import (
	"fmt"

	"polku/internal/civil"
	"polku/internal/model"
)

// templates is how many service models the data set has.
const templates = 6

// phases of each: their cadences are 7, 14, 14, 30 and 30 days.
var phases = []struct {
	id      string
	atLeast int
	every   model.Every
	months  int
}{
	{"p1", 1, model.EveryWeek, 3}, {"p2", 2, model.EveryMonth, 4}, {"p3", 2, model.EveryMonth, 4}, {"p4", 1, model.EveryMonth, 6}, {"p5", 1, model.EveryMonth, 6},
}

// Models gives the six models of the data set.
func Models() *model.Set {
	var all []*model.Model
	for t := range templates {
		all = append(all, modelOf(t))
	}
	return model.NewSet(all...)
}

func modelOf(t int) *model.Model {
	name := fmt.Sprintf("bench-%d", t+1)
	days := func(n int) civil.Span { return civil.Span{N: n, Unit: civil.Days} }
	m := &model.Model{Model: name, Version: "1", Register: "employment-project", Title: model.Text{FI: name, SV: name, EN: name},
		Entry:    model.Entry{Sources: []string{"self", "employment-authority"}, FirstContactWithin: civil.Span{N: 5, Unit: civil.WorkingDays}},
		Promises: model.Promises{NextStep: true, Silence: days(21 + 7*t), AbsencesInRow: 3, HandoffAnswer: days(7), HandoffFirst: days(14)},
		Reviews:  []model.Review{{Plan: "coaching-plan", Every: civil.Span{N: 3, Unit: civil.Months}}},
		Exits:    []model.Exit{{To: "open-work"}, {To: "education"}, {To: "withdrew"}, {To: "moved"}},
	}
	for k, p := range phases {
		ph := model.Phase{ID: p.id, Title: model.Text{FI: p.id, SV: p.id, EN: p.id}, Target: civil.Span{N: p.months, Unit: civil.Months},
			AtMost:   civil.Span{N: 2 * p.months, Unit: civil.Months},
			Cadences: []model.Cadence{{ID: "contact", Do: model.DoContact, AtLeast: p.atLeast, Every: p.every, Grace: days(3), Minutes: 45}},
			Topics:   []string{"overall-situation", "next-step"},
			Measures: []model.Measure{{Instrument: "work-ability-now", When: "start", Window: days(14)}},
			LeadsTo:  []string{"exit"}}
		if k+1 < len(phases) {
			ph.LeadsTo = append(ph.LeadsTo, phases[k+1].id)
		}
		m.Phases = append(m.Phases, ph)
	}
	return m
}
