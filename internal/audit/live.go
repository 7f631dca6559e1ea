package audit

import (
	"sync"

	"polku/internal/db"
)

// live are the screens that answer each keystroke or refresh by themselves. What one of them shows a worker
// is logged once per client and minute, not once per keystroke.
var live = map[string]bool{"POST /find": true}

const minute = 60_000_000 // microseconds

// seenLately remembers, for this minute, what has been logged already. Only rows that are durable are noted.
type seenLately struct {
	mu     sync.Mutex
	minute int64
	seen   map[string]bool // worker, screen and client
}

// unseen gives the clients of a read that no durable row of this minute names yet.
func (s *seenLately) unseen(r db.Read) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn(r.At)
	var out []string
	for _, c := range r.Clients {
		if !s.seen[keyOf(r, c)] {
			out = append(out, c)
		}
	}
	return out
}

// note remembers a durable row.
func (s *seenLately) note(r db.Read) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.turn(r.At)
	for _, c := range r.Clients {
		s.seen[keyOf(r, c)] = true
	}
}

// turn forgets the minute before.
func (s *seenLately) turn(at int64) {
	if m := at / minute; m != s.minute || s.seen == nil {
		s.minute, s.seen = m, map[string]bool{}
	}
}

func keyOf(r db.Read, client string) string { return r.Who.Worker + " " + r.Who.Screen + " " + client }
