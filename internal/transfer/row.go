package transfer

import (
	"strings"

	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/consent"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/unit"
)

// RowState tells where a path is on its way.
type RowState string

// States of a row.
const (
	Open     RowState = "open"     // nothing decided yet
	Asked    RowState = "asked"    // the receiver has been asked
	Accepted RowState = "accepted" // the receiver has accepted; it moves with the next batch
	Declined RowState = "declined" // the receiver declined: stays with the sender
	Stays    RowState = "stays"    // does not move: stays with the responsible worker
	Exited   RowState = "exited"   // left; the path is closed
	Moved    RowState = "moved"
	Back     RowState = "undone" // had moved and was taken back: stays with the sender
)

// End is what a row counts as. Every open path counts as exactly one of them.
type End string

// Ends, in the order they are shown.
const (
	IsWaiting End = "waiting"
	IsMoved   End = "moved"
	IsStaying End = "staying"
	IsExited  End = "exited"
)

// Ends in the order they are shown.
var Ends = []End{IsWaiting, IsMoved, IsStaying, IsExited}

// Row is one path of a transfer.
type Row struct {
	Path, Client, Name string
	Ban, Restricted    bool
	Phase              string // of the old model
	Paused             bool
	Closed             bool   // the path has been closed, by the transfer or otherwise
	Worker             string // responsible today
	StepWhat           string
	StepBy             civil.Date
	State              RowState
	Receiver           string
	Ground             consent.Carry // by what right it may cross; same register: Basis is Same
	Basis              string        // by what right it moved
	Why                string
	AnsweredBy         string
	NewClient, NewPath string
	DoneAt             int64
	Contacted          bool // the receiver has met the client: the one bit that the sender may know
	madeClient         bool
	entries            int
}

// Same is the ground of a path that stays in its register.
const Same = "same"

// End tells what the row counts as.
func (r Row) End() End {
	switch {
	case r.State == Moved:
		return IsMoved
	case r.Closed:
		return IsExited // by the transfer or otherwise: the client has an end
	case r.State == Stays || r.State == Declined || r.State == Back:
		return IsStaying
	}
	return IsWaiting
}

// Missing tells what keeps the row from being asked: a catalogue key, or empty.
func (r Row) Missing() string {
	switch {
	case r.Restricted:
		return "transfer.missing.restricted"
	case r.Ground.Closed:
		return "transfer.missing.blocked"
	case r.Ground.Basis == "":
		return "transfer.missing.consent"
	case r.Receiver == "":
		return "transfer.missing.receiver"
	}
	return ""
}

// Rows gives every row of a transfer by the client's name, as things stand now: also the paths that have been opened
// since the last command. The actor leads the transfer, and its clients are noted as seen by whoever shows them.
func Rows(tx *db.Tx, t Transfer) ([]Row, error) {
	decided, without, err := grounds(tx, t)
	if err != nil {
		return nil, err
	}
	var all []Row
	err = tx.Each(`select s.path_id, s.client_id, trim(c.first_name || ' ' || c.last_name), c.safety_ban, c.restricted, s.phase, s.status, coalesce(s.responsible, x.from_worker, ''),
		s.step_what, s.step_by, coalesce(x.state, 'open'), coalesce(x.receiver, ''), coalesce(x.basis, ''), coalesce(x.why, ''), coalesce(x.answered_by, ''),
		coalesce(x.new_client, ''), coalesce(x.new_path, ''), coalesce(x.done_at, 0), coalesce(x.made_client, false), coalesce(x.entries, 0),
		exists (select 1 from handoff h where h.tenant_id = x.tenant_id and h.path_id = x.new_path and h.step = 'first_contact')
		from standing s join client c on c.tenant_id = s.tenant_id and c.client_id = s.client_id
		left join transfer_row x on x.tenant_id = s.tenant_id and x.transfer_id = $3 and x.path_id = s.path_id
		where s.tenant_id = $1 and `+unit.Sees("s")+` and s.service_id = $4 and (x.path_id is not null or s.status <> 'closed')
		order by c.last_name, c.first_name, s.path_id`, []any{tx.Who.Tenant, tx.Who.Worker, t.ID, t.From}, func(row func(...any) error) error {
		var r Row
		var status string
		err := row(&r.Path, &r.Client, &r.Name, &r.Ban, &r.Restricted, &r.Phase, &status, &r.Worker, &r.StepWhat, &r.StepBy, (*string)(&r.State), &r.Receiver, &r.Basis,
			&r.Why, &r.AnsweredBy, &r.NewClient, &r.NewPath, &r.DoneAt, &r.madeClient, &r.entries, &r.Contacted)
		r.Paused, r.Closed = status == "paused", status == "closed"
		r.Ground = groundOf(t, decided, without, r.Client)
		all = append(all, r)
		return err
	})
	return all, err
}

func grounds(tx *db.Tx, t Transfer) (map[string]consent.Carry, consent.Carry, error) {
	if !t.Crosses() {
		return nil, consent.Carry{Basis: Same, Scopes: consent.Scopes}, nil
	}
	return consent.Carries(tx, t.From, t.Register, t.ToRegister, t.Statute)
}

func groundOf(t Transfer, decided map[string]consent.Carry, without consent.Carry, client string) consent.Carry {
	if own, there := decided[client]; there {
		return own
	}
	return without
}

// Sum counts rows by their end. Open is how many paths of the service are open now, asked of the standings and not of
// the rows: it equals Waiting and Staying together, and All is the sum of the four.
type Sum struct {
	Of        map[End]int
	All, Open int
}

// Whole tells whether nobody is left behind: every open path of the service has its row.
func (s Sum) Whole() bool {
	return s.Of[IsWaiting]+s.Of[IsStaying] == s.Open && s.Of[IsWaiting]+s.Of[IsMoved]+s.Of[IsStaying]+s.Of[IsExited] == s.All
}

// SumOf counts the rows of a transfer, and beside them the open paths.
func SumOf(tx *db.Tx, t Transfer, rows []Row) (Sum, error) {
	s := Sum{Of: map[End]int{}, All: len(rows)}
	for _, r := range rows {
		s.Of[r.End()]++
	}
	_, err := tx.One(`select count(*) from standing where tenant_id = $1 and service_id = $2 and status <> 'closed'`, []any{tx.Who.Tenant, t.From}, &s.Open)
	return s, err
}

// Receivers gives the workers who may take clients in the receiving register, by name.
func Receivers(tx *db.Tx, t Transfer) ([]unit.Worker, error) {
	return unit.Colleagues(tx, t.ToRegister)
}

// Decision is what is decided of rows that nobody has answered yet.
type Decision struct {
	Paths    []string
	Stay     bool   // does not move
	Receiver string // worker who would take over; empty with Stay false: nothing is decided any more
}

// Decide says of rows who is to take over, or that they stay. Rows that have moved or left are passed over; whoever had
// been asked is asked no more. It tells how many rows it changed.
func Decide(tx *db.Tx, id string, d Decision) (int, error) {
	t, err := mustBeDraft(tx, id)
	if err != nil {
		return 0, err
	}
	state := Open
	if d.Stay {
		state, d.Receiver = Stays, ""
	} else if d.Receiver != "" {
		if err := unit.MustTakeCases(tx, d.Receiver, t.ToRegister); err != nil {
			return 0, err
		}
	}
	n := 0
	for _, p := range d.Paths {
		did, err := tx.Exec(`update transfer_row set state = $4, receiver = $5, why = '' where tenant_id = $1 and transfer_id = $2 and path_id = $3
			and state in ('open', 'asked', 'accepted', 'declined', 'stays', 'undone')`, tx.Who.Tenant, id, p, string(state), d.Receiver)
		if err != nil {
			return n, err
		}
		n += int(did)
	}
	return n, audit.Command(tx, "", "transfer.decide")
}

// Ask asks the receivers of up to limit rows that nothing is missing from: name, next step and by what right it may be
// told go to the receiver, so a row that crosses to another register is disclosed first. It tells how many were asked.
func (m *Mover) Ask(tx *db.Tx, id string, limit int) (int, error) {
	t, err := mustBeDraft(tx, id)
	if err != nil {
		return 0, err
	}
	rows, err := Rows(tx, t)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, r := range rows {
		if r.State != Open || r.Closed || r.Missing() != "" {
			continue
		}
		if n == limit {
			break
		}
		if err := disclose(tx, t, r); err != nil {
			return n, err
		}
		if _, err := tx.Exec(`update transfer_row set state = 'asked', basis = $4 where tenant_id = $1 and transfer_id = $2 and path_id = $3 and state = 'open'`,
			tx.Who.Tenant, id, r.Path, r.Ground.Basis); err != nil {
			return n, err
		}
		n++
	}
	return n, audit.Command(tx, "", "transfer.ask")
}

// disclose writes down what leaves the register for the receiver: nothing when the register stays the same.
func disclose(tx *db.Tx, t Transfer, r Row) error {
	if !t.Crosses() {
		return nil
	}
	var scopes []string
	for _, s := range []consent.Scope{consent.Contact, consent.Worker, consent.NextStep} {
		if tells(r.Ground, s) {
			scopes = append(scopes, string(s))
		}
	}
	return consent.Tell(tx, r.Path, consent.Telling{Receiver: t.ToRegister, Scopes: scopes, Purpose: t.Why, AskedBy: t.ToName, Basis: r.Ground.Basis})
}

func tells(g consent.Carry, want consent.Scope) bool {
	for _, s := range g.Scopes {
		if s == want {
			return true
		}
	}
	return false
}

// Request is a client whom the actor is asked to take over, with no more than the ground lets be told.
type Request struct {
	Transfer, Path, Client, Name, Phase, From string
	FromService, ToService, Why               string
	StepWhat                                  string
	StepBy                                    civil.Date
	Ban, Accepted                             bool
}

// Requests gives the clients whom the actor is asked to take over and has not, oldest transfer first; those accepted and
// not moved yet too.
func Requests(tx *db.Tx) ([]Request, error) {
	type kept struct {
		Request
		basis, from, to string
		scopes          string
	}
	var all []Request
	err := tx.Each(`select x.transfer_id, x.path_id, x.client_id, trim(c.first_name || ' ' || c.last_name), c.safety_ban, s.phase, coalesce(w.name, ''), f.name, o.name, t.why,
		s.step_what, s.step_by, x.state = 'accepted', x.basis, t.register_id, t.to_register, coalesce(d.scope, '')
		from transfer_row x join transfer t on t.tenant_id = x.tenant_id and t.transfer_id = x.transfer_id and t.state = 'draft'
		join service f on f.tenant_id = t.tenant_id and f.service_id = t.from_service join service o on o.tenant_id = t.tenant_id and o.service_id = t.to_service
		join standing s on s.tenant_id = x.tenant_id and s.path_id = x.path_id and s.status <> 'closed'
		join client c on c.tenant_id = x.tenant_id and c.client_id = x.client_id
		left join worker w on w.tenant_id = s.tenant_id and w.worker_id = s.responsible
		left join consent d on d.tenant_id = x.tenant_id and d.consent_id = x.basis
		where x.tenant_id = $1 and x.receiver = $2 and x.state in ('asked', 'accepted') order by t.made_at, c.last_name, c.first_name, x.path_id`,
		[]any{tx.Who.Tenant, tx.Who.Worker}, func(row func(...any) error) error {
			var k kept
			if err := row(&k.Transfer, &k.Path, &k.Client, &k.Name, &k.Ban, &k.Phase, &k.From, &k.FromService, &k.ToService, &k.Why, &k.StepWhat, &k.StepBy,
				&k.Accepted, &k.basis, &k.from, &k.to, &k.scopes); err != nil {
				return err
			}
			told := func(s consent.Scope) bool { // a statute lets what its words say; a consent what the client chose
				if k.basis == Same {
					return true
				}
				if k.scopes != "" {
					return strings.Contains(","+k.scopes+",", ","+string(s)+",")
				}
				return consent.StatuteTells(k.basis, s)
			}
			if !told(consent.Worker) {
				k.From = ""
			}
			if !told(consent.NextStep) {
				k.StepWhat, k.StepBy, k.Phase = "", 0, ""
			}
			all = append(all, k.Request)
			return nil
		})
	return all, err
}

// Waiting counts the clients whom the actor is asked to take over and has not answered.
func Waiting(tx *db.Tx) (n int, err error) {
	_, err = tx.One(`select count(*) from transfer_row where tenant_id = $1 and receiver = $2 and state = 'asked'`, []any{tx.Who.Tenant, tx.Who.Worker}, &n)
	return n, err
}

// Accept takes clients over: they move with the next batch. Only the actor's own are touched; it tells how many.
func Accept(tx *db.Tx, id string, paths []string) (int, error) {
	return answer(tx, id, paths, Accepted, "")
}

// Decline leaves clients with the sender, with a reason.
func Decline(tx *db.Tx, id string, paths []string, why string) (int, error) {
	if why = strings.TrimSpace(why); why == "" {
		return 0, fault.Fields(map[string]string{"why": "handoff.decline_why"})
	}
	return answer(tx, id, paths, Declined, why)
}

func answer(tx *db.Tx, id string, paths []string, state RowState, why string) (int, error) {
	n := 0
	for _, p := range paths {
		did, err := tx.Exec(`update transfer_row set state = $5, why = $6, answered_by = $4, answered_at = $7 where tenant_id = $1 and transfer_id = $2 and path_id = $3
			and receiver = $4 and state = 'asked'`, tx.Who.Tenant, id, p, tx.Who.Worker, string(state), why, tx.At)
		if err != nil {
			return n, err
		}
		n += int(did)
	}
	return n, audit.Command(tx, "", "transfer."+string(state))
}
