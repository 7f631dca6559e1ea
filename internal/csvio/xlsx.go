package csvio

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"strings"

	"polku/internal/fault"
)

// XLSX (ECMA-376 part 1, SpreadsheetML) is read here straight from its parts, one row at a time: what an import
// must know of a cell (a real date, a number, a formula's cached value) the library's streaming reader does not tell,
// and its whole-sheet reader keeps the sheet in memory. Formulas are never computed.

// sniffZip tells what a zip file is: "xlsx", "ods", or the word of the key that refuses it.
func sniffZip(data []byte) string {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return "broken"
	}
	for _, f := range z.File {
		switch name := partName(f.Name); {
		case name == "xl/workbook.xml":
			return "xlsx"
		case name == "xl/workbook.bin":
			return "xlsb"
		case name == "word/document.xml":
			return "word"
		case name == "content.xml":
			return sniffODF(z)
		}
	}
	if _, err := (&parts{zip: z}).workbookPath(); err == nil {
		return "xlsx" // an unusual but lawful place of the workbook
	}
	return "zip"
}

func partName(s string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(s, `\`, "/"), "/"))
}

// parts are the files inside an XLSX. left is what may still be unpacked, in bytes, over all of them.
type parts struct {
	zip  *zip.Reader
	left int64
}

var errBomb = errors.New("unpacks to more than is allowed")

// capped reads at most what is left of the unpacking budget and fails beyond it, whatever sizes the zip claims.
type capped struct {
	r    io.Reader
	left *int64
}

func (c capped) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if *c.left -= int64(n); *c.left < 0 {
		return n, errBomb
	}
	return n, err
}

// open gives a part, nil when there is none of that name.
func (p *parts) open(name string) (io.ReadCloser, error) {
	name = partName(name)
	for _, f := range p.zip.File {
		if partName(f.Name) == name {
			rc, err := f.Open()
			if err != nil {
				return nil, err
			}
			return struct {
				io.Reader
				io.Closer
			}{capped{rc, &p.left}, rc}, nil
		}
	}
	return nil, nil
}

// each calls fn with every token of a part; a missing part is no part. A token is valid until fn returns.
func (p *parts) each(name string, fn func(d *xml.Decoder, t xml.Token) error) error {
	rc, err := p.open(name)
	if rc == nil || err != nil {
		return err
	}
	defer rc.Close()
	d := xml.NewDecoder(&longTokens{r: rc})
	d.Strict = true
	for {
		t, err := d.RawToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := fn(d, t); err != nil {
			return err
		}
	}
}

// maxToken bounds one text or tag of the XML, since the decoder holds a whole one in memory.
const maxToken = 16 << 20

// longTokens fails when no "<" comes for too long: a cell of hundreds of megabytes.
type longTokens struct {
	r     io.Reader
	since int
}

func (l *longTokens) Read(p []byte) (int, error) {
	n, err := l.r.Read(p)
	if i := bytes.LastIndexByte(p[:n], '<'); i >= 0 {
		l.since = n - i
	} else if l.since += n; l.since > maxToken {
		return n, errBomb
	}
	return n, err
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// relations gives target by id of a part's relations file, targets as paths from the root.
func (p *parts) relations(of string) (map[string]string, map[string]string, error) {
	dir, file := path.Split(of)
	byID, byType := map[string]string{}, map[string]string{}
	err := p.each(dir+"_rels/"+file+".rels", func(_ *xml.Decoder, t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok || e.Name.Local != "Relationship" {
			return nil
		}
		target := attr(e, "Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/", dir, target)
		}
		target = strings.TrimPrefix(target, "/")
		byID[attr(e, "Id")] = target
		byType[path.Base(attr(e, "Type"))] = target
		return nil
	})
	return byID, byType, err
}

func (p *parts) workbookPath() (string, error) {
	p.left = max(p.left, 1<<20)
	_, byType, err := p.relations("")
	if err != nil {
		return "", err
	}
	if wb := byType["officeDocument"]; wb != "" && strings.HasSuffix(wb, ".xml") && !strings.Contains(wb, "document.xml") {
		return wb, nil
	}
	return "", errors.New("no workbook")
}

// readXLSX fills the book's sheets.
func readXLSX(b *Book, data []byte) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return &fault.Error{Kind: fault.Invalid, Key: "import.file.broken", Cause: err}
	}
	limit := unzipLimit(data)
	return unzipFault((&xlsxReader{parts: &parts{zip: z, left: limit}, book: b}).read(), limit)
}

// xlsxReader reads workbook, shared texts and styles, then the sheets.
type xlsxReader struct {
	parts    *parts
	book     *Book
	date1904 bool
	shared   []string
	cut      map[int]bool // shared texts that were cut
	dates    []bool       // by style number: the style shows a date
	use      budget
}

func (x *xlsxReader) read() error {
	wb, err := x.parts.workbookPath()
	if err != nil {
		wb = "xl/workbook.xml"
	}
	byID, byType, err := x.parts.relations(wb)
	if err != nil {
		return err
	}
	type sheetRef struct {
		name, path string
		hidden     bool
	}
	var refs []sheetRef
	err = x.parts.each(wb, func(_ *xml.Decoder, t xml.Token) error {
		e, ok := t.(xml.StartElement)
		if !ok {
			return nil
		}
		switch e.Name.Local {
		case "workbookPr":
			v := attr(e, "date1904")
			x.date1904 = v == "1" || v == "true"
		case "sheet":
			id := ""
			for _, a := range e.Attr {
				if a.Name.Local == "id" && a.Name.Space != "" {
					id = a.Value
				}
			}
			state := attr(e, "state")
			name, _ := cutText(clean(attr(e, "name"), true), 200)
			refs = append(refs, sheetRef{name, byID[id], state == "hidden" || state == "veryHidden"})
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(refs) > MaxSheets {
		return fault.E(fault.Invalid, "import.file.too_many_sheets", fault.Args{"max": MaxSheets})
	}
	if err := x.readShared(byType["sharedStrings"]); err != nil {
		return err
	}
	if err := x.readStyles(byType["styles"]); err != nil {
		return err
	}
	for _, ref := range refs {
		if ref.path == "" || strings.Contains(ref.path, "chartsheet") {
			continue
		}
		s := Sheet{Name: ref.name, Hidden: ref.hidden}
		if err := x.readSheet(ref.path, &s); err != nil {
			return err
		}
		s.trimEmpty()
		if err := x.countComments(ref.path, &s); err != nil {
			return err
		}
		if s.Hidden && len(s.Rows) > 0 {
			x.book.Problems = append(x.book.Problems, Problem{Level: Remark, Sheet: s.Name, Col: -1, Key: "import.sheet.hidden", Args: fault.Args{"sheet": s.Name}})
		}
		x.book.Sheets = append(x.book.Sheets, s)
	}
	return nil
}

// countComments tells how many comments hang on a sheet's cells. They are not read: what they say is for people to
// look at, and a row must not change its meaning by a remark that no list shows.
func (x *xlsxReader) countComments(sheet string, s *Sheet) error {
	_, byType, err := x.parts.relations(sheet)
	if err != nil || byType["comments"] == "" {
		return err
	}
	n := 0
	err = x.parts.each(byType["comments"], func(_ *xml.Decoder, t xml.Token) error {
		if e, ok := t.(xml.StartElement); ok && e.Name.Local == "comment" {
			n++
		}
		return nil
	})
	if n > 0 {
		x.book.Problems = append(x.book.Problems, Problem{Level: Remark, Sheet: s.Name, Col: -1, Key: "import.sheet.comments", Args: fault.Args{"sheet": s.Name, "n": n}})
	}
	return err
}

// readShared reads the texts that cells point to. A text is cut at the largest cell.
func (x *xlsxReader) readShared(name string) error {
	var b []byte
	total := 0
	inText, phonetic := false, false
	return x.parts.each(name, func(_ *xml.Decoder, t xml.Token) error {
		switch e := t.(type) {
		case xml.StartElement:
			switch e.Name.Local {
			case "si":
				b = b[:0]
			case "t":
				inText = !phonetic
			case "rPh":
				phonetic = true
			}
		case xml.CharData:
			if inText && len(b) <= MaxCell {
				b = append(b, e[:min(len(e), MaxCell+1)]...)
			}
		case xml.EndElement:
			switch e.Name.Local {
			case "t":
				inText = false
			case "rPh":
				phonetic = false
			case "si":
				text, cut := cutText(string(b), MaxCell)
				if cut {
					if x.cut == nil {
						x.cut = map[int]bool{}
					}
					x.cut[len(x.shared)] = true
				}
				text = clean(text, false)
				if total += len(text) + 16; total > MaxText {
					return errBomb
				}
				x.shared = append(x.shared, text)
			}
		}
		return nil
	})
}
