// Package polkutest owns what tests share: databases of both engines, freshly migrated, and a fixed clock.
package polkutest

import (
	"context"
	"database/sql"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/ident"
	"polku/internal/schema"
	"polku/internal/unit"
)

// Noon is the fixed clock of tests: Monday 2 March 2026, 12.00 in Helsinki.
var Noon = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

// World is one test's database with its use log.
type World struct {
	DB  *db.DB
	Log *audit.Log
}

// OnBoth runs a test on SQLite, and on PostgreSQL when POLKU_TEST_POSTGRES names a server where databases
// may be made. Under make test (POLKU_TEST_ALL=1) a missing PostgreSQL fails the test.
func OnBoth(t *testing.T, fn func(t *testing.T, w *World)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, New(t, t.TempDir())) })
	t.Run("postgres", func(t *testing.T) {
		server := os.Getenv("POLKU_TEST_POSTGRES")
		if server == "" {
			if os.Getenv("POLKU_TEST_ALL") != "" {
				t.Fatal("POLKU_TEST_POSTGRES is not set: this test needs PostgreSQL")
			}
			t.Log("without POLKU_TEST_POSTGRES only SQLite was tried")
			return
		}
		fn(t, New(t, freshPostgres(t, server)))
	})
}

// New opens and migrates a database at target, with the clock at Noon; it is closed when the test ends.
func New(t testing.TB, target string) *World {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, target)
	must(t, err)
	_, err = schema.Migrate(ctx, d)
	must(t, err)
	log, err := audit.Open(ctx, d)
	must(t, err)
	d.Now, d.Standing = func() time.Time { return Noon }, unit.Standing
	t.Cleanup(func() {
		must(t, log.Close())
		must(t, d.Close())
	})
	return &World{DB: d, Log: log}
}

// spare are databases of this process that tests have used and emptied again: making one takes PostgreSQL ten times as
// long as emptying it. They stay on the server, which is a throw-away one.
var spare struct {
	sync.Mutex
	urls   []string
	tables string // what a migrated database has, by the first that was made
}

// freshPostgres gives an empty database on the server, migrated or new.
func freshPostgres(t *testing.T, server string) string {
	t.Helper()
	spare.Lock()
	n := len(spare.urls)
	if n > 0 {
		target := spare.urls[n-1]
		spare.urls = spare.urls[:n-1]
		spare.Unlock()
		t.Cleanup(func() { giveBack(t, target) })
		return target
	}
	spare.Unlock()
	u, err := url.Parse(server)
	must(t, err)
	name := "polku_" + strings.ReplaceAll(ident.New(), "-", "")
	admin, err := sql.Open("pgx", server)
	must(t, err)
	defer admin.Close()
	_, err = admin.Exec("create database " + name)
	must(t, err)
	u.Path = "/" + name
	t.Cleanup(func() { giveBack(t, u.String()) })
	return u.String()
}

// giveBack empties a database for the next test. One whose tables a test has changed is left alone.
func giveBack(t *testing.T, target string) {
	pool, err := sql.Open("pgx", target)
	must(t, err)
	defer pool.Close()
	var tables string
	must(t, pool.QueryRow(`select coalesce(string_agg(quote_ident(tablename), ', ' order by tablename), '') from pg_tables
		where schemaname = 'public' and tablename not like 'goose%'`).Scan(&tables))
	spare.Lock()
	defer spare.Unlock()
	if spare.tables == "" {
		spare.tables = tables
	}
	if tables == "" || tables != spare.tables {
		return
	}
	_, err = pool.Exec("truncate " + tables)
	must(t, err)
	spare.urls = append(spare.urls, target)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
