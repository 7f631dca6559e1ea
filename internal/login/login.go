// Package login owns how staff sign in: passkeys, the organisation's own provider, passwords with a second factor,
// sessions and devices, resets, and the one-time code of the first start. It writes worker.password, session,
// first_code and the tables of migration 0006, and nothing else but the command log and, where groups of the provider
// give rights, the memberships of unit.
//
// It does not decide what somebody who is signed in may see: the slices do, from the actor.
package login

import (
	"context"
	"math"
	"net/netip"
	"strings"
	"time"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/oidc"
	"polku/internal/path"
	"polku/internal/seal"
	"polku/internal/unit"
)

// Service signs the workers of one organisation in. Safe for many goroutines.
type Service struct {
	Organisation string         // name that the organisation gets at the first start; empty: "Polku"
	Keys         *seal.Keys     // seals the secrets of code generators; nil: there are none
	Provider     *oidc.Provider // the organisation's own sign-in; nil: none
	Link         Link           // how a provider's account finds its worker the first time
	Book         *path.Book     // to move clients on when a group's end takes somebody's sight of them; nil with Provider nil
	SecondFactor bool           // a password alone does not do, where the organisation has not decided otherwise
	Live         *Live          // open pages, told when their session or rights end

	db        *db.DB
	tenant    int64
	byName    *limit
	byAddress *limit
	begun     *limit // steps begun from an address
	rights    rightsKept
}

// New makes the service of a tenant.
func New(d *db.DB, tenant int64) *Service {
	s := &Service{db: d, tenant: tenant, byName: newLimit(nameBurst, nameEvery), byAddress: newLimit(addressBurst, addressEvery), begun: newLimit(stepsBurst, stepsEvery)}
	s.Live = newLive(s)
	return s
}

// Tenant is the organisation whose workers are signed in.
func (s *Service) Tenant() int64 { return s.tenant }

func (s *Service) system(what string) actor.Actor {
	return actor.System(s.tenant, actor.Checking, what)
}

// Entered is the answer to a right proof: a session, or a step that the second factor is still missing from. Both
// secrets go into the browser's cookies and nowhere else.
type Entered struct {
	Token  string
	Step   string // with an empty Token: what Second asks for
	Worker unit.Worker
}

// SignIn checks a password and begins a session, or asks for the second factor.
//
// An unknown name, a worker who has left and a wrong password answer the same, in about the same time: Denied,
// login.wrong. After too many wrong tries, for the name or the address: Unavailable, login.wait, with seconds.
func (s *Service) SignIn(ctx context.Context, username, password string, v Visit) (Entered, error) {
	username = strings.ToLower(strings.TrimSpace(username))
	giveBack, err := s.take(username, v.Remote)
	if err != nil {
		return Entered{}, err
	}
	id, phc, err := s.passwordOf(ctx, username)
	if err != nil {
		return Entered{}, err
	}
	right, err := verifyKept(ctx, phc, password)
	if err != nil {
		return Entered{}, err
	}
	if !right {
		if err := s.note(ctx, id, "login.wrong"); err != nil {
			return Entered{}, err
		}
		return Entered{}, fault.E(fault.Denied, "login.wrong", nil)
	}
	giveBack()
	return s.afterFirst(ctx, id, v, session{means: MeansPassword, level: 1})
}

// afterFirst begins a session after one right factor, or asks for the second one when the worker has one.
func (s *Service) afterFirst(ctx context.Context, worker string, v Visit, made session) (Entered, error) {
	var has Second
	err := s.db.View(ctx, s.system("sign-in"), func(tx *db.Tx) (err error) {
		has, err = secondOf(tx, worker)
		return err
	})
	if err != nil {
		return Entered{}, err
	}
	if !has.Any() {
		return s.begin(ctx, worker, v, made)
	}
	if err := s.note(ctx, worker, "login.first_factor"); err != nil {
		return Entered{}, err
	}
	secret, err := s.beginStep(ctx, stepSecond, worker, made.kept())
	return Entered{Step: secret}, err
}

// AsPersona begins a session without a password, for made-up workers of the demo only.
func (s *Service) AsPersona(ctx context.Context, worker string, v Visit) (Entered, error) {
	var w unit.Worker
	err := s.db.View(ctx, s.system("sign-in"), func(tx *db.Tx) (err error) {
		w, err = unit.GetWorker(tx, worker)
		return err
	})
	if err != nil {
		return Entered{}, err
	}
	if !w.Demo || !w.Active {
		return Entered{}, fault.E(fault.Denied, "login.no_persona", nil)
	}
	return s.begin(ctx, worker, v, session{means: MeansPersona, level: 2, what: "login.persona"})
}

// take uses up a try of the name and of the address.
func (s *Service) take(username, remote string) (giveBack func(), err error) {
	backAddress, err := s.takeAddress(remote)
	if err != nil {
		return nil, err
	}
	backName, wait := s.byName.take(short(username), s.db.Now())
	if wait > 0 {
		backAddress()
		return nil, waitFault(wait)
	}
	return func() { backAddress(); backName() }, nil
}

// takeAddress uses up a try of the address alone.
func (s *Service) takeAddress(remote string) (giveBack func(), err error) {
	giveBack, wait := s.byAddress.take(Source(remote), s.db.Now())
	if wait > 0 {
		return nil, waitFault(wait)
	}
	return giveBack, nil
}

// takeStepFrom uses up one of an address's steps: each leaves a row, and nobody may fill the database with them.
func (s *Service) takeStepFrom(remote string) error {
	if _, wait := s.begun.take(Source(remote), s.db.Now()); wait > 0 {
		return waitFault(wait)
	}
	return nil
}

// Source is what tries from an address are counted by: the address without its port. Of IPv6 it is the network of 64
// bits that one household or machine has, or each try would come from an address of its own.
func Source(remote string) string {
	ip := address(remote)
	if !ip.IsValid() {
		return short(remote)
	}
	if ip.Is6() {
		return netip.PrefixFrom(ip, 64).Masked().String()
	}
	return ip.String()
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
