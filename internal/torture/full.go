package torture

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"polku/internal/fault"
)

// The small disk, in bytes, and what the use log keeps of it; the program itself keeps 64 MB.
const (
	diskSize = 24 << 20
	kept     = "256K"
)

// fillOnce fills the disk under load and looks at what the program says and does: saves refused in plain words, pages as
// long as their log rows have room, then none; and all of it by itself again when somebody has made room.
func fillOnce(ctx context.Context, o Options, r *Report, w *world, cookies []*http.Cookie, disk string, round int, states map[string]*State) error {
	dir, err := copyTo(w.dir, filepath.Join(disk, "db"))
	if err != nil {
		return err
	}
	s, err := start(ctx, o, dir, nil, "--log-reserve", kept)
	if err != nil {
		return err
	}
	l := newLedger()
	working, stop := context.WithCancel(ctx)
	defer stop()
	var load sync.WaitGroup
	load.Go(func() { work(working, s, w, cookies, o.Rate, o.Seed+uint64(round), l) })
	time.Sleep(500 * time.Millisecond)
	filler := filepath.Join(disk, "filler")
	if err := fill(filler); err != nil {
		return err
	}
	p := o.worker(s, w, cookies, l)
	saw := func(name string, ok bool) {
		states[name].Want++
		if ok {
			states[name].Seen++
		}
	}
	saw("page_said", within(20*time.Second, func() bool {
		status, body := p.save(ctx)
		return status == http.StatusServiceUnavailable && strings.Contains(body, fullWords)
	}))
	status, said := s.get(ctx, "/ready")
	saw("ready_said", status == http.StatusServiceUnavailable && strings.Contains(said, "disk_full"))
	saw("read_on", p.look(ctx) && p.last == http.StatusOK)
	stop() // from here on the disk is eaten by reading only
	load.Wait()
	saw("read_stopped", o.readUntilRefused(ctx, s, w, cookies, l))
	if err := os.Remove(filler); err != nil {
		return fault.Wrap(err, "torture.folder")
	}
	saw("recovered", within(20*time.Second, func() bool { status, _ := p.save(ctx); return status == http.StatusSeeOther }) &&
		p.look(ctx) && p.last == http.StatusOK)
	s.stop()
	found, err := look(ctx, dir, o, proofOf(o))
	if err != nil {
		return err
	}
	l.count(r, found)
	r.Rounds++
	o.Progress(r.Rounds, o.Rounds)
	return nil
}

// readMost is how long reading may go on on the reserve before the harness gives up waiting for its end.
const readMost = 90 * time.Second

// readUntilRefused lets everybody read as fast as they can until a page is refused for want of its log row.
func (o Options) readUntilRefused(ctx context.Context, s *server, w *world, cookies []*http.Cookie, l *ledger) bool {
	ctx, cancel := context.WithTimeout(ctx, readMost)
	defer cancel()
	var refusedOnce atomic.Bool
	var all sync.WaitGroup
	for k, cookie := range cookies {
		all.Go(func() {
			p := newWorker(s, w, cookie, k, l, o.Seed)
			defer p.client.CloseIdleConnections()
			for !refusedOnce.Load() && ctx.Err() == nil && p.look(context.WithoutCancel(ctx)) {
				if p.last == http.StatusServiceUnavailable {
					refusedOnce.Store(true)
				}
			}
		})
	}
	all.Wait()
	return refusedOnce.Load()
}

// fill writes a file until the disk is full.
func fill(file string) error {
	f, err := os.Create(file)
	if err != nil {
		return fault.Wrap(err, "torture.folder")
	}
	defer f.Close()
	for size := 1 << 20; size >= 1<<10; {
		if _, err := f.Write(make([]byte, size)); err != nil {
			size /= 4 // the disk is full for this much; less may still fit
		}
	}
	return nil
}

// within tries until it holds or the time is over.
func within(most time.Duration, holds func() bool) bool {
	for until := time.Now().Add(most); time.Now().Before(until); time.Sleep(50 * time.Millisecond) {
		if holds() {
			return true
		}
	}
	return false
}
