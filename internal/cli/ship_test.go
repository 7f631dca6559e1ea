package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"polku/internal/db"
	"polku/internal/seal"
	"polku/internal/vault"
)

// A copy is shipped while the program serves; the drill proves it, and any second of it comes back with --at.
func TestShippedCopyComesBackToTheSecond(t *testing.T) {
	dir := t.TempDir()
	live, copied := filepath.Join(dir, "live"), filepath.Join(dir, "copy")
	serving(t, 2, "serve", "--db", live, "--listen", "127.0.0.1:0", "--ship", copied, "--log-reserve", "0")
	done(t, "setup", "unit", "Ensimmäinen", "--db", live)
	time.Sleep(1500 * time.Millisecond)
	between := time.Now()
	time.Sleep(1500 * time.Millisecond)
	done(t, "setup", "unit", "Toinen", "--db", live)
	must(t, vault.NewFolder(filepath.Join(copied, "files")).Put(strings.Repeat("ab", 32)+"-x-1", []byte("sealed")))

	var r drillReport
	must(t, json.Unmarshal([]byte(done(t, "backup", "drill", "--db", live, "--from", copied, "--into", dir, "--format", "json")), &r))
	if r.RPO > 5 || r.Equal < 10 || len(r.Differ) > 0 || r.Findings > 0 || r.Rows == 0 {
		t.Errorf("%+v", r)
	}
	key := filepath.Join(live, "keys", seal.KeyFile)
	newest, then := filepath.Join(dir, "newest"), filepath.Join(dir, "then")
	done(t, "restore", "--from", copied, "--db", newest, "--keys-from", key)
	done(t, "restore", "--from", copied, "--at", between.UTC().Format(time.RFC3339Nano), "--db", then, "--keys-from", key)
	for place, want := range map[string][]string{newest: {"Ensimmäinen", "Toinen"}, then: {"Ensimmäinen"}} {
		shown := done(t, "setup", "show", "--db", place)
		for _, unit := range []string{"Ensimmäinen", "Toinen"} {
			if strings.Contains(shown, unit) != slices.Contains(want, unit) {
				t.Errorf("%s: %s", place, shown)
			}
		}
	}
	if _, err := vault.NewFolder(filepath.Join(newest, "files")).Get(strings.Repeat("ab", 32) + "-x-1"); err != nil {
		t.Error("a shipped file did not come back:", err)
	}
	must(t, filepath.WalkDir(copied, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Name() == seal.KeyFile {
			t.Error("the keys were shipped: " + path)
		}
		return err
	}))
	refused(t, "There is no copy", "restore", "--from", filepath.Join(dir, "nowhere"), "--db", filepath.Join(dir, "x"))
	refused(t, "Give either", "restore", "--db", filepath.Join(dir, "x"))
	refused(t, "The moment soon was not understood", "restore", "--from", copied, "--at", "soon", "--db", filepath.Join(dir, "x"))
}

// Without a shipped copy the drill makes a backup file and proves that. What differs from the living database is named.
func TestDrillOfABackupFile(t *testing.T) {
	dir := t.TempDir()
	live := filepath.Join(dir, "live")
	done(t, "setup", "unit", "Talo", "--db", newDatabase(t, live))
	var r drillReport
	must(t, json.Unmarshal([]byte(done(t, "backup", "drill", "--db", live, "--into", dir, "--format", "json")), &r))
	if r.From != "file" || r.Equal < 10 || len(r.Differ) > 0 || r.Findings > 0 {
		t.Errorf("%+v", r)
	}
	left, err := filepath.Glob(filepath.Join(dir, "polku-drill-*"))
	must(t, err)
	if len(left) > 0 {
		t.Error("the drill left", left)
	}
	refused(t, "embedded database", "backup", "drill", "--db", "postgres://x/y")
}

// newDatabase makes a new database.
func newDatabase(t *testing.T, dir string) string {
	t.Helper()
	done(t, "migrate", "--db", dir)
	if _, err := os.Stat(filepath.Join(dir, db.SQLiteFile)); err != nil {
		t.Fatal(err)
	}
	return dir
}
