package csvio

import (
	"math"
	"strconv"
	"strings"
)

// readNumber reads a number with a decimal comma or point.
func readNumber(c Cell) (float64, bool) {
	if c.Number {
		return c.Value, true
	}
	s := strings.Replace(strings.TrimSpace(c.Text), ",", ".", 1)
	if s == "" || len(s) > 12 || strings.Trim(s, "0123456789.-") != "" {
		return 0, false
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// readMinutes reads a length as people write hours: 4, "4,5", "4.5", "4 h", "4,5t", "4 h 30 min", "4:30", "30 min",
// "9–13", "9.00–13.30". ok is false when it is no length or more than a day.
func readMinutes(c Cell) (minutes int, ok bool) {
	if v, isNumber := readNumber(c); isNumber {
		m := int(math.Round(v * 60))
		return m, v >= 0 && m <= 24*60
	}
	s := strings.ToLower(strings.TrimSpace(c.Text))
	if s == "" || len(s) > 30 {
		return 0, false
	}
	if from, to, found := clockSpan(s); found {
		return to - from, to > from
	}
	for _, unit := range []string{"tuntia", "tunti", "timmar", "timme", "hours", "hour", "tim", "hrs", "h", "t"} {
		if head, rest, found := strings.Cut(s, unit); found {
			h, isNumber := readNumber(Cell{Text: strings.TrimSpace(head)})
			if !isNumber || h < 0 || h > 24 {
				return 0, false
			}
			rest = strings.TrimSpace(strings.TrimSuffix(strings.TrimRight(strings.TrimSpace(rest), "."), "min"))
			extra := 0
			if rest != "" {
				n, err := strconv.Atoi(rest)
				if err != nil || n < 0 || n > 59 {
					return 0, false
				}
				extra = n
			}
			m := int(math.Round(h*60)) + extra
			return m, m <= 24*60
		}
	}
	if head, found := strings.CutSuffix(strings.TrimRight(s, "."), "min"); found {
		n, err := strconv.Atoi(strings.TrimSpace(head))
		return n, err == nil && n >= 0 && n <= 24*60
	}
	if h, m, found := strings.Cut(s, ":"); found {
		hours, err1 := strconv.Atoi(h)
		mins, err2 := strconv.Atoi(m)
		return hours*60 + mins, err1 == nil && err2 == nil && hours >= 0 && hours < 24 && mins >= 0 && mins < 60 && len(m) == 2
	}
	return 0, false
}

// clockSpan reads "9–13", "9.00-13.30", "klo 9:15 - 11" as minutes of the day.
func clockSpan(s string) (from, to int, ok bool) {
	s = strings.NewReplacer("klo", "", "kl.", "", "kl", "", "\u2013", "-", "\u2014", "-", "\u2212", "-", " ", "").Replace(strings.ToLower(s))
	a, b, found := strings.Cut(s, "-")
	if !found {
		return 0, 0, false
	}
	from, ok1 := clock(a)
	to, ok2 := clock(b)
	return from, to, ok1 && ok2 && from < to
}

func clock(s string) (int, bool) {
	h, m, has := strings.Cut(strings.Replace(s, ".", ":", 1), ":")
	hours, err := strconv.Atoi(h)
	if err != nil || hours < 0 || hours > 24 || len(h) > 2 {
		return 0, false
	}
	mins := 0
	if has {
		mins, err = strconv.Atoi(m)
		if err != nil || mins < 0 || mins > 59 || len(m) != 2 {
			return 0, false
		}
	}
	return hours*60 + mins, hours*60+mins <= 24*60
}
