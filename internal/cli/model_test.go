package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"polku/internal/i18n"
	"polku/models"
)

func env(lang i18n.Lang) (*Env, *bytes.Buffer, *bytes.Buffer) {
	var out, errs bytes.Buffer
	return &Env{In: strings.NewReader(""), Out: &out, Err: &errs, Lang: lang}, &out, &errs
}

// place writes a shipped model into a folder, changed, and gives the file's name.
func place(t *testing.T, old, new string) string {
	t.Helper()
	data, err := models.FS.ReadFile("rauma-party.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "rauma.yaml")
	if err := os.WriteFile(file, bytes.Replace(data, []byte(old), []byte(new), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// The words on the command line reach the commands.
func TestModelAndRulesCommandsOnTheLine(t *testing.T) {
	for _, c := range []struct {
		args string
		says string
	}{{"model show rauma-party --lang en", "# PARTY\n\nFor long-term"}, {"model show rauma-party --version 2015-1", "# PARTY\n\nRaumalaisille"}, {"rules check", "rules/allowances.yaml: kunnossa"}} {
		var line struct {
			Model ModelCmd `cmd:""`
			Rules RulesCmd `cmd:""`
		}
		parser, err := kong.New(&line, kong.Exit(func(int) { t.Error("kong left") }))
		if err != nil {
			t.Fatal(err)
		}
		ctx, err := parser.Parse(strings.Fields(c.args))
		if err != nil {
			t.Fatalf("%s: %v", c.args, err)
		}
		e, out, _ := env(i18n.FI)
		if err := ctx.Run(e); err != nil {
			t.Errorf("%s: %v", c.args, err)
		}
		if !strings.HasPrefix(out.String(), c.says) {
			t.Errorf("%s: %.60q", c.args, out)
		}
	}
}

func TestModelCheckOfASoundFile(t *testing.T) {
	file := place(t, "", "")
	e, out, _ := env(i18n.FI)
	if err := (&ModelCheckCmd{Files: []string{file}}).Run(e); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), file+": kunnossa (PARTY, versio 2015-1)\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestModelCheckTellsLineAndRemedy(t *testing.T) {
	file := place(t, "every: month", "every: moth")
	e, out, _ := env(i18n.EN)
	err := (&ModelCheckCmd{Files: []string{file}}).Run(e)
	var exit Exit
	if !errors.As(err, &exit) || exit != 1 {
		t.Fatalf("%v, want exit status 1", err)
	}
	if got := out.String(); strings.Count(got, "\n") != 1 || !strings.HasPrefix(got, file+":") || !strings.Contains(got, "Did you mean “month”?") {
		t.Errorf("%q", got)
	}
}

func TestModelCheckOfTwoFilesWithOneVersion(t *testing.T) {
	e, out, _ := env(i18n.EN)
	err := (&ModelCheckCmd{Files: []string{place(t, "", ""), place(t, "", "")}}).Run(e)
	if err == nil || !strings.Contains(out.String(), "rauma.yaml:3: The model “rauma-party@2015-1” is already in the file") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestModelCheckOfAFileThatIsNotThere(t *testing.T) {
	e, out, _ := env(i18n.FI)
	if err := (&ModelCheckCmd{Files: []string{"ei-ole.yaml"}}).Run(e); err == nil || !strings.Contains(out.String(), "ei-ole.yaml:1: Tiedostoa ”ei-ole.yaml” ei voi lukea.") {
		t.Errorf("%v: %s", err, out)
	}
}

func TestModelShowByIdAndByFile(t *testing.T) {
	for _, what := range []string{"rauma-party", place(t, "", "")} {
		e, out, _ := env(i18n.FI)
		if err := (&ModelShowCmd{Model: what, In: "sv"}).Run(e); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(out.String(), "# PARTY\n\nFör Raumabor") && !strings.HasPrefix(out.String(), "# PARTY\n\nFör raumobor") {
			t.Errorf("%s: %.80q", what, out)
		}
	}
	e, _, errs := env(i18n.FI)
	if err := (&ModelShowCmd{Model: "rauma"}).Run(e); err == nil || !strings.Contains(errs.String(), "Palvelumallia ”rauma” ei ole. Mallit: kuusamo-valittavat-verkostot 2015-1") {
		t.Errorf("%v: %s", err, errs)
	}
}

func TestRulesCheckListsWhatIsFromMemory(t *testing.T) {
	e, out, _ := env(i18n.FI)
	if err := (&RulesCheckCmd{}).Run(e); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"rules/holidays-fi.yaml: kunnossa\n", "tietoa on vielä tarkistamatta", "rehabilitative-work-activity KTT-2026: voimassaoloaika – HE 109/2025. Lain numeroa ja voimaantulopäivää ei ole luettu."} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, out)
		}
	}
	file := filepath.Join(t.TempDir(), "broken.yaml")
	if err := os.WriteFile(file, []byte("pack: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	e, out, _ = env(i18n.EN)
	if err := (&RulesCheckCmd{Files: []string{file}}).Run(e); err == nil || !strings.Contains(out.String(), "broken.yaml:1: The field “title” is missing") {
		t.Errorf("%v: %s", err, out)
	}
}
