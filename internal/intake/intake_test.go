package intake_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/hetu"
	"polku/internal/intake"
	"polku/internal/path"
	"polku/internal/pathway"
	. "polku/internal/polkutest"
	"polku/internal/referral"
)

// A referral arrives with an owner and a promised day, becomes a client under the same id and a path with a next step, and
// what it told stands in the journal: nothing is asked twice.
func TestFromReferralToPath(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		in := &intake.Intake{Book: s.Book, Keys: s.Keys}
		id, code := refer(t, s, referral.New{LastName: "Aalto", FirstName: "Anna", Code: "010190-901N", Phone: "040 123 4567", Lang: "sv"})
		ok(t, s.View(Mia, func(tx *db.Tx) error {
			r, err := referral.Get(tx, id)
			if r.Owner != Joni || r.Taken || r.State != referral.Waiting || r.FirstBy != civil.MustParse("2026-03-09") || r.Phone != "+358401234567" {
				t.Errorf("owner %s, taken %v, state %s, first by %v, phone %s", r.Owner, r.Taken, r.State, r.FirstBy, r.Phone)
			}
			return err
		}))
		ok(t, s.Update(Mia, func(tx *db.Tx) error { return referral.Tried(tx, id, referral.Attempt{Next: tx.Today + 1}) }))
		ok(t, s.Update(Mia, func(tx *db.Tx) error {
			return referral.Tried(tx, id, referral.Attempt{Reached: true, Next: tx.Today + 7})
		}))
		var clientID, pathID string
		ok(t, s.Update(Mia, func(tx *db.Tx) error {
			var err error
			clientID, pathID, err = in.Start(tx, id, intake.Begin{Responsible: Mia, Step: path.Step{What: "Sovi tapaaminen", By: tx.Today + 3}, Told: "Toiveet: töihin"})
			return err
		}))
		ok(t, s.View(Mia, func(tx *db.Tx) error {
			c, err := client.Get(tx, clientID)
			if clientID != id || c.Name() != "Anna Aalto" || c.Lang != "sv" || !c.HasCode {
				t.Errorf("the client is %s %q, language %s", clientID, c.Name(), c.Lang)
			}
			p, _ := path.Get(tx, pathID)
			state, _ := s.Book.Evaluate(tx, p)
			if state.Responsible != Mia || state.NextStep == nil || state.Status != pathway.Open {
				t.Errorf("the path is %+v", state)
			}
			r, _ := referral.Get(tx, id)
			if r.State != referral.Started || r.Client != id || r.Path != pathID || r.Calls != 1 {
				t.Errorf("the referral is %+v", r)
			}
			return err
		}))
		if a := answer(t, s, code); a.State != referral.Started || a.ContactedOn.IsZero() {
			t.Errorf("the sender learns %+v", a)
		}
	})
}

// The walls hold: whoever works in another register sees nobody who waits, and may do nothing.
func TestAnotherRegisterSeesNobody(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		id, _ := refer(t, s, referral.New{FirstName: "Anna", LastName: "Aalto"})
		ok(t, s.View(Essi, func(tx *db.Tx) error {
			list, _, err := referral.Queue(tx, referral.Filter{}, referral.Place{}, 10)
			if _, e := referral.Get(tx, id); !fault.Is(e, fault.NotFound) || len(list) != 0 {
				t.Errorf("she sees %d, and gets %v", len(list), e)
			}
			return err
		}))
		for name, command := range map[string]func(tx *db.Tx) error{
			"take":    func(tx *db.Tx) error { return referral.Take(tx, id) },
			"decline": func(tx *db.Tx) error { return referral.Decline(tx, id, "full", "") },
			"lift":    func(tx *db.Tx) error { return referral.Lift(tx, id, "kiire") },
			"refer": func(tx *db.Tx) error {
				_, _, err := referral.Add(tx, s.Book, s.Keys, referral.New{Service: Service, LastName: "X"})
				return err
			},
		} {
			if err := s.Update(Essi, command); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// Who comes first: lifted by hand, then promises that were broken, then whoever has waited longest. Pages follow each other
// without gaps or repeats.
func TestRank(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		ids := map[string]string{}
		for i, name := range []string{"vanhin", "luvattu", "uusin", "nostettu"} {
			now := Noon.AddDate(0, 0, i-20)
			ok(t, s.DB.Update(context.Background(), As(Mia), func(tx *db.Tx) error {
				tx.At, tx.Today = now.UnixMicro(), civil.Of(now, now.Location())
				id, _, err := referral.Add(tx, s.Book, s.Keys, referral.New{Service: Service, LastName: name})
				ids[name] = id
				return err
			}))
		}
		ok(t, s.Update(Mia, func(tx *db.Tx) error {
			for _, name := range []string{"vanhin", "uusin", "nostettu"} {
				if err := referral.Tried(tx, ids[name], referral.Attempt{Reached: true, Next: tx.Today + 5}); err != nil {
					return err
				}
			}
			if err := referral.Lift(tx, ids["nostettu"], " "); !fault.Is(err, fault.Invalid) {
				t.Errorf("lifted without a reason: %v", err)
			}
			return referral.Lift(tx, ids["nostettu"], "Asunto lähtee")
		}))
		ok(t, s.View(Mia, func(tx *db.Tx) error {
			var names []string
			var after referral.Place
			for more := true; more; {
				var list []referral.Ranked
				var err error
				if list, more, err = referral.Queue(tx, referral.Filter{}, after, 1); err != nil {
					return err
				}
				names = append(names, list[0].LastName)
				if after, err = referral.PlaceOf(list[0].Place.Text()); err != nil {
					return err
				}
			}
			if got := strings.Join(names, " "); got != "nostettu luvattu vanhin uusin" {
				t.Errorf("the queue is %s", got)
			}
			trail, err := referral.Trail(tx, ids["nostettu"])
			if trail[0].What != referral.StepLifted || trail[0].Text != "Asunto lähtee" || trail[0].Worker != Mia {
				t.Errorf("the trail begins %+v", trail[0])
			}
			return err
		}))
	})
}

// Somebody who is a client already is found before they are made again, by code, by phone and by name; joined and parted
// without a trace in the client's data.
func TestDuplicatesAreFoundAndJoinedReversibly(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		in := &intake.Intake{Book: s.Book, Keys: s.Keys}
		var known string
		ok(t, s.Update(Mia, func(tx *db.Tx) error {
			var err error
			known, err = client.Create(tx, s.Keys, client.New{Register: Register, LastName: "Järvinen", FirstName: "Sanna", Code: mustCode(t, "010190-901"), Phone: "0401234567"})
			return err
		}))
		for name, n := range map[string]referral.New{
			"code":  {LastName: "Toinen", FirstName: "Nimi", Code: "010190-901N"},
			"phone": {LastName: "Toinen", FirstName: "Nimi", Phone: "+358 40 123 4567"},
			"name":  {LastName: "JARVINEN", FirstName: "sanna"},
		} {
			id, _ := refer(t, s, n)
			ok(t, s.View(Mia, func(tx *db.Tx) error {
				r, err := referral.Get(tx, id)
				if err != nil {
					return err
				}
				hits, err := in.Duplicates(tx, r)
				if len(hits) != 1 || hits[0].ID != known {
					t.Errorf("by %s: %+v", name, hits)
				}
				return err
			}))
		}
		id, _ := refer(t, s, referral.New{LastName: "Jarvinen", FirstName: "Sanna"})
		ok(t, s.Update(Mia, func(tx *db.Tx) error { return intake.Same(tx, id, known) }))
		ok(t, s.Update(Mia, func(tx *db.Tx) error { return referral.Part(tx, id) }))
		ok(t, s.Update(Mia, func(tx *db.Tx) error { return intake.Same(tx, id, known) }))
		ok(t, s.Update(Mia, func(tx *db.Tx) error {
			got, _, err := in.Start(tx, id, intake.Begin{Responsible: Joni, Step: path.Step{What: "Soita", By: tx.Today + 1}})
			if got != known {
				t.Errorf("the path is %s's", got)
			}
			return err
		}))
		// Referred once more while the path goes on: the worker is told by a task, and no second path begins.
		again, _ := refer(t, s, referral.New{LastName: "Järvinen", FirstName: "Sanna"})
		ok(t, s.Update(Mia, func(tx *db.Tx) error { return intake.Same(tx, again, known) }))
		err := s.Update(Mia, func(tx *db.Tx) error {
			_, _, err := in.Start(tx, again, intake.Begin{Responsible: Joni, Step: path.Step{What: "Soita", By: tx.Today + 1}})
			return err
		})
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("a second path: %v", err)
		}
		ok(t, s.Update(Mia, func(tx *db.Tx) error { _, err := in.Known(tx, again, "Uusi lähete tuli", "Kiire"); return err }))
	})
}

// A declined referral tells the sender why; nobody else's code tells anything. It can be taken up again with a new day.
func TestDeclineIsAnsweredAndCanBeUndone(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		id, code := refer(t, s, referral.New{LastName: "Aalto"})
		ok(t, s.Update(Mia, func(tx *db.Tx) error { return referral.Decline(tx, id, "full", "Ryhmä on täynnä toukokuuhun.") }))
		if a := answer(t, s, strings.ToUpper(code)); a.State != referral.Declined || a.Reason != "full" || a.Text != "Ryhmä on täynnä toukokuuhun." {
			t.Errorf("%+v", a)
		}
		if err := s.Update(Mia, func(tx *db.Tx) error { return referral.Take(tx, id) }); !fault.Is(err, fault.Gone) {
			t.Errorf("taken after the end: %v", err)
		}
		ok(t, s.Update(Mia, func(tx *db.Tx) error { return referral.Reopen(tx, id, tx.Today+2) }))
		if a := answer(t, s, code); a.State != referral.Waiting || a.Text != "" {
			t.Errorf("%+v", a)
		}
		err := visit(s, func(tx *db.Tx) error { _, err := referral.AnswerTo(tx, "AAAA-BBBB-CCCC-DDDD"); return err })
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("a wrong code: %v", err)
		}
	})
}

// A partner without an account sends by a link; one for a single referral works once, one that was ended not at all.
func TestSenderLink(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		s.Book.Models.Get("valmennus", "1").Entry.Sources = []string{"self", "school"}
		var once, standing string
		ok(t, s.Update(Mia, func(tx *db.Tx) error {
			var err error
			if once, err = referral.NewLink(tx, s.Book, Service, "Testilän lukio", "school", false); err != nil {
				return err
			}
			standing, err = referral.NewLink(tx, s.Book, Service, "Testilän lukio", "school", true)
			return err
		}))
		send := func(token, id string) error {
			return visit(s, func(tx *db.Tx) error {
				_, _, err := referral.Send(tx, s.Book, s.Keys, token, referral.New{ID: id, LastName: "Aalto", Sender: referral.Sender{Name: "Opo"}, Source: "self"})
				return err
			})
		}
		ok(t, send(once, "r-1"))
		if err := send(once, "r-2"); !fault.Is(err, fault.Gone) {
			t.Errorf("used twice: %v", err)
		}
		ok(t, send(standing, "r-3"))
		ok(t, send(standing, "r-4"))
		ok(t, s.View(Mia, func(tx *db.Tx) error {
			r, err := referral.Get(tx, "r-3")
			if r.Source != "school" || r.Sender.Organisation != "Testilän lukio" || r.Owner != Joni {
				t.Errorf("%+v", r)
			}
			links, _ := referral.Links(tx)
			if i := slices.IndexFunc(links, func(l referral.Link) bool { return l.Standing }); links[i].Used != 2 || links[i].Ended || !links[1-i].Ended {
				t.Errorf("%+v", links)
			}
			return err
		}))
	})
}

// Two invited people cannot take the same time of one worker, even at the same moment; the second is offered what is left. The
// chosen time becomes the booked next step once the path begins.
func TestNobodyShares(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		in := &intake.Intake{Book: s.Book, Keys: s.Keys}
		nine := intake.Slot{Day: civil.MustParse("2026-03-04"), Minute: 9 * 60}
		half := intake.Slot{Day: nine.Day, Minute: 9*60 + 30}
		ten := intake.Slot{Day: nine.Day, Minute: 10 * 60}
		var ids, tokens []string
		for _, slots := range [][]intake.Slot{{nine, ten}, {nine, half, ten}} {
			id, _ := refer(t, s, referral.New{LastName: "Aalto"})
			ids = append(ids, id)
			ok(t, s.Update(Mia, func(tx *db.Tx) error {
				_, token, err := in.Invite(tx, intake.Invitation{Referral: id, Worker: Mia, Place: "Talo", Minutes: 60, Slots: slots, RemindOn: tx.Today + 1, Until: tx.Today + 2})
				tokens = append(tokens, token)
				return err
			}))
		}
		var wait sync.WaitGroup
		errs := make([]error, 2)
		for i, token := range tokens {
			wait.Go(func() { errs[i] = visit(s, func(tx *db.Tx) error { return in.Choose(tx, token, nine) }) })
		}
		wait.Wait()
		first := slices.Index(errs, nil)
		if first < 0 || !fault.Is(errs[1-first], fault.Conflict) {
			t.Fatalf("%v", errs)
		}
		if err := visit(s, func(tx *db.Tx) error { return in.Choose(tx, tokens[1-first], half) }); first == 0 && !fault.Is(err, fault.Conflict) {
			t.Errorf("half past nine is taken by a meeting of an hour: %v", err)
		}
		ok(t, visit(s, func(tx *db.Tx) error { return in.Choose(tx, tokens[1-first], ten) }))
		ok(t, s.Update(Mia, func(tx *db.Tx) error {
			r, err := referral.Get(tx, ids[first])
			if r.PromisedOn != nine.Day {
				t.Errorf("the next promise is on %v", r.PromisedOn)
			}
			if err != nil {
				return err
			}
			_, pathID, err := in.Start(tx, ids[first], intake.Begin{Responsible: Mia, Step: path.Step{What: "Tapaa", By: tx.Today + 5}})
			if err != nil {
				return err
			}
			p, err := path.Get(tx, pathID)
			if err != nil {
				return err
			}
			state, err := s.Book.Evaluate(tx, p)
			if err != nil {
				return err
			}
			if state.NextStep == nil || state.NextStep.By != nine.Day || state.NextStep.Minute != nine.Minute {
				t.Errorf("the next step is %+v", state.NextStep)
			}
			return err
		}))
	})
}

// On a path the chosen time is the booked next step at once; an invitation that nobody answers comes up on its day, and one
// that has run out tells nothing.
func TestInvitationOnPath(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		in := &intake.Intake{Book: s.Book, Keys: s.Keys}
		_, pathID := s.Client(t, "Aalto", "Anna")
		slot := intake.Slot{Day: civil.MustParse("2026-03-03"), Minute: 13 * 60}
		invite := func() (token string) {
			ok(t, s.Update(Mia, func(tx *db.Tx) error {
				var err error
				_, token, err = in.Invite(tx, intake.Invitation{Path: pathID, Worker: Mia, Minutes: 45, Slots: []intake.Slot{slot}, RemindOn: tx.Today + 1, Until: tx.Today + 2})
				return err
			}))
			return token
		}
		old, token := invite(), invite()
		if err := visit(s, func(tx *db.Tx) error { _, err := intake.InvitationOf(tx, old); return err }); !fault.Is(err, fault.Gone) {
			t.Errorf("an older link: %v", err)
		}
		ok(t, s.View(Mia, func(tx *db.Tx) error {
			tx.Today++
			late, err := intake.Unanswered(tx, 5)
			if len(late) != 1 {
				t.Errorf("%d unanswered", len(late))
			}
			tx.Today += 2
			if _, err := intake.InvitationOf(tx, token); !fault.Is(err, fault.Gone) {
				t.Errorf("after its last day: %v", err)
			}
			return err
		}))
		ok(t, visit(s, func(tx *db.Tx) error { return in.Choose(tx, token, slot) }))
		ok(t, s.View(Mia, func(tx *db.Tx) error {
			p, err := path.Get(tx, pathID)
			if err != nil {
				return err
			}
			state, err := s.Book.Evaluate(tx, p)
			ok(t, err)
			if state.NextStep == nil || state.NextStep.By != slot.Day || state.NextStep.Minute != slot.Minute || state.NextStep.Booked == "" {
				t.Errorf("the next step is %+v", state.NextStep)
			}
			free, err := in.Free(tx, Mia, 60)
			if slices.Contains(free, slot) || !slices.Contains(free, intake.Slot{Day: slot.Day, Minute: 12 * 60}) {
				t.Errorf("free are %v", free)
			}
			return err
		}))
	})
}

// Kela's list: who passed sixty paid days in the month, and nobody twice.
func TestBenefitList(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		in := &intake.Intake{Book: s.Book, Keys: s.Keys}
		file := "HENKILOTUNNUS;NIMI;ETUUS;MAKSETUT_PAIVAT_YHT;PAIVAT_KK;MAARA_EUR;KOTIKUNTA;MAKSUKK\r\n" +
			string(mustCode(t, "010190-901")) + ";AALTO ANNA;työmarkkinatuki;66;21;781,41;TESTILÄ;2026-06\r\n" + // passed it this month
			string(mustCode(t, "020280-933")) + ";OJALA MERJA;yleistuki;211;21;781,41;TESTILÄ;2026-06\r\n" + // long ago
			string(mustCode(t, "030370-955")) + ";LEHTO HEIKKI;yleistuki;59;21;781,41;TESTILÄ;2026-06\r\n" + // not yet
			"030370-9550;VIRHE VELI;yleistuki;66;21;781,41;TESTILÄ;2026-06\r\n" // its check character is wrong
		book, err := csvio.ReadBytes("kela.csv", []byte(file))
		ok(t, err)
		list, err := csvio.ReadBenefits(book, csvio.Options{})
		ok(t, err)
		for round, want := range []intake.Listed{{Added: 1, Outside: 2}, {Known: 1, Outside: 2}} {
			ok(t, s.Update(Mia, func(tx *db.Tx) error {
				done, err := in.List(tx, Service, list, 60)
				if done.Added != want.Added || done.Known != want.Known || done.Outside != want.Outside || len(done.LeftOut) != 1 {
					t.Errorf("round %d: %+v", round, done)
				}
				return err
			}))
		}
		ok(t, s.View(Mia, func(tx *db.Tx) error {
			all, _, err := referral.Queue(tx, referral.Filter{}, referral.Place{}, 10)
			if len(all) != 1 || all[0].Name() != "Anna Aalto" || all[0].Answers["benefit"] != "labour-market-support" || all[0].Source != "kela" {
				t.Errorf("%+v", all)
			}
			return err
		}))
	})
}

// mustCode completes an identity code with its check character.
func mustCode(t *testing.T, start string) hetu.Code {
	t.Helper()
	for _, check := range "0123456789ABCDEFHJKLMNPRSTUVWXY" {
		if c, err := hetu.Parse(start + string(check)); err == nil {
			return c
		}
	}
	t.Fatal("no check character fits")
	return ""
}

func refer(t *testing.T, s *Sample, n referral.New) (id, code string) {
	t.Helper()
	n.Service = Service
	if n.Code != "" {
		n.Code = mustCode(t, string(n.Code[:10]))
	}
	ok(t, s.Update(Mia, func(tx *db.Tx) error {
		var err error
		id, code, err = referral.Add(tx, s.Book, s.Keys, n)
		return err
	}))
	return id, code
}

func answer(t *testing.T, s *Sample, code string) (a referral.Answer) {
	t.Helper()
	ok(t, visit(s, func(tx *db.Tx) error {
		var err error
		a, err = referral.AnswerTo(tx, code)
		return err
	}))
	return a
}

// visit runs a command of somebody without an account.
func visit(s *Sample, fn func(tx *db.Tx) error) error {
	return s.DB.Update(context.Background(), actor.Visitor(Tenant, "test", ""), fn)
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestMain keeps the play of the property test short: make test plays it on two engines, with the race detector besides.
func TestMain(m *testing.M) {
	if os.Getenv("RAPID_CHECKS") == "" {
		os.Args = append(os.Args, "-rapid.checks=25")
	}
	os.Exit(m.Run())
}
