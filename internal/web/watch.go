package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"polku/internal/fault"
)

// Watch is told of every request that has been answered, for figures: the route's pattern, never the URL, which holds ids.
type Watch func(route string, status int, took time.Duration)

// watched tells the watcher, if there is one, of each request of a route.
func (s *server) watched(pattern string, fn http.HandlerFunc) http.HandlerFunc {
	if s.Watch == nil {
		return fn
	}
	return func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		kept := &statusKept{ResponseWriter: w, status: http.StatusOK}
		defer func() { s.Watch(pattern, kept.status, time.Since(began)) }()
		fn(kept, r)
	}
}

// statusKept remembers the status that was answered.
type statusKept struct {
	http.ResponseWriter
	status int
}

// WriteHeader remembers the status.
func (k *statusKept) WriteHeader(status int) {
	k.status = status
	k.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController find what the server can do: flushing, deadlines.
func (k *statusKept) Unwrap() http.ResponseWriter { return k.ResponseWriter }

// health says that the program runs; ready that it can also read and write, and is not about to stop. Why not is said in
// words for machines, one a line.
func (q *request) health() error { return q.plain(http.StatusOK, "ok") }

func (q *request) ready() error {
	if q.s.Unready != nil {
		if why := q.s.Unready(q.Context()); len(why) > 0 {
			q.w.Header().Set("Retry-After", "5")
			return q.plain(http.StatusServiceUnavailable, "not ready\n"+strings.Join(why, "\n"))
		}
	} else if err := q.s.DB.Pool().PingContext(q.Context()); err != nil {
		return fault.E(fault.Unavailable, "error.database", nil)
	}
	return q.plain(http.StatusOK, "ready")
}

func (q *request) plain(status int, text string) error {
	h := q.w.Header()
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	q.w.WriteHeader(status)
	_, err := q.w.Write([]byte(text + "\n"))
	return err
}

// troubleKey gives the text that every page shows while nothing can be saved; empty when all is well.
func troubleKey(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Key
	}
	return ""
}
