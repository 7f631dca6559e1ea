package web

import (
	"cmp"
	"slices"
	"strings"

	"polku/internal/booking"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/leave"
	"polku/internal/pathway"
	"polku/internal/web/view"
	"polku/internal/wording"
)

// calendar is the worker's own week or day: meetings, own blocks, leave, holidays, and what the models propose.
func (q *request) calendar() error {
	sh := q.shell(view.NavMore)
	p := view.Calendar{On: cmp.Or(parseDay(q.FormValue("day")), sh.Day), Span: "week", Proposals: q.FormValue("proposals") != ""}
	if p.On < sh.Day-3660 || p.On > sh.Day+3660 {
		p.On = sh.Day
	}
	first, last := p.On.Monday(), p.On.Monday()+6
	p.Prev, p.Next = p.On-7, p.On+7
	if q.FormValue("span") == "day" {
		p.Span, first, last, p.Prev, p.Next = "day", p.On, p.On, p.On-1, p.On+1
	}
	return q.show(func(tx *db.Tx) error {
		h, err := q.house(tx)
		if err != nil {
			return err
		}
		meetings, err := booking.Meetings(tx, first, last)
		if err != nil {
			return err
		}
		blocks, err := booking.BusyOf(tx, q.me.Worker.ID)
		if err != nil {
			return err
		}
		away, err := booking.AwayDays(tx, q.me.Worker.ID, first, last)
		if err != nil {
			return err
		}
		flags, err := leave.FlagsFor(tx)
		if err != nil {
			return err
		}
		p.Flagged, p.LeaveHref = flags.Away, "/leave/"+flags.Leave
		items := map[civil.Date][]view.CalItem{}
		for _, m := range meetings {
			i := q.calMeeting(m)
			if m.Worker != q.me.Worker.ID {
				i.Of = h.Workers[m.Worker]
			}
			for _, a := range away {
				i.Flag = i.Flag || i.Of == "" && a.Day == m.Day && a.Span.Meets(m.Span)
			}
			items[m.Day] = append(items[m.Day], i)
		}
		if p.Proposals && last > tx.Today {
			if err := q.calProposals(tx, last, items); err != nil {
				return err
			}
		}
		for day := first; day <= last; day++ {
			p.Days = append(p.Days, q.calDay(day, items[day], blocks, away))
		}
		if p.Span == "week" && len(p.Days[5].Items)+len(p.Days[6].Items) == 0 && p.On.Weekday() <= 5 {
			p.Days = p.Days[:5]
		}
		return q.counted(tx, &sh)
	}, func() page {
		p.Shell = sh
		return p
	})
}

func (q *request) calMeeting(m booking.Meeting) view.CalItem {
	i := view.CalItem{Kind: "meeting", From: m.Span.From, To: m.Span.To, Name: strings.TrimSpace(m.FirstName + " " + m.LastName), What: m.What, Place: m.Place,
		Form: q.formWord(string(m.Form)), Href: "/c/" + m.Client + "." + m.Path + "/meeting?task=" + m.Task}
	if m.What == "" {
		i.What = wording.Task(pathway.OpenTask{Booked: m.Form}, q.lang)
	}
	return i
}

// formWord says how a meeting is held.
func (q *request) formWord(form string) string {
	if form == "" {
		return ""
	}
	return q.lang.T("what." + form)
}

// calDay puts a day together and gives each item its lane beside what is at the same time.
func (q *request) calDay(day civil.Date, items []view.CalItem, blocks []booking.Busy, away []booking.Away) view.CalDay {
	d := view.CalDay{Day: day, Free: !q.s.Book.Calendar.Working(day), Items: items}
	if q.s.Book.Calendar.Closed(day) {
		d.Note = q.lang.T("calendar.holiday")
	}
	for _, a := range away {
		if a.Day == day {
			d.Away = q.lang.T("leave.kind." + a.Kind)
		}
	}
	for _, b := range blocks {
		if b.Weekday == day.Weekday() || b.Weekday == 0 && b.Day == day {
			d.Items = append(d.Items, view.CalItem{Kind: "busy", From: b.Span.From, To: b.Span.To, What: cmp.Or(b.What, q.lang.T("busy.blocked"))})
		}
	}
	slices.SortStableFunc(d.Items, func(a, b view.CalItem) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	var ends []int // by lane
	for i := range d.Items {
		lane := slices.IndexFunc(ends, func(end int) bool { return end <= d.Items[i].From })
		if lane < 0 {
			lane, ends = len(ends), append(ends, 0)
		}
		ends[lane], d.Items[i].Lane = d.Items[i].To, lane
	}
	return d
}

func (q *request) calProposals(tx *db.Tx, last civil.Date, items map[civil.Date][]view.CalItem) error {
	list, _, err := booking.ProposalsFor(tx, q.s.Book, last)
	if err != nil {
		return err
	}
	names, err := booking.Names(tx)
	for _, p := range list {
		if p.Day.IsZero() {
			continue
		}
		items[p.Day] = append(items[p.Day], view.CalItem{Kind: "proposal", From: p.Span.From, To: p.Span.To, Name: names[p.Client], What: q.lang.T("calendar.proposal"),
			Form: q.formWord(string(p.Form)), Href: "/c/" + p.Client + "." + p.Path + "/meetings"})
	}
	return err
}

// wantWord says what a proposal is for: the cadence and its window.
func (q *request) wantWord(w booking.Want) string {
	model, version, _ := strings.Cut(w.Model, "@")
	return wording.Obligation(pathway.Obligation{ID: w.Obligation, Kind: pathway.OwesCadence, Rule: w.Rule, Phase: w.Phase, From: w.Window, Due: w.Window},
		q.s.Book.Models.Get(model, version), q.lang)
}
