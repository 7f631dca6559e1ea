package referral

import (
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
)

// Take makes the actor the owner of somebody who waits.
func Take(tx *db.Tx, id string) error { return own(tx, id, tx.Who.Worker, Step{What: StepTaken}) }

// Give makes a colleague who works in the queue the owner. Wrong: field worker.
func Give(tx *db.Tx, id, worker string) error {
	return own(tx, id, worker, Step{What: StepGiven, Detail: worker})
}

func own(tx *db.Tx, id, worker string, s Step) error {
	r, err := open(tx, id)
	if err != nil {
		return err
	}
	if err := mustWorkIn(tx, worker, r); err != nil {
		return err
	}
	if r.Owner == worker && r.Taken {
		return nil
	}
	if _, err := tx.Exec(`update referral set owner = $3, taken_at = $4 where tenant_id = $1 and referral_id = $2`, tx.Who.Tenant, id, worker, tx.At); err != nil {
		return err
	}
	return note(tx, id, s)
}

// open gives a referral of the actor's queues that still waits; gone when it has ended.
func open(tx *db.Tx, id string) (Referral, error) {
	r, err := get(tx, id)
	if err == nil && !r.State.Open() {
		err = fault.E(fault.Gone, "refer.ended", nil)
	}
	return r, err
}

// Attempt is a try to reach the person.
type Attempt struct {
	Reached bool
	Text    string     // how it went
	Next    civil.Date // what is promised next: when to try again, or by when they hear more
}

// Tried records a try. Whoever tries takes the referral when nobody had. Wrong fields: next, text.
func Tried(tx *db.Tx, id string, a Attempt) error {
	r, err := open(tx, id)
	if err != nil {
		return err
	}
	wrong := map[string]string{}
	checkNext(tx, a.Next, wrong)
	if len(a.Text) > textMost {
		wrong["text"] = "record.long_text"
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	if !r.Taken {
		if err := Take(tx, id); err != nil {
			return err
		}
	}
	s := Step{What: StepTried, Text: strings.TrimSpace(a.Text), Detail: a.Next.String()}
	if a.Reached {
		s.What = StepReached
		_, err = tx.Exec(`update referral set state = 'contacted', contacted_on = coalesce(contacted_on, $3), promised_on = $4
			where tenant_id = $1 and referral_id = $2`, tx.Who.Tenant, id, tx.Today, a.Next)
	} else {
		_, err = tx.Exec(`update referral set calls = calls + 1, promised_on = $3 where tenant_id = $1 and referral_id = $2`, tx.Who.Tenant, id, a.Next)
	}
	if err != nil {
		return err
	}
	return note(tx, id, s)
}

// Promise sets the day of what is promised next, for a process that has agreed it with the person (an invitation, a
// chosen time).
func Promise(tx *db.Tx, id string, next civil.Date) error {
	if _, err := open(tx, id); err != nil {
		return err
	}
	wrong := map[string]string{}
	if checkNext(tx, next, wrong); len(wrong) > 0 {
		return fault.Fields(wrong)
	}
	_, err := tx.Exec(`update referral set promised_on = $3 where tenant_id = $1 and referral_id = $2`, tx.Who.Tenant, id, next)
	return err
}

func checkNext(tx *db.Tx, next civil.Date, wrong map[string]string) {
	switch {
	case next.IsZero():
		wrong["next"] = "refer.no_next"
	case next < tx.Today:
		wrong["next"] = "step.past_day"
	case next > tx.Today+400:
		wrong["next"] = "step.far_day"
	}
}

// Lift moves somebody to the front of the queue with a reason, which stays in the trail. Wrong: field why.
func Lift(tx *db.Tx, id, why string) error { return lift(tx, id, why, true, StepLifted) }

// Lower puts somebody back to where the rule has them, with a reason.
func Lower(tx *db.Tx, id, why string) error { return lift(tx, id, why, false, StepLowered) }

func lift(tx *db.Tx, id, why string, up bool, what What) error {
	r, err := open(tx, id)
	if err != nil {
		return err
	}
	why = strings.TrimSpace(why)
	if why == "" {
		return fault.Fields(map[string]string{"why": "refer.why"})
	}
	if len(why) > textMost {
		return fault.Fields(map[string]string{"why": "record.long_text"})
	}
	if r.Lifted == up {
		return nil
	}
	if _, err := tx.Exec(`update referral set lifted = $3 where tenant_id = $1 and referral_id = $2`, tx.Who.Tenant, id, up); err != nil {
		return err
	}
	return note(tx, id, Step{What: what, Text: why})
}
