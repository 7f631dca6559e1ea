package cli

import (
	"context"
	"io"
	"time"

	"polku/internal/actor"
	"polku/internal/breach"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/extract"
	"polku/internal/fault"
)

// BreachCmd lists whose data somebody touched, for the machine's owner: with names, to tell them.
type BreachCmd struct {
	Database `embed:""`
	outTo    `embed:""`
	Format   string `enum:"csv,json" default:"csv"`
	User     string
	Session  string
	KeyID    string `name:"key-id"`
	From     string `placeholder:"2026-03-01"`
	To       string `placeholder:"2026-03-02"`
}

// Run writes the list.
func (c *BreachCmd) Run(ctx context.Context, env *Env) error {
	from, err1 := civil.Parse(c.From)
	to, err2 := civil.Parse(c.To)
	if c.KeyID == "" && (c.User == "" || err1 != nil || err2 != nil) {
		return fault.E(fault.Invalid, "breach.which", nil)
	}
	return c.with(ctx, func(o *opened) error {
		q := breach.Query{Session: c.Session, Key: c.KeyID, From: midnight(from, o.DB.Zone), To: midnight(to+1, o.DB.Zone) - 1}
		var all []breach.Touched
		err := o.DB.View(ctx, who(actor.Checking, "breach"), func(tx *db.Tx) error {
			if c.User != "" {
				w, err := workerNamed(tx, c.User)
				if err != nil {
					return err
				}
				q.Worker = w.ID
			}
			var err error
			all, err = breach.List(ctx, tx, o.Log, o.Keys, q)
			return err
		})
		if err != nil {
			return err
		}
		return c.write(env, func(w io.Writer) error {
			if c.Format == "json" {
				return printJSON(&Env{Out: w}, all)
			}
			var rows [][]any
			for _, t := range all {
				first, last := "", ""
				if t.First != 0 {
					first, last = extract.Instant(t.First), extract.Instant(t.Last)
				}
				rows = append(rows, []any{t.Client, t.Name, t.Register, t.Seen, t.Changed, t.Disclosed, first, last})
			}
			return writeCSV(w, []string{"client", "name", "register", "seen", "changed", "disclosed", "first", "last"}, rows)
		})
	})
}

// midnight is the instant at which a day begins on the wall, in microseconds UTC.
func midnight(day civil.Date, zone *time.Location) int64 {
	y, m, d := day.Parts()
	return time.Date(y, time.Month(m), d, 0, 0, 0, 0, zone).UnixMicro()
}
