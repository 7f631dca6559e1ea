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
	"polku/internal/leave"
	"polku/internal/unit"
	"polku/internal/web/view"
)

func (q *request) leavesPage() error { return q.leavesForm(nil) }

// leavesForm lists planned absences and plans one: first it shows what would be touched, then it is done.
func (q *request) leavesForm(cause error) error {
	sh := q.shell(view.NavMore)
	v := q.FormValue
	p := view.Leaves{From: v("from"), To: v("to"), Errors: q.errorsOf(cause)}
	part, kind := cmp.Or(v("part"), "day"), cmp.Or(v("kind"), "leave")
	for _, x := range []string{"day", "morning", "afternoon"} {
		p.Parts = append(p.Parts, view.Option{Value: x, Text: q.lang.T("leave.part." + x), On: x == part})
	}
	for _, x := range []string{"leave", "training", "other"} {
		p.Kinds = append(p.Kinds, view.Option{Value: x, Text: q.lang.T("leave.kind." + x), On: x == kind})
	}
	err := q.view(func(tx *db.Tx) error {
		names, err := unit.Names(tx)
		if err != nil {
			return err
		}
		list, err := leave.Concerning(tx)
		if err != nil {
			return err
		}
		for _, l := range list {
			p.Lines = append(p.Lines, q.leaveLine(l, names))
		}
		l := leave.Leave{Worker: q.me.Worker.ID, From: parseDay(p.From), To: parseDay(p.To), Part: part}
		absentees, err := unit.Absentees(tx)
		if err != nil {
			return err
		}
		for _, w := range absentees {
			if w.ID == v("worker") {
				l.Worker = w.ID
			}
		}
		for _, w := range absentees {
			p.Workers = append(p.Workers, view.Option{Value: w.ID, Text: w.Name, On: w.ID == l.Worker})
		}
		able, err := standIns(tx, l.Worker, v("stand_in"))
		if err != nil {
			return err
		}
		p.StandIns = append([]view.Option{{Text: q.lang.T("leave.duty"), On: v("stand_in") == ""}}, able...)
		if p.Preview = l.From >= tx.Today && l.To >= l.From && l.To < l.From+400; p.Preview {
			touched, err := leave.Touches(tx, l)
			if err != nil {
				return err
			}
			p.Tasks, p.Paths = touched.Tasks, touched.Paths
			if p.Touched, err = q.leaveMeetings(tx, l, touched.Meetings, names[v("stand_in")]); err != nil {
				return err
			}
		}
		return q.counted(tx, &sh)
	})
	if err != nil {
		return err
	}
	p.Shell = sh
	return q.renderStatus(statusFor(cause), p)
}

func (q *request) leaveLine(l leave.Leave, names map[string]string) view.LeaveLine {
	line := view.LeaveLine{ID: l.ID, Worker: names[l.Worker], StandIn: names[l.StandIn], From: l.From, To: l.To, Kind: q.lang.T("leave.kind." + l.Kind),
		State: q.lang.T("leave.state." + string(l.State)), Asked: l.State == leave.Asked && l.StandIn == q.me.Worker.ID, Unsure: l.State == leave.Asked || l.State == leave.Declined}
	if l.Part != "day" {
		line.Part = q.lang.T("leave.part." + l.Part)
	}
	return line
}

// leaveMeetings offers for each meeting the colleague, and other times before and after the leave.
func (q *request) leaveMeetings(tx *db.Tx, l leave.Leave, list []booking.Meeting, colleague string) ([]view.LeaveMeeting, error) {
	if len(list) == 0 {
		return nil, nil
	}
	last := l.To + 14
	free, err := booking.FreeOf(tx, q.s.Book.Calendar, l.Worker, tx.Today, last)
	if err != nil {
		return nil, err
	}
	for day := l.From; day <= l.To; day++ {
		free.Take(day, booking.Span{From: 0, To: 24 * 60})
	}
	var taken []booking.Proposal
	var rows []view.LeaveMeeting
	for _, m := range list {
		row := view.LeaveMeeting{Path: m.Path, Task: m.Task, Client: m.Client, Name: strings.TrimSpace(m.FirstName + " " + m.LastName), What: m.What, Day: m.Day, Minute: m.Span.From}
		sent := q.FormValue("way." + m.Path + "." + m.Task)
		if colleague != "" {
			row.Times = append(row.Times, view.Option{Value: "colleague", Text: q.lang.T("leave.to", "who", colleague), On: sent == "colleague"})
		} else {
			row.Times = append(row.Times, view.Option{Value: "colleague", Text: q.lang.T("leave.to_duty"), On: sent == "colleague"})
		}
		want := booking.Proposal{Want: booking.Want{Client: m.Client, From: max(tx.Today+1, m.Day-7), To: last, Minutes: m.Span.To - m.Span.From}}
		for i, x := range booking.Alternatives(want, taken, free, tx.Today, 8) {
			value := x.Day.String() + " " + strconv.Itoa(x.Span.From) + " " + strconv.Itoa(x.Minutes)
			row.Times = append(row.Times, view.Option{Value: value, On: sent == value,
				Text: q.lang.T("leave.moved_to", "when", q.lang.DayShort(x.Day)+" "+q.lang.T("when.clock", "t", q.lang.Clock(x.Span.From)))})
			if i == 0 {
				taken = append(taken, x)
			}
		}
		row.Times = append(row.Times, view.Option{Value: "", Text: q.lang.T("leave.later"), On: false})
		rows = append(rows, row)
	}
	return rows, nil
}

// decisions reads way.PATH.TASK: colleague, another time, or nothing.
func (q *request) decisions() []leave.Decision {
	var all []leave.Decision
	for name, values := range q.PostForm {
		ids, is := strings.CutPrefix(name, "way.")
		pathID, task, both := strings.Cut(ids, ".")
		if !is || !both || len(values) == 0 || values[0] == "" {
			continue
		}
		d := leave.Decision{Path: pathID, Task: task}
		if parts := strings.Fields(values[0]); len(parts) == 3 {
			from, _ := strconv.Atoi(parts[1])
			long, _ := strconv.Atoi(parts[2])
			d.Move = &booking.Move{Day: parseDay(parts[0]), Span: booking.Span{From: from, To: from + long}, Asked: entry.ByWorker, Why: q.lang.T("leave.why_moved")}
		}
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b leave.Decision) int { return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Task, b.Task)) })
	return all
}

func (q *request) leavePlan() error {
	v := q.PostFormValue
	l := leave.Leave{Worker: v("worker"), From: q.day("from"), To: q.day("to"), Part: v("part"), Kind: v("kind"), StandIn: v("stand_in")}
	id := ""
	err := q.update(func(tx *db.Tx) (err error) {
		id, err = leave.Plan(tx, q.s.Book, l, q.decisions())
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return q.leavesForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.leave"})
	return q.redirect("/leave/" + id)
}

func (q *request) leavePage() error { return q.leaveForm(nil) }

// leaveForm is one leave: whoever is asked answers it, whoever is away sees who is covered and what happened meanwhile.
func (q *request) leaveForm(cause error) error {
	sh := q.shell(view.NavMore)
	p := view.LeavePage{Errors: q.errorsOf(cause), WhyNot: q.FormValue("why")}
	err := q.view(func(tx *db.Tx) error {
		l, err := leave.Get(tx, q.PathValue("id"))
		if err != nil {
			return err
		}
		names, err := unit.Names(tx)
		if err != nil {
			return err
		}
		p.Line, p.Answer, p.Over = q.leaveLine(l, names), l.Answer, l.Over(tx.Today)
		p.Mine = l.StandIn != q.me.Worker.ID || l.Worker == q.me.Worker.ID
		p.Asks, p.Waits = p.Line.Asked && !p.Over, p.Line.Unsure && !p.Over
		if p.Waits {
			covers, err := unit.Covers(tx, l.Worker)
			if err != nil {
				return err
			}
			for _, c := range covers {
				if c.ID == l.Cover {
					p.Interim = names[c.Cover]
				}
			}
			if p.StandIns, err = standIns(tx, l.Worker, ""); err != nil {
				return err
			}
		}
		if p.Mine && !p.Over {
			touched, err := leave.Touches(tx, l)
			if err != nil {
				return err
			}
			decided, err := leave.Meetings(tx, l.ID)
			if err != nil {
				return err
			}
			touched.Meetings = slices.DeleteFunc(touched.Meetings, func(m booking.Meeting) bool {
				return slices.ContainsFunc(decided, func(d leave.Decided) bool { return d.TaskID == m.Task && d.PathID == m.Path })
			})
			if p.Flagged, err = q.leaveMeetings(tx, l, touched.Meetings, p.Line.StandIn); err != nil {
				return err
			}
		}
		decided, err := leave.Meetings(tx, l.ID)
		if err != nil {
			return err
		}
		for _, d := range decided {
			p.Decided = append(p.Decided, q.decidedRow(d, l, names))
		}
		if l.Worker == q.me.Worker.ID && l.From <= tx.Today {
			happened, err := leave.Meanwhile(tx, l)
			if err != nil {
				return err
			}
			for _, x := range happened {
				p.Happened = append(p.Happened, view.LeaveMeeting{Client: x.Client, Name: strings.TrimSpace(x.FirstName + " " + x.LastName), Day: x.Day, Outcome: q.lang.N("leave.entries", x.Entries)})
			}
		}
		return q.counted(tx, &sh)
	})
	if err != nil {
		return err
	}
	p.Shell = sh
	return q.renderStatus(statusFor(cause), p)
}

func (q *request) decidedRow(d leave.Decided, l leave.Leave, names map[string]string) view.LeaveMeeting {
	row := view.LeaveMeeting{Path: d.PathID, Task: d.TaskID, Client: d.Client, Name: strings.TrimSpace(d.FirstName + " " + d.LastName), Day: d.Day, Minute: d.Span.From,
		Phone: phoneText(d.Phone), PhoneTel: d.Phone, Told: d.Told}
	switch {
	case d.Gone:
		row.Outcome, row.Day = q.lang.T("leave.gone"), civil.Date(0)
	case d.Way == "moved":
		row.Outcome = q.lang.T("leave.moved")
	case d.Worker == l.Worker:
		row.Outcome = q.lang.T("leave.waits_for", "who", names[l.StandIn])
	default:
		row.Outcome = q.lang.T("leave.with", "who", names[d.Worker])
	}
	return row
}

// onLeave runs a command on the leave that the URL names and goes back to it.
func (q *request) onLeave(key string, fn func(tx *db.Tx, id string) error) error {
	id := q.PathValue("id")
	err := q.update(func(tx *db.Tx) error { return fn(tx, id) })
	if fault.Is(err, fault.Invalid) {
		return q.leaveForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: key})
	return q.redirect("/leave/" + id)
}

func (q *request) leaveAgree() error {
	return q.onLeave("flash.leave_agreed", func(tx *db.Tx, id string) error { return leave.Agree(tx, q.s.Book, id) })
}

func (q *request) leaveDecline() error {
	return q.onLeave("flash.leave_declined", func(tx *db.Tx, id string) error {
		return leave.Decline(tx, id, strings.TrimSpace(q.PostFormValue("why")))
	})
}

func (q *request) leaveAsk() error {
	return q.onLeave("flash.leave_asked", func(tx *db.Tx, id string) error { return leave.Ask(tx, id, q.PostFormValue("stand_in")) })
}

func (q *request) leaveDecide() error {
	return q.onLeave("flash.leave", func(tx *db.Tx, id string) error { return leave.Decide(tx, q.s.Book, id, q.decisions()) })
}

func (q *request) leaveTold() error {
	return q.onLeave("flash.leave_told", func(tx *db.Tx, id string) error { return leave.Tell(tx, id, q.PostFormValue("task")) })
}

func (q *request) leaveBack() error {
	return q.onLeave("flash.leave_back", func(tx *db.Tx, id string) error { return leave.Back(tx, q.s.Book, id) })
}
