package login

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/unit"
)

// Passkey is one of a worker's passkeys, as they see it.
type Passkey struct {
	ID, Name     string
	Made, UsedAt int64 // microseconds; UsedAt 0: never
}

// passkeysMost is how many a worker may have: enough for every device and a spare.
const passkeysMost = 20

// Passkeys gives a worker's passkeys, oldest first: one's own, or anybody's for an administrator.
func Passkeys(tx *db.Tx, worker string) ([]Passkey, error) {
	if err := selfOrAdmin(tx, worker); err != nil {
		return nil, err
	}
	var all []Passkey
	err := tx.Each(`select passkey_id, name, created_at, coalesce(used_at, 0) from passkey where tenant_id = $1 and worker_id = $2 order by created_at, passkey_id`,
		[]any{tx.Who.Tenant, worker}, func(row func(...any) error) error {
			var p Passkey
			err := row(&p.ID, &p.Name, &p.Made, &p.UsedAt)
			all = append(all, p)
			return err
		})
	return all, err
}

// holder is a worker as the library wants to see one. The handle is the worker's id: opaque, and never shown.
type holder struct {
	worker unit.Worker
	keys   []webauthn.Credential
}

func (h holder) WebAuthnID() []byte                         { return []byte(h.worker.ID) }
func (h holder) WebAuthnName() string                       { return h.worker.Username }
func (h holder) WebAuthnDisplayName() string                { return h.worker.Name }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

// authn is the library set up for the address that people reach us by. Passkeys belong to a name: an address of
// figures has none, and neither has plain http but on this machine.
func authn(origin, name string) (*webauthn.WebAuthn, error) {
	u, err := url.Parse(origin)
	if err != nil || u.Hostname() == "" || address(u.Hostname()).IsValid() || u.Scheme != "https" && u.Hostname() != "localhost" {
		return nil, fault.E(fault.Invalid, "login.passkey_address", nil)
	}
	w, err := webauthn.New(&webauthn.Config{RPID: u.Hostname(), RPDisplayName: name, RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired,
			RequireResidentKey: protocol.ResidentKeyRequired(), UserVerification: protocol.VerificationRequired}})
	return w, fault.Wrap(err, "login.passkey")
}

// readHolder reads an active worker with their passkeys.
func readHolder(tx *db.Tx, worker string) (holder, error) {
	w, err := unit.GetWorker(tx, worker)
	if err != nil {
		return holder{}, err
	}
	if !w.Active {
		return holder{}, fault.E(fault.Denied, "login.passkey_unknown", nil)
	}
	h := holder{worker: w}
	err = tx.Each(`select credential from passkey where tenant_id = $1 and worker_id = $2 order by created_at, passkey_id`, []any{tx.Who.Tenant, worker},
		func(row func(...any) error) error {
			var text string
			var c webauthn.Credential
			if err := row(&text); err != nil {
				return err
			}
			h.keys = append(h.keys, c)
			return fault.Wrap(json.Unmarshal([]byte(text), &h.keys[len(h.keys)-1]), "login.passkey")
		})
	return h, err
}

// BeginRegister gives what the browser needs to make a new passkey for the signed-in worker, and the step's secret.
func (s *Service) BeginRegister(ctx context.Context, who Who, v Visit) (options any, step string, err error) {
	if err := s.mayChange(who); err != nil {
		return nil, "", err
	}
	w, err := authn(v.Origin, "Polku")
	if err != nil {
		return nil, "", err
	}
	var h holder
	err = s.db.View(ctx, who.Actor(actor.Service, "passkey", ""), func(tx *db.Tx) (err error) {
		h, err = readHolder(tx, who.Worker.ID)
		return err
	})
	if err == nil && len(h.keys) >= passkeysMost {
		err = fault.E(fault.Conflict, "login.passkey_many", fault.Args{"n": passkeysMost})
	}
	if err != nil {
		return nil, "", err
	}
	creation, data, err := w.BeginRegistration(h, webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()))
	if err != nil {
		return nil, "", fault.Wrap(err, "login.passkey")
	}
	step, err = s.beginStep(ctx, stepRegister, who.Worker.ID, data)
	return creation, step, err
}

// FinishRegister keeps the new passkey under a name and gives the session's new token: who has made one has proved two
// factors, the device and its lock.
func (s *Service) FinishRegister(ctx context.Context, who Who, secret, name string, answer []byte, v Visit) (token string, err error) {
	if err := s.mayChange(who); err != nil {
		return "", err
	}
	var data webauthn.SessionData
	st, err := s.takeStep(ctx, secret, stepRegister, &data)
	if err != nil {
		return "", err
	}
	w, err := authn(v.Origin, "Polku")
	if err != nil {
		return "", err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil || st.worker != who.Worker.ID {
		return "", &fault.Error{Kind: fault.Denied, Key: "login.passkey_bad", Cause: err}
	}
	made, err := w.CreateCredential(holder{worker: who.Worker}, data, parsed)
	if err != nil {
		return "", &fault.Error{Kind: fault.Denied, Key: "login.passkey_bad", Cause: err}
	}
	text, err := json.Marshal(made)
	if err != nil {
		return "", fault.Wrap(err, "login.passkey")
	}
	name = cut(cmp.Or(strings.TrimSpace(name), Family(v.Agent), "Polku"), 80)
	err = s.db.Update(ctx, who.Actor(actor.Service, "passkey", ""), func(tx *db.Tx) error {
		n, err := tx.Exec(`insert into passkey (tenant_id, passkey_id, worker_id, credential_id, credential, name, created_at) values ($1, $2, $3, $4, $5, $6, $7)
			on conflict do nothing`, s.tenant, ident.New(), who.Worker.ID, made.ID, string(text), name, tx.At)
		if err == nil && n == 0 {
			err = fault.E(fault.Conflict, "login.passkey_there", nil)
		}
		if err != nil {
			return err
		}
		if err := audit.Command(tx, "", "login.passkey_added"); err != nil {
			return err
		}
		token, err = raise(tx, who)
		return err
	})
	return token, err
}

// BeginPasskey gives what the browser needs to sign in by a passkey, whosever: no name is asked.
func (s *Service) BeginPasskey(ctx context.Context, v Visit) (options any, step string, err error) {
	if err := s.takeStepFrom(v.Remote); err != nil {
		return nil, "", err
	}
	w, err := authn(v.Origin, "Polku")
	if err != nil {
		return nil, "", err
	}
	assertion, data, err := w.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, "", fault.Wrap(err, "login.passkey")
	}
	step, err = s.beginStep(ctx, stepPasskey, "", data)
	return assertion, step, err
}

// FinishPasskey begins a session by what the passkey has signed. Denied login.passkey_unknown for whatever is wrong
// with it: unknown, removed, of somebody who has left, or signed for another site.
func (s *Service) FinishPasskey(ctx context.Context, secret string, answer []byte, v Visit) (Entered, error) {
	var data webauthn.SessionData
	if _, err := s.takeStep(ctx, secret, stepPasskey, &data); err != nil {
		return Entered{}, err
	}
	w, err := authn(v.Origin, "Polku")
	if err != nil {
		return Entered{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return Entered{}, s.unknownPasskey(ctx, "")
	}
	var h holder
	find := func(_, handle []byte) (webauthn.User, error) {
		err := s.db.View(ctx, s.system("sign-in"), func(tx *db.Tx) (err error) {
			h, err = readHolder(tx, string(handle))
			return err
		})
		return h, err
	}
	_, used, err := w.ValidatePasskeyLogin(find, data, parsed)
	if err != nil || used.Authenticator.CloneWarning { // a counter that went back: there are two of the key
		return Entered{}, s.unknownPasskey(ctx, h.worker.ID)
	}
	text, err := json.Marshal(used)
	if err != nil {
		return Entered{}, fault.Wrap(err, "login.passkey")
	}
	var in Entered
	err = s.db.Update(ctx, s.entering(h.worker.ID), func(tx *db.Tx) error {
		n, err := tx.Exec(`update passkey set credential = $4, used_at = $5 where tenant_id = $1 and credential_id = $2 and worker_id = $3`,
			s.tenant, used.ID, h.worker.ID, string(text), tx.At)
		if err == nil && n == 0 { // removed between the check and now
			err = fault.E(fault.Denied, "login.passkey_unknown", nil)
		}
		if err != nil {
			return err
		}
		in, err = s.beginIn(tx, h.worker.ID, v, session{means: MeansPasskey, level: 2})
		return err
	})
	return in, err
}

func (s *Service) unknownPasskey(ctx context.Context, worker string) error {
	if err := s.note(ctx, worker, "login.wrong_passkey"); err != nil {
		return err
	}
	return fault.E(fault.Denied, "login.passkey_unknown", nil)
}

// DropPasskey removes one of the signed-in worker's passkeys.
func (s *Service) DropPasskey(ctx context.Context, who Who, id string) error {
	if err := s.mayChange(who); err != nil {
		return err
	}
	return s.db.Update(ctx, who.Actor(actor.Service, "passkey", ""), func(tx *db.Tx) error {
		if err := s.mustKeepOne(tx, who, 1); err != nil {
			return err
		}
		n, err := tx.Exec(`delete from passkey where tenant_id = $1 and worker_id = $2 and passkey_id = $3`, s.tenant, who.Worker.ID, id)
		if err == nil && n == 0 {
			err = fault.E(fault.NotFound, "error.not_found", nil)
		}
		if err != nil {
			return err
		}
		return audit.Command(tx, "", "login.passkey_removed")
	})
}
