package csvio

import (
	"testing"

	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/i18n"
	"polku/samples"
)

// The truths of the sample lists, counted by hand by those who made them.

func open(t testing.TB, name string) *Book {
	t.Helper()
	f, err := samples.FS.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	b, err := Read(name, f)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func clientsOf(t testing.TB, b *Book, opt Options) *ClientList {
	t.Helper()
	l, err := ReadClients(b, opt)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func attendanceOf(t testing.TB, b *Book, opt Options) *AttendanceList {
	t.Helper()
	l, err := ReadAttendance(b, opt)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func (r *ClientRow) says(key string) bool {
	for _, p := range r.Problems {
		if p.Key == key {
			return true
		}
	}
	return false
}

func row(t testing.TB, l *ClientList, lastName, firstNames string) *ClientRow {
	t.Helper()
	for i := range l.Rows {
		if l.Rows[i].LastName == lastName && l.Rows[i].FirstNames == firstNames {
			return &l.Rows[i]
		}
	}
	t.Fatalf("nobody called %s %s", firstNames, lastName)
	return nil
}

func TestRautavaara(t *testing.T) {
	b := open(t, "rautavaara-osallistujat-2020.csv")
	if b.Encoding != "Windows-1252" || b.Separator != ";" {
		t.Errorf("%s %q", b.Encoding, b.Separator)
	}
	l := clientsOf(t, b, Options{Today: civil.MustParse("2020-06-30")})
	if len(l.Rows) != 16 || l.People() != 15 {
		t.Errorf("%d rows, %d people", len(l.Rows), l.People())
	}
	if len(l.Skipped) != 0 { // the empty row is the last one
		t.Errorf("left out: %+v", l.Skipped)
	}
	last := l.Rows[15]
	if last.DuplicateOf != 2 || last.DuplicateWhy != DupCode || last.Phone != "+358403039259" || len(last.Differs) != 0 {
		t.Errorf("%+v", last)
	}
	if r := row(t, l, "Järvinen", "Veikko"); r.Code != "" || !r.says("hetu.check") || !r.says("import.ask.temporary_id") {
		t.Errorf("wrong check character: %+v", r.Problems)
	}
	if r := row(t, l, "Pitkänen", "Venla"); r.Code != "" || r.Birthday != civil.New(1979, 11, 11) || !r.says("import.ask.birthday_in_notes") || !r.says("import.ask.no_code") {
		t.Errorf("no code: %v %+v", r.Birthday, r.Problems)
	}
	if r := row(t, l, "Nieminen", "Aino"); r.Phone != "+358501234567" {
		t.Error(r.Phone)
	}
	if r := row(t, l, "Järvinen", "Lauri"); r.Start != civil.New(2020, 6, 1) || !r.says("import.ask.day_proposed") {
		t.Errorf("%v %+v", r.Start, r.Problems)
	}
	if r := row(t, l, "Kovalenko", "Katja"); !r.SafetyBan || len(r.BanWhere) != 1 || r.BanWhere[0] != "Huom" {
		t.Errorf("%+v", r.BanWhere)
	}
	if r := row(t, l, "Åkerlund", "Katja"); r.Notes != `tuli itse kysymään mukaan; "yksin kotona"` {
		t.Errorf("%q", r.Notes)
	}
	if r := row(t, l, "Turunen", "Åsa"); r.Email != "åsa@example.fi" {
		t.Error(r.Email)
	}
	if r := row(t, l, "Lehtonen", "Petri"); r.Language != "sv" || r.Mode != entry.Remote || r.DaysPerWeek != 1 || r.Municipality != "Rautavaara" {
		t.Errorf("%+v", r)
	}
	if r := row(t, l, "Kovalenko", "Päivi"); r.Code != "200580U934P" {
		t.Error("a code with a sign of 2023 is not read")
	}
	if len(l.Workers) != 3 || l.Summary.SafetyBans != 1 || l.Summary.WithoutCode != 2 {
		t.Errorf("%+v %+v", l.Workers, l.Summary)
	}
}

func TestRauma(t *testing.T) {
	b := open(t, "rauma-party-2018.xlsx")
	l := clientsOf(t, b, Options{})
	if len(l.Rows) != 253 || l.People() != 250 {
		t.Errorf("%d rows, %d people", len(l.Rows), l.People())
	}
	to := map[string]int{}
	for _, r := range l.Rows {
		if r.DuplicateOf < 0 {
			to[r.ExitTo]++
			if r.Source == "" || r.Language == "" || r.Start.IsZero() || r.Code == "" {
				t.Errorf("row %d: %+v", r.Row, r.Problems)
			}
		} else if len(r.Differs) > 0 || r.DuplicateWhy != DupCode {
			t.Errorf("row %d differs: %v", r.Row, r.Differs)
		}
	}
	for word, n := range map[string]int{"open-work": 17, "subsidised-work": 8, "education": 19, "apprenticeship": 6, "rehabilitation": 31, "pension": 14,
		"another-service": 58, "withdrew": 37, "moved": 9, "": 51} {
		if to[word] != n {
			t.Errorf("%q: %d, want %d", word, to[word], n)
		}
	}
	if l.Summary.GoingOn != 51 || l.Summary.Sheets[0].HeaderRow != 3 {
		t.Errorf("%+v", l.Summary)
	}
	if len(l.Workers) != 3 {
		t.Errorf("%+v", l.Workers)
	}
	why := map[string]int{}
	for _, s := range l.Skipped {
		why[s.Key]++
	}
	if why["import.skip.total"] != 1 || why["import.skip.empty"] != 3 {
		t.Errorf("%v", why)
	}

	a := attendanceOf(t, b, Options{Calendar: civil.NewCalendar([]civil.Date{civil.New(2016, 1, 6)})})
	ideas := 0
	for _, g := range a.Groups {
		if g.ClientIdea {
			ideas++
		}
		if g.Row == 0 || g.Weekday == 0 || g.From != 9*60 || g.To != 13*60 || g.Start.IsZero() || g.End.IsZero() || g.Max == 0 || len(g.Problems) > 0 {
			t.Errorf("%+v", g)
		}
	}
	if len(a.Groups) != 33 || ideas != 28 {
		t.Errorf("%d groups, %d ideas", len(a.Groups), ideas)
	}
	if len(a.Rows) != 4036 || a.Summary.Present != 3255 || a.Summary.Absent != 4036-3255 {
		t.Errorf("%d rows, %d present", len(a.Rows), a.Summary.Present)
	}
	halves, holidays := 0, 0
	for _, r := range a.Rows {
		if r.Blocked() || r.Day.IsZero() {
			t.Fatalf("row %d: %+v", r.Row, r.Problems)
		}
		if r.Minutes == 270 {
			halves++
		}
		for _, p := range r.Problems {
			if p.Key == "import.remark.holiday" {
				holidays++
			}
		}
	}
	if halves != 406 || holidays == 0 {
		t.Errorf("%d of four and a half hours, %d on a holiday", halves, holidays)
	}
}

func TestWorkAbilityClients(t *testing.T) {
	l := clientsOf(t, open(t, "tyokyky-asiakkaat.csv"), Options{})
	if l.People() != 270 || len(l.Rows) != 270 || len(l.Skipped) != 0 {
		t.Errorf("%d people, %d rows", l.People(), len(l.Rows))
	}
	r := l.Rows[0]
	if r.No != "S20058-001" || r.LastName != "Saarinen" || r.Start != civil.New(2016, 11, 11) || len(r.Phases) != 2 || r.Phases[1].Phase != "valmennus" ||
		r.End != civil.New(2017, 11, 11) || r.PositionBefore != "unemployed-over-500" || r.PositionAfter != "rehabilitation" || r.ExitTo != "rehabilitation" {
		t.Errorf("%+v", r)
	}
	to := map[string]int{}
	for _, r := range l.Rows {
		to[r.ExitTo]++
	}
	for word, n := range map[string]int{"job-seeking": 83, "education": 47, "pension": 37, "subsidised-work": 36, "open-work": 35, "rehabilitation": 32} {
		if to[word] != n {
			t.Errorf("%s: %d, want %d", word, to[word], n)
		}
	}
}

func TestPuistoaho(t *testing.T) {
	a := attendanceOf(t, open(t, "puistoaho-lasnaolot-2026-03.xlsx"), Options{})
	if len(a.People) != 14 || a.Summary.Present != 134 {
		t.Errorf("%d people, %d days", len(a.People), a.Summary.Present)
	}
	short, five := 0, 0
	for _, r := range a.Rows {
		if r.Day.IsZero() || r.Kind == "" {
			t.Fatalf("%+v", r)
		}
		for _, p := range r.Problems {
			switch p.Key {
			case "import.remark.short_day":
				short++
			case "import.remark.days_in_week":
				five++
			}
		}
		if r.Raw == "h" && r.Reason != entry.Interview || r.Raw == "l" && r.Reason != entry.ChildSick || r.Raw == "E" && r.Mode != entry.Remote ||
			r.Raw == "x" && r.Minutes != 240 || r.Raw == "4,5" && r.Minutes != 270 {
			t.Errorf("%+v", r)
		}
	}
	if short != 1 || five == 0 {
		t.Errorf("%d short days, %d fifth days", short, five)
	}
	if a.Summary.From != civil.New(2026, 3, 2) || a.Summary.To != civil.New(2026, 3, 31) {
		t.Error(a.Summary.From, a.Summary.To)
	}
	for _, m := range a.Marks {
		if !m.Sure {
			t.Errorf("asks about %q although the legend tells", m.Mark)
		}
	}
	foot := false
	for _, s := range a.Skipped {
		foot = foot || s.Row == 20 && s.Key == "import.skip.footnote"
	}
	if !foot {
		t.Errorf("%+v", a.Skipped)
	}
	for _, line := range a.Summary.Lines(i18n.FI) {
		t.Log(line)
	}
}
