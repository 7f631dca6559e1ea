package login

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/unit"
)

// How long a session lives: without use, at the most, and how exactly its last use is kept.
const (
	IdleMost    = 8 * time.Hour
	SessionMost = 24 * time.Hour
	seenEvery   = 5 * time.Minute
)

// Who is signed in.
type Who struct {
	Tenant     int64
	Worker     unit.Worker
	Session    string    // id for logs; not the token
	Role       unit.Role // the most far-reaching, for what the menus offer; empty without any
	HasCases   bool      // may open clients in some register
	Figures    bool      // answers for more than their own clients: sees figures of a unit
	MustChange bool      // signed in with a password that somebody else chose: a new one comes first
}

// Actor gives the actor of a request.
func (w Who) Actor(purpose actor.Purpose, screen, request string) actor.Actor {
	return actor.Actor{Tenant: w.Tenant, Worker: w.Worker.ID, Session: w.Session, Purpose: purpose, Screen: screen, Request: request, Admin: w.Worker.Admin}
}

// tokenHash is what the database keeps: whoever reads it there cannot sign in with it.
func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// tokenLength in characters: 32 random bytes in base64url.
const tokenLength = 43

// begin makes a session of a worker and notes it.
func (s *Service) begin(ctx context.Context, worker, agent, what string) (token string, w unit.Worker, err error) {
	raw := make([]byte, 32)
	rand.Read(raw) // never fails: it ends the program instead
	token = base64.RawURLEncoding.EncodeToString(raw)
	session := ident.New()
	who := s.system("sign-in")
	who.Worker, who.Session, who.Admin = worker, session, false
	err = s.db.Update(ctx, who, func(tx *db.Tx) error {
		if w, err = unit.GetWorker(tx, worker); err != nil {
			return err
		}
		if !w.Active { // left between the check of the password and now
			return fault.E(fault.Denied, "login.wrong", nil)
		}
		if _, err := tx.Exec(`insert into session (token_hash, tenant_id, worker_id, session_id, agent, created_at, seen_at, expires_at)
			values ($1, $2, $3, $4, $5, $6, $6, $7)`,
			tokenHash(token), s.tenant, worker, session, cut(agent, 200), tx.At, tx.At+SessionMost.Microseconds()); err != nil {
			return err
		}
		return audit.Command(tx, "", what)
	})
	if err != nil {
		return "", unit.Worker{}, err
	}
	return token, w, nil
}

// cut shortens a text to n bytes at most, without half a character at its end.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n]
}

// selectSession finds a living session with its worker and their highest role by one look into each index. The
// order of roles is unit.Highest's: a manager who does case work too is shown the case worker's menus.
var selectSession = `select s.session_id, s.seen_at, w.worker_id, w.username, w.name, w.initials, w.title, w.phone, w.lang, w.theme,
	w.shortcuts, w.admin, w.active, w.demo, coalesce(substr(w.password, 1, 5), '') = 'once ',
	coalesce((select max(` + rankOfRole() + `) * 4
		+ max(case when m.role in (` + rolesWithFigures() + `) then 2 else 0 end) + max(case when m.cases then 1 else 0 end) from member m where m.tenant_id = s.tenant_id and m.worker_id = s.worker_id), 0),
	` + unit.Unsettled("s.worker_id", "$4", "$5") + `
	from session s join worker w on w.tenant_id = s.tenant_id and w.worker_id = s.worker_id
	where s.token_hash = $1 and s.tenant_id = $2 and s.seen_at > $3 and s.expires_at > $4 and w.active`

// rankOfRole is SQL that gives a role's weight: 1 is the least.
func rankOfRole() string {
	sql := "case m.role"
	for i, r := range unit.ByWeight {
		sql += " when '" + string(r) + "' then " + strconv.Itoa(len(unit.ByWeight)-i)
	}
	return sql + " else 0 end"
}

// rolesWithFigures is SQL: a list of the roles that see figures.
func rolesWithFigures() string {
	var words []string
	for _, r := range unit.Roles {
		if r.About().Figures {
			words = append(words, "'"+string(r)+"'")
		}
	}
	return strings.Join(words, ", ")
}

// roleOfRank is the other way round; empty for 0.
func roleOfRank(rank int) unit.Role {
	if rank == 0 {
		return ""
	}
	return unit.ByWeight[len(unit.ByWeight)-rank]
}

// Session tells who a token belongs to; SignIn fault when nobody: unknown, ended, unused for IdleMost, older
// than SessionMost, or the worker has left. The use is written down once in five minutes.
func (s *Service) Session(ctx context.Context, token string) (Who, error) {
	if len(token) != tokenLength {
		return Who{}, fault.E(fault.SignIn, "login.session_over", nil)
	}
	hash := tokenHash(token)
	who := Who{Tenant: s.tenant}
	var seen, now int64
	var rank int
	found, unsettled := false, false
	err := s.db.View(ctx, s.system("session"), func(tx *db.Tx) error {
		now = tx.At
		w := &who.Worker
		var err error
		found, err = tx.One(selectSession, []any{hash, s.tenant, now - IdleMost.Microseconds(), now, tx.Today}, &who.Session, &seen, &w.ID, &w.Username, &w.Name,
			&w.Initials, &w.Title, &w.Phone, &w.Lang, &w.Theme, &w.Shortcuts, &w.Admin, &w.Active, &w.Demo, &who.MustChange, &rank, &unsettled)
		return err
	})
	if err != nil {
		return Who{}, err
	}
	if !found {
		return Who{}, fault.E(fault.SignIn, "login.session_over", nil)
	}
	who.Role, who.Figures, who.HasCases = roleOfRank(rank/4), rank&2 != 0, rank&1 != 0
	if now-seen < seenEvery.Microseconds() && !unsettled {
		return who, nil
	}
	err = s.db.Update(ctx, s.system("session"), func(tx *db.Tx) error {
		if err := unit.Settle(tx); err != nil {
			return err
		}
		_, err := tx.Exec(`update session set seen_at = $2 where token_hash = $1 and seen_at < $2`, hash, tx.At)
		return err
	})
	if fault.Is(err, fault.Unavailable) {
		err = nil // on a full or failing disk people can still read; the use is written down another time
	}
	return who, err
}

// SignOut ends a session. An unknown token is no error: the cookie may be old.
func (s *Service) SignOut(ctx context.Context, token string) error {
	return s.db.Update(ctx, s.system("sign-out"), func(tx *db.Tx) error {
		var worker string
		found, err := tx.One(`delete from session where token_hash = $1 and tenant_id = $2 returning worker_id`, []any{tokenHash(token), s.tenant}, &worker)
		if err != nil || !found {
			return err
		}
		tx.Who.Worker = worker
		return audit.Command(tx, "", "login.out")
	})
}

// EndSessions ends a worker's sessions, all but one (empty: all).
func EndSessions(tx *db.Tx, worker, but string) error {
	_, err := tx.Exec(`delete from session where tenant_id = $1 and worker_id = $2 and session_id <> $3`, tx.Who.Tenant, worker, but)
	return err
}

// DropExpired deletes sessions that have ended by themselves, and tells how many: the night's work.
func DropExpired(tx *db.Tx) (int64, error) {
	return tx.Exec(`delete from session where tenant_id = $1 and (expires_at <= $2 or seen_at <= $3)`, tx.Who.Tenant, tx.At, tx.At-IdleMost.Microseconds())
}
