package csvio

import (
	"fmt"
	"strings"

	"polku/internal/civil"
	"polku/internal/fault"
	"polku/internal/i18n"
)

// Level tells what a problem asks of the person at the preview.
type Level string

// Levels.
const (
	Remark  Level = "remark"  // imported as it is; good to know
	Ask     Level = "ask"     // a guess was made, or a thing left empty: please confirm or mend
	Blocked Level = "blocked" // the row cannot be imported before it is mended
)

// Problem is one thing worth telling about a file, a row or a cell. Args hold figures, days, column names and
// fixed words, never a name, a code or the text of a cell (the preview shows the cell beside it).
type Problem struct {
	Level Level
	Sheet string
	Row   int     // as Excel shows it, from 1; 0: the whole file or sheet
	Col   int     // from 0; -1: the whole row
	Field Meaning // "" where it concerns no field
	Key   string
	Args  fault.Args
}

// Say gives the problem in words; days are written the language's way.
func (p Problem) Say(l i18n.Lang) string { return say(l, p.Key, p.Args) }

func say(l i18n.Lang, key string, args fault.Args) string {
	shown := make(map[string]any, len(args))
	n, plural := 0, false
	for k, v := range args {
		switch v := v.(type) {
		case civil.Date:
			shown[k] = l.Day(v)
		case Meaning:
			shown[k] = v.Say(l)
		case []Meaning:
			words := make([]string, len(v))
			for i, m := range v {
				words[i] = m.Say(l)
			}
			shown[k] = strings.Join(words, ", ")
		case []int:
			words := make([]string, len(v))
			for i, n := range v {
				words[i] = fmt.Sprint(n)
			}
			shown[k] = strings.Join(words, ", ")
		case []string:
			shown[k] = strings.Join(v, ", ")
		case catalogueWord:
			shown[k] = l.T(string(v))
		default:
			shown[k] = v
		}
		if i, ok := v.(int); ok && k == "n" {
			n, plural = i, true
		}
	}
	if plural {
		flat := make([]any, 0, 2*len(shown))
		for k, v := range shown {
			if k != "n" {
				flat = append(flat, k, v)
			}
		}
		return l.N(key, n, flat...)
	}
	return l.Map(key, shown)
}

// catalogueWord is an argument that is itself a catalogue key.
type catalogueWord string

// Skipped is a row that was left out, and why.
type Skipped struct {
	Sheet string
	Row   int
	Key   string // "import.skip.…"
	Args  fault.Args
	Raw   []string // what stood there, for the report; may hold personal data
}

// Say gives the reason in words.
func (s Skipped) Say(l i18n.Lang) string { return say(l, s.Key, s.Args) }

// Ref names a cell: its row as Excel shows it and its column from 0.
type Ref struct {
	Sheet string
	Row   int
	Col   int
}

// ColumnName is a column as Excel names it: 0 is A, 26 is AA.
func ColumnName(col int) string {
	name := ""
	for col++; col > 0; col = (col - 1) / 26 {
		name = string(rune('A'+(col-1)%26)) + name
	}
	return name
}
