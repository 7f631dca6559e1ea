package cli

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"polku/internal/i18n"
)

// asProgram lets this test's own program be the real one: torture starts it again as "polku serve".
const asProgram = "POLKU_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(Run(os.Args[1:], &Env{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Lang: i18n.EN}))
	}
	os.Exit(m.Run())
}

// The short runs of the long ones in doc/reliability.md: the same faults against the same program, a few seconds each.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	t.Setenv(asProgram, "1")
	for kind, rounds := range map[string]string{"kill": "3", "stop": "2", "power": "12", "io-error": "2", "disk-full": "1", "bitflip": "15"} {
		t.Run(kind, func(t *testing.T) {
			status, out, errs := polku(t, "torture", kind, "--rounds", rounds, "--format", "json", "--dir", t.TempDir())
			if status == 2 && os.Getenv("POLKU_TEST_ALL") == "" && (strings.Contains(errs, "strace") || strings.Contains(errs, "small test disk")) {
				t.Log("not tried here: " + errs)
				return
			}
			var r tortureReport
			if err := json.Unmarshal([]byte(out), &r); err != nil || status != 0 || !r.Held() {
				t.Fatalf("status %d\n%s%s", status, out, errs)
			}
			if r.Acknowledged == 0 {
				t.Errorf("nothing was acknowledged: %s", out)
			}
		})
	}
}

func TestTortureSaysWhatItDoesNotKnow(t *testing.T) {
	refused(t, "no fault “flood”", "torture", "flood")
	refused(t, "at least one round", "torture", "kill", "--rounds", "0")
}

// A migration that is killed at any moment has finished or left nothing: the next start goes on, and all is sound.
func TestKilledMigrationGoesOn(t *testing.T) {
	program, err := os.Executable()
	must(t, err)
	dir := filepath.Join(t.TempDir(), "db")
	finished := 0
	for i := range 12 {
		must(t, os.RemoveAll(dir))
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(20+15*i)*time.Millisecond) // SIGKILL then
		cmd := exec.CommandContext(ctx, program, "migrate", "--db", dir)
		cmd.Env = append(os.Environ(), asProgram+"=1")
		if cmd.Run() == nil {
			finished++
		}
		cancel()
		done(t, "migrate", "--db", dir)
		done(t, "verify", "--db", dir)
	}
	t.Logf("%d of 12 had finished before they were killed", finished)
}
