package audit

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"polku/internal/actor"
	"polku/internal/db"
	"polku/internal/fault"
)

// indexChunk is how many rows by client share one transaction: the loop that writes pages' rows waits for no longer.
const (
	indexChunk = 512
	indexLine  = 32 // rows of one statement
)

// byClient is one row of the use log by client.
type byClient struct {
	client, log string
	at          int64
}

// index puts sealed rows in order by client. Many batches at once, since then rows of the same client stand side by side.
func (l *Log) index(ctx context.Context, tenant int64) error {
	for {
		var pairs []byClient
		var last int64
		batches := 0
		err := read(ctx, l.pool, `select b.number, l.log_id, l.at, l.clients from (select number, from_id, to_id from use_log_batch
			where tenant_id = $1 and not indexed order by number limit 16) b join use_log l on l.tenant_id = $1 and l.log_id >= b.from_id
			and l.log_id <= b.to_id and l.batch = b.number`, []any{tenant}, func(row func(...any) error) error {
			var number, at int64
			var id, clients string
			if err := row(&number, &id, &at, &clients); err != nil {
				return err
			}
			if number != last {
				batches++
			}
			last = max(last, number)
			pairs = append(pairs, pairsOf(id, at, clients)...)
			return nil
		})
		if err != nil || last == 0 {
			return err
		}
		slices.SortFunc(pairs, func(a, b byClient) int {
			return cmp.Or(cmp.Compare(a.client, b.client), cmp.Compare(a.at, b.at), cmp.Compare(a.log, b.log))
		})
		for len(pairs) > 0 {
			n := min(indexChunk, len(pairs))
			if err := l.writerOf(UseLog, tenant)(ctx, insertPairs(tenant, pairs[:n])); err != nil {
				return err
			}
			pairs = pairs[n:]
		}
		done := []statement{{`update use_log_batch set indexed = true where tenant_id = $1 and not indexed and number <= $2`, []any{tenant, last}}}
		if err := l.writerOf(UseLog, tenant)(ctx, done); err != nil {
			return err
		}
	}
}

// pairsOf gives the rows by client of one log row. A row whose list cannot be read has none: verify names it.
func pairsOf(id string, at int64, clients string) []byClient {
	var ids []string
	if json.Unmarshal([]byte(clients), &ids) != nil {
		return nil
	}
	pairs := make([]byClient, len(ids))
	for i, client := range ids {
		pairs[i] = byClient{client, id, at}
	}
	return pairs
}

const insertPair = `insert into use_log_client (tenant_id, client_id, at, log_id) values`

func insertPairs(tenant int64, pairs []byClient) []statement {
	var all []statement
	for len(pairs) > 0 {
		n := 1
		if len(pairs) >= indexLine {
			n = indexLine
		}
		args := make([]any, 0, 4*n)
		for _, p := range pairs[:n] {
			args = append(args, tenant, p.client, p.at, p.log)
		}
		all = append(all, statement{insertPair + db.Places(n, 4) + "on conflict do nothing", args})
		pairs = pairs[n:]
	}
	return all
}

// Seen is one use of a client's data.
type Seen struct {
	ID              string
	At              int64 // microseconds UTC
	Worker          string
	Purpose         actor.Purpose
	Screen, Request string
	Standing        string // role and relation as of the read, "worker/responsible"; empty in old rows
	List            bool   // one of many on a list
}

// SeenBetween gives who used a client's data at or after from and before to (microseconds UTC), newest first, at most
// limit. It may be called inside no transaction. Who calls it has been let see the client.
func (l *Log) SeenBetween(ctx context.Context, tenant int64, client string, from, to int64, limit int) ([]Seen, error) {
	if err := l.CatchUp(ctx, tenant); err != nil {
		return nil, err
	}
	var all []Seen
	err := read(ctx, l.pool, `select l.log_id, l.at, l.worker_id, l.purpose, l.screen, l.request, l.standing, l.clients like '%,%' from use_log_client k
		join use_log l on l.tenant_id = k.tenant_id and l.log_id = k.log_id
		where k.tenant_id = $1 and k.client_id = $2 and k.at >= $3 and k.at < $4 order by k.at desc, k.log_id desc limit $5`,
		[]any{tenant, client, from, to, limit}, func(row func(...any) error) error {
			var s Seen
			err := row(&s.ID, &s.At, &s.Worker, (*string)(&s.Purpose), &s.Screen, &s.Request, &s.Standing, &s.List)
			all = append(all, s)
			return err
		})
	return all, fault.Wrap(err, "audit.find")
}

// Opened is one use in which somebody opened one client's own data, not a list.
type Opened struct {
	Worker, Client string
	At             int64 // microseconds UTC
}

// sealedWithin is how much later than a row its batch may be made, for OpenedBetween: a program that was down that long.
const sealedWithin = 3 * 24 * 3600 * 1_000_000

// OpenedBetween gives each opening of a client by a worker at or after from and before to (microseconds UTC), for the
// reviewer's list.
func (l *Log) OpenedBetween(ctx context.Context, tenant, from, to int64, each func(Opened)) error {
	if err := l.CatchUp(ctx, tenant); err != nil {
		return err
	}
	// Batches lead to the rows: they know their time, and rows of a time stand together by their ids.
	err := read(ctx, l.pool, `select l.worker_id, l.clients, l.at from use_log_batch b join use_log l on l.tenant_id = b.tenant_id
		and l.log_id >= b.from_id and l.log_id <= b.to_id and l.batch = b.number where b.tenant_id = $1 and b.at >= $2 and b.at < $4
		and l.at >= $2 and l.at < $3 and l.worker_id <> $5 and l.clients not like '%,%'`,
		[]any{tenant, from, to, to + sealedWithin, actor.SystemWorker}, func(row func(...any) error) error {
			var o Opened
			var clients string
			if err := row(&o.Worker, &clients, &o.At); err != nil {
				return err
			}
			for _, p := range pairsOf("", o.At, clients) {
				o.Client = p.client
				each(o)
			}
			return nil
		})
	return fault.Wrap(err, "audit.find")
}
