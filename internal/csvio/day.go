package csvio

import (
	"strconv"
	"strings"

	"polku/internal/civil"
)

// DayForm tells how a day was written.
type DayForm string

// Forms of days. Those after FormSerial leave something open and are asked about.
const (
	FormCell      DayForm = "cell"       // a real date of a spreadsheet
	FormDots      DayForm = "dots"       // 14.3.2016, 14.03.16, 14-3-2016
	FormISO       DayForm = "iso"        // 2016-03-14, 20160314
	FormWords     DayForm = "words"      // 14. maaliskuuta 2016, 14 mars 2016, March 14, 2016
	FormSlash     DayForm = "slash"      // 14/3/2016: the first part cannot be a month
	FormSerial    DayForm = "serial"     // 42443: the day number of a spreadsheet that lost its format
	FormAmbiguous DayForm = "ambiguous"  // 3/4/2016: read as 3 April unless told otherwise
	FormUS        DayForm = "us"         // 3/14/2016: the second part cannot be a month
	FormMonth     DayForm = "month"      // kesäkuu 2020, 6/2020: the first day is proposed
	FormWeek      DayForm = "week"       // vko 12/2016: its Monday is proposed
	FormYear      DayForm = "year"       // 2016: the first of January is proposed
	FormNoYear    DayForm = "no_year"    // 14.3.: the year is told by something else
	FormRough     DayForm = "rough"      // a day with other words around it: "n. 14.3.2016", "14.3.2016 alk."
	FormNone      DayForm = ""           // no day in it
	FormNotADay   DayForm = "impossible" // 31.2.2016
)

// sure tells whether a form needs no question.
func (f DayForm) sure() bool {
	switch f {
	case FormCell, FormDots, FormISO, FormWords, FormSlash, FormSerial:
		return true
	}
	return false
}

// dayHints tell what a day's text alone does not.
type dayHints struct {
	monthFirst bool // slashes are month/day/year in this file
	birth      bool // two-digit years lie in the past
	year       int  // for days without a year; 0 none
	pivot      int  // two-digit years above it are 1900s when birth; the year of today modulo 100
}

var monthStems = []struct {
	stem  string
	month int
}{
	{"tammi", 1}, {"helmi", 2}, {"maalis", 3}, {"huhti", 4}, {"touko", 5}, {"kesa", 6}, {"heina", 7}, {"elo", 8}, {"syys", 9},
	{"loka", 10}, {"marras", 11}, {"joulu", 12},
	{"jan", 1}, {"feb", 2}, {"mar", 3}, {"apr", 4}, {"maj", 5}, {"may", 5}, {"jun", 6}, {"jul", 7}, {"aug", 8}, {"sep", 9},
	{"okt", 10}, {"oct", 10}, {"nov", 11}, {"dec", 12},
}

// monthOf reads a month's name in Finnish, Swedish or English, folded; 0 when it is none.
func monthOf(word string) int {
	for _, m := range monthStems {
		rest, ok := strings.CutPrefix(word, m.stem)
		if !ok {
			continue
		}
		if len(m.stem) == 3 && m.stem != "elo" { // Swedish and English: jan, januari, january
			switch rest {
			case "", "uari", "uary", "ruari", "ruary", "s", "ch", "il", "i", "e", "y", "usti", "ust", "t", "tember", "ober", "ember":
				return m.month
			}
			continue
		}
		if rest == "" || strings.HasPrefix(rest, "kuu") || rest == "k" {
			return m.month
		}
	}
	return 0
}

// readDay finds the day that a cell tells. The form says how sure it is.
func readDay(c Cell, h dayHints) (civil.Date, DayForm) {
	if !c.Day.IsZero() {
		return c.Day, FormCell
	}
	if c.Number {
		if c.Value >= 1900 && c.Value < 2200 && c.Value == float64(int(c.Value)) {
			return civil.New(int(c.Value), 1, 1), FormYear
		}
		if c.Value >= 19000101 && c.Value < 22000000 {
			return readDayText(strconv.Itoa(int(c.Value)), h)
		}
		if d, ok := serialDay(c.Value, false); ok && c.Value >= 4000 {
			return d, FormSerial
		}
	}
	return readDayText(c.Text, h)
}

// readDayText is readDay for text.
func readDayText(s string, h dayHints) (civil.Date, DayForm) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > 80 {
		return 0, FormNone
	}
	parts := tokens(s)
	if len(parts) > 24 {
		return 0, FormNone
	}
	// weekday names, "klo", "pvm" and clock times around a day say nothing about it
	for i := 0; i+4 < len(parts); i++ {
		if d, form, n := numericDay(parts[i:], h); form != FormNone {
			rough := i > 0 && !onlyNoise(parts[:i]) || !onlyNoise(parts[i+n:])
			if form == FormDots && rough || form == FormISO && rough {
				form = FormRough
			}
			return d, form
		}
	}
	if d, form := wordDay(parts, h); form != FormNone {
		return d, form
	}
	return shortDay(s, parts, h)
}

// token is a run of digits (n, its length), a word (folded) or one sign.
type token struct {
	kind byte // 'd' digits, 'w' word, or the sign itself
	n    int
	size int
	word string
}

func tokens(s string) []token {
	var out []token
	for i := 0; i < len(s); {
		c := s[i]
		j := i + 1
		switch {
		case c >= '0' && c <= '9':
			for j < len(s) && s[j] >= '0' && s[j] <= '9' {
				j++
			}
			n, err := strconv.Atoi(s[i:min(j, i+9)])
			if err != nil || j-i > 8 {
				n = -1
			}
			out = append(out, token{kind: 'd', n: n, size: j - i})
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0xC3:
			for j < len(s) && (s[j] >= 'a' && s[j] <= 'z' || s[j] >= 'A' && s[j] <= 'Z' || s[j] >= 0x80) {
				j++
			}
			if w := fold(s[i:j]); w != "" {
				out = append(out, token{kind: 'w', word: w})
			} else {
				out = append(out, token{kind: '-'}) // a dash of word processors
			}
		case c == ' ' || c == '\n':
		case c >= 0x80: // other dashes and signs
			for j < len(s) && s[j] >= 0x80 && s[j] < 0xC0 {
				j++
			}
			out = append(out, token{kind: '-'})
		default:
			out = append(out, token{kind: c})
		}
		i = j
	}
	return out
}

// numericDay reads D.M.Y, Y-M-D, D/M/Y or D-M-Y at the beginning of the tokens and tells how many it took.
func numericDay(t []token, h dayHints) (civil.Date, DayForm, int) {
	if len(t) < 5 || t[0].kind != 'd' || t[2].kind != 'd' || t[4].kind != 'd' || t[1].kind != t[3].kind {
		return 0, FormNone, 0
	}
	a, b, c := t[0], t[2], t[4]
	sep := t[1].kind
	if sep != '.' && sep != '-' && sep != '/' || a.n < 0 || b.n < 0 || c.n < 0 {
		return 0, FormNone, 0
	}
	if a.size == 4 && b.size <= 2 && c.size <= 2 {
		return date(a.n, b.n, c.n, FormISO, 5)
	}
	if a.size > 2 || b.size > 2 || c.size != 2 && c.size != 4 {
		return 0, FormNone, 0
	}
	year := fullYear(c, h)
	if sep != '/' {
		return date(year, b.n, a.n, FormDots, 5)
	}
	switch {
	case a.n > 12:
		return date(year, b.n, a.n, FormSlash, 5)
	case b.n > 12:
		return date(year, a.n, b.n, FormUS, 5)
	case a.n == b.n:
		return date(year, b.n, a.n, FormSlash, 5)
	case h.monthFirst:
		return date(year, a.n, b.n, FormAmbiguous, 5)
	}
	return date(year, b.n, a.n, FormAmbiguous, 5)
}

func date(year, month, day int, form DayForm, took int) (civil.Date, DayForm, int) {
	d, ok := realDay(year, month, day)
	if !ok {
		return 0, FormNotADay, took
	}
	return d, form, took
}

// realDay is the day when there is one between 1850 and 2199.
func realDay(year, month, day int) (civil.Date, bool) {
	if month < 1 || month > 12 || day < 1 || day > 31 || year < 1850 || year > 2199 {
		return 0, false
	}
	d := civil.New(year, month, day)
	_, m, _ := d.Parts()
	return d, m == month
}

// fullYear makes 20 into 2020. A birth year lies in the past; other two-digit years above 80 are 1900s.
func fullYear(t token, h dayHints) int {
	if t.size == 4 {
		return t.n
	}
	limit := 80
	if h.birth {
		limit = h.pivot
		if limit == 0 {
			limit = 30
		}
	}
	if t.n > limit {
		return 1900 + t.n
	}
	return 2000 + t.n
}

// onlyNoise tells whether tokens add nothing to a day: weekday names, "klo", a clock time, signs.
func onlyNoise(t []token) bool {
	for i, k := range t {
		switch k.kind {
		case 'w':
			switch k.word {
			case "ma", "ti", "ke", "to", "pe", "la", "su", "klo", "pvm", "kl", "t", "z", "man", "tis", "ons", "tors", "fre", "lor", "son", "mon", "tue",
				"wed", "thu", "fri", "sat", "sun", "maanantai", "tiistai", "keskiviikko", "torstai", "perjantai", "lauantai", "sunnuntai",
				"den", "s", "synt", "f", "fodd":
			default:
				return false
			}
		case 'd': // only as a clock time
			if k.n < 0 || k.n > 60 || !(i+1 < len(t) && (t[i+1].kind == ':' || t[i+1].kind == '.') || i > 0 && (t[i-1].kind == ':' || t[i-1].kind == '.')) {
				return false
			}
		case '.', ',', ':', '(', ')':
		default:
			return false
		}
	}
	return true
}

// wordDay reads a day or month in words: 14. maaliskuuta 2016, March 14, 2016, kesäkuu 2020, 2020 kesä.
func wordDay(t []token, h dayHints) (civil.Date, DayForm) {
	month, at := 0, 0
	for i, k := range t {
		if k.kind == 'w' {
			if m := monthOf(k.word); m != 0 {
				month, at = m, i
				break
			}
		}
	}
	if month == 0 {
		return 0, FormNone
	}
	day, year := 0, 0
	for i, k := range t {
		if k.kind != 'd' {
			continue
		}
		switch {
		case k.size == 4 && k.n >= 1850 && k.n < 2200 && year == 0:
			year = k.n
		case k.size <= 2 && day == 0 && (i >= at-2 && i < at || i == at+1):
			day = k.n
		case k.size == 2 && year == 0 && i > at:
			year = fullYear(k, h)
		}
	}
	form := FormWords
	if year == 0 {
		if year = h.year; year == 0 {
			return 0, FormNoYear
		}
		form = FormNoYear
	}
	if day == 0 {
		return civil.New(year, month, 1), FormMonth
	}
	d, form, _ := date(year, month, day, form, 0)
	return d, form
}

// shortDay reads what is less than a whole day: 20160314, 6/2020, 6.2020, vko 12/2016, 2016, 14.3., and day
// numbers of spreadsheets that became text.
func shortDay(s string, t []token, h dayHints) (civil.Date, DayForm) {
	if len(t) == 1 && t[0].kind == 'd' {
		switch n := t[0].n; {
		case t[0].size == 8 && n >= 18500101 && n < 22000000:
			d, form, _ := date(n/10000, n/100%100, n%100, FormISO, 0)
			return d, form
		case t[0].size == 4 && n >= 1900 && n < 2200:
			return civil.New(n, 1, 1), FormYear
		case t[0].size == 5 && n >= 4000:
			if d, ok := serialDay(float64(n), false); ok {
				return d, FormSerial
			}
		}
		return 0, FormNone
	}
	if len(t) >= 1 && t[0].kind == 'w' && (hasWord(t[0].word, "vko", "viikko", "vk", "vecka", "week") || t[0].word == "v") {
		return weekDay(t, h)
	}
	if len(t) == 3 && t[0].kind == 'd' && t[2].kind == 'd' && t[2].size == 4 && (t[1].kind == '/' || t[1].kind == '.' || t[1].kind == '-') &&
		t[0].n >= 1 && t[0].n <= 12 && t[2].n >= 1850 && t[2].n < 2200 {
		return civil.New(t[2].n, t[0].n, 1), FormMonth
	}
	if len(t) == 3 && t[0].kind == 'd' && t[0].size == 4 && t[1].kind == '-' && t[2].kind == 'd' && t[2].n >= 1 && t[2].n <= 12 && t[0].n >= 1850 && t[0].n < 2200 {
		return civil.New(t[0].n, t[2].n, 1), FormMonth
	}
	// 14.3. or "ma 14.3." without a year
	for len(t) > 0 && t[0].kind == 'w' && onlyNoise(t[:1]) {
		t = t[1:]
		if len(t) > 0 && t[0].kind == '.' {
			t = t[1:]
		}
	}
	if (len(t) == 3 || len(t) == 4 && t[3].kind == '.') && t[0].kind == 'd' && t[1].kind == '.' && t[2].kind == 'd' && t[2].size <= 2 && t[0].size <= 2 {
		if h.year == 0 {
			if _, ok := realDay(2000, t[2].n, t[0].n); !ok {
				return 0, FormNone
			}
			return 0, FormNoYear
		}
		d, form, _ := date(h.year, t[2].n, t[0].n, FormNoYear, 0)
		return d, form
	}
	return 0, FormNone
}

func weekDay(t []token, h dayHints) (civil.Date, DayForm) {
	week, year := 0, h.year
	for _, k := range t {
		switch {
		case k.kind != 'd':
		case k.size == 4:
			year = k.n
		case week == 0:
			week = k.n
		}
	}
	if week < 1 || week > 53 || year < 1900 || year > 2199 {
		return 0, FormNone
	}
	return civil.New(year, 1, 4).Monday() + civil.Date(7*(week-1)), FormWeek // ISO 8601: 4 January is in week 1
}

// birthdayIn finds a birthday told in a note: "s. 11.11.1979", "synt. 11.11.1979", "född 11.11.1979", "born 1979-11-11".
func birthdayIn(note string, h dayHints) civil.Date {
	h.birth = true
	t := tokens(note)
	for i, k := range t {
		if k.kind != 'w' {
			continue
		}
		switch k.word {
		case "s", "synt", "syntynyt", "syntymaaika", "syntaika", "f", "fodd", "fodelsedag", "born", "dob", "b":
		default:
			continue
		}
		for j := i + 1; j < len(t) && j <= i+3; j++ {
			if d, form, _ := numericDay(t[j:], h); form == FormDots || form == FormISO {
				return d
			}
			if t[j].kind == 'd' {
				break
			}
		}
	}
	return 0
}

// DayOf gives the day that a cell tells, of this century; zero when it tells none for sure.
func DayOf(c Cell) civil.Date {
	d, form := readDay(c, dayHints{})
	if !form.sure() {
		return 0
	}
	return d
}
