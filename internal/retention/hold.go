package retention

import (
	"strings"

	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
)

// Hold stops every destruction of a client's data, or of a whole register's, while it stands: a trial, a complaint, an
// audit needs them.
type Hold struct {
	ID, Register, Client string // Client empty: the whole register
	Why                  string
	From, To             civil.Date // To zero: until it is ended
	MadeBy               string
	MadeAt, EndedAt      int64 // microseconds UTC; EndedAt 0: stands
	EndedBy, EndedWhy    string
}

// AddHold makes a hold. Who may is the caller's to ask: a worker for a client whom they see, an administrator for a register.
func AddHold(tx *db.Tx, h Hold) (string, error) {
	wrong := map[string]string{}
	if strings.TrimSpace(h.Why) == "" {
		wrong["why"] = "hold.no_why"
	}
	if h.From.IsZero() {
		h.From = tx.Today
	}
	if !h.To.IsZero() && h.To < h.From {
		wrong["to"] = "hold.bad_to"
	}
	if err := fault.Fields(wrong); err != nil {
		return "", err
	}
	var one int
	find, args := `select 1 from register where tenant_id = $1 and register_id = $2`, []any{tx.Who.Tenant, h.Register}
	if h.Client != "" {
		find, args = `select 1 from client where tenant_id = $1 and register_id = $2 and client_id = $3`, append(args, h.Client)
	}
	if found, err := tx.One(find, args, &one); err != nil {
		return "", err
	} else if !found {
		return "", fault.E(fault.NotFound, "error.not_found", nil)
	}
	h.ID = ident.New()
	if _, err := tx.Exec(`insert into legal_hold (tenant_id, hold_id, register_id, client_id, why, from_day, to_day, made_by, made_at, ended_by, ended_why)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '')`, tx.Who.Tenant, h.ID, h.Register, h.Client, strings.TrimSpace(h.Why), h.From, h.To,
		tx.Who.Worker, tx.At); err != nil {
		return "", err
	}
	return h.ID, audit.Command(tx, h.Client, "hold.made")
}

// EndHold ends a hold, with a reason.
func EndHold(tx *db.Tx, id, client, why string) error {
	if strings.TrimSpace(why) == "" {
		return fault.Fields(map[string]string{"ended_why": "hold.no_why"})
	}
	n, err := tx.Exec(`update legal_hold set ended_at = $4, ended_by = $5, ended_why = $6 where tenant_id = $1 and hold_id = $2 and client_id = $3 and ended_at is null`,
		tx.Who.Tenant, id, client, tx.At, tx.Who.Worker, strings.TrimSpace(why))
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.E(fault.NotFound, "error.not_found", nil)
	}
	return audit.Command(tx, client, "hold.ended")
}

// Holds gives the holds over a client (with those of its register), or, client empty, those over whole registers; the
// newest first.
func Holds(tx *db.Tx, client string) ([]Hold, error) {
	var all []Hold
	err := tx.Each(`select hold_id, register_id, client_id, why, from_day, to_day, made_by, made_at, coalesce(ended_at, 0), ended_by, ended_why
		from legal_hold h where tenant_id = $1 and (client_id = $2 or client_id = '' and register_id in
		(select c.register_id from client c where c.tenant_id = $1 and c.client_id = $2)) order by made_at desc, hold_id desc`,
		[]any{tx.Who.Tenant, client}, func(row func(...any) error) error {
			var h Hold
			err := row(&h.ID, &h.Register, &h.Client, &h.Why, &h.From, &h.To, &h.MadeBy, &h.MadeAt, &h.EndedAt, &h.EndedBy, &h.EndedWhy)
			all = append(all, h)
			return err
		})
	return all, err
}
