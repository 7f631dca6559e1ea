package browsertest

import (
	"fmt"
	"testing"

	"polku/internal/browser"
	"polku/internal/ident"
)

// A contact with its next step is one key, one screen, and the few words that only the worker knows; undoing it
// within ten seconds is one click.
func TestRecordContact(t *testing.T) {
	both(t, func(t *testing.T, s *site, view browser.View) {
		c := s.calm("oili", 0)
		tab := s.as(t, "oili", view)
		tab.Go(s.url + "/c/" + c.id)
		tab.Press("k")
		form := tab.In("#panel form.record")
		form.Has("input[name=result]", 4)
		form.Waits("today and a meeting are filled in", `document.querySelector("#panel [name=when]:checked").value === "today"
			&& document.querySelector("#panel [name=what]:checked")`)
		form.ClickAt(chip("what", "call"))
		form.Fill("Omin sanoin", "Kertoi, että työkokeilu alkaa ensi viikolla.")
		form.ClickAt(chip("step", "done"))
		form.Fill("Mitä sovittiin", "Käydään yhdessä tutustumassa")
		form.Click("Viikon päästä")
		form.Click("Tallenna")
		tab.Sees("Kirjattu")
		tab.Sees("Kertoi, että työkokeilu alkaa ensi viikolla.")
		tab.In("section.step").Sees("Käydään yhdessä tutustumassa")
		tab.ClickAt(".toast__undo")
		tab.In("section.step").Misses("Käydään yhdessä tutustumassa")
	})
}

// A ready phrase is one tap; Enter in a field saves and does not press the phrase's button.
func TestReadyPhrase(t *testing.T) {
	both(t, func(t *testing.T, s *site, view browser.View) {
		c := s.calm("oili", 1)
		s.post(s.client("oili"), "/phrases", "name", "Kuulumiset", "text", "Kysyin kuulumiset.", "kind", "call")
		tab := s.as(t, "oili", view)
		tab.Go(s.url + "/c/" + c.id + "/record")
		tab.ClickAt(chip("what", "call"))
		tab.Fill("Omin sanoin", "Soitin sovitusti.")
		tab.Click("Kuulumiset")
		tab.Waits("the phrase follows what was typed", `document.querySelector("[name=text]").value === "Soitin sovitusti. Kysyin kuulumiset."`)
		tab.ClickAt(chip("step", "keep"))
		tab.Fill("Kello", "9.30")
		tab.Press("Enter")
		tab.Sees("Kirjattu")
		tab.Sees("Soitin sovitusti. Kysyin kuulumiset.")
	})
}

// From the morning list too: n goes to the first line, and k records for them.
func TestRecordFromToday(t *testing.T) {
	s := open(t)
	tab := s.as(t, "oili", browser.Laptop)
	tab.Press("n")
	tab.Waits("the first line has the keyboard", `document.activeElement.closest("[data-row], .row, li") !== null`)
	tab.Press("k")
	form := tab.In("#panel form.record")
	form.Fill("Omin sanoin", "Soitti itse ja kertoi uudesta asunnosta.")
	form.ClickAt(chip("step", "new"))
	form.Fill("Mitä sovittiin", "Tavataan torilla")
	form.Click("Huomenna")
	form.Click("Tallenna")
	tab.Waits("the client's page", `location.pathname.startsWith("/c/")`)
	tab.In(".toast").Sees("Kirjattu")
	tab.In(".toast").Sees("Kumoa")
	tab.In(".tl").Sees("Soitti itse ja kertoi uudesta asunnosta.")
	tab.In("section.step").Sees("Tavataan torilla")
}

// The whole of it by keyboard alone: find somebody from anywhere, record, save with Ctrl+Enter.
func TestKeyboardOnly(t *testing.T) {
	s := open(t)
	c := s.calm("oili", 0)
	tab := s.as(t, "oili", browser.Laptop)
	tab.Go(s.url + "/models")
	tab.Press("k")
	s.look(tab, c.name())
	tab.Press("Down")
	tab.Waits("the first hit has the keyboard", `document.activeElement.matches("a[data-hit]")`)
	tab.Press("Enter")
	tab.Waits("the form", `document.querySelector("form.record")`)
	for range 60 {
		if tab.Focused() == "Omin sanoin" {
			break
		}
		tab.Press("Tab")
	}
	if got := tab.Focused(); got != "Omin sanoin" {
		t.Fatalf("Tab never comes to the text field; it stands at %q", got)
	}
	tab.Type("Pelkkä näppäimistö riitti.")
	tab.Press("Control+Enter")
	tab.Sees("Kirjattu")
	tab.Sees("Pelkkä näppäimistö riitti.")
}

// What is missing is said at the top, which gets the keyboard, and nothing that was typed is lost.
func TestRecordErrors(t *testing.T) {
	onEach(t, []browser.View{browser.Phone, browser.Laptop.WithoutScript()}, func(t *testing.T, s *site, view browser.View) {
		c := s.calm("oili", 0)
		tab := s.as(t, "oili", view)
		tab.Go(s.url + "/c/" + c.id + "/record")
		tab.Fill("Omin sanoin", "Tämä ei saa kadota.")
		tab.ClickAt(chip("step", "new"))
		tab.Fill("Mihin mennessä", "2026-02-01")
		tab.Click("Tallenna")
		tab.In(".govuk-error-summary").Sees("Tarkista vielä")
		if !view.NoScript {
			tab.Waits("the summary has the keyboard", `document.activeElement.matches(".govuk-error-summary")`)
		}
		tab.Waits("the text is still there", `document.querySelector("textarea[name=text]").value === "Tämä ei saa kadota."`)
		tab.Waits("each error leads to its field", `[...document.querySelectorAll(".govuk-error-summary a")].every(a => document.getElementById(a.hash.slice(1)))`)
		tab.Allow("422")
		tab.Accessible()
		tab.Fill("Mitä sovittiin", "Soitetaan perjantaina")
		tab.Fill("Mihin mennessä", "2026-03-06")
		tab.Follow("Tallenna")
		tab.Sees("Tämä ei saa kadota.")
		tab.Sees("Kirjattu")
	})
}

// Typed text outlives a lost connection: it is still there, and goes through when the line is back.
func TestTextSurvivesLostConnection(t *testing.T) {
	both(t, func(t *testing.T, s *site, view browser.View) {
		c := s.calm("oili", 0)
		tab := s.as(t, "oili", view)
		tab.Go(s.url + "/c/" + c.id)
		tab.Press("k")
		form := tab.In("#panel form.record")
		form.Fill("Omin sanoin", "Kirjoitettu autossa tunnelissa.")
		tab.Offline(true)
		form.Click("Tallenna")
		tab.Sees("Yhteys katkesi.")
		form.Waits("the text is still there", `document.querySelector("#panel textarea[name=text]").value === "Kirjoitettu autossa tunnelissa."`)
		tab.Offline(false)
		form.Click("Tallenna")
		tab.Sees("Kirjattu")
		tab.In(".tl").Sees("Kirjoitettu autossa tunnelissa.")
	})
}

// Typed text outlives an ended session: after signing in again it is brought back into the form.
func TestTextSurvivesEndedSession(t *testing.T) {
	s := open(t)
	c := s.calm("oili", 0)
	tab := s.as(t, "oili", browser.Laptop)
	tab.Go(s.url + "/c/" + c.id)
	tab.Press("k")
	form := tab.In("#panel form.record")
	form.Fill("Omin sanoin", "Pitkä teksti ennen kahvia.")
	s.endSessions("oili")
	tab.Waits("the page goes to signing in by itself", `location.pathname === "/sign-in"`)
	s.choose(tab, "oili")
	tab.Go(s.url + "/c/" + c.id + "/record")
	tab.Sees("Keskeneräinen tekstisi palautettiin.")
	tab.Waits("the text is back", `document.querySelector("textarea[name=text]").value === "Pitkä teksti ennen kahvia."`)
	tab.Follow("Tallenna")
	tab.In(".tl").Sees("Pitkä teksti ennen kahvia.")
}

// The same entry with other words is never written over: both texts are shown, and saving again keeps both.
func TestTextSurvivesConflict(t *testing.T) {
	onEach(t, []browser.View{browser.Phone, browser.Laptop.WithoutScript()}, func(t *testing.T, s *site, view browser.View) {
		c := s.calm("oili", 0)
		id := ident.New()
		s.post(s.client("oili"), "/c/"+c.id+"/record", "id", id, "what", "call", "result", "held", "text", "Ensimmäinen teksti.", "step", "keep")
		tab := s.as(t, "oili", view)
		tab.Go(s.url + "/c/" + c.id + "/record")
		tab.Fill("Omin sanoin", "Toinen teksti.")
		tab.Waits("the form is of the same entry", fmt.Sprintf(`(document.querySelector("form.record [name=id]").value = %q)`, id))
		tab.Allow("409")
		tab.Click("Tallenna")
		tab.In(".conflict").Sees("Ensimmäinen teksti.")
		tab.Waits("one's own text is untouched", `document.querySelector("textarea[name=text]").value === "Toinen teksti."`)
		tab.Accessible()
		tab.Follow("Tallenna")
		tab.In(".tl").Sees("Ensimmäinen teksti.")
		tab.In(".tl").Sees("Toinen teksti.")
	})
}

// chip is the CSS selector of one small button of a choice.
func chip(name, value string) string {
	return `label.chip:has([name="` + name + `"][value="` + value + `"])`
}
