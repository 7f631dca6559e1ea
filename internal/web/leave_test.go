package web_test

import (
	"testing"

	. "polku/internal/polkutest"
)

// Whoever takes over finds the first step in their own language, whatever the administrator's is.
func TestStepOfWhoTakesOverIsInTheirLanguage(t *testing.T) {
	f := open(t, New(t, t.TempDir()))
	f.Client(t, "Virtanen", "Aino")
	joni, boss := f.as(Joni, "joni"), f.as(Boss, "boss")
	joni.must("/settings", "lang", "sv", "theme", "", "keys", "on")
	boss.says(boss.must("/users/"+Mia+"/remove"), "1 asiakas siirtyi päivystäjälle")
	joni.says(joni.page("/clients"), "Aino Virtanen", "Den nya ansvariga arbetstagaren tar kontakt")
}
