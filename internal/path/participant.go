package path

import (
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/pathway"
)

// Own gives the paths of the participant who asks, newest first: found by their own client id and nothing else. Denied
// to whoever is no participant.
func Own(tx *db.Tx) ([]Path, error) {
	if tx.Who.Client == "" {
		return nil, fault.E(fault.Denied, "error.denied", nil)
	}
	var all []Path
	err := tx.Each(`select `+pathColumns+` from path p join service v on v.tenant_id = p.tenant_id and v.service_id = p.service_id
		where p.tenant_id = $1 and p.client_id = $2 order by p.created_at desc, p.path_id desc`, []any{tx.Who.Tenant, tx.Who.Client},
		func(row func(...any) error) error {
			var p Path
			err := row(&p.ID, &p.Client, &p.Register, &p.Service, &p.Unit)
			all = append(all, p)
			return err
		})
	return all, err
}

// AppendOwn is Append for what a participant writes on their own path.
func (b *Book) AppendOwn(tx *db.Tx, p Path, entries ...entry.Entry) (pathway.State, error) {
	own, err := Own(tx)
	if err != nil {
		return pathway.State{}, err
	}
	for _, x := range own {
		if x.ID == p.ID {
			return b.append(tx, x, "", entries)
		}
	}
	return pathway.State{}, fault.E(fault.NotFound, "error.not_found", nil)
}
