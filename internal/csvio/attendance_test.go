package csvio

import (
	"fmt"
	"strings"
	"testing"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/fault"
)

func wall(t testing.TB, name, text string, opt Options) *AttendanceList {
	t.Helper()
	return attendanceOf(t, book(t, name, []byte(text)), opt)
}

func (l *AttendanceList) asks(key string) bool {
	for _, p := range l.Questions {
		if p.Key == key {
			return true
		}
	}
	return false
}

func TestWallListWithoutItsMonthIsAskedAndAnswered(t *testing.T) {
	const text = "Nimi;1;2;3;4;5\nPekka K.;x;;x;;\nLiisa V.;;p;;x;3,5\n"
	l := wall(t, "lasnaolot.csv", text, Options{})
	if !l.asks("import.ask.year_month") || !l.Rows[0].Blocked() || !l.asks("import.ask.day_length") {
		t.Errorf("%+v", l.Questions)
	}
	l = wall(t, "lasnaolot.csv", text, Options{Year: 2024, Month: 2, DayMinutes: 300})
	if l.Rows[0].Day != civil.New(2024, 2, 1) || l.Rows[0].Minutes != 300 || l.Rows[0].Blocked() || l.asks("import.ask.year_month") {
		t.Errorf("%+v", l.Rows[0])
	}
	if r := l.Rows[4]; r.Minutes != 210 || r.Col != 5 || r.Row != 3 {
		t.Errorf("%+v", r)
	}
}

func TestMonthIsFoundInTitleFileOrSheet(t *testing.T) {
	const table = "Nimi;1;2;3;4;5\nPekka K.;x;;x;;\n"
	for _, c := range []struct{ name, text string }{
		{"a.csv", "Läsnäolot helmikuu 2024;;;;;\n" + table}, {"a.csv", "Närvaro februari 2024;;;;;\n" + table}, {"a.csv", "2/2024;;;;;\n" + table},
		{"lasnaolot 2024-02.csv", table}, {"202402.csv", table}, {"helmikuu_2024.csv", table}, {"paja 02.2024.csv", table}, {"lista 2024.csv", "Helmikuu;;;;;\n" + table},
		{"a.csv", strings.Replace(table, "1;2;3;4;5", "to 1.2.2024;pe 2.2.2024;la 3.2.2024;su 4.2.2024;ma 5.2.2024", 1)},
		{"2024.csv", strings.Replace(table, "1;2;3;4;5", "1.2.;2.2.;3.2.;4.2.;5.2.", 1)},
	} {
		if l := wall(t, c.name, c.text, Options{}); l.Rows[0].Day != civil.New(2024, 2, 1) || l.Rows[1].Day != civil.New(2024, 2, 3) {
			t.Errorf("%s %q: %v", c.name, c.text, l.Rows[0].Day)
		}
	}
	l := wall(t, "2024.csv", "Nimi;pe 1.2.;la 2.2.;su 3.2.\nPekka K.;x;;x\n", Options{})
	if !l.asks("import.ask.weekdays_differ") {
		t.Error("weekdays of another year are not noticed")
	}
	l = wall(t, "talvi 2023.csv", "Nimi;28.12.;29.12.;2.1.;3.1.\nPekka K.;x;x;x;x\n", Options{})
	if l.Rows[2].Day != civil.New(2024, 1, 2) {
		t.Error(l.Rows[2].Day)
	}
}

func TestLegendOfTheSheetWins(t *testing.T) {
	for _, legend := range []string{
		"p = paikalla (5 h), l = luvaton, o = etänä, k = lapsi sairas;;;;;",
		"p=paikalla (5 h) l=luvaton o=etänä k=lapsi sairas;;;;;",
		"p: paikalla (5 h), l: luvaton, o: etänä, k: lapsen sairaus;;;;;",
		"p;paikalla (5 h);;;;\nl;luvaton poissaolo;;;;\no;etänä;;;;\nk;lapsi sairaana;;;;",
	} {
		for _, text := range []string{
			"Maaliskuu 2026;;;;;\n" + legend + "\nNimi;2;3;4;5;6\nPekka K.;p;l;o;k;P\n",
			"Maaliskuu 2026;;;;;\nNimi;2;3;4;5;6\nPekka K.;p;l;o;k;P\n;;;;;\n" + legend + "\n",
		} {
			l := wall(t, "a.csv", text, Options{})
			got := ""
			for _, r := range l.Rows {
				got += fmt.Sprint(r.Kind, r.Mode, r.Reason, r.Minutes, " ")
			}
			if want := "attendanceon_site300 absenceunexplained0 attendanceremote300 absencechild_sick0 attendanceon_site300 "; got != want || len(l.People) != 1 {
				t.Errorf("%q:\n%s, want\n%s", text, got, want)
			}
		}
	}
}

func TestMarksOfManyHabits(t *testing.T) {
	k := newMarks(Options{})
	for mark, want := range map[string]string{
		"x": "here 0", " X ": "here 0", "x!": "here 0", "✓": "here 0", "läsnä": "here 0", "x 5": "here 300", "x4,5": "here 270", "4,5": "here 270", "4.5 h": "here 270", "4 h 30 min": "here 270",
		"9-13": "here 240", "9.00–13.30": "here 270", "E": "remote 0", "e 3": "remote 180", "etänä 4 h": "remote 240", "s": "sick 0", "S.": "sick 0", "s (kuume)": "sick 0",
		"lapsi sairaana": "child_sick 0", "p": "unexplained 0", "-": "unexplained 0", "poissa ilmoitettu": "other_accepted 0", "lääkäri": "other_accepted 0", "h": "job_interview 0",
		"peruttu": "service_cancelled_by_organiser 0", "0": "unexplained 0", "ö": "?", "1234": "?", "sjuk": "sick 0", "distans": "remote 0",
	} {
		m, minutes, ok := k.read(Cell{Text: mark})
		got := "?"
		switch {
		case !ok:
		case m.Mode == entry.Remote:
			got = fmt.Sprint("remote ", minutes)
		case m.Present:
			got = fmt.Sprint("here ", minutes)
		default:
			got = fmt.Sprint(m.Reason, " ", minutes)
		}
		if got != want {
			t.Errorf("%q: %s, want %s", mark, got, want)
		}
	}
}

func TestOnesMeanPresentNotOneHour(t *testing.T) {
	l := wall(t, "2026-03.csv", "Nimi;2;3;4;5;6;yht\nPekka K.;1;1;;;1;3\nLiisa V.;;1;;;;1\n", Options{})
	if len(l.Rows) != 4 || l.Rows[0].Minutes != 0 || !l.asks("import.ask.day_length") {
		t.Errorf("%+v", l.Rows)
	}
}

func TestDaysDownAndNamesAcross(t *testing.T) {
	l := wall(t, "a.csv", "Läsnäolot;;\nPvm;Pekka K.;Liisa V.\n2.3.2026;x;\n3.3.2026;;s\n4.3.2026;x;x\n5.3.2026;4,5;\n", Options{})
	if len(l.People) != 2 || len(l.Rows) != 5 || l.Summary.Present != 4 {
		t.Fatalf("%+v %+v", l.People, l.Rows)
	}
	for _, r := range l.Rows {
		if r.Raw == "s" && (r.Row != 4 || r.Col != 2 || l.People[r.Person].Name != "Liisa V." || r.Day != civil.New(2026, 3, 3)) {
			t.Errorf("%+v", r)
		}
	}
}

func TestLongTableOfOtherWords(t *testing.T) {
	l := wall(t, "a.csv", "Närvaro våren 2020\nDatum,Grupp,Efternamn,Förnamn,Närvarande,Timmar\n2020-03-02,Matlag,Öhman,Änni,ja,4.5\n2020-03-02,Matlag,Berg,Ulla,nej,\n2020-03-09,Matlag,Öhman,Änni,,3\n2020-03-09,Matlag,Berg,Ulla,,\n2020-03-09,Matlag,Öhman,Änni,,3\nTotalt,,,,,10.5\n", Options{})
	if len(l.Rows) != 5 || len(l.People) != 2 || len(l.Groups) != 1 || l.Summary.Present != 3 || l.Summary.Absent != 1 {
		t.Fatalf("%+v %+v", l.Summary, l.Rows)
	}
	if r := l.Rows[0]; r.Minutes != 270 || l.People[r.Person].Name != "Öhman Änni" || r.Day != civil.New(2020, 3, 2) {
		t.Errorf("%+v", r)
	}
	if !l.Rows[3].Blocked() || !l.Rows[4].Duplicate {
		t.Error("a row without a mark, or a repeated one, passes unnoticed")
	}
	l = wall(t, "a.csv", "Pvm;Asiakas;Läsnä\n2.3.2020;Virtanen Matti;k\n2.3.2020;Aalto Eva;e\n", Options{})
	if l.Rows[1].Kind != entry.KindAbsence || l.People[1].Name != "Aalto Eva" {
		t.Errorf("k/e: %+v", l.Rows)
	}
	l = wall(t, "a.csv", "Pvm;Nimi;Tunnit\n3/16/2020;Virtanen Matti;4\n3/4/2020;Virtanen Matti;4\n", Options{})
	if l.Rows[1].Day != civil.New(2020, 3, 4) || !l.asks("import.ask.month_first") {
		t.Errorf("American days: %+v", l.Rows)
	}
}

func TestCountsWithoutDaysAreRefused(t *testing.T) {
	_, err := ReadAttendance(book(t, "a.csv", []byte("Nimi;tammikuu;helmikuu;maaliskuu\nVirtanen Matti;8;9;7\nAalto Eva;4;4;4\n")), Options{})
	if f, ok := err.(*fault.Error); !ok || f.Key != "import.attendance.counts" {
		t.Error(err)
	}
}

func TestFactsBeyondLimitsAreRemarkedNotRefused(t *testing.T) {
	cal := civil.NewCalendar([]civil.Date{civil.New(2026, 5, 1)})
	l := wall(t, "2026-05.csv", "Nimi;1;2;4;5;6;7;8\nPekka K.;4;4;4;4;4;4;3\n", Options{Calendar: cal, Today: civil.New(2026, 5, 7)})
	got := ""
	for _, r := range l.Rows {
		for _, p := range r.Problems {
			got += strings.TrimPrefix(p.Key, "import.") + " "
		}
		if r.Blocked() {
			t.Error("refused")
		}
	}
	if want := "remark.holiday remark.weekend ask.future_day remark.short_day remark.days_in_week "; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestMatchName(t *testing.T) {
	all := []PersonName{{"1", "Korhonen", "Pekka"}, {"2", "Kinnunen", "Pekka Olavi"}, {"3", "Åkerlund", "Zahra"}, {"4", "von Essen", "Carl"}, {"5", "Virtanen", "Anna-Maria"}}
	for short, want := range map[string]string{
		"Zahra Å.": "3 true", "zahra a": "3 true", "Pekka K.": "1 2", "Pekka Ko": "1 true", "Pekka": "1 2", "Korhonen P": "1 true", "P. Kinnunen": "2 true", "Kinnunen Pekka": "2 true",
		"Pekka Kinnunen": "2 true", "Carl v": "4 true", "Carl E.": "4 true", "Anna-Maria V": "5 true", "Zahra": "3 false", "Åkerlund": "3 false", "Matti M.": "", "": "",
	} {
		got := ""
		ms := MatchName(short, all)
		for _, m := range ms {
			got += m.ID + " "
		}
		if len(ms) == 1 {
			got += fmt.Sprint(ms[0].Sure)
		}
		if strings.TrimSpace(got) != want {
			t.Errorf("%q: %s, want %s", short, got, want)
		}
	}
}
