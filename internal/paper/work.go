package paper

import (
	"io"
	"time"

	"polku/internal/civil"
	"polku/internal/i18n"
	"polku/internal/pdf"
	"polku/internal/web/view"
	"polku/internal/workactivity"
)

// Work is what every paper of rehabilitative work activity needs to know: whose it is, who arranges it, when it was made.
type Work struct {
	Client     string // name
	Controller string
	Banned     bool // safety ban: the place is not told on paper
	At         time.Time
	Zone       *time.Location
}

func (w Work) doc(l i18n.Lang, title string) *pdf.Doc {
	return pdf.New(pdf.Options{Lang: string(l), Title: title, Author: w.Controller, Footer: w.Controller, Page: l.T("workactivity.paper.page"), At: w.At})
}

// Steward writes the notice to the chief shop steward: the name and the first three items of the plan (189/2001 s. 9.1 and
// 16), nothing else.
func Steward(out io.Writer, l i18n.Lang, w Work, p workactivity.Period) error {
	place := p.Place
	if w.Banned {
		place = l.T("workactivity.steward.banned")
	}
	what := p.Goal
	for _, more := range []string{p.What, place} {
		if more != "" {
			what += ". " + more
		}
	}
	week := p.Weeks[len(p.Weeks)-1]
	d := w.doc(l, l.T("workactivity.steward"))
	d.Facts([2]string{l.T("workactivity.steward.name"), w.Client},
		[2]string{l.T("workactivity.steward.one"), what},
		[2]string{l.T("workactivity.steward.two"), view.WeekWords(l, week.Days, week.Minutes) + "; " + weekSum(l, week)},
		[2]string{l.T("workactivity.steward.three"), l.Day(p.From) + "–" + l.Day(p.Last)})
	return d.Write(out)
}

func weekSum(l i18n.Lang, w workactivity.Week) string {
	return l.T("workactivity.week_sum", "n", len(w.Days), "length", l.Length(len(w.Days)*w.Minutes))
}

// Attendance writes a month's attendance, and what is otherwise than in the extract before (earlier.ID empty: none was).
func Attendance(out io.Writer, l i18n.Lang, w Work, now, earlier workactivity.Extract) error {
	year, month, _ := now.Month.Parts()
	d := w.doc(l, l.T("workactivity.paper.title", "month", l.T("workactivity.paper.month", "month", l.MonthName(month), "year", year)))
	d.Paragraph(l.T("workactivity.paper.lead", "day", l.Day(civil.Of(w.At, w.Zone))))
	d.Facts([2]string{l.T("workactivity.paper.client"), w.Client}, [2]string{l.T("workactivity.paper.organiser"), w.Controller})
	t := pdf.Table{Head: []string{l.T("workactivity.paper.day"), l.T("workactivity.col_planned"), l.T("workactivity.paper.state")}, Weights: []float64{2, 1.5, 4}, RowHeads: true}
	n, minutes := 0, 0
	for i := range now.Lines {
		x := &now.Lines[i]
		planned := ""
		if x.Planned > 0 {
			planned = l.Length(x.Planned)
		}
		if x.Came {
			n++
			minutes += x.Minutes
		}
		t.Rows = append(t.Rows, []string{l.Weekday(x.Day) + " " + l.Day(x.Day), planned, view.WorkLine(l, x)})
	}
	if len(t.Rows) == 0 {
		d.Paragraph(l.T("workactivity.paper.none"))
	} else {
		d.Table(t)
		d.Paragraph(l.T("workactivity.paper.sum", "n", n, "length", l.Length(minutes)))
	}
	if diffs := workactivity.Differences(earlier.Lines, now.Lines); earlier.ID != "" && len(diffs) > 0 {
		t := pdf.Table{Caption: l.T("workactivity.paper.changed", "day", l.Day(civil.Of(time.UnixMicro(earlier.MadeAt), w.Zone))),
			Head: []string{l.T("workactivity.paper.day"), l.T("workactivity.paper.was"), l.T("workactivity.paper.is")}, RowHeads: true}
		for _, x := range diffs {
			t.Rows = append(t.Rows, []string{l.Weekday(x.Day) + " " + l.Day(x.Day), view.WorkLine(l, x.Was), view.WorkLine(l, x.Is)})
		}
		d.Table(t)
	}
	return d.Write(out)
}

// Incident writes the report of an accident or a near miss, with who insures.
func Incident(out io.Writer, l i18n.Lang, w Work, x workactivity.Incident, o workactivity.Organiser) error {
	d := w.doc(l, l.T("workactivity.incident"))
	when := l.Day(x.Day)
	if x.Minute >= 0 {
		when += " " + l.Clock(x.Minute)
	}
	place := x.Place
	if w.Banned && place != "" {
		place = l.T("workactivity.steward.banned")
	}
	var facts [][2]string
	for _, f := range [][2]string{{"workactivity.paper.client", w.Client}, {"workactivity.paper.organiser", w.Controller}, {"workactivity.insurer", o.Insurer},
		{"workactivity.policy", o.Policy}, {"workactivity.report_to", o.Contact}, {"workactivity.type", l.T("workactivity.type." + string(x.Type))},
		{"workactivity.day", when}, {"workactivity.place", place}, {"workactivity.happened", x.What}, {"workactivity.injury", x.Injury},
		{"workactivity.treatment", x.Treatment}, {"workactivity.witness", x.Witness}, {"workactivity.prevent", x.Prevent}, {"workactivity.reported", l.Day(x.Reported)}} {
		if f[1] != "" {
			facts = append(facts, [2]string{l.T(f[0]), f[1]})
		}
	}
	d.Facts(facts...)
	return d.Write(out)
}
