package workactivity

import (
	"strings"

	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/unit"
)

// Organiser is who arranges the activity in a register, as far as papers need it. The county insures participants against
// accidents and occupational disease (189/2001 s. 23).
type Organiser struct {
	Register, Name string // of the register
	Controller     string
	Remote         bool // remote days may be agreed
	RemotePaid     bool // the organiser's word: a remote day gives expense compensation like any other
	Insurer        string
	Policy         string // number of the insurance
	Contact        string // whom accidents are told to, how
	Steward        string // name and address of the chief shop steward
	Rev            int64  // 0: nothing has been saved yet
}

const organiserColumns = `r.register_id, r.name, r.controller, coalesce(o.remote, false), coalesce(o.remote_paid, false), coalesce(o.insurer, ''), coalesce(o.policy, ''),
	coalesce(o.contact, ''), coalesce(o.steward, ''), coalesce(o.rev, 0)
	from register r left join work_organiser o on o.tenant_id = r.tenant_id and o.register_id = r.register_id`

func (o *Organiser) scan(row func(...any) error) error {
	return row(&o.Register, &o.Name, &o.Controller, &o.Remote, &o.RemotePaid, &o.Insurer, &o.Policy, &o.Contact, &o.Steward, &o.Rev)
}

// OrganiserOf gives the organiser of a register; zero fields where nothing was saved.
func OrganiserOf(tx *db.Tx, register string) (Organiser, error) {
	var o Organiser
	err := tx.Each(`select `+organiserColumns+` where r.tenant_id = $1 and r.register_id = $2`, []any{tx.Who.Tenant, register}, o.scan)
	return o, err
}

// Organisers gives those that the actor may change: of the registers that they coordinate.
func Organisers(tx *db.Tx) ([]Organiser, error) {
	var all []Organiser
	err := tx.Each(`select `+organiserColumns+` where r.tenant_id = $1 and r.register_id in (select m.register_id from member m where m.tenant_id = $1
		and m.worker_id = $2 and m.role = '`+string(unit.RoleCoordinator)+`') order by r.name, r.register_id`, []any{tx.Who.Tenant, tx.Who.Worker},
		func(row func(...any) error) error {
			var o Organiser
			err := o.scan(row)
			all = append(all, o)
			return err
		})
	return all, err
}

// SaveOrganiser saves what is said of an organiser; only a coordinator of the register may (else not found). An earlier Rev
// than the one that stands is a conflict.
func SaveOrganiser(tx *db.Tx, o Organiser) error {
	all, err := Organisers(tx)
	if err != nil {
		return err
	}
	var was *Organiser
	for i := range all {
		if all[i].Register == o.Register {
			was = &all[i]
		}
	}
	if was == nil && !tx.Who.IsSystem() {
		return fault.E(fault.NotFound, "error.not_found", nil)
	}
	wrong := map[string]string{}
	for field, text := range map[string]*string{"insurer": &o.Insurer, "policy": &o.Policy, "contact": &o.Contact, "steward": &o.Steward} {
		*text = strings.TrimSpace(*text)
		if len(*text) > 500 {
			wrong[field] = "record.long_text"
		}
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	if was != nil && was.Rev != o.Rev {
		return fault.E(fault.Conflict, "workactivity.saved_meanwhile", nil)
	}
	if _, err := tx.Exec(`insert into work_organiser (tenant_id, register_id, remote, remote_paid, insurer, policy, contact, steward, rev, changed_by, changed_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (tenant_id, register_id) do update set remote = excluded.remote,
		remote_paid = excluded.remote_paid, insurer = excluded.insurer, policy = excluded.policy, contact = excluded.contact, steward = excluded.steward,
		rev = excluded.rev, changed_by = excluded.changed_by, changed_at = excluded.changed_at`,
		tx.Who.Tenant, o.Register, o.Remote, o.RemotePaid, o.Insurer, o.Policy, o.Contact, o.Steward, o.Rev+1, tx.Who.Worker, tx.At); err != nil {
		return err
	}
	return audit.Command(tx, "", "workactivity.organiser")
}
