package model

import (
	"strings"

	"polku/internal/civil"
	"polku/internal/i18n"
	"polku/internal/ruleset"
)

// describing is one page being written.
type describing struct {
	m     *Model
	rules *ruleset.Set
	lang  i18n.Lang
	page  Page
}

// Describe tells what the model promises, in the reader's language. rules may be nil: then packs go without titles.
func Describe(m *Model, rules *ruleset.Set, lang i18n.Lang) Page {
	d := &describing{m: m, rules: rules, lang: lang}
	d.page.Title, d.page.Lead = m.Title.In(string(lang)), m.For.In(string(lang))
	d.basics()
	d.entry()
	d.promises()
	d.phases()
	d.checkpoints()
	d.reviews()
	d.exits()
	d.staffing()
	d.lawRules()
	return d.page
}

func (d *describing) t(key string, args ...any) string { return d.lang.T("describe."+key, args...) }
func (d *describing) word(id string) string            { return d.m.Word(id, string(d.lang)) }
func (d *describing) add(s Section)                    { d.page.Sections = append(d.page.Sections, s) }

// words lists ids as a sentence does; semicolons where a word itself has a comma.
func (d *describing) words(ids []string) string {
	var out []string
	mark := ", "
	for _, id := range ids {
		w := InSentence(d.word(id))
		if strings.Contains(w, ",") {
			mark = "; "
		}
		out = append(out, w)
	}
	return strings.Join(out, mark)
}

// span says a length in words: 3 kuukautta, 5 arkipäivää.
func (d *describing) span(s civil.Span) string {
	return d.lang.N("span."+strings.ReplaceAll(string(s.Unit), " ", "_"), s.N)
}

func (d *describing) basics() {
	s := Section{ID: "about", Title: d.t("about"), Level: 1}
	if about := d.m.About.In(string(d.lang)); about != "" {
		s.Paras = append(s.Paras, about)
	}
	s.Items = append(s.Items, d.t("version", "version", d.m.Version), d.t("register", "register", InSentence(d.word(d.m.Register))))
	use := d.m.InUse
	switch {
	case !use.From.IsZero() && !use.To.IsZero():
		s.Items = append(s.Items, d.t("in_use", "from", d.lang.Day(use.From), "to", d.lang.Day(use.To)))
	case !use.From.IsZero():
		s.Items = append(s.Items, d.t("in_use_from", "from", d.lang.Day(use.From)))
	}
	if d.m.House != "" {
		s.Items = append(s.Items, d.t("house", "house", d.word(d.m.House)))
	}
	d.add(s)
}

func (d *describing) entry() {
	e := d.m.Entry
	s := Section{ID: "entry", Title: d.t("entry"), Level: 1}
	s.Items = append(s.Items, d.t("sources", "list", d.words(e.Sources)), d.t("first_contact", "span", d.span(e.FirstContactWithin)))
	if len(e.ReferralAsks) > 0 {
		s.Items = append(s.Items, d.t("referral_asks", "list", d.words(e.ReferralAsks)))
	}
	if e.Voluntary {
		s.Items = append(s.Items, d.t("voluntary"))
	}
	if e.Discreet {
		s.Items = append(s.Items, d.t("discreet"))
	}
	s.Items = append(s.Items, d.t("eligible", "rule", e.EligibleIf.Explain(d.lang)))
	for _, from := range d.m.StartsFrom {
		s.Items = append(s.Items, d.t("starts_from", "service", d.word(from.Model), "phases", d.words(from.Satisfies)))
	}
	d.add(s)
}

func (d *describing) promises() {
	p := d.m.Promises
	s := Section{ID: "promises", Title: d.t("promises"), Level: 1, Items: []string{
		d.t("next_step"),
		d.t("silence", "span", d.span(p.Silence)),
		d.t("handoff", "answer", d.span(p.HandoffAnswer), "first", d.span(p.HandoffFirst)),
	}}
	if p.AbsencesInRow > 0 {
		s.Items = append(s.Items, d.t("absences", "n", p.AbsencesInRow))
	}
	d.add(s)
}

func (d *describing) checkpoints() {
	if len(d.m.Areas) == 0 {
		return
	}
	t := &Table{Head: []string{d.t("area"), d.t("checkpoints")}}
	for _, a := range d.m.Areas {
		t.Rows = append(t.Rows, []string{d.word(a.ID), d.words(a.Items)})
	}
	d.add(Section{ID: "checkpoints", Title: d.t("checkpoints"), Level: 1, Table: t})
}

func (d *describing) reviews() {
	if len(d.m.Reviews) == 0 {
		return
	}
	s := Section{ID: "reviews", Title: d.t("reviews"), Level: 1}
	for _, r := range d.m.Reviews {
		law := d.t("own_promise")
		if r.Law != "" {
			law = d.t("by_law", "law", ruleset.Statute(r.Law, d.lang))
		}
		s.Items = append(s.Items, d.t("review", "plan", d.word(r.Plan), "span", d.span(r.Every), "law", law))
	}
	d.add(s)
}

func (d *describing) exits() {
	t := &Table{Head: []string{d.t("destination"), d.t("receiver"), d.t("follow_up")}}
	for _, e := range d.m.Exits {
		receiver, after := "–", "–"
		if e.Receiver {
			receiver = d.t("receiver_yes")
		}
		var spans []string
		for _, f := range e.FollowUp {
			spans = append(spans, d.span(f))
		}
		if len(spans) > 0 {
			after = strings.Join(spans, ", ")
		}
		if e.Final {
			after = d.t("final")
		}
		t.Rows = append(t.Rows, []string{d.word(e.To), receiver, after})
	}
	d.add(Section{ID: "exits", Title: d.t("exits"), Level: 1, Paras: []string{d.t("exits_note")}, Table: t})
}

func (d *describing) staffing() {
	s := Section{ID: "staffing", Title: d.t("staffing"), Level: 1}
	w := d.m.Staffing.Meeting
	s.Items = append(s.Items, d.t("work_meeting", "minutes", d.lang.Length(w.Minutes), "around", d.lang.Length(w.Around)))
	if a := d.m.Staffing.Attendance; a.Minutes > 0 {
		s.Items = append(s.Items, d.t("work_group", "minutes", d.lang.Length(a.Minutes), "around", d.lang.Length(a.Around), "of", a.GroupOf, "leaders", a.Leaders))
	}
	for _, r := range d.m.Staffing.Roles {
		s.Items = append(s.Items, d.t("role", "role", d.word(r.Role), "fte", decimal(float64(r.FTE)/100, d.lang)))
	}
	d.add(s)
}

func (d *describing) lawRules() {
	if len(d.m.Rules) == 0 {
		return
	}
	s := Section{ID: "rules", Title: d.t("rules"), Level: 1, Paras: []string{d.t("rules_note")}}
	for _, id := range d.m.Rules {
		s.Items = append(s.Items, d.packTitle(id))
	}
	d.add(s)
}

// packTitle names a pack and the versions of its figures that hold while the service is in use.
func (d *describing) packTitle(id string) string {
	if d.rules == nil || d.rules.Pack(id) == nil {
		return id
	}
	p := d.rules.Pack(id)
	title := Text{p.TitleFI, p.TitleSV, p.TitleEN}.In(string(d.lang))
	if len(p.Versions) == 0 {
		return title
	}
	var known []string
	for _, v := range p.Versions {
		begun := d.m.InUse.To.IsZero() || v.From <= d.m.InUse.To
		over := !v.To.IsZero() && v.To < d.m.InUse.From
		if begun && !over {
			known = append(known, v.ID)
		}
	}
	if len(known) == 0 {
		return title + ": " + d.t("not_known_then")
	}
	return title + ": " + strings.Join(known, ", ")
}
