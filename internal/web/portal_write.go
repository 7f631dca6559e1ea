package web

import (
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/portal"
)

// portalWrite keeps a text for the participant alone, or sends it to their worker.
func (q *request) portalWrite() error {
	draft, text := q.PostFormValue("draft"), q.PostFormValue("text")
	send := q.PostFormValue("do") == "send"
	err := q.update(func(tx *db.Tx) error {
		if !send {
			_, err := portal.SaveDraft(tx, draft, text)
			return err
		}
		_, worker, err := q.ownPath(tx)
		if err != nil {
			return err
		}
		_, err = portal.Send(tx, q.s.Book, draft, text, i18n.ParseLang(worker.Lang).T("portal.reply_task"))
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return q.writeForm(draft, err)
	}
	if err != nil {
		return err
	}
	f := flash{Key: "portal.kept"}
	if send {
		f.Key = "portal.sent"
	}
	q.say(f)
	return q.redirect("/p/write")
}

func (q *request) portalDraftDelete() error {
	err := q.update(func(tx *db.Tx) error { return portal.DeleteDraft(tx, q.PathValue("id")) })
	if err != nil {
		return err
	}
	q.say(flash{Key: "portal.deleted"})
	return q.redirect("/p/write")
}
