package unit

import (
	"cmp"
	"strings"
	"unicode"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
)

// Worker is a member of staff with an account.
type Worker struct {
	ID, Username, Name, Initials, Title, Phone string
	Lang, Theme                                string // fi, sv, en; light, dark or empty for the device's choice
	Shortcuts                                  bool   // single-key shortcuts on (WCAG 2.1.4 asks that they can be off)
	Admin, Active, Demo                        bool
}

const workerColumns = `worker_id, username, name, initials, title, phone, lang, theme, shortcuts, admin, active, demo`

func scanWorker(row func(...any) error, w *Worker) error {
	return row(&w.ID, &w.Username, &w.Name, &w.Initials, &w.Title, &w.Phone, &w.Lang, &w.Theme, &w.Shortcuts, &w.Admin, &w.Active, &w.Demo)
}

// AddWorker adds a worker without a password; an empty id is made. A taken user name is refused.
func AddWorker(tx *db.Tx, w Worker) (string, error) {
	w.ID = cmp.Or(w.ID, ident.New())
	w.Username = strings.ToLower(strings.TrimSpace(w.Username))
	w.Name = strings.TrimSpace(w.Name)
	wrong := map[string]string{}
	if w.Username == "" || strings.ContainsAny(w.Username, " \t\n/") {
		wrong["username"] = "user.bad_username"
	}
	if badName(w.Name) {
		wrong["name"] = "user.no_name"
	}
	if err := fault.Fields(wrong); err != nil {
		return "", err
	}
	n, err := tx.Exec(`insert into worker (tenant_id, worker_id, username, name, initials, title, phone, lang, theme, shortcuts, admin, active, demo)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, true, $10, true, $11) on conflict do nothing`,
		tx.Who.Tenant, w.ID, w.Username, w.Name, cmp.Or(w.Initials, Initials(w.Name)), w.Title, w.Phone, cmp.Or(w.Lang, "fi"), w.Theme, w.Admin, w.Demo)
	if err != nil {
		return "", err
	}
	if n == 0 {
		return "", fault.Fields(map[string]string{"username": "user.taken"})
	}
	return w.ID, changed(tx)
}

// badName tells whether nobody is called that: nothing, or signs that cannot be seen (which Names parts names by).
func badName(name string) bool { return name == "" || strings.ContainsFunc(name, unicode.IsControl) }

// Initials of a name: the first letter of its first and last word.
func Initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return ""
	}
	out := strings.ToUpper(string([]rune(words[0])[:1]))
	if len(words) > 1 {
		out += strings.ToUpper(string([]rune(words[len(words)-1])[:1]))
	}
	return out
}

// GetWorker gives a worker, or not found.
func GetWorker(tx *db.Tx, id string) (Worker, error) {
	var w Worker
	found := false
	err := tx.Each(`select `+workerColumns+` from worker where tenant_id = $1 and worker_id = $2`, []any{tx.Who.Tenant, id},
		func(row func(...any) error) error {
			found = true
			return scanWorker(row, &w)
		})
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	return w, err
}

// Workers gives every worker, the active ones first, by name.
func Workers(tx *db.Tx) ([]Worker, error) {
	var all []Worker
	err := tx.Each(`select `+workerColumns+` from worker where tenant_id = $1 order by active desc, name, worker_id`, []any{tx.Who.Tenant},
		func(row func(...any) error) error {
			all = append(all, Worker{})
			return scanWorker(row, &all[len(all)-1])
		})
	return all, err
}

// Names gives the name of every worker by id, past ones too: for lists. They come as one row, as every page asks for
// them: reading 250 rows one by one takes longer than the rest of a list.
func Names(tx *db.Tx) (map[string]string, error) {
	const part, end = "\x1f", "\x1e" // no name has them: see badName
	var all string
	if _, err := tx.One(`select coalesce(string_agg(worker_id || $2 || name, $3), '') from worker where tenant_id = $1`,
		[]any{tx.Who.Tenant, part, end}, &all); err != nil {
		return nil, err
	}
	names := make(map[string]string, strings.Count(all, end)+1)
	for line := range strings.SplitSeq(all, end) {
		id, name, _ := strings.Cut(line, part)
		names[id] = name
	}
	delete(names, "")
	return names, nil
}

// Colleagues gives the active workers who may take cases in a register, by name: whom a client can be handed to.
func Colleagues(tx *db.Tx, register string) ([]Worker, error) {
	var all []Worker
	err := tx.Each(`select `+workerColumns+` from worker w where w.tenant_id = $1 and w.active
		and exists (select 1 from member m where m.tenant_id = $1 and m.worker_id = w.worker_id and m.register_id = $2 and m.cases)
		order by name, worker_id`, []any{tx.Who.Tenant, register}, func(row func(...any) error) error {
		all = append(all, Worker{})
		return scanWorker(row, &all[len(all)-1])
	})
	return all, err
}

// MustTakeCases refuses a worker who is not active or has no cases in the register: nobody is handed to
// somebody who may not see them.
func MustTakeCases(tx *db.Tx, worker, register string) error {
	var one int
	found, err := tx.One(`select 1 from worker w join member m on m.tenant_id = w.tenant_id and m.worker_id = w.worker_id
		where w.tenant_id = $1 and w.worker_id = $2 and w.active and m.register_id = $3 and m.cases`,
		[]any{tx.Who.Tenant, worker, register}, &one)
	if err == nil && !found {
		err = fault.Fields(map[string]string{"worker": "worker.no_access"})
	}
	return err
}

// Settings of a worker's own.
type Settings struct {
	Lang, Theme string
	Shortcuts   bool
}

// SaveSettings keeps the actor's own settings.
func SaveSettings(tx *db.Tx, s Settings) error {
	_, err := tx.Exec(`update worker set lang = $3, theme = $4, shortcuts = $5 where tenant_id = $1 and worker_id = $2`,
		tx.Who.Tenant, tx.Who.Worker, s.Lang, s.Theme, s.Shortcuts)
	return err
}

// Deactivate ends a worker's account and sessions. Their paths must have moved first: see process staffing.
func Deactivate(tx *db.Tx, worker string) error {
	if _, err := tx.Exec(`update worker set active = false where tenant_id = $1 and worker_id = $2`, tx.Who.Tenant, worker); err != nil {
		return err
	}
	if _, err := tx.Exec(`delete from member where tenant_id = $1 and worker_id = $2`, tx.Who.Tenant, worker); err != nil {
		return err
	}
	if _, err := tx.Exec(`update unit set duty_worker = null, duty_accepted_at = null where tenant_id = $1 and duty_worker = $2`, tx.Who.Tenant, worker); err != nil {
		return err
	}
	if _, err := tx.Exec(`delete from session where tenant_id = $1 and worker_id = $2`, tx.Who.Tenant, worker); err != nil {
		return err
	}
	return changed(tx)
}

// AcceptDuty makes the actor (or, for the system, the given worker) the duty holder of a unit: whoever is
// suddenly away leaves their paths to the duty holder.
func AcceptDuty(tx *db.Tx, unitID, worker string) error {
	if !tx.Who.IsSystem() && worker != tx.Who.Worker {
		return fault.E(fault.Denied, "error.denied", nil)
	}
	n, err := tx.Exec(`update unit set duty_worker = $3, duty_accepted_at = $4 where tenant_id = $1 and unit_id = $2
		and exists (select 1 from member m where m.tenant_id = $1 and m.unit_id = $2 and m.worker_id = $3 and m.cases)`,
		tx.Who.Tenant, unitID, worker, tx.At)
	if err == nil && n == 0 {
		err = fault.E(fault.Invalid, "duty.no_access", nil)
	}
	if err != nil {
		return err
	}
	return changed(tx)
}

// DutyWorker of a unit; empty when nobody has accepted.
func DutyWorker(tx *db.Tx, unitID string) (string, error) {
	var id string
	_, err := tx.One(`select coalesce(duty_worker, '') from unit where tenant_id = $1 and unit_id = $2`, []any{tx.Who.Tenant, unitID}, &id)
	return id, err
}

// Cover is a planned absence: Cover sees and does Absent's work From–To, and back by itself.
type Cover struct {
	ID, Absent, Cover string
	From, To          civil.Date
}

// AddCover plans a cover. Cover must have cases in every register of Absent's where Absent has cases.
func AddCover(tx *db.Tx, c Cover) (string, error) {
	wrong := map[string]string{}
	if c.Cover == "" || c.Cover == c.Absent {
		wrong["cover"] = "cover.who"
	}
	if c.From.IsZero() {
		wrong["from"] = "cover.bad_from"
	}
	if c.To < c.From || c.To < tx.Today {
		wrong["to"] = "cover.bad_to"
	}
	if err := fault.Fields(wrong); err != nil {
		return "", err
	}
	var missing int
	if _, err := tx.One(`select count(*) from member a where a.tenant_id = $1 and a.worker_id = $2 and a.cases and not exists
		(select 1 from member b where b.tenant_id = $1 and b.worker_id = $3 and b.register_id = a.register_id and b.cases)`,
		[]any{tx.Who.Tenant, c.Absent, c.Cover}, &missing); err != nil {
		return "", err
	}
	if missing > 0 {
		return "", fault.Fields(map[string]string{"cover": "cover.no_access"})
	}
	c.ID = cmp.Or(c.ID, ident.New())
	if _, err := tx.Exec(`insert into cover (tenant_id, cover_id, absent, cover, from_day, to_day) values ($1, $2, $3, $4, $5, $6)`,
		tx.Who.Tenant, c.ID, c.Absent, c.Cover, c.From, c.To); err != nil {
		return "", err
	}
	return c.ID, Settle(tx)
}

// EndCover ends a cover at once: one of the actor's own, or of somebody for whose absence they may plan.
func EndCover(tx *db.Tx, id string) error {
	var absent, by string
	found, err := tx.One(`select absent, cover from cover where tenant_id = $1 and cover_id = $2`, []any{tx.Who.Tenant, id}, &absent, &by)
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err == nil && by != tx.Who.Worker {
		err = mustPlanFor(tx, absent)
	}
	if err != nil {
		return err
	}
	if _, err = tx.Exec(`update cover set ended_at = $3 where tenant_id = $1 and cover_id = $2 and ended_at is null`, tx.Who.Tenant, id, tx.At); err != nil {
		return err
	}
	if err := Settle(tx); err != nil {
		return err
	}
	return ChangedSight(tx)
}

// Covers gives the covers, today's and coming, that concern a worker; everybody's when worker is empty.
func Covers(tx *db.Tx, worker string) ([]Cover, error) {
	var all []Cover
	err := tx.Each(`select cover_id, absent, cover, from_day, to_day from cover where tenant_id = $1 and ($2 = '' or absent = $2 or cover = $2)
		and ended_at is null and to_day >= $3 order by from_day, cover_id`, []any{tx.Who.Tenant, worker, tx.Today},
		func(row func(...any) error) error {
			var c Cover
			err := row(&c.ID, &c.Absent, &c.Cover, &c.From, &c.To)
			all = append(all, c)
			return err
		})
	return all, err
}

// Rename changes a worker's name, user name and administrator's right. The last active administrator stays one.
func Rename(tx *db.Tx, id, name, username string, admin bool) error {
	name, username = strings.TrimSpace(name), strings.ToLower(strings.TrimSpace(username))
	wrong := map[string]string{}
	if badName(name) {
		wrong["name"] = "user.no_name"
	}
	if username == "" || strings.ContainsAny(username, " \t\n/") {
		wrong["username"] = "user.bad_username"
	}
	var taken, others int
	if _, err := tx.One(`select count(*) filter (where username = $3 and worker_id <> $2), count(*) filter (where admin and active and worker_id <> $2)
		from worker where tenant_id = $1`, []any{tx.Who.Tenant, id, username}, &taken, &others); err != nil {
		return err
	}
	if taken > 0 {
		wrong["username"] = "user.taken"
	}
	if !admin && others == 0 {
		wrong["role"] = "user.last_admin"
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	if _, err := tx.Exec(`update worker set name = $3, username = $4, admin = $5, initials = $6 where tenant_id = $1 and worker_id = $2`,
		tx.Who.Tenant, id, name, username, admin, Initials(name)); err != nil {
		return err
	}
	return changed(tx)
}
