// Package handoff is the process of handing a client over: the receiver is asked, answers, becomes
// responsible on acceptance, and the sender watches until the first contact. Until somebody accepts, the
// sender stays responsible.
package handoff

import (
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/pathway"
	"polku/internal/unit"
)

// Offer asks a colleague to take a path over. One open offer a path.
func Offer(tx *db.Tx, b *path.Book, pathID, to, why string) (string, error) {
	p, err := path.Get(tx, pathID)
	if err != nil {
		return "", err
	}
	if err := unit.MustTakeCases(tx, to, p.Register); err != nil {
		return "", err
	}
	s, err := b.StateOf(tx, p)
	if err != nil {
		return "", err
	}
	if s.Status == pathway.Closed {
		return "", fault.E(fault.Conflict, "path.is_closed", nil)
	}
	wrong := map[string]string{}
	if to == s.Responsible {
		wrong["worker"] = "handoff.already"
	}
	if strings.TrimSpace(why) == "" {
		wrong["why"] = "handoff.why"
	}
	if err := fault.Fields(wrong); err != nil {
		return "", err
	}
	var open int
	if _, err := tx.One(`select count(*) from handoff where tenant_id = $1 and path_id = $2 and step = 'offered'`, []any{tx.Who.Tenant, pathID}, &open); err != nil {
		return "", err
	}
	if open > 0 {
		return "", fault.E(fault.Conflict, "handoff.open", nil)
	}
	id := ident.New()
	_, err = b.Append(tx, pathID, step(tx, id, entry.Handoff{Handoff: id, Step: entry.HandoffOffered, From: s.Responsible, To: to, Why: why}))
	return id, err
}

// Open is a hand-off with what its reader needs.
type Open struct {
	ID, Path, Client, From, To string
	Step                       entry.HandoffStep
	Offered                    civil.Date
	Why                        string
}

// Get gives a hand-off that the actor takes part in, or not found.
func Get(tx *db.Tx, id string) (Open, error) {
	var o Open
	found, err := tx.One(`select handoff_id, path_id, client_id, from_worker, to_worker, step, offered_on, why from handoff
		where tenant_id = $1 and handoff_id = $2 and $3 in (from_worker, to_worker)`, []any{tx.Who.Tenant, id, tx.Who.Worker},
		&o.ID, &o.Path, &o.Client, &o.From, &o.To, (*string)(&o.Step), &o.Offered, &o.Why)
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	return o, err
}

// Waiting gives the hand-offs that wait for a worker's answer, oldest first.
func Waiting(tx *db.Tx, worker string) ([]Open, error) {
	var all []Open
	err := tx.Each(`select handoff_id, path_id, client_id, from_worker, to_worker, step, offered_on, why from handoff
		where tenant_id = $1 and to_worker = $2 and step = 'offered' order by offered_on, handoff_id`, []any{tx.Who.Tenant, worker},
		func(row func(...any) error) error {
			var o Open
			err := row(&o.ID, &o.Path, &o.Client, &o.From, &o.To, (*string)(&o.Step), &o.Offered, &o.Why)
			all = append(all, o)
			return err
		})
	return all, err
}

// Accept makes the receiver responsible. What the sender had promised to do moves along; next is the
// receiver's own first step, nil when the one that stands will do.
func Accept(tx *db.Tx, b *path.Book, id string, next *path.Step) error {
	o, err := mustBeOffered(tx, id)
	if err != nil {
		return err
	}
	if o.To != tx.Who.Worker {
		return fault.E(fault.Denied, "error.denied", nil)
	}
	p, err := path.Get(tx, o.Path)
	if err != nil {
		return err
	}
	s, err := b.StateOf(tx, p)
	if err != nil {
		return err
	}
	entries := []entry.Entry{step(tx, ident.New(), entry.Handoff{Handoff: id, Step: entry.HandoffAccepted, From: o.From, To: o.To, Why: o.Why})}
	if there, err := met(tx, b, p, id); err != nil {
		return err
	} else if there { // they have met already, all three: the client knows whom they come to
		entries = append(entries, step(tx, ident.New(), entry.Handoff{Handoff: id, Step: entry.HandoffFirstContact, From: o.From, To: o.To}))
	}
	entries = append(entries, path.MoveTasks(tx, s, o.From, o.To)...)
	if next != nil {
		if err := next.Check(tx); err != nil {
			return err
		}
		entries = append(entries, next.Entry("", tx.Today))
	}
	_, err = b.Append(tx, o.Path, entries...)
	return err
}

// Decline gives the client back to the sender, with a reason.
func Decline(tx *db.Tx, b *path.Book, id, why string) error {
	if strings.TrimSpace(why) == "" {
		return fault.Fields(map[string]string{"why": "handoff.decline_why"})
	}
	return answer(tx, b, id, entry.HandoffDeclined, why)
}

// Withdraw takes an offer back.
func Withdraw(tx *db.Tx, b *path.Book, id string) error {
	return answer(tx, b, id, entry.HandoffWithdrawn, "")
}

func answer(tx *db.Tx, b *path.Book, id string, s entry.HandoffStep, why string) error {
	o, err := mustBeOffered(tx, id)
	if err != nil {
		return err
	}
	by := o.To
	if s == entry.HandoffWithdrawn {
		by = o.From
	}
	if by != tx.Who.Worker {
		return fault.E(fault.Denied, "error.denied", nil)
	}
	_, err = b.Append(tx, o.Path, step(tx, ident.New(), entry.Handoff{Handoff: id, Step: s, From: o.From, To: o.To, Why: why}))
	return err
}

func mustBeOffered(tx *db.Tx, id string) (Open, error) {
	o, err := Get(tx, id)
	if err == nil && o.Step != entry.HandoffOffered {
		err = fault.E(fault.Conflict, "handoff.answered", nil)
	}
	return o, err
}

func step(tx *db.Tx, id string, h entry.Handoff) entry.Entry {
	return entry.Entry{ID: id, Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindHandoff, Body: &h}
}
