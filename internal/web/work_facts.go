package web

import (
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/ident"
	"polku/internal/web/view"
	"polku/internal/workactivity"
)

func (q *request) workFactsPage() error { return q.workFactsForm(nil) }

// factsSpan is the time of the facts: as asked, else the last three months.
func (q *request) factsSpan(today civil.Date) (from, to civil.Date) {
	from, to = parseDay(q.FormValue("from")), parseDay(q.FormValue("to"))
	if to.IsZero() {
		to = today
	}
	if from.IsZero() || from > to {
		from = to.AddMonths(-3)
	}
	return max(from, to-3*366), to
}

// workFactsForm shows the facts of a time as text to copy, and asks for the client's own view.
func (q *request) workFactsForm(cause error) error {
	return q.workForm(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		entries, err := q.s.Book.Entries(tx, o.path)
		if err != nil {
			return nil, err
		}
		from, to := q.factsSpan(tx.Today)
		f := workactivity.FactsOf(entries, q.s.Book.Calendar, from, to, tx.Today)
		text := factsText(q.lang, f, o.client.SafetyBan)
		return view.WorkFacts{Shell: sh, Who: q.identity(sh, o), From: from.String(), To: to.String(), Text: text, Rows: min(40, strings.Count(text, "\n")+3),
			Heard: len(f.Views) > 0, View: q.PostFormValue("own_view"), Errors: q.errorsOf(cause)}, nil
	}, cause)
}

// workFactsView attaches the client's own view: they are heard before the text goes on.
func (q *request) workFactsView() error {
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		text := strings.TrimSpace(q.PostFormValue("own_view"))
		if text == "" {
			return fault.Fields(map[string]string{"own_view": "rights.no_view"})
		}
		_, err := q.s.Book.Append(tx, o.path.ID, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindNote, Body: &entry.Note{Text: text, OwnView: true}})
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return q.workFactsForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "workactivity.saved_view"})
	return q.redirect("/c/" + o.id + "/work/facts?" + q.query("from", q.PostFormValue("from"), "to", q.PostFormValue("to")))
}

// factsText says facts in plain sentences. It has no word that judges: TestFactsJudgeNobody reads them.
func factsText(l i18n.Lang, f workactivity.Facts, banned bool) string {
	var b strings.Builder
	line := func(s string) { b.WriteString(s + "\n") }
	head := func(key string) { line("\n" + l.T(key)) }
	line(l.T("workactivity.facts.head", "from", l.Day(f.From), "to", l.Day(f.To)))
	head("workactivity.facts.agreed")
	if len(f.Periods) == 0 {
		line(l.T("workactivity.facts.no_period"))
	}
	for i := range f.Periods {
		p := &f.Periods[i]
		place := p.Place
		if banned {
			place = "–"
		}
		for n, week := range p.Weeks {
			words := view.WeekWords(l, week.Days, week.Minutes)
			if n > 0 {
				line(l.T("workactivity.since", "day", l.Day(week.Since), "week", words))
				continue
			}
			line(l.T("workactivity.facts.period", "from", l.Day(p.From), "to", l.Day(p.To), "week", words, "place", place, "goal", p.Goal))
		}
		if p.End != nil {
			line(l.T("workactivity.facts.ended", "day", l.Day(p.Last), "why", l.T("workactivity.end."+string(p.End.Why))))
			if p.End.Told != "" {
				line(l.T("workactivity.facts.told", "text", p.End.Told))
			}
		}
	}
	head("workactivity.facts.happened")
	away := len(f.Absences) - f.Count[entry.ByOrganiser]
	line(l.T("workactivity.facts.days", "planned", f.Expected, "came", f.Came, "length", l.Length(f.Minutes), "away", away, "open", len(f.Silent)))
	for _, d := range f.Absences {
		if d.Reason == entry.ByOrganiser {
			line(l.T("workactivity.facts.off", "day", l.Day(d.Date)))
			continue
		}
		said := l.T("workactivity.facts.away", "day", l.Day(d.Date), "reason", l.T("absence."+string(d.Reason)))
		if d.Told != "" {
			said += " " + l.T("workactivity.facts.told", "text", d.Told)
		}
		line(said)
	}
	head("workactivity.facts.contacts")
	if len(f.Tried) == 0 {
		line(l.T("workactivity.facts.no_contacts"))
	}
	for _, e := range f.Tried {
		c := e.Body.(*entry.Contact)
		line(l.T("workactivity.facts.contact", "day", l.Day(e.Day), "form", l.T("form."+string(c.Form)), "result", l.T("result."+string(c.Result))))
	}
	head("workactivity.facts.view")
	if len(f.Views) == 0 {
		line(l.T("workactivity.facts.not_heard"))
	}
	for _, e := range f.Views {
		line(l.T("workactivity.facts.said", "day", l.Day(e.Day), "text", e.Body.(*entry.Note).Text))
	}
	return b.String()
}
