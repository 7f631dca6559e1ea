package web

import (
	"strings"

	"polku/internal/i18n"
)

// phoneText writes a Finnish number as people read it: 040 123 4567; others as they are.
func phoneText(e164 string) string {
	rest, finnish := strings.CutPrefix(e164, "+358")
	if !finnish || len(rest) < 5 {
		return e164
	}
	out := "0" + rest[:2] + " "
	rest = rest[2:]
	for len(rest) > 4 {
		out += rest[:3] + " "
		rest = rest[3:]
	}
	return out + rest
}

// language names a language by its ISO code, in the reader's language; the code itself when we have no word.
func (q *request) language(code string) string {
	if key := "lang." + code; code != "" && i18n.Has(key) {
		return q.lang.T(key)
	}
	return code
}
