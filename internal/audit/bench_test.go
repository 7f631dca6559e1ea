package audit_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"polku/internal/db"
	. "polku/internal/polkutest"
	"polku/internal/seal"
)

// BenchmarkOwnLog is a client's own view over two years in a use log of POLKU_LOG_ROWS rows (a hundred thousand when it is
// not said; doc/performance.md has it with ten million), on POLKU_TEST_POSTGRES when there is one. The client has 20
// uses a working day, some ten thousand in all, among those of 100 000 clients.
func BenchmarkOwnLog(b *testing.B) {
	rows := 100_000
	if n, err := strconv.Atoi(os.Getenv("POLKU_LOG_ROWS")); err == nil {
		rows = n
	}
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		target := b.TempDir()
		if engine == db.Postgres {
			if target = os.Getenv("POLKU_TEST_POSTGRES"); target == "" {
				continue
			}
		}
		w := New(b, target)
		keys, err := seal.LoadOrMake(b.TempDir())
		okB(b, err)
		w.Log.UseKeys(keys)
		const own = 10_000
		two := Noon.AddDate(-2, 0, 0).UnixMicro()
		step := (Noon.UnixMicro() - two) / int64(rows)
		series, hex := `with recursive s (i) as (select 1 union all select i + 1 from s where i < $1)`, `printf('%012x', i)`
		if engine == db.Postgres {
			series, hex = `with s (i) as (select generate_series(1, $1::bigint))`, `lpad(to_hex(i), 12, '0')`
		}
		mine := fmt.Sprintf("case when i %% %d = 0 then 'client-me' else 'client-' || (i %% 100000) end", max(1, rows/own))
		for _, text := range []string{
			series + ` insert into use_log (tenant_id, log_id, at, worker_id, purpose, screen, clients, request, batch) select 1, ` + hex + ` || '-7000-8000-8000-000000000000',
				` + fmt.Sprint(two) + ` + i * ` + fmt.Sprint(step) + `, 'worker-' || (i % 300), 'service', 'GET /c/{id}', '["' || ` + mine + ` || '"]', 'r', 1 from s`,
			series + ` insert into use_log_client (tenant_id, client_id, at, log_id) select 1, ` + mine + `, ` + fmt.Sprint(two) + ` + i * ` + fmt.Sprint(step) + `,
				` + hex + ` || '-7000-8000-8000-000000000000' from s order by 2, 3`,
		} {
			_, err := w.Log.Pool().Exec(text, rows)
			okB(b, err)
		}
		if engine == db.Postgres { // as its own housekeeping does soon after
			_, err := w.Log.Pool().Exec(`analyze use_log; analyze use_log_client`)
			okB(b, err)
		}
		b.Run(fmt.Sprintf("%s/%d", engine, rows), func(b *testing.B) {
			for range b.N {
				all, err := w.Log.SeenBetween(b.Context(), Tenant, "client-me", two, Noon.Add(time.Hour).UnixMicro(), 50_000)
				okB(b, err)
				if len(all) < own*9/10 {
					b.Fatal(len(all))
				}
			}
		})
	}
}

func okB(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
