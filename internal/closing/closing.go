// Package closing is the process of leaving: an exit has a destination; where somebody must receive the
// client, the path stays open until they have accepted. The client may leave any day.
package closing

import (
	"strings"

	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/pathway"
	"polku/internal/ticket"
)

// Exit is what leaving is recorded with.
type Exit struct {
	To       string // destination of the model
	Receiver string // who takes over, where the destination asks for a receiver
	Accepted bool   // the receiver has accepted already
	Unshared bool   // the client did not want anything to go on: nobody is asked
	Text     string
	Next     *path.Step // while the receiver's answer is waited for: who asks again, and when
}

// Leave closes a path, or, where the receiver has not accepted yet, asks them and keeps the path open. It
// tells whether the path is closed.
func Leave(tx *db.Tx, b *path.Book, pathID string, x Exit) (closed bool, err error) {
	p, err := path.Get(tx, pathID)
	if err != nil {
		return false, err
	}
	s, err := b.StateOf(tx, p)
	if err != nil {
		return false, err
	}
	if s.Status == pathway.Closed {
		return false, fault.E(fault.Conflict, "path.is_closed", nil)
	}
	m := b.Models.Get(s.Model, s.Version)
	if m == nil || m.Exit(x.To) == nil {
		return false, fault.Fields(map[string]string{"to": "exit.no_destination"})
	}
	asks := m.Exit(x.To).Receiver && !x.Unshared
	if asks && strings.TrimSpace(x.Receiver) == "" {
		return false, fault.Fields(map[string]string{"receiver": "exit.no_receiver"})
	}
	body := &entry.Exit{Step: entry.ExitDone, To: x.To, Receiver: x.Receiver, Unshared: x.Unshared, Text: x.Text}
	entries := []entry.Entry{{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindExit, Body: body}}
	if asks && !x.Accepted {
		body.Step = entry.ExitAsked
		if x.Next == nil {
			return false, fault.Fields(map[string]string{"step_by": "step.no_day"})
		}
		if err := x.Next.Check(tx); err != nil {
			return false, err
		}
		entries = append(entries, x.Next.Entry("", tx.Today))
	}
	if _, err := b.Append(tx, pathID, entries...); err != nil {
		return false, err
	}
	if !m.Exit(x.To).Final {
		return body.Step == entry.ExitDone, nil
	}
	return true, died(tx, b, p)
}

// died calls off every link of somebody who has died, and closes their other paths in the actor's reach: nothing is owed
// any more, and nothing is sent.
func died(tx *db.Tx, b *path.Book, p path.Path) error {
	if err := ticket.EndAll(tx, p.Client); err != nil {
		return err
	}
	others, err := path.OfClient(tx, p.Client)
	if err != nil {
		return err
	}
	for _, o := range others {
		s, err := b.StateOf(tx, o)
		if err != nil {
			return err
		}
		m := b.Models.Get(s.Model, s.Version)
		if s.Status == pathway.Closed || m == nil {
			continue
		}
		for _, x := range m.Exits {
			if x.Final {
				if _, err := b.Append(tx, o.ID, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindExit,
					Body: &entry.Exit{Step: entry.ExitDone, To: x.To}}); err != nil {
					return err
				}
				break
			}
		}
	}
	return nil
}

// Answer records what the receiver said: accepted closes the path; declined keeps it open with a next step.
func Answer(tx *db.Tx, b *path.Book, pathID string, accepted bool, text string, next *path.Step) error {
	p, err := path.Get(tx, pathID)
	if err != nil {
		return err
	}
	asked, err := Asked(tx, b, p)
	if err != nil {
		return err
	}
	body := *asked
	body.Text = text
	body.Step = entry.ExitDone
	var entries []entry.Entry
	if !accepted {
		body.Step = entry.ExitWithdrawn
		if next != nil {
			if err := next.Check(tx); err != nil {
				return err
			}
			entries = append(entries, next.Entry("", tx.Today))
		}
	}
	entries = append(entries, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindExit, Body: &body})
	_, err = b.Append(tx, pathID, entries...)
	return err
}

// Asked gives the exit that waits for its receiver.
func Asked(tx *db.Tx, b *path.Book, p path.Path) (*entry.Exit, error) {
	entries, err := b.Entries(tx, p)
	if err != nil {
		return nil, err
	}
	for i := len(entries) - 1; i >= 0; i-- {
		if x, ok := entries[i].Body.(*entry.Exit); ok {
			if x.Step == entry.ExitAsked || x.Step == entry.ExitAccepted {
				return x, nil
			}
			break
		}
	}
	return nil, fault.E(fault.Conflict, "exit.not_asked", nil)
}

// Reopen lets a closed path go on, with a responsible worker and a next step.
func Reopen(tx *db.Tx, b *path.Book, pathID, why, responsible string, next path.Step) error {
	p, err := path.Get(tx, pathID)
	if err != nil {
		return err
	}
	s, err := b.StateOf(tx, p)
	if err != nil {
		return err
	}
	if s.Status != pathway.Closed {
		return fault.E(fault.Conflict, "path.is_open", nil)
	}
	if err := next.Check(tx); err != nil {
		return err
	}
	minute := tx.Minute()
	_, err = b.Append(tx, pathID,
		entry.Entry{ID: ident.New(), Day: tx.Today, Minute: minute, Kind: entry.KindReopen, Body: &entry.Reopen{Why: why}},
		entry.Entry{ID: ident.New(), Day: tx.Today, Minute: minute, Kind: entry.KindRelation, Body: &entry.Relation{Worker: responsible, Role: entry.Responsible, Why: why}},
		next.Entry("", tx.Today))
	return err
}

// NotReached is the outcome of a follow-up that nobody answered. It is honest after a try, never before one.
const NotReached = "not_reached"

// FollowUp records how it went at one of the model's spans after the exit.
func FollowUp(tx *db.Tx, b *path.Book, pathID string, f entry.FollowUp) error {
	if f.After == "" || f.Outcome == "" {
		return fault.Fields(map[string]string{"outcome": "follow_up.no_outcome"})
	}
	if f.Outcome == NotReached && f.Tries == 0 {
		return fault.Fields(map[string]string{"outcome": "follow_up.no_tries"})
	}
	_, err := b.Append(tx, pathID, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindFollowUp, Body: &f})
	return err
}
