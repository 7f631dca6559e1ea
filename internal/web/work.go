package web

import (
	"slices"
	"strconv"
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/ruleset"
	"polku/internal/web/view"
	"polku/internal/workactivity"
)

// onWork is a client's rehabilitative work activity, as its pages need it.
type onWork struct {
	entries   []*entry.Entry
	periods   []workactivity.Period
	came      []civil.Date // on any path of the client
	organiser workactivity.Organiser
}

func (q *request) loadWork(tx *db.Tx, o onePath) (onWork, error) {
	var x onWork
	var err error
	if x.entries, err = q.s.Book.Entries(tx, o.path); err != nil {
		return x, err
	}
	x.periods = workactivity.Periods(x.entries)
	if x.came, err = workactivity.CameAnywhere(tx, q.s.Book, o.path); err != nil {
		return x, err
	}
	x.organiser, err = workactivity.OrganiserOf(tx, o.path.Register)
	return x, err
}

// workForm is form for a page of the activity: its tab is lit.
func (q *request) workForm(fill func(tx *db.Tx, sh view.Shell, o onePath) (page, error), cause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		sh.Tab = "/work"
		return fill(tx, sh, o)
	}, cause)
}

func (q *request) workPage() error { return q.workShow(nil) }

// shownBack is how far back the page warns of limits broken, in days: what is older is in the report.
const shownBack = 56

func (q *request) workShow(cause error) error {
	return q.workForm(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		p := view.Work{Shell: sh, Who: q.identity(sh, o), Concerns: workactivity.Concerns(o.model), Errors: q.errorsOf(cause)}
		if !p.Concerns {
			return p, nil
		}
		x, err := q.loadWork(tx, o)
		if err != nil {
			return p, err
		}
		now := workactivity.Current(x.periods, tx.Today)
		for i := range x.periods {
			if w := q.workPeriod(o, &x.periods[i], tx.Today); &x.periods[i] == now {
				p.Now = &w
				p.CanEnd = x.periods[i].End == nil
			} else {
				p.Earlier = append(p.Earlier, w)
			}
		}
		slices.Reverse(p.Earlier)
		q.workLimits(&p, x, tx.Today)
		if now != nil {
			p.Calendar = q.workCalendar(x, now, tx.Today)
		}
		q.workChoices(&p, now, tx.Today)
		if p.Given, err = q.workGiven(tx, o, x); err != nil {
			return p, err
		}
		p.Insured = q.lang.T("workactivity.not_insured")
		if x.organiser.Insurer != "" {
			p.Insured = q.lang.T("workactivity.insured", "insurer", x.organiser.Insurer, "policy", x.organiser.Policy)
		}
		for _, i := range workactivity.Incidents(x.entries) {
			p.Incidents = append(p.Incidents, view.WorkIncident{ID: i.Incident.Incident, Type: q.lang.T("workactivity.type." + string(i.Type)), What: i.What, Day: i.Day, Reported: i.Reported})
		}
		return p, nil
	}, cause)
}

// workPeriod puts a period into words.
func (q *request) workPeriod(o onePath, x *workactivity.Period, today civil.Date) view.WorkPeriod {
	l := q.lang
	w := view.WorkPeriod{ID: x.Period, From: x.From, To: x.Last, Goal: x.Goal, What: x.What, Place: x.Place, Provider: x.Provider, State: "going"}
	if o.client.SafetyBan {
		w.Place = ""
	}
	switch {
	case x.Last < today || x.End != nil && x.Last <= today:
		w.State = "over"
	case x.From > today:
		w.State = "coming"
	}
	for i, week := range x.Weeks {
		words := view.WeekWords(l, week.Days, week.Minutes)
		if len(week.Remote) > 0 {
			words += ", " + l.T("workactivity.remote_on", "days", view.DayWords(l, week.Remote))
		}
		if i > 0 {
			words = l.T("workactivity.since", "day", l.Day(week.Since), "week", words)
		}
		w.Weeks = append(w.Weeks, words)
	}
	last := x.Weeks[len(x.Weeks)-1]
	w.Sum = l.T("workactivity.week_sum", "n", len(last.Days), "length", l.Length(len(last.Days)*last.Minutes))
	if x.Provider != "" {
		w.Provider = x.Provider + " (" + l.T("workactivity.legal."+string(x.Legal)) + ")"
	}
	w.Agreed = l.T("workactivity.agreed", "day", l.Day(x.Agreed))
	if x.Versions > 1 {
		w.Agreed += ", " + l.N("workactivity.changed", x.Versions-1)
	}
	if x.End != nil {
		w.Ended = l.T("workactivity.ended_why", "day", l.Day(x.Last), "why", l.T("workactivity.end."+string(x.End.Why)))
		if x.End.Told != "" {
			w.Told = l.T("workactivity.told", "text", x.End.Told)
		}
	}
	return w
}

// workLimits fills in how near the limits are, and which were broken of late.
func (q *request) workLimits(p *view.Work, x onWork, today civil.Date) {
	p.Used = workactivity.YearBefore(x.came, today)
	if q.s.Book.Rules != nil {
		if f, known := q.s.Book.Rules.Figure(ruleset.WorkActivity, ruleset.DaysIn12MonthsMax, today); known {
			p.Most, p.UsedSource = int(f.Value), q.figureSource(f)
		}
	}
	since := today.Monday() - shownBack
	days := workactivity.Days(x.entries, q.s.Book.Calendar, since, today.Monday()+6)
	v := workactivity.Recorded(q.s.Book.Rules, days, x.came)
	p.Warnings = q.workWarnings(v.Breaches)
	if !v.Unknown.IsZero() || p.Most == 0 {
		p.Unknown = q.lang.T("workactivity.unknown", "day", q.lang.Day(max(v.Unknown, 1)))
		if v.Unknown.IsZero() {
			p.Unknown = q.lang.T("workactivity.unknown", "day", q.lang.Day(today))
		}
	}
	n, minutes := 0, 0
	for i := range days {
		if d := &days[i]; d.Date >= today.Monday() && d.Came {
			n++
			minutes += d.Minutes
		}
		if d := &days[i]; d.Expected() && !d.Recorded() && d.Date < today {
			p.Unmarked++
		}
	}
	p.ThisWeek = q.lang.T("workactivity.this_week", "n", n, "length", q.lang.Length(minutes))
}

// figureSource says where a figure stands; one that was not read there says so.
func (q *request) figureSource(f ruleset.Figure) string {
	s := f.Said.SourceIn(q.lang, f.Source)
	if !f.Verified {
		return q.lang.T("workactivity.source_unread", "what", s)
	}
	return s
}

// workWarnings puts limits broken into words, with what would fit.
func (q *request) workWarnings(list []workactivity.Breach) []view.WorkWarning {
	l := q.lang
	var all []view.WorkWarning
	for _, b := range list {
		n, most := l.Int(b.N), l.Int(b.Most)
		switch b.Limit {
		case ruleset.MinutesADayMin, ruleset.MinutesADayMax, ruleset.MinutesAWeekMax:
			n, most = l.Length(b.N), l.Length(b.Most)
		}
		_, week := b.Day.Week()
		w := view.WorkWarning{Text: l.T("workactivity.breaks."+b.Limit, "n", n, "most", most, "day", l.Day(b.Day), "week", week), Source: q.figureSource(b.Source)}
		var fits []string
		if b.FitsDays > 0 {
			fits = append(fits, l.N("workactivity.fits.days", b.FitsDays))
		}
		if !b.FitsTo.IsZero() {
			key := "workactivity.fits.to_day"
			if b.Limit == ruleset.PeriodMonthsMin {
				key = "workactivity.fits.from_day"
			}
			fits = append(fits, l.T(key, "day", l.Day(b.FitsTo)))
		}
		w.Fits = strings.Join(fits, " ")
		all = append(all, w)
	}
	return all
}

// workChoices fills in what the forms of the page offer.
func (q *request) workChoices(p *view.Work, now *workactivity.Period, today civil.Date) {
	v := q.PostFormValue
	for m, n := today.MonthStart(), 0; n < 13; n++ {
		y, month, _ := m.Parts()
		p.Months = append(p.Months, view.Option{Value: m.String(), Text: q.lang.T("workactivity.paper.month", "month", q.lang.MonthName(month), "year", y), On: v("month") == m.String() || v("month") == "" && n == 1})
		m = (m - 1).MonthStart()
	}
	for _, r := range []workactivity.Receiver{workactivity.ForClient, workactivity.ForPayer} {
		p.Receivers = append(p.Receivers, view.Option{Value: string(r), Text: q.lang.T("workactivity.receiver." + string(r)), On: v("receiver") == string(r)})
	}
	p.EndWhys = []view.Option{{}}
	for _, why := range entry.PeriodEnds {
		p.EndWhys = append(p.EndWhys, view.Option{Value: string(why), Text: q.lang.T("workactivity.end." + string(why)), On: v("why") == string(why)})
	}
	p.EndLast, p.EndTold, p.EndText = v("last"), v("told"), v("text")
	if p.EndLast == "" && now != nil {
		p.EndLast = min(today, now.Last).String()
	}
	p.Ending = strings.HasSuffix(q.URL.Path, "/end")
}

// workGiven lists the extracts that were given out, each with how many of its days were corrected since.
func (q *request) workGiven(tx *db.Tx, o onePath, x onWork) ([]view.WorkGiven, error) {
	extracts, err := workactivity.Extracts(tx, o.client.ID, o.path.ID)
	var all []view.WorkGiven
	for _, e := range extracts {
		y, month, _ := e.Month.Parts()
		made, _ := wall(q, e.MadeAt)
		g := view.WorkGiven{Text: q.lang.T("workactivity.given_line", "month", q.lang.T("workactivity.paper.month", "month", q.lang.MonthName(month), "year", y),
			"receiver", q.lang.T("workactivity.receiver."+string(e.Receiver)), "day", q.lang.Day(made))}
		last := min(made, (e.Month+31).MonthStart()-1)
		if n := len(workactivity.Differences(e.Lines, workactivity.Lines(workactivity.Days(x.entries, q.s.Book.Calendar, e.Month, last)))); n > 0 {
			g.Changed = q.lang.N("workactivity.given_changed", n)
		}
		all = append(all, g)
	}
	return all, err
}

// workEnd ends a period.
func (q *request) workEnd() error {
	v := q.PostFormValue
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		_, err := workactivity.End(tx, q.s.Book, o.path.ID, v("id"), workactivity.Finish{Period: v("period"), Last: q.day("last"), Why: entry.PeriodEnd(v("why")), Told: v("told"), Text: v("text")})
		return err
	})
	return q.workDone(o, err, "workactivity.saved_end", q.workShow)
}

// workDone goes back to the page of the activity, or to the form that was wrong.
func (q *request) workDone(o onePath, err error, said string, again func(cause error) error) error {
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return again(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: said, Saved: "work:" + o.id + q.PostFormValue("period")})
	return q.redirect("/c/" + o.id + "/work")
}

// hoursText writes minutes as people write hours in a form: 5 or 5,5.
func hoursText(l i18n.Lang, minutes int) string {
	if minutes == 0 {
		return ""
	}
	s := strconv.FormatFloat(float64(minutes)/60, 'f', 2, 64)
	s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	if l != i18n.EN {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

// minutesOf reads hours such as 5, 5,5 or 5:30 as minutes; -1 when it is no length, 0 when nothing was written.
func minutesOf(typed string) int {
	typed = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(typed), "h"))
	if typed == "" {
		return 0
	}
	if h, m, both := strings.Cut(typed, ":"); both {
		hours, err1 := strconv.Atoi(h)
		minutes, err2 := strconv.Atoi(m)
		if err1 != nil || err2 != nil || hours < 0 || hours > 24 || minutes < 0 || minutes > 59 {
			return -1
		}
		return 60*hours + minutes
	}
	x, err := strconv.ParseFloat(strings.Replace(typed, ",", ".", 1), 64)
	if err != nil || !(x >= 0 && x <= 24) {
		return -1
	}
	return int(x*60 + 0.5)
}
