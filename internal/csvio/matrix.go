package csvio

import (
	"strings"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/fault"
)

// matrixReader reads one matrix.
type matrixReader struct {
	l     *AttendanceList
	s     *Sheet
	head  *matrixHead
	days  []civil.Date
	opt   Options
	turn  bool // the sheet was turned over: rows are columns in the file
	k     *marks
	names []int // columns of the name, before the days
	no    int   // column of the client number; -1
	group string
	isDay map[int]int  // column -> index in days
	told  map[int]bool // rows that explain marks in two cells
	met   map[int]int  // person -> the row they stand in
}

// readMatrix reads a matrix whose header was found.
func (l *AttendanceList) readMatrix(b *Book, s *Sheet, m *matrixHead, opt Options, turn bool) {
	x := l.newMatrix(b, s, m, opt, turn, newMarks(opt))
	x.columns()
	x.legends(b)
	x.rows()
	x.askLength()
	l.addMarks(s.Name, x.k)
}

// newMatrix puts the columns of a matrix to days and asks about those that cannot be.
func (l *AttendanceList) newMatrix(b *Book, s *Sheet, m *matrixHead, opt Options, turn bool, k *marks) *matrixReader {
	x := &matrixReader{l: l, s: s, head: m, opt: opt, turn: turn, k: k, no: -1, isDay: map[int]int{}, told: map[int]bool{}, met: map[int]int{}}
	l.Shapes = append(l.Shapes, Matrix)
	l.Summary.Sheets = append(l.Summary.Sheets, SheetRead{Name: s.Name, HeaderRow: s.Rows[m.row].No})
	for i, d := range m.days {
		x.isDay[d.col] = i
	}
	year, month := monthOfSheet(b, s, m, opt)
	var mismatch bool
	x.days, mismatch = m.dated(year, month)
	for i, d := range x.days {
		switch {
		case !d.IsZero():
		case year == 0 || month == 0 && m.days[i].m == 0:
			key := "import.ask.year"
			if month == 0 && m.days[i].m == 0 {
				key = "import.ask.year_month"
			}
			l.Questions = append(l.Questions, Problem{Level: Blocked, Sheet: s.Name, Col: -1, Field: DayField, Key: key})
		default:
			l.Questions = append(l.Questions, Problem{Level: Ask, Sheet: s.Name, Row: s.Rows[m.row].No, Col: m.days[i].col, Field: DayField,
				Key: "import.ask.impossible_day", Args: fault.Args{"column": ColumnName(m.days[i].col)}})
			continue
		}
		if d.IsZero() {
			break
		}
	}
	if mismatch {
		l.Questions = append(l.Questions, Problem{Level: Ask, Sheet: s.Name, Col: -1, Field: DayField, Key: "import.ask.weekdays_differ", Args: fault.Args{"year": year}})
	}
	return x
}

func (x *matrixReader) rows() {
	x.k.ones = x.onlyOnes()
	for _, r := range x.s.Rows[x.head.row+1:] {
		x.row(r)
	}
}

// columns finds the name and number columns before the days and reports the other columns.
func (x *matrixReader) columns() {
	head := x.s.Rows[x.head.row]
	width := 0
	for _, r := range x.s.Rows[x.head.row:] {
		width = max(width, len(r.Cells))
	}
	formulas, texts := make([]int, width), make([]int, width)
	samples := make([]string, width)
	looks := make([]int, width)
	for _, r := range x.s.Rows[x.head.row+1:] {
		for col, c := range r.Cells {
			if c.Formula {
				formulas[col]++
			} else if c.Text != "" {
				texts[col]++
				if samples[col] == "" {
					samples[col], _ = cutText(c.Text, 80)
				}
				if !c.Number && looksLikeName(c.Text) {
					looks[col]++
				}
			}
		}
	}
	for col := 0; col < width; col++ {
		c := Column{Sheet: x.s.Name, Col: col, Header: oneLine(head.Cell(col).Text), Sample: samples[col], Sure: true}
		if i, ok := x.isDay[col]; ok {
			c.Meaning = DayField
			if x.days[i].IsZero() {
				c.Sure = false
			}
			x.l.Columns = append(x.l.Columns, c)
			continue
		}
		m, sure := meaningOf(c.Header)
		if own, ok := x.opt.Columns[c.Key()]; ok {
			m, sure = own, true
		}
		switch before := col < x.head.days[0].col; {
		case formulas[col] > texts[col]:
			c.Meaning = Ignore
			x.l.Questions = append(x.l.Questions, Problem{Level: Remark, Sheet: x.s.Name, Col: col, Key: "import.remark.formula_column", Args: fault.Args{"column": ColumnName(col)}})
		case before && (m == Name || m == LastName || m == FirstName) && !(m == Name && looks[col] == 0 && texts[col] > 0):
			c.Meaning, c.Sure = m, sure
			x.names = append(x.names, col)
		case before && (m == Number || m == Name) && looks[col]*2 < texts[col]:
			c.Meaning, c.Sure = Number, sure
			x.no = col
		case c.Header == "" && texts[col] == 0:
			continue
		default:
			c.Meaning = Ignore
			if texts[col] > 0 && !(before && looks[col] > 0) {
				x.l.Questions = append(x.l.Questions, Problem{Level: Remark, Sheet: x.s.Name, Col: col, Key: "import.remark.column_ignored", Args: fault.Args{"column": ColumnName(col)}})
			}
		}
		x.l.Columns = append(x.l.Columns, c)
	}
	if len(x.names) == 0 { // no header over the names: the column with most names
		best := -1
		for col := 0; col < x.head.days[0].col && col < width; col++ {
			if looks[col] > 0 && (best < 0 || looks[col] > looks[best]) {
				best = col
			}
		}
		if best >= 0 {
			x.names = []int{best}
		}
	}
}

// legends reads explanations above and below the matrix, beside it, and on the other sheets.
func (x *matrixReader) legends(b *Book) {
	for i, r := range x.s.Rows {
		for col, c := range r.Cells {
			if _, day := x.isDay[col]; day && i > x.head.row && r.Cell(x.nameCol()).Text != "" {
				continue
			}
			x.k.addLegend(c.Text)
			x.pair(r, col)
		}
	}
	for i := range b.Sheets {
		if s := &b.Sheets[i]; s != x.s && s.Name != x.s.Name && len(s.Rows) < 60 && !looksLikeMatrix(s) {
			for _, r := range s.Rows {
				for col, c := range r.Cells {
					x.k.addLegend(c.Text)
					x.pair(Row{No: -1, Cells: r.Cells}, col)
				}
			}
		}
	}
}

// pair reads a legend in two cells: "x" and beside it "läsnä".
func (x *matrixReader) pair(r Row, col int) {
	if _, day := x.isDay[col+1]; day && r.No > x.s.Rows[x.head.row].No && r.Cell(x.nameCol()).Text != "" && col != x.nameCol() {
		return
	}
	mark, words := r.Cell(col).Text, r.Cell(col+1).Text
	if n := len([]rune(mark)); n < 1 || n > 3 || len(words) < 3 || r.Cell(col).Number {
		return
	}
	if m, ok := markWords(words); ok {
		x.k.legend[mark] = m
		x.told[r.No] = true
	}
}

func (x *matrixReader) nameCol() int {
	if len(x.names) == 0 {
		return 0
	}
	return x.names[0]
}

// onlyOnes tells whether every number in the days is 1: then 1 means "came", not one hour.
func (x *matrixReader) onlyOnes() bool {
	ones := 0
	for _, r := range x.s.Rows[x.head.row+1:] {
		if isTotal(r.Cell(x.nameCol()).Text) {
			continue
		}
		for _, d := range x.head.days {
			c := r.Cell(d.col)
			if c.Formula || c.Text == "" {
				continue
			}
			if v, ok := readNumber(c); ok {
				if v != 1 {
					return false
				}
				ones++
			}
		}
	}
	return ones > 0
}

// row reads one row below the header.
func (x *matrixReader) row(r Row) {
	skip := func(why string) {
		x.l.Skipped = append(x.l.Skipped, Skipped{Sheet: x.s.Name, Row: r.No, Key: why, Raw: raw(r)})
	}
	var parts []string
	for _, col := range x.names {
		if t := r.Cell(col).Text; t != "" {
			parts = append(parts, oneLine(t))
		}
	}
	name := strings.Join(parts, " ")
	first, filled, inDays, formulas, weekdays := "", 0, 0, 0, 0
	for col, c := range r.Cells {
		if c.Formula {
			formulas++
			continue
		}
		if c.Text == "" {
			continue
		}
		if first == "" {
			first = c.Text
		}
		filled++
		if _, day := x.isDay[col]; day {
			inDays++
			if !c.Number && weekdayOf(c.Text) != 0 && len(c.Text) > 1 {
				weekdays++
			}
		}
	}
	switch {
	case filled == 0 && formulas > 0:
		skip("import.skip.formulas")
		return
	case filled == 0:
		return
	case isTotal(first):
		skip("import.skip.total")
		return
	case inDays >= 3 && weekdays*10 >= inDays*8, inDays >= 3 && x.sameHead(r):
		skip("import.skip.header")
		return
	case inDays == 0 && (hasWord(fold(first), "ryhma", "grupp", "group")) && len(first) < 60:
		x.group = oneLine(first)
		skip("import.skip.heading")
		return
	case inDays == 0 && x.k.addLegend(first), inDays <= 1 && x.told[r.No] && len([]rune(first)) <= 3:
		skip("import.skip.legend")
		return
	case inDays == 0 && !looksLikeName(name), inDays == 0 && hasWord(fold(first), "huom", "obs", "note", "merkinn", "selite"):
		skip("import.skip.footnote")
		return
	case name == "" && (x.no < 0 || r.Cell(x.no).Text == ""):
		skip("import.skip.nobody")
		return
	}
	who := Attendee{Sheet: x.s.Name, Row: r.No, Name: name}
	if x.no >= 0 && len(x.names) == 0 {
		who.Number = r.Cell(x.no).Text
	}
	person := x.l.person(who)
	if first, twice := x.met[person]; twice {
		x.l.Questions = append(x.l.Questions, Problem{Level: Ask, Sheet: x.s.Name, Row: r.No, Col: -1, Field: Name, Key: "import.ask.name_twice", Args: fault.Args{"row": first}})
	} else {
		x.met[person] = r.No
	}
	group := -1
	if x.group != "" {
		group = x.l.group(x.group)
	}
	for i, d := range x.head.days {
		ref := Ref{x.s.Name, r.No, d.col}
		if x.turn {
			ref = Ref{x.s.Name, d.col + 1, r.No - 1}
		}
		c := r.Cell(d.col)
		if text, ok := x.opt.Cells[ref]; ok {
			c = Cell{Text: clean(text, true)}
		}
		if c.Text == "" || c.Formula {
			continue
		}
		out := AttendanceRow{Sheet: x.s.Name, Row: ref.Row, Col: ref.Col, Person: person, Group: group, Day: x.days[i], Raw: c.Text, line: r.Cells, dayCol: -1, hoursCol: -1}
		_, out.Mended = x.opt.Cells[ref]
		if out.Day.IsZero() {
			out.dayProblem(Blocked, "import.ask.day", fault.Args{"column": ColumnName(ref.Col)})
		}
		x.l.fillMark(&out, x.k, c, Cell{}, true)
		if out.Kind == entry.KindAttendance && out.Minutes == 0 {
			out.Minutes = x.dayMinutes()
		}
		x.l.Rows = append(x.l.Rows, out)
	}
}

// sameHead tells whether a row repeats the header of days.
func (x *matrixReader) sameHead(r Row) bool {
	same := 0
	for _, d := range x.head.days {
		if r.Cell(d.col).Text == x.s.Rows[x.head.row].Cell(d.col).Text {
			same++
		}
	}
	return same == len(x.head.days)
}

// dayMinutes is the length of a day marked only as present: what the person says, else what the legend says of any
// mark of presence; 0 when nobody says.
func (x *matrixReader) dayMinutes() int {
	if x.opt.DayMinutes > 0 {
		return x.opt.DayMinutes
	}
	found := 0
	for _, m := range x.k.legend {
		if m.Present && m.Minutes > 0 {
			if found != 0 && found != m.Minutes {
				return 0
			}
			found = m.Minutes
		}
	}
	return found
}

// askLength asks once how long a day marked only as present is.
func (x *matrixReader) askLength() {
	n := 0
	for i := range x.l.Rows {
		if r := &x.l.Rows[i]; r.Sheet == x.s.Name && r.Kind == entry.KindAttendance && r.Minutes == 0 {
			n++
		}
	}
	if n > 0 {
		x.l.Questions = append(x.l.Questions, Problem{Level: Ask, Sheet: x.s.Name, Col: -1, Field: Hours, Key: "import.ask.day_length", Args: fault.Args{"n": n}})
	}
}
