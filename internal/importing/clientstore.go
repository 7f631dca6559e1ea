package importing

import (
	"polku/internal/client"
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
			jobs = append(jobs, job{1, func(tx *db.Tx, _ string, t *tally) error {
				t.already++
				made[row.Index] = row.Client
				return im.honourBan(tx, row.Client, p.Clients.Rows[row.Index].SafetyBan)
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
		if err := im.complete(tx, id, r.Code != "", func() error { return client.AddCode(tx, im.Keys, id, r.Code) }); err != nil {
			return err
		}
		if err := im.honourBan(tx, id, r.SafetyBan); err != nil {
			return err
		}
	}
	made[row.Index] = id
	return im.storePath(tx, p, row, importID, id, key, t)
}

// complete gives a client who had a temporary id the code that the list tells.
func (im *Importer) complete(tx *db.Tx, id string, told bool, add func() error) error {
	if !told {
		return nil
	}
	var has bool
	if _, err := tx.One(`select code_sealed is not null from client where tenant_id = $1 and client_id = $2`, []any{tx.Who.Tenant, id}, &has); err != nil {
		return err
	}
	if has {
		return nil
	}
	return add()
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
	return client.Update(tx, id, client.Change{Rev: c.Rev, LastName: c.LastName, FirstName: c.FirstName, Phone: c.Phone, Email: c.Email, Address: c.Address,
		Municipality: c.Municipality, Lang: c.Lang, Number: c.Number, Note: c.Note, SafetyBan: true})
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
