package web

import (
	"slices"
	"strconv"
	"strings"

	"polku/internal/audit"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/hetu"
	"polku/internal/importing"
	"polku/internal/phone"
	"polku/internal/web/view"
)

func (q *request) editPage() error { return q.editForm(nil) }

// editAddress is the edit page with the address that a safety ban hides: a deliberate act with log rows of its own.
func (q *request) editAddress() error {
	if _, err := q.onCase(func(tx *db.Tx, o onePath) error { return audit.Command(tx, o.client.ID, "client.address") }); err != nil {
		return err
	}
	return q.editForm(nil)
}

// addressHidden tells whether the form is without the address: the client is under a safety ban, and nobody asked for it.
func (q *request) addressHidden(c client.Client) bool {
	return c.SafetyBan && q.who.Screen != "POST /c/{id}/address" && !q.PostForm.Has("address")
}

// editForm shows a client's data as they stand; after a mistake or a conflict, as they were typed, and then what
// somebody else has saved meanwhile is told field by field: saving again decides.
func (q *request) editForm(cause error) error {
	typed := fault.Is(cause, fault.Invalid) || fault.Is(cause, fault.Conflict)
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		c := o.client
		p := view.Edit{Shell: sh, Who: q.identity(sh, o), Rev: c.Rev, HasCode: c.HasCode, TempID: c.TempID, Provisional: c.Provisional,
			Last: c.LastName, First: c.FirstName, Phone: phoneText(c.Phone), Email: c.Email, Address: c.Address, Municipality: c.Municipality,
			Number: c.Number, Note: c.Note, Ban: c.SafetyBan, Hidden: q.addressHidden(c), Languages: q.languages(c.Lang), Errors: q.errorsOf(cause)}
		asked, err := q.asked(tx, c.ID)
		if err != nil {
			return p, err
		}
		if asked != nil {
			p.Answers = view.Asking{ID: asked.ID, What: asked.What}
		}
		if p.Hidden {
			p.Address, p.Municipality = "", ""
		}
		if typed {
			v := q.PostFormValue
			p.Last, p.First, p.Hetu, p.Phone, p.Email, p.Address = v("last"), v("first"), v("hetu"), v("phone"), v("email"), v("address")
			p.Municipality, p.Number, p.Note, p.Ban = v("municipality"), v("number"), v("note"), v("ban") != ""
			p.Languages = q.languages(v("language"))
			if v("rev") != strconv.FormatInt(c.Rev, 10) {
				p.Ban = p.Ban || c.SafetyBan // a ban that somebody set is never lost in passing
				p.Errors = append(p.Errors, q.savedMeanwhile(c)...)
			}
		}
		if c.Provisional {
			return p, q.namesakes(tx, &p, o)
		}
		return p, nil
	}, cause)
}

// savedMeanwhile tells, of each field that stands otherwise than it was typed, how it stands.
func (q *request) savedMeanwhile(c client.Client) view.Errors {
	var all view.Errors
	for _, f := range []struct{ field, stands string }{{"first", c.FirstName}, {"last", c.LastName}, {"phone", phoneText(c.Phone)}, {"email", c.Email},
		{"address", c.Address}, {"municipality", c.Municipality}, {"language", c.Lang}, {"number", c.Number}, {"note", c.Note}} {
		if strings.TrimSpace(q.PostFormValue(f.field)) == f.stands || !q.PostForm.Has(f.field) {
			continue
		}
		if f.field == "language" {
			f.stands = q.language(f.stands)
		}
		if f.stands == "" {
			f.stands = q.lang.T("edit.empty")
		}
		all = append(all, view.FieldError{Field: f.field, Text: q.lang.T("edit.stands", "value", f.stands)})
	}
	return all
}

// namesakes looks for who somebody known by a short name may be: by what was asked, else by the name itself.
func (q *request) namesakes(tx *db.Tx, p *view.Edit, o onePath) error {
	p.Q, p.Asked = strings.TrimSpace(q.PostFormValue("q")), true
	text := p.Q
	if text == "" {
		text = o.client.FirstName
	}
	found, err := client.Find(tx, q.s.Keys, text)
	if err != nil {
		return err
	}
	found = slices.DeleteFunc(found, func(h client.Hit) bool { return h.ID == o.client.ID || h.Register != o.client.Register })
	p.Hits, err = q.hits(tx, found)
	return err
}

func (q *request) edit() error {
	v := q.PostFormValue
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		was, err := client.Get(tx, o.client.ID)
		if err != nil {
			return err
		}
		wrong := map[string]string{}
		ch := client.Change{LastName: v("last"), FirstName: v("first"), Phone: v("phone"), Email: v("email"), Address: v("address"), Municipality: v("municipality"),
			Lang: v("language"), Number: v("number"), Note: v("note"), SafetyBan: v("ban") != ""}
		if q.addressHidden(was) {
			ch.Address, ch.Municipality = was.Address, was.Municipality
		}
		ch.Rev, _ = strconv.ParseInt(v("rev"), 10, 64) // a missing one is a conflict
		if strings.TrimSpace(ch.LastName+ch.FirstName) == "" {
			wrong["last"] = "client.no_name"
		}
		if e164, ok := phone.Parse(ch.Phone); ok {
			ch.Phone = string(e164)
		}
		var code hetu.Code
		if typed := strings.TrimSpace(v("hetu")); typed != "" && !was.HasCode {
			if code, err = hetu.Parse(typed); err != nil {
				wrong["hetu"] = err.(*fault.Error).Key
			}
		}
		if err := fault.Fields(wrong); err != nil {
			return err
		}
		if err := client.Update(tx, o.client.ID, ch); err != nil {
			return err
		}
		if err := q.answered(tx, o.client.ID, "petition.done_rectify"); err != nil {
			return err
		}
		if err := noteEdit(tx, o.client.ID, was.SafetyBan, ch.SafetyBan); err != nil || code == "" {
			return err
		}
		return client.AddCode(tx, q.s.Keys, o.client.ID, code)
	})
	if fault.Is(err, fault.Conflict) {
		return q.editForm(err)
	}
	return q.done(o, err, flash{Key: "flash.client_saved", Saved: "edit:" + o.id}, q.editForm)
}

// noteEdit writes down that a client's basic data were changed, and a safety ban set or lifted by a row of its own.
func noteEdit(tx *db.Tx, id string, was, banned bool) error {
	var err error
	switch {
	case banned && !was:
		err = audit.Command(tx, id, "client.ban_set")
	case was && !banned:
		err = audit.Command(tx, id, "client.ban_lifted")
	}
	if err != nil {
		return err
	}
	return audit.Command(tx, id, "client.edit")
}

// join tells who somebody known only by a short name is; without a choice it looks for people.
func (q *request) join() error {
	real := q.PostFormValue("real")
	if real == "" {
		return q.editForm(nil)
	}
	if _, err := q.onCase(func(tx *db.Tx, o onePath) error {
		c, err := client.Get(tx, o.client.ID)
		if err != nil {
			return err
		}
		if !c.Provisional {
			return fault.E(fault.Conflict, "edit.not_provisional", nil)
		}
		return importing.Join(tx, q.s.Book, o.client.ID, real)
	}); err != nil {
		return err
	}
	q.say(flash{Key: "flash.joined"})
	return q.redirect("/c/" + real)
}
