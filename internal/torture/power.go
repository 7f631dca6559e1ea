package torture

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"polku/internal/fault"
)

// cutsATrace is how many cuts are made of what one run of the program wrote.
const cutsATrace = 100

// tracedFor is how long the program works under load for one trace.
const tracedFor = 5 * time.Second

// power writes down every write, sync and rename that the program makes under load, and every answer that it gives. Then it
// plays the power cut: at moments drawn at random it lays out what a disk may hold that forgot what was not synced, opens
// that as the program does, verifies it, and looks for every entry that was acknowledged, and for the log row of every page
// that was shown, before that moment.
func power(ctx context.Context, o Options, r *Report) error {
	if err := mustTrace(); err != nil {
		return err
	}
	w, cookies, err := worldSignedIn(ctx, o)
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(o.Seed, 2))
	var took []time.Duration
	for left := o.Rounds; left > 0; left -= cutsATrace {
		dir, err := w.fresh("traced")
		if err != nil {
			return err
		}
		d, err := loadDisk(dir)
		if err != nil {
			return err
		}
		pipe := filepath.Join(o.Dir, "trace")
		l := newLedger()
		long := min(tracedFor, time.Duration(left)*200*time.Millisecond)
		events, err := traced(ctx, pipe, dir, func() error {
			s, err := start(ctx, o, dir, tracing(pipe))
			if err != nil {
				return err
			}
			took = append(took, s.took)
			working, stop := context.WithTimeout(ctx, long)
			defer stop()
			work(working, s, w, cookies, o.Rate, o.Seed+uint64(left), l)
			s.stop() // what the program writes when it ends is cut too
			return nil
		})
		if err != nil {
			return err
		}
		var whole Report
		l.count(&whole, seen{})
		if saved, pages := answers(events); saved < whole.Acknowledged || pages < whole.Pages {
			return fault.E(fault.Internal, "torture.bad_trace", fault.Args{"call": fmt.Sprintf("%d of %d answers", saved+pages, whole.Acknowledged+whole.Pages)})
		}
		r.Sent, r.Acknowledged, r.Refused, r.Unanswered, r.Pages = r.Sent+whole.Sent, r.Acknowledged+whole.Acknowledged, r.Refused+whole.Refused,
			r.Unanswered+whole.Unanswered, r.Pages+whole.Pages
		if err := cutAll(ctx, o, r, d, events, min(left, cutsATrace), random); err != nil {
			return err
		}
	}
	r.ready(took)
	return nil
}

// answers counts what a trace saw told: fewer than the workers heard, and the trace proves nothing.
func answers(events []event) (saved, pages int) {
	for i := range events {
		switch events[i].kind {
		case saidSaved:
			saved++
		case saidPage:
			pages++
		}
	}
	return saved, pages
}

// cutAll makes so many cuts of a trace, at moments spread over it at random.
func cutAll(ctx context.Context, o Options, r *Report, d *disk, events []event, cuts int, random *rand.Rand) error {
	at := make([]int, cuts)
	for i := range at {
		at[i] = 1 + random.IntN(len(events))
	}
	slices.Sort(at)
	told := map[string]bool{} // entries that somebody was told are saved
	pages, next := 0, 0
	for i := range events {
		switch e := &events[i]; e.kind {
		case saidSaved:
			told[e.id] = true
		case saidPage:
			pages++
		default:
			d.step(e)
		}
		for next < len(at) && at[next] == i+1 {
			v := variant(next % variantCount)
			if err := cutOnce(ctx, o, r, d, v, random, told, pages); err != nil {
				return err
			}
			next++
			r.Rounds++
			o.Progress(r.Rounds, o.Rounds)
		}
	}
	return nil
}

// cutAtEnd makes one cut after everything, with nothing that was not synced.
func cutAtEnd(ctx context.Context, o Options, r *Report, d *disk, events []event, random *rand.Rand) error {
	told, pages := map[string]bool{}, 0
	for i := range events {
		switch e := &events[i]; e.kind {
		case saidSaved:
			told[e.id] = true
		case saidPage:
			pages++
		default:
			d.step(e)
		}
	}
	return cutOnce(ctx, o, r, d, nothingMore, random, told, pages)
}

// cutOnce lays out one cut and looks at what is left.
func cutOnce(ctx context.Context, o Options, r *Report, d *disk, v variant, random *rand.Rand, told map[string]bool, pages int) error {
	folder := filepath.Join(o.Dir, "cut")
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	if err := d.lay(folder, v, random); err != nil {
		return err
	}
	s, err := look(ctx, folder, o, proofOf(o))
	if err != nil {
		return err
	}
	there := map[string]int{}
	for text, n := range s.texts {
		there[idOf(text)] += n
	}
	for id := range told {
		if there[id] == 0 {
			r.Lost++
			r.note(fmt.Sprintf("cut %d: %s was acknowledged and is gone", r.Rounds, id))
		}
	}
	for id, n := range there {
		if n > 1 {
			r.Doubled++
			r.note(fmt.Sprintf("cut %d: %s is there %d times", r.Rounds, id, n))
		}
	}
	if missing := pages - s.log; missing > 0 {
		r.Unlogged += missing
		r.note(fmt.Sprintf("cut %d: %d pages were shown, the use log has %d", r.Rounds, pages, s.log))
	}
	if len(s.wrong) > 0 {
		r.Unsound++
		r.note(fmt.Sprintf("cut %d: %v", r.Rounds, s.wrong))
	}
	return nil
}
