package db

import (
	"sync/atomic"
	"time"
)

// Written pages (of 4 KiB) wait in the write-ahead log before they are moved into the file. One that is written again
// meanwhile is moved once, so moving seldom is less work.
const (
	checkpointEvery = time.Second
	walLong         = 8_000   // pages; the log is to begin anew as soon as there is a moment for it
	walMost         = "60000" // the writer moves the pages itself, whatever waits
	restartWait     = 20 * time.Millisecond
)

// checkpointer moves committed pages from the write-ahead log into the file beside the writer, so that nobody's command
// has to wait for it.
type checkpointer struct {
	l    *lite
	t    *trouble
	wake chan struct{}
	over chan struct{}
	done chan struct{}

	// finish asks the writer to see to the rest between two commits: the log begins anew only when nothing of it is left
	// to move and nobody reads from it, which under a steady stream never happens by itself.
	finish atomic.Bool
}

func startCheckpointer(file string, t *trouble) (*checkpointer, error) {
	l, err := openLite(file)
	if err != nil {
		return nil, err
	}
	c := &checkpointer{l: l, t: t, wake: make(chan struct{}, 1), over: make(chan struct{}), done: make(chan struct{})}
	go c.loop()
	return c, nil
}

// written says that something was committed.
func (c *checkpointer) written() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *checkpointer) loop() {
	defer close(c.done)
	for {
		select {
		case <-c.wake:
		case <-c.over:
			return
		}
		if c.t.broken.Load() == nil && !c.t.leave.Load() && c.move() > walLong {
			c.move() // what came meanwhile, so that little is left for the writer
			c.finish.Store(true)
		}
		select {
		case <-time.After(checkpointEvery):
		case <-c.over:
			return
		}
	}
}

// move moves what it can without waiting for anybody, and tells how many pages the log has. What it could not move stays
// for the next time; a full disk is the writer's to meet at its next commit, and a disk that fails ends all writing.
func (c *checkpointer) move() (log int) {
	rows, err := c.l.query("pragma wal_checkpoint(passive)", nil)
	if err != nil {
		c.failed(err)
		return 0
	}
	defer rows.Close()
	var busy, moved int
	if rows.Next() {
		rows.Scan(&busy, &log, &moved)
	}
	c.failed(rows.Err())
	return log
}

// failed tells the writer of a disk that fails.
func (c *checkpointer) failed(err error) {
	if isBroken(err) && !IsFull(err) {
		c.t.met(err)
	}
}

// restart lets the log begin anew, by the writer's connection between two commits. It waits a moment for those who read
// from the log; whoever reads for long is left alone until next time.
func (c *checkpointer) restart(l *lite) {
	if !c.finish.Swap(false) {
		return
	}
	l.c.SetBusyTimeout(restartWait)
	_, err := l.exec("pragma wal_checkpoint(restart)", nil)
	c.failed(err)
	l.c.SetBusyTimeout(busyWait)
}

func (c *checkpointer) stop() error {
	close(c.over)
	<-c.done
	return c.l.close()
}
