package ship

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"polku/internal/vault"
)

func name(letter string) string { return strings.Repeat(letter, 64) + "-file-1" }

// What stands when shipping begins and what is added meanwhile is in the copy when it ends; what has been deleted comes back
// with a restore of the past, and is let go of when that past is.
func TestFilesAreShippedAndLetGoOf(t *testing.T) {
	dir := t.TempDir()
	live, to := vault.NewFolder(filepath.Join(dir, "live")), filepath.Join(dir, "copy")
	put := func(f *vault.Folder, letter string) {
		if err := f.Put(name(letter), []byte(letter)); err != nil {
			t.Fatal(err)
		}
	}
	put(live, "a")
	s := &Shipper{}
	s.ShipFiles(live, to, slog.New(slog.DiscardHandler))
	put(live, "b")
	s.files.close()
	if err := live.Delete(name("a")); err != nil {
		t.Fatal(err)
	}
	if err := s.files.whole(); err != nil {
		t.Fatal(err)
	}
	restored := func() (all string) {
		back := filepath.Join(t.TempDir(), "back")
		if err := restoreFiles(to, back); err != nil {
			t.Fatal(err)
		}
		if err := vault.NewFolder(filepath.Join(back, filesDir)).Each(func(h vault.Held) error { all += h.Name[:1]; return nil }); err != nil {
			t.Fatal(err)
		}
		return all
	}
	if got := restored(); got != "ab" {
		t.Errorf("restored %q", got)
	}
	old := time.Now().Add(-retention - time.Hour)
	if err := os.Chtimes(filepath.Join(to, goneDir, "aa", name("a")), old, old); err != nil {
		t.Fatal(err)
	}
	if err := s.files.whole(); err != nil {
		t.Fatal(err)
	}
	if got := restored(); got != "b" {
		t.Errorf("long after it was deleted: %q", got)
	}
}
