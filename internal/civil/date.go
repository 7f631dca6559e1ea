// Package civil owns calendar days, spans of them and working days. A day has no clock and no zone.
package civil

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Date is a calendar day: its number in the proleptic Gregorian calendar, 0001-01-01 being 1 ("rata die").
// The zero Date is no day at all and means "missing" (IsZero). The database keeps the number.
type Date int32

// unixEpoch is the Date of 1970-01-01.
const unixEpoch = 719163

// New gives the day of a year, month (1–12) and day of month; overflow rolls over as in time.Date.
func New(year, month, day int) Date {
	return Date(time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Unix()/86400 + unixEpoch)
}

// Parse reads "2006-01-02".
func Parse(s string) (Date, error) {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		return 0, fmt.Errorf("day %q is not of the form 2026-03-01", s)
	}
	return Date(t.Unix()/86400 + unixEpoch), nil
}

// MustParse is Parse for tests and tables in code; it panics on a bad day.
func MustParse(s string) Date {
	d, err := Parse(s)
	if err != nil {
		panic(err)
	}
	return d
}

// Of gives the day of an instant as clocks in loc show it.
func Of(t time.Time, loc *time.Location) Date {
	t = t.In(loc)
	return New(t.Year(), int(t.Month()), t.Day())
}

// IsZero tells whether the day is missing.
func (d Date) IsZero() bool { return d == 0 }

// Time is midnight UTC of the day.
func (d Date) Time() time.Time { return time.Unix((int64(d)-unixEpoch)*86400, 0).UTC() }

// Parts gives year, month (1–12) and day of month.
func (d Date) Parts() (year, month, day int) {
	t := d.Time()
	return t.Year(), int(t.Month()), t.Day()
}

// Year of the day.
func (d Date) Year() int { return d.Time().Year() }

// Weekday with Monday 1 … Sunday 7 (ISO 8601).
func (d Date) Weekday() int {
	return (int(d)-1)%7 + 1 // 0001-01-01 was a Monday
}

// Week gives the ISO 8601 week-numbering year and week (1–53).
func (d Date) Week() (year, week int) { return d.Time().ISOWeek() }

// Monday of the day's ISO week.
func (d Date) Monday() Date { return d - Date(d.Weekday()-1) }

// MonthStart is the first day of the day's month.
func (d Date) MonthStart() Date {
	y, m, _ := d.Parts()
	return New(y, m, 1)
}

// AddMonths moves by n calendar months; a day that the month lacks becomes its last
// (31 January + 1 month = 28 or 29 February).
func (d Date) AddMonths(n int) Date {
	y, m, day := d.Parts()
	first := New(y, m+n, 1)
	last := New(y, m+n+1, 1) - 1
	if moved := first + Date(day-1); moved < last {
		return moved
	}
	return last
}

// String is "2006-01-02"; the missing day is "".
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	y, m, day := d.Parts()
	if y > 9999 {
		return fmt.Sprintf("%d-%02d-%02d", y, m, day)
	}
	return string([]byte{digit(y / 1000), digit(y / 100), digit(y / 10), digit(y), '-', digit(m / 10), digit(m), '-', digit(day / 10), digit(day)})
}

// digit is the last figure of a number as text: a page writes hundreds of days.
func digit(n int) byte { return byte('0' + n%10) }

// MarshalText gives String, for JSON and YAML.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads String's form; empty is the missing day.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = 0
		return nil
	}
	v, err := Parse(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// Value stores the day as its number, null when missing.
func (d Date) Value() (driver.Value, error) {
	if d == 0 {
		return nil, nil
	}
	return int64(d), nil
}

// Scan reads what Value stored.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = 0
	case int64:
		*d = Date(v)
	default:
		return fmt.Errorf("day from %T", src)
	}
	return nil
}
