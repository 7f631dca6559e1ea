package web

import (
	"net/http"
	"strings"

	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/portal"
	"polku/internal/web/view"
)

func (q *request) portalMe() error { return q.meForm(nil) }

// meForm shows the participant's devices, language and PIN.
func (q *request) meForm(cause error) error {
	p := view.PortalMe{Portal: q.frame("me"), Errors: q.errorsOf(cause)}
	err := q.view(func(tx *db.Tx) error {
		devices, err := portal.Devices(tx)
		for _, d := range devices {
			p.Devices = append(p.Devices, q.deviceOf(d, d.ID == q.own.Device))
		}
		if err != nil {
			return err
		}
		keys, err := portal.Passkeys(tx)
		for _, k := range keys {
			p.Passkeys = append(p.Passkeys, q.keyOf(k))
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.renderStatus(statusFor(cause), p)
}

// deviceOf puts a device into words.
func (q *request) deviceOf(d portal.Device, this bool) view.PortalDevice {
	kind := "computer"
	switch {
	case strings.Contains(d.Agent, "iPhone"), strings.Contains(d.Agent, "iPad"):
		kind = "apple"
	case strings.Contains(d.Agent, "Android"):
		kind = "android"
	}
	return view.PortalDevice{ID: d.ID, Name: q.lang.T("portal.device." + kind), Made: q.when(d.MadeAt), Seen: q.when(d.SeenAt), This: this, Open: d.Here}
}

func (q *request) portalLang() error {
	lang := i18n.ParseLang(q.PostFormValue("lang"))
	if err := q.update(func(tx *db.Tx) error { return portal.SaveLang(tx, string(lang)) }); err != nil {
		return err
	}
	q.say(flash{Key: "portal.lang_saved"})
	return q.redirect("/p/me")
}

func (q *request) portalPIN() error {
	v := q.PostFormValue
	err := q.s.Portal.ChangePIN(q.Context(), q.own, v("old"), v("pin"), v("again"))
	if fault.Is(err, fault.Invalid) {
		return q.meForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "portal.pin_saved"})
	return q.redirect("/p/me")
}

// portalDevice ends one of the participant's own devices; ending this one is signing out.
func (q *request) portalDevice() error {
	device := q.PostFormValue("device")
	if err := q.update(func(tx *db.Tx) error { return portal.EndDevice(tx, device) }); err != nil {
		return err
	}
	if device == q.own.Device {
		q.setCookie(q.s.ownCookie(""), "", 0)
		q.setCookie(q.s.ownCookie(deviceCookie), "", 0)
		return q.redirect("/p/?left=1")
	}
	q.say(flash{Key: "portal.device_ended"})
	return q.redirect("/p/me")
}

// portalStrong tells what more there is to see, and how: by identification, or together with the worker.
func (q *request) portalStrong() error { return q.strongPage(nil) }

func (q *request) strongPage(cause error) error {
	p := view.PortalStrong{Portal: q.frame("strong"), Offered: q.s.Portal.Strong != nil, Errors: q.errorsOf(cause)}
	err := q.view(func(tx *db.Tx) error {
		_, worker, err := q.ownPath(tx)
		p.Worker, p.WorkerPhone, p.WorkerTel = worker.Name, phoneText(worker.Phone), worker.Phone
		return err
	})
	if err != nil {
		return err
	}
	return q.renderStatus(statusFor(cause), p)
}

// portalStrongGo sends the browser to the identification. It is no form: the policy lets forms go nowhere else.
func (q *request) portalStrongGo() error {
	token, err := q.ownToken()
	if err != nil {
		return err
	}
	address, err := q.s.Portal.BeginStrong(q.Context(), q.own, token, string(q.lang))
	if fault.Is(err, fault.Unavailable) {
		return q.strongPage(err)
	}
	if err != nil {
		return err
	}
	http.Redirect(q.w, q.Request, address, http.StatusSeeOther)
	return nil
}

func (q *request) portalStrongBack() error {
	token, err := q.ownToken()
	if err != nil {
		return err
	}
	fresh, err := q.s.Portal.FinishStrong(q.Context(), q.own, token, q.URL.Query())
	if fault.Is(err, fault.Denied) || fault.Is(err, fault.Invalid) || fault.Is(err, fault.Unavailable) {
		return q.strongPage(err)
	}
	if err != nil {
		return err
	}
	q.setCookie(q.s.ownCookie(""), fresh, 0)
	return q.redirect("/p/notes")
}

func (q *request) ownToken() (string, error) {
	c, err := q.Cookie(q.s.ownCookie(""))
	if err != nil {
		return "", fault.E(fault.SignIn, "portal.over", nil)
	}
	return c.Value, nil
}

// portalNotes is what the staff have written, newest first.
func (q *request) portalNotes() error {
	before, err := placeInJournal(q.FormValue("before"))
	if err != nil {
		return err
	}
	p := view.PortalRecords{Portal: q.frame("strong")}
	return q.show(func(tx *db.Tx) error {
		o, _, err := q.ownPath(tx)
		if err != nil || o.path.ID == "" {
			return err
		}
		t, err := q.timeline(tx, p.Shell, o, "", before)
		if err != nil {
			return err
		}
		p.Items, err = q.forClient(tx, o, t.Items)
		if t.Next != "" {
			_, query, _ := strings.Cut(t.Next, "?")
			p.Older = "/p/notes?" + query
		}
		return err
	}, func() page { return p })
}

// forClient leaves out of a timeline what was taken back. Of what is withheld only that it is, and why, is left
// (1050/2018 s. 34.3); decisions about that are not told twice.
func (q *request) forClient(tx *db.Tx, o onePath, items []view.Item) ([]view.Item, error) {
	withheld, err := q.s.Book.Withheld(tx, o.client.ID)
	var shown []view.Item
	for _, it := range items {
		if it.Retract || it.Kind == entry.KindWithhold {
			continue
		}
		if w := withheld[it.ID]; w != nil {
			it = view.Item{ID: it.ID, Day: it.Day, Minute: -1, Kind: it.Kind, Said: view.Said{Title: q.lang.T("withhold.own"),
				Text: q.lang.T("withhold.own_why", "why", w.Why, "ground", q.lang.T("withhold.law."+w.Ground))}}
		}
		if withheld[it.StepID] != nil {
			it.Step = nil
		}
		shown = append(shown, it)
	}
	return shown, err
}
