package booking

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
)

// Feed is a worker's calendar feed: a secret link that any calendar program may read. It tells clock times and lengths,
// never of whom.
type Feed struct {
	MadeAt int64 // microseconds UTC; 0: no feed
	ReadAt int64 // when a calendar last asked; 0: never
}

// FeedOf tells of the actor's own feed.
func FeedOf(tx *db.Tx) (Feed, error) {
	var f Feed
	_, err := tx.One(`select made_at, coalesce(read_at, 0) from calendar_feed where tenant_id = $1 and worker_id = $2`, []any{tx.Who.Tenant, tx.Who.Worker}, &f.MadeAt, &f.ReadAt)
	return f, err
}

// NewFeed makes a secret for the actor's feed, shown once; an earlier one ends.
func NewFeed(tx *db.Tx) (string, error) {
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return "", fault.Wrap(err, "booking.feed")
	}
	token := base64.RawURLEncoding.EncodeToString(secret)
	hash := sha256.Sum256([]byte(token))
	_, err := tx.Exec(`insert into calendar_feed (tenant_id, worker_id, token_hash, made_at) values ($1, $2, $3, $4)
		on conflict (tenant_id, worker_id) do update set token_hash = excluded.token_hash, made_at = excluded.made_at, read_at = null`,
		tx.Who.Tenant, tx.Who.Worker, hash[:], tx.At)
	return token, err
}

// EndFeed ends the actor's feed at once.
func EndFeed(tx *db.Tx) error {
	_, err := tx.Exec(`delete from calendar_feed where tenant_id = $1 and worker_id = $2`, tx.Who.Tenant, tx.Who.Worker)
	return err
}

// Event of a feed. It names no client.
type Event struct {
	ID   string // of the task
	Day  civil.Date
	Span Span
	Form entry.Form
}

// feedBack and feedAhead are how many days a feed tells of.
const feedBack, feedAhead = 14, 180

// Events gives what the feed of a secret tells, and in which language its worker reads; not found when nobody who still
// works here has such a feed. The actor is the program: a calendar has no session.
func Events(tx *db.Tx, token string) (list []Event, lang string, err error) {
	hash := sha256.Sum256([]byte(token))
	var tenant int64
	var worker string
	found, err := tx.One(`select f.tenant_id, f.worker_id, w.lang from calendar_feed f join worker w on w.tenant_id = f.tenant_id and w.worker_id = f.worker_id
		where f.token_hash = $1 and w.active`, []any{hash[:]}, &tenant, &worker, &lang)
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err != nil {
		return nil, "", err
	}
	err = tx.Each(`select t.task_id, t.by_day, t.minute, t.minute + `+lengthOf+`, case when t.form <> '' then t.form else t.booked end from task t
		where t.tenant_id = $1 and t.worker_id = $2 and t.by_day between $3 and $4 and t.minute > 0 order by t.by_day, t.minute, t.task_id`,
		[]any{tenant, worker, int64(tx.Today - feedBack), int64(tx.Today + feedAhead)}, func(row func(...any) error) error {
			var e Event
			err := row(&e.ID, &e.Day, &e.Span.From, &e.Span.To, (*string)(&e.Form))
			list = append(list, e)
			return err
		})
	if err != nil || tx.ReadOnly() {
		return list, lang, err
	}
	_, err = tx.Exec(`update calendar_feed set read_at = $3 where tenant_id = $1 and worker_id = $2`, tenant, worker, tx.At)
	return list, lang, err
}
