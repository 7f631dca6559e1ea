package db

import (
	"context"
	"database/sql"
	"fmt"
)

// Integrity asks the embedded engine whether a file is whole. It gives what is wrong, which names tables and pages and no
// content; nothing when all is well.
func Integrity(ctx context.Context, pool *sql.DB) []string {
	rows, err := pool.QueryContext(ctx, "pragma integrity_check(100)")
	if err != nil {
		return []string{"unreadable"}
	}
	defer rows.Close()
	var wrong []string
	for rows.Next() {
		var said string
		if err := rows.Scan(&said); err != nil {
			return append(wrong, "unreadable")
		}
		if said != "ok" {
			wrong = append(wrong, said)
		}
	}
	if rows.Err() != nil {
		wrong = append(wrong, "unreadable")
	}
	return wrong
}

// Tables names the tables of an embedded file, in order, but for the engine's own and those of whoever ships copies, whose
// names begin with an underscore.
func Tables(ctx context.Context, tx *sql.Tx) ([]string, error) {
	rows, err := tx.QueryContext(ctx, `select name from sqlite_master where type = 'table' and name not like 'sqlite%' and substr(name, 1, 1) <> '_' order by name`)
	if err != nil {
		return nil, fmt.Errorf("%w in: tables", err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err()
}
