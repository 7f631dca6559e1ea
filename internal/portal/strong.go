package portal

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"net/url"
	"time"

	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/hetu"
	"polku/internal/oidc"
)

// pendingMost is how long a participant may take at the identification.
const pendingMost = 10 * time.Minute

// BeginStrong gives the address of the identification to send the participant's browser to. Unavailable when there is
// none, or when it does not answer.
func (s *Service) BeginStrong(ctx context.Context, w Who, token, lang string) (address string, err error) {
	if s.Strong == nil {
		return "", fault.E(fault.Unavailable, "portal.no_strong", nil)
	}
	acr := s.Strong.ACR
	if len(acr) == 0 {
		acr = Levels
	}
	address, pending, err := s.Strong.Provider.Start(ctx, oidc.Ask{ACR: acr, Again: true, Lang: lang})
	if err != nil {
		return "", err
	}
	kept, err := json.Marshal(pending)
	if err != nil {
		return "", fault.Wrap(err, "portal.pending")
	}
	err = s.db.Update(ctx, w.Actor("own page", ""), func(tx *db.Tx) error {
		_, err := tx.Exec(`update portal_session set pending = $3, pending_at = $4 where token_hash = $1 and tenant_id = $2`, hash(token), s.tenant, string(kept), tx.At)
		return err
	})
	return address, err
}

// FinishStrong reads what the identification answered. The code in its claim must be this participant's own; it is
// compared by its blind index and kept nowhere. The session gets a new token and is strong for StrongMost. Faults: those of
// oidc.Finish; Denied portal.light (not strong enough), portal.not_you (somebody else), portal.no_code (the record has no
// identity code to compare with).
func (s *Service) FinishStrong(ctx context.Context, w Who, token string, query url.Values) (fresh string, err error) {
	if s.Strong == nil {
		return "", fault.E(fault.Unavailable, "portal.no_strong", nil)
	}
	pending, err := s.takePending(ctx, w, token)
	if err != nil {
		return "", err
	}
	id, err := s.Strong.Provider.Finish(ctx, pending, query)
	if err != nil {
		return "", err
	}
	if id.Level < oidc.Substantial {
		return "", fault.E(fault.Denied, "portal.light", nil)
	}
	claim := s.Strong.Claim
	if claim == "" {
		claim = DefaultClaim
	}
	said, _ := id.Claims[claim].(string)
	code, err := hetu.Parse(said)
	if err != nil {
		return "", fault.E(fault.Denied, "portal.light", nil) // who it is was not told, so nothing is proved
	}
	index := s.keys.Index(string(code))
	var key string
	err = s.db.Update(ctx, w.Actor("own page", ""), func(tx *db.Tx) error {
		fresh, key = secret(), ""
		var kept []byte
		if _, err := tx.One(`select p.code_index from client c join person p on p.tenant_id = c.tenant_id and p.person_id = c.person_id
			where c.tenant_id = $1 and c.client_id = $2`, []any{s.tenant, w.Client}, &kept); err != nil {
			return err
		}
		switch {
		case kept == nil:
			key = "portal.no_code"
			return audit.Command(tx, w.Client, "portal.strong_no_code")
		case subtle.ConstantTimeCompare(kept, index) != 1:
			key = "portal.not_you"
			return audit.Command(tx, w.Client, "portal.strong_other")
		}
		n, err := tx.Exec(`update portal_session set token_hash = $3, strong_until = $4 where token_hash = $1 and tenant_id = $2`,
			hash(token), s.tenant, hash(fresh), tx.At+StrongMost.Microseconds())
		if err == nil && n == 0 {
			err = fault.E(fault.SignIn, "portal.over", nil)
		}
		if err != nil {
			return err
		}
		return audit.Command(tx, w.Client, "portal.strong")
	})
	if err == nil && key != "" {
		err = fault.E(fault.Denied, key, nil)
	}
	if err != nil {
		return "", err
	}
	return fresh, nil
}

// takePending gives what BeginStrong kept, once.
func (s *Service) takePending(ctx context.Context, w Who, token string) (oidc.Pending, error) {
	var kept string
	var at int64
	err := s.db.Update(ctx, w.Actor("own page", ""), func(tx *db.Tx) error {
		kept, at = "", 0
		if _, err := tx.One(`select coalesce(pending, ''), coalesce(pending_at, 0) from portal_session where token_hash = $1 and tenant_id = $2`,
			[]any{hash(token), s.tenant}, &kept, &at); err != nil {
			return err
		}
		if at <= tx.At-pendingMost.Microseconds() {
			kept = ""
		}
		_, err := tx.Exec(`update portal_session set pending = null, pending_at = null where token_hash = $1 and tenant_id = $2`, hash(token), s.tenant)
		return err
	})
	if err != nil {
		return oidc.Pending{}, err
	}
	var p oidc.Pending
	if kept == "" || json.Unmarshal([]byte(kept), &p) != nil {
		return oidc.Pending{}, fault.E(fault.Invalid, "oidc.stale", nil)
	}
	return p, nil
}
