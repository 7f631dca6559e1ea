package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"polku/internal/actor"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/login"
	"polku/internal/staffing"
	"polku/internal/unit"
)

// UserCmd holds the commands about workers' accounts.
type UserCmd struct {
	Add      UserAddCmd      `cmd:""`
	List     UserListCmd     `cmd:""`
	Password UserPasswordCmd `cmd:""`
	Reset    UserResetCmd    `cmd:""`
	Role     UserRoleCmd     `cmd:""`
	Remove   UserRemoveCmd   `cmd:""`
}

// UserAddCmd adds a worker and prints a one-time password.
type UserAddCmd struct {
	Database `embed:""`
	Username string `arg:""`
	Name     string `required:""`
	Title    string
	Phone    string
	Speaks   string `name:"language" enum:"fi,sv,en" default:"fi"`
	Admin    bool
}

// Run adds the worker. The password is asked to be changed at the first sign-in.
func (c *UserAddCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		var id string
		err := o.update(ctx, "user add", func(tx *db.Tx) (err error) {
			id, err = unit.AddWorker(tx, unit.Worker{Username: c.Username, Name: c.Name, Title: c.Title, Phone: c.Phone, Lang: c.Speaks, Admin: c.Admin})
			return err
		})
		if err != nil {
			return err
		}
		return givePassword(ctx, env, o, id, c.Username)
	})
}

func givePassword(ctx context.Context, env *Env, o *opened, id, username string) error {
	password, err := login.New(o.DB, Tenant).SetPassword(ctx, who(actor.Admin, "user password"), id)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(env.Out, env.Lang.T("cli.password", "user", strings.ToLower(username), "password", password))
	return err
}

// UserListCmd lists workers with their roles.
type UserListCmd struct {
	Database `embed:""`
	Format   string `enum:"text,json" default:"text"`
}

// userRow is a line of the list.
type userRow struct {
	Username string    `json:"username"`
	Name     string    `json:"name"`
	Title    string    `json:"title,omitempty"`
	Admin    bool      `json:"admin"`
	Active   bool      `json:"active"`
	Roles    []roleRow `json:"roles"`
}

type roleRow struct {
	Unit     string    `json:"unit"`
	Register string    `json:"register"`
	Role     unit.Role `json:"role"`
}

// Run prints the list.
func (c *UserListCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		rows := []userRow{}
		err := o.view(ctx, "user list", func(tx *db.Tx) error {
			workers, err := unit.Workers(tx)
			if err != nil {
				return err
			}
			units, registers, err := houseNames(tx)
			if err != nil {
				return err
			}
			members, err := unit.Members(tx, "")
			if err != nil {
				return err
			}
			for _, w := range workers {
				row := userRow{Username: w.Username, Name: w.Name, Title: w.Title, Admin: w.Admin, Active: w.Active, Roles: []roleRow{}}
				for _, m := range members {
					if m.Worker == w.ID {
						row.Roles = append(row.Roles, roleRow{units[m.Unit], registers[m.Register], m.Role})
					}
				}
				rows = append(rows, row)
			}
			return nil
		})
		if err != nil {
			return err
		}
		if c.Format == "json" {
			return printJSON(env, rows)
		}
		for _, r := range rows {
			var notes []string
			if r.Admin {
				notes = append(notes, env.Lang.T("cli.user.admin"))
			}
			if !r.Active {
				notes = append(notes, env.Lang.T("cli.user.left"))
			}
			for _, role := range r.Roles {
				notes = append(notes, env.Lang.T("user_role."+string(role.Role))+" ("+role.Unit+", "+role.Register+")")
			}
			fmt.Fprintf(env.Out, "%-20s %-26s %s\n", r.Username, r.Name, strings.Join(notes, "; "))
		}
		return nil
	})
}

// UserPasswordCmd gives a worker a new one-time password and ends their sessions.
type UserPasswordCmd struct {
	Database `embed:""`
	Username string `arg:""`
}

// Run prints the password.
func (c *UserPasswordCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		var w unit.Worker
		err := o.view(ctx, "user password", func(tx *db.Tx) (err error) {
			w, err = workerNamed(tx, c.Username)
			return err
		})
		if err != nil {
			return err
		}
		return givePassword(ctx, env, o, w.ID, w.Username)
	})
}

// UserResetCmd makes a one-time code by which a worker gets in again.
type UserResetCmd struct {
	Database `embed:""`
	Username string `arg:""`
}

// Run prints the code. Nothing changes until it is used. The machine's owner vouches for whoever it is given to, so
// nobody else is asked.
func (c *UserResetCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		var code string
		err := o.DB.Update(ctx, who(actor.Admin, "user reset"), func(tx *db.Tx) error {
			w, err := workerNamed(tx, c.Username)
			if err == nil {
				code, _, err = login.MakeReset(tx, w.ID)
			}
			return err
		})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(env.Out, env.Lang.T("cli.reset_code", "user", strings.ToLower(c.Username), "code", code, "hours", int(login.ResetLife.Hours())))
		return err
	})
}

// UserRoleCmd gives a worker a role in a register, or takes it.
type UserRoleCmd struct {
	Database `embed:""`
	Username string `arg:""`
	Unit     string `required:""`
	Register string `required:""`
	Role     string `required:"" enum:"worker,student,instructor,coordinator,manager,complaints,controller,auditor,volunteer,association,employer,none"`
}

// Run gives or takes the role. A worker who is responsible for clients of the register keeps it: their clients are
// handed over first.
func (c *UserRoleCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		return o.update(ctx, "user role", func(tx *db.Tx) error {
			w, err := workerNamed(tx, c.Username)
			if err != nil {
				return err
			}
			unitID, err := unitNamed(tx, c.Unit)
			if err != nil {
				return err
			}
			register, err := registerNamed(tx, c.Register)
			if err != nil {
				return err
			}
			m := unit.Member{Worker: w.ID, Register: register.ID, Unit: unitID, Role: unit.Role(c.Role)}
			if m.Role.About().Cases {
				return unit.Join(tx, m)
			}
			if c.Role == "none" {
				err = unit.Leave(tx, m)
			} else {
				err = unit.Join(tx, m)
			}
			if err != nil {
				return err
			}
			return nobodyLeft(tx, w.ID, register.ID)
		})
	})
}

// nobodyLeft refuses to take away the sight of clients whom the worker still answers for.
func nobodyLeft(tx *db.Tx, worker, register string) error {
	if unit.MustTakeCases(tx, worker, register) == nil {
		return nil // through another unit they still see them
	}
	var n int
	if _, err := tx.One(`select count(*) from standing where tenant_id = $1 and responsible = $2 and register_id = $3 and status <> 'closed'`,
		[]any{tx.Who.Tenant, worker, register}, &n); err != nil {
		return err
	}
	if n > 0 {
		return fault.E(fault.Conflict, "cli.still_responsible", fault.Args{"n": n})
	}
	return nil
}

// UserRemoveCmd ends a worker's account; their clients move to the duty holder of each unit.
type UserRemoveCmd struct {
	Database `embed:""`
	Username string `arg:""`
}

// Run ends the account and tells how many clients moved.
func (c *UserRemoveCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		moved := 0
		err := o.update(ctx, "user remove", func(tx *db.Tx) error {
			w, err := workerNamed(tx, c.Username)
			if err != nil {
				return err
			}
			moved, err = staffing.Remove(tx, o.Book, w.ID, i18n.In)
			return err
		})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(env.Out, env.Lang.N("cli.removed", moved, "user", c.Username))
		return err
	})
}

// with opens the database, does the work and closes it.
func (f Database) with(ctx context.Context, work func(o *opened) error) error {
	o, err := f.open(ctx)
	if err != nil {
		return err
	}
	err = work(o)
	if closed := o.Close(); err == nil {
		err = closed
	}
	return err
}

func workerNamed(tx *db.Tx, username string) (unit.Worker, error) {
	all, err := unit.Workers(tx)
	if err != nil {
		return unit.Worker{}, err
	}
	i := slices.IndexFunc(all, func(w unit.Worker) bool { return strings.EqualFold(w.Username, username) })
	if i < 0 {
		return unit.Worker{}, fault.E(fault.NotFound, "cli.no_user", fault.Args{"user": username})
	}
	return all[i], nil
}

func printJSON(env *Env, v any) error { return writeJSON(env.Out, v) }

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}
