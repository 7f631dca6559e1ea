package pdf

// Table is rows under named columns. Caption is its heading (level 3); empty: none. Weights tell how wide the columns
// are beside each other; without them they are equal. RowHeads makes the first cell of each row its header.
type Table struct {
	Caption  string
	Head     []string
	Rows     [][]string
	Weights  []float64
	RowHeads bool
}

const cellGap = 3.0 // between columns and after rows, millimetres

// Table adds a table. A row that does not fit begins or goes on on the next page, under the header again.
func (d *Doc) Table(t Table) {
	if t.Caption != "" {
		d.Heading(3, t.Caption)
	}
	table := d.root.add("Table")
	d.room(2 * (cell.line + cellGap))
	x, width := t.columns()
	head := func(owner *node) { // without an owner it is repeated for the eye only
		d.row(owner, t.Head, x, width, func(int) (string, string) { return "TH", "Column" }, true, nil)
	}
	if len(t.Head) > 0 {
		head(table.add("TR"))
	}
	repeat := func() {
		if len(t.Head) > 0 {
			head(nil)
		}
	}
	for _, row := range t.Rows {
		d.row(table.add("TR"), row, x, width, func(i int) (string, string) {
			if i == 0 && t.RowHeads {
				return "TH", "Row"
			}
			return "TD", ""
		}, false, repeat)
	}
	d.y += plain.after
}

// columns gives where each column begins and how wide its text may be.
func (t Table) columns() (x, width []float64) {
	n := len(t.Head)
	for _, row := range t.Rows {
		n = max(n, len(row))
	}
	sum := 0.0
	weight := func(i int) float64 {
		if i < len(t.Weights) {
			return t.Weights[i]
		}
		return 1
	}
	for i := range n {
		sum += weight(i)
	}
	at := margin
	for i := range n {
		w := textWidth * weight(i) / sum
		x, width = append(x, at), append(width, w-cellGap)
		at += w
	}
	return x, width
}

// row draws one row, over several pages when it must. kind tells tag and scope of a cell.
func (d *Doc) row(owner *node, texts []string, x, width []float64, kind func(int) (tag, scope string), head bool, repeat func()) {
	cells := make([]*node, len(texts))
	left := make([][]string, len(texts))
	looks := make([]style, len(texts))
	tall := 0
	for i, text := range texts {
		tag, scope := kind(i)
		looks[i] = cell
		if tag == "TH" {
			looks[i] = headCell
		}
		if owner != nil {
			cells[i] = owner.add(tag)
			cells[i].scope = scope
		}
		d.font(looks[i])
		left[i] = d.split(text, width[i])
		tall = max(tall, len(left[i]))
	}
	for first := true; tall > 0; first = false {
		fit := int((bottom - d.y - cellGap) / cell.line)
		if fit < min(tall, 2) || first && tall > fit && tall < 10 { // a short row stays whole
			d.newPage()
			if repeat != nil {
				repeat()
			}
			fit = int((bottom - d.y - cellGap) / cell.line)
		}
		take := min(fit, tall)
		top := d.y
		for i := range left {
			d.mark(cells[i])
			for n := 0; n < take && n < len(left[i]); n++ {
				d.y = top + float64(n)*cell.line
				d.put(looks[i], x[i], left[i][n])
			}
			d.unmark()
			left[i] = left[i][min(take, len(left[i])):]
		}
		d.y = top + float64(take)*cell.line
		tall -= take
	}
	d.rule(head)
}

// rule draws the line below a row, for the eye only.
func (d *Doc) rule(strong bool) {
	d.y += cellGap / 3
	d.f.RawWriteStr("/Artifact BMC")
	d.f.SetDrawColor(205, 205, 205)
	d.f.SetLineWidth(0.2)
	if strong {
		d.f.SetDrawColor(90, 90, 90)
		d.f.SetLineWidth(0.4)
	}
	d.f.Line(margin, d.y, pageWidth-margin, d.y)
	d.f.RawWriteStr("EMC")
	d.y += cellGap / 2
}

// Facts adds pairs of a word and what is so, as a table whose rows have headers.
func (d *Doc) Facts(pairs ...[2]string) {
	t := Table{Weights: []float64{1, 2}, RowHeads: true}
	for _, p := range pairs {
		t.Rows = append(t.Rows, p[:])
	}
	d.Table(t)
}
