package csvio

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"polku/internal/fault"
)

// encodingOf tells the encoding of text by its content, "" when it is no text at all.
func encodingOf(data []byte) string {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return "UTF-8 (BOM)"
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return "UTF-16LE"
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return "UTF-16BE"
	}
	head := data[:min(len(data), 256<<10)]
	// Text in UTF-16 without its mark: every other byte of mostly Latin text is zero.
	var zero [2]int
	controls := 0
	for i, c := range head {
		switch {
		case c == 0:
			zero[i%2]++
		case c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f':
			controls++
		}
	}
	half := len(head) / 2
	switch {
	case half > 0 && zero[1] > half*7/10 && zero[0] < half/20+1:
		return "UTF-16LE"
	case half > 0 && zero[0] > half*7/10 && zero[1] < half/20+1:
		return "UTF-16BE"
	case zero[0]+zero[1] > len(head)/100 || controls > len(head)/100+2:
		return ""
	case utf8.Valid(data):
		return "UTF-8"
	}
	return "Windows-1252" // ISO-8859-1 is the same but for characters that no list has
}

func decode(data []byte, encoding string) ([]byte, error) {
	var out []byte
	var err error
	switch encoding {
	case "UTF-8 (BOM)":
		return data[3:], nil
	case "UTF-16LE":
		out, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(data)
	case "UTF-16BE":
		out, err = unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder().Bytes(data)
	case "Windows-1252":
		out, err = charmap.Windows1252.NewDecoder().Bytes(data)
	default:
		return data, nil
	}
	if err != nil {
		return nil, &fault.Error{Kind: fault.Invalid, Key: "import.file.unreadable", Cause: err}
	}
	return out, nil
}

// separators in the order of preference when two fit as well.
const separators = ";\t,|"

// separatorOf finds the separator that cuts the first lines most evenly. A decimal comma must not win over ";".
func separatorOf(text []byte) byte {
	if rest, ok := bytes.CutPrefix(text, []byte("sep=")); ok && len(rest) > 1 && strings.IndexByte(separators, rest[0]) >= 0 {
		return rest[0] // Excel's own first line "sep=;"
	}
	head := text[:min(len(text), 64<<10)]
	best, bestScore := byte(';'), 0
	for i := 0; i < len(separators); i++ {
		sep := separators[i]
		counts := map[int]int{}
		rows := 0
		p := csvParser{data: head, sep: sep}
		for rows < 40 {
			fields, ok := p.next()
			if !ok {
				break
			}
			if len(fields) > 1 || len(fields) == 1 && len(fields[0]) > 0 {
				counts[len(fields)]++
				rows++
			}
		}
		score := 0
		for width, n := range counts {
			if width > 1 {
				score = max(score, n*100+min(width, 50))
			}
		}
		if score > bestScore {
			best, bestScore = sep, score
		}
	}
	return best
}

// csvParser cuts text into records. It is more forgiving than RFC 4180: line ends CRLF, LF or CR, quotes inside
// bare fields, text after a closing quote, a quote that never closes.
type csvParser struct {
	data []byte
	pos  int
	sep  byte
	out  []string
}

// next gives the fields of the next record; they are valid until the next call. ok is false at the end.
func (p *csvParser) next() (fields []string, ok bool) {
	if p.pos >= len(p.data) {
		return nil, false
	}
	p.out = p.out[:0]
	for {
		field, end := p.field()
		p.out = append(p.out, field)
		if end {
			return p.out, true
		}
	}
}

func (p *csvParser) field() (text string, end bool) {
	d := p.data
	if p.pos < len(d) && d[p.pos] == '"' {
		if text, after, ok := quoted(d, p.pos+1, p.sep); ok {
			p.pos = after
			return text, p.atEnd()
		}
	}
	start := p.pos
	for p.pos < len(d) && d[p.pos] != p.sep && d[p.pos] != '\n' && d[p.pos] != '\r' {
		p.pos++
	}
	return string(d[start:p.pos]), p.atEnd()
}

// atEnd steps over the separator or the line end at pos and tells whether the record ended.
func (p *csvParser) atEnd() bool {
	if p.pos >= len(p.data) {
		return true
	}
	c := p.data[p.pos]
	p.pos++
	if c == p.sep {
		if p.pos >= len(p.data) { // the file ends with a separator
			p.out = append(p.out, "")
			return true
		}
		return false
	}
	if c == '\r' && p.pos < len(p.data) && p.data[p.pos] == '\n' {
		p.pos++
	}
	return true
}

// quoted reads a quoted field from after its opening quote. A field whose quote does not close within the
// largest cell is no quoted field: ok is false and it is read as bare text.
func quoted(d []byte, from int, sep byte) (text string, after int, ok bool) {
	var b []byte
	i := from
	for {
		q := bytes.IndexByte(d[i:], '"')
		if q < 0 || i+q-from > 4*MaxCell && bytes.Count(d[from:i+q], []byte("\n")) > 100 {
			return "", 0, false
		}
		q += i
		if q+1 < len(d) && d[q+1] == '"' {
			b = append(b, d[i:q+1]...)
			i = q + 2
			continue
		}
		rest := q + 1
		for rest < len(d) && d[rest] != sep && d[rest] != '\n' && d[rest] != '\r' {
			rest++
		}
		b = append(b, d[i:q]...)
		b = append(b, d[q+1:rest]...) // text after the closing quote is kept
		return string(b), rest, true
	}
}

func readCSV(b *Book, data []byte) error {
	b.Encoding = encodingOf(data)
	text, err := decode(data, b.Encoding)
	if err != nil {
		return err
	}
	sep := separatorOf(text)
	b.Separator = map[byte]string{'\t': "tab"}[sep]
	if b.Separator == "" {
		b.Separator = string(sep)
	}
	sheet := Sheet{}
	p := csvParser{data: text, sep: sep}
	var use budget
	for no := 1; ; no++ {
		fields, ok := p.next()
		if !ok {
			break
		}
		if no == 1 && len(fields) <= 2 && strings.HasPrefix(fields[0], "sep=") {
			continue
		}
		if err := use.row(); err != nil {
			return err
		}
		for len(fields) > 0 && strings.TrimSpace(fields[len(fields)-1]) == "" {
			fields = fields[:len(fields)-1]
		}
		if len(fields) > MaxCols {
			return tooWide()
		}
		cells := make([]Cell, len(fields))
		empty := true
		for i, f := range fields {
			f, cut := cutText(f, MaxCell)
			cells[i].Text = clean(f, false)
			if cut {
				b.Problems = append(b.Problems, cutProblem("", no, i))
			}
			if cells[i].Text != "" {
				empty = false
				if err := use.cell(cells[i].Text); err != nil {
					return err
				}
			}
		}
		if empty {
			sheet.EmptyRows = append(sheet.EmptyRows, no)
			continue
		}
		sheet.Rows = append(sheet.Rows, Row{No: no, Cells: cells})
	}
	sheet.trimEmpty()
	b.Sheets = []Sheet{sheet}
	return nil
}

// trimEmpty forgets the empty rows after the last row that holds something.
func (s *Sheet) trimEmpty() {
	last := 0
	if len(s.Rows) > 0 {
		last = s.Rows[len(s.Rows)-1].No
	}
	for len(s.EmptyRows) > 0 && s.EmptyRows[len(s.EmptyRows)-1] > last {
		s.EmptyRows = s.EmptyRows[:len(s.EmptyRows)-1]
	}
}

func cutProblem(sheet string, row, col int) Problem {
	return Problem{Level: Ask, Sheet: sheet, Row: row, Col: col, Key: "import.cell.cut", Args: fault.Args{"kb": MaxCell >> 10, "column": ColumnName(col)}}
}
