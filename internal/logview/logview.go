// Package logview owns how people read the logs: a client's own view of who used their data and who was told what
// (703/2023 s. 10–11), as sentences and as a document in three languages. It writes nothing but the use-log row of the
// reading itself.
package logview

import (
	"context"
	"slices"
	"strings"
	"time"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/unit"
)

// Years that a client reads without a reason, and that logs are kept (703/2023 s. 11 and annex).
const (
	YearsOpen = 2
	YearsKept = 12
)

// mostUses is how many uses one view reads, the newest first: some years of daily work with one client.
const mostUses = 50_000

// Own is what a client reads of the use of their data in one register.
type Own struct {
	Client     string     `json:"client"`
	Name       string     `json:"name"`
	Register   string     `json:"register"` // empty under a safety ban, as the controller: they tell where the client is
	Controller string     `json:"controller"`
	Ban        bool       `json:"safety_ban"`
	From       civil.Date `json:"from"`
	To         civil.Date `json:"to"`
	Days       []Day      `json:"days"`
	Told       []Told     `json:"told"`
	Opened     []Opened   `json:"emergencies"`
	Cut        bool       `json:"cut"` // there were more uses than one view reads
}

// Day is one day's uses, the newest day first.
type Day struct {
	Day    civil.Date `json:"day"`
	People []Person   `json:"people"`
}

// Person is somebody who used the data on a day, or the program itself.
type Person struct {
	Worker   string          `json:"worker"` // actor.SystemWorker for the program and commands of the machine's owner
	Name     string          `json:"name"`
	Title    string          `json:"title"`
	Console  string          `json:"console"` // the machine's user who gave a command; empty for workers
	Opened   int             `json:"opened"`  // how many times the client's own pages …
	Lists    int             `json:"lists"`   // … and lists that they stood on
	First    int             `json:"first"`   // minutes of the day
	Last     int             `json:"last"`
	Acts     []Act           `json:"acts"`
	Purposes []actor.Purpose `json:"purposes"`
	As       []string        `json:"as"` // as what they saw the client, as of then: "worker/responsible"; see unit.Standing
}

// Act is a way of using the data, and how many times.
type Act struct {
	What  string `json:"what"` // word of the catalogue: logs.act.<What>
	Times int    `json:"times"`
}

// Told is one row of the disclosure log.
type Told struct {
	At       int64       `json:"at"` // microseconds UTC
	Worker   string      `json:"worker"`
	Title    string      `json:"title"`
	Receiver string      `json:"receiver"`
	Purpose  string      `json:"purpose"`
	Asked    string      `json:"asked_by"`
	Scopes   []string    `json:"scopes"` // words of consent.Scopes
	Basis    audit.Basis `json:"basis"`
	Section  string      `json:"section"`
}

// Opened is one use of break-glass.
type Opened struct {
	At     int64  `json:"at"` // microseconds UTC
	Worker string `json:"worker"`
	Title  string `json:"title"`
	Why    string `json:"why"`
}

// acts names what the screens are to a client, by the longest beginning of the pattern without its method.
var acts = []struct{ screen, what string }{
	{"/c/{id}/log", "log"}, {"/c/{id}/record", "record"}, {"/c/{id}/edit", "contact"}, {"/c/{id}/walls", "consent"}, {"/c/{id}/consent", "consent"},
	{"/c/{id}/tell", "consent"}, {"/c/{id}/joint", "joint"}, {"/c/{id}/emergency", "emergency"}, {"/c/{id}/handover", "handoff"}, {"/h/", "handoff"},
	{"/c/{id}/request", "request"}, {"/requests", "request"}, {"/logs", "review"}, {"/c/", "page"}, {"/today", "list"}, {"/clients", "list"}, {"/hanging", "list"},
	{"/day", "list"}, {"/sprint", "list"}, {"/find", "search"}, {"/new-client", "search"}, {"/import", "import"}, {"/p/", "self"},
}

// actOf gives the word of a screen. Commands of the machine's owner are one kind of their own.
func actOf(screen string) string {
	if strings.HasPrefix(screen, "console ") {
		return "console"
	}
	_, path, _ := strings.Cut(screen, " ")
	for _, a := range acts {
		if strings.HasPrefix(path, a.screen) {
			return a.what
		}
	}
	return "other"
}

// MayRead tells whether the actor may read the logs about a client: who may see the client, and who keeps clients'
// rights in the register (unit.About.Logs). Else not found.
func MayRead(tx *db.Tx, client string) error {
	var one int
	found, err := tx.One(`select 1 from client c where c.tenant_id = $1 and c.client_id = $3 and (`+unit.Sees("c")+` or `+unit.KeepsRights("c")+`)`,
		[]any{tx.Who.Tenant, tx.Who.Worker, client}, &one)
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	return err
}

// Read reads a client's own view of days from to to, both included. may checks, in the reading's own transaction, that
// the reader may; the reading itself leaves its row in the use log before anything is given back.
func Read(ctx context.Context, log *audit.Log, d *db.DB, who actor.Actor, client string, from, to civil.Date, may func(tx *db.Tx) error) (Own, error) {
	o := Own{Client: client, From: from, To: to}
	begin, end := instant(from, d.Zone), instant(to+1, d.Zone)
	var names map[string][2]string
	err := d.View(ctx, who, func(tx *db.Tx) (err error) {
		if err := may(tx); err != nil {
			return err
		}
		o.Told, o.Opened = nil, nil
		if err := o.client(tx); err != nil {
			return err
		}
		tx.Saw(client)
		if names, err = workers(tx); err != nil {
			return err
		}
		if err := o.disclosures(tx, begin, end, names); err != nil {
			return err
		}
		return o.emergencies(tx, begin, end, names)
	})
	if err != nil {
		return o, err
	}
	uses, err := log.SeenBetween(ctx, who.Tenant, client, begin, end, mostUses)
	if err != nil {
		return o, err
	}
	o.Cut = len(uses) == mostUses
	o.Days = group(uses, names, d.Zone)
	return o, nil
}

func instant(day civil.Date, zone *time.Location) int64 {
	y, m, d := day.Parts()
	return time.Date(y, time.Month(m), d, 0, 0, 0, 0, zone).UnixMicro()
}

func (o *Own) client(tx *db.Tx) error {
	var first, last string
	found, err := tx.One(`select c.first_name, c.last_name, c.safety_ban, r.name, r.controller from client c
		join register r on r.tenant_id = c.tenant_id and r.register_id = c.register_id where c.tenant_id = $1 and c.client_id = $2`,
		[]any{tx.Who.Tenant, o.Client}, &first, &last, &o.Ban, &o.Register, &o.Controller)
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	o.Name = strings.TrimSpace(first + " " + last)
	if o.Ban {
		o.Register, o.Controller = "", ""
	}
	return err
}

// workers gives name and title of every worker, past ones too.
func workers(tx *db.Tx) (map[string][2]string, error) {
	all := map[string][2]string{}
	err := tx.Each(`select worker_id, name, title from worker where tenant_id = $1`, []any{tx.Who.Tenant}, func(row func(...any) error) error {
		var id string
		var w [2]string
		err := row(&id, &w[0], &w[1])
		all[id] = w
		return err
	})
	return all, err
}

func (o *Own) disclosures(tx *db.Tx, begin, end int64, names map[string][2]string) error {
	return tx.Each(`select l.at, l.worker_id, coalesce(nullif(l.receiver_name, ''), r.name, ''), l.what, l.purpose, l.basis, l.section, l.asked_by
		from disclosure_log l left join register r on r.tenant_id = l.tenant_id and r.register_id = l.receiver
		where l.tenant_id = $1 and l.client_id = $2 and l.at >= $3 and l.at < $4 order by l.at desc, l.log_id desc`,
		[]any{tx.Who.Tenant, o.Client, begin, end}, func(row func(...any) error) error {
			var t Told
			var worker, what string
			err := row(&t.At, &worker, &t.Receiver, &what, &t.Purpose, (*string)(&t.Basis), &t.Section, &t.Asked)
			t.Worker, t.Title = names[worker][0], names[worker][1]
			t.Scopes = strings.Split(what, ",")
			o.Told = append(o.Told, t)
			return err
		})
}

func (o *Own) emergencies(tx *db.Tx, begin, end int64, names map[string][2]string) error {
	return tx.Each(`select opened_at, worker_id, why from emergency where tenant_id = $1 and client_id = $2 and opened_at >= $3 and opened_at < $4
		order by opened_at desc, emergency_id`, []any{tx.Who.Tenant, o.Client, begin, end}, func(row func(...any) error) error {
		var e Opened
		var worker string
		err := row(&e.At, &worker, &e.Why)
		e.Worker, e.Title = names[worker][0], names[worker][1]
		o.Opened = append(o.Opened, e)
		return err
	})
}

// group puts uses together by day and person, newest first.
func group(uses []audit.Seen, names map[string][2]string, zone *time.Location) []Day {
	var days []Day
	for _, u := range uses {
		at := time.UnixMicro(u.At).In(zone)
		day, minute := civil.Of(at, zone), at.Hour()*60+at.Minute()
		if n := len(days); n == 0 || days[n-1].Day != day {
			days = append(days, Day{Day: day})
		}
		d := &days[len(days)-1]
		console := consoleUser(u)
		i := slices.IndexFunc(d.People, func(p Person) bool { return p.Worker == u.Worker && p.Console == console })
		if i < 0 {
			i = len(d.People)
			d.People = append(d.People, Person{Worker: u.Worker, Name: names[u.Worker][0], Title: names[u.Worker][1], Console: console, Last: minute})
		}
		d.People[i].add(u, minute)
	}
	return days
}

// consoleUser is the machine's user in "console USER: polku …".
func consoleUser(u audit.Seen) string {
	rest, is := strings.CutPrefix(u.Screen, "console ")
	if !is {
		return ""
	}
	user, _, _ := strings.Cut(rest, ":")
	return user
}

// standing is as what somebody used the data; empty where it goes without saying: a client themselves, one of many on a list.
func standing(u audit.Seen) string {
	if strings.HasSuffix(u.Standing, "/"+unit.ByList) || strings.HasSuffix(u.Standing, "/"+unit.BySelf) {
		return ""
	}
	return u.Standing
}

func (p *Person) add(u audit.Seen, minute int) {
	p.First = minute // newest first: the last one read is the day's first
	what := actOf(u.Screen)
	if u.List || what == "list" || what == "search" {
		p.Lists++
	} else {
		p.Opened++
	}
	if i := slices.IndexFunc(p.Acts, func(a Act) bool { return a.What == what }); i >= 0 {
		p.Acts[i].Times++
	} else {
		p.Acts = append(p.Acts, Act{what, 1})
	}
	if !slices.Contains(p.Purposes, u.Purpose) {
		p.Purposes = append(p.Purposes, u.Purpose)
	}
	if as := standing(u); as != "" && !slices.Contains(p.As, as) {
		p.As = append(p.As, as)
	}
}
