package backup

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"strings"

	"polku/internal/db"
	"polku/internal/fault"
)

// Content tells what a table holds: two tables with the same content have the same rows and sum, whatever the order.
type Content struct {
	Rows int64
	Sum  [4]uint64
}

// Contents gives the content of every table of an embedded database. Tables that whoever ships the copy keeps for itself
// (their names begin with an underscore) and the planner's figures are left out.
func Contents(ctx context.Context, pool *sql.DB) (map[string]Content, error) {
	tx, err := pool.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // all tables as of one moment
	if err != nil {
		return nil, fault.Wrap(err, "backup.content")
	}
	defer tx.Rollback()
	names, err := db.Tables(ctx, tx)
	if err != nil {
		return nil, fault.Wrap(err, "backup.content")
	}
	all := map[string]Content{}
	for _, name := range names {
		if all[name], err = contentOf(ctx, tx, name); err != nil {
			return nil, fault.Wrap(err, "backup.content")
		}
	}
	return all, nil
}

func contentOf(ctx context.Context, tx *sql.Tx, table string) (Content, error) {
	var c Content
	rows, err := tx.QueryContext(ctx, `select * from "`+strings.ReplaceAll(table, `"`, `""`)+`"`)
	if err != nil {
		return c, err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return c, err
	}
	values := make([]any, len(columns))
	into := make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return c, err
		}
		h := sha256.New()
		for _, v := range values {
			text := fmt.Sprintf("%T %v", v, v)
			fmt.Fprintf(h, "%d %s", len(text), text)
		}
		sum := h.Sum(nil)
		for i := range c.Sum {
			c.Sum[i] += binary.BigEndian.Uint64(sum[8*i:])
		}
		c.Rows++
	}
	return c, rows.Err()
}

// Differ names the tables whose contents are not the same.
func Differ(a, b map[string]Content) []string {
	var names []string
	for name, c := range a {
		if b[name] != c {
			names = append(names, name)
		}
	}
	for name := range b {
		if _, there := a[name]; !there {
			names = append(names, name)
		}
	}
	return names
}
