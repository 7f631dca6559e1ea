package web

import (
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/login"
	"polku/internal/unit"
	"polku/internal/web/view"
)

func (q *request) groupsPage() error { return q.groupRoles(nil) }

// groupRoles shows what groups of the provider give, and whether a second factor is asked for.
func (q *request) groupRoles(cause error) error {
	p := view.Groups{Shell: q.shell(view.NavMore), Errors: q.errorsOf(cause)}
	if q.s.Login.Provider != nil {
		p.Provider, p.Issuer, p.Claim = q.s.Login.Provider.Label, q.s.Login.Provider.Issuer, q.s.Login.Provider.Groups
	}
	err := q.view(func(tx *db.Tx) error {
		all, err := login.GroupRoles(tx)
		if err != nil {
			return err
		}
		units, err := unit.Units(tx)
		if err != nil {
			return err
		}
		registers, err := unit.Registers(tx)
		if err != nil {
			return err
		}
		names := map[string]string{}
		typed := func(field, value string) bool { return cause != nil && q.PostFormValue(field) == value }
		for _, u := range units {
			names[u.ID] = u.Name
			p.Units = append(p.Units, view.Option{Value: u.ID, Text: u.Name, On: typed("unit", u.ID)})
		}
		for _, r := range registers {
			names[r.ID] = r.Name
			p.Registers = append(p.Registers, view.Option{Value: r.ID, Text: r.Name, On: typed("register", r.ID)})
		}
		for _, role := range append(append([]unit.Role{}, unit.Roles...), login.RoleAdmin) {
			p.Roles = append(p.Roles, view.Option{Value: string(role), Text: q.lang.T("user_role." + string(role)), On: typed("role", string(role))})
		}
		for _, g := range all {
			p.Lines = append(p.Lines, view.GroupLine{ID: g.ID, Group: g.Group, Role: q.lang.T("user_role." + string(g.Role)), Place: joined(names[g.Unit], names[g.Register])})
		}
		p.Second, err = q.s.Login.AsksSecond(tx)
		return err
	})
	if err != nil {
		return err
	}
	if cause != nil {
		p.Group = q.PostFormValue("group")
	}
	return q.renderStatus(statusFor(cause), p)
}

func (q *request) groupAdd() error {
	g := login.GroupRole{Group: q.PostFormValue("group"), Role: unit.Role(q.PostFormValue("role")), Unit: q.PostFormValue("unit"), Register: q.PostFormValue("register")}
	return q.groupDone("flash.group", func(tx *db.Tx) error { return login.AddGroupRole(tx, g) })
}

func (q *request) groupDelete() error {
	return q.groupDone("flash.group_gone", func(tx *db.Tx) error { return login.DropGroupRole(tx, q.PathValue("id")) })
}

func (q *request) groupSecond() error {
	asked := q.PostFormValue("second") == "on"
	return q.groupDone("flash.settings", func(tx *db.Tx) error { return q.s.Login.SetAsksSecond(tx, asked) })
}

func (q *request) groupDone(key string, do func(tx *db.Tx) error) error {
	err := q.update(do)
	if fault.Is(err, fault.Invalid) {
		return q.groupRoles(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: key})
	return q.redirect("/groups")
}
