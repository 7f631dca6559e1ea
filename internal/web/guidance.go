package web

import (
	"slices"
	"strings"

	"polku/internal/db"
	"polku/internal/directory"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/pathway"
	"polku/internal/web/view"
)

// proposeMost is how many listings a client's page proposes; themesBack how many days back their themes are looked for.
const (
	proposeMost = 12
	themesBack  = 365
)

func (q *request) guidancePage() error { return q.guidanceForm(nil) }

// guidanceForm shows what the client has been guided to and what may suit them. ?guide=LISTING opens its form.
func (q *request) guidanceForm(cause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		sh.Tab = "/services"
		p := view.Guidance{Shell: sh, Who: q.identity(sh, o), Text: strings.TrimSpace(q.FormValue("q")), Open: o.state.Status != pathway.Closed,
			Agreed: q.PostFormValue("text"), Errors: q.errorsOf(cause)}
		all, err := directory.All(tx)
		if err != nil {
			return nil, err
		}
		entries, err := q.s.Book.Entries(tx, o.path)
		if err != nil {
			return nil, err
		}
		guided := directory.Of(entries)
		for _, g := range guided {
			p.Done = append(p.Done, q.guidedLine(o, g))
		}
		c := directory.ForClient{Municipality: o.client.Municipality, Age: -1, Lang: o.client.Lang, Themes: directory.ThemesOf(entries, sh.Day-themesBack), Guided: guided}
		if !o.client.Born.IsZero() {
			c.Age = ageOn(o.client.Born, sh.Day)
		}
		for _, t := range c.Themes {
			p.Why = append(p.Why, q.lang.T("directory.theme."+string(t)))
		}
		for _, x := range directory.Propose(sh.Day, all, c) {
			if len(p.Proposals) < proposeMost {
				p.Proposals = append(p.Proposals, q.proposal(x, o))
			}
		}
		if p.Text != "" {
			p.Searched = true
			for _, l := range directory.Find(tx, all, directory.Filter{Text: p.Text}) {
				p.Found = append(p.Found, q.proposal(directory.Proposal{Listing: l}, o))
			}
		}
		chosen := q.FormValue("guide")
		if chosen == "" {
			chosen = q.PostFormValue("listing")
		}
		if i := slices.IndexFunc(all, func(l directory.Listing) bool { return l.ID == chosen && l.Retired.IsZero() }); i >= 0 {
			x := q.proposal(directory.Proposal{Listing: all[i]}, o)
			p.Chosen = &x
			p.Step = view.StepForm{What: q.PostFormValue("step_what"), By: q.PostFormValue("step_by"), Time: q.PostFormValue("step_time"), Place: q.PostFormValue("step_place"),
				Suggestions: []string{q.lang.T("guidance.step_ask", "name", all[i].Name), q.lang.T("guidance.step_go", "name", all[i].Name)}, Errors: p.Errors}
		}
		for _, h := range directory.Hows {
			p.Hows = append(p.Hows, view.Option{Value: string(h), Text: q.lang.T("guidance.how." + string(h)), On: q.PostFormValue("how") == string(h)})
		}
		return p, nil
	}, cause)
}

// proposal puts a proposed listing into words.
func (q *request) proposal(x directory.Proposal, o onePath) view.ProposalLine {
	p := view.ProposalLine{ListingLine: q.listingLine(x.Listing)}
	if x.Near {
		p.Fits = append(p.Fits, q.lang.T("guidance.fits_near", "town", o.client.Municipality))
	}
	var themes []string
	for _, t := range x.Shared {
		themes = append(themes, q.lang.T("directory.theme."+string(t)))
	}
	if len(themes) > 0 {
		p.Fits = append(p.Fits, q.lang.T("guidance.fits_theme", "themes", strings.Join(themes, ", ")))
	}
	if o.client.Lang != "" && o.client.Lang != "fi" && slices.Contains(x.Langs, o.client.Lang) {
		p.Fits = append(p.Fits, q.lang.T("guidance.fits_lang", "lang", q.language(o.client.Lang)))
	}
	return p
}

func (q *request) guidedLine(o onePath, g directory.Guided) view.GuidedLine {
	line := view.GuidedLine{ID: g.ID, Listing: g.Listing, Name: g.Name, How: q.lang.T("guidance.how." + string(g.How)), State: q.lang.T("guidance.state." + string(g.State)),
		Text: g.Text, Answer: g.Answer, Day: g.Day, By: o.names("worker", g.Author), Open: g.Open()}
	for _, s := range directory.States {
		line.Answers = append(line.Answers, view.Option{Value: string(s), Text: q.lang.T("guidance.state." + string(s))})
	}
	return line
}

// guide records guidance to a listing, with a next step when one was written.
func (q *request) guide() error {
	v := q.PostFormValue
	id := ident.New()
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		var next *path.Step
		if v("step_what") != "" {
			step, err := q.stepOf()
			if err != nil {
				return err
			}
			next = &step
		}
		return directory.Record(tx, q.s.Book, o.path.ID, directory.Guide{ID: id, Listing: v("listing"), How: entry.GuidanceHow(v("how")), Text: v("text"), Next: next})
	})
	return q.guidanceDone(o, err, id, "flash.guided")
}

// guideAnswer records what became of guidance.
func (q *request) guideAnswer() error {
	v := q.PostFormValue
	var id string
	o, err := q.onCase(func(tx *db.Tx, o onePath) (err error) {
		id, err = directory.Answer(tx, q.s.Book, o.path.ID, v("guidance"), entry.GuidanceState(v("state")), v("text"), nil)
		return err
	})
	return q.guidanceDone(o, err, id, "flash.guidance_answered")
}

func (q *request) guidanceDone(o onePath, err error, id, key string) error {
	if fault.Is(err, fault.Invalid) {
		return q.guidanceForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: key, Undo: "/c/" + o.id + "/undo", Entry: id, Saved: "guide:" + o.id})
	return q.redirect("/c/" + o.id + "/services")
}

// serviceCard is a listing on one page for the client to take along, in the client's language or another.
func (q *request) serviceCard() error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		l, err := directory.Get(tx, q.PathValue("listing"))
		if err != nil {
			return nil, err
		}
		in := q.FormValue("in")
		if in == "" {
			in = o.client.Lang
		}
		lang := i18n.ParseLang(in)
		text, there := l.Easy(string(lang))
		p := view.ServiceCard{Shell: sh, ID: o.id, Listing: l.ID, In: string(lang), Name: l.Name, Text: text, Foreign: !there, Facts: cardFacts(lang, l)}
		for _, code := range []i18n.Lang{i18n.FI, i18n.SV, i18n.EN} {
			p.Langs = append(p.Langs, view.Option{Value: string(code), Text: q.language(string(code)), On: code == lang})
		}
		if worker := o.house.Workers[o.state.Responsible]; worker != "" {
			p.FromWhom = lang.T("guidance.card_from", "who", worker)
		}
		lines := []string{p.Name, p.Text}
		for _, f := range p.Facts {
			lines = append(lines, f[0]+": "+f[1])
		}
		p.Plain = strings.TrimSpace(strings.Join(append(lines, p.FromWhom), "\n"))
		return p, nil
	}, nil)
}

// cardFacts are what a client needs of a listing, in a language.
func cardFacts(l i18n.Lang, x directory.Listing) [][2]string {
	var out [][2]string
	for _, f := range [][2]string{{"way_in", x.WayIn}, {"phone", x.Phone}, {"email", x.Email}, {"web", x.Web}, {"address", x.Address}, {"hours", x.Hours}, {"cost", x.Cost}} {
		if f[1] != "" {
			out = append(out, [2]string{l.T("directory.card." + f[0]), f[1]})
		}
	}
	return out
}

// portalServices shows a participant what they have been guided to, as the directory tells it today.
func (q *request) portalServices() error {
	p := view.PortalServices{Portal: q.frame("strong")}
	return q.show(func(tx *db.Tx) error {
		o, _, err := q.ownPath(tx)
		if err != nil || o.path.ID == "" {
			return err
		}
		entries, err := q.s.Book.Entries(tx, o.path)
		if err != nil {
			return err
		}
		all, err := directory.All(tx)
		for _, g := range directory.Of(entries) {
			x := view.PortalService{Name: g.Name, State: q.lang.T("guidance.own_state." + string(g.State)), Gone: true}
			if i := slices.IndexFunc(all, func(l directory.Listing) bool { return l.ID == g.Listing && l.Retired.IsZero() }); i >= 0 {
				x.Gone, x.Facts = false, cardFacts(q.lang, all[i])
				x.Text, _ = all[i].Easy(string(q.lang))
			}
			p.Lines = append(p.Lines, x)
		}
		tx.Saw(o.client.ID)
		return err
	}, func() page { return p })
}
