package web

import (
	"net/http"
	"net/url"
	"time"

	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/login"
	"polku/internal/unit"
	"polku/internal/web/view"
)

// chooseLanguage takes the language that a link on a page for anybody names, and remembers it.
func (q *request) chooseLanguage() {
	if l := q.FormValue("lang"); l != "" {
		q.lang = i18n.ParseLang(l)
		q.setCookie("lang", string(q.lang), 365*24*time.Hour)
	}
}

func (q *request) signInPage() error {
	q.chooseLanguage()
	if none, err := q.s.Login.NoWorkers(q.Context()); err != nil {
		return err
	} else if none {
		return q.redirect("/first")
	}
	if len(q.s.Personas) > 0 && q.FormValue("password") == "" {
		return q.personas()
	}
	return q.render(q.signInView(view.SignIn{Next: q.FormValue("next"), Left: q.FormValue("left") != "", Again: q.FormValue("next") != ""}))
}

// signInView is the sign-in page with the ways in that there are.
func (q *request) signInView(p view.SignIn) view.SignIn {
	p.Shell, p.Prove = q.shell(view.NavNone), q.me.Worker.ID != ""
	if q.s.Login.Provider != nil {
		p.Provider = q.s.Login.Provider.Label
		if q.FormValue("left") == login.MeansProvider {
			p.Out = q.providerOut()
		}
	}
	return p
}

// visit is what the browser brings along.
func (q *request) visit() login.Visit {
	v := login.Visit{Agent: q.UserAgent(), Remote: q.remoteIP(), Origin: q.s.Origin}
	if c, err := q.Cookie(q.s.cookieNamed("device")); err == nil {
		v.Device = c.Value
	}
	if v.Origin == "" {
		v.Origin = "http://" + q.Host
		if q.s.Secure {
			v.Origin = "https://" + q.Host
		}
	}
	return v
}

// entering is visit for a sign-in: a browser that is new here gets its device's secret.
func (q *request) entering() login.Visit {
	v := q.visit()
	if v.Device == "" {
		v.Device = login.NewDevice()
		q.setCookie(q.s.cookieNamed("device"), v.Device, 365*24*time.Hour)
	}
	return v
}

func (q *request) personas() error {
	p := view.Personas{Shell: q.shell(view.NavNone)}
	for _, x := range q.s.Personas {
		p.Personas = append(p.Personas, view.Persona{ID: x.Worker, Name: x.Name, Role: q.lang.T(x.RoleKey), Unit: x.Unit, Sees: q.lang.T(x.SeesKey), Initials: unit.Initials(x.Name)})
	}
	return q.render(p)
}

func (q *request) signIn() error {
	next := safeNext(q.PostFormValue("next"))
	if persona := q.PostFormValue("persona"); persona != "" && len(q.s.Personas) > 0 {
		in, err := q.s.Login.AsPersona(q.Context(), persona, q.entering())
		if err != nil {
			return err
		}
		return q.entered(in, next)
	}
	user := q.PostFormValue("user")
	in, err := q.s.Login.SignIn(q.Context(), user, q.PostFormValue("password"), q.entering())
	if err != nil {
		p := q.signInView(view.SignIn{Name: user, Next: q.PostFormValue("next"), Errors: view.ErrorsOf(q.lang, err), Wait: q.retryAfter(err)})
		return q.renderStatus(statusOf[fault.Of(err)], p)
	}
	return q.entered(in, next)
}

// entered keeps the new session, or goes on to the second factor. The session that the browser had before ends: its
// token is worth nothing from here on.
func (q *request) entered(in login.Entered, next string) error {
	if in.Token == "" {
		q.setCookie(q.s.cookieNamed("step"), in.Step, stepAge)
		return q.redirect("/sign-in/second?next=" + url.QueryEscape(next))
	}
	if c, err := q.Cookie(q.s.cookieName()); err == nil {
		if err := q.s.Login.SignOut(q.Context(), c.Value); err != nil {
			return err
		}
	}
	q.setCookie(q.s.cookieNamed("step"), "", 0)
	q.setCookie(q.s.cookieName(), in.Token, 0)
	return q.redirect(next)
}

// stepAge is how long the cookie of a sign-in under way stays.
const stepAge = 10 * time.Minute

// underWay is the secret of the sign-in under way; empty: none.
func (q *request) underWay() string {
	c, err := q.Cookie(q.s.cookieNamed("step"))
	if err != nil {
		return ""
	}
	return c.Value
}

func (q *request) signOut() error {
	if c, err := q.Cookie(q.s.cookieName()); err == nil {
		if err := q.s.Login.SignOut(q.Context(), c.Value); err != nil {
			return err
		}
	}
	q.setCookie(q.s.cookieName(), "", 0)
	q.w.Header().Set("Clear-Site-Data", `"cache", "storage"`) // drafts hold personal data: none stay behind
	if q.me.Means == login.MeansProvider {
		return q.redirect("/sign-in?left=" + login.MeansProvider)
	}
	return q.redirect("/sign-in?left=1")
}

func (q *request) firstPage() error {
	if none, err := q.s.Login.NoWorkers(q.Context()); err != nil || !none {
		if err == nil {
			err = q.redirect("/sign-in")
		}
		return err
	}
	return q.render(view.FirstAdmin{Shell: q.shell(view.NavNone)})
}

func (q *request) first() error {
	p := view.FirstAdmin{Shell: q.shell(view.NavNone), Code: q.PostFormValue("code"), Name: q.PostFormValue("name"), Account: q.PostFormValue("user")}
	password := q.PostFormValue("password")
	if password != q.PostFormValue("password2") {
		p.Errors = view.ErrorsOf(q.lang, fault.Fields(map[string]string{"password2": "login.not_same"}))
		return q.renderStatus(http.StatusUnprocessableEntity, p)
	}
	if _, err := q.s.Login.CreateFirst(q.Context(), p.Code, p.Name, p.Account, password); err != nil {
		if fault.Of(err) != fault.Invalid && fault.Of(err) != fault.Denied {
			return err
		}
		p.Errors = view.ErrorsOf(q.lang, err)
		return q.renderStatus(statusOf[fault.Of(err)], p)
	}
	in, err := q.s.Login.SignIn(q.Context(), p.Account, password, q.entering())
	if err != nil {
		return err
	}
	return q.entered(in, "/users")
}
