// Package passage is the process of handing a client over past the register: to another service of the house, or to an
// organisation outside that has no account. The receiver is told what the client allowed, no more; they answer; and the
// sender stays responsible until the receiver has met the client. Across the wall comes back one thing: that they have met.
package passage

import (
	"cmp"
	"strings"
	"time"

	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/closing"
	"polku/internal/consent"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/pathway"
	"polku/internal/ticket"
	"polku/internal/unit"
)

// State of a passage.
type State string

// States.
const (
	Asked     State = "asked"
	Accepted  State = "accepted" // the receiver said yes; they have not met the client yet
	Declined  State = "declined"
	Withdrawn State = "withdrawn" // called off by the sender or the client
	Met       State = "met"       // the receiver has met the client: the path has closed
)

// LinkMost is how long the page of a receiver outside stays open: as long as a first meeting may take.
const LinkMost = 60 * 24 * time.Hour

// Passage of one path to a receiver.
type Passage struct {
	ID, Client, Path, Register string
	ExitTo                     string // destination of the model
	Service, ReceiverRegister  string // receiving service of the house; empty: outside
	ReceiverName               string
	Scopes                     string // words of consent.Scopes, parted by commas
	Basis                      string // id of the client's decision, or of a statute
	Letter                     string
	State                      State
	MadeBy                     string // worker
	MadeAt                     int64  // microseconds UTC
	AnsweredBy                 string // a name outside, a worker id inside
	AnsweredAt                 int64  // 0: not answered
	Why                        string
	Contact, Met               civil.Date
	ToClient, ToPath           string
}

// Outside tells whether the receiver has no account here.
func (p Passage) Outside() bool { return p.Service == "" }

// New is what a passage is asked with.
type New struct {
	ExitTo       string
	Service      string   // of the house, in another register; empty: outside
	ReceiverName string   // outside
	Scopes       []string // what the receiver is told: consent.Scopes
	Basis        string   // id of the client's decision, or of a statute
	Letter       string
	Purpose      string    // for the disclosure log
	Next         path.Step // who asks again, and when
}

// letterMost is how long a letter may be, in bytes.
const letterMost = 20_000

// Ask tells a receiver and asks them; the path stays open. For a receiver outside it gives the secret of their page, shown
// once. Mistakes by field: to, service, receiver, letter, scope, basis, purpose, step_by.
func Ask(tx *db.Tx, b *path.Book, pathID string, n New) (id, secret string, err error) {
	p, err := path.Get(tx, pathID)
	if err != nil {
		return "", "", err
	}
	s, err := b.StateOf(tx, p)
	if err != nil {
		return "", "", err
	}
	if s.Status == pathway.Closed {
		return "", "", fault.E(fault.Conflict, "path.is_closed", nil)
	}
	if _, err := closing.Asked(tx, b, p); err == nil {
		return "", "", fault.E(fault.Conflict, "passage.open", nil)
	}
	n.Letter, n.ReceiverName = strings.TrimSpace(n.Letter), strings.TrimSpace(n.ReceiverName)
	wrong := map[string]string{}
	m := b.Models.Get(s.Model, s.Version)
	if m == nil || m.Exit(n.ExitTo) == nil || m.Exit(n.ExitTo).Final {
		wrong["to"] = "exit.no_destination"
	}
	receiver := ""
	if n.Service != "" {
		found, err := tx.One(`select register_id, name from service where tenant_id = $1 and service_id = $2 and (ended is null or ended >= $3)`,
			[]any{tx.Who.Tenant, n.Service, int64(tx.Today)}, &receiver, &n.ReceiverName)
		if err != nil {
			return "", "", err
		}
		if !found || receiver == p.Register {
			wrong["service"] = "passage.no_service"
		}
	} else if n.ReceiverName == "" {
		wrong["receiver"] = "exit.no_receiver"
	}
	if n.Letter == "" {
		wrong["letter"] = "error.needed"
	}
	if len(n.Letter) > letterMost {
		wrong["letter"] = "record.long_text"
	}
	if err := fault.Fields(wrong); err != nil {
		return "", "", err
	}
	if err := n.Next.Check(tx); err != nil {
		return "", "", err
	}
	if err := consent.Tell(tx, pathID, consent.Telling{Receiver: receiver, ReceiverName: n.ReceiverName, Scopes: n.Scopes, Purpose: n.Purpose, Basis: n.Basis}); err != nil {
		return "", "", err
	}
	id = ident.New()
	if _, err := b.Append(tx, pathID, exitEntry(tx, entry.Exit{Step: entry.ExitAsked, To: n.ExitTo, Receiver: n.ReceiverName, Passage: id}), n.Next.Entry("", tx.Today)); err != nil {
		return "", "", err
	}
	if _, err := tx.Exec(`insert into passage (tenant_id, passage_id, client_id, path_id, register_id, exit_to, service_id, receiver_register, receiver_name,
		scope, basis, letter, state, made_by, made_at, answered_by, answered_at, why, to_client, to_path)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'asked', $13, $14, '', 0, '', '', '')`,
		tx.Who.Tenant, id, p.Client, p.ID, p.Register, n.ExitTo, n.Service, receiver, n.ReceiverName, strings.Join(n.Scopes, ","), n.Basis, n.Letter,
		tx.Who.Worker, tx.At); err != nil {
		return "", "", err
	}
	if n.Service == "" {
		if secret, _, err = ticket.Make(tx, ticket.Passage, p.Client, p.ID, id, LinkMost); err != nil {
			return "", "", err
		}
	}
	return id, secret, audit.Command(tx, p.Client, "passage.ask")
}

func exitEntry(tx *db.Tx, x entry.Exit) entry.Entry {
	return entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindExit, Body: &x}
}

// NewLink gives a receiver outside a new page in place of one that got lost.
func NewLink(tx *db.Tx, id string) (secret string, err error) {
	x, err := Sent(tx, id)
	if err != nil {
		return "", err
	}
	if !x.Outside() || x.State != Asked && x.State != Accepted {
		return "", fault.E(fault.Conflict, "passage.answered", nil)
	}
	secret, _, err = ticket.Make(tx, ticket.Passage, x.Client, x.Path, x.ID, LinkMost)
	return secret, err
}

// Accept is a receiver's yes: who they are, and the day on which they meet the client. The path stays open until then;
// step is what its worker does meanwhile: see that they met. Mistakes by field: name, contact.
func Accept(tx *db.Tx, b *path.Book, x Passage, name string, contact civil.Date, step path.Step) error {
	name = strings.TrimSpace(name)
	wrong := map[string]string{}
	if name == "" || len(name) > 200 {
		wrong["name"] = "error.needed"
	}
	if contact < tx.Today || contact > tx.Today+90 {
		wrong["contact"] = "passage.bad_day"
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	if err := move(tx, x, Asked, Accepted); err != nil {
		return err
	}
	if _, err := tx.Exec(`update passage set answered_by = $3, answered_at = $4, contact_on = $5 where tenant_id = $1 and passage_id = $2`,
		tx.Who.Tenant, x.ID, name, tx.At, contact); err != nil {
		return err
	}
	if err := further(tx, b, x, exitEntry(tx, entry.Exit{Step: entry.ExitAccepted, To: x.ExitTo, Receiver: x.ReceiverName, Contact: contact, Passage: x.ID}),
		step.Entry("", tx.Today)); err != nil {
		return err
	}
	return audit.Command(tx, x.Client, "passage.accept")
}

// Decline is a receiver's no, with the reason: the client stays with the sender, who decides the next step. Mistakes by
// field: why.
func Decline(tx *db.Tx, b *path.Book, x Passage, name, why string, step path.Step) error {
	if why = strings.TrimSpace(why); why == "" || len(why) > 4000 {
		return fault.Fields(map[string]string{"why": "handoff.decline_why"})
	}
	if err := move(tx, x, Asked, Declined); err != nil {
		return err
	}
	if _, err := tx.Exec(`update passage set answered_by = $3, answered_at = $4, why = $5 where tenant_id = $1 and passage_id = $2`,
		tx.Who.Tenant, x.ID, strings.TrimSpace(name), tx.At, why); err != nil {
		return err
	}
	if err := ticket.End(tx, x.Client, ticket.Passage, x.ID); err != nil {
		return err
	}
	if err := further(tx, b, x, exitEntry(tx, entry.Exit{Step: entry.ExitWithdrawn, To: x.ExitTo, Receiver: x.ReceiverName, Passage: x.ID, Text: why}),
		step.Entry("", tx.Today)); err != nil {
		return err
	}
	return audit.Command(tx, x.Client, "passage.decline")
}

// Withdraw calls a passage off: the client changed their mind, or the sender did.
func Withdraw(tx *db.Tx, b *path.Book, id, why string, step path.Step) error {
	x, err := Sent(tx, id)
	if err != nil {
		return err
	}
	if err := move(tx, x, x.State, Withdrawn); err != nil {
		return err
	}
	if err := ticket.End(tx, x.Client, ticket.Passage, x.ID); err != nil {
		return err
	}
	if err := further(tx, b, x, exitEntry(tx, entry.Exit{Step: entry.ExitWithdrawn, To: x.ExitTo, Receiver: x.ReceiverName, Passage: x.ID, Text: strings.TrimSpace(why)}),
		step.Entry("", tx.Today)); err != nil {
		return err
	}
	return audit.Command(tx, x.Client, "passage.withdraw")
}

// FirstMet says that the receiver has met the client: now the path closes. Said again it is a conflict.
func FirstMet(tx *db.Tx, b *path.Book, x Passage, day civil.Date) error {
	if day.IsZero() || day > tx.Today {
		return fault.Fields(map[string]string{"day": "record.future_day"})
	}
	if err := move(tx, x, Accepted, Met); err != nil {
		return err
	}
	if _, err := tx.Exec(`update passage set met_on = $3 where tenant_id = $1 and passage_id = $2`, tx.Who.Tenant, x.ID, day); err != nil {
		return err
	}
	if err := ticket.End(tx, x.Client, ticket.Passage, x.ID); err != nil {
		return err
	}
	if err := further(tx, b, x, exitEntry(tx, entry.Exit{Step: entry.ExitDone, To: x.ExitTo, Receiver: x.ReceiverName, Passage: x.ID})); err != nil {
		return err
	}
	return audit.Command(tx, x.Client, "passage.met")
}

// move takes a passage from one state to another; Conflict when it is no longer there, or the client's path does not
// wait for this receiver any more (they left by another way).
func move(tx *db.Tx, x Passage, from, to State) error {
	if from != Asked && from != Accepted {
		return fault.E(fault.Conflict, "passage.answered", nil)
	}
	n, err := tx.Exec(`update passage set state = $3 where tenant_id = $1 and passage_id = $2 and state = $4`, tx.Who.Tenant, x.ID, string(to), string(from))
	if err == nil && n == 0 {
		err = fault.E(fault.Conflict, "passage.answered", nil)
	}
	return err
}

// further writes a step into the sender's path, if it still waits for this receiver.
func further(tx *db.Tx, b *path.Book, x Passage, entries ...entry.Entry) error {
	if err := mustWait(tx, b, x); err != nil {
		return err
	}
	_, err := b.Append(tx, x.Path, entries...)
	return err
}

// mustWait refuses a passage that its path no longer waits for: Gone.
func mustWait(tx *db.Tx, b *path.Book, x Passage) error {
	p, err := path.Get(tx, x.Path)
	if err != nil {
		return err
	}
	asked, err := closing.Asked(tx, b, p)
	if fault.Is(err, fault.Conflict) || err == nil && asked.Passage != x.ID {
		return fault.E(fault.Gone, "passage.over", nil)
	}
	return err
}

const columns = `x.passage_id, x.client_id, x.path_id, x.register_id, x.exit_to, x.service_id, x.receiver_register, x.receiver_name, x.scope, x.basis,
	x.letter, x.state, x.made_by, x.made_at, x.answered_by, x.answered_at, x.why, x.contact_on, x.met_on, x.to_client, x.to_path`

func scan(row func(...any) error, x *Passage) error {
	return row(&x.ID, &x.Client, &x.Path, &x.Register, &x.ExitTo, &x.Service, &x.ReceiverRegister, &x.ReceiverName, &x.Scopes, &x.Basis,
		&x.Letter, (*string)(&x.State), &x.MadeBy, &x.MadeAt, &x.AnsweredBy, &x.AnsweredAt, &x.Why, &x.Contact, &x.Met, &x.ToClient, &x.ToPath)
}

func one(tx *db.Tx, text string, args ...any) (Passage, error) {
	var x Passage
	found := false
	err := tx.Each(`select `+columns+` from passage x where `+text, args, func(row func(...any) error) error {
		found = true
		return scan(row, &x)
	})
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	return x, err
}

func many(tx *db.Tx, text string, args ...any) ([]Passage, error) {
	var all []Passage
	err := tx.Each(`select `+columns+` from passage x where `+text, args, func(row func(...any) error) error {
		all = append(all, Passage{})
		return scan(row, &all[len(all)-1])
	})
	return all, err
}

// Sent gives a passage to whoever sees the client it is about.
func Sent(tx *db.Tx, id string) (Passage, error) {
	return one(tx, `x.tenant_id = $1 and `+unit.Sees("x")+` and x.passage_id = $3`, tx.Who.Tenant, tx.Who.Worker, id)
}

// Received gives a passage to whoever works in the receiving register.
func Received(tx *db.Tx, id string) (Passage, error) {
	return one(tx, `x.tenant_id = $1 and `+worksThere+` and x.passage_id = $3`, tx.Who.Tenant, tx.Who.Worker, id)
}

const worksThere = `x.receiver_register in (select m.register_id from member m where m.tenant_id = $1 and m.worker_id = $2 and m.cases)`

// OfPath gives the passages of a path, the newest first. The caller has asked whether the actor may see it.
func OfPath(tx *db.Tx, pathID, clientID string) ([]Passage, error) {
	return many(tx, `x.tenant_id = $1 and x.client_id = $2 and x.path_id = $3 order by x.made_at desc, x.passage_id`, tx.Who.Tenant, clientID, pathID)
}

// Coming gives the passages that wait for the registers in which the actor works: to be answered, or to be met. The oldest first.
func Coming(tx *db.Tx) ([]Passage, error) {
	all, err := many(tx, `x.tenant_id = $1 and `+worksThere+` and x.state in ('asked', 'accepted') order by x.made_at, x.passage_id limit 200`, tx.Who.Tenant, tx.Who.Worker)
	for _, x := range all {
		tx.Saw(x.Client)
	}
	return all, err
}

// ComingCount tells how many wait for an answer from the registers in which the actor works.
func ComingCount(tx *db.Tx) (n int, err error) {
	_, err = tx.One(`select count(*) from passage x where x.tenant_id = $1 and `+worksThere+` and x.state = 'asked'`, []any{tx.Who.Tenant, tx.Who.Worker}, &n)
	return n, err
}

// Going gives the passages that the actor has sent and that are under way. The oldest first.
func Going(tx *db.Tx) ([]Passage, error) {
	return many(tx, `x.tenant_id = $1 and `+unit.Sees("x")+` and x.made_by = $3 and x.state in ('asked', 'accepted') order by x.made_at, x.passage_id limit 200`,
		tx.Who.Tenant, tx.Who.Worker, tx.Who.Worker)
}

// Open gives what a receiver outside may read by their link: the actor is the program itself. Gone when the client's
// decision no longer holds, or the path no longer waits for them.
func Open(tx *db.Tx, b *path.Book, t ticket.Ticket) (Passage, error) {
	x, err := one(tx, `x.tenant_id = $1 and x.passage_id = $2`, tx.Who.Tenant, t.About)
	if err != nil {
		return x, err
	}
	if err := mustWait(tx, b, x); err != nil {
		return x, err
	}
	var holds bool
	found, err := tx.One(`select withdrawn_at is null and (to_day is null or to_day >= $4) from consent where tenant_id = $1 and client_id = $2 and consent_id = $3`,
		[]any{tx.Who.Tenant, x.Client, x.Basis, int64(tx.Today)}, &holds)
	if err == nil && found && !holds { // a statute has no row: it holds
		err = fault.E(fault.Gone, "passage.over", nil)
	}
	tx.Saw(x.Client)
	return x, err
}

// Responsible gives who answers for the sender's path now, with their language, for the words of a step.
func Responsible(tx *db.Tx, x Passage) (worker, lang string, err error) {
	_, err = tx.One(`select coalesce(s.responsible, ''), coalesce(w.lang, '') from standing s
		left join worker w on w.tenant_id = s.tenant_id and w.worker_id = s.responsible where s.tenant_id = $1 and s.path_id = $2`,
		[]any{tx.Who.Tenant, x.Path}, &worker, &lang)
	return worker, cmp.Or(lang, "fi"), err
}
