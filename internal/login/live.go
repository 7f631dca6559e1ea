package login

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"polku/internal/client"
	"polku/internal/consent"
	"polku/internal/db"
	"polku/internal/fault"
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

// OpenPage is what a page was made with.
type OpenPage struct {
	Session, Worker string
	Rights          string // Who.Rights as of the page
	Client          string // client that the page is about; empty: none
	Joint           string // Crossings of the page, when it shows other registers; empty: it does not
}

// Stream is an open page that listens. News comes on C, which is then closed.
type Stream struct {
	C    <-chan News
	c    chan News
	page OpenPage
}

// Live tells the open pages of one process when their session or rights end, by somebody's act or by time: a cover's last
// day, an emergency's hour, a consent's last day, a relation to the client of the page. One look at one row serves all of
// them, and none is taken while no page is open; with several processes on one database each looks for itself. The end of
// a relation that was nothing but a task is heard of within liveWhole.
type Live struct {
	s       *Service
	mu      sync.Mutex
	streams map[*Stream]bool
	running bool
}

func newLive(s *Service) *Live { return &Live{s: s, streams: map[*Stream]bool{}} }

// Join begins to watch for a page. What has ended while the page was hidden it hears at once.
func (l *Live) Join(ctx context.Context, page OpenPage) (*Stream, error) {
	c := make(chan News, 1)
	st := &Stream{C: c, c: c, page: page}
	l.mu.Lock()
	l.streams[st] = true
	if !l.running {
		l.running = true
		go l.run()
	}
	l.mu.Unlock()
	if err := l.lookAtClients(ctx, []*Stream{st}); err != nil {
		l.Leave(st)
		return nil, err
	}
	return st, nil
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
	ends := l.s.db.Now() // when time may next end somebody's right
	for {
		ctx := context.Background()
		rev, err := l.s.revision(ctx)
		late := !l.s.db.Now().Before(ends)
		if err == nil && late {
			err = l.s.db.Update(ctx, l.s.system("live"), unit.Settle)
		}
		if err == nil && (rev != seen || late || time.Since(whole) > liveWhole) {
			if now, err := l.s.openRights(ctx); err == nil {
				l.tell(now)
				if err := l.lookAtClients(ctx, l.open()); err == nil {
					seen, whole, ends = rev, time.Now(), now.ends
				}
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

// open gives the pages that listen.
func (l *Live) open() []*Stream {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Collect(maps.Keys(l.streams))
}

// tell compares what each page was made with to what is.
func (l *Live) tell(now rightsNow) {
	for _, st := range l.open() {
		rights, alive := now.of[st.page.Session]
		switch {
		case !alive:
			l.say(st, NewsOver)
		case !Holds(st.page.Rights, rights):
			l.say(st, NewsChanged)
		}
	}
}

// say tells a page its one piece of news, if it still listens.
func (l *Live) say(st *Stream, n News) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.streams[st] {
		st.c <- n
		close(st.c)
		delete(l.streams, st)
	}
}

// lookAtClients tells the pages about a client whom their worker sees no more, and those that show of other registers
// what is no longer open. As many short questions as there are such pages.
func (l *Live) lookAtClients(ctx context.Context, pages []*Stream) error {
	pages = slices.DeleteFunc(pages, func(st *Stream) bool { return st.page.Client == "" })
	if len(pages) == 0 {
		return nil
	}
	var gone []*Stream
	err := l.s.db.View(ctx, l.s.system("live"), func(tx *db.Tx) error {
		gone = nil
		for _, st := range pages {
			tx.Who.Worker = st.page.Worker
			err := client.Must(tx, st.page.Client)
			var joint string
			if err == nil && st.page.Joint != "" {
				joint, err = Crossings(tx, st.page.Client)
			}
			switch {
			case fault.Is(err, fault.NotFound), err == nil && st.page.Joint != "" && !Holds(st.page.Joint, joint):
				gone = append(gone, st)
			case err != nil:
				return err
			}
		}
		return nil
	})
	for _, st := range gone {
		l.say(st, NewsChanged)
	}
	return err
}

// Crossings is a short text of what other registers show to the actor of a client, for OpenPage.Joint.
func Crossings(tx *db.Tx, clientID string) (string, error) {
	open, err := consent.Open(tx, clientID)
	var grants []string
	for _, x := range open {
		grants = append(grants, fmt.Sprint(x.Decision, x.Scopes))
	}
	return withGrants("joint", grants), err
}

// Holds tells whether what a page was made with holds yet: the same roles, and no grant of then has ended. A new grant
// takes nothing away.
func Holds(page, now string) bool {
	was, is := strings.Split(page, "."), strings.Split(now, ".")
	return was[0] == is[0] && !slices.ContainsFunc(was[1:], func(grant string) bool { return !slices.Contains(is[1:], grant) })
}

// withGrants adds the marks of grants to a text for Holds.
func withGrants(base string, grants []string) string {
	sort.Strings(grants)
	for _, g := range grants {
		h := sha256.Sum256([]byte(g))
		base += "." + hex.EncodeToString(h[:4])
	}
	return base
}

// revision grows whenever a session, a relation or a consent ends before its time, or a worker's rights change.
func (s *Service) revision(ctx context.Context) (rev int64, err error) {
	err = s.db.View(ctx, s.system("live"), func(tx *db.Tx) error {
		_, err := tx.One(`select t.house_rev + coalesce((select r.rev from session_rev r where r.tenant_id = t.tenant_id), 0)
			+ coalesce((select r.rev from sight_rev r where r.tenant_id = t.tenant_id), 0) from tenant t where t.tenant_id = $1`,
			[]any{s.tenant}, &rev)
		return err
	})
	return rev, err
}

// rightsNow are the rights of every living session by its id, and when time may next end one.
type rightsNow struct {
	of   map[string]string
	ends time.Time
}

// openRights reads them, in four queries. Rights that go by days end at midnight.
func (s *Service) openRights(ctx context.Context) (now rightsNow, err error) {
	err = s.db.View(ctx, s.system("live"), func(tx *db.Tx) error {
		now.of = map[string]string{}
		workers, err := unit.Workers(tx)
		if err != nil {
			return err
		}
		members, err := unit.Members(tx, "")
		if err != nil {
			return err
		}
		grants, until, err := unit.Grants(tx)
		if err != nil {
			return err
		}
		y, m, d := tx.Today.Parts()
		now.ends = time.Date(y, time.Month(m), d+1, 0, 0, 0, 0, s.db.Zone)
		if until > 0 && time.UnixMicro(until).Before(now.ends) {
			now.ends = time.UnixMicro(until)
		}
		of := map[string][]unit.Member{}
		for _, m := range members {
			of[m.Worker] = append(of[m.Worker], m)
		}
		rights := make(map[string]string, len(workers))
		for _, w := range workers {
			if w.Active {
				rights[w.ID] = withGrants(rightsOf(w, of[w.ID]), grants[w.ID])
			}
		}
		return tx.Each(`select session_id, worker_id from session where tenant_id = $1 and seen_at > $2 and expires_at > $3`,
			[]any{s.tenant, tx.At - IdleMost.Microseconds(), tx.At}, func(row func(...any) error) error {
				var session, worker string
				err := row(&session, &worker)
				if r, active := rights[worker]; active {
					now.of[session] = r
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
