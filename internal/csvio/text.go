package csvio

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// clean takes control, formatting and odd-space characters out of a foreign text: what is left can be shown
// anywhere. Line breaks inside become one space where oneLine, else stay as "\n".
func clean(s string, oneLine bool) string {
	if plain(s) {
		return strings.TrimSpace(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' || r == '\v':
			if !oneLine {
				if r != '\r' {
					b.WriteByte('\n')
				}
				space = false
				continue
			}
			space = true
		case unicode.IsSpace(r):
			space = true
		case r == utf8.RuneError, unicode.IsControl(r), unicode.Is(unicode.Cf, r), r >= 0xFFF0 && r <= 0xFFFF,
			unicode.Is(unicode.Co, r), unicode.Is(unicode.Cs, r):
		default:
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}

// plain tells whether s needs no cleaning besides trimming: the common case, kept quick.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c < ' ' || c == 0x7f || c == ' ' && i+1 < len(s) && s[i+1] == ' ' {
			return false
		}
		if c >= 0x80 {
			// å ä ö and other letters of the Latin-1 range: C3 80 … C3 BF
			if c == 0xC3 && i+1 < len(s) && s[i+1] >= 0x80 {
				i++
				continue
			}
			return false
		}
	}
	return true
}

// fold makes spellings comparable: small letters, å ä ö and other accents as plain letters, everything but
// letters and digits as one space.
func fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		} else if r >= 0x80 {
			r = foldRune(unicode.ToLower(r))
		}
		if r == 0 {
			continue
		}
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(r)
		} else {
			space = true
		}
	}
	return b.String()
}

func foldRune(r rune) rune {
	switch r {
	case 'å', 'ä', 'á', 'à', 'â', 'ã', 'ā', 'ă', 'ą':
		return 'a'
	case 'ö', 'ó', 'ò', 'ô', 'õ', 'ø', 'ō':
		return 'o'
	case 'é', 'è', 'ê', 'ë', 'ē', 'ę', 'ě':
		return 'e'
	case 'ü', 'ú', 'ù', 'û', 'ū', 'ů':
		return 'u'
	case 'í', 'ì', 'î', 'ï', 'ī':
		return 'i'
	case 'š', 'ś', 'ş':
		return 's'
	case 'ž', 'ź', 'ż':
		return 'z'
	case 'č', 'ć', 'ç':
		return 'c'
	case 'ñ', 'ń':
		return 'n'
	case 'ł':
		return 'l'
	case 'ý', 'ÿ':
		return 'y'
	case 'đ', 'ð':
		return 'd'
	case '\u00ad', '\u200b', '\u0308', '\u030a', '\u0301': // soft hyphen; accents that stand apart (macOS)
		return 0
	}
	return r
}

// cutText shortens s to at most max bytes at a character's edge.
func cutText(s string, max int) (string, bool) {
	if len(s) <= max {
		return s, false
	}
	for max > 0 && !utf8.RuneStart(s[max]) {
		max--
	}
	return s[:max], true
}

// hasWord tells whether folded text has one of the words (folded, may be several words) at a word's beginning.
func hasWord(folded string, words ...string) bool {
	for _, w := range words {
		for from := 0; ; {
			i := strings.Index(folded[from:], w)
			if i < 0 {
				break
			}
			i += from
			if i == 0 || folded[i-1] == ' ' {
				return true
			}
			from = i + 1
		}
	}
	return false
}

// titleCase writes an all-capitals name as names are written: RÄSÄNEN -> Räsänen. Names in mixed case stay.
func titleCase(s string) string {
	letters := 0
	for _, r := range s {
		if unicode.IsLower(r) {
			return s
		}
		if unicode.IsLetter(r) {
			letters++
		}
	}
	if letters < 3 {
		return s
	}
	var b strings.Builder
	start := true
	for _, r := range s {
		if start {
			b.WriteRune(r)
		} else {
			b.WriteRune(unicode.ToLower(r))
		}
		start = !unicode.IsLetter(r)
	}
	return b.String()
}
