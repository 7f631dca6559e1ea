package consent

import (
	"slices"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/journal"
	"polku/internal/pathway"
)

// jointDays is how far back attendance and notes of another register are shown: three months.
const jointDays = 92

// Part is what the joint view shows of one register: only the fields that the decision names are filled in.
type Part struct {
	Crossing
	Name, Phone, Email string // Contact
	Paths              []JointPath
	Entries            []*entry.Entry // Attendance, Plan, Notes: in the journal's order
}

// JointPath is a path of another register.
type JointPath struct {
	Service, Worker string     // Worker scope: names
	StepWhat        string     // NextStep scope
	StepBy          civil.Date // zero: nothing agreed
}

// Joint reads what is open to the actor of the same person's other registers; Cross has been called. Each is noted as seen.
func Joint(tx *db.Tx, memory *journal.Memory, clientID string) ([]Part, error) {
	open, err := Open(tx, clientID)
	var parts []Part
	for _, x := range open { // as many as there are registers in the house: a few
		part := Part{Crossing: x}
		if err := part.read(tx, memory); err != nil {
			return nil, err
		}
		tx.Saw(x.Client)
		parts = append(parts, part)
	}
	return parts, err
}

func (p *Part) read(tx *db.Tx, memory *journal.Memory) error {
	if slices.Contains(p.Scopes, Contact) {
		if _, err := tx.One(`select trim(first_name || ' ' || last_name), case when safety_ban then '' else phone end, case when safety_ban then '' else email end
			from client where tenant_id = $1 and client_id = $2`, []any{tx.Who.Tenant, p.Client}, &p.Name, &p.Phone, &p.Email); err != nil {
			return err
		}
	}
	if err := p.paths(tx); err != nil {
		return err
	}
	wanted := map[entry.Kind]Scope{entry.KindAttendance: Attendance, entry.KindAbsence: Attendance, entry.KindPlan: Plan, entry.KindReview: Plan, entry.KindGoal: Plan,
		entry.KindContact: Notes, entry.KindNote: Notes}
	if !slices.ContainsFunc(p.Scopes, func(s Scope) bool { return s == Attendance || s == Plan || s == Notes }) {
		return nil
	}
	all, err := memory.All(tx, p.Client)
	if err != nil {
		return err
	}
	for _, e := range pathway.Effective(all) {
		scope, there := wanted[e.Kind]
		if there && slices.Contains(p.Scopes, scope) && (scope == Plan || e.Day >= tx.Today-jointDays) {
			p.Entries = append(p.Entries, e)
		}
	}
	return nil
}

func (p *Part) paths(tx *db.Tx) error {
	worker, step := slices.Contains(p.Scopes, Worker), slices.Contains(p.Scopes, NextStep)
	if !worker && !step {
		return nil
	}
	return tx.Each(`select v.name, coalesce(w.name, ''), s.step_what, s.step_by from standing s
		join service v on v.tenant_id = s.tenant_id and v.service_id = s.service_id
		left join worker w on w.tenant_id = s.tenant_id and w.worker_id = s.responsible
		where s.tenant_id = $1 and s.client_id = $2 and s.status <> 'closed' order by v.name, s.path_id`, []any{tx.Who.Tenant, p.Client},
		func(row func(...any) error) error {
			var j JointPath
			err := row(&j.Service, &j.Worker, &j.StepWhat, &j.StepBy)
			if !worker {
				j.Service, j.Worker = "", ""
			}
			if !step {
				j.StepWhat, j.StepBy = "", 0
			}
			p.Paths = append(p.Paths, j)
			return err
		})
}
