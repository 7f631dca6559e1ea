package journal

import (
	"container/list"
	"slices"
	"sync"

	"polku/internal/db"
	"polku/internal/entry"
)

// memoryMost is how many entries Memory keeps at most, of all clients together: some 25 MB.
const memoryMost = 60_000

// Memory keeps the decoded entries of clients whom somebody is working with. They are found by the head of the client's
// chain, a hash over everything in it: other content has another head, so what is found is never out of date, whoever wrote,
// and a transaction that came to nothing leaves nothing that could be found. (Whatever erases the content of an entry must
// therefore write an entry of its own.) Its entries are shared: nobody changes them. The zero Memory is empty and ready;
// safe for many goroutines.
type Memory struct {
	mu      sync.Mutex
	byHead  map[string]*list.Element
	recent  list.List // of kept, last used first
	entries int
}

type kept struct {
	head    string
	entries []entry.Entry
}

// find gives the entries of a head, in the journal's order; false when they are not kept.
func (m *Memory) find(head []byte) ([]entry.Entry, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	at, there := m.byHead[string(head)]
	if !there {
		return nil, false
	}
	m.recent.MoveToFront(at)
	return at.Value.(kept).entries, true
}

// keep remembers the entries of a head and forgets what was longest unused.
func (m *Memory) keep(head []byte, entries []entry.Entry) {
	if len(entries) > memoryMost/10 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.byHead == nil {
		m.byHead = map[string]*list.Element{}
	}
	if _, there := m.byHead[string(head)]; there {
		return
	}
	m.byHead[string(head)] = m.recent.PushFront(kept{string(head), slices.Clip(entries)})
	m.entries += len(entries)
	for m.entries > memoryMost {
		m.forget(m.recent.Back())
	}
}

func (m *Memory) drop(head []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if at, there := m.byHead[string(head)]; there {
		m.forget(at)
	}
}

func (m *Memory) forget(at *list.Element) {
	k := m.recent.Remove(at).(kept)
	delete(m.byHead, k.head)
	m.entries -= len(k.entries)
}

// Kept gives every entry of a client in the journal's order when they are at hand, reading only the chain's head.
func (m *Memory) Kept(tx *db.Tx, client string) ([]entry.Entry, bool, error) {
	_, head, err := chainOf(tx, client)
	if err != nil || head == nil {
		return nil, head == nil, err // nothing has been recorded
	}
	entries, there := m.find(head)
	return entries, there, err
}

// All gives every entry of a client in the journal's order, corrected and retracted ones too.
func (m *Memory) All(tx *db.Tx, client string) ([]entry.Entry, error) {
	_, head, err := chainOf(tx, client)
	if err != nil {
		return nil, err
	}
	return m.at(tx, client, head)
}

// at gives every entry of a client whose chain has this head.
func (m *Memory) at(tx *db.Tx, client string, head []byte) ([]entry.Entry, error) {
	if head == nil {
		return nil, nil // nothing has been recorded
	}
	if entries, there := m.find(head); there {
		return entries, nil
	}
	entries, err := entriesOf(tx, `from entry where tenant_id = $1 and client_id = $2 order by day, minute, recorded_at, entry_id`, tx.Who.Tenant, client)
	if err != nil {
		return nil, err
	}
	m.keep(head, entries)
	return slices.Clip(entries), nil
}

// Path is the function Path by way of the memory.
func (m *Memory) Path(tx *db.Tx, client, path string) ([]entry.Entry, error) {
	all, err := m.All(tx, client)
	return OfPath(all, path), err
}

// OfPath gives those of a client's entries that belong to a path, in their order.
func OfPath(all []entry.Entry, path string) []entry.Entry {
	if !slices.ContainsFunc(all, func(e entry.Entry) bool { return e.Path != path }) {
		return all
	}
	var entries []entry.Entry
	for i := range all {
		if all[i].Path == path {
			entries = append(entries, all[i])
		}
	}
	return entries
}

// Draft thinks through what it takes to add entries to a client's journal, in the order given, and writes nothing. An
// entry that is there already with the same content is passed over; with other content the whole append is refused
// (conflict). RecordedAt 0 becomes the time of the transaction. importID is empty for what people record.
func (m *Memory) Draft(tx *db.Tx, client, importID string, entries []entry.Entry) (*Draft, error) {
	seq, head, err := chainOf(tx, client)
	if err != nil {
		return nil, err
	}
	all, err := m.at(tx, client, head)
	if err != nil {
		return nil, err
	}
	return draft(tx, client, importID, seq, head, all, entries)
}

// Write writes a draft and remembers the journal as it is with it; see Draft.Write.
func (m *Memory) Write(tx *db.Tx, d *Draft) (stands bool, err error) {
	stands, err = d.Write(tx)
	if err == nil && stands && len(d.rows) > 0 {
		m.drop(d.before) // whoever still reads it, before the commit or after a rollback, reads it anew
		m.keep(d.head, d.All)
	}
	return stands, err
}

// Timeline is the function Timeline by way of the memory. A long one is read whole and kept: whoever reads on wants the rest.
func (m *Memory) Timeline(tx *db.Tx, client string, kinds []entry.Kind, below Place, limit int) ([]entry.Entry, error) {
	all, there, err := m.Kept(tx, client)
	if err == nil && !there && limit > longTimeline {
		all, err = m.All(tx, client)
		there = true
	}
	if err != nil {
		return nil, err
	}
	if !there {
		return Timeline(tx, client, kinds, below, limit)
	}
	end := len(all)
	if below != Top {
		place := entry.Entry{Day: below.Day, Minute: below.Minute, RecordedAt: below.RecordedAt, ID: below.ID}
		end, _ = slices.BinarySearchFunc(all, place, func(a, b entry.Entry) int { return entry.Compare(&a, &b) })
	}
	entries := make([]entry.Entry, 0, min(limit, end))
	for i := end - 1; i >= 0 && len(entries) < limit; i-- {
		if len(kinds) == 0 || slices.Contains(kinds, all[i].Kind) {
			entries = append(entries, all[i])
		}
	}
	return entries, nil
}

// longTimeline is how many entries are asked for at once by nobody but who wants all.
const longTimeline = 500

// Corrections is the function Corrections by way of the memory.
func (m *Memory) Corrections(tx *db.Tx, client string) (map[string]entry.Entry, error) {
	all, there, err := m.Kept(tx, client)
	if err != nil || !there {
		return Corrections(tx, client)
	}
	var corrections []entry.Entry
	for i := range all {
		if all[i].Corrects != "" {
			corrections = append(corrections, all[i])
		}
	}
	slices.SortFunc(corrections, byRecording)
	return standFor(corrections), nil
}
