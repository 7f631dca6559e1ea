package csvio

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"polku/internal/civil"
	"polku/internal/fault"
)

// Wall lists are often kept a week at a time: the same names again and again down the sheet, each time under a header
// of that week's days ("2.3. 3.3. …", or "Vko 10" and "ma ti ke to pe"). Such a sheet is parted into one matrix for
// each header, or the marks of later weeks would stand on the days of the first.

// weekHead is the header row of a block.
type weekHead struct {
	row, from  int // index in sheet.Rows; from: where the block begins, with the row that tells its week
	days       []dayHead
	week, year int // of a header of weekdays alone; year 0: not told there
}

var weekWords = regexp.MustCompile(`(?:^|[^a-z])(?:vko|viikko|viikon|vk|vecka|week|wk|v)\.?:?\s*(\d{1,2})(?:\s*[/.-]?\s*((?:19|20)\d\d))?(?:[^\d]|$)`)

// weekIn finds a week's number in a text, and its year where that is told too; 0 when there is none.
func weekIn(text string) (week, year int) {
	if len(text) > 80 {
		return 0, 0
	}
	m := weekWords.FindStringSubmatch(strings.ToLower(text))
	if m == nil {
		return 0, 0
	}
	week, _ = strconv.Atoi(m[1])
	year, _ = strconv.Atoi(m[2])
	if week < 1 || week > 53 {
		return 0, 0
	}
	return week, year
}

// weekHeadOf reads a row as a block's header: three or more days with their month, or three to seven weekdays, with
// nothing before them but words of a header.
func weekHeadOf(r Row) (h weekHead, ok bool) {
	weekdays := 0
	for col, c := range r.Cells {
		d, isDay := dayHeadOf(c)
		isDay = isDay && d.m != 0 && !c.Formula
		w := 0
		if !isDay && !c.Number && len(c.Text) > 1 && len(c.Text) < 14 {
			w = weekdayOf(strings.TrimSuffix(c.Text, "."))
		}
		switch {
		case isDay || w != 0:
			d.col = col
			if w != 0 {
				d = dayHead{col: col, weekday: w}
				weekdays++
			}
			if n := len(h.days); n > 0 && (w != 0 && h.days[n-1].weekday >= w || w == 0 && !after(d, h.days[n-1])) {
				return h, false
			}
			h.days = append(h.days, d)
		case len(h.days) > 0 || c.Text == "":
		default:
			week, year := weekIn(c.Text)
			if m, _ := meaningOf(c.Text); week == 0 && m != Name && m != LastName && m != FirstName && m != Number {
				return h, false
			}
			if week != 0 {
				h.week, h.year = week, year
			}
		}
	}
	if len(h.days) < 3 || h.days[0].col == 0 || weekdays != 0 && weekdays != len(h.days) {
		return h, false
	}
	return h, true
}

// blockRows is the longest sheet that is looked at for blocks: a year of weeks of some fifty people. A longer one is a
// table with a row for each day.
const blockRows = 3000

// weekHeads finds the headers of a sheet's blocks; nil when the sheet is not kept so.
func weekHeads(s *Sheet) []weekHead {
	if len(s.Rows) > blockRows {
		return nil
	}
	var heads []weekHead
	onlyWeekdays := false
	for i, r := range s.Rows {
		h, ok := weekHeadOf(r)
		if !ok {
			continue
		}
		h.row, h.from = i, i
		bare := h.days[0].weekday != 0 && h.days[0].m == 0
		for up := 1; up <= 2 && i-up >= 0; up++ { // the week may stand above
			above := s.Rows[i-up]
			if len(heads) > 0 && i-up <= heads[len(heads)-1].row || above.Cell(0).Text == "" && above.Cell(1).Text == "" {
				break
			}
			if week, year := weekIn(above.Cell(0).Text + " " + above.Cell(1).Text); week != 0 {
				if h.week == 0 {
					h.week, h.year = week, year
				}
				h.from = i - up
				break
			}
		}
		switch n := len(heads); {
		case bare && h.week == 0:
			continue // nobody knows which week
		case n > 0 && slices.Equal(h.days, heads[n-1].days) && h.week == heads[n-1].week:
			continue // the same header again, as on the next page of a print
		}
		onlyWeekdays = onlyWeekdays || bare
		heads = append(heads, h)
	}
	if len(heads) < 2 && !onlyWeekdays {
		return nil
	}
	return heads
}

// weekBlocks parts a sheet into a sheet for each block, with the title rows above the first in each; nil when the sheet
// is not kept in blocks. guessed is the year that was taken where nobody tells it, 0 when it is told; missing tells that
// there was nothing to guess it by.
func weekBlocks(b *Book, s *Sheet, opt Options) (parts []*Sheet, guessed int, missing bool) {
	heads := weekHeads(s)
	if heads == nil {
		return nil, 0, false
	}
	year := opt.Year
	for i := 0; i < heads[0].from && year == 0; i++ {
		for _, c := range s.Rows[i].Cells {
			if y, _ := monthIn(c.Text, false); year == 0 {
				year = y
			}
		}
	}
	for _, text := range []string{s.Name, strings.TrimSuffix(strings.TrimSuffix(b.Name, ".xlsx"), ".csv")} {
		if y, _ := monthIn(text, true); year == 0 {
			year = y
		}
	}
	for i, h := range heads {
		head := s.Rows[h.row]
		if h.days[0].m == 0 {
			if h.year != 0 {
				year = h.year
			} else if i > 0 && heads[i-1].week > h.week && year != 0 {
				year++ // week 52, then week 1
			}
			if year == 0 && !opt.Today.IsZero() {
				var week int
				if year, week = opt.Today.Week(); h.week > week {
					year--
				}
				guessed = year
			}
			if year == 0 {
				return nil, 0, true
			}
			head.Cells = slices.Clone(head.Cells)
			for _, d := range h.days {
				day := civil.New(year, 1, 4).Monday() + civil.Date(7*(h.week-1)+d.weekday-1) // 4 January is always in week 1 (ISO 8601)
				head.Cells[d.col] = Cell{Text: finnish(day), Day: day}
			}
		}
		end := len(s.Rows)
		if i+1 < len(heads) {
			end = heads[i+1].from
		}
		part := &Sheet{Name: s.Name, Hidden: s.Hidden}
		part.Rows = append(part.Rows, s.Rows[:heads[0].from]...)
		part.Rows = append(part.Rows, head)
		part.Rows = append(part.Rows, s.Rows[h.row+1:end]...)
		parts = append(parts, part)
	}
	return parts, guessed, false
}

// readBlocks reads the blocks of a sheet as one list: the marks mean the same in all of them, and a legend anywhere on
// the sheet holds for all.
func (l *AttendanceList) readBlocks(b *Book, s *Sheet, parts []*Sheet, guessed int, opt Options) {
	if guessed != 0 {
		l.Questions = append(l.Questions, Problem{Level: Ask, Sheet: s.Name, Col: -1, Field: DayField, Key: "import.ask.week_year", Args: fault.Args{"year": guessed}})
	}
	k := newMarks(opt)
	for _, r := range s.Rows {
		for _, c := range r.Cells {
			k.addLegend(c.Text)
		}
	}
	var last *matrixReader
	for _, part := range parts {
		m := findMatrix(part)
		if m == nil {
			continue // a week without names yet
		}
		columns, questions := len(l.Columns), len(l.Questions)
		x := l.newMatrix(b, part, m, opt, false, k)
		x.columns()
		if last != nil { // the columns of the first block stand for all
			l.Columns, l.Questions = l.Columns[:columns], l.Questions[:questions]
		}
		x.legends(b)
		x.rows()
		last = x
	}
	if last != nil {
		last.askLength()
		l.addMarks(s.Name, k)
	}
}
