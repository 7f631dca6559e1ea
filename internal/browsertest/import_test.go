package browsertest

import (
	"path/filepath"
	"testing"

	"polku/internal/browser"
	"polku/samples"
)

// A list as the municipality keeps it goes in by the browser: the file, a look at what was understood, the answers,
// and the real next steps one after another on the sprint screen. Importing it again adds nothing; undoing takes all.
func TestImportAndSprint(t *testing.T) {
	s := open(t)
	tab := s.as(t, "anni", browser.Laptop)
	importSample(tab, s)
	tab.Sees("Näin Polku ymmärsi tiedoston.")
	tab.Waits("a row for each person", `document.querySelectorAll("table.data tbody tr").length > 0`)
	tab.Accessible()
	answerAndRun(tab, s)
	tab.Accessible()
	tab.ClickAt(`main a[href="/sprint"]`)
	for range 2 {
		form := tab.In("form.sprint__one")
		form.Fill("Mitä sovittiin", "Soitetaan ja sovitaan tapaaminen")
		form.Click("Viikon päästä")
		tab.Waits("this one", `(document.body.dataset.was = document.querySelector("form.sprint__one h2 a").href)`)
		tab.Press("Control+Enter")
		tab.Waits("the next one", `!document.body.dataset.was && document.querySelector("form.sprint__one")`)
	}
	tab.Fits()
	tab.Accessible()
}

func importSample(tab *browser.Tab, s *site) {
	path, err := filepath.Abs(filepath.Join("..", "..", "samples", samples.Rautavaara))
	must(s.t, err)
	tab.Go(s.url + "/import")
	tab.Upload("Tiedosto", path)
	tab.Follow("Lue tiedosto")
}

// answerAndRun tells who everybody on the list is and imports what is sound.
func answerAndRun(tab *browser.Tab, s *site) {
	tab.Waits("somebody for every initials", `[...document.querySelectorAll("select[name^=worker_], select[name^=q_]")].every(x => x.value || (x.value = "`+s.worker("anni")+`") === x.value && x.value)`)
	tab.ClickAt("button[name=do][value=run]")
	tab.Sees("Tuonti valmis")
}
