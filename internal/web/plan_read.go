package web

import (
	"bytes"
	"strings"

	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/paper"
	"polku/internal/plan"
	"polku/internal/portal"
	"polku/internal/unit"
	"polku/internal/web/view"
)

// planView puts a plan into words to be read.
func (q *request) planView(o onePath, p *entry.Plan) view.PlanText {
	t := view.PlanText{Title: kindTitle(p.Plan, q.lang), Strengths: view.Strengths(p.Strengths)}
	if p.Version > 0 {
		t.Sub = q.lang.T("plan.version", "n", p.Version)
	}
	for _, g := range p.Goals {
		v := view.PlanGoal{Words: g.Words, Theme: plan.ThemeName(g.Theme, string(q.lang)), State: entry.GoalSet}
		if g.Reached {
			v.State = entry.GoalReached
		}
		for _, a := range g.Actions {
			x := view.PlanAction{What: a.What, Owner: q.ownerName(o, a.Owner, a.Worker, a.Who), By: a.By}
			if q.portal {
				x.What = plan.ToClient(a.What, string(q.lang))
			}
			if a.Done {
				x.Outcome = entry.Done
			}
			v.Actions = append(v.Actions, x)
		}
		t.Goals = append(t.Goals, v)
	}
	for _, f := range p.Fields {
		t.Fields = append(t.Fields, q.planLine(p.Plan, f))
	}
	for _, a := range p.Accepted {
		s := view.PlanSigned{Line: q.acceptance(o, a)}
		if clean, ok := plan.CleanStrokes(a.Strokes); ok {
			s.Strokes = clean
		}
		t.Accepted = append(t.Accepted, s)
	}
	return t
}

func (q *request) signPage() error { return q.signForm("", nil) }

// signForm shows the plan as it would be accepted, and the ways to do it. which is the way that a mistake is in.
func (q *request) signForm(which string, cause error) error {
	v := q.PostFormValue
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		sh.Tab = "/plan"
		x, err := q.loadPlan(tx, o, q.FormValue("kind"))
		if err != nil {
			return nil, err
		}
		ready, stop := x.draft.Ready(x.kind.ID, x.register, x.story)
		if stop != nil && !fault.Is(stop, fault.Invalid) {
			return nil, stop
		}
		ready.Accepted = nil
		p := view.PlanSign{Shell: sh, Who: q.identity(sh, o), Kind: x.kind.ID, Digest: plan.Digest(ready), Rev: x.draft.Rev, Text: q.planView(o, &ready),
			Name: v("name"), Day: v("day"), Which: which, Errors: q.errorsOf(cause), PartyVal: map[string]string{}}
		if x.draft.Offered != nil {
			p.Offered = q.when(x.draft.OfferedAt)
		}
		p.Empty = len(ready.Goals) == 0 && len(ready.Fields) == 0 && ready.Strengths == ""
		for _, a := range x.draft.Content.Missing(x.kind, x.register) {
			f := view.PlanField{ID: a.Name, Title: a.Field.Title.In(string(q.lang)), Law: q.statute(a.Law)}
			if a.Field.BeforeSigning && x.draft.Offered == nil {
				p.Stop = append(p.Stop, f)
			} else {
				p.Missing = append(p.Missing, f)
			}
		}
		for _, party := range x.kind.Parties {
			p.Parties = append(p.Parties, view.Option{Value: string(party), Text: q.lang.T("plan.party." + string(party))})
			for _, field := range []string{"party_" + string(party), "party_day_" + string(party)} {
				p.PartyVal[field] = v(field)
			}
		}
		access, err := portal.AccessOf(tx, o.client.ID)
		p.Portal = access.Open
		return p, err
	}, cause)
}

// shownPlan gives the plan that a page, a print or a text shows: the version that the address names, else the draft.
func (q *request) shownPlan(tx *db.Tx, o onePath) (entry.Plan, onePlan, error) {
	x, err := q.loadPlan(tx, o, q.FormValue("kind"))
	if err != nil {
		return entry.Plan{}, x, err
	}
	id := q.FormValue("version")
	if id == "" {
		if x.draft.Offered != nil {
			return *x.draft.Offered, x, nil
		}
		return x.draft.Content.Plan(x.kind, x.register, x.story), x, nil
	}
	for _, v := range x.story.Versions {
		if v.Entry == id {
			return *v.Plan, x, nil
		}
	}
	return entry.Plan{}, x, fault.E(fault.NotFound, "error.not_found", nil)
}

// planVersionPage shows one accepted version and what changed in it.
func (q *request) planVersionPage() error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		sh.Tab = "/plan"
		shown, x, err := q.shownPlan(tx, o)
		if err != nil {
			return nil, err
		}
		p := view.PlanVersionPage{Shell: sh, Who: q.identity(sh, o), Query: "kind=" + shown.Plan, Text: q.planView(o, &shown)}
		if shown.Version > 0 {
			p.Query = "version=" + q.FormValue("version")
		}
		before := x.story.Before(plan.Version{Plan: &shown})
		if before.Plan == nil {
			return p, nil
		}
		p.Before = before.Version
		for _, c := range plan.Changes(before.Plan, &shown) {
			title := q.lang.T("plan." + c.What)
			if c.What == plan.ChangedField {
				title = q.planLine(shown.Plan, entry.PlanField{Field: c.Field}).Title
			}
			p.Changes = append(p.Changes, view.PlanChange{Title: title, Was: c.Was, Now: c.Now})
		}
		return p, nil
	}, nil)
}

// blocks are a plan's contents as texts that stand by themselves.
func (q *request) blocks(o onePath, p *entry.Plan) []view.PlanField {
	t := q.planView(o, p)
	var all []view.PlanField
	add := func(id, title, text string) {
		if text != "" {
			all = append(all, view.PlanField{ID: id, Title: title, Text: text})
		}
	}
	add("strengths", q.lang.T("plan.strengths"), strings.Join(t.Strengths, "\n"))
	var goals []string
	for _, g := range t.Goals {
		line := g.Words
		if g.Theme != "" {
			line = g.Theme + ": " + line
		}
		for _, a := range g.Actions {
			line += "\n– " + a.What + " (" + a.Owner + ", " + q.lang.Day(a.By) + ")"
		}
		goals = append(goals, line)
	}
	add("goals", q.lang.T("plan.goals"), strings.Join(goals, "\n"))
	all = append(all, t.Fields...)
	var signed []string
	for _, a := range t.Accepted {
		signed = append(signed, a.Line)
	}
	add("accepted", q.lang.T("plan.accepted"), strings.Join(signed, "\n"))
	return all
}

// asText puts blocks one below another, for a register that takes plain text.
func asText(title string, blocks []view.PlanField) string {
	var b strings.Builder
	b.WriteString(title + "\n")
	for _, x := range blocks {
		b.WriteString("\n" + strings.ToUpper(x.Title) + "\n" + x.Text + "\n")
	}
	return b.String()
}

// planBlocks shows the plan as texts to be copied into the official register.
func (q *request) planBlocks() error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		sh.Tab = "/plan"
		shown, _, err := q.shownPlan(tx, o)
		if err != nil {
			return nil, err
		}
		p := view.PlanBlocks{Shell: sh, Who: q.identity(sh, o), Title: kindTitle(shown.Plan, q.lang), Sub: q.lang.T("plan.state.draft"),
			Query: "kind=" + shown.Plan, Blocks: q.blocks(o, &shown)}
		if id := q.FormValue("version"); id != "" {
			p.Sub, p.Query = q.lang.T("plan.version", "n", shown.Version), "version="+id
		}
		p.All = asText(p.Title, p.Blocks)
		return p, nil
	}, nil)
}

// planFile is the same as a plain file.
func (q *request) planFile() error {
	var text string
	err := q.view(func(tx *db.Tx) error {
		o, err := q.load(tx)
		if err != nil {
			return err
		}
		shown, _, err := q.shownPlan(tx, o)
		text = asText(kindTitle(shown.Plan, q.lang), q.blocks(o, &shown))
		return err
	})
	if err != nil {
		return err
	}
	q.file("text/plain; charset=utf-8", "suunnitelma.txt", []byte(text))
	return nil
}

// planPDF is the plan as a print in the client's language, with lines to sign on while nobody has accepted it.
func (q *request) planPDF() error {
	x := paper.PlanPaper{At: q.at}
	var lang i18n.Lang
	err := q.view(func(tx *db.Tx) error {
		o, err := q.load(tx)
		if err != nil {
			return err
		}
		lang = i18n.ParseLang(q.clientLang(o))
		q.lang = lang // the print is the client's, whoever makes it
		o.names = q.names(o.model, o.house.Workers, o.state)
		shown, p, err := q.shownPlan(tx, o)
		if err != nil {
			return err
		}
		t := q.planView(o, &shown)
		x.Text, x.Client, x.Draft = t, o.client.Name(), shown.Version == 0
		for _, party := range p.kind.Parties {
			x.Parties = append(x.Parties, lang.T("plan.party."+string(party)))
		}
		registers, err := unit.Registers(tx)
		for _, r := range registers {
			if r.ID == o.path.Register {
				x.Register, x.Controller = r.Name, r.Controller
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := paper.Plan(&out, lang, x); err != nil {
		return err
	}
	q.file("application/pdf", "suunnitelma.pdf", out.Bytes())
	return nil
}
