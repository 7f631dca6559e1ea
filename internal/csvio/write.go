package csvio

import (
	"bufio"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Quote makes a text safe as a cell of a CSV that a spreadsheet opens: what would be taken for a formula (OWASP
// "CSV injection": = + - @, tab, carriage return at the beginning, also after spaces or in full width) gets an
// apostrophe before it, which spreadsheets show as plain text. Plain numbers and phone numbers stay as they are. Separators,
// quotes and line breaks are quoted as RFC 4180 says.
func Quote(cell string) string {
	if startsFormula(cell) {
		cell = "'" + cell
	}
	if strings.ContainsAny(cell, ";,|\t\"\r\n") || cell != strings.TrimSpace(cell) {
		return `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
	}
	return cell
}

func startsFormula(s string) bool {
	if s == "" {
		return false
	}
	if s[0] == '\t' || s[0] == '\r' || s[0] == '\n' || s[0] == 0 {
		return true
	}
	s = strings.TrimLeftFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || unicode.IsControl(r) })
	r, _ := utf8.DecodeRuneInString(s)
	switch r {
	case '=', '@', '\uff1d', '\uff20':
		return true
	case '+', '-', '\uff0b', '\uff0d':
		return strings.Trim(s[1:], "0123456789 ,.()") != ""
	}
	return false
}

// Writer writes a CSV that Finnish Excel opens with a double click: UTF-8 with its mark, ";", CRLF. Errors come
// at Flush.
type Writer struct {
	w       *bufio.Writer
	started bool
}

// NewWriter makes a Writer; nothing is written before the first row.
func NewWriter(w io.Writer) *Writer { return &Writer{w: bufio.NewWriterSize(w, 64<<10)} }

// Write adds a row.
func (w *Writer) Write(cells ...string) {
	if !w.started {
		w.started = true
		w.w.WriteString("\ufeff")
	}
	for i, c := range cells {
		if i > 0 {
			w.w.WriteByte(';')
		}
		w.w.WriteString(Quote(c))
	}
	w.w.WriteString("\r\n")
}

// Flush writes what is left and tells the first error of all writes.
func (w *Writer) Flush() error { return w.w.Flush() }
