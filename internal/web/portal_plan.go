package web

import (
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/plan"
	"polku/internal/web/view"
)

func (q *request) portalPlan() error { return q.ownPlanForm(nil) }

// ownPlanForm is what has been agreed and promised, and the plan that waits for the participant's answer.
func (q *request) ownPlanForm(cause error) error {
	p := view.PortalPlan{Portal: q.frame("strong"), Words: q.PostFormValue("words"), Errors: q.errorsOf(cause)}
	err := q.view(func(tx *db.Tx) error {
		o, _, err := q.ownPath(tx)
		if err != nil || o.path.ID == "" {
			return err
		}
		waits, err := plan.Waiting(tx)
		if err != nil {
			return err
		}
		if waits != nil {
			p.Digest = plan.Digest(*waits)
			waits.Accepted = nil
			text := q.planView(o, waits)
			p.Waits = &text
		}
		var learned view.Client
		if err := q.learned(tx, o, &learned); err != nil {
			return err
		}
		p.Plans, p.Phase = learned.Plans, o.names("phase", o.state.Phase)
		entries, err := q.s.Book.Entries(tx, o.path)
		if err != nil {
			return err
		}
		q.ownStory(&p, o, plan.Read(entries))
		return nil
	})
	if err != nil {
		return err
	}
	return q.renderStatus(statusFor(cause), p)
}

// ownStory fills in the participant's own goals, stations and the plan that holds.
func (q *request) ownStory(p *view.PortalPlan, o onePath, s plan.Story) {
	inGoal := map[string]bool{}
	for _, g := range s.Goals {
		if g.State == entry.GoalDropped {
			continue
		}
		v := q.goalView(o, g)
		for i := range v.Actions {
			v.Actions[i].What = plan.ToClient(v.Actions[i].What, string(q.lang))
			inGoal[v.Actions[i].Task] = true
		}
		p.Goals = append(p.Goals, v)
	}
	for _, t := range o.state.Tasks {
		if !inGoal[t.Task] {
			p.Tasks = append(p.Tasks, q.step(o, t))
		}
	}
	for _, x := range s.Stations {
		if x.State != entry.StationLeft {
			p.Stations = append(p.Stations, q.stationView(o, x.Area, x.Item, x))
		}
	}
	if v := s.Newest(""); v.Plan != nil {
		text := q.planView(o, v.Plan)
		p.Newest = &text
	}
}

// portalPlanAnswer is the participant's answer to what they read: they accept it, or say what they would change.
func (q *request) portalPlanAnswer() error {
	accept := q.PostFormValue("do") == "accept"
	err := q.update(func(tx *db.Tx) error {
		_, worker, err := q.ownPath(tx)
		if err != nil {
			return err
		}
		w := q.planWork(string(q.lang))
		w.Words.Next, w.Words.Wish = i18n.ParseLang(worker.Lang).T("plan.task.next"), i18n.ParseLang(worker.Lang).T("plan.task.wish")
		return w.Answer(tx, q.PostFormValue("digest"), accept, q.PostFormValue("words"))
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return q.ownPlanForm(err)
	}
	if err != nil {
		return err
	}
	key := "portal.plan.said"
	if accept {
		key = "portal.plan.accepted"
	}
	q.say(flash{Key: key})
	return q.redirect("/p/plan")
}
