package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"polku/internal/extract"
	"polku/internal/polkutest"
)

func TestExportOfAClient(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		f := life(t, w)
		var id, phone, name string
		var entries int
		must(t, w.DB.Pool().QueryRow(`select c.client_id, c.phone, c.last_name, (select count(*) from entry e where e.client_id = c.client_id) from client c
			where c.phone <> '' and c.address <> '' and c.code_sealed is not null order by 4 desc, 1 limit 1`).Scan(&id, &phone, &name, &entries))
		var x extract.Extract
		must(t, json.Unmarshal([]byte(done(t, with(f, "export", "client", id)...)), &x))
		c := x.Tables["client"][0]
		if c["phone"] != phone || c["last_name"] != name || len(c["identity_code"].(string)) != 11 || len(x.Tables["entry"]) != entries || len(x.Tables["path"]) == 0 {
			t.Errorf("%+v, %d entries of %d", c, len(x.Tables["entry"]), entries)
		}
		if n := len(x.Tables["use_log"]); n != 1 {
			t.Errorf("%d rows of the use log; the export itself is one", n)
		}
		if _, body := x.Tables["entry"][0]["body"].(map[string]any); !body {
			t.Error("an entry's body is not readable JSON")
		}

		// Under a safety ban nobody learns from a file where they live; they themselves may.
		_, err := w.DB.Pool().Exec(`update client set safety_ban = true where client_id = $1`, id)
		must(t, err)
		csv := done(t, with(f, "export", "client", id, "--format", "csv")...)
		if strings.Contains(csv, phone) || !strings.Contains(csv, ";address;"+extract.Masked) {
			t.Errorf("the ban did not hold")
		}
		if out := done(t, with(f, "export", "client", id, "--for-client")...); !strings.Contains(out, phone) {
			t.Error("their own extract is masked")
		}
		refused(t, "There is no client nobody", with(f, "export", "client", "nobody")...)
	})
}

func TestExportOfAService(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		f := life(t, w)
		var service, banned, address string
		var n int
		must(t, w.DB.Pool().QueryRow(`select s.service_id, count(*) from standing s group by s.service_id order by 2 desc, 1 limit 1`).Scan(&service, &n))
		must(t, w.DB.Pool().QueryRow(`select c.client_id, c.address from client c join standing s on s.client_id = c.client_id
			where s.service_id = $1 and c.address <> '' order by 1 limit 1`, service).Scan(&banned, &address))
		_, err := w.DB.Pool().Exec(`update client set safety_ban = true, address = 'Salainen polku 1' where client_id = $1`, banned)
		must(t, err)
		file := filepath.Join(t.TempDir(), "clients.csv")
		done(t, with(f, "export", "clients", "--service", service, "--format", "csv", "--out", file)...)
		data, err := os.ReadFile(file)
		must(t, err)
		if lines := strings.Count(string(data), "\r\n"); lines != n+1 || strings.Contains(string(data), "Salainen") {
			t.Errorf("%d lines for %d clients\n%.300s", lines, n, data)
		}
		var rows []map[string]any
		must(t, json.Unmarshal([]byte(done(t, with(f, "export", "clients", "--service", service)...)), &rows))
		if len(rows) != n || rows[0]["last_name"] == "" {
			t.Errorf("%d rows", len(rows))
		}
		refused(t, "is there already", with(f, "export", "clients", "--service", service, "--out", file)...)
	})
}

func TestCellsAreNoFormulas(t *testing.T) {
	for v, want := range map[any]string{"=1+1": "'=1+1", "@x": "'@x", "-cmd": "'-cmd", "\tx": "'\tx", "+358 40 123": "+358 40 123", "-5": "-5", "a=b": "a=b", 7: "7", nil: "", true: "true"} {
		if got := cell(v); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
}
