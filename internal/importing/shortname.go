package importing

import (
	"polku/internal/civil"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/fold"
)

// nameKey is under what a person of an attendance list is remembered. A short name is personal data, so what is
// kept is a keyed hash of service and name together: the table tells no names, and a name answered in one service
// says nothing in another.
func (im *Importer) nameKey(service string, a csvio.Attendee) string {
	switch {
	case a.Number != "":
		return im.rowKey("short name", service, "#"+fold.Text(a.Number))
	case a.Code != "":
		return im.rowKey("short name", service, "c"+a.Code)
	}
	return im.rowKey("short name", service, "n"+fold.Text(a.Name))
}

// rememberedNames gives what was answered in earlier imports of a service, by nameKey: a client's id, or Skip. The
// service is within the actor's reach, since the plan has got it.
func rememberedNames(tx *db.Tx, service string) (map[string]string, error) {
	all := map[string]string{}
	err := tx.Each(`select name_key, coalesce(client_id, '') from name_alias where tenant_id = $1 and service_id = $2`, []any{tx.Who.Tenant, service},
		func(row func(...any) error) error {
			var key, client string
			err := row(&key, &client)
			if client == "" {
				client = Skip
			}
			all[key] = client
			return err
		})
	return all, err
}

// stillMeans tells whether a remembered answer can be used again. A client who is not of the service any more, or was
// not there on the days of the list while somebody else of that name was, is asked about anew: one person's days
// must not go into another's journal.
func (ro *roster) stillMeans(answer string, matches []csvio.Match, days []civil.Date) (bool, error) {
	if answer == Skip {
		return true, nil
	}
	r, err := ro.of(answer)
	if err != nil || len(r.stays) == 0 || r.present(days) {
		return len(r.stays) > 0, err
	}
	for _, m := range matches {
		other, err := ro.of(m.ID)
		if err != nil || m.ID != answer && other.present(days) {
			return false, err
		}
	}
	return true, nil
}

// rememberNames keeps whom the doubtful names of a list were said to mean. Names that become provisional clients are
// remembered when those are made.
func (im *Importer) rememberNames(tx *db.Tx, p *Plan, importID string) error {
	for _, x := range p.People {
		said := p.Choices.Names[x.Index] == x.Answer || !x.Sure && !x.Remembered
		if x.Answer == "" || x.Answer == Provisional || !x.Doubtful() || !said {
			continue
		}
		client := x.Answer
		if client == Skip {
			client = ""
		}
		if err := im.rememberName(tx, p, x.Index, importID, client); err != nil {
			return err
		}
	}
	return nil
}

// rememberName keeps whom one name means; client empty: nobody, it is left out.
func (im *Importer) rememberName(tx *db.Tx, p *Plan, person int, importID, client string) error {
	_, err := tx.Exec(`insert into name_alias (tenant_id, service_id, name_key, client_id, import_id) values ($1, $2, $3, $4, $5)
		on conflict (tenant_id, service_id, name_key) do update set client_id = excluded.client_id, import_id = excluded.import_id`,
		tx.Who.Tenant, p.Service.ID, im.nameKey(p.Service.ID, p.List.People[person]), db.NullText(client), importID)
	return err
}
