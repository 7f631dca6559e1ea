package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"polku/internal/audit"
	"polku/internal/seal"
	"polku/internal/verify"
)

// VerifyCmd proves a database: chains, signatures, balances, the promise.
type VerifyCmd struct {
	Database `embed:""`
	Format   string `enum:"text,json" default:"text"`
}

// Run prints a line per finding, naming ids only; exit status 1 when there is one. It needs the keys that the
// signatures were made with and never makes new ones.
func (c *VerifyCmd) Run(ctx context.Context, env *Env) error {
	if err := c.mustBeThere(); err != nil {
		return err
	}
	if _, err := seal.Load(c.keysDir()); err != nil {
		return err
	}
	return c.with(ctx, func(o *opened) error {
		r, checked, err := verifyAll(ctx, env, o)
		if err != nil {
			return err
		}
		if c.Format == "json" {
			err = printJSON(env, r)
		} else {
			printReport(env, r)
			printUnsealed(env, o, checked)
		}
		if err == nil && len(r.Findings) > 0 {
			err = Exit(1)
		}
		return err
	})
}

func verifyAll(ctx context.Context, env *Env, o *opened) (verify.Report, audit.Checked, error) {
	p := newProgress(env, "cli.verifying")
	defer p.end()
	r, err := verify.All(ctx, o.DB, Tenant, o.Book, o.Keys, p.step)
	if err != nil {
		return r, audit.Checked{}, err
	}
	if err := verifyFiles(ctx, env, o, &r); err != nil {
		return r, audit.Checked{}, err
	}
	for _, wrong := range o.Log.Check(ctx) {
		r.Findings = append(r.Findings, verify.Finding{What: "verify.log_file", Thing: wrong})
	}
	logs, checked, err := verifyLogs(ctx, o)
	r.Findings = append(r.Findings, logs...)
	return r, checked, err
}

// printUnsealed says which moment of the logs no seal covers yet: a row slipped in there is not found. After a stop there
// is none.
func printUnsealed(env *Env, o *opened, n audit.Checked) {
	if n.Unsealed > 0 {
		clock := func(at int64) string { return time.UnixMicro(at).In(o.DB.Zone).Format("2.1.2006 15.04.05,000") }
		fmt.Fprintln(env.Out, env.Lang.N("cli.log_unsealed", n.Unsealed, "from", clock(n.UnsealedFrom), "to", clock(n.UnsealedTo)))
	}
}

// micros is an instant for machines, UTC; empty for none.
func micros(at int64) string {
	if at == 0 {
		return ""
	}
	return time.UnixMicro(at).UTC().Format(time.RFC3339Nano)
}

// verifyFiles reads every file of the clients to its end. Without a folder it tells only that there are files.
func verifyFiles(ctx context.Context, env *Env, o *opened, r *verify.Report) error {
	if o.Files == nil {
		return nil
	}
	p := newProgress(env, "cli.verifying_files")
	defer p.end()
	found, err := o.Files.Check(ctx, o.DB, Tenant, func(done, all int) { r.Files = all; p.step(done, all) })
	for _, f := range found {
		r.Findings = append(r.Findings, verify.Finding{What: f.What, Client: f.Client, Thing: f.Thing})
	}
	return err
}

// verifyLogs proves the use, disclosure and command logs.
func verifyLogs(ctx context.Context, o *opened) ([]verify.Finding, audit.Checked, error) {
	found, n, err := o.Log.Verify(ctx, Tenant, o.Keys)
	all := []verify.Finding{}
	for _, f := range found {
		at := string(f.Log)
		if f.Batch > 0 {
			at = fmt.Sprintf("%s:%d", f.Log, f.Batch)
		}
		all = append(all, verify.Finding{What: f.What, Thing: strings.TrimSpace(at + " " + f.Thing)})
	}
	return all, n, err
}

func printFindings(env *Env, all []verify.Finding) {
	for _, f := range all {
		var at []string
		for _, x := range []struct{ key, id string }{{"verify.client", f.Client}, {"verify.path", f.Path}, {"verify.thing", f.Thing}} {
			if x.id != "" {
				at = append(at, env.Lang.T(x.key, "id", x.id))
			}
		}
		fmt.Fprintln(env.Out, strings.TrimSuffix(env.Lang.T(f.What)+" "+strings.Join(at, ", "), " "))
	}
}

func printReport(env *Env, r verify.Report) {
	printFindings(env, r.Findings)
	if r.Outdated > 0 {
		fmt.Fprintln(env.Out, env.Lang.N("verify.outdated", r.Outdated))
	}
	if len(r.Findings) == 0 {
		fmt.Fprintln(env.Out, env.Lang.T("verify.sound", "clients", r.Clients, "paths", r.Paths))
	} else {
		fmt.Fprintln(env.Out, env.Lang.N("verify.unsound", len(r.Findings), "clients", r.Clients, "paths", r.Paths))
	}
}
