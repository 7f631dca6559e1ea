package demo

import (
	"strconv"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/ident"
	"polku/internal/intake"
	"polku/internal/path"
	"polku/internal/referral"
	"polku/internal/seal"
)

// fillQueues gives every service that goes on people who wait, in every state: late, new, tried, reached, lifted, invited,
// declined, started, and one who is a client already.
func fillQueues(tx *db.Tx, w *words, book *path.Book, keys *seal.Keys, o Options) error {
	folk := &people{w: w, used: map[string]bool{}, made: map[string]person{}}
	for i := range w.world.Services {
		s := &w.world.Services[i]
		m := book.Models.Newest(s.Model)
		if s.Total == 0 || m == nil {
			continue
		}
		q := &queue{w: w, s: s, tx: tx, in: &intake.Intake{Book: book, Keys: keys}, dice: newDice(o.Seed, "queue/"+s.ID), sources: m.Entry.Sources}
		for n := range 10 {
			q.who = folk.person(o.Seed, s, s.Total+n, o.Today)
			q.id = ident.Of("demo", strconv.FormatUint(o.Seed, 10), "referral", s.ID, strconv.Itoa(n))
			if err := q.fill(n); err != nil {
				return err
			}
		}
	}
	return nil
}

// queue is one service's, being filled.
type queue struct {
	w       *words
	s       *service
	tx      *db.Tx
	in      *intake.Intake
	dice    *dice
	sources []string
	who     person
	id      string
}

// as gives the transaction as somebody had it some days ago.
func (q *queue) as(who actor.Actor, days int) *db.Tx {
	past := *q.tx
	past.Who = who
	past.Today -= civil.Date(days)
	past.At -= int64(days) * 86400 * 1_000_000
	return &past
}

// owner is the worker who answers for the referral, as an actor.
func (q *queue) owner() (actor.Actor, error) {
	r, err := referral.Get(q.tx, q.id)
	return actor.Actor{Tenant: Tenant, Worker: r.Owner, Purpose: actor.Sample, Screen: "polku demo"}, err
}

// arrive adds the person some days ago, sent by somebody or by themselves.
func (q *queue) arrive(days int) error {
	client := q.who.client(q.w, 0, q.s, 0)
	n := referral.New{ID: q.id, Service: serviceID(q.s.ID), Source: q.sources[q.dice.IntN(len(q.sources))], FirstName: q.who.first, LastName: q.who.last,
		Born: q.who.born, Phone: client.Phone[:len(client.Phone)-4] + strconv.Itoa(1000+q.dice.IntN(9000)), Lang: q.who.lang, Municipality: q.s.Town, Answers: map[string]string{
			"wishes": pick(q.dice, q.w.list("fi", "referral_wish")), "contact_hours": pick(q.dice, q.w.list("fi", "referral_hours")),
			"unemployed_days": strconv.Itoa(q.dice.between(90, 700)), "reason": "life-situation"}}
	if n.Source != "self" {
		n.Code = q.who.code
		n.Sender = referral.Sender{Name: pick(q.dice, q.w.list("fi", "referral_sender"))}
	}
	_, _, err := referral.Add(q.as(q.tx.Who, days), q.in.Book, q.in.Keys, n)
	return err
}

// fill makes the n-th person of a queue.
func (q *queue) fill(n int) error {
	arrived := []int{14, 0, 3, 20, 30, 6, 5, 25, 40, 1}[n]
	if n == 9 {
		if err := q.again(); err != nil {
			return err
		}
	}
	if err := q.arrive(arrived); err != nil {
		return err
	}
	who, err := q.owner()
	if err != nil {
		return err
	}
	say := func(key string) string { return q.w.list("fi", key)[0] }
	switch n {
	case 2:
		if err = referral.Tried(q.as(who, 2), q.id, referral.Attempt{Text: say("referral_tried"), Next: q.tx.Today - 1}); err == nil {
			err = referral.Tried(q.as(who, 1), q.id, referral.Attempt{Text: say("referral_tried"), Next: q.tx.Today + 1})
		}
	case 3, 4, 5, 6, 8:
		err = referral.Tried(q.as(who, arrived-2), q.id, referral.Attempt{Reached: true, Text: say("referral_reached"), Next: q.tx.Today + civil.Date(n)})
	}
	if err != nil {
		return err
	}
	switch n {
	case 4:
		return referral.Lift(q.as(who, 1), q.id, say("referral_lift"))
	case 5, 6:
		return q.invite(who, n == 6)
	case 7:
		return referral.Decline(q.as(who, 20), q.id, "did-not-want", say("referral_answer"))
	case 8:
		return q.started(who)
	}
	return nil
}

// invite offers times, and lets the person choose one.
func (q *queue) invite(who actor.Actor, choose bool) error {
	free, err := q.in.Free(q.tx, who.Worker, 60)
	if err != nil || len(free) == 0 {
		return err
	}
	_, token, err := q.in.Invite(q.as(who, 2), intake.Invitation{Referral: q.id, Worker: who.Worker, Place: q.s.Place, Minutes: 60,
		Slots: free[max(0, len(free)-4):], RemindOn: q.tx.Today, Until: q.tx.Today + 3})
	if err != nil || !choose {
		return err
	}
	return q.in.Choose(q.as(actor.Visitor(Tenant, "polku demo", ""), 1), token, free[len(free)-1])
}

// started says that the referral of the service's newest client was this one.
func (q *queue) started(who actor.Actor) error {
	var clientID, pathID string
	found, err := q.tx.One(`select client_id, path_id from standing where tenant_id = $1 and service_id = $2 and status = 'open' order by path_id limit 1`,
		[]any{Tenant, serviceID(q.s.ID)}, &clientID, &pathID)
	if err != nil || !found {
		return err
	}
	return referral.End(q.as(who, 1), q.id, referral.Started, clientID, pathID)
}

// again makes the person one who is a client of the service already: their name and birthday.
func (q *queue) again() error {
	_, err := q.tx.One(`select c.first_name, c.last_name, c.born from standing s join client c on c.tenant_id = s.tenant_id and c.client_id = s.client_id
		where s.tenant_id = $1 and s.service_id = $2 and s.status = 'open' order by s.path_id desc limit 1`, []any{Tenant, serviceID(q.s.ID)},
		&q.who.first, &q.who.last, &q.who.born)
	q.who.code = ""
	return err
}
