package leave_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"pgregory.net/rapid"

	"polku/internal/actor"
	"polku/internal/booking"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/leave"
	"polku/internal/path"
	. "polku/internal/polkutest"
	"polku/internal/staffing"
	"polku/internal/unit"
)

// TestMain keeps the play short: make test plays it on two engines, with the race detector besides.
func TestMain(m *testing.M) {
	if os.Getenv("RAPID_CHECKS") == "" {
		os.Args = append(os.Args, "-rapid.checks=8")
	}
	os.Exit(m.Run())
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

const anna, ben = "worker-anna", "worker-ben"

type stage struct {
	*Sample
	t *testing.T
}

// open is the sample with two more workers in Mia's unit.
func open(t *testing.T, w *World) stage {
	s := stage{NewSample(t, w), t}
	ok(t, s.DB.Update(context.Background(), actor.System(Tenant, actor.Sample, "test"), func(tx *db.Tx) error {
		for _, id := range []string{anna, ben} {
			if _, err := unit.AddWorker(tx, unit.Worker{ID: id, Username: id, Name: id}); err != nil {
				return err
			}
			if err := unit.Join(tx, unit.Member{Worker: id, Register: Register, Unit: House, Role: unit.RoleWorker}); err != nil {
				return err
			}
		}
		return nil
	}))
	return s
}

func (s stage) book(path string, day civil.Date, hour int) (task string) {
	s.t.Helper()
	task = ident.New()
	ok(s.t, s.Update(Mia, func(tx *db.Tx) error {
		return booking.Book(tx, s.Book, booking.New{Task: task, Path: path, Day: tx.Today + day, Span: booking.Span{From: hour * 60, To: hour*60 + 60}, What: "Tapaaminen"})
	}))
	return task
}

// holder tells whose a meeting is; empty when it is no longer open.
func (s stage) holder(pathID, task string) (worker string, day civil.Date) {
	s.t.Helper()
	ok(s.t, s.DB.View(context.Background(), actor.System(Tenant, actor.Checking, "test"), func(tx *db.Tx) error {
		_, err := tx.One(`select worker_id, by_day from task where tenant_id = $1 and path_id = $2 and task_id = $3`, []any{Tenant, pathID, task}, &worker, &day)
		return err
	}))
	return worker, day
}

// The duty holder covers until the colleague agrees; then meetings, access and the cadence are the colleague's; afterwards
// what is left comes back by itself.
func TestPromisesMoveForATimeAndBack(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := open(t, w)
		client, p := s.Client(t, "Virtanen", "Aino")
		first, second, third := s.book(p, 1, 9), s.book(p, 2, 9), s.book(p, 3, 9)
		var id string
		ok(t, s.Update(Mia, func(tx *db.Tx) error {
			var err error
			id, err = leave.Plan(tx, s.Book, leave.Leave{From: tx.Today + 1, To: tx.Today + 4, StandIn: anna}, []leave.Decision{
				{Path: p, Task: first}, {Path: p, Task: second, Move: &booking.Move{Day: tx.Today + 7, Span: booking.Span{From: 600, To: 660}, Asked: entry.ByWorker, Why: "loma"}}})
			return err
		}))
		covers := func() (by string) {
			ok(t, s.View(Mia, func(tx *db.Tx) error {
				list, err := unit.Covers(tx, Mia)
				for _, c := range list {
					by += c.Cover + " "
				}
				return err
			}))
			return by
		}
		if by := covers(); by != Joni+" " {
			t.Fatalf("until Anna has answered, %q covers", by)
		}
		if who, _ := s.holder(p, first); who != Mia {
			t.Fatal("a meeting moved before Anna agreed")
		}
		if _, day := s.holder(p, second); day != civil.New(2026, 3, 9) {
			t.Fatal("the meeting for another day stayed on", day)
		}
		if err := s.Update(ben, func(tx *db.Tx) error { return leave.Agree(tx, s.Book, id) }); err == nil {
			t.Fatal("somebody else agreed")
		}
		ok(t, s.Update(anna, func(tx *db.Tx) error { return leave.Agree(tx, s.Book, id) }))
		if by := covers(); by != anna+" " {
			t.Fatalf("Anna has agreed, and %q covers", by)
		}
		if who, _ := s.holder(p, first); who != anna {
			t.Fatal("the meeting is with", who)
		}
		var flags leave.Flags
		ok(t, s.View(Mia, func(tx *db.Tx) (err error) { flags, err = leave.FlagsFor(tx); return err }))
		if flags.Away != 1 { // the third, of which nothing was decided
			t.Fatalf("flagged: %+v", flags)
		}
		ok(t, s.Update(Mia, func(tx *db.Tx) error { return leave.Decide(tx, s.Book, id, []leave.Decision{{Path: p, Task: third}}) }))
		if who, _ := s.holder(p, third); who != anna {
			t.Fatal("the flagged meeting is with", who)
		}
		// Anna meets Aino on the first day of the leave: it counts for the weekly meeting with the responsible worker.
		ok(t, s.Update(anna, func(tx *db.Tx) error {
			tx.Today++
			_, err := s.Book.Record(tx, p, path.Record{Day: tx.Today, Minute: 540, Minutes: 60, Contact: entry.Contact{Form: entry.FormMeeting, Result: entry.Held, Text: "Juteltiin"}, EndTask: first})
			return err
		}))
		ok(t, s.DB.Update(context.Background(), actor.System(Tenant, actor.Checking, "test"), func(tx *db.Tx) error {
			tx.Today += 5
			n, err := leave.Settle(tx, s.Book)
			if n != 1 {
				t.Errorf("%d leaves ended", n)
			}
			return err
		}))
		if who, _ := s.holder(p, third); who != Mia {
			t.Fatal("what Anna did not have is still with", who)
		}
		var meanwhile []leave.Happened
		ok(t, s.View(Mia, func(tx *db.Tx) error {
			tx.Today += 5
			l, err := leave.Get(tx, id)
			if err != nil {
				return err
			}
			meanwhile, err = leave.Meanwhile(tx, l)
			return err
		}))
		if len(meanwhile) != 1 || meanwhile[0].Client != client {
			t.Fatalf("coming back shows %+v", meanwhile)
		}
	})
}

// Whatever is planned, agreed, declined, called off or removed, in whatever order, on whatever day: every open path has its
// responsible worker, and while that one is away somebody who is there covers; nobody who is away holds a meeting that the
// leave has given away; nobody has two meetings at once that nobody decided.
func TestNobodyIsLeftHangingByALeave(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := open(t, w)
		n := 0
		rapid.Check(t, func(t *rapid.T) {
			n++
			s.clear()
			_, p := s.Client(s.t, "Testi", fmt.Sprint("Asiakas ", n))
			tasks := []string{s.book(p, 3, 9), s.book(p, 6, 10)}
			staff := []string{Mia, anna, ben}
			gone := map[string]bool{}
			days := civil.Date(0)
			for range rapid.IntRange(3, 14).Draw(t, "commands") {
				who := rapid.SampledFrom(append(staff, Joni)).Draw(t, "who")
				if gone[who] {
					continue
				}
				command := rapid.SampledFrom([]string{"plan", "plan", "agree", "agree", "decline", "back", "ask", "night", "decide"}).Draw(t, "command")
				days += civil.Date(rapid.IntRange(0, 2).Draw(t, "days later"))
				err := s.play(t, who, command, p, tasks, days)
				if err != nil && fault.Of(err) == fault.Internal {
					t.Fatalf("%s by %s: %v", command, who, err)
				}
				s.look(t, fmt.Sprintf("after %s by %s (%v)", command, who, err), days)
			}
		})
	})
}

// clear ends what an earlier play has left behind.
func (s stage) clear() {
	ok(s.t, s.DB.Update(context.Background(), actor.System(Tenant, actor.Sample, "test"), func(tx *db.Tx) error {
		for _, text := range []string{`delete from leave where tenant_id = $1`, `delete from leave_meeting where tenant_id = $1`, `delete from cover where tenant_id = $1`,
			`delete from standing where tenant_id = $1`, `delete from task where tenant_id = $1`} {
			if _, err := tx.Exec(text, Tenant); err != nil {
				return err
			}
		}
		return nil
	}))
}

func (s stage) play(t *rapid.T, who, command, p string, tasks []string, days civil.Date) error {
	run := func(worker string, fn func(tx *db.Tx) error) error {
		return s.Update(worker, func(tx *db.Tx) error { tx.Today += days; return fn(tx) })
	}
	var ids []string
	ok(s.t, s.DB.View(context.Background(), actor.System(Tenant, actor.Checking, "test"), func(tx *db.Tx) error {
		return tx.Each(`select leave_id from leave where tenant_id = $1 order by leave_id`, []any{Tenant}, func(row func(...any) error) error {
			var id string
			err := row(&id)
			ids = append(ids, id)
			return err
		})
	}))
	if command == "plan" {
		l := leave.Leave{StandIn: rapid.SampledFrom([]string{"", anna, ben, Joni, Mia}).Draw(t, "stand-in")}
		var ways []leave.Decision
		for _, task := range tasks {
			if rapid.Bool().Draw(t, "decided") {
				ways = append(ways, leave.Decision{Path: p, Task: task})
			}
		}
		return run(who, func(tx *db.Tx) error {
			l.From = tx.Today + civil.Date(rapid.IntRange(0, 5).Draw(t, "from"))
			l.To = l.From + civil.Date(rapid.IntRange(0, 6).Draw(t, "long"))
			_, err := leave.Plan(tx, s.Book, l, ways)
			return err
		})
	}
	if command == "night" {
		return s.DB.Update(context.Background(), actor.System(Tenant, actor.Checking, "test"), func(tx *db.Tx) error {
			tx.Today += days
			if _, err := leave.Settle(tx, s.Book); err != nil {
				return err
			}
			return unit.Settle(tx)
		})
	}
	if len(ids) == 0 {
		return nil
	}
	id := rapid.SampledFrom(ids).Draw(t, "leave")
	return run(who, func(tx *db.Tx) error {
		switch command {
		case "agree":
			return leave.Agree(tx, s.Book, id)
		case "decline":
			return leave.Decline(tx, id, "en ehdi")
		case "back":
			return leave.Back(tx, s.Book, id)
		case "ask":
			return leave.Ask(tx, id, rapid.SampledFrom([]string{anna, ben, Joni}).Draw(t, "other"))
		}
		return leave.Decide(tx, s.Book, id, []leave.Decision{{Path: p, Task: tasks[0]}, {Path: p, Task: tasks[1]}})
	})
}

// look compares the database with what is promised, on each day of the next two weeks.
func (s stage) look(t *rapid.T, when string, days civil.Date) {
	ok(s.t, s.DB.View(context.Background(), actor.System(Tenant, actor.Checking, "test"), func(tx *db.Tx) error {
		for day := tx.Today + days; day < tx.Today+days+14; day++ {
			var uncovered, twice, hanging int
			if _, err := tx.One(`select
				(select count(*) from leave l join standing s on s.tenant_id = l.tenant_id and s.responsible = l.worker_id and s.status <> 'closed'
					where l.tenant_id = $1 and l.from_day <= $2 and l.to_day >= $2 and l.state not in ('ended', 'off') and not exists (select 1 from cover c
					where c.tenant_id = $1 and c.absent = l.worker_id and c.from_day <= $2 and c.to_day >= $2 and c.ended_at is null
					and not exists (select 1 from leave x where x.tenant_id = $1 and x.worker_id = c.cover and x.from_day <= $2 and x.to_day >= $2 and x.part = 'day' and x.state not in ('ended', 'off')))),
				(select count(*) from task a join task b on b.tenant_id = a.tenant_id and b.worker_id = a.worker_id and b.by_day = a.by_day and b.minute > 0 and a.minute > 0
					and a.task_id < b.task_id and a.minute < b.minute + 60 and b.minute < a.minute + 60 where a.tenant_id = $1 and a.by_day = $2),
				(select count(*) from standing s where s.tenant_id = $1 and s.status <> 'closed' and (s.responsible is null or s.step_by is null))`,
				[]any{Tenant, int64(day)}, &uncovered, &twice, &hanging); err != nil {
				return err
			}
			if uncovered > 0 || twice > 0 || hanging > 0 {
				t.Fatalf("%s: on %s %d paths without cover, %d double bookings, %d hanging", when, day, uncovered, twice, hanging)
			}
		}
		return nil
	}))
}

// A stand-in whose account ends leaves nobody uncovered: the duty holder takes over.
func TestRemovedStandIn(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := open(t, w)
		_, p := s.Client(t, "Virtanen", "Aino")
		task := s.book(p, 2, 9)
		var id string
		ok(t, s.Update(Mia, func(tx *db.Tx) (err error) {
			id, err = leave.Plan(tx, s.Book, leave.Leave{From: tx.Today + 1, To: tx.Today + 4, StandIn: anna}, []leave.Decision{{Path: p, Task: task}})
			return err
		}))
		ok(t, s.Update(anna, func(tx *db.Tx) error { return leave.Agree(tx, s.Book, id) }))
		ok(t, s.Update(Boss, func(tx *db.Tx) error {
			_, err := staffing.Remove(tx, s.Book, anna, func(_, key string) string { return key })
			return err
		}))
		ok(t, s.View(Mia, func(tx *db.Tx) error {
			covers, err := unit.Covers(tx, Mia)
			if len(covers) != 1 || covers[0].Cover != Joni {
				t.Errorf("covers are %+v", covers)
			}
			return err
		}))
		if who, _ := s.holder(p, task); who != Mia {
			t.Errorf("the meeting is with %s, who is not here any more", who)
		}
	})
}
