package web

import (
	"net/http"
	"strings"

	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/journal"
	"polku/internal/portal"
	"polku/internal/web/view"
)

// accessPage shows how a client's own page stands: link, PIN, devices.
func (q *request) accessPage() error { return q.accessForm(nil) }

func (q *request) accessForm(cause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		a, err := portal.AccessOf(tx, o.client.ID)
		if err != nil {
			return nil, err
		}
		p := view.Access{Shell: sh, Who: q.identity(sh, o), Open: a.Open, OpenedBy: o.names("worker", a.OpenedBy), HasPIN: a.HasPIN, Locked: a.Locked, Tries: a.Tries,
			HasCode: o.client.HasCode, How: q.FormValue("how"), Errors: q.errorsOf(cause)}
		for at, into := range map[int64]*string{a.OpenedAt: &p.Opened, a.TriedAt: &p.Tried, a.Link: &p.Link} {
			if at > 0 {
				*into = q.when(at)
			}
		}
		for _, d := range a.Devices {
			p.Devices = append(p.Devices, q.deviceOf(d, false))
		}
		for _, k := range a.Passkeys {
			p.Passkeys = append(p.Passkeys, q.keyOf(k))
		}
		return p, nil
	}, cause)
}

// clientID is the client that the URL names, with or without a path.
func (q *request) clientID() string {
	id, _, _ := strings.Cut(q.PathValue("id"), ".")
	return id
}

// newPIN checks and hashes the PIN of the form.
func (q *request) newPIN(id string) (string, error) {
	pin := q.PostFormValue("pin")
	var key string
	err := q.view(func(tx *db.Tx) error {
		var err error
		key, err = portal.CheckPIN(tx, id, pin)
		return err
	})
	if err == nil && key != "" {
		err = fault.Fields(map[string]string{"pin": key})
	}
	if err != nil {
		return "", err
	}
	return q.s.Portal.HashPIN(id, pin)
}

// invite makes a link and shows it, once: the page is the answer to the form, since the link is kept nowhere.
func (q *request) invite() error {
	id := q.clientID()
	var pin portal.PIN
	var err error
	switch q.PostFormValue("how") {
	case "choose":
		pin.Choose = true
	case "agree":
		pin.Hash, err = q.newPIN(id)
	case "keep":
	default:
		err = fault.Fields(map[string]string{"how": "access.how_missing"})
	}
	var token string
	var until int64
	var o onePath
	if err == nil {
		o, err = q.onCase(func(tx *db.Tx, o onePath) error {
			var err error
			token, until, err = portal.Invite(tx, o.client.ID, pin)
			return err
		})
	}
	if fault.Is(err, fault.Invalid) {
		return q.accessForm(err)
	}
	if err != nil {
		return err
	}
	link := q.public() + "/p/i/" + token
	code, err := view.QR(link)
	if err != nil {
		return err
	}
	return q.render(view.Link{Shell: q.shell(view.NavClients), Client: o.id, Address: link, Code: code, Until: q.when(until), Choose: pin.Choose})
}

// public is the address that people reach the program at.
func (q *request) public() string {
	if q.s.Public != "" {
		return strings.TrimSuffix(q.s.Public, "/")
	}
	scheme := "http://"
	if q.s.Secure {
		scheme = "https://"
	}
	return scheme + q.Host + q.s.Base
}

// onAccess runs a command on a client's access and goes back to it.
func (q *request) onAccess(key string, fn func(tx *db.Tx, id string) error) error {
	o, err := q.onCase(func(tx *db.Tx, o onePath) error { return fn(tx, o.client.ID) })
	if fault.Is(err, fault.Invalid) {
		return q.accessForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: key})
	return q.redirect("/c/" + o.id + "/portal")
}

func (q *request) accessPIN() error {
	hash := ""
	if q.PostFormValue("do") == "new" {
		var err error
		if hash, err = q.newPIN(q.clientID()); fault.Is(err, fault.Invalid) {
			return q.accessForm(err)
		} else if err != nil {
			return err
		}
	}
	return q.onAccess("access.pin_saved", func(tx *db.Tx, id string) error { return portal.ResetPIN(tx, id, hash) })
}

func (q *request) accessDevices() error {
	return q.onAccess("access.devices_ended", portal.EndDevices)
}

func (q *request) accessClose() error { return q.onAccess("access.closed", portal.Close) }

// showPage asks what is shown to the client at the worker's own device, and why: who has no strong identification sees
// their data face to face (306/2019 s. 6).
func (q *request) showPage() error { return q.showForm(nil) }

func (q *request) showForm(cause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		return view.ShowAsk{Shell: sh, Who: q.identity(sh, o), Purpose: q.FormValue("purpose"), Errors: q.errorsOf(cause)}, nil
	}, cause)
}

// showClient writes the disclosure and shows the data after: a page for the client's eyes, without anything of others.
func (q *request) showClient() error {
	var what []string
	for _, w := range []string{"notes", "plan"} {
		if q.PostFormValue(w) != "" {
			what = append(what, w)
		}
	}
	purpose := strings.TrimSpace(q.PostFormValue("purpose"))
	wrong := map[string]string{}
	if len(what) == 0 {
		wrong["what"] = "show.nothing"
	}
	if purpose == "" {
		wrong["purpose"] = "show.no_purpose"
	}
	if err := fault.Fields(wrong); err != nil {
		return q.showForm(err)
	}
	p := view.Show{Shell: q.shell(view.NavClients)}
	err := q.update(func(tx *db.Tx) error {
		o, err := q.load(tx)
		if err != nil {
			return err
		}
		if err := audit.Disclose(tx, audit.Disclosure{Client: o.client.ID, Register: o.client.Register, ReceiverName: q.lang.T("show.receiver"), What: strings.Join(what, ","),
			Purpose: purpose, Basis: audit.ToClient, AskedBy: q.lang.T("show.receiver")}); err != nil {
			return err
		}
		p.Client, p.Name, p.Items, p.Plans, p.Tasks = o.id, o.client.Name(), nil, nil, nil
		p.Worker, p.Purpose, p.Service = o.house.Workers[q.me.Worker.ID], purpose, o.service.Name
		return q.shown(tx, o, what, &p)
	})
	if err != nil {
		return err
	}
	return q.renderStatus(http.StatusOK, p)
}

// shown reads what the client is shown.
func (q *request) shown(tx *db.Tx, o onePath, what []string, p *view.Show) error {
	for _, w := range what {
		switch w {
		case "notes":
			q.Form.Set("all", "1")
			t, err := q.timeline(tx, p.Shell, o, "", journal.Top)
			if err != nil {
				return err
			}
			if p.Items, err = q.forClient(tx, o, t.Items); err != nil {
				return err
			}
		case "plan":
			var learned view.Client
			if err := q.learned(tx, o, &learned); err != nil {
				return err
			}
			p.Plans = learned.Plans
			for _, t := range o.state.Tasks {
				p.Tasks = append(p.Tasks, q.step(o, t))
			}
		}
	}
	return nil
}
