package web

import (
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/ruleset"
	"polku/internal/web/view"
	"polku/internal/workactivity"
)

// ownMonths is how many months of days a participant sees.
const ownMonths = 12

// portalDays is what a participant sees of their days: the same that the worker marked.
func (q *request) portalDays() error {
	p := view.PortalDays{Portal: q.frame("strong")}
	return q.show(func(tx *db.Tx) error {
		o, _, err := q.ownPath(tx)
		if err != nil || o.path.ID == "" || !workactivity.Concerns(o.model) {
			return err
		}
		entries, err := q.s.Book.Entries(tx, o.path)
		if err != nil {
			return err
		}
		tx.Saw(o.client.ID)
		organiser, err := workactivity.OrganiserOf(tx, o.path.Register)
		if err != nil {
			return err
		}
		periods := workactivity.Periods(entries)
		if now := workactivity.Current(periods, tx.Today); now != nil {
			w := q.workPeriod(o, now, tx.Today)
			p.Period = &w
		}
		if rules := q.s.Book.Rules; rules != nil {
			if f, known := rules.Figure(ruleset.WorkActivity, ruleset.DaysIn12MonthsMax, tx.Today); known {
				p.Left = q.lang.T("portal.days.left", "n", workactivity.YearBefore(workactivity.Came(entries), tx.Today), "most", f.Value)
			}
		}
		p.Follows = q.workFollows(organiser, tx.Today)
		p.Months = q.ownDays(workactivity.Days(entries, q.s.Book.Calendar, tx.Today.MonthStart().AddMonths(-ownMonths), tx.Today+14), tx.Today)
		return nil
	}, func() page { return p })
}

// ownDays puts days into words, the newest month first. What lies ahead is shown as agreed.
func (q *request) ownDays(days []workactivity.Day, today civil.Date) []view.OwnMonth {
	l := q.lang
	var months []view.OwnMonth
	for i := len(days) - 1; i >= 0; i-- {
		d := &days[i]
		if !d.Expected() && !d.Recorded() {
			continue
		}
		line := view.OwnDay{Day: d.Date}
		switch {
		case d.Recorded():
			line.State = view.WorkLine(l, &workactivity.Line{Came: d.Came, Minutes: d.Minutes, Remote: d.Mode == entry.Remote, Reason: d.Reason})
			if d.Told != "" {
				line.Told = l.T("workactivity.told", "text", d.Told)
			}
		case d.Date >= today:
			line.State, line.Hours = l.T("workactivity.cell.ahead"), l.Length(d.Planned)
		default:
			line.State = l.T("workactivity.cell.open")
		}
		y, m, _ := d.Date.Parts()
		name := l.T("workactivity.paper.month", "month", l.MonthName(m), "year", y)
		if n := len(months); n == 0 || months[n-1].Name != name {
			months = append(months, view.OwnMonth{Name: name})
		}
		last := &months[len(months)-1]
		last.Days = append(last.Days, line)
	}
	return months
}
