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

// part of the tables: on PostgreSQL all stand in one database, on SQLite the use log has a file of its own. What belongs
// to it stands in a migration between the lines useLogBegins and useLogEnds.
type part int

const (
	whole part = iota
	withoutUseLog
	onlyUseLog
)

const (
	useLogBegins = "-- use log begins\n"
	useLogEnds   = "-- use log ends\n"
)

// Migrate brings a database to the newest schema and gives the number of migrations run. Running it again
// does nothing. A migration runs in a transaction: it finishes or leaves nothing.
func Migrate(ctx context.Context, d *db.DB) (int, error) {
	if d.Engine == db.Postgres {
		return up(ctx, d.Pool(), d.Engine, whole)
	}
	n, err := up(ctx, d.Pool(), d.Engine, withoutUseLog)
	if err != nil {
		return n, err
	}
	return n, fault.Wrap(tellPlanner(ctx, d.Pool()), "schema.statistics")
}

// MigrateUseLog does the same for the use-log file of SQLite.
func MigrateUseLog(ctx context.Context, pool *sql.DB) error {
	_, err := up(ctx, pool, db.SQLite, onlyUseLog)
	return err
}

func up(ctx context.Context, pool *sql.DB, engine db.Engine, wanted part) (int, error) {
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

// translated gives what is wanted of the migrations in the engine's words.
func translated(engine db.Engine, wanted part) (fs.FS, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, fault.Wrap(err, "schema.read")
	}
	out := fstest.MapFS{}
	for _, path := range names {
		data, err := migrations.ReadFile(path)
		if err != nil {
			return nil, fault.Wrap(err, "schema.read")
		}
		if text := cut(string(data), wanted); text != "" {
			out[strings.TrimPrefix(path, "migrations/")] = &fstest.MapFile{Data: []byte(translate(engine, text))}
		}
	}
	return out, nil
}

// upAndDown are the lines that goose parts a migration by.
var upAndDown = regexp.MustCompile(`(?m)^-- \+goose (Up|Down)\n`)

// cut gives one part of a migration; empty when it has nothing to do with it.
func cut(text string, wanted part) string {
	if wanted == whole {
		return text
	}
	var keep strings.Builder
	for i, piece := range strings.Split(text, useLogBegins) {
		log, rest, closed := strings.Cut(piece, useLogEnds)
		if i == 0 || !closed {
			log, rest = "", piece
		}
		if wanted == withoutUseLog {
			keep.WriteString(rest)
		} else {
			for _, mark := range upAndDown.FindAllString(rest, -1) {
				log += mark
			}
			keep.WriteString(log)
		}
	}
	for line := range strings.Lines(keep.String()) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "--") && line != "select 1;" {
			return keep.String()
		}
	}
	return ""
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
