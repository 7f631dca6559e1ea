package aftercare

import (
	"slices"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/path"
	"polku/internal/pathway"
	"polku/internal/unit"
)

// Line of the list of follow-ups.
type Line struct {
	Client, Path, LastName, FirstName string
	Phone                             string // empty under a safety ban
	Service, Responsible              string // ids
	Closed                            civil.Date
	To                                string // destination
	After                             string // span; empty: a wish to come back
	Due                               civil.Date
	Status                            pathway.ObligationStatus
	Wish                              bool
}

// listMost is how many paths the list looks at: those longest waited for come first.
const listMost = 200

// ahead is how far the list looks ahead, in days.
const ahead = 31

// List gives whom to ask how they are: of the actor's own clients, or with team of everybody's in the units where they work.
// What is due, and what falls due within a month; wishes to come back first, then by day. Each client is noted as seen.
func List(tx *db.Tx, b *path.Book, team bool) ([]Line, error) {
	var lines []Line
	var paths []path.Path
	err := tx.Each(`select s.client_id, s.path_id, s.register_id, s.service_id, s.unit_id, c.last_name, c.first_name,
		case when c.safety_ban then '' else c.phone end, coalesce(s.responsible, '') from standing s
		join client c on c.tenant_id = s.tenant_id and c.client_id = s.client_id
		where s.tenant_id = $1 and s.status = 'closed' and s.today_group < 5 and (s.today_group < 4 or s.next_change <= $5) and `+unit.Sees("s")+`
		and (s.responsible = $2 or $3 and s.unit_id in (select m.unit_id from member m where m.tenant_id = $1 and m.worker_id = $2 and m.cases))
		order by s.today_group, s.class, s.since, s.path_id limit $4`, []any{tx.Who.Tenant, tx.Who.Worker, team, listMost, int64(tx.Today + ahead)},
		func(row func(...any) error) error {
			var l Line
			var p path.Path
			err := row(&p.Client, &p.ID, &p.Register, &p.Service, &p.Unit, &l.LastName, &l.FirstName, &l.Phone, &l.Responsible)
			l.Client, l.Path, l.Service = p.Client, p.ID, p.Service
			lines, paths = append(lines, l), append(paths, p)
			return err
		})
	if err != nil {
		return nil, err
	}
	var all []Line
	for i, l := range lines { // the entries of clients whom somebody works with are at hand
		s, err := b.StateOf(tx, paths[i])
		if err != nil {
			return nil, err
		}
		l.Closed, l.To = s.Closed, s.ClosedTo
		for _, o := range s.Obligations {
			wish := o.Kind == pathway.OwesReturn
			open := o.Status == pathway.Due || o.Status == pathway.Late || o.Status == pathway.Overdue || o.Status == pathway.Upcoming && o.Due <= tx.Today+ahead
			if open && (wish || o.Kind == pathway.OwesFollowUp) {
				one := l
				one.After, one.Due, one.Status, one.Wish = o.Rule, o.Due, o.Status, wish
				all = append(all, one)
				tx.Saw(l.Client)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Line) int {
		if a.Wish != b.Wish {
			if a.Wish {
				return -1
			}
			return 1
		}
		return int(a.Due - b.Due)
	})
	return all, nil
}
