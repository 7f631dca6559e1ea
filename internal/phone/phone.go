// Package phone owns the one form in which phone numbers are compared and called: E.164, "+358401234567".
package phone

import "strings"

// Number is a phone number as E.164. The zero Number is "none".
type Number string

// Parse reads a number as Finns write it: 040 123 4567, 0401234567, +358 (0)40 123 4567, 00358 40…, 040-123 4567.
// A bare 9-digit number that begins with 4 or 5 has lost its zero in a spreadsheet and is read with it. ok is
// false when it is no phone number: too short, too long, letters inside.
func Parse(s string) (n Number, ok bool) {
	var d strings.Builder
	plus := false
	for i, r := range s {
		switch {
		case r >= '0' && r <= '9':
			d.WriteRune(r)
		case r == '+' && d.Len() == 0 && !plus:
			plus = true
		case strings.ContainsRune(" \t\u00a0\u202f\u2007-\u2010\u2011\u2012\u2013\u2212./()", r):
		default:
			return "", false
		}
		if i > 40 {
			return "", false
		}
	}
	digits := d.String()
	trunk := strings.Contains(strings.ReplaceAll(s, " ", ""), "(0)")
	switch {
	case plus:
	case strings.HasPrefix(digits, "00"):
		digits = digits[2:]
	case strings.HasPrefix(digits, "990"): // the former Finnish prefix for calls abroad
		digits = digits[3:]
	case strings.HasPrefix(digits, "0"):
		digits = "358" + digits[1:]
	case strings.HasPrefix(digits, "358") && len(digits) >= 11:
	case len(digits) >= 8 && len(digits) <= 9 && (digits[0] == '4' || digits[0] == '5'):
		digits = "358" + digits
	default:
		return "", false
	}
	if strings.HasPrefix(digits, "3580") { // +358 (0)40 and +358 040
		digits = "358" + digits[4:]
	} else if trunk {
		return "", false
	}
	if len(digits) < 8 || len(digits) > 15 || digits[0] == '0' {
		return "", false
	}
	return Number("+" + digits), true
}
