package csvio

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"polku/internal/i18n"
)

// mendable says which cells a row's problems name, as "column letter field".
func mendable(all []Mend) string {
	words := make([]string, len(all))
	for i, m := range all {
		words[i] = ColumnName(m.Col) + " " + string(m.Field)
	}
	return strings.Join(words, ", ")
}

// A problem names the cells in which a person can put it right, and a mended cell is read like any other.
func TestAProblemNamesTheCellsToMend(t *testing.T) {
	b := book(t, "a.csv", []byte("Sukunimi;Etunimi;Hetu;Puhelin;Sähköposti;Alkoi;Päättyi;Mihin siirtyi\n"+
		"Virtanen;Matti;091095-915X;040 1234567;matti@example.fi;1.1.2020;;\n"+
		";;;040 7654321;;1.1.2020;;\n"+
		"Ojala;Pia;180873-994Y;ei tiedossa;pia(at)example.fi;32.1.2020;;\n"+
		"Niemi;Ari;010190-9090;040 7654322;;1.6.2020;1.3.2020;töihin\n"+
		"Salo;Ida;110292-911U;040 7654323;;1.6.2020;;\n"))
	l := clientsOf(t, b, Options{})
	for i, want := range []string{"C identity_code", "C identity_code, A last_name, B first_name", "D phone, E email, F start", "F start, G end", ""} {
		if got := mendable(l.Mends(&l.Rows[i])); got != want {
			t.Errorf("row %d: %q, want %q; %+v", l.Rows[i].Row, got, want, l.Rows[i].Problems)
		}
	}
	l = clientsOf(t, b, Options{Cells: map[Ref]string{{"", 2, 2}: "091095-915W", {"", 4, 3}: "040 555 1234", {"", 4, 4}: "", {"", 4, 5}: "31.1.2020", {"", 3, 0}: "Aalto"}})
	for i, want := range []string{"", "C identity_code", "", "F start, G end", ""} {
		if got := mendable(l.Mends(&l.Rows[i])); got != want {
			t.Errorf("mended row %d: %q, want %q", l.Rows[i].Row, got, want)
		}
	}
	if r := l.Rows[0]; r.Code != "091095-915W" || !r.Mended || r.Raw[2] != "091095-915X" {
		t.Errorf("the row as the file has it names it, whatever was mended: %+v", r)
	}
	if r := l.Rows[1]; r.Blocked() || r.LastName != "Aalto" || l.Rows[4].Mended {
		t.Errorf("%+v", r)
	}
	if got := b.Text(Ref{"", 4, 5}) + b.Text(Ref{"", 99, 0}) + b.Text(Ref{"x", 4, 5}); got != "32.1.2020" {
		t.Errorf("%q", got)
	}
}

func TestAProblemOfADayNamesItsCells(t *testing.T) {
	b := book(t, "a.csv", []byte("Asiakas;Läsnä;Päivä;Tunnit\nPekka K.;x;32.3.2026;4\nPekka K.;x;2.3.2026;neljä tuntia kai\nPekka K.;§;3.3.2026;4\nPekka K.;x;4.3.2026;24\n"))
	l, err := ReadAttendance(b, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"C day", "D hours", "B mark", "D hours"} {
		if got := mendable(l.Mends(&l.Rows[i])); got != want {
			t.Errorf("row %d: %q, want %q", l.Rows[i].Row, got, want)
		}
	}
	l, err = ReadAttendance(b, Options{Cells: map[Ref]string{{"", 2, 2}: "31.3.2026"}})
	if err != nil || l.Rows[0].Day.String() != "2026-03-31" || !l.Rows[0].Mended || strings.Join(l.Rows[0].Line(), " ") != "Pekka K. x 32.3.2026 4" {
		t.Errorf("%v %+v", err, l.Rows[0])
	}
	wall := book(t, "maaliskuu 2026.csv", []byte("Nimi;2.3.;3.3.;4.3.;5.3.;6.3.\nPekka K.;x;§;x;x;\nLiisa M.;x;x;x;;\n"))
	l, err = ReadAttendance(wall, Options{})
	if err != nil || mendable(l.Mends(&l.Rows[1])) != "C mark" {
		t.Fatalf("%v %+v", err, l.Rows[1])
	}
	l, err = ReadAttendance(wall, Options{Cells: map[Ref]string{{"", 2, 2}: "x"}})
	if err != nil || l.Rows[1].Blocked() || !l.Rows[1].Mended {
		t.Errorf("%v %+v", err, l.Rows[1])
	}
}

func TestCommentsOfCellsAreCounted(t *testing.T) {
	f := excelize.NewFile()
	f.SetSheetRow("Sheet1", "A1", &[]any{"Nimi", "Hetu", "Aloitti"})
	f.SetSheetRow("Sheet1", "A2", &[]any{"Virtanen Matti", "", "1.1.2020"})
	for _, cell := range []string{"A2", "C2"} {
		if err := f.AddComment("Sheet1", excelize.Comment{Cell: cell, Author: "KV", Text: "soita ensin äidille"}); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	l := clientsOf(t, book(t, "a.xlsx", out.Bytes()), Options{})
	if len(l.Questions) != 1 || l.Questions[0].Say(i18n.FI) != "Taulukossa Sheet1 on 2 solun kommenttia. Kommentteja ei lueta: katso ne Excelissä." {
		t.Errorf("%+v", l.Questions)
	}
	if text := fmt.Sprint(l.Rows); strings.Contains(text, "äidille") {
		t.Error("a comment was read")
	}
}
