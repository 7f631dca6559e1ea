package referral

import (
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/seal"
)

// JoinTo says that the person referred is a client whom the actor sees, in the same register: the caller has asked package
// client. Nothing is written into the client's data, so that Part undoes it whole.
func JoinTo(tx *db.Tx, id, client string) error {
	r, err := open(tx, id)
	if err != nil {
		return err
	}
	if r.Client == client {
		return nil
	}
	if r.Client != "" {
		return fault.E(fault.Conflict, "refer.joined_already", nil)
	}
	n, err := tx.Exec(`update referral set client_id = $3 where tenant_id = $1 and referral_id = $2 and exists (select 1 from client c
		where c.tenant_id = $1 and c.client_id = $3 and c.register_id = $4 and c.joined_to is null)`, tx.Who.Tenant, id, client, r.Register)
	if err == nil && n == 0 {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err != nil {
		return err
	}
	return note(tx, id, Step{What: StepJoined, Detail: client})
}

// Part undoes JoinTo: they were two people after all.
func Part(tx *db.Tx, id string) error {
	r, err := open(tx, id)
	if err != nil {
		return err
	}
	if r.Client == "" {
		return nil
	}
	if _, err := tx.Exec(`update referral set client_id = null where tenant_id = $1 and referral_id = $2`, tx.Who.Tenant, id); err != nil {
		return err
	}
	return note(tx, id, Step{What: StepParted, Detail: r.Client})
}

// End ends a referral whose person is helped: with the path that began (Started), or the one they had (Known).
func End(tx *db.Tx, id string, state State, client, path string) error {
	if _, err := open(tx, id); err != nil {
		return err
	}
	if _, err := tx.Exec(`update referral set state = $3, client_id = $4, path_id = $5, contacted_on = coalesce(contacted_on, $6), ended_on = $6
		where tenant_id = $1 and referral_id = $2`, tx.Who.Tenant, id, string(state), client, path, tx.Today); err != nil {
		return err
	}
	return note(tx, id, Step{What: What(state), Detail: path})
}

// Other is another referral of the same person, as far as can be told.
type Other struct {
	ID, Name, Service string
	Born              civil.Date
	State             State
	ArrivedOn         civil.Date
}

// Alike gives other open referrals in the same register who may be the same person: the same identity code, phone number,
// or name with the same birthday (or without one). They are noted as seen.
func Alike(tx *db.Tx, id string) ([]Other, error) {
	var all []Other
	err := tx.Each(`select r.referral_id, r.first_name, r.last_name, r.service_id, r.born, r.state, r.arrived_on from referral a
		join referral r on r.tenant_id = a.tenant_id and r.register_id = a.register_id and r.referral_id <> a.referral_id
		and (r.name_key = a.name_key and (r.born is null or a.born is null or r.born = a.born) or r.phone = a.phone and r.phone <> '' or r.code_index = a.code_index)
		where a.tenant_id = $1 and `+sees("r")+` and a.referral_id = $3 and r.state in ('waiting', 'contacted') order by r.arrived_at limit 10`,
		[]any{tx.Who.Tenant, tx.Who.Worker, id}, func(row func(...any) error) error {
			var o Other
			var first, last string
			err := row(&o.ID, &first, &last, &o.Service, &o.Born, (*string)(&o.State), &o.ArrivedOn)
			o.Name = Referral{FirstName: first, LastName: last}.Name()
			all = append(all, o)
			return err
		})
	for _, o := range all {
		tx.Saw(o.ID)
	}
	return all, err
}

// Reindex makes the blind index of a sealed code again, after a change of the index's key. It tells how many rows changed.
func Reindex(tx *db.Tx, keys *seal.Keys, id string, sealed []byte) (int, error) {
	code, err := keys.Unseal(sealed, about(id))
	if err != nil {
		return 0, err
	}
	n, err := tx.Exec(`update referral set code_index = $3 where tenant_id = $1 and referral_id = $2 and code_index <> $3`, tx.Who.Tenant, id, keys.Index(code))
	return int(n), err
}

// WaitingCodes gives the blind indexes of those who wait in a service's queue that the actor works in, for a list that must
// not add anybody twice.
func WaitingCodes(tx *db.Tx, service string) (map[string]bool, error) {
	all := map[string]bool{}
	err := tx.Each(`select r.code_index from referral r where r.tenant_id = $1 and `+sees("r")+` and r.service_id = $3 and r.state in ('waiting', 'contacted')
		and r.code_index is not null`, []any{tx.Who.Tenant, tx.Who.Worker, service}, func(row func(...any) error) error {
		var index []byte
		err := row(&index)
		all[string(index)] = true
		return err
	})
	return all, err
}
