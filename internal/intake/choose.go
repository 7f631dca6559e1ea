package intake

import (
	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/referral"
	"polku/internal/secret"
)

// Invited is what somebody sees who opens the link of an invitation: times, place, and whom they meet. Not who they are:
// whoever holds the paper need not be them.
type Invited struct {
	Invitation
	WorkerName string
	UnitName   string
}

// InvitationOf gives the invitation of a secret, with the times that are still free; gone when it has been taken back or its
// last day has passed. A chosen one can be looked at until the day of the meeting.
func InvitationOf(tx *db.Tx, token string) (Invited, error) {
	var i Invited
	found := false
	err := tx.Each(`select `+inviteColumns+`, w.name, u.name from invitation i join worker w on w.tenant_id = i.tenant_id and w.worker_id = i.worker_id
		join unit u on u.tenant_id = i.tenant_id and u.unit_id = i.unit_id where i.tenant_id = $1 and i.token_hash = $2`,
		[]any{tx.Who.Tenant, secret.Hash(token)}, func(row func(...any) error) error {
			found = true
			return scanInvite(func(dest ...any) error { return row(append(dest, &i.WorkerName, &i.UnitName)...) }, &i.Invitation)
		})
	if err != nil {
		return i, err
	}
	if !found || i.State == Ended || i.Expired(tx.Today) || i.State == Chosen && i.Chosen.Day < tx.Today {
		return Invited{}, fault.E(fault.Gone, "invite.gone", nil)
	}
	if i.State == Chosen {
		return i, nil
	}
	i.Slots, err = freeSlots(tx, i.Invitation)
	return i, err
}

// freeSlots gives the times of an invitation that are still to come and free.
func freeSlots(tx *db.Tx, i Invitation) ([]Slot, error) {
	var free []Slot
	err := tx.Each(`select s.day, s.minute from invitation_slot s where s.tenant_id = $1 and s.invitation_id = $2 and s.day >= $3
		and not exists (select 1 from invitation c where c.tenant_id = $1 and c.worker_id = $4 and c.state = 'chosen' and c.day = s.day
			and c.minute < s.minute + $5 and c.minute + c.minutes > s.minute)
		and not exists (select 1 from task t where t.tenant_id = $1 and t.worker_id = $4 and t.by_day = s.day and t.minute > 0
			and t.minute < s.minute + $5 and t.minute + $6 > s.minute) order by s.day, s.minute`,
		[]any{tx.Who.Tenant, i.ID, tx.Today, i.Worker, i.Minutes, hourMost}, func(row func(...any) error) error {
			var s Slot
			err := row(&s.Day, &s.Minute)
			if err == nil && !s.past(tx) {
				free = append(free, s)
			}
			return err
		})
	return free, err
}

// Choose takes one of the times: it becomes the appointed first contact of the referral, or the booked next step of the
// path. Two people cannot have the same worker at the same time: whoever comes second gets a conflict, and the times that
// are left.
func (in *Intake) Choose(tx *db.Tx, token string, s Slot) error {
	i, err := InvitationOf(tx, token)
	if err != nil {
		return err
	}
	if i.State == Chosen {
		if i.Chosen == s {
			return nil // sent twice
		}
		return fault.E(fault.Conflict, "invite.chosen", nil)
	}
	free := false
	for _, f := range i.Slots {
		free = free || f == s
	}
	if !free {
		return fault.E(fault.Conflict, "invite.taken", nil)
	}
	n, err := tx.Exec(`update invitation set state = 'chosen', day = $3, minute = $4, answered_at = $5 where tenant_id = $1 and invitation_id = $2 and state in ('open', 'none_fits')`,
		tx.Who.Tenant, i.ID, s.Day, s.Minute, tx.At)
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.E(fault.Conflict, "invite.taken", nil)
	}
	i.Chosen = s
	if i.Path != "" {
		own := *tx // the person themselves, known by the secret of the link
		own.Who = actor.Participant(tx.Who.Tenant, i.Client, "", tx.Who.Screen, tx.Who.Request)
		if _, err := in.Book.AppendOwn(&own, path.Path{ID: i.Path}, i.meeting()); err != nil {
			return err
		}
		return audit.Command(tx, i.Client, "invitation.choose")
	}
	return answered(tx, i.Invitation, s.Day, "chosen")
}

// answered notes the answer on a referral, and when its owner has to look again. A referral that has ended meanwhile stays
// as it is.
func answered(tx *db.Tx, i Invitation, next civil.Date, how string) error {
	if _, err := tx.Exec(`update referral set promised_on = $3 where tenant_id = $1 and referral_id = $2 and state in ('waiting', 'contacted')`,
		tx.Who.Tenant, i.Referral, next); err != nil {
		return err
	}
	return referral.Note(tx, i.Referral, referral.Step{What: referral.StepAnswered, Detail: how})
}

// NoTimeFits tells the worker that none of the times suits: the owner looks at it by the next working day.
func (in *Intake) NoTimeFits(tx *db.Tx, token string) error {
	i, err := InvitationOf(tx, token)
	if err != nil {
		return err
	}
	if i.State != Open {
		return nil
	}
	if _, err := tx.Exec(`update invitation set state = 'none_fits', answered_at = $3 where tenant_id = $1 and invitation_id = $2`, tx.Who.Tenant, i.ID, tx.At); err != nil {
		return err
	}
	if i.Path == "" {
		return answered(tx, i.Invitation, in.Book.Calendar.AddWorking(tx.Today, 1), "none_fits")
	}
	return audit.Command(tx, i.Client, "invitation.none_fits")
}

// meeting is the chosen time as an entry: a booked contact, which is a next step.
func (i Invitation) meeting() entry.Entry {
	mode := entry.OnSite
	if i.Form == entry.FormCall {
		mode = entry.Phone
	}
	return entry.Entry{ID: ident.Of(i.ID, "chosen"), Day: i.Chosen.Day, Minute: i.Chosen.Minute, Kind: entry.KindContact, Minutes: i.Minutes, Mode: mode,
		Body: &entry.Contact{Form: i.Form, Result: entry.Booked, Text: i.Place}}
}

// moveMeeting ties the invitations of a referral to the path that began; a chosen time that is still to come becomes a booked
// meeting of the path.
func moveMeeting(tx *db.Tx, book *path.Book, r referral.Referral, pathID string) error {
	i, found, err := OfReferral(tx, r.ID)
	if err != nil || !found {
		return err
	}
	p, err := path.Get(tx, pathID)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`update invitation set client_id = $3, path_id = $4 where tenant_id = $1 and referral_id = $2`, tx.Who.Tenant, r.ID, p.Client, pathID); err != nil {
		return err
	}
	if i.State != Chosen || i.Chosen.past(tx) {
		return nil
	}
	_, err = book.Append(tx, pathID, i.meeting())
	return err
}
