package browsertest

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"

	"polku/internal/actor"
	"polku/internal/browser"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/demo"
	identity "polku/internal/hetu"
	"polku/internal/oidc"
	"polku/internal/portal"
)

// participantPages are the pages of somebody at their own page: see TestEveryPageOfAParticipant.
var participantPages = []string{"/p/today", "/p/write", "/p/write/DRAFT", "/p/messages", "/p/farewell", "/p/me", "/p/strong", "/p/notes", "/p/plan", "/p/days", "/p/services", "/p/log", "/p/log?all=1", "/p/i/LINK"}

const pin = "274951"

var linkPath = regexp.MustCompile(`/p/i/[0-9a-z]{4}(-[0-9a-z]{4}){3}`)

// invite lets a worker make a link in their own browser and gives its path.
func (s *site) invite(worker, client string, form ...string) string {
	s.t.Helper()
	link := linkPath.FindString(s.post(s.client(worker), "/c/"+client+"/portal", form...))
	if link == "" {
		s.t.Fatal("the page has no link")
	}
	return link
}

// The whole way in, on a phone without script: the worker makes a link and shows it, the young person opens it in a
// browser of their own, chooses a number, and stands on today. Later the number alone is enough.
func TestInvitation(t *testing.T) {
	onEach(t, []browser.View{browser.Phone, browser.Phone.WithoutScript()}, func(t *testing.T, s *site, view browser.View) {
		c := s.calm("oili", 0)
		worker := s.as(t, "oili", browser.Laptop)
		worker.Go(s.url + "/c/" + c.id + "/portal")
		worker.Follow("Tee linkki")
		worker.Has("svg.access__qr path", 1)
		worker.Sees("Linkki asiakkaalle")
		link := linkPath.FindString(worker.Text())
		if link == "" {
			t.Fatal("the link cannot be read out")
		}

		phone := browser.Open(t, view)
		phone.Go(s.url + link + "?lang=fi")
		phone.Sees("Valitse oma numero")
		for _, word := range []string{"Polku", "Kuusamo", c.first, c.last} {
			phone.Misses(word)
		}
		phone.Fits()
		phone.Fill("Uusi numero", pin)
		phone.Fill("Sama numero uudelleen", pin)
		phone.Click("Valmis")
		phone.Sees("Hei " + c.first + "!")
		phone.At("/p/today")
		phone.Fits()
		phone.Click("Kirjoita")
		phone.Fill("Oma tekstini", "Tänään oli parempi päivä.")
		phone.Click("Lähetä työntekijälle")
		phone.Sees("Teksti on lähetetty")
		worker.Go(s.url + "/c/" + c.id)
		worker.Sees("Tänään oli parempi päivä.")
		phone.Click("Poistu")
		phone.Sees("Olet poistunut sivulta.")
		phone.Fill("Sinun numerosi", pin)
		phone.Click("Jatka")
		phone.Sees("Hei " + c.first + "!")
	})
}

// Five wrong numbers lock the page, kindly; the worker sees it and opens it.
func TestLockedAndOpened(t *testing.T) {
	s := open(t)
	c := s.calm("oili", 0)
	link := s.invite("oili", c.id, "how", "agree", "pin", pin)
	phone := browser.Open(t, browser.Phone)
	phone.Allow("403")
	phone.Go(s.url + link + "?lang=fi")
	for n := range portal.TriesMost {
		phone.Fill("Sinun numerosi", "99900"+string(rune('0'+n)))
		phone.Follow("Jatka")
	}
	phone.Sees("Sivu on lukossa")
	worker := s.as(t, "oili", browser.Laptop)
	worker.Go(s.url + "/c/" + c.id + "/portal")
	worker.Sees("väärin viisi kertaa")
	worker.Accessible()
	worker.Follow("Avaa lukko entisellä tunnusluvulla")
	worker.Sees("Asiakas pääsee taas sivulleen.")
	phone.Fill("Sinun numerosi", pin)
	phone.Follow("Jatka")
	phone.Sees("Hei " + c.first + "!")
}

// After the first time with link and number, the phone's own lock opens the page: same level, nothing to remember. The
// participant and the worker can each take the key away; the number works on.
func TestParticipantsPasskey(t *testing.T) {
	s := open(t)
	c := s.calm("oili", 0)
	link := s.invite("oili", c.id, "how", "agree", "pin", pin)
	phone := browser.Open(t, browser.Phone)
	key := phone.AddKey()
	phone.Allow("403")
	phone.Go(s.named() + link + "?lang=fi")
	phone.Fill("Sinun numerosi", pin)
	phone.Follow("Jatka")
	phone.Go(s.named() + "/p/me")
	make := func() {
		phone.Follow("Ota käyttöön tällä laitteella")
		phone.Sees("Avain on valmis")
	}
	make()
	phone.Sees("lisätty")
	phone.Accessible()
	phone.Fits()
	out := func() {
		phone.Follow("Poistu ja unohda laite")
		phone.Sees("Tämä laite ei ole vielä tuttu")
	}
	out()
	key.Lock(true)
	phone.Click("Avaa ilman numeroa")
	phone.Sees("Avaaminen ei onnistunut")
	key.Lock(false)
	phone.Follow("Avaa ilman numeroa")
	phone.Sees("Hei " + c.first + "!")
	phone.Go(s.named() + "/p/notes") // the key opens no more than the number
	phone.At("/p/strong")
	phone.Go(s.named() + "/p/me")
	phone.Sees("käytetty")
	phone.ClickAt(`button[name="passkey"]`)
	phone.Sees("Avain on poistettu")
	make()
	out()
	worker := s.as(t, "oili", browser.Laptop)
	worker.Go(s.url + "/c/" + c.id + "/portal")
	worker.Sees("Pääsyavaimet")
	worker.Accessible()
	worker.ClickAt(`button[name="passkey"]`)
	worker.Sees("Pääsyavain on poistettu")
	phone.Follow("Avaa ilman numeroa")
	phone.Sees("Tällä avaimella sivu ei aukea")

	tab := browser.Open(t, browser.Laptop) // a worker's passkey is no participant's
	tab.AddKey()
	tab.Allow("403")
	tab.Go(s.named() + "/sign-in")
	s.choose(tab, "oili")
	tab.Go(s.named() + "/settings/sign-in")
	tab.Follow("Lisää pääsyavain tälle laitteelle")
	tab.Go(s.named() + "/p/?lang=fi")
	tab.Follow("Avaa ilman numeroa")
	tab.Sees("Tällä avaimella sivu ei aukea")
}

// person is somebody at the identity provider of the test.
type person map[string]any

func (p person) ID() string { return p["sub"].(string) }
func (p person) Claims(_ []string, base *mockoidc.IDTokenClaims) (jwt.Claims, error) {
	claims := jwt.MapClaims{"iss": base.Issuer, "aud": base.Audience, "exp": base.ExpiresAt, "iat": base.IssuedAt, "nonce": base.Nonce}
	maps.Copy(claims, p)
	return claims, nil
}
func (p person) Userinfo([]string) ([]byte, error) {
	return json.Marshal(map[string]any{"sub": p["sub"]})
}

// identified gives the site an identity provider at which a client proves who they are, strongly.
func (s *site) identified(id string) {
	s.t.Helper()
	server, err := mockoidc.Run()
	must(s.t, err)
	s.t.Cleanup(func() { must(s.t, server.Shutdown()) })
	p, err := oidc.New(oidc.Config{Issuer: server.Issuer(), ClientID: server.ClientID, Secret: server.ClientSecret, Redirect: s.url + "/p/strong/back"})
	must(s.t, err)
	s.portal.Strong = &portal.Strong{Provider: p}
	var code identity.Code
	must(s.t, s.w.DB.View(context.Background(), actor.System(demo.Tenant, actor.Checking, "test"), func(tx *db.Tx) error {
		code, err = client.Code(tx, s.keys, id)
		return err
	}))
	for range 3 {
		server.QueueUser(person{"sub": "s-1", "acr": "http://ftn.ficora.fi/2017/loa2", "auth_time": time.Now().Unix(), portal.DefaultClaim: string(code)})
	}
}

// The number opens the day; what has been written opens when the person has shown who they are, at a real provider.
func TestStepUp(t *testing.T) {
	s := open(t)
	c := s.calm("oili", 0)
	s.post(s.client("oili"), "/c/"+c.id+"/record", "what", "meeting", "result", "held", "minutes", "45", "text", "Juttelimme kalastuksesta.", "step", "keep")
	link := s.invite("oili", c.id, "how", "agree", "pin", pin)
	phone := browser.Open(t, browser.Phone)
	phone.Go(s.url + link + "?lang=fi")
	phone.Fill("Sinun numerosi", pin)
	phone.Follow("Jatka")
	phone.Go(s.url + "/p/notes")
	phone.Sees("Katsotaan yhdessä")
	phone.Misses("Tunnistaudu")
	s.identified(c.id)
	phone.Reload()
	phone.Follow("Tunnistaudu")
	phone.Sees("Juttelimme kalastuksesta.")
	phone.Follow("Suunnitelma")
	phone.Fits()
}

// Every page of a participant on every screen and in every set of colours, and the two pages that workers get as the
// answer to a form.
func TestEveryPageOfAParticipant(t *testing.T) {
	s := open(t)
	c := s.calm("oili", 0)
	jar, err := cookiejar.New(nil)
	must(t, err)
	link := s.invite("oili", c.id, "how", "agree", "pin", pin)
	s.post(&http.Client{Jar: jar}, "/p/open", "token", strings.TrimPrefix(link, "/p/i/"), "pin", pin)
	tab := browser.Open(t, browser.Laptop)
	tab.Go(s.url + s.invite("oili", c.id, "how", "keep") + "?lang=fi")
	tab.Fill("Sinun numerosi", pin)
	tab.Follow("Jatka")
	s.post(&http.Client{Jar: jar}, "/p/write", "do", "keep", "text", "Ihan oma ajatus")
	s.post(&http.Client{Jar: jar}, "/p/write", "do", "send", "text", "Terveisiä")
	var draft string
	s.one(&draft, `select draft_id from portal_draft limit 1`)
	s.identified(c.id)
	fill := strings.NewReplacer("DRAFT", draft, "LINK", strings.TrimPrefix(s.invite("oili", c.id, "how", "choose"), "/p/i/"))
	tab.Go(s.url + "/p/strong")
	sweep(t, tab, "/p/strong")
	tab.Follow("Tunnistaudu")
	for _, page := range participantPages {
		tab.Go(s.url + fill.Replace(page))
		sweep(t, tab, page)
		if bytes := s.weigh(t, tab); bytes > ownViewMost {
			t.Errorf("%s: the first view is %d bytes", page, bytes)
		}
	}
	worker := s.as(t, "oili", browser.Laptop)
	worker.Go(s.url + "/c/" + c.id + "/portal")
	sweep(t, worker, "the access")
	worker.Follow("Tee linkki")
	sweep(t, worker, "the link")
	worker.Go(s.url + "/c/" + c.id + "/show")
	worker.Fill("Miksi", "Asiakas pyysi")
	worker.Follow("Näytä")
	sweep(t, worker, "shown to the client")
}

// ownViewMost is what the first view of a participant's page may weigh, compressed, style and icon included.
const ownViewMost = 100 << 10

// weigh gives the compressed size of the page in a tab, with its parts.
func (s *site) weigh(t *testing.T, tab *browser.Tab) int {
	s.t.Helper()
	page := tab.HTML()
	bytes := zipped(t, page)
	for _, m := range regexp.MustCompile(`(?:href|src)="(/asset/[^"]*)"`).FindAllStringSubmatch(page, -1) {
		bytes += zipped(t, s.get(http.DefaultClient, m[1]))
	}
	for _, m := range regexp.MustCompile(`<script src="([^"?]*)`).FindAllStringSubmatch(page, -1) {
		if m[1] != "/asset/own.js" {
			s.t.Error("a participant's page has other script than that of passkeys:", m[1])
		}
	}
	return bytes
}
