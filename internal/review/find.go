// Package review owns the reviewer's list of unusual reads (703/2023 s. 10–11): after each day it looks which openings of
// clients somebody should look at, and keeps what came of it. It judges nobody: each row says why it is there, the worker
// explains, the reviewer decides.
package review

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fold"
)

// Why a read is on the list.
type Why string

// The reasons.
const (
	Own         Why = "own"          // the worker's own record
	SameName    Why = "same_name"    // same surname
	SamePhone   Why = "same_phone"   // same telephone
	SameAddress Why = "same_address" // same address as a client who has the worker's telephone
	Emergency   Why = "emergency"    // opened by break-glass
	Banned      Why = "banned"       // safety ban, and no relation
	NoRelation  Why = "no_relation"  // no relation to the client on that day, and nothing recorded within a week
	Night       Why = "night"        // many openings at night
	Many        Why = "many"         // many clients in an hour
)

// Limits of what is unusual.
const (
	nightFrom, nightTo = 22, 6 // hours on the wall
	nightMost          = 5     // openings a night that need no look
	hourMost           = 30    // clients an hour that need no look
	nearDays           = 7     // who records for a client within so many days works with them
)

// finding is a row to be written.
type finding struct {
	worker, client, register string
	why                      Why
	reads                    int
	first, last              int64
}

// pair is one worker's openings of one client on a day.
type pair struct {
	worker, client string
	reads          int
	first, last    int64
}

// Find looks through a day's openings and writes down the unusual ones. Run again, it adds what has come since and keeps
// what reviewers have marked. It gives how many it found.
func Find(ctx context.Context, log *audit.Log, d *db.DB, tenant int64, day civil.Date) (int, error) {
	pairs := map[[2]string]*pair{}
	hours := map[string]map[int]map[string]bool{} // worker -> hour -> clients
	nights := map[string]*finding{}
	from, to := midnight(day, d.Zone), midnight(day+1, d.Zone)
	err := log.OpenedBetween(ctx, tenant, from, to, func(o audit.Opened) {
		p := pairs[[2]string{o.Worker, o.Client}]
		if p == nil {
			p = &pair{worker: o.Worker, client: o.Client, first: o.At}
			pairs[[2]string{o.Worker, o.Client}] = p
		}
		p.reads++
		p.first, p.last = min(p.first, o.At), max(p.last, o.At)
		hour := time.UnixMicro(o.At).In(d.Zone).Hour()
		if hours[o.Worker] == nil {
			hours[o.Worker] = map[int]map[string]bool{}
		}
		if hours[o.Worker][hour] == nil {
			hours[o.Worker][hour] = map[string]bool{}
		}
		hours[o.Worker][hour][o.Client] = true
		if hour >= nightFrom || hour < nightTo {
			n := nights[o.Worker]
			if n == nil {
				n = &finding{worker: o.Worker, why: Night, first: o.At}
				nights[o.Worker] = n
			}
			n.reads++
			n.first, n.last = min(n.first, o.At), max(n.last, o.At)
		}
	})
	if err != nil {
		return 0, err
	}
	var found []finding
	for _, n := range nights {
		if n.reads > nightMost {
			found = append(found, *n)
		}
	}
	for worker, byHour := range hours {
		if f := busiest(worker, byHour, from); f.reads > hourMost {
			found = append(found, f)
		}
	}
	all := make([]pair, 0, len(pairs))
	for _, p := range pairs {
		all = append(all, *p)
	}
	slices.SortFunc(all, func(a, b pair) int { return cmp.Or(cmp.Compare(a.client, b.client), cmp.Compare(a.worker, b.worker)) })
	n := 0
	err = d.Update(ctx, actor.System(tenant, actor.Checking, "unusual reads"), func(tx *db.Tx) error {
		known, err := factsOf(tx, all, day, from, to)
		n = len(found) + len(known)
		if err != nil {
			return err
		}
		return write(tx, day, append(slices.Clone(found), known...))
	})
	return n, err
}

func midnight(day civil.Date, zone *time.Location) int64 {
	y, m, d := day.Parts()
	return time.Date(y, time.Month(m), d, 0, 0, 0, 0, zone).UnixMicro()
}

// busiest is the hour in which a worker opened the most clients.
func busiest(worker string, byHour map[int]map[string]bool, midnight int64) finding {
	f := finding{worker: worker, why: Many}
	for hour, clients := range byHour {
		if len(clients) > f.reads || len(clients) == f.reads && midnight+int64(hour)*3_600_000_000 < f.first {
			f.reads, f.first = len(clients), midnight+int64(hour)*3_600_000_000
			f.last = f.first + 3_599_000_000
		}
	}
	return f
}

// chunk is how many pairs one question has: always as many, so that there is one text to plan.
const chunk = 40

var factsText = func() string {
	var b strings.Builder
	for i := range chunk {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "(cast($%d as text), cast($%d as text))", 2*i+6, 2*i+7)
	}
	return `with pair (worker_id, client_id) as (values ` + b.String() + `)
		select p.worker_id, p.client_id, c.register_id, c.safety_ban, c.first_name, c.last_name, c.phone, c.address, w.name, w.phone,
			exists (select 1 from relation r where r.tenant_id = $1 and r.client_id = p.client_id and r.worker_id = p.worker_id and r.from_day <= $2
				and (r.to_day is null or r.to_day >= $2))
			or exists (select 1 from handoff h where h.tenant_id = $1 and h.client_id = p.client_id and (h.to_worker = p.worker_id or h.from_worker = p.worker_id)
				and h.offered_on <= $2 and (h.answered_on is null or h.answered_on >= $2))
			or exists (select 1 from task t where t.tenant_id = $1 and t.client_id = p.client_id and t.worker_id = p.worker_id)
			or exists (select 1 from cover v join relation r on r.tenant_id = v.tenant_id and r.worker_id = v.absent and r.client_id = p.client_id
				and r.from_day <= $2 and (r.to_day is null or r.to_day >= $2)
				where v.tenant_id = $1 and v.cover = p.worker_id and v.from_day <= $2 and v.to_day >= $2)
			or exists (select 1 from entry e where e.tenant_id = $1 and e.client_id = p.client_id and e.author = p.worker_id
				and e.day >= $2 - ` + fmt.Sprint(nearDays) + ` and e.day <= $2 + ` + fmt.Sprint(nearDays) + `),
			exists (select 1 from emergency m where m.tenant_id = $1 and m.client_id = p.client_id and m.worker_id = p.worker_id and m.opened_at < $4 and m.until_at > $3),
			exists (select 1 from member b where b.tenant_id = $1 and b.worker_id = p.worker_id and b.register_id = c.register_id and b.role in ('coordinator', $5))
		from pair p join client c on c.tenant_id = $1 and c.client_id = p.client_id join worker w on w.tenant_id = $1 and w.worker_id = p.worker_id`
}()

// factsOf asks what is known of each pair, and gives what is unusual.
func factsOf(tx *db.Tx, all []pair, day civil.Date, from, to int64) ([]finding, error) {
	homes, err := homesOf(tx)
	if err != nil {
		return nil, err
	}
	var found []finding
	for len(all) > 0 {
		part := all[:min(chunk, len(all))]
		args := []any{tx.Who.Tenant, day, from, to, "complaints"}
		by := map[[2]string]pair{}
		for i := range chunk {
			p := pair{}
			if i < len(part) {
				p = part[i]
			}
			args = append(args, p.worker, p.client)
			by[[2]string{p.worker, p.client}] = p
		}
		err := tx.Each(factsText, args, func(row func(...any) error) error {
			var f facts
			var worker, client string
			if err := row(&worker, &client, &f.register, &f.banned, &f.first, &f.last, &f.phone, &f.address, &f.worker, &f.workerPhone, &f.related, &f.emergency, &f.leads); err != nil {
				return err
			}
			p := by[[2]string{worker, client}]
			for _, why := range f.unusual(homes[worker]) {
				found = append(found, finding{worker: worker, client: client, register: f.register, why: why, reads: p.reads, first: p.first, last: p.last})
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		all = all[len(part):]
	}
	return found, nil
}

// homesOf gives the addresses of clients who have a worker's telephone: where the worker may live. The program knows
// workers' addresses in no other way.
func homesOf(tx *db.Tx) (map[string][]string, error) {
	homes := map[string][]string{}
	err := tx.Each(`select w.worker_id, c.address from worker w join client c on c.tenant_id = w.tenant_id and c.phone = w.phone and c.phone <> '' and c.address <> ''
		where w.tenant_id = $1`, []any{tx.Who.Tenant}, func(row func(...any) error) error {
		var worker, address string
		err := row(&worker, &address)
		homes[worker] = append(homes[worker], fold.Text(address))
		return err
	})
	return homes, err
}

// facts are what is known of a worker who opened a client.
type facts struct {
	register, first, last, phone, address string // of the client
	banned                                bool
	worker, workerPhone                   string
	related, emergency, leads             bool
}

// unusual gives why somebody should look at the opening.
func (f facts) unusual(homes []string) []Why {
	var all []Why
	words := strings.Fields(fold.Text(f.worker))
	first, last := fold.Text(f.first), fold.Text(f.last)
	surname := len(words) > 1 && words[len(words)-1] == last
	samePhone := f.phone != "" && f.phone == f.workerPhone
	switch {
	case surname && strings.Join(words[:len(words)-1], " ") == first:
		all = append(all, Own)
	case surname:
		all = append(all, SameName)
	case samePhone:
		all = append(all, SamePhone)
	case f.address != "" && slices.Contains(homes, fold.Text(f.address)):
		all = append(all, SameAddress)
	}
	switch {
	case f.emergency:
		all = append(all, Emergency)
	case f.related || f.leads:
	case f.banned:
		all = append(all, Banned)
	default:
		all = append(all, NoRelation)
	}
	return all
}

func write(tx *db.Tx, day civil.Date, all []finding) error {
	rows := make([][]any, len(all))
	for i, f := range all {
		rows[i] = []any{tx.Who.Tenant, day, f.worker, f.client, string(f.why), f.register, f.reads, f.first, f.last, "new", "", "", ""}
	}
	_, err := tx.InsertMany(`insert into unusual_read (tenant_id, day, worker_id, client_id, why, register_id, reads, first_at, last_at, state, note, reviewer,
		explanation) values`, rows, `on conflict (tenant_id, day, worker_id, client_id, why) do update set reads = excluded.reads, last_at = excluded.last_at`)
	return err
}
