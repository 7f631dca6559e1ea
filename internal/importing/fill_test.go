package importing_test

import (
	"slices"
	"testing"

	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/importing"
	"polku/internal/path"
	"polku/internal/polkutest"
)

// knownOlli is a client of the service who lacks an e-mail, an address and a language.
func (w *world) knownOlli(code string) (id string) {
	w.t.Helper()
	w.must(w.Update(polkutest.Mia, func(tx *db.Tx) (err error) {
		n := client.New{Register: polkutest.Register, LastName: "Heikkinen", FirstName: "Olli", Phone: "040 123 4567", Municipality: "Rautavaara"}
		if code != "" {
			n.Code = "091095-915W"
		} else {
			n.Born = n0995
		}
		if id, err = client.Create(tx, w.Keys, n); err != nil {
			return err
		}
		_, _, err = w.Book.Start(tx, path.Start{Client: id, Service: polkutest.Service, Day: tx.Today - 3, Responsible: polkutest.Mia, Step: path.Step{What: "Soita", By: tx.Today}})
		return err
	}))
	return id
}

func (w *world) client(id string) (c client.Client) {
	w.t.Helper()
	w.must(w.View(polkutest.Mia, func(tx *db.Tx) (err error) {
		c, err = client.Get(tx, id)
		return err
	}))
	return c
}

var n0995 = civil.New(1995, 10, 9)

const olliList = "Sukunimi;Etunimi;Hetu;Puhelin;Sähköposti;Osoite;Kotikunta;Kieli;Aloitus\n" +
	"Heikkinen;Olli;091095-915W;050 999 8888;olli@example.fi;Rantatie 1;Rautavaara;suomi;27.2.2026\n"

// A list fills what the register lacks of a known client, overwrites nothing, tells what differs, and takes it back.
func TestAListFillsWhatIsEmptyAndOverwritesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		id := w.knownOlli("091095-915W")
		p := w.planClients(w.sheet("lista.csv", olliList), choices())
		r := p.Rows[0]
		if p.Count.Already != 1 || p.Count.Filled != 1 || !slices.Equal(r.Fills, []csvio.Meaning{csvio.Email, csvio.Address, csvio.Language}) ||
			!slices.Equal(r.Differs, []csvio.Meaning{csvio.Phone}) {
			t.Fatalf("%+v %+v", p.Count, r)
		}
		run := w.run(p)
		if c := w.client(id); c.Email != "olli@example.fi" || c.Address != "Rantatie 1" || c.Lang != "fi" || c.Phone != "040 123 4567" {
			t.Errorf("%+v", c)
		}
		if n := w.number(`select count(*) from command_log where client_id = $1 and what = 'import fill' and worker_id = $2`, id, polkutest.Mia); n != 1 {
			t.Errorf("%d log rows of the fill", n)
		}
		var report importing.Import
		w.must(w.View(polkutest.Mia, func(tx *db.Tx) (err error) {
			report, err = importing.Get(tx, run)
			return err
		}))
		if report.Filled != 1 || len(report.Differs) != 1 || report.Differs[0].Client != id || !slices.Equal(report.Differs[0].Fields, []csvio.Meaning{csvio.Phone}) {
			t.Errorf("the report: %+v", report.Report)
		}
		if again := w.planClients(w.sheet("lista.csv", olliList), choices()); !again.Count.Nothing() {
			t.Errorf("a second run: %+v", again.Count)
		}
		if kept := w.undo(run); kept != 0 {
			t.Errorf("%d stayed", kept)
		}
		if c := w.client(id); c.Email+c.Address+c.Lang != "" || c.Phone != "040 123 4567" || c.Municipality != "Rautavaara" || !c.HasCode {
			t.Errorf("after the undo: %+v", c)
		}
		if n := w.number(`select count(*) from import_fill`); n != 0 {
			t.Errorf("%d rows of fills", n)
		}
	})
}

func TestAFillStaysWhenSomebodyHasChangedTheClientSince(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		id := w.knownOlli("091095-915W")
		run := w.run(w.planClients(w.sheet("lista.csv", olliList), choices()))
		w.must(w.Update(polkutest.Mia, func(tx *db.Tx) error {
			c, err := client.Get(tx, id)
			if err != nil {
				return err
			}
			return client.Update(tx, id, client.Change{Rev: c.Rev, LastName: c.LastName, FirstName: c.FirstName, Phone: c.Phone, Email: "uusi@example.fi", Address: c.Address, Lang: c.Lang})
		}))
		if kept := w.undo(run); kept != 1 {
			t.Errorf("%d stayed, want the one", kept)
		}
		if c := w.client(id); c.Email != "uusi@example.fi" || c.Address != "Rantatie 1" {
			t.Errorf("%+v", c)
		}
	})
}

// Who was known by name and birthday gets the code of the list, and loses it again with the import.
func TestAFilledCodeGoesWithItsImport(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		id := w.knownOlli("")
		p := w.planClients(w.sheet("lista.csv", olliList), choices())
		if p.Count.Filled != 1 || !slices.Contains(p.Rows[0].Fills, csvio.IdentityCode) {
			t.Fatalf("%+v %+v", p.Count, p.Rows[0])
		}
		run := w.run(p)
		if c := w.client(id); !c.HasCode || c.TempID != "" {
			t.Errorf("%+v", c)
		}
		w.undo(run)
		if c := w.client(id); c.HasCode || c.TempID == "" || c.Born != n0995 {
			t.Errorf("after the undo: %+v", c)
		}
		if n := w.number(`select count(*) from person where code_index is not null`); n != 0 {
			t.Error("the code is still known")
		}
		w.verified()
	})
}
