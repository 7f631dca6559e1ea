package keeper

import (
	"sync"
	"time"
)

// lately is how the last round went.
type lately struct {
	mu     sync.Mutex
	at     time.Time // when it ended; zero: none has
	next   time.Time // when the next is due
	failed bool
}

func (l *lately) ended(at time.Time, wait time.Duration, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		wait = retryAfter
	}
	l.at, l.next, l.failed = at, at.Add(wait), err != nil
}

// overdueAfter is how long a round may take before the keeper counts as stuck.
const overdueAfter = 30 * time.Minute

// Last tells when the last round ended (zero: none has yet) and whether it failed.
func (k *Keeper) Last() (at time.Time, failed bool) {
	k.lately.mu.Lock()
	defer k.lately.mu.Unlock()
	return k.lately.at, k.lately.failed
}

// Stuck tells whether the next round should have ended long ago.
func (k *Keeper) Stuck(now time.Time) bool {
	k.lately.mu.Lock()
	defer k.lately.mu.Unlock()
	return !k.lately.at.IsZero() && now.After(k.lately.next.Add(overdueAfter))
}
