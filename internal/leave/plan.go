package leave

import (
	"cmp"
	"strconv"

	"polku/internal/actor"
	"polku/internal/booking"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/unit"
)

// Decision is what becomes of one meeting that lies in a leave: it goes to the colleague (Move nil) or to another time.
type Decision struct {
	Path, Task string
	Move       *booking.Move
}

// Plan plans an absence of the actor, or of a worker for whom they may plan, and gives its id. Whoever stands in is asked;
// until they agree, the duty holder covers. Without a colleague's name the duty holder stands in. Meetings that go to
// another day are moved at once, those for the colleague when they agree; what is decided of neither stays and is flagged.
// Wrong fields: from, to, part, kind, stand_in.
func Plan(tx *db.Tx, b *path.Book, l Leave, ways []Decision) (string, error) {
	l.Worker = cmp.Or(l.Worker, tx.Who.Worker)
	if err := mayPlan(tx, l.Worker); err != nil {
		return "", err
	}
	if err := l.check(tx); err != nil {
		return "", err
	}
	touched, err := Touches(tx, l)
	if err != nil {
		return "", err
	}
	l.ID, l.MadeBy, l.State = cmp.Or(l.ID, ident.New()), tx.Who.Worker, Asked
	system := asSystem(tx)
	duty, err := dutyFor(tx, l)
	if err != nil {
		return "", err
	}
	switch {
	case touched.Empty() && l.StandIn == "":
		l.State = None
	case l.StandIn == "" && duty == "":
		return "", fault.Fields(map[string]string{"stand_in": "leave.nobody"})
	case l.StandIn == "":
		l.StandIn, l.State = duty, Agreed
	case l.StandIn == l.Worker:
		return "", fault.Fields(map[string]string{"stand_in": "cover.who"})
	default:
		able, err := unit.StandIns(system, l.Worker)
		if err != nil {
			return "", err
		}
		if !has(able, l.StandIn) {
			return "", fault.Fields(map[string]string{"stand_in": "cover.no_access"})
		}
		if l.StandIn == tx.Who.Worker && l.Worker != tx.Who.Worker {
			l.State = Agreed // whoever plans it for a colleague takes it themselves
		}
	}
	if err := insert(tx, l); err != nil {
		return "", err
	}
	for _, w := range ways {
		if err := decide(system, b, l, touched, w); err != nil {
			return "", err
		}
	}
	switch {
	case l.State == Agreed:
		return l.ID, begin(system, b, &l)
	case l.State == Asked && duty != "":
		if l.Cover, err = unit.AddCover(system, unit.Cover{Absent: l.Worker, Cover: duty, From: l.From, To: l.To}); err != nil {
			return "", err
		}
		return l.ID, keep(system, l)
	}
	return l.ID, nil
}

func has(workers []unit.Worker, id string) bool {
	for _, w := range workers {
		if w.ID == id {
			return true
		}
	}
	return false
}

// asSystem is the transaction with the program as its actor: whoever plans a leave or answers need not see every case that
// it moves. It does only what Plan, Agree and Return say.
func asSystem(tx *db.Tx) *db.Tx {
	system := *tx
	system.Who.Worker, system.Who.Admin = actor.SystemWorker, true
	return &system
}

func (l *Leave) check(tx *db.Tx) error {
	wrong := map[string]string{}
	if l.From.IsZero() || l.From < tx.Today {
		wrong["from"] = "cover.bad_from"
	}
	if l.To < l.From || l.To > l.From+400 {
		wrong["to"] = "cover.bad_to"
	}
	l.Part, l.Kind = cmp.Or(l.Part, "day"), cmp.Or(l.Kind, "leave")
	if l.Part != "day" && l.Part != "morning" && l.Part != "afternoon" {
		wrong["part"] = "leave.bad_part"
	}
	if l.Part != "day" && l.From != l.To {
		wrong["part"] = "leave.half_one_day"
	}
	if l.Kind != "leave" && l.Kind != "training" && l.Kind != "other" {
		wrong["kind"] = "leave.bad_kind"
	}
	var over int
	if _, err := tx.One(`select count(*) from leave where tenant_id = $1 and worker_id = $2 and to_day >= $3 and from_day <= $4 and state not in ('ended', 'off')
		and (part = 'day' or $5 = 'day' or part = $5)`, []any{tx.Who.Tenant, l.Worker, int64(l.From), int64(l.To), l.Part}, &over); err != nil {
		return err
	}
	if over > 0 {
		wrong["from"] = "leave.twice"
	}
	var stands int
	if _, err := tx.One(`select count(*) from cover c where c.tenant_id = $1 and c.cover = $2 and c.to_day >= $3 and c.from_day <= $4 and c.ended_at is null`,
		[]any{tx.Who.Tenant, l.Worker, int64(l.From), int64(l.To)}, &stands); err != nil {
		return err
	}
	if stands > 0 {
		wrong["from"] = "leave.stands_in"
	}
	if l.StandIn != "" && len(wrong) == 0 {
		return mustBeThere(tx, *l, l.StandIn)
	}
	return fault.Fields(wrong)
}

// mustBeThere refuses a stand-in who is away on a day of the leave themselves.
func mustBeThere(tx *db.Tx, l Leave, worker string) error {
	away, err := booking.AwayDays(tx, worker, l.From, l.To)
	if err == nil && len(away) > 0 {
		err = fault.Fields(map[string]string{"stand_in": "leave.also_away"})
	}
	return err
}

// dutyFor gives the duty holder who can cover for a worker: of a unit of theirs, with access to all their registers, and
// not away themselves on those days. Empty: nobody.
func dutyFor(tx *db.Tx, l Leave) (string, error) {
	able, err := unit.StandIns(tx, l.Worker)
	if err != nil {
		return "", err
	}
	duty := ""
	err = tx.Each(`select distinct u.duty_worker from unit u join member m on m.tenant_id = u.tenant_id and m.unit_id = u.unit_id and m.worker_id = $2 and m.cases
		where u.tenant_id = $1 and u.duty_worker is not null and u.duty_worker <> $2 and not exists (select 1 from leave x where x.tenant_id = $1
		and x.worker_id = u.duty_worker and x.to_day >= $3 and x.from_day <= $4 and x.part = 'day' and x.state not in ('ended', 'off')) order by 1`,
		[]any{tx.Who.Tenant, l.Worker, int64(l.From), int64(l.To)}, func(row func(...any) error) error {
			var id string
			err := row(&id)
			if duty == "" && has(able, id) {
				duty = id
			}
			return err
		})
	return duty, err
}

func insert(tx *db.Tx, l Leave) error {
	_, err := tx.Exec(`insert into leave (tenant_id, leave_id, worker_id, from_day, to_day, part, kind, stand_in, cover_id, state, answer, made_by, made_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, '', $10, $11)`, tx.Who.Tenant, l.ID, l.Worker, l.From, l.To, l.Part, l.Kind, l.StandIn, string(l.State), l.MadeBy, tx.At)
	return err
}

// keep writes what changes of a leave.
func keep(tx *db.Tx, l Leave) error {
	_, err := tx.Exec(`update leave set stand_in = $3, cover_id = $4, state = $5, answer = $6 where tenant_id = $1 and leave_id = $2`,
		tx.Who.Tenant, l.ID, l.StandIn, l.Cover, string(l.State), l.Answer)
	return err
}

// decide does what was decided of one meeting. One that is not (or no longer) in the leave is left alone.
func decide(tx *db.Tx, b *path.Book, l Leave, touched Touched, d Decision) error {
	for _, m := range touched.Meetings {
		if m.Task != d.Task || m.Path != d.Path {
			continue
		}
		way := "colleague"
		if d.Move != nil {
			way = "moved"
			if err := booking.Rebook(tx, b, d.Path, d.Task, *d.Move); err != nil {
				return err
			}
		} else if l.StandIn == "" {
			return nil
		}
		_, err := tx.Exec(`insert into leave_meeting (tenant_id, leave_id, path_id, task_id, client_id, way) values ($1, $2, $3, $4, $5, $6)
			on conflict (tenant_id, leave_id, path_id, task_id) do update set way = excluded.way`, tx.Who.Tenant, l.ID, m.Path, m.Task, m.Client, way)
		return err
	}
	return nil
}

// Decide is for meetings of a leave that is planned already: flagged ones, in one go.
func Decide(tx *db.Tx, b *path.Book, id string, ways []Decision) error {
	l, err := Get(tx, id)
	if err != nil {
		return err
	}
	if err := mayPlan(tx, l.Worker); err != nil {
		return err
	}
	if l.Over(tx.Today) {
		return fault.E(fault.Conflict, "leave.over", nil)
	}
	touched, err := Touches(tx, l)
	if err != nil {
		return err
	}
	system := asSystem(tx)
	for _, w := range ways {
		if err := decide(system, b, l, touched, w); err != nil {
			return err
		}
	}
	if l.State == Agreed {
		return handOver(system, b, l)
	}
	return nil
}

// Ask asks another colleague, after a no or while waiting.
func Ask(tx *db.Tx, id, standIn string) error {
	l, err := Get(tx, id)
	if err != nil {
		return err
	}
	if err := mayPlan(tx, l.Worker); err != nil {
		return err
	}
	if l.State != Asked && l.State != Declined {
		return fault.E(fault.Conflict, "leave.answered", nil)
	}
	able, err := unit.StandIns(asSystem(tx), l.Worker)
	if err != nil {
		return err
	}
	if standIn == l.Worker || !has(able, standIn) {
		return fault.Fields(map[string]string{"stand_in": "cover.no_access"})
	}
	if err := mustBeThere(tx, l, standIn); err != nil {
		return err
	}
	l.StandIn, l.State, l.Answer = standIn, Asked, ""
	return keep(tx, l)
}

// Agree is the colleague's yes: from now on they cover, and the meetings meant for them are theirs.
func Agree(tx *db.Tx, b *path.Book, id string) error {
	l, err := Get(tx, id)
	if err != nil {
		return err
	}
	if l.StandIn != tx.Who.Worker {
		return fault.E(fault.Denied, "error.denied", nil)
	}
	if l.State != Asked || l.Over(tx.Today) {
		return fault.E(fault.Conflict, "leave.answered", nil)
	}
	if err := mustBeThere(tx, l, l.StandIn); err != nil {
		return err
	}
	l.State = Agreed
	return begin(asSystem(tx), b, &l)
}

// Decline is the colleague's no, with words for the one who asked. The duty holder goes on covering.
func Decline(tx *db.Tx, id, why string) error {
	l, err := Get(tx, id)
	if err != nil {
		return err
	}
	if l.StandIn != tx.Who.Worker {
		return fault.E(fault.Denied, "error.denied", nil)
	}
	if l.State != Asked {
		return fault.E(fault.Conflict, "leave.answered", nil)
	}
	if why == "" || len(why) > 500 {
		return fault.Fields(map[string]string{"why": "leave.why_not"})
	}
	l.State, l.Answer = Declined, why
	return keep(tx, l)
}

// begin puts the one who agreed in the duty holder's place: the cover by which they see and do the work, a mark on each
// open path so that a meeting held by them counts (pathway: a cover stands for the responsible worker), the meetings.
func begin(tx *db.Tx, b *path.Book, l *Leave) error {
	if l.Cover != "" {
		if err := unit.EndCover(tx, l.Cover); err != nil {
			return err
		}
	}
	var err error
	if l.Cover, err = unit.AddCover(tx, unit.Cover{Absent: l.Worker, Cover: l.StandIn, From: l.From, To: l.To}); err != nil {
		return err
	}
	if err := keep(tx, *l); err != nil {
		return err
	}
	if err := eachPath(tx, l.Worker, func(id string) error {
		_, err := b.Append(tx, id, entry.Entry{ID: ident.Beside(l.ID, "cover", l.StandIn, id), Day: max(l.From, tx.Today), Minute: -1, Kind: entry.KindRelation,
			Body: &entry.Relation{Worker: l.StandIn, Role: entry.Cover, Until: l.To, Why: l.Kind}})
		return err
	}); err != nil {
		return err
	}
	return handOver(tx, b, *l)
}

// eachPath runs fn for the open paths that a worker answers for.
func eachPath(tx *db.Tx, worker string, fn func(id string) error) error {
	var ids []string
	if err := tx.Each(`select path_id from standing where tenant_id = $1 and responsible = $2 and status <> 'closed' order by path_id`,
		[]any{tx.Who.Tenant, worker}, func(row func(...any) error) error {
			var id string
			err := row(&id)
			ids = append(ids, id)
			return err
		}); err != nil {
		return err
	}
	for _, id := range ids {
		if err := fn(id); err != nil {
			return err
		}
	}
	return nil
}

// mine is a meeting of a leave that is open and with some worker.
type mine struct{ path, task string }

func openOf(tx *db.Tx, l Leave, worker string) ([]mine, error) {
	var all []mine
	err := tx.Each(`select lm.path_id, lm.task_id from leave_meeting lm join task t on t.tenant_id = lm.tenant_id and t.path_id = lm.path_id and t.task_id = lm.task_id
		where lm.tenant_id = $1 and lm.leave_id = $2 and lm.way = 'colleague' and t.worker_id = $3 order by lm.path_id, lm.task_id`,
		[]any{tx.Who.Tenant, l.ID, worker}, func(row func(...any) error) error {
			var m mine
			err := row(&m.path, &m.task)
			all = append(all, m)
			return err
		})
	return all, err
}

// handOver gives the meetings meant for the colleague to them. One at whose time they have something else stays, and is
// flagged: nobody is booked twice.
func handOver(tx *db.Tx, b *path.Book, l Leave) error {
	return pass(tx, b, l, l.Worker, l.StandIn, false)
}

// pass moves the open meetings of a leave from one worker to another.
func pass(tx *db.Tx, b *path.Book, l Leave, from, to string, anyway bool) error {
	list, err := openOf(tx, l, from)
	if err != nil {
		return err
	}
	for _, m := range list {
		p, err := path.Get(tx, m.path)
		if err != nil {
			return err
		}
		s, err := b.StateOf(tx, p)
		if err != nil {
			return err
		}
		for _, t := range s.Tasks {
			if t.Task != m.task {
				continue
			}
			key, err := booking.Clash(tx, to, t.By, booking.Span{From: t.Minute, To: t.Minute + cmp.Or(t.Minutes, 60)}, t.Task)
			if err != nil {
				return err
			}
			if key != "" && !anyway {
				if _, err := tx.Exec(`delete from leave_meeting where tenant_id = $1 and leave_id = $2 and path_id = $3 and task_id = $4`, tx.Who.Tenant, l.ID, m.path, m.task); err != nil {
					return err
				}
				continue
			}
			if _, err := b.Append(tx, m.path, entry.Entry{ID: ident.Beside(l.ID, "pass", m.task, to, strconv.FormatInt(tx.At, 10)), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindTask, Body: &entry.Task{Task: t.Task, What: t.What,
				Owner: t.Owner, Worker: to, By: t.By, Minute: t.Minute, Place: t.Place, From: t.From, Form: t.Form, Minutes: t.Minutes, Offer: t.Offer, Asked: entry.ByWorker, Why: l.Kind}}); err != nil {
				return err
			}
		}
	}
	return nil
}
