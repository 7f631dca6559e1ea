package login

import (
	"slices"
	"strings"

	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/ident"
	"polku/internal/staffing"
	"polku/internal/unit"
)

// RoleAdmin in a GroupRole makes an administrator: it needs no unit and no register.
const RoleAdmin unit.Role = "admin"

// GroupRole says what a group of the provider gives here.
type GroupRole struct {
	ID, Group, Unit, Register string
	Role                      unit.Role
}

// GroupRoles gives what groups give, by group.
func GroupRoles(tx *db.Tx) ([]GroupRole, error) {
	if err := unit.MustAdmin(tx); err != nil {
		return nil, err
	}
	return groupRoles(tx)
}

func groupRoles(tx *db.Tx) ([]GroupRole, error) {
	var all []GroupRole
	err := tx.Each(`select group_role_id, group_name, unit_id, register_id, role from group_role where tenant_id = $1 order by group_name, group_role_id`, []any{tx.Who.Tenant},
		func(row func(...any) error) error {
			var g GroupRole
			err := row(&g.ID, &g.Group, &g.Unit, &g.Register, (*string)(&g.Role))
			all = append(all, g)
			return err
		})
	return all, err
}

// AddGroupRole makes a group give a role from its members' next sign-in on. Fields: group, role, unit, register.
func AddGroupRole(tx *db.Tx, g GroupRole) error {
	if err := unit.MustAdmin(tx); err != nil {
		return err
	}
	g.Group = strings.TrimSpace(g.Group)
	wrong := map[string]string{}
	if g.Group == "" {
		wrong["group"] = "groups.no_group"
	}
	if g.Role == RoleAdmin {
		g.Unit, g.Register = "", ""
	} else {
		if err := placesExist(tx, g, wrong); err != nil {
			return err
		}
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	if _, err := tx.Exec(`insert into group_role (tenant_id, group_role_id, group_name, unit_id, register_id, role) values ($1, $2, $3, $4, $5, $6)`,
		tx.Who.Tenant, ident.New(), g.Group, g.Unit, g.Register, string(g.Role)); err != nil {
		return err
	}
	return audit.Command(tx, "", "login.group_added")
}

func placesExist(tx *db.Tx, g GroupRole, wrong map[string]string) error {
	units, err := unit.Units(tx)
	if err != nil {
		return err
	}
	registers, err := unit.Registers(tx)
	if err != nil {
		return err
	}
	if !slices.Contains(unit.Roles, g.Role) {
		wrong["role"] = "user.no_role"
	}
	if !slices.ContainsFunc(units, func(u unit.Unit) bool { return u.ID == g.Unit }) {
		wrong["unit"] = "groups.no_unit"
	}
	if !slices.ContainsFunc(registers, func(r unit.Register) bool { return r.ID == g.Register }) {
		wrong["register"] = "user.no_register"
	}
	return nil
}

// DropGroupRole takes it back: its members lose the role at their next sign-in.
func DropGroupRole(tx *db.Tx, id string) error {
	if err := unit.MustAdmin(tx); err != nil {
		return err
	}
	n, err := tx.Exec(`delete from group_role where tenant_id = $1 and group_role_id = $2`, tx.Who.Tenant, id)
	if err == nil && n == 0 {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err != nil {
		return err
	}
	return audit.Command(tx, "", "login.group_removed")
}

// rolesOf gives what some groups give. A role in the same register and unit is given once: where two groups name
// different ones, the more far-reaching.
func rolesOf(tx *db.Tx, groups []string) ([]GroupRole, error) {
	all, err := groupRoles(tx)
	if err != nil {
		return nil, err
	}
	var want []GroupRole
	for _, g := range all {
		if !slices.Contains(groups, g.Group) {
			continue
		}
		i := slices.IndexFunc(want, func(w GroupRole) bool { return w.Unit == g.Unit && w.Register == g.Register })
		switch {
		case i < 0:
			want = append(want, g)
		case unit.Highest([]unit.Member{{Role: want[i].Role}, {Role: g.Role}}) == g.Role:
			want[i] = g
		}
	}
	return want, nil
}

// applyGroups makes the rights that a worker has by groups what want says, and leaves those given by hand alone. When
// they lose sight of clients whom they answer for, those move to the unit's duty worker; where there is none the
// sign-in fails, so that the right is not used and nobody is left hanging.
func (s *Service) applyGroups(tx *db.Tx, worker string, want []GroupRole) error {
	have, err := grants(tx, worker)
	if err != nil {
		return err
	}
	members, err := unit.Members(tx, worker)
	if err != nil {
		return err
	}
	same := func(a, b GroupRole) bool { return a.Unit == b.Unit && a.Register == b.Register && a.Role == b.Role }
	for _, g := range have {
		if slices.ContainsFunc(want, func(w GroupRole) bool { return same(g, w) }) {
			continue
		}
		if err := s.takeGrant(tx, worker, g, members); err != nil {
			return err
		}
	}
	for _, g := range want {
		if slices.ContainsFunc(have, func(h GroupRole) bool { return same(g, h) }) && holds(members, g) {
			continue
		}
		if err := s.giveGrant(tx, worker, g); err != nil {
			return err
		}
	}
	return s.moveUnseen(tx, worker, have)
}

// holds tells whether a membership still is what a group gave. An administrator's right is looked at when it is given.
func holds(members []unit.Member, g GroupRole) bool {
	return g.Role != RoleAdmin && slices.ContainsFunc(members, func(m unit.Member) bool { return m.Unit == g.Unit && m.Register == g.Register && m.Role == g.Role })
}

func grants(tx *db.Tx, worker string) ([]GroupRole, error) {
	var all []GroupRole
	err := tx.Each(`select unit_id, register_id, role from group_grant where tenant_id = $1 and worker_id = $2 order by unit_id, register_id, role`, []any{tx.Who.Tenant, worker},
		func(row func(...any) error) error {
			var g GroupRole
			err := row(&g.Unit, &g.Register, (*string)(&g.Role))
			all = append(all, g)
			return err
		})
	return all, err
}

func (s *Service) takeGrant(tx *db.Tx, worker string, g GroupRole, members []unit.Member) error {
	if _, err := tx.Exec(`delete from group_grant where tenant_id = $1 and worker_id = $2 and register_id = $3 and unit_id = $4 and role = $5`,
		s.tenant, worker, g.Register, g.Unit, string(g.Role)); err != nil {
		return err
	}
	switch {
	case g.Role == RoleAdmin:
		if err := setAdmin(tx, worker, false); err != nil {
			return err
		}
	case holds(members, g):
		if err := unit.Leave(tx, unit.Member{Worker: worker, Register: g.Register, Unit: g.Unit, Role: g.Role}); err != nil {
			return err
		}
	}
	return audit.Command(tx, "", "login.group_took")
}

func (s *Service) giveGrant(tx *db.Tx, worker string, g GroupRole) error {
	if g.Role == RoleAdmin {
		w, err := unit.GetWorker(tx, worker)
		if err != nil || w.Admin {
			return err // by hand already, or by the group: nothing to give
		}
		if err := setAdmin(tx, worker, true); err != nil {
			return err
		}
	} else if err := unit.Join(tx, unit.Member{Worker: worker, Register: g.Register, Unit: g.Unit, Role: g.Role}); err != nil {
		return err
	}
	if _, err := tx.Exec(`insert into group_grant (tenant_id, worker_id, register_id, unit_id, role) values ($1, $2, $3, $4, $5) on conflict do nothing`,
		s.tenant, worker, g.Register, g.Unit, string(g.Role)); err != nil {
		return err
	}
	return audit.Command(tx, "", "login.group_gave")
}

// setAdmin gives or takes the administrator's right. The last administrator stays one: an organisation that nobody can
// look after helps nobody.
func setAdmin(tx *db.Tx, worker string, admin bool) error {
	w, err := unit.GetWorker(tx, worker)
	if err != nil {
		return err
	}
	err = unit.Rename(tx, worker, w.Name, w.Username, admin)
	if !admin && fault.Is(err, fault.Invalid) {
		return nil
	}
	return err
}

// moveUnseen moves on the clients of registers that the worker answers in and sees no more.
func (s *Service) moveUnseen(tx *db.Tx, worker string, had []GroupRole) error {
	done := map[string]bool{"": true}
	for _, g := range had {
		if done[g.Register] || unit.MustTakeCases(tx, worker, g.Register) == nil {
			continue
		}
		done[g.Register] = true
		if s.Book == nil {
			continue
		}
		if _, err := staffing.MoveRegister(tx, s.Book, worker, g.Register, "removed", i18n.In); err != nil {
			return err
		}
	}
	return nil
}
