package login

import (
	"context"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"polku/internal/actor"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/polkutest"
	"polku/internal/unit"
)

var ctx = context.Background()

const good = "kolme hiljaista hirveä"

// miaSignsIn makes the sample organisation with a password for Mia.
func miaSignsIn(t testing.TB, w *polkutest.World) (*Service, *polkutest.Sample) {
	t.Helper()
	s := polkutest.NewSample(t, w)
	phc, err := Hash(good)
	must(t, err)
	must(t, w.DB.Update(ctx, actor.System(polkutest.Tenant, actor.Admin, "test"), func(tx *db.Tx) error { return keep(tx, polkutest.Mia, phc) }))
	return New(w.DB, polkutest.Tenant), s
}

func TestSignInAndOut(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s, _ := miaSignsIn(t, w)
		token, worker, err := signIn(s, " MIA ", good, "", "192.0.2.1:4711")
		must(t, err)
		if worker.ID != polkutest.Mia || len(token) != tokenLength {
			t.Fatalf("%+v %q", worker, token)
		}
		who, err := s.Session(ctx, token, Visit{})
		must(t, err)
		if who.Worker.ID != polkutest.Mia || who.Role != unit.RoleWorker || !who.HasCases || who.MustChange || who.Session == "" || who.Session == token {
			t.Fatalf("%+v", who)
		}
		if a := who.Actor(actor.Service, "GET /", "r1"); a.Worker != polkutest.Mia || a.Tenant != polkutest.Tenant || a.Admin || a.Session != who.Session {
			t.Fatalf("%+v", a)
		}
		must(t, s.SignOut(ctx, token))
		wantKind(t, second(s.Session(ctx, token, Visit{})), fault.SignIn, "login.session_over")
		must(t, s.SignOut(ctx, token))
	})
}

func TestWrongPasswordAndUnknownNameAnswerTheSame(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s, _ := miaSignsIn(t, w)
		// A known name, one without a password and an unknown one, in turn; the quickest of four each, so that a
		// busy machine does not count. Only an answer without hashing would be four times as quick.
		quickest := map[string]time.Duration{}
		for range 4 {
			for _, name := range []string{"mia", "joni", "nobody"} {
				start := time.Now()
				_, _, err := signIn(s, name, "wrong wrong wrong", "", "192.0.2.1")
				took := time.Since(start)
				wantKind(t, err, fault.Denied, "login.wrong")
				if quickest[name] == 0 || took < quickest[name] {
					quickest[name] = took
				}
			}
		}
		for name, d := range quickest {
			if d < quickest["mia"]/4 {
				t.Errorf("%s took %v, a known name %v: the time tells who has an account", name, d, quickest["mia"])
			}
		}
	})
}

func TestTooManyWrongTries(t *testing.T) {
	w := polkutest.New(t, t.TempDir())
	s, _ := miaSignsIn(t, w)
	now := polkutest.Noon
	w.DB.Now = func() time.Time { return now }
	for range nameBurst {
		_, _, err := signIn(s, "mia", "wrong wrong wrong", "", "192.0.2.1")
		wantKind(t, err, fault.Denied, "login.wrong")
	}
	_, _, err := signIn(s, "mia", good, "", "192.0.2.2")
	wantKind(t, err, fault.Unavailable, "login.wait")
	var f *fault.Error
	if errors.As(err, &f); f.Args["seconds"] != 60 {
		t.Fatalf("wait %v s, want 60", f.Args["seconds"])
	}
	now = now.Add(time.Minute)
	if _, _, err := signIn(s, "mia", good, "", "192.0.2.2"); err != nil {
		t.Fatal("after the wait the right password must do:", err)
	}
	// The address has a limit of its own, whatever names are tried from it.
	for i := range addressBurst - nameBurst + 12 {
		if _, _, err = signIn(s, fmt.Sprint("name", i), "x", "", "192.0.2.1"); fault.Is(err, fault.Unavailable) {
			break
		}
	}
	wantKind(t, err, fault.Unavailable, "login.wait")
}

func TestRightPasswordsAreNotCounted(t *testing.T) {
	l := newLimit(2, time.Minute)
	for range 100 {
		back, wait := l.take("house", polkutest.Noon)
		if wait > 0 {
			t.Fatal("a right password was counted")
		}
		back()
	}
}

func TestLimitForgetsWithinBounds(t *testing.T) {
	l := newLimit(1, time.Hour)
	l.take("target", polkutest.Noon)
	for i := range 3 * keysMost {
		l.take(fmt.Sprint(i), polkutest.Noon)
		if _, wait := l.take("target", polkutest.Noon); wait == 0 {
			t.Fatalf("forgot the name under attack after %d others", i)
		}
	}
	if n := len(l.young) + len(l.old); n > 2*keysMost {
		t.Fatalf("%d keys kept", n)
	}
}

func TestSessionEnds(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s, sample := miaSignsIn(t, w)
		now := polkutest.Noon
		w.DB.Now = func() time.Time { return now }
		begin := func() string {
			token, _, err := signIn(s, "mia", good, "", "")
			must(t, err)
			return token
		}
		idle := begin()
		now = now.Add(IdleMost)
		wantKind(t, second(s.Session(ctx, idle, Visit{})), fault.SignIn, "login.session_over")

		used, start := begin(), now
		for now.Sub(start) < SessionMost-time.Hour {
			now = now.Add(time.Hour)
			if _, err := s.Session(ctx, used, Visit{}); err != nil {
				t.Fatalf("in use, and over after %v: %v", now.Sub(start), err)
			}
		}
		now = start.Add(SessionMost)
		wantKind(t, second(s.Session(ctx, used, Visit{})), fault.SignIn, "login.session_over")

		must(t, w.DB.Update(ctx, actor.System(polkutest.Tenant, actor.Checking, "test"), func(tx *db.Tx) error {
			n, err := DropExpired(tx)
			if n != 2 {
				t.Errorf("%d expired sessions dropped, want 2", n)
			}
			return err
		}))

		left := begin()
		must(t, sample.Update(polkutest.Boss, func(tx *db.Tx) error { return unit.Deactivate(tx, polkutest.Mia) }))
		wantKind(t, second(s.Session(ctx, left, Visit{})), fault.SignIn, "login.session_over")
		_, _, err := signIn(s, "mia", good, "", "")
		wantKind(t, err, fault.Denied, "login.wrong")
	})
}

// A session of a worker who was only marked as gone, by whatever means, is over too.
func TestSessionOfInactiveWorkerIsOver(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s, sample := miaSignsIn(t, w)
		token, _, err := signIn(s, "mia", good, "", "")
		must(t, err)
		must(t, sample.Update(polkutest.Boss, func(tx *db.Tx) error {
			_, err := tx.Exec(`update worker set active = false where worker_id = $1`, polkutest.Mia)
			return err
		}))
		wantKind(t, second(s.Session(ctx, token, Visit{})), fault.SignIn, "login.session_over")
	})
}

func TestUseIsWrittenDownSeldom(t *testing.T) {
	w := polkutest.New(t, t.TempDir())
	s, sample := miaSignsIn(t, w)
	token, _, err := signIn(s, "mia", good, "", "")
	must(t, err)
	seen := func(after time.Duration) (at int64) {
		w.DB.Now = func() time.Time { return polkutest.Noon.Add(after) }
		_, err := s.Session(ctx, token, Visit{})
		must(t, err)
		must(t, sample.View(polkutest.Boss, func(tx *db.Tx) error {
			_, err := tx.One(`select seen_at from session`, nil, &at)
			return err
		}))
		return at - polkutest.Noon.UnixMicro()
	}
	if at := seen(4 * time.Minute); at != 0 {
		t.Errorf("written after 4 minutes: %d", at)
	}
	if at := seen(5 * time.Minute); at != (5 * time.Minute).Microseconds() {
		t.Errorf("not written after 5 minutes: %d", at)
	}
}

func TestPersonasOnlyOfTheDemo(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s, sample := miaSignsIn(t, w)
		_, err := s.AsPersona(ctx, polkutest.Mia, Visit{})
		wantKind(t, err, fault.Denied, "login.no_persona")
		must(t, sample.Update(polkutest.Boss, func(tx *db.Tx) error {
			_, err := unit.AddWorker(tx, unit.Worker{ID: "persona", Username: "persona", Name: "Keksitty Henkilö", Demo: true})
			return err
		}))
		in, err := s.AsPersona(ctx, "persona", Visit{})
		must(t, err)
		who, err := s.Session(ctx, in.Token, Visit{})
		must(t, err)
		if who.Worker.ID != "persona" || who.Role != "" || who.HasCases {
			t.Fatalf("%+v", who)
		}
		// A persona has no password: nobody signs in as one.
		_, _, err = signIn(s, "persona", "", "", "")
		wantKind(t, err, fault.Denied, "login.wrong")
	})
}

// The session's role is the one that unit.Highest gives, for every role and every two of them.
func TestRoleIsTheHighest(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s, sample := miaSignsIn(t, w)
		token, _, err := signIn(s, "mia", good, "", "")
		must(t, err)
		for set := range 1 << len(unit.Roles) {
			if bits.OnesCount(uint(set)) > 2 {
				continue
			}
			var members []unit.Member
			must(t, sample.Update(polkutest.Boss, func(tx *db.Tx) error {
				members = nil
				if _, err := tx.Exec(`delete from member where worker_id = $1`, polkutest.Mia); err != nil {
					return err
				}
				for i, role := range unit.Roles {
					if set&(1<<i) == 0 {
						continue
					}
					m := unit.Member{Worker: polkutest.Mia, Register: fmt.Sprint("r", i), Unit: polkutest.House, Role: role}
					members = append(members, m)
					if err := unit.Join(tx, m); err != nil {
						return err
					}
				}
				return nil
			}))
			who, err := s.Session(ctx, token, Visit{})
			must(t, err)
			cases := slices.ContainsFunc(members, func(m unit.Member) bool { return m.Role.About().Cases })
			if who.Role != unit.Highest(members) || who.HasCases != cases {
				t.Errorf("%v: role %q cases %v", members, who.Role, who.HasCases)
			}
		}
	})
}

func TestFirstAdministrator(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s := New(w.DB, 1)
		code, err := s.FirstCode(ctx)
		must(t, err)
		_, err = s.CreateFirst(ctx, "0000-0000-0000-0000", "", "anna laine", "lyhyt")
		wantFields(t, err, map[string]string{"code": "login.code_wrong", "name": "login.no_name", "user": "login.bad_user", "password": "login.password_short"})
		made, err := s.CreateFirst(ctx, strings.ToUpper(" "+code), "Anna Laine", "Anna.Laine", good)
		must(t, err)
		if !made.Admin || made.Username != "anna.laine" {
			t.Fatalf("%+v", made)
		}
		token, _, err := signIn(s, "anna.laine", good, "", "")
		must(t, err)
		who, err := s.Session(ctx, token, Visit{})
		must(t, err)
		if !who.Worker.Admin || who.HasCases {
			t.Fatalf("the first administrator must have no cases: %+v", who)
		}
		_, err = s.CreateFirst(ctx, code, "Toinen", "toinen", good)
		wantKind(t, err, fault.Gone, "login.first_done")
		if code, err = s.FirstCode(ctx); err != nil || code != "" {
			t.Fatalf("a code for a database with workers: %q %v", code, err)
		}
	})
}

func TestFirstCodeIsVoidAfterTenTries(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s := New(w.DB, 1)
		code, err := s.FirstCode(ctx)
		must(t, err)
		for range codeTries {
			_, err := s.CreateFirst(ctx, "wrong", "Anna Laine", "anna", good)
			wantFields(t, err, map[string]string{"code": "login.code_wrong"})
		}
		_, err = s.CreateFirst(ctx, code, "Anna Laine", "anna", good)
		wantFields(t, err, map[string]string{"code": "login.code_void"})
		code, err = s.FirstCode(ctx) // the program is started anew
		must(t, err)
		_, err = s.CreateFirst(ctx, code, "Anna Laine", "anna", good)
		must(t, err)
	})
}

func TestOneTimePasswordMustBeChanged(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s, _ := miaSignsIn(t, w)
		old, _, err := signIn(s, "mia", good, "", "")
		must(t, err)
		_, err = s.SetPassword(ctx, polkutest.As(polkutest.Joni), polkutest.Mia)
		wantKind(t, err, fault.Denied, "error.denied")
		_, err = s.SetPassword(ctx, polkutest.As(polkutest.Boss), polkutest.Mia)
		wantKind(t, err, fault.Denied, "login.use_reset") // her account has been used: one administrator alone may not take it over
		if _, err = s.SetPassword(ctx, polkutest.As(polkutest.Boss), polkutest.Essi); err != nil {
			t.Fatal("a new account gets no first password:", err)
		}
		given, err := s.SetPassword(ctx, actor.System(polkutest.Tenant, actor.Admin, "test"), polkutest.Mia)
		must(t, err)
		wantKind(t, second(s.Session(ctx, old, Visit{})), fault.SignIn, "login.session_over")

		here, _, err := signIn(s, "mia", given, "", "")
		must(t, err)
		there, _, err := signIn(s, "mia", given, "", "")
		must(t, err)
		who, err := s.Session(ctx, here, Visit{})
		must(t, err)
		if !who.MustChange {
			t.Fatal("a password that somebody else chose may stay")
		}
		wantFields(t, s.ChangePassword(ctx, who, "not the old one", "seitsemän vihreää suota"), map[string]string{"old": "login.wrong_old"})
		wantFields(t, s.ChangePassword(ctx, who, given, "salasana1234"), map[string]string{"password": "login.password_common"})
		wantFields(t, s.ChangePassword(ctx, who, given, given), map[string]string{"password": "login.password_same"})
		must(t, s.ChangePassword(ctx, who, given, "seitsemän vihreää suota"))
		if who, err = s.Session(ctx, here, Visit{}); err != nil || who.MustChange {
			t.Fatalf("%+v %v", who, err)
		}
		wantKind(t, second(s.Session(ctx, there, Visit{})), fault.SignIn, "login.session_over")
	})
}

func TestEveryTryIsLogged(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s, sample := miaSignsIn(t, w)
		token, _, err := signIn(s, "mia", good, "", "")
		must(t, err)
		signIn(s, "mia", "wrong", "", "")
		signIn(s, "a password typed as name", "wrong", "", "")
		must(t, s.SignOut(ctx, token))
		var rows []string
		must(t, sample.View(polkutest.Boss, func(tx *db.Tx) error {
			return tx.Each(`select what, worker_id from command_log where what in ('login.in', 'login.wrong', 'login.out') order by log_id`, nil,
				func(row func(...any) error) error {
					var what, worker string
					err := row(&what, &worker)
					rows = append(rows, what+" "+worker)
					return err
				})
		}))
		sort.Strings(rows)
		if got := strings.Join(rows, ","); got != "login.in worker-mia,login.out worker-mia,login.wrong ,login.wrong worker-mia" {
			t.Fatal(got)
		}
	})
}

func TestEveryFaultHasWords(t *testing.T) {
	for _, key := range []string{"wrong", "wait", "busy", "session_over", "no_persona", "bad_hash", "password_short", "password_long", "password_name",
		"password_common", "password_same", "wrong_old", "code_wrong", "code_void", "first_done", "no_name", "bad_user"} {
		if !i18n.Has("login." + key) {
			t.Errorf("login.%s has no words", key)
		}
	}
}

func BenchmarkSession(b *testing.B) {
	w := polkutest.New(b, b.TempDir())
	s, _ := miaSignsIn(b, w)
	token, _, err := signIn(s, "mia", good, "", "")
	must(b, err)
	for b.Loop() {
		if _, err := s.Session(ctx, token, Visit{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkHash(b *testing.B) {
	for b.Loop() {
		Hash(good)
	}
}

// signIn signs in with a password alone, from a browser and an address.
func signIn(s *Service, username, password, agent, remote string) (token string, w unit.Worker, err error) {
	in, err := s.SignIn(ctx, username, password, Visit{Agent: agent, Remote: remote})
	return in.Token, in.Worker, err
}

func second[T any](_ T, err error) error { return err }

func wantKind(t *testing.T, err error, kind fault.Kind, key string) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != kind || f.Key != key {
		t.Fatalf("got %v, want %s: %s", err, kind, key)
	}
}

func wantFields(t *testing.T, err error, fields map[string]string) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || fmt.Sprint(f.Fields) != fmt.Sprint(fields) {
		t.Fatalf("got %v, want fields %v", err, fields)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
