package portal

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"polku/internal/audit"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/login"
)

// Passkey is one of a participant's passkeys, as they see it: it takes the PIN's place and opens no more.
type Passkey struct {
	ID, Name       string
	MadeAt, UsedAt int64 // microseconds UTC; UsedAt 0: never
}

// passkeysMost is how many a participant may have: more than anybody has devices.
const passkeysMost = 10

// Kinds of a step between two requests; they are no kinds of staff's steps, so that neither is taken for the other.
const (
	stepPasskey  = "own passkey"
	stepRegister = "own register"
)

// unknownKey answers whatever is wrong with a passkey: removed, another's, a worker's, of a page that was closed.
var unknownKey error = fault.E(fault.Denied, "portal.passkey_unknown", nil)

// holder is a participant as the library wants to see one. The device lists its passkeys by the name, so it is nobody's
// and tells of no service; the handle is an id that says nothing.
type holder struct {
	client string
	name   string
	keys   []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return []byte(h.client) }
func (h holder) WebAuthnName() string                       { return h.name }
func (h holder) WebAuthnDisplayName() string                { return h.name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

// readHolder reads a participant whose page is open, with their passkeys. name is what the device shows.
func readHolder(tx *db.Tx, id, name string) (holder, error) {
	h := holder{client: id, name: name}
	var open bool
	if _, err := tx.One(`select exists (select 1 from portal_access a join client c on c.tenant_id = a.tenant_id and c.client_id = a.client_id
		where a.tenant_id = $1 and a.client_id = $2 and a.closed_at is null and c.joined_to is null)`, []any{tx.Who.Tenant, id}, &open); err != nil {
		return h, err
	}
	if !open {
		return h, unknownKey
	}
	err := tx.Each(`select credential from portal_passkey where tenant_id = $1 and client_id = $2 order by made_at, passkey_id`, []any{tx.Who.Tenant, id},
		func(row func(...any) error) error {
			var text string
			var c webauthn.Credential
			if err := row(&text); err != nil {
				return err
			}
			h.keys = append(h.keys, c)
			return fault.Wrap(json.Unmarshal([]byte(text), &h.keys[len(h.keys)-1]), "portal.passkey")
		})
	return h, err
}

// Passkeys gives the participant's own passkeys, oldest first.
func Passkeys(tx *db.Tx) ([]Passkey, error) {
	id, err := me(tx)
	if err != nil {
		return nil, err
	}
	tx.Saw(id)
	return passkeysOf(tx, id)
}

func passkeysOf(tx *db.Tx, id string) ([]Passkey, error) {
	var all []Passkey
	err := tx.Each(`select passkey_id, name, made_at, coalesce(used_at, 0) from portal_passkey where tenant_id = $1 and client_id = $2 order by made_at, passkey_id`,
		[]any{tx.Who.Tenant, id}, func(row func(...any) error) error {
			var p Passkey
			err := row(&p.ID, &p.Name, &p.MadeAt, &p.UsedAt)
			all = append(all, p)
			return err
		})
	return all, err
}

// BeginRegister gives what the browser needs to make a passkey for the participant who is at their page, and the step's
// secret. name is what their device calls it. Invalid login.passkey_address where passkeys cannot be used; Conflict when
// they have many already.
func (s *Service) BeginRegister(ctx context.Context, w Who, origin, name string) (options any, step string, err error) {
	authn, err := login.Authn(origin, name)
	if err != nil {
		return nil, "", err
	}
	var h holder
	err = s.db.View(ctx, s.system(), func(tx *db.Tx) (err error) {
		h, err = readHolder(tx, w.Client, name)
		return err
	})
	if err == nil && len(h.keys) >= passkeysMost {
		err = fault.E(fault.Conflict, "login.passkey_many", fault.Args{"n": passkeysMost})
	}
	if err != nil {
		return nil, "", err
	}
	creation, data, err := authn.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()))
	if err != nil {
		return nil, "", fault.Wrap(err, "portal.passkey")
	}
	step, err = login.KeepStep(ctx, s.db, s.system(), stepRegister, w.Client, data)
	return creation, step, err
}

// FinishRegister keeps the new passkey. Denied login.passkey_bad for an answer that does not fit.
func (s *Service) FinishRegister(ctx context.Context, w Who, secret, origin, name, agent string, answer []byte) error {
	var data webauthn.SessionData
	whose, err := login.TakeStep(ctx, s.db, s.system(), secret, stepRegister, &data)
	if err != nil {
		return err
	}
	authn, err := login.Authn(origin, name)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil || whose != w.Client {
		return &fault.Error{Kind: fault.Denied, Key: "login.passkey_bad", Cause: err}
	}
	made, err := authn.CreateCredential(holder{client: w.Client, name: name}, data, parsed)
	if err != nil {
		return &fault.Error{Kind: fault.Denied, Key: "login.passkey_bad", Cause: err}
	}
	text, err := json.Marshal(made)
	if err != nil {
		return fault.Wrap(err, "portal.passkey")
	}
	return s.db.Update(ctx, w.Actor("own page", ""), func(tx *db.Tx) error {
		n, err := tx.Exec(`insert into portal_passkey (tenant_id, passkey_id, client_id, credential_id, credential, name, made_at)
			values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`, s.tenant, ident.New(), w.Client, made.ID, string(text), login.Cut(strings.TrimSpace(agent), 200), tx.At)
		if err == nil && n == 0 {
			err = fault.E(fault.Conflict, "login.passkey_there", nil)
		}
		if err != nil {
			return err
		}
		return audit.Command(tx, w.Client, "portal.passkey")
	})
}

// BeginPasskey gives what the browser needs to sign in by a passkey, whosever: nothing is asked first. Unavailable
// login.wait after many from one address.
func (s *Service) BeginPasskey(ctx context.Context, origin, remote string) (options any, step string, err error) {
	if _, err := s.steps.Try(login.Source(remote), s.db.Now()); err != nil {
		return nil, "", err
	}
	authn, err := login.Authn(origin, "")
	if err != nil {
		return nil, "", err
	}
	assertion, data, err := authn.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, "", fault.Wrap(err, "portal.passkey")
	}
	step, err = login.KeepStep(ctx, s.db, s.system(), stepPasskey, "", data)
	return assertion, step, err
}

// FinishPasskey begins a session by what the passkey has signed. deviceSecret is of the browser, when it is known: it
// stays the device it was; else it becomes one. A page that wrong PINs have locked opens by a passkey: the lock is
// against who guesses numbers, and stays on them. Denied portal.passkey_unknown for whatever is wrong.
func (s *Service) FinishPasskey(ctx context.Context, secretOfStep, deviceSecret, origin, agent string, answer []byte) (Opened, error) {
	var data webauthn.SessionData
	if _, err := login.TakeStep(ctx, s.db, s.system(), secretOfStep, stepPasskey, &data); err != nil {
		return Opened{}, err
	}
	authn, err := login.Authn(origin, "")
	if err != nil {
		return Opened{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return Opened{}, unknownKey
	}
	var h holder
	find := func(_, handle []byte) (webauthn.User, error) {
		err := s.db.View(ctx, s.system(), func(tx *db.Tx) (err error) {
			h, err = readHolder(tx, string(handle), "")
			return err
		})
		return h, err
	}
	_, used, err := authn.ValidatePasskeyLogin(find, data, parsed)
	if err != nil || used.Authenticator.CloneWarning { // a counter that went back: there are two of the key
		return Opened{}, unknownKey
	}
	text, err := json.Marshal(used)
	if err != nil {
		return Opened{}, fault.Wrap(err, "portal.passkey")
	}
	var o Opened
	err = s.db.Update(ctx, s.system(), func(tx *db.Tx) error {
		o = Opened{Token: secret(), Who: Who{Tenant: s.tenant, Client: h.client, Session: ident.New()}}
		tx.Who = o.Who.Actor(tx.Who.Screen, "")
		// Removed, or the page closed, between the check and now.
		n, err := tx.Exec(`update portal_passkey set credential = $4, used_at = $5 where tenant_id = $1 and credential_id = $2 and client_id = $3
			and exists (select 1 from portal_access a where a.tenant_id = $1 and a.client_id = $3 and a.closed_at is null)`, s.tenant, used.ID, h.client, string(text), tx.At)
		if err != nil || n == 0 {
			return or(err, unknownKey)
		}
		if _, err := tx.One(`update portal_device set seen_at = $4 where tenant_id = $1 and secret_hash = $2 and client_id = $3 returning device_id`,
			[]any{s.tenant, hash(deviceSecret), h.client, tx.At}, &o.Who.Device); err != nil {
			return err
		}
		if o.Who.Device == "" {
			if err := o.newDevice(tx, agent); err != nil {
				return err
			}
		}
		if err := o.session(tx); err != nil {
			return err
		}
		return audit.Command(tx, h.client, "portal.in_passkey")
	})
	if err != nil {
		return Opened{}, err
	}
	return o, nil
}

// DropPasskey removes one of the participant's own passkeys. Another's is not found.
func DropPasskey(tx *db.Tx, passkey string) error {
	id, err := me(tx)
	if err != nil {
		return err
	}
	return dropPasskey(tx, id, passkey)
}

// EndPasskey removes one of a client's passkeys, for the worker who sees the client.
func EndPasskey(tx *db.Tx, id, passkey string) error {
	if err := client.Must(tx, id); err != nil {
		return err
	}
	return dropPasskey(tx, id, passkey)
}

func dropPasskey(tx *db.Tx, id, passkey string) error {
	n, err := tx.Exec(`delete from portal_passkey where tenant_id = $1 and client_id = $2 and passkey_id = $3`, tx.Who.Tenant, id, passkey)
	if err == nil && n == 0 {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err != nil {
		return err
	}
	return audit.Command(tx, id, "portal.passkey_end")
}
