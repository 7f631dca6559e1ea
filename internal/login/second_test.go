package login

import (
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"polku/internal/actor"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/polkutest"
	"polku/internal/unit"
)

// at lets the clock of a world be moved, and gives how.
func at(w *polkutest.World) func(time.Duration) {
	now := polkutest.Noon
	w.DB.Now = func() time.Time { return now }
	return func(d time.Duration) { now = now.Add(d) }
}

// enter signs in and gives who is signed in.
func enter(t *testing.T, s *Service, password string) (string, Who) {
	t.Helper()
	token, _, err := signIn(s, "mia", password, "", "192.0.2.1")
	must(t, err)
	who, err := s.Session(ctx, token, Visit{})
	must(t, err)
	return token, who
}

// withGenerator gives Mia a code generator in use, and what tells its codes.
func withGenerator(t *testing.T, s *Service) (code func() string) {
	t.Helper()
	_, who := enter(t, s, good)
	g, err := s.NewGenerator(ctx, who)
	must(t, err)
	if !strings.HasPrefix(g.QR, "data:image/png;base64,") || len(strings.Fields(g.Secret)) != 8 {
		t.Fatalf("%.60s %q", g.QR, g.Secret)
	}
	code = func() string {
		c, err := totp.GenerateCode(strings.ReplaceAll(g.Secret, " ", ""), s.db.Now())
		must(t, err)
		return c
	}
	if _, err := s.ConfirmGenerator(ctx, who, code()); err != nil {
		t.Fatal(err)
	}
	return code
}

func TestCodeAfterPassword(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s, sample := miaSignsIn(t, w)
		s.Keys = sample.Keys
		pass := at(w)
		code := withGenerator(t, s)
		in, err := s.SignIn(ctx, "mia", good, Visit{})
		must(t, err)
		if in.Token != "" || in.Step == "" {
			t.Fatal("a password alone was enough:", in)
		}
		_, err = s.Second(ctx, in.Step, code(), Visit{})
		wantKind(t, err, fault.Denied, "login.code_not_right") // the code that confirmed the generator is used
		pass(31 * time.Second)
		fresh := code()
		got, err := s.Second(ctx, in.Step, fresh, Visit{})
		must(t, err)
		who, err := s.Session(ctx, got.Token, Visit{})
		must(t, err)
		if who.Level != 2 || who.Means != MeansPassword {
			t.Fatalf("%+v", who)
		}
		_, err = s.Second(ctx, in.Step, fresh, Visit{})
		wantKind(t, err, fault.Invalid, "login.step_over") // the step is used
		in, err = s.SignIn(ctx, "mia", good, Visit{})
		must(t, err)
		_, err = s.Second(ctx, in.Step, fresh, Visit{})
		wantKind(t, err, fault.Denied, "login.code_not_right") // the same code, overheard
		for range stepTries - 1 {
			_, err = s.Second(ctx, in.Step, "000000", Visit{})
			wantKind(t, err, fault.Denied, "login.code_not_right")
		}
		pass(31 * time.Second)
		_, err = s.Second(ctx, in.Step, code(), Visit{})
		wantKind(t, err, fault.Invalid, "login.step_over") // five tries, then from the start
		in, err = s.SignIn(ctx, "mia", good, Visit{})
		must(t, err)
		pass(stepLife)
		_, err = s.Second(ctx, in.Step, code(), Visit{})
		wantKind(t, err, fault.Invalid, "login.step_over")
	})
}

// Codes can be guessed for as long as a wrong password could: the limit counts them by worker, whatever the address.
func TestGuessedCodesAreLimited(t *testing.T) {
	w := polkutest.New(t, t.TempDir())
	s, sample := miaSignsIn(t, w)
	s.Keys = sample.Keys
	at(w)
	withGenerator(t, s)
	var err error
	for range 3 * nameBurst {
		var in Entered
		in, err = s.SignIn(ctx, "mia", good, Visit{Remote: "192.0.2.7"})
		must(t, err)
		if _, err = s.Second(ctx, in.Step, "000000", Visit{Remote: "192.0.2.8"}); fault.Is(err, fault.Unavailable) {
			break
		}
	}
	wantKind(t, err, fault.Unavailable, "login.wait")
}

func TestRecoveryCodesDoOnce(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s, sample := miaSignsIn(t, w)
		s.Keys = sample.Keys
		pass := at(w)
		code := withGenerator(t, s)
		pass(31 * time.Second)
		in, err := s.SignIn(ctx, "mia", good, Visit{})
		must(t, err)
		in, err = s.Second(ctx, in.Step, code(), Visit{})
		must(t, err)
		who, err := s.Session(ctx, in.Token, Visit{})
		must(t, err)
		codes, err := s.NewRecoveryCodes(ctx, who)
		must(t, err)
		for i, want := range []bool{true, false} {
			in, err := s.SignIn(ctx, "mia", good, Visit{})
			must(t, err)
			_, err = s.Second(ctx, in.Step, strings.ToUpper(codes[3]), Visit{})
			if (err == nil) != want {
				t.Errorf("use %d of one code: %v", i+1, err)
			}
		}
		var kept []byte
		must(t, sample.View(polkutest.Boss, func(tx *db.Tx) error {
			has, err := SecondOf(tx, polkutest.Mia)
			if has.Recovery != recoveryCodes-1 || !has.TOTP || !has.Password {
				t.Errorf("%+v", has)
			}
			if err == nil {
				_, err = tx.One(`select secret from totp`, nil, &kept)
			}
			return err
		}))
		if strings.Contains(string(kept), strings.ReplaceAll(codes[0], "-", "")) || len(kept) < 40 {
			t.Error("the secret of the generator stands open in the database")
		}
		if _, err := s.NewRecoveryCodes(ctx, who); err != nil {
			t.Fatal(err)
		}
		in, err = s.SignIn(ctx, "mia", good, Visit{})
		must(t, err)
		_, err = s.Second(ctx, in.Step, codes[5], Visit{})
		wantKind(t, err, fault.Denied, "login.code_not_right") // new ones make the old ones void
	})
}

// Where two factors are asked for, one of them leads nowhere but to setting up the other; and that gives another token.
func TestOneFactorLeadsToTheSecond(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s, sample := miaSignsIn(t, w)
		s.Keys = sample.Keys
		pass := at(w)
		_, who := enter(t, s, good)
		if who.MustSetUp {
			t.Fatal("nobody asked for a second factor")
		}
		must(t, sample.Update(polkutest.Boss, func(tx *db.Tx) error { return s.SetAsksSecond(tx, true) }))
		token, who := enter(t, s, good)
		if !who.MustSetUp || who.Level != 1 {
			t.Fatalf("%+v", who)
		}
		g, err := s.NewGenerator(ctx, who)
		must(t, err)
		code, err := totp.GenerateCode(strings.ReplaceAll(g.Secret, " ", ""), w.DB.Now())
		must(t, err)
		_, err = s.ConfirmGenerator(ctx, who, "000000")
		wantFields(t, err, map[string]string{"code": "login.code_not_right"})
		raised, err := s.ConfirmGenerator(ctx, who, code)
		must(t, err)
		wantKind(t, second(s.Session(ctx, token, Visit{})), fault.SignIn, "login.session_over")
		who, err = s.Session(ctx, raised, Visit{})
		must(t, err)
		if who.MustSetUp || who.Level != 2 {
			t.Fatalf("%+v", who)
		}
		wantKind(t, s.DropGenerator(ctx, who), fault.Conflict, "login.last_factor")
		pass(ProofLife)
		who, err = s.Session(ctx, raised, Visit{})
		must(t, err)
		_, err = s.NewRecoveryCodes(ctx, who)
		wantKind(t, err, fault.Denied, ProveAgain) // an open machine is not enough
		wantKind(t, sample.Update(polkutest.Joni, func(tx *db.Tx) error { return s.SetAsksSecond(tx, false) }), fault.Denied, "error.denied")
	})
}

// A session is worth nothing on another device or in another kind of browser; a new version of the browser is no other.
func TestSessionsAreBoundToTheirDevice(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s, sample := miaSignsIn(t, w)
		here := Visit{Device: NewDevice(), Agent: "Mozilla/5.0 (Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0", Remote: "198.51.100.77:4711"}
		in, err := s.SignIn(ctx, "mia", good, here)
		must(t, err)
		newer, other, away := here, here, here
		newer.Agent = "Mozilla/5.0 (Windows NT 10.0; rv:141.0) Gecko/20100101 Firefox/141.0"
		newer.Remote = "203.0.113.5"
		other.Agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0 Safari/537.36"
		away.Device = NewDevice()
		if _, err := s.Session(ctx, in.Token, newer); err != nil {
			t.Error("a newer browser on another network is thrown out:", err)
		}
		wantKind(t, second(s.Session(ctx, in.Token, other)), fault.SignIn, "login.session_over")
		wantKind(t, second(s.Session(ctx, in.Token, away)), fault.SignIn, "login.session_over")
		must(t, sample.View(polkutest.Mia, func(tx *db.Tx) error {
			list, err := Sessions(tx, polkutest.Mia)
			if len(list) != 1 || list[0].Family != "Firefox, Windows" || list[0].Place != "198.51.100.x" || list[0].Means != MeansPassword {
				t.Errorf("%+v", list)
			}
			return err
		}))
		wantKind(t, sample.View(polkutest.Joni, func(tx *db.Tx) error { return second(Sessions(tx, polkutest.Mia)) }), fault.Denied, "error.denied")
		wantKind(t, sample.Update(polkutest.Joni, func(tx *db.Tx) error { return EndOthers(tx, polkutest.Mia) }), fault.Denied, "error.denied")
		must(t, sample.Update(polkutest.Boss, func(tx *db.Tx) error { return EndOthers(tx, polkutest.Mia) }))
		wantKind(t, second(s.Session(ctx, in.Token, here)), fault.SignIn, "login.session_over")
	})
}

func TestPlacesTellNoHousehold(t *testing.T) {
	for remote, want := range map[string]string{"203.0.113.77:443": "203.0.113.x", "203.0.113.77": "203.0.113.x", "127.0.0.1:1": PlaceHere, "[::1]:1": PlaceHere, "10.2.3.4": PlaceInside,
		"192.168.1.9": PlaceInside, "[2001:db8:1234:5678::1]:443": "2001:db8:1234::x", "::ffff:203.0.113.9": "203.0.113.x", "": "", "unknown": "", "fe80::1": PlaceInside} {
		if got := place(remote); got != want {
			t.Errorf("%q: %q, want %q", remote, got, want)
		}
	}
}

// A code lets in whoever lost everything else; the old ways are void only then. Nobody makes one for themselves.
func TestResetOfAWorker(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s, sample := miaSignsIn(t, w)
		pass := at(w)
		make := func(who, worker string) (code string, r Reset, err error) {
			err = sample.Update(who, func(tx *db.Tx) error { code, r, err = MakeReset(tx, worker); return err })
			return code, r, err
		}
		_, _, err := make(polkutest.Joni, polkutest.Mia)
		wantKind(t, err, fault.Denied, "error.denied")
		_, _, err = make(polkutest.Boss, polkutest.Boss)
		wantKind(t, err, fault.Invalid, "reset.not_yourself")
		void, _, err := make(polkutest.Boss, polkutest.Mia)
		must(t, err)
		code, r, err := make(polkutest.Boss, polkutest.Mia)
		must(t, err)
		if r.Second != SecondNobody || r.Waits(w.DB.Now().UnixMicro()) {
			t.Fatalf("%+v", r)
		}
		token, who := enter(t, s, good)
		if who.Reset != r.ID {
			t.Error("she is not told of it on her pages")
		}
		_, err = s.UseReset(ctx, void, "seitsemän vihreää suota", Visit{})
		wantFields(t, err, map[string]string{"code": "reset.unknown"})
		_, err = s.UseReset(ctx, code, "lyhyt", Visit{})
		wantFields(t, err, map[string]string{"password": "login.password_short"})
		in, err := s.UseReset(ctx, " "+strings.ToUpper(code), "seitsemän vihreää suota", Visit{})
		must(t, err)
		wantKind(t, second(s.Session(ctx, token, Visit{})), fault.SignIn, "login.session_over")
		if who, err = s.Session(ctx, in.Token, Visit{}); err != nil || who.Means != MeansReset || who.Level != 1 || who.Reset != "" {
			t.Fatalf("%+v %v", who, err)
		}
		_, err = s.UseReset(ctx, code, "kahdeksan vihreää suota", Visit{})
		wantFields(t, err, map[string]string{"code": "reset.unknown"})
		late, _, err := make(polkutest.Boss, polkutest.Mia)
		must(t, err)
		pass(ResetLife)
		_, err = s.UseReset(ctx, late, "kahdeksan vihreää suota", Visit{})
		wantFields(t, err, map[string]string{"code": "reset.unknown"})
	})
}

// About an administrator two people are asked: another administrator, or time where there is none.
func TestResetOfAnAdministrator(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s, sample := miaSignsIn(t, w)
		pass := at(w)
		const paula, pekka = "worker-paula", "worker-pekka"
		add := func(id string) {
			must(t, sample.Update(polkutest.Boss, func(tx *db.Tx) error {
				_, err := unit.AddWorker(tx, unit.Worker{ID: id, Username: id, Name: "Pääkäyttäjä " + id, Admin: true})
				return err
			}))
		}
		as := func(id string, fn func(tx *db.Tx) error) error {
			who := polkutest.As(id)
			who.Admin = true
			return w.DB.Update(ctx, who, fn)
		}
		add(paula)
		var code string
		var r Reset
		ask := func() {
			must(t, sample.Update(polkutest.Boss, func(tx *db.Tx) (err error) { code, r, err = MakeReset(tx, paula); return err }))
		}
		ask()
		if r.Second != SecondDelay {
			t.Fatalf("with nobody to ask: %+v", r)
		}
		_, err := s.UseReset(ctx, code, "seitsemän vihreää suota", Visit{})
		wantFields(t, err, map[string]string{"code": "reset.waits"})
		// Joni is the duty worker of a unit: he is told, and may stop it.
		must(t, w.DB.Update(ctx, actor.System(polkutest.Tenant, actor.Admin, "test"), func(tx *db.Tx) error {
			phc, err := Hash(good)
			if err == nil {
				err = keep(tx, polkutest.Joni, phc)
			}
			return err
		}))
		token, _, err := signIn(s, "joni", good, "", "")
		must(t, err)
		if who, err := s.Session(ctx, token, Visit{}); err != nil || who.Reset != r.ID {
			t.Errorf("the duty worker is not told: %+v %v", who, err)
		}
		_, mia := enter(t, s, good)
		if mia.Reset != "" {
			t.Error("somebody whom it is no business of is told")
		}
		wantKind(t, sample.Update(polkutest.Mia, func(tx *db.Tx) error { return StopReset(tx, r.ID) }), fault.NotFound, "error.not_found")
		must(t, sample.Update(polkutest.Joni, func(tx *db.Tx) error { return StopReset(tx, r.ID) }))
		pass(ResetDelay)
		_, err = s.UseReset(ctx, code, "seitsemän vihreää suota", Visit{})
		wantFields(t, err, map[string]string{"code": "reset.unknown"})
		ask()
		pass(ResetDelay)
		if _, err = s.UseReset(ctx, code, "seitsemän vihreää suota", Visit{}); err != nil {
			t.Fatal("after the delay nobody stopped it:", err)
		}
		add(pekka)
		ask()
		if r.Second != SecondAsked {
			t.Fatalf("%+v", r)
		}
		_, err = s.UseReset(ctx, code, "yhdeksän vihreää suota", Visit{})
		wantFields(t, err, map[string]string{"code": "reset.waits"})
		for _, id := range []string{polkutest.Boss, paula} {
			wantKind(t, as(id, func(tx *db.Tx) error { return AgreeReset(tx, r.ID) }), fault.Denied, "reset.not_yours")
		}
		must(t, as(pekka, func(tx *db.Tx) error { return AgreeReset(tx, r.ID) }))
		if _, err = s.UseReset(ctx, code, "yhdeksän vihreää suota", Visit{}); err != nil {
			t.Fatal(err)
		}
	})
}
