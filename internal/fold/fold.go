// Package fold makes names comparable: lower case, without marks, in one form, so that "akerl" finds
// Åkerlund, and "Nguyen" finds Nguyễn. What is folded is for finding, never for showing.
package fold

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// letters that no decomposition takes apart.
var letters = map[rune]string{'ø': "o", 'æ': "ae", 'œ': "oe", 'ß': "ss", 'đ': "d", 'ð': "d", 'þ': "th", 'ł': "l", 'ŧ': "t", 'ŋ': "n", 'ı': "i", 'ς': "σ"}

// Text folds a text: marks off, lower case, anything but letters and digits becomes one space.
func Text(s string) string {
	if plain, ok := ascii(s); ok {
		return plain
	}
	var b strings.Builder
	space := false
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			if as, ok := letters[r]; ok {
				b.WriteString(as)
			} else {
				b.WriteRune(r)
			}
		default:
			space = true
		}
	}
	return b.String()
}

// ascii is the quick way for texts of plain letters only.
func ascii(s string) (string, bool) {
	for i := 0; i < len(s); i++ {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return "", false
		}
	}
	return strings.ToLower(s), true
}

// Parts gives the words of a folded text.
func Parts(s string) []string { return strings.Fields(Text(s)) }

// Cut shortens a text to n bytes at most, without half a character at its end.
func Cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}
