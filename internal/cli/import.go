package cli

import (
	"context"
	"fmt"
	"os"
	"time"

	"polku/internal/actor"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/importing"
	"polku/internal/unit"
)

// ImportCmd holds the commands about lists that were kept elsewhere.
type ImportCmd struct {
	Clients    ImportClientsCmd    `cmd:""`
	Attendance ImportAttendanceCmd `cmd:""`
	List       ImportListCmd       `cmd:""`
	Undo       ImportUndoCmd       `cmd:""`
}

// importFlags are those of both kinds of import.
type importFlags struct {
	Database      `embed:""`
	File          string `arg:""`
	Service       string `required:"" placeholder:"ID|NAME"`
	DefaultWorker string `name:"default-worker" placeholder:"USERNAME"`
	Whole         bool
	DryRun        bool `name:"dry-run"`
	Yes           bool
	Format        string `enum:"text,json" default:"text"`
}

// ImportClientsCmd brings in a list of people.
type ImportClientsCmd struct {
	importFlags `embed:""`
	Workers     map[string]string `name:"worker" placeholder:"SPELLING=USERNAME"`
}

// Run shows what was understood, asks on a terminal, and imports; exit status 1 when a row was refused.
func (c *ImportClientsCmd) Run(ctx context.Context, env *Env) error {
	return c.work(ctx, env, func(o *opened, tx *db.Tx, b *csvio.Book, opt csvio.Options, ch importing.Choices, im *importing.Importer) (*importing.Plan, error) {
		l, err := csvio.ReadClients(b, opt)
		if err != nil {
			return nil, err
		}
		ch.Workers = map[string]string{}
		for spelling, username := range c.Workers {
			w, err := workerNamed(tx, username)
			if err != nil {
				return nil, err
			}
			name, there := spelled(l.Workers, spelling)
			if !there {
				return nil, fault.E(fault.Invalid, "importing.cli.no_spelling", fault.Args{"names": namesOf(l.Workers)})
			}
			ch.Workers[name] = w.ID
		}
		return im.PlanClients(tx, l, ch)
	})
}

// ImportAttendanceCmd brings in an attendance list.
type ImportAttendanceCmd struct {
	importFlags `embed:""`
	Unmatched   string `enum:"provisional,skip," default:""`
	Month       string `name:"year-month" placeholder:"2026-03"`
}

// Run is as that of ImportClientsCmd. People who are not found are left out, unless --unmatched says otherwise.
func (c *ImportAttendanceCmd) Run(ctx context.Context, env *Env) error {
	return c.work(ctx, env, func(o *opened, tx *db.Tx, b *csvio.Book, opt csvio.Options, ch importing.Choices, im *importing.Importer) (*importing.Plan, error) {
		if c.Month != "" {
			month, err := time.Parse("2006-01", c.Month)
			if err != nil {
				return nil, fault.E(fault.Invalid, "importing.cli.month", nil)
			}
			opt.Year, opt.Month = month.Year(), int(month.Month())
		}
		l, err := csvio.ReadAttendance(b, opt)
		if err != nil {
			return nil, err
		}
		ch.Unmatched = c.Unmatched
		return im.PlanAttendance(tx, l, ch)
	})
}

type planner func(o *opened, tx *db.Tx, b *csvio.Book, opt csvio.Options, ch importing.Choices, im *importing.Importer) (*importing.Plan, error)

// work reads the file, plans, tells, asks and runs.
func (c *importFlags) work(ctx context.Context, env *Env, plan planner) error {
	f, err := os.Open(c.File)
	if err != nil {
		return fault.E(fault.NotFound, "importing.cli.no_file", fault.Args{"file": c.File})
	}
	defer f.Close()
	b, err := csvio.Read(c.File, f)
	if err != nil {
		return err
	}
	return c.with(ctx, func(o *opened) error {
		im := &importing.Importer{Book: o.Book, Keys: o.Keys}
		me := who(actor.Admin, "import")
		var p *importing.Plan
		err := o.DB.View(ctx, me, func(tx *db.Tx) error {
			ch, err := c.choices(tx, env)
			if err == nil {
				p, err = plan(o, tx, b, csvio.Options{Today: tx.Today, Calendar: o.Book.Calendar}, ch, im)
			}
			return err
		})
		if err != nil {
			return err
		}
		out := importOutput(env, p)
		if c.Format == "text" {
			out.print(env, p)
		}
		if err := c.run(ctx, env, o, im, p, &out); err != nil {
			return err
		}
		if c.Format == "json" {
			if err := printJSON(env, out); err != nil {
				return err
			}
		}
		if p.Count.Left > 0 {
			return Exit(1)
		}
		return nil
	})
}

func (c *importFlags) choices(tx *db.Tx, env *Env) (importing.Choices, error) {
	ch := importing.Choices{Whole: c.Whole, Say: func(key string) string { return env.Lang.T(key) }}
	s, err := serviceNamed(tx, c.Service)
	if err != nil {
		return ch, err
	}
	ch.Service = s.ID
	if c.DefaultWorker == "" {
		return ch, nil
	}
	w, err := workerNamed(tx, c.DefaultWorker)
	ch.DefaultWorker = w.ID
	return ch, err
}

// run imports what the plan says, unless there is nothing to do, only a look was asked for, or the person says no.
func (c *importFlags) run(ctx context.Context, env *Env, o *opened, im *importing.Importer, p *importing.Plan, out *importResult) error {
	if c.DryRun {
		return nil
	}
	if p.Count.Nothing() {
		if c.Format == "text" {
			fmt.Fprintln(env.Out, env.Lang.T("importing.nothing", "already", p.Count.Already, "left", p.Count.Left))
		}
		return nil
	}
	if c.Whole && p.Count.Left > 0 {
		fmt.Fprintln(env.Err, "polku: "+env.Lang.T("importing.refused_whole", "n", p.Count.Left))
		return nil
	}
	if env.TTY && !c.Yes && !confirmed(env, goOn(env, p.Count)) {
		return nil
	}
	bar := newProgress(env, "importing.cli.running")
	id, err := im.Run(ctx, o.DB, who(actor.Admin, "import"), p, bar.step)
	bar.end()
	if err != nil {
		return err
	}
	out.Import = id
	if c.Format == "text" {
		fmt.Fprintln(env.Out, env.Lang.T("importing.cli.done", "added", p.Count.Added, "joined", p.Count.Joined, "already", p.Count.Already, "left", p.Count.Left+p.Count.Chosen))
		fmt.Fprintln(env.Out, env.Lang.T("importing.cli.undo_how", "id", id))
	}
	return nil
}

// goOn is the question before an import.
func goOn(env *Env, c importing.Count) string {
	if c.Will() == 0 {
		return env.Lang.N("importing.run_fill", c.Filled) + "?"
	}
	return env.Lang.N("importing.cli.go_on", c.Will())
}

// ImportListCmd lists earlier imports.
type ImportListCmd struct {
	Database `embed:""`
	Format   string `enum:"text,json" default:"text"`
}

// Run prints a line per import, the newest first.
func (c *ImportListCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		var all []importing.Import
		names := map[string]string{}
		err := o.view(ctx, "import list", func(tx *db.Tx) (err error) {
			services, err := unit.Services(tx)
			if err != nil {
				return err
			}
			for _, s := range services {
				names[s.ID] = s.Name
			}
			all, err = importing.List(tx, 200)
			return err
		})
		if err != nil {
			return err
		}
		rows := []importLine{}
		for _, i := range all {
			at := time.UnixMicro(i.At).In(o.DB.Zone)
			rows = append(rows, importLine{i.ID, at.Format(time.RFC3339), i.Kind, names[i.Service], i.File, i.Status, i.Added, i.Joined, i.Already, i.LeftOut})
			if c.Format == "text" {
				fmt.Fprintf(env.Out, "%s  %s  %-10s %-8s %5d  %s  %s\n", i.ID, at.Format("2006-01-02 15:04"), env.Lang.T("importing.kind."+i.Kind),
					env.Lang.T("importing.status."+i.Status), i.Added+i.Joined, names[i.Service], i.File)
			}
		}
		if c.Format == "json" {
			return printJSON(env, rows)
		}
		return nil
	})
}

// importLine is an import in the list; its JSON form is part of the documented interface.
type importLine struct {
	Import  string `json:"import"`
	At      string `json:"at"`
	Kind    string `json:"kind"`
	Service string `json:"service"`
	File    string `json:"file"`
	Status  string `json:"status"`
	Added   int    `json:"added"`
	Joined  int    `json:"joined"`
	Already int    `json:"already"`
	Left    int    `json:"left"`
}

// ImportUndoCmd takes an import back.
type ImportUndoCmd struct {
	Database `embed:""`
	Import   string `arg:"" placeholder:"ID"`
}

// Run undoes the import and tells how many clients stay, because somebody has worked with them since; then the exit
// status is 1.
func (c *ImportUndoCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		im := &importing.Importer{Book: o.Book, Keys: o.Keys}
		kept, err := im.Undo(ctx, o.DB, who(actor.Admin, "import undo"), c.Import)
		if err != nil {
			return err
		}
		fmt.Fprintln(env.Out, env.Lang.T("importing.cli.undone"))
		if kept > 0 {
			fmt.Fprintln(env.Out, env.Lang.N("importing.cli.kept", kept))
			return Exit(1)
		}
		return nil
	})
}
