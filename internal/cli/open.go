package cli

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/file"
	"polku/internal/path"
	"polku/internal/ruleset"
	"polku/internal/schema"
	"polku/internal/seal"
	"polku/internal/unit"
	"polku/internal/vault"
	"polku/models"
	"polku/rules"
)

// Tenant is the organisation that the command line works on: one to a database, for now.
const Tenant = 1

// engine names what the pathway engine computes. Raise it whenever the same models, rules and entries give another
// state than before: every balance is then evaluated again.
const engine = "1"

// Database is the flags of every command that works on a database.
type Database struct {
	DB    string `name:"db" required:"" env:"POLKU_DB" placeholder:"DIR|postgres://..."`
	Keys  string `name:"keys" env:"POLKU_KEYS" placeholder:"DIR"`
	Files string `name:"files" env:"POLKU_FILES" placeholder:"DIR"`
}

// keysDir is the folder of the keys: what --keys says, else systemd's credentials when they have the key file, else keys/
// beside the embedded database, else polku-keys/ in the working folder.
func (f Database) keysDir() string {
	if f.Keys != "" {
		return f.Keys
	}
	if dir := os.Getenv("CREDENTIALS_DIRECTORY"); dir != "" && seal.Are(dir) {
		return dir
	}
	if db.IsPostgres(f.DB) {
		return "polku-keys"
	}
	return filepath.Join(f.DB, "keys")
}

// filesDir is the folder of clients' files: what --files says, else files/ beside the embedded database; empty: there is none.
func (f Database) filesDir() string {
	if f.Files != "" || db.IsPostgres(f.DB) {
		return f.Files
	}
	return filepath.Join(f.DB, "files")
}

// opened is a database with all that works on it.
type opened struct {
	DB    *db.DB
	Log   *audit.Log
	Keys  *seal.Keys
	Book  *path.Book
	Files *file.Store // nil: no folder has been given
	Ran   int         // migrations
}

// open opens a database that is there already, migrated and with its keys.
func (f Database) open(ctx context.Context) (*opened, error) {
	if err := f.mustBeThere(); err != nil {
		return nil, err
	}
	return f.openOrMake(ctx)
}

// mustBeThere refuses a folder without a database: a slip of the fingers must not make an empty one.
func (f Database) mustBeThere() error {
	if db.IsPostgres(f.DB) {
		return nil // the server says so itself
	}
	if _, err := os.Stat(filepath.Join(f.DB, db.SQLiteFile)); err != nil {
		return fault.E(fault.NotFound, "cli.no_database", fault.Args{"dir": f.DB})
	}
	return nil
}

// openOrMake does the same and makes what is not there. Close it.
func (f Database) openOrMake(ctx context.Context) (*opened, error) {
	book, err := Book()
	if err != nil {
		return nil, err
	}
	o := &opened{Book: book}
	if o.DB, err = db.Open(ctx, f.DB); err != nil {
		return nil, err
	}
	if err := o.prepare(ctx, f.keysDir()); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	if dir := f.filesDir(); dir != "" {
		o.Files = &file.Store{Place: vault.NewFolder(dir), Keys: o.Keys}
	}
	return o, nil
}

func (o *opened) prepare(ctx context.Context, keysDir string) (err error) {
	defer func() {
		if o.Log != nil && o.Keys != nil {
			o.Log.UseKeys(o.Keys)
		}
	}()
	if o.Ran, err = schema.Migrate(ctx, o.DB); err != nil {
		return err
	}
	if o.Log, err = audit.Open(ctx, o.DB); err != nil {
		return err
	}
	o.DB.Standing = unit.Standing
	o.Keys, err = seal.Load(keysDir)
	if err == nil {
		return nil
	}
	if seal.Are(keysDir) {
		return err
	}
	// New keys beside old data would lock identity codes in and find nobody by theirs: only a new database gets them.
	used, err := o.used(ctx)
	if err != nil {
		return err
	}
	if used {
		return fault.E(fault.Unavailable, "cli.keys_lost", fault.Args{"dir": keysDir})
	}
	o.Keys, err = seal.LoadOrMake(keysDir)
	return err
}

// used tells whether somebody's data are in the database already.
func (o *opened) used(ctx context.Context) (used bool, err error) {
	var one int
	err = o.DB.View(ctx, actor.System(Tenant, actor.Checking, "open"), func(tx *db.Tx) error {
		used, err = tx.One(`select 1 from person limit 1`, nil, &one)
		return err
	})
	return used, err
}

// Close ends what waits, and closes.
func (o *opened) Close() error {
	var err error
	if o.Log != nil {
		err = o.Log.Close()
	}
	return cmp.Or(err, o.DB.Close())
}

// who is the owner of the machine at work through a command.
func who(purpose actor.Purpose, command string) actor.Actor {
	return actor.Console(Tenant, purpose, command, osUser())
}

// update runs a command of the machine's owner in one transaction, which leaves its row in the command log.
func (o *opened) update(ctx context.Context, command string, fn func(tx *db.Tx) error) error {
	return o.DB.Update(ctx, who(actor.Admin, command), func(tx *db.Tx) error {
		if err := fn(tx); err != nil {
			return err
		}
		return audit.Command(tx, "", command)
	})
}

// view reads for a command of the machine's owner.
func (o *opened) view(ctx context.Context, command string, fn func(tx *db.Tx) error) error {
	return o.DB.View(ctx, who(actor.Admin, command), fn)
}

// Book is what the shipped models and rules make: what every path is evaluated with. Its stamp names their content,
// so that a changed one evaluates every path again.
func Book() (*path.Book, error) {
	set, err := models.Load()
	if err != nil {
		return nil, err
	}
	packs, err := rules.Load()
	if err != nil {
		return nil, err
	}
	h := sha256.New()
	fmt.Fprintln(h, engine)
	for _, files := range []fs.FS{models.FS, rules.FS} {
		err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(name) != ".yaml" {
				return err
			}
			data, err := fs.ReadFile(files, name)
			fmt.Fprintln(h, name, len(data))
			h.Write(data)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return &path.Book{Models: set, Rules: packs, Calendar: ruleset.Calendar(packs, 2000, 2060, nil), Stamp: hex.EncodeToString(h.Sum(nil)[:8])}, nil
}
