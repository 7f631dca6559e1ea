package cli

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

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
