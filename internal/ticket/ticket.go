// Package ticket owns one-time pages: a secret link with which somebody without an account may do one thing, until it is
// done or its time is over. The database keeps a hash of the secret.
package ticket

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"time"

	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
)

// Kind tells what a link is for.
type Kind string

// The kinds.
const (
	Passage  Kind = "passage"   // a receiver outside answers a hand-off
	FollowUp Kind = "follow_up" // a former client tells how they are
)

// Ticket is a link that holds.
type Ticket struct {
	ID, Client, Path string
	About            string // passage id, or the span of a follow-up
	Kind             Kind
	MadeBy           string // worker
	Until            int64  // microseconds UTC
}

// Make gives the secret of a new link, which is shown once and kept nowhere. A link made earlier for the same is void.
// The caller has asked whether the actor may.
func Make(tx *db.Tx, kind Kind, clientID, pathID, about string, life time.Duration) (secret string, until int64, err error) {
	if err := End(tx, clientID, kind, about); err != nil {
		return "", 0, err
	}
	raw := make([]byte, 24)
	rand.Read(raw) // never fails: it ends the program instead
	secret, until = base64.RawURLEncoding.EncodeToString(raw), tx.At+life.Microseconds()
	if _, err := tx.Exec(`insert into ticket (tenant_id, ticket_id, kind, client_id, path_id, about, token_hash, made_by, made_at, until_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, tx.Who.Tenant, ident.New(), string(kind), clientID, pathID, about, hash(secret), tx.Who.Worker, tx.At, until); err != nil {
		return "", 0, err
	}
	return secret, until, audit.Command(tx, clientID, "ticket.make "+string(kind))
}

func hash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// Find gives the link of a secret. Gone: it has been used, called off, or its time is over; what it says of a made-up
// secret is the same.
func Find(tx *db.Tx, kind Kind, secret string) (Ticket, error) {
	t := Ticket{Kind: kind}
	found, err := tx.One(`select ticket_id, client_id, path_id, about, made_by, until_at from ticket
		where token_hash = $1 and tenant_id = $2 and kind = $3 and ended_at is null and used_at is null and until_at > $4`,
		[]any{hash(secret), tx.Who.Tenant, string(kind), tx.At}, &t.ID, &t.Client, &t.Path, &t.About, &t.MadeBy, &t.Until)
	if err == nil && !found {
		err = fault.E(fault.Gone, "ticket.over", nil)
	}
	return t, err
}

// Use says that what a link is for has been done. Used by somebody else meanwhile: Gone.
func Use(tx *db.Tx, t Ticket) error {
	n, err := tx.Exec(`update ticket set used_at = $3 where tenant_id = $1 and ticket_id = $2 and used_at is null and ended_at is null`, tx.Who.Tenant, t.ID, tx.At)
	if err == nil && n == 0 {
		err = fault.E(fault.Gone, "ticket.over", nil)
	}
	return err
}

// End calls off the link for one thing.
func End(tx *db.Tx, clientID string, kind Kind, about string) error {
	_, err := tx.Exec(`update ticket set ended_at = $5 where tenant_id = $1 and client_id = $2 and kind = $3 and about = $4 and used_at is null and ended_at is null`,
		tx.Who.Tenant, clientID, string(kind), about, tx.At)
	return err
}

// EndAll calls off every link of a client: they have died, or nothing of theirs may go out any more.
func EndAll(tx *db.Tx, clientID string) error {
	_, err := tx.Exec(`update ticket set ended_at = $3 where tenant_id = $1 and client_id = $2 and used_at is null and ended_at is null`, tx.Who.Tenant, clientID, tx.At)
	return err
}

// Live tells until when a link for one thing holds, in microseconds; 0: there is none.
func Live(tx *db.Tx, clientID string, kind Kind, about string) (until int64, err error) {
	_, err = tx.One(`select coalesce(max(until_at), 0) from ticket where tenant_id = $1 and client_id = $2 and kind = $3 and about = $4
		and used_at is null and ended_at is null and until_at > $5`, []any{tx.Who.Tenant, clientID, string(kind), about, tx.At}, &until)
	return until, err
}
