package web_test

import (
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	. "polku/internal/polkutest"
	"polku/internal/web"
)

var (
	secretCode = regexp.MustCompile(`([0-9a-z]{4}-){3}[0-9a-z]{4}`)
	referralAt = regexp.MustCompile(`href="(/r/[0-9a-f-]{36})"`)
	meetSlot   = regexp.MustCompile(`name="slot" value="([0-9.]+)"`)
	offered    = regexp.MustCompile(`name="slots" value="([0-9.]+)"`)
)

// intakeFace is a face whose service takes people by themselves and from a school, and whose clock can be moved.
func intakeFace(t *testing.T, w *World) (f *face, later func(time.Duration)) {
	t.Helper()
	var ahead atomic.Int64
	w.DB.Now = func() time.Time { return Noon.Add(time.Duration(ahead.Load())) }
	f = open(t, w, func(c *web.Config) {
		m := c.Book.Models.Get("valmennus", "1")
		m.Entry.Sources, m.Entry.ReferralAsks = []string{"self", "school"}, []string{"wishes", "unemployed_days"}
	})
	return f, func(d time.Duration) { ahead.Add(int64(d)) }
}

// stranger is a browser of somebody without an account.
func (f *face) stranger() *face {
	jar, _ := cookiejar.New(nil)
	g := *f
	g.http = &http.Client{Jar: jar, Timeout: 20 * time.Second, Transport: f.wire}
	return &g
}

func found(t *testing.T, re *regexp.Regexp, body string) string {
	t.Helper()
	m := re.FindStringSubmatch(body)
	if m == nil {
		t.Fatalf("nothing like %s in %s", re, text(body))
	}
	return m[len(m)-1]
}

// A school sends by a link and learns what became of it by a code; the person is called, chooses a time by a link of their
// own, and starts; what the referral told is in the journal.
func TestReferralFromSenderToPath(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f, _ := intakeFace(t, w)
		mia := f.as(Mia, "mia")
		made := mia.must("/queue/links", "organisation", "Testilän lukio", "service", Service, "source", "school", "standing", "1")
		link := regexp.MustCompile(`/send/[0-9a-z-]+`).FindString(made)
		school := f.stranger()
		school.says(school.page(link), "Testilän lukio", "Talo", "9.3.2026")
		sent := school.must(link, "first", "Anna", "last", "Aalto", "phone", "040 123 4567", "sender", "Olli Opo", "answer_wishes", "Töihin", "answer_unemployed_days", "320")
		code := secretCode.FindString(sent)
		ask := func(words ...string) { school.says(school.must("/answer", "code", strings.ToUpper(code)), words...) }
		ask("Odottaa yhteydenottoa", "9.3.2026")

		queue := mia.page("/queue")
		mia.says(queue, "Anna Aalto", "Testilän lukio", "Joni Johdattaja")
		r := found(t, referralAt, queue)
		mia.must(r+"/try", "reached", "yes", "text", "Hyvä puhelu", "next", "2026-03-05")
		ask("Tavoitettu")
		slots := offered.FindAllStringSubmatch(mia.page(r+"/invite"), 2)
		invited := mia.must(r+"/invite", "worker", Mia, "form", "meeting", "place", "Talo", "minutes", "60", "slots", slots[0][1], "slots", slots[1][1], "until", "2026-03-09", "remind", "2026-03-04")
		meet := regexp.MustCompile(`/meet/[0-9a-z-]+`).FindString(invited)
		anna := f.stranger()
		choose := anna.page(meet)
		anna.says(choose, "Mia Mallikas", "Talo")
		anna.says(anna.must(meet, "slot", found(t, meetSlot, choose)), "Aika on varattu sinulle", "3.3.2026 klo 9.00")
		mia.says(mia.page("/queue"), "valitsi ajan huomenna klo 9.00")

		start := mia.page(r + "/start")
		mia.says(start, "Omat toiveet: Töihin", "huomenna klo 9.00")
		client := mia.must(r+"/start", "responsible", Mia, "step_what", "Tapaaminen", "step_by", "2026-03-03", "told", "Omat toiveet: Töihin")
		mia.says(client, "Anna Aalto", "Omat toiveet: Töihin")
		ask("Polku alkoi")
		if strings.Contains(f.logs.String(), "Aalto") {
			t.Error("a name stands in the log")
		}
	})
}

// "Haluan mukaan": a name, a number, a time, and somebody calls. Programs that fill in everything or send at once add nobody,
// and one address does not flood the queue.
func TestJoinPage(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f, later := intakeFace(t, w)
		shy := f.stranger()
		address := "/join/" + Service
		form := shy.page(address)
		shy.says(form, "Haluan mukaan", "Talo", "9.3.2026")
		if strings.Contains(text(form), "Valmennus") {
			t.Error("the page names the service")
		}
		id, made := hidden(t, form, "id"), hidden(t, form, "made")
		send := func(extra ...string) (int, string) {
			return shy.post(address, append([]string{"id", id, "made", made, "name", "Anna", "phone", "040 123 4567", "best", "aamulla"}, extra...)...)
		}
		if status, body := send(); status != 422 || !strings.Contains(text(body), "Odota hetki") {
			t.Errorf("at once: %d", status)
		}
		later(5 * time.Second)
		if status, _ := send("website", "https://spam.example"); status != 200 {
			t.Errorf("a program: %d", status)
		}
		if status, _ := shy.post(address, "id", id, "made", "1."+made[2:], "name", "Anna", "phone", "040 123 4567"); status != 422 {
			t.Errorf("a form that we did not make: %d", status)
		}
		if status, _ := shy.post(address, "id", id, "made", made, "name", "Anna", "phone", "12"); status != 422 {
			t.Errorf("a number that is none: %d", status)
		}
		_, body := send()
		shy.says(body, "Kiitos", "9.3.2026")
		send() // pressed twice
		mia := f.as(Mia, "mia")
		queue := mia.page("/queue")
		if n := len(referralAt.FindAllString(queue, -1)); n != 1 {
			t.Fatalf("%d in the queue", n)
		}
		mia.says(mia.page(found(t, referralAt, queue)), "Anna", "Asiakas itse", "aamulla", "040 123 4567")
		for range 10 {
			send()
		}
		if status, _ := send(); status != 503 {
			t.Errorf("a flood is answered %d", status)
		}
	})
}

// What was promised and not kept stands in the owner's morning and on the coordinator's list; whoever works in another
// register sees nothing of it.
func TestQueueReachesTheMorning(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f, later := intakeFace(t, w)
		mia := f.as(Mia, "mia")
		r := found(t, referralAt, mia.must("/queue/new", "service", Service, "source", "school", "first", "Anna", "last", "Aalto", "sender", "Olli Opo"))
		later(10 * 24 * time.Hour)
		mia, joni, essi := f.as(Mia, "mia"), f.as(Joni, "joni"), f.as(Essi, "essi")
		joni.says(joni.page("/today"), "Anna Aalto")
		joni.says(joni.page("/hanging"), "Anna Aalto")
		if strings.Contains(mia.page("/today"), "Anna Aalto") {
			t.Error("whoever does not answer for her is told")
		}
		if status, _ := essi.get(r); status != 404 {
			t.Errorf("another register: %d", status)
		}
		mia.must(r+"/decline", "reason", "full", "answer", "")
		if status, body := mia.post(r+"/take", "x", "1"); status != 410 {
			t.Errorf("after its end: %d %s", status, text(body))
		}
	})
}
