package audit

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/seal"
)

// Name of a log.
type Name string

// The logs.
const (
	UseLog        Name = "use"
	CommandLog    Name = "command"
	DisclosureLog Name = "disclosure"
)

// Names are all logs.
var Names = []Name{UseLog, CommandLog, DisclosureLog}

// sealedColumns are what a seal covers: every column but the tenant, which is signed beside, and the batch's number.
var sealedColumns = map[Name]string{
	UseLog:        "log_id, at, worker_id, purpose, screen, clients, request, standing",
	CommandLog:    "log_id, at, worker_id, purpose, screen, client_id, what, request",
	DisclosureLog: "log_id, at, client_id, register_id, worker_id, receiver, receiver_name, what, purpose, basis, section, consent_id, asked_by, screen, request",
}

const (
	sealMost  = 512             // rows in one batch
	sealEvery = time.Second     // how long a row waits for its seal
	idChunk   = 32              // ids in one statement
	triesMost = 5               // when others seal at the same time
	indexRows = 4096            // so many sealed rows are put in order by client together …
	indexWait = 1 * time.Minute // … or those of so long
)

// sealer is what sealing keeps in mind between rounds.
type sealer struct {
	mu      sync.Mutex // one round at a time
	keys    *seal.Keys
	pending int // sealed rows not yet in order by client
	indexed time.Time
	headDay civil.Date
}

// UseKeys gives the keys that batches are signed with.
func (l *Log) UseKeys(keys *seal.Keys) { l.sealer.keys = keys }

// KeepSealing seals every second until ctx ends, and once more then. What fails is logged and tried again.
func (l *Log) KeepSealing(ctx context.Context, tenant int64, log *slog.Logger) {
	tick := time.NewTicker(sealEvery)
	defer tick.Stop()
	for failed := false; ; {
		last := ctx.Err() != nil
		// A round that has begun is ended: its few statements take milliseconds.
		err := l.round(context.WithoutCancel(ctx), tenant, last)
		if err != nil && !failed { // said once, not every second of a full disk
			log.Error("logs not sealed, will be tried again", "error", err.Error())
		}
		failed = err != nil
		if last {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

// CatchUp seals all that is there and puts it in order by client: before reading by client.
func (l *Log) CatchUp(ctx context.Context, tenant int64) error { return l.round(ctx, tenant, true) }

func (l *Log) round(ctx context.Context, tenant int64, index bool) error {
	s := &l.sealer
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keys == nil {
		return fault.E(fault.Internal, "audit.no_keys", nil)
	}
	for _, name := range Names {
		for {
			n, err := l.sealBatch(ctx, tenant, name)
			for try := 1; db.IsUnique(err) && try < triesMost; try++ {
				n, err = l.sealBatch(ctx, tenant, name)
			}
			if err != nil {
				return fault.Wrap(err, "audit.seal")
			}
			if name == UseLog {
				s.pending += n
			}
			if n < sealMost {
				break
			}
		}
	}
	now := l.db.Now()
	if index || s.pending >= indexRows || s.pending > 0 && now.Sub(s.indexed) >= indexWait {
		if err := l.index(ctx, tenant); err != nil {
			return fault.Wrap(err, "audit.index")
		}
		s.pending, s.indexed = 0, now
	}
	if day := civil.Of(now, l.db.Zone); day != s.headDay {
		if err := l.signHeads(ctx, tenant, day); err != nil {
			return fault.Wrap(err, "audit.heads")
		}
		s.headDay = day
	}
	return nil
}

// pool gives the connections that a log is read by.
func (l *Log) poolOf(name Name) *sql.DB {
	if name == UseLog {
		return l.pool
	}
	return l.db.Pool()
}

func (l *Log) writerOf(name Name, tenant int64) writer {
	switch {
	case l.db.Engine == db.Postgres:
		return l.inPostgres
	case name == UseLog:
		return l.inFile
	}
	return l.inMain(tenant)
}

// sealBatch seals up to sealMost rows as the next batch and tells how many. Who seals at the same time meets the same
// number, and one of them does it again.
func (l *Log) sealBatch(ctx context.Context, tenant int64, name Name) (int, error) {
	pool, table := l.poolOf(name), tableOf(name)
	// The last batch first: rows that somebody else seals after this are not read below, or their number is taken.
	number, head, err := l.last(ctx, tenant, name)
	if err != nil {
		return 0, err
	}
	rows, err := rowsWhere(ctx, pool, name, "batch = 0", sealMost, tenant)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	b := batch{tenant: tenant, log: name, number: number + 1, from: rows[0][0], to: rows[len(rows)-1][0], count: int64(len(rows)),
		head: link(head, rows), at: l.db.Now().UnixMicro()}
	var all []statement
	for ids := rows; len(ids) > 0; ids = ids[min(idChunk, len(ids)):] {
		args := []any{tenant, b.number}
		for i := range idChunk { // always as many: one text to plan
			args = append(args, ids[min(i, len(ids)-1)][0])
		}
		all = append(all, statement{markSealed[name], args})
	}
	extra, more := "", ""
	if name == UseLog {
		extra, more = ", indexed", ", false"
	}
	all = append(all, statement{`insert into ` + table + `_batch (tenant_id, number, from_id, to_id, rows_count, head, at, signature` + extra + `)
		values ($1, $2, $3, $4, $5, $6, $7, $8` + more + `)`, []any{tenant, b.number, b.from, b.to, b.count, b.head, b.at, l.sealer.keys.Sign(b.text())}})
	return len(rows), l.writerOf(name, tenant)(ctx, all)
}

var markSealed = func() map[Name]string {
	texts := map[Name]string{}
	for _, name := range Names {
		places := make([]string, idChunk)
		for i := range places {
			places[i] = fmt.Sprintf("$%d", i+3)
		}
		texts[name] = `update ` + tableOf(name) + ` set batch = $2 where tenant_id = $1 and batch = 0 and log_id in (` + strings.Join(places, ", ") + `)`
	}
	return texts
}()

func tableOf(name Name) string { return string(name) + "_log" }

// last gives the number and head of a log's last batch; 0 and nil before the first.
func (l *Log) last(ctx context.Context, tenant int64, name Name) (number int64, head []byte, err error) {
	err = read(ctx, l.poolOf(name), `select number, head from `+tableOf(name)+`_batch where tenant_id = $1 order by number desc limit 1`, []any{tenant},
		func(row func(...any) error) error { return row(&number, &head) })
	return number, head, err
}

// rowsWhere reads rows of a log as texts, column by column as they are sealed, in order of their ids.
func rowsWhere(ctx context.Context, pool *sql.DB, name Name, where string, limit int, args ...any) ([][]string, error) {
	columns := strings.Split(sealedColumns[name], ", ")
	chosen := strings.Replace(sealedColumns[name], " at,", " cast(at as text),", 1)
	var rows [][]string
	err := read(ctx, pool, fmt.Sprintf(`select %s from %s where tenant_id = $1 and %s order by log_id limit %d`, chosen, tableOf(name), where, limit), args,
		func(row func(...any) error) error {
			values, dest := make([]string, len(columns)), make([]any, len(columns))
			for i := range values {
				dest[i] = &values[i]
			}
			err := row(dest...)
			if name == UseLog && values[len(values)-1] == "" { // standing: rows of before it was kept are sealed without
				values = values[:len(values)-1]
			}
			rows = append(rows, values)
			return err
		})
	return rows, err
}

// link gives the head after a batch of rows. Each text goes in with its length: no two lists of texts look the same.
func link(before []byte, rows [][]string) []byte {
	h := sha256.New()
	h.Write(before)
	var length [8]byte
	for _, row := range rows {
		for _, text := range row {
			binary.BigEndian.PutUint64(length[:], uint64(len(text)))
			h.Write(length[:])
			h.Write([]byte(text))
		}
	}
	return h.Sum(nil)
}

// batch is some rows of a log, sealed together.
type batch struct {
	tenant    int64
	log       Name
	number    int64
	from, to  string
	count     int64
	head      []byte
	at        int64 // microseconds UTC
	signature []byte
}

// text is what is signed.
func (b batch) text() []byte {
	return fmt.Appendf(nil, "polku log batch %d %s %d %s %s %d %x %d", b.tenant, b.log, b.number, b.from, b.to, b.count, b.head, b.at)
}

func headText(tenant int64, name Name, day civil.Date, number int64, head []byte) []byte {
	return fmt.Appendf(nil, "polku log head %d %s %s %d %x", tenant, name, day, number, head)
}

// signHeads writes down, signed, how far each log had come on a day.
func (l *Log) signHeads(ctx context.Context, tenant int64, day civil.Date) error {
	var all []statement
	for _, name := range Names {
		number, head, err := l.last(ctx, tenant, name)
		if err != nil {
			return err
		}
		if number == 0 {
			continue
		}
		all = append(all, statement{`insert into log_head (tenant_id, log, day, number, head, signature) values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
			[]any{tenant, string(name), int64(day), number, head, l.sealer.keys.Sign(headText(tenant, name, day, number, head))}})
	}
	if len(all) == 0 {
		return nil
	}
	return l.writerOf(CommandLog, tenant)(ctx, all)
}
