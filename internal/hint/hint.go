// Package hint reads a note as somebody who knows nothing of the office would: long sentences, abbreviations, law names,
// wording that nobody does or that judges. It only hints; nobody is kept from saving. It is pure: words in, keys out.
package hint

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Kind of hint: the words stand in the catalogue under note.hint.KIND.
type Kind string

// The kinds. Of Swedish and English only the length of sentences and judging words are looked at.
const (
	Long    Kind = "long"    // a sentence of more than SentenceMost words
	Matters Kind = "matters" // more than one matter in a sentence
	Short   Kind = "short"   // an abbreviation
	Law     Kind = "law"     // a law's name or section
	Passive Kind = "passive" // it is not told who does
	Judges  Kind = "judges"  // a word that judges; Better says what could be told in its place
)

// SentenceMost is how many words a sentence of easy language has at most.
const SentenceMost = 12

// hintsMost is how many hints one text gives: who gets more reads none.
const hintsMost = 8

// textMost is how much of a text is looked at, in bytes.
const textMost = 20_000

// Hint is one thing that could be plainer.
type Hint struct {
	Kind   Kind
	Word   string // the word, or the beginning of the sentence
	N      int    // words of the sentence
	Better string // what could be told instead, in the text's language
}

//go:embed words.yaml
var words []byte

type language struct {
	Short, Law []string
	Judges     map[string]string
}

var (
	languages = map[string]language{}
	topics    map[string][]string
)

func init() {
	var file struct {
		FI, SV, EN language
		Topics     map[string][]string
	}
	if err := yaml.Unmarshal(words, &file); err != nil {
		panic(err) // our own file: every test would fail
	}
	languages = map[string]language{"fi": file.FI, "sv": file.SV, "en": file.EN}
	topics = file.Topics
}

var (
	sentenceEnd = regexp.MustCompile(`[.!?…]+(\s+|$)|\n+`)
	section     = regexp.MustCompile(`§|\b\d{1,4}/(19|20)\d\d\b`)
	// Finnish passives end so; possessives such as "asunnostaan" and "iltaan" have another letter before.
	passive = regexp.MustCompile(`(?i)([eouia]taan|[eouiyäö]tään|daan|dään|ttiin|t[td]aisiin|t[td]äisiin)$`)
	joining = []string{"ja", "sekä", "että", "mutta", "koska", "joten", "jotta", "vaikka"}
)

// Check gives what could be plainer in a text of a language (fi, sv, en), in the text's order.
func Check(text, lang string) []Hint {
	text = clip(text)
	l := languages[lang]
	var hints []Hint
	said := map[string]bool{} // each word once
	add := func(h Hint) {
		if key := string(h.Kind) + strings.ToLower(h.Word); !said[key] && len(hints) < hintsMost {
			said[key] = true
			hints = append(hints, h)
		}
	}
	for _, sentence := range sentences(text, l.Short) {
		all := strings.Fields(sentence)
		if len(all) > SentenceMost {
			add(Hint{Kind: Long, Word: strings.Join(all[:4], " "), N: len(all)})
		}
		joined := 0
		for _, w := range all {
			word := strings.ToLower(strings.TrimFunc(w, func(r rune) bool { return unicode.IsPunct(r) && r != '§' }))
			if slices.Contains(joining, word) {
				joined++
			}
			l.word(word, add)
		}
		if lang == "fi" && joined >= 3 {
			add(Hint{Kind: Matters, Word: strings.Join(all[:min(4, len(all))], " ")})
		}
	}
	return hints
}

// word looks at one word.
func (l language) word(word string, add func(Hint)) {
	switch {
	case word == "":
		return
	case slices.Contains(l.Short, word):
		add(Hint{Kind: Short, Word: word})
	case l.Law != nil && (slices.Contains(l.Law, word) || section.MatchString(word)):
		add(Hint{Kind: Law, Word: word})
	case l.Law != nil && utf8.RuneCountInString(word) > 6 && passive.MatchString(word):
		add(Hint{Kind: Passive, Word: word})
	}
	for beginning, better := range l.Judges {
		if strings.HasPrefix(word, beginning) && (utf8.RuneCountInString(beginning) > 3 || len(word) <= len(beginning)+1) {
			add(Hint{Kind: Judges, Word: word, Better: better})
		}
	}
}

// sentences splits a text; an abbreviation's full stop ends none.
func sentences(text string, short []string) []string {
	var all []string
	from := 0
	for _, at := range sentenceEnd.FindAllStringIndex(text, -1) {
		before := text[from:at[0]]
		last := strings.ToLower(before[strings.LastIndexAny(before, " \t")+1:])
		if !strings.Contains(text[at[0]:at[1]], "\n") && (slices.Contains(short, last) || isNumber(last)) && at[1] < len(text) {
			continue
		}
		all = append(all, before)
		from = at[1]
	}
	return append(all, text[from:])
}

func isNumber(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsDigit(r) && r != '.' }) < 0
}

// clip cuts a text at a character's border.
func clip(text string) string {
	if len(text) <= textMost {
		return text
	}
	end := textMost
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// Topics gives those of some topics that words of a text speak of, in the order given: suggestions, no more.
func Topics(text string, of []string) []string {
	all := strings.FieldsFunc(strings.ToLower(clip(text)), func(r rune) bool { return !unicode.IsLetter(r) && r != '-' })
	var found []string
	for _, id := range of {
		if slices.ContainsFunc(all, func(word string) bool {
			return slices.ContainsFunc(topics[id], func(beginning string) bool { return strings.HasPrefix(word, beginning) })
		}) {
			found = append(found, id)
		}
	}
	return found
}
