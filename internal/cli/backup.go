package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"polku/internal/backup"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/seal"
)

// BackupCmd makes backups and proves them.
type BackupCmd struct {
	Make  BackupMakeCmd  `cmd:"" default:"withargs"`
	Drill BackupDrillCmd `cmd:""`
}

// BackupMakeCmd makes one file of a database while others work in it.
type BackupMakeCmd struct {
	Database `embed:""`
	File     string `arg:""`
	KeysTo   string `name:"keys-to" placeholder:"FILE"`
}

// Run writes the backup and says where the keys are, without which nobody's identity code is readable again.
func (c *BackupMakeCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		m, err := backup.Make(ctx, o.DB, o.Log, c.DB, c.File)
		if err != nil {
			return err
		}
		fmt.Fprintln(env.Out, env.Lang.T("backup.made", "file", c.File, "at", m.MadeAt.In(o.DB.Zone).Format("2006-01-02 15:04")))
		keys := filepath.Join(c.keysDir(), seal.KeyFile)
		if c.KeysTo == "" {
			fmt.Fprintln(env.Err, env.Lang.T("backup.keys_apart", "file", keys))
			return nil
		}
		if err := copyNew(keys, c.KeysTo); err != nil {
			return err
		}
		fmt.Fprintln(env.Err, env.Lang.T("backup.keys_copied", "file", c.KeysTo))
		return nil
	})
}

// copyNew copies a file to a place where there is none, readable by its owner only.
func copyNew(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return &fault.Error{Kind: fault.NotFound, Key: "backup.not_read", Args: fault.Args{"file": from}, Cause: err}
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fault.E(fault.Invalid, "backup.there", fault.Args{"file": to})
	}
	if err == nil {
		_, err = io.Copy(out, in)
		if err == nil {
			err = out.Sync()
		}
		err = errors.Join(err, out.Close())
	}
	if err != nil {
		return &fault.Error{Kind: fault.Unavailable, Key: "backup.not_written", Args: fault.Args{"file": to}, Cause: err}
	}
	return nil
}

// RestoreCmd makes a new database of a backup.
type RestoreCmd struct {
	Database `embed:""`
	File     string `arg:"" optional:""`
	From     string `placeholder:"DIR"`
	At       string `placeholder:"2026-03-01T14:05:00"`
	KeysFrom string `name:"keys-from" placeholder:"FILE"`
}

// Run restores beside the place, proves what came out, and only then moves it there. Nothing is written over.
func (c *RestoreCmd) Run(ctx context.Context, env *Env) error {
	at, err := c.moment()
	if err != nil {
		return err
	}
	if db.IsPostgres(c.DB) {
		return c.intoPostgres(ctx, env)
	}
	if _, err := os.Lstat(c.DB); err == nil {
		return fault.E(fault.Invalid, "backup.there", fault.Args{"file": c.DB})
	}
	var dir string
	parent := filepath.Dir(filepath.Clean(c.DB))
	if c.From != "" {
		dir, err = shippedInto(ctx, parent, c.From, at)
	} else {
		dir, err = c.unpackInto(parent, func(m backup.Manifest, dir string) error { return backup.Restore(ctx, m, dir, c.DB) })
	}
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir) // nothing is there any more once it has been moved
	keys := c.Keys
	if c.KeysFrom != "" || keys == "" {
		keys = filepath.Join(dir, "keys")
	}
	if err := c.placeKeys(filepath.Join(dir, "keys")); err != nil {
		return err
	}
	if err := c.prove(ctx, env, Database{DB: dir, Keys: keys}); err != nil {
		return err
	}
	if err := os.Rename(dir, c.DB); err != nil {
		return &fault.Error{Kind: fault.Unavailable, Key: "backup.not_written", Args: fault.Args{"file": c.DB}, Cause: err}
	}
	_, err = fmt.Fprintln(env.Out, env.Lang.T("backup.restored", "db", c.DB))
	return err
}

// intoPostgres restores into an empty database of a server.
func (c *RestoreCmd) intoPostgres(ctx context.Context, env *Env) error {
	if err := mustBeEmpty(ctx, c.DB); err != nil {
		return err
	}
	dir, err := c.unpackInto(os.TempDir(), func(m backup.Manifest, dir string) error { return backup.Restore(ctx, m, dir, c.DB) })
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := c.placeKeys(c.keysDir()); err != nil {
		return err
	}
	if err := c.prove(ctx, env, c.Database); err != nil {
		return err
	}
	_, err = fmt.Fprintln(env.Out, env.Lang.T("backup.restored_server"))
	return err
}

// mustBeEmpty refuses a database that holds any table: restoring writes over nothing.
func mustBeEmpty(ctx context.Context, target string) error {
	d, err := db.Open(ctx, target)
	if err != nil {
		return err
	}
	defer d.Close()
	var tables int
	if err := d.Pool().QueryRowContext(ctx, "select count(*) from information_schema.tables where table_schema = 'public'").Scan(&tables); err != nil {
		return fault.Wrap(err, "backup.look")
	}
	if tables > 0 {
		return fault.E(fault.Invalid, "backup.not_empty", nil)
	}
	return nil
}

// unpackInto unpacks the file into a new folder below parent and makes a database of it.
func (c *RestoreCmd) unpackInto(parent string, make func(m backup.Manifest, dir string) error) (string, error) {
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return "", &fault.Error{Kind: fault.Unavailable, Key: "backup.not_written", Args: fault.Args{"file": parent}, Cause: err}
	}
	dir, err := os.MkdirTemp(parent, ".polku-restore-")
	if err != nil {
		return "", &fault.Error{Kind: fault.Unavailable, Key: "backup.not_written", Args: fault.Args{"file": parent}, Cause: err}
	}
	m, err := backup.Unpack(c.File, dir)
	if err == nil {
		err = make(m, dir)
	}
	if err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	return dir, nil
}

// placeKeys copies the keys that were kept apart to where the database looks for them, when a file of them is given.
func (c *RestoreCmd) placeKeys(dir string) error {
	if c.KeysFrom == "" {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return &fault.Error{Kind: fault.Unavailable, Key: "backup.not_written", Args: fault.Args{"file": dir}, Cause: err}
	}
	return copyNew(c.KeysFrom, filepath.Join(dir, seal.KeyFile))
}

// prove checks what was restored.
func (c *RestoreCmd) prove(ctx context.Context, env *Env, restored Database) error {
	if _, err := seal.Load(restored.keysDir()); err != nil {
		return fault.E(fault.Invalid, "backup.keys_wanted", nil)
	}
	return restored.with(ctx, func(o *opened) error {
		r, _, err := verifyAll(ctx, env, o)
		if err != nil {
			return err
		}
		if len(r.Findings) > 0 {
			printReport(env, r)
			fmt.Fprintln(env.Err, "polku: "+env.Lang.T("backup.unsound"))
			return Exit(1)
		}
		return nil
	})
}
