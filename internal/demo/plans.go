package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
	agreed "polku/internal/plan"
)

// planWords are what the plans of the demo's people say, data/plans.yaml.
type planWords struct {
	Strengths [][]string
	Goals     []struct {
		Theme, Words string
		Actions      []string
	}
	Fields map[string][]string
	GoesOn []string `yaml:"goes_on"`
}

var loadPlans = sync.OnceValues(func() (*planWords, error) {
	text, err := data.ReadFile("data/plans.yaml")
	if err != nil {
		return nil, fault.Wrap(err, "demo.read")
	}
	w := &planWords{}
	if err := yaml.Unmarshal(text, w); err != nil {
		return nil, fault.Wrap(err, "demo.read")
	}
	for _, g := range w.Goals {
		for _, id := range g.Actions {
			if _, known := agreed.ReadyOf(id); !known {
				return nil, fault.Wrap(fmt.Errorf("data/plans.yaml: no ready action %q", id), "demo.read")
			}
		}
	}
	return w, nil
})

// planned gives what was agreed in an open story its content: goals, what is done for them, and the plan that both sides
// accepted. The days are those of the plan that the walk made.
func (s *story) planned(w *planWords, r *dice, names map[string]string, today civil.Date) {
	at := slices.IndexFunc(s.more, func(e entry.Entry) bool { return e.Kind == entry.KindPlan })
	if at < 0 {
		return
	}
	made := &s.more[at]
	body := made.Body.(*entry.Plan)
	kind := agreed.KindOf(body.Plan)
	if kind == nil {
		return
	}
	var added []entry.Entry
	add := func(what string, day civil.Date, body entry.Body) string {
		e := entry.Entry{ID: ident.Beside(made.ID, what), Day: day, Minute: -1, Kind: body.Kind(), Author: made.Author, RecordedAt: made.RecordedAt, Body: body}
		if day > made.Day {
			e.RecordedAt += int64(day-made.Day) * 24 * 3600 * 1_000_000
		}
		added = append(added, e)
		return e.ID
	}
	first := r.IntN(len(w.Goals))
	for i := range r.between(1, 2) {
		g := w.Goals[(first+i*4)%len(w.Goals)]
		goal := &entry.Goal{Theme: g.Theme, Words: g.Words, State: entry.GoalSet}
		goal.Goal = ident.Beside(made.ID, "goal "+g.Words)
		add("goal "+g.Words, made.Day, goal)
		x := entry.PlanGoal{Goal: goal.Goal, Theme: g.Theme, Words: g.Words}
		for n, id := range g.Actions {
			ready, _ := agreed.ReadyOf(id)
			t := &entry.Task{Task: ident.Beside(made.ID, id), What: ready.FI, Owner: ready.Owner, By: made.Day + civil.Date(ready.Days), From: entry.FromGoal, Goal: goal.Goal}
			done := n < len(g.Actions)-1 && t.By < today
			if !done { // far enough not to be anybody's next step
				t.By = today + r.days(24, 40)
			}
			add(id, made.Day, t)
			if done {
				add(id+" done", t.By, &entry.TaskEnd{Task: t.Task, Outcome: entry.Done})
			}
			x.Actions = append(x.Actions, entry.PlanAction{Task: t.Task, What: t.What, Owner: t.Owner, By: t.By})
		}
		body.Goals = append(body.Goals, x)
	}
	body.Version, body.Strengths = 1, strings.Join(pick(r, w.Strengths), "\n")
	worker := names[made.Author]
	for _, a := range kind.Fields {
		text := ""
		switch {
		case a.Field.Type == agreed.TypeDay:
			text = made.Day.String()
			if a.Name == "wa_evaluation" {
				text = (made.Day + 84).String()
			}
		case a.Field.Type == agreed.TypeLine:
			text = worker
		case len(w.Fields[a.Name]) > 0:
			text = strings.ReplaceAll(pick(r, w.Fields[a.Name]), "{worker}", worker)
		}
		if text != "" {
			body.Fields = append(body.Fields, entry.PlanField{Field: a.Name, Text: text})
		}
	}
	how := pick(r, []entry.How{entry.OnScreen, entry.OnScreen, entry.OnPaper})
	body.Accepted = []entry.Acceptance{{Party: entry.PartyClient, How: how, Name: s.client.FirstName + " " + s.client.LastName, Day: made.Day},
		{Party: entry.PartyWorker, How: how, Worker: made.Author, Day: made.Day}}
	if how == entry.OnScreen {
		body.Accepted[0].Strokes = "M60,130L110,60L150,140L190,80L230,130L280,70L320,140L380,90L450,120L540,70"
	}
	for _, party := range kind.Parties {
		if party != entry.PartyKela {
			body.Accepted = append(body.Accepted, entry.Acceptance{Party: party, How: entry.OnPaper, Name: pick(r, []string{"Kaisa Kanto", "Raimo Ranta", "Sirpa Suo"}), Day: made.Day})
		}
	}
	for i := range s.more {
		if b, is := s.more[i].Body.(*entry.Review); is {
			b.Done, b.Text, b.GoesOn, b.Version = b.Text, "", pick(r, w.GoesOn), 1
		}
	}
	s.more = append(s.more, added...)
}

// drafts leaves some plans in the making: one that goes on from what was accepted, one of another kind, and one that waits
// for the client's answer.
func drafts(ctx context.Context, d *db.DB, book *path.Book, stories []story) error {
	w, err := loadPlans()
	if err != nil {
		return err
	}
	nth := map[string]int{} // by service
	for i := range stories {
		s := &stories[i]
		if !s.open || s.fate != fateCalm || nth[s.start.Service] > 2 {
			continue
		}
		n := nth[s.start.Service]
		nth[s.start.Service]++
		who := actor.Actor{Tenant: Tenant, Worker: s.worker, Purpose: actor.Sample, Screen: "polku demo"}
		if err := d.Update(ctx, who, func(tx *db.Tx) error { return s.draft(tx, book, w, n) }); err != nil {
			return err
		}
	}
	return nil
}

func (s *story) draft(tx *db.Tx, book *path.Book, w *planWords, nth int) error {
	service, err := path.Get(tx, s.start.ID)
	if err != nil {
		return err
	}
	register, err := agreed.RegisterKind(tx, service.Register)
	if err != nil {
		return err
	}
	kinds := agreed.For(s.model, register)
	kind := kinds[0]
	if nth == 1 {
		kind = kinds[len(kinds)-1] // another one, where the register has more
	}
	strengths := strings.Join(w.Strengths[nth], "\n")
	c := agreed.Change{Kind: kind.ID, Strengths: &strengths, Values: map[string]string{}}
	for i, a := range kind.Fields {
		if text := w.Fields[a.Name]; len(text) > 0 && (nth == 2 || i < 4) {
			c.Values[a.Name] = strings.ReplaceAll(text[nth%len(text)], "{worker}", "Oma työntekijä")
		}
		if nth == 2 && a.Field.BeforeSigning {
			c.Values[a.Name] = "Oma työntekijä"
			if a.Field.Type == agreed.TypeDay {
				c.Values[a.Name] = (tx.Today - 1).String()
			}
		}
	}
	d, err := agreed.Save(tx, s.start.ID, c)
	if err != nil || nth != 2 {
		return err
	}
	work := agreed.Work{Book: book, Words: agreed.Words{Read: "Lue suunnitelma ja kerro mitä ajattelet"}}
	return work.Offer(tx, s.start.ID, kind.ID, d.Rev)
}
