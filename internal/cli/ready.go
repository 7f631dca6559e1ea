package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/keeper"
)

// readiness tells whether the program can do its work just now.
type readiness struct {
	o        *opened
	night    *keeper.Keeper
	least    int64 // bytes that must be free on the disk
	stopping atomic.Bool
}

// probeMost is how long the database may take to answer before it counts as not answering.
const probeMost = 2 * time.Second

// unready gives every reason not to serve, as words for machines; none: ready.
func (r *readiness) unready(ctx context.Context) []string {
	var why []string
	if r.stopping.Load() {
		why = append(why, "stopping")
	}
	if err := r.o.DB.Trouble(); err != nil {
		why = append(why, "database: "+wordOf(err))
	} else if !r.answers(ctx) {
		why = append(why, "database: no answer")
	}
	if err := r.o.Log.Trouble(); err != nil {
		why = append(why, "use log: "+wordOf(err))
	}
	if left, size := r.o.Log.Reserve(); left < size {
		why = append(why, "use log: on its reserve")
	}
	if free, known := r.free(); known && free < r.least {
		why = append(why, "disk: little room")
	}
	if r.night.Stuck(time.Now()) {
		why = append(why, "keeper: stuck")
	}
	return why
}

// wordOf gives the last word of a fault's key.
func wordOf(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return filepath.Ext("x" + f.Key)[1:]
	}
	return "failing"
}

// answers tells whether the one who writes answers: a command without any change goes through the whole of it.
func (r *readiness) answers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, probeMost)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		done <- r.o.DB.Update(ctx, actor.System(Tenant, actor.Checking, "ready"), func(tx *db.Tx) error {
			if tx.Engine() != db.Postgres {
				return nil
			}
			var standby bool // engines differ: only a server can be somebody's standby
			_, err := tx.One("select pg_is_in_recovery()", nil, &standby)
			if err == nil && standby {
				err = fault.E(fault.Unavailable, "error.read_only", nil)
			}
			return err
		})
	}()
	select {
	case err := <-done:
		return err == nil
	case <-ctx.Done():
		return false
	}
}

func (r *readiness) free() (int64, bool) {
	if r.o.DB.Dir() == "" {
		return 0, false
	}
	return db.FreeSpace(r.o.DB.Dir())
}

// sizes gives the bytes of the embedded database's files.
func (r *readiness) sizes() map[string]int64 {
	sizes := map[string]int64{}
	if r.o.DB.Dir() == "" {
		return sizes
	}
	for _, name := range []string{db.SQLiteFile, db.SQLiteFile + "-wal", audit.UseLogFile, audit.UseLogFile + "-wal"} {
		if info, err := os.Stat(filepath.Join(r.o.DB.Dir(), name)); err == nil {
			sizes[name] = info.Size()
		}
	}
	return sizes
}

// room is a size in bytes, written as people do: 64M, 512K, 2G.
type room int64

// UnmarshalText reads a size.
func (r *room) UnmarshalText(text []byte) error {
	word := strings.TrimSuffix(strings.ToUpper(strings.TrimSpace(string(text))), "B")
	unit := 0
	if at := strings.IndexAny(word, "KMG"); at >= 0 && at == len(word)-1 {
		unit = 10 * (1 + strings.Index("KMG", word[at:]))
		word = word[:at]
	}
	n, err := strconv.ParseInt(word, 10, 32)
	if err != nil || n < 0 {
		return fault.E(fault.Invalid, "cli.bad_size", fault.Args{"size": string(text)})
	}
	*r = room(n << unit)
	return nil
}
