package portal

import (
	"context"
	"errors"

	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
)

const selectSession = `select s.session_id, s.client_id, s.device_id, s.seen_at, s.strong_until > $4, case when a.lang <> '' then a.lang else c.lang end
	from portal_session s
	join portal_access a on a.tenant_id = s.tenant_id and a.client_id = s.client_id and a.closed_at is null
	join portal_device d on d.tenant_id = s.tenant_id and d.device_id = s.device_id and d.client_id = s.client_id
	join client c on c.tenant_id = s.tenant_id and c.client_id = s.client_id and c.joined_to is null
	where s.token_hash = $1 and s.tenant_id = $2 and s.seen_at > $3 and s.expires_at > $4`

// Session tells whose a token is; SignIn fault portal.over when nobody's any more. It is asked on every request, so an
// access that was closed, a device that was ended or a client who was joined to another has no further page.
func (s *Service) Session(ctx context.Context, token string) (Who, error) {
	if len(token) != secretLength {
		return Who{}, fault.E(fault.SignIn, "portal.over", nil)
	}
	w := Who{Tenant: s.tenant}
	var seen, now int64
	found := false
	err := s.db.View(ctx, s.system(), func(tx *db.Tx) error {
		now = tx.At
		var err error
		found, err = tx.One(selectSession, []any{hash(token), s.tenant, now - IdleMost.Microseconds(), now}, &w.Session, &w.Client, &w.Device, &seen, &w.Strong, &w.Lang)
		return err
	})
	if err != nil {
		return Who{}, err
	}
	if !found {
		return Who{}, fault.E(fault.SignIn, "portal.over", nil)
	}
	if now-seen < seenEvery.Microseconds() {
		return w, nil
	}
	return w, s.db.Update(ctx, s.system(), func(tx *db.Tx) error {
		if _, err := tx.Exec(`update portal_device set seen_at = $3 where tenant_id = $1 and device_id = $2 and seen_at < $3`, s.tenant, w.Device, tx.At); err != nil {
			return err
		}
		_, err := tx.Exec(`update portal_session set seen_at = $2 where token_hash = $1 and seen_at < $2`, hash(token), tx.At)
		return err
	})
}

// Known tells whether a device is known: whether a PIN is worth asking for. What it says of a made-up secret is the same
// as of one that was ended.
func (s *Service) Known(ctx context.Context, deviceSecret string) (known bool, err error) {
	if len(deviceSecret) != secretLength {
		return false, nil
	}
	err = s.db.View(ctx, s.system(), func(tx *db.Tx) error {
		var t try
		known, err = tx.One(findDevice, []any{s.tenant, hash(deviceSecret), tx.At - DeviceMost.Microseconds()}, &t.client, &t.device, &t.link, &t.pin)
		return err
	})
	return known, err
}

// SignOut ends a session; forget makes the device unknown too, for one that others use. An unknown token is no error.
func (s *Service) SignOut(ctx context.Context, token string, forget bool) error {
	return s.db.Update(ctx, s.system(), func(tx *db.Tx) error {
		w := Who{Tenant: s.tenant}
		found, err := tx.One(`delete from portal_session where token_hash = $1 and tenant_id = $2 returning client_id, session_id, device_id`,
			[]any{hash(token), s.tenant}, &w.Client, &w.Session, &w.Device)
		if err != nil || !found {
			return err
		}
		tx.Who = w.Actor(tx.Who.Screen, "")
		if forget {
			if err := EndDevice(tx, w.Device); err != nil {
				return err
			}
		}
		return audit.Command(tx, w.Client, "portal.out")
	})
}

// Device is a browser that opened a link.
type Device struct {
	ID, Agent      string
	MadeAt, SeenAt int64
	Here           bool // signed in now
}

// Devices gives the participant's own devices, the one used last first.
func Devices(tx *db.Tx) ([]Device, error) {
	id, err := me(tx)
	if err != nil {
		return nil, err
	}
	tx.Saw(id)
	return devicesOf(tx, id)
}

func devicesOf(tx *db.Tx, id string) ([]Device, error) {
	var all []Device
	err := tx.Each(`select d.device_id, d.agent, d.made_at, d.seen_at, exists (select 1 from portal_session s where s.tenant_id = d.tenant_id
		and s.client_id = d.client_id and s.device_id = d.device_id and s.seen_at > $3 and s.expires_at > $4) from portal_device d
		where d.tenant_id = $1 and d.client_id = $2 order by d.seen_at desc, d.device_id`,
		[]any{tx.Who.Tenant, id, tx.At - IdleMost.Microseconds(), tx.At}, func(row func(...any) error) error {
			var d Device
			err := row(&d.ID, &d.Agent, &d.MadeAt, &d.SeenAt, &d.Here)
			all = append(all, d)
			return err
		})
	return all, err
}

// EndDevice makes one of the participant's own devices unknown and ends its sessions. Another's is not found.
func EndDevice(tx *db.Tx, device string) error {
	id, err := me(tx)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`delete from portal_device where tenant_id = $1 and client_id = $2 and device_id = $3`, tx.Who.Tenant, id, device)
	if err == nil && n == 0 {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`delete from portal_session where tenant_id = $1 and client_id = $2 and device_id = $3`, tx.Who.Tenant, id, device); err != nil {
		return err
	}
	return audit.Command(tx, id, "portal.device")
}

// SaveLang keeps the language that the participant chose.
func SaveLang(tx *db.Tx, lang string) error {
	id, err := me(tx)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`update portal_access set lang = $3 where tenant_id = $1 and client_id = $2`, tx.Who.Tenant, id, lang)
	return err
}

// ChangePIN gives the participant a PIN that only they know. The old one is asked for, and counts as a try. Other
// sessions end; w is the one that goes on.
func (s *Service) ChangePIN(ctx context.Context, w Who, old, fresh, again string) error {
	var t try
	if err := s.db.Update(ctx, s.system(), func(tx *db.Tx) error {
		t = try{client: w.Client}
		if _, err := tx.One(`select coalesce(pin, '') from portal_access where tenant_id = $1 and client_id = $2 and closed_at is null`, []any{s.tenant, w.Client}, &t.pin); err != nil {
			return err
		}
		n, err := countTry(tx, w.Client)
		t.locked = n == 0
		return err
	}); err != nil {
		return err
	}
	if err := s.verify(ctx, t, cleanPIN(old)); err != nil {
		if fault.Is(err, fault.Denied) {
			err = fault.Fields(map[string]string{"old": "portal.pin_wrong"})
		}
		return err
	}
	phc, err := s.choose(ctx, w.Client, cleanPIN(fresh), again)
	if err != nil {
		return errors.Join(err, s.db.Update(ctx, w.Actor("own page", ""), func(tx *db.Tx) error { return clearTries(tx, w.Client, t.pin) }))
	}
	return s.db.Update(ctx, w.Actor("own page", ""), func(tx *db.Tx) error {
		n, err := tx.Exec(`update portal_access set pin = $3, pin_at = $4, tries = 0 where tenant_id = $1 and client_id = $2 and pin = $5 and closed_at is null`,
			s.tenant, w.Client, phc, tx.At, t.pin)
		if err != nil || n == 0 {
			return orWrong(err)
		}
		if _, err := tx.Exec(`delete from portal_session where tenant_id = $1 and client_id = $2 and session_id <> $3`, s.tenant, w.Client, w.Session); err != nil {
			return err
		}
		return audit.Command(tx, w.Client, "portal.pin")
	})
}

func clearTries(tx *db.Tx, client, pin string) error {
	_, err := tx.Exec(`update portal_access set tries = 0 where tenant_id = $1 and client_id = $2 and pin = $3`, tx.Who.Tenant, client, pin)
	return err
}

// DropExpired deletes sessions, devices and links that have ended by themselves: the night's work.
func DropExpired(tx *db.Tx) (int64, error) {
	n, err := tx.Exec(`delete from portal_session where tenant_id = $1 and (expires_at <= $2 or seen_at <= $3)`, tx.Who.Tenant, tx.At, tx.At-IdleMost.Microseconds())
	if err != nil {
		return n, err
	}
	if _, err := tx.Exec(`delete from portal_device where tenant_id = $1 and seen_at <= $2`, tx.Who.Tenant, tx.At-DeviceMost.Microseconds()); err != nil {
		return n, err
	}
	_, err = tx.Exec(`delete from portal_link where tenant_id = $1 and until_at <= $2`, tx.Who.Tenant, tx.At-DeviceMost.Microseconds())
	return n, err
}
