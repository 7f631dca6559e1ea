package consent

import (
	"cmp"
	"strings"

	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/closeperson"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/unit"
)

// Kind of a decision of the client's.
type Kind string

// The kinds.
const (
	Consent Kind = "consent" // suostumus: this may be told to that receiver
	Permit  Kind = "permit"  // luovutuslupa between providers of social welfare and health care (703/2023 s. 53–59)
	Block   Kind = "block"   // kielto: this may not be told, permit or not
)

// Kinds in the order they are offered.
var Kinds = []Kind{Consent, Permit, Block}

// GivenBy tells who decided.
type GivenBy string

// Who may decide. A minor decides alone where their age and development allow it (1285/2016 s. 12).
const (
	ByClient   GivenBy = "client"
	ByGuardian GivenBy = "guardian"
	ByBoth     GivenBy = "both"
)

// Givers in the order they are offered.
var Givers = []GivenBy{ByClient, ByBoth, ByGuardian}

// Ways in which a decision is given, in the order they are offered.
var Ways = []string{"face", "paper", "phone", "app"}

// Decision is a consent, permit or block as it stands.
type Decision struct {
	ID, Client, Register   string
	Kind                   Kind
	Receiver, ReceiverName string // register of this house, or an outside receiver in words
	Scopes                 []Scope
	Purpose                string
	From, To               civil.Date // To zero: until withdrawn
	GivenBy                GivenBy
	Way, Told, AskedBy     string
	GivenAt, WithdrawnAt   int64 // microseconds UTC; 0: not withdrawn
}

// Holds tells whether the decision is in force on a day.
func (d Decision) Holds(day civil.Date) bool {
	return d.WithdrawnAt == 0 && d.From <= day && (d.To.IsZero() || day <= d.To)
}

// New is what is asked for a decision. Receiver is a register id of this house or empty with ReceiverName.
type New struct {
	Kind                   Kind
	Receiver, ReceiverName string
	Scopes                 []string
	Purpose                string
	From, To               civil.Date
	GivenBy                GivenBy
	Way, Told              string
}

// Give records a client's decision on the path in whose journal it stands. Mistakes come back by field: scope,
// receiver, purpose, told, to, given_by.
func Give(tx *db.Tx, b *path.Book, pathID string, n New) (string, error) {
	p, err := path.Get(tx, pathID)
	if err != nil {
		return "", err
	}
	scopes, err := parse(n.Scopes)
	if err != nil {
		return "", err
	}
	n.ReceiverName, n.Purpose, n.Told = strings.TrimSpace(n.ReceiverName), strings.TrimSpace(n.Purpose), strings.TrimSpace(n.Told)
	n.From = cmp.Or(n.From, tx.Today)
	if err := check(tx, p, &n); err != nil {
		return "", err
	}
	id := ident.New()
	if _, err := b.Append(tx, pathID, entry.Entry{ID: id, Day: tx.Today, Minute: -1, Kind: entry.KindConsent,
		Body: &entry.Consent{Scope: string(n.Kind) + ":" + text(scopes), Given: n.Kind != Block, Until: n.To, Text: n.Purpose}}); err != nil {
		return "", err
	}
	_, err = tx.Exec(`insert into consent (tenant_id, consent_id, client_id, register_id, kind, receiver, receiver_name, scope, purpose, from_day, to_day,
		given_by, way, told, asked_by, given_at, withdrawn_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, '')`,
		tx.Who.Tenant, id, p.Client, p.Register, string(n.Kind), n.Receiver, n.ReceiverName, text(scopes), n.Purpose, n.From, n.To,
		string(n.GivenBy), n.Way, n.Told, tx.Who.Worker, tx.At)
	if err != nil {
		return "", err
	}
	return id, audit.Command(tx, p.Client, "consent.give")
}

func check(tx *db.Tx, p path.Path, n *New) error {
	wrong := map[string]string{}
	if n.Kind != Consent && n.Kind != Permit && n.Kind != Block {
		wrong["kind"] = "consent.no_kind"
	}
	switch {
	case n.Receiver == "" && n.ReceiverName == "":
		wrong["receiver"] = "consent.no_receiver"
	case n.Receiver == p.Register:
		wrong["receiver"] = "consent.own_register"
	case n.Receiver != "":
		found, err := tx.One(`select name from register where tenant_id = $1 and register_id = $2`, []any{tx.Who.Tenant, n.Receiver}, &n.ReceiverName)
		if err != nil {
			return err
		}
		if !found {
			wrong["receiver"] = "consent.no_receiver"
		}
	}
	if n.Purpose == "" {
		wrong["purpose"] = "error.needed"
	}
	if n.Told == "" && n.Kind != Block {
		wrong["told"] = "consent.no_told"
	}
	if !n.To.IsZero() && n.To < n.From {
		wrong["to"] = "consent.bad_to"
	}
	switch n.GivenBy {
	case ByClient, ByGuardian, ByBoth:
	default:
		wrong["given_by"] = "consent.no_giver"
	}
	if len(wrong) == 0 && n.GivenBy != ByClient {
		may, err := closeperson.MayConsent(tx, p.Client)
		if err != nil {
			return err
		}
		if !may {
			wrong["given_by"] = "consent.no_guardian"
		}
	}
	return fault.Fields(wrong)
}

// Withdraw ends a decision at once. Ending it again does nothing.
func Withdraw(tx *db.Tx, b *path.Book, pathID, id string) error {
	p, err := path.Get(tx, pathID)
	if err != nil {
		return err
	}
	var scope, purpose, kind string
	found, err := tx.One(`update consent set withdrawn_at = $4, withdrawn_by = $5 where tenant_id = $1 and consent_id = $2 and client_id = $3
		and withdrawn_at is null returning scope, purpose, kind`, []any{tx.Who.Tenant, id, p.Client, tx.At, tx.Who.Worker}, &scope, &purpose, &kind)
	if err != nil || !found {
		return err
	}
	if err := unit.ChangedSight(tx); err != nil {
		return err
	}
	if _, err := b.Append(tx, pathID, entry.Entry{ID: ident.Of(id, "withdrawn"), Day: tx.Today, Minute: -1, Kind: entry.KindConsent,
		Body: &entry.Consent{Scope: kind + ":" + scope, Given: kind == string(Block), Text: purpose}}); err != nil {
		return err
	}
	return audit.Command(tx, p.Client, "consent.withdraw")
}

const columns = `d.consent_id, d.client_id, d.register_id, d.kind, d.receiver, d.receiver_name, d.scope, d.purpose, d.from_day, d.to_day, d.given_by,
	d.way, d.told, d.asked_by, d.given_at, coalesce(d.withdrawn_at, 0)`

func scan(row func(...any) error, d *Decision) error {
	var kind, scope, given string
	err := row(&d.ID, &d.Client, &d.Register, &kind, &d.Receiver, &d.ReceiverName, &scope, &d.Purpose, &d.From, &d.To, &given, &d.Way, &d.Told,
		&d.AskedBy, &d.GivenAt, &d.WithdrawnAt)
	d.Kind, d.Scopes, d.GivenBy = Kind(kind), split(scope), GivenBy(given)
	return err
}

// OfClient gives every decision of a client that the actor may see, the newest first.
func OfClient(tx *db.Tx, id string) ([]Decision, error) {
	if err := client.Must(tx, id); err != nil {
		return nil, err
	}
	var all []Decision
	err := tx.Each(`select `+columns+` from consent d where d.tenant_id = $1 and d.client_id = $2 order by d.given_at desc, d.consent_id`,
		[]any{tx.Who.Tenant, id}, func(row func(...any) error) error {
			all = append(all, Decision{})
			return scan(row, &all[len(all)-1])
		})
	if err == nil {
		tx.Saw(id)
	}
	return all, err
}
