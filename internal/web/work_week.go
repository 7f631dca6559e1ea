package web

import (
	"slices"
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/ruleset"
	"polku/internal/web/view"
	"polku/internal/workactivity"
)

func (q *request) workWeekPage() error { return q.workWeekForm(nil) }

// monday is the Monday of the week that the address or the form names; this week's without one.
func (q *request) monday(today civil.Date) civil.Date {
	if day := parseDay(q.FormValue("week")); !day.IsZero() {
		return day.Monday()
	}
	return today.Monday()
}

// workWeekForm is the form of a week: the agreed days and those with a record first, the others folded away.
func (q *request) workWeekForm(cause error) error {
	return q.workForm(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		x, err := q.loadWork(tx, o)
		if err != nil {
			return nil, err
		}
		monday, l := q.monday(tx.Today), q.lang
		_, number := monday.Week()
		p := view.WorkWeekForm{Shell: sh, Who: q.identity(sh, o), Monday: monday.String(), Before: (monday - 7).String(), After: (monday + 7).String(), Errors: q.errorsOf(cause),
			Title: l.T("workactivity.week_of", "week", number, "from", l.DayShort(monday), "to", l.DayShort(monday+6)), Follows: q.workFollows(x.organiser, monday)}
		days := workactivity.Days(x.entries, q.s.Book.Calendar, monday, monday+6)
		for i := range days {
			d := q.workDay(&days[i], tx.Today, cause)
			d.Errors = p.Errors
			if days[i].Planned > 0 || days[i].Recorded() || d.State != "none" {
				p.Days = append(p.Days, d)
			} else {
				p.Others = append(p.Others, d)
			}
			p.MayAll = p.MayAll || days[i].Expected() && !days[i].Recorded() && days[i].Date <= tx.Today
		}
		p.Warnings = q.workWarnings(workactivity.Recorded(q.s.Book.Rules, days, x.came).Breaches)
		p.Notes = q.workNotes(x, days, monday)
		return p, nil
	}, cause)
}

// workDay is one day of the form: as it stands, or after a mistake as it was typed.
func (q *request) workDay(d *workactivity.Day, today civil.Date, cause error) view.WorkDay {
	l := q.lang
	w := view.WorkDay{Key: d.Date.String(), Name: l.DayShort(d.Date), State: "none", Hours: hoursText(l, d.Planned), Remote: d.Remote, Seen: d.Seen, ID: ident.New(), Future: d.Date > today}
	switch {
	case d.Closed:
		w.Agreed = l.T("workactivity.closed_day")
	case d.Planned == 0:
		w.Agreed = l.T("workactivity.not_agreed")
	case d.Remote:
		w.Agreed = l.T("workactivity.agreed_remote", "length", l.Length(d.Planned))
	default:
		w.Agreed = l.T("workactivity.agreed_day", "length", l.Length(d.Planned))
	}
	reason := entry.Reason("")
	if main := d.Main(); main != nil {
		switch b := main.Body.(type) {
		case *entry.Attendance:
			w.State, w.Hours, w.Remote, w.Text = "present", hoursText(l, main.Minutes), main.Mode == entry.Remote, b.Text
		case *entry.Absence:
			w.State, w.Told, w.Text, reason = "absent", b.Told, b.Text, b.Reason
		}
		var also []string
		for _, e := range d.Entries {
			if e != main {
				said := view.Say(l, e, func(_, id string) string { return id })
				also = append(also, strings.Join(append([]string{said.Title}, said.Marks...), ", "))
			}
		}
		w.Also = strings.Join(also, "; ")
	}
	if v := q.PostFormValue; fault.Is(cause, fault.Invalid) && q.PostForm.Has("state_"+w.Key) {
		w.State, w.Hours, w.Remote, w.Told, w.Text = v("state_"+w.Key), v("hours_"+w.Key), v("remote_"+w.Key) != "", v("told_"+w.Key), v("text_"+w.Key)
		reason = entry.Reason(v("reason_" + w.Key))
	}
	w.Reasons = []view.Option{{}}
	for _, r := range workactivity.Reasons {
		w.Reasons = append(w.Reasons, view.Option{Value: string(r), Text: l.T("absence." + string(r)), On: r == reason})
	}
	return w
}

// workNotes tells what is odd or missing in a week and no limit of the act.
func (q *request) workNotes(x onWork, days []workactivity.Day, monday civil.Date) []string {
	l := q.lang
	var notes []string
	for i := range days {
		d := &days[i]
		if d.Came && d.Outside && len(x.periods) > 0 {
			notes = append(notes, l.T("workactivity.outside", "day", l.DayShort(d.Date)))
		}
		if d.Came && d.Mode == entry.Remote && d.Text == "" {
			notes = append(notes, l.T("workactivity.remote_needs", "day", l.DayShort(d.Date)))
		}
	}
	before := workactivity.Days(x.entries, q.s.Book.Calendar, monday-21, monday+6)
	if day, f, over := workactivity.SickChild(q.s.Book.Rules, before); over && day >= monday {
		notes = append(notes, l.T("workactivity.child_over", "day", l.DayShort(day), "n", f.Value, "source", q.figureSource(f)))
	}
	return notes
}

// workFollows says what follows from each mark, by the rules of a day.
func (q *request) workFollows(o workactivity.Organiser, day civil.Date) view.WorkFollows {
	l, rules := q.lang, q.s.Book.Rules
	f := view.WorkFollows{Lines: []string{l.T("workactivity.follows.present")}}
	days := "–"
	if rules != nil {
		if figure, known := rules.Figure(ruleset.Allowances, ruleset.ChildSickDaysMax, day); known {
			days = l.Int(int(figure.Value))
		}
	}
	for _, r := range workactivity.Reasons {
		f.Lines = append(f.Lines, l.T("workactivity.follows."+string(r), "days", days))
	}
	if o.Remote && o.RemotePaid {
		f.Lines = append(f.Lines, l.T("workactivity.follows.remote_paid"))
	} else if o.Remote {
		f.Lines = append(f.Lines, l.T("workactivity.follows.remote_unpaid"))
	}
	x := workactivity.FollowsFrom(rules, "", day)
	if x.Money.Unit == "" || x.Source.Unit == "" {
		f.Sources = append(f.Sources, l.T("workactivity.unknown", "day", l.Day(day)))
		return f
	}
	f.Sources = append(f.Sources, l.T("workactivity.follows.money", "euro", l.Euro(x.Money.Value), "source", q.figureSource(x.Money)),
		l.T("workactivity.follows.source", "source", q.figureSource(x.Source)))
	return f
}

// workWeekSave marks a week. "All" marks the agreed days that nobody has marked as done, beside what the form says.
func (q *request) workWeekSave() error {
	v := q.PostFormValue
	monday := q.monday(civil.Of(q.at, q.s.DB.Zone))
	changed := 0
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		marks, wrong := q.readWeek(monday)
		if err := fault.Fields(wrong); err != nil {
			return err
		}
		if v("all") != "" {
			entries, err := q.s.Book.Entries(tx, o.path)
			if err != nil {
				return err
			}
			marks = allCame(marks, workactivity.Days(entries, q.s.Book.Calendar, monday, min(monday+6, tx.Today)))
		}
		var err error
		changed, err = workactivity.RecordWeek(tx, q.s.Book, o.path.ID, marks)
		return err
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return q.workWeekForm(err)
	}
	if err != nil {
		return err
	}
	said := "workactivity.marked"
	if changed == 0 {
		said = "workactivity.nothing_new"
	}
	q.say(flash{Key: said})
	return q.redirect("/c/" + o.id + "/work/week?week=" + monday.String())
}

// readWeek reads the days that the form has.
func (q *request) readWeek(monday civil.Date) ([]workactivity.Mark, map[string]string) {
	v := q.PostFormValue
	wrong := map[string]string{}
	var marks []workactivity.Mark
	for day := monday; day < monday+7; day++ {
		key := day.String()
		if !q.PostForm.Has("state_" + key) {
			continue
		}
		m := workactivity.Mark{Day: day, Seen: v("seen_" + key), ID: v("id_" + key)}
		switch v("state_" + key) {
		case "present":
			m.State, m.Remote, m.Text = workactivity.CameWord, v("remote_"+key) != "", v("text_"+key)
			if m.Minutes = minutesOf(v("hours_" + key)); m.Minutes < 0 {
				wrong["minutes_"+key] = "workactivity.no_hours"
			}
		case "absent":
			m.State, m.Told, m.Text = v("reason_"+key), v("told_"+key), v("text_"+key)
			if m.State == "" {
				wrong["state_"+key] = "record.no_reason"
			}
		}
		marks = append(marks, m)
	}
	return marks, wrong
}

// allCame adds to the marks the agreed days that nobody has marked, as done for as long as agreed.
func allCame(marks []workactivity.Mark, days []workactivity.Day) []workactivity.Mark {
	for i := range days {
		d := &days[i]
		if !d.Expected() || d.Recorded() {
			continue
		}
		at := slices.IndexFunc(marks, func(m workactivity.Mark) bool { return m.Day == d.Date })
		if at < 0 {
			marks = append(marks, workactivity.Mark{Day: d.Date, State: workactivity.CameWord, Minutes: d.Planned, Remote: d.Remote, Seen: d.Seen})
		} else if marks[at].State == "" {
			marks[at].State, marks[at].Minutes, marks[at].Remote = workactivity.CameWord, d.Planned, d.Remote
		}
	}
	return marks
}
