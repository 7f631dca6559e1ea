package web

import (
	"net/url"
	"strconv"
	"strings"

	"polku/internal/caseload"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/handoff"
	"polku/internal/leave"
	"polku/internal/passage"
	"polku/internal/path"
	"polku/internal/pathway"
	"polku/internal/transfer"
	"polku/internal/unit"
	"polku/internal/web/view"
	"polku/internal/wording"
)

// home leads to the morning, or to signing in.
func (q *request) home() error { return q.redirect("/today") }

// homeWithoutCases is where people begin who work with figures or accounts rather than clients.
func (q *request) homeWithoutCases() string {
	switch {
	case q.me.Worker.Admin:
		return "/users"
	case q.me.KeepsRights:
		return "/requests"
	case q.seesFigures():
		return "/promises"
	}
	return "/help"
}

// house is what pages name things by: workers and the actor's services.
func (q *request) house(tx *db.Tx) (unit.House, error) { return q.s.houses.Read(tx) }

// filter reads the filter of a list from the URL: words and opaque ids only.
func (q *request) filter() caseload.Filter {
	f := caseload.Filter{Whose: caseload.Mine, Service: q.FormValue("service")}
	if q.FormValue("who") == string(caseload.Team) {
		f.Whose = caseload.Team
	}
	if n, err := strconv.Atoi(q.FormValue("signal")); err == nil && n > 0 && n < int(pathway.NoSignal) {
		f.Class = pathway.Class(n)
	}
	return f
}

// filterView is the filter as its form shows it. classes are those worth offering.
func (q *request) filterView(f caseload.Filter, h unit.House, classes []pathway.Class, who bool) view.Filter {
	v := view.Filter{Any: f.Service != "" || f.Class != 0 || f.Whose == caseload.Team}
	if who {
		v.Who = []view.Option{{Value: "mine", Text: q.lang.T("filter.mine"), On: f.Whose == caseload.Mine},
			{Value: "team", Text: q.lang.T("filter.team"), On: f.Whose == caseload.Team}}
	}
	v.Service = append(v.Service, view.Option{Text: q.lang.T("filter.all_services"), On: f.Service == ""})
	for _, s := range h.Order {
		v.Service = append(v.Service, view.Option{Value: s.ID, Text: s.Name, On: f.Service == s.ID})
	}
	v.Signal = append(v.Signal, view.Option{Text: q.lang.T("filter.all_reasons"), On: f.Class == 0})
	for c := pathway.SignalNextStep; c <= pathway.SignalPhaseEnding; c++ {
		offered := c == f.Class
		for _, k := range classes {
			offered = offered || k == c
		}
		if offered {
			v.Signal = append(v.Signal, view.Option{Value: strconv.Itoa(int(c)), Text: q.lang.T("class." + strconv.Itoa(int(c))), On: f.Class == c})
		}
	}
	return v
}

// row is a line as the lists show it.
func (q *request) row(sh view.Shell, l caseload.Line, h unit.House, team bool) view.Row {
	r := view.Row{Client: l.Client, Name: l.Name(), Ban: l.Ban, Restrict: l.Restricted, More: l.More, Service: h.Services[l.Service].Name,
		Step: wording.Task(l.Step, q.lang), By: l.Step.By, Minute: l.Step.Minute, Task: l.Step.Task, Phone: phoneText(l.Phone), PhoneTel: l.Phone}
	if l.Reason != nil {
		r.Reason = wording.Signal(*l.Reason, q.s.Book.Models.Get(l.Model, l.Version), q.lang)
		if !wording.TellsWhen(*l.Reason) {
			r.Since = l.Reason.Since
		}
	} else {
		r.Reason = q.reasonOf(sh, l)
	}
	if team {
		r.Worker = h.Workers[l.Responsible]
	}
	switch l.Step.Owner {
	case entry.ByClient:
		r.Owner = q.lang.T("owner.client")
	case entry.ByOther:
		r.Owner = q.lang.T("owner.other")
	}
	if l.Status == pathway.Closed {
		r.FollowUp = l.Client + "." + l.Path
	}
	if l.Step.Booked != "" {
		r.Task = "" // a booked meeting is recorded, not ticked off
	}
	return r
}

// reasonOf says why somebody without a signal is on the list: a step of today, or one that is coming.
func (q *request) reasonOf(sh view.Shell, l caseload.Line) string {
	switch {
	case l.Step.By.IsZero():
		return ""
	case l.Step.By == sh.Day:
		return q.lang.T("reason.step_today")
	case l.Step.By > sh.Day && l.Group == pathway.GroupSoon:
		return q.lang.T("reason.step_soon")
	}
	return ""
}

func (q *request) today() error {
	sh := q.shell(view.NavToday)
	p := view.Today{}
	if !sh.Can.Clients {
		return q.redirect(q.homeWithoutCases()) // without cases there is no morning of clients
	}
	f := q.filter()
	return q.show(func(tx *db.Tx) error {
		h, err := q.house(tx)
		if err != nil {
			return err
		}
		lines, err := caseload.Today(tx, q.s.Book, caseload.Filter{Whose: f.Whose, Service: f.Service})
		if err != nil {
			return err
		}
		counts, err := caseload.Count(tx)
		if err != nil {
			return err
		}
		p.Calm, p.Unset = counts.Calm, counts.Unset
		if sh.Can.Hanging {
			p.Hanging = counts.Hanging
		}
		sh.Now = counts.Now
		p.Filter = q.filterView(f, h, caseload.Signals(lines), true)
		p.Groups = q.groups(sh, lines, h, f)
		if p.Handoffs, err = q.waitingHandoffs(tx, h); err != nil {
			return err
		}
		sh.Handoffs = len(p.Handoffs)
		if p.Due, err = q.dueReferrals(tx, h, false); err != nil {
			return err
		}
		if p.Transfers, err = transfer.Waiting(tx); err != nil { // one look into an index: whoever is asked must notice
			return err
		}
		if p.Coming, err = passage.ComingCount(tx); err != nil {
			return err
		}
		if p.Meetings, err = q.meetings(tx, sh); err != nil {
			return err
		}
		flags, err := leave.FlagsFor(tx)
		if err != nil {
			return err
		}
		p.Leave = view.LeaveFlags{Away: flags.Away, Asked: flags.Asked, Leave: flags.Leave}
		return q.alerted(tx, &sh)
	}, func() page {
		p.Shell = sh
		return p
	})
}

// groupMost is how many lines of one group Today shows; the rest is one click away.
const groupMost = 60

func (q *request) groups(sh view.Shell, lines []caseload.Line, h unit.House, f caseload.Filter) []view.Group {
	groups := []view.Group{{ID: "now"}, {ID: "waiting"}, {ID: "soon"}}
	for _, l := range lines {
		if f.Class != 0 && l.Rank.Class != f.Class {
			continue
		}
		for i := range groups {
			if g := &groups[i]; g.ID == string(l.Group) {
				if len(g.Rows) == groupMost {
					g.More++
				} else {
					g.Rows = append(g.Rows, q.row(sh, l, h, f.Whose == caseload.Team))
				}
			}
		}
	}
	return groups
}

func (q *request) meetings(tx *db.Tx, sh view.Shell) ([]view.Meeting, error) {
	list, err := caseload.Meetings(tx, sh.Day)
	var out []view.Meeting
	for _, m := range list {
		out = append(out, view.Meeting{Minute: m.Minute, Client: m.Client, Name: strings.TrimSpace(m.FirstName + " " + m.LastName),
			What: m.What, Place: m.Place, Past: m.Minute < sh.Clock})
	}
	return out, err
}

func (q *request) waitingHandoffs(tx *db.Tx, h unit.House) ([]view.WaitingHandoff, error) {
	open, err := handoff.Waiting(tx, q.me.Worker.ID)
	if err != nil {
		return nil, err
	}
	var out []view.WaitingHandoff
	for _, o := range open {
		w := view.WaitingHandoff{ID: o.ID, Client: o.Client, From: h.Workers[o.From], Why: o.Why, Offered: o.Offered}
		if w.Name, err = q.nameOf(tx, o.Client); err != nil {
			return nil, err
		}
		p, err := path.Get(tx, o.Path)
		if err != nil {
			return nil, err
		}
		service := h.Services[p.Service]
		w.Service = service.Name
		if m := q.s.Book.Models.Get(service.Model, service.Version); m != nil {
			w.AnswerBy = m.Promises.HandoffAnswer.After(o.Offered, q.s.Book.Calendar)
		}
		out = append(out, w)
	}
	return out, nil
}

// todayDone ends the next step of one line: task is CLIENT/TASK. When nothing dated would be left, the
// record form asks for the next step instead of refusing.
func (q *request) todayDone() error {
	id, task, _ := strings.Cut(q.PostFormValue("task"), "/")
	return q.endTask(id, task, entry.Done, "", "/today")
}

func (q *request) clients() error {
	sh := q.shell(view.NavClients)
	f := q.filter()
	p := view.Caseload{Sort: "rank"}
	list := caseload.All
	if q.FormValue("sort") == "name" {
		p.Sort, list = "name", caseload.ByName
	}
	after, err := caseload.PlaceOf(q.FormValue("after"))
	if err != nil {
		return err
	}
	return q.show(func(tx *db.Tx) error {
		h, err := q.house(tx)
		if err != nil {
			return err
		}
		lines, next, more, err := list(tx, q.s.Book, f, after, 40)
		if err != nil {
			return err
		}
		for _, l := range lines {
			p.Rows = append(p.Rows, q.row(sh, l, h, f.Whose == caseload.Team))
		}
		if more {
			p.Next = "/clients?" + q.query("sort", p.Sort, "who", string(f.Whose), "service", f.Service, "signal", classWord(f.Class), "after", next.Text())
		}
		p.Filter = q.filterView(f, h, caseload.Signals(lines), true)
		return q.counted(tx, &sh)
	}, func() page {
		p.Shell = sh
		return p
	})
}

func (q *request) hanging() error {
	sh := q.shell(view.NavMore)
	q.who.Purpose = "managing"
	f := q.filter()
	p := view.Hanging{}
	after, err := caseload.PlaceOf(q.FormValue("after"))
	if err != nil {
		return err
	}
	return q.show(func(tx *db.Tx) error {
		h, err := q.house(tx)
		if err != nil {
			return err
		}
		lines, next, more, err := caseload.Hanging(tx, q.s.Book, f, after, 100)
		if err != nil {
			return err
		}
		for _, l := range lines {
			p.Rows = append(p.Rows, q.row(sh, l, h, true))
		}
		if p.Due, err = q.dueReferrals(tx, h, true); err != nil {
			return err
		}
		if more {
			p.Next = "/hanging?" + q.query("service", f.Service, "after", next.Text())
		}
		p.Filter = q.filterView(f, h, nil, false)
		return q.counted(tx, &sh)
	}, func() page {
		p.Shell = sh
		return p
	})
}

// dayList is printed for the day when the program or the line is down.
func (q *request) dayList() error {
	sh := q.shell(view.NavMore)
	p := view.DayList{}
	err := q.view(func(tx *db.Tx) error {
		h, err := q.house(tx)
		if err != nil {
			return err
		}
		lines, err := caseload.Today(tx, q.s.Book, caseload.Filter{Whose: caseload.Mine})
		if err != nil {
			return err
		}
		for _, l := range lines {
			r := q.row(sh, l, h, false)
			p.Lines = append(p.Lines, view.DayLine{Name: r.Name, Phone: r.Phone, Step: r.Step, Reason: r.Reason, Owner: r.Owner, By: r.By, Minute: r.Minute, Ban: r.Ban})
		}
		p.Meetings, err = q.meetings(tx, sh)
		return err
	})
	if err != nil {
		return err
	}
	p.Shell = sh
	p.Printed = q.lang.Day(sh.Day) + " " + q.lang.Clock(sh.Clock)
	return q.render(p)
}

// query makes the query part of a URL from names and values in turn, without the empty ones.
func (q *request) query(pairs ...string) string {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	return v.Encode()
}

func classWord(c pathway.Class) string {
	if c == 0 {
		return ""
	}
	return strconv.Itoa(int(c))
}
