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
	c, err := q.Cookie(q.s.ownCookie(deviceCookie))
	if err == nil {
		known, err := q.s.Portal.Known(q.Context(), c.Value)
		if err != nil {
			return err
		}
		if known {
			return q.render(p)
		}
	}
	p.Nobody = true
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
	v := q.PostFormValue
	device := ""
	if c, err := q.Cookie(q.s.ownCookie(deviceCookie)); err == nil {
		device = c.Value
	}
	o, err := q.s.Portal.SignIn(q.Context(), device, v("pin"), q.UserAgent(), q.remoteIP())
	if err != nil {
		if fault.Of(err) == fault.Internal {
			return err
		}
		q.retryAfter(err)
		return q.renderStatus(statusOf[fault.Of(err)], view.PortalIn{Shell: q.portalShell(), Text: v("text"), Draft: v("draft"), Errors: q.errorsOf(err)})
	}
	q.setOwnCookies(o)
	if v("text") == "" {
		return q.redirect("/p/today")
	}
	// What was being written when the session ended becomes a draft.
	q.own, q.who = o.Who, o.Who.Actor(q.who.Screen, q.who.Request)
	var id string
	err = q.update(func(tx *db.Tx) error {
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
