package retention

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"polku/internal/actor"
	"polku/internal/approval"
	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/file"
	"polku/internal/journal"
	"polku/internal/ruleset"
	"polku/internal/seal"
	"polku/internal/unit"
)

// Keeper destroys what has fallen due.
type Keeper struct {
	DB       *db.DB
	Log      *audit.Log // of the use log, for its old rows
	Rules    *ruleset.Set
	Keys     *seal.Keys
	Progress func(done, total int) // may be nil
	Files    *file.Store           // whose contents are deleted with the matter; nil: there are none, or they are collected later

	BackupDays int // how long backups are kept; 0: BackupsKept
}

// BackupsKept is how many days backups are kept when nobody says otherwise.
const BackupsKept = 35

// Done tells what a run did.
type Done struct {
	Destroyed int            `json:"destroyed"` // items
	Left      int            `json:"left"`      // items that are no longer due, or under a hold or restriction by now
	Rows      map[string]int `json:"rows"`      // table -> rows destroyed
	Scrubbed  bool           `json:"scrubbed"`  // the embedded database's files have been written anew without what was destroyed

	Backups civil.Date `json:"in_backups_until"` // backups of today hold it until then at the latest
}

// wanted is what an approval keeps of an item.
type wanted struct {
	Client string `json:"client,omitempty"`
	Class  Class  `json:"class"`
}

// Scope tells which items the actor may see and ask for: an administrator and the machine's owner everything, others what is
// of the registers that they coordinate, manage or look after complaints in.
func Scope(tx *db.Tx) (func(Item) bool, error) {
	if tx.Who.Admin {
		return func(Item) bool { return true }, nil
	}
	members, err := unit.Members(tx, tx.Who.Worker)
	return func(i Item) bool {
		return slices.ContainsFunc(members, func(m unit.Member) bool {
			return m.Register == i.Register && m.Role.About().Keeps
		})
	}, err
}

// Ask asks for another person's agreement to destroy what is due and free; keys of items left out are not asked for. It
// gives the request, with its id.
func Ask(tx *db.Tx, rules *ruleset.Set, why string, pick func(Item) bool) (approval.Request, error) {
	due, err := Plan(tx, rules)
	if err != nil {
		return approval.Request{}, err
	}
	mine, err := Scope(tx)
	if err != nil {
		return approval.Request{}, err
	}
	r, err := request(due, func(i Item) bool { return mine(i) && (pick == nil || pick(i)) })
	if err != nil {
		return r, err
	}
	if r.What == "" {
		return r, fault.E(fault.Conflict, "retention.nothing", nil)
	}
	r.Why = why
	return approval.Ask(tx, r)
}

// request is the request about what of the due is free and picked; What is empty when there is nothing.
func request(due Due, pick func(Item) bool) (approval.Request, error) {
	r := approval.Request{Kind: approval.Erasure}
	var all []wanted
	people := map[string]bool{}
	for _, i := range due.Items {
		if !i.Free() || !pick(i) {
			continue
		}
		all = append(all, wanted{i.Client, i.Class})
		if i.Client != "" {
			people[i.Client] = true
		}
	}
	if len(all) == 0 {
		return r, nil
	}
	what, err := json.Marshal(all)
	r.What, r.Amount = string(what), len(people)
	return r, fault.Wrap(err, "retention.encode")
}

// Propose asks on its own, for the night's work, for two people's agreement to destroy what has fallen due and no living
// request names: a refused one stands in the way for as long as it lives. It gives how many people it is about; 0 and no
// request when nothing new is due. Nothing is destroyed by it.
func Propose(tx *db.Tx, rules *ruleset.Set) (people int, err error) {
	due, err := Plan(tx, rules)
	if err != nil {
		return 0, err
	}
	living, err := approval.Living(tx, approval.Erasure)
	if err != nil {
		return 0, err
	}
	asked := map[wanted]bool{}
	for _, r := range living {
		var all []wanted
		if err := json.Unmarshal([]byte(r.What), &all); err != nil {
			return 0, fault.Wrap(err, "retention.decode")
		}
		for _, w := range all {
			asked[w] = true
		}
	}
	r, err := request(due, func(i Item) bool { return !asked[wanted{i.Client, i.Class}] })
	if err != nil || r.What == "" {
		return 0, err
	}
	r, err = approval.Propose(tx, r)
	return r.Amount, err
}

// Run destroys what an approval names, as far as it is still due and free: each item in a transaction of its own, with
// its proof. Cut off, it goes on when run again. Undoing is not possible. Backups hold what was destroyed until their own
// time is over.
func (k Keeper) Run(ctx context.Context, who actor.Actor, id string) (Done, error) {
	done := Done{Rows: map[string]int{}}
	var r approval.Request
	if err := k.DB.Update(ctx, who, func(tx *db.Tx) (err error) {
		done.Backups = tx.Today + civil.Date(cmp.Or(k.BackupDays, BackupsKept))
		r, err = approval.Use(tx, id, approval.Erasure, true)
		return err
	}); err != nil {
		return done, err
	}
	var all []wanted
	if err := json.Unmarshal([]byte(r.What), &all); err != nil {
		return done, fault.Wrap(err, "retention.decode")
	}
	for n, w := range all {
		if err := ctx.Err(); err != nil {
			return done, &fault.Error{Kind: fault.Unavailable, Key: "error.closing", Cause: err}
		}
		rows, err := k.one(ctx, who, r, w)
		if err != nil {
			return done, err
		}
		if rows == nil {
			done.Left++
		} else {
			done.Destroyed++
		}
		for table, n := range rows {
			done.Rows[table] += n
		}
		if k.Progress != nil {
			k.Progress(n+1, len(all))
		}
	}
	err := errors.Join(k.DB.Scrub(ctx), k.Log.Scrub(ctx))
	done.Scrubbed = err == nil
	return done, err
}

// one destroys an item; nil rows: it is not due any more.
func (k Keeper) one(ctx context.Context, who actor.Actor, r approval.Request, w wanted) (rows map[string]int, err error) {
	var before int64
	if w.Class == Logs { // first the file of its own: should the rest fail, the next run counts it as nothing
		if err := k.DB.View(ctx, who, func(tx *db.Tx) error { before, _, _ = logsBefore(tx, k.Rules); return nil }); err != nil || before == 0 {
			return nil, err
		}
	}
	gone := 0
	if before > 0 {
		if gone, err = k.Log.DropBefore(ctx, who.Tenant, before); err != nil {
			return nil, err
		}
	}
	var contents []string
	err = k.DB.Update(ctx, who, func(tx *db.Tx) error {
		rows, contents = nil, nil
		due, err := plan(tx, k.Rules, w.Client)
		if err != nil {
			return err
		}
		for _, i := range due.Items {
			if i.Client != w.Client || i.Class != w.Class || !i.Free() {
				continue
			}
			p := journal.Proof{Client: i.Client, Register: i.Register, Class: string(i.Class), Rule: i.Rule, Due: i.Due, Rows: map[string]int{},
				AskedBy: r.Asker(), ApprovedBy: approver(r), Approval: r.ID}
			if i.Class == Logs {
				p.Rows["use_log"] = gone
			}
			if i.Class == Matter {
				if contents, err = file.Names(tx, i.Client); err != nil {
					return err
				}
			}
			if err := k.destroy(tx, i, &p); err != nil {
				return err
			}
			rows = p.Rows
		}
		return nil
	})
	if err == nil && k.Files != nil { // their keys are gone with the rows: what is left by a cut here nobody can read
		for _, name := range contents {
			err = cmp.Or(err, k.Files.Place.Delete(name))
		}
	}
	return rows, err
}

// approver is who agreed, for the proof: a worker's id; the program itself when nobody else could and the time passed.
func approver(r approval.Request) string {
	if r.ByTime() {
		return actor.SystemWorker
	}
	return r.AnsweredBy
}

func (k Keeper) destroy(tx *db.Tx, i Item, p *journal.Proof) error {
	var err error
	switch i.Class {
	case Matter:
		err = destroyMatter(tx, k.Keys, i, p)
	case Identity:
		if err = dropIdentity(tx, i.Client, p); err == nil {
			err = journal.Prove(tx, k.Keys, p)
		}
	case Permit:
		if err = empty(tx, Permit, i.Client, p); err == nil {
			err = journal.Prove(tx, k.Keys, p)
		}
	case Logs:
		err = dropLogs(tx, k.Rules, k.Keys, p)
	}
	if err != nil {
		return err
	}
	return audit.Command(tx, i.Client, "retention.destroy "+string(i.Class))
}

// empty deletes a client's rows from every table of a class.
func empty(tx *db.Tx, class Class, client string, p *journal.Proof) error {
	for _, t := range tables {
		if t.class != class {
			continue
		}
		where := `client_id = $2`
		if t.name == "task" { // found by way of the paths
			where = `path_id in (select path_id from path where tenant_id = $1 and client_id = $2)`
		}
		n, err := tx.Exec(`delete from `+t.name+` where tenant_id = $1 and `+where, tx.Who.Tenant, client)
		if err != nil {
			return err
		}
		p.Rows[t.name] += int(n)
	}
	return nil
}

func destroyMatter(tx *db.Tx, keys *seal.Keys, i Item, p *journal.Proof) error {
	n, err := tx.Exec(`delete from import_item where tenant_id = $1 and (thing_id = $2 or thing_id in (select path_id from path where tenant_id = $1 and client_id = $2)
		or thing_id in (select entry_id from entry where tenant_id = $1 and client_id = $2))`, tx.Who.Tenant, i.Client)
	if err != nil {
		return err
	}
	p.Rows["import_item"] = int(n)
	if err := empty(tx, Matter, i.Client, p); err != nil {
		return err
	}
	// What somebody wrote in words goes; who did what and when stays for as long as the logs do.
	if _, err := tx.Exec(`update emergency set why = '' where tenant_id = $1 and client_id = $2`, tx.Who.Tenant, i.Client); err != nil {
		return err
	}
	if _, err := tx.Exec(`update legal_hold set why = '', ended_why = '' where tenant_id = $1 and client_id = $2`, tx.Who.Tenant, i.Client); err != nil {
		return err
	}
	if i.apart {
		_, err = tx.Exec(`update client set note = '', provisional = false, restricted = false, keep_until = $3, rev = rev + 1
			where tenant_id = $1 and client_id = $2`, tx.Who.Tenant, i.Client, i.keep)
	} else if err = dropIdentity(tx, i.Client, p); err == nil {
		err = empty(tx, Permit, i.Client, p)
	}
	if err != nil {
		return err
	}
	return journal.Erase(tx, keys, p)
}

// dropIdentity deletes the basic data, what they are found by, and the person behind when no other register knows them.
func dropIdentity(tx *db.Tx, client string, p *journal.Proof) error {
	var person string
	if _, err := tx.One(`select person_id from client where tenant_id = $1 and client_id = $2`, []any{tx.Who.Tenant, client}, &person); err != nil {
		return err
	}
	if err := empty(tx, Identity, client, p); err != nil {
		return err
	}
	n, err := tx.Exec(`delete from person where tenant_id = $1 and person_id = $2
		and not exists (select 1 from client c where c.tenant_id = $1 and c.person_id = $2)`, tx.Who.Tenant, person)
	p.Rows["person"] = int(n)
	return err
}

// dropLogs deletes the rows of the logs in the database that are older than they are kept: whole sealed batches.
func dropLogs(tx *db.Tx, rules *ruleset.Set, keys *seal.Keys, p *journal.Proof) error {
	before, _, known := logsBefore(tx, rules)
	if !known {
		return nil
	}
	for _, t := range []struct{ name, sql string }{
		{"command_log", `delete from command_log where tenant_id = $1 and batch in (select b.number from command_log_batch b where b.tenant_id = $1 and b.at < $2)`},
		{"disclosure_log", `delete from disclosure_log where tenant_id = $1 and batch in (select b.number from disclosure_log_batch b where b.tenant_id = $1 and b.at < $2)`},
		{"emergency", `delete from emergency where tenant_id = $1 and opened_at < $2`},
		{"unusual_read", `delete from unusual_read where tenant_id = $1 and last_at < $2`},
		{"approval", `delete from approval where tenant_id = $1 and asked_at < $2`},
	} {
		n, err := tx.Exec(t.sql, tx.Who.Tenant, before)
		if err != nil {
			return err
		}
		p.Rows[t.name] = int(n)
	}
	return journal.Prove(tx, keys, p)
}
