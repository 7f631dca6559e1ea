package login

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
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

// ProofLife is how long after a proof of who they are somebody may change how they sign in (ASVS 5.0, 7.5.1).
const ProofLife = 15 * time.Minute

// Means by which a session began, as the list of sessions and the log name them.
const (
	MeansPersona  = "persona"
	MeansPassword = "password"
	MeansPasskey  = "passkey"
	MeansProvider = "provider"
	MeansReset    = "reset"
)

// Who is signed in.
type Who struct {
	Tenant      int64
	Worker      unit.Worker
	Session     string    // id for logs; not the token
	Role        unit.Role // the most far-reaching, for what the menus offer; empty without any
	HasCases    bool      // may open clients in some register
	Figures     bool      // answers for more than their own clients: sees figures of a unit
	Keeps       bool      // decides with another what is destroyed and taken out, by some role
	KeepsRights bool      // answers clients' requests about their data and reviews the logs
	MustChange  bool      // signed in with a password that somebody else chose: a new one comes first
	MustSetUp   bool      // signed in with one factor where two are asked for: the second is set up first
	Level       int       // 1: one factor, 2: two
	Means       string    // how the session began
	ProvedAt    int64     // when they last proved who they are, microseconds
	Rights      string    // changes when the worker's rights do: what Live compares
	Reset       string    // id of a reset that waits and that they must know of; empty: none
}

// Actor gives the actor of a request.
func (w Who) Actor(purpose actor.Purpose, screen, request string) actor.Actor {
	return actor.Actor{Tenant: w.Tenant, Worker: w.Worker.ID, Session: w.Session, Purpose: purpose, Screen: screen, Request: request, Admin: w.Worker.Admin}
}

// Proved tells whether the person has proved who they are lately enough to change how they sign in.
func (w Who) Proved(now time.Time) bool { return now.UnixMicro()-w.ProvedAt < ProofLife.Microseconds() }

// tokenHash is what the database keeps: whoever reads it there cannot sign in with it.
func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// tokenLength in characters: 32 random bytes in base64url.
const tokenLength = 43

// session is how one is to begin.
type session struct {
	means                            string
	level                            int
	what                             string // verb of the command log; empty: login.in
	issuer, subject, providerSession string
}

// keptSession is a session to begin after the second factor, in its step.
type keptSession struct {
	Means, Issuer, Subject, Session string
}

func (m session) kept() keptSession {
	return keptSession{m.means, m.issuer, m.subject, m.providerSession}
}

func readSession(body string) (session, error) {
	var k keptSession
	err := json.Unmarshal([]byte(body), &k)
	return session{means: k.Means, issuer: k.Issuer, subject: k.Subject, providerSession: k.Session}, fault.Wrap(err, "login.step")
}

// begin makes a session of a worker and notes it. The token is new each time: one from before the sign-in is worth
// nothing after it.
func (s *Service) begin(ctx context.Context, worker string, v Visit, made session) (Entered, error) {
	var in Entered
	err := s.db.Update(ctx, s.entering(worker), func(tx *db.Tx) (err error) {
		in, err = s.beginIn(tx, worker, v, made)
		return err
	})
	return in, err
}

// entering is the actor of a sign-in: the worker, who may do nothing else by it.
func (s *Service) entering(worker string) actor.Actor {
	who := s.system("sign-in")
	who.Worker, who.Session, who.Admin = worker, ident.New(), false
	return who
}

// beginIn is begin inside a transaction of entering.
func (s *Service) beginIn(tx *db.Tx, worker string, v Visit, made session) (Entered, error) {
	w, err := unit.GetWorker(tx, worker)
	if err != nil {
		return Entered{}, err
	}
	if !w.Active { // left between the check and now
		return Entered{}, fault.E(fault.Denied, "login.wrong", nil)
	}
	token := random()
	if _, err := tx.Exec(`insert into session (token_hash, tenant_id, worker_id, session_id, agent, created_at, seen_at, expires_at,
		device_hash, place, level, means, proved_at, issuer, subject, provider_session)
		values ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10, $11, $6, $12, $13, $14)`,
		tokenHash(token), s.tenant, worker, tx.Who.Session, cut(v.Agent, 200), tx.At, tx.At+SessionMost.Microseconds(),
		deviceHash(v.Device), place(v.Remote), made.level, made.means, made.issuer, made.subject, made.providerSession); err != nil {
		return Entered{}, err
	}
	what := made.what
	if what == "" {
		what = "login.in"
	}
	return Entered{Token: token, Worker: w}, audit.Command(tx, "", what)
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
var selectSession = `select s.session_id, s.seen_at, s.device_hash, s.agent, s.level, s.means, s.proved_at, w.worker_id, w.username, w.name, w.initials, w.title, w.phone,
	w.lang, w.theme, w.shortcuts, w.admin, w.active, w.demo, coalesce(substr(w.password, 1, 5), '') = 'once ', t.house_rev,
	coalesce((select max(` + rankOfRole() + `) * 16 + max(case when m.role in (` + rolesWith(func(a unit.About) bool { return a.Keeps }) + `) then 8 else 0 end)
		+ max(case when m.role in (` + rolesWith(func(a unit.About) bool { return a.Logs }) + `) then 4 else 0 end)
		+ max(case when m.role in (` + rolesWith(func(a unit.About) bool { return a.Figures }) + `) then 2 else 0 end) + max(case when m.cases then 1 else 0 end) from member m where m.tenant_id = s.tenant_id and m.worker_id = s.worker_id), 0),
	coalesce((select case when p.second_factor then 2 else 1 end from sign_in_policy p where p.tenant_id = s.tenant_id), 0),
	coalesce((select min(r.reset_id) from sign_in_reset r where r.tenant_id = s.tenant_id and r.pending and r.until_at > $4 and ` + toldOfReset + `), ''),
	` + unit.Unsettled("s.worker_id", "$4", "$5") + `, ` + unit.GrantsOf("s.worker_id") + `
	from session s join worker w on w.tenant_id = s.tenant_id and w.worker_id = s.worker_id join tenant t on t.tenant_id = s.tenant_id
	where s.token_hash = $1 and s.tenant_id = $2 and s.seen_at > $3 and s.expires_at > $4 and w.active`

// rankOfRole is SQL that gives a role's weight: 1 is the least.
func rankOfRole() string {
	sql := "case m.role"
	for i, r := range unit.ByWeight {
		sql += " when '" + string(r) + "' then " + strconv.Itoa(len(unit.ByWeight)-i)
	}
	return sql + " else 0 end"
}

// rolesWith is SQL: a list of the roles that have a right.
func rolesWith(right func(unit.About) bool) string {
	var words []string
	for _, r := range unit.Roles {
		if right(r.About()) {
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
// than SessionMost, the worker has left, or the token comes from another device or another kind of browser than it
// was given to. The use is written down once in five minutes.
func (s *Service) Session(ctx context.Context, token string, v Visit) (Who, error) {
	over := fault.E(fault.SignIn, "login.session_over", nil)
	if len(token) != tokenLength {
		return Who{}, over
	}
	hash := tokenHash(token)
	who := Who{Tenant: s.tenant}
	var seen, now, rev int64
	var rank, policy int
	var device []byte
	var agent, grants string
	found, unsettled := false, false
	err := s.db.View(ctx, s.system("session"), func(tx *db.Tx) error {
		now = tx.At
		w := &who.Worker
		var err error
		found, err = tx.One(selectSession, []any{hash, s.tenant, now - IdleMost.Microseconds(), now, tx.Today}, &who.Session, &seen, &device, &agent, &who.Level, &who.Means, &who.ProvedAt,
			&w.ID, &w.Username, &w.Name, &w.Initials, &w.Title, &w.Phone, &w.Lang, &w.Theme, &w.Shortcuts, &w.Admin, &w.Active, &w.Demo, &who.MustChange, &rev, &rank, &policy, &who.Reset, &unsettled, &grants)
		if err == nil && found {
			who.Rights, err = s.rights.of(tx, *w, rev)
			who.Rights = withGrants(who.Rights, strings.Fields(grants))
		}
		return err
	})
	if err != nil {
		return Who{}, err
	}
	if !found || device != nil && subtle.ConstantTimeCompare(device, deviceHash(v.Device)) != 1 || Family(agent) != Family(v.Agent) {
		return Who{}, over
	}
	who.Role, who.Keeps, who.KeepsRights, who.Figures, who.HasCases = roleOfRank(rank/16), rank&8 != 0, rank&4 != 0, rank&2 != 0, rank&1 != 0
	who.MustSetUp = who.Level < 2 && (policy == 2 || policy == 0 && s.SecondFactor)
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

// raise makes a session one of two factors, proved now, with a new token: the old one is worth nothing any more.
func raise(tx *db.Tx, who Who) (token string, err error) {
	token = random()
	n, err := tx.Exec(`update session set token_hash = $4, level = 2, proved_at = $5 where tenant_id = $1 and worker_id = $2 and session_id = $3`,
		tx.Who.Tenant, who.Worker.ID, who.Session, tokenHash(token), tx.At)
	if err == nil && n == 0 {
		err = fault.E(fault.SignIn, "login.session_over", nil)
	}
	return token, err
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
		if err := sessionsEnded(tx); err != nil {
			return err
		}
		return audit.Command(tx, "", "login.out")
	})
}
