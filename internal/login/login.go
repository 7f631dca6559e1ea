// Package login owns how staff sign in: passwords, sessions, and the one-time code of the first start. It
// writes worker.password, session and first_code, and nothing else but the command log.
//
// It does not decide what somebody who is signed in may see: the slices do, from the actor.
package login

import (
	"context"
	"math"
	"net"
	"strings"
	"time"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/unit"
)

// Service signs the workers of one organisation in. Safe for many goroutines.
type Service struct {
	Organisation string // name that the organisation gets at the first start; empty: "Polku"

	db        *db.DB
	tenant    int64
	byName    *limit
	byAddress *limit
}

// New makes the service of a tenant.
func New(d *db.DB, tenant int64) *Service {
	return &Service{db: d, tenant: tenant, byName: newLimit(nameBurst, nameEvery), byAddress: newLimit(addressBurst, addressEvery)}
}

// Tenant is the organisation whose workers are signed in.
func (s *Service) Tenant() int64 { return s.tenant }

func (s *Service) system(what string) actor.Actor {
	return actor.System(s.tenant, actor.Checking, what)
}

// SignIn checks a password and begins a session. The token goes into the browser's cookie and nowhere else.
// agent is the browser's name for itself, remote the address it came from, with or without port.
//
// An unknown name, a worker who has left and a wrong password answer the same, in about the same time: Denied,
// login.wrong. After too many wrong tries, for the name or the address: Unavailable, login.wait, with seconds.
func (s *Service) SignIn(ctx context.Context, username, password, agent, remote string) (token string, w unit.Worker, err error) {
	username = strings.ToLower(strings.TrimSpace(username))
	giveBack, err := s.take(username, remote)
	if err != nil {
		return "", unit.Worker{}, err
	}
	id, phc, err := s.passwordOf(ctx, username)
	if err != nil {
		return "", unit.Worker{}, err
	}
	right, err := verifyKept(ctx, phc, password)
	if err != nil {
		return "", unit.Worker{}, err
	}
	if !right {
		if err := s.note(ctx, id, "login.wrong"); err != nil {
			return "", unit.Worker{}, err
		}
		return "", unit.Worker{}, fault.E(fault.Denied, "login.wrong", nil)
	}
	giveBack()
	return s.begin(ctx, id, agent, "login.in")
}

// AsPersona begins a session without a password, for made-up workers of the demo only.
func (s *Service) AsPersona(ctx context.Context, worker, agent string) (token string, w unit.Worker, err error) {
	err = s.db.View(ctx, s.system("sign-in"), func(tx *db.Tx) error {
		w, err = unit.GetWorker(tx, worker)
		return err
	})
	if err != nil {
		return "", unit.Worker{}, err
	}
	if !w.Demo || !w.Active {
		return "", unit.Worker{}, fault.E(fault.Denied, "login.no_persona", nil)
	}
	return s.begin(ctx, worker, agent, "login.persona")
}

// take uses up a try of the name and of the address.
func (s *Service) take(username, remote string) (giveBack func(), err error) {
	if host, _, err := net.SplitHostPort(remote); err == nil {
		remote = host
	}
	now := s.db.Now()
	backAddress, wait := s.byAddress.take(short(remote), now)
	if wait > 0 {
		return nil, waitFault(wait)
	}
	backName, wait := s.byName.take(short(username), now)
	if wait > 0 {
		backAddress()
		return nil, waitFault(wait)
	}
	return func() { backAddress(); backName() }, nil
}

func waitFault(wait time.Duration) error {
	return fault.E(fault.Unavailable, "login.wait", fault.Args{"seconds": int(math.Ceil(wait.Seconds()))})
}

// short keeps what somebody typed from filling the limits' memory.
func short(s string) string { return s[:min(len(s), 100)] }

// passwordOf gives the worker of a user name and the kept password; nobody's when there is none to check.
func (s *Service) passwordOf(ctx context.Context, username string) (id, kept string, err error) {
	err = s.db.View(ctx, s.system("sign-in"), func(tx *db.Tx) error {
		id, kept = "", ""
		_, err := tx.One(`select worker_id, coalesce(password, '') from worker where tenant_id = $1 and username = $2 and active`,
			[]any{s.tenant, username}, &id, &kept)
		return err
	})
	if kept == "" {
		kept = nobody
	}
	return id, kept, err
}

// note writes a row of the command log: who signs in, or tried and failed. An unknown name leaves a row without
// a worker, and never the name: people type passwords into that field.
func (s *Service) note(ctx context.Context, worker, what string) error {
	who := s.system("sign-in")
	who.Worker = worker
	return s.db.Update(ctx, who, func(tx *db.Tx) error { return audit.Command(tx, "", what) })
}
