package handoff

import (
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
)

// Meeting of three, in a room or a call: the client, the sender and the receiver.
type Meeting struct {
	Day    civil.Date
	Minute int    // of the day; 0: no clock time
	Place  string // a room, or how to join
	Remote bool
}

// Agree books a meeting of three as a step of a hand-off that waits for its answer or for the first contact. Either of the
// two workers may; a later one replaces it. Mistakes by field: day, place.
func Agree(tx *db.Tx, b *path.Book, id string, m Meeting) error {
	o, err := underWay(tx, id)
	if err != nil {
		return err
	}
	wrong := map[string]string{}
	switch {
	case m.Day.IsZero():
		wrong["day"] = "step.no_day"
	case m.Day < tx.Today:
		wrong["day"] = "step.past_day"
	case m.Day > tx.Today+400:
		wrong["day"] = "step.far_day"
	}
	if m.Place = strings.TrimSpace(m.Place); len(m.Place) > 500 {
		wrong["place"] = "record.long_text"
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	e := step(tx, ident.New(), entry.Handoff{Handoff: id, Step: entry.HandoffMeeting, From: o.From, To: o.To, Meeting: m.Day, Minute: m.Minute, Place: m.Place})
	if m.Remote {
		e.Mode = entry.Remote
	}
	booked := entry.Entry{ID: ident.Beside(e.ID, "booked"), Day: m.Day, Minute: -1, Kind: entry.KindContact, Mode: e.Mode,
		Body: &entry.Contact{Form: entry.FormMeeting, Result: entry.Booked}}
	if m.Minute > 0 {
		booked.Minute = m.Minute
	}
	_, err = b.Append(tx, o.Path, e, booked)
	return err
}

// Meet records that the meeting of three took place, with what was talked, as a held contact; next is the step agreed
// there, nil when the one that stands goes on. After the receiver's acceptance it is their first contact, and the
// sender's watch ends.
func Meet(tx *db.Tx, b *path.Book, id string, r path.Record) error {
	o, err := underWay(tx, id)
	if err != nil {
		return err
	}
	r.Contact.Form, r.Contact.Result, r.Contact.With = entry.FormMeeting, entry.Held, ""
	if _, err := b.Record(tx, o.Path, r); err != nil {
		return err
	}
	entries := []entry.Entry{step(tx, ident.New(), entry.Handoff{Handoff: id, Step: entry.HandoffMet, From: o.From, To: o.To})}
	if o.Step == entry.HandoffAccepted && tx.Who.Worker != o.To { // Record does it for the receiver
		entries = append(entries, step(tx, ident.New(), entry.Handoff{Handoff: id, Step: entry.HandoffFirstContact, From: o.From, To: o.To}))
	}
	_, err = b.Append(tx, o.Path, entries...)
	return err
}

// underWay gives a hand-off of the actor's that is offered, or accepted and not yet met.
func underWay(tx *db.Tx, id string) (Open, error) {
	o, err := Get(tx, id)
	if err == nil && o.Step != entry.HandoffOffered && o.Step != entry.HandoffAccepted {
		err = fault.E(fault.Conflict, "handoff.answered", nil)
	}
	return o, err
}

// met tells whether the three have met.
func met(tx *db.Tx, b *path.Book, p path.Path, id string) (bool, error) {
	entries, err := b.Entries(tx, p)
	for _, h := range path.Handoffs(entries) {
		if h.ID == id {
			return !h.Meeting.Met.IsZero(), err
		}
	}
	return false, err
}

// Of gives the hand-offs of a path with their meetings, the newest first. The caller has asked whether the actor may see it.
func Of(tx *db.Tx, b *path.Book, p path.Path) ([]path.Handoff, error) {
	entries, err := b.Entries(tx, p)
	all := path.Handoffs(entries)
	for i, j := 0, len(all)-1; i < j; i, j = i+1, j-1 {
		all[i], all[j] = all[j], all[i]
	}
	return all, err
}
