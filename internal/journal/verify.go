package journal

import (
	"bytes"
	"fmt"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/seal"
)

// Finding is something that verify found wrong. It names ids only.
type Finding struct {
	What   string // catalogue key: verify.changed, verify.order, verify.head …
	Client string
	Thing  string // entry id, or the day of a seal
}

// VerifyClient checks one client's chain: every entry's commitment against its content, the sequence
// without gaps, the head over all, and each signed head against what the entries give. It names each row
// that does not fit.
func VerifyClient(tx *db.Tx, keys *seal.Keys, client string) ([]Finding, error) {
	seals, findings, err := sealsOf(tx, keys, client)
	if err != nil {
		return nil, err
	}
	erased, unproved, err := erasedOf(tx, keys, client)
	if err != nil {
		return nil, err
	}
	findings = append(findings, unproved...)
	var head []byte
	want := int64(0)
	// grow takes the chain one commitment further and compares with the head that was signed there, if any.
	grow := func(commitment []byte, id string) {
		head = link(head, commitment)
		if sealed, ok := seals[want]; ok {
			if !bytes.Equal(sealed, head) {
				findings = append(findings, Finding{"verify.sealed", client, id})
			}
			delete(seals, want)
		}
	}
	// skip goes over destroyed entries up to the next that is there.
	skip := func() {
		for c, gone := erased[want+1]; gone; c, gone = erased[want+1] {
			want++
			delete(erased, want)
			grow(c, "")
		}
	}
	err = tx.Each(`select seq, salt, commitment, `+entryColumns+` from entry where tenant_id = $1 and client_id = $2 order by seq`,
		[]any{tx.Who.Tenant, client}, func(row func(...any) error) error {
			var e entry.Entry
			var seq int64
			var salt, commitment, body []byte
			if err := row(&seq, &salt, &commitment, &e.ID, &e.Path, &e.Day, &e.Minute, &e.RecordedAt, (*string)(&e.Kind), &e.Minutes,
				(*string)(&e.Mode), &e.Author, &e.Session, &e.Corrects, &body); err != nil {
				return err
			}
			skip()
			want++
			if seq != want {
				findings = append(findings, Finding{"verify.order", client, e.ID})
				want = seq
			}
			if !bytes.Equal(commit(tx.Who.Tenant, client, &e, body, salt), commitment) {
				findings = append(findings, Finding{"verify.changed", client, e.ID})
			}
			grow(commitment, e.ID)
			return nil
		})
	if err != nil {
		return nil, err
	}
	if skip(); len(erased) > 0 {
		findings = append(findings, Finding{"verify.order", client, ""})
	}
	if len(seals) > 0 {
		findings = append(findings, Finding{"verify.cut", client, ""})
	}
	seq, kept, err := chainOf(tx, client)
	if err != nil {
		return nil, err
	}
	if seq != want || !bytes.Equal(kept, head) {
		findings = append(findings, Finding{"verify.head", client, ""})
	}
	return findings, nil
}

// Clients gives the ids of up to limit clients with a journal, after one, in order: for walks over all.
func Clients(tx *db.Tx, after string, limit int) ([]string, error) {
	var ids []string
	err := tx.Each(`select client_id from chain where tenant_id = $1 and client_id > $2 order by client_id limit $3`,
		[]any{tx.Who.Tenant, after, limit}, func(row func(...any) error) error {
			var id string
			err := row(&id)
			ids = append(ids, id)
			return err
		})
	return ids, err
}

// sealsOf gives the signed heads of a client by sequence number, and a finding for each bad signature.
func sealsOf(tx *db.Tx, keys *seal.Keys, client string) (map[int64][]byte, []Finding, error) {
	seals := map[int64][]byte{}
	var findings []Finding
	err := tx.Each(`select seq, head, day, signature from chain_seal where tenant_id = $1 and client_id = $2`, []any{tx.Who.Tenant, client},
		func(row func(...any) error) error {
			var seq int64
			var head, signature []byte
			var day civil.Date
			if err := row(&seq, &head, &day, &signature); err != nil {
				return err
			}
			if !keys.Verify(sealText(tx.Who.Tenant, client, seq, head, day), signature) {
				findings = append(findings, Finding{"verify.signature", client, day.String()})
			}
			seals[seq] = head
			return nil
		})
	return seals, findings, err
}

// sealText is what is signed: whose chain, how far, which head, on which day.
func sealText(tenant int64, client string, seq int64, head []byte, day civil.Date) []byte {
	return fmt.Appendf(nil, "polku chain %d %s %d %x %s", tenant, client, seq, head, day)
}

// Seal looks at up to limit chains after a client's, and signs the heads that have moved since they were signed last, with
// the key outside the database. It tells how many it signed, and the last client looked at: the night job goes on from
// there until there is none.
func Seal(tx *db.Tx, keys *seal.Keys, after string, limit int) (signed int, last string, err error) {
	type moved struct {
		client string
		seq    int64
		head   []byte
	}
	var all []moved
	err = tx.Each(`select client_id, seq, head, seq > sealed_seq from chain where tenant_id = $1 and client_id > $2 order by client_id limit $3`,
		[]any{tx.Who.Tenant, after, limit}, func(row func(...any) error) error {
			var m moved
			var is bool
			err := row(&m.client, &m.seq, &m.head, &is)
			if last = m.client; is {
				all = append(all, m)
			}
			return err
		})
	if err != nil {
		return 0, "", err
	}
	for _, m := range all {
		signature := keys.Sign(sealText(tx.Who.Tenant, m.client, m.seq, m.head, tx.Today))
		if _, err := tx.Exec(`insert into chain_seal (tenant_id, client_id, seq, head, day, signature) values ($1, $2, $3, $4, $5, $6)
			on conflict do nothing`, tx.Who.Tenant, m.client, m.seq, m.head, tx.Today, signature); err != nil {
			return 0, "", err
		}
		if _, err := tx.Exec(`update chain set sealed_seq = seq where tenant_id = $1 and client_id = $2`, tx.Who.Tenant, m.client); err != nil {
			return 0, "", err
		}
	}
	return len(all), last, nil
}
