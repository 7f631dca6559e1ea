package file

import (
	"bytes"
	"context"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"polku/internal/actor"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/vault"
)

// Grace is how long content may be in its place before an entry tells of it: a command under way.
const Grace = 24 * time.Hour

// batch is how many files share a transaction.
const batch = 200

// Finding is a file that is not as it should be. It names ids only.
type Finding struct {
	What   string // catalogue key: verify.file_…
	Client string
	Thing  string // the file's id, or its name in the place
}

// walk gives every file of an organisation, a batch at a time, outside a transaction: reading contents takes long.
func walk(ctx context.Context, d *db.DB, tenant int64, fn func(File) error) error {
	who := actor.System(tenant, actor.Checking, "files")
	for after, more := "", true; more; {
		if err := ctx.Err(); err != nil {
			return &fault.Error{Kind: fault.Unavailable, Key: "error.closing", Cause: err}
		}
		var all []File
		err := d.View(ctx, who, func(tx *db.Tx) error {
			all = nil
			return tx.Each(`select file_id, client_id, register_id, hash, kind, bytes, key_sealed, added_at from file
				where tenant_id = $1 and file_id > $2 order by file_id limit $3`, []any{tenant, after, batch}, func(row func(...any) error) error {
				var f File
				err := row(&f.ID, &f.Client, &f.Register, &f.Hash, (*string)(&f.Kind), &f.Bytes, &f.key, &f.AddedAt)
				all = append(all, f)
				return err
			})
		})
		if err != nil {
			return err
		}
		for _, f := range all {
			if err := fn(f); err != nil {
				return err
			}
		}
		if more = len(all) == batch; more {
			after = all[len(all)-1].ID
		}
	}
	return nil
}

// strays calls fn for everything in the place that no file of the organisation is kept in and that is older than grace.
func (s *Store) strays(ctx context.Context, d *db.DB, tenant int64, grace time.Duration, fn func(name string) error) error {
	old := map[string]bool{}
	end, before := "-"+strconv.FormatInt(tenant, 10), d.Now().Add(-grace)
	err := s.Place.Each(func(h vault.Held) error { // before the rows: what is added meanwhile is younger than any grace
		if strings.HasSuffix(h.Name, end) && !h.Changed.After(before) {
			old[h.Name] = true
		}
		return nil
	})
	if err != nil || len(old) == 0 {
		return err
	}
	if err := walk(ctx, d, tenant, func(f File) error { delete(old, f.name(tenant)); return nil }); err != nil {
		return err
	}
	for name := range old {
		if err := fn(name); err != nil {
			return err
		}
	}
	return nil
}

// Collect deletes from the place what no file is kept in: what commands left behind that came to nothing. It gives how much.
func (s *Store) Collect(ctx context.Context, d *db.DB, tenant int64, grace time.Duration) (int, error) {
	n := 0
	err := s.strays(ctx, d, tenant, grace, func(name string) error { n++; return s.Place.Delete(name) })
	return n, err
}

// Check reads every file to its end and tells what is missing, changed, or left over; and which entries tell of a file
// that there is no row of. progress may be nil.
func (s *Store) Check(ctx context.Context, d *db.DB, tenant int64, progress func(done, all int)) ([]Finding, error) {
	found, done, all := []Finding{}, 0, 0
	if err := d.View(ctx, actor.System(tenant, actor.Checking, "files"), func(tx *db.Tx) error {
		_, err := tx.One(`select count(*) from file where tenant_id = $1`, []any{tenant}, &all)
		return err
	}); err != nil {
		return found, err
	}
	err := walk(ctx, d, tenant, func(f File) error {
		_, err := s.Read(tenant, f)
		switch {
		case fault.Is(err, fault.Gone):
			found = append(found, Finding{"verify.file_missing", f.Client, f.ID})
		case fault.Is(err, fault.Unavailable):
			return err
		case err != nil:
			found = append(found, Finding{"verify.file_changed", f.Client, f.ID})
		}
		if progress != nil {
			done++
			progress(done, max(done, all))
		}
		return nil
	})
	if err != nil {
		return found, err
	}
	if err := s.strays(ctx, d, tenant, Grace, func(name string) error {
		found = append(found, Finding{What: "verify.file_stray", Thing: name})
		return nil
	}); err != nil {
		return found, err
	}
	told, err := told(ctx, d, tenant)
	return append(found, told...), err
}

// told compares what the journal tells of files with their rows.
func told(ctx context.Context, d *db.DB, tenant int64) ([]Finding, error) {
	var found []Finding
	err := d.View(ctx, actor.System(tenant, actor.Checking, "files"), func(tx *db.Tx) error {
		found = nil
		hashes := map[string][]byte{}
		if err := tx.Each(`select file_id, hash from file where tenant_id = $1`, []any{tenant}, func(row func(...any) error) error {
			var id string
			var hash []byte
			err := row(&id, &hash)
			hashes[id] = hash
			return err
		}); err != nil {
			return err
		}
		return tx.Each(`select entry_id, client_id, body from entry where tenant_id = $1 and kind = $2`, []any{tenant, string(entry.KindFile)}, func(row func(...any) error) error {
			var id, clientID string
			var data []byte
			if err := row(&id, &clientID, &data); err != nil {
				return err
			}
			body, err := entry.DecodeBody(entry.KindFile, data)
			if err != nil {
				return nil // the chain's own check names it
			}
			f := body.(*entry.File)
			hash, err := hex.DecodeString(f.Hash)
			switch have, there := hashes[f.File]; {
			case !there:
				found = append(found, Finding{"verify.file_no_row", clientID, id})
			case err != nil || !bytes.Equal(hash, have):
				found = append(found, Finding{"verify.file_changed", clientID, f.File})
			}
			return nil
		})
	})
	return found, err
}
