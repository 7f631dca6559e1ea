package web_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"polku/internal/login"
	. "polku/internal/polkutest"
	"polku/internal/web"
)

// Whoever was refused, or asked for somebody behind a wall, stands in the program's log by the id of their account; whom
// they asked for does not.
func TestRefusalsNameTheAccount(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		id, _ := f.Client(t, "Virtanen", "Aino")
		boss, essi := f.as(Boss, "boss"), f.as(Essi, "essi")
		boss.get("/clients")
		essi.get("/c/" + id)
		for _, want := range []string{`screen="GET /clients" kind=denied .* worker=` + Boss + ` session=\S{20,} `, `screen="GET /c/{id}" kind=.* worker=` + Essi + ` session=\S{20,} `} {
			if !regexp.MustCompile(want).MatchString(f.logs.String()) {
				t.Errorf("no line like %s:\n%s", want, f.logs)
			}
		}
		if strings.Contains(f.logs.String(), id) {
			t.Error("the line says whom they asked for")
		}
	})
}

// Every answer carries the headers that keep a browser from doing harm, a page, a file, a refusal and a failure alike.
// What panics is answered with a page that tells nothing of the inside, its trace is in the log, and the program goes on.
func TestEveryAnswerIsGuarded(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		logs := &strings.Builder{}
		srv := httptest.NewServer(web.New(web.Config{DB: s.DB, Book: s.Book, Keys: s.Keys, Login: login.New(s.DB, Tenant), Audit: s.Log, Secure: true,
			Log: slog.New(slog.NewTextHandler(logs, nil)), Unready: func(context.Context) []string { panic("inner secret") }}))
		defer srv.Close()
		browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		for path, status := range map[string]int{"/sign-in": 200, "/asset/polku.css": 200, "/asset/nothing": 404, "/nothing": 404, "/clients": 303, "/c/x/done": 405, "/ready": 500, "/health": 200} {
			res, err := browser.Get(srv.URL + path)
			if err != nil {
				t.Fatal(path, err)
			}
			body, err := io.ReadAll(res.Body)
			if err != nil || res.StatusCode != status {
				t.Errorf("%s: %d %v, want %d", path, res.StatusCode, err, status)
			}
			for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
				"Strict-Transport-Security": "max-age=31536000"} {
				if got := res.Header.Get(name); got != want {
					t.Errorf("%s: %s is %q, want %q", path, name, got, want)
				}
			}
			policy := res.Header.Get("Content-Security-Policy")
			for _, want := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"} {
				if !strings.Contains(policy, want) {
					t.Errorf("%s: the policy lacks %s: %s", path, want, policy)
				}
			}
			if strings.Contains(string(body), "inner secret") || strings.Contains(string(body), "goroutine") {
				t.Errorf("%s tells of the inside", path)
			}
			if len(body) > 0 && status != 303 && !strings.Contains(res.Header.Get("Content-Type"), "charset=utf-8") {
				t.Errorf("%s: content type %q", path, res.Header.Get("Content-Type"))
			}
		}
		if !strings.Contains(logs.String(), "error.panic") || !strings.Contains(logs.String(), "goroutine") {
			t.Error("the panic is not in the log:", logs)
		}
	})
}
