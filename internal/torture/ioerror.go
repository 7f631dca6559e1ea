package torture

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"time"
)

// spoiling gives the words before a program whose writes or syncs fail: the named call answers EIO when it has been made
// often enough by one of the program's threads, and from then on always or only that once. What it does is written down in file.
func spoiling(file, call string, nth int, always bool) []string {
	when := fmt.Sprint(nth)
	if always {
		when += "+"
	}
	return append(tracing(file), "-e", fmt.Sprintf("inject=%s:error=EIO:when=%s", call, when))
}

// spoiled are the calls that are made to fail.
var spoiled = []string{"fsync", "pwrite64"}

// ioError lets a write or a sync of the program fail under load. Whoever is told "saved" must find it there after a restart,
// and after a power cut too: a sync that failed has made nothing lasting. From the fault on the program must be read-only and
// say so.
func ioError(ctx context.Context, o Options, r *Report) error {
	if err := mustTrace(); err != nil {
		return err
	}
	w, cookies, err := worldSignedIn(ctx, o)
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(o.Seed, 3))
	hit, ready, page, read, restarted := State{Name: "hit"}, State{Name: "ready_said"}, State{Name: "page_said"}, State{Name: "read_on"}, State{Name: "restarted"}
	var took []time.Duration
	for round := range o.Rounds {
		dir, err := w.fresh("spoiled")
		if err != nil {
			return err
		}
		call := spoiled[round%len(spoiled)]
		nth := 12 + random.IntN(30)
		if call == "pwrite64" {
			nth = 120 + random.IntN(300)
		}
		l := newLedger()
		d, err := loadDisk(dir)
		if err != nil {
			return err
		}
		met := false
		pipe := filepath.Join(o.Dir, "trace")
		events, err := traced(ctx, pipe, dir, func() error {
			s, err := start(ctx, o, dir, spoiling(pipe, call, nth, random.IntN(2) == 0))
			if err != nil {
				return err
			}
			hit.Want++
			if met = o.until(ctx, s, w, cookies, uint64(round), l); met {
				hit.Seen++
				ready.Want, page.Want, restarted.Want = ready.Want+1, page.Want+1, restarted.Want+1
				o.saysReadOnly(ctx, s, w, cookies, l, &ready, &page, &read)
			}
			s.stop() // a clean end must not spoil either what the disk still holds
			return nil
		})
		if err != nil {
			return err
		}
		if err := cutAtEnd(ctx, o, r, d, events, random); err != nil {
			return err
		}
		again, err := start(ctx, o, dir, nil)
		if err != nil {
			return err
		}
		took = append(took, again.took)
		if met && o.saves(ctx, again, w, cookies, l) {
			restarted.Seen++
		}
		again.stop()
		found, err := look(ctx, dir, o, proofOf(o))
		if err != nil {
			return err
		}
		l.count(r, found)
		r.Rounds++
		o.Progress(r.Rounds, o.Rounds)
	}
	r.States = []State{hit, ready, page, read, restarted}
	r.ready(took)
	return nil
}

// until lets the workers work until /ready says that the disk has failed; false when it never did.
func (o Options) until(ctx context.Context, s *server, w *world, cookies []*http.Cookie, seed uint64, l *ledger) bool {
	working, stop := context.WithTimeout(ctx, 20*time.Second)
	defer stop()
	met := make(chan bool, 1)
	go func() {
		for working.Err() == nil {
			if _, said := s.get(working, "/ready"); strings.Contains(said, "read_only") {
				met <- true
				stop()
				return
			}
			time.Sleep(20 * time.Millisecond)
		}
		met <- false
	}()
	work(working, s, w, cookies, o.Rate, o.Seed+seed, l)
	return <-met
}

// saysReadOnly looks at what the program says after the fault: at /ready, to who saves, and to who reads.
func (o Options) saysReadOnly(ctx context.Context, s *server, w *world, cookies []*http.Cookie, l *ledger, ready, page, read *State) {
	if status, said := s.get(ctx, "/ready"); status == http.StatusServiceUnavailable && strings.Contains(said, "read_only") {
		ready.Seen++
	}
	p := o.worker(s, w, cookies, l)
	if status, body := p.save(ctx); status == http.StatusServiceUnavailable && strings.Contains(body, readOnlyWords) {
		page.Seen++
	}
	shown := p.look(ctx) && p.last == http.StatusOK
	if _, said := s.get(ctx, "/ready"); strings.Contains(said, "use log") {
		return // without its log no page may be shown: the count of unlogged pages tells if one was
	}
	read.Want++
	if shown {
		read.Seen++
	}
}

// What pages say, by which the harness knows that they say it; the catalogue has them in three languages.
const (
	readOnlyWords = "vain lukea"
	fullWords     = "levy on täynnä"
)

// saves tells whether one entry can be saved.
func (o Options) saves(ctx context.Context, s *server, w *world, cookies []*http.Cookie, l *ledger) bool {
	status, _ := o.worker(s, w, cookies, l).save(ctx)
	return status == http.StatusSeeOther
}
