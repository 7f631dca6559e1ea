package browsertest

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"polku/internal/actor"
	"polku/internal/browser"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/demo"
	"polku/internal/file"
	"polku/internal/login"
	"polku/internal/path"
	"polku/internal/polkutest"
	"polku/internal/portal"
	"polku/internal/ruleset"
	"polku/internal/seal"
	"polku/internal/unit"
	"polku/internal/vault"
	"polku/internal/web"
	"polku/models"
	"polku/rules"
)

// share is how much of the demo the tests run on, in per cent: some 240 clients, every kind of need among them.
const share = 40

// seed of the demo: any will do.
const seed = 3

// made is the demo that every test gets a copy of: making it takes seconds, copying it does not.
var made struct {
	sync.Once
	dir string
	ok  bool
}

func TestMain(m *testing.M) {
	code := browser.Main(m)
	if made.dir != "" {
		os.RemoveAll(made.dir)
	}
	os.Exit(code)
}

// site is Polku, serving a demo organisation of its own to one test. The clock stands at polkutest.Noon.
type site struct {
	t    testing.TB
	w    *polkutest.World
	book *path.Book
	keys *seal.Keys
	url  string
	log  *safeLog

	login  *login.Service
	portal *portal.Service
	files  *file.Store
}

// safeLog is the server's log, to be looked at while it is written.
type safeLog struct {
	sync.Mutex
	text strings.Builder
}

func (l *safeLog) Write(p []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.text.Write(p)
}

func (l *safeLog) String() string {
	l.Lock()
	defer l.Unlock()
	return l.text.String()
}

// open serves a fresh copy of the demo to a test, which may then run beside others: nothing is shared but the browser.
func open(t *testing.T) *site {
	t.Helper()
	t.Parallel()
	return openAlone(t)
}

// openAlone is open for a test that runs by itself: one that measures, or that sets the environment.
func openAlone(t *testing.T) *site {
	t.Helper()
	made.Do(func() { t.Run("make the demo", makeDemo) })
	if !made.ok {
		t.Fatal("there is no demo to test on")
	}
	dir := t.TempDir()
	must(t, os.CopyFS(dir, os.DirFS(made.dir)))
	keys, err := seal.LoadOrMake(dir)
	must(t, err)
	return serve(t, polkutest.New(t, dir), book(t), keys)
}

func makeDemo(t *testing.T) {
	dir, err := os.MkdirTemp("", "polku-browsertest-")
	must(t, err)
	made.dir = dir
	keys, err := seal.LoadOrMake(dir)
	must(t, err)
	fill(t, polkutest.New(t, dir), keys, share)
	made.ok = true
}

func fill(t testing.TB, w *polkutest.World, keys *seal.Keys, share int) {
	t.Helper()
	must(t, demo.Make(context.Background(), w.DB, book(t), keys,
		demo.Options{Seed: seed, Today: civil.Of(polkutest.Noon, w.DB.Zone), Share: share}))
	// Every worker may be chosen on the sign-in page: a test needs whoever its job is about.
	must(t, w.DB.Update(context.Background(), actor.System(demo.Tenant, actor.Sample, "test"), func(tx *db.Tx) error {
		_, err := tx.Exec(`update worker set demo = true where tenant_id = $1`, demo.Tenant)
		return err
	}))
}

func book(t testing.TB) *path.Book {
	t.Helper()
	m, err := models.Load()
	must(t, err)
	r, err := rules.Load()
	must(t, err)
	var closed []civil.Date
	for year := 2015; year <= 2030; year++ {
		closed = append(closed, ruleset.HolidayDates(r.Pack(ruleset.Holidays), year)...)
	}
	return &path.Book{Models: m, Rules: r, Calendar: civil.NewCalendar(closed), Stamp: "browsertest"}
}

func serve(t testing.TB, w *polkutest.World, b *path.Book, keys *seal.Keys) *site {
	t.Helper()
	s := &site{t: t, w: w, book: b, keys: keys, log: &safeLog{}, portal: portal.New(w.DB, demo.Tenant, keys)}
	var personas []web.Persona
	must(t, w.DB.View(context.Background(), actor.System(demo.Tenant, actor.Checking, "test"), func(tx *db.Tx) error {
		workers, err := unit.Workers(tx)
		for _, p := range workers {
			personas = append(personas, web.Persona{Worker: p.ID, Name: p.Name, Unit: p.Title, RoleKey: "user_role.worker", SeesKey: "user_role.worker_hint"})
		}
		return err
	}))
	s.login = login.New(w.DB, demo.Tenant)
	s.login.Keys, s.login.Book = keys, b
	w.Log.UseKeys(keys)
	s.files = &file.Store{Place: vault.NewFolder(t.TempDir()), Keys: keys}
	server := httptest.NewServer(web.New(web.Config{DB: w.DB, Book: b, Keys: keys, Login: s.login, Audit: w.Log, Portal: s.portal, Files: s.files,
		Log: slog.New(slog.NewTextHandler(s.log, nil)), Demo: true, Personas: personas}))
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

// as opens a browser and signs a persona in by the button on the sign-in page: it ends on Today.
func (s *site) as(t testing.TB, username string, view browser.View) *browser.Tab {
	t.Helper()
	tab := browser.Open(t, view)
	tab.Go(s.url + "/sign-in")
	s.choose(tab, username)
	return tab
}

// choose presses a persona's button on the sign-in page.
func (s *site) choose(tab *browser.Tab, username string) {
	s.t.Helper()
	tab.ClickAt(`button[value="` + s.worker(username) + `"]`)
	tab.Waits("being signed in", `document.body.dataset.user && document.readyState === "complete"`)
}

// client signs a persona in without a browser, for what a test needs besides its job.
func (s *site) client(username string) *http.Client {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	must(s.t, err)
	c := &http.Client{Jar: jar}
	s.post(c, "/sign-in", "persona", s.worker(username))
	return c
}

// post sends a form and gives the page after it, which must be a success.
func (s *site) post(c *http.Client, path string, pairs ...string) string {
	s.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	answer, err := c.PostForm(s.url+path, form)
	must(s.t, err)
	return s.read(answer, path)
}

func (s *site) get(c *http.Client, path string) string {
	s.t.Helper()
	answer, err := c.Get(s.url + path)
	must(s.t, err)
	return s.read(answer, path)
}

func (s *site) read(answer *http.Response, path string) string {
	s.t.Helper()
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	must(s.t, err)
	if answer.StatusCode != http.StatusOK {
		s.t.Fatalf("%s answers %d:\n%.2000s", path, answer.StatusCode, body)
	}
	return string(body)
}

func (s *site) worker(username string) (id string) {
	s.t.Helper()
	s.one(&id, `select worker_id from worker where tenant_id = 1 and username = $1`, username)
	return id
}

// one reads one value from the database.
func (s *site) one(into any, query string, args ...any) {
	s.t.Helper()
	must(s.t, s.w.DB.View(context.Background(), actor.System(demo.Tenant, actor.Checking, "test"), func(tx *db.Tx) error {
		found, err := tx.One(query, args, into)
		if err == nil && !found {
			s.t.Fatalf("nothing is found by %s %v", query, args)
		}
		return err
	}))
}

// someone is a client of the demo with an open path.
type someone struct{ id, first, last string }

func (p someone) name() string { return p.first + " " + p.last }

// calm finds the nth client of a worker (from 0) whose path is open, has a next step, and waits for no answer.
func (s *site) calm(username string, nth int) (p someone) {
	s.t.Helper()
	must(s.t, s.w.DB.View(context.Background(), actor.System(demo.Tenant, actor.Checking, "test"), func(tx *db.Tx) error {
		found, err := tx.One(`select c.client_id, c.first_name, c.last_name from standing s
			join client c on c.tenant_id = s.tenant_id and c.client_id = s.client_id
			where s.tenant_id = 1 and s.responsible = $1 and s.status = 'open'
			and not exists (select 1 from handoff h where h.tenant_id = 1 and h.client_id = s.client_id and h.step = 'offered')
			and not exists (select 1 from entry e where e.tenant_id = 1 and e.client_id = s.client_id and e.kind in ('exit', 'reopen'))
			and (select count(*) from standing o where o.tenant_id = 1 and o.client_id = s.client_id) = 1
			order by s.class desc, c.client_id limit 1 offset $2`, []any{s.worker(username), nth}, &p.id, &p.first, &p.last)
		if err == nil && !found {
			s.t.Fatalf("%s has no calm client", username)
		}
		return err
	}))
	return p
}

// both runs a job on a phone and on a laptop, on one site for each.
func both(t *testing.T, job func(t *testing.T, s *site, view browser.View)) {
	t.Helper()
	onEach(t, []browser.View{browser.Phone, browser.Laptop}, job)
}

// onEach runs a job on each of some screens, on one site for each.
func onEach(t *testing.T, views []browser.View, job func(t *testing.T, s *site, view browser.View)) {
	t.Helper()
	t.Parallel()
	for _, view := range views {
		t.Run(view.Name, func(t *testing.T) { job(t, open(t), view) })
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
