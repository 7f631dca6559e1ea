// Package unit owns the organisation: tenant, units, registers, services, workers, their roles, cover for
// absent colleagues. It knows nothing of clients.
package unit

import (
	"cmp"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/model"
)

// Unit is a place of work: a house, a team.
type Unit struct {
	ID, Name   string
	Team       bool   // its clients' cases are worked together; else each sees their own only
	DutyWorker string // takes over when somebody is suddenly away; has accepted it; empty: nobody yet
}

// Register is one controller's register (trust.md, walls).
type Register struct {
	ID, Kind, Name, Controller, LegalBasis, ServiceTask, Retention string
	Record                                                         string // polku, or external: the official record is elsewhere
}

// Service is a model offered by a unit, with its register.
type Service struct {
	ID, Unit, Register, Name, Model, Version string
	QueueOwner                               string     // answers for people who wait; empty: the unit's duty worker
	Ended                                    civil.Date // last day; zero: goes on
}

// CreateTenant makes the organisation. The Tx must be of this tenant's actor.
func CreateTenant(tx *db.Tx, name string) error {
	_, err := tx.Exec(`insert into tenant (tenant_id, name, created_at) values ($1, $2, $3)`, tx.Who.Tenant, name, tx.At)
	return err
}

// TenantName gives the organisation's name; empty when there is none yet.
func TenantName(tx *db.Tx) (string, error) {
	var name string
	_, err := tx.One(`select name from tenant where tenant_id = $1`, []any{tx.Who.Tenant}, &name)
	return name, err
}

// AddUnit adds a unit; an empty id is made.
func AddUnit(tx *db.Tx, u Unit) (string, error) {
	u.ID = cmp.Or(u.ID, ident.New())
	_, err := tx.Exec(`insert into unit (tenant_id, unit_id, name) values ($1, $2, $3)`, tx.Who.Tenant, u.ID, u.Name)
	return u.ID, err
}

// AddRegister adds a register; an empty id is made.
func AddRegister(tx *db.Tx, r Register) (string, error) {
	r.ID = cmp.Or(r.ID, ident.New())
	_, err := tx.Exec(`insert into register (tenant_id, register_id, kind, name, controller, legal_basis, service_task, retention, record)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		tx.Who.Tenant, r.ID, r.Kind, r.Name, r.Controller, r.LegalBasis, r.ServiceTask, r.Retention, cmp.Or(r.Record, "external"))
	return r.ID, err
}

// AddService adds a service; an empty id is made. The model must be known and its kind of register must be
// the register's.
func AddService(tx *db.Tx, models *model.Set, s Service) (string, error) {
	s.ID = cmp.Or(s.ID, ident.New())
	m := models.Get(s.Model, s.Version)
	if m == nil {
		return "", fault.E(fault.Invalid, "service.no_model", fault.Args{"model": s.Model + "@" + s.Version})
	}
	var kind string
	found, err := tx.One(`select kind from register where tenant_id = $1 and register_id = $2`, []any{tx.Who.Tenant, s.Register}, &kind)
	if err != nil {
		return "", err
	}
	if !found || kind != m.Register {
		return "", fault.E(fault.Invalid, "service.wrong_register", fault.Args{"want": m.Register, "have": kind})
	}
	if _, err = tx.Exec(`insert into service (tenant_id, service_id, unit_id, register_id, name, model, version, queue_owner, ended)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		tx.Who.Tenant, s.ID, s.Unit, s.Register, s.Name, s.Model, s.Version, db.NullText(s.QueueOwner), s.Ended); err != nil {
		return "", err
	}
	return s.ID, changed(tx)
}

// Units gives every unit, by name.
func Units(tx *db.Tx) ([]Unit, error) {
	var all []Unit
	err := tx.Each(`select unit_id, name, team, coalesce(duty_worker, '') from unit where tenant_id = $1 order by name, unit_id`, []any{tx.Who.Tenant},
		func(row func(...any) error) error {
			var u Unit
			err := row(&u.ID, &u.Name, &u.Team, &u.DutyWorker)
			all = append(all, u)
			return err
		})
	return all, err
}

// Registers gives every register, by name.
func Registers(tx *db.Tx) ([]Register, error) {
	var all []Register
	err := tx.Each(`select register_id, kind, name, controller, legal_basis, service_task, retention, record from register
		where tenant_id = $1 order by name, register_id`, []any{tx.Who.Tenant}, func(row func(...any) error) error {
		var r Register
		err := row(&r.ID, &r.Kind, &r.Name, &r.Controller, &r.LegalBasis, &r.ServiceTask, &r.Retention, &r.Record)
		all = append(all, r)
		return err
	})
	return all, err
}

// Services gives the services that the actor works in (the system: all), by name.
func Services(tx *db.Tx) ([]Service, error) { return services(tx, tx.Who.Worker) }

// AllServices gives every service, for administrators: what there is, not who is in it.
func AllServices(tx *db.Tx) ([]Service, error) {
	if err := MustAdmin(tx); err != nil {
		return nil, err
	}
	return services(tx, actor.SystemWorker)
}

func services(tx *db.Tx, worker string) ([]Service, error) {
	var all []Service
	err := tx.Each(`select service_id, unit_id, register_id, name, model, version, coalesce(queue_owner, ''), ended from service s
		where s.tenant_id = $1 and `+SeesRegister("s")+` order by name, service_id`,
		[]any{tx.Who.Tenant, worker}, func(row func(...any) error) error {
			var s Service
			err := row(&s.ID, &s.Unit, &s.Register, &s.Name, &s.Model, &s.Version, &s.QueueOwner, &s.Ended)
			all = append(all, s)
			return err
		})
	return all, err
}

// GetService gives a service that the actor works in, or not found.
func GetService(tx *db.Tx, id string) (Service, error) {
	var s Service
	found, err := tx.One(`select service_id, unit_id, register_id, name, model, version, coalesce(queue_owner, ''), ended from service s
		where s.tenant_id = $1 and `+SeesRegister("s")+` and s.service_id = $3`, []any{tx.Who.Tenant, tx.Who.Worker, id},
		&s.ID, &s.Unit, &s.Register, &s.Name, &s.Model, &s.Version, &s.QueueOwner, &s.Ended)
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	return s, err
}

// ServiceNames gives the name of every service by id.
func ServiceNames(tx *db.Tx) (map[string]string, error) {
	names := map[string]string{}
	err := tx.Each(`select service_id, name from service where tenant_id = $1`, []any{tx.Who.Tenant}, func(row func(...any) error) error {
		var id, name string
		err := row(&id, &name)
		names[id] = name
		return err
	})
	return names, err
}
