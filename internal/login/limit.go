package login

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How many wrong tries are allowed at once, and how often one more. A right password does not count, so a
// whole house behind one address can sign in at nine o'clock.
const (
	nameBurst    = 10
	nameEvery    = time.Minute
	addressBurst = 30
	addressEvery = 5 * time.Second
	stepsBurst   = 300 // sign-ins begun by passkey or provider: they count whether they succeed or not
	stepsEvery   = time.Second
)

// keysMost is how many names or addresses a limit remembers in each of its two halves.
const keysMost = 10_000

// limit holds one bucket of tries for each key. When the young half is full it becomes the old one and what
// was old is forgotten: memory stays bounded, and a key in use stays remembered.
type limit struct {
	mu         sync.Mutex
	young, old map[string]*rate.Limiter
	every      rate.Limit
	burst      int
}

func newLimit(burst int, every time.Duration) *limit {
	return &limit{young: map[string]*rate.Limiter{}, every: rate.Every(every), burst: burst}
}

// take uses up one try. When there is none, wait tells how long until the next and nothing is used up. back
// gives the try back.
func (l *limit) take(key string, now time.Time) (back func(), wait time.Duration) {
	r := l.bucket(key).ReserveN(now, 1)
	if wait = r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return nil, wait
	}
	return func() { r.CancelAt(now) }, 0
}

func (l *limit) bucket(key string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.young[key]
	if b != nil {
		return b
	}
	if b = l.old[key]; b == nil {
		b = rate.NewLimiter(l.every, l.burst)
	}
	if len(l.young) >= keysMost {
		l.old, l.young = l.young, map[string]*rate.Limiter{}
	}
	l.young[key] = b
	return b
}
