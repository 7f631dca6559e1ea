// Package verify is the process that proves a database: every client's chain and its signatures, every balance
// against the entries that it follows from, and the promise that nobody is left hanging. It writes nothing, and
// names what it finds by ids only.
package verify

import (
	"context"

	"polku/internal/actor"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/journal"
	"polku/internal/path"
	"polku/internal/seal"
)

// batch is how many clients or paths are read in one transaction, so that a long run holds nothing up.
const batch = 200

// Finding is one thing that does not fit.
type Finding struct {
	What   string `json:"what"` // catalogue key: verify.changed, verify.standing …
	Client string `json:"client,omitempty"`
	Path   string `json:"path,omitempty"`
	Thing  string `json:"thing,omitempty"` // entry id, or the day of a seal
}

// Report is what a whole run found.
type Report struct {
	Clients  int       `json:"clients"`  // chains read
	Paths    int       `json:"paths"`    // paths rebuilt
	Files    int       `json:"files"`    // files of clients read (package file)
	Outdated int       `json:"outdated"` // paths evaluated with other models, rules or calendar: figures not compared
	Findings []Finding `json:"findings"`
}

// All checks a whole organisation. progress, which may be nil, is told how much is done of how much in all.
func All(ctx context.Context, d *db.DB, tenant int64, book *path.Book, keys *seal.Keys, progress func(done, all int)) (Report, error) {
	c := check{ctx: ctx, d: d, who: actor.System(tenant, actor.Checking, "verify"), book: book, keys: keys, progress: progress, Report: Report{Findings: []Finding{}}}
	if progress == nil {
		c.progress = func(int, int) {}
	}
	if err := c.count(); err != nil {
		return c.Report, err
	}
	for _, step := range []func() error{c.file, c.chains, c.strays, c.paths} {
		if err := step(); err != nil {
			return c.Report, err
		}
	}
	return c.Report, nil
}

type check struct {
	Report
	ctx       context.Context
	d         *db.DB
	who       actor.Actor
	book      *path.Book
	keys      *seal.Keys
	progress  func(done, all int)
	done, all int
}

func (c *check) view(fn func(tx *db.Tx) error) error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	return c.d.View(c.ctx, c.who, fn)
}

func (c *check) step(n int) {
	c.done += n
	c.progress(c.done, c.all)
}

// unreadable makes a finding of a row that cannot be read, and lets the check go on with the others: a damaged
// page must not hide what else is wrong. A database that does not answer at all ends the run.
func (c *check) unreadable(err error, f Finding) error {
	if err == nil || fault.Is(err, fault.Unavailable) {
		return err
	}
	f.What = "verify.unreadable"
	c.Findings = append(c.Findings, f)
	return nil
}

// file asks the embedded engine whether its file is whole: a damaged index or page that no query came by.
func (c *check) file() error {
	if c.d.Engine != db.SQLite {
		return nil
	}
	// engines differ: PostgreSQL checks its pages itself (data checksums)
	for _, said := range db.Integrity(c.ctx, c.d.Pool()) {
		if said == "unreadable" {
			said = ""
		}
		c.Findings = append(c.Findings, Finding{What: "verify.file", Thing: said})
	}
	return nil
}

func (c *check) count() error {
	return c.view(func(tx *db.Tx) error {
		var clients, paths int
		_, err := tx.One(`select (select count(*) from chain where tenant_id = $1), (select count(*) from path where tenant_id = $1)`,
			[]any{tx.Who.Tenant}, &clients, &paths)
		c.all = clients + paths
		return err
	})
}

// chains reads every client's chain.
func (c *check) chains() error {
	for after, more := "", true; more; {
		err := c.view(func(tx *db.Tx) error {
			ids, err := journal.Clients(tx, after, batch)
			if err != nil {
				return err
			}
			for _, id := range ids {
				after = id
				c.Clients++
				found, err := journal.VerifyClient(tx, c.keys, id)
				if err := c.unreadable(err, Finding{Client: id}); err != nil {
					return err
				}
				for _, f := range found {
					c.Findings = append(c.Findings, Finding{What: f.What, Client: f.Client, Thing: f.Thing})
				}
			}
			more = len(ids) == batch
			c.step(len(ids))
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// strayQueries find rows that no walk over chains and paths would come by: each gives client, path, thing.
var strayQueries = []struct{ what, sql string }{
	{"verify.no_chain", `select e.client_id, '', e.entry_id from entry e where e.tenant_id = $1
		and not exists (select 1 from chain k where k.tenant_id = $1 and k.client_id = e.client_id)`},
	{"verify.no_chain", `select z.client_id, '', '' from chain_seal z where z.tenant_id = $1
		and not exists (select 1 from chain k where k.tenant_id = $1 and k.client_id = z.client_id)`},
	{"verify.no_path", `select e.client_id, e.path_id, e.entry_id from entry e where e.tenant_id = $1 and e.path_id <> ''
		and not exists (select 1 from path p where p.tenant_id = $1 and p.path_id = e.path_id and p.client_id = e.client_id)`},
	{"verify.no_path", `select s.client_id, s.path_id, '' from standing s where s.tenant_id = $1
		and not exists (select 1 from path p where p.tenant_id = $1 and p.path_id = s.path_id)`},
	{"verify.no_path", `select s.client_id, s.path_id, s.task_id from task s where s.tenant_id = $1
		and not exists (select 1 from path p where p.tenant_id = $1 and p.path_id = s.path_id and p.client_id = s.client_id)`},
	{"verify.no_path", `select s.client_id, s.path_id, s.relation_id from relation s where s.tenant_id = $1
		and not exists (select 1 from path p where p.tenant_id = $1 and p.path_id = s.path_id and p.client_id = s.client_id)`},
	{"verify.no_path", `select s.client_id, s.path_id, s.handoff_id from handoff s where s.tenant_id = $1
		and not exists (select 1 from path p where p.tenant_id = $1 and p.path_id = s.path_id and p.client_id = s.client_id)`},
	{"verify.no_client", `select p.client_id, p.path_id, '' from path p where p.tenant_id = $1
		and not exists (select 1 from client c where c.tenant_id = $1 and c.client_id = p.client_id and c.register_id = p.register_id)`},
}

// straysMost is how many strays of one kind are named; who has more needs a backup, not a longer list.
const straysMost = 1000

func (c *check) strays() error {
	for _, q := range strayQueries {
		err := c.view(func(tx *db.Tx) error {
			return tx.Each(q.sql+` order by 1, 2, 3 limit $2`, []any{tx.Who.Tenant, straysMost}, func(row func(...any) error) error {
				f := Finding{What: q.what}
				err := row(&f.Client, &f.Path, &f.Thing)
				c.Findings = append(c.Findings, f)
				return err
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// paths rebuilds every path's balances.
func (c *check) paths() error {
	for after, more := "", true; more; {
		err := c.view(func(tx *db.Tx) error {
			all, err := path.After(tx, after, batch)
			if err != nil {
				return err
			}
			for _, p := range all {
				after = p.ID
				c.Paths++
				r, err := c.book.Rebuild(tx, p)
				if err := c.unreadable(err, Finding{Client: p.Client, Path: p.ID}); err != nil {
					return err
				}
				for _, what := range r.Differences {
					c.Findings = append(c.Findings, Finding{What: "verify." + what, Client: p.Client, Path: p.ID})
				}
				if r.Outdated {
					c.Outdated++
				}
			}
			more = len(all) == batch
			c.step(len(all))
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
