package db

import (
	"strconv"
	"strings"
	"sync"
)

// Statements of InsertMany have up to few rows, or chunk of them, so that there are few texts to plan.
const (
	few   = 4 // most recordings have no more
	chunk = 16
)

// InsertMany runs an insert with many rows in few round trips and gives the number of rows that went in. into is the text up
// to and with "values", after what follows them; every row has the same number of values.
func (t *Tx) InsertMany(into string, rows [][]any, after string) (added int64, err error) {
	for len(rows) > 0 {
		n := min(len(rows), few)
		if len(rows) >= chunk {
			n = chunk
		}
		args := make([]any, 0, n*len(rows[0]))
		for _, row := range rows[:n] {
			args = append(args, row...)
		}
		did, err := t.Exec(into+Places(n, len(rows[0]))+after, args...)
		if err != nil {
			return added, err
		}
		added += did
		rows = rows[n:]
	}
	return added, nil
}

var places sync.Map // text by [2]int

// Places gives the parameters of n rows of so many columns: " ($1, $2), ($3, $4) ".
func Places(n, columns int) string {
	if text, there := places.Load([2]int{n, columns}); there {
		return text.(string)
	}
	var b strings.Builder
	for i := range n * columns {
		switch {
		case i == 0:
			b.WriteString(" (")
		case i%columns == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(i + 1))
	}
	b.WriteString(") ")
	places.Store([2]int{n, columns}, b.String())
	return b.String()
}
