// Package transfer is the process of moving many paths on at once (siirto jatkoon): a service ends, or its controller
// changes, and another service goes on with its clients. Every open path has a row: it moves, stays with a named worker,
// or exits, and the sum of these with those still waiting is always all of them. Nothing moves before the receiver has
// accepted, and nothing crosses to another register without the client's consent or a statute.
//
// A path goes on as a new path of the receiving service, with what was done before credited to it; the old one closes
// with an exit to another service. So the figures of the service that ended stay its own (doc/transfer.md).
package transfer

import (
	"encoding/json"
	"strings"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/consent"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/model"
	"polku/internal/path"
	"polku/internal/seal"
	"polku/internal/unit"
)

// State of a transfer.
type State string

// States.
const (
	Draft  State = "draft"  // under way: rows are decided, asked, moved
	Done   State = "done"   // everybody has an end; the report stands
	Undone State = "undone" // taken back whole
)

// Transfer moves the paths of one service on to another.
type Transfer struct {
	ID, From, To               string // services
	FromName, ToName           string
	Register, ToRegister, Unit string // Unit of the service that ends: its coordinators lead
	RegisterName, ToController string
	ToRegisterName             string
	Why                        string
	Statute                    string            // id of a consent.Statute; empty: each client's own consent
	ExitTo                     string            // destination of the old paths
	Phases                     map[string]string // phase of the old model -> phase of the new one
	State                      State
	MadeBy                     string
	MadeAt, EndedAt            int64 // microseconds UTC
}

// Crosses tells whether the clients go over to another register, with another controller or task.
func (t Transfer) Crosses() bool { return t.Register != t.ToRegister }

// Mover is what paths are moved with.
type Mover struct {
	Book *path.Book
	Keys *seal.Keys
	Say  func(lang, key string) string // a catalogue text, in the language of the worker who will read it
}

// New is what a transfer begins with. Statute may be empty.
type New struct{ From, To, Why, Statute string }

// leads is the condition that the actor leads a transfer: coordinates the unit of the service that ends. $1 is the
// tenant, $2 the worker. The program itself (the machine owner's commands) leads all.
const leads = `($2 = '` + actor.SystemWorker + `' or t.unit_id in (select m.unit_id from member m where m.tenant_id = $1 and m.worker_id = $2
	and m.role = 'coordinator' and m.register_id = t.register_id))`

// Sources gives the services whose clients the actor may lead on: of units that they coordinate.
func Sources(tx *db.Tx) ([]unit.Service, error) {
	var all []unit.Service
	err := tx.Each(`select t.service_id, t.unit_id, t.register_id, t.name, t.model, t.version from service t where t.tenant_id = $1 and `+leads+` order by t.name, t.service_id`,
		[]any{tx.Who.Tenant, tx.Who.Worker}, func(row func(...any) error) error {
			var s unit.Service
			err := row(&s.ID, &s.Unit, &s.Register, &s.Name, &s.Model, &s.Version)
			all = append(all, s)
			return err
		})
	return all, err
}

// Targets gives the services that may go on with others' clients: every one that has not ended, by name.
func Targets(tx *db.Tx) ([]unit.Service, error) {
	var all []unit.Service
	err := tx.Each(`select service_id, unit_id, register_id, name, model, version from service where tenant_id = $1
		and (ended is null or ended >= $2) order by name, service_id`, []any{tx.Who.Tenant, tx.Today}, func(row func(...any) error) error {
		var s unit.Service
		err := row(&s.ID, &s.Unit, &s.Register, &s.Name, &s.Model, &s.Version)
		all = append(all, s)
		return err
	})
	return all, err
}

// Begin makes a transfer with a row for every open path of the service that ends. One transfer of a service at a time.
// Mistakes come back by field: from, to, why, statute.
func (m *Mover) Begin(tx *db.Tx, n New) (string, error) {
	wrong := map[string]string{}
	from, err := serviceOf(tx, n.From)
	if err != nil {
		return "", err
	}
	to, err := serviceOf(tx, n.To)
	if err != nil {
		return "", err
	}
	if from.ID == "" {
		wrong["from"] = "transfer.no_from"
	}
	if to.ID == "" || to.ID == from.ID {
		wrong["to"] = "transfer.no_to"
	}
	if n.Why = strings.TrimSpace(n.Why); n.Why == "" {
		wrong["why"] = "transfer.no_why"
	}
	if len(wrong) == 0 && n.Statute != "" {
		if err := checkStatute(tx, from.Register, n.Statute, wrong); err != nil {
			return "", err
		}
	}
	if err := fault.Fields(wrong); err != nil {
		return "", err
	}
	var one int
	if found, err := tx.One(`select 1 from service t where t.tenant_id = $1 and `+leads+` and t.service_id = $3`, []any{tx.Who.Tenant, tx.Who.Worker, from.ID}, &one); err != nil {
		return "", err
	} else if !found {
		return "", fault.E(fault.Denied, "error.denied", nil)
	}
	if there, err := tx.One(`select 1 from transfer where tenant_id = $1 and from_service = $2 and state = 'draft'`, []any{tx.Who.Tenant, from.ID}, &one); err != nil {
		return "", err
	} else if there {
		return "", fault.E(fault.Conflict, "transfer.there", nil)
	}
	phases, err := json.Marshal(m.samePhases(from, to))
	if err != nil {
		return "", fault.Wrap(err, "transfer.encode")
	}
	id := ident.New()
	if _, err := tx.Exec(`insert into transfer (tenant_id, transfer_id, from_service, to_service, register_id, to_register, unit_id, why, statute, exit_to, phases, state,
		made_by, made_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'draft', $12, $13)`, tx.Who.Tenant, id, from.ID, to.ID, from.Register, to.Register,
		from.Unit, n.Why, n.Statute, m.exitOf(from), string(phases), tx.Who.Worker, tx.At); err != nil {
		return "", err
	}
	if err := sync(tx, id, from.ID); err != nil {
		return "", err
	}
	return id, audit.Command(tx, "", "transfer.begin")
}

func checkStatute(tx *db.Tx, register, id string, wrong map[string]string) error {
	all, err := consent.StatutesBetween(tx, register)
	for _, s := range all {
		if s.ID == id {
			return err
		}
	}
	wrong["statute"] = "consent.statute_closed"
	return err
}

// serviceOf reads a service of the house, whoever works in it; without id when there is none.
func serviceOf(tx *db.Tx, id string) (unit.Service, error) {
	var s unit.Service
	_, err := tx.One(`select service_id, unit_id, register_id, name, model, version from service where tenant_id = $1 and service_id = $2`,
		[]any{tx.Who.Tenant, id}, &s.ID, &s.Unit, &s.Register, &s.Name, &s.Model, &s.Version)
	return s, err
}

// exitOf gives the destination that the old paths close with: another service, or the first that somebody receives.
func (m *Mover) exitOf(from unit.Service) string {
	old := m.Book.Models.Get(from.Model, from.Version)
	if old == nil || old.Exit(anotherService) != nil {
		return anotherService
	}
	for _, x := range old.Exits {
		if x.Receiver {
			return x.To
		}
	}
	return anotherService
}

const anotherService = "another-service"

// samePhases maps each phase of the old model to the phase of the new one with the same id, else to its first.
func (m *Mover) samePhases(from, to unit.Service) map[string]string {
	old, next := m.Book.Models.Get(from.Model, from.Version), m.Book.Models.Get(to.Model, to.Version)
	phases := map[string]string{}
	if old == nil || next == nil {
		return phases
	}
	for _, p := range old.Phases {
		phases[p.ID] = next.Phases[0].ID
		if next.Phase(p.ID) != nil {
			phases[p.ID] = p.ID
		}
	}
	return phases
}

// sync adds rows for paths that have been opened since, so that they are counted too.
func sync(tx *db.Tx, id, service string) error {
	_, err := tx.Exec(`insert into transfer_row (tenant_id, transfer_id, path_id, client_id, register_id, from_worker, state, receiver, basis, why, answered_by,
		new_client, new_path, made_client, entries)
		select s.tenant_id, $2, s.path_id, s.client_id, s.register_id, coalesce(s.responsible, ''), 'open', '', '', '', '', '', '', false, 0 from standing s
		where s.tenant_id = $1 and s.service_id = $3 and s.status <> 'closed'
		on conflict (tenant_id, transfer_id, path_id) do nothing`, tx.Who.Tenant, id, service)
	return err
}

const columns = `t.transfer_id, t.from_service, t.to_service, f.name, o.name, t.register_id, t.to_register, t.unit_id, r.name, p.name, p.controller, t.why, t.statute, t.exit_to,
	t.phases, t.state, t.made_by, t.made_at, coalesce(t.ended_at, 0)`

const from = ` from transfer t join service f on f.tenant_id = t.tenant_id and f.service_id = t.from_service
	join service o on o.tenant_id = t.tenant_id and o.service_id = t.to_service
	join register r on r.tenant_id = t.tenant_id and r.register_id = t.register_id
	join register p on p.tenant_id = t.tenant_id and p.register_id = t.to_register where t.tenant_id = $1 and `

func list(tx *db.Tx, where string, args ...any) ([]Transfer, error) {
	var all []Transfer
	err := tx.Each(`select `+columns+from+where+` order by t.made_at desc, t.transfer_id`, append([]any{tx.Who.Tenant, tx.Who.Worker}, args...), func(row func(...any) error) error {
		var t Transfer
		var phases string
		if err := row(&t.ID, &t.From, &t.To, &t.FromName, &t.ToName, &t.Register, &t.ToRegister, &t.Unit, &t.RegisterName, &t.ToRegisterName, &t.ToController, &t.Why,
			&t.Statute, &t.ExitTo, &phases, (*string)(&t.State), &t.MadeBy, &t.MadeAt, &t.EndedAt); err != nil {
			return err
		}
		all = append(all, t)
		return fault.Wrap(json.Unmarshal([]byte(phases), &all[len(all)-1].Phases), "transfer.decode")
	})
	return all, err
}

// Led gives the transfers that the actor leads, newest first.
func Led(tx *db.Tx) ([]Transfer, error) { return list(tx, leads) }

// Get gives a transfer that the actor leads, or not found.
func Get(tx *db.Tx, id string) (Transfer, error) {
	all, err := list(tx, leads+` and t.transfer_id = $3`, id)
	if err != nil {
		return Transfer{}, err
	}
	if len(all) == 0 {
		return Transfer{}, fault.E(fault.NotFound, "error.not_found", nil)
	}
	return all[0], nil
}

// mustBeDraft gives a transfer that is under way, with rows for all paths that are open now.
func mustBeDraft(tx *db.Tx, id string) (Transfer, error) {
	t, err := Get(tx, id)
	if err != nil {
		return t, err
	}
	if t.State != Draft {
		return t, fault.E(fault.Conflict, "transfer.over", nil)
	}
	return t, sync(tx, id, t.From)
}

// Set changes how the paths move: which phase goes on as which, the destination of the old paths, the statute. What has
// moved already stays as it moved; who has been asked and not moved is judged by the new ground when they move.
func (m *Mover) Set(tx *db.Tx, id, statute, exitTo string, phases map[string]string) error {
	t, err := mustBeDraft(tx, id)
	if err != nil {
		return err
	}
	wrong := map[string]string{}
	if statute != "" {
		if err := checkStatute(tx, t.Register, statute, wrong); err != nil {
			return err
		}
	}
	old, next, err := m.models(tx, t)
	if err != nil {
		return err
	}
	if old.Exit(exitTo) == nil || old.Exit(exitTo).Final {
		wrong["exit_to"] = "exit.no_destination"
	}
	for from, to := range phases {
		if old.Phase(from) == nil || next.Phase(to) == nil {
			wrong["phases"] = "path.no_phase"
		}
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	for from, to := range t.Phases {
		if phases[from] == "" {
			phases[from] = to
		}
	}
	text, err := json.Marshal(phases)
	if err != nil {
		return fault.Wrap(err, "transfer.encode")
	}
	if _, err := tx.Exec(`update transfer set statute = $3, exit_to = $4, phases = $5 where tenant_id = $1 and transfer_id = $2`, tx.Who.Tenant, id, statute, exitTo, string(text)); err != nil {
		return err
	}
	return audit.Command(tx, "", "transfer.set")
}

// models gives the models of both services.
func (m *Mover) models(tx *db.Tx, t Transfer) (old, next *model.Model, err error) {
	f, err := serviceOf(tx, t.From)
	if err != nil {
		return nil, nil, err
	}
	o, err := serviceOf(tx, t.To)
	if err != nil {
		return nil, nil, err
	}
	old, next = m.Book.Models.Get(f.Model, f.Version), m.Book.Models.Get(o.Model, o.Version)
	if old == nil || next == nil {
		err = fault.E(fault.Internal, "service.no_model", fault.Args{"model": f.Model + ", " + o.Model})
	}
	return old, next, err
}
