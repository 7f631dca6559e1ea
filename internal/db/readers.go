package db

import (
	"context"
	"errors"
	"runtime"
	"sync"
)

// readerCount is how many pages may be read at once; more wait their turn for microseconds. More readers than processors
// bring nothing but a page cache of up to 16 MB each.
var readerCount = min(16, max(4, runtime.GOMAXPROCS(0)))

// readers are the connections that pages are read by. The one given back last is taken first: what it read lies in the
// processor's caches still, while connections taken in turn would each begin with cold ones.
type readers struct {
	count int
	free  chan struct{} // as many as there are on the stack
	mu    sync.Mutex
	stack []*lite
}

func openReaders(file string) (*readers, error) {
	r := &readers{free: make(chan struct{}, readerCount)}
	for range readerCount {
		l, err := openLite(file)
		if err != nil {
			return nil, errors.Join(err, r.close())
		}
		r.count++
		r.give(l)
	}
	return r, nil
}

func (r *readers) take(ctx context.Context) (*lite, error) {
	select {
	case <-r.free:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	last := len(r.stack) - 1
	l := r.stack[last]
	r.stack = r.stack[:last]
	return l, nil
}

func (r *readers) give(l *lite) {
	r.mu.Lock()
	r.stack = append(r.stack, l)
	r.mu.Unlock()
	r.free <- struct{}{}
}

// close waits for the pages that are being read.
func (r *readers) close() error {
	var err error
	for range r.count {
		<-r.free
	}
	for _, l := range r.stack {
		err = errors.Join(err, l.close())
	}
	return err
}
