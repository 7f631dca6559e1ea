package ruleset

import "polku/internal/civil"

// Holidays is the pack of Finnish holidays.
const Holidays = "holidays-fi"

// Easter Sunday of a year of the Gregorian calendar (Gauss's rule in the form of Meeus and Butcher).
func Easter(year int) civil.Date {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return civil.New(year, n/31, n%31+1)
}

// On gives the holiday's day in a year.
func (h Holiday) On(year int) civil.Date {
	if h.Easter != nil {
		return Easter(year) + civil.Date(*h.Easter)
	}
	d := civil.New(year, h.Month, h.Day)
	if h.Weekday != 0 {
		d += civil.Date((h.Weekday - d.Weekday() + 7) % 7)
	}
	return d
}

// HolidayDates gives the holidays and eves of a year in the pack's order; weekends among them too.
func HolidayDates(p *Pack, year int) []civil.Date {
	if p == nil {
		return nil
	}
	days := make([]civil.Date, 0, len(p.Holidays))
	for _, h := range p.Holidays {
		days = append(days, h.On(year))
	}
	return days
}

// Calendar makes the calendar of working days of fromYear..toYear: Finnish holidays with eves, and a unit's
// closing days. Outside those years only weekends are free.
func Calendar(s *Set, fromYear, toYear int, closing []civil.Date) *civil.Calendar {
	closed := append([]civil.Date(nil), closing...)
	for y := fromYear; y <= toYear; y++ {
		closed = append(closed, HolidayDates(s.Pack(Holidays), y)...)
	}
	return civil.NewCalendar(closed)
}
