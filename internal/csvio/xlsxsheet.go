package csvio

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"

	"polku/internal/civil"
	"polku/internal/fault"
)

// readStyles learns which cell styles show dates: built-in number formats 14–22, 27–36, 45–47, 50–58 and own formats
// with year, month or day letters.
func (x *xlsxReader) readStyles(name string) error {
	own := map[int]string{}
	inXfs := false
	return x.parts.each(name, func(_ *xml.Decoder, t xml.Token) error {
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "numFmt":
				if id, err := strconv.Atoi(attr(e, "numFmtId")); err == nil && len(own) < 5000 {
					own[id] = attr(e, "formatCode")
				}
			case "cellXfs":
				inXfs = true
			case "xf":
				if inXfs && len(x.dates) < 70_000 {
					id, _ := strconv.Atoi(attr(e, "numFmtId"))
					code, has := own[id]
					x.dates = append(x.dates, has && showsDate(code) || !has && builtinDate(id))
				}
			}
		case xml.EndElement:
			if e.Name.Local == "cellXfs" {
				inXfs = false
			}
		}
		return nil
	})
}

func builtinDate(id int) bool {
	return id >= 14 && id <= 17 || id == 22 || id >= 27 && id <= 31 || id == 36 || id >= 50 && id <= 54 || id >= 57 && id <= 58
}

// showsDate tells whether a number format shows a day: y or d outside quotes and brackets (Finnish Excel writes
// v and p in its own language only on screen; files hold y and d).
func showsDate(code string) bool {
	code, _, _ = strings.Cut(code, ";")
	quoted, bracket := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '\\' || c == '_' || c == '*':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case bracket:
		case c == 'y' || c == 'Y' || c == 'd' || c == 'D':
			return !strings.EqualFold(code, "standard")
		}
	}
	return false
}

// serialDay gives the day of a spreadsheet's day number. In the 1900 system 60 is the 29 February 1900 that never
// was, so days are right from 1 March 1900; ok is false before that and after 2199.
func serialDay(v float64, date1904 bool) (civil.Date, bool) {
	n := int(math.Floor(v + 1e-9))
	if date1904 {
		n += 1462
	}
	d := civil.New(1899, 12, 30) + civil.Date(n)
	return d, n >= 61 && d.Year() < 2200
}

// rawCell is a <c> while its parts come in.
type rawCell struct {
	kind    string // t attribute
	style   int
	col     int
	formula bool
	cut     bool
	value   []byte
}

// readSheet reads one worksheet part, a row at a time.
func (x *xlsxReader) readSheet(name string, s *Sheet) error {
	var (
		row        Row
		no, nextNo = 0, 1
		nextCol    int
		c          rawCell
		take       bool // text now belongs to the cell's value
		phonetic   bool
		inData     bool
	)
	return x.parts.each(name, func(_ *xml.Decoder, t xml.Token) error {
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "sheetData":
				inData = true
			case "row":
				no = nextNo
				if r, err := strconv.Atoi(attr(e, "r")); err == nil && r >= nextNo {
					no = r
				}
				if no > 1<<20 {
					return fault.E(fault.Invalid, "import.file.too_many_rows", fault.Args{"max": MaxRows})
				}
				for gap := nextNo; gap < no && len(s.EmptyRows) < 1000 && len(s.Rows) > 0; gap++ {
					s.EmptyRows = append(s.EmptyRows, gap)
				}
				nextNo, nextCol = no+1, 0
				row = Row{No: no}
				if err := x.use.row(); err != nil {
					return err
				}
			case "c":
				style, _ := strconv.Atoi(attr(e, "s"))
				c = rawCell{kind: attr(e, "t"), style: style, col: nextCol, value: c.value[:0]}
				if col, ok := columnOf(attr(e, "r")); ok && col >= nextCol {
					c.col = col
				}
				nextCol = c.col + 1
			case "f":
				c.formula = true
			case "v":
				take = inData
			case "t":
				take = inData && !phonetic
			case "rPh":
				phonetic = true
			}
		case xml.CharData:
			if take {
				if room := MaxCell + 4 - len(c.value); room < len(e) {
					c.cut = true
					e = e[:max(room, 0)]
				}
				c.value = append(c.value, e...)
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "v", "t":
				take = false
			case "rPh":
				phonetic = false
			case "c":
				return x.addCell(s, &row, &c)
			case "row":
				if len(row.Cells) > 0 {
					s.Rows = append(s.Rows, row)
				} else if row.No > 0 && len(s.Rows) > 0 && len(s.EmptyRows) < 1000 {
					s.EmptyRows = append(s.EmptyRows, row.No)
				}
				row = Row{} // a broken file may end a row twice
			case "sheetData":
				inData = false
			}
		}
		return nil
	})
}

// columnOf reads the letters of a reference such as "AB12".
func columnOf(ref string) (int, bool) {
	col := 0
	for i := 0; i < len(ref) && i < 4; i++ {
		switch c := ref[i]; {
		case c >= 'A' && c <= 'Z':
			col = col*26 + int(c-'A') + 1
		case c >= 'a' && c <= 'z':
			col = col*26 + int(c-'a') + 1
		default:
			return col - 1, col > 0
		}
	}
	return col - 1, col > 0
}

// addCell turns a raw cell into a Cell of the row; empty ones only keep the place.
func (x *xlsxReader) addCell(s *Sheet, row *Row, c *rawCell) error {
	cell := Cell{Formula: c.formula}
	cut := c.cut
	text, over := cutText(string(c.value), MaxCell)
	cut = cut || over
	switch c.kind {
	case "s":
		if i, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && i >= 0 && i < len(x.shared) {
			cell.Text = x.shared[i]
			cut = x.cut[i]
		}
	case "str", "inlineStr":
		cell.Text = clean(text, false)
	case "b":
		cell.Text = map[string]string{"1": "true", "0": "false"}[strings.TrimSpace(text)]
	case "e": // #REF! and friends say nothing
		s.note(&x.book.Problems, Remark, row.No, c.col, "import.cell.error")
	case "d":
		if d, err := civil.Parse(text[:min(len(text), 10)]); err == nil {
			cell.Day, cell.Text = d, finnish(d)
		}
	default:
		v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			cell.Text = clean(text, false)
			break
		}
		cell.Value, cell.Number, cell.Text = v, true, numberText(v)
		if c.style >= 0 && c.style < len(x.dates) && x.dates[c.style] {
			if d, ok := serialDay(v, x.date1904); ok {
				cell.Day, cell.Number, cell.Value = d, false, 0
				cell.Text = finnish(d)
			}
		}
	}
	if cut {
		x.book.Problems = append(x.book.Problems, cutProblem(s.Name, row.No, c.col))
	}
	if cell.Text == "" && !cell.Formula || row.No == 0 { // No is 0 outside a row, in a broken file
		return nil
	}
	if c.col >= MaxCols {
		return tooWide()
	}
	if err := x.use.cell(cell.Text); err != nil {
		return err
	}
	x.use.cells += c.col - len(row.Cells) // places in between cost memory too
	for len(row.Cells) < c.col {
		row.Cells = append(row.Cells, Cell{})
	}
	row.Cells = append(row.Cells, cell)
	return nil
}

func (s *Sheet) note(to *[]Problem, level Level, row, col int, key string) {
	if len(*to) < 1000 {
		*to = append(*to, Problem{Level: level, Sheet: s.Name, Row: row, Col: col, Key: key, Args: fault.Args{"column": ColumnName(col)}})
	}
}

// numberText is a number as Finnish spreadsheets show it.
func numberText(v float64) string {
	if text := strconv.FormatFloat(v, 'f', -1, 64); len(text) <= 40 {
		return strings.Replace(text, ".", ",", 1)
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

// finnish is the day as Finnish spreadsheets show it, 14.3.2016.
func finnish(d civil.Date) string {
	y, m, day := d.Parts()
	return strconv.Itoa(day) + "." + strconv.Itoa(m) + "." + strconv.Itoa(y)
}
