package model

import "strings"

// Page is a readable page with typed sections, so that a terminal and a web page can show the same.
type Page struct {
	Title    string
	Lead     string // one sentence: for whom
	Sections []Section
}

// Section of a page: any of paragraphs, items and a table, in that order.
type Section struct {
	ID    string // stable, for links: entry, promises, phase-kartoitus …
	Title string
	Level int // 1, or 2 for a section within the one before
	Paras []string
	Items []string
	Table *Table
}

// Table with a heading row.
type Table struct {
	Head []string
	Rows [][]string
}

// Markdown gives the page as plain text that reads well in a terminal too.
func (p Page) Markdown() string {
	var b strings.Builder
	b.WriteString("# " + p.Title + "\n\n" + p.Lead + "\n")
	for _, s := range p.Sections {
		b.WriteString("\n" + strings.Repeat("#", s.Level+1) + " " + s.Title + "\n")
		for _, para := range s.Paras {
			b.WriteString("\n" + para + "\n")
		}
		if len(s.Items) > 0 {
			b.WriteString("\n")
		}
		for _, item := range s.Items {
			b.WriteString("- " + item + "\n")
		}
		if s.Table != nil {
			b.WriteString("\n" + s.Table.markdown())
		}
	}
	return b.String()
}

// markdown pads the columns, so that the table lines up where the text is shown as it is.
func (t *Table) markdown() string {
	widths := make([]int, len(t.Head))
	rows := append([][]string{t.Head}, t.Rows...)
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	var b strings.Builder
	for n, row := range rows {
		for i, cell := range row {
			b.WriteString("| " + cell + strings.Repeat(" ", widths[i]-len([]rune(cell))+1))
		}
		b.WriteString("|\n")
		if n == 0 {
			for _, w := range widths {
				b.WriteString("|" + strings.Repeat("-", w+2))
			}
			b.WriteString("|\n")
		}
	}
	return b.String()
}
