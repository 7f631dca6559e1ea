package login

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"sort"
	"sync"
	"time"

	"polku/internal/db"
	"polku/internal/unit"
)

// liveEvery is how often a process looks whether anything has changed: one row, whoever many pages are open. A page
// hears of it within this and the way there. liveWhole is how often it looks at the sessions themselves though nothing
// is said to have changed, for those that run out.
const (
	liveEvery = 400 * time.Millisecond
	liveWhole = 30 * time.Second
)

// News is what an open page is told, once.
type News string

// News of a page.
const (
	NewsOver    News = "over"    // the session has ended: nothing may be seen any more
	NewsChanged News = "changed" // the rights are others than the page was made with
)

// Stream is an open page that listens. News comes on C, which is then closed.
type Stream struct {
	C               <-chan News
	c               chan News
	session, rights string
}

// Live tells the open pages of one process when their session or rights end. One look at one row serves all of them,
// and none is taken while no page is open; with several processes on one database each looks for itself.
type Live struct {
	s       *Service
	mu      sync.Mutex
	streams map[*Stream]bool
	running bool
}

func newLive(s *Service) *Live { return &Live{s: s, streams: map[*Stream]bool{}} }

// Join begins to watch for a page that was made with the given rights.
func (l *Live) Join(session, rights string) *Stream {
	c := make(chan News, 1)
	st := &Stream{C: c, c: c, session: session, rights: rights}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.streams[st] = true
	if !l.running {
		l.running = true
		go l.run()
	}
	return st
}

// Leave ends it: the page has gone.
func (l *Live) Leave(st *Stream) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.streams, st)
}

// Open tells how many pages listen.
func (l *Live) Open() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.streams)
}

// run looks until nobody listens any more. A database that does not answer is asked again: pages stay as they are.
func (l *Live) run() {
	tick := time.NewTicker(liveEvery)
	defer tick.Stop()
	seen := int64(-1)
	var whole time.Time
	for {
		rev, err := l.s.revision(context.Background())
		if err == nil && (rev != seen || time.Since(whole) > liveWhole) {
			if now, err := l.s.openRights(context.Background()); err == nil {
				seen, whole = rev, time.Now()
				l.tell(now)
			}
		}
		l.mu.Lock()
		if len(l.streams) == 0 {
			l.running = false
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
		<-tick.C
	}
}

// tell compares what each page was made with to what is.
func (l *Live) tell(now map[string]string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for st := range l.streams {
		rights, alive := now[st.session]
		switch {
		case !alive:
			st.c <- NewsOver
		case rights != st.rights:
			st.c <- NewsChanged
		default:
			continue
		}
		close(st.c)
		delete(l.streams, st)
	}
}

// revision grows whenever a session ends before its time or a worker's rights change.
func (s *Service) revision(ctx context.Context) (rev int64, err error) {
	err = s.db.View(ctx, s.system("live"), func(tx *db.Tx) error {
		_, err := tx.One(`select t.house_rev + coalesce((select r.rev from session_rev r where r.tenant_id = t.tenant_id), 0) from tenant t where t.tenant_id = $1`,
			[]any{s.tenant}, &rev)
		return err
	})
	return rev, err
}

// openRights gives the rights of every living session by its id, in three queries.
func (s *Service) openRights(ctx context.Context) (map[string]string, error) {
	now := map[string]string{}
	err := s.db.View(ctx, s.system("live"), func(tx *db.Tx) error {
		workers, err := unit.Workers(tx)
		if err != nil {
			return err
		}
		members, err := unit.Members(tx, "")
		if err != nil {
			return err
		}
		of := map[string][]unit.Member{}
		for _, m := range members {
			of[m.Worker] = append(of[m.Worker], m)
		}
		rights := make(map[string]string, len(workers))
		for _, w := range workers {
			if w.Active {
				rights[w.ID] = rightsOf(w, of[w.ID])
			}
		}
		return tx.Each(`select session_id, worker_id from session where tenant_id = $1 and seen_at > $2 and expires_at > $3`,
			[]any{s.tenant, tx.At - IdleMost.Microseconds(), tx.At}, func(row func(...any) error) error {
				var session, worker string
				err := row(&session, &worker)
				if r, active := rights[worker]; active {
					now[session] = r
				}
				return err
			})
	})
	return now, err
}

// rightsOf is a short text that differs when a worker's rights do.
func rightsOf(w unit.Worker, members []unit.Member) string {
	lines := []string{fmt.Sprint(w.Admin)}
	for _, m := range members {
		lines = append(lines, fmt.Sprintf("%q %q %q", m.Unit, m.Register, m.Role))
	}
	sort.Strings(lines)
	h := sha256.New()
	for _, line := range lines {
		fmt.Fprintln(h, line)
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// rightsKept keeps what rightsOf gave, as long as the house has not changed. Safe for many goroutines.
type rightsKept struct {
	mu   sync.Mutex
	rev  int64
	kept map[string]string // by worker
}

// of gives a worker's rights as of a revision of the house, read in the same transaction.
func (k *rightsKept) of(tx *db.Tx, w unit.Worker, rev int64) (string, error) {
	k.mu.Lock()
	rights, there := k.kept[w.ID]
	same := k.rev == rev
	k.mu.Unlock()
	if there && same {
		return rights, nil
	}
	members, err := unit.Members(tx, w.ID)
	if err != nil {
		return "", err
	}
	rights = rightsOf(w, members)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.rev < rev || k.kept == nil {
		k.rev, k.kept = rev, map[string]string{}
	}
	if k.rev == rev { // else this transaction began before the newest change
		k.kept[w.ID] = rights
	}
	return rights, nil
}
