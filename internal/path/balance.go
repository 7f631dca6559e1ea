package path

import (
	"encoding/json"

	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/pathway"
)

// Never is the next change of a state that does not change by itself.
var Never = civil.New(2999, 12, 31)

// groupNumber orders the groups of Today in the balance.
var groupNumber = map[pathway.Group]int{pathway.GroupNow: 1, pathway.GroupWaiting: 2, pathway.GroupSoon: 3, pathway.GroupCalm: 4, pathway.GroupNone: 5}

// GroupNumber gives the place of a group in the order of Today, from 1.
func GroupNumber(g pathway.Group) int { return groupNumber[g] }

// GroupOf gives the group of a number that the balance keeps.
func GroupOf(n int) pathway.Group {
	for g, k := range groupNumber {
		if k == n {
			return g
		}
	}
	return pathway.GroupNone
}

// balances are what follows from a path's entries, reckoned and not yet written: standing, tasks, relations, hand-offs.
type balances struct {
	path     Path
	standing standingRow
	tasks    taskChanges
	circle   []*entry.Entry // the entries as they stand, when a fresh one concerns relations or hand-offs; else nil
}

// balances reckons them. fresh are the entries that are just coming in.
func (b *Book) balances(tx *db.Tx, p Path, entries, fresh []entry.Entry, s pathway.State) (*balances, error) {
	x := &balances{path: p}
	var err error
	if x.standing, err = b.standingRow(s); err != nil {
		return nil, err
	}
	if err := x.standing.compare(tx, p); err != nil {
		return nil, err
	}
	if x.tasks, err = changedTasks(tx, p, s); err != nil {
		return nil, err
	}
	if touchesCircle(fresh) {
		x.circle = pathway.Effective(entries)
	}
	return x, nil
}

func (x *balances) write(tx *db.Tx) error {
	if err := writeStanding(tx, x.path, x.standing); err != nil {
		return err
	}
	if err := x.tasks.write(tx, x.path); err != nil {
		return err
	}
	if x.circle == nil {
		return nil
	}
	if err := syncRelations(tx, x.path, x.circle); err != nil {
		return err
	}
	return syncHandoffs(tx, x.path, x.circle)
}

// writeStanding writes a standing. Most entries leave its place in the lists as it was: then no index has to change, or
// just that of the next change. What row.compare has found is looked at again, since night work writes standings too.
func writeStanding(tx *db.Tx, p Path, row standingRow) error {
	s := row.of
	if row.sameRank {
		text, next := updateStanding, row.nextChange
		if !row.sameNext {
			text = updateStandingNext
		}
		n, err := tx.Exec(text, tx.Who.Tenant, p.ID, row.status, db.NullText(s.Responsible), s.Phase, row.step.By, row.step.What, row.reason, s.Today, row.versions,
			row.step.Task, row.step.Minute, string(row.step.Owner), string(row.step.From), string(row.step.Booked),
			row.group, int(s.Rank.Class), int64(s.Rank.Since), next)
		if err != nil || n > 0 {
			return err
		}
	}
	return rankStanding(tx, p, row)
}

const (
	standingSet = `update standing set status = $3, phase = $5, step_by = $6, step_what = $7, reason = $8, evaluated_on = $9, versions = $10,
		step_task = $11, step_minute = $12, step_owner = $13, step_from = $14, step_booked = $15`
	standingWhere      = ` where tenant_id = $1 and path_id = $2 and responsible = $4 and today_group = $16 and class = $17 and since = $18`
	updateStanding     = standingSet + standingWhere + ` and next_change = $19`
	updateStandingNext = standingSet + `, next_change = $19` + standingWhere
)

// rankStanding writes the standing of a path that is new or has another place in the lists.
func rankStanding(tx *db.Tx, p Path, row standingRow) error {
	s := row.of
	_, err := tx.Exec(`insert into standing (tenant_id, path_id, client_id, register_id, unit_id, service_id, status, responsible, phase,
		today_group, class, since, step_by, step_what, reason, evaluated_on, next_change, versions, step_task, step_minute, step_owner, step_from, step_booked)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
		on conflict (tenant_id, path_id) do update set status = excluded.status, responsible = excluded.responsible, phase = excluded.phase,
		today_group = excluded.today_group, class = excluded.class, since = excluded.since, step_by = excluded.step_by,
		step_what = excluded.step_what, reason = excluded.reason, evaluated_on = excluded.evaluated_on,
		next_change = excluded.next_change, versions = excluded.versions, step_task = excluded.step_task,
		step_minute = excluded.step_minute, step_owner = excluded.step_owner, step_from = excluded.step_from, step_booked = excluded.step_booked`,
		tx.Who.Tenant, p.ID, p.Client, p.Register, p.Unit, p.Service, row.status, db.NullText(s.Responsible), s.Phase,
		row.group, int(s.Rank.Class), int64(s.Rank.Since), row.step.By, row.step.What, row.reason, s.Today, row.nextChange, row.versions,
		row.step.Task, row.step.Minute, string(row.step.Owner), string(row.step.From), string(row.step.Booked))
	return err
}

// standingRow is what a state looks like in the balance.
type standingRow struct {
	of                       pathway.State
	status, reason, versions string
	group                    int
	step                     pathway.OpenTask // empty when there is none
	nextChange               civil.Date
	sameRank, sameNext       bool // as the balance has it; compare fills them in
}

func (b *Book) standingRow(s pathway.State) (standingRow, error) {
	row := standingRow{of: s, status: string(s.Status), versions: b.versions(s), group: groupNumber[s.Group], nextChange: s.NextChange}
	if s.NextStep != nil {
		row.step = *s.NextStep
	}
	if row.nextChange.IsZero() {
		row.nextChange = Never
	}
	if len(s.Signals) > 0 {
		reason, err := json.Marshal(s.Signals[0])
		if err != nil {
			return standingRow{}, fault.Wrap(err, "path.encode")
		}
		row.reason = string(reason)
	}
	return row, nil
}

// compare reads which place in the lists the balance has, and whether it stays.
func (row *standingRow) compare(tx *db.Tx, p Path) error {
	var responsible string
	var group, class int
	var since, next civil.Date
	found, err := tx.One(`select coalesce(responsible, ''), today_group, class, since, next_change from standing where tenant_id = $1 and path_id = $2`,
		[]any{tx.Who.Tenant, p.ID}, &responsible, &group, &class, &since, &next)
	s := row.of
	row.sameRank = found && responsible == s.Responsible && group == row.group && class == int(s.Rank.Class) && since == s.Rank.Since
	row.sameNext = next == row.nextChange
	return err
}

// versions names what a state was evaluated with.
func (b *Book) versions(s pathway.State) string { return s.Model + "@" + s.Version + " " + b.Stamp }

// logCommand writes the command log: the kinds of the entries, in order, never their content.
func logCommand(tx *db.Tx, clientID string, entries []entry.Entry) error {
	what := "append"
	for i, e := range entries {
		if i == 6 {
			what += " …"
			break
		}
		what += " " + string(e.Kind)
	}
	return audit.Command(tx, clientID, what)
}
