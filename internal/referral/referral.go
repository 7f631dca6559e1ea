// Package referral owns people who have been referred or have asked to join and who wait: the queue, what was done about
// each, and the links by which partners send. Whoever waits has an owner and a promised day, from the first moment to the
// last. It knows nothing of how a path begins: that is package intake.
package referral

import (
	"encoding/json"
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/hetu"
	"polku/internal/seal"
)

// State of a referral.
type State string

// waiting → contacted → started, known or declined. A declined one can be taken up again.
const (
	Waiting   State = "waiting"   // nobody has reached the person yet
	Contacted State = "contacted" // reached; waits for a place or a first meeting
	Started   State = "started"   // a path began
	Known     State = "known"     // had an open path in the service already: their worker was told
	Declined  State = "declined"  // ended with a reason that the sender is told
)

// Open tells whether the person still waits.
func (s State) Open() bool { return s == Waiting || s == Contacted }

// Sender is who referred, in words; zero: the person themselves.
type Sender struct{ Name, Organisation, Phone string }

// Referral as those who work in its queue see it.
type Referral struct {
	ID, Service, Unit, Register string
	Source                      string // a word of the model's entry.sources
	Sender                      Sender
	Link                        string // by which link it came; empty: typed by staff, public page, list
	LastName, FirstName         string
	Born                        civil.Date
	HasCode                     bool
	Phone, Email                string // Phone is E.164 where it could be read
	Municipality, Lang          string
	Answers                     map[string]string // question of the model's entry.referral_asks, or fact -> answer
	State                       State
	Owner                       string // worker who answers for the person now
	Taken                       bool   // false: the queue's owner answers, nobody has taken it yet
	ArrivedOn                   civil.Date
	FirstBy                     civil.Date // promised last day of the first contact
	PromisedOn                  civil.Date // last day of what is promised next
	ContactedOn                 civil.Date // zero: not yet
	Calls                       int        // attempts that did not reach
	Lifted                      bool       // moved to the front by hand
	Client, Path                string     // whom it was joined to or began; empty: nobody
	EndedOn                     civil.Date
	Reason, Answer              string // of a declined one: a word of Reasons, and what the sender is told
}

// Name as people write it: first name, last name.
func (r Referral) Name() string { return strings.TrimSpace(r.FirstName + " " + r.LastName) }

// Broken tells whether what was promised has not been kept: nobody has reached the person in the promised time, or the day
// of the next promise has gone by.
func (r Referral) Broken(today civil.Date) bool {
	return r.State == Waiting && r.FirstBy < today || r.State.Open() && r.PromisedOn < today
}

const columns = `r.referral_id, r.service_id, r.unit_id, r.register_id, r.source, r.sender_name, r.sender_org, r.sender_phone, r.link_id,
	r.last_name, r.first_name, r.born, r.code_sealed is not null, r.phone, r.email, r.municipality, r.lang, r.answers, r.state, r.owner,
	r.taken_at is not null, r.arrived_on, r.first_by, r.promised_on, r.contacted_on, r.calls, r.lifted, coalesce(r.client_id, ''),
	coalesce(r.path_id, ''), r.ended_on, r.reason, r.answer`

func scan(row func(...any) error, r *Referral) error {
	var answers string
	err := row(&r.ID, &r.Service, &r.Unit, &r.Register, &r.Source, &r.Sender.Name, &r.Sender.Organisation, &r.Sender.Phone, &r.Link,
		&r.LastName, &r.FirstName, &r.Born, &r.HasCode, &r.Phone, &r.Email, &r.Municipality, &r.Lang, &answers, (*string)(&r.State), &r.Owner,
		&r.Taken, &r.ArrivedOn, &r.FirstBy, &r.PromisedOn, &r.ContactedOn, &r.Calls, &r.Lifted, &r.Client,
		&r.Path, &r.EndedOn, &r.Reason, &r.Answer)
	if err != nil {
		return err
	}
	return fault.Wrap(json.Unmarshal([]byte(answers), &r.Answers), "refer.answers")
}

// Get gives a referral in a queue of the actor's, and notes that it was seen; else not found.
func Get(tx *db.Tx, id string) (Referral, error) {
	r, err := get(tx, id)
	if err == nil {
		tx.Saw(id)
	}
	return r, err
}

// get is Get without a note: for commands.
func get(tx *db.Tx, id string) (Referral, error) {
	var r Referral
	found := false
	err := tx.Each(`select `+columns+` from referral r where r.tenant_id = $1 and `+sees("r")+` and r.referral_id = $3`,
		[]any{tx.Who.Tenant, tx.Who.Worker, id}, func(row func(...any) error) error {
			found = true
			return scan(row, &r)
		})
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	return r, err
}

// Code gives the identity code of a referral of the actor's queues; empty when there is none.
func Code(tx *db.Tx, keys *seal.Keys, id string) (hetu.Code, error) {
	if _, err := Get(tx, id); err != nil {
		return "", err
	}
	var sealed []byte
	if _, err := tx.One(`select code_sealed from referral where tenant_id = $1 and referral_id = $2`, []any{tx.Who.Tenant, id}, &sealed); err != nil {
		return "", err
	}
	code, err := keys.Unseal(sealed, about(id))
	return hetu.Code(code), err
}

// about ties an encrypted field to its referral.
func about(id string) string { return seal.ReferralCode.About([]string{id}) }
