package schema_test

import (
	"context"
	"flag"
	"os"
	"strings"
	"testing"

	"polku/internal/db"
	"polku/internal/polkutest"
	"polku/internal/schema"
)

var update = flag.Bool("update", false, "write schema.golden.sql again")

// The tables as they stand after every migration: what a reader opens first.
func TestGoldenSchema(t *testing.T) {
	w := polkutest.New(t, t.TempDir())
	var b strings.Builder
	rows, err := w.DB.Pool().Query(`select sql from sqlite_master where sql is not null and name not like 'goose%' and name not like 'sqlite%' order by tbl_name, type desc, name`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		b.WriteString(text + ";\n\n")
	}
	const file = "schema.golden.sql"
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Error("the tables differ from schema.golden.sql; look at the change and run go test ./internal/schema -update")
	}
}

func TestMigratingAgainDoesNothing(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		n, err := schema.Migrate(context.Background(), w.DB)
		if n != 0 || err != nil {
			t.Fatal(n, err)
		}
	})
}

// Both engines have the same tables and columns, so that one SQL text can serve them.
func TestEnginesHaveTheSameColumns(t *testing.T) {
	columns := map[db.Engine]string{}
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		text := `select m.name, p.name from sqlite_master m join pragma_table_info(m.name) p where m.type in ('table', 'view') and m.name not like 'goose%' and m.name not like 'sqlite%' order by 1, 2`
		if w.DB.Engine == db.Postgres {
			text = `select table_name, column_name from information_schema.columns where table_schema = 'public' and table_name not like 'goose%' and table_name not like 'use\_log%' order by table_name collate "C", column_name collate "C"`
		}
		rows, err := w.DB.Pool().Query(text)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var table, column string
			if err := rows.Scan(&table, &column); err != nil {
				t.Fatal(err)
			}
			columns[w.DB.Engine] += table + "." + column + "\n"
		}
	})
	if pg := columns[db.Postgres]; pg != "" && pg != columns[db.SQLite] {
		t.Errorf("SQLite has\n%s\nPostgreSQL has\n%s", columns[db.SQLite], pg)
	}
}

// SQLite's planner knows that every row has the same tenant: it goes by the index that names the client or path.
func TestPlannerKnowsTheTenant(t *testing.T) {
	w := polkutest.New(t, t.TempDir())
	for text, index := range map[string]string{
		`select 1 from path where tenant_id = 1 and client_id = 'x'`:                                          "path_client",
		`select 1 from handoff where tenant_id = 1 and path_id = 'x'`:                                         "handoff_path",
		`select 1 from client_key where tenant_id = 1 and client_id = 'x'`:                                    "client_key_client",
		`select 1 from task where tenant_id = 1 and worker_id = 'x' and by_day = 5 and minute > 0`:            "task_meeting",
		`select 1 from task where tenant_id = 1 and worker_id = 'x' and client_id = 'y'`:                      "task_worker",
		`select body from entry where tenant_id = 1 and client_id = 'x' and corrects <> '' and corrects > ''`: "entry_corrects",
		`select body from entry where tenant_id = 1 and client_id = 'x' and path_id = 'y' order by day`:       "sqlite_autoindex_entry_1 (tenant_id=? AND client_id=?)",
	} {
		var id, parent, unused int
		var plan string
		if err := w.DB.View(t.Context(), polkutest.As(polkutest.Mia), func(tx *db.Tx) error {
			_, err := tx.One("explain query plan "+text, nil, &id, &parent, &unused, &plan)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(plan, index) {
			t.Errorf("%s: %s", text, plan)
		}
	}
}
