package web_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"polku/internal/actor"
	"polku/internal/login"
	. "polku/internal/polkutest"
	"polku/internal/portal"
	"polku/internal/web"
)

// face is the web face of a sample organisation, and a browser of one worker.
type face struct {
	*Sample
	t    *testing.T
	url  string
	http *http.Client
	logs *strings.Builder

	portal *portal.Service
	wire   http.RoundTripper // nil: the usual one
}

// open gives the face of a sample organisation; more changes its configuration. With Secure it is served over HTTPS.
func open(t *testing.T, w *World, more ...func(*web.Config)) *face {
	t.Helper()
	s := NewSample(t, w)
	f := &face{Sample: s, t: t, logs: &strings.Builder{}, portal: portal.New(s.DB, Tenant, s.Keys)}
	service := login.New(s.DB, Tenant)
	service.Keys = s.Keys
	cfg := web.Config{DB: s.DB, Book: s.Book, Keys: s.Keys, Login: service, Audit: s.Log, Portal: f.portal, Log: slog.New(slog.NewTextHandler(f.logs, nil))}
	for _, change := range more {
		change(&cfg)
	}
	srv := httptest.NewUnstartedServer(web.New(cfg))
	if cfg.Secure {
		srv.StartTLS()
		f.wire = srv.Client().Transport
	} else {
		srv.Start()
	}
	t.Cleanup(srv.Close)
	f.url = srv.URL
	return f
}

// as signs a worker in, in a browser of their own.
func (f *face) as(worker, username string) *face {
	f.t.Helper()
	service := login.New(f.DB, Tenant)
	password, err := service.SetPassword(context.Background(), actor.System(Tenant, actor.Admin, "test"), worker)
	if err != nil {
		f.t.Fatal(err)
	}
	jar, _ := cookiejar.New(nil)
	g := *f
	g.http = &http.Client{Jar: jar, Timeout: 20 * time.Second, Transport: f.wire}
	status, _ := g.post("/sign-in", "user", username, "password", password)
	if status != 200 {
		f.t.Fatalf("%s cannot sign in: %d", username, status)
	}
	g.says(g.page("/today"), "Vaihda ensin kertasalasana") // whatever page is asked for
	g.must("/settings/password", "old", password, "password", "oma pitkä salasana", "password2", "oma pitkä salasana")
	return &g
}

func (f *face) get(path string) (int, string) {
	f.t.Helper()
	res, err := f.http.Get(f.url + path)
	if err != nil {
		f.t.Fatal(err)
	}
	return f.read(res)
}

func (f *face) post(path string, pairs ...string) (int, string) {
	f.t.Helper()
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Add(pairs[i], pairs[i+1])
	}
	res, err := f.http.PostForm(f.url+path, v)
	if err != nil {
		f.t.Fatal(err)
	}
	return f.read(res)
}

func (f *face) read(res *http.Response) (int, string) {
	f.t.Helper()
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// must posts and follows to the page after; anything but success ends the test.
func (f *face) must(path string, pairs ...string) string {
	f.t.Helper()
	status, body := f.post(path, pairs...)
	if status != 200 {
		f.t.Fatalf("POST %s: %d\n%s", path, status, text(body))
	}
	return body
}

func (f *face) page(path string) string {
	f.t.Helper()
	status, body := f.get(path)
	if status != 200 {
		f.t.Fatalf("GET %s: %d\n%s\n%s", path, status, text(body), f.logs)
	}
	return body
}

var tags = regexp.MustCompile(`(?s)<(script|style|svg).*?</(script|style|svg)>|<[^>]*>`)

// text is what a page says, without its mark-up.
func text(body string) string {
	return strings.Join(strings.Fields(tags.ReplaceAllString(body, " ")), " ")
}

func (f *face) says(body string, words ...string) {
	f.t.Helper()
	for _, w := range words {
		if !strings.Contains(text(body), w) {
			f.t.Errorf("the page does not say %q:\n%.3000s", w, text(body))
		}
	}
}

func TestMorningToEvening(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		mia, joni := f.as(Mia, "mia"), f.as(Joni, "joni")

		mia.says(mia.page("/today"), "Aino Virtanen", "Sovi tapaaminen")
		page := mia.page("/c/" + id)
		mia.says(page, "Aino Virtanen", "Sovi tapaaminen", "Kartoitus", "Mia Mallikas")

		// A contact with its next step; what is missing is asked for, and what was typed comes back.
		status, again := mia.post("/c/"+id+"/record", "what", "meeting", "result", "held", "text", "Hyvä juttelu opinnoista", "step", "new")
		if status != 422 || !strings.Contains(again, "Hyvä juttelu opinnoista") {
			t.Fatalf("%d %.500s", status, text(again))
		}
		page = mia.must("/c/"+id+"/record", "what", "meeting", "result", "held", "minutes", "45", "text", "Hyvä juttelu opinnoista",
			"step", "done", "step_what", "Käydään tutustumassa kouluun", "step_by", "2026-03-09", "step_time", "9.30")
		mia.says(page, "Kirjattu", "Hyvä juttelu opinnoista", "Käydään tutustumassa kouluun")

		// Hand over: the sender stays responsible until the receiver accepts.
		mia.must("/c/"+id+"/handover", "to", Joni, "why", "Vaihdan työtä, opiskeluhaku kesken")
		page = joni.page("/today")
		joni.says(page, "Aino Virtanen", "Mia Mallikas")
		link := regexp.MustCompile(`/h/[0-9a-f-]{36}`).FindString(page)
		joni.says(joni.page(link), "Vaihdan työtä", "Käydään tutustumassa kouluun")
		joni.says(joni.must(link+"/accept"), "Joni Johdattaja")

		// Pause and resume, then an exit that waits for its receiver.
		joni.must("/c/"+id+"/pause", "why", "Leikkaus", "check", "2026-04-01")
		joni.says(joni.page("/c/"+id), "tauolla")
		joni.must("/c/"+id+"/resume", "why", "Toipunut", "step_what", "Soita", "step_by", "2026-03-05")
		joni.must("/c/"+id+"/exit", "to", "another-service", "receiver", "Työpaja")
		joni.says(joni.page("/c/"+id), "Kysy vastaanottajalta")
		joni.must("/c/"+id+"/exit", "answer", "accepted")
		joni.says(joni.page("/c/"+id), "päättynyt")
	})
}

func TestFindByPostOnly(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		f.Client(t, "Åkerlund", "Öyvind")
		mia, essi := f.as(Mia, "mia"), f.as(Essi, "essi")
		for _, q := range []string{"ake", "Åker", "öyv", "oyvind aker", "040 123 4567"} {
			mia.says(mia.must("/find", "q", q), "Öyvind Åkerlund")
		}
		if body := essi.must("/find", "q", "ake"); strings.Contains(body, "Åkerlund") {
			t.Error("the wall between registers leaks in search")
		}
	})
}

func TestNewClientAsksBeforeDoubling(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		mia := f.as(Mia, "mia")
		form := []string{"last", "Korhonen", "first", "Eeva", "hetu", "010180-945A", "phone", "0401112223", "service", Service, "responsible", Mia,
			"step_what", "Ensitapaaminen", "step_by", "2026-03-04"}
		status, _ := mia.post("/new-client", form...)
		if status != 422 {
			t.Fatalf("a wrong identity code was taken: %d", status)
		}
		if strings.Contains(f.logs.String(), "010180") {
			t.Fatal("an identity code stands in the log")
		}
		form[5] = ""
		mia.says(mia.must("/new-client", form...), "Eeva Korhonen", "Ensitapaaminen")
		status, body := mia.post("/new-client", form...)
		if status != 409 {
			t.Fatalf("the same name and phone once more: %d %.400s", status, text(body))
		}
	})
}

func TestNobodyWithoutCasesSeesClients(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		boss, essi := f.as(Boss, "boss"), f.as(Essi, "essi")
		for path, want := range map[string]int{"/c/" + id: 403, "/clients": 403, "/find": 403, "/users": 200} {
			if status, _ := boss.get(path); status != want {
				t.Errorf("the administrator at %s: %d, want %d", path, status, want)
			}
		}
		if status, _ := essi.get("/c/" + id); status != 404 {
			t.Error("another register's client is not as if it were not there:", status)
		}
	})
}

// Every read of a client leaves a row in the use log.
func TestReadsAreLogged(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		mia := f.as(Mia, "mia")
		for _, path := range []string{"/today", "/clients", "/c/" + id, "/day", "/c/" + id + "/record"} {
			before := rows(t, w, id)
			mia.page(path)
			if rows(t, w, id) != before+1 {
				t.Errorf("GET %s left no row in the use log", path)
			}
		}
	})
}

func rows(t *testing.T, w *World, client string) (n int) {
	t.Helper()
	if err := w.Log.Pool().QueryRow(`select count(*) from use_log where clients like '%' || $1 || '%'`, client).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
