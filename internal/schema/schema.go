// Package schema owns the tables: ordered migrations in one SQL text, translated for SQLite, and run by goose.
package schema

import (
	"context"
	"database/sql"
	"embed"
	"io/fs"
	"regexp"
	"strings"
	"testing/fstest"

	"github.com/pressly/goose/v3"

	"polku/internal/db"
	"polku/internal/fault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// useLogFile is the migration that SQLite keeps in a file of its own.
const useLogFile = "0002_use_log.sql"

// Migrate brings a database to the newest schema and gives the number of migrations run. Running it again
// does nothing. A migration runs in a transaction: it finishes or leaves nothing.
func Migrate(ctx context.Context, d *db.DB) (int, error) {
	n, err := up(ctx, d.Pool(), d.Engine, func(name string) bool { return d.Engine == db.Postgres || name != useLogFile })
	if err != nil || d.Engine == db.Postgres {
		return n, err
	}
	return n, fault.Wrap(tellPlanner(ctx, d.Pool()), "schema.statistics")
}

// MigrateUseLog does the same for the use-log file of SQLite.
func MigrateUseLog(ctx context.Context, pool *sql.DB) error {
	_, err := up(ctx, pool, db.SQLite, func(name string) bool { return name == useLogFile })
	return err
}

func up(ctx context.Context, pool *sql.DB, engine db.Engine, wanted func(name string) bool) (int, error) {
	files, err := translated(engine, wanted)
	if err != nil {
		return 0, err
	}
	dialect := goose.DialectSQLite3
	if engine == db.Postgres {
		dialect = goose.DialectPostgres
	}
	p, err := goose.NewProvider(dialect, pool, files)
	if err != nil {
		return 0, fault.Wrap(err, "schema.read")
	}
	done, err := p.Up(ctx)
	return len(done), fault.Wrap(err, "schema.migrate")
}

// sqliteWords translates our column words; tables become strict.
var sqliteWords = []struct {
	from *regexp.Regexp
	to   string
}{
	{regexp.MustCompile(`\bbigint\b`), "integer"},
	{regexp.MustCompile(`\bboolean\b`), "integer"},
	{regexp.MustCompile(`\bbytea\b`), "blob"},
	{regexp.MustCompile(`\bctext\b`), "text"},
	{regexp.MustCompile(`(?m)^\) clustered;`), ") without rowid, strict;"},
	{regexp.MustCompile(`(?m)^\);`), ") strict;"},
}

var postgresWords = strings.NewReplacer(") clustered;", ");", " ctext ", ` text collate "C" `)

// translated gives the migrations that are wanted in the engine's words.
func translated(engine db.Engine, wanted func(string) bool) (fs.FS, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, fault.Wrap(err, "schema.read")
	}
	out := fstest.MapFS{}
	for _, path := range names {
		name := strings.TrimPrefix(path, "migrations/")
		if !wanted(name) {
			continue
		}
		data, err := migrations.ReadFile(path)
		if err != nil {
			return nil, fault.Wrap(err, "schema.read")
		}
		out[name] = &fstest.MapFile{Data: []byte(translate(engine, string(data)))}
	}
	return out, nil
}

func translate(engine db.Engine, text string) string {
	if engine == db.Postgres {
		return postgresWords.Replace(text)
	}
	for _, w := range sqliteWords {
		text = w.from.ReplaceAllString(text, w.to)
	}
	return text
}
