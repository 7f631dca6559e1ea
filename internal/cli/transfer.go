package cli

import (
	"context"
	"fmt"
	"io"
	"time"

	"polku/internal/actor"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/i18n"
	"polku/internal/paper"
	"polku/internal/transfer"
	"polku/internal/unit"
)

// TransferCmd holds the commands of moving many paths on at once.
type TransferCmd struct {
	Preview TransferPreviewCmd `cmd:""`
	Run     TransferRunCmd     `cmd:""`
	Report  TransferReportCmd  `cmd:""`
}

func mover(o *opened) *transfer.Mover {
	return &transfer.Mover{Book: o.Book, Keys: o.Keys, Say: func(lang, key string) string { return i18n.ParseLang(lang).T(key) }}
}

// transferRow is one path in what these commands print; its JSON form is part of the documented interface.
type transferRow struct {
	Path    string            `json:"path"`
	Client  string            `json:"client"`
	End     transfer.End      `json:"end"`
	State   transfer.RowState `json:"state"`
	Worker  string            `json:"worker,omitempty"`   // responsible today, id
	To      string            `json:"receiver,omitempty"` // id
	Ground  string            `json:"ground,omitempty"`   // same, a consent's id or a statute's
	Missing string            `json:"missing,omitempty"`  // catalogue key of what keeps it from moving
	NewPath string            `json:"new_path,omitempty"`
}

// transferOut is the JSON form of a preview or report.
type transferOut struct {
	Transfer string               `json:"transfer,omitempty"`
	From     string               `json:"from"`
	To       string               `json:"to"`
	Crosses  bool                 `json:"crosses"` // to another register
	Sums     map[transfer.End]int `json:"sums"`
	All      int                  `json:"all"`
	Open     int                  `json:"open"`  // open paths of the service, asked of the standings
	Whole    bool                 `json:"whole"` // the sums leave nobody out
	Rows     []transferRow        `json:"rows"`
}

// showTransfer prints a transfer.
func showTransfer(env *Env, w io.Writer, r paper.Transfer, format string) error {
	switch format {
	case "json":
		out := transferOut{Transfer: r.ID, From: r.From, To: r.To, Crosses: r.Crosses(), Sums: r.Sum.Of, All: r.Sum.All, Open: r.Sum.Open, Whole: r.Sum.Whole(), Rows: []transferRow{}}
		for _, x := range r.Rows {
			row := transferRow{Path: x.Path, Client: x.Client, End: x.End(), State: x.State, Worker: x.Worker, To: x.Receiver, Ground: x.Ground.Basis, NewPath: x.NewPath}
			if x.End() == transfer.IsWaiting {
				row.Missing = x.Missing()
			}
			if x.Basis != "" {
				row.Ground = x.Basis
			}
			out.Rows = append(out.Rows, row)
		}
		return writeJSON(w, out)
	case "csv":
		c := csvio.NewWriter(w)
		for _, row := range r.Table(env.Lang) {
			c.Write(row...)
		}
		return c.Flush()
	case "pdf":
		return r.PDF(w, env.Lang)
	}
	for _, f := range r.Facts(env.Lang) {
		fmt.Fprintf(w, "%-34s %s\n", f[0], f[1])
	}
	if !r.Sum.Whole() {
		fmt.Fprintln(w, env.Lang.T("transfer.not_whole"))
	}
	missing := map[string]int{}
	for _, x := range r.Rows {
		if x.End() == transfer.IsWaiting && x.State == transfer.Open && x.Missing() != "" {
			missing[x.Missing()]++
		}
	}
	for _, key := range []string{"transfer.missing.consent", "transfer.missing.blocked", "transfer.missing.restricted", "transfer.missing.receiver"} {
		if n := missing[key]; n > 0 {
			fmt.Fprintf(w, "%-34s %d\n", env.Lang.T(key), n)
		}
	}
	return nil
}

// TransferPreviewCmd tells who could move from a service to another by what right, writing nothing.
type TransferPreviewCmd struct {
	Database `embed:""`
	outTo    `embed:""`
	From     string `required:""`
	To       string `required:""`
	Statute  string
	Format   string `enum:"text,json,csv" default:"text"`
}

// Run reads everybody's path in the service and prints it.
func (c *TransferPreviewCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		r, err := readTransfer(ctx, o, "transfer preview", func(tx *db.Tx) (transfer.Transfer, error) { return mover(o).Imagine(tx, c.From, c.To, c.Statute) })
		if err != nil {
			return err
		}
		return c.write(env, func(w io.Writer) error { return showTransfer(env, w, r, c.Format) })
	})
}

func readTransfer(ctx context.Context, o *opened, command string, get func(tx *db.Tx) (transfer.Transfer, error)) (paper.Transfer, error) {
	r := paper.Transfer{Zone: o.DB.Zone, At: time.Now()}
	err := o.view(ctx, command, func(tx *db.Tx) (err error) {
		if r.Transfer, err = get(tx); err != nil {
			return err
		}
		if r.Rows, err = transfer.Rows(tx, r.Transfer); err != nil {
			return err
		}
		if r.Sum, err = transfer.SumOf(tx, r.Transfer, r.Rows); err != nil {
			return err
		}
		seen := make([]string, len(r.Rows))
		for i, x := range r.Rows {
			seen[i] = x.Client
		}
		tx.Saw(seen...)
		r.Workers, err = unit.Names(tx)
		return err
	})
	return r, err
}

// TransferRunCmd moves every accepted path of a transfer, in small batches. Cut off, it goes on where it stopped.
type TransferRunCmd struct {
	Database `embed:""`
	Transfer string `arg:""`
}

// Run moves them.
func (c *TransferRunCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		bar := newProgress(env, "cli.transfer.moving")
		n, err := mover(o).Run(ctx, o.DB, who(actor.Managing, "transfer run"), c.Transfer, bar.step)
		if err != nil {
			return err
		}
		fmt.Fprintln(env.Out, env.Lang.N("flash.transfer_moved", n))
		return nil
	})
}

// TransferReportCmd prints the record of a transfer: who moved on what ground, who stayed and with whom; without one,
// the transfers that there are.
type TransferReportCmd struct {
	Database `embed:""`
	outTo    `embed:""`
	Transfer string `arg:"" optional:""`
	Format   string `enum:"text,json,csv,pdf" default:"text"`
}

// Run prints it.
func (c *TransferReportCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		if c.Transfer == "" {
			return o.view(ctx, "transfer report", func(tx *db.Tx) error {
				all, err := transfer.Led(tx)
				for _, t := range all {
					fmt.Fprintf(env.Out, "%s  %s → %s  %s\n", t.ID, t.FromName, t.ToName, env.Lang.T("transfer.state."+string(t.State)))
				}
				return err
			})
		}
		r, err := readTransfer(ctx, o, "transfer report", func(tx *db.Tx) (transfer.Transfer, error) { return transfer.Get(tx, c.Transfer) })
		if err != nil {
			return err
		}
		return c.write(env, func(w io.Writer) error { return showTransfer(env, w, r, c.Format) })
	})
}
