// Package petition owns what clients ask about their own data: who has used them and why (703/2023 s. 11), a copy,
// rectification, erasure, restriction, objection (GDPR 15–22). Each has a day by which it is answered, somebody who
// answers, and an end: an answer, or a refusal with its reason and how to appeal. What is asked for is done elsewhere.
package petition

import (
	"slices"
	"strings"

	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/unit"
)

// Kind of petition.
type Kind string

// The kinds.
const (
	Log      Kind = "log"      // who has used or received the data, 703/2023 s. 11
	Why      Kind = "why"      // a reasoned statement on a use that the client suspects, 703/2023 s. 11
	Access   Kind = "access"   // inspection and a copy, GDPR 15
	Rectify  Kind = "rectify"  // GDPR 16
	Erase    Kind = "erase"    // GDPR 17
	Restrict Kind = "restrict" // GDPR 18
	Object   Kind = "object"   // GDPR 21
	Move     Kind = "move"     // the data in a form for another program, GDPR 20
	Other    Kind = "other"
)

// Kinds in the order they are offered.
var Kinds = []Kind{Log, Why, Access, Rectify, Erase, Restrict, Object, Move, Other}

// Ways that a petition comes by.
var Ways = []string{"face", "paper", "phone", "mail", "app"}

// State of a petition.
type State string

// The states; all but Open are ends.
const (
	Open      State = "open"
	Answered  State = "answered"
	Refused   State = "refused"
	Withdrawn State = "withdrawn"
)

// Petition of a client.
type Petition struct {
	ID, Client, Register string
	Kind                 Kind
	What, Way            string     // What: in words, as it was asked
	Came, Due            civil.Date // Due: the last day to answer
	ExtendedWhy          string     // empty: the time has not been extended
	Handler              string     // worker who answers; empty: nobody has taken it yet
	State                State
	Answer               string // what was answered, or why it was refused
	Appeal               string // how to appeal against the refusal
	Ended                civil.Date
	MadeBy               string
	Rev                  int64
}

// Due gives the last day to answer: two months for the logs (703/2023 s. 11), one month for the others (GDPR 12.3).
func Due(kind Kind, came civil.Date) civil.Date {
	if kind == Log || kind == Why {
		return came.AddMonths(2)
	}
	return came.AddMonths(1)
}

// Extendable tells whether the law lets the time be extended by two months (GDPR 12.3).
func Extendable(kind Kind) bool { return kind != Log && kind != Why }

// New is what a petition is recorded with.
type New struct {
	Client    string
	Kind      Kind
	What, Way string
	Came      civil.Date
}

// reach is the condition that the actor may see the petitions of a row: who may see the client, and who keeps the
// clients' rights in the register.
func reach(alias string) string {
	return `(` + unit.Sees(alias) + ` or ` + unit.KeepsRights(alias) + `)`
}

const textMost = 10_000

// Record writes a petition down. Whoever may see the client may; who answers it is somebody who decides.
func Record(tx *db.Tx, n New) (string, error) {
	n.What = strings.TrimSpace(n.What)
	wrong := map[string]string{}
	if !slices.Contains(Kinds, n.Kind) {
		wrong["kind"] = "error.needed"
	}
	if !slices.Contains(Ways, n.Way) {
		wrong["way"] = "error.needed"
	}
	if n.What == "" {
		wrong["what"] = "petition.no_what"
	}
	if len(n.What) > textMost {
		wrong["what"] = "petition.long"
	}
	switch {
	case n.Came.IsZero():
		wrong["came"] = "petition.no_day"
	case n.Came > tx.Today:
		wrong["came"] = "petition.future"
	}
	if err := fault.Fields(wrong); err != nil {
		return "", err
	}
	var register string
	found, err := tx.One(`select c.register_id from client c where c.tenant_id = $1 and `+reach("c")+` and c.client_id = $3`,
		[]any{tx.Who.Tenant, tx.Who.Worker, n.Client}, &register)
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err != nil {
		return "", err
	}
	id := ident.New()
	if _, err := tx.Exec(`insert into petition (tenant_id, petition_id, client_id, register_id, kind, what, way, came_on, due_on, extended_why, handler, state,
		answer, appeal, made_by, made_at, rev) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', 'open', '', '', $10, $11, 1)`,
		tx.Who.Tenant, id, n.Client, register, string(n.Kind), n.What, n.Way, n.Came, Due(n.Kind, n.Came), tx.Who.Worker, tx.At); err != nil {
		return "", err
	}
	return id, audit.Command(tx, n.Client, "request.record")
}

const columns = `p.petition_id, p.client_id, p.register_id, p.kind, p.what, p.way, p.came_on, p.due_on, p.extended_why, p.handler, p.state, p.answer,
	p.appeal, p.ended_on, p.made_by, p.rev`

func scan(row func(...any) error, p *Petition) error {
	return row(&p.ID, &p.Client, &p.Register, (*string)(&p.Kind), &p.What, &p.Way, &p.Came, &p.Due, &p.ExtendedWhy, &p.Handler, (*string)(&p.State), &p.Answer,
		&p.Appeal, &p.Ended, &p.MadeBy, &p.Rev)
}

// Get gives a petition within the actor's reach, and notes that its client was seen; else not found.
func Get(tx *db.Tx, id string) (Petition, error) {
	all, err := list(tx, `select `+columns+` from petition p where p.tenant_id = $1 and `+reach("p")+` and p.petition_id = $3`, id)
	if err == nil && len(all) == 0 {
		return Petition{}, fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err != nil {
		return Petition{}, err
	}
	return all[0], nil
}

// OfClient gives a client's petitions within the actor's reach, the newest first.
func OfClient(tx *db.Tx, client string) ([]Petition, error) {
	return list(tx, `select `+columns+` from petition p where p.tenant_id = $1 and `+reach("p")+` and p.client_id = $3 order by p.came_on desc, p.petition_id desc`, client)
}

// List gives the open petitions within the actor's reach, the ones due first before others.
func List(tx *db.Tx) ([]Petition, error) {
	return list(tx, `select `+columns+` from petition p where p.tenant_id = $1 and `+reach("p")+` and p.state = 'open' order by p.due_on, p.petition_id limit 500`)
}

// Ended gives those that ended on a day or after it, the newest first.
func Ended(tx *db.Tx, since civil.Date) ([]Petition, error) {
	return list(tx, `select `+columns+` from petition p where p.tenant_id = $1 and `+reach("p")+` and p.ended_on >= $3 order by p.ended_on desc, p.petition_id limit 200`, since)
}

func list(tx *db.Tx, text string, args ...any) ([]Petition, error) {
	var all []Petition
	err := tx.Each(text, append([]any{tx.Who.Tenant, tx.Who.Worker}, args...), func(row func(...any) error) error {
		var p Petition
		err := scan(row, &p)
		tx.Saw(p.Client)
		all = append(all, p)
		return err
	})
	return all, err
}

// Waiting counts the open petitions that the actor answers for: those they have taken, and those that nobody has yet
// where the actor decides. late are those whose day has passed.
func Waiting(tx *db.Tx) (open, late int, err error) {
	_, err = tx.One(`select count(*), coalesce(sum(case when p.due_on < $3 then 1 else 0 end), 0) from petition p where p.tenant_id = $1 and p.state = 'open'
		and (p.handler = $2 or p.handler = '' and `+unit.Decides("p")+`)`, []any{tx.Who.Tenant, tx.Who.Worker, tx.Today}, &open, &late)
	return open, late, err
}

// MayDecide tells whether the actor may take, extend, answer and refuse a petition.
func MayDecide(tx *db.Tx, id string) (bool, error) {
	var one int
	return tx.One(`select 1 from petition p where p.tenant_id = $1 and `+unit.Decides("p")+` and p.petition_id = $3`, []any{tx.Who.Tenant, tx.Who.Worker, id}, &one)
}

// Names gives the names of the petitions' clients by id. Who calls it has been let see the petitions.
func Names(tx *db.Tx, all []Petition) (map[string]string, error) {
	names := map[string]string{}
	const chunk = 32 // always as many: one text to plan
	for len(all) > 0 {
		n := min(chunk, len(all))
		args := []any{tx.Who.Tenant}
		for i := range chunk {
			args = append(args, all[min(i, n-1)].Client)
		}
		err := tx.Each(namesText, args, func(row func(...any) error) error {
			var id, first, last string
			err := row(&id, &first, &last)
			names[id] = strings.TrimSpace(first + " " + last)
			return err
		})
		if err != nil {
			return nil, err
		}
		all = all[n:]
	}
	return names, nil
}

const namesText = `select client_id, first_name, last_name from client where tenant_id = $1 and client_id in ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
	$13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33)`

// Controller gives the controller of a petition's register.
func Controller(tx *db.Tx, p Petition) (string, error) {
	var name string
	_, err := tx.One(`select controller from register where tenant_id = $1 and register_id = $2`, []any{tx.Who.Tenant, p.Register}, &name)
	return name, err
}
