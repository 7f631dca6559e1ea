package login

import (
	"context"
	"strings"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/secret"
	"polku/internal/unit"
)

// once stands before the hash of a password that an administrator gave: it must be changed before anything else.
const once = "once "

func verifyKept(ctx context.Context, kept, password string) (bool, error) {
	return Verify(ctx, strings.TrimPrefix(kept, once), password)
}

// ChangePassword gives the signed-in worker a new password and ends their other sessions. Fields: old, password.
func (s *Service) ChangePassword(ctx context.Context, who Who, old, new string) error {
	giveBack, err := s.take(who.Worker.Username, who.Session)
	if err != nil {
		return err
	}
	_, kept, err := s.passwordOf(ctx, who.Worker.Username)
	if err != nil {
		return err
	}
	right, err := verifyKept(ctx, kept, old)
	if err != nil {
		return err
	}
	if !right {
		return fault.Fields(map[string]string{"old": "login.wrong_old"})
	}
	giveBack()
	if key := CheckPassword(new, who.Worker.Username); key != "" {
		return fault.Fields(map[string]string{"password": key})
	}
	if new == old {
		return fault.Fields(map[string]string{"password": "login.password_same"})
	}
	phc, err := hash(ctx, new)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, who.Actor(actor.Service, "password", ""), func(tx *db.Tx) error {
		if err := keep(tx, who.Worker.ID, phc); err != nil {
			return err
		}
		return EndSessions(tx, who.Worker.ID, who.Session)
	})
}

// SetPassword gives a worker whose account is new a one-time password, for an administrator to hand over: they must
// change it when they have signed in. Whatever they signed in with before is void, and their sessions end.
func (s *Service) SetPassword(ctx context.Context, who actor.Actor, worker string) (password string, err error) {
	password = secret.Code()
	phc, err := hash(ctx, password)
	if err != nil {
		return "", err
	}
	err = s.db.Update(ctx, who, func(tx *db.Tx) error {
		if err := unit.MustAdmin(tx); err != nil {
			return err
		}
		if _, err := unit.GetWorker(tx, worker); err != nil {
			return err
		}
		if err := mustBeNew(tx, worker); err != nil {
			return err
		}
		if err := forgetFactors(tx, worker); err != nil {
			return err
		}
		return keep(tx, worker, once+phc)
	})
	if err != nil {
		return "", err
	}
	return password, nil
}

// mustBeNew refuses a one-time password for an account that has been used: for that there is MakeReset, which asks a
// second person about administrators and changes nothing until its owner uses it. The machine's owner may.
func mustBeNew(tx *db.Tx, worker string) error {
	if tx.Who.IsSystem() {
		return nil
	}
	var used bool
	if _, err := tx.One(`select coalesce(password, 'once ') not like 'once %' or exists (select 1 from passkey p where p.tenant_id = $1 and p.worker_id = $2)
		or exists (select 1 from provider_account a where a.tenant_id = $1 and a.worker_id = $2) from worker where tenant_id = $1 and worker_id = $2`,
		[]any{tx.Who.Tenant, worker}, &used); err != nil {
		return err
	}
	if used {
		return fault.E(fault.Denied, "login.use_reset", nil)
	}
	return nil
}

// keep writes a worker's password and the command log.
func keep(tx *db.Tx, worker, kept string) error {
	if _, err := tx.Exec(`update worker set password = $3 where tenant_id = $1 and worker_id = $2`, tx.Who.Tenant, worker, kept); err != nil {
		return err
	}
	return audit.Command(tx, "", "login.password")
}
