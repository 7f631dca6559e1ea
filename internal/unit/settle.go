package unit

import "polku/internal/db"

// Rights that time gives and takes away (a cover's days, an emergency's hour) are switched by a flag, so that the
// condition Sees needs no clock. Whoever reads by them has it settled first: login.Session before each page of a
// worker, the keeper each midnight, AddCover and EndCover at once, login.Live when an hour ends before an open page.

// Unsettled is an expression that tells whether time has changed a worker's rights since they were settled. The words
// are SQL: the worker's id, now in microseconds, today.
func Unsettled(worker, now, today string) string {
	return `(exists (select 1 from cover uc where uc.tenant_id = $2 and uc.cover = ` + worker + ` and uc.active <> ` + onDuty("uc", today) + `)
		or exists (select 1 from emergency ue where ue.tenant_id = $2 and ue.worker_id = ` + worker + ` and ue.active and ue.until_at <= ` + now + `))`
}

func onDuty(alias, today string) string {
	return `(` + alias + `.ended_at is null and ` + alias + `.from_day <= ` + today + ` and ` + alias + `.to_day >= ` + today + `)`
}

// GrantsOf is an expression that gives the ids of the covers and emergencies by which a worker sees more just now, parted by
// blanks; empty: none. worker is SQL; $2 is the tenant.
func GrantsOf(worker string) string {
	return `coalesce((select string_agg(gc.cover_id, ' ') from cover gc where gc.tenant_id = $2 and gc.cover = ` + worker + ` and gc.active), '') || ' ' ||
		coalesce((select string_agg(ge.emergency_id, ' ') from emergency ge where ge.tenant_id = $2 and ge.worker_id = ` + worker + ` and ge.active), '')`
}

// Grants gives what GrantsOf does, of every worker who has any, and when the first emergency ends (microseconds UTC; 0:
// there is none).
func Grants(tx *db.Tx) (of map[string][]string, until int64, err error) {
	of = map[string][]string{}
	err = tx.Each(`select cover, cover_id, 0 from cover where tenant_id = $1 and active
		union all select worker_id, emergency_id, until_at from emergency where tenant_id = $1 and active`, []any{tx.Who.Tenant}, func(row func(...any) error) error {
		var worker, id string
		var ends int64
		err := row(&worker, &id, &ends)
		of[worker] = append(of[worker], id)
		if ends > 0 && (until == 0 || ends < until) {
			until = ends
		}
		return err
	})
	return of, until, err
}

// ChangedSight makes open pages be looked at: somebody's relation to a client, or what crosses a wall, has ended before its
// time, or begun to run out.
func ChangedSight(tx *db.Tx) error {
	_, err := tx.Exec(`insert into sight_rev (tenant_id, rev) values ($1, 1) on conflict (tenant_id) do update set rev = sight_rev.rev + 1`, tx.Who.Tenant)
	return err
}

// Settle makes the flags of covers and emergencies true to the time.
func Settle(tx *db.Tx) error {
	if _, err := tx.Exec(`update cover set active = `+onDuty("cover", "$2")+` where tenant_id = $1 and active <> `+onDuty("cover", "$2"),
		tx.Who.Tenant, tx.Today); err != nil {
		return err
	}
	_, err := tx.Exec(`update emergency set active = false where tenant_id = $1 and active and until_at <= $2`, tx.Who.Tenant, tx.At)
	return err
}
