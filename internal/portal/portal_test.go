package portal_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"polku/internal/actor"
	"polku/internal/caseload"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/path"
	. "polku/internal/polkutest"
	"polku/internal/portal"
	"polku/internal/seal"
	"polku/internal/unit"
)

const pin = "274951"

// in opens a client's own page and signs them in.
func in(t *testing.T, s *Sample, p *portal.Service, id string) portal.Opened {
	t.Helper()
	hash, err := p.HashPIN(id, pin)
	must(t, err)
	var token string
	must(t, s.Update(Mia, func(tx *db.Tx) error {
		var err error
		token, _, err = portal.Invite(tx, id, portal.PIN{Hash: hash})
		return err
	}))
	o, err := p.Open(context.Background(), token, pin, "", "Android", "192.0.2.1:99")
	must(t, err)
	return o
}

// A participant is nobody where workers are asked about, not even at their own id.
func TestAParticipantIsNoWorker(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		id, pathID := s.Client(t, "Virtanen", "Aino")
		me := in(t, s, portal.New(s.DB, Tenant, s.Keys), id).Who.Actor("test", "")
		must(t, s.DB.View(context.Background(), me, func(tx *db.Tx) error {
			_, err1 := client.Get(tx, id)
			_, err2 := path.Get(tx, pathID)
			_, err3 := path.OfClient(tx, id)
			_, err4 := portal.AccessOf(tx, id)
			_, err5 := client.Code(tx, s.Keys, id)
			for i, err := range []error{err1, err2, err3, err4, err5} {
				if !fault.Is(err, fault.NotFound) {
					t.Errorf("%d: %v", i+1, err)
				}
			}
			if services, err := unit.Services(tx); err != nil || len(services) > 0 {
				t.Error(services, err)
			}
			if now, offered, err := caseload.Waiting(tx); err != nil || now+offered > 0 {
				t.Error(now, offered, err)
			}
			return nil
		}))
		for what, fn := range map[string]func(tx *db.Tx) error{
			"records": func(tx *db.Tx) error {
				_, err := s.Book.Append(tx, pathID, entry.Entry{ID: "x", Day: tx.Today, Kind: entry.KindNote, Body: &entry.Note{Text: "x"}})
				return err
			},
			"invites":      func(tx *db.Tx) error { _, _, err := portal.Invite(tx, id, portal.PIN{Choose: true}); return err },
			"resets a PIN": func(tx *db.Tx) error { return portal.ResetPIN(tx, id, "") },
		} {
			if err := s.DB.Update(context.Background(), me, fn); !fault.Is(err, fault.NotFound) {
				t.Errorf("a participant %s: %v", what, err)
			}
		}
	})
}

// What is a participant's own is nobody's of the staff, nor the program's.
func TestNobodyElseIsTheParticipant(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		id, _ := s.Client(t, "Virtanen", "Aino")
		in(t, s, portal.New(s.DB, Tenant, s.Keys), id)
		for _, who := range []actor.Actor{As(Mia), As(Boss), actor.System(Tenant, actor.Checking, "test"), {Tenant: Tenant}} {
			for what, fn := range map[string]func(tx *db.Tx) error{
				"Drafts":       func(tx *db.Tx) error { _, err := portal.Drafts(tx); return err },
				"SaveDraft":    func(tx *db.Tx) error { _, err := portal.SaveDraft(tx, "", "x"); return err },
				"Send":         func(tx *db.Tx) error { _, err := portal.Send(tx, s.Book, "", "x", "y"); return err },
				"Sent":         func(tx *db.Tx) error { _, err := portal.Sent(tx); return err },
				"Devices":      func(tx *db.Tx) error { _, err := portal.Devices(tx); return err },
				"Own":          func(tx *db.Tx) error { _, err := path.Own(tx); return err },
				"OwnFirstName": func(tx *db.Tx) error { _, err := client.OwnFirstName(tx); return err },
			} {
				if err := s.DB.Update(context.Background(), who, fn); !fault.Is(err, fault.Denied) {
					t.Errorf("%s as %q: %v", what, who.Worker, err)
				}
			}
		}
	})
}

// Another's path is not written on, though its id is known.
func TestAnothersPathIsNotFound(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		id, _ := s.Client(t, "Virtanen", "Aino")
		other, otherPath := s.Client(t, "Korhonen", "Eero")
		me := in(t, s, portal.New(s.DB, Tenant, s.Keys), id).Who.Actor("test", "")
		err := s.DB.Update(context.Background(), me, func(tx *db.Tx) error {
			_, err := s.Book.AppendOwn(tx, path.Path{ID: otherPath, Client: other}, entry.Entry{ID: "x", Day: tx.Today, Kind: entry.KindNote, Body: &entry.Note{Text: "x"}})
			return err
		})
		if !fault.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
	})
}

func TestSessionsEndByThemselves(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		id, _ := s.Client(t, "Virtanen", "Aino")
		p := portal.New(s.DB, Tenant, s.Keys)
		o := in(t, s, p, id)
		at := func(d time.Duration) { w.DB.Now = func() time.Time { return Noon.Add(d) } }
		over := func(want bool) {
			t.Helper()
			if _, err := p.Session(context.Background(), o.Token); fault.Is(err, fault.SignIn) != want {
				t.Fatalf("over is not %v: %v", want, err)
			}
		}
		over(false)
		for d := 20 * time.Minute; d < portal.SessionMost; d += 20 * time.Minute { // in use
			at(d)
			over(false)
		}
		at(portal.SessionMost)
		over(true)
		o, err := p.SignIn(context.Background(), o.Secret, pin, "", "192.0.2.1")
		must(t, err)
		at(portal.SessionMost + portal.IdleMost)
		over(true)
		must(t, s.Update(Boss, func(tx *db.Tx) error { _, err := portal.DropExpired(tx); return err }))
		var sessions, devices int
		must(t, w.DB.Pool().QueryRow(`select (select count(*) from portal_session), (select count(*) from portal_device)`).Scan(&sessions, &devices))
		if sessions != 0 || devices != 1 {
			t.Error(sessions, devices)
		}
	})
}

// A PIN is compared with a key that the database does not have.
func TestPINIsWorthlessWithoutTheKey(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		id, _ := s.Client(t, "Virtanen", "Aino")
		o := in(t, s, portal.New(s.DB, Tenant, s.Keys), id)
		other, err := seal.LoadOrMake(t.TempDir())
		must(t, err)
		_, err = portal.New(s.DB, Tenant, other).SignIn(context.Background(), o.Secret, pin, "", "192.0.2.1")
		var f *fault.Error
		if !errors.As(err, &f) || f.Key != "portal.wrong" {
			t.Fatal("the right PIN fits without the key:", err)
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
