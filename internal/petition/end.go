package petition

import (
	"strings"

	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
)

// change runs an update of an open petition that the actor decides on. rev is the version that the changer saw.
func change(tx *db.Tx, id string, rev int64, verb, set string, args ...any) error {
	p, err := Get(tx, id)
	if err != nil {
		return err
	}
	if may, err := MayDecide(tx, id); err != nil || !may {
		if err == nil {
			err = fault.E(fault.Denied, "petition.not_yours", nil)
		}
		return err
	}
	if p.State != Open {
		return fault.E(fault.Conflict, "petition.ended", nil)
	}
	n, err := tx.Exec(`update petition set rev = rev + 1, `+set+` where tenant_id = $1 and petition_id = $2 and rev = $3 and state = 'open'`,
		append([]any{tx.Who.Tenant, id, rev}, args...)...)
	if err == nil && n == 0 {
		err = fault.E(fault.Conflict, "petition.changed", nil)
	}
	if err != nil {
		return err
	}
	return audit.Command(tx, p.Client, verb)
}

// Take makes the actor the one who answers.
func Take(tx *db.Tx, id string, rev int64) error {
	return change(tx, id, rev, "request.take", `handler = $4`, tx.Who.Worker)
}

// Extend gives two months more (GDPR 12.3), with a reason that the client is told before the first month is over. The
// law knows no extension for requests about the logs.
func Extend(tx *db.Tx, id string, rev int64, why string) error {
	p, err := Get(tx, id)
	if err != nil {
		return err
	}
	why = strings.TrimSpace(why)
	switch {
	case !Extendable(p.Kind):
		return fault.Fields(map[string]string{"extend_why": "petition.no_extension"})
	case p.ExtendedWhy != "":
		return fault.Fields(map[string]string{"extend_why": "petition.extended"})
	case tx.Today > Due(p.Kind, p.Came):
		return fault.Fields(map[string]string{"extend_why": "petition.too_late"})
	case why == "" || len(why) > textMost:
		return fault.Fields(map[string]string{"extend_why": "petition.no_reason"})
	}
	return change(tx, id, rev, "request.extend", `extended_why = $4, due_on = $5`, why, p.Came.AddMonths(3))
}

// Answer ends a petition with what was answered or done.
func Answer(tx *db.Tx, id string, rev int64, text string) error {
	return end(tx, id, rev, Answered, "request.answer", text, "")
}

// Done answers a client's open petition with what has just been done about it, where the actor decides on it; else it stays
// open for who does. An empty id is none. Not found: there is no such open petition of this client within reach.
func Done(tx *db.Tx, client, id, text string) error {
	if id == "" {
		return nil
	}
	p, err := Get(tx, id)
	if err == nil && (p.Client != client || p.State != Open) {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err != nil {
		return err
	}
	if may, err := MayDecide(tx, id); err != nil || !may {
		return err
	}
	return Answer(tx, id, p.Rev, text)
}

// Refuse ends a petition with a written decision: the reason, and how to appeal (703/2023 s. 11, GDPR 12.4).
func Refuse(tx *db.Tx, id string, rev int64, reason, appeal string) error {
	if strings.TrimSpace(appeal) == "" {
		return fault.Fields(map[string]string{"appeal": "petition.no_appeal"})
	}
	return end(tx, id, rev, Refused, "request.refuse", reason, strings.TrimSpace(appeal))
}

// Withdraw ends a petition that the client has taken back.
func Withdraw(tx *db.Tx, id string, rev int64, text string) error {
	return end(tx, id, rev, Withdrawn, "request.withdraw", text, "")
}

func end(tx *db.Tx, id string, rev int64, state State, verb, text, appeal string) error {
	text = strings.TrimSpace(text)
	if text == "" || len(text) > textMost {
		return fault.Fields(map[string]string{"answer": "petition.no_answer"})
	}
	return change(tx, id, rev, verb, `state = $4, answer = $5, appeal = $6, ended_on = $7, handler = $8`, string(state), text, appeal, tx.Today, tx.Who.Worker)
}

// DaysLeft until the last day to answer; negative when it has passed.
func (p Petition) DaysLeft(today civil.Date) int { return int(p.Due - today) }
