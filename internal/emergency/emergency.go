// Package emergency owns break-glass: a worker of the register who has no relation to a client opens their data for one
// hour, with a reason. The responsible worker is told at once, the client sees it, and the reviewer's list has it.
package emergency

import (
	"strings"
	"time"
	"unicode/utf8"

	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/hetu"
	"polku/internal/ident"
	"polku/internal/phone"
	"polku/internal/seal"
	"polku/internal/unit"
)

// Lasts is how long an emergency opens a client.
const Lasts = time.Hour

// reasonLeast is how many characters a reason has at least: a word is none.
const reasonLeast = 10

// Walled is a client of the actor's register whom they have no relation with: only who answers for them is told.
type Walled struct {
	Client, Register, Responsible string // Responsible: the worker's id; the unit's duty holder; empty: nobody
}

// Behind gives at most three clients behind a wall of the actor's registers who have exactly this identity code or phone
// number: whoever knows it has the person before them. A name finds nobody. What is found is noted as seen.
func Behind(tx *db.Tx, keys *seal.Keys, text string) ([]string, error) {
	var all []string
	take := func(row func(...any) error) error {
		var id string
		err := row(&id)
		all = append(all, id)
		tx.Saw(id)
		return err
	}
	who := []any{tx.Who.Tenant, tx.Who.Worker}
	wall := unit.SeesRegister("c") + ` and not ` + unit.Sees("c") + ` and c.joined_to is null`
	if code, err := hetu.Parse(text); err == nil {
		err := tx.Each(`select c.client_id from client c join person p on p.tenant_id = c.tenant_id and p.person_id = c.person_id
			where c.tenant_id = $1 and `+wall+` and p.code_index in ($3, $4) order by c.client_id limit 3`,
			append(who, keys.Index(string(code)), keys.OtherIndex(string(code))), take)
		return all, err
	}
	if n, ok := phone.Parse(text); ok {
		err := tx.Each(`select c.client_id from client_key k join client c on c.tenant_id = k.tenant_id and c.client_id = k.client_id
			where k.tenant_id = $1 and `+wall+` and k.key = $3 order by c.client_id limit 3`, append(who, "+"+strings.TrimPrefix(string(n), "+")), take)
		return all, err
	}
	return nil, nil
}

// Wall gives the client when a wall stands between them and the actor, in a register where the actor works. Not found:
// there is no such client there, or no wall.
func Wall(tx *db.Tx, clientID string) (Walled, error) {
	w := Walled{Client: clientID}
	found, err := tx.One(`select c.register_id, coalesce((select s.responsible from standing s where s.tenant_id = c.tenant_id and s.client_id = c.client_id
			and s.status <> 'closed' order by s.path_id limit 1), (select u.duty_worker from path p join service v on v.tenant_id = p.tenant_id
			and v.service_id = p.service_id join unit u on u.tenant_id = v.tenant_id and u.unit_id = v.unit_id
			where p.tenant_id = c.tenant_id and p.client_id = c.client_id and u.duty_worker is not null order by p.created_at desc limit 1), '')
		from client c where c.tenant_id = $1 and `+unit.SeesRegister("c")+` and not `+unit.Sees("c")+` and c.client_id = $3 and c.joined_to is null`,
		[]any{tx.Who.Tenant, tx.Who.Worker, clientID}, &w.Register, &w.Responsible)
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	return w, err
}

// Open opens a client to the actor for Lasts from now, and gives whom it tells. A reason is needed.
func Open(tx *db.Tx, clientID, why string) (told string, err error) {
	w, err := Wall(tx, clientID)
	if err != nil {
		return "", err
	}
	why = strings.TrimSpace(why)
	if utf8.RuneCountInString(why) < reasonLeast {
		return "", fault.Fields(map[string]string{"why": "emergency.no_reason"})
	}
	if _, err := tx.Exec(`insert into emergency (tenant_id, emergency_id, worker_id, client_id, register_id, why, opened_at, until_at, active, told)
		values ($1, $2, $3, $4, $5, $6, $7, $8, true, $9)`,
		tx.Who.Tenant, ident.New(), tx.Who.Worker, clientID, w.Register, why, tx.At, tx.At+Lasts.Microseconds(), w.Responsible); err != nil {
		return "", err
	}
	if err := unit.ChangedSight(tx); err != nil {
		return "", err
	}
	return w.Responsible, audit.Command(tx, clientID, "emergency.open")
}

// Opening is one use of break-glass.
type Opening struct {
	ID, Worker, Client, Name, Why string
	OpenedAt, UntilAt             int64 // microseconds UTC
	ReadAt                        int64 // when the one told has read it; 0: not yet
	Own                           bool  // the actor is the one who was told
}

// Told counts the openings that the actor has been told of and has not read.
func Told(tx *db.Tx) (n int, err error) {
	_, err = tx.One(`select count(*) from emergency where tenant_id = $1 and told = $2 and read_at is null`, []any{tx.Who.Tenant, tx.Who.Worker}, &n)
	return n, err
}

// Openings gives the latest hundred openings of clients whom the actor may see or of which they were told.
func Openings(tx *db.Tx) ([]Opening, error) {
	var all []Opening
	err := tx.Each(`select e.emergency_id, e.worker_id, e.client_id, trim(c.first_name || ' ' || c.last_name), e.why, e.opened_at, e.until_at,
		coalesce(e.read_at, 0), e.told = $2 from emergency e join client c on c.tenant_id = e.tenant_id and c.client_id = e.client_id
		where e.tenant_id = $1 and `+unit.Sees("c")+` order by e.opened_at desc, e.emergency_id limit 100`, []any{tx.Who.Tenant, tx.Who.Worker},
		func(row func(...any) error) error {
			var o Opening
			err := row(&o.ID, &o.Worker, &o.Client, &o.Name, &o.Why, &o.OpenedAt, &o.UntilAt, &o.ReadAt, &o.Own)
			all = append(all, o)
			return err
		})
	for _, o := range all {
		tx.Saw(o.Client)
	}
	return all, err
}

// Read notes that the actor has read what they were told.
func Read(tx *db.Tx, id string) error {
	_, err := tx.Exec(`update emergency set read_at = $4 where tenant_id = $1 and told = $2 and emergency_id = $3 and read_at is null`,
		tx.Who.Tenant, tx.Who.Worker, id, tx.At)
	return err
}
