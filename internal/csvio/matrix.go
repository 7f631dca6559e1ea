package csvio

import (
	"strings"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/fault"
)

// dayHead is a day column of a matrix as its header tells it.
type dayHead struct {
	col     int
	day     civil.Date // whole, when the header tells the year
	d, m    int        // day of month; month 0: told elsewhere
	weekday int        // from a weekday's name in the header; 0: none
}

// matrixHead is the header row of a matrix.
type matrixHead struct {
	row  int // index in sheet.Rows
	days []dayHead
}

// dayHeadOf reads "2.", "2", "ma 2.3.", "2.3.2026" or a real date.
func dayHeadOf(c Cell) (h dayHead, ok bool) {
	if !c.Day.IsZero() {
		h.day = c.Day
		_, h.m, h.d = c.Day.Parts()
		return h, true
	}
	if c.Number {
		h.d = int(c.Value)
		return h, c.Value == float64(h.d) && h.d >= 1 && h.d <= 31
	}
	if c.Text == "" || len(c.Text) > 24 {
		return h, false
	}
	t := tokens(c.Text)
	for len(t) > 0 && (t[0].kind == 'w' && onlyNoise(t[:1]) || t[0].kind == '.') {
		if w := weekdayOf(t[0].word); t[0].kind == 'w' && w != 0 {
			h.weekday = w
		}
		t = t[1:]
	}
	if len(t) > 0 && t[len(t)-1].kind == 'w' { // "2.3. ma"
		if w := weekdayOf(t[len(t)-1].word); w != 0 {
			h.weekday = w
			t = t[:len(t)-1]
		}
	}
	if d, form, n := numericDay(t, dayHints{}); n == len(t) && (form == FormDots || form == FormISO || form == FormSlash) {
		h.day = d
		_, h.m, h.d = d.Parts()
		return h, true
	}
	for len(t) > 1 && t[len(t)-1].kind == '.' {
		t = t[:len(t)-1]
	}
	switch {
	case len(t) == 1 && t[0].kind == 'd' && t[0].size <= 2:
		h.d = t[0].n
	case len(t) == 3 && t[0].kind == 'd' && t[2].kind == 'd' && (t[1].kind == '.' || t[1].kind == '/') && t[0].size <= 2 && t[2].size <= 2:
		h.d, h.m = t[0].n, t[2].n
	default:
		return h, false
	}
	return h, h.d >= 1 && h.d <= 31 && h.m >= 0 && h.m <= 12
}

// findMatrix finds a header row of days with names below and before it; nil when there is none.
func findMatrix(s *Sheet) *matrixHead {
	for i := 0; i < len(s.Rows) && i < headerRows; i++ {
		var days []dayHead
		told := 0
		for col := 1; col < len(s.Rows[i].Cells); col++ {
			h, ok := dayHeadOf(s.Rows[i].Cells[col])
			if !ok || s.Rows[i].Cells[col].Formula {
				continue
			}
			if n := len(days); n > 0 && !after(h, days[n-1]) {
				if col-days[n-1].col > 1 || n >= 5 {
					break // a second block, or figures behind the days
				}
				days, told = nil, 0
			}
			h.col = col
			if h.m != 0 {
				told++
			}
			days = append(days, h)
		}
		if len(days) < 3 || len(days) < 5 && told < len(days) {
			continue
		}
		m := &matrixHead{row: i, days: days}
		if m.fits(s) {
			return m
		}
	}
	return nil
}

// after tells whether a day column goes on from another: a later day, or the next month.
func after(b, a dayHead) bool {
	if !a.day.IsZero() && !b.day.IsZero() {
		return b.day > a.day
	}
	if a.m != 0 && b.m != 0 && a.m != b.m {
		return b.m > a.m || a.m == 12
	}
	return b.d > a.d
}

// fits tells whether names stand below the header before the days, and no dates below the days.
func (m *matrixHead) fits(s *Sheet) bool {
	names, dates, filled := 0, 0, 0
	for i := m.row + 1; i < len(s.Rows) && i < m.row+60; i++ {
		r := s.Rows[i]
		for col := 0; col < m.days[0].col; col++ {
			if c := r.Cell(col); !c.Number && looksLikeName(c.Text) {
				names++
				break
			}
		}
		for _, d := range m.days {
			if c := r.Cell(d.col); c.Text != "" {
				filled++
				if _, form := readDay(c, dayHints{}); !c.Day.IsZero() || form.sure() && form != FormSerial || strings.Contains(c.Text, "@") {
					dates++
				}
			}
		}
	}
	return names > 0 && dates*4 <= filled
}

func looksLikeMatrix(s *Sheet) bool { return findMatrix(s) != nil }

// transpose turns a sheet over, for lists with days down and names across; nil when it is too large for one.
func transpose(s *Sheet) *Sheet {
	if len(s.Rows) < 4 || len(s.Rows) > 400 {
		return nil
	}
	width := 0
	for _, r := range s.Rows {
		width = max(width, len(r.Cells))
	}
	if width < 2 || width > 120 {
		return nil
	}
	t := &Sheet{Name: s.Name}
	last := s.Rows[len(s.Rows)-1].No
	if last > 2000 {
		return nil
	}
	for col := 0; col < width; col++ {
		row := Row{No: col + 1, Cells: make([]Cell, last)}
		some := false
		for _, r := range s.Rows {
			row.Cells[r.No-1] = r.Cell(col)
			some = some || r.Cell(col).Text != ""
		}
		if some {
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// looksLikeCounts tells whether a sheet only counts days a month: it cannot be put to days.
func looksLikeCounts(s *Sheet) bool {
	for i := 0; i < len(s.Rows) && i < headerRows; i++ {
		n, name := 0, false
		for _, c := range s.Rows[i].Cells {
			f := fold(c.Text)
			if m, _ := meaningOf(c.Text); m == Name || m == LastName || m == Number {
				name = true
			}
			first, _, _ := strings.Cut(f, " ")
			if monthOf(first) != 0 || hasWord(f, "paivia", "pv", "lasnaolopaiv", "kaynnit", "kayntej", "kerrat", "kertoja", "narvarodag", "antal", "days", "visits", "times") {
				n++
			}
		}
		if name && n > 0 {
			return true
		}
	}
	return false
}

// monthOfSheet finds the month and the year of a matrix: told by the person, in a title, in the sheet's name, in the file's.
func monthOfSheet(b *Book, s *Sheet, m *matrixHead, opt Options) (year, month int) {
	year, month = opt.Year, opt.Month
	look := func(text string, loose bool) {
		if year != 0 && month != 0 {
			return
		}
		y, mo := monthIn(text, loose)
		if month == 0 && mo != 0 && (year == 0 || y == 0 || y == year) {
			month = mo
		}
		if year == 0 {
			year = y
		}
	}
	for i := 0; i <= m.row; i++ {
		for col, c := range s.Rows[i].Cells {
			if i < m.row || col < m.days[0].col {
				if !c.Day.IsZero() && i < m.row && month == 0 {
					month = int(c.Day.Time().Month())
					if year == 0 {
						year = c.Day.Year()
					}
				}
				look(c.Text, false)
			}
		}
	}
	look(s.Name, true)
	look(strings.TrimSuffix(strings.TrimSuffix(b.Name, ".xlsx"), ".csv"), true)
	return year, month
}

// monthIn finds a month and a year in a title: "maaliskuu 2026", "3/2026", "2026-03", "03.2026". loose takes a lone month number too.
func monthIn(text string, loose bool) (year, month int) {
	if len(text) > 300 {
		text, _ = cutText(text, 300)
	}
	t := tokens(strings.NewReplacer("_", " ", "-", "-").Replace(text))
	for i, k := range t {
		switch {
		case k.kind == 'w' && month == 0:
			month = monthOf(k.word)
		case k.kind == 'd' && k.size == 4 && k.n >= 1990 && k.n < 2200 && year == 0:
			year = k.n
			if month == 0 && i >= 2 && t[i-2].kind == 'd' && t[i-2].n >= 1 && t[i-2].n <= 12 && t[i-2].size <= 2 &&
				(t[i-1].kind == '/' || t[i-1].kind == '.' || t[i-1].kind == '-') {
				month = t[i-2].n
			}
			if month == 0 && i+2 < len(t) && t[i+2].kind == 'd' && t[i+2].size == 2 && t[i+2].n >= 1 && t[i+2].n <= 12 && (t[i+1].kind == '-' || t[i+1].kind == '/') {
				month = t[i+2].n
			}
		case k.kind == 'd' && k.size == 6 && loose && year == 0 && k.n/100 >= 1990 && k.n/100 < 2200 && k.n%100 >= 1 && k.n%100 <= 12:
			year, month = k.n/100, k.n%100 // 202603
		}
	}
	if loose && month == 0 && year != 0 {
		for _, k := range t {
			if k.kind == 'd' && k.size <= 2 && k.n >= 1 && k.n <= 12 {
				month = k.n
			}
		}
	}
	return year, month
}

// dated gives the day of each column; missing days where the month or the year is not told.
func (m *matrixHead) dated(year, month int) (days []civil.Date, mismatch bool) {
	days = make([]civil.Date, len(m.days))
	y, last := year, 0
	for i, h := range m.days {
		mo := h.m
		if mo == 0 {
			mo = month
			if mo != 0 && i > 0 && h.d < m.days[i-1].d {
				mo = mo%12 + 1
			}
		}
		if mo < last {
			y++ // December, then January
		}
		last = mo
		switch {
		case !h.day.IsZero():
			days[i] = h.day
		case mo != 0 && year != 0:
			days[i], _ = realDay(y, mo, h.d)
		}
		if h.weekday != 0 && !days[i].IsZero() && days[i].Weekday() != h.weekday {
			mismatch = true
		}
	}
	return days, mismatch
}

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
}

// readMatrix reads a matrix whose header was found.
func (l *AttendanceList) readMatrix(b *Book, s *Sheet, m *matrixHead, opt Options, turn bool) {
	x := &matrixReader{l: l, s: s, head: m, opt: opt, turn: turn, k: newMarks(opt), no: -1, isDay: map[int]int{}, told: map[int]bool{}}
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
	x.columns()
	x.legends(b)
	x.k.ones = x.onlyOnes()
	for _, r := range s.Rows[m.row+1:] {
		x.row(r)
	}
	x.askLength()
	l.addMarks(s.Name, x.k)
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
	before := len(x.l.People)
	person := x.l.person(who)
	if person < before && x.l.People[person].Sheet == x.s.Name && x.l.People[person].Row != r.No {
		x.l.Questions = append(x.l.Questions, Problem{Level: Ask, Sheet: x.s.Name, Row: r.No, Col: -1, Field: Name, Key: "import.ask.name_twice",
			Args: fault.Args{"row": x.l.People[person].Row}})
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
		out := AttendanceRow{Sheet: x.s.Name, Row: ref.Row, Col: ref.Col, Person: person, Group: group, Day: x.days[i], Raw: c.Text}
		if out.Day.IsZero() {
			out.problem(Blocked, "import.ask.day", fault.Args{"column": ColumnName(ref.Col)})
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
