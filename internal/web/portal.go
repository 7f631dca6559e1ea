package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"polku/internal/actor"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/pathway"
	"polku/internal/portal"
	"polku/internal/unit"
	"polku/internal/web/view"
)

// isPortal tells the addresses of participants from those of workers.
func isPortal(path string) bool { return path == "/p" || strings.HasPrefix(path, "/p/") }

// visit makes the companion of a participant's request. A worker's cookie is not looked at: nobody is a worker here.
func (s *server) visit(w http.ResponseWriter, r *http.Request) *request {
	q := &request{Request: r, s: s, w: w, at: s.DB.Now(), lang: i18n.ParseLang(firstLanguage(r)), portal: true}
	q.who = actor.Actor{Purpose: actor.Own, Request: ident.New()}
	cookie, err := r.Cookie(s.ownCookie(""))
	if err != nil || s.Portal == nil {
		return q
	}
	own, err := s.Portal.Session(r.Context(), cookie.Value)
	if err != nil {
		return q
	}
	q.own = own
	if own.Lang != "" {
		q.lang = i18n.ParseLang(own.Lang)
	}
	q.who = own.Actor("", q.who.Request)
	return q
}

// ownCookie names the cookie of a participant's session, or of their device when kind says so.
func (s *server) ownCookie(kind string) string {
	if s.Secure && s.Base == "" {
		return "__Host-own" + kind
	}
	return "own" + kind
}

const deviceCookie = "-device"

// needStrong is the fault of a page that asks for more than the PIN.
const needStrong = "portal.need_strong"

func (q *request) admitParticipant(p perm) error {
	switch {
	case q.own.Client == "":
		return fault.E(fault.SignIn, "portal.over", nil)
	case p == participantStrong && !q.own.Strong:
		return fault.E(fault.Denied, needStrong, nil)
	}
	return nil
}

// failPortal answers a participant whose request went wrong; fail has logged it.
func (q *request) failPortal(err error) {
	kind := fault.Of(err)
	var f *fault.Error
	errors.As(err, &f)
	switch {
	case kind == fault.SignIn && q.Method == http.MethodGet:
		q.redirect("/p/")
		return
	case kind == fault.SignIn: // the session ended while they wrote: the words are kept in the form
		q.Body = http.MaxBytesReader(q.w, q.Body, formMost)
		p := view.PortalIn{Shell: q.portalShell(), Over: true, Text: q.PostFormValue("text"), Draft: q.PostFormValue("draft")}
		q.renderStatus(http.StatusUnauthorized, p)
		return
	case f != nil && f.Key == needStrong && q.Method == http.MethodGet:
		q.redirect("/p/strong")
		return
	}
	p := view.PortalProblem{Portal: q.frame(""), Kind: kind, In: q.own.Client != "", Ref: q.who.Request}
	if f != nil && i18n.Has(f.Key) {
		p.Detail = q.lang.Map(f.Key, f.Args)
	}
	if err := q.renderStatus(statusOf[kind], p); err != nil {
		http.Error(q.w, p.Detail, statusOf[kind])
	}
}

// portalShell is what a participant's page has around it: nobody's name, no service.
func (q *request) portalShell() view.Shell {
	sh := q.shell(view.NavNone)
	sh.User, sh.UserKey, sh.Theme = "", "", ""
	return sh
}

// frame is the shell with the tab that is lit.
func (q *request) frame(tab string) view.Portal {
	return view.Portal{Shell: q.portalShell(), Tab: tab, Strong: q.own.Strong}
}

// ownPath is a participant's path with what its pages name things by. path.ID is empty when there is none.
func (q *request) ownPath(tx *db.Tx) (o onePath, worker unit.Worker, err error) {
	o.client.ID = q.own.Client
	if o.path, o.state, err = portal.Current(tx, q.s.Book); err != nil || o.path.ID == "" {
		return o, worker, err
	}
	o.paths = []path.Path{o.path}
	o.model = q.s.Book.Models.Get(o.state.Model, o.state.Version)
	workers, err := unit.Names(tx)
	if err != nil {
		return o, worker, err
	}
	o.house = unit.House{Workers: workers}
	o.names = q.names(o.model, workers, o.state)
	if o.state.Status != pathway.Closed && o.state.Responsible != "" {
		worker, err = unit.GetWorker(tx, o.state.Responsible)
	}
	return o, worker, err
}

// setOwnCookies keeps a participant's session, and for a new device its secret.
func (q *request) setOwnCookies(o portal.Opened) {
	q.setCookie(q.s.ownCookie(""), o.Token, 0)
	if o.Secret != "" {
		q.setCookie(q.s.ownCookie(deviceCookie), o.Secret, portal.DeviceMost)
	}
}

// chooseLang takes a language from the address of a page that nobody is signed in on.
func (q *request) chooseLang() {
	if l := q.FormValue("lang"); l != "" {
		q.lang = i18n.ParseLang(l)
		q.setCookie("lang", string(q.lang), 365*24*time.Hour)
	}
}
