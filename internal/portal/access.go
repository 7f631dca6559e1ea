package portal

import (
	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/login"
)

// Access is how a client's own page stands, for the worker who sees the client.
type Access struct {
	Open     bool // false: never opened, or closed
	OpenedAt int64
	OpenedBy string // worker id
	ClosedAt int64  // 0: not closed
	HasPIN   bool
	Locked   bool // five wrong PINs in a row
	Tries    int  // wrong PINs in a row
	TriedAt  int64
	Link     int64 // until when a link that nobody has opened is valid; 0: there is none
	Devices  []Device
	Passkeys []Passkey
}

// AccessOf gives the state of a client's access. The client must be in the actor's sight.
func AccessOf(tx *db.Tx, id string) (Access, error) {
	var a Access
	if err := client.Must(tx, id); err != nil {
		return a, err
	}
	found, err := tx.One(`select opened_at, opened_by, coalesce(closed_at, 0), pin is not null, tries, coalesce(tried_at, 0) from portal_access
		where tenant_id = $1 and client_id = $2`, []any{tx.Who.Tenant, id}, &a.OpenedAt, &a.OpenedBy, &a.ClosedAt, &a.HasPIN, &a.Tries, &a.TriedAt)
	if err != nil || !found {
		return a, err
	}
	a.Open, a.Locked = a.ClosedAt == 0, a.Tries >= TriesMost
	if _, err := tx.One(`select coalesce(max(until_at), 0) from portal_link where tenant_id = $1 and client_id = $2 and used_at is null
		and ended_at is null and until_at > $3`, []any{tx.Who.Tenant, id, tx.At}, &a.Link); err != nil {
		return a, err
	}
	if a.Devices, err = devicesOf(tx, id); err != nil {
		return a, err
	}
	a.Passkeys, err = passkeysOf(tx, id)
	return a, err
}

// CheckPIN gives the key of what is wrong with a PIN that a worker and a client choose together; empty when it is good.
// The client must be in the actor's sight.
func CheckPIN(tx *db.Tx, id, pin string) (key string, err error) {
	if err := client.Must(tx, id); err != nil {
		return "", err
	}
	born, err := bornOn(tx, id)
	return checkPIN(cleanPIN(pin), born), err
}

func bornOn(tx *db.Tx, id string) (born civil.Date, err error) {
	_, err = tx.One(`select born from client where tenant_id = $1 and client_id = $2`, []any{tx.Who.Tenant, id}, &born)
	return born, err
}

// PIN of an invitation: how the participant gets theirs.
type PIN struct {
	Hash   string // of HashPIN: agreed here; empty: see Choose
	Choose bool   // the participant chooses when they open the link. Neither: the one they have goes on
}

// Invite opens a client's own page, or makes a new link to it, and gives the link's secret: it is shown once and kept
// nowhere. A link made earlier is void. until is when the link ends, in microseconds. The client must be in the actor's
// sight; whoever never had a PIN cannot keep it: Invalid, field pin.
func Invite(tx *db.Tx, id string, pin PIN) (token string, until int64, err error) {
	if err := client.Must(tx, id); err != nil {
		return "", 0, err
	}
	if _, err := tx.Exec(`insert into portal_access (tenant_id, client_id, tries, lang, opened_at, opened_by) values ($1, $2, 0, '', $3, $4)
		on conflict (tenant_id, client_id) do update set closed_at = null, opened_at = case when portal_access.closed_at is null
		then portal_access.opened_at else excluded.opened_at end, opened_by = case when portal_access.closed_at is null then portal_access.opened_by
		else excluded.opened_by end`, tx.Who.Tenant, id, tx.At, tx.Who.Worker); err != nil {
		return "", 0, err
	}
	until = tx.At + LinkMost.Microseconds()
	switch {
	case pin.Choose:
		until = tx.At + ChooseMost.Microseconds()
		_, err = tx.Exec(`update portal_access set pin = null, pin_at = null, tries = 0 where tenant_id = $1 and client_id = $2`, tx.Who.Tenant, id)
	case pin.Hash != "":
		_, err = tx.Exec(`update portal_access set pin = $3, pin_at = $4, tries = 0 where tenant_id = $1 and client_id = $2`, tx.Who.Tenant, id, pin.Hash, tx.At)
	default:
		var has bool
		_, err = tx.One(`select pin is not null from portal_access where tenant_id = $1 and client_id = $2`, []any{tx.Who.Tenant, id}, &has)
		if err == nil && !has {
			err = fault.Fields(map[string]string{"how": "portal.no_pin_yet"})
		}
	}
	if err != nil {
		return "", 0, err
	}
	if err := endLinks(tx, id); err != nil {
		return "", 0, err
	}
	token = login.Code()
	if _, err := tx.Exec(`insert into portal_link (tenant_id, link_id, client_id, token_hash, made_by, made_at, until_at) values ($1, $2, $3, $4, $5, $6, $7)`,
		tx.Who.Tenant, ident.New(), id, login.CodeHash(token), tx.Who.Worker, tx.At, until); err != nil {
		return "", 0, err
	}
	return token, until, audit.Command(tx, id, "portal.invite")
}

func endLinks(tx *db.Tx, id string) error {
	_, err := tx.Exec(`update portal_link set ended_at = $3 where tenant_id = $1 and client_id = $2 and used_at is null and ended_at is null`, tx.Who.Tenant, id, tx.At)
	return err
}

// ResetPIN opens a locked access again: with a new PIN (its hash), or with the old one when hash is empty. Sessions that
// were begun with an old PIN end when it changes.
func ResetPIN(tx *db.Tx, id, pinHash string) error {
	if err := client.Must(tx, id); err != nil {
		return err
	}
	n, err := tx.Exec(`update portal_access set tries = 0, pin = coalesce($3, pin), pin_at = case when $3 is null then pin_at else $4 end
		where tenant_id = $1 and client_id = $2 and closed_at is null`, tx.Who.Tenant, id, db.NullText(pinHash), tx.At)
	if err == nil && n == 0 {
		err = fault.E(fault.Gone, "portal.no_access", nil)
	}
	if err == nil && pinHash != "" {
		_, err = tx.Exec(`delete from portal_session where tenant_id = $1 and client_id = $2`, tx.Who.Tenant, id)
	}
	if err != nil {
		return err
	}
	return audit.Command(tx, id, "portal.pin")
}

// EndDevices makes every device of a client unknown again, with the passkeys, and ends its sessions at once: a phone was
// lost.
func EndDevices(tx *db.Tx, id string) error {
	if err := client.Must(tx, id); err != nil {
		return err
	}
	if err := forgetDevices(tx, id); err != nil {
		return err
	}
	return audit.Command(tx, id, "portal.devices")
}

func forgetDevices(tx *db.Tx, id string) error {
	for _, text := range []string{`delete from portal_session where tenant_id = $1 and client_id = $2`, `delete from portal_device where tenant_id = $1 and client_id = $2`,
		`delete from portal_passkey where tenant_id = $1 and client_id = $2`} {
		if _, err := tx.Exec(text, tx.Who.Tenant, id); err != nil {
			return err
		}
	}
	return nil
}

// Close ends a client's access: sessions, devices, passkeys, links and the PIN. What they have written and not sent stays theirs,
// for the day the access is opened again.
func Close(tx *db.Tx, id string) error {
	if err := client.Must(tx, id); err != nil {
		return err
	}
	if _, err := tx.Exec(`update portal_access set closed_at = $3, pin = null, pin_at = null, tries = 0 where tenant_id = $1 and client_id = $2 and closed_at is null`,
		tx.Who.Tenant, id, tx.At); err != nil {
		return err
	}
	if err := endLinks(tx, id); err != nil {
		return err
	}
	if err := forgetDevices(tx, id); err != nil {
		return err
	}
	return audit.Command(tx, id, "portal.close")
}
