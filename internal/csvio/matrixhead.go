package csvio

import (
	"strings"

	"polku/internal/civil"
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
