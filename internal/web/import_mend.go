package web

import (
	"fmt"
	"slices"
	"strings"

	"polku/internal/csvio"
	"polku/internal/hetu"
	"polku/internal/importing"
	"polku/internal/web/view"
)

// A cell that the reader could not make sense of is put right in the preview, beside the question about it. What was
// typed waits with the held list and is read in the place of the file's own text; the file itself stays as it was sent.

// mendName is the field of a cell: its sheet by place, since names of sheets may hold anything.
func mendName(b *csvio.Book, ref csvio.Ref) string {
	sheet := slices.IndexFunc(b.Sheets, func(s csvio.Sheet) bool { return s.Name == ref.Sheet })
	return fmt.Sprintf("cell_%d_%d_%d", sheet, ref.Row, ref.Col)
}

// fileText is what the file's cell shows in its field. An identity code, whole or faulty, is never shown: it would stand
// on a screen in an open office, and who mends it has the list at hand.
func fileText(b *csvio.Book, ref csvio.Ref, field csvio.Meaning) string {
	text := strings.Join(strings.Fields(b.Text(ref)), " ")
	if field == csvio.IdentityCode || !hetu.BirthdayOf(hetu.Clean(text)).IsZero() || len(text) > mendMost {
		return ""
	}
	return text
}

// mendMost is the longest text, in bytes, that is put right in the preview.
const mendMost = 300

// mendsOf gives the cells of a plan's row that may be put right: those that its problems name, and those that have
// been. A row that is in Polku already is put right there.
func mendsOf(p *importing.Plan, a answers, r importing.Row) []csvio.Mend {
	if r.Fate == importing.Already {
		return nil
	}
	var all []csvio.Mend
	row := csvio.Ref{Sheet: r.Sheet, Row: r.No, Col: -1}
	if p.List != nil {
		x := &p.List.Rows[r.Index]
		all = p.List.Mends(x)
		if !x.HasDay() {
			row.Col = x.Col // a row of a matrix has a cell for each day
		}
	} else {
		all = p.Clients.Mends(&p.Clients.Rows[r.Index])
	}
	for ref := range a.opt.Cells {
		same := ref.Sheet == row.Sheet && ref.Row == row.Row && (row.Col < 0 || ref.Col == row.Col)
		if same && !slices.ContainsFunc(all, func(m csvio.Mend) bool { return m.Ref == ref }) {
			all = append(all, mendAt(p, ref))
		}
	}
	slices.SortFunc(all, func(a, b csvio.Mend) int { return a.Col - b.Col })
	return all
}

// mendAt is a cell that has been put right and that no problem names any more.
func mendAt(p *importing.Plan, ref csvio.Ref) csvio.Mend {
	m := csvio.Mend{Ref: ref, Field: csvio.Mark}
	for _, c := range columnsOf(p) {
		if c.Sheet == ref.Sheet && c.Col == ref.Col && c.Meaning != csvio.DayField {
			m.Field, m.Header = c.Meaning, c.Header
		}
		if c.Sheet == ref.Sheet && c.Col == ref.Col && c.Meaning == csvio.DayField && len(p.Rows) > 0 && (p.List == nil || p.List.Rows[0].HasDay()) {
			m.Field = csvio.DayField
		}
	}
	return m
}

// mendFields gives the fields of a row's cells.
func (q *request) mendFields(h *held, a answers, mends []csvio.Mend) []view.Mend {
	var all []view.Mend
	for _, m := range mends {
		f := view.Mend{Name: mendName(h.book, m.Ref), Label: m.Field.Say(q.lang)}
		if m.Field == csvio.Unknown || m.Field == csvio.Ignore {
			f.Label = m.Header
		}
		f.Value, f.Mended = a.opt.Cells[m.Ref]
		if !f.Mended {
			f.Value = fileText(h.book, m.Ref, m.Field)
		}
		all = append(all, f)
	}
	return all
}

// readCells keeps what was typed into cells, and tells which cells changed. What says the same as the file is no
// mending, and a cell that no row asks about cannot be changed.
func (q *request) readCells(h *held, a *answers, p *importing.Plan) []csvio.Ref {
	typed := map[string]string{}
	for name := range q.PostForm {
		if strings.HasPrefix(name, "cell_") {
			typed[name] = strings.Join(strings.Fields(q.PostFormValue(name)), " ")
		}
	}
	if len(typed) == 0 {
		return nil
	}
	cells := map[csvio.Ref]string{}
	for ref, text := range a.opt.Cells {
		cells[ref] = text
	}
	var changed []csvio.Ref
	put := func(ref csvio.Ref, field csvio.Meaning) {
		text, told := typed[mendName(h.book, ref)]
		if !told || len(text) > mendMost {
			return
		}
		before, was := cells[ref]
		switch file := fileText(h.book, ref, field); {
		case text == file && was:
			delete(cells, ref)
			changed = append(changed, ref)
		case text != file && (!was || text != before):
			cells[ref] = text
			changed = append(changed, ref)
		}
	}
	for _, r := range p.Rows {
		for _, m := range mendsOf(p, *a, r) {
			put(m.Ref, m.Field)
		}
	}
	for ref := range a.opt.Cells { // those of rows that emptying a cell has made vanish
		put(ref, mendAt(p, ref).Field)
	}
	a.opt.Cells = cells
	return changed
}

// stillWrong tells about the cells just put right that are still asked about, before anything is imported.
func (q *request) stillWrong(h *held, p *importing.Plan, changed []csvio.Ref) view.Errors {
	var all view.Errors
	for _, r := range p.Rows {
		for _, n := range r.Notes {
			ref := csvio.Ref{Sheet: n.Sheet, Row: n.Row, Col: n.Col}
			if name := mendName(h.book, ref); n.Level != csvio.Remark && slices.Contains(changed, ref) && all.Of(name) == "" {
				all = append(all, view.FieldError{Field: name, Text: q.lang.T("importing.still_wrong", "row", r.No, "why", n.Say(q.lang))})
			}
		}
	}
	return all
}

// orphans are cells whose emptying has made their row vanish: a day that nobody asks about any more.
func (q *request) orphans(h *held, a answers, p *importing.Plan) []view.ImportRow {
	there := map[csvio.Ref]bool{}
	for _, r := range p.Rows {
		for _, m := range mendsOf(p, a, r) {
			there[m.Ref] = true
		}
	}
	var all []view.ImportRow
	for ref := range a.opt.Cells {
		if !there[ref] {
			all = append(all, view.ImportRow{Line: ref.Row, State: "left", Cells: make([]string, len(q.previewHeads(p))), Mends: q.mendFields(h, a, []csvio.Mend{mendAt(p, ref)})})
		}
	}
	slices.SortFunc(all, func(a, b view.ImportRow) int { return a.Line - b.Line })
	return all
}
