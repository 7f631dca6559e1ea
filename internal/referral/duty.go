package referral

import (
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/unit"
)

// Due is somebody whom the actor answers for and who is to hear something soon, for the morning's list.
type Due struct {
	ID, Name, Service string
	Owner             string
	State             State
	PromisedOn        civil.Date
	ArrivedOn         civil.Date
	Broken            bool
}

const dueColumns = `r.referral_id, r.first_name, r.last_name, r.service_id, r.owner, r.state, r.promised_on, r.arrived_on,
	case when r.state = 'waiting' and r.first_by < $3 or r.promised_on < $3 then true else false end`

func dues(tx *db.Tx, text string, args ...any) (all []Due, err error) {
	err = tx.Each(text, append([]any{tx.Who.Tenant, tx.Who.Worker, int64(tx.Today)}, args...), func(row func(...any) error) error {
		var d Due
		var first, last string
		err := row(&d.ID, &first, &last, &d.Service, &d.Owner, (*string)(&d.State), &d.PromisedOn, &d.ArrivedOn, &d.Broken)
		d.Name = Referral{FirstName: first, LastName: last}.Name()
		all = append(all, d)
		return err
	})
	for _, d := range all {
		tx.Saw(d.ID)
	}
	return all, err
}

// Mine gives whom the actor (or somebody whom they stand in for today) has promised something by tomorrow, the oldest
// promise first, at most limit.
func Mine(tx *db.Tx, limit int) ([]Due, error) {
	return dues(tx, `select `+dueColumns+` from referral r where r.tenant_id = $1 and r.state in ('waiting', 'contacted') and r.promised_on <= $3 + 1
		and (r.owner = $2 or r.owner in (select c.absent from cover c where c.tenant_id = $1 and c.cover = $2 and c.active))
		order by r.promised_on, r.arrived_at, r.referral_id limit $4`, limit)
}

// Hanging gives everybody in the units that the actor coordinates to whom something was promised and not kept, or whom
// somebody invited and who has not answered, at most limit.
func Hanging(tx *db.Tx, limit int) ([]Due, error) {
	return dues(tx, `select `+dueColumns+` from referral r where r.tenant_id = $1 and `+unit.Coordinates("r")+` and `+sees("r")+`
		and r.state in ('waiting', 'contacted') and (r.state = 'waiting' and r.first_by < $3 or r.promised_on < $3)
		order by r.promised_on, r.arrived_at, r.referral_id limit $4`, limit)
}

// MoveFrom gives whom a worker answers for to the owner of each queue: the worker is suddenly away, leaves, or no longer
// works in the register (empty: every register). The new owner has a working day to get to know them; what was promised
// stays promised. It tells how many moved. Conflict when a queue would be left without an owner.
func MoveFrom(tx *db.Tx, worker, register string) (int, error) {
	type waiting struct{ id, service string }
	var all []waiting
	if err := tx.Each(`select referral_id, service_id from referral where tenant_id = $1 and owner = $2 and state in ('waiting', 'contacted')
		and ($3 = '' or register_id = $3) order by service_id, referral_id`, []any{tx.Who.Tenant, worker, register}, func(row func(...any) error) error {
		var w waiting
		err := row(&w.id, &w.service)
		all = append(all, w)
		return err
	}); err != nil {
		return 0, err
	}
	owners := map[string]string{}
	for _, w := range all {
		owner, asked := owners[w.service]
		if !asked {
			at, err := placeOf(tx, w.service, worker)
			if fault.Is(err, fault.Unavailable) {
				return 0, fault.E(fault.Conflict, "refer.no_owner", nil)
			}
			if err != nil {
				return 0, err
			}
			owner = at.owner
			owners[w.service] = owner
		}
		if _, err := tx.Exec(`update referral set owner = $3, taken_at = null where tenant_id = $1 and referral_id = $2`, tx.Who.Tenant, w.id, owner); err != nil {
			return 0, err
		}
		if err := note(tx, w.id, Step{What: StepMoved, Detail: owner}); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}
