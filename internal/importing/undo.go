package importing

import (
	"context"
	"encoding/json"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/journal"
	"polku/internal/path"
)

// undoBatch is how many clients one transaction of an undo takes, so that others keep working.
const undoBatch = 200

// stillRunning is how long, in microseconds, an import that has not said that it ended is taken to be at work.
const stillRunning = 15 * 60 * 1_000_000

// undoneExit is the destination of a path that an undone import had begun for somebody whom the register knew
// before: their journal is not cut, so the path stays as a closed one.
const undoneExit = "import-undone"

// Undo takes an import back. Clients whom it made and whom nobody has worked with since are removed with all that
// belongs to them; what it added to others is retracted in their journals, and what it filled in for them is emptied
// again unless somebody has changed them since. Clients whom it made and somebody has
// worked with stay, and are counted in the answer. Undoing again goes on where an interrupted undo stopped.
func (im *Importer) Undo(ctx context.Context, d *db.DB, who actor.Actor, id string) (kept int, err error) {
	for after, first := "", true; after != "" || first; first = false {
		next, stays := "", 0
		err := d.Update(ctx, who, func(tx *db.Tx) error {
			next, stays = "", 0
			run, err := Get(tx, id)
			if err != nil {
				return err
			}
			if first && run.Status == Undone {
				return fault.E(fault.Conflict, "importing.undone_already", nil)
			}
			if first && run.Status == Running && tx.At-run.At < stillRunning {
				return fault.E(fault.Conflict, "importing.still_running", nil)
			}
			clients, err := clientsOf(tx, id, after)
			if err != nil {
				return err
			}
			for _, c := range clients {
				stayed, err := im.undoClient(tx, id, c)
				if err != nil {
					return err
				}
				if stayed {
					stays++
				}
			}
			if len(clients) == undoBatch {
				next = clients[len(clients)-1]
				return nil
			}
			return finishUndo(tx, run, kept+stays)
		})
		if err != nil {
			return kept, err
		}
		kept += stays
		after = next
	}
	return kept, nil
}

// clientsOf gives the next clients whom an import made or added to, in order of their ids.
func clientsOf(tx *db.Tx, importID, after string) ([]string, error) {
	var ids []string
	err := tx.Each(`select coalesce(p.client_id, i.thing_id) as who from import_item i
		left join path p on p.tenant_id = i.tenant_id and p.path_id = i.thing_id and i.thing <> 'client'
		where i.tenant_id = $1 and i.import_id = $2 and coalesce(p.client_id, i.thing_id) > $3
		union select client_id from import_fill where tenant_id = $1 and import_id = $2 and client_id > $3 order by who limit $4`,
		[]any{tx.Who.Tenant, importID, after, undoBatch}, func(row func(...any) error) error {
			var id string
			err := row(&id)
			ids = append(ids, id)
			return err
		})
	return ids, err
}

func finishUndo(tx *db.Tx, run Import, kept int) error {
	run.Kept = kept
	text, err := json.Marshal(run.Report)
	if err != nil {
		return fault.Wrap(err, "importing.encode")
	}
	if _, err := tx.Exec(`update import_run set status = 'undone', report = $3 where tenant_id = $1 and import_id = $2`, tx.Who.Tenant, run.ID, string(text)); err != nil {
		return err
	}
	// Answers about short names go too: an import that was wrong may have been wrong about whom they mean.
	for _, table := range []string{"name_alias", "import_fill"} {
		if _, err := tx.Exec(`delete from `+table+` where tenant_id = $1 and import_id = $2`, tx.Who.Tenant, run.ID); err != nil {
			return err
		}
	}
	return audit.Command(tx, "", "import undo")
}

// undoClient takes back what an import did to one client; it tells whether something had to stay.
func (im *Importer) undoClient(tx *db.Tx, importID, client string) (stayed bool, err error) {
	var made, touched bool
	if _, err := tx.One(`select exists (select 1 from import_item i where i.tenant_id = $1 and i.import_id = $2 and i.thing = 'client' and i.thing_id = $3),
		exists (select 1 from entry e where e.tenant_id = $1 and e.client_id = $3 and e.import_id is distinct from $2)
		or exists (select 1 from client c where c.tenant_id = $1 and c.client_id = $3 and c.rev > 1)`,
		[]any{tx.Who.Tenant, importID, client}, &made, &touched); err != nil {
		return false, err
	}
	if made && touched {
		return true, nil
	}
	if made {
		return false, im.remove(tx, importID, client)
	}
	filled, err := im.unfill(tx, importID, client)
	if err != nil {
		return false, err
	}
	stayed, err = im.retract(tx, importID, client)
	return stayed || filled, err
}

// remove deletes a client whom the import made and all that follows from them, since nobody has recorded, read into or
// changed anything since the list came in.
func (im *Importer) remove(tx *db.Tx, importID, client string) error {
	if _, err := tx.Exec(`delete from import_item where tenant_id = $1 and import_id = $2 and (thing_id = $3
		or thing_id in (select path_id from path where tenant_id = $1 and client_id = $3))`, tx.Who.Tenant, importID, client); err != nil {
		return err
	}
	for _, table := range []string{"name_alias", "import_fill"} {
		if _, err := tx.Exec(`delete from `+table+` where tenant_id = $1 and client_id = $2`, tx.Who.Tenant, client); err != nil {
			return err
		}
	}
	return path.Remove(tx, client)
}

// retract takes back the entries that the import added to a client whom the register knew before. A path that the
// import began is closed; one on which somebody has recorded since stays.
func (im *Importer) retract(tx *db.Tx, importID, client string) (stayed bool, err error) {
	paths, err := pathsOf(tx, importID, client)
	if err != nil {
		return false, err
	}
	for id, begun := range paths {
		entries, err := journal.Path(tx, client, id)
		if err != nil {
			return false, err
		}
		mine, corrected, later, err := split(tx, importID, client, id, entries)
		if err != nil {
			return false, err
		}
		if begun && later {
			stayed = true
			continue
		}
		var back []entry.Entry
		for _, e := range mine {
			relation, isRelation := e.Body.(*entry.Relation)
			switch {
			case corrected[e.ID]:
				stayed = stayed || !begun
			case e.Kind == entry.KindStart, isRelation && relation.Role == entry.Responsible, e.Kind == entry.KindRetraction:
			default:
				back = append(back, entry.Entry{ID: ident.New(), Day: e.Day, Minute: e.Minute, Kind: entry.KindRetraction, Corrects: e.ID, Body: &entry.Retraction{}})
			}
		}
		if begun {
			back = append(back, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindExit,
				Body: &entry.Exit{Step: entry.ExitDone, To: undoneExit, Imported: true}})
		}
		if len(back) > 0 {
			if _, err := im.Book.Import(tx, id, importID, back...); err != nil {
				return false, err
			}
		}
	}
	if stayed {
		return true, nil
	}
	_, err = tx.Exec(`delete from import_item where tenant_id = $1 and import_id = $2
		and (thing_id = $3 or thing_id in (select path_id from path where tenant_id = $1 and client_id = $3))`, tx.Who.Tenant, importID, client)
	return false, err
}

// pathsOf gives the client's paths that the import wrote to, and whether it began them.
func pathsOf(tx *db.Tx, importID, client string) (map[string]bool, error) {
	paths := map[string]bool{}
	err := tx.Each(`select p.path_id, exists (select 1 from import_item i where i.tenant_id = $1 and i.import_id = $2 and i.thing = 'path' and i.thing_id = p.path_id)
		from path p where p.tenant_id = $1 and p.client_id = $3
		and exists (select 1 from entry e where e.tenant_id = $1 and e.client_id = $3 and e.path_id = p.path_id and e.import_id = $2)`,
		[]any{tx.Who.Tenant, importID, client}, func(row func(...any) error) error {
			var id string
			var begun bool
			err := row(&id, &begun)
			paths[id] = begun
			return err
		})
	return paths, err
}

// split parts a path's entries: those of the import, which of them somebody has corrected or taken back, and
// whether others have recorded on the path at all.
func split(tx *db.Tx, importID, client, path string, entries []entry.Entry) (mine []entry.Entry, corrected map[string]bool, later bool, err error) {
	ours := map[string]bool{}
	err = tx.Each(`select entry_id from entry where tenant_id = $1 and client_id = $4 and path_id = $2 and import_id = $3`, []any{tx.Who.Tenant, path, importID, client},
		func(row func(...any) error) error {
			var id string
			err := row(&id)
			ours[id] = true
			return err
		})
	corrected = map[string]bool{}
	for _, e := range entries {
		if ours[e.ID] {
			mine = append(mine, e)
		} else {
			later = true
		}
		if e.Corrects != "" {
			corrected[e.Corrects] = true
		}
	}
	return mine, corrected, later, err
}
