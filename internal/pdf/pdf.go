// Package pdf makes documents that people read, print and keep: headings, paragraphs, lists and tables on A4, in an
// embedded open font, tagged so that a screen reader tells the same structure (ISO 32000-1 14.8). It knows nothing of
// what the documents say; texts come in the reader's language.
//
// fpdf draws, pdfcpu adds the structure tree to the finished file. Conformance to PDF/UA is aimed at and not claimed:
// no checker of it runs in the tests.
package pdf

import (
	"bytes"
	"io"
	"strings"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"polku/internal/fault"
)

// Options of a document.
type Options struct {
	Lang   string    // language of all its text: fi, sv, en
	Title  string    // shown by readers in place of the file's name
	Author string    // the controller or organisation
	Footer string    // at the foot of each page, before the page number; may be empty
	Page   string    // word before the page number: "Sivu"
	At     time.Time // when it was made
}

// Measures in millimetres.
const (
	pageWidth  = 210.0
	pageHeight = 297.0
	margin     = 20.0
	bottom     = pageHeight - 22
	textWidth  = pageWidth - 2*margin
)

const family = "go"

// Doc is a document in the making. Its methods add from the top down; what goes wrong is told by Write.
type Doc struct {
	o    Options
	f    *fpdf.Fpdf
	y    float64
	root *node
	open *node     // what is being drawn now, marked in the page's content
	next []int     // by page: the next mark's number
	page [][]*node // by page: the owner of each mark
}

// New begins a document with its title as the first heading.
func New(o Options) *Doc {
	f := fpdf.New("P", "mm", "A4", "")
	f.AddUTF8FontFromBytes(family, "", goregular.TTF)
	f.AddUTF8FontFromBytes(family, "B", gobold.TTF)
	f.SetAutoPageBreak(false, 0)
	f.SetMargins(margin, margin, margin)
	f.SetCellMargin(0)
	f.SetTitle(o.Title, true)
	f.SetAuthor(o.Author, true)
	f.SetLang(o.Lang)
	f.SetCreator("Polku", true)
	f.SetCreationDate(o.At)
	f.SetModificationDate(o.At)
	f.SetXmpMetadata(xmp(o))
	d := &Doc{o: o, f: f, root: &node{kind: "Document"}}
	d.newPage()
	d.Heading(1, o.Title)
	return d
}

// style is how a piece of text looks.
type style struct {
	bold          bool
	size          float64 // points
	line          float64 // millimetres from line to line
	before, after float64 // millimetres
	grey          bool
}

var (
	headings = []style{{bold: true, size: 20, line: 9, after: 4}, {bold: true, size: 14, line: 6.6, before: 6, after: 2}, {bold: true, size: 11.5, line: 5.6, before: 3, after: 1}}
	plain    = style{size: 11, line: 5.4, after: 2.6}
	small    = style{size: 9, line: 4.4, after: 2, grey: true}
	cell     = style{size: 10, line: 4.8}
	headCell = style{bold: true, size: 10, line: 4.8}
)

// Heading adds a heading of level 1 to 3.
func (d *Doc) Heading(level int, text string) {
	level = min(max(level, 1), len(headings))
	s := headings[level-1]
	d.room(s.before + s.line + s.after + 2*plain.line) // never alone at the foot of a page
	d.text(d.root.add("H"+string(rune('0'+level))), s, margin, textWidth, text)
}

// Paragraph adds running text. Line feeds within it part it into paragraphs.
func (d *Doc) Paragraph(text string) { d.paragraphs(plain, text) }

// Small adds a paragraph in small grey print: what stands beside the matter.
func (d *Doc) Small(text string) { d.paragraphs(small, text) }

func (d *Doc) paragraphs(s style, text string) {
	for _, part := range lines(text) {
		d.text(d.root.add("P"), s, margin, textWidth, part)
	}
}

// List adds a list of points.
func (d *Doc) List(items ...string) {
	const indent = 5
	list := d.root.add("L")
	for _, text := range items {
		item := list.add("LI")
		d.room(plain.line)
		y, page := d.y, d.f.PageNo()
		d.mark(item.add("Lbl"))
		d.put(plain, margin, "•")
		d.unmark()
		if d.f.PageNo() == page {
			d.y = y
		}
		s := plain
		s.after = 1
		d.text(item.add("LBody"), s, margin+indent, textWidth-indent, text)
	}
	d.y += plain.after
}

// text draws lines of one element and breaks pages between them.
func (d *Doc) text(n *node, s style, x, width float64, text string) {
	if d.y > margin {
		d.y += s.before
	}
	d.font(s)
	split := d.split(text, width)
	d.mark(n)
	for _, line := range split {
		d.room(s.line)
		d.put(s, x, line)
		d.y += s.line
	}
	d.unmark()
	d.y += s.after
}

// split parts a text into lines. Each but the last ends in a space, so that who listens or copies hears words apart.
func (d *Doc) split(text string, width float64) []string {
	all := d.f.SplitText(writable(text), width)
	for i := range all {
		if i < len(all)-1 {
			all[i] = strings.TrimRight(all[i], " ") + " "
		}
	}
	return all
}

// put draws one line at the height where the document is.
func (d *Doc) put(s style, x float64, line string) {
	d.font(s)
	d.f.SetXY(x, d.y)
	d.f.CellFormat(0, s.line, line, "", 0, "L", false, 0, "")
}

func (d *Doc) font(s style) {
	weight := ""
	if s.bold {
		weight = "B"
	}
	d.f.SetFont(family, weight, s.size)
	if s.grey {
		d.f.SetTextColor(90, 90, 90)
	} else {
		d.f.SetTextColor(20, 20, 20)
	}
}

// room begins a new page when less than height is left on this one.
func (d *Doc) room(height float64) {
	if d.y+height <= bottom {
		return
	}
	n := d.open
	if n != nil {
		d.unmark()
	}
	d.newPage()
	if n != nil {
		d.mark(n)
	}
}

func (d *Doc) newPage() {
	d.f.AddPage()
	d.y = margin
	d.next, d.page = append(d.next, 0), append(d.page, nil)
}

// Write ends the document and writes it. Nothing may be added after.
func (d *Doc) Write(w io.Writer) error {
	d.footers()
	var drawn bytes.Buffer
	if err := d.f.Output(&drawn); err != nil {
		return fault.Wrap(err, "pdf.draw")
	}
	return fault.Wrap(d.tag(drawn.Bytes(), w), "pdf.tag")
}

// footers draws the foot of each page, which is no part of the text (an artifact).
func (d *Doc) footers() {
	pages := d.f.PageCount()
	for n := 1; n <= pages; n++ {
		d.f.SetPage(n)
		d.f.RawWriteStr("/Artifact BMC")
		d.font(plain) // the page may have ended in the footer's own font, which would not be named again
		d.font(small)
		d.f.SetXY(margin, pageHeight-14)
		d.f.CellFormat(textWidth-30, small.line, writable(d.o.Footer), "", 0, "L", false, 0, "")
		d.f.CellFormat(30, small.line, pageWord(d.o.Page, n, pages), "", 0, "R", false, 0, "")
		d.f.RawWriteStr("EMC")
	}
}
