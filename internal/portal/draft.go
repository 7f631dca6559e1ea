package portal

import (
	"strings"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/journal"
	"polku/internal/path"
	"polku/internal/pathway"
)

// textMost is how long a text may be, in bytes.
const textMost = 20_000

// Draft is what the participant has written and not sent: nobody else sees it.
type Draft struct {
	ID, Text  string
	ChangedAt int64
}

// Drafts gives the participant's own drafts, newest first.
func Drafts(tx *db.Tx) ([]Draft, error) {
	id, err := me(tx)
	if err != nil {
		return nil, err
	}
	var all []Draft
	err = tx.Each(`select draft_id, text, changed_at from portal_draft where tenant_id = $1 and client_id = $2 order by changed_at desc, draft_id desc`,
		[]any{tx.Who.Tenant, id}, func(row func(...any) error) error {
			var d Draft
			err := row(&d.ID, &d.Text, &d.ChangedAt)
			all = append(all, d)
			return err
		})
	tx.Saw(id)
	return all, err
}

// GetDraft gives one of the participant's own drafts, or not found.
func GetDraft(tx *db.Tx, draft string) (Draft, error) {
	id, err := me(tx)
	if err != nil {
		return Draft{}, err
	}
	d := Draft{ID: draft}
	found, err := tx.One(`select text, changed_at from portal_draft where tenant_id = $1 and client_id = $2 and draft_id = $3`,
		[]any{tx.Who.Tenant, id, draft}, &d.Text, &d.ChangedAt)
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	tx.Saw(id)
	return d, err
}

// SaveDraft keeps a text: a new draft when its id is empty, else one of the participant's own. It gives the id.
func SaveDraft(tx *db.Tx, draft, text string) (string, error) {
	id, err := me(tx)
	if err == nil {
		err = checkText(text)
	}
	if err != nil {
		return "", err
	}
	if draft == "" {
		draft = ident.New()
		_, err = tx.Exec(`insert into portal_draft (tenant_id, draft_id, client_id, text, made_at, changed_at) values ($1, $2, $3, $4, $5, $5)`,
			tx.Who.Tenant, draft, id, text, tx.At)
	} else {
		var n int64
		n, err = tx.Exec(`update portal_draft set text = $4, changed_at = $5 where tenant_id = $1 and client_id = $2 and draft_id = $3`, tx.Who.Tenant, id, draft, text, tx.At)
		if err == nil && n == 0 {
			err = fault.E(fault.NotFound, "error.not_found", nil)
		}
	}
	if err != nil {
		return "", err
	}
	return draft, audit.Command(tx, id, "portal.draft")
}

func checkText(text string) error {
	switch {
	case strings.TrimSpace(text) == "":
		return fault.Fields(map[string]string{"text": "portal.no_text"})
	case len(text) > textMost:
		return fault.Fields(map[string]string{"text": "portal.long_text"})
	}
	return nil
}

// DeleteDraft deletes one of the participant's own drafts for good.
func DeleteDraft(tx *db.Tx, draft string) error {
	id, err := me(tx)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`delete from portal_draft where tenant_id = $1 and client_id = $2 and draft_id = $3`, tx.Who.Tenant, id, draft)
	if err == nil && n == 0 {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err != nil {
		return err
	}
	return audit.Command(tx, id, "portal.draft_delete")
}

// replyWithin is how many working days the responsible worker has to read and answer.
const replyWithin = 2

// Send sends a text to the responsible worker: it becomes an entry of the participant's own in the journal, and a task of
// the worker's to read and answer, called what, unless one is open already. draft is deleted; empty: there was none. by is
// the last day of that task. Where nobody works with the participant any more it is refused: Invalid, portal.nobody.
func Send(tx *db.Tx, book *path.Book, draft, text, what string) (by civil.Date, err error) {
	if _, err := me(tx); err != nil {
		return 0, err
	}
	if err := checkText(text); err != nil {
		return 0, err
	}
	p, state, err := Current(tx, book)
	if err != nil {
		return 0, err
	}
	if p.ID == "" || state.Status == pathway.Closed {
		return 0, fault.E(fault.Invalid, "portal.nobody", nil)
	}
	entries := []entry.Entry{{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindNote, Mode: entry.Text, Body: &entry.Note{Text: text}}}
	for _, t := range state.Tasks {
		if t.From == entry.FromReply && t.Owner == entry.ByWorker {
			by = t.By
		}
	}
	if by.IsZero() {
		by = book.Calendar.AddWorking(tx.Today, replyWithin)
		entries = append(entries, path.Step{What: what, By: by, From: entry.FromReply}.Entry(actor.ParticipantWorker, tx.Today))
	}
	if _, err := book.AppendOwn(tx, p, entries...); err != nil {
		return 0, err
	}
	if draft != "" {
		err = DeleteDraft(tx, draft)
	}
	return by, err
}

// Current gives the participant's path to show: the open one that began last, else the newest. Path.ID is empty when there
// is none.
func Current(tx *db.Tx, book *path.Book) (path.Path, pathway.State, error) {
	own, err := path.Own(tx)
	if err != nil || len(own) == 0 {
		return path.Path{}, pathway.State{}, err
	}
	var first pathway.State
	for i, p := range own {
		s, err := book.StateOf(tx, p)
		if err != nil {
			return path.Path{}, pathway.State{}, err
		}
		if s.Status != pathway.Closed {
			tx.Saw(p.Client)
			return p, s, nil
		}
		if i == 0 {
			first = s
		}
	}
	tx.Saw(own[0].Client)
	return own[0], first, nil
}

// sentMost is how many texts Sent gives.
const sentMost = 50

// Sent gives what the participant has sent, newest first.
func Sent(tx *db.Tx) ([]entry.Entry, error) {
	id, err := me(tx)
	if err != nil {
		return nil, err
	}
	tx.Saw(id)
	all, err := journal.By(tx, id, actor.ParticipantWorker, entry.KindNote, sentMost)
	return all, err
}
