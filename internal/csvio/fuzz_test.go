package csvio

import (
	"fmt"
	"strings"
	"testing"
	"unicode"

	"polku/internal/civil"
	"polku/samples"
)

// readAll reads bytes every way; whatever they are, it must neither panic nor leave control characters.
func readAll(t *testing.T, name string, data []byte) {
	if len(data) > 1<<20 {
		return
	}
	b, err := ReadBytes(name, data)
	if err != nil {
		return
	}
	for _, s := range b.Sheets {
		last := 0
		for _, r := range s.Rows {
			if r.No <= last {
				t.Fatal("rows are not in order")
			}
			last = r.No
			for _, c := range r.Cells {
				if strings.IndexFunc(c.Text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) >= 0 {
					t.Fatalf("control character left in %q", c.Text)
				}
			}
		}
	}
	opt := Options{Today: civil.New(2026, 3, 1)}
	if l, err := ReadClients(b, opt); err == nil {
		for i, r := range l.Rows {
			if r.DuplicateOf >= i {
				t.Fatal("a duplicate of a later row")
			}
		}
	}
	if l, err := ReadAttendance(b, opt); err == nil {
		for i, r := range l.Rows {
			for _, m := range l.Mends(&l.Rows[i]) {
				if m.Sheet != r.Sheet || m.Row != r.Row || m.Col < 0 {
					t.Fatalf("a cell to mend stands in another row: %+v of %+v", m, r)
				}
			}
			if r.Minutes < 0 || r.Minutes > 24*60 || r.Person >= len(l.People) || r.Group >= len(l.Groups) {
				t.Fatalf("%+v", r)
			}
		}
	}
}

func FuzzCSV(f *testing.F) {
	for _, name := range []string{samples.Rautavaara} {
		data, err := samples.FS.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("Nimi;1;2;3;4;5\nPekka K.;x;;\"x\n"))
	f.Add([]byte("Viikko 10;;;;\nNimi;ma;ti;ke;to\nPekka K.;x;;4,5;\nVko 11/2026;;;;\nNimi;ma;ti;ke;to\nPekka K.;;x;;s\n"))
	f.Add([]byte("Pvm,Asiakas,Läsnä\r2.3.2020,\"Virt\"anen,k\r"))
	f.Add([]byte("\xff\xfeN\x00i\x00m\x00i\x00;\x00"))
	f.Fuzz(func(t *testing.T, data []byte) { readAll(t, "2026-03.csv", data) })
}

func FuzzXLSX(f *testing.F) {
	data, err := samples.FS.ReadFile(samples.Puistoaho)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) { readAll(t, "a.xlsx", data) })
}

// FuzzSheetXML puts the fuzzed text where the zip checksums would keep it from getting: into the sheet.
func FuzzSheetXML(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" t="inlineStr"><is><t>Nimi</t></is></c><c r="B1"><v>1</v></c></row>`)
	f.Add(`<row r="9"><c r="ZZ1" t="s"><v>0</v></c><c><f>A1</f><v>1e400</v></c></row>`)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) < 1<<16 {
			readAll(t, "a.xlsx", bomb(t, "xl/worksheets/sheet1.xml", text+" ", 0))
		}
	})
}

func FuzzReadDay(f *testing.F) {
	for _, s := range []string{"14.3.2016", "kesäkuu 2020", "vko 12/2016", "3/14/2016", "2016-03-14T00:00", "14 mars", "99999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, form := readDayText(s, dayHints{year: 2020})
		if !d.IsZero() && (d.Year() < 1850 || d.Year() > 2200 || form == FormNone) {
			t.Fatalf("%q: %v %s", s, d, form)
		}
		readMinutes(Cell{Text: s})
		monthIn(s, true)
	})
}

// thousands makes a list of n people.
func thousands(n int) []byte {
	var b strings.Builder
	b.WriteString("Nimi;Hetu;Puhelin;Sähköposti;Kieli;Kotikunta;Aloitus;Ohjaaja;Päiviä/vko;Tapa;Huom\n")
	for i := range n {
		fmt.Fprintf(&b, "Heikkinen%d Olli;;040 485 %04d;olli%d@example.fi;suomi;Rautavaara;%d.5.2020;Ohjaaja A;1;etä;tuli itse kysymään mukaan\n", i, i%10000, i, 1+i%28)
	}
	return []byte(b.String())
}

// BenchmarkClients5000 reads a list of 5 000 people; the goal is 200 ms.
func BenchmarkClients5000(b *testing.B) {
	data := thousands(5000)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		book, err := ReadBytes("a.csv", data)
		if err != nil {
			b.Fatal(err)
		}
		if l := clientsOf(b, book, Options{}); l.People() != 5000 {
			b.Fatal(l.People())
		}
	}
}

// BenchmarkRauma reads a workbook of 250 people, 33 groups and 4 036 marks.
func BenchmarkRauma(b *testing.B) {
	data, err := samples.FS.ReadFile(samples.Rauma)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		book, err := ReadBytes("a.xlsx", data)
		if err != nil {
			b.Fatal(err)
		}
		clientsOf(b, book, Options{})
		attendanceOf(b, book, Options{})
	}
}

func FuzzODS(f *testing.F) {
	f.Add([]byte(`<document-content><body><spreadsheet><table table:name="a"><table-row><table-cell office:value-type="string"><p>Nimi</p></table-cell></table-row></table></spreadsheet></body></document-content>`))
	f.Add([]byte(odsSheet))
	f.Fuzz(func(t *testing.T, content []byte) { readAll(t, "a.ods", odsOf(string(content))) })
}
