package cli

import (
	"context"
	"fmt"
	"io"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/logview"
	"polku/internal/review"
)

// LogCmd holds the commands about logs.
type LogCmd struct {
	Client LogClientCmd `cmd:""`
	Verify LogVerifyCmd `cmd:""`
	Review LogReviewCmd `cmd:""`
}

// LogClientCmd prints who has used a client's data and who was told.
type LogClientCmd struct {
	Database `embed:""`
	ID       string `arg:"" name:"client"`
	Years    int    `default:"2"`
	Format   string `enum:"text,json,pdf" default:"text"`
	Out      string `placeholder:"FILE"`
}

// Run prints the client's own view, or writes it as a document.
func (c *LogClientCmd) Run(ctx context.Context, env *Env) error {
	if c.Years < 1 || c.Years > logview.YearsKept {
		return fault.E(fault.Invalid, "cli.log_years", fault.Args{"most": logview.YearsKept})
	}
	return c.with(ctx, func(o *opened) error {
		today := civil.Of(o.DB.Now(), o.DB.Zone)
		own, err := logview.Read(ctx, o.Log, o.DB, who(actor.Checking, "log client"), c.ID, today.AddMonths(-12*c.Years), today, func(tx *db.Tx) error {
			if err := client.Must(tx, c.ID); err != nil {
				return fault.E(fault.NotFound, "cli.no_client", fault.Args{"client": c.ID})
			}
			return nil
		})
		if err != nil {
			return err
		}
		return outTo{Out: c.Out}.write(env, func(w io.Writer) error {
			switch c.Format {
			case "json":
				return printJSON(&Env{Out: w}, own)
			case "pdf":
				return own.PDF(w, env.Lang, o.DB.Now(), o.DB.Zone)
			}
			printLog(w, own.Words(env.Lang, o.DB.Zone))
			return nil
		})
	})
}

func printLog(w io.Writer, t logview.Text) {
	fmt.Fprintln(w, t.Title)
	fmt.Fprintln(w, t.Lead)
	for _, s := range t.Sums {
		fmt.Fprintln(w, "- "+s)
	}
	lines := func(all []logview.Line) {
		for _, l := range all {
			fmt.Fprintf(w, "  %s %s. %s. %s. %s\n", l.Said, l.When, l.What, l.Why, l.As)
		}
	}
	lines(t.Opened)
	lines(t.Told)
	for _, d := range t.Days {
		fmt.Fprintln(w, "\n"+d.Title)
		lines(d.Lines)
	}
}

// LogVerifyCmd proves the logs alone.
type LogVerifyCmd struct {
	Database `embed:""`
	Format   string `enum:"text,json" default:"text"`
}

// Run prints a line per finding; exit status 1 when there is one.
func (c *LogVerifyCmd) Run(ctx context.Context, env *Env) error {
	if err := c.mustBeThere(); err != nil {
		return err
	}
	return c.with(ctx, func(o *opened) error {
		found, n, err := verifyLogs(ctx, o)
		if err != nil {
			return err
		}
		if c.Format == "json" {
			err = printJSON(env, map[string]any{"batches": n.Batches, "rows": n.Rows, "unsealed": n.Unsealed,
				"unsealed_from": micros(n.UnsealedFrom), "unsealed_to": micros(n.UnsealedTo), "findings": found})
		} else {
			printFindings(env, found)
			fmt.Fprintln(env.Out, env.Lang.N("cli.log_verified", len(found), "rows", n.Rows, "batches", n.Batches, "unsealed", n.Unsealed))
			printUnsealed(env, o, n)
		}
		if err == nil && len(found) > 0 {
			err = Exit(1)
		}
		return err
	})
}

// LogReviewCmd looks for unusual reads.
type LogReviewCmd struct {
	Database `embed:""`
	Days     int `default:"7"`
}

// Run looks through the last days, today too, and tells how many reads a reviewer should look at.
func (c *LogReviewCmd) Run(ctx context.Context, env *Env) error {
	if c.Days < 1 || c.Days > 366 {
		return fault.E(fault.Invalid, "cli.log_days", nil)
	}
	return c.with(ctx, func(o *opened) error {
		found, today := 0, civil.Of(o.DB.Now(), o.DB.Zone)
		for day := today - civil.Date(c.Days) + 1; day <= today; day++ {
			n, err := review.Find(ctx, o.Log, o.DB, Tenant, day)
			if err != nil {
				return err
			}
			found += n
		}
		fmt.Fprintln(env.Out, env.Lang.N("cli.log_reviewed", found))
		return nil
	})
}
