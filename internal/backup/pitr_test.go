package backup_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// deploy/postgres-pitr.sh on a real PostgreSQL: base backup, archived log, the machine lost, a moment brought back.
func TestPostgresComesBackToAMoment(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(filepath.Join(root, "scripts/postgres.sh"), "bin").CombinedOutput(); err != nil {
		if os.Getenv("POLKU_TEST_ALL") != "" {
			t.Fatalf("%s", out)
		}
		t.Logf("not tried here: %s", out)
		return
	}
	// Right under /tmp: the server's own user must reach it, and a socket's path may have 107 characters only.
	dir, err := os.MkdirTemp("/tmp", "polku-pitr-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("./pitr_test.sh", root, filepath.Join(dir, "server")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}
