package db_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"polku/internal/db"
	. "polku/internal/polkutest"
)

// page and frame of the write-ahead log, in bytes.
const (
	walHead  = 32
	walFrame = 24 + 4096
)

// walOf makes a database with ten commits in its write-ahead log, each of some pages, and gives a copy of both files as a
// program leaves them that is killed.
func walOf(t *testing.T) (dir string, wal []byte) {
	t.Helper()
	from := t.TempDir()
	w := New(t, from)
	w.DB.LeaveCheckpoints()
	for range 10 {
		ok(t, w.DB.Update(t.Context(), As(Mia), func(tx *db.Tx) error {
			_, err := tx.Exec(`insert into tenant (tenant_id, name, created_at) values ((select coalesce(max(tenant_id), 100) + 1 from tenant), $1, 0)`, strings.Repeat("x", 6000))
			return err
		}))
	}
	dir = t.TempDir()
	for _, name := range []string{db.SQLiteFile, db.SQLiteFile + "-wal"} {
		data, err := os.ReadFile(filepath.Join(from, name))
		ok(t, err)
		ok(t, os.WriteFile(filepath.Join(dir, name), data, 0o600))
		wal = data
	}
	if len(wal) < walHead+10*walFrame {
		t.Fatal("the log is short:", len(wal))
	}
	return dir, wal
}

// A power cut leaves a log that ends anywhere, its last transaction in any state: it is opened. A bit changed before whole
// further transactions would make SQLite drop them without a word: it is refused.
func TestRottenWriteAheadLogIsNotOpened(t *testing.T) {
	dir, wal := walOf(t)
	file := filepath.Join(dir, db.SQLiteFile)
	try := func(data []byte) error {
		ok(t, os.WriteFile(file+"-wal", data, 0o600))
		return db.CheckFile(file)
	}
	changed := func(at int) []byte {
		data := append([]byte(nil), wal...)
		data[at] ^= 4
		return data
	}
	ok(t, try(wal))
	for _, end := range []int{0, 10, walHead, walHead + 100, walHead + walFrame, len(wal) - walFrame - 7, len(wal) - 1} {
		if err := try(wal[:end]); err != nil {
			t.Errorf("cut at %d: %v", end, err)
		}
	}
	ok(t, try(changed(len(wal)-100))) // the last page of the last transaction: as after a power cut
	for name, at := range map[string]int{"a page": walHead + 24 + 2000, "a checksum": walHead + 17, "a salt of a frame": walHead + 9, "a commit mark": walHead + 5,
		"the header": 20, "a page in the middle": walHead + 5*walFrame + 900} {
		if err := try(changed(at)); err == nil {
			t.Errorf("%s: a changed bit was not noticed", name)
		}
	}
	ok(t, os.WriteFile(file+"-wal", changed(walHead+24+2000), 0o600))
	if _, err := db.Open(t.Context(), dir); err == nil {
		t.Error("a database with a rotten log was opened")
	}
}
