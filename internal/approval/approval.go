// Package approval owns what two people must agree on: one asks to destroy data or to take many people's data out,
// another one answers, and only then it can be done. The machine's owner at the command line counts as one person.
//
// It does not know what is done with an approval: retention and the exports use it.
package approval

import (
	"cmp"
	"strings"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
)

// Kind of what is asked for.
type Kind string

// The kinds.
const (
	Erasure Kind = "erasure" // data are destroyed for good
	Export  Kind = "export"  // data of many people leave the program
)

const (
	hour = int64(3600) * 1_000_000
	// alone is how long a request waits that nobody else could answer: time for the duty holders of other units, who see it, to stop it.
	alone = 24 * hour
	// lives is how long a request can be answered and used.
	lives = 14 * 24 * hour
)

// Request is one thing asked for. Instants are microseconds UTC; 0: not yet.
type Request struct {
	ID       string
	Kind     Kind
	Register string // empty: several
	What     string // JSON of the one who asks: ids and words of ours, no names
	Amount   int    // how many people it concerns
	Why      string

	AskedBy, AskedAs       string // worker id; screen or command
	AskedAt, FreeAt, Until int64
	Answer                 string // "", yes, no
	AnsweredBy             string
	AnsweredAt, UsedAt     int64
}

// Ready tells whether the request may be carried out at a time: somebody else has agreed, or nobody else could and its
// time has passed unopposed.
func (r Request) Ready(now int64) bool {
	return now < r.Until && (r.Answer == "yes" || r.Answer == "" && r.FreeAt != 0 && now >= r.FreeAt)
}

// ByTime tells whether no person has agreed: nobody else could.
func (r Request) ByTime() bool { return r.Answer == "" }

// answers is the condition that a worker row w may answer: an administrator, or who coordinates, manages or looks after
// complaints.
const answers = `w.active and (w.admin or exists (select 1 from member m where m.tenant_id = w.tenant_id and m.worker_id = w.worker_id
	and m.role in ('coordinator', 'manager', 'complaints')))`

// May tells whether the actor may ask and answer.
func May(tx *db.Tx) (bool, error) {
	if tx.Who.IsSystem() {
		return true, nil
	}
	var one int
	return tx.One(`select 1 from worker w where w.tenant_id = $1 and w.worker_id = $2 and `+answers, []any{tx.Who.Tenant, tx.Who.Worker}, &one)
}

// MayStop tells whether the actor may at least stop a request: the duty holder of a unit may.
func MayStop(tx *db.Tx) (bool, error) {
	may, err := May(tx)
	if may || err != nil {
		return may, err
	}
	var one int
	return tx.One(`select 1 from unit where tenant_id = $1 and duty_worker = $2`, []any{tx.Who.Tenant, tx.Who.Worker}, &one)
}

func must(tx *db.Tx, may func(*db.Tx) (bool, error)) error {
	ok, err := may(tx)
	if err == nil && !ok {
		err = fault.E(fault.Denied, "error.denied", nil)
	}
	return err
}

// Ask makes a request. It lives for fourteen days. When nobody else in the organisation could answer it, it may be
// carried out a day later unless a unit's duty holder stops it.
func Ask(tx *db.Tx, r Request) (Request, error) {
	if err := must(tx, May); err != nil {
		return r, err
	}
	if strings.TrimSpace(r.Why) == "" {
		return r, fault.Fields(map[string]string{"why": "approval.no_why"})
	}
	r.ID = cmp.Or(r.ID, ident.New())
	r.AskedBy, r.AskedAs, r.AskedAt, r.Until = tx.Who.Worker, tx.Who.Screen, tx.At, tx.At+lives
	free, err := others(tx)
	if err != nil {
		return r, err
	}
	if free != nil {
		r.FreeAt = tx.At + alone
	}
	if _, err := tx.Exec(`insert into approval (tenant_id, approval_id, kind, register_id, what, amount, why, asked_by, asked_as, asked_at, free_at, until_at,
		answer, answered_by, answered_as) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '', '', '')`,
		tx.Who.Tenant, r.ID, string(r.Kind), r.Register, r.What, r.Amount, strings.TrimSpace(r.Why), r.AskedBy, r.AskedAs, r.AskedAt, free, r.Until); err != nil {
		return r, err
	}
	return r, audit.Command(tx, "", "approval.ask "+string(r.Kind))
}

// night is the screen of a proposal's asker: the program by itself, no person.
const night = "night work"

// Propose makes a request that nobody has asked for yet: the night's work has found what has fallen due. It needs two
// people as any other: the first who agrees makes it their own request, the second answers it.
func Propose(tx *db.Tx, r Request) (Request, error) {
	if !tx.Who.IsSystem() {
		return r, fault.E(fault.Denied, "error.denied", nil)
	}
	r.ID, r.AskedBy, r.AskedAs, r.AskedAt, r.Until = ident.New(), actor.SystemWorker, night, tx.At, tx.At+lives
	if _, err := tx.Exec(`insert into approval (tenant_id, approval_id, kind, register_id, what, amount, why, asked_by, asked_as, asked_at, free_at, until_at,
		answer, answered_by, answered_as) values ($1, $2, $3, $4, $5, $6, '', $7, $8, $9, null, $10, '', '', '')`,
		tx.Who.Tenant, r.ID, string(r.Kind), r.Register, r.What, r.Amount, r.AskedBy, r.AskedAs, r.AskedAt, r.Until); err != nil {
		return r, err
	}
	return r, audit.Command(tx, "", "approval.propose "+string(r.Kind))
}

// Proposed tells whether no person has made the request their own yet.
func (r Request) Proposed() bool { return r.AskedBy == actor.SystemWorker && r.AskedAs == night }

// Living gives the requests of a kind whose time has not run out, answered or not.
func Living(tx *db.Tx, kind Kind) ([]Request, error) {
	var all []Request
	err := tx.Each(`select `+columns+` from approval where tenant_id = $1 and kind = $2 and until_at > $3 order by asked_at`, []any{tx.Who.Tenant, string(kind), tx.At},
		func(row func(...any) error) error {
			all = append(all, Request{})
			return scan(row, &all[len(all)-1])
		})
	return all, err
}

// others tells when a request of the actor's may be carried out by time alone: a day on when nobody else could answer it;
// nil when somebody could.
func others(tx *db.Tx) (free any, err error) {
	var n int
	if _, err := tx.One(`select count(*) from worker w where w.tenant_id = $1 and w.worker_id <> $2 and `+answers,
		[]any{tx.Who.Tenant, tx.Who.Worker}, &n); err != nil || n > 0 {
		return nil, err
	}
	return tx.At + alone, nil
}

// takeUp makes a proposal the actor's own request: it waits for another person from now on.
func takeUp(tx *db.Tx, r Request) error {
	free, err := others(tx)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`update approval set asked_by = $3, asked_as = $4, asked_at = $5, until_at = $6, free_at = $7 where tenant_id = $1 and approval_id = $2
		and answer = '' and asked_by = $8 and asked_as = $9`, tx.Who.Tenant, r.ID, tx.Who.Worker, tx.Who.Screen, tx.At, tx.At+lives, free, r.AskedBy, r.AskedAs)
	if err == nil && n == 0 {
		err = fault.E(fault.Conflict, "approval.answered", nil)
	}
	if err != nil {
		return err
	}
	return audit.Command(tx, "", "approval.ask "+string(r.Kind))
}

// Answer agrees to a request or refuses it. Whoever asked may not agree themselves (they may take it back); the duty
// holder of a unit may only refuse. Agreeing to a proposal makes it one's own request, which waits for the next person.
func Answer(tx *db.Tx, id string, yes bool) error {
	r, err := Get(tx, id)
	if err != nil {
		return err
	}
	may, word := May, "yes"
	if !yes {
		may, word = MayStop, "no"
	}
	if err := must(tx, may); err != nil {
		return err
	}
	switch {
	case yes && r.AskedBy == tx.Who.Worker && !r.Proposed():
		return fault.E(fault.Denied, "approval.own", nil)
	case tx.At >= r.Until:
		return fault.E(fault.Gone, "approval.over", nil)
	case r.Answer != "" || r.UsedAt != 0:
		return fault.E(fault.Conflict, "approval.answered", nil)
	}
	if yes && r.Proposed() {
		return takeUp(tx, r)
	}
	if _, err := tx.Exec(`update approval set answer = $3, answered_by = $4, answered_as = $5, answered_at = $6 where tenant_id = $1 and approval_id = $2
		and answer = ''`, tx.Who.Tenant, id, word, tx.Who.Worker, tx.Who.Screen, tx.At); err != nil {
		return err
	}
	return audit.Command(tx, "", "approval."+word+" "+string(r.Kind))
}

// Use gives a request that may be carried out now and notes that it is. again lets work that was cut off go on; without
// it a request is used once.
func Use(tx *db.Tx, id string, kind Kind, again bool) (Request, error) {
	if err := must(tx, May); err != nil {
		return Request{}, err
	}
	r, err := Get(tx, id)
	switch {
	case err != nil:
		return r, err
	case r.Kind != kind:
		return r, fault.E(fault.NotFound, "error.not_found", nil)
	case tx.At >= r.Until:
		return r, fault.E(fault.Gone, "approval.over", nil)
	case r.Answer == "no":
		return r, fault.E(fault.Denied, "approval.refused", nil)
	case !r.Ready(tx.At):
		return r, fault.E(fault.Denied, "approval.waits", nil)
	case r.UsedAt != 0 && !again:
		return r, fault.E(fault.Gone, "approval.used", nil)
	}
	if r.UsedAt != 0 {
		return r, nil
	}
	if _, err := tx.Exec(`update approval set used_at = $3 where tenant_id = $1 and approval_id = $2`, tx.Who.Tenant, id, tx.At); err != nil {
		return r, err
	}
	return r, audit.Command(tx, "", "approval.use "+string(kind))
}

const columns = `approval_id, kind, register_id, what, amount, why, asked_by, asked_as, asked_at, coalesce(free_at, 0), until_at, answer, answered_by,
	coalesce(answered_at, 0), coalesce(used_at, 0)`

func scan(row func(...any) error, r *Request) error {
	return row(&r.ID, (*string)(&r.Kind), &r.Register, &r.What, &r.Amount, &r.Why, &r.AskedBy, &r.AskedAs, &r.AskedAt, &r.FreeAt, &r.Until, &r.Answer,
		&r.AnsweredBy, &r.AnsweredAt, &r.UsedAt)
}

// Get gives a request, or not found.
func Get(tx *db.Tx, id string) (Request, error) {
	var r Request
	found := false
	err := tx.Each(`select `+columns+` from approval where tenant_id = $1 and approval_id = $2`, []any{tx.Who.Tenant, id}, func(row func(...any) error) error {
		found = true
		return scan(row, &r)
	})
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	return r, err
}

// List gives up to limit requests, the newest first.
func List(tx *db.Tx, limit int) ([]Request, error) {
	if err := must(tx, MayStop); err != nil {
		return nil, err
	}
	var all []Request
	err := tx.Each(`select `+columns+` from approval where tenant_id = $1 order by asked_at desc, approval_id desc limit $2`, []any{tx.Who.Tenant, limit},
		func(row func(...any) error) error {
			all = append(all, Request{})
			return scan(row, &all[len(all)-1])
		})
	return all, err
}

// Waiting counts the requests that wait for the actor's answer: for the menu. Mostly there is none, and nothing else is asked.
func Waiting(tx *db.Tx) (n int, err error) {
	if _, err = tx.One(`select count(*) from approval where tenant_id = $1 and answer = '' and used_at is null and until_at > $3 and asked_by <> $2`,
		[]any{tx.Who.Tenant, tx.Who.Worker, tx.At}, &n); err != nil || n == 0 {
		return 0, err
	}
	if may, err := MayStop(tx); err != nil || !may {
		return 0, err
	}
	return n, nil
}

// Asker says who asked, for logs and proofs: a worker's id, or the command of the machine's owner.
func (r Request) Asker() string {
	if r.AskedBy == actor.SystemWorker {
		return r.AskedAs
	}
	return r.AskedBy
}

// State is where a request stands at a time: used, refused, over, ready or waiting.
func (r Request) State(now int64) string {
	switch {
	case r.UsedAt != 0:
		return "used"
	case r.Answer == "no":
		return "refused"
	case now >= r.Until:
		return "over"
	case r.Ready(now):
		return "ready"
	}
	return "waiting"
}
