package web

import (
	"net/http"
	"strconv"
	"strings"

	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/plan"
)

// planWork is what the commands of package plan need: tasks of the client's are called in the client's language.
func (q *request) planWork(clientLang string) plan.Work {
	client := i18n.ParseLang(clientLang)
	return plan.Work{Book: q.s.Book, Words: plan.Words{Read: client.T("plan.task.read"), Withdrew: client.T("plan.task.withdrew"),
		Next: q.lang.T("plan.task.next"), Wish: q.lang.T("plan.task.wish")}}
}

// planChange reads the form of the draft: only what was sent.
func (q *request) planChange() plan.Change {
	rev, _ := strconv.Atoi(q.PostFormValue("rev")) // what is no number fits no draft
	c := plan.Change{Rev: rev, Kind: q.PostFormValue("kind"), Values: map[string]string{}, Parts: map[string]bool{}}
	for name, values := range q.PostForm {
		if id, is := strings.CutPrefix(name, "f_"); is {
			c.Values[id] = values[0]
			if f := plan.FieldOf(id); f != nil && f.Type == plan.TypeDay {
				if day := parseDay(values[0]); !day.IsZero() {
					c.Values[id] = day.String()
				}
			}
		}
	}
	if q.PostForm.Has("strengths") {
		text := q.PostFormValue("strengths")
		c.Strengths = &text
	}
	for _, id := range q.PostForm["parts"] {
		c.Parts[id] = false
	}
	for _, id := range q.PostForm["part"] {
		c.Parts[id] = true
	}
	return c
}

// planSave keeps the draft. A page with script does so while one types, and is told the draft's new number.
func (q *request) planSave() error {
	q.PostFormValue("rev")
	c := q.planChange()
	var d plan.Draft
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		var err error
		d, err = plan.Save(tx, o.path.ID, c)
		return err
	})
	auto := q.Header.Get("Polku-Part") == "autosave"
	switch {
	case auto && err == nil:
		q.w.Header().Set("Polku-Rev", strconv.Itoa(d.Rev))
		q.w.WriteHeader(http.StatusNoContent)
		return nil
	case auto:
		return err
	case fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict):
		return q.planForm("save", "", err)
	case err != nil:
		return err
	}
	if q.PostFormValue("go") == "sign" {
		return q.redirect("/c/" + o.id + "/plan/sign?kind=" + c.Kind)
	}
	q.say(flash{Key: "flash.plan_saved"})
	return q.redirect("/c/" + o.id + "/plan?kind=" + c.Kind)
}

// onPlan runs a command of the plan page and goes back to it. entryID, when it says one, can be undone.
func (q *request) onPlan(which, about, said, anchor string, fn func(tx *db.Tx, o onePath) (entryID string, err error)) error {
	var id string
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		var err error
		id, err = fn(tx, o)
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return q.planForm(which, about, err)
	}
	if err != nil {
		return err
	}
	f := flash{Key: said}
	if id != "" {
		f.Undo, f.Entry = "/c/"+o.id+"/undo", id
	}
	q.say(f)
	return q.redirect("/c/" + o.id + "/plan?kind=" + q.PostFormValue("kind") + anchor)
}

func (q *request) planGoal() error {
	v := q.PostFormValue
	g := entry.Goal{Goal: v("goal"), Theme: v("theme"), Words: v("words"), State: entry.GoalState(v("state")), Why: strings.TrimSpace(v("why"))}
	key := map[entry.GoalState]string{entry.GoalReached: "flash.goal_reached", entry.GoalDropped: "flash.goal_dropped"}[g.State]
	if key == "" {
		key = "flash.goal_set"
	}
	return q.onPlan("goal", g.Goal, key, "#goals", func(tx *db.Tx, o onePath) (string, error) {
		return plan.SetGoal(tx, q.s.Book, o.path.ID, g)
	})
}

// planAction adds a ready action with its proposed day, or one in own words.
func (q *request) planAction() error {
	v := q.PostFormValue
	return q.onPlan("action", v("goal"), "flash.action_added", "#g-"+v("goal"), func(tx *db.Tx, o onePath) (string, error) {
		a := plan.NewAction{Goal: v("goal"), What: v("what"), Owner: entry.Owner(v("owner")), Who: v("who"), By: q.day("by")}
		if id := v("ready"); id != "" {
			r, err := q.readyAction(tx, o, id)
			if err != nil {
				return "", err
			}
			lang, err := q.langOf(tx, o)
			if err != nil {
				return "", err
			}
			a.What, a.Owner, a.By = r.In(lang), r.Owner, r.By(tx.Today, q.s.Book.Calendar)
		}
		return plan.AddAction(tx, q.s.Book, o.path.ID, a)
	})
}

func (q *request) readyAction(tx *db.Tx, o onePath, id string) (plan.Ready, error) {
	if r, known := plan.ReadyOf(id); known {
		return r, nil
	}
	own, err := plan.Own(tx, o.path.Unit)
	for _, r := range own {
		if r.ID == id {
			return r, err
		}
	}
	if err == nil {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	return plan.Ready{}, err
}

// langOf is clientLang for a command, which has not read the client.
func (q *request) langOf(tx *db.Tx, o onePath) (string, error) {
	c, err := client.Get(tx, o.client.ID)
	o.client.Lang = c.Lang
	return q.clientLang(o), err
}

func (q *request) planActionEnd() error {
	v := q.PostFormValue
	return q.endTask(q.PathValue("id"), v("task"), entry.TaskOutcome(v("outcome")), v("why"), "/c/"+q.PathValue("id")+"/plan#g-"+v("goal"))
}

func (q *request) planReview() error {
	v := q.PostFormValue
	version, _ := strconv.Atoi(v("version"))
	return q.onPlan("review", "", "flash.plan_reviewed", "#review", func(tx *db.Tx, o onePath) (string, error) {
		return plan.Reviewed(tx, q.s.Book, o.path.ID, entry.Review{Plan: v("kind"), Done: v("done"), GoesOn: v("goes_on"), With: v("with"), Version: max(version, 0)})
	})
}

func (q *request) planWithdraw() error {
	return q.onPlan("", "", "flash.plan_withdrawn", "", func(tx *db.Tx, o onePath) (string, error) {
		lang, err := q.langOf(tx, o)
		if err != nil {
			return "", err
		}
		return "", q.planWork(lang).Withdraw(tx, o.path.ID)
	})
}

// planSigned accepts the plan: offered to the client's own page, signed on the screen, or on paper.
func (q *request) planSigned() error {
	v := q.PostFormValue
	rev, _ := strconv.Atoi(v("rev"))
	how := v("how")
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		lang, err := q.langOf(tx, o)
		if err != nil {
			return err
		}
		w := q.planWork(lang)
		if how == "app" {
			return w.Offer(tx, o.path.ID, v("kind"), rev)
		}
		s := plan.Signing{Kind: v("kind"), Digest: v("digest"), How: entry.How(how), Name: v("name"), Strokes: v("strokes"), Day: q.day("day")}
		if k := plan.KindOf(s.Kind); k != nil {
			s.Others = q.otherParties(k, tx.Today)
		}
		_, err = w.Sign(tx, o.path.ID, s)
		return err
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return q.signForm(how, err)
	}
	if err != nil {
		return err
	}
	key := "flash.plan_accepted"
	if how == "app" {
		key = "flash.plan_offered"
	}
	q.say(flash{Key: key})
	return q.redirect("/c/" + o.id + "/plan?kind=" + v("kind"))
}

// otherParties reads who else has signed: those of whom a name or a day was given.
func (q *request) otherParties(k *plan.Kind, today civil.Date) []entry.Acceptance {
	var all []entry.Acceptance
	for _, party := range k.Parties {
		name, typed := strings.TrimSpace(q.PostFormValue("party_"+string(party))), q.PostFormValue("party_day_"+string(party))
		if name == "" && typed == "" {
			continue
		}
		day := parseDay(typed)
		if typed == "" {
			day = today
		}
		all = append(all, entry.Acceptance{Party: party, How: entry.OnPaper, Name: name, Day: day})
	}
	return all
}
