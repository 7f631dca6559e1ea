package civil

import (
	"fmt"
	"strconv"
	"strings"
)

// Unit of a Span.
type Unit string

// The units a Span may have. A working day is one that the Calendar calls working.
const (
	Days        Unit = "days"
	WorkingDays Unit = "working days"
	Weeks       Unit = "weeks"
	Months      Unit = "months"
)

// Span is a length such as "3 months" or "5 working days". The zero Span means none given.
type Span struct {
	N    int
	Unit Unit
}

// ParseSpan reads "3 months", "1 month", "21 days", "2 weeks", "5 working days". N is 0–10000.
func ParseSpan(s string) (Span, error) {
	num, unit, ok := strings.Cut(strings.TrimSpace(s), " ")
	n, err := strconv.Atoi(num)
	if !ok || err != nil || n < 0 || n > 10000 {
		return Span{}, fmt.Errorf("%q is not a length such as \"3 months\", \"21 days\" or \"5 working days\"", s)
	}
	unit = strings.TrimSpace(unit)
	if !strings.HasSuffix(unit, "s") {
		unit += "s"
	}
	switch u := Unit(unit); u {
	case Days, WorkingDays, Weeks, Months:
		return Span{n, u}, nil
	}
	return Span{}, fmt.Errorf("%q is not a length such as \"3 months\", \"21 days\" or \"5 working days\"", s)
}

// IsZero tells whether no length was given.
func (s Span) IsZero() bool { return s.N == 0 }

// After gives the day that lies the span after d. Working days need a calendar; with nil they are plain days.
func (s Span) After(d Date, cal *Calendar) Date {
	switch s.Unit {
	case Months:
		return d.AddMonths(s.N)
	case Weeks:
		return d + Date(7*s.N)
	case WorkingDays:
		if cal != nil {
			return cal.AddWorking(d, s.N)
		}
	}
	return d + Date(s.N)
}

func (s Span) String() string {
	unit := string(s.Unit)
	if s.N == 1 {
		unit = strings.TrimSuffix(unit, "s")
	}
	return strconv.Itoa(s.N) + " " + unit
}

// MarshalText gives String; the missing span is "".
func (s Span) MarshalText() ([]byte, error) {
	if s.IsZero() {
		return nil, nil
	}
	return []byte(s.String()), nil
}

// UnmarshalText reads ParseSpan's form; empty is the missing span.
func (s *Span) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*s = Span{}
		return nil
	}
	v, err := ParseSpan(string(b))
	if err != nil {
		return err
	}
	*s = v
	return nil
}
