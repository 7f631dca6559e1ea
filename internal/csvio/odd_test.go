package csvio

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"polku/internal/civil"
	"polku/internal/fault"
)

// Files of other municipalities: other words, orders, encodings, and files that mean harm.

func utf16Bytes(s string, order binary.ByteOrder, mark bool) []byte {
	var b bytes.Buffer
	if mark {
		binary.Write(&b, order, uint16(0xfeff))
	}
	binary.Write(&b, order, utf16.Encode([]rune(s)))
	return b.Bytes()
}

func book(t testing.TB, name string, data []byte) *Book {
	t.Helper()
	b, err := ReadBytes(name, data)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return b
}

func people(t testing.TB, text string) *ClientList {
	t.Helper()
	return clientsOf(t, book(t, "lista.csv", []byte(text)), Options{Today: civil.MustParse("2026-03-01")})
}

// xlsx makes a workbook: sheet name, then rows.
func xlsx(t testing.TB, sheets ...any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i := 0; i < len(sheets); i += 2 {
		name := sheets[i].(string)
		if i == 0 {
			f.SetSheetName("Sheet1", name)
		} else if _, err := f.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for r, row := range sheets[i+1].([][]any) {
			cell, _ := excelize.CoordinatesToCellName(1, r+1)
			if err := f.SetSheetRow(name, cell, &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestEncodingsSeparatorsAndLineEndsAreRecognised(t *testing.T) {
	const text = "Efternamn\tFörnamn\tPersonbeteckning\tStartdatum\r\nÅkerlund\tBörje\t091095-915W\t1.3.2020\r\nÖhman\tÄnni\t\t2.3.2020\r\n"
	semi := strings.ReplaceAll(text, "\t", ";")
	latin := func(s string) []byte {
		out := []byte{}
		for _, r := range s {
			out = append(out, byte(r))
		}
		return out
	}
	for name, c := range map[string]struct {
		data          []byte
		encoding, sep string
	}{
		"utf-16le with mark":    {utf16Bytes(text, binary.LittleEndian, true), "UTF-16LE", "tab"},
		"utf-16be with mark":    {utf16Bytes(text, binary.BigEndian, true), "UTF-16BE", "tab"},
		"utf-16le without mark": {utf16Bytes(semi, binary.LittleEndian, false), "UTF-16LE", ";"},
		"utf-8":                 {[]byte(semi), "UTF-8", ";"},
		"utf-8 bom":             {[]byte("\ufeff" + semi), "UTF-8 (BOM)", ";"},
		"latin-1":               {latin(semi), "Windows-1252", ";"},
		"comma":                 {[]byte(strings.ReplaceAll(text, "\t", ",")), "UTF-8", ","},
		"bar, old Mac":          {[]byte(strings.ReplaceAll(strings.ReplaceAll(text, "\t", "|"), "\r\n", "\r")), "UTF-8", "|"},
		"sep line":              {[]byte("sep=;\r\n" + semi), "UTF-8", ";"},
		"lf":                    {[]byte(strings.ReplaceAll(semi, "\r\n", "\n")), "UTF-8", ";"},
	} {
		b := book(t, name, c.data)
		l := clientsOf(t, b, Options{})
		if b.Encoding != c.encoding || b.Separator != c.sep || len(l.Rows) != 2 || l.Rows[0].LastName != "Åkerlund" || l.Rows[1].FirstNames != "Änni" ||
			l.Rows[0].Code != "091095-915W" || l.Rows[0].Start != civil.New(2020, 3, 1) {
			t.Errorf("%s: %s %q %+v", name, b.Encoding, b.Separator, l.Rows)
		}
	}
}

func TestHeadersInEnglishAfterATitle(t *testing.T) {
	l := people(t, "Workshop clients;;;;\n;;;;\nUpdated 3 May 2021;;;;\n;;;;\nClient no;First name;Last name;Date of birth;Start date;End date;Outcome;Key worker;Mother tongue\n"+
		"7;John;Smith;1979-11-11;2020-01-15;2020-06-30;employed;K. Peltonen;English\n"+
		"8;Mary;von Essen;1980-01-01;2020-02-01;;;Kaisa Peltonen;Swedish\n"+
		"Total;2;;;;;;;\n")
	if len(l.Rows) != 2 || l.Summary.Sheets[0].HeaderRow != 5 {
		t.Fatalf("%+v %+v", l.Summary, l.Rows)
	}
	r := l.Rows[0]
	if r.No != "7" || r.FirstNames != "John" || r.Birthday != civil.New(1979, 11, 11) || r.ExitTo != "open-work" || r.Language != "en" || r.End != civil.New(2020, 6, 30) {
		t.Errorf("%+v", r)
	}
	if len(l.Workers) != 1 || l.Workers[0].Name != "Kaisa Peltonen" || r.Worker != "Kaisa Peltonen" || l.Workers[0].Sure {
		t.Errorf("%+v", l.Workers)
	}
}

func TestWorkersInManySpellings(t *testing.T) {
	l := people(t, "Nimi;Syntymäaika;Omatyöntekijä\nAalto Ari;1.1.1980;KP\nBerg Eva;2.1.1980;kp\nCarlsson Liisa;3.1.1980;K. Peltonen\nDahl Olli;4.1.1980;Peltonen Kaisa\nEk Matti;5.1.1980;K.P.\nFrom Sari;6.1.1980;SS / kp\n")
	if len(l.Workers) != 2 || len(l.Workers[0].Spellings)+len(l.Workers[1].Spellings) != 6 {
		t.Fatalf("%+v", l.Workers)
	}
	if r := l.Rows[5]; r.Worker != "SS" || len(r.OtherWorkers) != 1 || r.OtherWorkers[0] != "Peltonen Kaisa" {
		t.Errorf("%+v", r)
	}
}

func TestNamesInEitherOrder(t *testing.T) {
	for text, want := range map[string]string{
		"Nimi;Puh\nVirtanen Matti;0401234567\nKorhonen Liisa;0401234568\n":   "Virtanen|Matti",
		"Nimi;Puh\nMatti Virtanen;0401234567\nLiisa Korhonen;0401234568\n":   "Virtanen|Matti",
		"Nimi;Puh\n\"Virtanen, Matti\";0401234567\n":                         "Virtanen|Matti",
		"Nimi;Puh\nVIRTANEN MATTI;0401234567\nKORHONEN LIISA;0401234568\n":   "Virtanen|Matti",
		"Nimi;Puh\nvon Essen Carl;0401234567\nKorhonen Liisa;0401234568\n":   "von Essen|Carl",
		"Etunimi Sukunimi;Puh\nAbdi Hassan;0401234567\n":                     "Hassan|Abdi",
		"Asiakas;Puh\nVirtanen Matti;0401234567\nKorhonen Liisa;040123457\n": "Virtanen|Matti",
	} {
		if r := people(t, text).Rows[0]; r.LastName+"|"+r.FirstNames != want {
			t.Errorf("%q: %s|%s", text, r.LastName, r.FirstNames)
		}
	}
}

func TestSameHumanTwice(t *testing.T) {
	l := people(t, "Nimi;Hetu;Puhelin;Syntymäaika;Sähköposti;Aloitus;Päättyi;Huom\n"+
		"Virtanen Matti;091095-915W;;;;1.1.2020;31.5.2020;\n"+
		"Virtanen  Matti;091095 -915w;040 1234567;;;1.1.2020;31.5.2020;turvakielto\n"+ // same, completes, has a ban
		"Virtanen Matti;091095-915W;;;;1.9.2021;;\n"+ // another period
		"Korhonen Liisa;;040-765 4321;;;1.1.2020;;\n"+
		"KORHONEN LIISA;;+358 (0)40 7654321;;;1.1.2020;;\n"+
		"Ojala Pia;;;2.2.1980;;1.1.2020;;\n"+
		"Ojala Pia;;;1980-02-02;;1.1.2020;;\n"+
		"Ojala Pia;;;3.3.1990;;1.1.2020;;\n"+ // a namesake
		"Niemi Ari;091095-915X;;;;1.1.2020;;\n"+
		"niemi ari;091095-915x;;;;1.1.2020;;\n")
	why := make([]string, len(l.Rows))
	for i, r := range l.Rows {
		why[i] = strings.TrimPrefix(r.DuplicateWhy, "import.dup.")
	}
	if got := fmt.Sprint(why); got != "[ code code  phone  birthday   wrong]" {
		t.Errorf("%s", got)
	}
	if r := l.Rows[0]; r.Phone != "+358401234567" || !r.SafetyBan || !r.says("import.remark.filled") || !r.says("import.remark.ban_from_duplicate") {
		t.Errorf("the earlier row was not completed: %+v", r)
	}
	if !l.Rows[2].says("import.ask.another_period") {
		t.Error("another period is not asked about")
	}
	if l.People() != 5 {
		t.Error(l.People())
	}
}

func TestSafetyBanInAnyColumnAndForm(t *testing.T) {
	for cell, want := range map[string]bool{
		"TURVAKIELTO – ei osoitetta eikä numeroa eteenpäin": true, "turva-kielto!": true, "Spärrmarkering": true, "osoitetta ei saa antaa": true,
		"ei saa antaa osoitetta": true, "suojattu osoite": true, "safety ban": true, "TK": true, "turvakielto päättynyt 2019": true,
		"osoitteeseen ei mennä, turvakielto": true, "ei turvakieltoa enää? tarkista": true,
		"ei turvakieltoa": false, "Turvakielto: ei": false, "kävi TK:ssa lääkärissä": false, "asuu turvakodissa": false, "": false,
	} {
		for _, text := range []string{
			"Nimi;Syntymäaika;Osoite;Muuta\nVirtanen Matti;1.1.1980;;" + cell + "\nAalto Eva;2.2.1980;;\n",
			"Nimi;Syntymäaika;Osoite;Muuta\nVirtanen Matti;1.1.1980;" + cell + ";\nAalto Eva;2.2.1980;;\n",
			"Nimi;Syntymäaika;Kieli;Jotain muuta\nVirtanen Matti;1.1.1980;suomi;" + cell + "\nAalto Eva;2.2.1980;;\n",
		} {
			l := people(t, text)
			if l.Rows[0].SafetyBan != want || l.Rows[1].SafetyBan {
				t.Errorf("%q: %v", cell, l.Rows[0].SafetyBan)
			}
		}
	}
	l := people(t, "Nimi;Syntymäaika;Turvakielto\nVirtanen Matti;1.1.1980;x\nAalto Eva;2.2.1980;ei\nEk Olli;3.2.1980;\nBerg Pia;3.3.1980;tarkista\n")
	for i, want := range []bool{true, false, false, true} {
		if l.Rows[i].SafetyBan != want {
			t.Errorf("row %d: %v", i, l.Rows[i].SafetyBan)
		}
	}
	l = people(t, "Nimi;Syntymäaika\nVirtanen Matti (turvakielto);1.1.1980\nHuom! Virtasella turvakielto: ei numeroa kenellekään;\n")
	if r := l.Rows[0]; !r.SafetyBan || r.FirstNames != "Matti" || len(l.Questions) == 0 {
		t.Errorf("%+v %+v", r, l.Questions)
	}
}

func TestRowsThatAreNoPeople(t *testing.T) {
	l := people(t, "Ryhmä Aamu;;\nNimi;Hetu;Puhelin\nVirtanen Matti;091095-915W;\n;;\nNimi;Hetu;Puhelin\nKorhonen Liisa;;040 1234567\nVain Nimi;;\nyht. 2;;\n* päivitetty viikolla 12;;\n")
	want := "[5 header 4 empty 8 total 9 footnote]"
	var got []string
	for _, s := range l.Skipped {
		got = append(got, fmt.Sprint(s.Row, " ", strings.TrimPrefix(s.Key, "import.skip.")))
	}
	if len(l.Rows) != 3 || len(got) != 4 {
		t.Errorf("%v, want %s; %d rows", got, want, len(l.Rows))
	}
}

func TestMappingOfThePersonWins(t *testing.T) {
	b := book(t, "a.csv", []byte("Nimi;Hetu;Ohjaaja;Jotain\nVirtanen Matti;091095-915W;Kaisa;1.2.2020\n"))
	l := clientsOf(t, b, Options{Columns: map[string]Meaning{"jotain": Start, "ohjaaja": Notes}, Cells: map[Ref]string{{"", 2, 0}: "Virtanen Maija"}})
	if r := l.Rows[0]; r.Start != civil.New(2020, 2, 1) || r.Notes != "Kaisa" || r.Worker != "" || r.FirstNames != "Maija" {
		t.Errorf("%+v", r)
	}
	l = clientsOf(t, b, Options{})
	if r := l.Rows[0]; len(r.Extra) != 1 || r.Extra[0].Text != "1.2.2020" {
		t.Errorf("an unknown column was lost: %+v", r.Extra)
	}
}

func TestNumbersAndDatesOfSpreadsheets(t *testing.T) {
	l := clientsOf(t, book(t, "a.xlsx", xlsx(t, "Lista", [][]any{
		{"Nimi", "Hetu", "GSM", "Aloitti", "Päiviä/vko", "Huom"},
		{"Virtanen\u00a0Matti", " 091095-915w ", 401234567, 43901, "3 pv", "=cmd|'/c calc'!A1"},
		{"Korhonen Liisa", "", "+358 40 765 4321", civil.New(2020, 3, 12).Time(), 5, "s. 1.2.80"},
	})), Options{Today: civil.MustParse("2026-03-01")})
	r := l.Rows[0]
	if r.LastName != "Virtanen" || r.Code != "091095-915W" || r.Phone != "+358401234567" || r.Start != civil.New(2020, 3, 11) || r.DaysPerWeek != 3 || !r.says("import.remark.serial") ||
		r.Notes != "=cmd|'/c calc'!A1" {
		t.Errorf("%+v", r)
	}
	if r := l.Rows[1]; r.Start != civil.New(2020, 3, 12) || r.Birthday != civil.New(1980, 2, 1) || !r.says("import.remark.days_per_week") {
		t.Errorf("%+v", r)
	}
}

func TestFormulasAreNeverComputed(t *testing.T) {
	f := excelize.NewFile()
	f.SetSheetRow("Sheet1", "A1", &[]any{"Nimi", "Hetu", "Aloitti"})
	f.SetSheetRow("Sheet1", "A2", &[]any{"Virtanen Matti", "", "1.1.2020"})
	f.SetCellFormula("Sheet1", "B2", `CONCATENATE("091095","-915W")`)
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	l := clientsOf(t, book(t, "a.xlsx", out.Bytes()), Options{})
	if r := l.Rows[0]; r.Code != "" || len(l.Rows) != 1 {
		t.Errorf("%+v", r)
	}
}

func TestSeveralSheetsOfPeople(t *testing.T) {
	rows := [][]any{{"Osallistujat"}, {}, {"Sukunimi", "Etunimi", "Hetu"}, {"Virtanen", "Matti", "091095-915W"}}
	l := clientsOf(t, book(t, "a.xlsx", xlsx(t, "2019", rows, "Ohje", [][]any{{"Täytä lista"}}, "2020", rows)), Options{})
	if len(l.Rows) != 2 || l.People() != 1 || len(l.Summary.Unread) != 1 {
		t.Errorf("%+v", l.Summary)
	}
}

func TestListWithoutHeaders(t *testing.T) {
	l := people(t, "Virtanen Matti;091095-915W;0401234567\nKorhonen Liisa;180873-994Y;0407654321\n")
	if len(l.Rows) != 2 || l.Rows[0].LastName != "Virtanen" || l.Rows[1].Phone != "+358407654321" || l.Summary.Sheets[0].HeaderRow != 0 {
		t.Errorf("%+v %+v", l.Summary, l.Rows)
	}
}

func TestRefusedFiles(t *testing.T) {
	zipped := func(name string) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, _ := z.Create(name)
		w.Write([]byte("x"))
		z.Close()
		return b.Bytes()
	}
	ole := "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600)
	wide := strings.Repeat("Nimi;", MaxCols+2) + "x\n"
	for key, data := range map[string]string{
		"import.file.empty": " \r\n \t", "import.file.old_xls": ole + "W\x00o\x00r\x00k\x00b\x00o\x00o\x00k\x00", "import.file.encrypted": ole + string(utf16le("EncryptedPackage")),
		"import.file.html": "\r\n<html><table><tr><td>Nimi</td></tr></table></html>", "import.file.binary": "\x89PNG\r\n\x1a\n" + strings.Repeat("\x00\x01\x02\x03", 100),
		"import.file.pdf": "%PDF-1.7 …", "import.file.zip": string(zipped("a.txt")), "import.file.word": string(zipped("word/document.xml")),
		"import.file.broken":           "PK\x03\x04 not a zip",
		"import.file.too_many_columns": wide, "import.file.too_many_rows": strings.Repeat("a;b\n", MaxRows+1),
		"import.file.json": `{"class": "dataset"}`,
	} {
		_, err := ReadBytes("x", []byte(data))
		if f, ok := err.(*fault.Error); !ok || f.Key != key || f.Kind != fault.Invalid {
			t.Errorf("%s: %v", key, err)
		}
	}
	for name, text := range map[string]string{
		"import.clients.none": "asiakas;pvm;vaihe;työkyky_0_10\nS-1;9.9.2015;alku;7,0\n", "import.clients.benefits": "HENKILOTUNNUS;NIMI;ETUUS;MAKSETUT_PAIVAT_YHT\n091095-915W;VIRTANEN MATTI;yleistuki;55\n",
	} {
		_, err := ReadClients(book(t, "x.csv", []byte(text)), Options{})
		if f, ok := err.(*fault.Error); !ok || f.Key != name {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// peak runs fn and gives the most heap in use on top of what was, in MB, roughly.
func peak(fn func()) int {
	runtime.GC()
	var before, m runtime.MemStats
	runtime.ReadMemStats(&before)
	done := make(chan struct{})
	most := make(chan uint64)
	go func() {
		var top uint64
		for {
			select {
			case <-done:
				most <- top
				return
			default:
				runtime.ReadMemStats(&m)
				top = max(top, m.HeapInuse)
				runtime.Gosched()
			}
		}
	}()
	fn()
	close(done)
	return int(<-most>>20) - int(before.HeapInuse>>20)
}

// bomb makes an XLSX whose sheet unpacks to size bytes made by part.
func bomb(t testing.TB, file, part string, size int) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	data := xlsx(t, "A", [][]any{{"Nimi"}})
	src, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range src.File {
		if f.Name != file {
			z.Copy(f)
		}
	}
	w, _ := z.Create(file)
	if size == 0 {
		fmt.Fprint(w, "<worksheet><sheetData>"+part+"</sheetData></worksheet>")
		z.Close()
		return out.Bytes()
	}
	block := []byte(strings.Repeat(part, 1+(1<<20)/len(part)))
	fmt.Fprint(w, `<worksheet><sheetData>`)
	for n := 0; n < size; n += len(block) {
		w.Write(block)
	}
	z.Close()
	return out.Bytes()
}

func TestZipBombsAreRefusedInBoundedMemory(t *testing.T) {
	for name, data := range map[string][]byte{
		"one endless cell":   bomb(t, "xl/worksheets/sheet1.xml", "aaaaaaaaaaaaaaaa", 40<<20),
		"empty rows":         bomb(t, "xl/worksheets/sheet1.xml", "<row/>", 40<<20),
		"spaces and tags":    bomb(t, "xl/worksheets/sheet1.xml", "<x>                                                  </x>", 40<<20),
		"many shared texts":  bomb(t, "xl/sharedStrings.xml", "<si><t>abcdefghijklmnopqrstuvwxyz</t></si>", 40<<20),
		"one huge attribute": bomb(t, "xl/worksheets/sheet1.xml", "bbbbbbbbbbbbbbbb", 40<<20),
	} {
		if len(data) > 4<<20 {
			t.Fatalf("%s: the bomb itself is %d bytes", name, len(data))
		}
		var err error
		mb := peak(func() { _, err = ReadBytes("bomb.xlsx", data) })
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
		if mb > 200 {
			t.Errorf("%s: %d MB", name, mb)
		}
		t.Logf("%s: %v, %d MB", name, err, mb)
	}
}

func TestTenMegabyteCellIsCutAndNamed(t *testing.T) {
	huge := strings.Repeat("ä", 5<<20)
	b := book(t, "a.csv", []byte("Nimi;Hetu;Huom\nVirtanen Matti;091095-915W;\""+huge+"\"\n"))
	l := clientsOf(t, b, Options{})
	if len(l.Rows[0].Notes) > MaxCell || len(b.Problems) != 1 || b.Problems[0].Key != "import.cell.cut" || b.Problems[0].Row != 2 {
		t.Errorf("%d bytes, %+v", len(l.Rows[0].Notes), b.Problems)
	}
	// the same in a workbook; excelize does not write so long a text, so it is put in by hand
	data := bomb(t, "xl/worksheets/sheet1.xml", "<row><c t=\"inlineStr\"><is><t>"+strings.Repeat("b", 10<<20)+"</t></is></c></row>", 1)
	b = book(t, "a.xlsx", data)
	if len(b.Sheets[0].Rows[0].Cells[0].Text) != MaxCell || len(b.Problems) != 1 || b.Problems[0].Key != "import.cell.cut" {
		t.Errorf("%+v", b.Problems)
	}
}
