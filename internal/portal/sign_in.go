package portal

import (
	"context"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/login"
)

// Opened is what the browser keeps after a sign-in, in two cookies and nowhere else.
type Opened struct {
	Token  string // of the session
	Secret string // of the device; empty: it has it already
	Who    Who
}

// try is a sign-in under way: whose access it is about, and what is kept of their PIN.
type try struct {
	client string // empty: nobody's, which the person is not told
	device string // empty: by link
	link   string
	pin    string // PHC string; empty: it is chosen now
	locked bool
}

// wrong answers whoever has no link, an old one, another's, or the wrong PIN: always the same.
var wrong error = fault.E(fault.Denied, "portal.wrong", nil)

const (
	findLink = `select l.client_id, '', l.link_id, coalesce(a.pin, '') from portal_link l
		join portal_access a on a.tenant_id = l.tenant_id and a.client_id = l.client_id and a.closed_at is null
		join client c on c.tenant_id = l.tenant_id and c.client_id = l.client_id and c.joined_to is null
		where l.tenant_id = $1 and l.token_hash = $2 and l.used_at is null and l.ended_at is null and l.until_at > $3`
	findDevice = `select d.client_id, d.device_id, '', coalesce(a.pin, '') from portal_device d
		join portal_access a on a.tenant_id = d.tenant_id and a.client_id = d.client_id and a.closed_at is null and a.pin is not null
		join client c on c.tenant_id = d.tenant_id and c.client_id = d.client_id and c.joined_to is null
		where d.tenant_id = $1 and d.secret_hash = $2 and d.seen_at > $3`
)

// Chooses tells whether whoever opens this link chooses their PIN now. Any other link, and a made-up one, asks for one.
func (s *Service) Chooses(ctx context.Context, token string) (bool, error) {
	var t try
	err := s.db.View(ctx, s.system(), func(tx *db.Tx) error {
		_, err := tx.One(findLink, []any{s.tenant, login.CodeHash(token), tx.At}, &t.client, &t.device, &t.link, &t.pin)
		return err
	})
	return t.client != "" && t.pin == "", err
}

// Open uses a link: with the PIN agreed face to face, or with one that is chosen now, typed twice (again). The browser
// becomes a known device. Faults: Denied portal.wrong, Denied portal.locked, Invalid with fields pin and again,
// Unavailable login.wait.
func (s *Service) Open(ctx context.Context, token, pin, again, agent, remote string) (Opened, error) {
	pin = cleanPIN(pin)
	giveBack, err := s.byAddress.Try(login.Source(remote), s.db.Now())
	if err != nil {
		return Opened{}, err
	}
	t, err := s.count(ctx, findLink, login.CodeHash(token), 0)
	if err != nil {
		return Opened{}, err
	}
	chosen := ""
	if t.client != "" && t.pin == "" {
		if chosen, err = s.choose(ctx, t.client, pin, again); err != nil {
			return Opened{}, err
		}
	} else if err := s.verify(ctx, t, pin); err != nil {
		return Opened{}, err
	}
	giveBack()
	return s.begin(ctx, t, chosen, agent)
}

// SignIn lets a known device in with the PIN. Faults as Open's.
func (s *Service) SignIn(ctx context.Context, deviceSecret, pin, agent, remote string) (Opened, error) {
	giveBack, err := s.byAddress.Try(login.Source(remote), s.db.Now())
	if err != nil {
		return Opened{}, err
	}
	t, err := s.count(ctx, findDevice, hash(deviceSecret), DeviceMost.Microseconds())
	if err != nil {
		return Opened{}, err
	}
	if err := s.verify(ctx, t, cleanPIN(pin)); err != nil {
		return Opened{}, err
	}
	giveBack()
	return s.begin(ctx, t, "", agent)
}

// count finds whose secret it is and counts a try before it is known whether the PIN is right: a hundred guesses at
// once are a hundred tries. back is how long ago the row may have been used last.
func (s *Service) count(ctx context.Context, find string, hash []byte, back int64) (t try, err error) {
	err = s.db.Update(ctx, s.system(), func(tx *db.Tx) error {
		t = try{}
		found, err := tx.One(find, []any{s.tenant, hash, tx.At - back}, &t.client, &t.device, &t.link, &t.pin)
		if err != nil || !found || t.pin == "" {
			return err
		}
		n, err := countTry(tx, t.client)
		t.locked = n == 0
		return err
	})
	return t, err
}

func countTry(tx *db.Tx, client string) (int64, error) {
	return tx.Exec(`update portal_access set tries = tries + 1, tried_at = $3 where tenant_id = $1 and client_id = $2 and tries < $4`,
		tx.Who.Tenant, client, tx.At, TriesMost)
}

// verify compares the PIN. Nobody's takes as long as somebody's.
func (s *Service) verify(ctx context.Context, t try, pin string) error {
	if t.client == "" || t.pin == "" || t.locked {
		if err := login.Waste(ctx, pin); err != nil {
			return err
		}
		if t.locked {
			return fault.E(fault.Denied, "portal.locked", nil)
		}
		return wrong
	}
	right, err := login.Verify(ctx, t.pin, s.keyed(t.client, pin))
	if err != nil || right {
		return err
	}
	var locked bool
	who := s.system()
	who.Worker = actor.ParticipantWorker
	err = s.db.Update(ctx, who, func(tx *db.Tx) error {
		if _, err := tx.One(`select tries >= $3 from portal_access where tenant_id = $1 and client_id = $2`, []any{s.tenant, t.client, TriesMost}, &locked); err != nil {
			return err
		}
		return audit.Command(tx, t.client, "portal.wrong")
	})
	if err == nil && locked {
		return fault.E(fault.Denied, "portal.locked", nil)
	}
	if err == nil {
		err = wrong
	}
	return err
}

// choose checks a PIN that is chosen now and gives its hash.
func (s *Service) choose(ctx context.Context, client, pin, again string) (string, error) {
	var born civil.Date
	if err := s.db.View(ctx, s.system(), func(tx *db.Tx) error {
		var err error
		born, err = bornOn(tx, client)
		return err
	}); err != nil {
		return "", err
	}
	if key := checkPIN(pin, born); key != "" {
		return "", fault.Fields(map[string]string{"pin": key})
	}
	if cleanPIN(again) != pin {
		return "", fault.Fields(map[string]string{"again": "portal.pin_not_same"})
	}
	return s.HashPIN(client, pin)
}

// begin uses the link up, makes the device known and begins a session. chosen is the hash of a PIN chosen now.
func (s *Service) begin(ctx context.Context, t try, chosen, agent string) (Opened, error) {
	var o Opened
	err := s.db.Update(ctx, s.system(), func(tx *db.Tx) error {
		o = Opened{Token: secret(), Who: Who{Tenant: s.tenant, Client: t.client, Session: ident.New(), Device: t.device}}
		tx.Who = o.Who.Actor(tx.Who.Screen, "")
		// Whoever was faster with the same link, or reset the PIN meanwhile, wins.
		n, err := tx.Exec(`update portal_access set tries = 0, pin = coalesce($3, pin), pin_at = case when $3 is null then pin_at else $4 end
			where tenant_id = $1 and client_id = $2 and closed_at is null and coalesce(pin, '') = $5`, s.tenant, t.client, db.NullText(chosen), tx.At, t.pin)
		if err != nil || n == 0 {
			return orWrong(err)
		}
		if t.link != "" {
			n, err := tx.Exec(`update portal_link set used_at = $3 where tenant_id = $1 and link_id = $2 and used_at is null and ended_at is null`, s.tenant, t.link, tx.At)
			if err != nil || n == 0 {
				return orWrong(err)
			}
			if err := o.newDevice(tx, agent); err != nil {
				return err
			}
		} else if n, err := tx.Exec(`update portal_device set seen_at = $3 where tenant_id = $1 and device_id = $2`, s.tenant, t.device, tx.At); err != nil || n == 0 {
			return orWrong(err)
		}
		if err := o.session(tx); err != nil {
			return err
		}
		return audit.Command(tx, t.client, "portal.in")
	})
	if err != nil {
		return Opened{}, err
	}
	return o, nil
}

// newDevice makes the browser a known device.
func (o *Opened) newDevice(tx *db.Tx, agent string) error {
	o.Secret, o.Who.Device = secret(), ident.New()
	_, err := tx.Exec(`insert into portal_device (tenant_id, device_id, client_id, secret_hash, agent, made_at, seen_at) values ($1, $2, $3, $4, $5, $6, $6)`,
		tx.Who.Tenant, o.Who.Device, o.Who.Client, hash(o.Secret), login.Cut(agent, 200), tx.At)
	return err
}

// session begins the session.
func (o *Opened) session(tx *db.Tx) error {
	_, err := tx.Exec(`insert into portal_session (token_hash, tenant_id, client_id, device_id, session_id, created_at, seen_at, expires_at, strong_until)
		values ($1, $2, $3, $4, $5, $6, $6, $7, 0)`, hash(o.Token), tx.Who.Tenant, o.Who.Client, o.Who.Device, o.Who.Session, tx.At, tx.At+SessionMost.Microseconds())
	return err
}

func orWrong(err error) error { return or(err, wrong) }

// or gives an error, or else another one.
func or(err, other error) error {
	if err == nil {
		return other
	}
	return err
}
