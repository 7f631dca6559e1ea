package booking

import (
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/unit"
)

// Meeting is something with a client at a clock time, as a calendar shows it.
type Meeting struct {
	Task, Client, Path  string
	LastName, FirstName string
	What, Place         string // the place is empty under a safety ban
	Worker              string
	Form                entry.Form // empty: a task that has a clock time
	Day                 civil.Date
	Span                Span
	Offer               string
	Fixed               bool // a booked contact of an earlier form: recorded, but not moved here
}

// lengthOf is how many minutes a task with a clock time takes: a booked meeting an hour when nobody said, else half an hour.
const lengthOf = `case when t.minutes > 0 then t.minutes when t.form <> '' or t.booked <> '' then 60 else 30 end`

const meetingColumns = `t.task_id, t.client_id, t.path_id, c.last_name, c.first_name, t.what, case when c.safety_ban then '' else t.place end, t.worker_id,
	case when t.form <> '' then t.form else t.booked end, t.by_day, t.minute, ` + lengthOf + `, t.offer, t.booked <> ''`

func scanMeeting(row func(...any) error, m *Meeting) error {
	err := row(&m.Task, &m.Client, &m.Path, &m.LastName, &m.FirstName, &m.What, &m.Place, &m.Worker, (*string)(&m.Form), &m.Day, &m.Span.From, &m.Span.To, &m.Offer, &m.Fixed)
	m.Span.To += m.Span.From
	return err
}

// Meetings gives the actor's clock times of some days, in order: their own, and on days of a cover those of whom they
// cover. It asks by the index of a worker's clock times.
func Meetings(tx *db.Tx, from, to civil.Date) ([]Meeting, error) {
	return meetings(tx, `from (select $2 as worker_id, 0 as from_day, 999999999 as to_day union all select cv.absent, cv.from_day, cv.to_day from cover cv
			where cv.tenant_id = $1 and cv.cover = $2 and cv.to_day >= $3 and cv.from_day <= $4 and cv.ended_at is null) who
		join task t on t.tenant_id = $1 and t.worker_id = who.worker_id and t.by_day between $3 and $4 and t.minute > 0
		join client c on c.tenant_id = t.tenant_id and c.client_id = t.client_id
		where t.by_day >= who.from_day and t.by_day <= who.to_day and `+unit.Sees("c")+` order by t.by_day, t.minute, t.task_id`,
		tx.Who.Tenant, tx.Who.Worker, int64(from), int64(to))
}

// OfWorker gives a worker's own clock times of some days, as far as the actor sees their clients.
func OfWorker(tx *db.Tx, worker string, from, to civil.Date) ([]Meeting, error) {
	return meetings(tx, `from task t join client c on c.tenant_id = t.tenant_id and c.client_id = t.client_id
		where t.tenant_id = $1 and t.worker_id = $5 and t.by_day between $3 and $4 and t.minute > 0 and `+unit.Sees("c")+` order by t.by_day, t.minute, t.task_id`,
		tx.Who.Tenant, tx.Who.Worker, int64(from), int64(to), worker)
}

// OfClient gives a client's coming clock times with any worker, and those whose day has gone by and nobody has recorded.
func OfClient(tx *db.Tx, client string) ([]Meeting, error) {
	return meetings(tx, `from path p join task t on t.tenant_id = p.tenant_id and t.path_id = p.path_id and t.minute > 0
		join client c on c.tenant_id = t.tenant_id and c.client_id = t.client_id
		where p.tenant_id = $1 and p.client_id = $3 and `+unit.Sees("c")+` order by t.by_day, t.minute, t.task_id`, tx.Who.Tenant, tx.Who.Worker, client)
}

func meetings(tx *db.Tx, text string, args ...any) ([]Meeting, error) {
	var all []Meeting
	err := tx.Each(`select `+meetingColumns+` `+text, args, func(row func(...any) error) error {
		all = append(all, Meeting{})
		m := &all[len(all)-1]
		err := scanMeeting(row, m)
		tx.Saw(m.Client)
		return err
	})
	return all, err
}

// taken is what stands in a worker's way on a day.
type taken struct {
	day  civil.Date
	span Span
	what string // clash, busy, away
	task string // of a meeting
}

// takenOf gives what stands in a worker's way on some days: clock times with anybody, own blocks, leave. It names
// nobody. (The hours of weekly blocks are in BusyOf.)
func takenOf(tx *db.Tx, worker string, from, to civil.Date) ([]taken, error) {
	var all []taken
	if err := tx.Each(`select t.by_day, t.minute, t.minute + `+lengthOf+`, 'clash', t.task_id from task t
			where t.tenant_id = $1 and t.worker_id = $2 and t.by_day between $3 and $4 and t.minute > 0
		union all select b.day, b.from_minute, b.to_minute, 'busy', '' from busy b
			where b.tenant_id = $1 and b.worker_id = $2 and b.weekday = 0 and b.day between $3 and $4`,
		[]any{tx.Who.Tenant, worker, int64(from), int64(to)}, func(row func(...any) error) error {
			var k taken
			err := row(&k.day, &k.span.From, &k.span.To, &k.what, &k.task)
			all = append(all, k)
			return err
		}); err != nil {
		return nil, err
	}
	away, err := AwayDays(tx, worker, from, to)
	for _, a := range away {
		all = append(all, taken{day: a.Day, span: a.Span, what: "away"})
	}
	return all, err
}

// Away is a day, or half of one, on which a worker is planned to be away.
type Away struct {
	Day  civil.Date
	Span Span
	Kind string // leave, training, other
}

// noon parts a day into halves for those who are away for half of it.
const noon = 12 * 60

// AwayDays gives the days of some on which a worker is away (package leave plans them).
func AwayDays(tx *db.Tx, worker string, from, to civil.Date) ([]Away, error) {
	var all []Away
	err := tx.Each(`select from_day, to_day, part, kind from leave where tenant_id = $1 and worker_id = $2 and to_day >= $3 and from_day <= $4
		and state not in ('ended', 'off') order by from_day, leave_id`, []any{tx.Who.Tenant, worker, int64(from), int64(to)}, func(row func(...any) error) error {
		var first, last civil.Date
		var part, kind string
		err := row(&first, &last, &part, &kind)
		for day := max(first, from); day <= min(last, to); day++ {
			all = append(all, Away{day, partSpan(part), kind})
		}
		return err
	})
	return all, err
}

func partSpan(part string) Span {
	switch part {
	case "morning":
		return Span{0, noon}
	case "afternoon":
		return Span{noon, 24 * 60}
	}
	return Span{0, 24 * 60}
}

// FreeOf gives a worker's time on some days.
func FreeOf(tx *db.Tx, cal *civil.Calendar, worker string, from, to civil.Date) (Free, error) {
	f := Free{Calendar: cal, Taken: map[civil.Date][]Span{}}
	var err error
	if f.Hours, err = HoursOf(tx, worker); err != nil {
		return f, err
	}
	blocks, err := BusyOf(tx, worker)
	if err != nil {
		return f, err
	}
	for _, b := range blocks {
		if b.Weekday > 0 {
			f.Weekly[b.Weekday] = append(f.Weekly[b.Weekday], b.Span)
		}
	}
	list, err := takenOf(tx, worker, from, to)
	for _, k := range list {
		f.Take(k.day, k.span)
	}
	return f, err
}
