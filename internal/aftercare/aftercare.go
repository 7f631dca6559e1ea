// Package aftercare is the process after a path has ended: who is asked how they are and when, how that is asked (by
// phone, by a link without signing in, from a register), and the way back for whoever wishes to return.
package aftercare

import (
	"strings"
	"time"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/closing"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/pathway"
	"polku/internal/ticket"
	"polku/internal/unit"
)

// LinkMost is how long somebody may answer by a link.
const LinkMost = 21 * 24 * time.Hour

// Asking is a follow-up that is owed.
type Asking struct {
	After string     // the model's span, e.g. "6 months"
	Due   civil.Date // when it should be asked
	Until civil.Date // last day before it is late
	State pathway.ObligationStatus
	Tries int   // calls and messages that nobody answered, since it opened
	Link  int64 // until when a link holds, microseconds; 0: there is none
}

// Open gives the follow-ups of a closed path that are to be asked now, the earliest first.
func Open(s pathway.State) []pathway.Obligation {
	var all []pathway.Obligation
	for _, o := range s.Obligations {
		if o.Kind == pathway.OwesFollowUp && (o.Status == pathway.Due || o.Status == pathway.Late || o.Status == pathway.Overdue) {
			all = append(all, o)
		}
	}
	return all
}

// Next gives what is to be asked of a client whose path has ended: the earliest that is open. Conflict when nothing is.
func Next(tx *db.Tx, b *path.Book, p path.Path) (Asking, error) {
	s, err := b.StateOf(tx, p)
	if err != nil {
		return Asking{}, err
	}
	open := Open(s)
	if len(open) == 0 {
		return Asking{}, fault.E(fault.Conflict, "follow_up.none_open", nil)
	}
	entries, err := b.Entries(tx, p)
	if err != nil {
		return Asking{}, err
	}
	a := Asking{After: open[0].Rule, Due: open[0].Due, Until: open[0].Until, State: open[0].Status, Tries: tries(entries, open[0].From)}
	a.Link, err = ticket.Live(tx, p.Client, ticket.FollowUp, a.about(p))
	return a, err
}

// about names a follow-up of a path for its link.
func (a Asking) about(p path.Path) string { return p.ID + "/" + a.After }

// tries counts the contacts since a day to which nobody answered.
func tries(entries []*entry.Entry, since civil.Date) int {
	n := 0
	for _, e := range entries {
		if c, is := e.Body.(*entry.Contact); is && e.Day >= since && c.With == "" && c.Result == entry.NoAnswer {
			n++
		}
	}
	return n
}

// Try records that somebody tried to reach the client and nobody answered.
func Try(tx *db.Tx, b *path.Book, p path.Path, form entry.Form) error {
	if _, err := Next(tx, b, p); err != nil {
		return err
	}
	if form != entry.FormMessage && form != entry.FormLetter {
		form = entry.FormCall
	}
	_, err := b.Record(tx, p.ID, path.Record{Day: tx.Today, Minute: tx.Minute(), Mode: modeOf(form), Contact: entry.Contact{Form: form, Result: entry.NoAnswer}})
	return err
}

func modeOf(form entry.Form) entry.Mode {
	if form == entry.FormCall {
		return entry.Phone
	}
	return entry.Text
}

// Record writes down how the client is, as somebody told or a register shows. That nobody was reached may be said after a
// try. Mistakes by field: outcome, how, text (from a register: which one).
func Record(tx *db.Tx, b *path.Book, p path.Path, f entry.FollowUp) error {
	a, err := Next(tx, b, p)
	if err != nil {
		return err
	}
	f.After, f.Tries, f.Text = a.After, a.Tries, strings.TrimSpace(f.Text)
	switch {
	case f.Outcome == closing.NotReached:
		f.How = ""
	case f.How == entry.WayRegister && f.Text == "":
		return fault.Fields(map[string]string{"text": "follow_up.which_register"})
	case f.How != entry.WayPhone && f.How != entry.WayFace && f.How != entry.WayRegister && f.How != entry.WayPaper:
		return fault.Fields(map[string]string{"how": "follow_up.no_how"})
	}
	if err := closing.FollowUp(tx, b, p.ID, f); err != nil {
		return err
	}
	return ticket.End(tx, p.Client, ticket.FollowUp, a.about(p))
}

// Link makes the link by which the client answers without signing in, for the follow-up that is open. The secret is shown
// once. Sending it stands elsewhere: it is shown, copied, or read from a picture.
func Link(tx *db.Tx, b *path.Book, p path.Path) (secret string, err error) {
	a, err := Next(tx, b, p)
	if err != nil {
		return "", err
	}
	secret, _, err = ticket.Make(tx, ticket.FollowUp, p.Client, p.ID, a.about(p), LinkMost)
	return secret, err
}

// Answer of a former client by their link.
type Answer struct {
	Outcome string // a destination word or "unknown"
	Feels   int    // 1 badly, 2 so-so, 3 well
	Call    bool   // they wish that somebody calls
}

// Check is whether an answer is one that can be given.
func (a Answer) Check() error {
	if a.Outcome == "" || a.Outcome == closing.NotReached || a.Feels < 1 || a.Feels > 3 {
		return fault.Fields(map[string]string{"outcome": "follow_up.no_outcome"})
	}
	return nil
}

// Take writes down what a former client answered by their link, once; whoever wishes for a call is waited for by a worker
// from then on. The actor is the participant whom the link was made for.
func Take(tx *db.Tx, b *path.Book, t ticket.Ticket, a Answer) error {
	if err := a.Check(); err != nil {
		return err
	}
	if err := ticket.Use(tx, t); err != nil {
		return err
	}
	p, err := ownPath(tx, t.Path)
	if err != nil {
		return err
	}
	s, err := b.StateOf(tx, p)
	if err != nil {
		return err
	}
	_, after, _ := strings.Cut(t.About, "/")
	asked := false
	for _, o := range Open(s) {
		asked = asked || o.Rule == after
	}
	if !asked {
		return fault.E(fault.Gone, "ticket.over", nil)
	}
	if _, err := b.AppendOwn(tx, p, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindFollowUp,
		Body: &entry.FollowUp{After: after, Outcome: a.Outcome, How: entry.WayLink, Feels: a.Feels, Call: a.Call}}); err != nil {
		return err
	}
	if a.Call {
		return Wish(tx, b, p, "")
	}
	return nil
}

// Waits tells whether the link's follow-up is still asked for. The actor is the participant whom the link was made for.
func Waits(tx *db.Tx, b *path.Book, t ticket.Ticket) error {
	p, err := ownPath(tx, t.Path)
	if err != nil {
		return err
	}
	s, err := b.StateOf(tx, p)
	if err != nil {
		return err
	}
	_, after, _ := strings.Cut(t.About, "/")
	for _, o := range Open(s) {
		if o.Rule == after {
			return nil
		}
	}
	return fault.E(fault.Gone, "ticket.over", nil)
}

func ownPath(tx *db.Tx, id string) (path.Path, error) {
	own, err := path.Own(tx)
	for _, p := range own {
		if p.ID == id {
			return p, err
		}
	}
	if err == nil {
		err = fault.E(fault.Gone, "ticket.over", nil)
	}
	return path.Path{}, err
}

// Wish says that a client whose path is closed wishes to come back: whoever was responsible is called upon, or the unit's
// duty holder when they are no longer here. Said twice it is one wish. The actor is the participant themselves.
func Wish(tx *db.Tx, b *path.Book, p path.Path, text string) error {
	s, err := b.StateOf(tx, p)
	if err != nil {
		return err
	}
	if s.Status != pathway.Closed {
		return fault.E(fault.Conflict, "path.is_open", nil)
	}
	if m := b.Models.Get(s.Model, s.Version); m != nil && m.Exit(s.ClosedTo) != nil && m.Exit(s.ClosedTo).Final {
		return fault.E(fault.Gone, "ticket.over", nil)
	}
	if text = strings.TrimSpace(text); len(text) > 4000 {
		return fault.Fields(map[string]string{"text": "portal.long_text"})
	}
	if Wished(s) {
		return nil
	}
	var entries []entry.Entry
	heir, err := heirOf(tx, p, s)
	if err != nil {
		return err
	}
	if heir != s.Responsible {
		entries = append(entries, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindRelation, Author: actor.SystemWorker,
			Body: &entry.Relation{Worker: heir, Role: entry.Responsible, Why: "duty"}})
	}
	_, err = b.AppendOwn(tx, p, append(entries, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindWish, Mode: entry.Text,
		Body: &entry.Wish{Text: text}})...)
	return err
}

// Wished tells whether a wish to come back waits for its answer.
func Wished(s pathway.State) bool {
	for _, o := range s.Obligations {
		if o.Kind == pathway.OwesReturn && (o.Status == pathway.Due || o.Status == pathway.Late || o.Status == pathway.Overdue) {
			return true
		}
	}
	return false
}

// heirOf gives who answers somebody who wishes to come back: the one who was responsible, while they work in the register;
// else the unit's duty holder.
func heirOf(tx *db.Tx, p path.Path, s pathway.State) (string, error) {
	err := unit.MustTakeCases(tx, s.Responsible, p.Register)
	if err == nil {
		return s.Responsible, nil
	}
	if fault.Of(err) == fault.Internal {
		return "", err
	}
	duty, err := unit.DutyWorker(tx, p.Unit)
	if err == nil && duty == "" {
		duty = s.Responsible
	}
	return duty, err
}
