// Package journal owns the append-only journal of each client: the ledger from which everything else
// follows. Nothing is edited or deleted; a correction names the entry it replaces. Entries of a client form
// a hash chain over salted commitments, so that a changed, lost or slipped-in row is found.
//
// It does not decide who may read or write: the client and path slices ask that first.
package journal

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
)

// Row is an entry as the journal keeps it.
type Row struct {
	entry.Entry
	Client   string
	Seq      int64
	ImportID string
}

// Draft is an append that has been thought through and not been written yet; see Memory.Draft.
type Draft struct {
	client       string
	before, head []byte  // of the chain, without and with the draft's entries
	seq          int64   // of the chain with them
	rows         [][]any // of the table, one for each entry that is new

	// All is every entry of the client with the draft's among them, in the journal's order.
	All []entry.Entry
}

// draft adds entries to a client's journal as it stands (all), and writes nothing.
func draft(tx *db.Tx, client, importID string, seq int64, head []byte, all, entries []entry.Entry) (*Draft, error) {
	d := &Draft{client: client, before: head, head: head, seq: seq}
	there := make(map[string]*entry.Entry, len(entries))
	for i := range entries {
		there[entries[i].ID] = nil
	}
	for i := range all {
		if _, asked := there[all[i].ID]; asked {
			there[all[i].ID] = &all[i]
		}
	}
	var fresh []entry.Entry
	for i := range entries {
		e := &entries[i]
		if e.RecordedAt == 0 {
			e.RecordedAt = tx.At
		}
		if err := e.Check(); err != nil {
			return nil, &fault.Error{Kind: fault.Invalid, Key: "journal.bad_entry", Cause: err}
		}
		body, err := entry.EncodeBody(e.Body)
		if err != nil {
			return nil, fault.Wrap(err, "journal.encode")
		}
		if before := there[e.ID]; before != nil {
			if same, err := sameAs(before, e, body); err != nil || !same {
				return nil, cmp.Or(err, conflict(e.ID))
			}
			continue
		}
		there[e.ID] = e
		salt := make([]byte, 16)
		rand.Read(salt)
		commitment := commit(tx.Who.Tenant, client, e, body, salt)
		d.seq++
		d.head = link(d.head, commitment)
		d.rows = append(d.rows, []any{tx.Who.Tenant, client, e.Day, e.Minute, e.RecordedAt, e.ID, e.Path, string(e.Kind), e.Minutes,
			string(e.Mode), e.Author, e.Session, e.Corrects, string(body), d.seq, salt, commitment, db.NullText(importID)})
		stored := *e // as a reader will find it
		if stored.Body, err = entry.DecodeBody(e.Kind, body); err != nil {
			return nil, fault.Wrap(err, "journal.decode")
		}
		fresh = append(fresh, stored)
	}
	d.All = with(all, fresh)
	return d, nil
}

// with gives entries in the journal's order with further ones among them.
func with(all, fresh []entry.Entry) []entry.Entry {
	if len(fresh) == 0 {
		return all
	}
	grown := make([]entry.Entry, len(all), len(all)+len(fresh))
	copy(grown, all)
	for _, e := range fresh {
		at, _ := slices.BinarySearchFunc(grown, e, func(a, b entry.Entry) int { return entry.Compare(&a, &b) })
		grown = slices.Insert(grown, at, e)
	}
	return slices.Clip(grown)
}

// Write writes a draft. False, and nothing is written, when the client's journal is no longer what it was when the draft
// was made.
func (d *Draft) Write(tx *db.Tx) (stands bool, err error) {
	if len(d.rows) == 0 {
		_, head, err := chainOf(tx, d.client)
		return bytes.Equal(head, d.before), err
	}
	// The head is compared and replaced in one: whoever else writes to this journal waits here, and finds another head.
	var moved int64
	if d.before == nil {
		moved, err = tx.Exec(`insert into chain (tenant_id, client_id, seq, head, sealed_seq) values ($1, $2, $3, $4, 0) on conflict do nothing`,
			tx.Who.Tenant, d.client, d.seq, d.head)
	} else {
		moved, err = tx.Exec(`update chain set seq = $3, head = $4 where tenant_id = $1 and client_id = $2 and head = $5`,
			tx.Who.Tenant, d.client, d.seq, d.head, d.before)
	}
	if err != nil || moved == 0 {
		return false, err
	}
	added, err := tx.InsertMany(insertEntries, d.rows, "on conflict do nothing")
	if err == nil && int(added) < len(d.rows) {
		err = conflict(d.rows[0][5].(string)) // another client's journal has such an id
	}
	return true, err
}

func conflict(id string) error {
	return fault.E(fault.Conflict, "journal.same_id", fault.Args{"entry": id})
}

const insertEntries = `insert into entry (tenant_id, client_id, day, minute, recorded_at, entry_id, path_id, kind, minutes,
	mode, author, session_id, corrects, body, seq, salt, commitment, import_id) values`

// sameAs tells whether an entry that the journal has is the same as e, whose body is given as text. When it was recorded
// does not count: a phone that sends again does not know when the first sending arrived.
func sameAs(before, e *entry.Entry, body []byte) (bool, error) {
	was, err := entry.EncodeBody(before.Body)
	if err != nil {
		return false, fault.Wrap(err, "journal.encode")
	}
	a, b := *before, *e
	a.Body, b.Body, a.RecordedAt = nil, nil, b.RecordedAt
	return a == b && bytes.Equal(was, body), nil
}

func chainOf(tx *db.Tx, client string) (seq int64, head []byte, err error) {
	_, err = tx.One(`select seq, head from chain where tenant_id = $1 and client_id = $2`, []any{tx.Who.Tenant, client}, &seq, &head)
	return seq, head, err
}

// link gives the chain's next head.
func link(head, commitment []byte) []byte {
	h := sha256.New()
	h.Write(head)
	h.Write(commitment)
	return h.Sum(nil)
}

// commit gives the salted commitment to an entry: every field with its length before it, so that no two
// contents run together.
func commit(tenant int64, client string, e *entry.Entry, body, salt []byte) []byte {
	h := sha256.New()
	h.Write(salt)
	var n [8]byte
	number := func(v int64) {
		binary.BigEndian.PutUint64(n[:], uint64(v))
		h.Write(n[:])
	}
	text := func(s string) {
		number(int64(len(s)))
		h.Write([]byte(s))
	}
	number(tenant)
	text(client)
	text(e.ID)
	text(e.Path)
	number(int64(e.Day))
	number(int64(e.Minute))
	number(e.RecordedAt)
	text(string(e.Kind))
	number(int64(e.Minutes))
	text(string(e.Mode))
	text(e.Author)
	text(e.Session)
	text(e.Corrects)
	text(string(body))
	return h.Sum(nil)
}
