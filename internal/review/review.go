package review

import (
	"slices"
	"strings"

	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/unit"
)

// State of a read on the list.
type State string

// The states.
const (
	New   State = "new"
	Asked State = "asked" // the worker is asked to explain
	OK    State = "ok"
	Wrong State = "wrong" // there was no ground: what follows is decided outside the program
)

// Key names a row.
type Key struct {
	Day            civil.Date
	Worker, Client string // Client is empty where the row is about a whole day
	Why            Why
}

// Read is a row of the list.
type Read struct {
	Key
	Name        string // of the client
	Reads       int
	First, Last int64 // microseconds UTC
	State       State
	Note        string
	Reviewer    string
	Explanation string
	ExplainedAt int64
}

// mine is the condition that the actor reviews a row: they keep the clients' rights in its register (in one of the
// worker's, where the row is about a whole day), and it is not about themselves.
var mine = `u.worker_id <> $2 and (` + unit.KeepsRights("u") + ` or u.register_id = '' and exists (select 1 from member o join member i
	on i.tenant_id = o.tenant_id and i.register_id = o.register_id and i.worker_id = $2 and i.role = 'complaints' where o.tenant_id = $1 and o.worker_id = u.worker_id))`

const columns = `u.day, u.worker_id, u.client_id, u.why, u.reads, u.first_at, u.last_at, u.state, u.note, u.reviewer, u.explanation, coalesce(u.explained_at, 0),
	coalesce(c.first_name, ''), coalesce(c.last_name, '')`

const tables = `unusual_read u left join client c on c.tenant_id = u.tenant_id and c.client_id = u.client_id`

// List gives the reads of days from to to that the actor reviews: those without a decision first, the newest first.
func List(tx *db.Tx, from, to civil.Date) ([]Read, error) {
	return list(tx, `select `+columns+` from `+tables+` where u.tenant_id = $1 and `+mine+` and u.day >= $3 and u.day <= $4
		order by case u.state when 'new' then 0 when 'asked' then 0 else 1 end, u.day desc, u.worker_id, u.client_id, u.why limit 1000`, from, to)
}

// AskedOf gives the reads that the actor themself is asked to explain and has not.
func AskedOf(tx *db.Tx) ([]Read, error) {
	return list(tx, `select `+columns+` from `+tables+` where u.tenant_id = $1 and u.worker_id = $2 and u.state = 'asked' and u.explained_at is null
		order by u.day desc, u.client_id, u.why limit 100`)
}

// AskedCount counts them.
func AskedCount(tx *db.Tx) (n int, err error) {
	_, err = tx.One(`select count(*) from unusual_read where tenant_id = $1 and worker_id = $2 and state = 'asked' and explained_at is null`,
		[]any{tx.Who.Tenant, tx.Who.Worker}, &n)
	return n, err
}

func list(tx *db.Tx, text string, args ...any) ([]Read, error) {
	var all []Read
	err := tx.Each(text, append([]any{tx.Who.Tenant, tx.Who.Worker}, args...), func(row func(...any) error) error {
		var r Read
		var first, last string
		err := row(&r.Day, &r.Worker, &r.Client, (*string)(&r.Why), &r.Reads, &r.First, &r.Last, (*string)(&r.State), &r.Note, &r.Reviewer, &r.Explanation,
			&r.ExplainedAt, &first, &last)
		r.Name = strings.TrimSpace(first + " " + last)
		if r.Client != "" {
			tx.Saw(r.Client)
		}
		all = append(all, r)
		return err
	})
	return all, err
}

const textMost = 4000

// Mark says what a reviewer makes of a read: asks the worker, finds it right, or without ground. A finding without
// ground has a note.
func Mark(tx *db.Tx, k Key, state State, note string) error {
	note = strings.TrimSpace(note)
	switch {
	case !slices.Contains([]State{Asked, OK, Wrong}, state):
		return fault.E(fault.Invalid, "error.needed", nil)
	case len(note) > textMost || state == Wrong && note == "":
		return fault.E(fault.Invalid, "review.no_note", nil)
	}
	n, err := tx.Exec(`update unusual_read as u set state = $7, note = case when $8 = '' then u.note else $8 end, reviewer = $2, reviewed_at = $9
		where u.tenant_id = $1 and `+mine+` and u.day = $3 and u.worker_id = $4 and u.client_id = $5 and u.why = $6`,
		tx.Who.Tenant, tx.Who.Worker, k.Day, k.Worker, k.Client, string(k.Why), string(state), note, tx.At)
	if err == nil && n == 0 {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err != nil {
		return err
	}
	return audit.Command(tx, k.Client, "review.mark")
}

// Explain is the worker's own word on a read that they were asked about.
func Explain(tx *db.Tx, k Key, text string) error {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > textMost {
		return fault.E(fault.Invalid, "review.no_explanation", nil)
	}
	n, err := tx.Exec(`update unusual_read set explanation = $6, explained_at = $7 where tenant_id = $1 and worker_id = $2 and day = $3 and client_id = $4
		and why = $5 and state = 'asked'`, tx.Who.Tenant, tx.Who.Worker, k.Day, k.Client, string(k.Why), text, tx.At)
	if err == nil && n == 0 {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err != nil {
		return err
	}
	return audit.Command(tx, k.Client, "review.explain")
}
