package cli

import (
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"polku/internal/i18n"
	"polku/internal/pathway"
	"polku/models"
)

var update = flag.Bool("update", false, "write the golden files again")

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata/pathway", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (write it again with -update when the change is meant). Got:\n%s", name, got)
	}
}

// run parses a command line as the program does and gives what it prints.
func runPathway(t *testing.T, lang i18n.Lang, line string) (out, errs string, err error) {
	t.Helper()
	var cmd struct {
		Pathway PathwayCmd `cmd:""`
	}
	parser, kongErr := kong.New(&cmd, kong.Exit(func(int) { t.Error("kong left") }))
	if kongErr != nil {
		t.Fatal(kongErr)
	}
	ctx, kongErr := parser.Parse(strings.Fields("pathway evaluate " + line))
	if kongErr != nil {
		t.Fatalf("%s: %v", line, kongErr)
	}
	e, o, x := env(lang)
	err = ctx.Run(e)
	return o.String(), x.String(), err
}

func TestPathwayEvaluatePrintsWhatItPrinted(t *testing.T) {
	for name, line := range map[string]string{
		"mapping.json.golden":   "--journal testdata/pathway/mapping.jsonl --today 2016-03-01 --format json",
		"mapping.all.golden":    "--journal testdata/pathway/mapping.jsonl --today 2016-03-01 --all",
		"mapping.text.golden":   "--journal testdata/pathway/mapping.jsonl --today 2016-03-01 --format text",
		"two-paths.json.golden": "--journal testdata/pathway/two-paths.jsonl --today 2019-03-11",
		"two-paths.text.golden": "--journal testdata/pathway/two-paths.jsonl --today 2019-03-11 --format text",
	} {
		out, errs, err := runPathway(t, i18n.FI, line)
		if err != nil || errs != "" {
			t.Fatalf("%s: %v %s", name, err, errs)
		}
		golden(t, name, out)
	}
}

// A State survives JSON: what is printed can be read back.
func TestPathwayEvaluatePrintsOneReadableStateAPath(t *testing.T) {
	out, _, err := runPathway(t, i18n.EN, "--journal testdata/pathway/two-paths.jsonl --today 2019-03-11")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 2 {
		t.Fatalf("%d lines", len(lines))
	}
	for i, want := range []string{"b", "c"} {
		var s pathState
		if err := json.Unmarshal([]byte(lines[i]), &s); err != nil || s.Path != want || s.Today.String() != "2019-03-11" {
			t.Errorf("%v %+v", err, s)
		}
		if i == 1 && s.Status != pathway.Closed {
			t.Error(s.Status)
		}
	}
}

func TestPathwayEvaluateReadsModelAndRulesFromFiles(t *testing.T) {
	data, err := models.FS.ReadFile("pohjois-pohjanmaa-tyokyky.yaml")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "m.yaml")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	line := "--journal testdata/pathway/mapping.jsonl --today 2016-03-01"
	shipped, _, err := runPathway(t, i18n.FI, line)
	if err != nil {
		t.Fatal(err)
	}
	own, errs, err := runPathway(t, i18n.FI, line+" --model "+file+" --rules ../../rules")
	if err != nil || own != shipped {
		t.Errorf("%v %s\n%s", err, errs, own)
	}
	without, _, err := runPathway(t, i18n.FI, "--journal testdata/pathway/two-paths.jsonl --today 2019-03-11 --model "+file)
	if err != nil || !strings.Contains(without, `"unknown":["model/reisjarvi-kuntouttava@2019-1"]`) {
		t.Errorf("%v\n%s", err, without)
	}
}

func TestPathwayEvaluateTellsEveryWrongLine(t *testing.T) {
	_, errs, err := runPathway(t, i18n.FI, "--journal testdata/pathway/wrong.jsonl --today 2026-03-01")
	if !errors.Is(err, Exit(1)) {
		t.Fatal(err)
	}
	golden(t, "wrong.golden", errs)
}

func TestPathwayEvaluateSaysWhatItCannotUse(t *testing.T) {
	for line, want := range map[string]string{
		"--journal nowhere.jsonl --today 2026-03-01":                                    "nowhere.jsonl",
		"--journal testdata/pathway/mapping.jsonl --today tomorrow":                     "tomorrow",
		"--journal testdata/pathway/mapping.jsonl --today 2026-03-01 --rules nowhere":   "nowhere",
		"--journal testdata/pathway/mapping.jsonl --today 2026-03-01 --model nope.yaml": "nope.yaml",
		"--journal " + os.DevNull + " --today 2026-03-01":                               os.DevNull,
	} {
		out, errs, err := runPathway(t, i18n.EN, line)
		var status Exit
		if !errors.As(err, &status) || out != "" || !strings.Contains(errs, want) || strings.Count(errs, "\n") != 1 {
			t.Errorf("%s: %v %q", line, err, errs)
		}
	}
}
