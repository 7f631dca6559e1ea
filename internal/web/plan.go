package web

import (
	"cmp"
	"slices"
	"strings"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/i18n"
	"polku/internal/pathway"
	"polku/internal/plan"
	"polku/internal/ruleset"
	"polku/internal/web/view"
)

// onePlan is a path's plan with what its pages name things by.
type onePlan struct {
	story    plan.Story
	draft    plan.Draft
	register string // kind of the path's register
	kinds    []*plan.Kind
	kind     *plan.Kind
}

// loadPlan reads the plan of a path; kind is the one asked for, empty or unknown: the draft's, else the path's first.
func (q *request) loadPlan(tx *db.Tx, o onePath, kind string) (onePlan, error) {
	var x onePlan
	entries, err := q.s.Book.Entries(tx, o.path)
	if err != nil {
		return x, err
	}
	x.story = plan.Read(entries)
	if x.draft, err = plan.DraftOf(tx, o.path.ID); err != nil {
		return x, err
	}
	if x.register, err = plan.RegisterKind(tx, o.path.Register); err != nil {
		return x, err
	}
	x.kinds = plan.For(o.model, x.register)
	if x.draft.Offered != nil {
		kind = x.draft.Offered.Plan
	}
	for _, id := range []string{kind, x.draft.Kind, x.kinds[0].ID} {
		if k := plan.KindOf(id); k != nil && slices.Contains(x.kinds, k) {
			x.kind = k
			break
		}
	}
	return x, nil
}

func (q *request) planPage() error { return q.planForm("", "", nil) }

// planForm shows the plan. which names the form that a mistake is in, about the goal that it is about.
func (q *request) planForm(which, about string, cause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		sh.Tab = "/plan"
		x, err := q.loadPlan(tx, o, q.FormValue("kind"))
		if err != nil {
			return nil, err
		}
		p := view.PlanPage{Shell: sh, Who: q.identity(sh, o), Kind: x.kind.ID, Title: x.kind.Title.In(string(q.lang)), Law: q.statute(x.kind.Law),
			Note: x.kind.Note.In(string(q.lang)), Rev: x.draft.Rev, Open: o.state.Status != pathway.Closed, Which: which, About: about,
			Errors: q.errorsOf(cause), Typed: map[string]string{}}
		for name := range q.PostForm {
			p.Typed[name] = q.PostFormValue(name)
		}
		for _, k := range x.kinds {
			p.Kinds = append(p.Kinds, view.Option{Value: k.ID, Text: k.Title.In(string(q.lang)), On: k == x.kind})
		}
		q.planStatus(&p, o, x)
		if err := q.planContents(tx, &p, o, x, which == "save" && cause != nil); err != nil {
			return nil, err
		}
		for _, t := range plan.Themes() {
			p.Themes = append(p.Themes, view.Option{Value: t.ID, Text: t.In(string(q.lang))})
		}
		ready, err := q.readyActions(tx, o)
		if err != nil {
			return nil, err
		}
		for _, g := range x.story.Goals {
			v := q.goalView(o, g)
			v.Ready = slices.DeleteFunc(slices.Clone(ready[g.Theme]), func(r view.PlanReady) bool { // not what is agreed already
				return slices.ContainsFunc(g.Actions, func(a plan.Action) bool { return a.What == r.Text && a.Outcome == "" })
			})
			p.Goals = append(p.Goals, v)
		}
		slices.SortStableFunc(p.Goals, func(a, b view.PlanGoal) int { // what is over comes last
			return cmp.Compare(min(len(a.Ended.String()), 1), min(len(b.Ended.String()), 1))
		})
		for _, r := range x.story.Reviews {
			if r.Plan == x.kind.ID {
				p.Reviews = append(p.Reviews, view.PlanReview{Title: x.kind.Title.In(string(q.lang)), Done: cmp.Or(r.Done, r.Text), GoesOn: r.GoesOn, With: r.With,
					Author: o.names("worker", r.Author), Day: r.Day})
			}
		}
		return p, nil
	}, cause)
}

// planStatus says how the plan stands: saved, offered, answered, accepted, when it is looked at again.
func (q *request) planStatus(p *view.PlanPage, o onePath, x onePlan) {
	d := x.draft
	if d.Rev > 0 {
		p.Kept = q.lang.T("plan.kept_by", "when", q.when(d.ChangedAt), "who", o.names("worker", d.ChangedBy))
	}
	if d.Offered != nil {
		p.Offered = q.when(d.OfferedAt)
	}
	if d.Answer != "" {
		p.Answer, p.Answered = d.Answer, q.when(d.AnsweredAt)
	}
	for _, v := range x.story.Versions {
		line := q.versionView(o, v)
		p.Versions = append(p.Versions, line)
		if p.Newest == nil && v.Plan.Plan == x.kind.ID {
			p.Newest = &line
		}
	}
	last := civil.Date(0)
	if v := x.story.Newest(x.kind.ID); v.Plan != nil {
		last = v.Day
	}
	for _, r := range x.story.Reviews {
		if r.Plan == x.kind.ID {
			last = max(last, r.Day)
		}
	}
	if o.state.Status == pathway.Closed {
		return
	}
	if by := reviewOf(o.state, x.kind.ID); !by.IsZero() {
		p.ReviewBy, p.ReviewLaw = by, q.reviewSource(o, x.kind.ID)
	} else if !last.IsZero() {
		p.ReviewBy, p.ReviewLaw = x.kind.ReviewBy(q.s.Book.Rules, last)
		p.ReviewLaw = q.statute(p.ReviewLaw)
	}
	if p.Newest == nil {
		p.ReviewBy = 0 // first it has to be made
		if len(o.state.Stations) > 0 {
			p.ReadyBy, p.ReadyLaw = x.kind.ReadyBy(q.s.Book.Rules, o.state.Stations[0].From)
			p.ReadyLaw = q.statute(p.ReadyLaw)
		}
	}
}

// reviewSource says who asks for the review that the engine knows.
func (q *request) reviewSource(o onePath, kind string) string {
	for _, d := range o.state.Obligations {
		if d.Kind == pathway.OwesReview && d.Rule == kind {
			return q.source(d, o)
		}
	}
	return ""
}

// planContents fills in strengths, parts and fields. typed: as the form was sent, with what has changed meanwhile beside.
func (q *request) planContents(tx *db.Tx, p *view.PlanPage, o onePath, x onePlan, typed bool) error {
	c := x.draft.Content
	known, err := q.known(tx, o, x)
	if err != nil {
		return err
	}
	p.Strengths = c.Strengths
	if x.draft.Rev == 0 && p.Strengths == "" {
		p.Strengths = known["strengths"]
	}
	if typed && q.PostForm.Has("strengths") {
		sent := strings.ReplaceAll(q.PostFormValue("strengths"), "\r\n", "\n")
		if strings.TrimSpace(sent) != c.Strengths {
			p.StrengthsNow = c.Strengths
		}
		p.Strengths = sent
	}
	for _, part := range x.kind.Parts() {
		p.Parts = append(p.Parts, view.Option{Value: part.ID, Text: part.Title.In(string(q.lang)), On: c.Has(part, x.register)})
	}
	for _, a := range c.Asks(x.kind, x.register) {
		f := view.PlanField{ID: a.Name, Title: a.Field.Title.In(string(q.lang)), Hint: a.Field.Hint.In(string(q.lang)), Law: q.statute(a.Law), Type: string(a.Field.Type),
			Known: known[a.Name], Error: p.Errors.Of(a.Name)}
		value, said := c.Values[a.Name]
		f.Text = value
		if !said && a.Field.Type != plan.TypeDay {
			f.Text, f.Filled = known[a.Name], known[a.Name] != ""
		}
		if typed && q.PostForm.Has("f_"+a.Name) {
			f.Text, f.Filled = strings.ReplaceAll(q.PostFormValue("f_"+a.Name), "\r\n", "\n"), false
			if strings.TrimSpace(f.Text) != value {
				f.Now = value
			}
		}
		if f.Known == f.Text {
			f.Known = ""
		}
		p.Fields = append(p.Fields, f)
	}
	p.Missing = len(c.Missing(x.kind, x.register))
	return nil
}

// statute says a section in the reader's language: "189/2001 s. 8" is "189/2001 8 §" in Finnish.
func (q *request) statute(law string) string {
	if law == "" {
		return ""
	}
	return ruleset.Statute(law, q.lang)
}

// goalView puts a goal with its actions into words.
func (q *request) goalView(o onePath, g plan.Goal) view.PlanGoal {
	v := view.PlanGoal{ID: g.ID, ThemeID: g.Theme, Theme: plan.ThemeName(g.Theme, string(q.lang)), Words: g.Words, Why: g.Why, State: g.State, Set: g.Set, Ended: g.Ended}
	for _, a := range g.Actions {
		v.Actions = append(v.Actions, view.PlanAction{Task: a.Task.Task, What: a.What, Owner: q.ownerName(o, a.Owner, a.Worker, a.Who), By: a.By, Ended: a.Ended, Outcome: a.Outcome})
	}
	return v
}

// ownerName says who does something.
func (q *request) ownerName(o onePath, owner entry.Owner, worker, who string) string {
	switch owner {
	case entry.ByClient:
		if q.portal {
			return q.lang.T("portal.plan.you")
		}
		return q.lang.T("owner.client")
	case entry.ByOther:
		return cmp.Or(who, q.lang.T("owner.other"))
	}
	if worker == "" {
		worker = o.state.Responsible
	}
	if worker == "" {
		return q.lang.T("plan.owner.worker")
	}
	return o.names("worker", worker)
}

// versionView puts an accepted version into a line.
func (q *request) versionView(o onePath, v plan.Version) view.PlanVersion {
	line := view.PlanVersion{Entry: v.Entry, Version: v.Version, Day: v.Day, Title: kindTitle(v.Plan.Plan, q.lang)}
	for _, a := range v.Accepted {
		line.Accepted = append(line.Accepted, q.acceptance(o, a))
	}
	return line
}

// acceptance says who accepted, how and when.
func (q *request) acceptance(o onePath, a entry.Acceptance) string {
	who := a.Name
	if a.Worker != "" {
		who = o.names("worker", a.Worker)
	}
	line := q.lang.T("plan.party." + string(a.Party))
	if who != "" && who != actor.ParticipantWorker {
		line += ": " + who
	}
	return line + " · " + q.lang.T("plan.how."+string(a.How)) + " · " + q.lang.Day(a.Day)
}

// kindTitle gives a kind's name; its id when nobody knows it any more.
func kindTitle(id string, l i18n.Lang) string {
	if k := plan.KindOf(id); k != nil {
		return k.Title.In(string(l))
	}
	return id
}

// readyActions gives the library by theme, in the client's language: the unit's own first.
func (q *request) readyActions(tx *db.Tx, o onePath) (map[string][]view.PlanReady, error) {
	all := map[string][]view.PlanReady{}
	own, err := plan.Own(tx, o.path.Unit)
	for _, r := range append(own, plan.Library()...) {
		all[r.Theme] = append(all[r.Theme], view.PlanReady{ID: r.ID, Text: r.In(q.clientLang(o)), Owner: q.lang.T("plan.owner." + string(r.Owner)),
			By: r.By(tx.Today, q.s.Book.Calendar), Own: r.Unit != ""})
	}
	return all, err
}

// clientLang is the language in which a client reads: theirs where we have it, else the worker's.
func (q *request) clientLang(o onePath) string {
	for _, l := range i18n.Langs {
		if o.client.Lang == string(l) {
			return o.client.Lang
		}
	}
	return string(q.lang)
}
