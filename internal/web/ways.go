package web

import (
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/login"
	"polku/internal/web/view"
)

// waysPage is where people look after how they sign in.
const waysPage = "/settings/sign-in"

func (q *request) waysPage() error { return q.ways(nil, view.Ways{}) }

// ways shows how the person signs in, with what has just been made for them: it is shown this once.
func (q *request) ways(cause error, p view.Ways) error {
	p.Shell = q.shell(view.NavMore)
	p.Errors, p.Proved, p.MustSetUp, p.Device = q.errorsOf(cause), q.me.Proved(q.at), q.me.MustSetUp, login.Family(q.UserAgent())
	err := q.view(func(tx *db.Tx) error {
		has, err := login.SecondOf(tx, q.me.Worker.ID)
		if err != nil {
			return err
		}
		p.TOTP, p.Recovery, p.Password = has.TOTP, has.Recovery, has.Password
		keys, err := login.Passkeys(tx, q.me.Worker.ID)
		if err != nil {
			return err
		}
		for _, k := range keys {
			p.Passkeys = append(p.Passkeys, view.PasskeyLine{ID: k.ID, Name: k.Name, Made: q.instant(p.Shell, k.Made), Used: q.instant(p.Shell, k.UsedAt)})
		}
		p.Sessions, err = q.sessionLines(tx, p.Shell, q.me.Worker.ID)
		return err
	})
	if err != nil {
		return err
	}
	return q.renderStatus(statusFor(cause), p)
}

// instant says an instant as people do; empty for none.
func (q *request) instant(sh view.Shell, micros int64) string {
	if micros == 0 {
		return ""
	}
	day, minute := wall(q, micros)
	return sh.At(day, minute)
}

func (q *request) sessionLines(tx *db.Tx, sh view.Shell, worker string) ([]view.SessionLine, error) {
	sessions, err := login.Sessions(tx, worker)
	var lines []view.SessionLine
	for _, s := range sessions {
		line := view.SessionLine{ID: s.ID, Device: s.Family, Means: q.lang.T("means." + s.Means), Place: s.Place, Begun: q.instant(sh, s.Begun), Seen: q.instant(sh, s.Seen), Here: s.ID == q.me.Session}
		switch s.Place {
		case login.PlaceHere, login.PlaceInside:
			line.Place = q.lang.T("place." + s.Place)
		}
		if line.Device == "" {
			line.Device = q.lang.T("ways.device")
		}
		lines = append(lines, line)
	}
	return lines, err
}

// changed answers a change of how one signs in: mistakes are shown on the page, a new token is kept, and the next page
// says what was done.
func (q *request) changed(err error, token, key string) error {
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) || fault.Is(err, fault.Unavailable) {
		return q.ways(err, view.Ways{})
	}
	if err != nil {
		return err
	}
	if token != "" {
		q.setCookie(q.s.cookieName(), token, 0)
		q.setCookie(q.s.cookieNamed("step"), "", 0)
	}
	q.say(flash{Key: key})
	return q.redirect(waysPage)
}

func (q *request) passkeyNew() error {
	options, step, err := q.s.Login.BeginRegister(q.Context(), q.me, q.visit())
	return q.stepJSON(options, step, err)
}

func (q *request) passkeyKeep() error {
	token, err := q.s.Login.FinishRegister(q.Context(), q.me, q.underWay(), q.PostFormValue("name"), []byte(q.PostFormValue("answer")), q.visit())
	return q.changed(err, token, "flash.passkey")
}

func (q *request) passkeyDelete() error {
	return q.changed(q.s.Login.DropPasskey(q.Context(), q.me, q.PathValue("id")), "", "flash.passkey_gone")
}

// totpNew shows the picture that a code generator reads.
func (q *request) totpNew() error {
	g, err := q.s.Login.NewGenerator(q.Context(), q.me)
	if err != nil {
		return q.changed(err, "", "")
	}
	return q.ways(nil, view.Ways{QR: g.QR, Secret: g.Secret})
}

func (q *request) totpConfirm() error {
	token, err := q.s.Login.ConfirmGenerator(q.Context(), q.me, q.PostFormValue("code"))
	if fault.Is(err, fault.Invalid) { // the same picture stays on the person's screen in the other program: they try again
		return q.ways(err, view.Ways{Trying: true})
	}
	return q.changed(err, token, "flash.totp")
}

func (q *request) totpDelete() error {
	return q.changed(q.s.Login.DropGenerator(q.Context(), q.me), "", "flash.totp_gone")
}

func (q *request) recoveryNew() error {
	codes, err := q.s.Login.NewRecoveryCodes(q.Context(), q.me)
	if err != nil {
		return q.changed(err, "", "")
	}
	return q.ways(nil, view.Ways{Codes: codes})
}

func (q *request) sessionEnd() error {
	err := q.update(func(tx *db.Tx) error { return login.EndSession(tx, q.me.Worker.ID, q.PathValue("id")) })
	return q.changed(err, "", "flash.session_ended")
}

func (q *request) sessionsEnd() error {
	err := q.update(func(tx *db.Tx) error { return login.EndOthers(tx, q.me.Worker.ID) })
	return q.changed(err, "", "flash.session_ended")
}
