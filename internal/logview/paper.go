package logview

import (
	"io"
	"time"

	"polku/internal/i18n"
	"polku/internal/pdf"
)

// join puts two texts one after the other, either of which may be empty.
func join(a, b string) string {
	if a != "" && b != "" {
		a += ". "
	}
	return a + b
}

// PDF writes a view as a document that the client can keep: in easy Finnish, Swedish or English, tagged.
func (o Own) PDF(w io.Writer, lang i18n.Lang, at time.Time, zone *time.Location) error {
	t := o.Words(lang, zone)
	d := pdf.New(pdf.Options{Lang: string(lang), Title: t.Title, Author: o.Controller, Footer: lang.T("logs.own.footer", "name", o.Name), Page: lang.T("logs.page"), At: at})
	d.Paragraph(o.Name)
	d.Paragraph(t.Lead)
	d.List(t.Sums...)
	table := func(caption, first, last string, all []Line) {
		t := pdf.Table{Caption: caption, Head: []string{first, lang.T("logs.own.head_what"), lang.T("logs.own.head_when"), last}, Weights: []float64{3, 2.4, 1.8, 2}}
		for _, l := range all {
			t.Rows = append(t.Rows, []string{l.Said, l.What, l.When, join(l.Why, l.As)})
		}
		d.Table(t)
	}
	who, why := lang.T("logs.own.head_who"), lang.T("logs.own.head_why")
	if len(t.Opened) > 0 {
		d.Heading(2, lang.T("logs.own.opened"))
		table("", who, why, t.Opened)
	}
	d.Heading(2, lang.T("logs.own.told"))
	if len(t.Told) == 0 {
		d.Paragraph(lang.T("logs.own.told_none"))
	} else {
		table("", lang.T("logs.own.head_told"), lang.T("logs.own.head_ground"), t.Told)
	}
	d.Heading(2, lang.T("logs.own.used_title"))
	if len(t.Days) == 0 {
		d.Paragraph(lang.T("logs.own.none"))
	}
	for _, day := range t.Days {
		table(day.Title, who, why, day.Lines)
	}
	d.Heading(2, lang.T("logs.own.notes"))
	for _, n := range t.Notes {
		d.Paragraph(n)
	}
	return d.Write(w)
}
