package audit_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"polku/internal/audit"
	"polku/internal/db"
	. "polku/internal/polkutest"
	"polku/internal/seal"
)

// logged is a database with three batches in each log: uses, commands and disclosures of clients a, b and c.
func logged(t *testing.T, w *World) *seal.Keys {
	t.Helper()
	keys, err := seal.LoadOrMake(t.TempDir())
	ok(t, err)
	w.Log.UseKeys(keys)
	for range 3 {
		for _, client := range []string{"a", "b", "c"} {
			see(t, w, "GET /c/{id}", client)
		}
		ok(t, w.DB.Update(t.Context(), As(Mia), func(tx *db.Tx) error {
			for _, client := range []string{"a", "b", "c"} {
				if err := audit.Command(tx, client, "client.edit"); err != nil {
					return err
				}
				if err := audit.Disclose(tx, audit.Disclosure{Client: client, Register: Register, ReceiverName: "Kela", What: "plan", Basis: audit.ByConsent}); err != nil {
					return err
				}
			}
			return nil
		}))
		see(t, w, "GET /today", "a", "b", "c")
		ok(t, w.Log.CatchUp(t.Context(), Tenant))
	}
	return keys
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// findings are what verify says: "what log batch", sorted.
func findings(t *testing.T, w *World, keys *seal.Keys) string {
	t.Helper()
	found, _, err := w.Log.Verify(t.Context(), Tenant, keys)
	ok(t, err)
	var all []string
	for _, f := range found {
		all = append(all, fmt.Sprintf("%s %s %d", strings.TrimPrefix(f.What, "verify.log_"), f.Log, f.Batch))
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), ", ")
}

func poolOf(w *World, table string) *sql.DB {
	if strings.HasPrefix(table, "use_log") {
		return w.Log.Pool()
	}
	return w.DB.Pool()
}

// Whatever somebody who may write to the database changes of what was sealed, verify finds it and names the batch.
func TestTamperingIsFound(t *testing.T) {
	second := `(select min(log_id) from TABLE where batch = 2)`
	cases := []struct{ name, table, sql, want string }{
		{"nothing", "use_log", `select 1`, ""},
		{"a purpose edited", "use_log", `update TABLE set purpose = 'managing' where log_id = ` + second, "changed LOG 2"},
		{"as what somebody saw it, edited", "use_log", `update TABLE set standing = 'worker/responsible' where log_id = ` + second, "changed LOG 2"},
		{"as what somebody saw it, wiped", "use_log", `update TABLE set standing = '' where log_id = ` + second, "changed LOG 2"},
		{"a time moved", "use_log", `update TABLE set at = at + 1 where log_id = ` + second, "changed LOG 2, index use 0"},
		{"a worker put on another", "use_log", `update TABLE set worker_id = 'w2' where batch = 3`, "changed LOG 3"},
		{"a client taken out of a list", "use_log", `update TABLE set clients = '["b","c"]' where screen = 'GET /today' and batch = 1`, "changed LOG 1, index use 0"},
		{"a row deleted", "use_log", `delete from TABLE where log_id = ` + second, "changed LOG 2, index use 0"},
		{"a row slipped into a batch", "use_log", `insert into TABLE select tenant_id, log_id || '0', at, 'w9', purpose, screen, '[]', request, batch, standing from TABLE where log_id = ` + second, "changed LOG 2"},
		{"a row slipped in beside", "use_log", `insert into TABLE select tenant_id, 'zz', at, 'w9', purpose, screen, '[]', request, 2, standing from TABLE where log_id = ` + second, "beside LOG 2"},
		{"rows exchanged", "use_log", `update TABLE set log_id = case when log_id = ` + second + ` then 'x' else log_id end where batch = 2`, "beside LOG 2, changed LOG 2, index use 0"},
		{"a row in another batch", "use_log", `update TABLE set batch = 3 where log_id = ` + second, "beside LOG 3, changed LOG 2, index use 0"},
		{"a use hidden from its client", "use_log_client", `delete from TABLE where client_id = 'a' and at = (select max(at) from TABLE)`, "index use 0"},
		{"a use laid on a client", "use_log_client", `insert into TABLE select tenant_id, 'd', at, log_id from TABLE where client_id = 'a' limit 1`, "index use 0"},
		{"a batch deleted with its rows", "use_log", `BATCH:delete from TABLE_batch where number = 2`, "beside LOG 2, changed LOG 3, gap LOG 2, index use 0"},
		{"a signature", "use_log", `BATCH:update TABLE_batch set at = at + 1 where number = 1`, "signature LOG 1"},
		{"the end cut off", "use_log", `END`, "cut LOG 1"},
		{"a command edited", "command_log", `update TABLE set what = 'client.look' where log_id = ` + second, "changed LOG 2"},
		{"a command deleted", "command_log", `delete from TABLE where log_id = ` + second, "changed LOG 2"},
		{"a disclosure's ground edited", "disclosure_log", `update TABLE set basis = 'law' where log_id = ` + second, "changed LOG 2"},
		{"a disclosure deleted", "disclosure_log", `delete from TABLE where batch = 3`, "changed LOG 3"},
	}
	OnBoth(t, func(t *testing.T, w *World) {
		keys := logged(t, w)
		putBack := keep(t, w)
		for _, c := range cases {
			texts := []string{strings.TrimPrefix(c.sql, "BATCH:")}
			if c.sql == "END" {
				texts = []string{`delete from TABLE`, `delete from TABLE_batch`, `delete from use_log_client`}
			}
			for _, text := range texts {
				_, err := poolOf(w, c.table).Exec(strings.ReplaceAll(text, "TABLE", c.table))
				ok(t, err)
			}
			log := strings.TrimSuffix(strings.TrimSuffix(c.table, "_client"), "_log")
			if got, want := findings(t, w, keys), strings.ReplaceAll(c.want, "LOG", log); got != want {
				t.Errorf("%s: found %q, want %q", c.name, got, want)
			}
			putBack()
		}
	})
}

// keep copies the logs and gives how they are put back as they were.
func keep(t *testing.T, w *World) (putBack func()) {
	t.Helper()
	tables := []string{"use_log", "use_log_batch", "use_log_client", "command_log", "command_log_batch", "disclosure_log", "disclosure_log_batch"}
	run := func(text string) {
		for _, table := range tables {
			_, err := poolOf(w, table).Exec(strings.ReplaceAll(text, "TABLE", table))
			ok(t, err)
		}
	}
	run(`create table kept_TABLE as select * from TABLE`)
	t.Cleanup(func() { run(`drop table kept_TABLE`) })
	return func() {
		run(`delete from TABLE`)
		run(`insert into TABLE select * from kept_TABLE`)
	}
}

// A row from before it was kept as what somebody saw a client is sealed as it was then: its seven columns, each with its
// length, after the head before. So logs sealed by earlier versions are proven by this one.
func TestOldRowsAreSealedAsBefore(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		keys, err := seal.LoadOrMake(t.TempDir())
		ok(t, err)
		w.Log.UseKeys(keys)
		w.DB.Standing = nil
		see(t, w, "GET /c/{id}", "a")
		ok(t, w.Log.CatchUp(t.Context(), Tenant))
		var row [7]string
		var head []byte
		ok(t, w.Log.Pool().QueryRow(`select log_id, cast(at as text), worker_id, purpose, screen, clients, request from use_log`).
			Scan(&row[0], &row[1], &row[2], &row[3], &row[4], &row[5], &row[6]))
		ok(t, w.Log.Pool().QueryRow(`select head from use_log_batch`).Scan(&head))
		h := sha256.New()
		for _, text := range row {
			h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(text))))
			h.Write([]byte(text))
		}
		if !bytes.Equal(head, h.Sum(nil)) || findings(t, w, keys) != "" {
			t.Error("an old row is sealed in a new way")
		}
	})
}

// Another key does not make the same signatures: who has the database and not the key cannot seal anew.
func TestSealedByOurKeyOnly(t *testing.T) {
	w := New(t, t.TempDir())
	logged(t, w)
	other, err := seal.LoadOrMake(t.TempDir())
	ok(t, err)
	if got := findings(t, w, other); !strings.Contains(got, "signature use 3") || !strings.Contains(got, "signature disclosure 1") {
		t.Error(got)
	}
}

// A client finds every use of their data, on lists and alone, newest first; others' uses are not theirs.
func TestUsesAreFoundByClient(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		logged(t, w)
		w.DB.Now = func() time.Time { return Noon.Add(time.Hour) }
		see(t, w, "GET /c/{id}/log", "b") // sealed by the reading itself
		all, err := w.Log.SeenBetween(t.Context(), Tenant, "b", 0, Noon.Add(2*time.Hour).UnixMicro(), 100)
		ok(t, err)
		lists := 0
		for _, s := range all {
			if s.List {
				lists++
			}
		}
		if len(all) != 7 || lists != 3 || all[0].Screen != "GET /c/{id}/log" || all[0].Worker != "w1" || all[0].At != Noon.Add(time.Hour).UnixMicro() {
			t.Errorf("%+v", all)
		}
		for _, c := range []struct {
			client   string
			from, to time.Time
			want     int
		}{{"b", Noon.Add(time.Minute), Noon.Add(2 * time.Hour), 1}, {"b", Noon, Noon.Add(time.Hour), 6}, {"d", Noon, Noon.Add(time.Hour), 0}} {
			some, err := w.Log.SeenBetween(t.Context(), Tenant, c.client, c.from.UnixMicro(), c.to.UnixMicro(), 100)
			ok(t, err)
			if len(some) != c.want {
				t.Errorf("%s from %v: %d", c.client, c.from, len(some))
			}
		}
	})
}

// More rows than one batch holds, written while sealing goes on, are each sealed once and found once.
func TestSealingBesideWriting(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		keys, err := seal.LoadOrMake(t.TempDir())
		ok(t, err)
		w.Log.UseKeys(keys)
		const rows = 600
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			for i := range rows {
				see(t, w, "GET /c/{id}", fmt.Sprint(i%7), "all")
			}
		}()
		for going := true; going; {
			ok(t, w.Log.CatchUp(context.Background(), Tenant))
			select {
			case <-ended:
				going = false
			default:
			}
		}
		ok(t, w.Log.CatchUp(t.Context(), Tenant))
		found, n, err := w.Log.Verify(t.Context(), Tenant, keys)
		ok(t, err)
		if len(found) > 0 || n.Rows != rows || n.Unsealed != 0 {
			t.Error(found, n)
		}
		all, err := w.Log.SeenBetween(t.Context(), Tenant, "all", 0, Noon.Add(time.Hour).UnixMicro(), 2*rows)
		ok(t, err)
		if len(all) != rows {
			t.Error(len(all))
		}
	})
}

// On PostgreSQL two columns that compare by different rules are joined by reading a whole table: the log's ids must
// compare alike wherever a client's uses are looked up.
func TestIdsOfTheUseLogCompareAlike(t *testing.T) {
	target := os.Getenv("POLKU_TEST_POSTGRES")
	if target == "" {
		return // SQLite compares bytes always
	}
	w := New(t, target)
	var rules string
	ok(t, w.DB.Pool().QueryRow(`select string_agg(distinct coalesce(collation_name, 'default'), ' ') from information_schema.columns
		where table_schema = 'public' and table_name in ('use_log', 'use_log_client') and column_name = 'log_id'`).Scan(&rules))
	if rules != "C" {
		t.Error(rules)
	}
}
