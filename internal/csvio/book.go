// Package csvio owns the tables that others keep and Polku reads (CSV, XLSX, ODS), what their columns and marks
// mean, and the CSV that Polku writes. It stores nothing: what it understood, what it asks and what it left out
// go to whoever called, who shows a preview first.
//
// The road: Read gives a Book of sheets; ReadClients or ReadAttendance finds the table in it and gives typed rows
// with problems; every problem is a catalogue key with arguments (texts/import.yaml) and never a person's data.
package csvio

import (
	"bytes"
	"errors"
	"io"
	"path"
	"strings"

	"polku/internal/civil"
	"polku/internal/fault"
)

// Limits of what is read. Beyond them a file is refused with the limit named.
const (
	MaxFile   = 64 << 20  // bytes of a file
	MaxUnzip  = 192 << 20 // bytes of all parts of an XLSX or ODS, unpacked …
	MaxRatio  = 100       // … and at most this many times the file (real ones are 5 to 30), once past 32 MB
	MaxRows   = 200_000   // rows of all sheets
	MaxCols   = 400       // columns of a sheet; further columns refuse the file
	MaxCells  = 2_500_000 // cells of all sheets that hold something
	MaxCell   = 32 << 10  // bytes of a cell; the rest is cut and the cell named
	MaxText   = 96 << 20  // bytes of text of all cells
	MaxSheets = 60
)

// Cell is one cell as a person sees it.
type Cell struct {
	Text    string     // cleaned of control characters and outer spaces; "" is empty
	Day     civil.Date // where the cell is a real date of a spreadsheet
	Value   float64    // where Number
	Number  bool       // a number of a spreadsheet (a CSV has only text)
	Formula bool       // Text is the value that the spreadsheet last computed; nothing is computed here
}

// Row is a row that holds something. No is its number as Excel shows it, from 1.
type Row struct {
	No    int
	Cells []Cell // without the empty ones at the end
}

// Cell gives the cell of a column from 0, empty beyond the end.
func (r Row) Cell(col int) Cell {
	if col < 0 || col >= len(r.Cells) {
		return Cell{}
	}
	return r.Cells[col]
}

// Sheet of a file. Empty rows are left out but counted.
type Sheet struct {
	Name      string // "" in a CSV
	Hidden    bool
	Rows      []Row
	EmptyRows []int // numbers of the empty rows between the first and the last
}

// Book is a file as read.
type Book struct {
	Name      string // file name without folders: a month or a year may stand in it
	Format    string // "csv", "xlsx" or "ods"
	Encoding  string // of a CSV: "UTF-8", "UTF-8 (BOM)", "UTF-16LE", "UTF-16BE", "Windows-1252"
	Separator string // of a CSV: ";", ",", "tab", "|"
	Sheets    []Sheet
	Problems  []Problem // cells that were cut, hidden sheets and the like
}

// Read reads a file. name is its file name, used for hints only; what the file is is told by its content. The
// error is an Invalid fault that says what is wrong and how to mend it. Memory is bounded by the limits above.
func Read(name string, r io.Reader) (*Book, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxFile+1))
	if err != nil {
		var f *fault.Error
		if errors.As(err, &f) {
			return nil, err
		}
		return nil, &fault.Error{Kind: fault.Invalid, Key: "import.file.unreadable", Cause: err}
	}
	if len(data) > MaxFile {
		return nil, fault.E(fault.Invalid, "import.file.too_big", fault.Args{"mb": MaxFile >> 20})
	}
	return ReadBytes(name, data)
}

// ReadBytes is Read for a file in memory.
func ReadBytes(name string, data []byte) (*Book, error) {
	b := &Book{Name: path.Base(strings.ReplaceAll(name, `\`, "/"))}
	var err error
	switch kind := sniff(data); kind {
	case "xlsx":
		b.Format = "xlsx"
		err = readXLSX(b, data)
	case "ods":
		b.Format = "ods"
		err = readODS(b, data)
	case "text":
		b.Format = "csv"
		err = readCSV(b, data)
	default:
		return nil, fault.E(fault.Invalid, "import.file."+kind, nil)
	}
	if err != nil {
		return nil, err
	}
	for _, s := range b.Sheets {
		if len(s.Rows) > 0 {
			return b, nil
		}
	}
	return nil, fault.E(fault.Invalid, "import.file.empty", nil)
}

// sniff tells by content what a file is: "xlsx", "ods", "text", or the last word of the key that refuses it.
func sniff(data []byte) string {
	head := data[:min(len(data), 64<<10)]
	trimmed := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"))
	switch {
	case len(bytes.TrimSpace(head)) == 0 && len(data) == len(head):
		return "empty"
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return sniffZip(data)
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		if bytes.Contains(data, utf16le("EncryptedPackage")) {
			return "encrypted"
		}
		return "old_xls"
	case bytes.HasPrefix(head, []byte("%PDF")):
		return "pdf"
	case bytes.HasPrefix(trimmed, []byte("<html")), bytes.HasPrefix(trimmed, []byte("<!doctype")),
		bytes.HasPrefix(trimmed, []byte("<table")), bytes.HasPrefix(trimmed, []byte("<?xml")):
		return "html"
	case bytes.HasPrefix(trimmed, []byte("{")) && bytes.Contains(trimmed, []byte(`":`)):
		return "json"
	case encodingOf(data) == "":
		return "binary"
	}
	return "text"
}

func utf16le(s string) []byte {
	out := make([]byte, 0, 2*len(s))
	for i := 0; i < len(s); i++ {
		out = append(out, s[i], 0)
	}
	return out
}

// budget counts what a file has cost so far; any of its checks refuses the file.
type budget struct{ rows, cells, text int }

func (u *budget) row() error {
	if u.rows++; u.rows > MaxRows {
		return fault.E(fault.Invalid, "import.file.too_many_rows", fault.Args{"max": MaxRows})
	}
	return nil
}

func (u *budget) cell(text string) error {
	u.cells++
	u.text += len(text)
	if u.cells > MaxCells || u.text > MaxText {
		return fault.E(fault.Invalid, "import.file.too_much", fault.Args{"cells": MaxCells})
	}
	return nil
}

func tooWide() error {
	return fault.E(fault.Invalid, "import.file.too_many_columns", fault.Args{"max": MaxCols})
}
