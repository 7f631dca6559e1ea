package browsertest

import (
	"testing"

	"polku/internal/actor"
	"polku/internal/browser"
	"polku/internal/db"
	"polku/internal/demo"
)

// A path that leads to open work ends at once, with its follow-ups remembered.
func TestExitToWork(t *testing.T) {
	both(t, func(t *testing.T, s *site, view browser.View) {
		c := s.calm("oili", 0)
		tab := s.as(t, "oili", view)
		tab.Go(s.url + "/c/" + c.id)
		tab.ClickAt(".step details[data-menu] summary")
		tab.Click("Päätä polku")
		form := tab.In("form.exit-form")
		form.ClickAt("label:has([name=to][value=open-work])")
		form.Fill("Mitä jäi käteen", "Vakituinen työ varastolla.")
		form.Click("Päätä polku")
		tab.In(".who").Sees("päättynyt")
		tab.Sees("Vakituinen työ varastolla.")
		tab.Accessible()
	})
}

// A path that leads to another service stays open, with a day to ask again, until the receiver has said yes.
func TestExitWaitsForReceiver(t *testing.T) {
	onEach(t, []browser.View{browser.Phone, browser.Laptop.WithoutScript()}, func(t *testing.T, s *site, view browser.View) {
		c := s.calm("oili", 0)
		tab := s.as(t, "oili", view)
		tab.Go(s.url + "/c/" + c.id + "/exit")
		tab.ClickAt("label:has([name=to][value=health-care])")
		tab.Fill("Kuka ottaa vastaan", "Terveysasema, työttömien terveystarkastukset")
		tab.In(".form-acts").Follow("Päätä polku")
		tab.Sees("Polku pysyy auki siihen asti")
		tab.In(".who").Misses("päättynyt")
		tab.In("section.step").Misses("Seuraava askel puuttuu")
		tab.Go(s.url + "/c/" + c.id + "/exit")
		tab.Sees("Terveysasema, työttömien terveystarkastukset")
		tab.Follow("Vastaanottaja hyväksyi")
		tab.In(".who").Sees("päättynyt")
	})
}

// Whose path has ended is asked how things are when the follow-up is due: the list offers it instead of a next step,
// the form asks it first, and the answer takes the line off the list.
func TestFollowUp(t *testing.T) {
	both(t, func(t *testing.T, s *site, view browser.View) {
		var username, id, path string
		must(t, s.w.DB.View(t.Context(), actor.System(demo.Tenant, actor.Checking, "test"), func(tx *db.Tx) error {
			_, err := tx.One(`select w.username, s.client_id, s.path_id from standing s join worker w on w.tenant_id = s.tenant_id and w.worker_id = s.responsible
				where s.tenant_id = 1 and s.status = 'closed' and s.class = 10 and w.lang = 'fi' order by s.path_id limit 1`, nil, &username, &id, &path)
			return err
		}))
		tab := s.as(t, username, view)
		tab.Go(s.url + "/clients?signal=10")
		line := `.row:has(a[href="/c/` + id + `"])`
		tab.In(line).Sees("Kysy kuulumiset")
		tab.In(line).Misses("Sovi seuraava askel")
		tab.In(line).Click("Kysy kuulumiset")
		form := tab.In("#panel form.record")
		form.Waits("how things are is what is asked", `document.querySelector("#panel [name=what]:checked").value === "follow_up"`)
		form.Has(".nextbox", 0)
		form.Choose("Mitä kuuluu", "Ei tietoa")
		form.Fill("Omin sanoin", "Äiti kertoi muutosta Ouluun.")
		form.Click("Tallenna")
		tab.In(".tl").Sees("Äiti kertoi muutosta Ouluun.")
		tab.In(".tl").Sees("Seuranta: Ei tietoa")
		tab.Accessible()
		tab.Go(s.url + "/clients?signal=10")
		tab.Misses("Äiti")
		tab.Waits("the line is gone", "!document.querySelector(`"+line+" .row__set`)")
	})
}

// A pause keeps its check day, and going on asks for the next step.
func TestPauseAndResume(t *testing.T) {
	s := open(t)
	c := s.calm("oili", 0)
	tab := s.as(t, "oili", browser.Phone)
	tab.Go(s.url + "/c/" + c.id)
	tab.ClickAt(".step details[data-menu] summary")
	tab.Click("Aloita tauko")
	form := tab.In(`form[action$="/pause"]`)
	form.Fill("Miksi?", "Leikkaus ja toipuminen")
	form.Click("4 viikkoa")
	form.Click("Aloita tauko")
	tab.In(".who").Sees("tauolla")
	tab.ClickAt(".step details[data-menu] summary")
	tab.Click("Jatka tauolta")
	form = tab.In(`form[action$="/resume"]`)
	form.Fill("Mitä sovittiin", "Kahvit ja kuulumiset")
	form.Click("Huomenna")
	form.Click("Jatka polkua")
	tab.In(".who").Misses("tauolla")
	tab.In("section.step").Sees("Kahvit ja kuulumiset")
}

// Somebody is away: a colleague sees their clients in their own day, and the responsible worker does not change.
func TestCover(t *testing.T) {
	s := open(t)
	c := s.calm("veikko", 0)
	tab := s.as(t, "satu", browser.Laptop)
	tab.Go(s.url + "/cover")
	tab.Choose("Kuka on poissa", "Veikko Virkkula")
	tab.Waits("the page of Veikko's stand-ins", `location.search.includes("absent=") && document.querySelector("[name=by]")`)
	tab.Choose("Kuka sijaistaa", "Oili Oikarinen")
	tab.Fill("Ensimmäinen päivä", "2026-03-02")
	tab.Fill("Viimeinen päivä", "2026-03-06")
	tab.Follow("Sovi sijaistus")
	tab.Sees("sovittu")
	tab.Accessible()

	stand := s.as(t, "oili", browser.Laptop)
	stand.Go(s.url + "/clients?sort=name")
	stand.Waits("Veikko's clients are on the list", `(scrollTo(0, document.body.scrollHeight), document.querySelector('a[href="/c/`+c.id+`"]'))`)
	stand.Go(s.url + "/c/" + c.id)
	stand.In(".who").Sees("Veikko Virkkula")
}
