package csvio

import (
	"sort"
	"strings"

	"polku/internal/civil"
	"polku/internal/fault"
	"polku/internal/hetu"
	"polku/internal/phone"
)

// Options are what a person answered in the preview, and what the reader cannot know. The zero value will do.
type Options struct {
	Today    civil.Date         // for days in the future and two-digit birth years; zero: not looked at
	Calendar *civil.Calendar    // holidays, for remarks on attendance; nil: only weekends
	Columns  map[string]Meaning // the person's own choice, by Column.Key
	Cells    map[Ref]string     // cells mended in the preview: the new text
	Sheet    string             // read only this sheet; empty: all that fit

	MonthFirst     bool  // 3/4/2016 is 4 March
	FirstNameFirst *bool // order of a name in one column; nil: told by the names themselves

	Year, Month int                    // of an attendance sheet that does not tell its own; 0: asked
	Marks       map[string]MarkMeaning // meaning of marks, by the mark as written; wins over the legend
	DayMinutes  int                    // length of a day marked only as present; 0: from the legend, else asked
}

func (o Options) hints(birth bool) dayHints {
	h := dayHints{monthFirst: o.MonthFirst, birth: birth}
	if !o.Today.IsZero() {
		h.pivot = o.Today.Year() % 100
	}
	return h
}

// Column is a column of a table and what it was understood to mean.
type Column struct {
	Sheet   string
	Col     int // from 0
	Header  string
	Meaning Meaning
	Sample  string // the first cell that holds something; may be a person's data
	Sure    bool   // false: guessed, worth a look
	Forms   []DayForm
}

// Key names the column in Options.Columns: its header folded, so that next month's file is understood the same
// way, or the sheet's column letter where there is no header.
func (c Column) Key() string {
	if f := fold(c.Header); f != "" {
		return f
	}
	return "#" + ColumnName(c.Col)
}

// table is a sheet with its header row found.
type table struct {
	sheet  *Sheet
	header int // index in sheet.Rows; -1: none
	cols   []Column
	rows   []Row // below the header
	opt    Options
}

// headerRows is how far down a header is looked for, in rows that hold something.
const headerRows = 40

// findTable finds the header row and the columns' meanings. nil when nothing like a header is there.
func findTable(s *Sheet, opt Options) *table {
	best, bestScore := -1, 0
	for i := 0; i < len(s.Rows) && i < headerRows; i++ {
		if score := headerScore(s.Rows[i], opt); score > bestScore {
			best, bestScore = i, score
		}
	}
	t := &table{sheet: s, header: best, opt: opt}
	if bestScore < 5 {
		t.header = -1
		t.rows = s.Rows
		t.guessColumns()
		if t.col(IdentityCode) < 0 {
			return nil
		}
		return t
	}
	t.rows = s.Rows[best+1:]
	t.nameColumns(s.Rows[best])
	t.guessColumns()
	return t
}

// headerScore is high for a row whose cells are known headers, each meaning once.
func headerScore(r Row, opt Options) int {
	score := 0
	seen := map[Meaning]bool{}
	for i, c := range r.Cells {
		if c.Text == "" || c.Number || !c.Day.IsZero() || len(c.Text) > 80 || strings.ContainsAny(c.Text, "@0123456789") && len(opt.Columns) == 0 {
			continue
		}
		m, sure := meaningOf(c.Text)
		if own, ok := opt.Columns[Column{Header: c.Text, Col: i}.Key()]; ok {
			m, sure = own, true
		}
		switch {
		case m == Unknown || seen[m] && m != PhaseStart:
		case sure:
			score += 3
		default:
			score++
		}
		seen[m] = true
	}
	if len(seen) < 2 {
		return 0
	}
	return score
}

func (t *table) nameColumns(head Row) {
	taken := map[Meaning]int{}
	for i, c := range head.Cells {
		col := Column{Sheet: t.sheet.Name, Col: i, Header: clean(c.Text, true)}
		col.Meaning, col.Sure = meaningOf(col.Header)
		if own, ok := t.opt.Columns[col.Key()]; ok {
			col.Meaning, col.Sure = own, true
		}
		if m := col.Meaning; m != Unknown && !mayRepeat(m) {
			if first, ok := taken[m]; ok {
				// the surer of two keeps the meaning; the other is kept as text
				if col.Sure && !t.cols[first].Sure {
					t.cols[first].Meaning, t.cols[first].Sure = Unknown, false
					taken[m] = i
				} else {
					col.Meaning, col.Sure = Unknown, false
				}
			} else {
				taken[m] = i
			}
		}
		t.cols = append(t.cols, col)
	}
}

// mayRepeat tells whether several columns may have one meaning: they are read together.
func mayRepeat(m Meaning) bool {
	return m == Notes || m == Phone || m == PhaseStart || m == Ignore || m == Address
}

// looks counts what the cells of a column look like.
type looks struct{ filled, codes, mails, phones, days, names, digits int }

func (t *table) looks(col int) looks {
	var l looks
	for i, r := range t.rows {
		if i >= 200 {
			break
		}
		c := r.Cell(col)
		if c.Text == "" {
			continue
		}
		l.filled++
		_, isPhone := phone.Parse(c.Text)
		switch cleaned := hetu.Clean(c.Text); {
		case len(cleaned) == 11 && !hetu.BirthdayOf(cleaned).IsZero():
			l.codes++
		case strings.Contains(c.Text, "@"):
			l.mails++
		case !c.Day.IsZero():
			l.days++
		case isPhone && len(c.Text) >= 7:
			l.phones++
		case looksLikeName(c.Text):
			l.names++
		case c.Number || strings.ContainsAny(c.Text, "0123456789"):
			l.digits++
			if _, form := readDay(c, t.opt.hints(false)); form.sure() && form != FormSerial {
				l.days++
			}
		}
	}
	return l
}

// guessColumns takes samples, corrects meanings that the content belies, and guesses columns without a known header.
func (t *table) guessColumns() {
	width := len(t.cols)
	for i, r := range t.rows {
		if i < 200 {
			width = max(width, len(r.Cells))
		}
	}
	for len(t.cols) < width {
		c := Column{Sheet: t.sheet.Name, Col: len(t.cols)}
		if own, ok := t.opt.Columns[c.Key()]; ok {
			c.Meaning, c.Sure = own, true
		}
		t.cols = append(t.cols, c)
	}
	for i := range t.cols {
		c := &t.cols[i]
		for _, r := range t.rows {
			if text := r.Cell(i).Text; text != "" {
				c.Sample, _ = cutText(text, 80)
				break
			}
		}
		if _, own := t.opt.Columns[c.Key()]; own {
			continue
		}
		l := t.looks(i)
		most := func(n int) bool { return l.filled > 0 && n*10 >= l.filled*6 }
		switch {
		case c.Meaning == Number && most(l.names) && t.col(Name) < 0 && t.col(LastName) < 0:
			c.Meaning, c.Sure = Name, false // "Asiakas" that holds names
		case c.Meaning == Name && l.names == 0 && l.digits*10 >= l.filled*6 && t.col(Number) < 0 && l.filled > 0:
			c.Meaning, c.Sure = Number, false // "Asiakas", "Klient" that holds numbers
		case c.Meaning != Unknown:
		case most(l.codes) && t.col(IdentityCode) < 0:
			c.Meaning = IdentityCode
		case most(l.mails) && t.col(Email) < 0:
			c.Meaning = Email
		case most(l.phones) && t.col(Phone) < 0:
			c.Meaning = Phone
		case t.header < 0 && most(l.names) && t.col(Name) < 0:
			c.Meaning = Name
		}
	}
}

// col gives the first column of a meaning, -1 when there is none.
func (t *table) col(m Meaning) int {
	for i := range t.cols {
		if t.cols[i].Meaning == m {
			return i
		}
	}
	return -1
}

func (t *table) has(ms ...Meaning) bool {
	for _, m := range ms {
		if t.col(m) >= 0 {
			return true
		}
	}
	return false
}

// cell gives a cell of a row, mended if the person mended it.
func (t *table) cell(r Row, col int) Cell {
	if text, ok := t.opt.Cells[Ref{t.sheet.Name, r.No, col}]; ok {
		return Cell{Text: clean(text, false)}
	}
	return r.Cell(col)
}

// note counts the form in which a column writes its days.
func (c *Column) note(f DayForm) {
	if f == FormNone {
		return
	}
	i := sort.Search(len(c.Forms), func(i int) bool { return c.Forms[i] >= f })
	if i == len(c.Forms) || c.Forms[i] != f {
		c.Forms = append(c.Forms, "")
		copy(c.Forms[i+1:], c.Forms[i:])
		c.Forms[i] = f
	}
}

// monthFirst tells from a column's own days with slashes whether the month stands first: one day that can only be
// read so, and none that can only be read the other way.
func (t *table) monthFirst() bool {
	us, eu := 0, 0
	for i, r := range t.rows {
		if i >= 5000 {
			break
		}
		for col, c := range t.cols {
			switch c.Meaning {
			case Start, End, Birthday, DayField, PhaseStart:
				if text := r.Cell(col).Text; strings.Contains(text, "/") {
					_, form := readDayText(text, dayHints{})
					if form == FormUS {
						us++
					} else if form == FormSlash {
						eu++
					}
				}
			}
		}
	}
	return us > 0 && eu == 0
}

// raw gives the texts of a row as they stand.
func raw(r Row) []string {
	out := make([]string, len(r.Cells))
	for i, c := range r.Cells {
		out[i] = c.Text
	}
	return out
}

// leftOut tells why a row is no row of the table: total, repeated header, footnote, heading; "" when it is one.
func (t *table) leftOut(r Row) string {
	filled, first, firstCol := 0, "", -1
	for i, c := range r.Cells {
		if c.Text != "" {
			if filled == 0 {
				first, firstCol = c.Text, i
			}
			filled++
		}
	}
	if filled == 0 {
		return "import.skip.empty"
	}
	if isTotal(first) {
		return "import.skip.total"
	}
	if t.header >= 0 && filled >= 2 {
		same := 0
		for i, c := range r.Cells {
			if c.Text != "" && i < len(t.cols) && fold(c.Text) == fold(t.cols[i].Header) {
				same++
			}
		}
		if same*10 >= filled*6 {
			return "import.skip.header"
		}
	}
	if filled == 1 {
		meaning := Unknown
		if firstCol < len(t.cols) {
			meaning = t.cols[firstCol].Meaning
		}
		isName := (meaning == Name || meaning == LastName) && looksLikeName(first) && !strings.ContainsAny(first, ":!?")
		if !isName && meaning != IdentityCode {
			if len(strings.Fields(first)) <= 3 && firstCol == 0 && !strings.ContainsAny(first, ":!?.") && !c0Digit(first) {
				return "import.skip.heading"
			}
			return "import.skip.footnote"
		}
	}
	return ""
}

func c0Digit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

// isTotal tells whether a row's first text says that it sums up others.
func isTotal(first string) bool {
	f := fold(first)
	for _, w := range []string{"yhteensa", "yht", "summa", "kaikki yhteensa", "loppusumma", "keskiarvo", "lukumaara", "lkm", "totalt", "sammanlagt", "total", "totals", "sum",
		"grand total", "asiakkaita yhteensa", "osallistujia yhteensa", "lasna yhteensa", "lasna yht", "osallistujia", "medeltal", "average", "antal", "count"} {
		if f == w || strings.HasPrefix(f, w+" ") {
			return true
		}
	}
	return false
}

// notFound is the refusal when no sheet fits.
func notFound(key string, b *Book) error {
	headers := 0
	for i := range b.Sheets {
		headers = max(headers, len(b.Sheets[i].Rows))
	}
	return fault.E(fault.Invalid, key, fault.Args{"sheets": len(b.Sheets), "rows": headers})
}
