package cli

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"polku/internal/approval"
	"polku/internal/db"
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
		exports := 0
		for _, row := range x.Tables["use_log"] {
			if screen, _ := row["screen"].(string); strings.HasSuffix(screen, "export client") {
				exports++
			}
		}
		if exports != 1 {
			t.Errorf("%d exports in the use log; this one is the first: %v", exports, x.Tables["use_log"])
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
		pdf := filepath.Join(t.TempDir(), "tiedot.pdf")
		done(t, with(f, "export", "client", id, "--for-client", "--format", "pdf", "--out", pdf, "--lang", "fi")...)
		if data, err := os.ReadFile(pdf); err != nil || !strings.HasPrefix(string(data), "%PDF") || len(data) < 20_000 {
			t.Error("no document:", len(data), err)
		}
		var told int
		must(t, w.DB.Pool().QueryRow(`select count(*) from disclosure_log where client_id = $1 and basis = 'client'`, id).Scan(&told))
		if told != 2 {
			t.Errorf("%d disclosures are written down for two copies to the client", told)
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
		refused(t, "Write why", with(f, "export", "clients", "--service", service)...)
		agreed := func() string {
			done(t, with(f, "export", "clients", "--service", service, "--why", "Move to another system")...)
			var id, boss string
			must(t, w.DB.Pool().QueryRow(`select approval_id, (select min(worker_id) from worker where admin) from approval order by approval_id desc limit 1`).Scan(&id, &boss))
			refused(t, "Nobody else has agreed", with(f, "export", "clients", "--service", service, "--approval", id)...)
			refused(t, "your own request", with(f, "approval", "answer", id, "yes")...)
			must(t, w.DB.Update(context.Background(), polkutest.As(boss), func(tx *db.Tx) error { return approval.Answer(tx, id, true) }))
			return id
		}
		id := agreed()
		done(t, with(f, "export", "clients", "--service", service, "--format", "csv", "--out", file, "--approval", id)...)
		refused(t, "used already", with(f, "export", "clients", "--service", service, "--approval", id)...)
		data, err := os.ReadFile(file)
		must(t, err)
		if lines := strings.Count(string(data), "\r\n"); lines != n+2 || !strings.Contains(string(data), id) || strings.Contains(string(data), "Salainen") {
			t.Errorf("%d lines for %d clients\n%.300s", lines, n, data)
		}
		var rows []map[string]any
		must(t, json.Unmarshal([]byte(done(t, with(f, "export", "clients", "--service", service, "--approval", agreed())...)), &rows))
		if len(rows) != n || rows[0]["last_name"] == "" {
			t.Errorf("%d rows", len(rows))
		}
		refused(t, "is there already", with(f, "export", "clients", "--service", service, "--out", file, "--approval", agreed())...)
	})
}

func TestCellsAreNoFormulas(t *testing.T) {
	for v, want := range map[any]string{"=1+1": "'=1+1", "@x": "'@x", "-cmd": "'-cmd", "\tx": "'\tx", "+358 40 123": "+358 40 123", "-5": "-5", "a=b": "a=b", 7: "7", nil: "", true: "true"} {
		if got := cell(v); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
}
