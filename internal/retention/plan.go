package retention

import (
	"cmp"
	"slices"
	"time"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/path"
	"polku/internal/ruleset"
)

// Item is one thing that has fallen due: a class of one client's documents, or old rows of the logs (Client empty).
type Item struct {
	Client   string     `json:"client,omitempty"`
	Register string     `json:"register,omitempty"`
	Class    Class      `json:"class"`
	Due      civil.Date `json:"due"`
	Rule     string     `json:"rule"` // figure, version and source
	Held     bool       `json:"held,omitempty"`
	Marked   bool       `json:"restricted,omitempty"` // processing is restricted: the client may need the data for a claim
	Rows     int        `json:"rows,omitempty"`       // of the logs

	Unread bool `json:"unverified,omitempty"` // the figure has not been read in its source yet

	apart bool
	keep  civil.Date // when the basic data fall due, if they are kept apart
}

// Free tells whether the item may be destroyed when two people agree.
func (i Item) Free() bool { return !i.Held && !i.Marked }

// Due is what has fallen due.
type Due struct {
	Items   []Item   `json:"items"`
	Unknown []string `json:"unknown_registers"` // ids of registers whose kind has no retention rule today: nothing of theirs falls due
}

// Plan lists what has fallen due today, the longest due first. It reads no names and writes nothing.
func Plan(tx *db.Tx, rules *ruleset.Set) (Due, error) { return plan(tx, rules, "") }

// plan lists what is due of one client, or of all (only empty) with the logs.
func plan(tx *db.Tx, rules *ruleset.Set, only string) (Due, error) {
	due := Due{Items: []Item{}, Unknown: []string{}}
	type register struct{ id, kind string }
	var registers []register
	if err := tx.Each(`select register_id, kind from register where tenant_id = $1 order by register_id`, []any{tx.Who.Tenant}, func(row func(...any) error) error {
		var r register
		err := row(&r.id, &r.kind)
		registers = append(registers, r)
		return err
	}); err != nil {
		return due, err
	}
	for _, r := range registers {
		k := kinds[r.kind]
		matter, known := ruleOn(rules, k.figure, tx.Today)
		if !known {
			due.Unknown = append(due.Unknown, r.id)
			continue
		}
		for _, find := range []func() ([]Item, error){
			func() ([]Item, error) { return matters(tx, rules, r.id, only, matter, k.apart) },
			func() ([]Item, error) { return identities(tx, rules, r.id, only) },
			func() ([]Item, error) { return permits(tx, rules, r.id, only) },
			func() ([]Item, error) { return referrals(tx, r.id, only, matter) },
		} {
			items, err := find()
			if err != nil {
				return due, err
			}
			due.Items = append(due.Items, items...)
		}
	}
	if only == "" {
		item, any, err := logs(tx, rules)
		if err != nil {
			return due, err
		}
		if any {
			due.Items = append(due.Items, item)
		}
	}
	slices.SortFunc(due.Items, func(a, b Item) int {
		return cmp.Or(cmp.Compare(a.Due, b.Due), cmp.Compare(a.Client, b.Client), cmp.Compare(a.Class, b.Class))
	})
	return due, nil
}

// held is the condition that a legal hold stands today ($3) over a client of alias, which names a table with tenant_id,
// register_id and client_id.
func held(alias string) string {
	return `exists (select 1 from legal_hold h where h.tenant_id = $1 and h.ended_at is null and h.from_day <= $3 and (h.to_day is null or h.to_day >= $3)
		and (h.client_id = ` + alias + `.client_id or h.client_id = '' and h.register_id = ` + alias + `.register_id))`
}

// matters gives the clients of a register all of whose paths have ended long enough ago, and of whom nothing is owed or
// expected any more. The time runs from the last exit; of somebody who never began, from the day they were entered.
func matters(tx *db.Tx, rules *ruleset.Set, register, only string, r rule, apart bool) ([]Item, error) {
	death, knownDeath := ruleOn(rules, "identity_after_death", tx.Today)
	birth, knownBirth := ruleOn(rules, "identity_after_birth", tx.Today)
	var items []Item
	err := tx.Each(`select c.client_id, c.restricted, c.born, c.created_at, `+held("c")+`,
		(select max(e.day) from entry e where e.tenant_id = c.tenant_id and e.client_id = c.client_id and e.kind = 'exit'),
		(select max(e.day) from entry e where e.tenant_id = c.tenant_id and e.client_id = c.client_id and e.kind = 'exit' and e.body like '%"to":"died"%')
		from client c where c.tenant_id = $1 and c.register_id = $2 and ($5 = '' or c.client_id = $5)
		and (c.keep_until is null or exists (select 1 from path p where p.tenant_id = $1 and p.client_id = c.client_id))
		and not exists (select 1 from standing s where s.tenant_id = $1 and s.client_id = c.client_id and (s.status <> 'closed' or s.next_change < $4))`,
		[]any{tx.Who.Tenant, register, int64(tx.Today), int64(path.Never), only}, func(row func(...any) error) error {
			i := Item{Register: register, Class: Matter, Rule: r.text, Unread: !r.Verified, apart: apart}
			var born, last, died civil.Date
			var created int64
			if err := row(&i.Client, &i.Marked, &born, &created, &i.Held, &last, &died); err != nil {
				return err
			}
			if last.IsZero() {
				last = civil.Of(time.UnixMicro(created).UTC(), time.UTC)
			}
			if i.Due = r.from(last); i.Due > tx.Today {
				return nil
			}
			switch {
			case !apart:
			case !died.IsZero() && knownDeath:
				i.keep = death.from(died)
			case knownBirth:
				i.keep = birth.from(cmp.Or(born, last))
			default:
				return nil // until when the rest is kept is not known: then nothing is destroyed
			}
			items = append(items, i)
			return nil
		})
	return items, err
}

// identities gives the clients whose matter is gone and whose basic data have fallen due too.
func identities(tx *db.Tx, rules *ruleset.Set, register, only string) ([]Item, error) {
	r, known := ruleOn(rules, "identity_after_death", tx.Today)
	if !known {
		return nil, nil
	}
	var items []Item
	err := tx.Each(`select c.client_id, c.restricted, c.keep_until, `+held("c")+` from client c where c.tenant_id = $1 and c.register_id = $2
		and ($4 = '' or c.client_id = $4) and c.keep_until <= $3 and not exists (select 1 from path p where p.tenant_id = $1 and p.client_id = c.client_id)`,
		[]any{tx.Who.Tenant, register, int64(tx.Today), only}, func(row func(...any) error) error {
			i := Item{Register: register, Class: Identity, Rule: r.text, Unread: !r.Verified}
			err := row(&i.Client, &i.Marked, &i.Due, &i.Held)
			items = append(items, i)
			return err
		})
	return items, err
}

// permits gives the clients whose basic data are gone and whose consents and bans have fallen due too: they run from the
// same day as the basic data did.
func permits(tx *db.Tx, rules *ruleset.Set, register, only string) ([]Item, error) {
	r, known := ruleOn(rules, "permits_after_death", tx.Today)
	identity, knownIdentity := ruleOn(rules, "identity_after_death", tx.Today)
	if !known || !knownIdentity {
		return nil, nil
	}
	rest := rule{r.Figure, r.text}
	rest.Value -= identity.Value // both in years
	var items []Item
	err := tx.Each(`select k.client_id, max(e.due_day), max(case when `+held("k")+` then 1 else 0 end) from consent k join erasure e on e.tenant_id = k.tenant_id
		and e.client_id = k.client_id and e.class = 'identity' where k.tenant_id = $1 and k.register_id = $2 and ($4 = '' or k.client_id = $4) and $3 > 0
		group by k.client_id`, []any{tx.Who.Tenant, register, int64(tx.Today), only}, func(row func(...any) error) error {
		i := Item{Register: register, Class: Permit, Rule: r.text, Unread: !r.Verified}
		var from civil.Date
		var hold int
		if err := row(&i.Client, &from, &hold); err != nil {
			return err
		}
		i.Held = hold == 1
		if i.Due = rest.from(from); i.Due <= tx.Today {
			items = append(items, i)
		}
		return nil
	})
	return items, err
}

// logsBefore gives the instant before which rows of the logs have fallen due, and the rule.
func logsBefore(tx *db.Tx, rules *ruleset.Set) (int64, rule, bool) {
	r, known := ruleOn(rules, "logs", tx.Today)
	if !known {
		return 0, r, false
	}
	day := tx.Today.AddMonths(-12 * int(r.Value))
	return day.Time().UnixMicro(), r, true
}

// logs counts the rows of the logs in the database that are older than they are kept; those of the use log are counted
// when they go, since they may stand in a file of their own.
func logs(tx *db.Tx, rules *ruleset.Set) (Item, bool, error) {
	before, r, known := logsBefore(tx, rules)
	if !known {
		return Item{}, false, nil
	}
	i := Item{Class: Logs, Rule: r.text, Unread: !r.Verified, Due: civil.Of(time.UnixMicro(before).UTC(), time.UTC)}
	_, err := tx.One(`select (select count(*) from command_log where tenant_id = $1 and batch in (select b.number from command_log_batch b where b.tenant_id = $1 and b.at < $2)) + (select count(*) from disclosure_log where tenant_id = $1 and batch in (select b.number from disclosure_log_batch b where b.tenant_id = $1 and b.at < $2))
		+ (select count(*) from emergency where tenant_id = $1 and opened_at < $2)`, []any{tx.Who.Tenant, before}, &i.Rows)
	return i, i.Rows > 0, err
}
