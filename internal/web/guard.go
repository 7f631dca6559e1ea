package web

import (
	"cmp"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"polku/internal/actor"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/ident"
	"polku/internal/login"
	"polku/internal/web/view"
)

// perm is who may use a route. Cases behind it are guarded again in every query.
type perm int

// The permissions.
const (
	anyone perm = iota
	signedIn
	cases       // works with clients
	rights      // keeps clients' rights: reviews logs, answers requests
	casesRights // works with clients, or keeps their rights
	coordinates // has the unit's whole list
	figures     // answers for more than their own clients
	keeps       // decides what is kept, destroyed and taken out: coordinators, managers, complaints, administrators
	admin       // administers users and services; no access to cases by that

	participant       // at their own page, by device and PIN
	participantStrong // strongly identified too: what the staff have written (306/2019 s. 6)
)

type handler func(q *request) error

// formMost is how large a form may be; files have a limit of their own.
const formMost = 2 << 20

// policy lets nothing in but our own files: no inline script or style, no other sites, no frames.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; " +
	"form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'"

// guard stands before every route: security headers, cross-origin requests refused, panics answered.
func (s *server) guard() http.Handler {
	sameOrigin := http.NewCrossOriginProtection()
	sameOrigin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := s.request(w, r)
		q.fail(fault.E(fault.Denied, "error.cross_origin", nil))
	}))
	inner := sameOrigin.Handler(s.mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		if s.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		defer func() {
			if p := recover(); p != nil {
				q := s.request(w, r)
				q.fail(&fault.Error{Kind: fault.Internal, Key: "error.panic", Cause: errors.New(string(debug.Stack()))})
			}
		}()
		if s.Base != "" {
			http.StripPrefix(s.Base, inner).ServeHTTP(w, r)
			return
		}
		inner.ServeHTTP(w, r)
	})
}

// handle ties a pattern to who may use it and what it does. Each has its row in access.txt.
func (s *server) handle(pattern string, p perm, fn handler) {
	s.mux.HandleFunc(pattern, s.watched(pattern, func(w http.ResponseWriter, r *http.Request) {
		q := s.request(w, r)
		q.who.Screen = pattern
		if err := q.admit(p); err != nil {
			q.fail(err)
			return
		}
		if r.Method == http.MethodPost && (!uploadRoutes[pattern] || !isUpload(r)) {
			if err := q.readForm(); err != nil {
				q.fail(fault.E(fault.Invalid, "error.form_too_big", nil))
				return
			}
		}
		if noText(r.URL.Path) {
			q.fail(fault.E(fault.NotFound, "error.not_found", nil))
			return
		}
		if r.Form == nil {
			r.ParseForm() // a query; of what cannot be read in it there is nothing
		}
		for _, values := range r.Form {
			onlyText(values)
		}
		for _, values := range r.PostForm {
			onlyText(values)
		}
		if err := fn(q); err != nil {
			q.fail(err)
		}
	}))
}

// noText tells of bytes that are no text: PostgreSQL takes neither NUL nor broken UTF-8.
func noText(s string) bool { return strings.ContainsRune(s, 0) || !utf8.ValidString(s) }

// onlyText leaves such bytes out of what somebody sent: what they wrote around them is kept.
func onlyText(values []string) {
	for i, v := range values {
		if noText(v) {
			values[i] = strings.ReplaceAll(strings.ToValidUTF8(v, ""), "\x00", "")
		}
	}
}

// readForm reads a form, whole and in memory: what is larger than a form may be is refused, in whatever way it is sent.
func (q *request) readForm() error {
	q.Body = http.MaxBytesReader(q.w, q.Body, formMost)
	if isUpload(q.Request) {
		return q.ParseMultipartForm(formMost)
	}
	return q.ParseForm()
}

func isUpload(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/form-data")
}

// request makes the request's companion: who is signed in, and the language.
func (s *server) request(w http.ResponseWriter, r *http.Request) *request {
	if isPortal(strings.TrimPrefix(r.URL.Path, s.Base)) {
		return s.visit(w, r)
	}
	q := &request{Request: r, s: s, w: w, at: s.DB.Now(), lang: i18n.ParseLang(firstLanguage(r))}
	q.who = actor.Actor{Purpose: actor.Service, Request: ident.New()}
	cookie, err := r.Cookie(s.cookieName())
	if err != nil {
		return q
	}
	me, err := s.Login.Session(r.Context(), cookie.Value, q.visit())
	if err != nil {
		return q
	}
	q.me, q.lang = me, i18n.ParseLang(me.Worker.Lang)
	q.who = me.Actor(actor.Service, "", q.who.Request)
	return q
}

// firstLanguage is what a browser asks for before anybody has signed in: a language chosen on the sign-in
// page, or the first of ours that the browser names.
func firstLanguage(r *http.Request) string {
	if c, err := r.Cookie("lang"); err == nil {
		return c.Value
	}
	for tag := range strings.SplitSeq(r.Header.Get("Accept-Language"), ",") {
		tag, _, _ = strings.Cut(strings.TrimSpace(tag), ";")
		for _, l := range i18n.Langs {
			if strings.HasPrefix(strings.ToLower(tag), string(l)) {
				return tag
			}
		}
	}
	return ""
}

// admit refuses whoever may not use a route.
func (q *request) admit(p perm) error {
	switch {
	case p == anyone:
		return nil
	case p == participant || p == participantStrong:
		return q.admitParticipant(p)
	case q.me.Worker.ID == "":
		return fault.E(fault.SignIn, "error.sign_in", nil)
	case q.me.MustSetUp && !q.me.MustChange && !strings.HasPrefix(q.who.Screen, "GET /settings/") && !strings.HasPrefix(q.who.Screen, "POST /settings/"):
		return fault.E(fault.Denied, mustSetUp, nil)
	case q.me.MustChange && !strings.HasPrefix(q.who.Screen, "GET /settings") && !strings.HasPrefix(q.who.Screen, "POST /settings"):
		return fault.E(fault.Denied, mustChange, nil)
	case p == cases && !q.me.HasCases, p == rights && !q.me.KeepsRights, p == casesRights && !q.me.HasCases && !q.me.KeepsRights,
		p == coordinates && !q.coordinates(), p == figures && !q.seesFigures(), p == keeps && !q.keeps(), p == admin && !q.me.Worker.Admin:
		return fault.E(fault.Denied, "error.denied", nil)
	}
	return nil
}

// mustChange is the fault of a session whose password somebody else chose: a new one comes first.
const mustChange = "login.must_change"

// mustSetUp is the fault of a session with one factor where two are asked for.
const mustSetUp = "login.must_set_up"

// ways lead on from a fault of how somebody has signed in to the page that mends it.
var ways = map[string]string{mustChange: "/settings", mustSetUp: waysPage, login.ProveAgain: "/sign-in?next=" + waysPage}

var statusOf = map[fault.Kind]int{
	fault.Internal: 500, fault.NotFound: 404, fault.Denied: 403, fault.Invalid: 422, fault.Conflict: 409,
	fault.Gone: 410, fault.Unavailable: 503, fault.SignIn: 401,
}

// fail turns an error into a page, a log line and a status: the one place where that happens.
func (q *request) fail(err error) {
	kind := fault.Of(err)
	level := slog.LevelInfo
	if kind == fault.Internal || kind == fault.Unavailable {
		level = slog.LevelError
	}
	// An error holds keys and ids, never personal data; the pattern stands for the URL. Who was refused is told by the ids
	// of the account and its session (ASVS 5.0, 16.3.2), as in the use log.
	q.s.Log.Log(q.Context(), level, "request failed", "screen", q.who.Screen, "kind", kind.String(), "error", err.Error(), "worker", q.who.Worker, "session", q.who.Session, "request", q.who.Request)
	q.retryAfter(err)
	if q.portal {
		q.failPortal(err)
		return
	}
	if kind == fault.SignIn && q.Method == http.MethodGet {
		q.redirect("/sign-in" + nextOf(q.Request))
		return
	}
	var f *fault.Error
	if errors.As(err, &f) && ways[f.Key] != "" && (q.Method == http.MethodGet || f.Key == login.ProveAgain) {
		q.say(flash{Key: f.Key})
		q.redirect(ways[f.Key])
		return
	}
	sh := q.shell(view.NavNone)
	p := view.Problem{Shell: sh, Kind: kind, Ref: q.who.Request}
	if errors.As(err, &f) && i18n.Has(f.Key) {
		p.Detail = q.lang.Map(f.Key, f.Args)
	}
	if err := q.renderStatus(statusOf[kind], p); err != nil {
		http.Error(q.w, p.Detail, statusOf[kind])
	}
}

// retryAfter tells a program that asked when to come again (RFC 9110 section 10.2.3): after the wait that the fault
// names, which it gives in seconds, or in a moment. Other faults say nothing and give 0.
func (q *request) retryAfter(err error) (wait int) {
	var f *fault.Error
	if !fault.Is(err, fault.Unavailable) {
		return 0
	}
	if errors.As(err, &f) {
		wait, _ = f.Args["seconds"].(int)
	}
	q.w.Header().Set("Retry-After", strconv.Itoa(cmp.Or(wait, 5)))
	return wait
}

// nextOf remembers which page to go on to after signing in: the path only, which holds opaque ids at most.
func nextOf(r *http.Request) string {
	if r.URL.Path == "/" || r.URL.Path == "/today" {
		return ""
	}
	return "?next=" + url.QueryEscape(r.URL.Path)
}

// safeNext lets only paths of our own be gone on to. Browsers take a backslash for a slash and leave out tabs and ends
// of lines, so that "/\t/evil" would lead away.
func safeNext(next string) string {
	strange := strings.ContainsFunc(next, func(r rune) bool { return r == '\\' || unicode.IsControl(r) })
	if strange || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") {
		return "/today"
	}
	return next
}

// remoteIP is the address of who asks, for rate limits; behind a trusted proxy the last address that it added.
func (q *request) remoteIP() string {
	if q.s.Proxy {
		// Some proxies add to the line that the browser sent, others put a line of their own after it.
		if lines := q.Header.Values("X-Forwarded-For"); len(lines) > 0 {
			list := lines[len(lines)-1]
			return strings.TrimSpace(list[strings.LastIndex(list, ",")+1:])
		}
	}
	host, _, err := net.SplitHostPort(q.RemoteAddr)
	if err != nil {
		return q.RemoteAddr
	}
	return host
}

// cookieName is the session's; cookieNamed those beside it.
func (s *server) cookieName() string { return s.cookieNamed("") }

func (s *server) cookieNamed(what string) string {
	name := "polku"
	if what != "" {
		name += "-" + what
	}
	if s.Secure && s.Base == "" {
		return "__Host-" + name
	}
	return name
}

func (q *request) setCookie(name, value string, age time.Duration) {
	c := &http.Cookie{Name: name, Value: value, Path: q.s.Base + "/", HttpOnly: true, Secure: q.s.Secure, SameSite: http.SameSiteLaxMode}
	if age > 0 {
		c.MaxAge = int(age / time.Second)
	}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(q.w, c)
}
