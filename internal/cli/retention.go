package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"polku/internal/actor"
	"polku/internal/approval"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/extract"
	"polku/internal/fault"
	"polku/internal/journal"
	"polku/internal/retention"
	"polku/internal/unit"
)

// RetentionCmd holds the commands about how long data are kept.
type RetentionCmd struct {
	Plan  RetentionPlanCmd  `cmd:""`
	Ask   RetentionAskCmd   `cmd:""`
	Run   RetentionRunCmd   `cmd:""`
	Proof RetentionProofCmd `cmd:""`
	Hold  RetentionHoldCmd  `cmd:""`
}

// RetentionPlanCmd lists what has fallen due. It names nobody.
type RetentionPlanCmd struct {
	Database `embed:""`
	Format   string `enum:"text,json" default:"text"`
}

// Run prints a line for each register and class, or every item as JSON.
func (c *RetentionPlanCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		var due retention.Due
		var names map[string]string
		err := o.view(ctx, "retention plan", func(tx *db.Tx) (err error) {
			if due, err = retention.Plan(tx, o.Book.Rules); err != nil {
				return err
			}
			_, names, err = houseNames(tx)
			return err
		})
		if err != nil {
			return err
		}
		if c.Format == "json" {
			return printJSON(env, due)
		}
		printDue(env, due, names)
		return nil
	})
}

func printDue(env *Env, due retention.Due, names map[string]string) {
	type key struct {
		register string
		class    retention.Class
	}
	var order []key
	free, stopped, rules := map[key]int{}, map[key]int{}, map[key]string{}
	for _, i := range due.Items {
		k := key{i.Register, i.Class}
		if !slices.Contains(order, k) {
			order = append(order, k)
		}
		rules[k] = i.Rule
		if i.Free() {
			free[k]++
		} else {
			stopped[k]++
		}
	}
	for _, k := range order {
		name := names[k.register]
		if k.class == retention.Logs {
			name = env.Lang.T("retention.house")
		}
		fmt.Fprintf(env.Out, "%-40s %-24s %5d %5d  %s\n", name, env.Lang.T("retention.class."+string(k.class)), free[k], stopped[k], rules[k])
	}
	if len(order) == 0 {
		fmt.Fprintln(env.Out, env.Lang.T("retention.nothing"))
	} else {
		fmt.Fprintln(env.Out, env.Lang.T("retention.columns"))
	}
	for _, id := range due.Unknown {
		fmt.Fprintln(env.Out, env.Lang.T("retention.unknown", "register", names[id]))
	}
}

// RetentionAskCmd asks for another person's agreement to destroy what is due.
type RetentionAskCmd struct {
	Database `embed:""`
	Why      string `required:""`
}

// Run prints the request's id.
func (c *RetentionAskCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		var r approval.Request
		err := o.DB.Update(ctx, who(actor.Admin, "retention ask"), func(tx *db.Tx) (err error) {
			r, err = retention.Ask(tx, o.Book.Rules, c.Why, nil)
			return err
		})
		if err != nil {
			return err
		}
		printAsked(env, r)
		return nil
	})
}

// printAsked says what another person must do now.
func printAsked(env *Env, r approval.Request) {
	fmt.Fprintln(env.Out, env.Lang.N("approval.asked", r.Amount, "id", r.ID))
	if r.FreeAt != 0 {
		fmt.Fprintln(env.Out, env.Lang.T("approval.alone"))
	}
}

// RetentionRunCmd destroys what another person has agreed to.
type RetentionRunCmd struct {
	Database   `embed:""`
	Approval   string `required:"" placeholder:"ID"`
	BackupDays int    `name:"backup-days" default:"35"`
	Format     string `enum:"text,json" default:"text"`
}

// Run destroys, with proof, and says plainly what still holds it.
func (c *RetentionRunCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		p := newProgress(env, "retention.destroying")
		k := retention.Keeper{DB: o.DB, Log: o.Log, Rules: o.Book.Rules, Keys: o.Keys, Progress: p.step, BackupDays: c.BackupDays, Files: o.Files}
		done, err := k.Run(ctx, who(actor.Admin, "retention run"), c.Approval)
		p.end()
		if err != nil {
			return err
		}
		if c.Format == "json" {
			return printJSON(env, done)
		}
		fmt.Fprintln(env.Out, env.Lang.N("retention.destroyed", done.Destroyed))
		if done.Left > 0 {
			fmt.Fprintln(env.Out, env.Lang.N("retention.left", done.Left))
		}
		fmt.Fprintln(env.Out, env.Lang.T("retention.backups", "day", env.Lang.Day(done.Backups)))
		return nil
	})
}

// RetentionProofCmd lists the proofs of what was destroyed.
type RetentionProofCmd struct {
	Database `embed:""`
	Format   string `enum:"text,json" default:"text"`
}

// proofsMost is how many proofs are listed.
const proofsMost = 10_000

// proofRow is a line of the list.
type proofRow struct {
	ID         string         `json:"id"`
	At         string         `json:"at"`
	Client     string         `json:"client,omitempty"`
	Register   string         `json:"register,omitempty"`
	Class      string         `json:"class"`
	Rule       string         `json:"rule"`
	Due        civil.Date     `json:"due"`
	Rows       map[string]int `json:"rows"`
	Digest     string         `json:"digest"`
	AskedBy    string         `json:"asked_by"`
	ApprovedBy string         `json:"approved_by"`
	Holds      bool           `json:"signature_holds"`
}

// Run prints the list, newest first; a proof whose signature does not hold is named.
func (c *RetentionProofCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		rows := []proofRow{}
		err := o.view(ctx, "retention proof", func(tx *db.Tx) error {
			proofs, err := journal.Proofs(tx, proofsMost)
			for i := range proofs {
				p := &proofs[i]
				rows = append(rows, proofRow{p.ID, extract.Instant(p.At), p.Client, p.Register, p.Class, p.Rule, p.Due, p.Rows, fmt.Sprintf("%x", p.Digest),
					p.AskedBy, p.ApprovedBy, p.Holds(o.Keys, Tenant)})
			}
			return err
		})
		if err != nil {
			return err
		}
		if c.Format == "json" {
			return printJSON(env, rows)
		}
		for _, r := range rows {
			said := ""
			if !r.Holds {
				said = env.Lang.T("retention.forged")
			}
			fmt.Fprintf(env.Out, "%s  %-10s %-36s %6d  %s → %s  %s\n", r.At[:16], r.Class, r.Client, r.Rows["entry"], r.AskedBy, r.ApprovedBy, said)
		}
		return nil
	})
}

// RetentionHoldCmd makes or ends a legal hold on a register or a client.
type RetentionHoldCmd struct {
	Database `embed:""`
	Register string `placeholder:"NAME"`
	Client   string `placeholder:"ID"`
	Why      string `required:""`
	To       string `placeholder:"2026-12-31"`
	End      string `placeholder:"HOLD"`
}

// Run makes the hold and prints its id, or ends one.
func (c *RetentionHoldCmd) Run(ctx context.Context, env *Env) error {
	var to civil.Date
	if c.To != "" {
		var err error
		if to, err = civil.Parse(c.To); err != nil {
			return fault.Fields(map[string]string{"to": "hold.bad_to"})
		}
	}
	return c.with(ctx, func(o *opened) error {
		id := c.End
		err := o.update(ctx, "retention hold", func(tx *db.Tx) error {
			if c.End != "" {
				return retention.EndHold(tx, c.End, c.Client, c.Why)
			}
			h := retention.Hold{Client: c.Client, Why: c.Why, To: to}
			if c.Client != "" {
				if _, err := tx.One(`select register_id from client where tenant_id = $1 and client_id = $2`, []any{tx.Who.Tenant, c.Client}, &h.Register); err != nil {
					return err
				}
			} else {
				r, err := registerNamed(tx, c.Register)
				if err != nil {
					return err
				}
				h.Register = r.ID
			}
			var err error
			id, err = retention.AddHold(tx, h)
			return err
		})
		if err != nil {
			return err
		}
		fmt.Fprintln(env.Out, id)
		return nil
	})
}

// ApprovalCmd holds the commands about what two people must agree on.
type ApprovalCmd struct {
	List   ApprovalListCmd   `cmd:""`
	Answer ApprovalAnswerCmd `cmd:""`
}

// ApprovalListCmd lists requests.
type ApprovalListCmd struct {
	Database `embed:""`
	Format   string `enum:"text,json" default:"text"`
}

// approvalsMost is how many requests are listed.
const approvalsMost = 200

// Run prints the requests, newest first.
func (c *ApprovalListCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		var all []approval.Request
		var names map[string]string
		now := int64(0)
		err := o.view(ctx, "approval list", func(tx *db.Tx) (err error) {
			now = tx.At
			if all, err = approval.List(tx, approvalsMost); err != nil {
				return err
			}
			names, err = unit.Names(tx)
			return err
		})
		if err != nil {
			return err
		}
		if c.Format == "json" {
			return printJSON(env, all)
		}
		for _, r := range all {
			asker := r.Asker()
			if n := names[asker]; n != "" {
				asker = n
			}
			fmt.Fprintln(env.Out, strings.Join([]string{extract.Instant(r.AskedAt)[:16], r.ID, env.Lang.N("approval.kind."+string(r.Kind), r.Amount), asker, r.Why,
				env.Lang.T("approval.state." + r.State(now))}, "  "))
		}
		return nil
	})
}

// ApprovalAnswerCmd agrees to a request of somebody with an account, or refuses it.
type ApprovalAnswerCmd struct {
	Database `embed:""`
	ID       string `arg:""`
	Answer   string `arg:"" enum:"yes,no"`
}

// Run answers as the machine's owner, who is one person.
func (c *ApprovalAnswerCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		return o.DB.Update(ctx, who(actor.Admin, "approval answer"), func(tx *db.Tx) error { return approval.Answer(tx, c.ID, c.Answer == "yes") })
	})
}
