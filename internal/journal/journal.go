// Package journal owns the append-only journal of each client: the ledger from which everything else
// follows. Nothing is edited or deleted; a correction names the entry it replaces. Entries of a client form
// a hash chain over salted commitments, so that a changed, lost or slipped-in row is found.
//
// It does not decide who may read or write: the client and path slices ask that first.
package journal

import (
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
	seq, head, err := chainOf(tx, client)
	if err != nil {
		return 0, err
	}
	fresh, _, err := add(tx, client, importID, entries, seq, head)
	return len(fresh), err
}

// add does the work of Append after the chain's seq and head; it gives the new entries as a reader will find them, and the
// head with them in it.
func add(tx *db.Tx, client, importID string, entries []entry.Entry, seq int64, head []byte) (fresh []entry.Entry, _ []byte, err error) {
	there, err := known(tx, entries)
	if err != nil {
		return nil, nil, err
	}
	var rows [][]any
	for i := range entries {
		e := &entries[i]
		if e.RecordedAt == 0 {
			e.RecordedAt = tx.At
		}
		if err := e.Check(); err != nil {
			return nil, nil, &fault.Error{Kind: fault.Invalid, Key: "journal.bad_entry", Cause: err}
		}
		body, err := entry.EncodeBody(e.Body)
		if err != nil {
			return nil, nil, fault.Wrap(err, "journal.encode")
		}
		if there[e.ID] {
			if err := sameAs(tx, client, e, body, entries[:i]); err != nil {
				return nil, nil, err
			}
			continue
		}
		there[e.ID] = true
		salt := make([]byte, 16)
		rand.Read(salt)
		commitment := commit(tx.Who.Tenant, client, e, body, salt)
		seq++
		head = link(head, commitment)
		rows = append(rows, []any{tx.Who.Tenant, client, e.Day, e.Minute, e.RecordedAt, e.ID, e.Path, string(e.Kind), e.Minutes,
			string(e.Mode), e.Author, e.Session, e.Corrects, string(body), seq, salt, commitment, db.NullText(importID)})
		stored := *e
		if stored.Body, err = entry.DecodeBody(e.Kind, body); err != nil {
			return nil, nil, fault.Wrap(err, "journal.decode")
		}
		fresh = append(fresh, stored)
	}
	if len(fresh) == 0 {
		return nil, head, nil
	}
	// Somebody else may be writing the same entries at this moment: PostgreSQL then has this command run again.
	added, err := tx.InsertMany(insertEntries, rows, "on conflict do nothing")
	if err != nil {
		return nil, nil, err
	}
	if int(added) < len(rows) {
		return nil, nil, fault.E(fault.Conflict, "journal.same_id", fault.Args{"entry": fresh[0].ID})
	}
	_, err = tx.Exec(`insert into chain (tenant_id, client_id, seq, head, sealed_seq) values ($1, $2, $3, $4, 0)
		on conflict (tenant_id, client_id) do update set seq = excluded.seq, head = excluded.head`, tx.Who.Tenant, client, seq, head)
	return fresh, head, err
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
