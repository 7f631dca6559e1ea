package web_test

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"polku/internal/oidc"
	. "polku/internal/polkutest"
	"polku/internal/portal"
	"polku/internal/web"
)

// When the organisation's sign-in or the strong identification is down (its port closed, or open and silent), whoever
// asks for it is told so in words and soon, the other ways in stand beside, and the work of who is in goes on.
func TestTheSignInElsewhereIsDown(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	for what, issuer := range map[string]string{"closed": "http://127.0.0.1:1", "silent": "http://" + silent.Addr().String()} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			p, err := oidc.New(oidc.Config{Issuer: issuer, ClientID: "polku", Secret: "s", Redirect: "http://127.0.0.1/sign-in/back"})
			if err != nil {
				t.Fatal(err)
			}
			f := open(t, New(t, t.TempDir()), func(c *web.Config) { c.Login.Provider = p })
			f.portal.Strong = &portal.Strong{Provider: p}
			id, _ := f.Client(t, "Virtanen", "Aino")
			mia := f.as(Mia, "mia")
			soon := func(g *face, path string, words ...string) {
				t.Helper()
				begun := time.Now()
				status, body := g.get(path)
				if took := time.Since(begun); status != http.StatusServiceUnavailable || took > 15*time.Second {
					t.Errorf("%s: %d after %v", path, status, took)
				}
				g.says(body, words...)
			}
			soon(f.browser(), "/sign-in/provider?next=/today", "Käyttäjätunnus", "Salasana")
			mine := f.enters(mia.invite(id, "how", "agree", "pin", goodPIN), goodPIN)
			soon(mine, "/p/strong/go", "Katsotaan yhdessä")
			mine.says(mine.page("/p/today"), "Hei Aino")
			if page := mia.must("/c/"+id+"/record", "what", "call", "result", "held", "minutes", "5", "text", "Työ jatkuu.", "step", "keep"); !strings.Contains(page, "Työ jatkuu.") {
				t.Error("the work does not go on")
			}
			again := f.as(Joni, "joni") // by password
			again.page("/today")
		})
	}
}
