package web

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/a-h/templ"

	"polku/internal/actor"
	"polku/internal/approval"
	"polku/internal/caseload"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/emergency"
	"polku/internal/i18n"
	"polku/internal/login"
	"polku/internal/petition"
	"polku/internal/portal"
	"polku/internal/review"
	"polku/internal/unit"
	"polku/internal/web/view"
)

// request is one request on its way: who asks, in which language, and the server behind.
type request struct {
	*http.Request
	s    *server
	w    http.ResponseWriter
	who  actor.Actor
	me   login.Who // zero when nobody is signed in
	lang i18n.Lang
	at   time.Time

	portal bool       // an address of participants: workers' sessions count for nothing here, and the reverse
	own    portal.Who // the participant; zero when nobody is signed in, and on every other address
}

// page is a view's page struct.
type page interface{ Page() templ.Component }

// view runs a read and notes what was seen, durably, before anything is written.
func (q *request) view(fn func(tx *db.Tx) error) error { return q.s.DB.View(q.Context(), q.who, fn) }

// show runs a read and sends the page that it leads to. The page is put together while the log row of what was seen
// becomes durable, and leaves after it has. Without a page (nil) nothing is sent: the caller redirects.
func (q *request) show(fn func(tx *db.Tx) error, page func() page) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	err := q.s.DB.ViewThen(q.Context(), q.who, fn, func() error {
		p := page()
		if p == nil {
			return nil
		}
		return p.Page().Render(context.Background(), buf)
	})
	if err == nil && buf.Len() > 0 {
		q.send(http.StatusOK, buf)
	}
	return err
}

// update runs a command.
func (q *request) update(fn func(tx *db.Tx) error) error {
	return q.s.DB.Update(q.Context(), q.who, fn)
}

// buffers are what pages are written into before they leave.
var buffers = sync.Pool{New: func() any { return bytes.NewBuffer(make([]byte, 0, 64<<10)) }}

// render writes a page whole, or not at all.
func (q *request) render(p page) error { return q.renderStatus(http.StatusOK, p) }

func (q *request) renderStatus(status int, p page) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	if err := p.Page().Render(context.Background(), buf); err != nil {
		return err
	}
	q.send(status, buf)
	return nil
}

func (q *request) send(status int, buf *bytes.Buffer) {
	h := q.w.Header()
	h.Set("Content-Length", strconv.Itoa(buf.Len()))
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store") // personal data never stay in a cache
	q.w.WriteHeader(status)
	q.w.Write(buf.Bytes()) // a reader who has gone is no fault of ours
}

// redirect answers a command with the page to go on to. A form in a panel is told the address instead: the
// browser must open it as a page, or the message that waits for it would be lost.
func (q *request) redirect(path string) error {
	if q.Method == http.MethodPost && q.Header.Get("Polku-Part") == "panel" {
		q.w.Header().Set("Polku-Location", q.s.Base+path)
		q.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(q.w, q.Request, q.s.Base+path, http.StatusSeeOther)
	return nil
}

// shell is what every page has around it. Inside a View it also counts what the navigation shows.
func (q *request) shell(nav view.Nav) view.Shell {
	local := q.at.In(q.s.DB.Zone)
	return view.Shell{
		Lang: q.lang, Base: q.s.Base, Day: civil.Of(q.at, q.s.DB.Zone), Clock: local.Hour()*60 + local.Minute(),
		User: q.me.Worker.Name, UserKey: q.me.Worker.ID, Nav: nav, Can: q.can(), Theme: q.me.Worker.Theme,
		KeysOff: q.me.Worker.ID != "" && !q.me.Worker.Shortcuts, Demo: q.s.Demo, Flash: q.takeFlash(), Rights: q.me.Rights, Reset: q.me.Reset != "",
		Trouble: troubleKey(q.s.DB.Trouble()),
	}
}

// counted fills in the figures of the navigation and what a page says at its top.
func (q *request) counted(tx *db.Tx, sh *view.Shell) error {
	if err := q.alerted(tx, sh); err != nil || !sh.Can.Clients {
		return err
	}
	var err error
	sh.Now, sh.Handoffs, err = caseload.Waiting(tx)
	return err
}

// alerted fills in what waits for the person beside their clients: uses of break-glass, requests that are late, reads
// that they are asked about.
func (q *request) alerted(tx *db.Tx, sh *view.Shell) error {
	var err error
	if sh.Approvals, err = approval.Waiting(tx); err != nil {
		return err
	}
	if sh.Can.Hanging || sh.Can.Reviews {
		if _, sh.Late, err = petition.Waiting(tx); err != nil {
			return err
		}
	}
	if !sh.Can.Clients {
		return nil
	}
	if sh.Asked, err = review.AskedCount(tx); err != nil {
		return err
	}
	sh.Opened, err = emergency.Told(tx)
	return err
}

// keeps tells whether the person decides with others what is destroyed and taken out (approval.May asks the database).
func (q *request) keeps() bool {
	return q.me.Worker.Admin || q.me.Keeps
}

func (q *request) coordinates() bool { return q.me.HasCases && q.me.Role == unit.RoleCoordinator }

func (q *request) can() view.Can {
	return view.Can{
		Clients: q.me.HasCases, New: q.me.HasCases, Import: q.me.HasCases, Cover: q.me.HasCases,
		Reviews: q.me.KeepsRights, Hanging: q.coordinates(), Figures: q.seesFigures(), Admin: q.me.Worker.Admin,
		Keeps: q.keeps(),
	}
}

// day reads a form field as a day; zero when it is empty or no day.
func (q *request) day(field string) civil.Date { return parseDay(q.PostFormValue(field)) }

// parseDay reads 2026-03-01 (as browsers send it) or 1.3.2026 (as people type it); zero when it is neither.
func parseDay(s string) civil.Date {
	if d, err := civil.Parse(s); err == nil {
		return d
	}
	for _, form := range []string{"2.1.2006", "2.1.06", "2/1/2006"} {
		if t, err := time.Parse(form, s); err == nil {
			return civil.New(t.Year(), int(t.Month()), t.Day())
		}
	}
	return 0
}
