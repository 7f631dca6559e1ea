package web

import (
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/portal"
	"polku/internal/web/view"
)

// keyName is what the participant's device calls their passkeys: the name of the page, of no service.
func (q *request) keyName() string { return q.lang.T("portal.name") }

// ownPasskeyAsk gives the browser what it needs to open a participant's page by a passkey, as JSON.
func (q *request) ownPasskeyAsk() error {
	options, step, err := q.s.Portal.BeginPasskey(q.Context(), q.visit().Origin, q.remoteIP())
	return q.stepJSON(options, step, err)
}

func (q *request) ownPasskeySignIn() error {
	o, err := q.s.Portal.FinishPasskey(q.Context(), q.underWay(), q.ownDevice(), q.visit().Origin, q.UserAgent(), []byte(q.PostFormValue("answer")))
	if err != nil {
		return q.inAgain(err)
	}
	return q.inOwn(o)
}

func (q *request) ownPasskeyNew() error {
	options, step, err := q.s.Portal.BeginRegister(q.Context(), q.own, q.visit().Origin, q.keyName())
	return q.stepJSON(options, step, err)
}

func (q *request) ownPasskeyKeep() error {
	err := q.s.Portal.FinishRegister(q.Context(), q.own, q.underWay(), q.visit().Origin, q.keyName(), q.UserAgent(), []byte(q.PostFormValue("answer")))
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Denied) || fault.Is(err, fault.Conflict) {
		return q.meForm(err)
	}
	if err != nil {
		return err
	}
	q.setCookie(q.s.cookieNamed("step"), "", 0)
	q.say(flash{Key: "portal.passkey_made"})
	return q.redirect("/p/me")
}

func (q *request) ownPasskeyEnd() error {
	err := q.update(func(tx *db.Tx) error { return portal.DropPasskey(tx, q.PostFormValue("passkey")) })
	if err != nil {
		return err
	}
	q.say(flash{Key: "portal.passkey_ended"})
	return q.redirect("/p/me")
}

// accessPasskey removes one of a client's passkeys, for their worker.
func (q *request) accessPasskey() error {
	return q.onAccess("access.passkey_ended", func(tx *db.Tx, id string) error { return portal.EndPasskey(tx, id, q.PostFormValue("passkey")) })
}

// keyOf puts a passkey into words: the kind of device that made it.
func (q *request) keyOf(k portal.Passkey) view.PortalDevice {
	d := q.deviceOf(portal.Device{ID: k.ID, Agent: k.Name, MadeAt: k.MadeAt}, false)
	d.Seen = ""
	if k.UsedAt > 0 {
		d.Seen = q.when(k.UsedAt)
	}
	return d
}
