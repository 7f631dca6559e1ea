// Package breach reads whose data an account, one of its sessions or a key touched in a span of time: who must be told
// after a breach (GDPR 33–34). It selects across the logs and never writes.
package breach

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/seal"
	"polku/internal/unit"
)

// Query names what was misused: an account (and perhaps only one of its sessions), or a key.
type Query struct {
	Worker  string // worker id, or system for the machine's owner
	Session string // empty: all of the account's
	Key     string // id of a key of sealed fields or of the index; then time says nothing
	From    int64  // microseconds UTC, both included
	To      int64
}

// Touched is what was touched of one client.
type Touched struct {
	Client      string `json:"client"`
	Register    string `json:"register"`
	Name        string `json:"name,omitempty"` // only for the machine's owner
	Seen        int    `json:"seen"`           // rows of the use log
	Changed     int    `json:"changed"`        // rows of the command log
	Disclosed   int    `json:"disclosed"`      // rows of the disclosure log
	First, Last int64  `json:"-"`              // microseconds UTC; 0 for a key
}

// May tells whether the actor may read the list: who reviews the logs, and the machine's owner. An administrator sees no
// cases and may not.
func May(tx *db.Tx) error {
	if tx.Who.IsSystem() {
		return nil
	}
	members, err := unit.Members(tx, tx.Who.Worker)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(members, func(m unit.Member) bool { return m.Role.About().Logs }) {
		return nil
	}
	return fault.E(fault.Denied, "error.denied", nil)
}

// List gives the clients touched, those touched most first. The list is a disclosure of who is a client: reading it is
// itself noted in the use log.
func List(ctx context.Context, tx *db.Tx, log *audit.Log, keys *seal.Keys, q Query) ([]Touched, error) {
	if err := May(tx); err != nil {
		return nil, err
	}
	found := map[string]*Touched{}
	note := func(client string, at int64) *Touched {
		t := found[client]
		if t == nil {
			t = &Touched{Client: client, First: at}
			found[client] = t
		}
		t.First, t.Last = min(t.First, at), max(t.Last, at)
		return t
	}
	var err error
	if q.Key != "" {
		err = byKey(tx, keys, q.Key, note)
	} else if err = seen(ctx, tx, log, q, note); err == nil {
		err = done(tx, q, note)
	}
	if err != nil {
		return nil, err
	}
	if err := known(tx, found); err != nil {
		return nil, err
	}
	all := make([]Touched, 0, len(found))
	for _, t := range found {
		tx.Saw(t.Client)
		all = append(all, *t)
	}
	slices.SortFunc(all, func(a, b Touched) int {
		return cmp.Or(cmp.Compare(b.Seen+b.Changed+b.Disclosed, a.Seen+a.Changed+a.Disclosed), cmp.Compare(a.Client, b.Client))
	})
	return all, nil
}

// ofSession is the condition that a row was made in a session: the log's request ends with it (actor.Trace).
func (q Query) ofSession() string { return "%/" + cmp.Or(q.Session, "%") }

// condition picks an account's rows; without a session those without one too (commands, jobs).
const condition = ` where tenant_id = $1 and worker_id = $2 and at >= $3 and at <= $4 and ($6 = '' or request like $5)`

func (q Query) args(tenant int64) []any {
	return []any{tenant, q.Worker, q.From, q.To, q.ofSession(), q.Session}
}

func seen(ctx context.Context, tx *db.Tx, log *audit.Log, q Query, note func(string, int64) *Touched) error {
	rows, err := log.Pool().QueryContext(ctx, `select at, clients from use_log`+condition, q.args(tx.Who.Tenant)...)
	if err != nil {
		return fault.Wrap(err, "breach.read")
	}
	defer rows.Close()
	for rows.Next() {
		var at int64
		var text []byte
		var clients []string
		if err := rows.Scan(&at, &text); err != nil {
			return fault.Wrap(err, "breach.read")
		}
		if err := json.Unmarshal(text, &clients); err != nil {
			return fault.Wrap(err, "breach.read")
		}
		for _, c := range clients {
			note(c, at).Seen++
		}
	}
	return fault.Wrap(rows.Err(), "breach.read")
}

func done(tx *db.Tx, q Query, note func(string, int64) *Touched) error {
	for _, table := range []string{"command_log", "disclosure_log"} {
		err := tx.Each(`select client_id, at from `+table+condition+` and client_id <> ''`, q.args(tx.Who.Tenant), func(row func(...any) error) error {
			var client string
			var at int64
			if err := row(&client, &at); err != nil {
				return err
			}
			if table == "command_log" {
				note(client, at).Changed++
			} else {
				note(client, at).Disclosed++
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// byKey finds whose fields a key seals at the moment, or, for a key of the index, everybody who has a code.
func byKey(tx *db.Tx, keys *seal.Keys, id string, note func(string, int64) *Touched) error {
	i := slices.IndexFunc(keys.List(), func(k seal.Key) bool { return k.ID == id && k.Kind != seal.KindSign })
	if i < 0 {
		return fault.E(fault.NotFound, "breach.no_key", fault.Args{"id": id})
	}
	everybody := keys.List()[i].Kind == seal.KindIndex
	return tx.Each(`select client_id, code_sealed from client where tenant_id = $1 and code_sealed is not null`, []any{tx.Who.Tenant}, func(row func(...any) error) error {
		var client string
		var sealed []byte
		err := row(&client, &sealed)
		if everybody || strconv.FormatUint(uint64(seal.SealedBy(sealed)), 10) == id {
			note(client, 0)
		}
		return err
	})
}

// known fills in the register and, for the machine's owner, the name. A client who has been destroyed since stays in the
// list with the id.
func known(tx *db.Tx, found map[string]*Touched) error {
	if len(found) == 0 {
		return nil
	}
	return tx.Each(`select client_id, register_id, first_name, last_name from client where tenant_id = $1`, []any{tx.Who.Tenant}, func(row func(...any) error) error {
		var id, register, first, last string
		if err := row(&id, &register, &first, &last); err != nil {
			return err
		}
		if t := found[id]; t != nil {
			t.Register = register
			if tx.Who.Worker == actor.SystemWorker {
				t.Name = strings.TrimSpace(first + " " + last)
			}
		}
		return nil
	})
}
