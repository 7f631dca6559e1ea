package importing

import (
	"slices"
	"strings"

	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/path"
)

// attendanceJobs gives a job for each person of a plan who has days to bring in: all of a path's days go into one
// append, so that the path is evaluated once.
func (im *Importer) attendanceJobs(p *Plan) []job {
	rows := make([][]int, len(p.People))
	already := 0
	for i := range p.Rows {
		switch p.Rows[i].Fate {
		case Added:
			person := p.List.Rows[p.Rows[i].Index].Person
			rows[person] = append(rows[person], i)
		case Already:
			already++
		}
	}
	jobs := []job{{0, func(_ *db.Tx, _ string, t *tally) error {
		t.already += already
		return nil
	}}}
	for person, list := range rows {
		if len(list) == 0 {
			continue
		}
		jobs = append(jobs, job{len(list), func(tx *db.Tx, importID string, t *tally) error {
			if p.People[person].Answer == Provisional {
				return im.storeProvisional(tx, p, person, list, importID, t)
			}
			return im.storeMarks(tx, p, list, importID, t)
		}})
	}
	return jobs
}

// storeMarks writes the days of a known client, path by path, but for those that somebody has recorded meanwhile.
func (im *Importer) storeMarks(tx *db.Tx, p *Plan, list []int, importID string, t *tally) error {
	there, err := marksOf(tx, p.Rows[list[0]].Client, p.Service.ID)
	if err != nil {
		return err
	}
	byPath := map[string][]entry.Entry{}
	var order []string
	for _, i := range list {
		r := &p.List.Rows[p.Rows[i].Index]
		if _, is := there[p.placeOf(r)]; is {
			t.already++
			continue
		}
		id := p.Rows[i].Path
		if byPath[id] == nil {
			order = append(order, id)
		}
		byPath[id] = append(byPath[id], p.markEntry(r))
		if err := im.keepMended(tx, p, r, importID, id); err != nil {
			return err
		}
		t.added++
	}
	for _, id := range order {
		if _, err := im.Book.Import(tx, id, importID, byPath[id]...); err != nil {
			return err
		}
		if err := keep(tx, importID, im.rowKey(importID, id), thingMarks, id); err != nil {
			return err
		}
	}
	return nil
}

// markKey names a row of attendance by all its cells as the file has them; empty for a day of a matrix, whose row
// says nothing of the month. What was mended does not change it, so that the same file without the mending does not
// bring the same day in at another date.
func (im *Importer) markKey(p *Plan, r *csvio.AttendanceRow) string {
	if !r.HasDay() {
		return ""
	}
	return im.rowKey(append([]string{p.Service.ID, Attendance}, r.Line()...)...)
}

// mendedMarks gives the keys of the rows that earlier imports of a service have brought in mended.
func mendedMarks(tx *db.Tx, service string) (map[string]bool, error) {
	all := map[string]bool{}
	err := tx.Each(`select i.row_key from import_run r join import_item i on i.tenant_id = r.tenant_id and i.import_id = r.import_id
		where r.tenant_id = $1 and r.service_id = $2 and r.kind = 'attendance' and i.thing = 'mended'`, []any{tx.Who.Tenant, service},
		func(row func(...any) error) error {
			var key string
			err := row(&key)
			all[key] = true
			return err
		})
	return all, err
}

// keepMended remembers a row that went to a path because of what was mended in it.
func (im *Importer) keepMended(tx *db.Tx, p *Plan, r *csvio.AttendanceRow, importID, path string) error {
	key := im.markKey(p, r)
	if !r.Mended || key == "" {
		return nil
	}
	return keep(tx, importID, key, thingMended, path)
}

// storeProvisional makes a client of a short name, with a path of their own from the first day seen. They are
// joined with the real client later; until then somebody answers for them like for anybody.
func (im *Importer) storeProvisional(tx *db.Tx, p *Plan, person int, list []int, importID string, t *tally) error {
	first := slices.MinFunc(list, func(a, b int) int { return int(p.List.Rows[p.Rows[a].Index].Day - p.List.Rows[p.Rows[b].Index].Day) })
	start := min(p.List.Rows[p.Rows[first].Index].Day, tx.Today)
	a := p.List.People[person]
	n := client.New{Register: p.Service.Register, Number: a.Number, Provisional: true}
	n.FirstName, n.LastName, _ = strings.Cut(p.People[person].Name, " ")
	key := im.rowKey(p.Service.ID, "provisional", importID, p.People[person].Name)
	id, err := client.Create(tx, im.Keys, n)
	if err != nil {
		return err
	}
	t.clients++
	if err := keep(tx, importID, key, thingClient, id); err != nil {
		return err
	}
	var entries []entry.Entry
	for _, i := range list {
		entries = append(entries, p.markEntry(&p.List.Rows[p.Rows[i].Index]))
		t.added++
	}
	for i := range entries {
		entries[i].RecordedAt = tx.At + 1 + int64(i)
	}
	pathID, err := im.startProvisional(tx, p, id, start, importID, entries)
	if err != nil {
		return err
	}
	t.open++
	for _, i := range list {
		if err := im.keepMended(tx, p, &p.List.Rows[p.Rows[i].Index], importID, pathID); err != nil {
			return err
		}
	}
	if err := im.rememberName(tx, p, person, importID, id); err != nil {
		return err
	}
	return keep(tx, importID, key, thingPath, pathID)
}

func (im *Importer) startProvisional(tx *db.Tx, p *Plan, clientID string, start civil.Date, importID string, entries []entry.Entry) (string, error) {
	worker := p.Choices.DefaultWorker
	id, _, err := im.Book.Start(tx, path.Start{Client: clientID, Service: p.Service.ID, Day: start, Responsible: worker, RecordedAt: tx.At, ImportID: importID, Imported: tx.Today},
		append(entries, im.checkStep(tx, p, worker))...)
	return id, err
}
