package csvio

import (
	"strings"

	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/hetu"
)

// isAttendance tells whether a table has a row for each person and day.
func (t *table) isAttendance() bool {
	if !t.has(DayField) || !t.has(Number, Name, LastName, IdentityCode) {
		return false
	}
	return t.has(Mark, Hours, ReasonText) || t.has(GroupField) && !t.has(Start, Phone, Email)
}

// readLong reads a long table.
func (l *AttendanceList) readLong(t *table) {
	l.Summary.addSheet(t)
	l.Shapes = append(l.Shapes, LongTable)
	if !t.opt.MonthFirst && t.monthFirst() {
		t.opt.MonthFirst = true
		l.Questions = append(l.Questions, Problem{Level: Ask, Sheet: t.sheet.Name, Col: t.col(DayField), Key: "import.ask.month_first"})
	}
	for _, no := range t.sheet.EmptyRows {
		if t.header >= 0 && no > t.sheet.Rows[t.header].No {
			l.Skipped = append(l.Skipped, Skipped{Sheet: t.sheet.Name, Row: no, Key: "import.skip.empty"})
		}
	}
	k := newMarks(t.opt)
	for i := 0; i < t.header; i++ {
		for _, c := range t.sheet.Rows[i].Cells {
			k.addLegend(c.Text)
		}
	}
	k.yesNo = t.yesNo(t.col(Mark))
	for _, r := range t.rows {
		why := t.leftOut(r)
		if why == "import.skip.footnote" {
			for _, c := range r.Cells {
				if c.Text != "" && k.addLegend(c.Text) {
					why = "import.skip.legend"
				}
			}
		}
		if why != "" {
			l.Skipped = append(l.Skipped, Skipped{Sheet: t.sheet.Name, Row: r.No, Key: why, Raw: raw(r)})
			continue
		}
		l.longRow(t, k, r)
	}
	l.addMarks(t.sheet.Name, k)
	l.Columns = append(l.Columns, t.cols...)
}

// yesNo tells whether a mark column says k/e: then e is "no", not "remote".
func (t *table) yesNo(col int) bool {
	k, x := 0, 0
	for i, r := range t.rows {
		if i > 2000 {
			break
		}
		switch fold(r.Cell(col).Text) {
		case "k", "kylla":
			k++
		case "x":
			x++
		}
	}
	return k > x
}

// markCol gives the column that tells whether somebody came.
func (t *table) markCol() int {
	for _, m := range []Meaning{Mark, ReasonText, Hours, DayField} {
		if col := t.col(m); col >= 0 {
			return col
		}
	}
	return -1
}

func (l *AttendanceList) longRow(t *table, k *marks, r Row) {
	out := AttendanceRow{Sheet: t.sheet.Name, Row: r.No, Group: -1, Col: t.markCol(), line: r.Cells, Mended: t.opt.mended(t.sheet.Name, r.No), dayCol: t.col(DayField), hoursCol: t.col(Hours)}
	who := Attendee{Sheet: out.Sheet, Row: r.No}
	var markCell, hoursCell Cell
	var last, first string
	dayForm := FormNone
	for i := range t.cols {
		c := t.cell(r, i)
		if c.Text == "" {
			continue
		}
		text := oneLine(c.Text)
		switch t.cols[i].Meaning {
		case DayField:
			out.Day, dayForm = readDay(c, t.opt.hints(false))
			t.cols[i].note(dayForm)
		case Number:
			who.Number = text
		case Name:
			who.Name = text
		case LastName:
			last = text
		case FirstName:
			first = text
		case IdentityCode:
			who.Code = hetu.Clean(text)
		case GroupField, Theme:
			if t.cols[i].Meaning == GroupField || !t.has(GroupField) {
				out.Group = l.group(text)
			}
		case Mark:
			markCell = c
		case Hours, Clock:
			hoursCell = c
		case ReasonText:
			if markCell.Text == "" {
				markCell = c
			}
		case ModeField:
			out.Mode = modeOf(text)
		}
	}
	if who.Name == "" && (last != "" || first != "") {
		who.Name = strings.TrimSpace(last + " " + first)
	}
	if who.Name == "" && who.Number == "" && who.Code == "" {
		l.Skipped = append(l.Skipped, Skipped{Sheet: out.Sheet, Row: r.No, Key: "import.skip.nobody", Raw: raw(r)})
		return
	}
	out.Person = l.person(who)
	out.Raw = strings.TrimSpace(markCell.Text + " " + hoursCell.Text)
	switch {
	case out.Day.IsZero():
		out.dayProblem(Blocked, "import.ask.day", fault.Args{"column": t.cols[t.col(DayField)].Header})
	case dayForm == FormAmbiguous || dayForm == FormUS:
		out.dayProblem(Ask, "import.ask.day_order", fault.Args{"day": out.Day})
	case !dayForm.sure():
		out.dayProblem(Blocked, "import.ask.day_proposed", fault.Args{"day": out.Day, "column": t.cols[t.col(DayField)].Header})
	}
	l.fillMark(&out, k, markCell, hoursCell, t.has(Mark, Hours, ReasonText))
	l.Rows = append(l.Rows, out)
}

// fillMark sets kind, mode, minutes and reason from the mark and the hours.
func (l *AttendanceList) fillMark(out *AttendanceRow, k *marks, mark, hours Cell, told bool) {
	minutes, hasHours := 0, false
	if hours.Text != "" {
		if minutes, hasHours = readMinutes(hours); !hasHours && !dashOnly(hours.Text) {
			out.hoursProblem(Ask, "import.ask.hours", nil)
		}
	}
	m := MarkMeaning{Present: true}
	switch {
	case mark.Text != "":
		var inMark int
		var ok bool
		if m, inMark, ok = k.read(mark); !ok {
			out.problem(Blocked, "import.ask.mark", nil)
			return
		}
		if minutes == 0 {
			minutes = inMark
		}
	case hasHours && minutes == 0:
		m = MarkMeaning{Reason: "unexplained"}
		out.hoursProblem(Ask, "import.ask.zero_hours", nil)
	case !hasHours && told:
		out.problem(Blocked, "import.ask.no_mark", nil)
		return
	}
	if !m.Present {
		out.Kind, out.Reason = entry.KindAbsence, m.Reason
		out.Mode = ""
		if minutes > 0 {
			out.problem(Ask, "import.ask.absent_with_hours", nil)
		}
		return
	}
	out.Kind = entry.KindAttendance
	if out.Mode == "" {
		out.Mode = m.Mode
	}
	if out.Mode == "" {
		out.Mode = entry.OnSite
	}
	out.Minutes = minutes
	if out.Minutes == 0 && out.Group >= 0 {
		if g := &l.Groups[out.Group]; g.To > g.From {
			out.Minutes = g.To - g.From
		}
	}
}
