package browsertest

import (
	"strings"
	"testing"
	"time"

	"polku/internal/actor"
	"polku/internal/browser"
	"polku/internal/db"
	"polku/internal/demo"
	"polku/internal/login"
	"polku/internal/staffing"
	"polku/internal/unit"
)

// named is the site's address by a name: passkeys belong to names.
func (s *site) named() string { return strings.Replace(s.url, "127.0.0.1", "localhost", 1) }

// A worker makes a passkey and from then on signs in by it, typing nothing; without the finger nobody gets in, and a
// removed passkey lets nobody in.
func TestPasskey(t *testing.T) {
	s := open(t)
	tab := browser.Open(t, browser.Laptop)
	key := tab.AddKey()
	tab.Allow("403") // the removed passkey's refusal
	tab.Go(s.named() + "/sign-in")
	s.choose(tab, "oili")
	tab.Go(s.named() + "/settings/sign-in")
	tab.Fill("Avaimen nimi", "Työläppäri")
	tab.Follow("Lisää pääsyavain tälle laitteelle")
	tab.Sees("Pääsyavain on lisätty")
	tab.Sees("Työläppäri")
	tab.Accessible()
	out := func() {
		tab.ClickAt("details[data-menu] summary")
		tab.Follow("Kirjaudu ulos")
		tab.Go(s.named() + "/sign-in?password=1&lang=fi")
	}
	out()
	key.Lock(true)
	tab.Click("Kirjaudu pääsyavaimella")
	tab.Sees("Pääsyavainta ei luettu")
	key.Lock(false)
	tab.Follow("Kirjaudu pääsyavaimella")
	tab.At("/today")
	tab.Waits("being Oili", `document.body.dataset.user === "`+s.worker("oili")+`"`)

	tab.Go(s.named() + "/settings/sign-in")
	tab.In("section:has(form[data-passkey])").Sees("käytetty tänään")
	tab.Sees("tämä laite")
	tab.Follow("Poista Työläppäri")
	tab.Sees("Pääsyavain on poistettu")
	out()
	tab.Follow("Kirjaudu pääsyavaimella")
	tab.Sees("Tällä pääsyavaimella ei pääse sisään")
}

// What is open on a screen is gone within a second when the right to see it ends, whoever ends it and wherever; and
// loads anew when rights change. The time is from the change to what the page shows.
func TestOpenPageIsBlankedWithinASecond(t *testing.T) {
	s := openAlone(t)
	c := s.calm("oili", 0)
	system := actor.System(demo.Tenant, actor.Admin, "test")
	change := func(fn func(tx *db.Tx) error) time.Time {
		must(t, s.w.DB.Update(t.Context(), system, fn))
		return time.Now()
	}
	within := func(what string, since time.Time) {
		t.Helper()
		took := time.Since(since)
		t.Logf("%s: %v", what, took.Round(time.Millisecond))
		if took > time.Second {
			t.Errorf("%s took %v, a second is allowed", what, took)
		}
	}
	tab := s.as(t, "oili", browser.Laptop)
	show := func() {
		tab.Go(s.url + "/c/" + c.id)
		tab.Sees(c.last)
		s.listens(t, "oili")
	}
	gone := `!document.body || !document.body.innerText.includes(` + "`" + c.last + "`" + `)`

	show()
	at := change(func(tx *db.Tx) error { return login.EndSessions(tx, s.worker("oili"), "") })
	tab.Waits("the client's name to go", gone)
	within("a session that ended", at)
	tab.Waits("the sign-in page", `location.pathname === "/sign-in" && document.readyState === "complete"`)

	s.choose(tab, "oili")
	show()
	at = change(func(tx *db.Tx) error {
		mine, err := unit.Members(tx, s.worker("oili"))
		for _, m := range mine {
			if err == nil {
				err = unit.Leave(tx, m)
			}
		}
		return err
	})
	tab.Allow("403")
	tab.Waits("the client's name to go", gone)
	within("a role that was taken", at)

	tab = s.as(t, "satu", browser.Phone)
	tab.Go(s.url + "/hanging")
	s.listens(t, "satu")
	tab.Waits("a mark on the page", "document.body.dataset.mark = true")
	at = change(func(tx *db.Tx) error {
		if err := unit.Rename(tx, s.worker("satu"), "Satu Sijainen", "satu", false); err != nil {
			return err
		}
		_, err := staffing.Remove(tx, s.book, s.worker("satu"), func(_, key string) string { return key })
		return err
	})
	tab.Waits("the page to go", `!document.body.dataset.mark`)
	within("a worker who was removed", at)
	tab.Waits("the sign-in page", `location.pathname === "/sign-in" && document.readyState === "complete"`)
}

// listens waits until the worker's page has its stream.
func (s *site) listens(t *testing.T, username string) {
	t.Helper()
	for range 200 {
		if s.login.Live.Open() > 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal(username + "'s page does not listen")
}
