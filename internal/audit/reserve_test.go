package audit_test

import (
	"os"
	"path/filepath"
	"testing"

	"polku/internal/audit"
	. "polku/internal/polkutest"
)

// The kept room is real room, is made again as large as it is asked for, and stays when the program ends. (That it is given up
// on a full disk and filled again is proven on one, by polku torture disk-full.)
func TestRoomIsKeptForTheLog(t *testing.T) {
	for _, size := range []int64{1 << 20, 3<<20 + 5, 512 << 10} {
		dir := t.TempDir()
		ok := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		ok(os.WriteFile(filepath.Join(dir, audit.ReserveFile), make([]byte, 1<<20), 0o600)) // an earlier start's
		w := New(t, dir)
		ok(w.Log.KeepRoom(size))
		left, want := w.Log.Reserve()
		info, err := os.Stat(filepath.Join(dir, audit.ReserveFile))
		ok(err)
		if left != size || want != size || info.Size() != size {
			t.Errorf("%d: left %d of %d, file %d", size, left, want, info.Size())
		}
		if err := w.DB.Trouble(); err != nil {
			t.Error(err)
		}
	}
}
