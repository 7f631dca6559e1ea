// Package hetu owns the Finnish personal identity code (henkilötunnus, personbeteckning): reading, checking,
// and what the code tells. Its errors say what is wrong and never repeat the code.
//
// The form is DDMMYYCZZZQ: day of birth, century sign C, individual number ZZZ (002–899 real, 900–999 never
// given to anyone), check character Q. Government decree 690/2022 added the signs B–F and Y–U from 2023 on.
package hetu

import (
	"slices"
	"strings"
	"unicode"

	"polku/internal/civil"
	"polku/internal/fault"
)

// Code is a checked identity code in capitals, eleven characters. The zero Code is "none".
type Code string

// The catalogue keys of Parse's errors.
const (
	KeyEmpty  = "hetu.empty"
	KeyLength = "hetu.length"  // args: n, characters without spaces
	KeyForm   = "hetu.form"    // a letter where a digit should be, or the like
	KeySign   = "hetu.century" // the seventh character is no century sign
	KeyDate   = "hetu.date"    // no such day
	KeyNumber = "hetu.number"  // individual number 000 or 001
	KeyCheck  = "hetu.check"   // the check character does not fit: a typing mistake
)

const checkChars = "0123456789ABCDEFHJKLMNPRSTUVWXY"

// century gives the century of a sign, 0 when it is none.
func century(sign byte) int {
	switch sign {
	case '+':
		return 1800
	case '-', 'Y', 'X', 'W', 'V', 'U':
		return 1900
	case 'A', 'B', 'C', 'D', 'E', 'F':
		return 2000
	}
	return 0
}

// Clean gives the code in capitals without spaces, and with the hyphens that word processors put in place
// of "-" made plain. It checks nothing; use it to compare two spellings.
func Clean(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\u2010' || r == '\u2011' || r == '\u2012' || r == '\u2013' || r == '\u2014' || r == '\u2212' || r == '\u00ad':
			b.WriteByte('-')
		case r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == '\u00a0' || r == '\u2007' || r == '\u202f' ||
			r == '\u200b' || r == '\ufeff':
		case r >= 'a' && r <= 'z':
			b.WriteRune(r - 'a' + 'A')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Parse checks a code. Small letters, spaces and typographic hyphens are accepted. The error is an Invalid
// fault with one of the keys above.
func Parse(s string) (Code, error) {
	s = Clean(s)
	if s == "" {
		return "", fault.E(fault.Invalid, KeyEmpty, nil)
	}
	if n := len([]rune(s)); n != 11 || len(s) != 11 {
		if n == 11 {
			return "", fault.E(fault.Invalid, KeyForm, nil)
		}
		return "", fault.E(fault.Invalid, KeyLength, fault.Args{"n": n})
	}
	for i := 0; i < 10; i++ {
		if i != 6 && (s[i] < '0' || s[i] > '9') {
			return "", fault.E(fault.Invalid, KeyForm, nil)
		}
	}
	if century(s[6]) == 0 {
		return "", fault.E(fault.Invalid, KeySign, nil)
	}
	if birthday(s).IsZero() {
		return "", fault.E(fault.Invalid, KeyDate, nil)
	}
	if number(s) < 2 {
		return "", fault.E(fault.Invalid, KeyNumber, nil)
	}
	if s[10] != checkChar(s) {
		return "", fault.E(fault.Invalid, KeyCheck, nil)
	}
	return Code(s), nil
}

// Birthday is the day of birth; the missing day for the zero Code.
func (c Code) Birthday() civil.Date {
	if len(c) != 11 {
		return 0
	}
	return birthday(string(c))
}

// Number is the individual number 2–999 (odd men, even women at the time the code was given); 0 for the zero Code.
func (c Code) Number() int {
	if len(c) != 11 {
		return 0
	}
	return number(string(c))
}

// IsTest tells whether the code is one of those never given to anyone (900–999).
func (c Code) IsTest() bool { return c.Number() >= 900 }

// BirthdayOf gives the day of birth that a code tells even when its check character is wrong, so that a
// person without a valid code still gets a birthday to confirm; the missing day when it tells none.
func BirthdayOf(s string) civil.Date {
	s = Clean(s)
	if len(s) < 7 || century(s[6]) == 0 {
		return 0
	}
	return birthday(s)
}

// birthday reads DDMMYY and the sign; the missing day when there is no such day.
func birthday(s string) civil.Date {
	for i := 0; i < 6; i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0
		}
	}
	day, month, year := two(s[0:2]), two(s[2:4]), century(s[6])+two(s[4:6])
	if month < 1 || month > 12 || day < 1 {
		return 0
	}
	d := civil.New(year, month, day)
	if _, m, dd := d.Parts(); m != month || dd != day {
		return 0
	}
	return d
}

func number(s string) int { return int(s[7]-'0')*100 + two(s[8:10]) }

func two(s string) int { return int(s[0]-'0')*10 + int(s[1]-'0') }

// checkChar is the remainder of DDMMYYZZZ by 31, as a letter or digit.
func checkChar(s string) byte {
	n := 0
	for i := 0; i < 10; i++ {
		if i != 6 {
			n = n*10 + int(s[i]-'0')
		}
	}
	return checkChars[n%31]
}

// Make builds the code of a day, a sign and an individual number. It serves made-up data and tests; the error is
// Parse's.
func Make(day civil.Date, sign byte, individual int) (Code, error) {
	y, m, d := day.Parts()
	s := []byte("000000-0000")
	put := func(i, v int) { s[i], s[i+1] = byte('0'+v/10%10), byte('0'+v%10) }
	put(0, d)
	put(2, m)
	put(4, y%100)
	s[6] = sign
	s[7] = byte('0' + individual/100%10)
	put(8, individual%100)
	s[10] = checkChar(string(s))
	c, err := Parse(string(s))
	if err == nil && (c.Birthday() != day || c.Number() != individual) {
		return "", fault.E(fault.Invalid, KeySign, nil)
	}
	return c, err
}

// Within tells whether an identity code stands somewhere in a text, for texts that must hold nobody's data.
func Within(text string) bool {
	words := strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("+-‐‑‒–—−", r)
	})
	return slices.ContainsFunc(words, func(word string) bool {
		_, err := Parse(word)
		return err == nil
	})
}
