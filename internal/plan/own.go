package plan

import (
	"strings"

	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/unit"
)

// ownMost is how many ready actions a unit may have of its own, and daysMost how far ahead one may propose.
const (
	ownMost  = 200
	daysMost = 365
	bodyMost = 200 // bytes
)

// worksIn is the condition that the actor works with clients in the unit of a row a: $1 is the tenant, $2 the worker.
const worksIn = `a.unit_id in (select m.unit_id from member m where m.tenant_id = $1 and m.worker_id = $2 and m.cases)`

// Own gives the ready actions that the units of the actor have of their own, by theme; of one unit when it is named.
func Own(tx *db.Tx, unitID string) ([]Ready, error) {
	var all []Ready
	err := tx.Each(`select a.action_id, a.unit_id, a.theme, a.owner, a.days, a.body from plan_action a where a.tenant_id = $1 and `+worksIn+`
		and ($3 = '' or a.unit_id = $3) order by a.theme, a.action_id`, []any{tx.Who.Tenant, tx.Who.Worker, unitID}, func(row func(...any) error) error {
		var r Ready
		err := row(&r.ID, &r.Unit, &r.Theme, (*string)(&r.Owner), &r.Days, &r.FI)
		all = append(all, r)
		return err
	})
	return all, err
}

// Units gives the units whose ready actions the actor looks after, by name: where they coordinate.
func Units(tx *db.Tx) ([]unit.Unit, error) {
	var all []unit.Unit
	err := tx.Each(`select u.unit_id, u.name from unit u where u.tenant_id = $1 and `+unit.Coordinates("u")+` order by u.name`,
		[]any{tx.Who.Tenant, tx.Who.Worker}, func(row func(...any) error) error {
			var u unit.Unit
			err := row(&u.ID, &u.Name)
			all = append(all, u)
			return err
		})
	return all, err
}

// AddOwn adds a ready action to a unit that the actor coordinates; r.FI is its text, in the unit's own language. Wrong
// fields: text, theme, owner, days.
func AddOwn(tx *db.Tx, r Ready) error {
	r.FI = strings.TrimSpace(r.FI)
	wrong := map[string]string{}
	if r.FI == "" || len(r.FI) > bodyMost {
		wrong["text"] = "plan.no_action"
	}
	if ThemeName(r.Theme, "en") == r.Theme {
		wrong["theme"] = "plan.no_theme"
	}
	switch r.Owner {
	case entry.ByClient, entry.ByWorker, entry.ByOther:
	default:
		wrong["owner"] = "plan.no_owner"
	}
	if r.Days < 0 || r.Days > daysMost {
		wrong["days"] = "plan.bad_days"
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	if err := mustLookAfter(tx, r.Unit); err != nil {
		return err
	}
	var n int
	if _, err := tx.One(`select count(*) from plan_action where tenant_id = $1 and unit_id = $2`, []any{tx.Who.Tenant, r.Unit}, &n); err != nil {
		return err
	}
	if n >= ownMost {
		return fault.E(fault.Invalid, "plan.too_many", fault.Args{"n": ownMost})
	}
	if _, err := tx.Exec(`insert into plan_action (tenant_id, action_id, unit_id, theme, owner, days, body) values ($1, $2, $3, $4, $5, $6, $7)`,
		tx.Who.Tenant, ident.New(), r.Unit, r.Theme, string(r.Owner), r.Days, r.FI); err != nil {
		return err
	}
	return audit.Command(tx, "", "plan.action_add")
}

// DeleteOwn takes a ready action away; what was agreed by it stays.
func DeleteOwn(tx *db.Tx, id string) error {
	var unitID string
	found, err := tx.One(`select unit_id from plan_action where tenant_id = $1 and action_id = $2`, []any{tx.Who.Tenant, id}, &unitID)
	if err != nil {
		return err
	}
	if !found {
		return fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err := mustLookAfter(tx, unitID); err != nil {
		return err
	}
	if _, err := tx.Exec(`delete from plan_action where tenant_id = $1 and action_id = $2`, tx.Who.Tenant, id); err != nil {
		return err
	}
	return audit.Command(tx, "", "plan.action_delete")
}

func mustLookAfter(tx *db.Tx, unitID string) error {
	mine, err := Units(tx)
	for _, u := range mine {
		if u.ID == unitID {
			return err
		}
	}
	if err == nil {
		err = fault.E(fault.Denied, "plan.not_yours", nil)
	}
	return err
}
