package intake_test

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/intake"
	"polku/internal/path"
	. "polku/internal/polkutest"
	"polku/internal/referral"
	"polku/internal/unit"
)

// The promise in the queue: no sequence of commands that the program accepts leaves somebody who waits without an owner who
// works there and a promised day, and none loses anybody: whoever came is in the queue, or ended with a path or a reason.
func TestNobodyInTheQueueIsForgotten(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		in := &intake.Intake{Book: s.Book, Keys: s.Keys}
		system := actor.System(Tenant, actor.Sample, "test")
		staff := []string{Mia, Joni, "worker-a", Essi}
		ok(t, s.DB.Update(context.Background(), system, func(tx *db.Tx) error {
			if _, err := unit.AddWorker(tx, unit.Worker{ID: "worker-a", Username: "a", Name: "A"}); err != nil {
				return err
			}
			return unit.Join(tx, unit.Member{Worker: "worker-a", Register: Register, Unit: House, Role: unit.RoleWorker})
		}))
		all := map[string]bool{}
		rapid.Check(t, func(t *rapid.T) {
			var ids, tokens []string
			days := 0
			for range rapid.IntRange(5, 30).Draw(t, "commands") {
				who := rapid.SampledFrom(staff).Draw(t, "who")
				days += rapid.IntRange(0, 6).Draw(t, "days later")
				next := civil.Date(rapid.IntRange(-2, 9).Draw(t, "next in days"))
				other := rapid.SampledFrom(staff).Draw(t, "other")
				what := rapid.SampledFrom([]string{"refer", "join page", "take", "give", "try", "reach", "lift", "decline", "reopen", "invite", "choose", "none fits",
					"start", "move"}).Draw(t, "command")
				id, token := "", ""
				if len(ids) > 0 {
					id = rapid.SampledFrom(ids).Draw(t, "referral")
				}
				if len(tokens) > 0 {
					token = rapid.SampledFrom(tokens).Draw(t, "token")
				}
				as := As(who)
				switch what {
				case "join page", "choose", "none fits":
					as = actor.Visitor(Tenant, "test", "")
				case "move":
					as = system
				}
				var made, link string
				err := s.DB.Update(context.Background(), as, func(tx *db.Tx) (err error) {
					tx.Today += civil.Date(days)
					switch what {
					case "refer":
						made, _, err = referral.Add(tx, s.Book, s.Keys, referral.New{Service: Service, LastName: "Nimi"})
					case "join page":
						var code string
						code, err = referral.Join(tx, s.Book, s.Keys, "", Service, "Nimi", "0401234567", "", "fi")
						if err == nil && code == "" {
							t.Fatal("nobody was added")
						}
					case "take":
						err = referral.Take(tx, id)
					case "give":
						err = referral.Give(tx, id, other)
					case "try", "reach":
						err = referral.Tried(tx, id, referral.Attempt{Reached: what == "reach", Next: tx.Today + next})
					case "lift":
						err = referral.Lift(tx, id, "kiire")
					case "decline":
						err = referral.Decline(tx, id, rapid.SampledFrom([]string{"full", "", "moved"}).Draw(t, "reason"), "")
					case "reopen":
						err = referral.Reopen(tx, id, tx.Today+next)
					case "invite":
						_, link, err = in.Invite(tx, intake.Invitation{Referral: id, Worker: other, Minutes: 30, RemindOn: tx.Today + next, Until: tx.Today + 5,
							Slots: []intake.Slot{{Day: tx.Today + 3, Minute: 600}, {Day: tx.Today + 4, Minute: 600}}})
					case "choose":
						var i intake.Invited
						if i, err = intake.InvitationOf(tx, token); err == nil && len(i.Slots) > 0 {
							err = in.Choose(tx, token, i.Slots[0])
						}
					case "none fits":
						err = in.NoTimeFits(tx, token)
					case "start":
						_, _, err = in.Start(tx, id, intake.Begin{Responsible: other, Step: path.Step{What: "Tapaa", By: tx.Today + next}})
					case "move":
						_, err = referral.MoveFrom(tx, other, "")
					}
					return err
				})
				if err != nil && fault.Of(err) == fault.Internal {
					t.Fatalf("%s by %s: %v", what, who, err)
				}
				if err == nil && made != "" {
					ids, all[made] = append(ids, made), true
				}
				if err == nil && link != "" {
					tokens = append(tokens, link)
				}
			}
			if err := s.DB.View(context.Background(), system, func(tx *db.Tx) error {
				for id := range all {
					r, err := referral.Get(tx, id)
					if err != nil {
						return err
					}
					switch r.State {
					case referral.Waiting, referral.Contacted:
						if r.PromisedOn.IsZero() || unit.MustTakeCases(tx, r.Owner, Register) != nil {
							t.Fatalf("%s has the owner %q and the day %v", id, r.Owner, r.PromisedOn)
						}
					case referral.Started, referral.Known:
						if p, err := path.Get(tx, r.Path); err != nil || p.Client != r.Client {
							t.Fatalf("%s started, and its path is %v: %v", id, p, err)
						}
					case referral.Declined:
						if r.Reason == "" || r.EndedOn.IsZero() {
							t.Fatalf("%s was declined without a reason", id)
						}
					}
				}
				return nil
			}); err != nil {
				t.Fatal(err)
			}
		})
	})
}
