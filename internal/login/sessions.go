package login

import (
	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/unit"
)

// OpenSession is one of a worker's sessions, as they see it in their settings.
type OpenSession struct {
	ID, Family, Means string
	Place             string // PlaceHere, PlaceInside or a network; empty: not known
	Begun, Seen       int64  // microseconds; Seen is exact to five minutes
}

// Sessions gives a worker's living sessions, the one used last first: their own, or anybody's for an administrator.
func Sessions(tx *db.Tx, worker string) ([]OpenSession, error) {
	if err := selfOrAdmin(tx, worker); err != nil {
		return nil, err
	}
	var all []OpenSession
	err := tx.Each(`select session_id, agent, means, place, created_at, seen_at from session where tenant_id = $1 and worker_id = $2 and seen_at > $3 and expires_at > $4
		order by seen_at desc, session_id`, []any{tx.Who.Tenant, worker, tx.At - IdleMost.Microseconds(), tx.At}, func(row func(...any) error) error {
		var s OpenSession
		var agent string
		err := row(&s.ID, &agent, &s.Means, &s.Place, &s.Begun, &s.Seen)
		s.Family = Family(agent)
		all = append(all, s)
		return err
	})
	return all, err
}

func selfOrAdmin(tx *db.Tx, worker string) error {
	if worker == tx.Who.Worker {
		return nil
	}
	return unit.MustAdmin(tx)
}

// EndSession ends one of a worker's sessions: one's own, or anybody's for an administrator.
func EndSession(tx *db.Tx, worker, session string) error {
	if err := selfOrAdmin(tx, worker); err != nil {
		return err
	}
	n, err := tx.Exec(`delete from session where tenant_id = $1 and worker_id = $2 and session_id = $3`, tx.Who.Tenant, worker, session)
	if err == nil && n == 0 {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err != nil {
		return err
	}
	if err := sessionsEnded(tx); err != nil {
		return err
	}
	return audit.Command(tx, "", "login.end_session")
}

// EndOthers ends all of the actor's sessions but the one they act in; an administrator ends all of somebody else's.
func EndOthers(tx *db.Tx, worker string) error {
	if err := selfOrAdmin(tx, worker); err != nil {
		return err
	}
	if err := EndSessions(tx, worker, tx.Who.Session); err != nil {
		return err
	}
	return audit.Command(tx, "", "login.end_sessions")
}

// EndSessions ends a worker's sessions, all but one (empty: all).
func EndSessions(tx *db.Tx, worker, but string) error {
	n, err := tx.Exec(`delete from session where tenant_id = $1 and worker_id = $2 and session_id <> $3`, tx.Who.Tenant, worker, but)
	if err != nil || n == 0 {
		return err
	}
	return sessionsEnded(tx)
}

// sessionsEnded tells every process that sessions have ended before their time: see Live.
func sessionsEnded(tx *db.Tx) error {
	_, err := tx.Exec(`insert into session_rev (tenant_id, rev) values ($1, 1) on conflict (tenant_id) do update set rev = session_rev.rev + 1`, tx.Who.Tenant)
	return err
}

// DropExpired deletes what has ended by itself and tells how many sessions there were: the night's work.
func DropExpired(tx *db.Tx) (int64, error) {
	if _, err := tx.Exec(`delete from sign_in_step where tenant_id = $1 and expires_at <= $2`, tx.Who.Tenant, tx.At); err != nil {
		return 0, err
	}
	if _, err := tx.Exec(`update sign_in_reset set pending = false where tenant_id = $1 and pending and until_at <= $2`, tx.Who.Tenant, tx.At); err != nil {
		return 0, err
	}
	return tx.Exec(`delete from session where tenant_id = $1 and (expires_at <= $2 or seen_at <= $3)`, tx.Who.Tenant, tx.At, tx.At-IdleMost.Microseconds())
}
