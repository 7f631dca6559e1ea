package audit

import (
	"bytes"
	"context"
	"fmt"

	"polku/internal/civil"
	"polku/internal/fault"
	"polku/internal/seal"
)

// Finding is something in a log that does not fit. It names the log and the batch, no person.
type Finding struct {
	What  string // catalogue key: verify.log_changed, verify.log_gap …
	Log   Name
	Batch int64  // 0: none
	Thing string // a row's id, or a day
}

// Checked counts what a verification went through.
type Checked struct {
	Batches, Rows int
	Unsealed      int // rows newer than the last seal: what was slipped in among them nothing proves

	UnsealedFrom, UnsealedTo int64 // the first and the last of them, microseconds UTC; 0: there are none
}

// Verify proves the logs of an organisation: every batch's signature, the chain from batch to batch, its rows against
// its head, that no row stands beside the batches, the heads signed daily, and that each use is found by its client. It
// writes nothing.
func (l *Log) Verify(ctx context.Context, tenant int64, keys *seal.Keys) ([]Finding, Checked, error) {
	v := verifier{l: l, ctx: ctx, tenant: tenant, keys: keys}
	for _, name := range Names {
		if err := v.log(name); err != nil {
			return v.found, v.Checked, fault.Wrap(err, "audit.verify")
		}
	}
	return v.found, v.Checked, nil
}

type verifier struct {
	Checked
	l      *Log
	ctx    context.Context
	tenant int64
	keys   *seal.Keys
	found  []Finding
}

func (v *verifier) say(what string, name Name, batch int64, thing string) {
	v.found = append(v.found, Finding{what, name, batch, thing})
}

const batchesAtOnce = 64

func (v *verifier) log(name Name) error {
	signed, err := v.heads(name)
	if err != nil {
		return err
	}
	var number int64
	var head []byte
	rows, pairs := 0, int64(0)
	for {
		all, err := v.batchesAfter(name, number)
		if err != nil {
			return err
		}
		for _, b := range all {
			if b.number != number+1 {
				v.say("verify.log_gap", name, number+1, "")
			}
			if !v.keys.Verify(b.text(), b.signature) {
				v.say("verify.log_signature", name, b.number, "")
			}
			n, p, err := v.batch(b, head)
			if err != nil {
				return err
			}
			rows, pairs = rows+n, pairs+p
			number, head = b.number, b.head
			if s, there := signed[number]; there {
				if !bytes.Equal(s.head, head) {
					v.say("verify.log_changed", name, number, s.day.String())
				}
				delete(signed, number)
			}
			v.Batches++
		}
		if len(all) < batchesAtOnce {
			break
		}
	}
	v.Rows += rows
	if err := v.beside(name, int64(rows)); err != nil {
		return err
	}
	for batch, s := range signed { // what a signature says was there is there no more
		v.say("verify.log_cut", name, batch, s.day.String())
	}
	if name == UseLog {
		return v.index(pairs)
	}
	return nil
}

func (v *verifier) batchesAfter(name Name, after int64) ([]batch, error) {
	var all []batch
	err := read(v.ctx, v.l.poolOf(name), fmt.Sprintf(`select number, from_id, to_id, rows_count, head, at, signature from %s_batch
		where tenant_id = $1 and number > $2 order by number limit %d`, tableOf(name), batchesAtOnce), []any{v.tenant, after}, func(row func(...any) error) error {
		b := batch{tenant: v.tenant, log: name}
		err := row(&b.number, &b.from, &b.to, &b.count, &b.head, &b.at, &b.signature)
		all = append(all, b)
		return err
	})
	return all, err
}

// batch checks one batch's rows and gives how many there are, and how many rows by client they make.
func (v *verifier) batch(b batch, before []byte) (int, int64, error) {
	// One more than there may be: a row that was slipped in is seen, too many are not read.
	rows, err := rowsWhere(v.ctx, v.l.poolOf(b.log), b.log, "log_id >= $2 and log_id <= $3 and batch = $4", int(b.count)+1, v.tenant, b.from, b.to, b.number)
	if err != nil {
		return 0, 0, err
	}
	if len(rows) == 0 && b.at < v.l.db.Now().AddDate(-KeptYears, 0, 0).UnixMicro() {
		return 0, 0, nil // destroyed when its time was over; its signed head still links the batches on either side
	}
	if !bytes.Equal(link(before, rows), b.head) {
		v.say("verify.log_changed", b.log, b.number, "")
	}
	if b.log != UseLog {
		return len(rows), 0, nil
	}
	pairs := int64(0)
	for _, row := range rows {
		pairs += int64(len(pairsOf(row[0], 0, row[5])))
	}
	return len(rows), pairs, nil
}

// straysNamed is how many rows beside the batches are named.
const straysNamed = 100

// beside looks for rows that say they belong to a batch and do not, and counts those that wait for a seal.
func (v *verifier) beside(name Name, rows int64) error {
	var sealed int64
	err := read(v.ctx, v.l.poolOf(name), `select coalesce(sum(case when batch <> 0 then 1 else 0 end), 0), coalesce(sum(case when batch = 0 then 1 else 0 end), 0),
		coalesce(min(case when batch = 0 then at end), 0), coalesce(max(case when batch = 0 then at end), 0) from `+tableOf(name)+` where tenant_id = $1`, []any{v.tenant}, func(row func(...any) error) error {
		var unsealed, from, to int64
		err := row(&sealed, &unsealed, &from, &to)
		if unsealed > 0 {
			if v.Unsealed == 0 || from < v.UnsealedFrom {
				v.UnsealedFrom = from
			}
			v.Unsealed, v.UnsealedTo = v.Unsealed+int(unsealed), max(v.UnsealedTo, to)
		}
		return err
	})
	if err != nil || sealed == rows {
		return err
	}
	return read(v.ctx, v.l.poolOf(name), fmt.Sprintf(`select l.log_id, l.batch from %[1]s l where l.tenant_id = $1 and l.batch <> 0 and not exists (
		select 1 from %[1]s_batch b where b.tenant_id = $1 and b.number = l.batch and l.log_id >= b.from_id and l.log_id <= b.to_id)
		order by l.log_id limit %[2]d`, tableOf(name), straysNamed), []any{v.tenant}, func(row func(...any) error) error {
		var id string
		var batch int64
		err := row(&id, &batch)
		v.say("verify.log_beside", name, batch, id)
		return err
	})
}

// signedHead is a log's head as it was signed on a day.
type signedHead struct {
	day  civil.Date
	head []byte
}

// heads gives the heads signed daily by the number of their batch: the chain of today must pass through each.
func (v *verifier) heads(name Name) (map[int64]signedHead, error) {
	all := map[int64]signedHead{}
	err := read(v.ctx, v.l.poolOf(CommandLog), `select day, number, head, signature from log_head where tenant_id = $1 and log = $2 order by day`,
		[]any{v.tenant, string(name)}, func(row func(...any) error) error {
			var day, number int64
			var head, signature []byte
			if err := row(&day, &number, &head, &signature); err != nil {
				return err
			}
			on := civil.Date(day)
			if !v.keys.Verify(headText(v.tenant, name, on, number, head), signature) {
				v.say("verify.log_signature", name, number, on.String())
			}
			all[number] = signedHead{on, head}
			return nil
		})
	return all, err
}

// index checks that each use of a client's data is found by the client: every row by client names a row of the log that
// names the client, and there are as many as there should be. So none can be missing.
func (v *verifier) index(pairs int64) error {
	var have, right, waiting int64
	err := read(v.ctx, v.l.pool, `select count(*), coalesce(sum(case when l.log_id is not null and l.at = k.at and l.clients like '%"' || k.client_id || '"%'
		and l.batch <> 0 then 1 else 0 end), 0), (select count(*) from use_log_batch where tenant_id = $1 and not indexed)
		from use_log_client k left join use_log l on l.tenant_id = k.tenant_id and l.log_id = k.log_id where k.tenant_id = $1`, []any{v.tenant},
		func(row func(...any) error) error { return row(&have, &right, &waiting) })
	if err != nil {
		return err
	}
	if have != right || waiting == 0 && have != pairs || have > pairs {
		v.say("verify.log_index", UseLog, 0, "")
	}
	return nil
}
