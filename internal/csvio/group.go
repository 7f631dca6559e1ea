package csvio

import (
	"strings"

	"polku/internal/civil"
	"polku/internal/fault"
)

// Group of a list of groups. Where the attendance names a group that no list tells, only Name is there and Row is 0.
type Group struct {
	Sheet      string
	Row        int
	Name       string
	Theme      string
	ClientIdea bool // the theme came from clients
	Leader     string
	Weekday    int // 1 Monday … 7 Sunday; 0: not told
	From, To   int // minutes of the day; both 0: not told
	Start, End civil.Date
	Place      string
	Max        int // 0: not told
	Problems   []Problem
}

// isGroups tells whether a table is a list of groups.
func (t *table) isGroups() bool {
	if !t.has(GroupField, Theme) || t.has(DayField, Mark, Hours, IdentityCode, LastName) {
		return false
	}
	n := 0
	for _, m := range []Meaning{Theme, Leader, WorkerField, Weekday, Clock, ClientIdea, Place, MaxSize, Start, End} {
		if t.has(m) {
			n++
		}
	}
	return n >= 2
}

func (l *AttendanceList) readGroups(t *table) {
	l.Summary.addSheet(t)
	for _, r := range t.rows {
		if why := t.leftOut(r); why != "" {
			l.Skipped = append(l.Skipped, Skipped{Sheet: t.sheet.Name, Row: r.No, Key: why, Raw: raw(r)})
			continue
		}
		l.Groups = append(l.Groups, t.group(r))
	}
	l.Columns = append(l.Columns, t.cols...)
}

func (t *table) group(r Row) Group {
	g := Group{Sheet: t.sheet.Name, Row: r.No}
	ask := func(col int, key string) {
		g.Problems = append(g.Problems, Problem{Level: Ask, Sheet: g.Sheet, Row: r.No, Col: col, Field: t.cols[col].Meaning, Key: key,
			Args: fault.Args{"column": t.cols[col].Header}})
	}
	for i := range t.cols {
		c := t.cell(r, i)
		if c.Text == "" {
			continue
		}
		text := oneLine(c.Text)
		switch t.cols[i].Meaning {
		case GroupField:
			g.Name = text
		case Theme:
			g.Theme = text
		case ClientIdea:
			switch f := fold(text); {
			case f == "x" || f == "1" || f == "j" || f == "y" || f == "true" || f == "on" || strings.HasPrefix(f, "k") || strings.HasPrefix(f, "ja") || strings.HasPrefix(f, "yes"):
				g.ClientIdea = true
			case f == "" || f == "0" || f == "n" || f == "false" || strings.HasPrefix(f, "e") || strings.HasPrefix(f, "nej") || strings.HasPrefix(f, "no"):
			default:
				ask(i, "import.ask.yes_or_no")
			}
		case Leader, WorkerField:
			g.Leader = text
		case Weekday:
			if g.Weekday = weekdayOf(text); g.Weekday == 0 {
				ask(i, "import.ask.weekday")
			}
		case Clock:
			if from, to, ok := clockSpan(text); ok {
				g.From, g.To = from, to
			} else if from, ok := clock(strings.TrimSpace(text)); ok {
				g.From = from
			} else {
				ask(i, "import.ask.clock")
			}
		case Start, End:
			d, form := readDay(c, t.opt.hints(false))
			t.cols[i].note(form)
			if d.IsZero() || !form.sure() {
				ask(i, "import.ask.day")
			}
			if t.cols[i].Meaning == Start {
				g.Start = d
			} else {
				g.End = d
			}
		case Place:
			g.Place = text
		case MaxSize:
			if v, ok := readNumber(c); ok && v >= 0 && v < 1000 {
				g.Max = int(v)
			} else {
				ask(i, "import.ask.number")
			}
		}
	}
	if g.Name == "" {
		g.Name = g.Theme
	}
	return g
}

// weekdayOf reads a weekday's name in three languages, short or long; 0 when it is none.
func weekdayOf(s string) int {
	f := fold(s)
	for i, words := range [...]string{"ma maanantai maanantaisin man mandag mandagar mon monday mondays m", "ti tiistai tiistaisin tis tisdag tisdagar tue tuesday tuesdays",
		"ke keskiviikko keskiviikkoisin ons onsdag onsdagar wed wednesday wednesdays", "to torstai torstaisin tor tors torsdag torsdagar thu thursday thursdays",
		"pe perjantai perjantaisin fre fredag fredagar fri friday fridays", "la lauantai lor lordag sat saturday", "su sunnuntai son sondag sun sunday"} {
		for _, w := range strings.Fields(words) {
			if f == w || strings.HasPrefix(f, w+" ") {
				return i + 1
			}
		}
	}
	return 0
}

// find gives the index of a group by its name in any spelling, adding it when no list tells it.
func (l *AttendanceList) group(name string) int {
	key := fold(name)
	if l.groupIndex == nil {
		l.groupIndex = map[string]int{}
		for i, g := range l.Groups {
			l.groupIndex[fold(g.Name)] = i
		}
	}
	if i, ok := l.groupIndex[key]; ok {
		return i
	}
	l.Groups = append(l.Groups, Group{Name: name})
	l.groupIndex[key] = len(l.Groups) - 1
	return len(l.Groups) - 1
}
