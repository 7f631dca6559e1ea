package csvio

import (
	"strings"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/hetu"
	"polku/internal/phone"
)

// ClientList is what a file tells about people.
type ClientList struct {
	Summary   Summary
	Columns   []Column
	Rows      []ClientRow // in the file's order, duplicates among them (DuplicateOf)
	Skipped   []Skipped   // rows that are no people
	Workers   []Worker    // spellings grouped
	Questions []Problem   // about the whole file or a column
}

// ClientRow is one person of a list. Store the typed fields; Raw is for the preview only, since it can hold a wrong
// identity code, which is never stored.
type ClientRow struct {
	Sheet string
	Row   int    // as Excel shows it
	No    string // client number of that list

	LastName, FirstNames string
	Code                 hetu.Code // empty: none, or it did not check; the person gets a temporary id
	Birthday             civil.Date
	Phone                phone.Number
	PhoneText            string // as written
	OtherPhones          []string
	Email                string
	Language             string // ISO 639; LanguageText as written
	LanguageText         string
	Municipality         string
	Address              string
	Start, End           civil.Date
	ExitTo               string // destination of models/words; empty: none or not understood
	ExitText             string
	Worker               string   // as ClientList.Workers names them
	OtherWorkers         []string // further ones in the same cell
	Source               string   // source of models/words; empty: none or not understood
	SourceText           string
	DaysPerWeek          int // 0: not told; 1–7
	Mode                 entry.Mode
	Phases               []PhaseDay
	PositionBefore       string // unemployed-over-500 and the like, or a destination; empty: not understood
	PositionBeforeText   string
	PositionAfter        string
	PositionAfterText    string
	Notes                string
	Extra                []Extra // what stood in columns without a known meaning: nothing is lost

	SafetyBan bool
	BanWhere  []string // headers of the columns that tell it

	DuplicateOf  int      // index in ClientList.Rows of the earlier row of the same person; -1: none
	DuplicateWhy string   // catalogue key "import.dup.…"
	Differs      []string // catalogue keys of the fields in which a duplicate differs from the earlier row

	Raw      []string // as the file has it, whatever was mended
	Mended   bool     // a person put a cell right in the preview
	Problems []Problem

	wrongCode string // what stood in the code's cell when it did not check, only to find duplicates
}

// PhaseDay is a phase's first day, by the phase's word in the header.
type PhaseDay struct {
	Phase string
	Day   civil.Date
}

// Extra is a cell of a column without a known meaning.
type Extra struct{ Header, Text string }

// Blocked tells whether the row cannot be imported before it is mended.
func (r *ClientRow) Blocked() bool {
	for _, p := range r.Problems {
		if p.Level == Blocked {
			return true
		}
	}
	return false
}

// People counts the rows that are not duplicates.
func (l *ClientList) People() int {
	n := 0
	for i := range l.Rows {
		if l.Rows[i].DuplicateOf < 0 {
			n++
		}
	}
	return n
}

// isClients tells whether a table is a list of people.
func (t *table) isClients() bool {
	if !t.has(Name, LastName, IdentityCode) || t.has(Mark) || t.has(DayField) && t.has(Hours) {
		return false
	}
	if t.has(Leader) && t.has(Weekday, Theme, ClientIdea) {
		return false
	}
	// a matrix of days under a names column is attendance, whatever else it tells
	return t.has(IdentityCode, Birthday, Phone, Email, Start, End, PhaseStart, WorkerField, Source, Language, Municipality, Address, PositionBefore, Notes, SafetyBanField) ||
		t.has(Name) && t.has(Number)
}

// isBenefits tells whether a table is Kela's monthly list of co-financed people.
func (t *table) isBenefits() bool {
	n := 0
	for _, c := range t.cols {
		if hasWord(fold(c.Header), "etuus", "maksetut", "maksukk", "paivat kk", "maara eur", "rahoitusosuus") {
			n++
		}
	}
	return n >= 2
}

// ReadClients finds the people of a book. The error is an Invalid fault when no sheet is a list of people.
func ReadClients(b *Book, opt Options) (*ClientList, error) {
	l := &ClientList{Summary: summaryOf(b)}
	l.Questions = append(l.Questions, b.Problems...)
	for i := range b.Sheets {
		s := &b.Sheets[i]
		if opt.Sheet != "" && s.Name != opt.Sheet || len(s.Rows) == 0 {
			continue
		}
		if looksLikeMatrix(s) {
			l.Summary.Unread = append(l.Summary.Unread, s.Name)
			continue
		}
		t := findTable(s, opt)
		if t != nil && t.isBenefits() {
			return nil, notFound("import.clients.benefits", b)
		}
		if t == nil || !t.isClients() {
			l.Summary.Unread = append(l.Summary.Unread, s.Name)
			continue
		}
		l.readTable(t)
	}
	if len(l.Columns) == 0 {
		return nil, notFound("import.clients.none", b)
	}
	l.groupWorkers()
	l.findDuplicates()
	l.count()
	return l, nil
}

func (l *ClientList) readTable(t *table) {
	if !t.opt.MonthFirst && t.monthFirst() {
		t.opt.MonthFirst = true
		l.ask(t, -1, "import.ask.month_first", nil)
	}
	if t.has(PositionAfter) && t.has(End) && !t.has(ExitReason) {
		l.Questions = append(l.Questions, Problem{Level: Remark, Sheet: t.sheet.Name, Col: t.col(PositionAfter), Field: ExitReason, Key: "import.remark.exit_from_position"})
	}
	firstFirst := l.nameOrder(t)
	for _, no := range t.sheet.EmptyRows {
		if t.header < 0 || no > t.sheet.Rows[t.header].No {
			l.Skipped = append(l.Skipped, Skipped{Sheet: t.sheet.Name, Row: no, Key: "import.skip.empty"})
		}
	}
	l.Summary.addSheet(t)
	for i := 0; i < t.header; i++ {
		l.warnBan(t, t.sheet.Rows[i])
	}
	for _, r := range t.rows {
		if why := t.leftOut(r); why != "" {
			l.Skipped = append(l.Skipped, Skipped{Sheet: t.sheet.Name, Row: r.No, Key: why, Raw: raw(r)})
			l.warnBan(t, r)
			continue
		}
		l.Rows = append(l.Rows, t.client(r, firstFirst))
	}
	for _, c := range t.cols {
		if c.Header == "" && c.Sample == "" {
			continue
		}
		if c.Meaning != Unknown && !c.Sure {
			l.ask(t, c.Col, "import.ask.column_guessed", fault.Args{"column": ColumnName(c.Col), "meaning": c.Meaning})
		}
		l.Columns = append(l.Columns, c)
	}
}

func (l *ClientList) ask(t *table, col int, key string, args fault.Args) {
	l.Questions = append(l.Questions, Problem{Level: Ask, Sheet: t.sheet.Name, Col: col, Key: key, Args: args})
}

// warnBan: a safety ban told outside the rows of people (in a title, a footnote) belongs to nobody yet, so a person must look.
func (l *ClientList) warnBan(t *table, r Row) {
	for _, c := range r.Cells {
		if banIn(c.Text) != banNo {
			l.Questions = append(l.Questions, Problem{Level: Ask, Sheet: t.sheet.Name, Row: r.No, Col: -1, Field: SafetyBanField, Key: "import.ask.ban_outside", Args: fault.Args{"row": r.No}})
			return
		}
	}
}

// nameOrder tells whether names in one column are "Etunimi Sukunimi".
func (l *ClientList) nameOrder(t *table) bool {
	col := t.col(Name)
	if col < 0 {
		return false
	}
	if t.opt.FirstNameFirst != nil {
		return *t.opt.FirstNameFirst
	}
	switch f := fold(t.cols[col].Header); {
	case strings.HasPrefix(f, "sukunimi"), strings.HasPrefix(f, "efternamn"):
		return false
	case strings.HasPrefix(f, "etunimi"), strings.HasPrefix(f, "fornamn"):
		return true
	}
	var names []string
	comma := 0
	for i, r := range t.rows {
		if i < 400 {
			n := t.cell(r, col).Text
			names = append(names, n)
			if strings.Contains(n, ",") {
				comma++
			}
		}
	}
	yes, sure := firstNameFirst(names)
	if !sure && comma*2 < len(names) {
		l.ask(t, col, "import.ask.name_order", nil)
	}
	return yes
}

// count fills the summary's figures.
func (l *ClientList) count() {
	s := &l.Summary
	s.Rows, s.People, s.Skipped = len(l.Rows), l.People(), len(l.Skipped)
	s.Duplicates = s.Rows - s.People
	for i := range l.Rows {
		r := &l.Rows[i]
		asks := false
		for _, p := range r.Problems {
			asks = asks || p.Level != Remark
		}
		if asks {
			s.RowsToAsk++
		}
		if r.DuplicateOf < 0 {
			if r.SafetyBan {
				s.SafetyBans++
			}
			if r.Code == "" {
				s.WithoutCode++
			}
			if r.End.IsZero() && r.ExitTo == "" {
				s.GoingOn++
			}
		}
	}
	for _, c := range l.Columns {
		s.addForms(c.Forms)
	}
}
