package browsertest

import (
	"context"
	"fmt"
	"testing"

	"polku/internal/actor"
	"polku/internal/browser"
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/demo"
	"polku/internal/entry"
	"polku/internal/ident"
	"polku/internal/path"
)

// Who is this? One click from any list, and one screen tells: where on the path, what is owed, what happened.
func TestUnderstandAClient(t *testing.T) {
	both(t, func(t *testing.T, s *site, view browser.View) {
		c := s.calm("oili", 0)
		tab := s.as(t, "oili", view)
		tab.Go(s.url + "/clients?sort=name")
		tab.Follow(c.name())
		tab.At("/c/" + c.id)
		tab.Has("figure.path svg[role=img][aria-label]", 1)
		tab.Waits("the picture says in words where we are", `/nyt/i.test([...document.querySelectorAll("figure.path svg")].find(e => e.checkVisibility()).getAttribute("aria-label"))`)
		tab.ClickAt("figure.path summary")
		tab.In("figure.path table").Sees("nyt tässä")
		tab.In("section.step").Sees("Seuraava askel")
		tab.Waits("what is owed, each with its reason in the model", `(d => d.length > 0 && d.every(x => x.querySelectorAll("small").length >= 2))([...document.querySelectorAll(".duty")])`)
		tab.ClickAt(`nav.seg a[href*="strand=contacts"]`)
		tab.Waits("only contacts are left", `(all => all.length > 0 && all.every(e => e.dataset.strand === "contacts"))([...document.querySelectorAll(".tl__e")])`)
		tab.Has(`nav.seg a[href*="strand=contacts"][aria-current]`, 1)
		tab.Fits()
		tab.Accessible()
	})
}

// On a laptop what matters stands above the fold: the next step and what happened last; when recording, the kind, the
// day, one's own words and the next step.
func TestAboveTheFold(t *testing.T) {
	s := open(t)
	c := s.calm("oili", 0)
	tab := s.as(t, "oili", browser.Laptop)
	seen := func(css string, n int) {
		t.Helper()
		tab.Waits(css+" without scrolling", fmt.Sprintf(`(all => all.length >= %d && all.slice(0, %[1]d).every(e => e.getBoundingClientRect().bottom <=
			(document.querySelector(".savebar")?.getBoundingClientRect().top ?? innerHeight)))([...document.querySelectorAll(%q)])`, n, css))
	}
	tab.Go(s.url + "/c/" + c.id)
	seen("section.step", 1)
	seen(".tl__e", 2) // each with the step agreed
	seen(".duty", 1)
	tab.Go(s.url + "/c/" + c.id + "/record")
	for _, part := range []string{"#what", "#when", "textarea[name=text]", ".nextbox"} {
		seen(part, 1)
	}
}

// An obligation that could not be met is closed with its reason, without script too.
func TestCouldNotBecause(t *testing.T) {
	onEach(t, []browser.View{browser.Phone, browser.Laptop.WithoutScript()}, func(t *testing.T, s *site, view browser.View) {
		c := s.calm("oili", 0)
		tab := s.as(t, "oili", view)
		tab.Go(s.url + "/c/" + c.id)
		duty := tab.In(".duty:has(details)")
		duty.ClickAt("summary")
		duty.Fill("Miksi?", "Perui kahdesti ja muutti kesken kuun")
		duty.Click("Ei onnistunut")
		tab.Sees("Perui kahdesti ja muutti kesken kuun")
	})
}

// Two thousand entries open at once and come as one scrolls; without script a link brings them.
func TestLongTimeline(t *testing.T) {
	s := open(t)
	id := s.talkative(2000)
	tab := s.as(t, "oili", browser.Laptop)
	tab.Go(s.url + "/c/" + id)
	tab.Waits("a first part, not everything", `(n => n >= 30 && n <= 100)(document.querySelectorAll(".tl__e").length)`)
	for n := 100; n <= 300; n += 100 {
		tab.Waits(fmt.Sprintf("%d entries after scrolling", n), fmt.Sprintf(`(scrollTo(0, document.body.scrollHeight), document.querySelectorAll(".tl__e").length >= %d)`, n))
	}
	tab.Waits("each month once", `(m => new Set(m).size === m.length)([...document.querySelectorAll("[data-month]")].map(e => e.dataset.month))`)
	tab.Waits("each entry once", `(m => new Set(m).size === m.length)([...document.querySelectorAll(".tl__e")].map(e => e.id))`)

	plain := s.as(t, "oili", browser.Laptop.WithoutScript())
	plain.Go(s.url + "/c/" + id)
	plain.Follow("Näytä aiempia")
	plain.Waits("the next part", `document.querySelectorAll(".tl__e").length >= 30 && location.search.includes("before=")`)
	plain.Follow("Näytä aiempia")
	plain.Sees("Mitä on tapahtunut")
}

// talkative makes a client of Oili's with n calls behind them, and gives the id.
func (s *site) talkative(n int) (id string) {
	s.t.Helper()
	who := actor.System(demo.Tenant, actor.Sample, "test")
	must(s.t, s.w.DB.Update(context.Background(), who, func(tx *db.Tx) error {
		var err error
		id, err = client.Create(tx, s.keys, client.New{Register: "kuusamo", LastName: "Pitkänen", FirstName: "Pirjo"})
		if err != nil {
			return err
		}
		start := path.Start{Client: id, Service: s.kuusamo(), Day: tx.Today - 400, Responsible: s.worker("oili"), Step: path.Step{What: "Soita", By: tx.Today + 3}}
		var calls []entry.Entry
		for i := range n {
			calls = append(calls, entry.Entry{ID: ident.New(), Kind: entry.KindContact, Day: tx.Today - 399 + civil.Date(i/5), Minute: 9*60 + i%5, Minutes: 5, Mode: entry.Phone,
				Author: s.worker("oili"), Body: &entry.Contact{Form: entry.FormCall, Result: entry.Held, Text: fmt.Sprintf("Soitto numero %d.", i)}})
		}
		_, _, err = s.book.Start(tx, start, calls...)
		return err
	}))
	return id
}
