// Package booking owns when workers and clients meet: a worker's hours and own blocks, their calendar, what the service
// model's cadences propose, and meetings booked, moved, missed and caught up. A booked meeting is no record of its own:
// it is the task with a clock time (entry.Task), so it is a next step like any other and its moves stay in the journal.
// Absences of workers belong to package leave; here they only take time away.
package booking

import (
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
)

// Span is a stretch of a day in minutes from midnight, 0–1440. To is not included; From = To is nothing.
type Span struct{ From, To int }

// Meets tells whether two spans have a minute in common.
func (s Span) Meets(o Span) bool { return s.From < o.To && o.From < s.To }

// Empty tells whether nothing lies in the span.
func (s Span) Empty() bool { return s.From >= s.To }

// Hours of a weekday in which a worker takes meetings, and the pause in them.
type Hours struct{ Open, Pause Span }

// Week is a worker's hours by weekday, Monday 1 … Sunday 7; the first is not used.
type Week [8]Hours

// Ordinary are the hours of a worker who has said nothing: Monday to Friday 8–16, lunch 11–11.30.
func Ordinary() Week {
	var w Week
	for day := 1; day <= 5; day++ {
		w[day] = Hours{Span{8 * 60, 16 * 60}, Span{11 * 60, 11*60 + 30}}
	}
	return w
}

// HoursOf gives a worker's hours.
func HoursOf(tx *db.Tx, worker string) (Week, error) {
	w, own := Ordinary(), false
	err := tx.Each(`select weekday, begins, ends, pause_from, pause_to from work_hours where tenant_id = $1 and worker_id = $2`,
		[]any{tx.Who.Tenant, worker}, func(row func(...any) error) error {
			if !own {
				w, own = Week{}, true
			}
			var day int
			var h Hours
			err := row(&day, &h.Open.From, &h.Open.To, &h.Pause.From, &h.Pause.To)
			w[day] = h
			return err
		})
	return w, err
}

// SetHours keeps the actor's own hours. Wrong fields: open1 … open7, pause1 … pause7.
func SetHours(tx *db.Tx, w Week) error {
	wrong := map[string]string{}
	var rows [][]any
	for day := 1; day <= 7; day++ {
		h := w[day]
		if h.Open.From < 0 || h.Open.To > 24*60 || h.Open.From > h.Open.To {
			wrong["open"+string(rune('0'+day))] = "hours.bad"
		}
		if h.Pause.From > h.Pause.To || !h.Pause.Empty() && (h.Pause.From < h.Open.From || h.Pause.To > h.Open.To) {
			wrong["pause"+string(rune('0'+day))] = "hours.bad_pause"
		}
		rows = append(rows, []any{tx.Who.Tenant, tx.Who.Worker, day, h.Open.From, h.Open.To, h.Pause.From, h.Pause.To})
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	if _, err := tx.Exec(`delete from work_hours where tenant_id = $1 and worker_id = $2`, tx.Who.Tenant, tx.Who.Worker); err != nil {
		return err
	}
	_, err := tx.InsertMany(`insert into work_hours (tenant_id, worker_id, weekday, begins, ends, pause_from, pause_to) values`, rows, "")
	return err
}

// Busy is a time in which a worker takes no meetings: every week on Weekday, or once on Day (Weekday 0).
type Busy struct {
	ID      string
	Weekday int
	Day     civil.Date
	Span    Span
	What    string // the worker's own words; nothing about clients belongs here
}

// BusyOf gives a worker's own blocks that still matter today, in the order of the week.
func BusyOf(tx *db.Tx, worker string) ([]Busy, error) {
	var all []Busy
	err := tx.Each(`select busy_id, weekday, day, from_minute, to_minute, what from busy where tenant_id = $1 and worker_id = $2
		and (weekday > 0 or day >= $3) order by weekday, day, from_minute, busy_id`, []any{tx.Who.Tenant, worker, tx.Today}, func(row func(...any) error) error {
		var b Busy
		err := row(&b.ID, &b.Weekday, &b.Day, &b.Span.From, &b.Span.To, &b.What)
		all = append(all, b)
		return err
	})
	return all, err
}

// AddBusy keeps a block of the actor's own time. Wrong fields: busy_day, busy_from, busy_to, busy_what.
func AddBusy(tx *db.Tx, b Busy) error {
	wrong := map[string]string{}
	if b.Weekday < 0 || b.Weekday > 7 || b.Weekday == 0 && b.Day < tx.Today {
		wrong["busy_day"] = "busy.bad_day"
	}
	if b.Span.From < 0 || b.Span.To > 24*60 || b.Span.Empty() {
		wrong["busy_to"] = "busy.bad_hours"
	}
	if len(b.What) > 200 {
		wrong["busy_what"] = "record.long_text"
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	if b.Weekday > 0 {
		b.Day = 0
	}
	_, err := tx.Exec(`insert into busy (tenant_id, busy_id, worker_id, weekday, day, from_minute, to_minute, what) values ($1, $2, $3, $4, $5, $6, $7, $8)`,
		tx.Who.Tenant, ident.New(), tx.Who.Worker, b.Weekday, b.Day, b.Span.From, b.Span.To, b.What)
	return err
}

// DropBusy frees a block of the actor's own.
func DropBusy(tx *db.Tx, id string) error {
	n, err := tx.Exec(`delete from busy where tenant_id = $1 and worker_id = $2 and busy_id = $3`, tx.Who.Tenant, tx.Who.Worker, id)
	if err == nil && n == 0 {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	return err
}

// Wish is what a client wishes of meetings. The zero Wish wishes nothing.
type Wish struct {
	Weekdays string // digits 1–7; empty: any
	Hours    Span   // empty: any
	Note     string
}

// Allows tells whether a time suits the wish.
func (w Wish) Allows(day civil.Date, s Span) bool {
	if w.Weekdays != "" {
		suits := false
		for _, d := range w.Weekdays {
			suits = suits || int(d-'0') == day.Weekday()
		}
		if !suits {
			return false
		}
	}
	return w.Hours.Empty() || s.From >= w.Hours.From && s.To <= w.Hours.To
}

// WishOf gives a client's wish. The caller has asked whether the actor may see the client.
func WishOf(tx *db.Tx, client string) (Wish, error) {
	var w Wish
	_, err := tx.One(`select weekdays, from_minute, to_minute, note from meeting_wish where tenant_id = $1 and client_id = $2`,
		[]any{tx.Who.Tenant, client}, &w.Weekdays, &w.Hours.From, &w.Hours.To, &w.Note)
	return w, err
}

// SetWish keeps what a client wishes. The caller has asked whether the actor may see the client. Wrong fields: wish_to, wish_note.
func SetWish(tx *db.Tx, client string, w Wish) error {
	wrong := map[string]string{}
	if w.Hours.From < 0 || w.Hours.To > 24*60 || w.Hours.From > w.Hours.To {
		wrong["wish_to"] = "busy.bad_hours"
	}
	if len(w.Note) > 500 {
		wrong["wish_note"] = "record.long_text"
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	_, err := tx.Exec(`insert into meeting_wish (tenant_id, client_id, weekdays, from_minute, to_minute, note) values ($1, $2, $3, $4, $5, $6)
		on conflict (tenant_id, client_id) do update set weekdays = excluded.weekdays, from_minute = excluded.from_minute, to_minute = excluded.to_minute,
		note = excluded.note`, tx.Who.Tenant, client, w.Weekdays, w.Hours.From, w.Hours.To, w.Note)
	return err
}
