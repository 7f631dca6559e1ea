package db

import "time"

const (
	// checkpointEvery is how long written pages wait in the write-ahead log before they are moved into the file.
	checkpointEvery = 500 * time.Millisecond
	// walMost is how many pages (of 4 KiB) the log may hold before the writer itself moves them. The log begins anew only
	// when all of it has been moved, which under a steady stream the checkpointer alone never sees; most is moved by then.
	walMost = "4000"
)

// checkpointer moves committed pages from the write-ahead log into the file beside the writer, so that nobody's command
// has to wait for it.
type checkpointer struct {
	l    *lite
	t    *trouble
	wake chan struct{}
	done chan struct{}
}

func startCheckpointer(file string, t *trouble) (*checkpointer, error) {
	l, err := openLite(file)
	if err != nil {
		return nil, err
	}
	c := &checkpointer{l: l, t: t, wake: make(chan struct{}, 1), done: make(chan struct{})}
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
	for range c.wake {
		// Passive: it waits for nobody, and what it could not move stays for the next time. A full disk is the writer's to
		// meet at its next commit; a disk that fails ends all writing.
		if c.t.broken.Load() == nil && !c.t.leave.Load() {
			if _, err := c.l.exec("pragma wal_checkpoint(passive)", nil); isBroken(err) && !IsFull(err) {
				c.t.met(err)
			}
		}
		time.Sleep(checkpointEvery)
	}
}

func (c *checkpointer) stop() error {
	close(c.wake)
	<-c.done
	return c.l.close()
}
