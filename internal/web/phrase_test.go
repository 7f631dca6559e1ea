package web_test

import (
	"regexp"
	"strings"
	"testing"

	. "polku/internal/polkutest"
)

var phraseLink = regexp.MustCompile(`/phrases/[0-9a-f-]{36}`)

// A worker's own phrases and a service's shared ones: added, offered in the record form, changed, deleted.
func TestPhrases(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		mia, joni, essi, boss := f.as(Mia, "mia"), f.as(Joni, "joni"), f.as(Essi, "essi"), f.as(Boss, "boss")

		page := mia.page("/phrases")
		mia.says(page, "Ei vielä valmiita lauseita", "Älä kirjoita siihen nimiä, henkilötunnuksia")
		if strings.Contains(text(page), "Yhteiset: Valmennus") {
			t.Error("a worker is offered to share")
		}
		mia.says(mia.must("/phrases", "name", "Kuulumiset", "text", "Soitin ja kysyin kuulumiset.", "kind", "call"), "Lause tallennettu", "Omat lauseet", "Kuulumiset")
		joni.says(joni.must("/phrases", "service", Service, "name", "Uusi aika", "text", "Sovittiin uusi aika."), "Yhteiset: Valmennus", "Uusi aika")

		record := mia.page("/c/" + id + "/record")
		for _, want := range []string{`data-phrase="Soitin ja kysyin kuulumiset."`, `for for--call`, `data-phrase="Sovittiin uusi aika."`} {
			if !strings.Contains(record, want) {
				t.Errorf("the record form lacks %s", want)
			}
		}
		shared := phraseLink.FindString(joni.page("/phrases"))
		if strings.Contains(mia.page("/phrases"), shared) {
			t.Error("a worker is offered to change a shared phrase")
		}
		for who, want := range map[*face]int{mia: 403, essi: 404, boss: 403} {
			if status, _ := who.post(shared + "/delete"); status != want {
				t.Errorf("deleting a shared phrase: %d, want %d", status, want)
			}
		}

		// Two who change the same: the later one sees both texts.
		joni.says(joni.must(shared, "version", "1", "name", "Uusi aika", "text", "Sovimme uuden ajan."), "Sovimme uuden ajan.")
		status, body := joni.post(shared, "version", "1", "name", "Uusi aika", "text", "Uusi tapaaminen sovittu.")
		if status != 409 {
			t.Fatal(status)
		}
		joni.says(body, "Sovimme uuden ajan.", "Uusi tapaaminen sovittu.")
		joni.must(shared, "version", "2", "name", "Uusi aika", "text", "Uusi tapaaminen sovittu.")
		status, body = joni.post(shared, "version", "3", "name", "", "text", "Kesken jäänyt")
		if status != 422 {
			t.Fatal(status)
		}
		joni.says(body, "Anna lauseelle nimi.", "Kesken jäänyt")

		joni.says(joni.must(shared+"/delete"), "Lause poistettu", "Ei vielä valmiita lauseita")
	})
}

// Without script a phrase's button sends the form: it comes back with the phrase in its text and everything else as
// it was typed; nothing is recorded.
func TestPhraseWithoutScript(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		mia := f.as(Mia, "mia")
		mia.must("/phrases", "name", "Uusi aika", "text", "Sovittiin uusi aika.")
		button := regexp.MustCompile(`name="phrase" value="([0-9a-f-]{36})"`).FindStringSubmatch(mia.page("/c/" + id + "/record"))
		if button == nil {
			t.Fatal("the form has no button for the phrase")
		}
		sent := []string{"phrase", button[1], "text", "Juteltiin opinnoista.", "when", "other", "day", "2026-02-26", "time", "9.30", "minutes", "45",
			"with", "äiti", "step", "new", "step_what", "Tutustutaan kouluun", "step_by", "2026-03-09", "step_place", "Torikatu 1",
			"price", "12,50", "where", "Kahvila Kukka", "from", "2026-03-10", "to", "2026-04-10"}
		status, body := mia.post("/c/"+id+"/record", append(sent, "what", "visit", "result", "no_show", "mode", "remote")...)
		if status != 200 || !strings.Contains(body, "Juteltiin opinnoista. Sovittiin uusi aika.</textarea>") {
			t.Fatalf("%d %.2000s", status, body)
		}
		for i := 4; i+1 < len(sent); i += 2 {
			if sent[i] != "with" && sent[i] != "step" && sent[i] != "when" && !strings.Contains(body, `value="`+sent[i+1]+`"`) {
				t.Errorf("%s is lost", sent[i])
			}
		}
		for _, want := range []string{`name="what" value="visit" checked`, `name="when" value="other" checked`, `name="result" value="no_show" checked`,
			`name="mode" value="remote" checked`, `name="step" value="new" checked`} {
			if !strings.Contains(body, want) {
				t.Errorf("the choice %s is lost", want)
			}
		}
		if strings.Contains(mia.page("/c/"+id), "Juteltiin opinnoista") {
			t.Error("a phrase's button recorded the contact")
		}
		// A phrase that was deleted meanwhile costs nothing either.
		sent[1] = "gone"
		if _, body := mia.post("/c/"+id+"/record", sent...); !strings.Contains(body, "Juteltiin opinnoista.</textarea>") {
			t.Error("the text is lost with the phrase")
		}
	})
}
