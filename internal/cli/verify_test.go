package cli

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"polku/internal/db"
	"polku/internal/ident"
	"polku/internal/polkutest"
	"polku/internal/vault"
	"polku/internal/verify"
)

func TestVerifyNamesWhatWasTamperedWith(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		f := life(t, w)
		if out := done(t, with(f, "verify")...); !strings.HasPrefix(out, "Sound: the chains of ") {
			t.Fatal(out)
		}
		var id string
		must(t, w.DB.Pool().QueryRow(`select entry_id from entry where kind = 'contact' order by entry_id limit 1`).Scan(&id))
		_, err := w.DB.Pool().Exec(`update entry set author = 'somebody' where entry_id = $1`, id)
		must(t, err)
		status, out, _ := polku(t, with(f, "verify")...)
		if status != 1 || !strings.Contains(out, "An entry was changed afterwards: client ") || !strings.Contains(out, "item "+id) {
			t.Errorf("status %d: %s", status, out)
		}
		status, out, _ = polku(t, with(f, "verify", "--format", "json")...)
		var r verify.Report
		must(t, json.Unmarshal([]byte(out), &r))
		if status != 1 || len(r.Findings) != 1 || r.Findings[0].What != "verify.changed" || r.Findings[0].Thing != id {
			t.Errorf("status %d: %+v", status, r)
		}
	})
}

// emptyTarget gives a --db value where nothing is yet, of the same engine as the world's.
func emptyTarget(t *testing.T, w *polkutest.World) string {
	t.Helper()
	if w.DB.Engine == db.SQLite {
		return filepath.Join(t.TempDir(), "restored")
	}
	u, err := url.Parse(os.Getenv("POLKU_TEST_POSTGRES"))
	must(t, err)
	name := "polku_" + strings.ReplaceAll(ident.New(), "-", "")
	_, err = w.DB.Pool().Exec("create database " + name)
	must(t, err)
	t.Cleanup(func() {
		admin, err := sql.Open("pgx", os.Getenv("POLKU_TEST_POSTGRES"))
		must(t, err)
		_, err = admin.Exec(fmt.Sprintf("drop database %s with (force)", name))
		must(t, err)
		must(t, admin.Close())
	})
	u.Path = "/" + name
	return u.String()
}

func TestBackupAndRestore(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		f := life(t, w)
		dir := t.TempDir()
		file, keys := filepath.Join(dir, "polku.backup"), filepath.Join(dir, "keys.json")
		out := done(t, with(f, "backup", file, "--keys-to", keys)...)
		if !strings.Contains(out, "The backup "+file+" is made") {
			t.Error(out)
		}
		for _, name := range []string{file, keys} {
			if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("%s: %v %v", name, info, err)
			}
		}
		refused(t, "is there already and is not written over", with(f, "backup", file)...)
		if _, _, errs := polku(t, with(f, "backup", file+"2")...); !strings.Contains(errs, "The keys are not in the backup") {
			t.Error(errs)
		}

		to := emptyTarget(t, w)
		newKeys := filepath.Join(t.TempDir(), "new-keys")
		refused(t, "Restoring needs the keys", "restore", file, "--db", emptyTarget(t, w), "--keys", newKeys, "--files", t.TempDir())
		where, files := []string{"--db", to}, filepath.Join(to, "files")
		if w.DB.Engine == db.Postgres {
			files = t.TempDir()
			refused(t, "--files", "restore", file, "--keys-from", keys, "--db", emptyTarget(t, w), "--keys", filepath.Join(t.TempDir(), "k"))
			where = append(where, "--keys", newKeys, "--files", files)
		}
		if out := done(t, with(where, "restore", file, "--keys-from", keys)...); !strings.HasPrefix(out, "Restored") {
			t.Error(out)
		}
		for _, table := range []string{"entry", "client", "standing", "use_log"} {
			if table == "use_log" && w.DB.Engine == db.SQLite {
				continue // in a file of its own
			}
			d, err := db.Open(context.Background(), to)
			must(t, err)
			var was, is int
			must(t, w.DB.Pool().QueryRow("select count(*) from "+table).Scan(&was))
			must(t, d.Pool().QueryRow("select count(*) from "+table).Scan(&is))
			must(t, d.Close())
			if was != is || table != "use_log" && was == 0 {
				t.Errorf("%s: %d rows, restored %d", table, was, is)
			}
		}
		var was, is int // the clients' files came along; that they are sound the restoring has proved
		must(t, w.DB.Pool().QueryRow("select count(*) from file").Scan(&was))
		must(t, vault.NewFolder(files).Each(func(vault.Held) error { is++; return nil }))
		if was != is || was == 0 {
			t.Errorf("%d files, restored %d", was, is)
		}
		want := "is there already and is not written over"
		if w.DB.Engine == db.Postgres {
			want = "The database is not empty"
		}
		refused(t, want, with(where, "restore", file)...)
	})
}

func TestRestoreRefusesWhatIsDamagedOrTamperedWith(t *testing.T) {
	w := polkutest.New(t, t.TempDir())
	f := life(t, w)
	dir := t.TempDir()
	file, keys, to := filepath.Join(dir, "polku.backup"), filepath.Join(dir, "keys.json"), filepath.Join(dir, "restored")
	done(t, with(f, "backup", file, "--keys-to", keys)...)
	whole, err := os.ReadFile(file)
	must(t, err)
	for name, data := range map[string][]byte{"cut": whole[:len(whole)/2], "text": []byte("hello"), "empty": nil, "bit": flip(whole)} {
		broken := filepath.Join(dir, name)
		must(t, os.WriteFile(broken, data, 0o600))
		refused(t, "is no backup of Polku, or it is damaged", "restore", broken, "--db", to, "--keys-from", keys)
	}
	refused(t, "cannot be read", "restore", filepath.Join(dir, "nothing"), "--db", to)

	_, err = w.DB.Pool().Exec(`delete from task`)
	must(t, err)
	done(t, with(f, "backup", file+"2")...)
	status, out, errs := polku(t, "restore", file+"2", "--db", to, "--keys-from", keys)
	if status != 1 || !strings.Contains(out, "The tasks do not follow from the entries") || !strings.Contains(errs, "was not restored") {
		t.Errorf("%d %s%s", status, out, errs)
	}
	if _, err := os.Stat(to); err == nil {
		t.Error("something stands where nothing was restored")
	}
	left, err := filepath.Glob(filepath.Join(dir, ".polku-*"))
	must(t, err)
	if len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// flip changes one bit in the middle of a file.
func flip(data []byte) []byte {
	out := append([]byte(nil), data...)
	out[len(out)/2] ^= 4
	return out
}
