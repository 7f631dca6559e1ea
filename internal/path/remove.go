package path

import "polku/internal/db"

// Remove deletes a client whom a command of many has made by mistake, with all that follows from them: the one way in
// which journal rows go, allowed only while nobody has recorded, read into or changed anything since. The caller has
// made sure of that, and has removed what its own tables hold.
func Remove(tx *db.Tx, client string) error {
	var person string
	if _, err := tx.One(`select person_id from client where tenant_id = $1 and client_id = $2`, []any{tx.Who.Tenant, client}, &person); err != nil {
		return err
	}
	if _, err := tx.Exec(`delete from task where tenant_id = $1 and path_id in (select path_id from path where tenant_id = $1 and client_id = $2)`,
		tx.Who.Tenant, client); err != nil {
		return err
	}
	for _, table := range []string{"standing", "relation", "handoff", "entry", "chain", "chain_seal", "path", "client_key", "client"} {
		if _, err := tx.Exec(`delete from `+table+` where tenant_id = $1 and client_id = $2`, tx.Who.Tenant, client); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`delete from person where tenant_id = $1 and person_id = $2
		and not exists (select 1 from client c where c.tenant_id = $1 and c.person_id = $2)`, tx.Who.Tenant, person)
	return err
}
