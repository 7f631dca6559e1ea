package schema

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"
)

// few are the tables of some hundred rows; every other one is taken to have very many.
var few = map[string]bool{"tenant": true, "first_code": true, "unit": true, "register": true, "service": true, "worker": true, "member": true,
	"cover": true, "session": true, "import_run": true, "worker_alias": true, "handoff": true, "session_rev": true, "sight_rev": true,
	"sign_in_policy": true, "passkey": true, "totp": true, "recovery_code": true, "sign_in_step": true, "provider_account": true, "group_role": true,
	"group_grant": true, "sign_in_reset": true}

const (
	manyRows = 1_000_000
	fewRows  = 500
)

// tellPlanner gives SQLite's planner what it would not guess: that nearly every row has the same tenant, so that an
// index is worth something only from its second column on. Without it the planner takes a primary key that begins with
// the tenant for as good as an index that names the client. The same figures on every machine keep every plan the same;
// PostgreSQL gathers its own.
func tellPlanner(ctx context.Context, pool *sql.DB) error {
	want, err := statistics(ctx, pool)
	if err != nil {
		return err
	}
	var have sql.NullString
	// The table is not there before the first analyze.
	_ = pool.QueryRowContext(ctx, `select group_concat(tbl || ' ' || idx || ' ' || stat, ';' order by tbl, idx) from sqlite_stat1`).Scan(&have)
	if have.String == strings.Join(want, ";") {
		return nil
	}
	tx, err := pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // after Commit this does nothing
	// Making and dropping a table tells other connections to read the figures again.
	for _, text := range []string{"analyze first_code", "delete from sqlite_stat1", "create table statistics_changed (x integer)", "drop table statistics_changed"} {
		if _, err := tx.ExecContext(ctx, text); err != nil {
			return err
		}
	}
	for _, row := range want {
		part := strings.SplitN(row, " ", 3)
		if _, err := tx.ExecContext(ctx, "insert into sqlite_stat1 (tbl, idx, stat) values ($1, $2, $3)", part[0], part[1], part[2]); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// statistics gives a line for each index: table, index, rows, and how many rows share the first column, the first two …
func statistics(ctx context.Context, pool *sql.DB) ([]string, error) {
	rows, err := pool.QueryContext(ctx, `select m.name, l.name, l."unique", l.partial, (select count(*) from pragma_index_info(l.name))
		from sqlite_master m join pragma_index_list(m.name) l where m.type = 'table' and m.name not like 'goose%' and m.name not like 'sqlite%'
		order by m.name, l.name`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var table, index string
		var unique, partial bool
		var columns int
		if err := rows.Scan(&table, &index, &unique, &partial, &columns); err != nil {
			return nil, err
		}
		if strings.HasPrefix(index, "sqlite_autoindex_") && isClustered(ctx, pool, table) {
			index = table // so SQLite calls the primary key of a table without rowid
		}
		n := manyRows
		if few[table] {
			n = fewRows
		}
		if partial {
			n /= 20
		}
		stat := strconv.Itoa(n)
		for c := range columns {
			share := n
			if c > 0 {
				share = max(1, 40/(c*c*c)) // by the client about 40, then few, then one
			}
			if unique && c == columns-1 {
				share = 1
			}
			stat += fmt.Sprintf(" %d", share)
		}
		all = append(all, table+" "+index+" "+stat)
	}
	return all, rows.Err()
}

func isClustered(ctx context.Context, pool *sql.DB, table string) bool {
	var clustered bool
	err := pool.QueryRowContext(ctx, "select wr from pragma_table_list($1)", table).Scan(&clustered)
	return err == nil && clustered
}
