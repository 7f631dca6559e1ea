package importing

import (
	"polku/internal/client"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/path"
)

// clientJobs gives a job for each row of a plan that says something new, or tells a safety ban of somebody known.
func (im *Importer) clientJobs(p *Plan) []job {
	made := map[int]string{} // index of a row -> client id, for further periods of the same person
	var jobs []job
	for i := range p.Rows {
		row := &p.Rows[i]
		switch row.Fate {
		case Added, Joined:
			jobs = append(jobs, job{1, func(tx *db.Tx, importID string, t *tally) error { return im.storeClient(tx, p, row, importID, made, t) }})
		case Already:
			jobs = append(jobs, job{1, func(tx *db.Tx, importID string, t *tally) error {
				t.already++
				made[row.Index] = row.Client
				return im.completeKnown(tx, &p.Clients.Rows[row.Index], row, importID, row.Client, t)
			}})
		case Twin:
			r := &p.Clients.Rows[row.Index]
			if !r.Mended && !p.Clients.Rows[r.DuplicateOf].Mended {
				continue
			}
			// Without what was mended it would be no twin, and come in as another person at the next run.
			jobs = append(jobs, job{1, func(tx *db.Tx, importID string, _ *tally) error {
				if made[r.DuplicateOf] == "" {
					return nil
				}
				return keep(tx, importID, im.clientKey(p, row.Index), thingMended, made[r.DuplicateOf])
			}})
		}
	}
	return jobs
}

// storeClient writes one person: client and path with its history. The plan may be older than the transaction, so
// what it relies on is asked again: a row that somebody else has brought in meanwhile is passed over.
func (im *Importer) storeClient(tx *db.Tx, p *Plan, row *Row, importID string, made map[int]string, t *tally) error {
	r := &p.Clients.Rows[row.Index]
	key := im.clientKey(p, row.Index)
	if id, there, err := known(tx, key); err != nil {
		return err
	} else if there {
		t.already++
		made[row.Index] = id
		return nil
	}
	id := row.Client
	if r.DuplicateOf >= 0 {
		id = made[r.DuplicateOf]
	}
	if id == "" {
		var err error
		if id, err = client.Create(tx, im.Keys, newClient(p, r)); err != nil {
			return err
		}
		t.clients++
		t.added++
		if err := keep(tx, importID, key, thingClient, id); err != nil {
			return err
		}
	} else {
		t.joined++
		if err := im.completeKnown(tx, r, row, importID, id, t); err != nil {
			return err
		}
	}
	made[row.Index] = id
	return im.storePath(tx, p, row, importID, id, key, t)
}

// completeKnown fills what a known client lacks. A row that an earlier import has brought in fills nothing again: what
// a worker has emptied since stays empty. A safety ban is honoured whichever row tells it.
func (im *Importer) completeKnown(tx *db.Tx, r *csvio.ClientRow, row *Row, importID, id string, t *tally) error {
	if !row.found {
		return im.honourBan(tx, id, r.SafetyBan)
	}
	some, err := im.fill(tx, r, importID, id)
	if some {
		t.filled++
	}
	return err
}

// honourBan makes a safety ban that a list tells of hold for a client whom we know already.
func (im *Importer) honourBan(tx *db.Tx, id string, told bool) error {
	if !told || id == "" {
		return nil
	}
	c, err := client.Get(tx, id)
	if err != nil || c.SafetyBan {
		return err
	}
	ch := changeOf(&c)
	ch.SafetyBan = true
	return client.Update(tx, id, ch)
}

// storePath starts the path and writes its history.
func (im *Importer) storePath(tx *db.Tx, p *Plan, row *Row, importID, clientID, key string, t *tally) error {
	r := &p.Clients.Rows[row.Index]
	m := im.Book.Models.Get(p.Service.Model, p.Service.Version)
	if m == nil {
		return fault.E(fault.Internal, "service.no_model", fault.Args{"model": p.Service.Model + "@" + p.Service.Version})
	}
	h := historyOf(r, m, tx.Today)
	more := p.entriesOf(r, h, row.Worker, tx.At)
	start := path.Start{Client: clientID, Service: p.Service.ID, Day: h.start, Source: r.Source, Phase: h.phase, Responsible: row.Worker,
		RecordedAt: tx.At, ImportID: importID}
	if !h.closed() {
		more = append(more, im.checkStep(tx, p, row.Worker))
		start.Imported = tx.Today
		t.open++
	}
	id, _, err := im.Book.Start(tx, start, more...)
	if err != nil {
		return err
	}
	return keep(tx, importID, key, thingPath, id)
}

// checkStep is the first next step of everybody who comes in by a list and goes on: somebody looks through what
// was imported, in five working days.
func (im *Importer) checkStep(tx *db.Tx, p *Plan, worker string) entry.Entry {
	return path.Step{What: p.Choices.Say("importing.check_step"), Worker: worker, By: checkWithin.After(tx.Today, im.Book.Calendar), From: entry.FromImport}.Entry("", tx.Today)
}
