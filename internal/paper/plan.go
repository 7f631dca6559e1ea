package paper

import (
	"io"
	"strconv"
	"strings"
	"time"

	"polku/internal/civil"
	"polku/internal/i18n"
	"polku/internal/pdf"
	"polku/internal/web/view"
)

// PlanPaper is a plan to be printed. Its texts are in the reader's language already.
type PlanPaper struct {
	Text                 view.PlanText
	Client               string // name; a plan names no address
	Register, Controller string
	Parties              []string // who signs beside client and worker
	Draft                bool     // nobody has accepted it yet: lines to sign on
	At                   time.Time
}

// Plan writes a plan as a document that is read, signed and kept: strengths first, then goals, then what the law asks.
func Plan(w io.Writer, l i18n.Lang, x PlanPaper) error {
	d := pdf.New(pdf.Options{Lang: string(l), Title: x.Text.Title, Author: x.Controller, Footer: x.Register, Page: l.T("paper.page"), At: x.At})
	day := l.Day(civil.Of(x.At, time.UTC))
	sub := x.Text.Sub
	if x.Draft {
		sub = l.T("plan.state.draft") + " " + day
	}
	d.Facts([2]string{l.T("paper.name"), x.Client}, [2]string{l.T("plan.paper.state"), sub})
	if len(x.Text.Strengths) > 0 {
		d.Heading(2, l.T("plan.strengths"))
		d.List(x.Text.Strengths...)
	}
	if len(x.Text.Goals) > 0 {
		d.Heading(2, l.T("plan.goals"))
	}
	for _, g := range x.Text.Goals {
		d.Heading(3, g.Words)
		if g.Theme != "" {
			d.Small(g.Theme)
		}
		if len(g.Actions) == 0 {
			continue
		}
		t := pdf.Table{Head: []string{l.T("plan.paper.what"), l.T("plan.paper.who"), l.T("plan.paper.by")}, Weights: []float64{5, 3, 2}}
		for _, a := range g.Actions {
			by := l.Day(a.By)
			if a.Outcome != "" {
				by = l.T("plan.outcome." + string(a.Outcome))
			}
			t.Rows = append(t.Rows, []string{a.What, a.Owner, by})
		}
		d.Table(t)
	}
	if len(x.Text.Fields) > 0 {
		d.Heading(2, l.T("plan.contents"))
	}
	for _, f := range x.Text.Fields {
		d.Heading(3, f.Title)
		d.Paragraph(f.Text)
		if f.Law != "" {
			d.Small(f.Law)
		}
	}
	d.Heading(2, l.T("plan.accepted"))
	for _, a := range x.Text.Accepted {
		d.Paragraph(a.Line)
		if strokes := points(a.Strokes); len(strokes) > 0 {
			d.Drawing(l.T("plan.signature"), strokes, 600, 200)
		}
	}
	if x.Draft {
		d.Paragraph(l.T("plan.paper.sign"))
		t := pdf.Table{Head: []string{l.T("plan.paper.party"), l.T("plan.paper.signature"), l.T("plan.paper.day")}, Weights: []float64{3, 5, 2}, RowHeads: true}
		for _, party := range append([]string{l.T("plan.party.client"), l.T("plan.party.worker")}, x.Parties...) {
			t.Rows = append(t.Rows, []string{party + "\n ", " ", " "})
		}
		d.Table(t)
	}
	return d.Write(w)
}

// points reads a signature's path data, which has been cleaned: one list of points for each stroke.
func points(strokes string) [][][2]float64 {
	var all [][][2]float64
	for _, word := range strings.Fields(strings.NewReplacer("M", " M", "L", " L").Replace(strokes)) {
		x, y, both := strings.Cut(word[1:], ",")
		across, err1 := strconv.ParseFloat(x, 64)
		down, err2 := strconv.ParseFloat(y, 64)
		if !both || err1 != nil || err2 != nil {
			return nil
		}
		if word[0] == 'M' || len(all) == 0 {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], [2]float64{across, down})
	}
	return all
}
