// Package journal owns the append-only journal of each client: the ledger from which everything else
// follows. Nothing is edited or deleted; a correction names the entry it replaces. Entries of a client form
// a hash chain over salted commitments, so that a changed, lost or slipped-in row is found.
//
// It does not decide who may read or write: the client and path slices ask that first.
package journal

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"reflect"
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

// Append adds entries to a client's journal, in the order given, and tells how many were new. An entry that
// is there already with the same content is passed over; with other content the whole append is refused
// (conflict). RecordedAt 0 becomes the time of the transaction. importID is empty for what people record.
func Append(tx *db.Tx, client, importID string, entries []entry.Entry) (added int, err error) {
	d, err := draft(tx, client, importID, entries)
	if err != nil {
		return 0, err
	}
	return len(d.fresh), d.mustWrite(tx)
}

// Draft is an append that has been thought through and not been written yet.
type Draft struct {
	client       string
	before, head []byte // of the chain, without and with the draft's entries
	seq          int64  // of the chain with them
	fresh        []entry.Entry
	rows         [][]any // of the table, one for each fresh entry

	// All is every entry of the client with the draft's among them, in the journal's order. (Only Memory.Draft fills it.)
	All []entry.Entry
}

// draft reads what an append needs to know, and writes nothing. The fresh entries are as a reader will find them.
func draft(tx *db.Tx, client, importID string, entries []entry.Entry) (*Draft, error) {
	d := &Draft{client: client}
	var err error
	if d.seq, d.before, err = chainOf(tx, client); err != nil {
		return nil, err
	}
	d.head = d.before
	there, err := known(tx, entries)
	if err != nil {
		return nil, err
	}
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
		if there[e.ID] {
			if err := sameAs(tx, client, e, body, entries[:i]); err != nil {
				return nil, err
			}
			continue
		}
		there[e.ID] = true
		salt := make([]byte, 16)
		rand.Read(salt)
		commitment := commit(tx.Who.Tenant, client, e, body, salt)
		d.seq++
		d.head = link(d.head, commitment)
		d.rows = append(d.rows, []any{tx.Who.Tenant, client, e.Day, e.Minute, e.RecordedAt, e.ID, e.Path, string(e.Kind), e.Minutes,
			string(e.Mode), e.Author, e.Session, e.Corrects, string(body), d.seq, salt, commitment, db.NullText(importID)})
		stored := *e
		if stored.Body, err = entry.DecodeBody(e.Kind, body); err != nil {
			return nil, fault.Wrap(err, "journal.decode")
		}
		d.fresh = append(d.fresh, stored)
	}
	return d, nil
}

// Write writes a draft. False, and nothing is written, when the client's journal is no longer what it was when the draft
// was made.
func (d *Draft) Write(tx *db.Tx) (stands bool, err error) {
	if len(d.fresh) == 0 {
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
	// Another client's journal may have got one of the ids meanwhile.
	added, err := tx.InsertMany(insertEntries, d.rows, "on conflict do nothing")
	if err == nil && int(added) < len(d.rows) {
		err = d.conflict()
	}
	return true, err
}

// mustWrite writes a draft that was made in the same transaction.
func (d *Draft) mustWrite(tx *db.Tx) error {
	stands, err := d.Write(tx)
	if err == nil && !stands {
		err = d.conflict()
	}
	return err
}

func (d *Draft) conflict() error {
	return fault.E(fault.Conflict, "journal.same_id", fault.Args{"entry": d.fresh[0].ID})
}

const insertEntries = `insert into entry (tenant_id, client_id, day, minute, recorded_at, entry_id, path_id, kind, minutes,
	mode, author, session_id, corrects, body, seq, salt, commitment, import_id) values`

// known tells which of some entries the organisation's journals have already.
func known(tx *db.Tx, entries []entry.Entry) (map[string]bool, error) {
	const most = 16
	there := make(map[string]bool, len(entries))
	for part := range slices.Chunk(entries, most) {
		n := 4 // most recordings have up to three entries
		if len(part) > n {
			n = most
		}
		args := make([]any, 1, 1+n)
		args[0] = tx.Who.Tenant
		for i := range n {
			id := ""
			if i < len(part) {
				id = part[i].ID
			}
			args = append(args, id)
		}
		if err := tx.Each(knownText[n], args, func(row func(...any) error) error {
			var id string
			err := row(&id)
			there[id] = true
			return err
		}); err != nil {
			return nil, err
		}
	}
	return there, nil
}

var knownText = map[int]string{
	4:  `select entry_id from entry where tenant_id = $1 and entry_id in ($2, $3, $4, $5)`,
	16: `select entry_id from entry where tenant_id = $1 and entry_id in ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
}

// sameAs answers nil when the journal already has e with the same content, and a conflict otherwise. When it
// was recorded does not count: a phone that sends again does not know when the first sending arrived. before are entries
// of the same append, which are not written yet.
func sameAs(tx *db.Tx, client string, e *entry.Entry, body []byte, before []entry.Entry) error {
	for _, b := range before {
		if b.ID == e.ID {
			if b.RecordedAt = e.RecordedAt; reflect.DeepEqual(b, *e) {
				return nil
			}
			return fault.E(fault.Conflict, "journal.same_id", fault.Args{"entry": e.ID})
		}
	}
	var same bool
	found, err := tx.One(`select client_id = $3 and day = $4 and minute = $5 and path_id = $6 and kind = $7 and minutes = $8 and mode = $9
		and author = $10 and session_id = $11 and corrects = $12 and body = $13 from entry where tenant_id = $1 and entry_id = $2`,
		[]any{tx.Who.Tenant, e.ID, client, e.Day, e.Minute, e.Path, string(e.Kind), e.Minutes, string(e.Mode), e.Author, e.Session, e.Corrects, string(body)}, &same)
	if err != nil {
		return err
	}
	if !found || !same {
		return fault.E(fault.Conflict, "journal.same_id", fault.Args{"entry": e.ID})
	}
	return nil
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
