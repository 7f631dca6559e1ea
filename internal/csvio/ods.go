package csvio

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"polku/internal/civil"
	"polku/internal/fault"
)

// OpenDocument spreadsheets (ISO/IEC 26300, .ods of LibreOffice) are read from content.xml in one pass within the limits of
// XLSX. Cells and rows are written there once with how often they are repeated: repeated emptiness costs nothing, and
// repeated content is counted before it is unfolded. Formulas are never computed.

// sniffODF tells what an OpenDocument file is by its manifest: a spreadsheet, one that wants a password, or another kind.
func sniffODF(z *zip.Reader) string {
	kind := "ods"
	p := &parts{zip: z, left: 1 << 20}
	// A manifest that cannot be read tells nothing: what is wrong with the file is said when it is read.
	_ = p.each("META-INF/manifest.xml", func(_ *xml.Decoder, t xml.Token) error {
		e, ok := t.(xml.StartElement)
		switch {
		case ok && e.Name.Local == "encryption-data":
			kind = "encrypted"
		case ok && kind == "ods" && attr(e, "full-path") == "/" && !strings.Contains(attr(e, "media-type"), "spreadsheet"):
			kind = "word"
		}
		return nil
	})
	return kind
}

// readODS fills the book's sheets.
func readODS(b *Book, data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return &fault.Error{Kind: fault.Invalid, Key: "import.file.broken", Cause: err}
	}
	limit := unzipLimit(data)
	o := &odsReader{book: b, hiddenStyles: map[string]bool{}}
	p := &parts{zip: z, left: limit}
	return unzipFault(p.each("content.xml", o.token), limit)
}

// odsReader is where the reading of content.xml stands.
type odsReader struct {
	book         *Book
	use          budget
	hiddenStyles map[string]bool // table styles that are not shown
	style        string          // of the automatic style that is being read

	inSheet bool
	sheet   Sheet
	notes   int // comments on the sheet's cells
	row     Row
	no      int // of the row that is being read, from 1
	rowsRep int
	col     int
	cell    odsCell
	inCell  bool
	inText  int // depth of paragraphs
	skip    int // depth inside what is no cell's own text: comments, drawings, earlier versions
}

// odsCell is a cell while its parts come in.
type odsCell struct {
	kind, value   string
	repeat        int
	formula, bad  bool
	cut, anything bool // anything: a paragraph has ended, the next begins a line
	text          []byte
}

// odsAside are the elements whose inside is no cell's own text.
var odsAside = []string{"annotation", "shapes", "frame", "custom-shape", "control", "tracked-changes", "dde-links", "database-ranges", "named-expressions"}

func (o *odsReader) token(_ *xml.Decoder, t xml.Token) error {
	switch e := t.(type) {
	case xml.StartElement:
		if o.skip > 0 || slices.Contains(odsAside, e.Name.Local) {
			if o.skip == 0 && e.Name.Local == "annotation" && o.inCell {
				o.notes++
			}
			o.skip++
			return nil
		}
		return o.start(e)
	case xml.CharData:
		if o.inText > 0 && o.skip == 0 {
			o.cell.add(e)
		}
	case xml.EndElement:
		if o.skip > 0 {
			o.skip--
			return nil
		}
		return o.end(e.Name.Local)
	}
	return nil
}

func (o *odsReader) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "style":
		o.style = attr(e, "name")
	case "table-properties":
		if attr(e, "display") == "false" && len(o.hiddenStyles) < 1000 {
			o.hiddenStyles[o.style] = true
		}
	case "table":
		if o.inSheet {
			o.skip++ // a table within a cell
			return nil
		}
		if len(o.book.Sheets) >= MaxSheets {
			return fault.E(fault.Invalid, "import.file.too_many_sheets", fault.Args{"max": MaxSheets})
		}
		name, _ := cutText(clean(attr(e, "name"), true), 200)
		o.inSheet, o.sheet, o.no, o.notes = true, Sheet{Name: name, Hidden: o.hiddenStyles[attr(e, "style-name")]}, 0, 0
	case "table-row":
		if o.inSheet {
			o.no++
			o.row, o.col, o.rowsRep = Row{No: o.no}, 0, repeats(e, "number-rows-repeated")
		}
	case "table-cell", "covered-table-cell":
		if o.row.No == 0 {
			return nil
		}
		o.inCell, o.cell = true, odsCell{repeat: repeats(e, "number-columns-repeated"), text: o.cell.text[:0]}
		if e.Name.Local == "table-cell" { // what stands under a merged cell nobody sees
			o.cell.about(e)
		}
	case "p", "h":
		if o.inCell {
			if o.inText == 0 && o.cell.anything {
				o.cell.add([]byte("\n"))
			}
			o.inText++
		}
	case "s":
		if o.inText > 0 {
			o.cell.add(bytes.Repeat([]byte(" "), min(repeats(e, "c"), 100)))
		}
	case "tab":
		if o.inText > 0 {
			o.cell.add([]byte(" "))
		}
	case "line-break":
		if o.inText > 0 {
			o.cell.add([]byte("\n"))
		}
	}
	return nil
}

func (o *odsReader) end(name string) error {
	switch name {
	case "p", "h":
		if o.inText > 0 {
			o.inText--
			o.cell.anything = true
		}
	case "table-cell", "covered-table-cell":
		if o.inCell {
			o.inCell, o.inText = false, 0
			return o.endCell(name == "table-cell")
		}
	case "table-row":
		if o.row.No > 0 {
			return o.endRow()
		}
	case "table":
		if o.inSheet {
			o.inSheet = false
			o.endSheet()
		}
	}
	return nil
}

// repeats is how often something stands there; a number that is none is one.
func repeats(e xml.StartElement, name string) int {
	if n, err := strconv.Atoi(attr(e, name)); err == nil && n > 1 {
		return min(n, 1<<20)
	}
	return 1
}

// about takes what the cell's attributes say: the value behind what is shown.
func (c *odsCell) about(e xml.StartElement) {
	c.formula = attr(e, "formula") != ""
	for _, a := range e.Attr {
		if a.Name.Local == "value-type" {
			if a.Name.Space == "calcext" {
				c.bad = c.bad || a.Value == "error"
			} else {
				c.kind = a.Value
			}
		}
	}
	switch c.kind {
	case "float", "currency", "percentage":
		c.value = attr(e, "value")
	case "date":
		c.value = attr(e, "date-value")
	case "boolean":
		c.value = attr(e, "boolean-value")
	}
}

// add adds text as far as a cell holds it.
func (c *odsCell) add(text []byte) {
	if room := MaxCell + 4 - len(c.text); room < len(text) {
		c.cut = true
		text = text[:max(room, 0)]
	}
	c.text = append(c.text, text...)
}

// cellOf is the cell as a person sees it.
func (c *odsCell) cellOf() (cell Cell, cut bool) {
	text, over := cutText(string(c.text), MaxCell)
	cell = Cell{Formula: c.formula, Text: clean(text, false)}
	switch c.kind {
	case "float", "currency", "percentage":
		v, err := strconv.ParseFloat(strings.TrimSpace(c.value), 64)
		if err == nil && !math.IsNaN(v) && !math.IsInf(v, 0) {
			cell.Value, cell.Number, cell.Text = v, true, numberText(v)
		}
	case "date":
		if d, err := civil.Parse(c.value[:min(len(c.value), 10)]); err == nil {
			cell.Day, cell.Text = d, finnish(d)
		}
	case "boolean":
		cell.Text = c.value
	}
	if c.bad { // #REF! and friends say nothing
		cell = Cell{Formula: c.formula}
	}
	return cell, c.cut || over
}

func (o *odsReader) endCell(seen bool) error {
	at, n := o.col, o.cell.repeat
	o.col += n
	cell, cut := o.cell.cellOf()
	if !seen || cell.Text == "" && !cell.Formula {
		if seen && o.cell.bad {
			o.sheet.note(&o.book.Problems, Remark, o.row.No, at, "import.cell.error")
		}
		return nil
	}
	if at+n > MaxCols {
		return tooWide()
	}
	if o.cell.bad {
		o.sheet.note(&o.book.Problems, Remark, o.row.No, at, "import.cell.error")
	}
	if cut {
		o.book.Problems = append(o.book.Problems, cutProblem(o.sheet.Name, o.row.No, at))
	}
	o.use.cells += at - len(o.row.Cells) // places in between cost memory too
	for len(o.row.Cells) < at {
		o.row.Cells = append(o.row.Cells, Cell{})
	}
	for range n {
		if err := o.use.cell(cell.Text); err != nil {
			return err
		}
		o.row.Cells = append(o.row.Cells, cell)
	}
	return nil
}

// endRow keeps a row, as often as it stands there. Repeated emptiness only counts.
func (o *odsReader) endRow() error {
	row := o.row
	o.row = Row{}
	o.no += o.rowsRep - 1
	if o.no > 1<<20 {
		if len(row.Cells) > 0 {
			return fault.E(fault.Invalid, "import.file.too_many_rows", fault.Args{"max": MaxRows})
		}
		o.no = 1 << 20
	}
	for i := range o.rowsRep {
		if len(row.Cells) == 0 {
			if len(o.sheet.Rows) == 0 || len(o.sheet.EmptyRows) >= 1000 {
				return nil
			}
			o.sheet.EmptyRows = append(o.sheet.EmptyRows, row.No+i)
			continue
		}
		if err := o.use.row(); err != nil {
			return err
		}
		if i > 0 {
			for _, c := range row.Cells {
				if err := o.use.cell(c.Text); err != nil {
					return err
				}
			}
		}
		o.sheet.Rows = append(o.sheet.Rows, Row{No: row.No + i, Cells: slices.Clone(row.Cells)})
	}
	return nil
}

func (o *odsReader) endSheet() {
	s := o.sheet
	s.trimEmpty()
	if o.notes > 0 {
		o.book.Problems = append(o.book.Problems, Problem{Level: Remark, Sheet: s.Name, Col: -1, Key: "import.sheet.comments", Args: fault.Args{"sheet": s.Name, "n": o.notes}})
	}
	if s.Hidden && len(s.Rows) > 0 {
		o.book.Problems = append(o.book.Problems, Problem{Level: Remark, Sheet: s.Name, Col: -1, Key: "import.sheet.hidden", Args: fault.Args{"sheet": s.Name}})
	}
	o.book.Sheets = append(o.book.Sheets, s)
}

// unzipLimit is how many bytes the parts of a zip may come to.
func unzipLimit(data []byte) int64 {
	return min(MaxUnzip, max(32<<20, MaxRatio*int64(len(data))))
}

// unzipFault says what went wrong with a zip's parts: our own word, too much, or broken.
func unzipFault(err error, limit int64) error {
	var f *fault.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &f):
		return err
	case errors.Is(err, errBomb):
		return fault.E(fault.Invalid, "import.file.bomb", fault.Args{"mb": limit >> 20})
	}
	return &fault.Error{Kind: fault.Invalid, Key: "import.file.broken", Cause: err}
}
