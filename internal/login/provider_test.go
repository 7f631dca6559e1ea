package login

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"

	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/oidc"
	"polku/internal/polkutest"
	"polku/internal/unit"
)

// account is somebody at the organisation's provider.
type account struct {
	sub, username, name string
	groups              []string
	mfa                 bool
}

func (a account) ID() string                        { return a.sub }
func (a account) Userinfo([]string) ([]byte, error) { return []byte(`{"sub":"` + a.sub + `"}`), nil }
func (a account) Claims(_ []string, base *mockoidc.IDTokenClaims) (jwt.Claims, error) {
	claims := jwt.MapClaims{"iss": base.Issuer, "aud": base.Audience, "exp": base.ExpiresAt, "iat": base.IssuedAt, "nonce": base.Nonce, "sub": a.sub,
		"preferred_username": a.username, "name": a.name, "sid": "sid-" + a.sub}
	if a.groups != nil {
		claims["groups"] = a.groups
	}
	if a.mfa {
		claims["amr"] = []string{"pwd", "mfa"}
	}
	return claims, nil
}

// atProvider gives a service with a provider of its own, and how somebody signs in by it.
func atProvider(t *testing.T, w *polkutest.World) (s *Service, sample *polkutest.Sample, idp *mockoidc.MockOIDC, in func(account) (Who, error)) {
	t.Helper()
	s, sample = miaSignsIn(t, w)
	idp, err := mockoidc.Run()
	must(t, err)
	t.Cleanup(func() { must(t, idp.Shutdown()) })
	s.Book, s.Keys, s.Link = sample.Book, sample.Keys, LinkUsername
	s.Provider, err = oidc.New(oidc.Config{Issuer: idp.Issuer(), ClientID: idp.ClientID, Secret: idp.ClientSecret, Redirect: "http://127.0.0.1:1/back"})
	must(t, err)
	in = func(a account) (Who, error) {
		t.Helper()
		idp.QueueUser(a)
		address, step, err := s.BeginProvider(ctx, oidc.Ask{}, "/day", Visit{})
		must(t, err)
		query := visitProvider(t, address)
		entered, next, err := s.FinishProvider(ctx, step, query, Visit{})
		if err != nil {
			return Who{}, err
		}
		if next != "/day" {
			t.Errorf("goes on to %q", next)
		}
		if _, _, err := s.FinishProvider(ctx, step, query, Visit{}); !fault.Is(err, fault.Invalid) {
			t.Errorf("an answer was taken twice: %v", err)
		}
		return s.Session(ctx, entered.Token, Visit{})
	}
	return s, sample, idp, in
}

func visitProvider(t *testing.T, address string) url.Values {
	t.Helper()
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := browser.Get(address)
	must(t, err)
	defer answer.Body.Close()
	back, err := answer.Location()
	must(t, err)
	return back.Query()
}

func give(t *testing.T, sample *polkutest.Sample, g GroupRole) {
	t.Helper()
	must(t, sample.Update(polkutest.Boss, func(tx *db.Tx) error { return AddGroupRole(tx, g) }))
}

func rolesNow(t *testing.T, sample *polkutest.Sample, worker string) string {
	t.Helper()
	var roles []string
	must(t, sample.View(polkutest.Boss, func(tx *db.Tx) error {
		w, err := unit.GetWorker(tx, worker)
		if err != nil {
			return err
		}
		if w.Admin {
			roles = append(roles, "admin")
		}
		members, err := unit.Members(tx, worker)
		for _, m := range members {
			roles = append(roles, m.Register+":"+string(m.Role))
		}
		return err
	}))
	slices.Sort(roles)
	return strings.Join(roles, " ")
}

// Mia's account finds her by her user name once; from then on by issuer and subject, whatever it is called.
func TestAccountFindsItsWorkerOnce(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		_, sample, _, in := atProvider(t, w)
		who, err := in(account{sub: "s-mia", username: "MIA", mfa: true})
		must(t, err)
		if who.Worker.ID != polkutest.Mia || who.Level != 2 || who.Means != MeansProvider {
			t.Fatalf("%+v", who)
		}
		if who, err = in(account{sub: "s-mia", username: "mia.virtanen"}); err != nil || who.Worker.ID != polkutest.Mia || who.Level != 1 {
			t.Fatalf("with another name: %+v %v", who, err)
		}
		_, err = in(account{sub: "s-other", username: "mia"})
		wantKind(t, err, fault.Denied, "login.other_account") // the name was given to somebody else there
		_, err = in(account{sub: "s-new", username: "uusi", name: "Uusi Henkilö"})
		wantKind(t, err, fault.Denied, "login.no_account")
		must(t, sample.Update(polkutest.Boss, func(tx *db.Tx) error { return unit.Deactivate(tx, polkutest.Mia) }))
		_, err = in(account{sub: "s-mia", username: "mia"})
		wantKind(t, err, fault.Denied, "login.closed")
	})
}

// Groups give roles and take them back at each sign-in; what was given by hand stays.
func TestGroupsGiveAndTakeRights(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		_, sample, _, in := atProvider(t, w)
		give(t, sample, GroupRole{Group: "polku-nuoret", Role: unit.RoleWorker, Unit: polkutest.House, Register: polkutest.Walled})
		give(t, sample, GroupRole{Group: "polku-admin", Role: RoleAdmin})
		who, err := in(account{sub: "s-1", username: "uusi.tekija", name: "Uusi Tekijä", groups: []string{"intra", "polku-nuoret", "polku-admin"}, mfa: true})
		must(t, err)
		id := who.Worker.ID
		if got := rolesNow(t, sample, id); got != "admin register-youth:worker" || who.Worker.Name != "Uusi Tekijä" || !who.Worker.Admin {
			t.Fatalf("%q %+v", got, who)
		}
		must(t, sample.Update(polkutest.Boss, func(tx *db.Tx) error {
			return unit.Join(tx, unit.Member{Worker: id, Register: polkutest.Register, Unit: polkutest.House, Role: unit.RoleInstructor})
		}))
		_, err = in(account{sub: "s-1", username: "uusi.tekija", groups: []string{"polku-nuoret"}})
		must(t, err)
		if got := rolesNow(t, sample, id); got != "register-project:instructor register-youth:worker" {
			t.Errorf("after leaving the administrators: %q", got)
		}
		_, err = in(account{sub: "s-1", username: "uusi.tekija"}) // the provider leaves an empty claim out
		must(t, err)
		if got := rolesNow(t, sample, id); got != "register-project:instructor" {
			t.Errorf("without groups: %q", got)
		}
	})
}

// Whoever loses sight of clients by a group hands them to the duty worker; where there is none, the sign-in is refused
// and nothing has changed.
func TestClientsMoveWhenAGroupEnds(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		_, sample, _, in := atProvider(t, w)
		give(t, sample, GroupRole{Group: "polku-valmennus", Role: unit.RoleWorker, Unit: polkutest.House, Register: polkutest.Register})
		_, err := in(account{sub: "s-mia", username: "mia", groups: []string{"polku-valmennus"}})
		must(t, err)
		_, path := sample.Client(t, "Virtanen", "Aino")
		responsible := func() (id string) {
			must(t, sample.View(polkutest.Mia, func(tx *db.Tx) error {
				_, err := tx.One(`select responsible from standing where tenant_id = 1 and path_id = $1`, []any{path}, &id)
				return err
			}))
			return id
		}
		duty := func(worker any) {
			must(t, sample.Update(polkutest.Boss, func(tx *db.Tx) error {
				_, err := tx.Exec(`update unit set duty_worker = $1 where unit_id = $2`, worker, polkutest.House)
				return err
			}))
		}
		duty(nil)
		_, err = in(account{sub: "s-mia", username: "mia", groups: []string{}})
		wantKind(t, err, fault.Conflict, "duty.nobody")
		if responsible() != polkutest.Mia || rolesNow(t, sample, polkutest.Mia) == "" {
			t.Error("a refused sign-in changed something")
		}
		duty(polkutest.Joni)
		_, err = in(account{sub: "s-mia", username: "mia", groups: []string{}})
		must(t, err)
		if responsible() != polkutest.Joni || rolesNow(t, sample, polkutest.Mia) != "" {
			t.Errorf("%s answers, Mia has %q", responsible(), rolesNow(t, sample, polkutest.Mia))
		}
	})
}

// The provider's own second factor counts; without it ours is asked for.
func TestProviderWithoutTwoFactors(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s, _, idp, _ := atProvider(t, w)
		pass := at(w)
		code := withGenerator(t, s)
		pass(31 * time.Second)
		idp.QueueUser(account{sub: "s-mia", username: "mia"})
		address, step, err := s.BeginProvider(ctx, oidc.Ask{}, "/today", Visit{})
		must(t, err)
		in, _, err := s.FinishProvider(ctx, step, visitProvider(t, address), Visit{})
		must(t, err)
		if in.Token != "" {
			t.Fatal("one factor was enough for somebody who has two")
		}
		in, err = s.Second(ctx, in.Step, code(), Visit{})
		must(t, err)
		if who, err := s.Session(ctx, in.Token, Visit{}); err != nil || who.Level != 2 || who.Means != MeansProvider {
			t.Fatalf("%+v %v", who, err)
		}
	})
}

func TestProviderEndsSessions(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s, _, idp, _ := atProvider(t, w)
		idp.QueueUser(account{sub: "s-mia", username: "mia", mfa: true})
		address, step, err := s.BeginProvider(ctx, oidc.Ask{}, "/today", Visit{})
		must(t, err)
		in, _, err := s.FinishProvider(ctx, step, visitProvider(t, address), Visit{})
		must(t, err)
		byPassword, _, err := signIn(s, "mia", good, "", "")
		must(t, err)
		token, err := idp.Keypair.SignJWT(jwt.MapClaims{"iss": idp.Issuer(), "aud": idp.ClientID, "sub": "s-mia", "sid": "sid-s-mia", "jti": "1", "iat": time.Now().Unix(), "exp": time.Now().Unix() + 60,
			"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}}})
		must(t, err)
		must(t, s.BackChannel(context.Background(), token))
		wantKind(t, second(s.Session(ctx, in.Token, Visit{})), fault.SignIn, "login.session_over")
		if _, err := s.Session(ctx, byPassword, Visit{}); err != nil {
			t.Error("a session of our own ended with the provider's:", err)
		}
	})
}
