package web

import (
	"cmp"
	"context"
	"runtime"
	"sync/atomic"
	"time"

	"polku/internal/fault"
)

// How many requests are worked on at once for each processor, how many more may wait for each of those, and how long. Pages
// take milliseconds: who waits two seconds stands in a queue that only grows, and is better told to come again.
const (
	atOncePerCPU = 32
	waitPerSlot  = 8
	patience     = 2 * time.Second
)

// crowd lets so many requests be worked on at once. The others wait a moment, and beyond that are sent away with a word:
// what is admitted stays quick, and memory stays what it is, however many come.
type crowd struct {
	slots    chan struct{}
	waiting  atomic.Int64
	waitMost int64
	patience time.Duration
}

func newCrowd(atOnce int, wait time.Duration) *crowd {
	atOnce = cmp.Or(atOnce, atOncePerCPU*runtime.GOMAXPROCS(0))
	return &crowd{slots: make(chan struct{}, atOnce), waitMost: int64(atOnce * waitPerSlot), patience: cmp.Or(wait, patience)}
}

// apart are the routes that do not stand in the crowd: streams that stay open, uploads that come in as slowly as a
// telephone sends them, and the questions whether the program is well, which must be answered in a crowd above all.
var apart = map[string]bool{"GET /live": true, "GET /health": true, "GET /ready": true, "POST /import": true, "POST /c/{id}/files": true}

// enter waits for a place; leave gives it back. Unavailable error.crowd when there is none: nothing has been done.
func (c *crowd) enter(ctx context.Context) (leave func(), err error) {
	leave = func() { <-c.slots }
	select {
	case c.slots <- struct{}{}:
		return leave, nil
	default:
	}
	full := fault.E(fault.Unavailable, "error.crowd", fault.Args{"seconds": int(c.patience/time.Second) + 1})
	if c.waiting.Add(1) > c.waitMost {
		c.waiting.Add(-1)
		return nil, full
	}
	defer c.waiting.Add(-1)
	timer := time.NewTimer(c.patience)
	defer timer.Stop()
	select {
	case c.slots <- struct{}{}:
		return leave, nil
	case <-timer.C:
		return nil, full
	case <-ctx.Done():
		return nil, full
	}
}
