package importing

import (
	"slices"
	"strings"

	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/fold"
	"polku/internal/unit"
)

// Spelling is a worker as a list names them, and whom that is taken to mean.
type Spelling struct {
	Name       string   // as csvio.ClientList.Workers gives it
	All        []string // every spelling of the list
	Rows       int
	Worker     string // worker id; empty: nobody of the service, so the default worker answers for the rows
	Remembered bool   // answered in an earlier import
}

// mapWorkers settles whom the spellings of a list mean: as answered now, as answered in an earlier import of the
// service, else by user name, initials or name when only one fits.
func (p *Plan) mapWorkers(tx *db.Tx, list []csvio.Worker) error {
	aliases := map[string]string{}
	err := tx.Each(`select spelling, worker_id from worker_alias where tenant_id = $1 and service_id = $2`, []any{tx.Who.Tenant, p.Service.ID},
		func(row func(...any) error) error {
			var spelling, worker string
			err := row(&spelling, &worker)
			aliases[spelling] = worker
			return err
		})
	if err != nil {
		return err
	}
	for _, w := range list {
		s := Spelling{Name: w.Name, All: w.Spellings, Rows: w.Rows}
		answer, answered := p.Choices.Workers[w.Name]
		if answered && p.takes(answer) {
			s.Worker = answer
		}
		for _, spelling := range append([]string{w.Name}, w.Spellings...) {
			if id := aliases[fold.Text(spelling)]; !answered && s.Worker == "" && p.takes(id) {
				s.Worker, s.Remembered = id, true
			}
		}
		if !answered && s.Worker == "" {
			s.Worker = guess(append([]string{w.Name}, w.Spellings...), p.Staff)
		}
		p.Spelling = append(p.Spelling, s)
	}
	return nil
}

// guess finds the one worker whom any of the spellings fits; empty when none or several fit.
func guess(spellings []string, staff []unit.Worker) string {
	var fits []string
	for _, s := range spellings {
		short := strings.ReplaceAll(fold.Text(s), " ", "")
		for _, w := range staff {
			if short != "" && (short == fold.Text(w.Initials) || short == fold.Text(w.Username)) && !slices.Contains(fits, w.ID) {
				fits = append(fits, w.ID)
			}
		}
	}
	if len(fits) == 0 {
		names := make([]csvio.PersonName, len(staff))
		for i, w := range staff {
			first, last, _ := strings.Cut(w.Name, " ")
			names[i] = csvio.PersonName{ID: w.ID, Last: last, First: first}
		}
		for _, s := range spellings {
			if m := csvio.MatchName(s, names); len(m) == 1 && !slices.Contains(fits, m[0].ID) {
				fits = append(fits, m[0].ID)
			}
		}
	}
	if len(fits) == 1 {
		return fits[0]
	}
	return ""
}

// workerOf gives the worker whom a name of the list means, or the default worker.
func (p *Plan) workerOf(name string) string {
	for _, s := range p.Spelling {
		if s.Name == name && s.Worker != "" && name != "" {
			return s.Worker
		}
	}
	return p.Choices.DefaultWorker
}

// remember keeps the mapping of a plan for next month's list. What was not answered stays open.
func (p *Plan) remember(tx *db.Tx) error {
	for _, s := range p.Spelling {
		if s.Worker == "" {
			continue
		}
		for _, spelling := range append([]string{s.Name}, s.All...) {
			if _, err := tx.Exec(`insert into worker_alias (tenant_id, service_id, spelling, worker_id) values ($1, $2, $3, $4)
				on conflict (tenant_id, service_id, spelling) do update set worker_id = excluded.worker_id`,
				tx.Who.Tenant, p.Service.ID, fold.Text(spelling), s.Worker); err != nil {
				return err
			}
		}
	}
	return nil
}
