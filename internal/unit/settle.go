package unit

import "polku/internal/db"

// Rights that time gives and takes away (a cover's days, an emergency's hour) are switched by a flag, so that the
// condition Sees needs no clock. Whoever reads by them has it settled first: login.Session before each page of a
// worker, the keeper each midnight, AddCover and EndCover at once.

// Unsettled is an expression that tells whether time has changed a worker's rights since they were settled. The words
// are SQL: the worker's id, now in microseconds, today.
func Unsettled(worker, now, today string) string {
	return `(exists (select 1 from cover uc where uc.tenant_id = $2 and uc.cover = ` + worker + ` and uc.active <> ` + onDuty("uc", today) + `)
		or exists (select 1 from emergency ue where ue.tenant_id = $2 and ue.worker_id = ` + worker + ` and ue.active and ue.until_at <= ` + now + `))`
}

func onDuty(alias, today string) string {
	return `(` + alias + `.ended_at is null and ` + alias + `.from_day <= ` + today + ` and ` + alias + `.to_day >= ` + today + `)`
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
