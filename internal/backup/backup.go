// Package backup makes one file of a whole database while others work in it, and a database of such a file. The
// keys are never in it: they are kept apart, so that one lost file gives nobody's identity code away.
package backup

import (
	"archive/tar"
	"cmp"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"time"

	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/vault"
)

// format of the file; a program that reads it refuses another.
const format = "polku-backup-1"

// manifestName is the first part of the file: what follows, and what each part's hash must be.
const manifestName = "manifest.json"

// postgresName is the part that holds a PostgreSQL database, in pg_dump's custom format.
const postgresName = "polku.pgdump"

// Manifest tells what a backup holds.
type Manifest struct {
	Format string            `json:"format"`
	Engine db.Engine         `json:"engine"`
	MadeAt time.Time         `json:"made_at"`
	Parts  map[string]string `json:"parts"` // file name -> SHA-256 in hex
}

// Make writes a backup of d into file, which must not be there yet. target is the --db value that d was opened
// with; files are the clients' files, nil when there are none. The file appears whole or not at all, readable by its owner only.
func Make(ctx context.Context, d *db.DB, log *audit.Log, files *vault.Folder, target, file string) (Manifest, error) {
	m := Manifest{Format: format, Engine: d.Engine, MadeAt: d.Now().UTC().Truncate(time.Second), Parts: map[string]string{}}
	if _, err := os.Lstat(file); err == nil {
		return m, fault.E(fault.Invalid, "backup.there", fault.Args{"file": file})
	}
	// Beside the file, so that there is room for it and the move into place is one step.
	dir, err := os.MkdirTemp(filepath.Dir(file), ".polku-backup-")
	if err != nil {
		return m, notWritten(file, err)
	}
	defer os.RemoveAll(dir)
	if d.Engine == db.Postgres {
		err = dump(ctx, target, filepath.Join(dir, postgresName))
		m.Parts[postgresName] = ""
	} else {
		// The use log last: a row of it may lack its read in the database's copy, never the other way round.
		err = copySQLite(ctx, d, log, dir)
		m.Parts[db.SQLiteFile], m.Parts[audit.UseLogFile] = "", ""
	}
	if err != nil {
		return m, err
	}
	for name := range m.Parts {
		if m.Parts[name], err = hashOf(filepath.Join(dir, name)); err != nil {
			return m, notWritten(file, err)
		}
	}
	if err := hashFiles(m, files); err != nil { // after the database: what it knows of is there
		return m, err
	}
	whole := filepath.Join(dir, "whole")
	if err := pack(m, dir, files, whole); err != nil {
		return m, notWritten(file, err)
	}
	if err := os.Link(whole, file); err != nil { // unlike a rename it never writes over a file made meanwhile
		if errors.Is(err, os.ErrExist) {
			return m, fault.E(fault.Invalid, "backup.there", fault.Args{"file": file})
		}
		if err := os.Rename(whole, file); err != nil {
			return m, notWritten(file, err)
		}
	}
	return m, nil
}

func notWritten(file string, err error) error {
	return &fault.Error{Kind: fault.Unavailable, Key: "backup.not_written", Args: fault.Args{"file": file}, Cause: err}
}

// copySQLite copies both files as of one moment each, while others read and write.
func copySQLite(ctx context.Context, d *db.DB, log *audit.Log, dir string) error {
	if _, err := d.Pool().ExecContext(ctx, "vacuum into $1", filepath.Join(dir, db.SQLiteFile)); err != nil {
		return notWritten(dir, err)
	}
	if _, err := log.Pool().ExecContext(ctx, "vacuum into $1", filepath.Join(dir, audit.UseLogFile)); err != nil {
		return notWritten(dir, err)
	}
	return nil
}

func hashOf(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// pack writes the parts into one compressed file and syncs it.
func pack(m Manifest, dir string, files *vault.Folder, file string) (err error) {
	f, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, f.Close()) }()
	z, err := gzip.NewWriterLevel(f, gzip.BestSpeed)
	if err != nil {
		return err
	}
	t := tar.NewWriter(z)
	head, err := json.MarshalIndent(m, "", " ")
	if err != nil {
		return err
	}
	if err := t.WriteHeader(&tar.Header{Name: manifestName, Mode: 0o600, Size: int64(len(head)), ModTime: m.MadeAt}); err != nil {
		return err
	}
	if _, err := t.Write(head); err != nil {
		return err
	}
	for name := range m.Parts {
		var err error
		if held, is := heldName(name); is {
			err = packFile(t, m, files, held)
		} else {
			err = packPart(t, m, dir, name)
		}
		if err != nil {
			return err
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	return f.Sync()
}

func packPart(t *tar.Writer, m Manifest, dir, name string) error {
	part, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return err
	}
	defer part.Close()
	info, err := part.Stat()
	if err != nil {
		return err
	}
	if err := t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: info.Size(), ModTime: m.MadeAt}); err != nil {
		return err
	}
	_, err = io.Copy(t, part)
	return err
}
