package demo

import (
	"context"
	"strconv"

	"polku/internal/actor"
	"polku/internal/booking"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/ident"
	"polku/internal/leave"
	"polku/internal/path"
)

// bookWeeks gives each worker a believable next two weeks: most of what the models ask for is booked as the program
// proposes it, some is left to be proposed; Monday morning is the team's. Then the planned absences.
func bookWeeks(ctx context.Context, d *db.DB, book *path.Book, w *words, seed uint64) error {
	for _, p := range w.world.Workers {
		if len(p.Roles) == 0 {
			continue
		}
		who := asWorker(p.Username)
		if err := d.Update(ctx, who, func(tx *db.Tx) error { return bookWeek(tx, book, w, seed, p.Username, p.Lang) }); err != nil {
			return err
		}
	}
	for _, l := range w.world.Leaves {
		id := ident.Of("demo", "leave", l.Absent)
		if err := d.Update(ctx, asWorker(l.Absent), func(tx *db.Tx) error {
			from, to := book.Calendar.AddWorking(tx.Today, l.From), book.Calendar.AddWorking(tx.Today, l.To)
			return planLeave(tx, book, leave.Leave{ID: id, From: from, To: to, Kind: l.Kind, StandIn: workerID(l.StandIn)})
		}); err != nil {
			return err
		}
		if !l.Agreed {
			continue
		}
		if err := d.Update(ctx, asWorker(l.StandIn), func(tx *db.Tx) error { return leave.Agree(tx, book, id) }); err != nil {
			return err
		}
	}
	return nil
}

func asWorker(username string) actor.Actor {
	return actor.Actor{Tenant: Tenant, Worker: workerID(username), Purpose: actor.Sample, Screen: "polku demo"}
}

func bookWeek(tx *db.Tx, book *path.Book, w *words, seed uint64, username, lang string) error {
	r := newDice(seed, "week/"+username)
	if err := booking.AddBusy(tx, booking.Busy{Weekday: 1, Span: booking.Span{From: 8 * 60, To: 9 * 60}, What: w.list(lang, "team")[0]}); err != nil {
		return err
	}
	list, _, err := booking.ProposalsFor(tx, book, tx.Today.Monday()+13)
	if err != nil {
		return err
	}
	var all []booking.New
	for i, p := range list {
		if p.Day.IsZero() || r.chance(30) {
			continue
		}
		key, place := "step_meeting", "room"
		if p.Form == entry.FormCall {
			key, place = "step_call", ""
		}
		n := booking.New{Task: ident.Of("demo", strconv.FormatUint(seed, 10), "meeting", p.Path, p.Obligation, strconv.Itoa(i)), Path: p.Path, Day: p.Day, Span: p.Span, Form: p.Form,
			What: pick(r, w.list(lang, key))}
		if place != "" {
			n.Place = w.list(lang, place)[0]
		}
		all = append(all, n)
	}
	return booking.Book(tx, book, all...)
}

// planLeave gives every second meeting of the leave to the colleague; of the others nothing has been decided yet.
func planLeave(tx *db.Tx, book *path.Book, l leave.Leave) error {
	l.Worker = tx.Who.Worker
	touched, err := leave.Touches(tx, l)
	if err != nil {
		return err
	}
	var ways []leave.Decision
	for i, m := range touched.Meetings {
		if i%2 == 0 {
			ways = append(ways, leave.Decision{Path: m.Path, Task: m.Task})
		}
	}
	_, err = leave.Plan(tx, book, l, ways)
	return err
}
