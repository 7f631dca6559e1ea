package i18n

import (
	"fmt"
	"strconv"

	"polku/internal/civil"
)

var weekdays = map[Lang][8]string{
	FI: {"", "ma", "ti", "ke", "to", "pe", "la", "su"},
	SV: {"", "mån", "tis", "ons", "tors", "fre", "lör", "sön"},
	EN: {"", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"},
}

var months = map[Lang][13]string{
	FI: {"", "tammikuu", "helmikuu", "maaliskuu", "huhtikuu", "toukokuu", "kesäkuu", "heinäkuu", "elokuu", "syyskuu", "lokakuu", "marraskuu", "joulukuu"},
	SV: {"", "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"},
	EN: {"", "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"},
}

// Weekday is the short name of a day's weekday: ma, mån, Mon.
func (l Lang) Weekday(d civil.Date) string { return weekdays[l][d.Weekday()] }

// Day is the day with its year as people write it: 1.3.2026 (fi, sv), 1 March 2026 (en). Missing: "".
func (l Lang) Day(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	y, m, day := d.Parts()
	if l == EN {
		return fmt.Sprintf("%d %s %d", day, months[EN][m], y)
	}
	return strconv.Itoa(day) + "." + strconv.Itoa(m) + "." + strconv.Itoa(y)
}

// DayShort is the day without its year, with its weekday: ma 1.3., Mon 1 Mar.
func (l Lang) DayShort(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	_, m, day := d.Parts()
	if l == EN {
		return fmt.Sprintf("%s %d %s", l.Weekday(d), day, months[EN][m][:3])
	}
	return l.Weekday(d) + " " + strconv.Itoa(day) + "." + strconv.Itoa(m) + "."
}

// MonthName is the name of a month 1–12.
func (l Lang) MonthName(m int) string { return months[l][m] }

// Clock is a minute of the day: 9.05 (fi), 9:05 (sv, en).
func (l Lang) Clock(minute int) string {
	sep := ":"
	if l == FI {
		sep = "."
	}
	tens := ""
	if minute%60 < 10 {
		tens = "0"
	}
	return strconv.Itoa(minute/60) + sep + tens + strconv.Itoa(minute%60)
}

// Length is a duration in minutes: 45 min, 1 h 30 min.
func (l Lang) Length(minutes int) string {
	h, m := minutes/60, minutes%60
	switch {
	case h == 0:
		return fmt.Sprintf("%d min", m)
	case m == 0:
		return fmt.Sprintf("%d h", h)
	}
	return fmt.Sprintf("%d h %d min", h, m)
}

// Euro is an amount of whole cents: 25 031,25 € (fi, sv), €25,031.25 (en). The spaces do not break.
func (l Lang) Euro(cents int64) string {
	sign := ""
	if cents < 0 {
		sign, cents = "−", -cents
	}
	whole, part := strconv.FormatInt(cents/100, 10), fmt.Sprintf("%02d", cents%100)
	if l == EN {
		return sign + "€" + group(whole, ",") + "." + part
	}
	return sign + group(whole, "\u00a0") + "," + part + "\u00a0€"
}

// Int is a whole number with its thousands apart.
func (l Lang) Int(n int) string {
	if l == EN {
		return group(strconv.Itoa(n), ",")
	}
	return group(strconv.Itoa(n), "\u00a0")
}

func group(digits, sep string) string {
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + sep + digits[i:]
	}
	return digits
}
