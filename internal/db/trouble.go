package db

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"zombiezen.com/go/sqlite"

	"polku/internal/fault"
)

// trouble is what an embedded file knows of its disk. A full disk heals by itself. After an error of reading or writing
// nothing that this process believes of the file can be trusted (a sync that failed once may answer well the next time
// although the pages are gone), so nothing more is written until the program has been started anew, which reads what is there.
type trouble struct {
	broken atomic.Pointer[fault.Error]
	full   atomic.Int64 // when the disk was last met full, nanoseconds; 0: never, or room again
	leave  atomic.Bool  // somebody else moves the write-ahead log's pages into place
	hold   atomic.Bool  // somebody who needs the last room has asked for saves to be refused

	mu   sync.Mutex
	told func(error) // is told once when the file breaks
}

// fullFor is how long a full disk is remembered after nobody has met it any more.
const fullFor = 10 * time.Second

var (
	errReadOnly = fault.E(fault.Unavailable, "error.read_only", nil)
	errDiskFull = fault.E(fault.Unavailable, "error.disk_full", nil)
)

// IsFull tells whether err says that a disk has no room left. The shared index of the write-ahead log cannot grow then
// either, which SQLite calls an error of its own.
func IsFull(err error) bool {
	code := sqlite.ErrCode(err)
	return err != nil && (code.ToPrimary() == sqlite.ResultFull || code == sqlite.ResultIOErrSHMSize || code == sqlite.ResultIOErrSHMMap)
}

// met takes in how a write ended and gives the error that its caller is told.
func (t *trouble) met(err error) error {
	switch {
	case err == nil:
		t.full.Store(0)
		return nil
	case IsFull(err):
		t.full.Store(time.Now().UnixNano())
		return &fault.Error{Kind: fault.Unavailable, Key: errDiskFull.Key, Cause: err}
	case isBroken(err):
		f := &fault.Error{Kind: fault.Unavailable, Key: errReadOnly.Key, Cause: err}
		t.fail(f)
		return f
	}
	return err
}

func (t *trouble) fail(f *fault.Error) {
	if !t.broken.CompareAndSwap(nil, f) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.told != nil {
		t.told(f)
	}
}

func isBroken(err error) bool {
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultIOErr, sqlite.ResultCorrupt, sqlite.ResultNotADB, sqlite.ResultCantOpen, sqlite.ResultReadOnly:
		return true
	}
	return false
}

// refusal gives the error that a write is refused with before it is tried; nil when it may be tried.
func (t *trouble) refusal() error {
	if t.broken.Load() != nil {
		return errReadOnly
	}
	if t.hold.Load() {
		return errDiskFull
	}
	return nil
}

// now tells what is wrong at the moment.
func (t *trouble) now() error {
	if err := t.refusal(); err != nil {
		return err
	}
	if at := t.full.Load(); at > 0 && time.Since(time.Unix(0, at)) < fullFor {
		return errDiskFull
	}
	return nil
}

// Trouble tells why nothing can be saved at the moment: the disk is full, or has failed. Nil: all well, as far as the last
// writes tell.
func (d *DB) Trouble() error { return d.trouble.now() }

// Hold refuses saves as on a full disk, or lets them on again: the use log asks for it while it lives on its reserve.
func (d *DB) Hold(on bool) { d.trouble.hold.Store(on) }

// LeaveCheckpoints leaves it to somebody else (who ships a copy) to move the write-ahead log's pages into place and begin it
// anew. Should that stop, the writer still moves pages once the log is long.
func (d *DB) LeaveCheckpoints() { d.trouble.leave.Store(true) }

// LeaveCheckpoints does the same for one file.
func (f *File) LeaveCheckpoints() { f.trouble.leave.Store(true) }

// Fail makes the database read-only until the next start, because something that must be written beside it cannot be.
func (d *DB) Fail(cause error) {
	d.trouble.fail(&fault.Error{Kind: fault.Unavailable, Key: errReadOnly.Key, Cause: cause})
}

// OnFailure says whom to tell, once, when the disk fails and the database becomes read-only.
func (d *DB) OnFailure(fn func(error)) {
	d.trouble.mu.Lock()
	defer d.trouble.mu.Unlock()
	d.trouble.told = fn
}

// OnFailure says whom to tell when this file's disk fails.
func (f *File) OnFailure(fn func(error)) {
	f.trouble.mu.Lock()
	defer f.trouble.mu.Unlock()
	f.trouble.told = fn
}

// Trouble tells the same of one file.
func (f *File) Trouble() error { return f.trouble.now() }

// asMet changes the error that a command met inside its transaction into what the disk's state says.
func (t *trouble) asMet(err error) error {
	var f *fault.Error
	if err == nil || errors.As(err, &f) && f.Key != "error.database" || !IsFull(err) && !isBroken(err) {
		return err
	}
	return t.met(err)
}
