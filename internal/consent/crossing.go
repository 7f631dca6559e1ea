package consent

import (
	"slices"
	"strings"

	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/path"
	"polku/internal/unit"
)

// Telling is what a worker tells somebody outside the register, by word, paper or mail: the log row is written first.
type Telling struct {
	Receiver, ReceiverName string   // register id of this house, or in words
	Scopes                 []string // what is told
	Purpose, AskedBy       string
	Basis                  string // id of a decision of the client's, or of a statute
}

// Tell writes down that data of a client leave the register, when the client's decision or a statute lets them. Mistakes
// come back by field: receiver, scope, purpose, basis.
func Tell(tx *db.Tx, pathID string, t Telling) error {
	p, err := path.Get(tx, pathID)
	if err != nil {
		return err
	}
	kind, err := kindOf(tx, p.Register)
	if err != nil {
		return err
	}
	scopes, err := parse(t.Scopes)
	if err != nil {
		return err
	}
	decisions, err := OfClient(tx, p.Client)
	if err != nil {
		return err
	}
	d := audit.Disclosure{Client: p.Client, Register: p.Register, Receiver: t.Receiver, ReceiverName: strings.TrimSpace(t.ReceiverName),
		What: text(scopes), Purpose: strings.TrimSpace(t.Purpose), AskedBy: strings.TrimSpace(t.AskedBy)}
	wrong := map[string]string{}
	receiverKind := ""
	if d.Receiver != "" {
		found, err := tx.One(`select name, kind from register where tenant_id = $1 and register_id = $2`, []any{tx.Who.Tenant, d.Receiver}, &d.ReceiverName, &receiverKind)
		if err != nil {
			return err
		}
		if !found || d.Receiver == p.Register {
			wrong["receiver"] = "consent.no_receiver"
		}
	}
	if d.ReceiverName == "" {
		wrong["receiver"] = "consent.no_receiver"
	}
	if d.Purpose == "" {
		wrong["purpose"] = "error.needed"
	}
	ground(&d, t.Basis, scopes, kind, receiverKind, decisions, tx, wrong)
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	if err := audit.Disclose(tx, d); err != nil {
		return err
	}
	return audit.Command(tx, p.Client, "consent.tell")
}

// ground fills in by what right something is told, or says what is wrong with it.
func ground(d *audit.Disclosure, basis string, scopes []Scope, kind, receiverKind string, decisions []Decision, tx *db.Tx, wrong map[string]string) {
	for _, x := range decisions {
		if x.Kind == Block && x.Holds(tx.Today) && x.meets(d.Receiver, d.ReceiverName) && slices.ContainsFunc(scopes, func(s Scope) bool { return slices.Contains(x.Scopes, s) }) {
			if s := statute(basis); s == nil || s.ID != "child-welfare" { // a block does not stop a report that the law demands
				wrong["basis"] = "consent.blocked"
				return
			}
		}
	}
	if s := statute(basis); s != nil {
		switch {
		case !s.Opens(kind):
			wrong["basis"] = "consent.statute_closed"
		case !within(scopes, s.Scopes), receiverKind == Outreach && !within(scopes, []Scope{Contact}):
			wrong["scope"] = "consent.too_much"
		}
		d.Basis, d.Section = audit.ByLaw, s.Section
		return
	}
	i := slices.IndexFunc(decisions, func(x Decision) bool { return x.ID == basis && x.Kind != Block })
	switch {
	case i < 0:
		wrong["basis"] = "consent.no_basis"
		return
	case !decisions[i].Holds(tx.Today):
		wrong["basis"] = "consent.not_in_force"
	case !decisions[i].meets(d.Receiver, d.ReceiverName):
		wrong["receiver"] = "consent.other_receiver"
	case !within(scopes, decisions[i].Scopes):
		wrong["scope"] = "consent.too_much"
	}
	d.Basis, d.Consent = audit.Basis(decisions[i].Kind), decisions[i].ID
}

func statute(id string) *Statute {
	for i := range Statutes {
		if Statutes[i].ID == id {
			return &Statutes[i]
		}
	}
	return nil
}

// meets tells whether a decision is about a receiver.
func (d Decision) meets(receiver, name string) bool {
	if d.Receiver != "" || receiver != "" {
		return d.Receiver == receiver
	}
	return strings.EqualFold(strings.TrimSpace(d.ReceiverName), strings.TrimSpace(name))
}

func kindOf(tx *db.Tx, register string) (string, error) {
	var kind string
	_, err := tx.One(`select kind from register where tenant_id = $1 and register_id = $2`, []any{tx.Who.Tenant, register}, &kind)
	return kind, err
}

// Crossing is what one decision of the client's opens to the actor: another client of the same person.
type Crossing struct {
	Client, Register, RegisterName string
	Receiver, ReceiverName         string // register in which the actor works
	Scopes                         []Scope
	Decision                       string
	Kind                           Kind
	Purpose                        string
}

// Open tells what the same person's other registers show to the actor today: by decisions in force whose receiver is the
// register of the client that the actor sees, less what the person has blocked. It reads nothing else of them, so that
// without a decision nobody learns whether there is another register's client at all.
func Open(tx *db.Tx, clientID string) ([]Crossing, error) {
	var all []Crossing
	err := tx.Each(`select d.client_id, d.register_id, r.name, d.receiver, d.receiver_name, d.scope, d.consent_id, d.kind, d.purpose
		from client c join client o on o.tenant_id = c.tenant_id and o.person_id = c.person_id and o.client_id <> c.client_id and o.joined_to is null
		join consent d on d.tenant_id = o.tenant_id and d.client_id = o.client_id and d.receiver = c.register_id
		join register r on r.tenant_id = d.tenant_id and r.register_id = d.register_id
		where c.tenant_id = $1 and `+unit.Sees("c")+` and c.client_id = $3 and d.kind <> 'block' and d.withdrawn_at is null
		and d.from_day <= $4 and (d.to_day is null or d.to_day >= $4)
		order by r.name, d.given_at, d.consent_id`, []any{tx.Who.Tenant, tx.Who.Worker, clientID, tx.Today}, func(row func(...any) error) error {
		var x Crossing
		var scope, kind string
		err := row(&x.Client, &x.Register, &x.RegisterName, &x.Receiver, &x.ReceiverName, &scope, &x.Decision, &kind, &x.Purpose)
		x.Scopes, x.Kind = split(scope), Kind(kind)
		all = append(all, x)
		return err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	return withoutBlocked(tx, clientID, all)
}

// withoutBlocked takes from crossings what blocks in force close.
func withoutBlocked(tx *db.Tx, clientID string, all []Crossing) ([]Crossing, error) {
	blocked := map[string][]Scope{} // by client
	err := tx.Each(`select d.client_id, d.scope from client c join client o on o.tenant_id = c.tenant_id and o.person_id = c.person_id
		join consent d on d.tenant_id = o.tenant_id and d.client_id = o.client_id and d.receiver = c.register_id
		where c.tenant_id = $1 and c.client_id = $2 and d.kind = 'block' and d.withdrawn_at is null
		and d.from_day <= $3 and (d.to_day is null or d.to_day >= $3)`, []any{tx.Who.Tenant, clientID, tx.Today}, func(row func(...any) error) error {
		var id, scope string
		err := row(&id, &scope)
		blocked[id] = append(blocked[id], split(scope)...)
		return err
	})
	var out []Crossing
	for _, x := range all {
		x.Scopes = slices.DeleteFunc(x.Scopes, func(s Scope) bool { return slices.Contains(blocked[x.Client], s) })
		if len(x.Scopes) > 0 {
			out = append(out, x)
		}
	}
	return out, err
}

// Cross writes the disclosure-log rows of a joint view, before it is shown: what the actor is about to see of the same
// person's other registers, and on what ground.
func Cross(tx *db.Tx, clientID string) error {
	all, err := Open(tx, clientID)
	for _, x := range all {
		if err := audit.Disclose(tx, audit.Disclosure{Client: x.Client, Register: x.Register, Receiver: x.Receiver, ReceiverName: x.ReceiverName, What: text(x.Scopes),
			Purpose: x.Purpose, Basis: audit.Basis(x.Kind), Consent: x.Decision, AskedBy: tx.Who.Worker}); err != nil {
			return err
		}
	}
	return err
}
