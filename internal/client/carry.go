package client

import (
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/seal"
	"polku/internal/unit"
)

// Carry makes the client of a register who is the same person as one in another register, with the contact data that
// the other has. Under a safety ban the address and place stay behind: the new register asks for what it needs. A person
// whom the register has already is that client. The caller has made sure that the data may cross, and disclosed it.
func Carry(tx *db.Tx, keys *seal.Keys, id, register string) (carried string, made bool, err error) {
	if err := mustWorkIn(tx, register); err != nil {
		return "", false, err
	}
	var c Client
	var sealed []byte
	found := false
	err = tx.Each(`select `+columns+`, c.code_sealed from client c join person p on p.tenant_id = c.tenant_id and p.person_id = c.person_id
		where c.tenant_id = $1 and `+unit.Sees("c")+` and c.client_id = $3`, []any{tx.Who.Tenant, tx.Who.Worker, id}, func(row func(...any) error) error {
		found = true
		return scan(func(dest ...any) error { return row(append(dest, &sealed)...) }, &c)
	})
	if err != nil {
		return "", false, err
	}
	if !found {
		return "", false, fault.E(fault.NotFound, "error.not_found", nil)
	}
	if there, err := tx.One(`select client_id from client where tenant_id = $1 and register_id = $2 and person_id = $3 and joined_to is null`,
		[]any{tx.Who.Tenant, register, c.Person}, &carried); err != nil || there {
		return carried, false, err
	}
	if err := MustBeFree(tx, id); err != nil {
		return "", false, err
	}
	carried = ident.New()
	if len(sealed) > 0 {
		code, err := keys.Unseal(sealed, about(id))
		if err != nil {
			return "", false, err
		}
		if sealed, err = keys.Seal(code, about(carried)); err != nil {
			return "", false, err
		}
	}
	if c.SafetyBan {
		c.Address, c.Municipality, c.Phone, c.Email = "", "", "", ""
	}
	if _, err := tx.Exec(`insert into client (tenant_id, client_id, person_id, register_id, last_name, first_name, born, code_sealed, phone, email,
		address, municipality, lang, number, safety_ban, provisional, note, created_at, rev)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', $14, $15, '', $16, 1)`,
		tx.Who.Tenant, carried, c.Person, register, c.LastName, c.FirstName, c.Born, sealed, c.Phone, c.Email, c.Address, c.Municipality, c.Lang,
		c.SafetyBan, c.Provisional, tx.At); err != nil {
		return "", false, err
	}
	return carried, true, addKeys(tx, carried, register, keysOf(c.FirstName, c.LastName, c.Phone, ""))
}
