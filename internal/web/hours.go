package web

import (
	"strconv"
	"strings"

	"polku/internal/booking"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/web/view"
)

func (q *request) hoursPage() error { return q.hoursForm(nil, nil, "") }

// hoursForm shows when the worker takes meetings, their own blocks and the calendar feed. link is shown once.
func (q *request) hoursForm(cause, busyCause error, link string) error {
	sh := q.shell(view.NavMore)
	p := view.WorkHours{BusyFrom: q.FormValue("busy_from"), BusyTo: q.FormValue("busy_to"), BusyWhat: q.FormValue("busy_what"), FeedLink: link,
		Errors: q.errorsOf(cause), BusyError: q.errorsOf(busyCause)}
	err := q.view(func(tx *db.Tx) error {
		week, err := booking.HoursOf(tx, q.me.Worker.ID)
		if err != nil {
			return err
		}
		for day := 1; day <= 7; day++ {
			n := strconv.Itoa(day)
			name := q.lang.Weekday(sh.Day.Monday() + civil.Date(day-1))
			r := view.HoursRow{N: day, Name: name, From: q.clockText(week[day].Open.From, week[day].Open), To: q.clockText(week[day].Open.To, week[day].Open),
				PauseFrom: q.clockText(week[day].Pause.From, week[day].Pause), Till: q.clockText(week[day].Pause.To, week[day].Pause)}
			if cause != nil {
				r.From, r.To, r.PauseFrom, r.Till = q.FormValue("from"+n), q.FormValue("to"+n), q.FormValue("pause"+n), q.FormValue("till"+n)
				r.Error = p.Errors.Of("open"+n) + p.Errors.Of("pause"+n)
			}
			p.Rows = append(p.Rows, r)
			p.Days = append(p.Days, view.Option{Value: n, Text: q.lang.T("busy.every", "day", name), On: q.FormValue("busy_day") == n})
		}
		for ahead := range 14 {
			day := sh.Day + civil.Date(ahead)
			p.Days = append(p.Days, view.Option{Value: day.String(), Text: q.lang.T("busy.once", "day", q.lang.DayShort(day)), On: q.FormValue("busy_day") == day.String()})
		}
		blocks, err := booking.BusyOf(tx, q.me.Worker.ID)
		if err != nil {
			return err
		}
		for _, b := range blocks {
			when := q.lang.T("busy.once", "day", q.lang.DayShort(b.Day))
			if b.Weekday > 0 {
				when = q.lang.T("busy.every", "day", q.lang.Weekday(sh.Day.Monday()+civil.Date(b.Weekday-1)))
			}
			what := b.What
			if what == "" {
				what = q.lang.T("busy.blocked")
			}
			p.Busy = append(p.Busy, view.BusyRow{ID: b.ID, What: what, When: when + " " + q.lang.Clock(b.Span.From) + "–" + q.lang.Clock(b.Span.To)})
		}
		feed, err := booking.FeedOf(tx)
		if err != nil {
			return err
		}
		if feed.MadeAt > 0 {
			p.Feed, p.FeedMade = true, q.when(feed.MadeAt)
		}
		if feed.ReadAt > 0 {
			p.FeedRead = q.when(feed.ReadAt)
		}
		return q.counted(tx, &sh)
	})
	if err != nil {
		return err
	}
	p.Shell = sh
	if cause == nil {
		cause = busyCause
	}
	return q.renderStatus(statusFor(cause), p)
}

// clockText is a clock time for a field; empty when the span it belongs to is.
func (q *request) clockText(minute int, of booking.Span) string {
	if of.Empty() {
		return ""
	}
	return q.lang.Clock(minute)
}

// hours reads the table of the week: an empty row is a day without meetings.
func (q *request) hours() error {
	var week booking.Week
	wrong := map[string]string{}
	for day := 1; day <= 7; day++ {
		n := strconv.Itoa(day)
		open, ok := q.spanOf("from"+n, "to"+n)
		if !ok {
			wrong["open"+n] = "hours.bad"
		}
		pause, ok := q.spanOf("pause"+n, "till"+n)
		if !ok {
			wrong["pause"+n] = "hours.bad_pause"
		}
		week[day] = booking.Hours{Open: open, Pause: pause}
	}
	err := fault.Fields(wrong)
	if err == nil {
		err = q.update(func(tx *db.Tx) error { return booking.SetHours(tx, week) })
	}
	if fault.Is(err, fault.Invalid) {
		return q.hoursForm(err, nil, "")
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.hours"})
	return q.redirect("/calendar/hours")
}

// spanOf reads two clock times; both empty is nothing.
func (q *request) spanOf(from, to string) (booking.Span, bool) {
	a, b := strings.TrimSpace(q.PostFormValue(from)), strings.TrimSpace(q.PostFormValue(to))
	if a == "" && b == "" {
		return booking.Span{}, true
	}
	s := booking.Span{From: parseClock(a), To: parseClock(b)}
	return s, s.From >= 0 && s.To >= 0 && s.From <= s.To
}

func (q *request) busyAdd() error {
	b := booking.Busy{What: strings.TrimSpace(q.PostFormValue("busy_what"))}
	b.Span, _ = q.spanOf("busy_from", "busy_to")
	if n, err := strconv.Atoi(q.PostFormValue("busy_day")); err == nil && n >= 1 && n <= 7 {
		b.Weekday = n
	} else {
		b.Day = q.day("busy_day")
	}
	err := q.update(func(tx *db.Tx) error { return booking.AddBusy(tx, b) })
	if fault.Is(err, fault.Invalid) {
		return q.hoursForm(nil, err, "")
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.hours"})
	return q.redirect("/calendar/hours")
}

func (q *request) busyDrop() error {
	if err := q.update(func(tx *db.Tx) error { return booking.DropBusy(tx, q.PostFormValue("busy")) }); err != nil {
		return err
	}
	q.say(flash{Key: "flash.hours"})
	return q.redirect("/calendar/hours")
}

// feedNew makes the secret link and shows it this once.
func (q *request) feedNew() error {
	var token string
	err := q.update(func(tx *db.Tx) (err error) {
		token, err = booking.NewFeed(tx)
		return err
	})
	if err != nil {
		return err
	}
	return q.hoursForm(nil, nil, q.public()+"/feed/"+token)
}

func (q *request) feedEnd() error {
	if err := q.update(booking.EndFeed); err != nil {
		return err
	}
	q.say(flash{Key: "flash.feed_ended"})
	return q.redirect("/calendar/hours")
}
