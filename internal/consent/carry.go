package consent

import (
	"slices"

	"polku/internal/db"
)

// Carry is by what right a client's data may go over to another register of the house.
type Carry struct {
	Basis  string // id of a decision of the client's, or of a statute; empty: nothing lets them go
	Scopes []Scope
	Closed bool // the client has closed this way
}

// Carries tells by what right the clients of a service may go over from their register to another: by a statute, or by
// each one's own consent or permit in force that lets at least the contact data go. A statute does not reach over a
// block. Of clients who are not in the answer nothing is known: Without gives what holds for them.
func Carries(tx *db.Tx, service, from, to, statuteID string) (decided map[string]Carry, without Carry, err error) {
	kind, err := kindOf(tx, from)
	if err != nil {
		return nil, Carry{}, err
	}
	receiver, err := kindOf(tx, to)
	if err != nil {
		return nil, Carry{}, err
	}
	if s := statute(statuteID); s != nil && s.Opens(kind) {
		without = Carry{Basis: s.ID, Scopes: s.Scopes}
		if receiver == Outreach {
			without.Scopes = []Scope{Contact}
		}
	}
	decided = map[string]Carry{}
	blocks := map[string]bool{}
	err = tx.Each(`select `+columns+` from consent d where d.tenant_id = $1 and d.receiver = $2 and d.register_id = $3 and d.withdrawn_at is null
		and d.from_day <= $4 and (d.to_day is null or d.to_day >= $4) and d.client_id in (select s.client_id from standing s
		where s.tenant_id = $1 and s.service_id = $5) order by d.given_at, d.consent_id`, []any{tx.Who.Tenant, to, from, tx.Today, service}, func(row func(...any) error) error {
		var d Decision
		if err := scan(row, &d); err != nil {
			return err
		}
		switch {
		case d.Kind == Block && slices.Contains(d.Scopes, Contact):
			blocks[d.Client] = true
		case d.Kind != Block && slices.Contains(d.Scopes, Contact) && without.Basis == "":
			decided[d.Client] = Carry{Basis: d.ID, Scopes: d.Scopes} // the newest
		}
		return nil
	})
	for client := range blocks {
		decided[client] = Carry{Closed: true}
	}
	return decided, without, err
}

// StatutesBetween gives the statutes that may carry clients from one register to another.
func StatutesBetween(tx *db.Tx, from string) ([]Statute, error) {
	kind, err := kindOf(tx, from)
	return slices.DeleteFunc(StatutesOf(kind), func(s Statute) bool { return s.ID == "child-welfare" || s.ID == "youth-report" }), err
}
