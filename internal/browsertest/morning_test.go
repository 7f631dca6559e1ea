package browsertest

import (
	"testing"

	"polku/internal/actor"
	"polku/internal/browser"
	"polku/internal/db"
	"polku/internal/demo"
	"polku/internal/login"
)

// The morning of a worker: after the password nothing more is asked, and Today says who needs them and why.
func TestMorning(t *testing.T) {
	onEach(t, []browser.View{browser.Phone, browser.Laptop, browser.Laptop.WithoutScript()}, func(t *testing.T, s *site, view browser.View) {
		var username string
		s.one(&username, `select w.username from worker w join standing s on s.tenant_id = w.tenant_id and s.responsible = w.worker_id
			where w.tenant_id = 1 and s.status <> 'closed' and w.lang = 'fi' group by w.username having count(distinct case when s.today_group <= 3 then s.today_group end) = 3
			order by w.username limit 1`)
		password := s.password(username)
		tab := browser.Open(t, view)
		tab.Go(s.url + "/today")
		tab.At("/sign-in")
		tab.Go(s.url + "/sign-in?password=1&lang=fi")
		tab.Fill("Käyttäjätunnus", username)
		tab.Fill("Salasana", password)
		tab.Follow("Kirjaudu sisään")
		tab.Sees("Päivää, ")
		for _, group := range []string{"now", "waiting", "soon"} {
			tab.Waits("the group "+group+" has lines", `document.querySelectorAll(".group--`+group+` .row").length > 0`)
		}
		tab.Waits("one reason in words on every line of now and waiting",
			`[...document.querySelectorAll(".group--now .row, .group--waiting .row")].every(r => r.querySelectorAll(".why").length === 1 && r.querySelector(".why").innerText.length > 3)`)
		tab.Waits("one line a client", `(rows => new Set(rows.map(a => a.href)).size === rows.length)([...document.querySelectorAll(".row__name")])`)
		tab.Fits()
		tab.Accessible()
	})
}

// Filters narrow the morning to a reason or to the team, by choosing alone where there is script.
func TestFilterTheMorning(t *testing.T) {
	s := open(t)
	tab := s.as(t, "oili", browser.Laptop)
	tab.Choose("Syy", "Seuraava askel myöhässä tai puuttuu")
	tab.Waits("the filter is in the address", `location.search.includes("signal=")`)
	tab.Waits("only late steps are left", `(rows => rows.length > 0 && rows.every(r => r.querySelector(".late")))([...document.querySelectorAll(".row")])`)
	tab.Follow("Poista rajaus")
	tab.Choose("Kenen asiakkaat", "Tiimin asiakkaat")
	tab.In("main").Sees("Veikko Virkkula")

	plain := s.as(t, "oili", browser.Laptop.WithoutScript())
	plain.Choose("Kenen asiakkaat", "Tiimin asiakkaat")
	plain.Follow("Rajaa")
	plain.In("main").Sees("Veikko Virkkula")
}

// On a phone the choices of the filter can be read: none is cut off.
func TestFilterOnAPhone(t *testing.T) {
	s := open(t)
	tab := s.as(t, "oili", browser.Phone)
	for _, page := range []string{"/today", "/clients"} {
		tab.Go(s.url + page)
		tab.Waits("room for what is chosen, and for the arrow", `(all => all.length === 3 && all.every(e => {
			const pen = document.createElement("canvas").getContext("2d"), style = getComputedStyle(e), box = e.getBoundingClientRect();
			pen.font = style.font;
			return pen.measureText(e.selectedOptions[0].text).width + parseFloat(style.paddingLeft) + 24 <= box.width && box.right <= innerWidth;
		}))([...document.querySelectorAll(".filter select")])`)
	}
}

// The coordinator sees everyone who is about to be left hanging in the whole unit, one click from the morning.
func TestHanging(t *testing.T) {
	both(t, func(t *testing.T, s *site, view browser.View) {
		tab := s.as(t, "satu", view)
		tab.ClickAt(`main a[href="/hanging"]`)
		tab.At("/hanging")
		tab.Sees("Tyhjän päällä")
		var n int
		s.one(&n, `select count(*) from standing where tenant_id = 1 and unit_id = 'kuusamo' and status <> 'closed' and class <= 3`)
		if n == 0 {
			t.Fatal("the demo has nobody about to be left hanging")
		}
		tab.Has(".rows .row", n)
		tab.Waits("a reason and a responsible worker on each", `[...document.querySelectorAll(".row")].every(r => r.querySelector(".why") && r.querySelector(".row__who small").innerText.includes("·"))`)
		tab.Fits()
		tab.Accessible()
		tab.ClickAt(".row:first-child .row__name")
		tab.Sees("Luvattu ja avoinna")
	})
}

// A list on paper for the day when the line is down: names, phones, steps, and room to write.
func TestDayListOnPaper(t *testing.T) {
	s := open(t)
	tab := s.as(t, "oili", browser.Laptop)
	tab.Follow("Päivän lista paperille")
	tab.Sees("Salassa pidettävä.")
	tab.Waits("a line for everyone on Today", `document.querySelectorAll("table.day")[1].rows.length > 3`)
	tab.Waits("phones", `/0\d\d \d/.test(document.querySelectorAll("table.day")[1].innerText)`)
	tab.Accessible()
}

// password gives a worker a password of their own.
func (s *site) password(username string) string {
	s.t.Helper()
	service, ctx := login.New(s.w.DB, demo.Tenant), s.t.Context()
	once, err := service.SetPassword(ctx, actor.System(demo.Tenant, actor.Admin, "test"), s.worker(username))
	must(s.t, err)
	in, err := service.SignIn(ctx, username, once, login.Visit{Remote: "127.0.0.1"})
	must(s.t, err)
	who, err := service.Session(ctx, in.Token, login.Visit{})
	must(s.t, err)
	own := "kolme kuusta mäellä"
	must(s.t, service.ChangePassword(ctx, who, once, own))
	return own
}

// endSessions lets the sessions of a worker run out.
func (s *site) endSessions(username string) {
	s.t.Helper()
	must(s.t, s.w.DB.Update(s.t.Context(), actor.System(demo.Tenant, actor.Checking, "test"), func(tx *db.Tx) error {
		return login.EndSessions(tx, s.worker(username), "")
	}))
}
