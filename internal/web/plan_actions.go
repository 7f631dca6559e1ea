package web

import (
	"strconv"

	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/plan"
	"polku/internal/web/view"
)

func (q *request) planActionsPage() error { return q.planActionsForm(nil) }

// planActionsForm is the library of ready actions; who coordinates a unit adds its own.
func (q *request) planActionsForm(cause error) error {
	v := q.PostFormValue
	p := view.PlanActions{Shell: q.shell(view.NavMore), Typed: map[string]string{"text": v("text"), "days": v("days")}, Errors: q.errorsOf(cause)}
	err := q.view(func(tx *db.Tx) error {
		own, err := plan.Own(tx, "")
		if err != nil {
			return err
		}
		units, err := plan.Units(tx)
		if err != nil {
			return err
		}
		for _, u := range units {
			p.Units = append(p.Units, view.Option{Value: u.ID, Text: u.Name, On: v("unit") == u.ID})
		}
		for _, t := range plan.Themes() {
			g := view.PlanActionGroup{Name: t.In(string(q.lang))}
			p.Themes = append(p.Themes, view.Option{Value: t.ID, Text: g.Name, On: v("theme") == t.ID})
			for _, r := range append(own, plan.Library()...) {
				if r.Theme == t.ID {
					g.Lines = append(g.Lines, view.PlanReady{ID: r.ID, Text: r.In(string(q.lang)), Owner: q.lang.T("plan.owner." + string(r.Owner)), Own: r.Unit != ""})
				}
			}
			p.Groups = append(p.Groups, g)
		}
		for _, o := range []entry.Owner{entry.ByClient, entry.ByWorker, entry.ByOther} {
			p.Owners = append(p.Owners, view.Option{Value: string(o), Text: q.lang.T("plan.owner." + string(o)), On: v("owner") == string(o)})
		}
		return q.counted(tx, &p.Shell)
	})
	if err != nil {
		return err
	}
	return q.renderStatus(statusFor(cause), p)
}

func (q *request) planActionAdd() error {
	v := q.PostFormValue
	days, err := strconv.Atoi(v("days"))
	if err != nil {
		days = -1
	}
	r := plan.Ready{Unit: v("unit"), Theme: v("theme"), Owner: entry.Owner(v("owner")), Days: days}
	r.FI = v("text")
	err = q.update(func(tx *db.Tx) error { return plan.AddOwn(tx, r) })
	if fault.Is(err, fault.Invalid) {
		return q.planActionsForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.plan_action_added"})
	return q.redirect("/plan-actions")
}

func (q *request) planActionDelete() error {
	if err := q.update(func(tx *db.Tx) error { return plan.DeleteOwn(tx, q.PathValue("id")) }); err != nil {
		return err
	}
	q.say(flash{Key: "flash.plan_action_deleted"})
	return q.redirect("/plan-actions")
}
