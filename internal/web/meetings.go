package web

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"polku/internal/booking"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/pathway"
	"polku/internal/unit"
	"polku/internal/web/view"
	"polku/internal/wording"
)

func (q *request) meetingsPage() error { return q.meetingsForm(nil, nil) }

// meetingsForm is a client's meetings: those to come, what the model proposes, booking one, what to talk about, wishes.
func (q *request) meetingsForm(cause, wishCause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		sh.Tab = "/meetings"
		p := view.Meetings{Shell: sh, Who: q.identity(sh, o), Open: o.state.Status == pathway.Open, Topics: q.topicsOf(o), Task: ident.New(), WishErr: q.errorsOf(wishCause)}
		var err error
		if p.Coming, err = q.coming(tx, o); err != nil {
			return p, err
		}
		if p.Gone, err = q.gone(tx, o); err != nil {
			return p, err
		}
		if p.Open {
			if p.Proposed, err = q.proposedFor(tx, o); err != nil {
				return p, err
			}
		}
		p.Book = q.bookForm(o, cause)
		wish, err := booking.WishOf(tx, o.client.ID)
		if err != nil {
			return p, err
		}
		for day := 1; day <= 7; day++ {
			n := strconv.Itoa(day)
			p.Weekdays = append(p.Weekdays, view.Option{Value: n, Text: q.lang.Weekday(sh.Day.Monday() + civil.Date(day-1)), On: strings.Contains(wish.Weekdays, n)})
		}
		p.WishFrom, p.WishTo, p.WishNote = q.clockText(wish.Hours.From, wish.Hours), q.clockText(wish.Hours.To, wish.Hours), wish.Note
		return p, nil
	}, cmp.Or(cause, wishCause))
}

// bookForm is the form for a meeting with what was typed.
func (q *request) bookForm(o onePath, cause error) view.BookForm {
	v := q.FormValue
	f := view.BookForm{Day: v("day"), Time: v("time"), Minutes: cmp.Or(v("minutes"), "60"), What: cmp.Or(v("what"), q.meetingWord("meeting")), Place: v("place"), Why: v("why"),
		OnTop: v("on_top") != "", Errors: q.errorsOf(cause)}
	f.Ask = f.Errors.Of("time") != "" && parseClock(f.Time) >= 0 || f.Errors.Of("why") != ""
	chosen := cmp.Or(v("form"), "meeting")
	for _, form := range []entry.Form{entry.FormMeeting, entry.FormVisit, entry.FormCall} {
		f.Forms = append(f.Forms, view.Option{Value: string(form), Text: q.formWord(string(form)), On: chosen == string(form)})
	}
	if s := o.state.NextStep; s != nil && s.Minute == 0 && s.Owner == entry.ByWorker && (s.From == entry.FromNextStep || s.From == entry.FromHandoff || s.From == entry.FromImport) {
		f.Ends, f.EndsWhat, f.EndsOn = s.Task, wording.Task(*s, q.lang), cause == nil || v("ends") != ""
	}
	return f
}

// topicsOf are the topics of the phase, those covered with their day.
func (q *request) topicsOf(o onePath) []view.Topic {
	var topics []view.Topic
	if o.model == nil || o.model.Phase(o.state.Phase) == nil || o.state.Status == pathway.Closed {
		return nil
	}
	for _, id := range o.model.Phase(o.state.Phase).Topics {
		t := view.Topic{Name: o.names("topic", id)}
		for _, d := range o.state.Obligations {
			if d.Kind == pathway.OwesTopic && d.Rule == id && d.Phase == o.state.Phase && d.Status == pathway.Met {
				t.Day = d.From
			}
		}
		topics = append(topics, t)
	}
	return topics
}

func (q *request) coming(tx *db.Tx, o onePath) ([]view.Meet, error) {
	list, err := booking.OfClient(tx, o.client.ID)
	var all []view.Meet
	for _, m := range list {
		if m.Path == o.path.ID {
			all = append(all, q.meet(tx, o, m))
		}
	}
	return all, err
}

func (q *request) meet(tx *db.Tx, o onePath, m booking.Meeting) view.Meet {
	v := view.Meet{Task: m.Task, Day: m.Day, Minute: m.Span.From, What: m.What, Form: q.formWord(string(m.Form)), Place: m.Place, Worker: o.house.Workers[m.Worker]}
	if m.Fixed {
		v.Task = ""
	}
	if m.Day < tx.Today || m.Day == tx.Today && m.Span.To <= tx.Minute() {
		v.Flag = q.lang.T("meetings.unrecorded")
	}
	return v
}

// goneMost is how many meetings that are over the page shows.
const goneMost = 15

// gone are the meetings that took place, were missed or called off, newest first.
func (q *request) gone(tx *db.Tx, o onePath) ([]view.Meet, error) {
	entries, err := q.s.Book.Entries(tx, o.path)
	var all []view.Meet
	for _, e := range slices.Backward(entries) {
		c, is := e.Body.(*entry.Contact)
		if !is || c.With != "" || c.Form != entry.FormMeeting && c.Form != entry.FormVisit || e.Damaged || c.Result == entry.Booked {
			continue
		}
		said := view.Say(q.lang, e, o.names)
		all = append(all, view.Meet{Day: e.Day, Minute: e.Minute, What: said.Title, Text: said.Text, Form: strings.Join(said.Marks, " · "), Worker: o.names("worker", e.Author)})
		if len(all) == goneMost {
			break
		}
	}
	return all, err
}

// proposedFor are the times that the model's cadences propose for this client in the next four weeks.
func (q *request) proposedFor(tx *db.Tx, o onePath) ([]view.Offered, error) {
	list, _, err := booking.ProposalsOfPath(tx, q.s.Book, o.path.ID, tx.Today.Monday()+27)
	var all []view.Offered
	for _, x := range list {
		v := view.Offered{What: q.wantWord(x.Want), Form: string(x.Form), Title: q.meetingWord(string(x.Form))}
		if x.Day.IsZero() {
			v.Why = q.lang.T(x.Why)
		} else {
			v.Day, v.Time, v.Minutes = x.Day.String(), q.lang.Clock(x.Span.From), strconv.Itoa(x.Minutes)
			v.When = q.lang.DayShort(x.Day) + " " + q.lang.T("when.clock", "t", v.Time)
		}
		all = append(all, v)
	}
	return all, err
}

// newMeeting reads the fields of a meeting. What cannot be read is refused by booking.Book.
func (q *request) newMeeting() booking.New {
	v := q.PostFormValue
	minutes, _ := strconv.Atoi(strings.TrimSpace(v("minutes")))
	n := booking.New{Task: v("task"), Day: q.day("day"), Form: entry.Form(v("form")), What: strings.TrimSpace(v("what")), Place: v("place"), Ends: v("ends"),
		OnTop: v("on_top") != "", Why: v("why")}
	if from := parseClock(v("time")); from >= 0 {
		n.Span = booking.Span{From: from, To: from + minutes}
	}
	if !ident.Valid(n.Task) {
		n.Task = ident.New()
	}
	return n
}

func (q *request) meetingBook() error {
	n := q.newMeeting()
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		n.Path = o.path.ID
		if n.Ends != "" && !slices.ContainsFunc(o.state.Tasks, func(t pathway.OpenTask) bool { return t.Task == n.Ends }) {
			n.Ends = ""
		}
		return booking.Book(tx, q.s.Book, n)
	})
	if fault.Is(err, fault.Invalid) {
		return q.meetingsForm(err, nil)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.booked", Saved: "book:" + o.id})
	return q.redirect("/c/" + o.id + "/meetings")
}

func (q *request) wish() error {
	w := booking.Wish{Note: strings.TrimSpace(q.PostFormValue("wish_note"))}
	for _, d := range q.PostForm["weekday"] {
		if len(d) == 1 && d >= "1" && d <= "7" && !strings.Contains(w.Weekdays, d) {
			w.Weekdays += d
		}
	}
	var readable bool
	w.Hours, readable = q.spanOf("wish_from", "wish_to")
	if !readable {
		w.Hours = booking.Span{From: 1, To: 0}
	}
	o, err := q.onCase(func(tx *db.Tx, o onePath) error { return booking.SetWish(tx, o.client.ID, w) })
	if fault.Is(err, fault.Invalid) {
		return q.meetingsForm(nil, err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.wish"})
	return q.redirect("/c/" + o.id + "/meetings")
}

func (q *request) meetingPage() error { return q.meetingForm(nil, nil) }

// meetingForm is one meeting: preparing for it, moving it, what became of it.
func (q *request) meetingForm(moveCause, fellCause error) error {
	gone := false
	err := q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		sh.Tab = "/meetings"
		p := view.OneMeeting{Shell: sh, Who: q.identity(sh, o), Task: q.FormValue("task"), Topics: q.topicsOf(o), Promises: q.promises(o), Text: q.FormValue("text")}
		list, err := booking.OfClient(tx, o.client.ID)
		if err != nil {
			return p, err
		}
		at := slices.IndexFunc(list, func(m booking.Meeting) bool { return m.Task == p.Task && m.Path == o.path.ID && !m.Fixed })
		if at < 0 {
			gone = true
			return nil, fault.E(fault.Gone, "error.not_found", nil)
		}
		m := list[at]
		p.Meet, p.OfferID = q.meet(tx, o, m), m.Offer
		p.Past = m.Day < tx.Today || m.Day == tx.Today && m.Span.From <= tx.Minute()
		p.Move = q.moveForm(m, moveCause)
		for _, who := range []entry.Owner{entry.ByClient, entry.ByWorker, entry.ByOther} {
			p.Asked = append(p.Asked, view.Option{Value: string(who), Text: q.lang.T("asked." + string(who)), On: q.FormValue("asked") == string(who)})
		}
		return p, q.fellForm(tx, o, m, &p, fellCause)
	}, cmp.Or(moveCause, fellCause))
	if gone {
		return q.redirect("/c/" + q.PathValue("id") + "/meetings")
	}
	return err
}

func (q *request) moveForm(m booking.Meeting, cause error) view.BookForm {
	f := view.BookForm{Day: m.Day.String(), Time: q.lang.Clock(m.Span.From), Minutes: strconv.Itoa(m.Span.To - m.Span.From), Place: m.Place, Errors: q.errorsOf(cause)}
	if cause != nil {
		v := q.FormValue
		f.Day, f.Time, f.Minutes, f.Place, f.Why, f.OnTop = v("day"), v("time"), v("minutes"), v("place"), v("why"), v("on_top") != ""
		f.Ask = strings.HasPrefix(keyOf(cause, "time"), "booking.") && keyOf(cause, "time") != "booking.no_time"
	}
	return f
}

// keyOf gives the catalogue key of a wrong field.
func keyOf(err error, field string) string {
	if f, is := err.(*fault.Error); is {
		return f.Fields[field]
	}
	return ""
}

// fellForm asks what became of a meeting that did not take place; catching up is proposed within the model's grace.
func (q *request) fellForm(tx *db.Tx, o onePath, m booking.Meeting, p *view.OneMeeting, cause error) error {
	v := q.FormValue
	f := view.BookForm{Minutes: strconv.Itoa(m.Span.To - m.Span.From), Errors: q.errorsOf(cause)}
	if cause != nil {
		f.Day, f.Time, f.Minutes, f.Why, f.OnTop = v("day"), v("time"), v("minutes"), v("why"), v("on_top") != ""
		f.Ask = strings.HasPrefix(keyOf(cause, "time"), "booking.") && keyOf(cause, "time") != "booking.no_time"
	} else if o.state.Status == pathway.Open {
		day, span, err := booking.CatchUp(tx, q.s.Book, o.path, m)
		if err != nil {
			return err
		}
		if !day.IsZero() {
			f.Day, f.Time = day.String(), q.lang.Clock(span.From)
		}
	}
	p.Fell = f
	result := cmp.Or(v("result"), "no_show")
	if !p.Past {
		result = cmp.Or(v("result"), "cancelled")
	}
	for _, r := range []entry.Result{entry.NoShow, entry.Cancelled} {
		if r == entry.NoShow && !p.Past {
			continue
		}
		p.Results = append(p.Results, view.Option{Value: string(r), Text: q.lang.T("fell." + string(r)), On: result == string(r)})
	}
	next := cmp.Or(v("next"), "again")
	for _, n := range []string{"again", "step"} {
		p.Next = append(p.Next, view.Option{Value: n, Text: q.lang.T("fell.next." + n), On: n == next})
	}
	p.StepWhat = cmp.Or(v("step_what"), q.lang.T("suggest.call"))
	p.StepBy = cmp.Or(v("step_by"), q.s.Book.Calendar.AddWorking(tx.Today, 1).String())
	return nil
}

func (q *request) meetingMove() error {
	n := q.newMeeting()
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		return booking.Rebook(tx, q.s.Book, o.path.ID, q.PostFormValue("task"), booking.Move{Day: n.Day, Span: n.Span, Place: n.Place,
			Asked: entry.Owner(q.PostFormValue("asked")), Why: n.Why, OnTop: n.OnTop})
	})
	if fault.Is(err, fault.Invalid) {
		return q.meetingForm(err, nil)
	}
	return q.backToMeetings(o, err, "flash.moved")
}

func (q *request) meetingFell() error {
	n := q.newMeeting()
	f := booking.Fell{Result: entry.Result(q.PostFormValue("result")), Text: strings.TrimSpace(q.PostFormValue("text"))}
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		if q.PostFormValue("next") == "step" {
			f.Step = &path.Step{What: strings.TrimSpace(q.PostFormValue("step_what")), By: q.day("step_by")}
		} else {
			again := n
			again.Task, again.What, again.Ends = "", cmp.Or(n.What, q.meetingWord("meeting")), ""
			f.Again = &again
		}
		return booking.FallThrough(tx, q.s.Book, o.path.ID, q.PostFormValue("task"), f)
	})
	if fault.Is(err, fault.Invalid) {
		return q.meetingForm(nil, err)
	}
	return q.backToMeetings(o, err, "flash.fell")
}

func (q *request) backToMeetings(o onePath, err error, key string) error {
	if err != nil {
		return err
	}
	q.say(flash{Key: key})
	return q.redirect("/c/" + o.id + "/meetings")
}

// workerNames are the names of those who may stand in for a worker, as options.
func standIns(tx *db.Tx, worker, chosen string) ([]view.Option, error) {
	able, err := unit.StandIns(tx, worker)
	var all []view.Option
	for _, w := range able {
		all = append(all, view.Option{Value: w.ID, Text: w.Name, On: w.ID == chosen})
	}
	return all, err
}
