package retention

import (
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/journal"
)

// referrals gives the referrals of a register that ended without a client, as long ago as its matters are kept; what began
// a path goes with the client's matter.
func referrals(tx *db.Tx, register, only string, r rule) ([]Item, error) {
	var items []Item
	err := tx.Each(`select r.referral_id, r.ended_on, exists (select 1 from legal_hold h where h.tenant_id = $1 and h.ended_at is null and h.from_day <= $3
		and (h.to_day is null or h.to_day >= $3) and (h.client_id = r.referral_id or h.client_id = '' and h.register_id = r.register_id))
		from referral r where r.tenant_id = $1 and r.register_id = $2 and r.state = 'declined' and ($4 = '' or r.referral_id = $4)
		and not exists (select 1 from client c where c.tenant_id = $1 and c.client_id = r.client_id)`,
		[]any{tx.Who.Tenant, register, int64(tx.Today), only}, func(row func(...any) error) error {
			i := Item{Register: register, Class: Referral, Rule: r.text, Unread: !r.Verified}
			var ended civil.Date
			if err := row(&i.Client, &ended, &i.Held); err != nil {
				return err
			}
			if i.Due = r.from(ended); i.Due <= tx.Today {
				items = append(items, i)
			}
			return nil
		})
	return items, err
}

// dropReferral deletes a referral that became nobody's, with its trail and invitations.
func dropReferral(tx *db.Tx, id string, p *journal.Proof) error {
	for _, t := range []struct{ name, where string }{
		{"invitation_slot", `invitation_id in (select invitation_id from invitation where tenant_id = $1 and referral_id = $2)`},
		{"invitation", `referral_id = $2`}, {"referral_trail", `referral_id = $2`}, {"referral", `referral_id = $2`},
	} {
		n, err := tx.Exec(`delete from `+t.name+` where tenant_id = $1 and `+t.where, tx.Who.Tenant, id)
		if err != nil {
			return err
		}
		p.Rows[t.name] = int(n)
	}
	return nil
}
