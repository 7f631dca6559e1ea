// Package client owns people and clients. A person is one human being within a tenant, known only by the
// blind index of the identity code (or a temporary id) and the safety ban. A client is a person in one
// register, with that register's own contact data; nothing of it is shared between registers.
package client

import (
	"cmp"
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/hetu"
	"polku/internal/ident"
	"polku/internal/seal"
	"polku/internal/unit"
)

// Client as one register knows them.
type Client struct {
	ID, Person, Register string
	LastName, FirstName  string
	Born                 civil.Date
	Phone                string // E.164 where it could be read, else as written
	Email, Address       string
	Municipality, Lang   string // Lang is an ISO 639 code
	Number               string // the unit's own client number
	Note                 string
	SafetyBan            bool // address and place are hidden everywhere
	Provisional          bool // made of a short name on a sheet
	Restricted           bool // processing is restricted: see restrict.go
	HasCode              bool
	TempID               string // when there is no identity code
	Rev                  int64
}

// Name as people write it: first name, last name.
func (c Client) Name() string { return strings.TrimSpace(c.FirstName + " " + c.LastName) }

// New is what a client is made of.
type New struct {
	ID                  string // empty: made
	Register            string
	LastName, FirstName string
	Code                hetu.Code // empty: a temporary id is given
	Born                civil.Date
	Phone, Email        string
	Address             string
	Municipality, Lang  string
	Number, Note        string
	SafetyBan           bool
	Provisional         bool
	Person              string // one whom another register knows and hands over; empty: found by the code, or made
}

// Create makes a client, and the person behind when the tenant does not know them yet. A person who is a
// client in this register already is refused with a conflict that names the client. The actor must work in
// the register.
func Create(tx *db.Tx, keys *seal.Keys, n New) (string, error) {
	wrong := map[string]string{}
	n.LastName, n.FirstName = strings.TrimSpace(n.LastName), strings.TrimSpace(n.FirstName)
	if n.LastName == "" && n.FirstName == "" {
		wrong["name"] = "client.no_name"
	}
	if len(n.LastName) > 200 || len(n.FirstName) > 200 {
		wrong["name"] = "client.long_name"
	}
	if err := fault.Fields(wrong); err != nil {
		return "", err
	}
	if err := mustWorkIn(tx, n.Register); err != nil {
		return "", err
	}
	person, ban, err := personOf(tx, keys, n)
	if err != nil {
		return "", err
	}
	var there string
	if found, err := tx.One(`select client_id from client where tenant_id = $1 and register_id = $2 and person_id = $3 and joined_to is null`,
		[]any{tx.Who.Tenant, n.Register, person}, &there); err != nil {
		return "", err
	} else if found {
		return "", fault.E(fault.Conflict, "client.exists", fault.Args{"client": there})
	}
	id := cmp.Or(n.ID, ident.New())
	born := n.Born
	var sealed []byte
	if n.Code != "" {
		born = n.Code.Birthday()
		if sealed, err = keys.Seal(string(n.Code), about(id)); err != nil {
			return "", err
		}
	}
	_, err = tx.Exec(`insert into client (tenant_id, client_id, person_id, register_id, last_name, first_name, born, code_sealed, phone, email,
		address, municipality, lang, number, safety_ban, provisional, note, created_at, rev)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 1)`,
		tx.Who.Tenant, id, person, n.Register, n.LastName, n.FirstName, born, sealed, n.Phone, n.Email,
		n.Address, n.Municipality, n.Lang, n.Number, ban, n.Provisional, n.Note, tx.At)
	if err != nil {
		return "", err
	}
	return id, addKeys(tx, id, n.Register, keysOf(n.FirstName, n.LastName, n.Phone, n.Number))
}

// about ties an encrypted field to its client.
func about(client string) string { return seal.ClientCode.About([]string{client}) }

// personOf finds or makes the person. A ban told now holds in every register from now on; one told earlier
// holds here too.
func personOf(tx *db.Tx, keys *seal.Keys, n New) (id string, ban bool, err error) {
	if n.Person != "" {
		found, err := tx.One(`select safety_ban from person where tenant_id = $1 and person_id = $2`, []any{tx.Who.Tenant, n.Person}, &ban)
		if err == nil && !found {
			err = fault.E(fault.NotFound, "error.not_found", nil)
		}
		return n.Person, ban, err
	}
	if n.Code != "" {
		index := keys.Index(string(n.Code))
		found, err := tx.One(`select person_id, safety_ban from person where tenant_id = $1 and code_index in ($2, $3)`,
			[]any{tx.Who.Tenant, index, keys.OtherIndex(string(n.Code))}, &id, &ban)
		if err != nil {
			return "", false, err
		}
		if found {
			if n.SafetyBan && !ban {
				err = banPerson(tx, id, true)
			}
			return id, ban || n.SafetyBan, err
		}
		id = ident.New()
		_, err = tx.Exec(`insert into person (tenant_id, person_id, code_index, safety_ban) values ($1, $2, $3, $4)`, tx.Who.Tenant, id, index, n.SafetyBan)
		return id, n.SafetyBan, err
	}
	id = ident.New()
	_, err = tx.Exec(`insert into person (tenant_id, person_id, temp_id, safety_ban) values ($1, $2, $3, $4)`,
		tx.Who.Tenant, id, temporaryID(id), n.SafetyBan)
	return id, n.SafetyBan, err
}

func banPerson(tx *db.Tx, person string, ban bool) error {
	if _, err := tx.Exec(`update person set safety_ban = $3 where tenant_id = $1 and person_id = $2`, tx.Who.Tenant, person, ban); err != nil {
		return err
	}
	_, err := tx.Exec(`update client set safety_ban = $3, rev = rev + 1 where tenant_id = $1 and person_id = $2`, tx.Who.Tenant, person, ban)
	return err
}

// mustWorkIn refuses whoever has no cases in the register, as if it were not there.
func mustWorkIn(tx *db.Tx, register string) error {
	var one int
	found, err := tx.One(`select 1 from register r where r.tenant_id = $1 and `+unit.SeesRegister("r")+` and r.register_id = $3`,
		[]any{tx.Who.Tenant, tx.Who.Worker, register}, &one)
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	return err
}

const columns = `c.client_id, c.person_id, c.register_id, c.last_name, c.first_name, c.born, c.phone, c.email, c.address, c.municipality,
	c.lang, c.number, c.note, c.safety_ban, c.provisional, c.restricted, c.code_sealed is not null, coalesce(p.temp_id, ''), c.rev`

func scan(row func(...any) error, c *Client) error {
	return row(&c.ID, &c.Person, &c.Register, &c.LastName, &c.FirstName, &c.Born, &c.Phone, &c.Email, &c.Address, &c.Municipality,
		&c.Lang, &c.Number, &c.Note, &c.SafetyBan, &c.Provisional, &c.Restricted, &c.HasCode, &c.TempID, &c.Rev)
}

// Get gives a client that the actor may see, and notes that they were seen; else not found.
func Get(tx *db.Tx, id string) (Client, error) {
	var c Client
	found := false
	err := tx.Each(`select `+columns+` from client c join person p on p.tenant_id = c.tenant_id and p.person_id = c.person_id
		where c.tenant_id = $1 and `+unit.Sees("c")+` and c.client_id = $3`, []any{tx.Who.Tenant, tx.Who.Worker, id},
		func(row func(...any) error) error {
			found = true
			return scan(row, &c)
		})
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err == nil {
		tx.Saw(id)
	}
	return c, err
}

// Must tells whether the actor may see the client, without reading or noting anything: for commands.
func Must(tx *db.Tx, id string) error {
	var one int
	found, err := tx.One(`select 1 from client c where c.tenant_id = $1 and `+unit.Sees("c")+` and c.client_id = $3`,
		[]any{tx.Who.Tenant, tx.Who.Worker, id}, &one)
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	return err
}

// Code gives the identity code of a client that the actor may see; empty when there is none.
func Code(tx *db.Tx, keys *seal.Keys, id string) (hetu.Code, error) {
	if err := Must(tx, id); err != nil {
		return "", err
	}
	var sealed []byte
	if _, err := tx.One(`select code_sealed from client where tenant_id = $1 and client_id = $2`, []any{tx.Who.Tenant, id}, &sealed); err != nil {
		return "", err
	}
	tx.Saw(id)
	code, err := keys.Unseal(sealed, about(id))
	return hetu.Code(code), err
}

// Change is what may be changed of a client. Rev is the version that the changer saw.
type Change struct {
	Rev                 int64
	LastName, FirstName string
	Phone, Email        string
	Address             string
	Municipality, Lang  string
	Number, Note        string
	SafetyBan           bool
}

// Update changes a client's data. When somebody changed it meanwhile, nothing happens and the answer is a
// conflict.
func Update(tx *db.Tx, id string, ch Change) error {
	if err := Must(tx, id); err != nil {
		return err
	}
	if strings.TrimSpace(ch.LastName+ch.FirstName) == "" {
		return fault.Fields(map[string]string{"name": "client.no_name"})
	}
	var person, register string
	var banned bool
	if _, err := tx.One(`select person_id, register_id, safety_ban from client where tenant_id = $1 and client_id = $2`, []any{tx.Who.Tenant, id},
		&person, &register, &banned); err != nil {
		return err
	}
	if err := MustBeFree(tx, id); err != nil {
		if ch.SafetyBan && !banned {
			return banPerson(tx, person, true) // somebody's safety waits for nothing
		}
		return err
	}
	n, err := tx.Exec(`update client set last_name = $4, first_name = $5, phone = $6, email = $7, address = $8, municipality = $9,
		lang = $10, number = $11, note = $12, provisional = false, rev = rev + 1 where tenant_id = $1 and client_id = $2 and rev = $3`,
		tx.Who.Tenant, id, ch.Rev, strings.TrimSpace(ch.LastName), strings.TrimSpace(ch.FirstName), ch.Phone, ch.Email, ch.Address, ch.Municipality, ch.Lang, ch.Number, ch.Note)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.E(fault.Conflict, "client.changed", fault.Args{"client": id})
	}
	if err := banPerson(tx, person, ch.SafetyBan); err != nil {
		return err
	}
	return replaceKeys(tx, id, register, keysOf(ch.FirstName, ch.LastName, ch.Phone, ch.Number))
}

// AddCode gives a client who had a temporary id their identity code. When the tenant knows the person
// already and this register has another client for them, it is a conflict: those two are to be joined.
func AddCode(tx *db.Tx, keys *seal.Keys, id string, code hetu.Code) error {
	if err := Must(tx, id); err != nil {
		return err
	}
	if err := MustBeFree(tx, id); err != nil {
		return err
	}
	var person, register string
	if _, err := tx.One(`select person_id, register_id from client where tenant_id = $1 and client_id = $2`, []any{tx.Who.Tenant, id}, &person, &register); err != nil {
		return err
	}
	index := keys.Index(string(code))
	var other, there string
	if _, err := tx.One(`select p.person_id, coalesce(c.client_id, '') from person p left join client c on c.tenant_id = p.tenant_id
		and c.person_id = p.person_id and c.register_id = $3 and c.joined_to is null where p.tenant_id = $1 and p.code_index in ($2, $4)`,
		[]any{tx.Who.Tenant, index, register, keys.OtherIndex(string(code))}, &other, &there); err != nil {
		return err
	}
	if there != "" && there != id {
		return fault.E(fault.Conflict, "client.exists", fault.Args{"client": there})
	}
	sealed, err := keys.Seal(string(code), about(id))
	if err != nil {
		return err
	}
	if other == "" {
		_, err = tx.Exec(`update person set code_index = $3, temp_id = null where tenant_id = $1 and person_id = $2`, tx.Who.Tenant, person, index)
		other = person
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(`update client set person_id = $3, code_sealed = $4, born = $5, rev = rev + 1 where tenant_id = $1 and client_id = $2`,
		tx.Who.Tenant, id, other, sealed, code.Birthday())
	return err
}

// RemoveCode takes from a client the identity code that an import gave them by mistake: they are a person of their own
// again, with a temporary id. born tells that the birthday came with the code and goes with it.
func RemoveCode(tx *db.Tx, id string, born bool) error {
	if err := Must(tx, id); err != nil {
		return err
	}
	var person string
	var ban bool
	if _, err := tx.One(`select person_id, safety_ban from client where tenant_id = $1 and client_id = $2`, []any{tx.Who.Tenant, id}, &person, &ban); err != nil {
		return err
	}
	own := ident.New()
	if _, err := tx.Exec(`insert into person (tenant_id, person_id, temp_id, safety_ban) values ($1, $2, $3, $4)`, tx.Who.Tenant, own, temporaryID(own), ban); err != nil {
		return err
	}
	if _, err := tx.Exec(`update client set person_id = $3, code_sealed = null, born = case when $4 then null else born end, rev = rev + 1
		where tenant_id = $1 and client_id = $2`, tx.Who.Tenant, id, own, born); err != nil {
		return err
	}
	_, err := tx.Exec(`delete from person where tenant_id = $1 and person_id = $2
		and not exists (select 1 from client c where c.tenant_id = $1 and c.person_id = $2)`, tx.Who.Tenant, person)
	return err
}

// temporaryID is what stands for the identity code of a person without one.
func temporaryID(person string) string { return "T-" + strings.ToUpper(person[24:]) }

// OwnFirstName gives a participant their own first name, to be greeted by.
func OwnFirstName(tx *db.Tx) (name string, err error) {
	if tx.Who.Client == "" {
		return "", fault.E(fault.Denied, "error.denied", nil)
	}
	_, err = tx.One(`select first_name from client where tenant_id = $1 and client_id = $2`, []any{tx.Who.Tenant, tx.Who.Client}, &name)
	tx.Saw(tx.Who.Client)
	return name, err
}
