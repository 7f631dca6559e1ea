package caseload

import (
	"fmt"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/path"
	"polku/internal/pathway"
	"polku/internal/unit"
)

// Place in a list: the keyset that the next page begins after. The zero Place is the beginning. Only figures
// and the id of a path may stand in a URL; the names that lists by name need are looked up by the path.
type Place struct {
	Group, Class int
	Since        int64
	Path         string

	lastName, firstName string
}

// Text of a place for a URL.
func (p Place) Text() string {
	if p.Path == "" {
		return ""
	}
	return fmt.Sprintf("%d.%d.%d.%s", p.Group, p.Class, p.Since, p.Path)
}

// PlaceOf reads what Text wrote; the empty text is the beginning.
func PlaceOf(text string) (Place, error) {
	var p Place
	if text == "" {
		return p, nil
	}
	if n, err := fmt.Sscanf(text, "%d.%d.%d.%s", &p.Group, &p.Class, &p.Since, &p.Path); n != 4 || err != nil {
		return Place{}, fault.E(fault.NotFound, "error.not_found", nil)
	}
	return p, nil
}

// name looks up the names of the place's path.
func (p *Place) name(tx *db.Tx) error {
	if p.Path == "" {
		return nil
	}
	_, err := tx.One(`select c.last_name, c.first_name from path p join client c on c.tenant_id = p.tenant_id and c.client_id = p.client_id
		where p.tenant_id = $1 and p.path_id = $2`, []any{tx.Who.Tenant, p.Path}, &p.lastName, &p.firstName)
	return err
}

// All gives up to limit open or owed paths of a list in the engine's order, after a place, and the place of
// the next page (false: no more). Unlike Today it shows the calm ones too; closed paths that owe nothing are
// left out.
func All(tx *db.Tx, b *path.Book, f Filter, after Place, limit int) ([]Line, Place, bool, error) {
	theirs, err := whose(tx, f.Whose)
	if err != nil {
		return nil, Place{}, false, err
	}
	return page(tx, b, `select `+lineColumns+` from standing s join client c on c.tenant_id = s.tenant_id and c.client_id = s.client_id
		where s.tenant_id = $1 and `+theirs+` and `+unit.Sees("s")+` and s.today_group <= 4 and ($4 = '' or s.service_id = $4)
		and ($5 = 0 or s.class = $5) and $3 > 0 and (s.today_group, s.class, s.since, s.path_id) > ($6, $7, $8, $9)
		order by s.today_group, s.class, s.since, s.path_id limit $10`, limit,
		tx.Who.Tenant, tx.Who.Worker, int64(tx.Today), f.Service, int(f.Class), after.Group, after.Class, after.Since, after.Path, limit+1)
}

// ByName is All in the order of names.
func ByName(tx *db.Tx, b *path.Book, f Filter, after Place, limit int) ([]Line, Place, bool, error) {
	theirs, err := whose(tx, f.Whose)
	if err != nil {
		return nil, Place{}, false, err
	}
	if err := after.name(tx); err != nil {
		return nil, Place{}, false, err
	}
	return page(tx, b, `select `+lineColumns+` from standing s join client c on c.tenant_id = s.tenant_id and c.client_id = s.client_id
		where s.tenant_id = $1 and `+theirs+` and `+unit.Sees("s")+` and s.today_group <= 4 and ($4 = '' or s.service_id = $4)
		and ($5 = 0 or s.class = $5) and $3 > 0 and (c.last_name, c.first_name, s.path_id) > ($6, $7, $8)
		order by c.last_name, c.first_name, s.path_id limit $9`, limit,
		tx.Who.Tenant, tx.Who.Worker, int64(tx.Today), f.Service, int(f.Class), after.lastName, after.firstName, after.Path, limit+1)
}

// Hanging gives everyone about to be left hanging in the units that the actor coordinates: no next step kept,
// an exit or a hand-off without an answer.
func Hanging(tx *db.Tx, b *path.Book, f Filter, after Place, limit int) ([]Line, Place, bool, error) {
	return page(tx, b, `select `+lineColumns+` from standing s join client c on c.tenant_id = s.tenant_id and c.client_id = s.client_id
		where s.tenant_id = $1 and `+unit.Coordinates("s")+` and `+unit.Sees("s")+` and s.status <> 'closed' and s.today_group = 1
		and s.class <= 3 and $3 > 0 and ($4 = '' or s.service_id = $4)
		and (s.class, s.since, s.path_id) > ($5, $6, $7) order by s.class, s.since, s.path_id limit $8`, limit,
		tx.Who.Tenant, tx.Who.Worker, int64(tx.Today), f.Service, after.Class, after.Since, after.Path, limit+1)
}

func page(tx *db.Tx, b *path.Book, text string, limit int, args ...any) ([]Line, Place, bool, error) {
	rows := make([]row, 0, limit+1)
	err := tx.Each(text, args, func(scan func(...any) error) error {
		rows = append(rows, row{})
		return scanRow(scan, &rows[len(rows)-1])
	})
	if err != nil {
		return nil, Place{}, false, err
	}
	more := len(rows) > limit
	if more {
		rows = rows[:limit]
	}
	var next Place
	if n := len(rows); n > 0 {
		l := rows[n-1]
		next = Place{Group: path.GroupNumber(l.Group), Class: int(l.Rank.Class), Since: int64(l.Rank.Since), Path: l.Path}
	}
	if rows, err = fresh(tx, b, rows); err != nil {
		return nil, next, more, err
	}
	lines := make([]Line, 0, len(rows))
	for i := range rows {
		lines = append(lines, rows[i].Line)
		tx.Saw(rows[i].Client)
	}
	return lines, next, more, nil
}

// Counts are the figures around Today. They name nobody.
type Counts struct {
	Now     int // of the actor's own: how many need them now
	Calm    int // of the actor's own: nothing within seven days
	Hanging int // in the units that the actor coordinates
	Unset   int // open paths of the actor whose next step is still "Tarkista tuonti"
}

// Waiting gives what the navigation counts on every page: the actor's own who need them now, as on Today those of
// colleagues whom they cover among them, and the hand-offs that wait for their answer.
func Waiting(tx *db.Tx) (now, handoffs int, err error) {
	_, err = tx.One(`select (select count(*) from standing s where s.tenant_id = $1 and s.today_group = 1 and `+mine+`),
		(select count(*) from handoff h where h.tenant_id = $1 and h.to_worker = $2 and h.step = 'offered')`,
		[]any{tx.Who.Tenant, tx.Who.Worker, int64(tx.Today)}, &now, &handoffs)
	return now, handoffs, err
}

// Count gives the figures around Today, as the balances say.
func Count(tx *db.Tx) (Counts, error) {
	var c Counts
	if _, err := tx.One(`select count(*) filter (where s.today_group = 1), count(*) filter (where s.today_group = 4),
		count(*) filter (where s.step_from = 'import' and s.status <> 'closed') from standing s where s.tenant_id = $1 and s.today_group <= 4 and `+mine,
		[]any{tx.Who.Tenant, tx.Who.Worker, int64(tx.Today)}, &c.Now, &c.Calm, &c.Unset); err != nil {
		return c, err
	}
	_, err := tx.One(`select count(*) from standing s where s.tenant_id = $1 and `+unit.Coordinates("s")+` and `+unit.Sees("s")+`
		and s.status <> 'closed' and s.today_group = 1 and s.class <= 3`, []any{tx.Who.Tenant, tx.Who.Worker}, &c.Hanging)
	return c, err
}

// Meeting is something at a clock time.
type Meeting struct {
	Task, Client, Path  string
	LastName, FirstName string
	What, Place         string
	Minute              int
}

// Meetings gives a worker's agreed clock times of a day (their own and of whom they cover), in order.
func Meetings(tx *db.Tx, day civil.Date) ([]Meeting, error) {
	var all []Meeting
	err := tx.Each(`select t.task_id, t.client_id, t.path_id, c.last_name, c.first_name, t.what, case when c.safety_ban then '' else t.place end, t.minute from task t
		join client c on c.tenant_id = t.tenant_id and c.client_id = t.client_id
		where t.tenant_id = $1 and t.worker_id in (select $2 union all select cv.absent from cover cv where cv.tenant_id = $1 and cv.cover = $2
		and cv.from_day <= $3 and cv.to_day >= $3 and cv.ended_at is null) and t.by_day = $3 and t.minute > 0 and `+unit.Sees("c")+`
		order by t.minute, t.task_id`, []any{tx.Who.Tenant, tx.Who.Worker, int64(day)}, func(row func(...any) error) error {
		var m Meeting
		err := row(&m.Task, &m.Client, &m.Path, &m.LastName, &m.FirstName, &m.What, &m.Place, &m.Minute)
		all = append(all, m)
		tx.Saw(m.Client)
		return err
	})
	return all, err
}

// Unset gives up to limit of the actor's paths whose next step is still "Tarkista tuonti", by name after a
// place: the sprint.
func Unset(tx *db.Tx, b *path.Book, after Place, limit int) ([]Line, Place, bool, error) {
	if err := after.name(tx); err != nil {
		return nil, Place{}, false, err
	}
	return page(tx, b, `select `+lineColumns+` from standing s join client c on c.tenant_id = s.tenant_id and c.client_id = s.client_id
		where s.tenant_id = $1 and `+mine+` and `+unit.Sees("s")+` and s.step_from = 'import' and s.status <> 'closed'
		and (c.last_name, c.first_name, s.path_id) > ($4, $5, $6) order by c.last_name, c.first_name, s.path_id limit $7`, limit,
		tx.Who.Tenant, tx.Who.Worker, int64(tx.Today), after.lastName, after.firstName, after.Path, limit+1)
}

// Signals gives the classes of first signals among a worker's lines, for the filter's choices.
func Signals(lines []Line) []pathway.Class {
	var classes []pathway.Class
	seen := map[pathway.Class]bool{}
	for _, l := range lines {
		if l.Reason != nil && !seen[l.Reason.Class] {
			seen[l.Reason.Class] = true
			classes = append(classes, l.Reason.Class)
		}
	}
	return classes
}
