package login

import (
	"context"
	"time"

	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/secret"
	"polku/internal/unit"
)

// How long a reset's code works, and how long one waits that nobody else could agree to.
const (
	ResetLife  = 8 * time.Hour
	AgreeLife  = 24 * time.Hour // for the other administrator to answer
	ResetDelay = 24 * time.Hour
)

// Who else is asked about a reset.
const (
	SecondNobody = ""      // the target is no administrator: the one who makes the code vouches for them
	SecondAsked  = "asked" // another administrator agrees first
	SecondDelay  = "delay" // there is no other: it begins to work after ResetDelay, and many are told
)

// Reset is a one-time code that lets somebody in again who cannot sign in.
type Reset struct {
	ID, Worker, MadeBy, Second, AgreedBy string
	Made, From, Until                    int64 // microseconds
}

// Waits tells whether the code does not work yet at a time.
func (r Reset) Waits(now int64) bool {
	return r.Second == SecondAsked && r.AgreedBy == "" || now < r.From
}

// toldOfReset is the condition that a session's worker (s, w) is told of a reset (r) on every page: it is theirs; it
// waits for an administrator; or nobody can be asked, and then every administrator and every unit's duty worker is told.
const toldOfReset = `r.made_by <> s.worker_id and (r.worker_id = s.worker_id or w.admin and (r.second = 'delay' or r.second = 'asked' and r.agreed_by is null)
	or r.second = 'delay' and exists (select 1 from unit u where u.tenant_id = s.tenant_id and u.duty_worker = s.worker_id))`

// MakeReset makes a code for a worker, to be given face to face or by phone. An earlier one is void. Nobody makes one
// for themselves. Nothing of the worker's changes until the code is used.
func MakeReset(tx *db.Tx, worker string) (code string, r Reset, err error) {
	if err := unit.MustAdmin(tx); err != nil {
		return "", Reset{}, err
	}
	w, err := unit.GetWorker(tx, worker)
	if err != nil {
		return "", Reset{}, err
	}
	if !w.Active || worker == tx.Who.Worker {
		return "", Reset{}, fault.E(fault.Invalid, "reset.not_yourself", nil)
	}
	r = Reset{ID: ident.New(), Worker: worker, MadeBy: tx.Who.Worker, Made: tx.At, From: tx.At, Until: tx.At + ResetLife.Microseconds()}
	if w.Admin && !tx.Who.IsSystem() {
		var others int
		if _, err := tx.One(`select count(*) from worker where tenant_id = $1 and admin and active and worker_id <> $2 and worker_id <> $3`,
			[]any{tx.Who.Tenant, worker, tx.Who.Worker}, &others); err != nil {
			return "", Reset{}, err
		}
		if others > 0 {
			r.Second, r.Until = SecondAsked, tx.At+AgreeLife.Microseconds()
		} else {
			r.Second, r.From, r.Until = SecondDelay, tx.At+ResetDelay.Microseconds(), tx.At+(ResetDelay+ResetLife).Microseconds()
		}
	}
	if _, err := tx.Exec(`update sign_in_reset set pending = false where tenant_id = $1 and worker_id = $2 and pending`, tx.Who.Tenant, worker); err != nil {
		return "", Reset{}, err
	}
	code = secret.Code()
	if _, err := tx.Exec(`insert into sign_in_reset (tenant_id, reset_id, worker_id, code_hash, made_by, made_at, from_at, until_at, second, pending)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, true)`, tx.Who.Tenant, r.ID, worker, secret.Hash(code), r.MadeBy, r.Made, r.From, r.Until, r.Second); err != nil {
		return "", Reset{}, err
	}
	return code, r, audit.Command(tx, "", "reset.made")
}

const resetColumns = `r.reset_id, r.worker_id, r.made_by, r.second, coalesce(r.agreed_by, ''), r.made_at, r.from_at, r.until_at`

func scanReset(row func(...any) error, r *Reset) error {
	return row(&r.ID, &r.Worker, &r.MadeBy, &r.Second, &r.AgreedBy, &r.Made, &r.From, &r.Until)
}

// Resets gives the pending resets that the actor may know of: their own, and those they are told of on every page; an
// administrator's: all. Oldest first.
func Resets(tx *db.Tx) ([]Reset, error) {
	var all []Reset
	err := tx.Each(`select `+resetColumns+` from sign_in_reset r where r.tenant_id = $1 and r.pending and r.until_at > $3
		and ($4 or r.worker_id = $2 or r.second = 'delay' and exists (select 1 from unit u where u.tenant_id = $1 and u.duty_worker = $2)) order by r.made_at, r.reset_id`,
		[]any{tx.Who.Tenant, tx.Who.Worker, tx.At, tx.Who.Admin}, func(row func(...any) error) error {
			all = append(all, Reset{})
			return scanReset(row, &all[len(all)-1])
		})
	return all, err
}

// AgreeReset is the other administrator's yes: the code works from now on. Neither the one who made it nor the one it
// is for may agree.
func AgreeReset(tx *db.Tx, id string) error {
	if err := unit.MustAdmin(tx); err != nil {
		return err
	}
	n, err := tx.Exec(`update sign_in_reset set agreed_by = $3, agreed_at = $4, until_at = $5 where tenant_id = $1 and reset_id = $2 and pending and second = 'asked'
		and agreed_by is null and until_at > $4 and made_by <> $3 and worker_id <> $3`, tx.Who.Tenant, id, tx.Who.Worker, tx.At, tx.At+ResetLife.Microseconds())
	if err != nil {
		return err
	}
	if n == 1 {
		return audit.Command(tx, "", "reset.agreed")
	}
	var one int
	there, err := tx.One(`select 1 from sign_in_reset where tenant_id = $1 and reset_id = $2`, []any{tx.Who.Tenant, id}, &one)
	switch {
	case err != nil:
		return err
	case !there:
		return fault.E(fault.NotFound, "error.not_found", nil)
	}
	return fault.E(fault.Denied, "reset.not_yours", nil)
}

// StopReset makes a code void: by the one it is for, by an administrator, or by whoever was told of it.
func StopReset(tx *db.Tx, id string) error {
	mine, err := Resets(tx)
	if err != nil {
		return err
	}
	for _, r := range mine {
		if r.ID != id {
			continue
		}
		if _, err := tx.Exec(`update sign_in_reset set pending = false where tenant_id = $1 and reset_id = $2`, tx.Who.Tenant, id); err != nil {
			return err
		}
		return audit.Command(tx, "", "reset.stopped")
	}
	return fault.E(fault.NotFound, "error.not_found", nil)
}

// UseReset lets somebody in by a reset's code, with a new password. Whatever they signed in with before is void:
// passkeys, code generator, recovery codes, open sessions. The session has one factor; a second is set up first where
// the organisation asks for one. Fields: code, password.
func (s *Service) UseReset(ctx context.Context, code, password string, v Visit) (Entered, error) {
	giveBack, err := s.takeAddress(v.Remote)
	if err != nil {
		return Entered{}, err
	}
	r, username, err := s.resetOf(ctx, code)
	if err != nil {
		return Entered{}, err
	}
	giveBack()
	if key := CheckPassword(password, username); key != "" {
		return Entered{}, fault.Fields(map[string]string{"password": key})
	}
	phc, err := hash(ctx, password)
	if err != nil {
		return Entered{}, err
	}
	var in Entered
	err = s.db.Update(ctx, s.entering(r.Worker), func(tx *db.Tx) error {
		n, err := tx.Exec(`update sign_in_reset set pending = false where tenant_id = $1 and reset_id = $2 and pending`, s.tenant, r.ID)
		if err == nil && n == 0 { // used by somebody quicker
			err = fault.Fields(map[string]string{"code": "reset.unknown"})
		}
		if err != nil {
			return err
		}
		if err := forgetFactors(tx, r.Worker); err != nil {
			return err
		}
		if err := keep(tx, r.Worker, phc); err != nil {
			return err
		}
		in, err = s.beginIn(tx, r.Worker, v, session{means: MeansReset, level: 1, what: "login.in_by_reset"})
		return err
	})
	return in, err
}

// resetOf finds a code that works now. One that waits says so: who has it may know.
func (s *Service) resetOf(ctx context.Context, code string) (r Reset, username string, err error) {
	err = s.db.View(ctx, s.system("reset"), func(tx *db.Tx) error {
		found := false
		err := tx.Each(`select `+resetColumns+`, w.username from sign_in_reset r join worker w on w.tenant_id = r.tenant_id and w.worker_id = r.worker_id
			where r.tenant_id = $1 and r.code_hash = $2 and r.pending and r.until_at > $3 and w.active`, []any{s.tenant, secret.Hash(code), tx.At}, func(row func(...any) error) error {
			found = true
			return row(&r.ID, &r.Worker, &r.MadeBy, &r.Second, &r.AgreedBy, &r.Made, &r.From, &r.Until, &username)
		})
		switch {
		case err != nil:
			return err
		case !found:
			return fault.Fields(map[string]string{"code": "reset.unknown"})
		case r.Waits(tx.At):
			return fault.Fields(map[string]string{"code": "reset.waits"})
		}
		return nil
	})
	return r, username, err
}

// forgetFactors makes everything void that a worker signs in with, but for the provider's account.
func forgetFactors(tx *db.Tx, worker string) error {
	for _, text := range []string{`delete from passkey where tenant_id = $1 and worker_id = $2`, `delete from totp where tenant_id = $1 and worker_id = $2`,
		`delete from recovery_code where tenant_id = $1 and worker_id = $2`} {
		if _, err := tx.Exec(text, tx.Who.Tenant, worker); err != nil {
			return err
		}
	}
	return EndSessions(tx, worker, "")
}
