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

// Nearest gives the known word that is most like word, "" when none is near enough to be what was meant.
func Nearest(word string, known []string) string {
	best, bestAt := "", 1+max(1, len([]rune(word))*2/5)
	for _, k := range known {
		if d := distance([]rune(word), []rune(k)); d < bestAt {
			best, bestAt = k, d
		}
	}
	return best
}

// distance is Levenshtein's: how many letters to add, drop or change.
func distance(a, b []rune) int {
	if len(a) > 60 || len(b) > 60 {
		return 60 // nobody means a word that long
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
