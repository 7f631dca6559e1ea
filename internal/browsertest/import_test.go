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

// On a phone a faulty identity code is put right beside the question about it, and the bar hides none of the fields.
func TestAFaultyCodeIsPutRightOnAPhone(t *testing.T) {
	s := open(t)
	tab := s.as(t, "anni", browser.Phone)
	importSample(tab, s)
	tab.Sees("Henkilötunnuksen tarkistusmerkki ei täsmää")
	tab.Fits()
	tab.Accessible()
	tab.Waits("every field can be seen when it has the focus", `[...document.querySelectorAll("#rows input[type=text]")].every(x => {
		x.focus()
		const at = x.getBoundingClientRect()
		return document.elementFromPoint(at.left + at.width / 2, at.top + at.height / 2) === x
	})`)
	tab.Waits("a code that checks", `(document.querySelector(".mend input").value = "180873-994Y") && true`)
	tab.ClickAt("button[value=mend]")
	tab.Sees("solu korjattu")
	tab.ClickAt(`.tally a[href*="show=mended"]`)
	tab.Sees("korjattu tässä")
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
