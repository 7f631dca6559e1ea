package intake

import (
	"cmp"
	"slices"

	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/fold"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/referral"
	"polku/internal/secret"
	"polku/internal/unit"
)

// Slot is a time that is offered.
type Slot struct {
	Day    civil.Date
	Minute int // of the day
}

// past tells whether a slot has begun.
func (s Slot) past(tx *db.Tx) bool {
	return s.Day < tx.Today || s.Day == tx.Today && s.Minute <= tx.Minute()
}

// Answer to an invitation.
type Answer string

// The answers.
const (
	Open     Answer = "open"      // not answered
	Chosen   Answer = "chosen"    // a time was chosen
	NoneFits Answer = "none_fits" // no time suits, another way is asked for
	Ended    Answer = "ended"     // a newer one took its place, or somebody ended it
)

// Invitation to choose the time of a first meeting.
type Invitation struct {
	ID             string
	Referral, Path string // of one of these
	Client         string // whose path it is, once there is one
	Register, Unit string
	Worker         string // whom the person meets
	Form           entry.Form
	Place          string
	Minutes        int
	Slots          []Slot
	RemindOn       civil.Date // an unanswered one comes up on this day
	Until          civil.Date // last day to choose
	State          Answer
	Chosen         Slot
}

// Expired tells whether nobody can choose any more.
func (i Invitation) Expired(today civil.Date) bool { return i.State == Open && i.Until < today }

// slotsMost is how many times one invitation offers at most.
const slotsMost = 20

// Invite offers times to somebody who waits, or on a path, and gives the secret of the link by which they choose; it is
// shown once and kept nowhere. An earlier invitation that nobody has answered ends. The unanswered one comes up on the day of
// the reminder: by then the owner has promised to look. Wrong fields: worker, slots, minutes, until, remind.
func (in *Intake) Invite(tx *db.Tx, i Invitation) (id, token string, err error) {
	if i.Referral != "" {
		r, err := referral.Get(tx, i.Referral)
		if err != nil {
			return "", "", err
		}
		if !r.State.Open() {
			return "", "", fault.E(fault.Gone, "refer.ended", nil)
		}
		i.Client, i.Path, i.Register, i.Unit = r.Client, "", r.Register, r.Unit
	} else {
		p, err := path.Get(tx, i.Path)
		if err != nil {
			return "", "", err
		}
		i.Client, i.Register, i.Unit = p.Client, p.Register, p.Unit
	}
	if err := i.check(tx); err != nil {
		return "", "", err
	}
	if err := unit.MustTakeCases(tx, i.Worker, i.Register); err != nil {
		return "", "", err
	}
	for _, s := range i.Slots {
		if taken, err := busy(tx, i.Worker, s, i.Minutes); err != nil {
			return "", "", err
		} else if taken {
			return "", "", fault.Fields(map[string]string{"slots": "invite.busy"})
		}
	}
	if _, err := tx.Exec(`update invitation set state = 'ended' where tenant_id = $1 and state = 'open' and (referral_id = $2 and referral_id <> '' or path_id = $3 and path_id <> '')`,
		tx.Who.Tenant, i.Referral, i.Path); err != nil {
		return "", "", err
	}
	i.ID, token = ident.New(), secret.Code()
	if _, err := tx.Exec(`insert into invitation (tenant_id, invitation_id, referral_id, client_id, path_id, register_id, unit_id, worker_id, form, place, minutes,
		token_hash, made_at, remind_on, until_on, state) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'open')`,
		tx.Who.Tenant, i.ID, i.Referral, i.Client, i.Path, i.Register, i.Unit, i.Worker, string(i.Form), i.Place, i.Minutes,
		secret.Hash(token), tx.At, i.RemindOn, i.Until); err != nil {
		return "", "", err
	}
	for _, s := range i.Slots {
		if _, err := tx.Exec(`insert into invitation_slot (tenant_id, invitation_id, day, minute) values ($1, $2, $3, $4) on conflict do nothing`,
			tx.Who.Tenant, i.ID, s.Day, s.Minute); err != nil {
			return "", "", err
		}
	}
	if i.Referral == "" {
		return i.ID, token, audit.Command(tx, i.Client, "invitation.make")
	}
	if err := referral.Promise(tx, i.Referral, i.RemindOn); err != nil {
		return "", "", err
	}
	return i.ID, token, referral.Note(tx, i.Referral, referral.Step{What: referral.StepInvited, Detail: i.Until.String()})
}

func (i *Invitation) check(tx *db.Tx) error {
	wrong := map[string]string{}
	i.Form = cmp.Or(i.Form, entry.FormMeeting)
	i.Place = fold.Cut(i.Place, 300)
	slices.SortFunc(i.Slots, func(a, b Slot) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Minute, b.Minute)) })
	i.Slots = slices.Compact(i.Slots)
	switch {
	case len(i.Slots) == 0:
		wrong["slots"] = "invite.no_slots"
	case len(i.Slots) > slotsMost:
		wrong["slots"] = "invite.many_slots"
	case slices.ContainsFunc(i.Slots, func(s Slot) bool { return s.past(tx) || s.Minute < 1 || s.Minute >= 24*60 || s.Day > tx.Today+200 }):
		wrong["slots"] = "invite.past_slot"
	}
	if i.Minutes < 5 || i.Minutes > 8*60 {
		wrong["minutes"] = "record.bad_minutes"
	}
	if i.Until < tx.Today || i.Until > tx.Today+120 {
		wrong["until"] = "invite.until"
	}
	if i.RemindOn < tx.Today || i.RemindOn > i.Until+1 {
		wrong["remind"] = "invite.remind"
	}
	return fault.Fields(wrong)
}

// hourMost is how long a booked meeting is taken to last whose length nobody has told.
const hourMost = 60

// busy tells whether a worker has something at a time: a chosen invitation, or a booked meeting on a path.
func busy(tx *db.Tx, worker string, s Slot, minutes int) (bool, error) {
	var one int
	found, err := tx.One(`select 1 from invitation where tenant_id = $1 and worker_id = $2 and state = 'chosen' and day = $3 and minute < $4 and minute + minutes > $5
		union all select 1 from task where tenant_id = $1 and worker_id = $2 and by_day = $3 and minute > 0 and minute < $4 and minute + $6 > $5 limit 1`,
		[]any{tx.Who.Tenant, worker, s.Day, s.Minute + minutes, s.Minute, hourMost}, &one)
	return found, err
}

// Free proposes times when a worker has nothing else: at full hours of working days from nine to three, from tomorrow on, at
// most as many as one invitation offers.
func (in *Intake) Free(tx *db.Tx, worker string, minutes int) ([]Slot, error) {
	taken := map[Slot]bool{}
	last := in.Book.Calendar.AddWorking(tx.Today, 6)
	if err := tx.Each(`select day, minute, minutes from invitation where tenant_id = $1 and worker_id = $2 and state = 'chosen' and day between $3 and $4
		union all select by_day, minute, $5 from task where tenant_id = $1 and worker_id = $2 and minute > 0 and by_day between $3 and $4`,
		[]any{tx.Who.Tenant, worker, tx.Today, last, int64(hourMost)}, func(row func(...any) error) error {
			var day civil.Date
			var minute, long int
			if err := row(&day, &minute, &long); err != nil {
				return err
			}
			for at := 9 * 60; at < 15*60; at += 60 {
				if minute < at+minutes && minute+long > at {
					taken[Slot{day, at}] = true
				}
			}
			return nil
		}); err != nil {
		return nil, err
	}
	var free []Slot
	for day := in.Book.Calendar.AddWorking(tx.Today, 1); day <= last && len(free) < slotsMost; day = in.Book.Calendar.AddWorking(day, 1) {
		for at := 9 * 60; at < 15*60 && len(free) < slotsMost; at += 60 {
			if at != 11*60 && !taken[Slot{day, at}] { // lunch
				free = append(free, Slot{day, at})
			}
		}
	}
	return free, nil
}

const inviteColumns = `i.invitation_id, i.referral_id, i.path_id, i.client_id, i.register_id, i.unit_id, i.worker_id, i.form, i.place, i.minutes, i.remind_on,
	i.until_on, i.state, i.day, coalesce(i.minute, 0)`

func scanInvite(row func(...any) error, i *Invitation) error {
	return row(&i.ID, &i.Referral, &i.Path, &i.Client, &i.Register, &i.Unit, &i.Worker, (*string)(&i.Form), &i.Place, &i.Minutes, &i.RemindOn,
		&i.Until, (*string)(&i.State), &i.Chosen.Day, &i.Chosen.Minute)
}

// OfReferral gives the newest invitation of a referral that the caller has got; false when there is none.
func OfReferral(tx *db.Tx, id string) (i Invitation, found bool, err error) {
	err = tx.Each(`select `+inviteColumns+` from invitation i where i.tenant_id = $1 and i.referral_id = $2 and i.state <> 'ended' order by i.made_at desc, i.invitation_id desc limit 1`,
		[]any{tx.Who.Tenant, id}, func(row func(...any) error) error {
			found = true
			return scanInvite(row, &i)
		})
	return i, found, err
}

// OfReferrals gives the newest invitation of each of some referrals, for a list of at most a page.
func OfReferrals(tx *db.Tx, unitIDs map[string]bool) (map[string]Invitation, error) {
	all := map[string]Invitation{}
	if len(unitIDs) == 0 {
		return all, nil
	}
	err := tx.Each(`select `+inviteColumns+` from invitation i join referral r on r.tenant_id = i.tenant_id and r.referral_id = i.referral_id
		where i.tenant_id = $1 and i.referral_id <> '' and i.state <> 'ended' and r.state in ('waiting', 'contacted') order by i.made_at, i.invitation_id`,
		[]any{tx.Who.Tenant}, func(row func(...any) error) error {
			var i Invitation
			err := scanInvite(row, &i)
			if unitIDs[i.Unit] {
				all[i.Referral] = i
			}
			return err
		})
	return all, err
}

// Unanswered gives the invitations on paths whose reminder day has come and that nobody has answered, of the actor's own
// meetings, at most limit: those of referrals come up by their promised day.
func Unanswered(tx *db.Tx, limit int) ([]Invitation, error) {
	var all []Invitation
	err := tx.Each(`select `+inviteColumns+` from invitation i where i.tenant_id = $1 and i.worker_id = $2 and i.path_id <> '' and i.state = 'open' and i.remind_on <= $3
		order by i.remind_on, i.invitation_id limit $4`, []any{tx.Who.Tenant, tx.Who.Worker, tx.Today, limit}, func(row func(...any) error) error {
		all = append(all, Invitation{})
		return scanInvite(row, &all[len(all)-1])
	})
	for _, i := range all {
		tx.Saw(i.Client)
	}
	return all, err
}

// EndInvitation takes an unanswered invitation back.
func EndInvitation(tx *db.Tx, id string) error {
	var i Invitation
	found := false
	err := tx.Each(`select `+inviteColumns+` from invitation i where i.tenant_id = $1 and i.invitation_id = $2`, []any{tx.Who.Tenant, id}, func(row func(...any) error) error {
		found = true
		return scanInvite(row, &i)
	})
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err == nil && i.Referral != "" {
		_, err = referral.Get(tx, i.Referral)
	} else if err == nil {
		err = client.Must(tx, i.Client)
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`update invitation set state = 'ended' where tenant_id = $1 and invitation_id = $2 and state in ('open', 'none_fits')`, tx.Who.Tenant, id); err != nil {
		return err
	}
	return audit.Command(tx, cmp.Or(i.Client, i.Referral), "invitation.end")
}
