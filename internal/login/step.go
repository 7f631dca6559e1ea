package login

import (
	"context"
	"encoding/json"
	"time"

	"polku/internal/actor"
	"polku/internal/db"
	"polku/internal/fault"
)

// Kinds of a step between two requests of one sign-in.
const (
	stepSecond   = "second"   // the password was right, the second factor is awaited
	stepPasskey  = "passkey"  // a passkey is asked for
	stepRegister = "register" // a new passkey is being made
	stepProvider = "provider" // the browser is at the organisation's provider
)

// stepLife is how long the other half may take, stepTries how often it may be wrong.
const (
	stepLife  = 10 * time.Minute
	stepTries = 5
)

// step is a sign-in under way. Its secret is in a cookie of the browser that began it and nowhere else.
type step struct {
	kind, worker string
	body         string
}

// beginStep keeps a step and gives its secret.
func (s *Service) beginStep(ctx context.Context, kind, worker string, body any) (secret string, err error) {
	return keepStep(ctx, s.db, s.system("sign-in"), kind, worker, body)
}

func keepStep(ctx context.Context, d *db.DB, who actor.Actor, kind, worker string, body any) (secret string, err error) {
	text, err := json.Marshal(body)
	if err != nil {
		return "", fault.Wrap(err, "login.step")
	}
	secret = random()
	err = d.Update(ctx, who, func(tx *db.Tx) error {
		_, err := tx.Exec(`insert into sign_in_step (tenant_id, step_hash, kind, worker_id, body, tries, expires_at) values ($1, $2, $3, $4, $5, 0, $6)`,
			tx.Who.Tenant, tokenHash(secret), kind, worker, string(text), tx.At+stepLife.Microseconds())
		return err
	})
	return secret, err
}

// takeStep gives a step and drops it: whatever comes of it, it is used. Invalid login.step_over when there is none.
func (s *Service) takeStep(ctx context.Context, secret, kind string, body any) (st step, err error) {
	return takeStep(ctx, s.db, s.system("sign-in"), secret, kind, body)
}

func takeStep(ctx context.Context, d *db.DB, who actor.Actor, secret, kind string, body any) (st step, err error) {
	err = d.Update(ctx, who, func(tx *db.Tx) error {
		st = step{kind: kind}
		found, err := tx.One(`delete from sign_in_step where tenant_id = $1 and step_hash = $2 and kind = $3 and expires_at > $4 returning worker_id, body`,
			[]any{tx.Who.Tenant, tokenHash(secret), kind, tx.At}, &st.worker, &st.body)
		if err == nil && !found {
			err = fault.E(fault.Invalid, "login.step_over", nil)
		}
		return err
	})
	if err != nil {
		return step{}, err
	}
	return st, fault.Wrap(json.Unmarshal([]byte(st.body), body), "login.step")
}

// tryStep counts a try of a step that may be wrong some times, and gives whose it is.
func (s *Service) tryStep(ctx context.Context, secret, kind string) (worker string, err error) {
	err = s.db.Update(ctx, s.system("sign-in"), func(tx *db.Tx) error {
		worker = ""
		found, err := tx.One(`update sign_in_step set tries = tries + 1 where tenant_id = $1 and step_hash = $2 and kind = $3 and expires_at > $4 and tries < $5
			returning worker_id`, []any{s.tenant, tokenHash(secret), kind, tx.At, stepTries}, &worker)
		if err == nil && !found {
			err = fault.E(fault.Invalid, "login.step_over", nil)
		}
		return err
	})
	return worker, err
}

// endStep drops a step.
func endStep(tx *db.Tx, secret string) error {
	_, err := tx.Exec(`delete from sign_in_step where tenant_id = $1 and step_hash = $2`, tx.Who.Tenant, tokenHash(secret))
	return err
}
