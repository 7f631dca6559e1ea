package bench

import (
	"context"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"polku/internal/fault"
)

// Figures of one row at a number of connections.
type Figures struct {
	Connections int     `json:"connections"`
	Requests    int     `json:"requests"`
	P50         float64 `json:"p50_ms"`
	P95         float64 `json:"p95_ms"`
	Rate        float64 `json:"rate"`   // answers a second
	CPU         float64 `json:"cpu_ms"` // of the server for one answer, milliseconds; 0 where the system does not tell
	Bytes       int     `json:"bytes"`  // of the last answer
}

// ask makes the next thing to ask of a session: one or more requests that are timed together. It is given the
// connection's own random numbers.
type ask func(r *rand.Rand, s *session, w *wire) (bytes int, err error)

// limits of one measurement: whichever is reached first ends it.
type limits struct {
	connections, warm, most int // warm: unmeasured tries of each connection; most: tries of all connections
	time                    time.Duration
}

// load asks over so many connections at once, each waiting for its answer before it asks again. The first answer
// that is not what was asked for ends the run with its fault.
func load(ctx context.Context, sessions []*session, l limits, seed uint64, fn ask) (Figures, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	took := make([][]time.Duration, l.connections)
	size := make([]int, l.connections)
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for k := range l.connections {
		ready.Add(1)
		done.Go(func() {
			s := sessions[k%len(sessions)]
			r := rand.New(rand.NewPCG(seed, uint64(k)))
			w, err := dial(ctx, s.address)
			if err == nil {
				defer w.close()
				for i := 0; i < l.warm && err == nil; i++ {
					_, err = fn(r, s, w)
				}
			}
			ready.Done()
			<-start
			until := time.Now().Add(l.time)
			for n := 0; err == nil && ctx.Err() == nil && n < l.most/l.connections && time.Now().Before(until); n++ {
				before := time.Now()
				size[k], err = fn(r, s, w)
				took[k] = append(took[k], time.Since(before))
			}
			if err != nil {
				cancel(err)
			}
		})
	}
	ready.Wait()
	began := time.Now()
	close(start)
	done.Wait()
	whole := time.Since(began)
	if err := context.Cause(ctx); err != nil {
		return Figures{}, err
	}
	all := slices.Concat(took...)
	slices.Sort(all)
	if len(all) == 0 {
		return Figures{}, fault.E(fault.Unavailable, "bench.no_answer", nil)
	}
	return Figures{Connections: l.connections, Requests: len(all), P50: ms(part(all, 50)), P95: ms(part(all, 95)),
		Rate: float64(len(all)) / whole.Seconds(), Bytes: size[0]}, nil
}

// part gives the time that so many per cent of the answers stay under.
func part(sorted []time.Duration, percent int) time.Duration {
	return sorted[min(len(sorted)-1, len(sorted)*percent/100)]
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// send asks once and checks the answer: the status, and for a page that it is whole.
func send(w *wire, request []byte, status, least int) (answer, error) {
	a, err := w.do(request)
	if err != nil {
		return a, &fault.Error{Kind: fault.Unavailable, Key: "bench.no_answer", Cause: err}
	}
	if a.status != status || status == http.StatusOK && len(a.body) < least {
		return a, fault.E(fault.Unavailable, "bench.bad_answer", fault.Args{"status": a.status, "bytes": len(a.body)})
	}
	return a, nil
}
