package csvio

import (
	"slices"
	"sort"
)

// Mend is a cell that a problem of a row names: a person may put it right in the preview, by Options.Cells.
type Mend struct {
	Ref
	Field  Meaning
	Header string // of the column; may be empty
	Key    string // of the problem
}

// about are the fields of a row that a problem sets against each other, so that any of them may be the wrong one.
// A problem that is not here is about its own cell.
var about = map[string][]Meaning{
	"import.ask.no_name":            {Name, LastName, FirstName},
	"import.ask.age":                {Birthday, Start},
	"import.ask.end_before_start":   {Start, End},
	"import.ask.exit_without_end":   {End, ExitReason},
	"import.ask.phases_order":       {PhaseStart},
	"import.ask.birthday_differs":   {IdentityCode, Birthday},
	"import.ask.code_twice":         {IdentityCode},
	"import.ask.absent_with_hours":  {Mark, Hours},
	"import.ask.same_day_twice":     {DayField, Mark},
	"import.ask.another_period":     {Start},
	"import.ask.code_is_birthday":   {IdentityCode},
	"import.ask.birthday_in_notes":  {Birthday},
	"import.ask.no_start":           {Start},
	"import.ask.no_code":            {IdentityCode},
	"import.ask.duplicate_differs":  {},
	"import.ask.several_workers":    {},
	"import.ask.temporary_id":       {IdentityCode},
	"import.ask.future_day":         {DayField},
	"import.ask.end_without_reason": {ExitReason},
}

// Mends gives the cells that a row's problems name, each once. What the list has no column for cannot be mended here.
func (l *ClientList) Mends(r *ClientRow) []Mend {
	return mends(l.Columns, r.Sheet, r.Row, r.Problems)
}

// Mends is as that of ClientList. A day of a matrix stands in the header, which many rows share: it is no cell of a row.
func (l *AttendanceList) Mends(r *AttendanceRow) []Mend {
	if r.dayCol >= 0 {
		return mends(l.Columns, r.Sheet, r.Row, r.Problems)
	}
	for _, p := range r.Problems {
		if p.Level != Remark && p.Col == r.Col {
			return []Mend{{Ref{r.Sheet, r.Row, r.Col}, Mark, "", p.Key}}
		}
	}
	return nil
}

func mends(cols []Column, sheet string, row int, problems []Problem) []Mend {
	var all []Mend
	add := func(c *Column, key string) {
		if !slices.ContainsFunc(all, func(m Mend) bool { return m.Col == c.Col }) {
			all = append(all, Mend{Ref{sheet, row, c.Col}, c.Meaning, c.Header, key})
		}
	}
	for _, p := range problems {
		if p.Level == Remark {
			continue
		}
		fields, told := about[p.Key]
		for i := range cols {
			c := &cols[i]
			if c.Sheet == sheet && (told && slices.Contains(fields, c.Meaning) || !told && c.Col == p.Col) {
				add(c, p.Key)
			}
		}
	}
	return all
}

// Text gives what stands in a cell of the book, empty when there is no such cell.
func (b *Book) Text(ref Ref) string {
	for i := range b.Sheets {
		s := &b.Sheets[i]
		if s.Name != ref.Sheet {
			continue
		}
		if n := sort.Search(len(s.Rows), func(n int) bool { return s.Rows[n].No >= ref.Row }); n < len(s.Rows) && s.Rows[n].No == ref.Row {
			return s.Rows[n].Cell(ref.Col).Text
		}
	}
	return ""
}

// mended tells whether a person has put any cell of a row right.
func (o Options) mended(sheet string, row int) bool {
	for ref := range o.Cells {
		if ref.Sheet == sheet && ref.Row == row {
			return true
		}
	}
	return false
}
