// Package yamlfile owns the strict reading of the YAML files that people write for Polku: service models,
// rule packs, words. Every mistake is found with its line and said in the reader's language; nothing
// is guessed and nothing unknown is passed over. It knows nothing of what the files mean.
package yamlfile

import (
	"fmt"
	"sort"

	"polku/internal/i18n"
)

// Mistake is one thing wrong in a file: where, and a catalogue key with arguments that says what and how to mend it.
type Mistake struct {
	File string
	Line int // 1 first; 0: the file as a whole
	Key  string
	Args map[string]any
}

// CatalogueKey as an argument is itself said in the reader's language.
type CatalogueKey string

// Text says what is wrong and how to mend it.
func (m Mistake) Text(lang i18n.Lang) string {
	args := map[string]any{}
	for name, v := range m.Args {
		if key, ok := v.(CatalogueKey); ok {
			v = lang.T(string(key))
		}
		args[name] = v
	}
	return lang.Map(m.Key, args)
}

// Render gives the whole line: FILE:LINE: what and how to mend.
func (m Mistake) Render(lang i18n.Lang) string {
	return fmt.Sprintf("%s:%d: %s", m.File, max(m.Line, 1), m.Text(lang))
}

// Error lets a mistake travel as an error, in English for logs.
func (m Mistake) Error() string { return m.Render(i18n.EN) }

// Sort puts mistakes in the order of the lines.
func Sort(ms []Mistake) {
	sort.SliceStable(ms, func(i, j int) bool { return ms[i].Line < ms[j].Line })
}

// longest word worth comparing: ids are no longer.
const longest = 60

// Nearest gives the known word that is most like word, "" when none is near enough to be what was meant.
func Nearest(word string, known []string) string {
	w := []rune(word)
	if len(w) > longest {
		return ""
	}
	best, bestAt := "", 1+max(1, len(w)/3)
	for _, k := range known {
		r := []rune(k)
		if len(r)-len(w) >= bestAt || len(w)-len(r) >= bestAt || len(r) > longest {
			continue // the lengths alone are too far apart
		}
		if d := distance(w, r); d < bestAt {
			best, bestAt = k, d
		}
	}
	return best
}

// distance counts how many letters to add, drop, change or swap with their neighbour (optimal string alignment).
// Neither word is longer than longest.
func distance(a, b []rune) int {
	var rows [3][longest + 1]int // the row before the last, the last, this one
	for j := 0; j <= len(b); j++ {
		rows[1][j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, this := &rows[(i+2)%3], &rows[i%3], &rows[(i+1)%3]
		this[0] = i
		for j := 1; j <= len(b); j++ {
			change := last[j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			this[j] = min(change, last[j]+1, this[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				this[j] = min(this[j], before[j-2]+1)
			}
		}
	}
	return rows[(len(a)+1)%3][len(b)]
}
