package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/model"
	"polku/internal/unit"
)

// SetupCmd holds the commands that take a new database into use without a browser.
type SetupCmd struct {
	Organisation SetupOrganisationCmd `cmd:""`
	Unit         SetupUnitCmd         `cmd:""`
	Register     SetupRegisterCmd     `cmd:""`
	Service      SetupServiceCmd      `cmd:""`
	Duty         SetupDutyCmd         `cmd:""`
	Group        SetupGroupCmd        `cmd:""`
	Groups       SetupGroupsCmd       `cmd:""`
	Show         SetupShowCmd         `cmd:""`
}

// SetupOrganisationCmd names the organisation.
type SetupOrganisationCmd struct {
	Database `embed:""`
	Name     string `arg:""`
}

// Run makes the organisation; it is refused when there is one.
func (c *SetupOrganisationCmd) Run(ctx context.Context, env *Env) error {
	return c.add(ctx, env, "organisation", func(tx *db.Tx, _ *opened) (string, error) {
		there, err := unit.TenantName(tx)
		if err == nil && there != "" {
			err = fault.E(fault.Conflict, "cli.organisation_there", fault.Args{"name": there})
		}
		if err != nil {
			return "", err
		}
		return c.Name, unit.CreateTenant(tx, c.Name)
	})
}

// SetupUnitCmd adds a unit: a house, a team.
type SetupUnitCmd struct {
	Database `embed:""`
	Name     string `arg:""`
}

// Run adds the unit and prints its id.
func (c *SetupUnitCmd) Run(ctx context.Context, env *Env) error {
	return c.add(ctx, env, "unit", func(tx *db.Tx, _ *opened) (string, error) {
		if _, err := unitNamed(tx, c.Name); err == nil {
			return "", fault.E(fault.Conflict, "cli.name_taken", fault.Args{"name": c.Name})
		}
		return unit.AddUnit(tx, unit.Unit{Name: c.Name})
	})
}

// SetupRegisterCmd adds a controller's register.
type SetupRegisterCmd struct {
	Database    `embed:""`
	Name        string `arg:""`
	Kind        string `required:""`
	Controller  string `required:""`
	LegalBasis  string `required:"" name:"legal-basis"`
	ServiceTask string `required:"" name:"service-task"`
	Retention   string `required:""`
	Record      string `enum:"polku,external" default:"external"`
}

// Run adds the register and prints its id.
func (c *SetupRegisterCmd) Run(ctx context.Context, env *Env) error {
	if kinds := model.RegisterKinds(); !slices.Contains(kinds, c.Kind) {
		return fault.E(fault.Invalid, "cli.no_kind", fault.Args{"kind": c.Kind, "known": strings.Join(kinds, ", ")})
	}
	return c.add(ctx, env, "register", func(tx *db.Tx, _ *opened) (string, error) {
		if _, err := registerNamed(tx, c.Name); err == nil {
			return "", fault.E(fault.Conflict, "cli.name_taken", fault.Args{"name": c.Name})
		}
		return unit.AddRegister(tx, unit.Register{Kind: c.Kind, Name: c.Name, Controller: c.Controller, LegalBasis: c.LegalBasis,
			ServiceTask: c.ServiceTask, Retention: c.Retention, Record: c.Record})
	})
}

// SetupServiceCmd adds a service: a model offered by a unit, with its register.
type SetupServiceCmd struct {
	Database `embed:""`
	Name     string `arg:""`
	Unit     string `required:""`
	Register string `required:""`
	Model    string `required:""`
	Version  string
}

// Run adds the service and prints its id. Without --version it is the model's newest.
func (c *SetupServiceCmd) Run(ctx context.Context, env *Env) error {
	return c.add(ctx, env, "service", func(tx *db.Tx, o *opened) (string, error) {
		version := c.Version
		if m := o.Book.Models.Newest(c.Model); m != nil && version == "" {
			version = m.Version
		}
		if o.Book.Models.Get(c.Model, version) == nil {
			var known []string
			for _, m := range o.Book.Models.All() {
				known = append(known, m.Model+" "+m.Version)
			}
			return "", fault.E(fault.Invalid, "model.unknown", fault.Args{"value": strings.TrimSpace(c.Model + " " + c.Version), "known": strings.Join(known, ", ")})
		}
		unitID, err := unitNamed(tx, c.Unit)
		if err != nil {
			return "", err
		}
		register, err := registerNamed(tx, c.Register)
		if err != nil {
			return "", err
		}
		if want := o.Book.Models.Get(c.Model, version).Register; want != register.Kind {
			return "", fault.E(fault.Invalid, "cli.wrong_register", fault.Args{"want": want, "have": register.Kind})
		}
		return unit.AddService(tx, o.Book.Models, unit.Service{Unit: unitID, Register: register.ID, Name: c.Name, Model: c.Model, Version: version})
	})
}

// SetupDutyCmd names a unit's duty holder, who has agreed to it.
type SetupDutyCmd struct {
	Database `embed:""`
	Unit     string `arg:""`
	Username string `arg:""`
}

// Run names the duty holder.
func (c *SetupDutyCmd) Run(ctx context.Context, env *Env) error {
	return c.add(ctx, env, "duty", func(tx *db.Tx, _ *opened) (string, error) {
		unitID, err := unitNamed(tx, c.Unit)
		if err != nil {
			return "", err
		}
		w, err := workerNamed(tx, c.Username)
		if err != nil {
			return "", err
		}
		return w.Username, unit.AcceptDuty(tx, unitID, w.ID)
	})
}

// add runs one setup command and prints the id (or name) of what it made.
func (f Database) add(ctx context.Context, env *Env, command string, fn func(tx *db.Tx, o *opened) (string, error)) error {
	return f.with(ctx, func(o *opened) error {
		var id string
		err := o.update(ctx, "setup "+command, func(tx *db.Tx) (err error) {
			id, err = fn(tx, o)
			return err
		})
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(env.Out, id)
		return err
	})
}

// SetupShowCmd shows the organisation as it stands.
type SetupShowCmd struct {
	Database `embed:""`
	Format   string `enum:"text,json" default:"text"`
}

// organisation is what setup show prints.
type organisation struct {
	Name      string          `json:"name"`
	Units     []unit.Unit     `json:"units"`
	Registers []unit.Register `json:"registers"`
	Services  []unit.Service  `json:"services"`
}

// Run prints units, registers and services.
func (c *SetupShowCmd) Run(ctx context.Context, env *Env) error {
	return c.with(ctx, func(o *opened) error {
		var all organisation
		err := o.view(ctx, "setup show", func(tx *db.Tx) (err error) {
			if all.Name, err = unit.TenantName(tx); err != nil {
				return err
			}
			if all.Units, err = unit.Units(tx); err != nil {
				return err
			}
			if all.Registers, err = unit.Registers(tx); err != nil {
				return err
			}
			all.Services, err = unit.Services(tx)
			return err
		})
		if err != nil {
			return err
		}
		if c.Format == "json" {
			return printJSON(env, all)
		}
		fmt.Fprintln(env.Out, all.Name)
		for _, u := range all.Units {
			fmt.Fprintf(env.Out, "%s  %s\n", u.ID, u.Name)
		}
		for _, r := range all.Registers {
			fmt.Fprintf(env.Out, "%s  %s (%s, %s)\n", r.ID, r.Name, r.Kind, r.Controller)
		}
		for _, s := range all.Services {
			fmt.Fprintf(env.Out, "%s  %s (%s %s)\n", s.ID, s.Name, s.Model, s.Version)
		}
		return nil
	})
}

// unitNamed finds a unit by name or id.
func unitNamed(tx *db.Tx, name string) (string, error) {
	all, err := unit.Units(tx)
	if err != nil {
		return "", err
	}
	for _, u := range all {
		if u.ID == name || strings.EqualFold(u.Name, name) {
			return u.ID, nil
		}
	}
	return "", fault.E(fault.NotFound, "cli.no_unit", fault.Args{"name": name})
}

// registerNamed finds a register by name or id.
func registerNamed(tx *db.Tx, name string) (unit.Register, error) {
	all, err := unit.Registers(tx)
	if err != nil {
		return unit.Register{}, err
	}
	for _, r := range all {
		if r.ID == name || strings.EqualFold(r.Name, name) {
			return r, nil
		}
	}
	return unit.Register{}, fault.E(fault.NotFound, "cli.no_register", fault.Args{"name": name})
}

// serviceNamed finds a service by name or id.
func serviceNamed(tx *db.Tx, name string) (unit.Service, error) {
	all, err := unit.Services(tx)
	if err != nil {
		return unit.Service{}, err
	}
	for _, s := range all {
		if s.ID == name || strings.EqualFold(s.Name, name) {
			return s, nil
		}
	}
	return unit.Service{}, fault.E(fault.NotFound, "cli.no_service", fault.Args{"name": name})
}

// houseNames gives the names of units and registers by id.
func houseNames(tx *db.Tx) (units, registers map[string]string, err error) {
	units, registers = map[string]string{}, map[string]string{}
	allUnits, err := unit.Units(tx)
	if err != nil {
		return nil, nil, err
	}
	for _, u := range allUnits {
		units[u.ID] = u.Name
	}
	allRegisters, err := unit.Registers(tx)
	for _, r := range allRegisters {
		registers[r.ID] = r.Name
	}
	return units, registers, err
}

// fieldsInOrder gives the names of wrong fields in the order of the alphabet.
func fieldsInOrder(fields map[string]string) []string {
	names := make([]string, 0, len(fields))
	for f := range fields {
		names = append(names, f)
	}
	slices.Sort(names)
	return names
}
