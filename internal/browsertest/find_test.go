package browsertest

import (
	"testing"

	"polku/internal/browser"
)

// Any worker finds a person by the slash, three letters and Enter: å, ä and ö as they are or without dots, by
// identity code, by phone. Nothing of it stands in an address or in the history.
func TestFind(t *testing.T) {
	both(t, func(t *testing.T, s *site, view browser.View) {
		s.post(s.client("oili"), "/new-client", "last", "Åkerlund", "first", "Öyvind", "hetu", hetu("010180", "-", "945"), "phone", "050 000 9876",
			"service", s.kuusamo(), "responsible", s.worker("oili"), "step_what", "Ensitapaaminen", "step_by", "2026-03-04")
		var id string
		s.one(&id, `select client_id from client where tenant_id = 1 and last_name = 'Åkerlund'`)
		tab := s.as(t, "oili", view)
		for _, q := range []string{"åke", "AKER", "öyv", hetu("010180", "-", "945"), "0500009876"} {
			tab.Go(s.url + "/today")
			tab.Press("/")
			s.look(tab, q)
			tab.Waits("one hit", `document.querySelectorAll("a[data-hit]").length === 1`)
			tab.Press("Enter")
			// The driver sends Enter to the form too, so that the page of hits may come in between.
			tab.Waits("the client's page", `location.pathname === "/c/`+id+`" ? document.querySelector(".who")
				: (location.pathname === "/find" && document.querySelector("a[data-hit]")?.click(), false)`)
			tab.Waits("nothing that was typed in any address", `performance.getEntries().every(e => !/ker|yv|0101|9876/i.test(decodeURIComponent(new URL(e.name, location.href).pathname + new URL(e.name, location.href).search)))`)
			tab.Waits("nothing in the title", `!/ker|yv/i.test(document.title)`)
		}
	})
}

// Without script the same form is sent the ordinary way, by POST. A part of the name that several have gives
// their list, a name that only one has leads to the client at once.
func TestFindWithoutScript(t *testing.T) {
	s := open(t)
	c := s.calm("oili", 0)
	tab := s.as(t, "oili", browser.Laptop.WithoutScript())
	tab.Fill("Etsi asiakas", c.last[:2])
	tab.Press("Enter")
	tab.Waits("the list of hits, or the one client", `location.pathname === "/find" || location.pathname === "/c/`+c.id+`"`)
	tab.Fill("Etsi asiakas", c.last+" "+c.first)
	tab.Press("Enter")
	tab.At("/c/" + c.id)
}

// look types into the search box, which must have the keyboard, and waits until the answer to the last letter is there.
func (s *site) look(tab *browser.Tab, q string) {
	s.t.Helper()
	tab.Waits("the search box has the keyboard", `document.activeElement.type === "search"`)
	// The driver sends a letter after its key although the page has answered to the key: what it left is selected.
	tab.Waits("the search box is empty", `(document.activeElement.select(), true)`)
	tab.Type(q)
	tab.Waits("hits that no longer change", `(now => {
		window.polls = window.before === now ? (window.polls ?? 0) + 1 : 0;
		window.before = now;
		return window.polls > 20 && document.querySelector("a[data-hit]") })(
		[...document.querySelectorAll("a[data-hit]")].map(a => a.href).join() + document.activeElement.value + performance.getEntriesByType("resource").length)`)
}

// hetu adds the check character to a made-up identity code.
func hetu(day, sign, number string) string {
	n := 0
	for _, digit := range day + number {
		n = n*10 + int(digit-'0')
	}
	return day + sign + number + string("0123456789ABCDEFHJKLMNPRSTUVWXY"[n%31])
}

// kuusamo is the id of Oili's service.
func (s *site) kuusamo() (id string) {
	s.t.Helper()
	s.one(&id, `select service_id from service where tenant_id = 1 and unit_id = 'kuusamo'`)
	return id
}
