package directory

import (
	"encoding/json"
	"strings"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
)

// What a change did.
const (
	added    = "added"
	changed  = "changed"
	checked  = "checked"
	retired  = "retired"
	restored = "restored"
	undone   = "undone"
)

// MayEdit tells whether the actor keeps the directory: everybody who works with clients, since they hear first when
// something has changed. Every change can be looked up and undone.
func MayEdit(tx *db.Tx) (bool, error) {
	if tx.Who.IsSystem() {
		return true, nil
	}
	var one int
	return tx.One(`select 1 from member where tenant_id = $1 and worker_id = $2 and cases`, []any{tx.Who.Tenant, tx.Who.Worker}, &one)
}

func mustEdit(tx *db.Tx) error {
	may, err := MayEdit(tx)
	if err == nil && !may {
		err = fault.E(fault.Denied, "error.denied", nil)
	}
	return err
}

// Save adds a listing (without id) or changes one, and gives its id and the change, for Undo. Whoever saves has looked at
// it: it counts as checked today. A change that was begun before somebody else's is refused as a conflict.
func Save(tx *db.Tx, l Listing) (id, change string, err error) {
	l.Checked, l.Retired, l.RetiredWhy = tx.Today, 0, ""
	return save(tx, l, "")
}

// Bring adds a listing as it was kept elsewhere: with its id, owner and day of checking.
func Bring(tx *db.Tx, l Listing) error {
	if err := mustEdit(tx); err != nil {
		return err
	}
	if l.tidy(); l.mistake() != nil {
		return l.mistake()
	}
	l.Rev = 1
	if err := insert(tx, l); err != nil {
		return err
	}
	_, err := note(tx, l, nil, added, "")
	return err
}

// save is Save with the day of checking as it is given, for imports; batch names the import.
func save(tx *db.Tx, l Listing, batch string) (id, change string, err error) {
	if err := mustEdit(tx); err != nil {
		return "", "", err
	}
	l.tidy()
	if l.Owner == "" {
		l.Owner = tx.Who.Worker
	}
	wrong := l.wrong()
	if err := checkNames(tx, l, wrong); err != nil {
		return "", "", err
	}
	if err := fault.Fields(wrong); err != nil {
		return "", "", err
	}
	if l.ID == "" {
		l.ID, l.Rev = ident.New(), 1
		if err := insert(tx, l); err != nil {
			return "", "", err
		}
		change, err = note(tx, l, nil, added, batch)
		return l.ID, change, err
	}
	before, err := Get(tx, l.ID)
	if err != nil {
		return "", "", err
	}
	if before.Rev != l.Rev {
		return "", "", fault.E(fault.Conflict, "directory.changed", nil)
	}
	change, err = write(tx, l, before, changed, batch)
	return l.ID, change, err
}

// checkNames says what is wrong with the owner and the service that a listing names.
func checkNames(tx *db.Tx, l Listing, wrong map[string]string) error {
	var one int
	found, err := tx.One(`select 1 from worker where tenant_id = $1 and worker_id = $2 and active`, []any{tx.Who.Tenant, l.Owner}, &one)
	if err != nil {
		return err
	}
	if !found && l.Owner != actor.SystemWorker {
		wrong["owner"] = "directory.no_owner"
	}
	if l.Service == "" {
		return nil
	}
	if found, err = tx.One(`select 1 from service where tenant_id = $1 and service_id = $2`, []any{tx.Who.Tenant, l.Service}, &one); err == nil && !found {
		wrong["service"] = "directory.no_service"
	}
	return err
}

// Check says that the owner, or whoever looked, has seen that all of it still holds.
func Check(tx *db.Tx, id string) (change string, err error) {
	return with(tx, id, checked, func(l *Listing) error {
		l.Checked = tx.Today
		return nil
	})
}

// Retire takes a listing out of use, with a reason; guidance to it stays readable.
func Retire(tx *db.Tx, id, why string) (change string, err error) {
	if why = strings.TrimSpace(why); why == "" {
		return "", fault.Fields(map[string]string{"why": "directory.no_why"})
	}
	return with(tx, id, retired, func(l *Listing) error {
		if !l.Retired.IsZero() {
			return fault.E(fault.Conflict, "directory.retired_already", nil)
		}
		l.Retired, l.RetiredWhy = tx.Today, why
		return nil
	})
}

// Restore offers a retired listing again, as checked today.
func Restore(tx *db.Tx, id string) (change string, err error) {
	return with(tx, id, restored, func(l *Listing) error {
		l.Retired, l.RetiredWhy, l.Checked = 0, "", tx.Today
		return nil
	})
}

func with(tx *db.Tx, id, what string, do func(l *Listing) error) (change string, err error) {
	if err := mustEdit(tx); err != nil {
		return "", err
	}
	l, err := Get(tx, id)
	if err != nil {
		return "", err
	}
	before := l
	if err := do(&l); err != nil {
		return "", err
	}
	return write(tx, l, before, what, "")
}

// write puts a changed listing in the place of what stood before.
func write(tx *db.Tx, l, before Listing, what, batch string) (change string, err error) {
	l.Rev = before.Rev + 1
	n, err := tx.Exec(`update directory set name = $4, provider = $5, sector = $6, service_id = $7, municipalities = $8, themes = $9, for_whom = $10,
		age_from = $11, age_to = $12, langs = $13, what = $14, easy_fi = $15, easy_sv = $16, easy_en = $17, way_in = $18, contact = $19, phone = $20,
		email = $21, web = $22, address = $23, cost = $24, hours = $25, remote = $26, owner = $27, checked_on = $28, retired_on = $29,
		retired_why = $30, rev = $31 where tenant_id = $1 and listing_id = $2 and rev = $3`,
		append([]any{tx.Who.Tenant, l.ID, before.Rev}, l.values()...)...)
	if err != nil {
		return "", err
	}
	if n == 0 {
		return "", fault.E(fault.Conflict, "directory.changed", nil)
	}
	return note(tx, l, &before, what, batch)
}

func insert(tx *db.Tx, l Listing) error {
	_, err := tx.InsertMany(`insert into directory (tenant_id, listing_id, name, provider, sector, service_id, municipalities, themes, for_whom, age_from,
		age_to, langs, what, easy_fi, easy_sv, easy_en, way_in, contact, phone, email, web, address, cost, hours, remote, owner, checked_on,
		retired_on, retired_why, rev) values`, [][]any{append([]any{tx.Who.Tenant, l.ID}, l.values()...)}, "")
	return err
}

// values are the columns after the key, in the order of the table.
func (l Listing) values() []any {
	themes := make([]string, len(l.Themes))
	for i, t := range l.Themes {
		themes[i] = string(t)
	}
	return []any{l.Name, l.Provider, string(l.Sector), l.Service, strings.Join(l.Municipalities, ","), strings.Join(themes, ","), l.ForWhom, l.AgeFrom,
		l.AgeTo, strings.Join(l.Langs, ","), l.What, l.EasyFI, l.EasySV, l.EasyEN, l.WayIn, l.Contact, l.Phone, l.Email, l.Web, l.Address, l.Cost,
		l.Hours, l.Remote, l.Owner, l.Checked, l.Retired, l.RetiredWhy, l.Rev}
}

// note writes the row of a change.
func note(tx *db.Tx, l Listing, before *Listing, what, batch string) (string, error) {
	text := ""
	if before != nil {
		data, err := json.Marshal(before)
		if err != nil {
			return "", fault.Wrap(err, "directory.encode")
		}
		text = string(data)
	}
	id := ident.New()
	if batch == "" {
		batch = id
	}
	if _, err := tx.Exec(`insert into directory_change (tenant_id, change_id, listing_id, batch_id, at, worker_id, what, before, rev)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, tx.Who.Tenant, id, l.ID, batch, tx.At, tx.Who.Worker, what, text, l.Rev); err != nil {
		return "", err
	}
	return batch, audit.Command(tx, "", "directory."+what)
}

// Change is a row of a listing's history.
type Change struct {
	ID, Worker, What string
	At               int64    // microseconds UTC
	Before           *Listing // nil: the listing was added
}

// History gives the changes of a listing, the newest first.
func History(tx *db.Tx, id string) ([]Change, error) {
	var all []Change
	err := tx.Each(`select batch_id, worker_id, what, at, before from directory_change where tenant_id = $1 and listing_id = $2 order by at desc, change_id desc`,
		[]any{tx.Who.Tenant, id}, func(row func(...any) error) error {
			var c Change
			var before string
			if err := row(&c.ID, &c.Worker, &c.What, &c.At, &before); err != nil {
				return err
			}
			if before != "" {
				c.Before = new(Listing)
				if err := json.Unmarshal([]byte(before), c.Before); err != nil {
					return fault.Wrap(err, "directory.decode")
				}
			}
			all = append(all, c)
			return nil
		})
	return all, err
}

// Undo takes back a change, or all changes of an import, where nobody has changed the listing since; it tells how many
// it took back. A listing that had been added is retired, since guidance may already name it.
func Undo(tx *db.Tx, batch string) (n int, err error) {
	if err := mustEdit(tx); err != nil {
		return 0, err
	}
	type item struct {
		listing Listing
		before  string
	}
	var items []item
	err = tx.Each(`select `+columns+`, h.before from directory_change h join directory d on d.tenant_id = h.tenant_id and d.listing_id = h.listing_id
		where h.tenant_id = $1 and h.batch_id = $2 and h.rev = d.rev and h.what <> 'undone'`, []any{tx.Who.Tenant, batch}, func(row func(...any) error) error {
		var x item
		err := scan(func(dest ...any) error { return row(append(dest, &x.before)...) }, &x.listing)
		items = append(items, x)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, x := range items {
		to := x.listing
		if x.before == "" {
			to.Retired, to.RetiredWhy = tx.Today, ""
		} else {
			to = Listing{}
			if err := json.Unmarshal([]byte(x.before), &to); err != nil {
				return 0, fault.Wrap(err, "directory.decode")
			}
		}
		if _, err := write(tx, to, x.listing, undone, ""); err != nil {
			return 0, err
		}
	}
	if len(items) == 0 {
		return 0, fault.E(fault.Conflict, "directory.changed", nil)
	}
	return len(items), nil
}
