package torture

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"polku/internal/verify"
)

// killsAWorld is how many kills a database lives through before a new one is begun: more would make each proof long.
const killsAWorld = 25

// kill ends the program at random moments under load and looks, each time, for every acknowledged write.
func kill(ctx context.Context, o Options, r *Report) error {
	w, cookies, err := worldSignedIn(ctx, o)
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(o.Seed, 1))
	var took []time.Duration
	var dir string
	var l *ledger
	for round := range o.Rounds {
		if round%killsAWorld == 0 {
			l = newLedger()
			if dir, err = w.fresh("killed"); err != nil {
				return err
			}
		}
		s, err := start(ctx, o, dir, nil)
		if err != nil {
			return err
		}
		took = append(took, s.took)
		under(ctx, s, w, cookies, o, uint64(round), l, time.Duration(200+random.IntN(800))*time.Millisecond, s.kill)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		r.Rounds++
		o.Progress(round+1, o.Rounds)
		last := round%killsAWorld == killsAWorld-1 || round == o.Rounds-1
		if err := killed(ctx, dir, o, r, l, last); err != nil {
			return err
		}
	}
	r.ready(took)
	return nil
}

// stop asks the program to end at random moments under load, as systemd does: whatever it does must also be answered.
func stop(ctx context.Context, o Options, r *Report) error {
	w, cookies, err := worldSignedIn(ctx, o)
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(o.Seed, 4))
	answered := State{Name: "answered"}
	var took []time.Duration
	for round := range o.Rounds {
		dir, err := w.fresh("stopped")
		if err != nil {
			return err
		}
		s, err := start(ctx, o, dir, nil)
		if err != nil {
			return err
		}
		took = append(took, s.took)
		l := newLedger()
		under(ctx, s, w, cookies, o, uint64(round), l, time.Duration(200+random.IntN(800))*time.Millisecond, s.stop)
		found, err := look(ctx, dir, o, proofOf(o))
		if err != nil {
			return err
		}
		l.count(r, found)
		for text, a := range l.texts { // what was done must be answered; what never got in may be sent again
			if a != notAnswered {
				answered.Want, answered.Seen = answered.Want+1, answered.Seen+1
			} else if found.texts[text] > 0 {
				answered.Want++
			}
		}
		r.Rounds++
		o.Progress(r.Rounds, o.Rounds)
	}
	r.States = []State{answered}
	r.ready(took)
	return nil
}

// under lets the workers work for a while and then ends the program under them.
func under(ctx context.Context, s *server, w *world, cookies []*http.Cookie, o Options, seed uint64, l *ledger, while time.Duration, end func()) {
	working, enough := context.WithCancel(ctx)
	defer enough()
	done := make(chan struct{})
	go func() {
		work(working, s, w, cookies, o.Rate, o.Seed+seed, l)
		close(done)
	}()
	select {
	case <-time.After(while):
	case <-ctx.Done():
	}
	end()
	<-done
}

// killed looks at a copy of what a kill left, so that the next start still has to mend it by itself. The ledger is counted
// once, after the last kill of a world; what is lost before is told at once.
func killed(ctx context.Context, dir string, o Options, r *Report, l *ledger, last bool) error {
	copied, err := copyTo(dir, dir+".seen")
	if err != nil {
		return err
	}
	s, err := look(ctx, copied, o, proofOf(o))
	if err != nil {
		return err
	}
	if last {
		l.count(r, s)
		return nil
	}
	var soFar Report
	l.count(&soFar, s)
	if soFar.Lost+soFar.Doubled+soFar.Unlogged+soFar.Unsound > 0 { // it counts even if the next start should mend it
		r.Unsound++
	}
	for _, n := range soFar.Notes {
		r.note(n)
	}
	return nil
}

// proofOf gives the whole of verify.
func proofOf(o Options) func(context.Context, *opened) ([]string, error) {
	return func(ctx context.Context, at *opened) ([]string, error) {
		report, err := verify.All(ctx, at.d, tenant, o.Book, at.keys, nil)
		var wrong []string
		for _, f := range report.Findings {
			wrong = append(wrong, f.What)
		}
		return wrong, err
	}
}

// worldSignedIn makes the prepared database and signs its workers in.
func worldSignedIn(ctx context.Context, o Options) (*world, []*http.Cookie, error) {
	w, err := makeWorld(ctx, o)
	if err != nil {
		return nil, nil, err
	}
	s, err := start(ctx, o, w.dir, nil)
	if err != nil {
		return nil, nil, err
	}
	cookies, err := signIn(ctx, s, w)
	s.stop()
	return w, cookies, err
}

// copyMost reads a page, no more than a page can be.
func copyMost(to io.Writer, from io.Reader) (int64, error) {
	return io.Copy(to, io.LimitReader(from, 16<<20))
}
