// Package ship copies an embedded database and its use log to another place while people work, a second behind, and brings
// back what they held at any moment. Litestream does the work; this package owns how it is set up and what is kept how long.
// The keys are never shipped.
package ship

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/benbjohnson/litestream"
	"github.com/benbjohnson/litestream/file"

	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
)

// What is kept how long. Every second's state for a day, every quarter minute's for five weeks.
const (
	everySecond = 24 * time.Hour
	retention   = 35 * 24 * time.Hour
	snapshots   = 24 * time.Hour
	fine        = 15 * time.Second
	coarse      = time.Hour
)

// Files are what is shipped, each into a folder of its own name.
var Files = []string{db.SQLiteFile, audit.UseLogFile}

// Shipper ships one database folder.
type Shipper struct {
	store *litestream.Store
	files *files // nil: none are shipped
	began time.Time
}

// Start begins to ship the opened database d and its log l into the folder to, which may be a disk of another machine. From
// here on only the shipper moves the write-ahead log's pages into place: what it has not read yet must not be overwritten.
// Close it after the database.
func Start(ctx context.Context, d *db.DB, l *audit.Log, to string, log *slog.Logger) (*Shipper, error) {
	if d.Engine != db.SQLite {
		return nil, fault.E(fault.Invalid, "ship.sqlite_only", nil)
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		return nil, &fault.Error{Kind: fault.Unavailable, Key: "ship.no_folder", Args: fault.Args{"dir": to}, Cause: err}
	}
	var all []*litestream.DB
	for _, name := range Files {
		one := litestream.NewDB(filepath.Join(d.Dir(), name))
		client := file.NewReplicaClient(filepath.Join(to, name))
		one.Replica = litestream.NewReplicaWithClient(one, client)
		client.Replica = one.Replica
		all = append(all, one)
	}
	s := &Shipper{began: time.Now()}
	s.store = litestream.NewStore(all, litestream.CompactionLevels{{Level: 0}, {Level: 1, Interval: fine}, {Level: 2, Interval: coarse}})
	s.store.Logger = log.With("part", "ship")
	s.store.SnapshotInterval, s.store.SnapshotRetention = snapshots, retention
	s.store.SetL0Retention(everySecond)
	for _, one := range all {
		one.SetLogger(s.store.Logger)
	}
	d.LeaveCheckpoints()
	l.LeaveCheckpoints()
	if err := s.store.Open(ctx); err != nil {
		return nil, &fault.Error{Kind: fault.Unavailable, Key: "ship.no_folder", Args: fault.Args{"dir": to}, Cause: err}
	}
	return s, nil
}

// Behind tells how long ago everything that had been written was in the copy.
func (s *Shipper) Behind() time.Duration {
	var most time.Duration
	for _, one := range s.store.DBs() {
		at := one.LastSuccessfulSyncAt()
		if at.IsZero() {
			at = s.began
		}
		most = max(most, time.Since(at))
	}
	return most
}

// closeMost is how long the last shipping may take when the program ends.
const closeMost = 20 * time.Second

// Close ships what is left and ends.
func (s *Shipper) Close() error {
	s.files.close()
	ctx, cancel := context.WithTimeout(context.Background(), closeMost)
	defer cancel()
	return fault.Wrap(s.store.Close(ctx), "ship.close")
}

// Caught tells whether the copy in the folder from has everything that was written until a moment, as far as its newest part
// tells.
func Caught(ctx context.Context, from, name string, until time.Time) (bool, error) {
	r := litestream.NewReplicaWithClient(nil, file.NewReplicaClient(filepath.Join(from, name)))
	info, err := r.MaxLTXFileInfo(ctx, 0)
	if err != nil {
		return false, &fault.Error{Kind: fault.Unavailable, Key: "ship.no_copy", Args: fault.Args{"dir": from}, Cause: err}
	}
	return !info.CreatedAt.Before(until), nil
}

// Restore writes into the folder dir what the copy held at a moment; zero: the newest. dir must not hold the files yet.
func Restore(ctx context.Context, from, dir string, at time.Time) error {
	for _, name := range Files {
		source := filepath.Join(from, name)
		if _, err := os.Stat(source); errors.Is(err, os.ErrNotExist) {
			return fault.E(fault.NotFound, "ship.no_copy", fault.Args{"dir": from})
		}
		r := litestream.NewReplicaWithClient(nil, file.NewReplicaClient(source))
		opt := litestream.NewRestoreOptions()
		opt.OutputPath, opt.Timestamp, opt.IntegrityCheck = filepath.Join(dir, name), at, litestream.IntegrityCheckQuick
		if err := r.Restore(ctx, opt); err != nil {
			return &fault.Error{Kind: fault.Unavailable, Key: "ship.not_restored", Args: fault.Args{"file": name, "dir": from}, Cause: err}
		}
	}
	return restoreFiles(from, dir)
}
