package csvio

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"polku/internal/civil"
	"polku/internal/fault"
)

// odsOf is a spreadsheet file as LibreOffice writes it, around its content.
func odsOf(content string) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, part := range [][2]string{{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
		{"META-INF/manifest.xml", `<manifest:manifest><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>`},
		{"content.xml", content}} {
		w, _ := z.Create(part[0])
		w.Write([]byte(part[1]))
	}
	z.Close()
	return b.Bytes()
}

// odsSheet has what LibreOffice writes of a real list: hidden sheets, repeated cells and rows, values behind what is shown,
// formulas, comments, merged cells, earlier versions, and emptiness to the end of the sheet.
const odsSheet = `<?xml version="1.0"?><office:document-content><office:automatic-styles>
<style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/></style:style>
<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles>
<office:body><office:spreadsheet>
<table:tracked-changes><table:cell-content-change><table:table-cell office:value-type="string"><text:p>Ennen</text:p></table:table-cell></table:cell-content-change></table:tracked-changes>
<table:table table:name="Asiakkaat" table:style-name="ta1">
<table:shapes><draw:frame><draw:text-box><text:p>Kuvateksti</text:p></draw:text-box></draw:frame></table:shapes>
<table:table-header-rows><table:table-row><table:table-cell office:value-type="string"><text:p>Sukunimi</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>Etunimi</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Syntymäaika</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>Puhelin</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Huomio</text:p></table:table-cell></table:table-row></table:table-header-rows>
<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><office:annotation><text:p>Salainen huomautus</text:p></office:annotation><text:p>Virta<text:s text:c="1"/>nen</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>Aino</text:p></table:table-cell><table:table-cell office:value-type="date" office:date-value="1999-03-09"><text:p>9.3.1999</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="401234567"><text:p>401 234 567</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Rivi 1</text:p><text:p>rivi<text:tab/>2</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell table:number-columns-repeated="2" office:value-type="string"><text:p>Sama</text:p></table:table-cell><table:table-cell/>
<table:table-cell table:formula="of:=[.A1]" office:value-type="string" calcext:value-type="error"><text:p>#VIITTAUS!</text:p></table:table-cell>
<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>TOSI</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:covered-table-cell office:value-type="string"><text:p>Peitetty</text:p></table:covered-table-cell><table:table-cell office:value-type="float" office:value="4.5"><text:p>4,50</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048569"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>
<table:table table:name="Vanhat" table:style-name="ta2"><table:table-row><table:table-cell office:value-type="string"><text:p>Piilossa</text:p></table:table-cell></table:table-row></table:table>
</office:spreadsheet></office:body></office:document-content>`

// A LibreOffice file is read as its reader sees it: real dates and numbers, repeated cells in their places, and nothing that
// hangs beside a cell.
func TestODSAsItIsSeen(t *testing.T) {
	b, err := ReadBytes("asiakkaat.ods", odsOf(odsSheet))
	if err != nil {
		t.Fatal(err)
	}
	if b.Format != "ods" || len(b.Sheets) != 2 || b.Sheets[0].Hidden || !b.Sheets[1].Hidden {
		t.Fatalf("%+v", b)
	}
	s := b.Sheets[0]
	var got []string
	for _, r := range s.Rows {
		var cells []string
		for _, c := range r.Cells {
			cells = append(cells, c.Text)
		}
		got = append(got, fmt.Sprintf("%d %q", r.No, cells))
	}
	want := []string{`1 ["Sukunimi" "Etunimi" "Syntymäaika" "Puhelin" "Huomio"]`, `4 ["Virta nen" "Aino" "9.3.1999" "401234567" "Rivi 1\nrivi 2"]`,
		`5 ["Sama" "Sama" "" "" "true"]`, `6 ["" "4,5"]`, `7 ["" "4,5"]`}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s", strings.Join(got, "\n"))
	}
	day, number := s.Rows[1].Cell(2), s.Rows[3].Cell(1)
	if day.Day != civil.New(1999, 3, 9) || day.Number || !number.Number || number.Value != 4.5 || !s.Rows[2].Cell(3).Formula || fmt.Sprint(s.EmptyRows) != "[2 3]" {
		t.Errorf("%+v %+v %+v %v", day, number, s.Rows[2].Cell(3), s.EmptyRows)
	}
	var keys []string
	for _, p := range b.Problems {
		keys = append(keys, p.Key)
	}
	if strings.Join(keys, " ") != "import.cell.error import.sheet.comments import.sheet.hidden" {
		t.Error(keys)
	}
	if text := fmt.Sprint(b); strings.Contains(text, "Salainen") || strings.Contains(text, "Ennen") || strings.Contains(text, "Peitetty") || strings.Contains(text, "Kuvateksti") {
		t.Error("what nobody sees in the cells is read")
	}
	l, err := ReadClients(b, Options{Today: civil.New(2026, 3, 1)})
	if err != nil || len(l.Rows) == 0 {
		t.Error(err)
	}
}

// Repetition is the .ods way to make much of little: it is counted before it is unfolded, and refused beyond the limits.
func TestHostileODS(t *testing.T) {
	sheet := func(rows string) []byte {
		return odsOf(`<office:document-content><office:body><office:spreadsheet><table:table table:name="x">` + rows + `</table:table></office:spreadsheet></office:body></office:document-content>`)
	}
	cell := func(repeat int, text string) string {
		return fmt.Sprintf(`<table:table-cell office:value-type="string" table:number-columns-repeated="%d"><text:p>%s</text:p></table:table-cell>`, repeat, text)
	}
	row := func(repeat int, cells string) string {
		return fmt.Sprintf(`<table:table-row table:number-rows-repeated="%d">%s</table:table-row>`, repeat, cells)
	}
	var locked bytes.Buffer
	z := zip.NewWriter(&locked)
	for name, text := range map[string]string{"content.xml": "\x00\x01", "META-INF/manifest.xml": `<m><manifest:file-entry manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></m>`} {
		w, _ := z.Create(name)
		w.Write([]byte(text))
	}
	z.Close()
	for what, c := range map[string]struct {
		data []byte
		key  string
	}{
		"a million rows of one":     {sheet(row(1_000_000, cell(1, "a"))), "import.file.too_many_rows"},
		"a million columns of one":  {sheet(row(1, cell(1_000_000, "a"))), "import.file.too_many_columns"},
		"rows times columns":        {sheet(row(150_000, cell(300, "a"))), "import.file.too_much"},
		"long texts times rows":     {sheet(row(100_000, cell(1, strings.Repeat("a", 30_000)))), "import.file.too_much"},
		"a row beyond the last one": {sheet(row(1_048_576, "") + row(2, cell(1, "a"))), "import.file.too_many_rows"},
		"unpacks to too much":       {sheet(row(1, cell(1, "a")) + strings.Repeat("<!--x-->", 30<<20)), "import.file.bomb"},
		"sheets without end":        {odsOf("<a><spreadsheet>" + strings.Repeat("<table:table></table:table>", MaxSheets+1) + "</spreadsheet></a>"), "import.file.too_many_sheets"},
		"nothing but emptiness":     {sheet(row(1_048_576, `<table:table-cell table:number-columns-repeated="16384"/>`)), "import.file.empty"},
		"a password":                {locked.Bytes(), "import.file.encrypted"},
		"tags that do not close":    {odsOf(`<a><table:table><table:table-row <<`), "import.file.broken"},
	} {
		if testing.Short() && what == "unpacks to too much" {
			continue
		}
		_, err := ReadBytes("x.ods", c.data)
		if f, is := err.(*fault.Error); !is || f.Key != c.key || f.Kind != fault.Invalid {
			t.Errorf("%s: %v, want %s", what, err, c.key)
		}
	}
}
