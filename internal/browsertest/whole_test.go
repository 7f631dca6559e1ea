package browsertest

import (
	"testing"

	"polku/internal/browser"
	"polku/internal/polkutest"
	"polku/internal/seal"
)

// One client from the morning to the end of the path, on either database: recorded with a next step, handed over,
// led out into work, and found again.
func TestWholePath(t *testing.T) {
	t.Parallel()
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		keys, err := seal.LoadOrMake(t.TempDir())
		must(t, err)
		fill(t, w, keys, 10)
		s := serve(t, w, book(t), keys)
		c := s.calm("veikko", 0)

		tab := s.as(t, "veikko", browser.Laptop)
		tab.At("/today")
		tab.Sees("Veikko")
		tab.Go(s.url + "/clients?sort=name")
		tab.Follow(c.name())
		tab.Press("k")
		form := tab.In("#panel form.record")
		form.ClickAt(chip("what", "call"))
		form.Fill("Omin sanoin", "Työnantaja lupasi paikan.")
		form.ClickAt(chip("step", "new"))
		form.Fill("Mitä sovittiin", "Käydään allekirjoittamassa")
		form.Click("Huomenna")
		form.Click("Tallenna")
		tab.In(".tl").Sees("Käydään allekirjoittamassa")
		tab.In(".tl").Sees("Työnantaja lupasi paikan.")

		tab.Click("Siirrä toiselle")
		form = tab.In(`form[action$="/handover"]`)
		form.ClickAt(`label:has([name=to][value="` + s.worker("oili") + `"])`)
		form.Fill("Miksi, ja mitä on hyvä tietää", "Oili tuntee työnantajan.")
		form.Click("Pyydä ottamaan vastaan")
		tab.Sees("Siirto odottaa vastausta: Oili Oikarinen.")

		receiver := s.as(t, "oili", browser.Phone)
		receiver.In(".handoffs").Follow(c.name())
		receiver.Follow("Otan vastaan")
		receiver.In(".who").Sees("Oili Oikarinen")
		receiver.Go(s.url + "/c/" + c.id + "/exit")
		receiver.ClickAt("label:has([name=to][value=open-work])")
		receiver.Fill("Mitä jäi käteen", "Vakituinen työ.")
		receiver.In(".form-acts").Follow("Päätä polku")
		receiver.In(".who").Sees("päättynyt")

		receiver.Go(s.url + "/today")
		receiver.Press("/")
		s.look(receiver, c.name())
		receiver.ClickAt(`a[data-hit][href$="` + c.id + `"]`)
		receiver.In(".tl").Sees("Työnantaja lupasi paikan.")
	})
}

// Most people have nothing against motion: a job goes the same way with it, and whatever moves comes to rest by itself
// within five seconds (WCAG 2.2.2).
func TestMotionEnds(t *testing.T) {
	onEach(t, []browser.View{browser.Phone.InMotion(), browser.Laptop.InMotion()}, func(t *testing.T, s *site, view browser.View) {
		c := s.calm("oili", 0)
		tab := s.as(t, "oili", view)
		tab.Go(s.url + "/c/" + c.id)
		s.rests(tab, "path__halo")
		tab.Press("k")
		form := tab.In("#panel form.record")
		form.Fill("Omin sanoin", "Liike ei häiritse.")
		form.Click("Tallenna")
		tab.In(".tl").Sees("Liike ei häiritse.")
		s.rests(tab, "toast")
		tab.ClickAt(".toast__undo")
		tab.In(".tl__e[data-back]").Sees("Liike ei häiritse.") // taken back, and readable as such
	})
}

// rests waits until something of a class moves, and then, quicker than by the clock, until nothing does any more.
func (s *site) rests(tab *browser.Tab, class string) {
	s.t.Helper()
	tab.Waits(class+" moves, and nothing for more than five seconds", `(all => all.some(a => a.effect.target.classList.contains("`+class+`"))
		&& all.every(a => a.effect.getComputedTiming().endTime <= 5000 && (a.updatePlaybackRate(5), true)))(document.getAnimations())`)
	tab.Waits("all is at rest", `document.getAnimations().length === 0`)
}
