// Package audit owns the logs: use (who saw whose data, why, when), disclosure (what left a register) and commands
// (703/2023 s. 10). A use-log row is durable before the page that it is about leaves; a second later a sealer links it
// to those before and signs (seal.go), verify.go proves that nothing was changed since, find.go reads.
package audit

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"path/filepath"
	"sync"
	"sync/atomic"

	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/schema"
)

// UseLogFile is the name of the use log beside the embedded database.
const UseLogFile = "uselog.db"

// rowsMost is how many rows share one commit.
const rowsMost = 100

// Log writes use-log rows, many waiting readers in one commit, and seals all logs.
type Log struct {
	db     *db.DB
	pool   *sql.DB
	file   *db.File // SQLite only: the use log's own file, which the loop alone writes to
	queue  chan *row
	done   chan struct{}
	gate   sync.RWMutex
	shut   bool
	lately seenLately
	room   atomic.Pointer[reserve]
	sealer sealer
}

// row waits to be written. With a job it is no row, but work that only the loop may do.
type row struct {
	read  db.Read
	job   func() error
	reply chan error
}

// Open starts the log of a database and makes d record its reads there. On SQLite the log is a file of its
// own, so that its commits leave the readers' caches alone.
func Open(ctx context.Context, d *db.DB) (*Log, error) {
	l := &Log{db: d, pool: d.Pool(), queue: make(chan *row, rowsMost), done: make(chan struct{})}
	if d.Engine == db.SQLite {
		path := filepath.Join(d.Dir(), UseLogFile)
		if err := db.CheckFile(path); err != nil {
			return nil, err
		}
		pool, err := db.OpenSQLiteFile(path)
		if err != nil {
			return nil, fault.Wrap(err, "audit.open")
		}
		pool.SetMaxOpenConns(2)
		if err := schema.MigrateUseLog(ctx, pool); err != nil {
			return nil, err
		}
		l.pool = pool
		if l.file, err = db.OpenFile(path); err != nil {
			return nil, fault.Wrap(err, "audit.open")
		}
		l.file.OnFailure(d.Fail) // whose log's disk fails, the database must not go on either
	}
	go l.loop()
	d.Record = l.record
	return l, nil
}

// Close writes what waits and ends.
func (l *Log) Close() error {
	l.gate.Lock()
	shut := l.shut
	l.shut = true
	l.gate.Unlock()
	if shut {
		return nil
	}
	close(l.queue)
	<-l.done
	if r := l.room.Load(); r != nil {
		r.stop()
	}
	if l.file == nil {
		return nil
	}
	return errors.Join(l.file.Close(), l.pool.Close())
}

// LeaveCheckpoints leaves it to who ships a copy to move the write-ahead log's pages into place.
func (l *Log) LeaveCheckpoints() {
	if l.file != nil {
		l.file.LeaveCheckpoints()
	}
}

// Queue tells how many rows wait to be written.
func (l *Log) Queue() int { return len(l.queue) }

// Trouble tells why no row can be written; nil: all well, as far as the last ones tell.
func (l *Log) Trouble() error {
	if l.file == nil {
		return nil
	}
	return l.file.Trouble()
}

// Pool gives the connections of the log, for backup and tests.
func (l *Log) Pool() *sql.DB { return l.pool }

func (l *Log) record(ctx context.Context, r db.Read) error {
	if !live[r.Who.Screen] {
		return l.queueRow(r)
	}
	if r.Clients = l.lately.unseen(r); len(r.Clients) == 0 {
		return nil
	}
	err := l.queueRow(r)
	if err == nil {
		l.lately.note(r)
	}
	return err
}

// queueRow queues a row and waits until it is durable.
func (l *Log) queueRow(r db.Read) error { return l.wait(&row{read: r, reply: make(chan error, 1)}) }

// do runs work in the loop, which alone writes to the use log's file.
func (l *Log) do(job func() error) error { return l.wait(&row{job: job, reply: make(chan error, 1)}) }

func (l *Log) wait(w *row) error {
	l.gate.RLock()
	if l.shut {
		l.gate.RUnlock()
		return fault.E(fault.Unavailable, "error.closing", nil)
	}
	l.queue <- w
	l.gate.RUnlock()
	return <-w.reply
}

func (l *Log) loop() {
	defer close(l.done)
	for first := range l.queue {
		if first.job != nil {
			first.reply <- first.job()
			continue
		}
		batch := []*row{first}
		var job *row
	more:
		for len(batch) < rowsMost {
			select {
			case r, ok := <-l.queue:
				if !ok {
					break more
				}
				if r.job != nil {
					job = r
					break more
				}
				batch = append(batch, r)
			default:
				break more
			}
		}
		err := l.writeWithRoom(batch)
		for _, r := range batch {
			r.reply <- err
		}
		if job != nil {
			job.reply <- job.job()
		}
	}
}

const columns = 9

// insertRows is followed by as many rows as a batch has: one round trip and one commit.
const insertRows = `insert into use_log (tenant_id, log_id, at, worker_id, purpose, screen, clients, request, standing) values`

func (l *Log) write(batch []*row) error {
	args := make([]any, 0, columns*len(batch))
	for _, r := range batch {
		clients, err := json.Marshal(r.read.Clients)
		if err != nil {
			return fault.Wrap(err, "audit.encode")
		}
		who := r.read.Who
		args = append(args, who.Tenant, ident.New(), r.read.At, who.Worker, string(who.Purpose), who.Screen, string(clients), who.Trace(), r.read.Standing)
	}
	var err error
	if l.file != nil {
		err = l.file.Exec(insertRows+db.Places(len(batch), columns), args...)
	} else {
		_, err = l.pool.ExecContext(context.Background(), insertRows+db.Places(len(batch), columns), args...)
	}
	return fault.Wrap(err, "audit.write")
}

// Command writes the row of a command in the command's own transaction. what is a verb of ours
// ("handoff.offer"), never text that somebody wrote.
func Command(tx *db.Tx, client, what string) error {
	_, err := tx.Exec(`insert into command_log (tenant_id, log_id, at, worker_id, purpose, screen, client_id, what, request)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		tx.Who.Tenant, ident.New(), tx.At, tx.Who.Worker, string(tx.Who.Purpose), tx.Who.Screen, client, what, tx.Who.Trace())
	return err
}
