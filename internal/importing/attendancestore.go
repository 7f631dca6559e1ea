package importing

import (
	"slices"
	"strings"

	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/ident"
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

// storeMarks writes the days of a known client, path by path.
func (im *Importer) storeMarks(tx *db.Tx, p *Plan, list []int, importID string, t *tally) error {
	byPath := map[string][]int{}
	var order []string
	for _, i := range list {
		id := p.Rows[i].Path
		if byPath[id] == nil {
			order = append(order, id)
		}
		byPath[id] = append(byPath[id], i)
	}
	for _, id := range order {
		entries, err := im.markEntries(tx, p, byPath[id], p.Rows[byPath[id][0]].Client, importID, t)
		if err != nil || len(entries) == 0 {
			return err
		}
		if _, err := im.Book.Import(tx, id, importID, entries...); err != nil {
			return err
		}
	}
	return nil
}

// markEntries makes the entries of the days that nobody has brought in meanwhile, and remembers them.
func (im *Importer) markEntries(tx *db.Tx, p *Plan, list []int, clientID, importID string, t *tally) ([]entry.Entry, error) {
	entries := make([]entry.Entry, 0, len(list))
	for _, i := range list {
		r := &p.List.Rows[p.Rows[i].Index]
		id := ident.New()
		n, err := tx.Exec(`insert into import_item (tenant_id, row_key, import_id, thing, thing_id) select $1, $2, $3, $4, $5
			where not exists (select 1 from import_item where tenant_id = $1 and row_key = $2)`, tx.Who.Tenant, im.markKey(p, r, clientID), importID, thingEntry, id)
		if err != nil {
			return nil, err
		}
		if n == 0 {
			t.already++
			continue
		}
		t.added++
		entries = append(entries, p.markEntry(r, id))
	}
	return entries, nil
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
	entries, err := im.markEntries(tx, p, list, id, importID, t)
	if err != nil {
		return err
	}
	for i := range entries {
		entries[i].RecordedAt = tx.At + 1 + int64(i)
	}
	pathID, err := im.startProvisional(tx, p, id, start, importID, entries)
	if err != nil {
		return err
	}
	t.open++
	return keep(tx, importID, key, thingPath, pathID)
}

func (im *Importer) startProvisional(tx *db.Tx, p *Plan, clientID string, start civil.Date, importID string, entries []entry.Entry) (string, error) {
	worker := p.Choices.DefaultWorker
	id, _, err := im.Book.Start(tx, path.Start{Client: clientID, Service: p.Service.ID, Day: start, Responsible: worker, RecordedAt: tx.At, ImportID: importID, Imported: tx.Today},
		append(entries, im.checkStep(tx, p, worker))...)
	return id, err
}
