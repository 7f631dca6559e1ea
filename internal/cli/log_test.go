package cli

import (
	"strings"
	"testing"

	"polku/internal/polkutest"
)

// At the machine: who has used a client's data, and whether the logs are whole. Another's hand in the log is found.
func TestLogsAtTheMachine(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		f := life(t, w)
		var id string
		must(t, w.DB.Pool().QueryRow(`select min(client_id) from client`).Scan(&id))
		done(t, with(f, "export", "client", id)...)
		out := done(t, with(f, "log", "client", id)...)
		if !strings.Contains(out, "The server's administrator") || !strings.Contains(out, "administration of the server") {
			t.Error(out)
		}
		if out := done(t, with(f, "log", "client", id, "--format", "json")...); !strings.Contains(out, `"what": "console"`) {
			t.Error(out)
		}
		if out := done(t, with(f, "log", "client", id, "--format", "pdf")...); !strings.HasPrefix(out, "%PDF-") {
			t.Error(out[:min(80, len(out))])
		}
		refused(t, "Years are 1 to 12", with(f, "log", "client", id, "--years", "13")...)
		if out := done(t, with(f, "log", "verify")...); !strings.HasPrefix(out, "0 findings") {
			t.Error(out)
		}
		// What nothing covers yet is said, with its moment, not passed over.
		_, err := w.Log.Pool().Exec(`insert into use_log (tenant_id, log_id, at, worker_id, purpose, screen, clients, request)
			values (1, 'zz', 1772445600000000, 'w', 'service', 'GET /x', '[]', 'r')`)
		must(t, err)
		for _, command := range [][]string{{"log", "verify"}, {"verify"}} {
			if out := done(t, with(f, command...)...); !strings.Contains(out, "One row of the logs has no seal yet, 2.3.2026 12.00.00,000.") {
				t.Error(command, out)
			}
		}
		_, err = w.Log.Pool().Exec(`delete from use_log where log_id = 'zz'`)
		must(t, err)
		_, err = w.Log.Pool().Exec(`update use_log set purpose = 'service' where batch = 1`)
		must(t, err)
		status, out, _ := polku(t, with(f, "log", "verify")...)
		if status != 1 || !strings.Contains(out, "use:1") {
			t.Error(status, out)
		}
		if status, out, _ := polku(t, with(f, "verify")...); status != 1 || !strings.Contains(out, "Rows of a log were changed") {
			t.Error(status, out)
		}
		done(t, with(f, "log", "review", "--days", "2")...)
	})
}
