package referral

import (
	"slices"
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/secret"
)

// Reasons of declining, in the order they are offered.
var Reasons = []string{"not-eligible", "full", "not-reached", "did-not-want", "other-service", "moved", "mistake"}

// Decline ends a referral with a reason, and words to the sender. Wrong fields: reason, answer.
func Decline(tx *db.Tx, id, reason, answer string) error {
	if _, err := open(tx, id); err != nil {
		return err
	}
	wrong := map[string]string{}
	if !slices.Contains(Reasons, reason) {
		wrong["reason"] = "refer.no_reason"
	}
	answer = strings.TrimSpace(answer)
	if len(answer) > 2000 {
		wrong["answer"] = "record.long_text"
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	if _, err := tx.Exec(`update referral set state = 'declined', reason = $3, answer = $4, ended_on = $5 where tenant_id = $1 and referral_id = $2`,
		tx.Who.Tenant, id, reason, answer, tx.Today); err != nil {
		return err
	}
	return note(tx, id, Step{What: StepDeclined, Detail: reason, Text: answer})
}

// Reopen takes a declined referral up again; the actor owns it, and answers for the new day. Wrong: field next.
func Reopen(tx *db.Tx, id string, next civil.Date) error {
	r, err := get(tx, id)
	if err != nil {
		return err
	}
	if r.State != Declined {
		return fault.E(fault.Conflict, "refer.not_declined", nil)
	}
	wrong := map[string]string{}
	if checkNext(tx, next, wrong); len(wrong) > 0 {
		return fault.Fields(wrong)
	}
	owner := tx.Who.Worker
	if tx.Who.IsSystem() {
		at, err := placeOf(tx, r.Service, "")
		if err != nil {
			return err
		}
		owner = at.owner
	}
	if _, err := tx.Exec(`update referral set state = case when contacted_on is null then 'waiting' else 'contacted' end, reason = '', answer = '',
		ended_on = null, owner = $3, taken_at = $4, promised_on = $5 where tenant_id = $1 and referral_id = $2`, tx.Who.Tenant, id, owner, tx.At, next); err != nil {
		return err
	}
	return note(tx, id, Step{What: StepReopened, Detail: next.String()})
}

// Answer is what a sender learns of their referral: how it stands, and nothing of what was told or done besides.
type Answer struct {
	State       State
	ArrivedOn   civil.Date
	FirstBy     civil.Date // promised last day of the first contact
	ContactedOn civil.Date // zero: not yet
	EndedOn     civil.Date // zero: goes on
	Reason      string     // of a declined one
	Text        string     // words to the sender
	Unit        string     // name of the unit
}

// AnswerTo gives the answer to whoever brings the code that was shown when the referral was sent; not found for any other.
func AnswerTo(tx *db.Tx, code string) (Answer, error) {
	var a Answer
	found, err := tx.One(`select r.state, r.arrived_on, r.first_by, r.contacted_on, r.ended_on, r.reason, r.answer, u.name from referral r
		join unit u on u.tenant_id = r.tenant_id and u.unit_id = r.unit_id where r.tenant_id = $1 and r.code_hash = $2`,
		[]any{tx.Who.Tenant, secret.Hash(code)}, (*string)(&a.State), &a.ArrivedOn, &a.FirstBy, &a.ContactedOn, &a.EndedOn, &a.Reason, &a.Text, &a.Unit)
	if err == nil && !found {
		err = fault.E(fault.NotFound, "refer.wrong_code", nil)
	}
	return a, err
}
