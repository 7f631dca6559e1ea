package view

import (
	"strconv"

	"github.com/a-h/templ"
)

// ImportLine is one earlier import.
type ImportLine struct {
	ID, File, Kind, Who, When, State string // all in words
	Rows                             int
	Running, Undone                  bool
}

// Imports is the start of an import and the list of earlier ones.
// GET /import; POST /import (multipart): kind (clients|attendance), file.
type Imports struct {
	Shell
	Kind   string
	Lines  []ImportLine
	Errors Errors
	Limit  string // largest file, in words: "20 Mt"
}

// Setting is something that the reader understood of the file and that may be put right.
type Setting struct {
	Name    string // field: encoding, separator, sheet, header
	Label   string
	Options []Option
}

// Column of the file and what it is taken to mean. Field: col_N, N from 0.
type Column struct {
	Head    string
	Samples []string
	Options []Option // meanings; the chosen one On; "" leaves the column out
	Sure    bool     // recognised without doubt
}

// Question asks one thing about many rows. Field: q_ID.
type Question struct {
	ID      string
	Text    string
	Hint    string
	Rows    int // how many rows it concerns
	Options []Option
}

// Spelling is a worker or a short name as the file writes it. Field: worker_N or name_N.
type Spelling struct {
	Text       string
	Rows       int
	Options    []Option // accounts; or match, provisional, skip
	Remembered bool     // answered in an earlier import
}

// ImportRow is one row of the preview.
type ImportRow struct {
	Line  int      // in the file, from 1
	State string   // sound, asks, left
	Cells []string // as understood, beside ImportPreview.Heads
	Notes []string // what is asked or why it is left out, in words
	Mends []Mend   // cells that may be put right here
}

// Mend is a cell of a row that may be put right. Field: cell_SHEET_ROW_COL.
type Mend struct {
	Name, Label, Value string
	Mended             bool // it has been put right already
}

// ImportPreview shows what was understood before anything is stored. GET /import/{id};
// POST /import/{id}: encoding, separator, sheet, header, col_N, service, worker_N, name_N, q_ID, whole (1: all or nothing),
// cell_SHEET_ROW_COL, show, after, do (again|mend|run). GET /import/{id}?show=sound|asks|left|mended&after=LINE pages the rows.
type ImportPreview struct {
	Shell
	ID, File, Kind    string
	Settings          []Setting
	Columns           []Column
	Services          []Option // service and model version that the people go into
	Workers, Names    []Spelling
	Questions         []Question
	Sound, Asks, Left int
	Already           int      // rows that an earlier import has brought in: nothing is added twice
	Fills             int      // known clients whose empty contact data are filled in
	Mended            int      // cells put right
	Remarks           []string // about the file as a whole, in words
	Show              string
	After             int // place of the first row shown
	Mendable          bool
	Heads             []string
	Rows              []ImportRow
	Next              string // path of more rows
	Whole             bool
	Errors            Errors
}

// Ready tells whether nothing is asked any more.
func (p ImportPreview) Ready() bool { return p.Asks == 0 && p.Sound > 0 }

// ImportProgress is shown while a large import runs. GET /import/{id}.
type ImportProgress struct {
	Shell
	ID, File    string
	Done, Total int
}

// LeftRow is a row that was left out.
type LeftRow struct {
	Line int
	What string // enough to find it in the file; may hold a name, so it is only shown, never logged
	Why  string
}

// Differ is a row that told otherwise than the register of a known client.
type Differ struct {
	Line                  int
	Sheet, Client, Fields string // Fields in words
}

// ImportReport tells what an import did. GET /import/{id}; POST /import/{id}/undo.
type ImportReport struct {
	Shell
	ID, File, Who, When      string
	Added, Joined, Already   int // people or entries: new, joined with known ones, known before
	Filled                   int // known clients whose empty contact data were filled in
	Differs                  []Differ
	Left                     []LeftRow
	LeftMore                 int
	Unset                    int // open paths that wait for a real next step
	Undoable, Undone, Failed bool
}

// Page is the view.
func (p Imports) Page() templ.Component { return imports(p) }

// Page is the view.
func (p ImportPreview) Page() templ.Component { return importPreview(p) }

// Page is the view.
func (p ImportProgress) Page() templ.Component { return importProgress(p) }

// Page is the view.
func (p ImportReport) Page() templ.Component { return importReport(p) }

// head is the head of a column of the rows, which stands beside each cell on a narrow screen.
func (p ImportPreview) head(i int) string {
	if i < len(p.Heads) {
		return p.Heads[i]
	}
	return ""
}

// runText says what the button does.
func (p ImportPreview) runText() string {
	if p.Sound == 0 && p.Fills > 0 {
		return p.N("importing.run_fill", p.Fills)
	}
	return p.N("import.run", p.Sound)
}

// mendedBy names the hint of a cell that has been put right.
func (m Mend) mendedBy() string {
	if !m.Mended {
		return ""
	}
	return m.Name + "-mended"
}

func nth(name string, i int) string { return name + "_" + strconv.Itoa(i) }

// unsure tells whether some column was not recognised without doubt, so that the columns stand open.
func (p ImportPreview) unsure() bool {
	for _, c := range p.Columns {
		if !c.Sure {
			return true
		}
	}
	return false
}

func (p ImportReport) reportTitle() string {
	switch {
	case p.Undone:
		return p.T("import.undone")
	case p.Failed:
		return p.T("import.failed")
	}
	return p.T("import.report")
}
