package browsertest

import (
	"context"
	"regexp"
	"testing"

	"polku/internal/actor"
	"polku/internal/browser"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/demo"
	"polku/internal/entry"
	"polku/internal/ident"
	"polku/internal/path"
)

// A client's data are changed from the client's page, and the page shows them at once.
func TestEditClient(t *testing.T) {
	onEach(t, []browser.View{browser.Phone, browser.Laptop, browser.Laptop.WithoutScript()}, func(t *testing.T, s *site, view browser.View) {
		c := s.calm("oili", 0)
		tab := s.as(t, "oili", view)
		tab.Go(s.url + "/c/" + c.id)
		tab.ClickAt(".step details[data-menu] summary")
		tab.Click("Muokkaa tietoja")
		form := tab.In(`form[action$="/edit"]`)
		form.Fill("Puhelin", "0500001234")
		form.Fill("Hyvä tietää", "Soita vasta kymmenen jälkeen.")
		form.Click("Tallenna")
		tab.Sees("Tiedot tallennettu.")
		tab.In(".who").Sees("050 000 1234")
		tab.Go(s.url + "/c/" + c.id + "/edit")
		tab.Waits("the note is kept", `document.querySelector("[name=note]").value === "Soita vasta kymmenen jälkeen."`)
	})
}

// When somebody else has saved meanwhile, nothing that either wrote is lost: one's own stays in the form, the other's is
// told beside it, and saving again decides. A safety ban that the other has set stays.
func TestEditAtOnce(t *testing.T) {
	onEach(t, []browser.View{browser.Phone, browser.Laptop.WithoutScript()}, func(t *testing.T, s *site, view browser.View) {
		c := s.calm("oili", 0)
		tab := s.as(t, "oili", view)
		tab.Go(s.url + "/c/" + c.id + "/edit")
		other := s.client("satu")
		rev := regexp.MustCompile(`name="rev" value="(\d+)"`).FindStringSubmatch(s.get(other, "/c/"+c.id+"/edit"))[1]
		s.post(other, "/c/"+c.id+"/edit", "rev", rev, "first", c.first, "last", c.last, "phone", "0500005678", "language", "fi", "ban", "1")

		tab.Fill("Hyvä tietää", "Tulkki tarvitaan.")
		tab.Fill("Puhelin", "0500001234")
		tab.Allow("409")
		tab.Follow("Tallenna")
		tab.In(".govuk-error-summary").Sees("Joku muu ehti muuttaa tietoja.")
		tab.Waits("one's own words are untouched", `document.querySelector("[name=note]").value === "Tulkki tarvitaan." && document.querySelector("[name=phone]").value === "0500001234"`)
		tab.Sees("Toinen työntekijä tallensi tähän: 050 000 5678.")
		tab.Waits("the ban stays", `document.querySelector("[name=ban]").checked`)
		tab.Waits("each error leads to its field", `[...document.querySelectorAll(".govuk-error-summary a")].every(a => document.getElementById(a.hash.slice(1)))`)
		tab.Accessible()
		tab.Follow("Tallenna")
		tab.Sees("Tiedot tallennettu.")
		tab.Go(s.url + "/c/" + c.id + "/edit")
		tab.Waits("what was decided", `document.querySelector("[name=note]").value === "Tulkki tarvitaan." && document.querySelector("[name=ban]").checked`)
	})
}

// Somebody known by a short name from a list is joined with the client they are: what was recorded goes along.
func TestJoinClients(t *testing.T) {
	onEach(t, []browser.View{browser.Phone, browser.Laptop.WithoutScript()}, func(t *testing.T, s *site, view browser.View) {
		c := s.calm("oili", 0)
		short := s.shortName("Jokunen J", "Oli kahvilla ja kertoi kesätöistä.")
		tab := s.as(t, "oili", view)
		tab.Go(s.url + "/c/" + short + "/edit")
		tab.Sees("Kuka tämä on?")
		form := tab.In(`form[action$="/join"]`)
		form.ClickAt("[name=q]")
		tab.Type(c.name())
		form.Follow("Haku")
		tab.In(`form[action$="/join"]`).Sees(c.name())
		tab.Accessible()
		tab.ClickAt(`button[name=real][value="` + c.id + `"]`)
		tab.At("/c/" + c.id)
		tab.Sees("Kirjaukset on yhdistetty tälle asiakkaalle.")
		tab.In(".tl").Sees("Oli kahvilla ja kertoi kesätöistä.")
	})
}

// shortName makes a client of Oili's as a list gives one, by a short name alone, with a note, and gives the id.
func (s *site) shortName(name, note string) (id string) {
	s.t.Helper()
	must(s.t, s.w.DB.Update(context.Background(), actor.System(demo.Tenant, actor.Sample, "test"), func(tx *db.Tx) error {
		var err error
		id, err = client.Create(tx, s.keys, client.New{Register: "kuusamo", FirstName: name, Provisional: true})
		if err != nil {
			return err
		}
		_, _, err = s.book.Start(tx, path.Start{Client: id, Service: s.kuusamo(), Day: tx.Today - 20, Responsible: s.worker("oili"), Step: path.Step{What: "Soita", By: tx.Today + 3}},
			entry.Entry{ID: ident.New(), Kind: entry.KindNote, Day: tx.Today - 5, Minute: -1, Author: s.worker("oili"), Body: &entry.Note{Text: note}})
		return err
	}))
	return id
}
