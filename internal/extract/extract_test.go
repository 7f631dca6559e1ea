package extract

import (
	"slices"
	"testing"

	"polku/internal/polkutest"
)

// leftOut are columns and tables that hang on a client and do not belong to their extract, each with the reason.
var leftOut = map[string]string{
	"tenant_id":                    "the same everywhere",
	"entry.client_id":              "the one that was asked for",
	"client.code_sealed":           "given in the clear as identity_code",
	"person.code_index":            "a technical key that says nothing to anybody",
	"name_alias.name_key":          "a technical key that says nothing to anybody",
	"client_key":                   "beginnings of the name, made for searching",
	"erased_entry":                 "says nothing but a place in the chain and a hash",
	"use_log.clients":              "names other clients of the same page",
	"use_log.tenant_id":            "the same everywhere",
	"portal_access.pin":            "a hash that says nothing to anybody",
	"portal_link.token_hash":       "a hash that says nothing to anybody",
	"portal_device.secret_hash":    "a hash that says nothing to anybody",
	"portal_passkey.credential":    "the public half of a key, without the device of no use",
	"portal_passkey.credential_id": "a technical key that says nothing to anybody",
	"portal_session.token_hash":    "a hash that says nothing to anybody",
	"file.thumb":                   "a small copy of a file that is given itself",
	"file.key_sealed":              "the key of a file that is given itself",
	"referral.code_sealed":         "the same code is given in the clear with the client",
	"referral.name_key":            "a technical key that says nothing to anybody",
	"referral.code_index":          "a technical key that says nothing to anybody",
	"referral.code_hash":           "a hash that says nothing to anybody",
	"referral.row_key":             "a hash that says nothing to anybody",
	"invitation.token_hash":        "a hash that says nothing to anybody",
	"portal_session.pending":       "a technical key of a sign-in under way",
	"ticket.token_hash":            "a hash that says nothing to anybody",
	"passage.to_client":            "of another register: its own extract tells",
	"passage.to_path":              "of another register: its own extract tells",
}

// A new table or column that hangs on a client must be given to the client, or left out for a reason.
func TestExtractIsComplete(t *testing.T) {
	w := polkutest.New(t, t.TempDir())
	rows, err := w.DB.Pool().Query(`select m.name, p.name from sqlite_master m join pragma_table_info(m.name) p where m.type = 'table'
		and (m.name = 'person' or m.name in (select m2.name from sqlite_master m2 join pragma_table_info(m2.name) p2 where p2.name = 'client_id'))`)
	must(t, err)
	defer rows.Close()
	seen := 0
	for rows.Next() {
		var name, column string
		must(t, rows.Scan(&name, &column))
		if leftOut[name] != "" || leftOut[column] != "" || leftOut[name+"."+column] != "" {
			continue
		}
		seen++
		i := slices.IndexFunc(tables, func(x table) bool { return x.name == name })
		if i < 0 {
			t.Errorf("the table %s has a client_id and is not in the extract", name)
			continue
		}
		if names, _ := tables[i].split(); !slices.Contains(names, column) {
			t.Errorf("%s.%s is not in the extract", name, column)
		}
	}
	must(t, rows.Err())
	if seen < 60 {
		t.Errorf("only %d columns were looked at", seen)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
