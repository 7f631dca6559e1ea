// Package caseload reads lists of clients in the engine's order: whose turn it is today, everybody of a
// worker, everyone about to be left hanging. It selects across slices and never writes.
package caseload

import (
	"sort"
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/path"
	"polku/internal/pathway"
	"polku/internal/unit"
)

// Line is one client of a list: the path that calls loudest.
type Line struct {
	Client, Path        string
	LastName, FirstName string
	Ban, Provisional    bool
	Restricted          bool   // processing is restricted: nothing is recorded or changed
	Phone               string // empty under a safety ban
	Service             string // id
	Model, Version      string
	Responsible         string // worker id
	Status              pathway.Status
	Group               pathway.Group
	Rank                pathway.Rank
	Reason              *pathway.Signal // the first signal; nil: none
	Step                pathway.OpenTask
	More                int // further paths of the same client in the list
}

// Name as people write it.
func (l Line) Name() string { return strings.TrimSpace(l.FirstName + " " + l.LastName) }

// Whose clients a list shows.
type Whose string

// Whose.
const (
	Mine Whose = "mine" // mine, and those of colleagues whom I cover today
	Team Whose = "team" // everybody's in my units, within my registers
)

// Filter of a list. Zero values filter nothing.
type Filter struct {
	Whose   Whose
	Service string
	Class   pathway.Class // only lines whose first signal is of this class
}

const lineColumns = `s.client_id, s.path_id, c.last_name, c.first_name, c.safety_ban, c.provisional, c.restricted,
	case when c.safety_ban then '' else c.phone end, s.register_id, s.service_id, coalesce(s.responsible, ''), s.status, s.today_group, s.class, s.since,
	s.reason, s.step_by, s.step_what, s.step_task, s.step_minute, s.step_owner, s.step_from, s.step_booked, s.versions, s.evaluated_on, s.next_change`

// row is a line as the balance keeps it.
type row struct {
	Line
	register        string
	versions        string
	evaluated, next civil.Date
}

func scanRow(scan func(...any) error, r *row) error {
	var group, class int
	var since int64
	var reason string
	if err := scan(&r.Client, &r.Path, &r.LastName, &r.FirstName, &r.Ban, &r.Provisional, &r.Restricted, &r.Phone, &r.register, &r.Service, &r.Responsible,
		(*string)(&r.Status), &group, &class, &since, &reason, &r.Step.By, &r.Step.What, &r.Step.Task, &r.Step.Minute,
		(*string)(&r.Step.Owner), (*string)(&r.Step.From), (*string)(&r.Step.Booked), &r.versions, &r.evaluated, &r.next); err != nil {
		return err
	}
	r.Group = path.GroupOf(group)
	r.Rank = pathway.Rank{Class: pathway.Class(class), Since: civil.Date(since)}
	key, _, _ := strings.Cut(r.versions, " ")
	r.Model, r.Version, _ = strings.Cut(key, "@")
	var err error
	r.Reason, err = reasons.signal(reason)
	return err
}

// mine is the condition that a standing is the actor's, or that of a colleague whom they cover today ($3).
const mine = `s.responsible in (select $2 union all select cv.absent from cover cv where cv.tenant_id = $1 and cv.cover = $2
	and cv.from_day <= $3 and cv.to_day >= $3 and cv.ended_at is null)`

// team is the condition that a standing is of a unit that the actor works in.
const team = `s.unit_id in (select m.unit_id from member m where m.tenant_id = $1 and m.worker_id = $2 and m.cases)`

// whose gives the condition of a list. Most days nobody is covered for: then one worker's balances come from
// the index in the engine's order, without sorting.
func whose(tx *db.Tx, w Whose) (string, error) {
	if w == Team {
		return team, nil
	}
	var covered int
	_, err := tx.One(`select count(*) from cover cv where cv.tenant_id = $1 and cv.cover = $2 and cv.from_day <= $3 and cv.to_day >= $3
		and cv.ended_at is null`, []any{tx.Who.Tenant, tx.Who.Worker, int64(tx.Today)}, &covered)
	if covered == 0 {
		return `s.responsible = $2`, err
	}
	return mine, err
}

// todayMost is how many lines Today gives at most; who has more needs another remedy than a longer list.
const todayMost = 300

// Today gives the lines of the groups now, waiting and soon, one a client, in the engine's order. Balances
// that no longer hold today are evaluated anew in memory, so the list is right before the night's work too.
func Today(tx *db.Tx, b *path.Book, f Filter) ([]Line, error) {
	rows := make([]row, 0, 64)
	theirs, err := whose(tx, f.Whose)
	if err != nil {
		return nil, err
	}
	// Those listed, by the index of who answers for them; then, by the index of the next change, those whom this day may
	// bring back although their balance says that nothing is owed: none, once the night's work has passed.
	for _, from := range []string{
		`standing s join client c on c.tenant_id = s.tenant_id and c.client_id = s.client_id where s.today_group <= 3`,
		`(select path_id from standing where tenant_id = $1 and next_change <= $3) x cross join standing s
			join client c on c.tenant_id = s.tenant_id and c.client_id = s.client_id where s.path_id = x.path_id and s.today_group > 3`,
	} {
		err := tx.Each(`select `+lineColumns+` from `+from+` and s.tenant_id = $1 and `+theirs+` and `+unit.Sees("s")+`
			and ($4 = '' or s.service_id = $4) and $3 > 0 order by s.today_group, s.class, s.since, s.path_id limit $5`,
			[]any{tx.Who.Tenant, tx.Who.Worker, int64(tx.Today), f.Service, todayMost}, func(scan func(...any) error) error {
				rows = append(rows, row{})
				return scanRow(scan, &rows[len(rows)-1])
			})
		if err != nil {
			return nil, err
		}
	}
	if rows, err = fresh(tx, b, rows); err != nil {
		return nil, err
	}
	promised, err := promised(tx, f)
	if err != nil {
		return nil, err
	}
	return onePerClient(tx, append(rows, promised...), func(l Line) bool {
		return l.Group != pathway.GroupCalm && l.Group != pathway.GroupNone && (f.Class == 0 || l.Rank.Class == f.Class)
	}), nil
}

// promised gives what the actor has promised to do on paths of others, due within a week.
func promised(tx *db.Tx, f Filter) ([]row, error) {
	var rows []row
	if f.Whose == Team {
		return nil, nil
	}
	err := tx.Each(`select `+lineColumns+`, t.task_id, t.what, t.by_day, t.minute from task t
		join standing s on s.tenant_id = t.tenant_id and s.path_id = t.path_id
		join client c on c.tenant_id = s.tenant_id and c.client_id = s.client_id
		where t.tenant_id = $1 and t.worker_id = $2 and t.beside and t.by_day <= $3 + 7 and `+unit.Sees("s")+`
		and ($4 = '' or s.service_id = $4) order by t.by_day, t.task_id limit 100`,
		[]any{tx.Who.Tenant, tx.Who.Worker, int64(tx.Today), f.Service}, func(scan func(...any) error) error {
			var r row
			var t pathway.OpenTask
			err := scanRow(func(dest ...any) error { return scan(append(dest, &t.Task, &t.What, &t.By, &t.Minute)...) }, &r)
			t.Owner = entry.ByWorker
			r.Step, r.Reason = t, nil
			r.Rank = pathway.Rank{Class: pathway.NoSignal, Since: t.By}
			r.Group = pathway.GroupSoon
			if t.By <= tx.Today {
				r.Group = pathway.GroupNow
			}
			rows = append(rows, r)
			return err
		})
	return rows, err
}

// fresh evaluates the rows whose balance may no longer hold.
func fresh(tx *db.Tx, b *path.Book, rows []row) ([]row, error) {
	for i := range rows {
		r := &rows[i]
		if tx.Today < r.next && strings.HasSuffix(r.versions, " "+b.Stamp) {
			continue
		}
		s, err := b.Evaluate(tx, path.Path{ID: r.Path, Client: r.Client, Register: r.register, Service: r.Service})
		if err != nil {
			return nil, err
		}
		r.Status, r.Group, r.Rank, r.Reason, r.Step = s.Status, s.Group, s.Rank, nil, pathway.OpenTask{}
		if len(s.Signals) > 0 {
			r.Reason = &s.Signals[0]
		}
		if s.NextStep != nil {
			r.Step = *s.NextStep
		}
	}
	return rows, nil
}

// onePerClient keeps, of each client's rows that pass, the most urgent one, in the engine's order.
func onePerClient(tx *db.Tx, rows []row, pass func(Line) bool) []Line {
	lines := make([]Line, 0, len(rows))
	for i := range rows {
		if pass(rows[i].Line) {
			lines = append(lines, rows[i].Line)
		}
	}
	sort.SliceStable(lines, func(i, j int) bool { return before(&lines[i], &lines[j]) })
	at := make(map[string]int, len(lines))
	out := lines[:0]
	for _, l := range lines {
		if i, there := at[l.Client]; there {
			out[i].More++
			continue
		}
		at[l.Client] = len(out)
		out = append(out, l)
		tx.Saw(l.Client)
	}
	return out
}

func before(a, b *Line) bool {
	if x, y := path.GroupNumber(a.Group), path.GroupNumber(b.Group); x != y {
		return x < y
	}
	if a.Rank.Class != b.Rank.Class {
		return a.Rank.Class < b.Rank.Class
	}
	if a.Rank.Since != b.Rank.Since {
		return a.Rank.Since < b.Rank.Since
	}
	return a.Path < b.Path
}
