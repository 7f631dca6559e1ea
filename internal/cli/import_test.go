package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"polku/internal/actor"
	"polku/internal/db"
	"polku/internal/i18n"
	"polku/internal/unit"
	"polku/samples"
)

// importWorld makes a database with one service and one worker, and gives its folder.
func importWorld(t *testing.T) Database {
	t.Helper()
	f := Database{DB: filepath.Join(t.TempDir(), "db")}
	ctx := context.Background()
	o, err := f.openOrMake(ctx)
	if err != nil {
		t.Fatal(err)
	}
	m := o.Book.Models.Newest("rautavaara-etakuntouttava")
	err = o.DB.Update(ctx, who(actor.Sample, "test"), func(tx *db.Tx) error {
		steps := []func() error{
			func() error { return unit.CreateTenant(tx, "Testilä") },
			func() error { _, err := unit.AddUnit(tx, unit.Unit{ID: "u", Name: "Talo"}); return err },
			func() error {
				_, err := unit.AddRegister(tx, unit.Register{ID: "r", Kind: m.Register, Name: "Rekisteri", Controller: "Testilä"})
				return err
			},
			func() error {
				_, err := unit.AddService(tx, o.Book.Models, unit.Service{ID: "s", Unit: "u", Register: "r", Name: "Etäkuntouttava", Model: m.Model, Version: m.Version})
				return err
			},
			func() error {
				_, err := unit.AddWorker(tx, unit.Worker{ID: "w", Username: "anni", Name: "Anni Autio"})
				return err
			},
			func() error {
				return unit.Join(tx, unit.Member{Worker: "w", Register: "r", Unit: "u", Role: unit.RoleWorker})
			},
			func() error { return unit.AcceptDuty(tx, "u", "w") },
		}
		for _, step := range steps {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = o.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func sampleFile(t *testing.T, name string) string {
	t.Helper()
	data, err := samples.FS.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestImportOfAListIsToldAndRepeatable(t *testing.T) {
	f := importWorld(t)
	ctx := context.Background()
	cmd := &ImportClientsCmd{importFlags: importFlags{Database: f, File: sampleFile(t, samples.Rautavaara), Service: "Etäkuntouttava", Format: "text"},
		Workers: map[string]string{"ohjaaja a": "anni"}}
	e, out, _ := env(i18n.FI)
	if err := cmd.Run(ctx, e); err != nil {
		t.Fatal(err, out)
	}
	for _, want := range []string{"Windows-1252", "Ohjaaja A → anni", "Ohjaaja B → oletustyöntekijä", "rivi 5, henkilötunnus: Henkilötunnuksen tarkistusmerkki ei täsmää",
		"Tuotu: uusia 15", "polku import undo "} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in:\n%s", want, out)
		}
	}
	if strings.Contains(out.String(), "140659Y937B") {
		t.Error("a faulty identity code is printed")
	}
	id := strings.TrimSpace(out.String()[strings.LastIndex(out.String(), " "):])
	cmd.Format = "json"
	e, out, _ = env(i18n.FI)
	if err := cmd.Run(ctx, e); err != nil {
		t.Fatal(err)
	}
	var again importResult
	if err := json.Unmarshal(out.Bytes(), &again); err != nil || again.Already != 15 || again.Added != 0 || again.Import != "" {
		t.Errorf("a second run: %v %+v", err, again)
	}
	e, _, _ = env(i18n.FI)
	if err := (&ImportUndoCmd{Database: f, Import: id}).Run(ctx, e); err != nil {
		t.Fatal(err)
	}
	e, out, _ = env(i18n.FI)
	if err := (&ImportListCmd{Database: f, Format: "text"}).Run(ctx, e); err != nil || !strings.Contains(out.String(), "peruttu") {
		t.Errorf("%v %s", err, out)
	}
}

func TestImportAsksOnATerminal(t *testing.T) {
	f := importWorld(t)
	for answer, want := range map[string]string{"e\n": "", "\n": "", "k\n": "Tuotu: uusia 15"} {
		e, out, _ := env(i18n.FI)
		e.TTY, e.In = true, strings.NewReader(answer)
		cmd := &ImportClientsCmd{importFlags: importFlags{Database: f, File: sampleFile(t, samples.Rautavaara), Service: "s", Format: "text"}}
		if err := cmd.Run(context.Background(), e); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(out.String(), "Tuotu") != (want != "") {
			t.Errorf("%q: %s", answer, out)
		}
	}
}

func TestImportTellsWhatItRefuses(t *testing.T) {
	f := importWorld(t)
	file := filepath.Join(t.TempDir(), "lista.csv")
	if err := os.WriteFile(file, []byte("Päivä;Asiakas;Läsnä\n2.3.2020;Pekka K.;x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	e, out, _ := env(i18n.FI)
	err := (&ImportAttendanceCmd{importFlags: importFlags{Database: f, File: file, Service: "s", Format: "text"}}).Run(context.Background(), e)
	var exit Exit
	if !errors.As(err, &exit) || exit != 1 || !strings.Contains(out.String(), "--unmatched=provisional") {
		t.Errorf("%v: %s", err, out)
	}
	for name, content := range map[string]string{"kuva.csv": "\x89PNG\r\n\x1a\n\x00\x00", "tyhja.csv": "", "sivu.xlsx": "<html><table>"} {
		bad := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(bad, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		e, _, _ := env(i18n.EN)
		e.Err = &said
		status := report(e, (&ImportClientsCmd{importFlags: importFlags{Database: f, File: bad, Service: "s", Format: "text"}}).Run(context.Background(), e))
		if status != 2 || strings.Count(said.String(), "\n") != 1 || strings.Contains(said.String(), "import.file") {
			t.Errorf("%s: status %d: %s", name, status, said.String())
		}
	}
}

// What was answered about short names comes answered the next time, and what a known client lacks is told and filled.
func TestImportTellsWhatItRemembersAndFills(t *testing.T) {
	f := importWorld(t)
	list := func(text string) importFlags {
		file := filepath.Join(t.TempDir(), "lista.csv")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return importFlags{Database: f, File: file, Service: "s", Format: "text"}
	}
	said := func(run func(ctx context.Context, e *Env) error) string {
		e, out, _ := env(i18n.FI)
		var exit Exit
		if err := run(context.Background(), e); err != nil && !errors.As(err, &exit) {
			t.Fatal(err)
		}
		return out.String()
	}
	for _, x := range []struct{ text, says string }{
		{"Sukunimi;Etunimi;Puhelin;Aloitus\nKorhonen;Pekka;040 123 4567;2.3.2020\n", "Tuotu: uusia 1"},
		{"Sukunimi;Etunimi;Puhelin;Sähköposti;Aloitus\nKorhonen;Pekka;040 123 4567;pekka@example.fi;2.3.2020\n", "Täydennetään listasta, koska rekisteristä puuttuu: sähköposti"},
		{"Sukunimi;Etunimi;Puhelin;Sähköposti;Aloitus\nKorhonen;Pekka;040 123 4567;muu@example.fi;2.3.2020\n", "Eroaa rekisteristä: sähköposti"},
	} {
		if got := said((&ImportClientsCmd{importFlags: list(x.text)}).Run); !strings.Contains(got, x.says) {
			t.Errorf("%q is missing in:\n%s", x.says, got)
		}
	}
	said((&ImportAttendanceCmd{importFlags: list("Päivä;Asiakas;Läsnä\n3.3.2020;Pekka K.;x\n3.3.2020;Vieras;x\n"), Unmatched: "skip"}).Run)
	if got := said((&ImportAttendanceCmd{importFlags: list("Päivä;Asiakas;Läsnä\n4.3.2020;Pekka K.;x\n4.3.2020;Vieras;x\n")}).Run); !strings.Contains(got, "Vieras → Jätä pois (muistettu)") {
		t.Errorf("%s", got)
	}
}
