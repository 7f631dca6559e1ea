package web

import (
	"crypto/sha256"
	"sync"
	"time"

	"polku/internal/csvio"
	"polku/internal/fault"
	"polku/internal/ident"
)

// Limits of files that wait between upload and import (doc/decisions/0020-import-file-between-steps.md).
const (
	fileMost = 20 << 20  // bytes of an uploaded file
	heldMost = 200 << 20 // bytes of all files that are held, as they stand in memory
	heldFor  = time.Hour
)

// held is a list that somebody has uploaded and not imported yet. It lives in memory only.
type held struct {
	id, worker string
	tenant     int64
	kind       string
	book       *csvio.Book
	hash       []byte
	cost       int
	until      time.Time

	gate    sync.Mutex
	answers answers
	running bool
	done    int // rows, while it runs
	total   int
	run     string // id of the import once it has ended well
	failed  error
}

// holder holds the lists of one program. The limit is the machine's memory, so there is one for all.
type holder struct {
	gate sync.Mutex
	all  map[string]*held
}

var uploads = &holder{all: map[string]*held{}}

// keep holds a list for an hour. When too much is held, the worker's own oldest list makes room.
func (u *holder) keep(tenant int64, worker, kind string, b *csvio.Book, data []byte, now time.Time) (*held, error) {
	u.gate.Lock()
	defer u.gate.Unlock()
	sum := 0
	for id, h := range u.all {
		if now.After(h.until) && !h.busy() {
			delete(u.all, id)
			continue
		}
		sum += h.cost
	}
	cost := weigh(b)
	for sum+cost > heldMost {
		oldest := u.oldest(tenant, worker)
		if oldest == nil {
			return nil, fault.E(fault.Unavailable, "importing.too_busy", nil)
		}
		sum -= oldest.cost
		delete(u.all, oldest.id)
	}
	hash := sha256.Sum256(data)
	h := &held{id: ident.New(), tenant: tenant, worker: worker, kind: kind, book: b, hash: hash[:], cost: cost, until: now.Add(heldFor)}
	u.all[h.id] = h
	return h, nil
}

func (u *holder) oldest(tenant int64, worker string) *held {
	var oldest *held
	for _, h := range u.all {
		if h.tenant == tenant && h.worker == worker && !h.busy() && (oldest == nil || h.until.Before(oldest.until)) {
			oldest = h
		}
	}
	return oldest
}

// get gives a worker's own list; nil when there is none.
func (u *holder) get(tenant int64, worker, id string, now time.Time) *held {
	u.gate.Lock()
	defer u.gate.Unlock()
	h := u.all[id]
	if h == nil || h.tenant != tenant || h.worker != worker {
		return nil
	}
	if now.After(h.until) && !h.busy() {
		delete(u.all, id)
		return nil
	}
	return h
}

func (u *holder) drop(id string) {
	u.gate.Lock()
	defer u.gate.Unlock()
	delete(u.all, id)
}

func (h *held) busy() bool {
	h.gate.Lock()
	defer h.gate.Unlock()
	return h.running
}

// cellCost is what an empty cell takes in memory.
const cellCost = 56

// weigh tells about how much memory a book takes.
func weigh(b *csvio.Book) int {
	n := 0
	for _, s := range b.Sheets {
		for _, r := range s.Rows {
			n += cellCost
			for _, c := range r.Cells {
				n += cellCost + len(c.Text)
			}
		}
	}
	return n
}
