package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"polku/internal/actor"
	"polku/internal/db"
	"polku/internal/i18n"
	"polku/internal/keeper"
	"polku/internal/login"
	"polku/internal/web"
)

// lockedBuffer is a place to print that several goroutines may write to.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// A busy day of the demo: pages, saves, mistakes, a search for nobody, a wrong password. The log has no name, telephone number,
// identity code, address or text of anybody.
func TestLogHasNoPersonalData(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	c := DemoCmd{DB: dir, MakeOnly: true, Seed: 1, share: 3, Listen: listenDefault}
	e, _, _ := env(i18n.FI)
	must(t, c.Run(t.Context(), e))
	o, err := (Database{DB: dir}).open(t.Context())
	must(t, err)
	defer o.Close()
	people, err := personas(t.Context(), o)
	must(t, err)
	logged := &lockedBuffer{}
	log := slog.New(slog.NewJSONHandler(logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	l, err := listen("127.0.0.1:0")
	must(t, err)
	s := ServeCmd{Listen: "127.0.0.1:0"}
	state := &readiness{o: o, night: &keeper.Keeper{DB: o.DB, Tenant: Tenant, Book: o.Book, Keys: o.Keys, Log: log}}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- s.answer(ctx, l, web.Config{DB: o.DB, Book: o.Book, Keys: o.Keys, Login: login.New(o.DB, Tenant), Log: log, Personas: people}, state, log)
	}()
	at := "http://" + l.Addr().String()
	var ids, secrets []string
	must(t, o.DB.View(t.Context(), actor.System(Tenant, actor.Checking, "test"), func(tx *db.Tx) error {
		return tx.Each(`select client_id, last_name, first_name, coalesce(phone, ''), coalesce(address, '') from client where tenant_id = $1`, []any{Tenant},
			func(row func(...any) error) error {
				var id, last, first, phone, address string
				err := row(&id, &last, &first, &phone, &address)
				ids = append(ids, id)
				secrets = append(secrets, last, first+" "+last, phone, address)
				return err
			})
	}))
	jar, err := cookiejar.New(nil)
	must(t, err)
	browser := &http.Client{Jar: jar}
	post := func(path string, form url.Values) {
		a, err := browser.PostForm(at+path, form)
		must(t, err)
		must(t, a.Body.Close())
	}
	post("/sign-in", url.Values{"user": {"salainen.tunnus"}, "password": {"salainen sana"}})
	post("/sign-in", url.Values{"persona": {people[0].Worker}})
	for i, id := range ids[:min(len(ids), 25)] {
		for _, path := range []string{"/c/" + id, "/c/" + id + "/record", "/c/" + id + "/nonsense"} {
			a, err := browser.Get(at + path)
			must(t, err)
			must(t, a.Body.Close())
		}
		text := fmt.Sprintf("salainen teksti %d 010190-999X", i)
		post("/c/"+id+"/record", url.Values{"what": {"meeting"}, "text": {text}, "day": {text}, "when": {"other"}})
		post("/c/"+id+"/exit", url.Values{"text": {text}})
		post("/find", url.Values{"q": {secrets[4*i]}})
	}
	post("/new-client", url.Values{"last_name": {"Salainensukunimi"}, "code": {"010190-999X"}, "phone": {"040 999 8877"}})
	stop()
	must(t, <-ended)
	if n := strings.Count(logged.String(), `"msg":"request failed"`); n < 10 {
		t.Errorf("only %d lines tell of failures: %s", n, logged)
	}
	for _, secret := range append(secrets, "salainen", "Salainen", "010190", "9998877", "999 8877") {
		if len(secret) > 3 && strings.Contains(logged.String(), secret) {
			t.Errorf("the log has %q", secret)
		}
	}
}

// Figures are read on an address of their own, by who has the token, and tell routes by their patterns.
func TestFigures(t *testing.T) {
	dir := t.TempDir()
	token := filepath.Join(dir, "token")
	must(t, os.WriteFile(token, []byte("sesam\n"), 0o600))
	port, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	must(t, port.Close())
	greeting := serving(t, 2, "serve", "--db", filepath.Join(dir, "db"), "--listen", "127.0.0.1:0", "--log-reserve", "1M",
		"--metrics", port.Addr().String(), "--metrics-token", token)
	at := addressIn.FindString(greeting)
	a, err := http.PostForm(at+"sign-in", url.Values{"user": {"nobody"}, "password": {"wrong"}})
	must(t, err)
	must(t, a.Body.Close())
	read := func(token string) (int, string) {
		req, err := http.NewRequest(http.MethodGet, "http://"+port.Addr().String()+"/metrics", nil)
		must(t, err)
		req.Header.Set("Authorization", "Bearer "+token)
		a, err := http.DefaultClient.Do(req)
		must(t, err)
		defer a.Body.Close()
		body, err := io.ReadAll(a.Body)
		must(t, err)
		return a.StatusCode, string(body)
	}
	if status, _ := read("wrong"); status != http.StatusUnauthorized {
		t.Error("figures without the token:", status)
	}
	_, figures := read("sesam")
	// A request is counted when its answer has left: a moment after whoever asked has it.
	for end := time.Now().Add(5 * time.Second); !strings.Contains(figures, `route="POST /sign-in"`) && time.Now().Before(end); {
		time.Sleep(20 * time.Millisecond)
		_, figures = read("sesam")
	}
	for _, want := range []string{`polku_request_seconds_count{route="POST /sign-in"`, "polku_sign_in_refused_total 1", `polku_file_bytes{file="polku.db"}`,
		"polku_writer_queue 0", "polku_use_log_queue 0", "polku_use_log_reserve_left_bytes 1.048576e+06", "polku_unready_reasons 0", "polku_disk_free_bytes"} {
		if !strings.Contains(figures, want) {
			t.Errorf("no %s in\n%.3000s", want, figures)
		}
	}
	if strings.Contains(figures, "nobody") {
		t.Error("a name is in the figures")
	}
	refused(t, "would be seen from the network", "serve", "--db", filepath.Join(dir, "other"), "--metrics", "0.0.0.0:9000")
}

// While the program stops, /ready says so on connections that are open, each answer asks to connect elsewhere, and streams hear it.
func TestReadyEndsBeforeThePortDoes(t *testing.T) {
	o, err := (Database{DB: t.TempDir()}).openOrMake(t.Context())
	must(t, err)
	defer o.Close()
	l, err := listen("127.0.0.1:0")
	must(t, err)
	log := slog.New(slog.DiscardHandler)
	state := &readiness{o: o, night: &keeper.Keeper{DB: o.DB, Tenant: Tenant, Book: o.Book, Keys: o.Keys, Log: log}}
	cfg := web.Config{DB: o.DB, Book: o.Book, Keys: o.Keys, Login: login.New(o.DB, Tenant), Log: log, Unready: state.unready}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- (&ServeCmd{}).answer(ctx, l, cfg, state, log) }()
	ready := func() (int, bool, string) {
		a, err := http.Get("http://" + l.Addr().String() + "/ready")
		must(t, err)
		defer a.Body.Close()
		body, err := io.ReadAll(a.Body)
		must(t, err)
		return a.StatusCode, a.Close, string(body)
	}
	if status, closes, said := ready(); status != http.StatusOK || closes || said != "ready\n" {
		t.Error(status, closes, said)
	}
	o.DB.Hold(true)
	if status, _, said := ready(); status != http.StatusServiceUnavailable || !strings.Contains(said, "disk_full") {
		t.Error(status, said)
	}
	o.DB.Hold(false)
	stop()
	for !state.stopping.Load() {
		time.Sleep(time.Millisecond)
	}
	if status, closes, said := ready(); status != http.StatusServiceUnavailable || !closes || !strings.Contains(said, "stopping") {
		t.Error(status, closes, said)
	}
	must(t, <-ended)
}
