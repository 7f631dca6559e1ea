package path

import (
	"maps"

	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/pathway"
)

// taskRow is an open task as its balance keeps it.
type taskRow struct {
	pathway.OpenTask
	beside bool // promised by a worker who is not the path's responsible one
}

// openTasks gives the tasks that the balance must hold, by id.
func openTasks(s pathway.State) map[string]taskRow {
	rows := map[string]taskRow{}
	if s.Status == pathway.Closed {
		return rows // nobody is asked to do what was agreed with somebody who has left
	}
	for _, t := range s.Tasks {
		if t.Worker == "" {
			t.Worker = s.Responsible
		}
		rows[t.Task] = taskRow{t, t.Owner == entry.ByWorker && t.Worker != s.Responsible}
	}
	return rows
}

// keptTasks gives the tasks that the balance holds, by id.
func keptTasks(tx *db.Tx, p Path) (map[string]taskRow, error) {
	rows := map[string]taskRow{}
	err := tx.Each(`select task_id, owner, worker_id, what, by_day, minute, place, source, entry_id, booked, beside, form, minutes, offer from task
		where tenant_id = $1 and path_id = $2 and client_id = $3`, []any{tx.Who.Tenant, p.ID, p.Client}, func(row func(...any) error) error {
		var t taskRow
		err := row(&t.Task, (*string)(&t.Owner), &t.Worker, &t.What, &t.By, &t.Minute, &t.Place, (*string)(&t.From), &t.Entry, (*string)(&t.Booked), &t.beside, (*string)(&t.Form), &t.Minutes, &t.Offer)
		rows[t.Task] = t
		return err
	})
	return rows, err
}

// taskChanges is what has to be written so that the balance holds exactly the open tasks of a state.
type taskChanges struct {
	changed, added []taskRow
	gone           []string // ids
}

func changedTasks(tx *db.Tx, p Path, s pathway.State) (taskChanges, error) {
	var c taskChanges
	there, err := keptTasks(tx, p)
	if err != nil {
		return c, err
	}
	for id, t := range openTasks(s) {
		before, known := there[id]
		delete(there, id)
		switch {
		case !known:
			c.added = append(c.added, t)
		case before != t:
			c.changed = append(c.changed, t)
		}
	}
	for id := range there {
		c.gone = append(c.gone, id)
	}
	return c, nil
}

func (c taskChanges) write(tx *db.Tx, p Path) error {
	for _, t := range c.changed {
		if _, err := tx.Exec(`update task set owner = $4, worker_id = $5, what = $6, by_day = $7, minute = $8, place = $9, source = $10, entry_id = $11,
			booked = $12, beside = $13, form = $14, minutes = $15, offer = $16 where tenant_id = $1 and path_id = $2 and task_id = $3`, taskArgs(tx, p, t)...); err != nil {
			return err
		}
	}
	for _, id := range c.gone {
		if _, err := tx.Exec(`delete from task where tenant_id = $1 and path_id = $2 and task_id = $3`, tx.Who.Tenant, p.ID, id); err != nil {
			return err
		}
	}
	var rows [][]any
	for _, t := range c.added {
		rows = append(rows, append(taskArgs(tx, p, t), p.Client))
	}
	_, err := tx.InsertMany(`insert into task (tenant_id, path_id, task_id, owner, worker_id, what, by_day, minute, place, source, entry_id, booked, beside, form, minutes, offer, client_id)
		values`, rows, "")
	return err
}

func taskArgs(tx *db.Tx, p Path, t taskRow) []any {
	return []any{tx.Who.Tenant, p.ID, t.Task, string(t.Owner), t.Worker, t.What, int64(t.By), t.Minute, t.Place, string(t.From), t.Entry, string(t.Booked), t.beside, string(t.Form), t.Minutes, t.Offer}
}

func sameTasks(tx *db.Tx, p Path, s pathway.State) (bool, error) {
	kept, err := keptTasks(tx, p)
	return maps.Equal(kept, openTasks(s)), err
}
