package bench

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"time"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/journal"
	"polku/internal/path"
	"polku/internal/pathway"
)

// inside times what needs no browser. It gives the figure in the row's unit, and of how many things it is.
func (d *Data) inside(ctx context.Context, row string, s *set, progress func(done, total int)) (value float64, of int, err error) {
	switch row {
	case "path200":
		return d.onePath(ctx, s)
	case "million":
		return d.million(ctx, s, progress)
	case "day":
		return d.day(ctx, progress)
	case "all":
		return d.all(ctx, progress)
	case "import":
		return d.importDays(ctx, s)
	default:
		return d.importPeople(ctx, s)
	}
}

// onePath gives the median time of evaluating the path whose number of entries is nearest to 200, in microseconds.
func (d *Data) onePath(ctx context.Context, s *set) (float64, int, error) {
	best, entries := 0, 0
	for i := 0; i < s.clients; i += longEvery {
		paths := s.story(i).paths
		n := len(paths[len(paths)-1].more) + 2
		if entries == 0 || max(n-200, 200-n) < max(entries-200, 200-entries) {
			best, entries = i, n
		}
	}
	sample, err := d.entriesOf(ctx, []int{best})
	if err != nil {
		return 0, 0, err
	}
	v := pathway.NewEvaluator(d.Book.Models, d.Book.Rules, d.Book.Calendar)
	var took []time.Duration
	for range 5000 {
		before := time.Now()
		v.Evaluate(sample[0], s.today)
		took = append(took, time.Since(before))
	}
	slices.Sort(took)
	return float64(part(took, 50).Nanoseconds()) / 1000, len(sample[0]), nil
}

// sampleMost is how many of the data set's paths are evaluated again and again until it is a million.
const sampleMost = 10000

// million gives the seconds that a million evaluations of the data set's own paths take on all cores.
func (d *Data) million(ctx context.Context, s *set, progress func(done, total int)) (float64, int, error) {
	const all, step = 1_000_000, 10_000
	var some []int
	for i := 0; i < s.clients && len(some) < sampleMost; i += max(1, s.clients/sampleMost) {
		some = append(some, i)
	}
	sample, err := d.entriesOf(ctx, some)
	if err != nil {
		return 0, 0, err
	}
	before := time.Now()
	parts := make(chan int, all/step)
	for k := 0; k < all; k += step {
		parts <- k
	}
	close(parts)
	var cores sync.WaitGroup
	var mu sync.Mutex
	done := 0
	for range runtime.GOMAXPROCS(0) {
		cores.Go(func() {
			v := pathway.NewEvaluator(d.Book.Models, d.Book.Rules, d.Book.Calendar)
			for from := range parts {
				if ctx.Err() != nil {
					return
				}
				for k := range step {
					v.Evaluate(sample[(from+k)%len(sample)], s.today)
				}
				mu.Lock()
				done += step
				progress(done, all)
				mu.Unlock()
			}
		})
	}
	cores.Wait()
	return time.Since(before).Seconds(), all, ctx.Err()
}

// entriesOf reads the entries of clients' newest paths.
func (d *Data) entriesOf(ctx context.Context, clients []int) ([][]entry.Entry, error) {
	var all [][]entry.Entry
	err := d.DB.View(ctx, system(), func(tx *db.Tx) error {
		all = make([][]entry.Entry, 0, len(clients))
		for _, i := range clients {
			entries, err := journal.Path(tx, ClientID(i), PathID(i))
			if err != nil {
				return err
			}
			all = append(all, entries)
		}
		return nil
	})
	return all, err
}

// day gives the seconds of tomorrow's re-evaluation: every path whose state changes by itself overnight is evaluated
// and written, as the keeper does it. Afterwards they are brought back to today.
func (d *Data) day(ctx context.Context, progress func(done, total int)) (float64, int, error) {
	now := d.DB.Now
	defer func() { d.DB.Now = now }()
	d.DB.Now = func() time.Time { return now().AddDate(0, 0, 1) }
	var due []path.Path
	before := time.Now()
	for n := batch200; n == batch200; {
		err := d.DB.Update(ctx, system(), func(tx *db.Tx) error {
			some, err := path.Stale(tx, batch200)
			if err != nil {
				return err
			}
			n = len(some)
			due = append(due, some...)
			return d.Book.Refresh(tx, some)
		})
		if err != nil {
			return 0, 0, err
		}
		progress(len(due), len(due)+n)
	}
	took := time.Since(before)
	d.DB.Now = now
	return took.Seconds(), len(due), d.refresh(ctx, due, nil)
}

// batch200 is how many paths share a transaction, as in the night's work.
const batch200 = 200

// all gives the seconds of evaluating and writing every path, as after a changed rule.
func (d *Data) all(ctx context.Context, progress func(done, total int)) (float64, int, error) {
	var every []path.Path
	err := d.DB.View(ctx, system(), func(tx *db.Tx) (err error) {
		every, err = path.After(tx, "", 1<<30)
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	before := time.Now()
	err = d.refresh(ctx, every, progress)
	return time.Since(before).Seconds(), len(every), err
}

func (d *Data) refresh(ctx context.Context, paths []path.Path, progress func(done, total int)) error {
	done := 0
	for some := range slices.Chunk(paths, batch200) {
		if err := d.DB.Update(ctx, system(), func(tx *db.Tx) error { return d.Book.Refresh(tx, some) }); err != nil {
			return err
		}
		if done += len(some); progress != nil {
			progress(done, len(paths))
		}
	}
	return nil
}

// today of the data set's clock.
func (d *Data) today() civil.Date { return civil.Of(d.DB.Now(), d.DB.Zone) }
