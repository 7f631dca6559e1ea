package cli

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"polku/internal/audit"
	"polku/internal/backup"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/seal"
	"polku/internal/ship"
)

// moment reads --at: a day and a clock time of Finnish walls, or RFC 3339. Zero: the newest.
func (c *RestoreCmd) moment() (time.Time, error) {
	if (c.File == "") == (c.From == "") || c.At != "" && c.From == "" {
		return time.Time{}, fault.E(fault.Invalid, "ship.file_or_from", nil)
	}
	if c.At == "" {
		return time.Time{}, nil
	}
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		return time.Time{}, fault.Wrap(err, "db.zone")
	}
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02 15:04"} {
		if at, err := time.ParseInLocation(form, c.At, zone); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fault.E(fault.Invalid, "ship.bad_time", fault.Args{"at": c.At})
}

// shippedInto restores a shipped copy as of a moment into a new folder below parent.
func shippedInto(ctx context.Context, parent, from string, at time.Time) (string, error) {
	err := os.MkdirAll(parent, 0o700)
	var dir string
	if err == nil {
		dir, err = os.MkdirTemp(parent, ".polku-restore-")
	}
	if err != nil {
		return "", &fault.Error{Kind: fault.Unavailable, Key: "backup.not_written", Args: fault.Args{"file": parent}, Cause: err}
	}
	if err := ship.Restore(ctx, from, dir, at); err != nil {
		return "", errors.Join(err, os.RemoveAll(dir))
	}
	return dir, nil
}

// BackupDrillCmd proves that the database can be brought back, on an empty folder, beside the living one.
type BackupDrillCmd struct {
	Database `embed:""`
	From     string `placeholder:"DIR"`
	Into     string `placeholder:"DIR"`
	Format   string `enum:"text,json" default:"text"`
}

// drillReport is what the drill prints as JSON; its form is part of the documented interface.
type drillReport struct {
	From     string   `json:"from"`            // "shipped" or "file"
	RPO      float64  `json:"rpo_seconds"`     // how long what was just written took to be in the copy; of a file: the time it took to make
	RTO      float64  `json:"rto_seconds"`     // from an empty folder until verified
	Restore  float64  `json:"restore_seconds"` // of that, bringing the files back
	Bytes    int64    `json:"bytes"`           // of the database and its use log
	Rows     int64    `json:"rows"`
	Equal    int      `json:"tables_equal"`  // with the same rows as the living database
	Moved    []string `json:"tables_moved"`  // written to while the drill ran, and as far as the living one was before it at least
	Differ   []string `json:"tables_differ"` // anything else
	Findings int      `json:"findings"`      // of verify
}

// Run restores, verifies and compares; exit status 1 when something is not as it was.
func (c *BackupDrillCmd) Run(ctx context.Context, env *Env) error {
	if db.IsPostgres(c.DB) {
		return fault.E(fault.Invalid, "ship.sqlite_only", nil)
	}
	return c.with(ctx, func(o *opened) error {
		work, err := os.MkdirTemp(c.Into, "polku-drill-")
		if err != nil {
			return &fault.Error{Kind: fault.Unavailable, Key: "backup.not_written", Args: fault.Args{"file": c.Into}, Cause: err}
		}
		defer os.RemoveAll(work)
		r := drillReport{From: "file", Moved: []string{}, Differ: []string{}}
		before, err := contents(ctx, o.DB.Pool(), o.Log)
		if err != nil {
			return err
		}
		place := filepath.Join(work, "restored")
		if c.From != "" {
			r.From = "shipped"
			err = c.fromShipped(ctx, o, place, &r)
		} else {
			err = c.fromFile(ctx, o, work, place, &r)
		}
		if err != nil {
			return err
		}
		if err := c.compare(ctx, env, o, place, before, &r); err != nil {
			return err
		}
		if c.Format == "json" {
			err = printJSON(env, r)
		} else {
			printDrill(env, r)
		}
		if err == nil && (len(r.Differ) > 0 || r.Findings > 0) {
			err = Exit(1)
		}
		return err
	})
}

// caughtMost is how long the copy may take to have what was just written.
const caughtMost = time.Minute

// fromShipped writes a row of the command log, waits until the copy has it, and restores.
func (c *BackupDrillCmd) fromShipped(ctx context.Context, o *opened, place string, r *drillReport) error {
	wrote := time.Now()
	if err := o.update(ctx, "backup drill", func(*db.Tx) error { return nil }); err != nil {
		return err
	}
	for {
		caught, err := ship.Caught(ctx, c.From, db.SQLiteFile, wrote)
		if err != nil {
			return err
		}
		if caught {
			break
		}
		if time.Since(wrote) > caughtMost {
			return fault.E(fault.Unavailable, "ship.behind", fault.Args{"dir": c.From})
		}
		time.Sleep(100 * time.Millisecond)
	}
	r.RPO = time.Since(wrote).Seconds()
	began := time.Now()
	dir, err := shippedInto(ctx, filepath.Dir(place), c.From, time.Time{})
	if err == nil {
		err = os.Rename(dir, place)
	}
	r.Restore = time.Since(began).Seconds()
	return err
}

// fromFile makes a backup file and unpacks it.
func (c *BackupDrillCmd) fromFile(ctx context.Context, o *opened, work, place string, r *drillReport) error {
	file := filepath.Join(work, "backup")
	began := time.Now()
	if _, err := backup.Make(ctx, o.DB, o.Log, c.DB, file); err != nil {
		return err
	}
	r.RPO = time.Since(began).Seconds()
	if err := os.Mkdir(place, 0o700); err != nil {
		return fault.Wrap(err, "backup.drill")
	}
	began = time.Now()
	_, err := backup.Unpack(file, place)
	r.Restore = time.Since(began).Seconds()
	return err
}

// compare verifies what was restored and compares it with the living database, before and after the drill.
func (c *BackupDrillCmd) compare(ctx context.Context, env *Env, o *opened, place string, before map[string]backup.Content, r *drillReport) error {
	began := time.Now()
	keys := filepath.Join(place, "keys")
	if err := os.Mkdir(keys, 0o700); err != nil {
		return fault.Wrap(err, "backup.drill")
	}
	if err := copyNew(filepath.Join(c.keysDir(), seal.KeyFile), filepath.Join(keys, seal.KeyFile)); err != nil {
		return err
	}
	return Database{DB: place, Keys: keys}.with(ctx, func(back *opened) error {
		there, err := contents(ctx, back.DB.Pool(), back.Log)
		if err != nil {
			return err
		}
		found, _, err := verifyAll(ctx, env, back)
		if err != nil {
			return err
		}
		r.Findings = len(found.Findings)
		r.RTO = r.Restore + time.Since(began).Seconds()
		for _, name := range ship.Files {
			if info, err := os.Stat(filepath.Join(place, name)); err == nil {
				r.Bytes += info.Size()
			}
		}
		after, err := contents(ctx, o.DB.Pool(), o.Log)
		if err != nil {
			return err
		}
		for name, now := range after {
			have, was := there[name], before[name]
			r.Rows += have.Rows
			switch {
			case have == now || have == was:
				r.Equal++
			case now != was && have.Rows >= min(was.Rows, now.Rows):
				r.Moved = append(r.Moved, name)
			default:
				r.Differ = append(r.Differ, name)
			}
		}
		slices.Sort(r.Moved)
		slices.Sort(r.Differ)
		return nil
	})
}

// contents gives what every table of the database and of the use log holds.
func contents(ctx context.Context, pool *sql.DB, log *audit.Log) (map[string]backup.Content, error) {
	all, err := backup.Contents(ctx, pool)
	if err != nil {
		return nil, err
	}
	logged, err := backup.Contents(ctx, log.Pool())
	for name, c := range logged {
		all["log "+name] = c
	}
	return all, err
}

func printDrill(env *Env, r drillReport) {
	say := func(key string, args ...any) { fmt.Fprintln(env.Out, env.Lang.T(key, args...)) }
	say("drill.from_"+r.From, "rpo", fmt.Sprintf("%.1f", r.RPO))
	say("drill.back", "rto", fmt.Sprintf("%.1f", r.RTO), "restore", fmt.Sprintf("%.1f", r.Restore), "megabytes", r.Bytes>>20, "rows", env.Lang.Int(int(r.Rows)))
	say("drill.equal", "equal", r.Equal, "moved", len(r.Moved), "differ", len(r.Differ), "findings", r.Findings)
	for _, name := range r.Differ {
		say("drill.differs", "table", name)
	}
}
