// Package portal owns how a client gets to their own page as a participant, and what they write there before they send
// it: invitations, PINs, passkeys, known devices, sessions, drafts. It writes the tables portal_*, and nothing else but the logs and,
// by package path, the journal.
//
// Two levels (306/2019 s. 6): a known device and a PIN, or a passkey, open the participant's own day and writing; strong identification
// opens what the staff have written. Whoever is at their own page is an actor with Client set: no id that they send says
// whose data they get.
package portal

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"polku/internal/actor"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/login"
	"polku/internal/oidc"
	"polku/internal/seal"
)

// How long things last.
const (
	LinkMost    = 7 * 24 * time.Hour   // a link whose PIN was agreed face to face
	ChooseMost  = time.Hour            // a link with which the PIN is chosen: it is opened on the spot
	IdleMost    = 30 * time.Minute     // a session without use
	SessionMost = 12 * time.Hour       // a session in all
	DeviceMost  = 180 * 24 * time.Hour // a device without use
	StrongMost  = 30 * time.Minute     // strong identification, before it is asked again
	seenEvery   = 5 * time.Minute
)

// TriesMost is how many wrong PINs in a row lock the access, whatever device they come from.
const TriesMost = 5

// How many wrong tries one address may make at once, and how often one more: a group of twenty behind one address can
// sign in at nine o'clock, since right ones do not count.
const (
	addressBurst = 30
	addressEvery = 5 * time.Second
	stepsBurst   = 100 // sign-ins begun by passkey: they count whether they succeed or not
	stepsEvery   = time.Second
)

// Service lets the participants of one organisation in. Safe for many goroutines.
type Service struct {
	Strong *Strong // nil: there is no strong identification; data are shown face to face

	db        *db.DB
	tenant    int64
	keys      *seal.Keys
	byAddress *login.Limit
	steps     *login.Limit
}

// Strong is how participants prove who they are.
type Strong struct {
	Provider *oidc.Provider
	ACR      []string // levels asked for, best first; empty: Levels
	Claim    string   // claim with the Finnish identity code; empty: DefaultClaim
}

// DefaultClaim is where brokers of Suomi.fi and the Finnish Trust Network commonly give the identity code. Some use
// urn:oid:1.2.246.21.
const DefaultClaim = "national_identification_number"

// Levels are the acr values that are strong enough: substantial and high, as the Finnish Trust Network and eIDAS name them.
var Levels = []string{"http://ftn.ficora.fi/2017/loa2", "http://ftn.ficora.fi/2017/loa3", "http://eidas.europa.eu/LoA/substantial", "http://eidas.europa.eu/LoA/high"}

// New makes the service of a tenant. keys make a PIN worthless to whoever has the database alone.
func New(d *db.DB, tenant int64, keys *seal.Keys) *Service {
	return &Service{db: d, tenant: tenant, keys: keys, byAddress: login.NewLimit(addressBurst, addressEvery),
		steps: login.NewLimit(stepsBurst, stepsEvery)}
}

// Who is at their own page.
type Who struct {
	Tenant  int64
	Client  string // empty: nobody
	Session string // id for logs; not the token
	Device  string
	Lang    string // chosen by the participant, else the client's contact language; may be empty
	Strong  bool   // strongly identified, lately enough
}

// Actor gives the actor of a request.
func (w Who) Actor(screen, request string) actor.Actor {
	return actor.Participant(w.Tenant, w.Client, w.Session, screen, request)
}

// system is the program on its way to find out who somebody is.
func (s *Service) system() actor.Actor { return actor.System(s.tenant, actor.Checking, "own page") }

// me is the participant's client id; Denied to whoever is no participant.
func me(tx *db.Tx) (string, error) {
	if tx.Who.Client == "" {
		return "", fault.E(fault.Denied, "error.denied", nil)
	}
	return tx.Who.Client, nil
}

// secret gives 32 random bytes as text, for a device or a session (a link is a login.Code, which can be read out); hash is what the database keeps of it.
func secret() string {
	raw := make([]byte, 32)
	rand.Read(raw) // never fails: it ends the program instead
	return base64.RawURLEncoding.EncodeToString(raw)
}

// secretLength in characters.
const secretLength = 43

func hash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
