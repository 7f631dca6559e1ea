package web

import (
	"errors"
	"net/http"
	"time"

	"polku/internal/fault"
	"polku/internal/i18n"
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
	return q.render(view.SignIn{Shell: q.shell(view.NavNone), Next: q.FormValue("next"), Left: q.FormValue("left") != "", Again: q.FormValue("next") != ""})
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
		token, _, err := q.s.Login.AsPersona(q.Context(), persona, q.UserAgent())
		if err != nil {
			return err
		}
		return q.signedIn(token, next)
	}
	user := q.PostFormValue("user")
	token, _, err := q.s.Login.SignIn(q.Context(), user, q.PostFormValue("password"), q.UserAgent(), q.remoteIP())
	if err != nil {
		p := view.SignIn{Shell: q.shell(view.NavNone), Name: user, Next: q.PostFormValue("next"), Errors: view.ErrorsOf(q.lang, err)}
		var f *fault.Error
		if errors.As(err, &f) {
			if n, ok := f.Args["seconds"].(int); ok {
				p.Wait = n
			}
		}
		return q.renderStatus(statusOf[fault.Of(err)], p)
	}
	return q.signedIn(token, next)
}

func (q *request) signedIn(token, next string) error {
	q.setCookie(q.s.cookieName(), token, 0)
	return q.redirect(next)
}

func (q *request) signOut() error {
	if c, err := q.Cookie(q.s.cookieName()); err == nil {
		if err := q.s.Login.SignOut(q.Context(), c.Value); err != nil {
			return err
		}
	}
	q.setCookie(q.s.cookieName(), "", 0)
	q.w.Header().Set("Clear-Site-Data", `"cache", "storage"`) // drafts hold personal data: none stay behind
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
	token, _, err := q.s.Login.SignIn(q.Context(), p.Account, password, q.UserAgent(), q.remoteIP())
	if err != nil {
		return err
	}
	return q.signedIn(token, "/users")
}
