package web

import (
	"net/http"

	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/portal"
	"polku/internal/web/view"
)

// portalHome is where a participant's bookmark leads: on to today, to the PIN, or to a kind word.
func (q *request) portalHome() error {
	if q.own.Client != "" {
		return q.redirect("/p/today")
	}
	q.chooseLang()
	p := view.PortalIn{Shell: q.portalShell(), Left: q.FormValue("left") != ""}
	known, err := q.s.Portal.Known(q.Context(), q.ownDevice())
	if err != nil {
		return err
	}
	p.Nobody = !known
	return q.render(p)
}

// portalLink opens a link from a worker. Looking at it uses nothing up: programs that preview links do.
func (q *request) portalLink() error {
	q.chooseLang()
	return q.linkForm(http.StatusOK, q.PathValue("token"), nil)
}

func (q *request) linkForm(status int, token string, cause error) error {
	choose, err := q.s.Portal.Chooses(q.Context(), token)
	if err != nil {
		return err
	}
	return q.renderStatus(status, view.PortalIn{Shell: q.portalShell(), Token: token, Choose: choose, Errors: q.errorsOf(cause)})
}

func (q *request) portalOpen() error {
	v := q.PostFormValue
	o, err := q.s.Portal.Open(q.Context(), v("token"), v("pin"), v("again"), q.UserAgent(), q.remoteIP())
	if err != nil {
		if fault.Of(err) == fault.Internal {
			return err
		}
		q.retryAfter(err)
		return q.linkForm(statusOf[fault.Of(err)], v("token"), err)
	}
	q.setOwnCookies(o)
	return q.redirect("/p/today")
}

func (q *request) portalSignIn() error {
	o, err := q.s.Portal.SignIn(q.Context(), q.ownDevice(), q.PostFormValue("pin"), q.UserAgent(), q.remoteIP())
	if err != nil {
		return q.inAgain(err)
	}
	return q.inOwn(o)
}

// ownDevice is the secret of a browser that is known; empty: it is not.
func (q *request) ownDevice() string {
	c, err := q.Cookie(q.s.ownCookie(deviceCookie))
	if err != nil {
		return ""
	}
	return c.Value
}

// inAgain shows the way in with what went wrong.
func (q *request) inAgain(err error) error {
	if fault.Of(err) == fault.Internal {
		return err
	}
	known, lost := q.s.Portal.Known(q.Context(), q.ownDevice())
	if lost != nil {
		return lost
	}
	q.retryAfter(err)
	return q.renderStatus(statusOf[fault.Of(err)], view.PortalIn{Shell: q.portalShell(), Nobody: !known, Text: q.PostFormValue("text"), Draft: q.PostFormValue("draft"), Errors: q.errorsOf(err)})
}

// inOwn leads a participant in, with what they were writing.
func (q *request) inOwn(o portal.Opened) error {
	v := q.PostFormValue
	q.setOwnCookies(o)
	if v("text") == "" {
		return q.redirect("/p/today")
	}
	// What was being written when the session ended becomes a draft.
	q.own, q.who = o.Who, o.Who.Actor(q.who.Screen, q.who.Request)
	var id string
	err := q.update(func(tx *db.Tx) error {
		var err error
		if id, err = portal.SaveDraft(tx, v("draft"), v("text")); fault.Is(err, fault.NotFound) {
			id, err = portal.SaveDraft(tx, "", v("text"))
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.redirect("/p/write/" + id)
}

// portalSignOut ends the session; with forget the device too. Nothing of the page stays in the browser.
func (q *request) portalSignOut() error {
	forget := q.PostFormValue("forget") != ""
	if c, err := q.Cookie(q.s.ownCookie("")); err == nil {
		if err := q.s.Portal.SignOut(q.Context(), c.Value, forget); err != nil {
			return err
		}
	}
	q.setCookie(q.s.ownCookie(""), "", 0)
	if forget {
		q.setCookie(q.s.ownCookie(deviceCookie), "", 0)
	}
	q.w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return q.redirect("/p/?left=1")
}
