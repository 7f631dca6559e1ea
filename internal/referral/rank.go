package referral

import (
	"fmt"

	"polku/internal/db"
	"polku/internal/fault"
)

// Filter of a queue.
type Filter struct {
	Service string // empty: every queue of the actor's
	State   State  // empty: everybody who waits
	Mine    bool   // whom the actor answers for
}

// Place in a queue: what the next page begins after. Figures and an id only, since it stands in a URL.
type Place struct {
	Group   int   // 0 lifted, 1 promise broken, 2 others
	Arrived int64 // microseconds
	ID      string
}

// Text of a place for a URL.
func (p Place) Text() string {
	if p.ID == "" {
		return ""
	}
	return fmt.Sprintf("%d.%d.%s", p.Group, p.Arrived, p.ID)
}

// PlaceOf reads what Text wrote; the empty text is the beginning.
func PlaceOf(text string) (Place, error) {
	var p Place
	if text == "" {
		return p, nil
	}
	if n, err := fmt.Sscanf(text, "%d.%d.%s", &p.Group, &p.Arrived, &p.ID); n != 3 || err != nil {
		return Place{}, fault.E(fault.NotFound, "error.not_found", nil)
	}
	return p, nil
}

// group is where the rule has a row: lifted by hand, then whoever was promised something that was not kept, then the
// others; within each, who has waited longest comes first. $3 is today.
const group = `case when r.lifted then 0 when r.state = 'waiting' and r.first_by < $3 or r.promised_on < $3 then 1 else 2 end`

// Ranked is a referral with its place, and why it has it.
type Ranked struct {
	Referral
	Place Place
}

// Queue gives up to limit people who wait in the actor's queues in the order of the rule, after a place; more tells
// whether there are others. They are noted as seen.
func Queue(tx *db.Tx, f Filter, after Place, limit int) (all []Ranked, more bool, err error) {
	err = tx.Each(`select `+columns+`, `+group+`, r.arrived_at from referral r
		where r.tenant_id = $1 and `+sees("r")+` and r.state in ('waiting', 'contacted') and ($4 = '' or r.service_id = $4) and ($5 = '' or r.state = $5)
		and ($6 = false or r.owner = $2) and (`+group+`, r.arrived_at, r.referral_id) > ($7, $8, $9) order by 33, r.arrived_at, r.referral_id limit $10`,
		[]any{tx.Who.Tenant, tx.Who.Worker, int64(tx.Today), f.Service, string(f.State), f.Mine, after.Group, after.Arrived, after.ID, limit + 1},
		func(row func(...any) error) error {
			var r Ranked
			err := scan(func(dest ...any) error { return row(append(dest, &r.Place.Group, &r.Place.Arrived)...) }, &r.Referral)
			r.Place.ID = r.ID
			all = append(all, r)
			return err
		})
	if more = len(all) > limit; more {
		all = all[:limit]
	}
	for i := range all {
		tx.Saw(all[i].ID)
	}
	return all, more, err
}

// Ended gives the newest referrals of the actor's queues that have ended, at most limit, and notes that they were seen.
func Ended(tx *db.Tx, service string, limit int) (all []Referral, err error) {
	err = tx.Each(`select `+columns+` from referral r where r.tenant_id = $1 and `+sees("r")+` and r.state in ('started', 'known', 'declined')
		and ($3 = '' or r.service_id = $3) order by r.ended_on desc, r.arrived_at desc, r.referral_id limit $4`,
		[]any{tx.Who.Tenant, tx.Who.Worker, service, limit}, func(row func(...any) error) error {
			all = append(all, Referral{})
			return scan(row, &all[len(all)-1])
		})
	for _, r := range all {
		tx.Saw(r.ID)
	}
	return all, err
}

// Count is how a queue stands, in figures.
type Count struct{ Waiting, Contacted, Broken int }

// Counts gives the figures of each service's queue that the actor works in.
func Counts(tx *db.Tx) (map[string]Count, error) {
	all := map[string]Count{}
	err := tx.Each(`select r.service_id, count(*) filter (where r.state = 'waiting'), count(*) filter (where r.state = 'contacted'),
		count(*) filter (where r.state = 'waiting' and r.first_by < $3 or r.promised_on < $3) from referral r
		where r.tenant_id = $1 and `+sees("r")+` and r.state in ('waiting', 'contacted') group by r.service_id`,
		[]any{tx.Who.Tenant, tx.Who.Worker, int64(tx.Today)}, func(row func(...any) error) error {
			var service string
			var c Count
			err := row(&service, &c.Waiting, &c.Contacted, &c.Broken)
			all[service] = c
			return err
		})
	return all, err
}
