package web_test

import (
	"context"
	"encoding/json"
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"

	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/hetu"
	"polku/internal/oidc"
	. "polku/internal/polkutest"
	"polku/internal/portal"
)

const goodPIN = "274951"

var linkForm = regexp.MustCompile(`/p/i/[0-9a-z]{4}(-[0-9a-z]{4}){3}`)

// invite lets Mia make a link with an agreed PIN and gives its path.
func (f *face) invite(client string, form ...string) string {
	f.t.Helper()
	page := f.must("/c/"+client+"/portal", form...)
	link := linkForm.FindString(page)
	if link == "" || !strings.Contains(page, "<path") {
		f.t.Fatalf("no link and code on the page:\n%s", text(page))
	}
	return link
}

// enters opens a link with a PIN in a browser of their own, and ends on today.
func (f *face) enters(link, pin string) *face {
	f.t.Helper()
	p := f.browser()
	p.says(p.page(link), "Hei!", "Sinun numerosi")
	p.says(p.must("/p/open", "token", strings.TrimPrefix(link, "/p/i/"), "pin", pin), "Tänään", "Poistu")
	return p
}

func TestParticipantComesInByLinkAndPIN(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		mia := f.as(Mia, "mia")
		link := mia.invite(id, "how", "agree", "pin", goodPIN)
		if strings.Contains(link, id) {
			t.Error("the link names the client")
		}
		front := f.browser().page(link)
		for _, word := range []string{"Aino", "Virtanen", "Polku", "Valmennus", "Testilä", "Mia"} {
			if strings.Contains(text(front), word) {
				t.Errorf("the first page tells %q to whoever holds the link", word)
			}
		}
		// Read out and typed: capitals and blanks make no difference.
		aino := f.enters(link[:5]+strings.ReplaceAll(strings.ToUpper(link[5:]), "-", ""), goodPIN)
		aino.says(aino.page("/p/today"), "Hei Aino!", "Mia Mallikas", "Vie asiaasi eteenpäin")
		if strings.Contains(text(aino.page("/p/today")), "Sovi tapaaminen") {
			t.Error("the PIN alone shows a worker's own step in words")
		}
		if n := rows(t, w, id); n == 0 {
			t.Error("a participant's read is not logged")
		}
		var who string
		if err := w.Log.Pool().QueryRow(`select worker_id from use_log where screen = 'GET /p/today' limit 1`).Scan(&who); err != nil || who != "participant" {
			t.Error("the read is not logged as theirs:", who, err)
		}
		// The link is used up: the same words as for a link that never was.
		for _, token := range []string{strings.TrimPrefix(link, "/p/i/"), strings.Repeat("x", 43), "x", "", "abcd-efgh-jkmn-pqrs"} {
			status, body := f.browser().post("/p/open", "token", token, "pin", goodPIN)
			if status != 403 || !strings.Contains(text(body), "Numero tai linkki ei kelpaa") {
				t.Errorf("%d %s", status, text(body))
			}
		}
		// Out, and in again with the PIN alone.
		aino.says(aino.must("/p/sign-out"), "Olet poistunut", "Sinun numerosi")
		if status, body := aino.get("/p/today"); status != 200 || !strings.Contains(body, "/p/sign-in") {
			t.Error("signed out, today is still shown:", status)
		}
		aino.says(aino.must("/p/sign-in", "pin", goodPIN), "Hei Aino!")
		// Signing out for good forgets the device.
		aino.says(aino.must("/p/sign-out", "forget", "1"), "Pyydä työntekijältäsi linkki")
		if status, _ := aino.post("/p/sign-in", "pin", goodPIN); status != 403 {
			t.Error("a forgotten device comes in with the PIN:", status)
		}
	})
}

func TestParticipantChoosesTheirPIN(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		mia := f.as(Mia, "mia")
		link := mia.invite(id, "how", "choose")
		p := f.browser()
		p.says(p.page(link), "Valitse oma numero")
		token := strings.TrimPrefix(link, "/p/i/")
		for form, want := range map[[2]string]string{{"123456", "123456"}: "liian helppo", {"12345", "12345"}: "6–12 numeroa", {"27x951", "27x951"}: "6–12 numeroa",
			{"121212", "121212"}: "liian helppo", {goodPIN, "274952"}: "eivät ole samat"} {
			if status, body := p.post("/p/open", "token", token, "pin", form[0], "again", form[1]); status != 422 || !strings.Contains(text(body), want) {
				t.Errorf("%v: %d %s", form, status, text(body))
			}
		}
		p.says(p.must("/p/open", "token", token, "pin", "274 951", "again", goodPIN), "Hei Aino!")
		p.must("/p/sign-out")
		p.says(p.must("/p/sign-in", "pin", goodPIN), "Hei Aino!")
		// A link with which the PIN is chosen lives an hour.
		link = mia.invite(id, "how", "choose")
		w.DB.Now = func() time.Time { return Noon.Add(61 * time.Minute) }
		if status, _ := f.browser().post("/p/open", "token", strings.TrimPrefix(link, "/p/i/"), "pin", "385062", "again", "385062"); status != 403 {
			t.Error("an old link still lets a PIN be chosen:", status)
		}
	})
}

func TestFiveWrongPINsLockAndTheWorkerOpens(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		mia := f.as(Mia, "mia")
		aino := f.enters(mia.invite(id, "how", "agree", "pin", goodPIN), goodPIN)
		other := f.enters(mia.invite(id, "how", "keep"), goodPIN)
		aino.must("/p/sign-out")
		for i, from := range []*face{aino, other, aino, other, aino} { // whatever device they come from
			status, body := from.post("/p/sign-in", "pin", "999000")
			want := "Numero tai linkki ei kelpaa"
			if i == 4 {
				want = "Sivu on lukossa"
			}
			if status != 403 || !strings.Contains(text(body), want) {
				t.Fatalf("try %d: %d %s", i, status, text(body))
			}
		}
		if _, body := aino.post("/p/sign-in", "pin", goodPIN); !strings.Contains(text(body), "Sivu on lukossa") {
			t.Fatal("locked, the right PIN still opens")
		}
		mia.says(mia.page("/c/"+id+"/portal"), "Lukossa", "väärin viisi kertaa")
		mia.must("/c/"+id+"/portal/pin", "do", "same")
		aino.says(aino.must("/p/sign-in", "pin", goodPIN), "Hei Aino!")
		// A new PIN ends what the old one opened; ending the devices ends the rest.
		mia.must("/c/"+id+"/portal/pin", "do", "new", "pin", "606172")
		if _, body := aino.get("/p/today"); !strings.Contains(body, "/p/sign-in") {
			t.Error("a session of the old PIN goes on")
		}
		aino.must("/p/sign-in", "pin", "606172")
		mia.must("/c/" + id + "/portal/devices")
		if _, body := aino.get("/p/today"); !strings.Contains(text(body), "Pyydä työntekijältäsi linkki") {
			t.Error("an ended device still has a page")
		}
		last := f.enters(mia.invite(id, "how", "keep"), "606172")
		mia.must("/c/" + id + "/portal/close")
		if _, body := last.get("/p/today"); strings.Contains(text(body), "Hei Aino") {
			t.Error("closed, the page is still shown")
		}
		var log string
		for _, what := range []string{"portal.invite", "portal.in", "portal.wrong", "portal.pin", "portal.devices", "portal.close"} {
			if err := w.DB.Pool().QueryRow(`select what from command_log where client_id = $1 and what = $2 limit 1`, id, what).Scan(&log); err != nil {
				t.Errorf("%s left no row: %v", what, err)
			}
		}
	})
}

// A worker's session opens nothing of a participant's, and a participant's nothing of a worker's; whose ids are sent
// makes no difference.
func TestFacesAndPeopleAreApart(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		other, _ := f.Client(t, "Korhonen", "Eero")
		mia := f.as(Mia, "mia")
		aino := f.enters(mia.invite(id, "how", "agree", "pin", goodPIN), goodPIN)
		eero := f.enters(mia.invite(other, "how", "agree", "pin", goodPIN), goodPIN)

		for _, path := range []string{"/c/" + id, "/today", "/clients", "/c/" + id + "/portal", "/settings", "/import"} {
			if _, body := aino.get(path); !strings.Contains(body, `action="/sign-in"`) {
				t.Errorf("a participant at %s is not sent to the workers' sign-in: %.200s", path, text(body))
			}
			if status, _ := aino.post(path); status != 401 && status != 405 {
				t.Errorf("a participant posts to %s: %d", path, status)
			}
		}
		for _, path := range []string{"/p/today", "/p/write", "/p/notes", "/p/me"} {
			if _, body := mia.get(path); !strings.Contains(text(body), "Pyydä työntekijältäsi linkki") {
				t.Errorf("a worker's session opens %s", path)
			}
		}
		// Another's draft, another's device.
		eero.must("/p/write", "do", "keep", "text", "Eeron oma salaisuus")
		draft := regexp.MustCompile(`/p/write/([0-9a-f-]{36})`).FindStringSubmatch(eero.page("/p/write"))[1]
		if status, body := aino.get("/p/write/" + draft); status != 404 || strings.Contains(body, "Eeron") {
			t.Error("another's draft:", status)
		}
		for _, path := range []string{"/p/write/" + draft + "/delete"} {
			if status, _ := aino.post(path); status != 404 {
				t.Error(path, status)
			}
		}
		if status, _ := aino.post("/p/write", "draft", draft, "do", "keep", "text", "yliajo"); status != 404 {
			t.Error("another's draft is written over:", status)
		}
		if status, _ := aino.post("/p/write", "draft", draft, "do", "send", "text", "yliajo"); status != 404 {
			t.Error("another's draft is sent:", status)
		}
		device := regexp.MustCompile(`name="device" value="([0-9a-f-]{36})"`).FindStringSubmatch(eero.page("/p/me"))[1]
		if status, _ := aino.post("/p/me/device", "device", device); status != 404 {
			t.Error("another's device is ended:", status)
		}
		eero.says(eero.page("/p/write/"+draft), "Eeron oma salaisuus")
		// Ids in the address change nothing on pages that take none.
		aino.says(aino.page("/p/today?id="+other+"&client="+other), "Hei Aino!")
		// Essi does not see Aino, and so neither her access.
		essi := f.as(Essi, "essi")
		for _, path := range []string{"", "/pin", "/devices", "/close"} {
			if status, _ := essi.post("/c/"+id+"/portal"+path, "how", "choose", "do", "same"); status != 404 {
				t.Errorf("another register's worker at the access%s: %d", path, status)
			}
		}
	})
}

func TestOwnWritingIsOwnUntilItIsSent(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		mia := f.as(Mia, "mia")
		aino := f.enters(mia.invite(id, "how", "agree", "pin", goodPIN), goodPIN)
		if status, body := aino.post("/p/write", "do", "keep", "text", " "); status != 422 || !strings.Contains(text(body), "Kirjoita ensin jotakin") {
			t.Error(status)
		}
		aino.says(aino.must("/p/write", "do", "keep", "text", "Kukaan ei saa nähdä tätä"), "Vain sinä näet sen", "Kukaan ei saa nähdä tätä")
		if strings.Contains(mia.page("/c/"+id), "Kukaan ei saa") {
			t.Fatal("a worker sees a draft")
		}
		draft := regexp.MustCompile(`/p/write/([0-9a-f-]{36})`).FindStringSubmatch(aino.page("/p/write"))[1]
		aino.says(aino.must("/p/write", "draft", draft, "do", "send", "text", "Haluaisin puhua opinnoista"), "Teksti on lähetetty", "Haluaisin puhua opinnoista")
		if strings.Contains(aino.page("/p/write"), "/p/write/"+draft) {
			t.Error("what was sent is a draft still")
		}
		page := mia.page("/c/" + id)
		mia.says(page, "Haluaisin puhua opinnoista", "Asiakas itse", "Lue asiakkaan viesti ja vastaa")
		mia.says(mia.page("/today"), "Lue asiakkaan viesti ja vastaa")
		if strings.Contains(page, "Tekstikorjaus") || regexp.MustCompile(`(?s)Haluaisin puhua opinnoista.{0,300}corrects=`).MatchString(page) {
			t.Error("a worker may write over a participant's words")
		}
		// A second text asks for no second answer.
		aino.must("/p/write", "do", "send", "text", "Ja vielä toinen asia")
		if n := strings.Count(text(mia.page("/c/"+id)), "Lue asiakkaan viesti ja vastaa"); n > 2 { // the next step, and the journal's line
			t.Error("a second task was made:", n)
		}
		// Kept and deleted for good.
		aino.must("/p/write", "do", "keep", "text", "Poistetaan")
		draft = regexp.MustCompile(`/p/write/([0-9a-f-]{36})`).FindStringSubmatch(aino.page("/p/write"))[1]
		aino.must("/p/write/" + draft + "/delete")
		var n int
		if err := w.DB.Pool().QueryRow(`select count(*) from portal_draft`).Scan(&n); err != nil || n != 0 {
			t.Error(n, err)
		}
		// A session that ended while writing: the words are kept through the PIN.
		w.DB.Now = func() time.Time { return Noon.Add(40 * time.Minute) }
		status, body := aino.post("/p/write", "do", "send", "text", "Pitkä tärkeä teksti")
		if status != 401 || !strings.Contains(body, "Pitkä tärkeä teksti") || !strings.Contains(body, "/p/sign-in") {
			t.Fatal(status, text(body))
		}
		aino.says(aino.must("/p/sign-in", "pin", goodPIN, "text", "Pitkä tärkeä teksti", "draft", ""), "Pitkä tärkeä teksti")
	})
}

// person is somebody at a real identity provider of the test.
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

// strong gives the site an identity provider.
func (f *face) strong() *mockoidc.MockOIDC {
	f.t.Helper()
	server, err := mockoidc.Run()
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { server.Shutdown() })
	p, err := oidc.New(oidc.Config{Issuer: server.Issuer(), ClientID: server.ClientID, Secret: server.ClientSecret, Redirect: f.url + "/p/strong/back"})
	if err != nil {
		f.t.Fatal(err)
	}
	f.portal.Strong = &portal.Strong{Provider: p}
	return server
}

func TestStrongIdentificationOpensTheRecord(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		code := madeCode(t, "020281-933")
		if err := f.Update(Mia, func(tx *db.Tx) error { return client.AddCode(tx, f.Keys, id, code) }); err != nil {
			t.Fatal(err)
		}
		mia := f.as(Mia, "mia")
		mia.must("/c/"+id+"/record", "what", "meeting", "result", "held", "minutes", "45", "text", "Juttelimme opinnoista", "step", "keep")
		aino := f.enters(mia.invite(id, "how", "agree", "pin", goodPIN), goodPIN)

		// Without an identification: kindly to the worker.
		aino.says(aino.page("/p/notes"), "Katsotaan yhdessä", "Mia Mallikas")
		server := f.strong()
		aino.says(aino.page("/p/plan"), "Tunnistaudu", "pankkitunnukset")

		now := time.Now().Unix()
		good := "http://ftn.ficora.fi/2017/loa2"
		for name, c := range map[string]struct {
			who  person
			want string
		}{
			"somebody else":        {person{"acr": good, "auth_time": now, portal.DefaultClaim: string(madeCode(t, "010190-921"))}, "ei sovi tähän sivuun"},
			"a light one":          {person{"acr": "http://eidas.europa.eu/LoA/low", "auth_time": now, portal.DefaultClaim: string(code)}, "liian kevyt"},
			"no level":             {person{"auth_time": now, portal.DefaultClaim: string(code)}, "liian kevyt"},
			"no code":              {person{"acr": good, "auth_time": now}, "liian kevyt"},
			"proved long ago":      {person{"acr": good, "auth_time": now - 9000, portal.DefaultClaim: string(code)}, "liian kevyt"},
			"a code that is wrong": {person{"acr": good, "auth_time": now, portal.DefaultClaim: "020281-933X"}, "liian kevyt"},
		} {
			c.who["sub"] = "s-1"
			server.QueueUser(c.who)
			if status, body := aino.get("/p/strong/go"); status != 403 || !strings.Contains(text(body), c.want) {
				t.Errorf("%s: %d %s", name, status, text(body))
			}
			if _, body := aino.get("/p/notes"); strings.Contains(body, "Juttelimme") {
				t.Fatalf("%s opens the record", name)
			}
		}
		server.QueueUser(person{"sub": "s-1", "acr": good, "auth_time": now, portal.DefaultClaim: string(code)})
		aino.says(aino.page("/p/strong/go"), "Juttelimme opinnoista", "Mia Mallikas")
		aino.says(aino.page("/p/plan"), "Sovi tapaaminen")
		aino.says(aino.page("/p/log"), "Mia Mallikas", "Asiakas itse")
		// The answer works once, and only for whoever began.
		if status, _ := aino.get("/p/strong/back?code=x&state=y"); status != 422 {
			t.Error("an answer nobody waits for:", status)
		}
		// It is over in half an hour, though the session goes on.
		w.DB.Now = func() time.Time { return Noon.Add(20 * time.Minute) }
		aino.page("/p/notes")
		w.DB.Now = func() time.Time { return Noon.Add(31 * time.Minute) }
		if body := aino.page("/p/notes"); strings.Contains(body, "Juttelimme") || !strings.Contains(text(body), "Tunnistaudu") {
			t.Error("strong for ever")
		}
		for table, column := range map[string]string{"portal_session": "coalesce(pending, '')", "command_log": "what", "portal_device": "agent"} {
			var found int
			if err := w.DB.Pool().QueryRow(`select count(*) from ` + table + ` where ` + column + ` like '%020281%'`).Scan(&found); err != nil || found > 0 {
				t.Errorf("%s keeps the identity code: %d %v", table, found, err)
			}
		}
		if strings.Contains(f.logs.String(), "020281") {
			t.Error("an identity code stands in the log")
		}
	})
}

// madeCode completes an identity code of nobody's with its check character.
func madeCode(t *testing.T, ten string) hetu.Code {
	t.Helper()
	for _, c := range "0123456789ABCDEFHJKLMNPRSTUVWXY" {
		if code, err := hetu.Parse(ten + string(c)); err == nil {
			return code
		}
	}
	t.Fatal("no check character fits", ten)
	return ""
}

func TestShownFaceToFace(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		mia := f.as(Mia, "mia")
		mia.must("/c/"+id+"/record", "what", "meeting", "result", "held", "minutes", "45", "text", "Juttelimme opinnoista", "step", "keep")
		if status, body := mia.post("/c/"+id+"/show", "purpose", ""); status != 422 || !strings.Contains(text(body), "Valitse, mitä näytetään") || !strings.Contains(text(body), "Kirjoita, miksi") {
			t.Error(status, text(body))
		}
		page := mia.must("/c/"+id+"/show", "notes", "1", "plan", "1", "purpose", "Asiakas pyysi")
		mia.says(page, "Aino Virtanen", "Juttelimme opinnoista", "Sovi tapaaminen")
		if strings.Contains(page, "/clients") {
			t.Error("the client is shown ways to other clients")
		}
		var basis, what, purpose string
		if err := w.DB.Pool().QueryRow(`select basis, what, purpose from disclosure_log where client_id = $1`, id).Scan(&basis, &what, &purpose); err != nil ||
			basis != "client" || what != "notes,plan" || purpose != "Asiakas pyysi" {
			t.Error(basis, what, purpose, err)
		}
		if essi := f.as(Essi, "essi"); true {
			if status, _ := essi.post("/c/"+id+"/show", "notes", "1", "purpose", "uteliaisuus"); status != 404 {
				t.Error("another register's worker shows:", status)
			}
		}
	})
}

// A hundred guesses at once are five.
func TestGuessesAtOnceAreCounted(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		mia := f.as(Mia, "mia")
		token := strings.TrimPrefix(mia.invite(id, "how", "agree", "pin", goodPIN), "/p/i/")
		done := make(chan error, 12)
		for i := range 12 {
			go func() {
				_, err := f.portal.Open(context.Background(), token, "99900"+string(rune('0'+i%10)), "", "", "192.0.2.1")
				done <- err
			}()
		}
		for range 12 {
			if err := <-done; err == nil {
				t.Error("a wrong PIN opened")
			}
		}
		if _, err := f.portal.Open(context.Background(), token, goodPIN, "", "", "192.0.2.2"); err == nil || !strings.Contains(err.Error(), "portal.locked") {
			t.Error("after a dozen wrong guesses the right one opens:", err)
		}
	})
}
