package backup

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"path/filepath"

	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/vault"
)

// Unpack writes the parts of a backup into dir, an empty folder, and checks each against its hash. It does not
// make a database of them: see Restore.
func Unpack(file, dir string) (Manifest, error) {
	var m Manifest
	f, err := os.Open(file)
	if err != nil {
		return m, &fault.Error{Kind: fault.NotFound, Key: "backup.not_read", Args: fault.Args{"file": file}, Cause: err}
	}
	defer f.Close()
	bad := func(cause error) (Manifest, error) {
		return m, &fault.Error{Kind: fault.Invalid, Key: "backup.damaged", Args: fault.Args{"file": file}, Cause: cause}
	}
	z, err := gzip.NewReader(bufio.NewReaderSize(f, 1<<20))
	if err != nil {
		return bad(err)
	}
	t := tar.NewReader(z)
	head, err := t.Next()
	if err != nil || head.Name != manifestName || head.Size > 1<<20 {
		return bad(err)
	}
	if err := json.NewDecoder(io.LimitReader(t, head.Size)).Decode(&m); err != nil || m.Format != format {
		return bad(err)
	}
	for left := len(m.Parts); left > 0; left-- {
		head, err := t.Next()
		if err != nil {
			return bad(err)
		}
		want := m.Parts[head.Name]
		if held, is := heldName(head.Name); is {
			got, err := unpackFile(t, vault.NewFolder(filepath.Join(dir, FilesDir)), held)
			if err != nil || want == "" || got != want {
				return bad(err)
			}
			continue
		}
		switch head.Name { // nothing but our own names: a file from elsewhere must not choose where it is written
		case db.SQLiteFile, audit.UseLogFile, postgresName:
		default:
			return bad(nil)
		}
		got, err := unpackPart(t, filepath.Join(dir, head.Name))
		if err != nil {
			return bad(err)
		}
		if want == "" || got != want {
			return bad(nil)
		}
	}
	return m, nil
}

func unpackPart(from io.Reader, file string) (hash string, err error) {
	out, err := os.OpenFile(file, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	_, err = io.Copy(io.MultiWriter(out, h), from)
	if err == nil {
		err = out.Sync()
	}
	if closed := out.Close(); err == nil {
		err = closed
	}
	return hex.EncodeToString(h.Sum(nil)), err
}

// Restore makes a database of an unpacked backup: the files in dir are it already on SQLite; on PostgreSQL they
// are read into the empty database that target names.
func Restore(ctx context.Context, m Manifest, dir, target string) error {
	if (m.Engine == db.Postgres) != db.IsPostgres(target) {
		return fault.E(fault.Invalid, "backup.other_engine", fault.Args{"engine": string(m.Engine)})
	}
	if m.Engine == db.Postgres {
		return load(ctx, target, filepath.Join(dir, postgresName))
	}
	return nil
}
