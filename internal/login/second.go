package login

import (
	"bytes"
	"context"
	"encoding/base64"
	"image/png"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/seal"
)

// Second tells which second factors a worker has.
type Second struct {
	TOTP     bool // a code generator, tried
	Passkeys int
	Recovery int // recovery codes left
	Password bool
}

// Any tells whether the worker has a second factor: recovery codes alone are none.
func (s Second) Any() bool { return s.TOTP || s.Passkeys > 0 }

// SecondOf tells which second factors a worker has: one's own, or anybody's for an administrator.
func SecondOf(tx *db.Tx, worker string) (Second, error) {
	if err := selfOrAdmin(tx, worker); err != nil {
		return Second{}, err
	}
	return secondOf(tx, worker)
}

func secondOf(tx *db.Tx, worker string) (s Second, err error) {
	_, err = tx.One(`select exists (select 1 from totp t where t.tenant_id = $1 and t.worker_id = $2 and t.confirmed_at is not null),
		(select count(*) from passkey p where p.tenant_id = $1 and p.worker_id = $2),
		(select count(*) from recovery_code r where r.tenant_id = $1 and r.worker_id = $2 and r.used_at is null),
		exists (select 1 from worker w where w.tenant_id = $1 and w.worker_id = $2 and w.password is not null)`,
		[]any{tx.Who.Tenant, worker}, &s.TOTP, &s.Passkeys, &s.Recovery, &s.Password)
	return s, err
}

// Parameters of the codes: what every generator understands (RFC 6238). A code of the step before or after is taken
// too, for clocks that are off.
const (
	stepSeconds = 30
	stepsAside  = 1
)

var codeForm = hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1}

// Generator is a new code generator to be taken into use.
type Generator struct {
	QR     string // picture as a data URI
	Secret string // to be typed where a picture cannot be read, in groups of four
}

// NewGenerator makes the secret of a code generator for the signed-in worker. It counts for nothing until one of its
// codes has been tried: ConfirmGenerator.
func (s *Service) NewGenerator(ctx context.Context, who Who) (Generator, error) {
	if err := s.mayChange(who); err != nil {
		return Generator{}, err
	}
	if s.Keys == nil {
		return Generator{}, fault.E(fault.Unavailable, "login.totp", nil)
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: "Polku", AccountName: who.Worker.Username, Period: stepSeconds, Digits: codeForm.Digits, Algorithm: codeForm.Algorithm})
	if err != nil {
		return Generator{}, fault.Wrap(err, "login.totp")
	}
	sealed, err := s.Keys.Seal(key.Secret(), totpAbout(who.Worker.ID))
	if err != nil {
		return Generator{}, err
	}
	err = s.db.Update(ctx, who.Actor(actor.Service, "totp", ""), func(tx *db.Tx) error {
		n, err := tx.Exec(`insert into totp (tenant_id, worker_id, secret, made_at, confirmed_at, last_step) values ($1, $2, $3, $4, null, 0)
			on conflict (tenant_id, worker_id) do update set secret = excluded.secret, made_at = excluded.made_at, last_step = 0 where totp.confirmed_at is null`,
			s.tenant, who.Worker.ID, sealed, tx.At)
		if err == nil && n == 0 {
			err = fault.E(fault.Conflict, "login.totp_there", nil)
		}
		return err
	})
	if err != nil {
		return Generator{}, err
	}
	return drawn(key)
}

func totpAbout(worker string) string { return seal.TOTP.About([]string{worker}) }

// drawn gives the picture that a generator reads its secret from.
func drawn(key *otp.Key) (Generator, error) {
	picture, err := key.Image(220, 220)
	if err != nil {
		return Generator{}, fault.Wrap(err, "login.totp")
	}
	var file bytes.Buffer
	if err := png.Encode(&file, picture); err != nil {
		return Generator{}, fault.Wrap(err, "login.totp")
	}
	var groups []string
	for rest := key.Secret(); rest != ""; {
		n := min(4, len(rest))
		groups, rest = append(groups, rest[:n]), rest[n:]
	}
	return Generator{QR: "data:image/png;base64," + base64.StdEncoding.EncodeToString(file.Bytes()), Secret: strings.Join(groups, " ")}, nil
}

// ConfirmGenerator takes the new generator into use when code is one of its codes, and gives the session's new token.
// Field: code.
func (s *Service) ConfirmGenerator(ctx context.Context, who Who, code string) (token string, err error) {
	if err := s.mayChange(who); err != nil {
		return "", err
	}
	giveBack, err := s.take(who.Worker.Username, who.Session)
	if err != nil {
		return "", err
	}
	err = s.db.Update(ctx, who.Actor(actor.Service, "totp", ""), func(tx *db.Tx) error {
		right, err := s.useCode(tx, who.Worker.ID, code, false)
		if err != nil {
			return err
		}
		if !right {
			return fault.Fields(map[string]string{"code": "login.code_not_right"})
		}
		if _, err := tx.Exec(`update totp set confirmed_at = $3 where tenant_id = $1 and worker_id = $2`, s.tenant, who.Worker.ID, tx.At); err != nil {
			return err
		}
		if err := audit.Command(tx, "", "login.totp_on"); err != nil {
			return err
		}
		token, err = raise(tx, who)
		return err
	})
	if err == nil {
		giveBack()
	}
	return token, err
}

// DropGenerator removes the signed-in worker's code generator.
func (s *Service) DropGenerator(ctx context.Context, who Who) error {
	if err := s.mayChange(who); err != nil {
		return err
	}
	return s.db.Update(ctx, who.Actor(actor.Service, "totp", ""), func(tx *db.Tx) error {
		if err := s.mustKeepOne(tx, who, 0); err != nil {
			return err
		}
		if _, err := tx.Exec(`delete from totp where tenant_id = $1 and worker_id = $2`, s.tenant, who.Worker.ID); err != nil {
			return err
		}
		return audit.Command(tx, "", "login.totp_off")
	})
}

// mustKeepOne refuses to take the last second factor away where the organisation asks for one. passkeys is how many of
// the worker's passkeys stay; a generator goes when it is asked about with all of them staying.
func (s *Service) mustKeepOne(tx *db.Tx, who Who, gone int) error {
	has, err := secondOf(tx, who.Worker.ID)
	if err != nil {
		return err
	}
	asked, err := s.asksSecond(tx)
	if err != nil || !asked {
		return err
	}
	left := has.Passkeys - gone
	if gone > 0 && has.TOTP {
		left++
	}
	if left == 0 {
		return fault.E(fault.Conflict, "login.last_factor", nil)
	}
	return nil
}

// mayChange refuses to change how somebody signs in when they have not proved who they are lately: an open machine
// must not be enough.
func (s *Service) mayChange(who Who) error {
	if !who.Proved(s.db.Now()) {
		return fault.E(fault.Denied, ProveAgain, nil)
	}
	return nil
}

// ProveAgain is the fault of a change that asks for a fresh proof: signing in again gives it.
const ProveAgain = "login.prove_again"

// useCode tells whether a code is right and has not been used: the same code is taken once (RFC 6238 5.2).
func (s *Service) useCode(tx *db.Tx, worker, code string, confirmed bool) (bool, error) {
	code = strings.Join(strings.Fields(code), "")
	var sealed []byte
	found, err := tx.One(`select secret from totp where tenant_id = $1 and worker_id = $2 and (confirmed_at is not null) = $3`, []any{s.tenant, worker, confirmed}, &sealed)
	if err != nil || !found || s.Keys == nil {
		return false, err
	}
	secret, err := s.Keys.Unseal(sealed, totpAbout(worker))
	if err != nil {
		return false, err
	}
	now := tx.At / time.Second.Microseconds() / stepSeconds
	for at := now - stepsAside; at <= now+stepsAside; at++ {
		if right, err := hotp.ValidateCustom(code, uint64(at), secret, codeForm); err != nil || !right {
			continue // an error is a code of another length
		}
		n, err := tx.Exec(`update totp set last_step = $3 where tenant_id = $1 and worker_id = $2 and last_step < $3`, s.tenant, worker, at)
		return n == 1, err
	}
	return false, nil
}

// Second takes the second factor after a right password: a code of the generator, or a recovery code. Denied
// login.code_not_right; Invalid login.step_over after five wrong ones or ten minutes; Unavailable login.wait.
func (s *Service) Second(ctx context.Context, secret, code string, v Visit) (Entered, error) {
	worker, err := s.tryStep(ctx, secret, stepSecond)
	if err != nil {
		return Entered{}, err
	}
	giveBack, err := s.take("second "+worker, v.Remote)
	if err != nil {
		return Entered{}, err
	}
	var in Entered
	right := false
	err = s.db.Update(ctx, s.entering(worker), func(tx *db.Tx) error {
		made, err := s.rightSecond(tx, worker, secret, code)
		if right = made.means != ""; err != nil || !right {
			return err
		}
		if err := endStep(tx, secret); err != nil {
			return err
		}
		in, err = s.beginIn(tx, worker, v, made)
		return err
	})
	if err != nil {
		return Entered{}, err
	}
	if !right {
		if err := s.note(ctx, worker, "login.wrong_code"); err != nil {
			return Entered{}, err
		}
		return Entered{}, fault.E(fault.Denied, "login.code_not_right", nil)
	}
	giveBack()
	return in, nil
}

// rightSecond gives the session that a right code leads to; the zero one when the code is wrong.
func (s *Service) rightSecond(tx *db.Tx, worker, secret, code string) (session, error) {
	var body string
	found, err := tx.One(`select body from sign_in_step where tenant_id = $1 and step_hash = $2`, []any{s.tenant, tokenHash(secret)}, &body)
	if err != nil || !found {
		return session{}, err
	}
	made, err := readSession(body)
	if err != nil {
		return session{}, err
	}
	made.level = 2
	right, err := s.useCode(tx, worker, code, true)
	if err != nil || right {
		return made, err
	}
	if right, err = useRecovery(tx, worker, code); err != nil || !right {
		return session{}, err
	}
	made.what = "login.in_by_recovery"
	return made, nil
}
