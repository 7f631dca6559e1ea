package journal

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/seal"
)

// Proof tells that something was destroyed because the law says so: what, by which rule, who agreed. It holds no
// personal data but the client's id, and is signed with the key outside the database.
type Proof struct {
	ID, Client, Register string // Client empty: old rows of the logs
	Class, Rule          string
	Due                  civil.Date     // since when it had been due
	Rows                 map[string]int // table -> rows destroyed
	Entries              int            // journal entries among them
	Digest               []byte         // sha-256 over the commitments of the entries, in their order
	AskedBy, ApprovedBy  string         // worker ids
	Approval             string
	At                   int64 // microseconds UTC
	signature, rows      []byte
}

// Erase destroys every entry of a client's journal: content, salt and columns. Of each only its place in the chain and
// its commitment stay, so that the chain can still be proved; the proof is written beside, and an entry of its own that
// says so: with it the chain has another head, and whoever keeps decoded entries by the head (Memory) finds them no more.
// p's Entries, Digest and Rows["entry"] are filled in.
func Erase(tx *db.Tx, keys *seal.Keys, p *Proof) error {
	return erase(tx, keys, p, `kind <> $3`, string(entry.KindErasure))
}

// EraseFamily is Erase of one entry with all that corrects it or that it corrects: none of them stays without the others.
func EraseFamily(tx *db.Tx, keys *seal.Keys, p *Proof, entryID string) error {
	return erase(tx, keys, p, `entry_id in (with recursive family (entry_id, corrects) as (
		select entry_id, corrects from entry where tenant_id = $1 and client_id = $2 and entry_id = $3
		union select e.entry_id, e.corrects from entry e join family f on e.corrects = f.entry_id or e.entry_id = f.corrects
		where e.tenant_id = $1 and e.client_id = $2) select entry_id from family)`, entryID)
}

// erase destroys the entries of p's client for which a condition holds; it is one of two constant texts, with $3.
func erase(tx *db.Tx, keys *seal.Keys, p *Proof, which, arg string) error {
	if p.ID == "" {
		p.ID = ident.New()
	}
	h := sha256.New()
	p.Entries = 0
	if err := tx.Each(`select commitment from entry where tenant_id = $1 and client_id = $2 and `+which+` order by seq`,
		[]any{tx.Who.Tenant, p.Client, arg}, func(row func(...any) error) error {
			var commitment []byte
			err := row(&commitment)
			h.Write(commitment)
			p.Entries++
			return err
		}); err != nil {
		return err
	}
	p.Digest = h.Sum(nil)
	if p.Entries > 0 {
		if _, err := tx.Exec(`insert into erased_entry (tenant_id, client_id, seq, commitment, erasure_id)
			select tenant_id, client_id, seq, commitment, $4 from entry where tenant_id = $1 and client_id = $2 and `+which,
			tx.Who.Tenant, p.Client, arg, p.ID); err != nil {
			return err
		}
		if _, err := tx.Exec(`delete from entry where tenant_id = $1 and client_id = $2 and `+which,
			tx.Who.Tenant, p.Client, arg); err != nil {
			return err
		}
	}
	if p.Rows == nil {
		p.Rows = map[string]int{}
	}
	p.Rows["entry"] = p.Entries
	if err := Prove(tx, keys, p); err != nil {
		return err
	}
	seq, head, err := chainOf(tx, p.Client)
	if err != nil {
		return err
	}
	d, err := draft(tx, p.Client, "", seq, head, nil, []entry.Entry{{ID: p.ID, Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindErasure, Author: p.ApprovedBy,
		Body: &entry.Erasure{Class: p.Class, Entries: p.Entries}}})
	if err != nil {
		return err
	}
	stands, err := d.Write(tx)
	if err == nil && !stands {
		err = fault.E(fault.Unavailable, "error.not_saved", nil) // somebody recorded at this very moment: the next run does it
	}
	return err
}

// Prove signs and keeps a proof.
func Prove(tx *db.Tx, keys *seal.Keys, p *Proof) error {
	if p.ID == "" {
		p.ID = ident.New()
	}
	if p.Digest == nil {
		p.Digest = sha256.New().Sum(nil)
	}
	p.At = tx.At
	var err error
	if p.rows, err = json.Marshal(p.Rows); err != nil {
		return fault.Wrap(err, "journal.encode")
	}
	_, err = tx.Exec(`insert into erasure (tenant_id, erasure_id, client_id, register_id, class, rule, due_day, rows_gone, entries, digest,
		asked_by, approved_by, approval_id, at, signature) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		tx.Who.Tenant, p.ID, p.Client, p.Register, p.Class, p.Rule, p.Due, string(p.rows), p.Entries, p.Digest,
		p.AskedBy, p.ApprovedBy, p.Approval, p.At, keys.Sign(p.signed(tx.Who.Tenant)))
	return err
}

// signed is what a proof's signature is over: everything that it says.
func (p *Proof) signed(tenant int64) []byte {
	return fmt.Appendf(nil, "polku erasure %d %q", tenant, []string{p.ID, p.Client, p.Register, p.Class, p.Rule, p.Due.String(), string(p.rows),
		fmt.Sprint(p.Entries), fmt.Sprintf("%x", p.Digest), p.AskedBy, p.ApprovedBy, p.Approval, fmt.Sprint(p.At)})
}

// Holds tells whether the proof is signed as it stands.
func (p *Proof) Holds(keys *seal.Keys, tenant int64) bool {
	return keys.Verify(p.signed(tenant), p.signature)
}

const proofColumns = `erasure_id, client_id, register_id, class, rule, due_day, rows_gone, entries, digest, asked_by, approved_by, approval_id, at, signature`

func scanProof(row func(...any) error, p *Proof) error {
	if err := row(&p.ID, &p.Client, &p.Register, &p.Class, &p.Rule, &p.Due, &p.rows, &p.Entries, &p.Digest, &p.AskedBy, &p.ApprovedBy, &p.Approval,
		&p.At, &p.signature); err != nil {
		return err
	}
	return fault.Wrap(json.Unmarshal(p.rows, &p.Rows), "journal.decode")
}

// Proofs gives up to limit proofs, the newest first.
func Proofs(tx *db.Tx, limit int) ([]Proof, error) {
	var all []Proof
	err := tx.Each(`select `+proofColumns+` from erasure where tenant_id = $1 order by at desc, erasure_id desc limit $2`, []any{tx.Who.Tenant, limit},
		func(row func(...any) error) error {
			all = append(all, Proof{})
			return scanProof(row, &all[len(all)-1])
		})
	return all, err
}

// erasedOf gives the commitments of a client's destroyed entries by their place in the chain, and a finding for each
// that no sound proof stands for: who deletes an entry cannot pass it off as lawfully destroyed.
func erasedOf(tx *db.Tx, keys *seal.Keys, client string) (map[int64][]byte, []Finding, error) {
	erased, digests := map[int64][]byte{}, map[string][]byte{}
	var order []string
	run := sha256.New()
	err := tx.Each(`select seq, commitment, erasure_id from erased_entry where tenant_id = $1 and client_id = $2 order by erasure_id, seq`,
		[]any{tx.Who.Tenant, client}, func(row func(...any) error) error {
			var seq int64
			var commitment []byte
			var id string
			if err := row(&seq, &commitment, &id); err != nil {
				return err
			}
			if len(order) == 0 || order[len(order)-1] != id {
				order = append(order, id)
				run = sha256.New()
			}
			run.Write(commitment)
			digests[id] = run.Sum(nil)
			erased[seq] = commitment
			return nil
		})
	if err != nil || len(erased) == 0 {
		return erased, nil, err
	}
	sound := map[string]bool{}
	err = tx.Each(`select `+proofColumns+` from erasure where tenant_id = $1 and client_id = $2`, []any{tx.Who.Tenant, client}, func(row func(...any) error) error {
		var p Proof
		err := scanProof(row, &p)
		sound[p.ID] = err == nil && p.Holds(keys, tx.Who.Tenant) && (p.Entries == 0 || bytes.Equal(p.Digest, digests[p.ID]))
		return err
	})
	var findings []Finding
	for _, id := range order {
		if !sound[id] {
			findings = append(findings, Finding{"verify.erasure", client, id})
		}
	}
	return erased, findings, err
}
