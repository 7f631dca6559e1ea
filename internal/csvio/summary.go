package csvio

import (
	"sort"

	"polku/internal/civil"
	"polku/internal/fault"
	"polku/internal/i18n"
)

// Summary is what was understood of a file, for the first lines of the preview. Lines says it in words.
type Summary struct {
	File, Format        string
	Encoding, Separator string // of a CSV
	Sheets              []SheetRead
	Unread              []string  // sheets that were not what was looked for
	Forms               []DayForm // how days are written

	Rows, People, Duplicates, Skipped, RowsToAsk int
	SafetyBans, WithoutCode, GoingOn             int        // people
	Groups, Present, Absent                      int        // attendance
	From, To                                     civil.Date // of attendance
}

// SheetRead is a sheet that was read. HeaderRow is its number as Excel shows it, 0 when there is none.
type SheetRead struct {
	Name      string
	HeaderRow int
}

func summaryOf(b *Book) Summary {
	return Summary{File: b.Name, Format: b.Format, Encoding: b.Encoding, Separator: b.Separator}
}

func (s *Summary) addSheet(t *table) {
	read := SheetRead{Name: t.sheet.Name}
	if t.header >= 0 {
		read.HeaderRow = t.sheet.Rows[t.header].No
	}
	s.Sheets = append(s.Sheets, read)
}

func (s *Summary) addForms(forms []DayForm) {
	for _, f := range forms {
		i := sort.Search(len(s.Forms), func(i int) bool { return s.Forms[i] >= f })
		if i == len(s.Forms) || s.Forms[i] != f {
			s.Forms = append(s.Forms[:i], append([]DayForm{f}, s.Forms[i:]...)...)
		}
	}
}

// Say gives the form in words.
func (f DayForm) Say(l i18n.Lang) string { return l.T("import.form." + string(f)) }

// Lines says the summary in words, a line each.
func (s Summary) Lines(l i18n.Lang) []string {
	var out []string
	line := func(key string, args fault.Args) { out = append(out, say(l, key, args)) }
	switch s.Format {
	case "csv":
		sep := s.Separator
		if sep == "tab" {
			sep = l.T("import.sum.tab")
		}
		line("import.sum.csv", fault.Args{"encoding": s.Encoding, "separator": sep})
	case "ods":
		line("import.sum.ods", nil)
	default:
		line("import.sum.xlsx", nil)
	}
	for _, sh := range s.Sheets {
		switch {
		case sh.HeaderRow == 0:
			line("import.sum.no_header", nil)
		case sh.Name == "":
			line("import.sum.header", fault.Args{"row": sh.HeaderRow})
		default:
			line("import.sum.sheet", fault.Args{"sheet": sh.Name, "row": sh.HeaderRow})
		}
	}
	if len(s.Unread) > 0 {
		line("import.sum.unread", fault.Args{"sheets": s.Unread})
	}
	if len(s.Forms) > 0 {
		words := make([]string, len(s.Forms))
		for i, f := range s.Forms {
			words[i] = f.Say(l)
		}
		line("import.sum.forms", fault.Args{"forms": words})
	}
	count := func(key string, n int) {
		if n > 0 {
			line(key, fault.Args{"n": n})
		}
	}
	if s.Present+s.Absent > 0 {
		line("import.sum.attendance", fault.Args{"from": s.From, "to": s.To, "present": s.Present, "absent": s.Absent})
	}
	count("import.sum.groups", s.Groups)
	count("import.sum.people", s.People)
	count("import.sum.duplicates", s.Duplicates)
	count("import.sum.skipped", s.Skipped)
	count("import.sum.without_code", s.WithoutCode)
	count("import.sum.bans", s.SafetyBans)
	count("import.sum.ask", s.RowsToAsk)
	return out
}
