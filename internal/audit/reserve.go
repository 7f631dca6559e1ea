package audit

import (
	"os"
	"path/filepath"
	"sync"
	"time"

	"polku/internal/db"
	"polku/internal/fault"
)

// ReserveFile keeps room on the disk beside the embedded database. When the disk is full, the use log takes it piece by
// piece, so that pages can still be read; saves are refused meanwhile and cannot take it.
const ReserveFile = "uselog.reserve"

const (
	reservePieces = 16          // the reserve is given up in so many pieces
	pieceLeast    = 64 << 10    // bytes; the log's files grow by pages of four kilobytes
	refillEvery   = time.Second // how often an incomplete reserve is tried to be filled again
	fillChunk     = 1 << 20     // bytes written at once
)

// reserve is the room that is kept. Its file is as long as what is left of it.
type reserve struct {
	file string
	size int64
	hold func(bool) // refuses saves, or lets them on

	mu   sync.Mutex
	left int64
	end  chan struct{}
	done chan struct{}
}

// KeepRoom sets size bytes of the disk aside for the use log of an embedded database, for as long as the log is open and
// after. 0: none. While the disk has no room for the whole of it, saves are refused and it is tried again every second.
func (l *Log) KeepRoom(size int64) error {
	if l.file == nil || size == 0 {
		return nil
	}
	r := &reserve{file: filepath.Join(l.db.Dir(), ReserveFile), size: size, hold: l.db.Hold, end: make(chan struct{}), done: make(chan struct{})}
	if info, err := os.Stat(r.file); err == nil && info.Size() > size { // the setting was larger before
		if err := os.Truncate(r.file, size); err != nil {
			return fault.Wrap(err, "audit.reserve")
		}
	} else if err == nil {
		r.left = info.Size()
	}
	r.refill()
	go r.loop()
	l.room.Store(r)
	return nil
}

// Reserve tells how many bytes of the kept room are left, of how many; both are 0 when none is kept.
func (l *Log) Reserve() (left, size int64) {
	r := l.room.Load()
	if r == nil {
		return 0, 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.left, r.size
}

// writeWithRoom writes rows; on a full disk it gives up pieces of the reserve until they fit, or none is left.
func (l *Log) writeWithRoom(batch []*row) error {
	for {
		err := l.write(batch)
		r := l.room.Load()
		if err == nil || r == nil || !db.IsFull(err) || !r.release() {
			return err
		}
	}
}

// release gives a piece of the room back to the disk; false when nothing is left.
func (r *reserve) release() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.left == 0 {
		return false
	}
	r.hold(true)
	left := max(0, r.left-max(r.size/reservePieces, pieceLeast))
	if err := os.Truncate(r.file, left); err != nil {
		return false
	}
	r.left = left
	return true
}

// refill makes the reserve whole again if the disk has room for it. Zeros are written rather than a hole left: a hole keeps
// no room.
func (r *reserve) refill() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.fill(); err != nil {
		r.hold(true)
		return
	}
	r.hold(false)
}

func (r *reserve) fill() error {
	if r.left == r.size {
		return nil
	}
	if free, known := db.FreeSpace(filepath.Dir(r.file)); known && free < r.size-r.left {
		return fault.E(fault.Unavailable, "error.disk_full", nil)
	}
	f, err := os.OpenFile(r.file, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	zeros := make([]byte, fillChunk)
	at := r.left
	for at < r.size && err == nil {
		var n int
		n, err = f.WriteAt(zeros[:min(fillChunk, r.size-at)], at)
		at += int64(n)
	}
	if err == nil {
		err = f.Sync()
	}
	if err != nil { // take no more than what lasts
		f.Truncate(r.left)
		return err
	}
	r.left = r.size
	return nil
}

func (r *reserve) loop() {
	defer close(r.done)
	for tick := time.NewTicker(refillEvery); ; {
		select {
		case <-r.end:
			tick.Stop()
			return
		case <-tick.C:
			r.refill()
		}
	}
}

func (r *reserve) stop() {
	close(r.end)
	<-r.done
}
