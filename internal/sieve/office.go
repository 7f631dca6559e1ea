package sieve

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"strings"
)

// Limits of a document that is a zip archive.
const (
	officeMost  = 10 << 20  // bytes as it comes in
	partsMost   = 2000      // files in it
	unpackMost  = 100 << 20 // bytes of all of them together
	readingMost = 16 << 20  // bytes of one that is looked into
)

// unwanted are parts of documents that act or carry another file: macros, old macro sheets, controls, embedded objects.
var unwanted = []string{"vbaproject", "vbadata", "activex/", "macrosheets/", "dialogsheets/", "embeddings/", "basic/", "scripts/", "oleobject"}

// takeOffice looks a document of Word, Excel or LibreOffice through: what it is, that it is no bomb, and that nothing in it
// acts or fetches something from elsewhere.
func takeOffice(data []byte) (Kept, error) {
	if len(data) > officeMost {
		return Kept{}, refuse("big_office")
	}
	if bytes.Count(data, []byte("PK\x01\x02")) > partsMost { // before the directory is read into memory
		return Kept{}, refuse("bomb")
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return Kept{}, refuse("damaged")
	}
	kind, left := Kind(""), int64(unpackMost)
	for _, f := range z.File {
		name := strings.ToLower(f.Name)
		for _, part := range unwanted {
			if strings.Contains(name, part) {
				return Kept{}, refuse("macros")
			}
		}
		if f.Flags&1 != 0 { // a password
			return Kept{}, refuse("locked")
		}
		text, n, why := unpack(f, name, left)
		if why != "" {
			return Kept{}, refuse(why)
		}
		left -= n
		found, why := lookInto(name, text)
		if why != "" {
			return Kept{}, refuse(why)
		}
		if found != "" {
			kind = found
		}
	}
	if kind == "" {
		return Kept{}, refuse("archive")
	}
	return Kept{Kind: kind, Data: data}, nil
}

// unpack reads a part to its end, so that its size is known and not only told, and gives the text of those that are
// looked into.
func unpack(f *zip.File, name string, left int64) (text []byte, n int64, why string) {
	r, err := f.Open()
	if err != nil {
		return nil, 0, "damaged"
	}
	defer r.Close()
	var keep bytes.Buffer
	var to io.Writer = io.Discard
	if strings.HasSuffix(name, ".rels") || name == "[content_types].xml" || name == "mimetype" || name == "content.xml" || name == "styles.xml" {
		to = &keep
		left = min(left, readingMost)
	}
	n, err = io.Copy(to, io.LimitReader(r, left+1))
	switch {
	case n > left:
		return nil, n, "bomb"
	case err != nil:
		return nil, n, "damaged"
	}
	return keep.Bytes(), n, ""
}

// lookInto tells what a document is by the part that says so, and why it is refused.
func lookInto(name string, text []byte) (Kind, string) {
	has := func(mark string) bool { return bytes.Contains(text, []byte(mark)) }
	switch {
	case name == "[content_types].xml":
		switch {
		case has("macroEnabled"):
			return "", "macros"
		case has("wordprocessingml.document.main+xml"):
			return DOCX, ""
		case has("spreadsheetml.sheet.main+xml"):
			return XLSX, ""
		}
	case name == "mimetype":
		if string(text) == ODT.Media() {
			return ODT, ""
		}
	case strings.HasSuffix(name, ".rels"):
		if fetches(text) {
			return "", "fetches"
		}
	default:
		if has("vnd.sun.star.script") || has("script:event-listener") || has("macro:") {
			return "", "macros"
		}
	}
	return "", ""
}

// fetches tells whether a document takes in something from elsewhere when it is opened: a template, a picture, a frame. A
// link that somebody has to click does not.
func fetches(text []byte) bool {
	d := xml.NewDecoder(bytes.NewReader(text))
	for {
		t, err := d.Token()
		if err == io.EOF {
			return false
		}
		if err != nil {
			return true // what cannot be read is not trusted
		}
		e, is := t.(xml.StartElement)
		if !is {
			continue
		}
		external, link := false, false
		for _, a := range e.Attr {
			external = external || a.Name.Local == "TargetMode" && strings.EqualFold(a.Value, "External")
			link = link || a.Name.Local == "Type" && strings.HasSuffix(a.Value, "/hyperlink")
		}
		if external && !link {
			return true
		}
	}
}
