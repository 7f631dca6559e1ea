// Package closeperson owns the people beside a client who have a say or a part: guardians of a minor, a trustee
// (edunvalvoja), a support person. Who of them may consent and be told what is decided person by person: a minor decides
// alone where their age and development allow it (youth act 1285/2016 s. 12), and the reason stands with the decision.
package closeperson

import (
	"strings"

	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
)

// Kind of a close person.
type Kind string

// The kinds.
const (
	Guardian Kind = "guardian" // huoltaja, of a minor
	Trustee  Kind = "trustee"  // edunvalvoja
	Support  Kind = "support"  // tukihenkilö whom the client has chosen
)

// Kinds in the order they are offered.
var Kinds = []Kind{Guardian, Trustee, Support}

// Adult is the age from which nobody has guardians (act 361/1983: a guardianship ends at 18).
const Adult = 18

// Person beside a client.
type Person struct {
	ID, Client  string
	Kind        Kind
	Name, Phone string
	MayConsent  bool // decides for or with the client
	MaySee      bool // may be told what the client's data say
	Why         string
	From, To    civil.Date // To zero: goes on
	Grown       bool       // a guardian of somebody who is no longer a minor: has no say any more
}

// In tells whether the person has their part on a day.
func (p Person) In(day civil.Date) bool {
	return p.From <= day && (p.To.IsZero() || day <= p.To) && !p.Grown
}

// Add records a person beside a client. Mistakes come back by field: kind, name, why.
func Add(tx *db.Tx, clientID string, p Person) (string, error) {
	if err := client.Must(tx, clientID); err != nil {
		return "", err
	}
	p.Name, p.Why = strings.TrimSpace(p.Name), strings.TrimSpace(p.Why)
	wrong := map[string]string{}
	if p.Kind != Guardian && p.Kind != Trustee && p.Kind != Support {
		wrong["kind"] = "closeperson.no_kind"
	}
	if p.Name == "" {
		wrong["name"] = "error.needed"
	}
	if p.Why == "" {
		wrong["why"] = "closeperson.no_why"
	}
	if p.Kind == Support && p.MayConsent {
		wrong["may_consent"] = "closeperson.support_consents"
	}
	if p.Kind == Guardian {
		grown, err := grownOn(tx, clientID, tx.Today)
		if err != nil {
			return "", err
		}
		if grown {
			wrong["kind"] = "closeperson.no_minor"
		}
	}
	if err := fault.Fields(wrong); err != nil {
		return "", err
	}
	id := ident.New()
	if _, err := tx.Exec(`insert into close_person (tenant_id, close_person_id, client_id, kind, name, phone, may_consent, may_see, why, from_day)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		tx.Who.Tenant, id, clientID, string(p.Kind), p.Name, strings.TrimSpace(p.Phone), p.MayConsent, p.MaySee, p.Why, tx.Today); err != nil {
		return "", err
	}
	return id, audit.Command(tx, clientID, "closeperson.add")
}

// End ends a person's part as of today: from tomorrow on they have no say. Ending it again does nothing.
func End(tx *db.Tx, clientID, id string) error {
	if err := client.Must(tx, clientID); err != nil {
		return err
	}
	n, err := tx.Exec(`update close_person set to_day = $4 where tenant_id = $1 and client_id = $2 and close_person_id = $3 and to_day is null`,
		tx.Who.Tenant, clientID, id, tx.Today-1)
	if err != nil || n == 0 {
		return err
	}
	return audit.Command(tx, clientID, "closeperson.end")
}

// OfClient gives the people beside a client whom the actor may see; those whose part has ended come last.
func OfClient(tx *db.Tx, id string) ([]Person, error) {
	if err := client.Must(tx, id); err != nil {
		return nil, err
	}
	grown, err := grownOn(tx, id, tx.Today)
	if err != nil {
		return nil, err
	}
	var all []Person
	err = tx.Each(`select close_person_id, client_id, kind, name, phone, may_consent, may_see, why, from_day, to_day from close_person
		where tenant_id = $1 and client_id = $2 order by to_day is not null, from_day, close_person_id`, []any{tx.Who.Tenant, id},
		func(row func(...any) error) error {
			var p Person
			err := row(&p.ID, &p.Client, (*string)(&p.Kind), &p.Name, &p.Phone, &p.MayConsent, &p.MaySee, &p.Why, &p.From, &p.To)
			p.Grown = p.Kind == Guardian && grown
			all = append(all, p)
			return err
		})
	if err == nil && len(all) > 0 {
		tx.Saw(id)
	}
	return all, err
}

// MayConsent tells whether today somebody beside the client may decide for or with them.
func MayConsent(tx *db.Tx, clientID string) (bool, error) {
	all, err := OfClient(tx, clientID)
	for _, p := range all {
		if p.MayConsent && p.In(tx.Today) {
			return true, err
		}
	}
	return false, err
}

// grownOn tells whether a client is of age on a day; somebody without a known birthday is not held to be.
func grownOn(tx *db.Tx, clientID string, day civil.Date) (bool, error) {
	var born civil.Date
	if _, err := tx.One(`select born from client where tenant_id = $1 and client_id = $2`, []any{tx.Who.Tenant, clientID}, &born); err != nil {
		return false, err
	}
	if born.IsZero() {
		return false, nil
	}
	year, month, dayOfMonth := born.Parts()
	return civil.New(year+Adult, month, dayOfMonth) <= day, nil
}
