package login

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/oidc"
	"polku/internal/unit"
)

// Link is how an account of the provider finds its worker the first time; after that issuer and subject do.
type Link string

// Ways to find the worker.
const (
	LinkUsername Link = "username" // the user name is the same here; only for a provider whose user names people cannot choose
	LinkEmail    Link = "email"    // the user name here is the verified e-mail address there
	LinkNone     Link = "none"     // never: accounts are made by groups only
)

// pendingSignIn is what is kept while the browser is at the provider.
type pendingSignIn struct {
	OIDC oidc.Pending
	Next string // path to go on to
}

// BeginProvider gives the address of the organisation's provider to send the browser to, and the step's secret. next is
// a path of ours, kept until the browser is back.
func (s *Service) BeginProvider(ctx context.Context, ask oidc.Ask, next string, v Visit) (address, step string, err error) {
	if s.Provider == nil {
		return "", "", fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err := s.takeStepFrom(v.Remote); err != nil {
		return "", "", err
	}
	address, pending, err := s.Provider.Start(ctx, ask)
	if err != nil {
		return "", "", err
	}
	step, err = s.beginStep(ctx, stepProvider, "", pendingSignIn{pending, next})
	return address, step, err
}

// FinishProvider reads what the provider answered, brings the worker's rights up to their groups, and begins a session:
// of two factors when the provider proves them; else the worker's own second factor is asked for, as after a password.
func (s *Service) FinishProvider(ctx context.Context, secret string, query url.Values, v Visit) (in Entered, next string, err error) {
	if s.Provider == nil {
		return Entered{}, "", fault.E(fault.NotFound, "error.not_found", nil)
	}
	var pending pendingSignIn
	if _, err := s.takeStep(ctx, secret, stepProvider, &pending); err != nil {
		return Entered{}, "", err
	}
	who, err := s.Provider.Finish(ctx, pending.OIDC, query)
	if err != nil {
		if noted := s.note(ctx, "", "login.provider_refused"); noted != nil {
			return Entered{}, "", noted
		}
		return Entered{}, pending.Next, err
	}
	worker, err := s.workerOf(ctx, who)
	if err != nil {
		return Entered{}, pending.Next, err
	}
	made := session{means: MeansProvider, level: 1, issuer: who.Issuer, subject: who.Subject, providerSession: who.Session}
	if who.MFA {
		made.level = 2
		in, err = s.begin(ctx, worker, v, made)
		return in, pending.Next, err
	}
	in, err = s.afterFirst(ctx, worker, v, made)
	return in, pending.Next, err
}

// workerOf finds or makes the worker of a provider's account and applies their groups, all or nothing. A refusal is
// noted for itself: its transaction is gone.
func (s *Service) workerOf(ctx context.Context, who oidc.Identity) (worker string, err error) {
	err = s.db.Update(ctx, s.system("sign-in"), func(tx *db.Tx) error {
		worker = ""
		id, err := s.linked(tx, who)
		if err != nil {
			return err
		}
		want, err := rolesOf(tx, who.Groups)
		if err != nil {
			return err
		}
		if id == "" && len(want) > 0 {
			if id, err = s.provision(tx, who); err != nil {
				return err
			}
		}
		if id == "" {
			return fault.E(fault.Denied, "login.no_account", nil)
		}
		worker = id
		tx.Who.Worker = id // whose sign-in it is, for the log
		return s.applyGroups(tx, id, want)
	})
	if err != nil {
		if noted := s.note(ctx, worker, "login.provider_denied"); noted != nil {
			return "", noted
		}
	}
	return worker, err
}

// linked gives the worker of the account; empty when there is none yet and none can be found.
func (s *Service) linked(tx *db.Tx, who oidc.Identity) (string, error) {
	var id string
	var active bool
	found, err := tx.One(`select a.worker_id, w.active from provider_account a join worker w on w.tenant_id = a.tenant_id and w.worker_id = a.worker_id
		where a.tenant_id = $1 and a.issuer = $2 and a.subject = $3`, []any{s.tenant, who.Issuer, who.Subject}, &id, &active)
	switch {
	case err != nil:
		return "", err
	case found && !active:
		return "", fault.E(fault.Denied, "login.closed", nil)
	case found:
		_, err = tx.Exec(`update provider_account set used_at = $4 where tenant_id = $1 and issuer = $2 and subject = $3`, s.tenant, who.Issuer, who.Subject, tx.At)
		return id, err
	}
	name := s.nameOf(who)
	if name == "" || s.Link == LinkNone {
		return "", nil
	}
	// Somebody who is linked to another account already is not linked again: a user name may have been given anew.
	var other bool
	found, err = tx.One(`select w.worker_id, w.active, exists (select 1 from provider_account a where a.tenant_id = $1 and a.issuer = $3 and a.worker_id = w.worker_id)
		from worker w where w.tenant_id = $1 and w.username = $2`, []any{s.tenant, name, who.Issuer}, &id, &active, &other)
	switch {
	case err != nil || !found:
		return "", err
	case !active:
		return "", fault.E(fault.Denied, "login.closed", nil)
	case other:
		return "", fault.E(fault.Denied, "login.other_account", nil)
	}
	return id, s.link(tx, who, id)
}

// nameOf is the user name here that an account of the provider stands for; empty when the provider does not vouch for it.
func (s *Service) nameOf(who oidc.Identity) string {
	if s.Link == LinkEmail {
		if !who.EmailVerified {
			return ""
		}
		return strings.ToLower(who.Email)
	}
	return strings.ToLower(who.Username)
}

func (s *Service) link(tx *db.Tx, who oidc.Identity, worker string) error {
	if _, err := tx.Exec(`insert into provider_account (tenant_id, issuer, subject, worker_id, linked_at, used_at) values ($1, $2, $3, $4, $5, $5)`,
		s.tenant, who.Issuer, who.Subject, worker, tx.At); err != nil {
		return err
	}
	return audit.Command(tx, "", "login.linked")
}

// provision makes an account for somebody whose groups give them rights here.
func (s *Service) provision(tx *db.Tx, who oidc.Identity) (string, error) {
	name := s.nameOf(who)
	if name == "" {
		name = strings.ToLower(who.Username)
	}
	full := who.Name
	if full == "" {
		full = name
	}
	id, err := unit.AddWorker(tx, unit.Worker{Username: name, Name: full})
	if fault.Is(err, fault.Invalid) { // no name, or one that somebody else has: an administrator must look at it
		return "", fault.E(fault.Denied, "login.no_account", nil)
	}
	if err != nil {
		return "", err
	}
	return id, s.link(tx, who, id)
}

// Accounts gives the provider's accounts of a worker: the issuers.
func Accounts(tx *db.Tx, worker string) ([]string, error) {
	if err := selfOrAdmin(tx, worker); err != nil {
		return nil, err
	}
	var all []string
	err := tx.Each(`select issuer from provider_account where tenant_id = $1 and worker_id = $2 order by issuer, subject`, []any{tx.Who.Tenant, worker}, func(row func(...any) error) error {
		var issuer string
		err := row(&issuer)
		if !slices.Contains(all, issuer) {
			all = append(all, issuer)
		}
		return err
	})
	return all, err
}

// Unlink forgets a worker's accounts at the provider and ends the sessions begun by them.
func Unlink(tx *db.Tx, worker string) error {
	if err := unit.MustAdmin(tx); err != nil {
		return err
	}
	if _, err := tx.Exec(`delete from provider_account where tenant_id = $1 and worker_id = $2`, tx.Who.Tenant, worker); err != nil {
		return err
	}
	if _, err := tx.Exec(`delete from session where tenant_id = $1 and worker_id = $2 and means = $3`, tx.Who.Tenant, worker, MeansProvider); err != nil {
		return err
	}
	if err := sessionsEnded(tx); err != nil {
		return err
	}
	return audit.Command(tx, "", "login.unlinked")
}

// BackChannel ends the sessions that the provider says have ended. Denied when it was not the provider who said so.
func (s *Service) BackChannel(ctx context.Context, token string) error {
	if s.Provider == nil {
		return fault.E(fault.NotFound, "error.not_found", nil)
	}
	ended, err := s.Provider.BackChannel(ctx, token)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, s.system("sign-out"), func(tx *db.Tx) error {
		n, err := tx.Exec(`delete from session where tenant_id = $1 and issuer = $2 and ($3 = '' or subject = $3) and ($4 = '' or provider_session = $4)`,
			s.tenant, ended.Issuer, ended.Subject, ended.Session)
		if err != nil || n == 0 {
			return err
		}
		if err := sessionsEnded(tx); err != nil {
			return err
		}
		return audit.Command(tx, "", "login.out_by_provider")
	})
}
