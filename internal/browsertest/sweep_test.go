package browsertest

import (
	"bytes"
	"compress/gzip"
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"polku/internal/browser"
)

// narrow is the width at which WCAG 1.4.10 asks that nothing scrolls sideways: a laptop at 400 %.
var narrow = browser.View{Name: "narrow", Width: 320, Height: 640, Touch: true}

// pages are the pages of the program with data, and who looks at them.
func (s *site) pages() map[string][]string {
	s.t.Helper()
	c := s.calm("oili", 0)
	paused := s.calm("oili", 2).id
	s.post(s.client("oili"), "/c/"+paused+"/pause", "why", "Leikkaus", "check", "2026-04-01")
	s.post(s.client("oili"), "/phrases", "name", "Kuulumiset", "text", "Soitin ja kysyin kuulumiset.")
	var closed, handoff, model, phrase string
	s.one(&phrase, `select phrase_id from phrase where tenant_id = 1 order by phrase_id limit 1`)
	s.one(&closed, `select client_id from standing where tenant_id = 1 and status = 'closed' and unit_id = 'kuusamo' order by client_id limit 1`)
	s.one(&handoff, `select h.handoff_id from handoff h join standing s on s.tenant_id = h.tenant_id and s.path_id = h.path_id
		where h.tenant_id = 1 and h.step = 'offered' and s.unit_id = 'kuusamo' order by h.handoff_id limit 1`)
	s.one(&model, `select model || '/' || version from service where tenant_id = 1 and unit_id = 'kuusamo'`)
	// In Laura's unit each sees their own clients only, and one of Mikko's stands behind a wall. It was opened once.
	var unit, behind, opened, register string
	s.one(&unit, `select unit_id from standing where tenant_id = 1 and responsible = '`+s.worker("mikko")+`' limit 1`)
	s.one(&behind, `select min(client_id) from standing where tenant_id = 1 and status = 'open' and responsible = '`+s.worker("mikko")+`'`)
	s.one(&opened, `select max(client_id) from standing where tenant_id = 1 and status = 'open' and responsible = '`+s.worker("mikko")+`'`)
	s.one(&register, `select register_id from standing where tenant_id = 1 and client_id = '`+c.id+`' limit 1`)
	s.post(s.client("aila"), "/services/team", "unit", unit, "together", "false")
	s.post(s.client("laura"), "/c/"+opened+"/emergency", "why", "Asiakas on aulassa hädissään eikä Mikko vastaa.")
	s.post(s.client("oili"), "/c/"+c.id+"/consent", "kind", "consent", "receiver_name", "Testilän terveysasema", "scope", "contact", "scope", "plan",
		"purpose", "yhteinen suunnittelu", "given_by", "client", "way", "face", "told", "kenelle, mitä ja miten sen voi perua")
	s.post(s.client("oili"), "/c/"+c.id+"/close-person", "kind", "support", "name", "Tuija Tuttu", "may_see", "1", "why", "asiakkaan oma toive")
	var asked, listing string
	s.one(&listing, `select min(listing_id) from directory where tenant_id = 1 and municipalities = 'Kuusamo'`)
	s.post(s.client("oili"), "/c/"+c.id+"/requests", "kind", "log", "what", "Kuka on katsonut tietojani?", "way", "face", "came", "2026-03-01")
	s.one(&asked, `select petition_id from petition where tenant_id = 1 order by petition_id limit 1`)
	activity := s.calm("hannu", 0).id // rehabilitative work activity, with a period of the demo's
	var from, to, transfer, moving string
	s.one(&from, `select service_id from service where tenant_id = 1 and unit_id = 'kuusamo'`)
	s.one(&to, `select service_id from service where tenant_id = 1 and unit_id = 'pohjanmaa' and ended is null`)
	s.post(s.client("satu"), "/transfers", "from", from, "to", to, "why", "Toiminta vakiintuu", "statute", "")
	s.one(&transfer, `select transfer_id from transfer where tenant_id = 1`)
	s.one(&moving, `select min(x.path_id) from transfer_row x where x.tenant_id = 1 and x.state = 'open'`)
	paper := s.addFile(c)
	s.post(s.client("oili"), "/c/"+c.id+"/meetings", "day", "2026-03-11", "time", "9.00", "minutes", "60", "form", "meeting", "what", "Tapaaminen")
	s.post(s.client("oili"), "/leave", "from", "2026-06-01", "to", "2026-06-05", "stand_in", s.worker("veikko"))
	var task, leave string
	s.one(&task, `select task_id from task where tenant_id = 1 and client_id = '`+c.id+`' and form <> '' order by task_id limit 1`)
	s.one(&leave, `select leave_id from leave where tenant_id = 1 and worker_id = '`+s.worker("oili")+`' order by leave_id limit 1`)
	// Somebody who waits, with a link of a partner and an invitation.
	var waiting, ended string
	s.one(&waiting, `select referral_id from referral where tenant_id = 1 and unit_id = 'kuusamo' and state = 'waiting' order by arrived_at limit 1`)
	s.one(&ended, `select referral_id from referral where tenant_id = 1 and unit_id = 'kuusamo' and state = 'declined' order by arrived_at limit 1`)
	send := s.secretOf("/queue/links", "service", s.kuusamo(), "organisation", "Testilän lukio", "source", "social-services", "standing", "1")
	meet := s.secretOf("/r/"+waiting+"/invite", "worker", s.worker("oili"), "form", "meeting", "place", "Talo", "minutes", "60", "extra_day", "2026-03-05",
		"extra_time", "9.15", "until", "2026-03-06", "remind", "2026-03-04")
	return map[string][]string{
		"hannu": {"/c/" + activity + "/work", "/c/" + activity + "/work/period", "/c/" + activity + "/work/week?week=2026-02-23", "/c/" + activity + "/work/facts", "/c/" + activity + "/work/incident"},
		"marja": {"/work-activity"},
		"oili": {"/c/" + c.id + "/files", "/c/" + c.id + "/files/" + paper + "/remove", "/c/" + c.id + "/withhold/" + paper, "/today", "/clients", "/clients?sort=name&who=team", "/day", "/find", "/c/" + c.id, "/c/" + c.id + "?strand=life", "/c/" + closed,
			"/c/" + c.id + "/record", "/c/" + c.id + "/edit", "/c/" + c.id + "/handover", "/c/" + c.id + "/exit", "/c/" + c.id + "/pause", "/c/" + paused + "/resume",
			"/c/" + closed + "/reopen", "/c/" + c.id + "/phase", "/h/" + handoff, "/new-client", "/models", "/models/" + model, "/settings", "/settings/sign-in", "/resets", "/phrases", "/phrases/" + phrase, "/help",
			"/queue", "/queue?signal=ended", "/queue/new", "/queue/links", "/queue/list", "/r/" + waiting, "/r/" + ended, "/r/" + waiting + "/start", "/r/" + waiting + "/invite",
			"/c/" + c.id + "/invite", "/import", "/sprint", "/c/" + c.id + "/walls", "/c/" + c.id + "/joint", "/c/" + c.id + "/portal", "/c/" + c.id + "/show", "/c/" + c.id + "/log",
			"/c/" + c.id + "/start", "/c/" + c.id + "/visit-note", "/c/" + c.id + "/credit", "/c/" + c.id + "/circle", "/c/" + c.id + "/passage", "/passages", "/follow-ups", "/follow-ups?who=team", "/c/" + closed + "/follow-up", "/c/" + closed + "/farewell", "/settings/languages",
			"/c/" + c.id + "/requests", "/c/" + c.id + "/rights", "/requests", "/requests/" + asked, "/logs/mine",
			"/c/" + c.id + "/plan", "/c/" + c.id + "/plan/sign", "/c/" + c.id + "/plan/version", "/c/" + c.id + "/plan/text", "/c/" + c.id + "/checkpoints", "/plan-actions",
			"/directory", "/directory?t=money&m=Kuusamo", "/directory/new", "/directory/" + listing, "/directory/" + listing + "/edit",
			"/c/" + c.id + "/services", "/c/" + c.id + "/services?guide=" + listing, "/c/" + c.id + "/card/" + listing,
			"/calendar", "/calendar?span=day&proposals=1", "/calendar/propose", "/calendar/hours", "/c/" + c.id + "/meetings", "/c/" + c.id + "/meeting?task=" + task, "/c/" + c.id + "/offers", "/offers", "/leave", "/leave/" + leave},
		"laura":  {"/c/" + behind + "/emergency"},
		"mikko":  {"/emergencies"},
		"riitta": {"/logs", "/breach"},
		"satu":   {"/today", "/hanging", "/promises", "/cover", "/approvals", "/retention", "/transfers", "/transfers/" + transfer, "/transfers/" + transfer + "/path/" + moving},
		"aila":   {"/users", "/users/new", "/users/" + s.worker("oili"), "/groups", "/services", "/rules", "/rules?show=unverified"},
		"":       {"/join/" + s.kuusamo() + "?lang=fi", send + "?lang=fi", "/answer?lang=fi", meet + "?lang=fi", "/sign-in?lang=fi", "/sign-in?password=1&lang=fi", "/reset?lang=fi", "/notices?lang=fi", "/notices/" + register + "?lang=fi", "/notices/" + register + "?easy=1&lang=fi"},
	}
}

// secretOf makes a link as Oili does and gives its path: the secret is shown once.
func (s *site) secretOf(page string, form ...string) string {
	s.t.Helper()
	values := url.Values{}
	for i := 0; i+1 < len(form); i += 2 {
		values.Set(form[i], form[i+1])
	}
	answer, err := s.client("oili").PostForm(s.url+page, values)
	must(s.t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	must(s.t, err)
	path := regexp.MustCompile(`/(send|meet)/[0-9a-z-]{19}`).FindString(string(body))
	if path == "" {
		s.t.Fatalf("no link was made at %s: %d", page, answer.StatusCode)
	}
	return path
}

// Every route that shows a page is among the pages of the sweep, so that none is forgotten.
func TestSweepIsWhole(t *testing.T) {
	s := open(t)
	table, err := os.ReadFile(filepath.Join("..", "web", "access.txt"))
	must(t, err)
	var all []string
	for _, list := range s.pages() {
		all = append(all, list...)
	}
	all = append(all, participantPages...) // TestEveryPageOfAParticipant
	// Pages that need a first start or a running import, and answers that are no pages.
	elsewhere := []string{"/c/{id}/log.pdf", "/c/{id}/files/{entry}", "/p/files/{entry}", "/requests/{id}/letter.pdf", "/c/{id}/work/steward.pdf", "/c/{id}/work/incident.pdf", "/p/{$}", "/p/strong/go", "/p/strong/back", "/{$}", "/first", "/health", "/ready",
		"/c/{id}/plan/print", "/c/{id}/plan/file",
		"/c/{id}/farewell.pdf", "/o/{token}", "/k/{token}",
		"/directory/export", "/directory-import/{id}",
		"/transfers/{id}/report.pdf", "/transfers/{id}/report.csv",
		"/import/{id}", "/live", "/sign-in/provider", "/sign-in/provider/back", "/sign-in/second",
		"/feed/{token}"}
	for _, line := range strings.Split(string(table), "\n") {
		route, is := strings.CutPrefix(line, "GET ")
		if !is {
			continue
		}
		route, _, _ = strings.Cut(route, " ")
		pattern := regexp.MustCompile("^" + regexp.MustCompile(`\\\{[a-z]+\\\}`).ReplaceAllString(regexp.QuoteMeta(route), "[^/?]+") + `(\?|$)`)
		found := false
		for _, page := range all {
			found = found || pattern.MatchString(page)
		}
		for _, e := range elsewhere {
			found = found || e == route
		}
		if !found {
			t.Errorf("GET %s is on no list of pages: add an address of it to pages()", route)
		}
	}
}

// Every page, on a laptop and a phone, in light, in dark and in forced colours: nothing offends axe, nothing sticks
// out, at 320 px neither, and the browser has nothing to complain about (content security policy included). A page is
// loaded once and looked at on screen after screen. All rules are tried on either width; those about colours again in
// every other set of colours, where nothing else can have changed.
func TestEveryPage(t *testing.T) {
	s := open(t)
	for who, list := range s.pages() {
		for part := range slices.Chunk(list, 6) {
			t.Run(who, func(t *testing.T) {
				t.Parallel()
				tab := browser.Open(t, browser.Laptop)
				if who != "" {
					tab.Go(s.url + "/sign-in")
					s.choose(tab, who)
				}
				for _, page := range part {
					tab.Go(s.url + page)
					sweep(t, tab, page)
				}
			})
		}
	}
}

// sweep looks at the page that is open on every screen, and leaves the tab a light laptop.
func sweep(t *testing.T, tab *browser.Tab, page string) {
	t.Helper()
	complain := func(where browser.View, violations []string) {
		for _, v := range violations {
			t.Errorf("%s (%s): %s", page, where.Name, v)
		}
	}
	tab.Has("h1", 1)
	for _, screen := range []browser.View{browser.Phone, browser.Laptop} {
		for _, view := range []browser.View{screen.InForcedColours(), screen.InDark()} {
			tab.Become(view)
			complain(view, tab.ColourViolations())
		}
		tab.Become(screen)
		tab.Fits()
		complain(screen, tab.Violations())
	}
	tab.Become(narrow)
	tab.Fits()
	tab.Become(browser.Laptop)
}

// In forced colours what is chosen can be told from what is not.
func TestForcedColours(t *testing.T) {
	s := open(t)
	c := s.calm("oili", 0)
	tab := s.as(t, "oili", browser.Laptop.InForcedColours())
	for _, page := range []string{"/settings", "/c/" + c.id + "/record"} {
		tab.Go(s.url + page)
		tab.Waits("what is chosen differs from what is not", `(e => getComputedStyle(e.nextElementSibling).backgroundColor !== getComputedStyle(document.querySelector(".chip input:not(:checked)").nextElementSibling).backgroundColor || getComputedStyle(e.nextElementSibling, "::before").content !== "none")(document.querySelector(".chip input:checked"))`)
	}
}

var (
	link    = regexp.MustCompile(`(?:href|src|action)="([^"]*)"`)
	title   = regexp.MustCompile(`<title>([^<]*)</title>`)
	markup  = regexp.MustCompile(`(?s)<(script|style|datalist).*?</(script|style|datalist)>|<[^>]*>`)
	rawKey  = regexp.MustCompile(`(?:^|[\s>(“"])((?:[a-z]+_?[a-z]*\.){1,3}[a-z]+(?:_[a-z]+)*)(?:[\s<,)”"]|$)`)
	finnish = []string{"Seuraava askel", "Kirjaa", "Tallenna", "Asiakkaat", "Vastuutyöntekijä", "viimeistään", "myöhässä", "Valikko", "Luvattu ja avoinna",
		"Mitä on tapahtunut", "Siirrä toiselle", "Päätä polku", "Puhelin", "Miten kävi", "Palvelumallit", "Haku", "Sijaistus"}
)

func words(page string) string {
	return strings.Join(strings.Fields(html.UnescapeString(markup.ReplaceAllString(page, " "))), " ")
}

// In Swedish and in English no page shows the name of a text instead of the text, nor leftovers of Finnish. The
// demo's own texts (names of services, what was agreed and written) are Finnish and stay so.
func TestLanguages(t *testing.T) {
	s := open(t)
	pages := s.pages()
	for _, lang := range []string{"sv", "en"} {
		for who, list := range pages {
			if who == "" {
				continue
			}
			c := s.client(who)
			s.post(c, "/settings", "lang", lang, "theme", "", "keys", "on")
			for _, page := range list {
				body := s.get(c, page)
				text := words(body)
				if !strings.Contains(body, `lang="`+lang+`"`) {
					t.Errorf("%s: %s is not in the language chosen", lang, page)
				}
				for _, m := range rawKey.FindAllStringSubmatch(text, -1) {
					t.Errorf("%s: %s shows the key %q", lang, page, m[1])
				}
				if strings.Contains(page, "/card/") { // it is for the client, in their language
					continue
				}
				for _, word := range finnish {
					if at := strings.Index(text, word); at >= 0 {
						t.Errorf("%s: %s has %q: …%s…", lang, page, word, text[max(0, at-40):min(len(text), at+60)])
					}
				}
			}
		}
	}
}

// Choosing a language in the settings changes the next page.
func TestChooseLanguage(t *testing.T) {
	s := open(t)
	tab := s.as(t, "oili", browser.Phone)
	tab.Go(s.url + "/settings")
	tab.ClickAt(chip("lang", "sv"))
	tab.In(`form[action="/settings"]`).Follow("Tallenna")
	tab.Sees("Inställningar")
	tab.Go(s.url + "/today")
	tab.Sees("I dag")
}

// What is told about people stands in no address, no title and no line of the server's log: tried with words that
// occur nowhere else.
func TestNoPersonalDataLeaks(t *testing.T) {
	s := open(t)
	oili := s.client("oili")
	secrets := []string{"Merkillinen", "Xenofon", "Kvartsikello", "0509998877", "050 999 8877", "050 9998877", hetu("020281", "-", "933"), "Salamatkustaja"}
	s.post(oili, "/new-client", "last", secrets[0], "first", secrets[1], "hetu", secrets[6], "phone", secrets[3], "service", s.kuusamo(),
		"responsible", s.worker("oili"), "step_what", secrets[7], "step_by", "2026-03-02")
	var id string
	s.one(&id, `select client_id from client where tenant_id = 1 and last_name = 'Merkillinen'`)
	s.post(oili, "/c/"+id+"/record", "what", "meeting", "result", "held", "text", secrets[2], "step", "keep")
	// Refused forms are logged too: with the person's words in them.
	for _, form := range [][]string{{"last", secrets[0], "first", secrets[1], "hetu", secrets[6][:10] + "9"}, {"q", secrets[0]}} {
		path := "/new-client"
		if form[0] == "q" {
			path = "/find"
		}
		values := map[string][]string{}
		for i := 0; i+1 < len(form); i += 2 {
			values[form[i]] = []string{form[i+1]}
		}
		answer, err := oili.PostForm(s.url+path, values)
		must(t, err)
		answer.Body.Close()
	}
	seen := false
	for who, list := range s.pages() {
		c := http.DefaultClient
		if who != "" {
			c = s.client(who)
		}
		if who == "oili" {
			list = append(list, "/c/"+id, "/c/"+id+"/record", "/c/"+id+"/handover", "/c/"+id+"/exit")
		}
		for _, page := range list {
			body := s.get(c, page)
			seen = seen || strings.Contains(body, secrets[0])
			for _, secret := range secrets {
				for _, m := range append(link.FindAllStringSubmatch(body, -1), title.FindAllStringSubmatch(body, -1)...) {
					if strings.Contains(m[1], secret) && !strings.HasPrefix(m[1], "tel:") {
						t.Errorf("%s has %q in %q", page, secret, m[1])
					}
				}
			}
		}
	}
	if !seen {
		t.Error("the marked client was on no page: the test proves nothing")
	}
	if s.log.String() == "" {
		t.Error("the server logged nothing: the test proves nothing")
	}
	for _, secret := range secrets {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the server's log has %q", secret)
		}
	}
}

// Generous guards, far above what is aimed at: they catch a tenfold slip, not a slow machine.
const (
	todayMost = time.Second
	viewMost  = 150 << 10 // bytes of the first view of Today, compressed: page, style, script, icon
)

func TestBudgets(t *testing.T) {
	s := openAlone(t)
	c := s.client("oili")
	page := s.get(c, "/today")
	quickest := time.Hour
	for range 5 {
		begun := time.Now()
		s.get(c, "/today")
		quickest = min(quickest, time.Since(begun))
	}
	if quickest > todayMost {
		t.Errorf("Today takes %v", quickest)
	}
	bytes := zipped(t, page)
	for _, m := range regexp.MustCompile(`(?:href|src)="(/[^"]*\.(?:css|js|svg)[^"]*)"`).FindAllStringSubmatch(page, -1) {
		bytes += zipped(t, s.get(c, m[1]))
	}
	if bytes > viewMost {
		t.Errorf("the first view of Today is %d bytes, at most %d", bytes, viewMost)
	}
	t.Logf("Today: %v at best, first view %d bytes compressed", quickest, bytes)
}

func zipped(t *testing.T, text string) int {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := io.WriteString(w, text)
	must(t, err)
	must(t, w.Close())
	return out.Len()
}
