// Package leave owns planned absences of workers: leave, training, half days. Before the first day it sees to it that
// every promise made for those days has somebody who keeps it: a colleague who has accepted, until then the unit's duty
// holder, who accepted beforehand. Booked meetings go to the colleague or to another day, and come back afterwards.
package leave

import (
	"slices"

	"polku/internal/booking"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/unit"
)

// State of a leave.
type State string

// States. From asked on somebody covers: the duty holder until the colleague has agreed.
const (
	Asked    State = "asked"    // the colleague has not answered
	Agreed   State = "agreed"   // whoever stands in has accepted
	Declined State = "declined" // the colleague cannot; the duty holder covers
	None     State = "none"     // nobody is needed: the worker has no clients
	Ended    State = "ended"    // the worker is back
	Off      State = "off"      // called off
)

// Leave is a planned absence.
type Leave struct {
	ID, Worker string
	From, To   civil.Date
	Part       string // day, morning, afternoon
	Kind       string // leave, training, other
	StandIn    string // asked or agreed; empty: nobody is needed
	Cover      string // id of the cover that stands
	State      State
	Answer     string
	MadeBy     string
}

// Over tells whether the last day has gone by or the leave was called off.
func (l Leave) Over(today civil.Date) bool { return l.State == Ended || l.State == Off || l.To < today }

const columns = `leave_id, worker_id, from_day, to_day, part, kind, stand_in, cover_id, state, answer, made_by`

func scan(row func(...any) error, l *Leave) error {
	return row(&l.ID, &l.Worker, &l.From, &l.To, &l.Part, &l.Kind, &l.StandIn, &l.Cover, (*string)(&l.State), &l.Answer, &l.MadeBy)
}

// Concerning gives the leaves that concern the actor: their own of the last four weeks and to come, those in which they
// are asked to stand in, and those of workers for whom they may plan.
func Concerning(tx *db.Tx) ([]Leave, error) {
	absentees, err := unit.Absentees(tx)
	if err != nil {
		return nil, err
	}
	var all []Leave
	err = tx.Each(`select `+columns+` from leave where tenant_id = $1 and to_day >= $2 and state <> 'off' order by from_day, leave_id`,
		[]any{tx.Who.Tenant, int64(tx.Today - 28)}, func(row func(...any) error) error {
			var l Leave
			err := scan(row, &l)
			if l.Worker == tx.Who.Worker || l.StandIn == tx.Who.Worker || slices.ContainsFunc(absentees, func(w unit.Worker) bool { return w.ID == l.Worker }) {
				all = append(all, l)
			}
			return err
		})
	return all, err
}

// Get gives a leave that concerns the actor.
func Get(tx *db.Tx, id string) (Leave, error) {
	var l Leave
	found := false
	err := tx.Each(`select `+columns+` from leave where tenant_id = $1 and leave_id = $2`, []any{tx.Who.Tenant, id}, func(row func(...any) error) error {
		found = true
		return scan(row, &l)
	})
	if err != nil || !found {
		return l, notFound(err)
	}
	if tx.Who.IsSystem() || l.Worker == tx.Who.Worker || l.StandIn == tx.Who.Worker {
		return l, nil
	}
	return l, mayPlan(tx, l.Worker)
}

func notFound(err error) error {
	if err == nil {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	return err
}

// mayPlan refuses whoever may not plan a worker's absence.
func mayPlan(tx *db.Tx, worker string) error {
	if tx.Who.IsSystem() || worker == tx.Who.Worker {
		return nil
	}
	absentees, err := unit.Absentees(tx)
	if err == nil && !slices.ContainsFunc(absentees, func(w unit.Worker) bool { return w.ID == worker }) {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	return err
}

// Touched is what a leave would touch.
type Touched struct {
	Meetings []booking.Meeting // within the leave, with this worker
	Tasks    int               // promised by this worker for those days, without a clock time
	Paths    int               // open paths that the worker answers for
}

// Empty tells whether nobody needs to stand in.
func (t Touched) Empty() bool { return len(t.Meetings) == 0 && t.Tasks == 0 && t.Paths == 0 }

// Touches tells what an absence touches, as far as the actor sees the worker's clients.
func Touches(tx *db.Tx, l Leave) (Touched, error) {
	var t Touched
	meetings, err := booking.OfWorker(tx, l.Worker, max(l.From, tx.Today), l.To)
	if err != nil {
		return t, err
	}
	for _, m := range meetings {
		if !m.Fixed && within(l, m) {
			t.Meetings = append(t.Meetings, m)
		}
	}
	_, err = tx.One(`select (select count(*) from task t where t.tenant_id = $1 and t.worker_id = $2 and t.by_day between $3 and $4 and t.minute = 0 and t.owner = 'worker'),
		(select count(*) from standing s where s.tenant_id = $1 and s.responsible = $2 and s.status <> 'closed')`,
		[]any{tx.Who.Tenant, l.Worker, int64(l.From), int64(l.To)}, &t.Tasks, &t.Paths)
	return t, err
}

// within tells whether a meeting lies in the leave's part of the day.
func within(l Leave, m booking.Meeting) bool {
	switch l.Part {
	case "morning":
		return m.Span.From < 12*60
	case "afternoon":
		return m.Span.To > 12*60
	}
	return true
}

// Flags is what Today says of leaves.
type Flags struct {
	Away  int    // own meetings that still lie on one's own leave days
	Leave string // one's own leave, the first to be planned; empty: none
	Asked int    // leaves in which one is asked to stand in
}

// FlagsFor gives the flags of the actor: one query by indexes of few rows.
func FlagsFor(tx *db.Tx) (Flags, error) {
	var f Flags
	_, err := tx.One(`select
		(select count(*) from leave l join task t on t.tenant_id = l.tenant_id and t.worker_id = l.worker_id and t.by_day between l.from_day and l.to_day and t.minute > 0
			where l.tenant_id = $1 and l.worker_id = $2 and l.to_day >= $3 and l.state not in ('ended', 'off') and t.by_day >= $3
			and (l.part = 'day' or l.part = 'morning' and t.minute < 720 or l.part = 'afternoon' and t.minute >= 720)),
		(select count(*) from leave l where l.tenant_id = $1 and l.stand_in = $2 and l.state = 'asked' and l.to_day >= $3),
		coalesce((select min(l.leave_id) from leave l where l.tenant_id = $1 and l.worker_id = $2 and l.to_day >= $3 and l.state not in ('ended', 'off')), '')`,
		[]any{tx.Who.Tenant, tx.Who.Worker, int64(tx.Today)}, &f.Away, &f.Asked, &f.Leave)
	return f, err
}

// Decided is a meeting that a leave has touched, and what was decided of it.
type Decided struct {
	booking.Meeting
	Way    string // colleague, moved
	Told   bool   // the client has been told
	Phone  string // empty under a safety ban
	Gone   bool   // the meeting is over: recorded, fallen through
	TaskID string
	PathID string
}

// Meetings gives the meetings of a leave as decided, with how to reach the client.
func Meetings(tx *db.Tx, id string) ([]Decided, error) {
	var all []Decided
	err := tx.Each(`select lm.task_id, lm.path_id, lm.client_id, c.last_name, c.first_name, case when c.safety_ban then '' else c.phone end, lm.way, lm.told_at is not null,
			coalesce(t.by_day, 0), coalesce(t.minute, 0), coalesce(t.worker_id, ''), coalesce(t.what, '') from leave_meeting lm
		join client c on c.tenant_id = lm.tenant_id and c.client_id = lm.client_id
		left join task t on t.tenant_id = lm.tenant_id and t.path_id = lm.path_id and t.task_id = lm.task_id
		where lm.tenant_id = $1 and lm.leave_id = $3 and `+unit.Sees("c")+` order by t.by_day, t.minute, lm.task_id`, []any{tx.Who.Tenant, tx.Who.Worker, id},
		func(row func(...any) error) error {
			var d Decided
			var day int64
			err := row(&d.TaskID, &d.PathID, &d.Client, &d.LastName, &d.FirstName, &d.Phone, &d.Way, &d.Told, &day, &d.Span.From, &d.Worker, &d.What)
			d.Day, d.Gone = civil.Date(day), day == 0
			d.Task, d.Path = d.TaskID, d.PathID
			all = append(all, d)
			tx.Saw(d.Client)
			return err
		})
	return all, err
}

// Tell notes that a client has been told of a change.
func Tell(tx *db.Tx, id, task string) error {
	if _, err := Get(tx, id); err != nil {
		return err
	}
	n, err := tx.Exec(`update leave_meeting set told_at = $4 where tenant_id = $1 and leave_id = $2 and task_id = $3 and told_at is null`, tx.Who.Tenant, id, task, tx.At)
	if err == nil && n == 0 {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	return err
}

// Happened is what was done for one of the worker's clients by others while they were away.
type Happened struct {
	Client, LastName, FirstName string
	Day                         civil.Date // of the last of it
	Entries                     int
}

// Meanwhile gives what others recorded of the actor's open clients on the days of a leave, the latest first.
func Meanwhile(tx *db.Tx, l Leave) ([]Happened, error) {
	var all []Happened
	err := tx.Each(`select c.client_id, c.last_name, c.first_name, max(e.day), count(*) from standing s
		join client c on c.tenant_id = s.tenant_id and c.client_id = s.client_id
		join entry e on e.tenant_id = s.tenant_id and e.client_id = s.client_id and e.day between $3 and $4 and e.path_id = s.path_id
		where s.tenant_id = $1 and s.responsible = $2 and s.status <> 'closed' and e.author not in ($2, 'system') and `+unit.Sees("s")+`
		group by c.client_id, c.last_name, c.first_name order by 4 desc, c.client_id limit 200`,
		[]any{tx.Who.Tenant, tx.Who.Worker, int64(l.From), int64(min(l.To, tx.Today))}, func(row func(...any) error) error {
			var h Happened
			err := row(&h.Client, &h.LastName, &h.FirstName, &h.Day, &h.Entries)
			all = append(all, h)
			tx.Saw(h.Client)
			return err
		})
	return all, err
}
