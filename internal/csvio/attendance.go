package csvio

import (
	"fmt"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/fault"
)

// Shapes of attendance lists.
const (
	LongTable = "table"  // a row for each person and day
	Matrix    = "matrix" // names down, days across, as on the wall
)

// AttendanceList is what a file tells about who came.
type AttendanceList struct {
	Summary   Summary
	Shapes    []string // of the sheets that were read
	Columns   []Column
	Groups    []Group
	Rows      []AttendanceRow
	People    []Attendee // in order of appearance, those without marks too
	Marks     []MarkRead // each kind of mark and how it was understood
	Skipped   []Skipped  // rows that tell of nobody, footnotes among them
	Questions []Problem

	groupIndex map[string]int
	people     map[string]int
}

// AttendanceRow is one person's day.
type AttendanceRow struct {
	Sheet     string
	Row, Col  int // Row as Excel shows it; Col from 0, of the mark
	Person    int // index in People
	Group     int // index in Groups; -1: none told
	Day       civil.Date
	Kind      entry.Kind // attendance or absence; empty: the mark was not understood
	Mode      entry.Mode
	Minutes   int // 0: not told
	Reason    entry.Reason
	Duplicate bool // the same person, day and group stand in an earlier row too
	Raw       string
	Mended    bool // a person put a cell right in the preview
	Problems  []Problem

	line             []Cell // the whole row as the file has it
	dayCol, hoursCol int    // -1: the day stands in a header, the hours nowhere or in the mark
}

// HasDay tells whether the row tells its own day, rather than the header of a matrix.
func (r *AttendanceRow) HasDay() bool { return r.dayCol >= 0 }

// Line gives the texts of the whole row as the file has it, whatever was mended.
func (r *AttendanceRow) Line() []string { return raw(Row{Cells: r.line}) }

// Attendee is a person as an attendance list names them.
type Attendee struct {
	Sheet   string
	Row     int    // first row
	Name    string // "Pekka K." or a whole name; may be empty
	Number  string // client number; may be empty
	Code    string // identity code as written; for matching only
	Marks   int
	Present int
}

// Blocked tells whether the row cannot be imported before it is mended.
func (r *AttendanceRow) Blocked() bool {
	for _, p := range r.Problems {
		if p.Level == Blocked {
			return true
		}
	}
	return false
}

func (r *AttendanceRow) problem(level Level, key string, args fault.Args) {
	r.problemAt(level, r.Col, Mark, key, args)
}

// dayProblem is problem about the day, hoursProblem about the hours.
func (r *AttendanceRow) dayProblem(level Level, key string, args fault.Args) {
	r.problemAt(level, r.dayCol, DayField, key, args)
}

func (r *AttendanceRow) hoursProblem(level Level, key string, args fault.Args) {
	if r.hoursCol < 0 {
		r.problem(level, key, args)
		return
	}
	r.problemAt(level, r.hoursCol, Hours, key, args)
}

func (r *AttendanceRow) problemAt(level Level, col int, field Meaning, key string, args fault.Args) {
	r.Problems = append(r.Problems, Problem{Level: level, Sheet: r.Sheet, Row: r.Row, Col: col, Field: field, Key: key, Args: args})
}

// ReadAttendance finds attendance and groups in a book. The error is an Invalid fault when there is none, or
// when it cannot be put to days.
func ReadAttendance(b *Book, opt Options) (*AttendanceList, error) {
	l := &AttendanceList{Summary: summaryOf(b), people: map[string]int{}}
	l.Questions = append(l.Questions, b.Problems...)
	var tables []*table
	counts, weeks := false, false
	var later []func()
	for i := range b.Sheets {
		s := &b.Sheets[i]
		if len(s.Rows) == 0 || opt.Sheet != "" && s.Name != opt.Sheet {
			continue
		}
		parts, guessed, missing := weekBlocks(b, s, opt)
		if parts != nil {
			later = append(later, func() { l.readBlocks(b, s, parts, guessed, opt) })
			continue
		}
		if missing {
			weeks = true
		}
		if m := findMatrix(s); m != nil {
			later = append(later, func() { l.readMatrix(b, s, m, opt, false) })
			continue
		}
		t := findTable(s, opt)
		switch {
		case t != nil && t.isAttendance():
			tables = append(tables, t)
			continue
		case t != nil && t.isGroups():
			l.readGroups(t)
			continue
		}
		if turned := transpose(s); turned != nil && (t == nil || t.header < 0 || !t.isClients()) {
			if m := findMatrix(turned); m != nil {
				later = append(later, func() { l.readMatrix(b, turned, m, opt, true) })
				continue
			}
		}
		counts = counts || looksLikeCounts(s)
		l.Summary.Unread = append(l.Summary.Unread, s.Name)
	}
	for _, t := range tables {
		l.readLong(t)
	}
	for _, read := range later {
		read()
	}
	if len(tables) == 0 && len(later) == 0 && len(l.Groups) == 0 {
		if weeks {
			return nil, notFound("import.ask.year", b)
		}
		if counts {
			return nil, notFound("import.attendance.counts", b)
		}
		return nil, notFound("import.attendance.none", b)
	}
	l.judge(opt)
	l.count()
	return l, nil
}

// person gives the index of a person in People, by number, code or name.
func (l *AttendanceList) person(a Attendee) int {
	key := "#" + fold(a.Number)
	switch {
	case a.Number != "":
	case a.Code != "":
		key = "c" + a.Code
	default:
		key = "n" + fold(a.Name)
	}
	if i, ok := l.people[key]; ok {
		if l.People[i].Name == "" {
			l.People[i].Name = a.Name
		}
		return i
	}
	l.People = append(l.People, a)
	l.people[key] = len(l.People) - 1
	return len(l.People) - 1
}

// fourHours is the shortest day that counts as a day of rehabilitative work activity (Act 189/2001 s. 13).
const fourHours = 4 * 60

// maxDaysAWeek of rehabilitative work activity (Act 189/2001 s. 13).
const maxDaysAWeek = 4

// judge adds remarks: facts are imported whatever they break, and told.
func (l *AttendanceList) judge(opt Options) {
	seen := map[string]int{}
	week := map[string]map[civil.Date]bool{}
	for i := range l.Rows {
		r := &l.Rows[i]
		if r.Day.IsZero() || r.Kind == "" {
			continue
		}
		key := fmt.Sprint(r.Person, "|", r.Group, "|", int(r.Day))
		if first, ok := seen[key]; ok {
			o := &l.Rows[first]
			r.Duplicate = true
			level, word := Remark, "import.remark.same_day_twice"
			if o.Kind != r.Kind || o.Minutes != r.Minutes || o.Reason != r.Reason {
				level, word = Ask, "import.ask.same_day_twice"
			}
			r.problem(level, word, fault.Args{"row": o.Row})
		} else {
			seen[key] = i
		}
		if !opt.Today.IsZero() && r.Day > opt.Today {
			r.dayProblem(Ask, "import.ask.future_day", fault.Args{"day": r.Day})
		}
		if r.Group >= 0 {
			g := &l.Groups[r.Group]
			if !g.Start.IsZero() && r.Day < g.Start || !g.End.IsZero() && r.Day > g.End {
				r.problem(Remark, "import.remark.outside_group", fault.Args{"day": r.Day, "start": g.Start, "end": g.End})
			}
			if g.Weekday != 0 && r.Day.Weekday() != g.Weekday {
				r.problem(Remark, "import.remark.other_weekday", fault.Args{"day": r.Day})
			}
		}
		if r.Kind != entry.KindAttendance {
			continue
		}
		switch {
		case opt.Calendar != nil && opt.Calendar.Closed(r.Day):
			r.problem(Remark, "import.remark.holiday", fault.Args{"day": r.Day})
		case r.Day.Weekday() > 5:
			r.problem(Remark, "import.remark.weekend", fault.Args{"day": r.Day})
		}
		if r.Minutes > 0 && r.Minutes < fourHours {
			r.problem(Remark, "import.remark.short_day", fault.Args{"minutes": r.Minutes})
		}
		if r.Minutes > 10*60 {
			r.hoursProblem(Ask, "import.ask.long_day", fault.Args{"minutes": r.Minutes})
		}
		wk := fmt.Sprint(r.Person, "|", int(r.Day.Monday()))
		if week[wk] == nil {
			week[wk] = map[civil.Date]bool{}
		}
		if !week[wk][r.Day] {
			week[wk][r.Day] = true
			if n := len(week[wk]); n > maxDaysAWeek {
				_, no := r.Day.Week()
				r.problem(Remark, "import.remark.days_in_week", fault.Args{"n": n, "week": no})
			}
		}
	}
}

// count fills the summary's figures and those of People.
func (l *AttendanceList) count() {
	s := &l.Summary
	s.Rows, s.Skipped, s.Groups, s.People = len(l.Rows), len(l.Skipped), len(l.Groups), len(l.People)
	for i := range l.Rows {
		r := &l.Rows[i]
		l.People[r.Person].Marks++
		switch r.Kind {
		case entry.KindAttendance:
			s.Present++
			l.People[r.Person].Present++
		case entry.KindAbsence:
			s.Absent++
		}
		if !r.Day.IsZero() {
			if s.From.IsZero() || r.Day < s.From {
				s.From = r.Day
			}
			s.To = max(s.To, r.Day)
		}
		if r.Duplicate {
			s.Duplicates++
		}
		for _, p := range r.Problems {
			if p.Level != Remark {
				s.RowsToAsk++
				break
			}
		}
	}
	for _, c := range l.Columns {
		s.addForms(c.Forms)
	}
}

// addMarks shows the marks of one table and asks about those that were guessed or unknown.
func (l *AttendanceList) addMarks(sheet string, k *marks) {
	for _, mark := range k.order {
		m := *k.met[mark]
		l.Marks = append(l.Marks, m)
		if !m.Sure {
			key := "import.ask.mark_guessed"
			if !m.Meaning.Present && m.Meaning.Reason == "" {
				key = "import.ask.mark_unknown"
			}
			shown, _ := cutText(m.Mark, 12)
			l.Questions = append(l.Questions, Problem{Level: Ask, Sheet: sheet, Col: -1, Field: Mark, Key: key,
				Args: fault.Args{"mark": shown, "meaning": catalogueWord(m.Meaning.key()), "n": m.Count}})
		}
	}
}

// key of the catalogue that says what a mark means.
func (m MarkMeaning) key() string {
	switch {
	case m.Present && m.Mode == entry.Remote:
		return "import.mark.remote"
	case m.Present:
		return "import.mark.present"
	case m.Reason == "":
		return "import.mark.unknown"
	}
	return "import.mark." + string(m.Reason)
}
