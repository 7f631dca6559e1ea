package retention

import (
	"slices"
	"testing"

	"polku/internal/model"
	"polku/internal/polkutest"
)

// Every table with clients in it belongs to a class, or is kept for a reason.
func TestEveryTableHasAClass(t *testing.T) {
	w := polkutest.New(t, t.TempDir())
	rows, err := w.DB.Pool().Query(`select distinct m.name from sqlite_master m join pragma_table_info(m.name) p where m.type = 'table' and p.name = 'client_id'`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	seen := 0
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		seen++
		if kept[name] == "" && !slices.ContainsFunc(tables, func(x table) bool { return x.name == name }) {
			t.Errorf("the table %s has clients in it and no retention class", name)
		}
	}
	if err := rows.Err(); err != nil || seen < 20 {
		t.Errorf("%d tables were looked at: %v", seen, err)
	}
}

// Every kind of register that a model may name has a rule.
func TestEveryKindOfRegisterHasARule(t *testing.T) {
	for _, kind := range model.RegisterKinds() {
		if !Known(kind) {
			t.Errorf("%s has no retention rule", kind)
		}
	}
}
