package browsertest

import (
	"testing"

	"polku/internal/browser"
)

// Handing a client over is three clicks and a few words from the client's page; the receiver sees what was promised
// and becomes responsible only by accepting. Without script too.
func TestHandOver(t *testing.T) {
	onEach(t, []browser.View{browser.Phone, browser.Laptop, browser.Laptop.WithoutScript()}, func(t *testing.T, s *site, view browser.View) {
		c := s.calm("veikko", 0)
		tab := s.as(t, "veikko", view)
		tab.Go(s.url + "/c/" + c.id)
		if view.Name == browser.Phone.Name {
			tab.ClickAt(".step details[data-menu] summary") // on a phone it stands in the menu
		}
		tab.Click("Siirrä toiselle")
		form := tab.In(`form[action$="/handover"]`)
		form.Sees("Avoimet lupaukset kulkevat mukana")
		form.ClickAt(`label:has([name=to][value="` + s.worker("oili") + `"])`)
		form.Fill("Miksi, ja mitä on hyvä tietää", "Muuttaa Oilin alueelle, luottaa rauhalliseen tahtiin.")
		form.Click("Pyydä ottamaan vastaan")
		tab.Sees("Siirto odottaa vastausta: Oili Oikarinen.")
		tab.In(".who").Sees("Veikko Virkkula")

		receiver := s.as(t, "oili", view)
		receiver.In(".handoffs").Sees("Muuttaa Oilin alueelle, luottaa rauhalliseen tahtiin.")
		receiver.In(".handoffs").Follow(c.name())
		receiver.Sees("Veikko Virkkula pyytää sinua jatkamaan")
		receiver.Sees("Avoimet lupaukset kulkevat mukana")
		receiver.Accessible()
		receiver.Follow("Otan vastaan")
		receiver.In(".who").Sees("Oili Oikarinen")
		receiver.Misses("Siirto odottaa vastausta")
	})
}

// Whoever cannot take a client says why; the client stays with the sender, who sees the answer.
func TestDeclineHandOver(t *testing.T) {
	s := open(t)
	c := s.calm("veikko", 0)
	s.post(s.client("veikko"), "/c/"+c.id+"/handover", "to", s.worker("oili"), "why", "Jään vuorotteluvapaalle.")
	tab := s.as(t, "oili", browser.Phone)
	tab.In(".handoffs").Follow(c.name())
	tab.ClickAt(`details.because:has(form[action$="/decline"]) summary`)
	tab.Fill("Miksi ei?", "Minulla on jo kolmekymmentä asiakasta.")
	tab.Follow("Vastaa, etten voi")
	tab.Sees("Asiakas jää lähettäjälle")
	tab.Misses(c.name())

	sender := s.as(t, "veikko", browser.Phone)
	sender.Go(s.url + "/c/" + c.id)
	sender.In(".who").Sees("Veikko Virkkula")
	sender.Sees("Minulla on jo kolmekymmentä asiakasta.")
}
