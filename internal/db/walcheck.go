package db

import (
	"bytes"
	"encoding/binary"
	"io"
	"os"
	"path/filepath"

	"polku/internal/fault"
)

// The write-ahead log's form (sqlite.org/fileformat2.html, section 4): a header, then frames of a header and a page each.
const (
	walHead      = 32
	walFrameHead = 24
	walMagic     = 0x377f0682 // the last bit: checksums are of big-endian words
)

// CheckFile refuses an embedded file whose write-ahead log has rotted. Ask before anybody opens it: opening mends, and hides. SQLite takes the first frame whose checksum is wrong for the end of the
// log, as after a power cut, and silently drops what follows. A power cut leaves at most the one transaction that was being
// written; when a whole further transaction follows, which was begun only after the one before it had been synced, a bit has
// changed since, and saved work would vanish without a word.
func CheckFile(file string) error {
	for range 3 { // another process may begin the log anew under our eyes
		rotten, again, err := readWAL(file + "-wal")
		switch {
		case err != nil || !rotten && !again:
			return err
		case rotten && !again:
			return fault.E(fault.Unavailable, "db.wal_damaged", fault.Args{"file": filepath.Base(file) + "-wal"})
		}
	}
	return nil
}

func readWAL(file string) (rotten, again bool, err error) {
	f, err := os.Open(file)
	if os.IsNotExist(err) {
		return false, false, nil
	}
	if err != nil {
		return false, false, &fault.Error{Kind: fault.Unavailable, Key: "db.open", Cause: err}
	}
	defer f.Close()
	head := make([]byte, walHead)
	if _, err := io.ReadFull(f, head); err != nil {
		return false, false, nil // nothing has been written to it
	}
	w := walScan{order: binary.LittleEndian, salts: head[16:24]}
	magic := binary.BigEndian.Uint32(head)
	if magic&1 == 1 {
		w.order = binary.BigEndian
	}
	size := int(binary.BigEndian.Uint32(head[8:]))
	if magic&^1 != walMagic || size < 512 || size > 65536 || size&(size-1) != 0 {
		return true, changedHead(f, head), nil
	}
	first := w.sum([2]uint32{}, head[:24])
	w.whole = first == [2]uint32{binary.BigEndian.Uint32(head[24:]), binary.BigEndian.Uint32(head[28:])}
	w.last = first
	if !w.whole { // the header is synced before any frame: what stands behind it tells which frames were its own
		w.salts = nil
	}
	frame := make([]byte, walFrameHead+size)
	for !w.rotten {
		if _, err := io.ReadFull(f, frame); err != nil {
			break
		}
		w.frame(frame)
	}
	return w.rotten, changedHead(f, head), nil
}

func changedHead(f *os.File, head []byte) bool {
	now := make([]byte, walHead)
	_, err := f.ReadAt(now, 0)
	return err != nil || !bytes.Equal(now, head)
}

// walScan reads frame after frame.
type walScan struct {
	order    binary.ByteOrder
	salts    []byte
	whole    bool      // every frame so far is as it was written
	last     [2]uint32 // the checksum that the next one goes on from
	finished bool      // the frame before ended a transaction, and is whole by itself
	rotten   bool
}

// frame takes the next frame in. Each checksum goes on from the one that stands in the frame before, so that frames behind a
// bad one can still be told whole.
func (w *walScan) frame(frame []byte) {
	sum := w.sum(w.sum(w.last, frame[:8]), frame[walFrameHead:])
	stands := [2]uint32{binary.BigEndian.Uint32(frame[16:]), binary.BigEndian.Uint32(frame[20:])}
	if w.salts == nil {
		w.salts = bytes.Clone(frame[8:16])
	}
	ours := bytes.Equal(frame[8:16], w.salts) && sum == stands
	if !w.whole && ours && w.finished {
		w.rotten = true
	}
	if !ours {
		w.whole = false
	}
	w.finished = ours && binary.BigEndian.Uint32(frame[4:]) != 0
	w.last = stands
}

// sum is the log's checksum of some data, after a sum.
func (w *walScan) sum(s [2]uint32, data []byte) [2]uint32 {
	for i := 0; i+8 <= len(data); i += 8 {
		s[0] += w.order.Uint32(data[i:]) + s[1]
		s[1] += w.order.Uint32(data[i+4:]) + s[0]
	}
	return s
}
