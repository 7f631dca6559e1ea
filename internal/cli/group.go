package cli

import (
	"context"
	"fmt"

	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/login"
	"polku/internal/unit"
)

// SetupGroupCmd says what a group of the organisation's provider gives.
type SetupGroupCmd struct {
	Database `embed:""`
	Name     string `arg:""`
	Role     string `required:"" enum:"worker,student,instructor,coordinator,manager,complaints,controller,auditor,volunteer,association,employer,admin,none"`
	Unit     string
	Register string
}

// Run makes the group give the role from its members' next sign-in on; "none" takes back all that it gives.
func (c *SetupGroupCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		return o.update(ctx, "setup group", func(tx *db.Tx) error {
			if c.Role == "none" {
				return dropGroup(tx, c.Name)
			}
			g := login.GroupRole{Group: c.Name, Role: unit.Role(c.Role)}
			if g.Role == login.RoleAdmin {
				return login.AddGroupRole(tx, g)
			}
			id, err := unitNamed(tx, c.Unit)
			if err != nil {
				return err
			}
			register, err := registerNamed(tx, c.Register)
			if err != nil {
				return err
			}
			g.Unit, g.Register = id, register.ID
			return login.AddGroupRole(tx, g)
		})
	})
}

func dropGroup(tx *db.Tx, name string) error {
	all, err := login.GroupRoles(tx)
	if err != nil {
		return err
	}
	n := 0
	for _, g := range all {
		if g.Group != name {
			continue
		}
		n++
		if err := login.DropGroupRole(tx, g.ID); err != nil {
			return err
		}
	}
	if n == 0 {
		return fault.E(fault.NotFound, "cli.no_group", fault.Args{"name": name})
	}
	return nil
}

// SetupGroupsCmd lists what groups give.
type SetupGroupsCmd struct {
	Database `embed:""`
	Format   string `enum:"text,json" default:"text"`
}

// groupRow is a line of the list.
type groupRow struct {
	Group    string    `json:"group"`
	Role     unit.Role `json:"role"`
	Unit     string    `json:"unit,omitempty"`
	Register string    `json:"register,omitempty"`
}

// Run prints the list.
func (c *SetupGroupsCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		rows := []groupRow{}
		err := o.view(ctx, "setup groups", func(tx *db.Tx) error {
			all, err := login.GroupRoles(tx)
			if err != nil {
				return err
			}
			units, registers, err := houseNames(tx)
			for _, g := range all {
				rows = append(rows, groupRow{g.Group, g.Role, units[g.Unit], registers[g.Register]})
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
			line := r.Group + ": " + env.Lang.T("user_role."+string(r.Role))
			if r.Unit != "" {
				line += " (" + r.Unit + ", " + r.Register + ")"
			}
			fmt.Fprintln(env.Out, line)
		}
		return nil
	})
}
