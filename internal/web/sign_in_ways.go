package web

import (
	"encoding/json"
	"net/http"

	"polku/internal/fault"
	"polku/internal/login"
	"polku/internal/oidc"
	"polku/internal/web/view"
)

// passkeyAsk gives the browser what it needs to sign in by a passkey, as JSON.
func (q *request) passkeyAsk() error {
	options, step, err := q.s.Login.BeginPasskey(q.Context(), q.visit())
	return q.stepJSON(options, step, err)
}

// stepJSON answers a script with the options of a passkey and keeps the step's secret in its cookie.
func (q *request) stepJSON(options any, step string, err error) error {
	if err != nil {
		return err
	}
	q.setCookie(q.s.cookieNamed("step"), step, stepAge)
	data, err := json.Marshal(options)
	if err != nil {
		return fault.Wrap(err, "error.encode")
	}
	h := q.w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	_, err = q.w.Write(data)
	return fault.Wrap(err, "error.encode")
}

func (q *request) passkeySignIn() error {
	in, err := q.s.Login.FinishPasskey(q.Context(), q.underWay(), []byte(q.PostFormValue("answer")), q.entering())
	if err != nil {
		return q.signInAgain(err, q.PostFormValue("next"))
	}
	return q.entered(in, safeNext(q.PostFormValue("next")))
}

// signInAgain shows the sign-in page with what went wrong.
func (q *request) signInAgain(err error, next string) error {
	if kind := fault.Of(err); kind == fault.Internal || kind == fault.NotFound {
		return err
	}
	q.retryAfter(err)
	return q.renderStatus(statusOf[fault.Of(err)], q.signInView(view.SignIn{Next: next, Errors: view.ErrorsOf(q.lang, err)}))
}

// providerGo sends the browser to the organisation's own sign-in. It changes nothing, so it may be a link.
func (q *request) providerGo() error {
	ask := oidc.Ask{Lang: string(q.lang), Again: q.me.Worker.ID != ""} // signed in already: a fresh proof is wanted
	address, step, err := q.s.Login.BeginProvider(q.Context(), ask, safeNext(q.FormValue("next")), q.visit())
	if err != nil {
		return q.signInAgain(err, q.FormValue("next"))
	}
	q.setCookie(q.s.cookieNamed("step"), step, stepAge)
	http.Redirect(q.w, q.Request, address, http.StatusSeeOther)
	return nil
}

func (q *request) providerBack() error {
	in, next, err := q.s.Login.FinishProvider(q.Context(), q.underWay(), q.URL.Query(), q.entering())
	if err != nil {
		return q.signInAgain(err, next)
	}
	return q.entered(in, safeNext(next))
}

// providerLogout is where the provider itself tells that a session of its own has ended (back-channel logout).
func (q *request) providerLogout() error {
	q.w.Header().Set("Cache-Control", "no-store")
	err := q.s.Login.BackChannel(q.Context(), q.PostFormValue("logout_token"))
	if fault.Is(err, fault.Denied) {
		q.w.WriteHeader(http.StatusBadRequest) // Back-Channel Logout 1.0 s. 2.8
		return nil
	}
	return err
}

// providerOut is where the provider's own session ends; empty when it has no such page or does not answer.
func (q *request) providerOut() string {
	address, err := q.s.Login.Provider.LogoutURL(q.Context(), "", q.visit().Origin+q.s.Base+"/sign-in")
	if err != nil {
		return ""
	}
	return address
}

func (q *request) secondPage() error {
	if q.underWay() == "" {
		return q.redirect("/sign-in")
	}
	return q.render(view.SecondStep{Shell: q.shell(view.NavNone), Next: q.FormValue("next"), Passkeys: true})
}

func (q *request) second() error {
	in, err := q.s.Login.Second(q.Context(), q.underWay(), q.PostFormValue("code"), q.entering())
	next := q.PostFormValue("next")
	switch {
	case fault.Is(err, fault.Denied):
		return q.renderStatus(http.StatusForbidden, view.SecondStep{Shell: q.shell(view.NavNone), Next: next, Passkeys: true, Errors: view.ErrorsOf(q.lang, err)})
	case err != nil:
		return q.signInAgain(err, next)
	}
	return q.entered(in, safeNext(next))
}

func (q *request) resetPage() error { return q.render(view.ResetPage{Shell: q.shell(view.NavNone)}) }

func (q *request) reset() error {
	p := view.ResetPage{Shell: q.shell(view.NavNone), Code: q.PostFormValue("code")}
	var in login.Entered
	err := fault.Fields(map[string]string{"password2": "login.not_same"})
	if q.PostFormValue("password") == q.PostFormValue("password2") {
		in, err = q.s.Login.UseReset(q.Context(), p.Code, q.PostFormValue("password"), q.entering())
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Unavailable) {
		p.Errors = view.ErrorsOf(q.lang, err)
		q.retryAfter(err)
		return q.renderStatus(statusFor(err), p)
	}
	if err != nil {
		return err
	}
	return q.entered(in, waysPage)
}
