package csvio

import (
	"fmt"
	"strings"
	"testing"

	"polku/internal/civil"
)

// marksOf says what a list tells, a line for each person and day.
func marksOf(l *AttendanceList) string {
	var out []string
	for i := range l.Rows {
		r := &l.Rows[i]
		out = append(out, fmt.Sprintf("%s %s %s%s", l.People[r.Person].Name, r.Day, r.Kind, r.Reason))
	}
	return strings.Join(out, "\n")
}

const threeWeeks = `Pekka K. 2026-03-02 attendance
Pekka K. 2026-03-04 absencesick
Liisa M. 2026-03-03 attendance
Pekka K. 2026-03-09 attendance
Liisa M. 2026-03-13 attendance
Liisa M. 2026-03-16 attendance`

// A wall list of a week under another: each mark stands on the day of its own week, however the weeks are told.
func TestAWallListInWeekBlocks(t *testing.T) {
	for name, text := range map[string]string{
		"days in each header": "Työpaja Puistoaho 2026;;;;;;\nNimi;ma 2.3.;ti 3.3.;ke 4.3.;to 5.3.;pe 6.3.;yht\nPekka K.;x;;s;;;1\nLiisa M.;;x;;;;1\n;;;;;;\n" +
			"Nimi;ma 9.3.;ti 10.3.;ke 11.3.;to 12.3.;pe 13.3.;yht\nPekka K.;x;;;;;1\nLiisa M.;;;;;x;1\n" +
			"Nimi;ma 16.3.;ti 17.3.;ke 18.3.;to 19.3.;pe 20.3.;yht\nPekka K.;;;;;;\nLiisa M.;x;;;;;1\nx = läsnä, s = sairas;;;;;;\n",
		"weeks above weekdays": "Työpaja Puistoaho;;;;;\nViikko 10/2026;;;;;\nNimi;ma;ti;ke;to;pe\nPekka K.;x;;s;;\nLiisa M.;;x;;;\n;;;;;\n" +
			"Viikko 11;;;;;\nNimi;ma;ti;ke;to;pe\nPekka K.;x;;;;\nLiisa M.;;;;;x\nViikko 12;;;;;\nNimi;ma;ti;ke;to;pe\nLiisa M.;x;;;;\n",
		"the week in the header": "Närvaro 2026;;;;;\nvecka 10;mån;tis;ons;tors;fre\nPekka K.;x;;s;;\nLiisa M.;;x;;;\nvecka 11;mån;tis;ons;tors;fre\nPekka K.;x;;;;\nLiisa M.;;;;;x\n" +
			"vecka 12;mån;tis;ons;tors;fre\nLiisa M.;x;;;;\n",
	} {
		l, err := ReadAttendance(book(t, "lista.csv", []byte(text)), Options{Today: civil.MustParse("2026-04-07")})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := marksOf(l); got != threeWeeks {
			t.Errorf("%s:\n%s", name, got)
		}
		for _, q := range l.Questions {
			if q.Key == "import.ask.name_twice" || q.Key == "import.ask.week_year" {
				t.Errorf("%s: asked in vain: %+v", name, q)
			}
		}
		if len(l.People) != 2 {
			t.Errorf("%s: %d people", name, len(l.People))
		}
	}
}

// Weeks without a year are read as the latest that can be, and asked about; a person's choice wins.
func TestWeeksWithoutAYear(t *testing.T) {
	b := book(t, "lista.csv", []byte("Vko 52;;;;;\nNimi;ma;ti;ke;to;pe\nPekka K.;x;;;;\nVko 1;;;;;\nNimi;ma;ti;ke;to;pe\nPekka K.;x;;;;\n"))
	for year, opt := range map[string]Options{"2025-12-22 2025-12-29": {Today: civil.MustParse("2026-02-02")}, "2024-12-23 2024-12-30": {Year: 2024, Month: 12}} {
		l, err := ReadAttendance(b, opt)
		if err != nil {
			t.Fatal(err)
		}
		if got := l.Rows[0].Day.String() + " " + l.Rows[1].Day.String(); got != year {
			t.Errorf("%s, want %s", got, year)
		}
		asked := false
		for _, q := range l.Questions {
			asked = asked || q.Key == "import.ask.week_year"
		}
		if asked != (opt.Year == 0) {
			t.Errorf("%s: asked %v", year, asked)
		}
	}
	if _, err := ReadAttendance(b, Options{}); err == nil || !strings.Contains(err.Error(), "import.ask.year") {
		t.Errorf("%v", err)
	}
}

// A month across, with the weekdays above the days and the header again on the second page, is one matrix as before.
func TestAMonthIsNoWeekBlock(t *testing.T) {
	text := "Vko;9;;;;10\n;ma;ti;ke;to;pe;ma;ti;ke\nNimi;2.3.;3.3.;4.3.;5.3.;6.3.;9.3.;10.3.;11.3.\nPekka K.;x;;;;;x;;\nNimi;2.3.;3.3.;4.3.;5.3.;6.3.;9.3.;10.3.;11.3.\nLiisa M.;;x;;;;;;x\n"
	l, err := ReadAttendance(book(t, "maaliskuu 2026.csv", []byte(text)), Options{})
	if err != nil || marksOf(l) != "Pekka K. 2026-03-02 attendance\nPekka K. 2026-03-09 attendance\nLiisa M. 2026-03-03 attendance\nLiisa M. 2026-03-11 attendance" {
		t.Errorf("%v\n%s", err, marksOf(l))
	}
}
