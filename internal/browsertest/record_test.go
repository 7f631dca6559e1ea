package browsertest

import (
	"testing"

	"polku/internal/browser"
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

// chip is the CSS selector of one small button of a choice.
func chip(name, value string) string {
	return `label.chip:has([name="` + name + `"][value="` + value + `"])`
}
