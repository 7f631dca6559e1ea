package db

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"

	"polku/internal/fault"
)

// batchMost is how many commands may share one commit.
const batchMost = 128

// writer is the one goroutine that writes to SQLite. Commands that wait while a commit reaches the disk
// share the next one: each runs in a savepoint of its own, so one that fails takes nothing else along, and
// each caller is answered after the commit.
type writer struct {
	l     *lite
	c     *checkpointer
	t     *trouble
	queue chan *command
	done  chan struct{}
	gate  sync.RWMutex // held for reading while somebody may send
	shut  bool
}

type command struct {
	run   func(querier) error
	err   error
	reply chan error
}

func startWriter(l *lite, c *checkpointer, t *trouble) *writer {
	w := &writer{l: l, c: c, t: t, queue: make(chan *command, batchMost), done: make(chan struct{})}
	go w.loop()
	return w
}

var errClosed = fault.E(fault.Unavailable, "error.closing", nil)

// do runs one command and waits for its commit. A command already queued runs even when ctx ends: the
// caller is answered with what happened.
func (w *writer) do(ctx context.Context, run func(querier) error) error {
	if err := ctx.Err(); err != nil {
		return dbFault(err)
	}
	cmd := &command{run: run, reply: make(chan error, 1)}
	w.gate.RLock()
	if w.shut {
		w.gate.RUnlock()
		return errClosed
	}
	w.queue <- cmd
	w.gate.RUnlock()
	return <-cmd.reply
}

// stop lets queued commands end and closes the connection.
func (w *writer) stop() {
	w.gate.Lock()
	w.shut = true
	w.gate.Unlock()
	close(w.queue)
	<-w.done
}

func (w *writer) loop() {
	defer close(w.done)
	defer w.l.close()
	defer w.c.stop()
	for first := range w.queue {
		w.commitTogether(first)
		w.c.restart(w.l)
	}
}

// commitTogether runs first and whatever else waits, and commits once.
func (w *writer) commitTogether(first *command) {
	p := pinned{w.l}
	ctx := context.Background()
	batch := []*command{first}
	err := w.t.refusal()
	if err == nil {
		_, err = p.exec(ctx, "begin immediate", nil)
	}
	if err == nil {
		first.err = w.runOne(p, first)
	more:
		for len(batch) < batchMost && !w.l.c.AutocommitEnabled() { // SQLite ends a transaction by itself when the disk fails
			select {
			case cmd, ok := <-w.queue:
				if !ok {
					break more
				}
				batch = append(batch, cmd)
				cmd.err = w.runOne(p, cmd)
			default:
				break more
			}
		}
		_, err = p.exec(ctx, "commit", nil)
		if err != nil {
			_, rollbackErr := p.exec(ctx, "rollback", nil)
			err = errors.Join(err, rollbackErr)
		}
		err = w.t.met(err)
	}
	w.c.written()
	for _, cmd := range batch {
		if cmd.err = w.t.asMet(cmd.err); err != nil && cmd.err == nil {
			cmd.err = notSaved(err)
		}
		cmd.reply <- cmd.err
	}
}

// notSaved is what a command is told whose commit failed.
func notSaved(err error) error {
	if f := (*fault.Error)(nil); errors.As(err, &f) {
		return f
	}
	return &fault.Error{Kind: fault.Unavailable, Key: "error.not_saved", Cause: err}
}

// runOne runs a command in a savepoint; a panic becomes its error, not the end of the program.
func (w *writer) runOne(p pinned, cmd *command) (err error) {
	ctx := context.Background()
	if _, err := p.exec(ctx, "savepoint c", nil); err != nil {
		return dbFault(err)
	}
	defer func() {
		if r := recover(); r != nil {
			err = &fault.Error{Kind: fault.Internal, Key: "error.panic", Cause: fmt.Errorf("%v\n%s", r, debug.Stack())}
		}
		if err != nil {
			if _, back := p.exec(ctx, "rollback to c", nil); back != nil {
				err = errors.Join(err, back)
			}
		}
		if _, rel := p.exec(ctx, "release c", nil); rel != nil {
			err = errors.Join(err, rel)
		}
	}()
	return cmd.run(p)
}
