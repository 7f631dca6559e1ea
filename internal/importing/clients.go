package importing

import (
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/fold"
	"polku/internal/journal"
	"polku/internal/phone"
)

// PlanClients tells what would be done with a list of people. It writes nothing.
func (im *Importer) PlanClients(tx *db.Tx, l *csvio.ClientList, c Choices) (*Plan, error) {
	p, err := im.begin(tx, Clients, c)
	if err != nil {
		return nil, err
	}
	p.Clients, p.File = l, l.Summary.File
	if err := p.mapWorkers(tx, l.Workers); err != nil {
		return nil, err
	}
	names, err := p.namesakes(tx)
	if err != nil {
		return nil, err
	}
	m := im.Book.Models.Get(p.Service.Model, p.Service.Version)
	for i := range l.Rows {
		row, err := im.judge(tx, p, i, names)
		if err != nil {
			return nil, err
		}
		p.Count.count(&row)
		if row.Fate == Added {
			p.Count.NewClients++
		}
		if row.Fate == Added || row.Fate == Joined {
			if h := historyOf(&l.Rows[i], m, tx.Today); !h.closed() {
				p.Count.Open++
			}
		}
		p.Rows = append(p.Rows, row)
	}
	return p, nil
}

// namesake is a client of the register, for finding people who come without a code.
type namesake struct {
	id      string
	born    civil.Date
	phone   string
	hasCode bool
}

// namesakes gives the register's clients by folded name.
func (p *Plan) namesakes(tx *db.Tx) (map[string][]namesake, error) {
	all := map[string][]namesake{}
	err := tx.Each(`select client_id, last_name, first_name, born, phone, code_sealed is not null from client
		where tenant_id = $1 and register_id = $2 and joined_to is null and not provisional order by client_id`,
		[]any{tx.Who.Tenant, p.Service.Register}, func(row func(...any) error) error {
			var n namesake
			var last, first string
			err := row(&n.id, &last, &first, &n.born, &n.phone, &n.hasCode)
			if tel, ok := phone.Parse(n.phone); ok {
				n.phone = string(tel) // whoever wrote it by hand spelled it their own way
			}
			key := nameKey(last, first)
			all[key] = append(all[key], n)
			return err
		})
	return all, err
}

func nameKey(last, first string) string { return fold.Text(last) + "|" + fold.Text(first) }

// judge tells what becomes of one row of a list of people.
func (im *Importer) judge(tx *db.Tx, p *Plan, i int, names map[string][]namesake) (Row, error) {
	r := &p.Clients.Rows[i]
	row := Row{Index: i, Sheet: r.Sheet, No: r.Row, Notes: r.Problems, Worker: p.workerOf(r.Worker), Fate: Added}
	for _, problem := range r.Problems {
		row.Ask = row.Ask || problem.Level == csvio.Ask
	}
	if r.Blocked() {
		if id, there, err := known(tx, im.clientKey(p, i)); err != nil || there { // it was mended then
			row.Fate, row.Client, row.Ask = Already, id, false
			return row, err
		}
		row.Fate, row.Why, row.Ask = Left, "importing.left.blocked", false
		for _, problem := range r.Problems {
			if problem.Level == csvio.Blocked {
				row.Why, row.Args = problem.Key, problem.Args
				break
			}
		}
		return row, nil
	}
	if r.DuplicateOf >= 0 && !anotherPeriod(r) {
		row.Fate, row.Why, row.Args = Twin, r.DuplicateWhy, fault.Args{"row": p.Clients.Rows[r.DuplicateOf].Row}
		return row, nil
	}
	if row.Worker == "" {
		row.Fate, row.Why = Left, "importing.left.no_worker"
		return row, nil
	}
	if id, there, err := known(tx, im.clientKey(p, i)); err != nil || there {
		row.Fate, row.Client, row.Ask = Already, id, false
		return row, err
	}
	if r.DuplicateOf >= 0 {
		row.Fate = Joined // a further period of somebody in an earlier row
		return row, nil
	}
	return row, im.findKnown(tx, p, &row, r, names)
}

// clientKey names a row of people by all its cells as the file has them: a cell that was mended in the preview does
// not change it, so that the same file, mended or not, adds nothing twice.
func (im *Importer) clientKey(p *Plan, i int) string {
	return im.rowKey(append([]string{p.Service.ID, Clients}, p.Clients.Rows[i].Raw...)...)
}

// anotherPeriod tells whether a duplicate is a further period of the same person.
func anotherPeriod(r *csvio.ClientRow) bool {
	for _, p := range r.Problems {
		if p.Key == "import.ask.another_period" {
			return true
		}
	}
	return false
}

// findKnown looks whether the register knows the person: by the blind index of the code, else by name with
// birthday or phone, which is asked about.
func (im *Importer) findKnown(tx *db.Tx, p *Plan, row *Row, r *csvio.ClientRow, names map[string][]namesake) error {
	if r.Code != "" {
		if _, err := tx.One(`select c.client_id from person n join client c on c.tenant_id = n.tenant_id and c.person_id = n.person_id
			where n.tenant_id = $1 and n.code_index in ($2, $4) and c.register_id = $3 and c.joined_to is null`,
			[]any{tx.Who.Tenant, im.Keys.Index(string(r.Code)), p.Service.Register, im.Keys.OtherIndex(string(r.Code))}, &row.Client); err != nil {
			return err
		}
	}
	if row.Client == "" {
		for _, n := range names[nameKey(r.LastName, r.FirstNames)] {
			bornSame := !r.Birthday.IsZero() && r.Birthday == n.born
			phoneSame := r.Phone != "" && string(r.Phone) == n.phone
			bornDiffers := !r.Birthday.IsZero() && !n.born.IsZero() && r.Birthday != n.born
			if (bornSame || phoneSame && !bornDiffers) && !(r.Code != "" && n.hasCode) {
				row.Client = n.id
				why := "importing.ask.same_phone"
				if bornSame {
					why = "importing.ask.same_birthday"
				}
				row.Ask = true
				row.Notes = append(row.Notes, csvio.Problem{Level: csvio.Ask, Sheet: r.Sheet, Row: r.Row, Col: -1, Field: csvio.Name, Key: why})
				break
			}
		}
		switch answer := p.Choices.Same[row.Index]; {
		case row.Client == "":
		case answer == New:
			row.Client = ""
		case answer == Skip:
			row.Fate, row.Why, row.Ask = Chosen, "importing.left.chosen", false
			return nil
		}
	}
	if row.Client == "" {
		return nil
	}
	row.Fate = Joined
	if err := compare(tx, row, r); err != nil {
		return err
	}
	// Somebody who is in the service already gets no second path, unless the list tells of another period.
	var open bool
	var start civil.Date
	m := im.Book.Models.Get(p.Service.Model, p.Service.Version)
	h := historyOf(r, m, tx.Today)
	return tx.Each(`select s.status <> 'closed', (select min(e.day) from entry e where e.tenant_id = s.tenant_id and e.client_id = s.client_id and e.path_id = s.path_id and `+journal.Landmarks+`
		and e.kind = 'start')
		from standing s where s.tenant_id = $1 and s.client_id = $2 and s.service_id = $3`, []any{tx.Who.Tenant, row.Client, p.Service.ID},
		func(scan func(...any) error) error {
			err := scan(&open, &start)
			if open && !h.closed() || start == h.start {
				row.Fate = Already
			}
			return err
		})
}

// newClient gives what a client is made of.
func newClient(p *Plan, r *csvio.ClientRow) client.New {
	n := client.New{Register: p.Service.Register, LastName: r.LastName, FirstName: r.FirstNames, Code: r.Code, Born: r.Birthday, Phone: string(r.Phone),
		Email: r.Email, Address: r.Address, Municipality: r.Municipality, Lang: r.Language, Number: r.No, SafetyBan: r.SafetyBan}
	if n.Phone == "" {
		n.Phone = r.PhoneText
	}
	if n.LastName == "" && n.FirstName == "" {
		n.LastName = p.Choices.Say("importing.no_name")
	}
	return n
}
