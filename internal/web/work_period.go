package web

import (
	"strconv"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/web/view"
	"polku/internal/workactivity"
)

func (q *request) workPeriodPage() error { return q.workPeriodForm(nil) }

// workPeriodForm is the form of a new period, or of one that is changed; after a mistake as it was typed, with the limits
// that it breaks all at once.
func (q *request) workPeriodForm(cause error) error {
	return q.workForm(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		x, err := q.loadWork(tx, o)
		if err != nil {
			return nil, err
		}
		p := view.WorkForm{Shell: sh, Who: q.identity(sh, o), ID: ident.New(), V: map[string]string{}, Errors: q.errorsOf(cause), Warnings: q.workWarnings(workactivity.BreachesOf(cause))}
		b := entry.WorkPeriod{Days: []int{1, 3}, Minutes: 240}
		if wanted := q.FormValue("period"); wanted != "" {
			for i := range x.periods {
				if x.periods[i].Period == wanted {
					b, p.Period, p.Fixed = x.periods[i].WorkPeriod, wanted, x.periods[i].From
					p.Since = max(tx.Today, b.From).String()
					b.Why = ""
				}
			}
			if p.Period == "" {
				return nil, fault.E(fault.NotFound, "error.not_found", nil)
			}
		} else if len(x.periods) > 0 { // a new one begins where the last one ended, and is like it
			last := x.periods[len(x.periods)-1]
			b = last.WorkPeriod
			b.From, b.To, b.Evaluate, b.Why = max(last.Last+1, tx.Today), 0, 0, ""
		}
		p.From, p.To, p.Evaluate = dayText(b.From), dayText(b.To), dayText(b.Evaluate)
		p.Hours, p.Support = hoursText(q.lang, b.Minutes), b.Support
		p.V = map[string]string{"goal": b.Goal, "what": b.What, "place": b.Place, "provider": b.Provider, "guidance": b.Guidance, "beside": b.Beside, "tasks": b.Tasks, "contact": b.Contact, "why": b.Why}
		if o.client.SafetyBan && cause == nil {
			p.V["place"] = ""
		}
		if cause != nil {
			typed := q.readPeriod()
			b.Days, b.Remote, b.Legal = typed.Days, typed.Remote, typed.Legal
			p.From, p.To, p.Since, p.Evaluate = q.PostFormValue("from"), q.PostFormValue("to"), q.PostFormValue("since"), q.PostFormValue("evaluate")
			p.Hours, p.Support = q.PostFormValue("hours"), typed.Support
			for field := range p.V {
				p.V[field] = q.PostFormValue(field)
			}
		}
		p.RemoteOn = x.organiser.Remote
		for d := 1; d <= 7; d++ {
			name, value := q.lang.Weekday(civil.New(2024, 1, d)), strconv.Itoa(d)
			p.Days = append(p.Days, view.Option{Value: value, Text: name, On: workactivity.Week{Days: b.Days}.Has(d)})
			p.Remote = append(p.Remote, view.Option{Value: value, Text: name, On: workactivity.Week{Days: b.Remote}.Has(d)})
		}
		p.Legal = []view.Option{{}}
		for _, f := range entry.LegalForms {
			p.Legal = append(p.Legal, view.Option{Value: string(f), Text: q.lang.T("workactivity.legal." + string(f)), On: f == b.Legal})
		}
		return p, nil
	}, cause)
}

func dayText(d civil.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

// readPeriod reads the form of a period; what cannot be read is left empty and found wanting.
func (q *request) readPeriod() entry.WorkPeriod {
	v := q.PostFormValue
	b := entry.WorkPeriod{Period: v("period"), From: q.day("from"), To: q.day("to"), Since: q.day("since"), Minutes: minutesOf(v("hours")), Place: v("place"), Provider: v("provider"),
		Legal: entry.LegalForm(v("legal")), Support: v("support_only") != "", Goal: v("goal"), What: v("what"), Guidance: v("guidance"), Beside: v("beside"),
		Evaluate: q.day("evaluate"), Tasks: v("tasks"), Contact: v("contact"), Why: v("why")}
	for field, into := range map[string]*[]int{"days": &b.Days, "remote": &b.Remote} {
		for _, d := range q.PostForm[field] {
			if n, err := strconv.Atoi(d); err == nil {
				*into = append(*into, n)
			}
		}
	}
	return b
}

// workPeriodSave agrees or changes a period.
func (q *request) workPeriodSave() error {
	said, put := "workactivity.saved_period", workactivity.Agree
	if q.PostFormValue("period") != "" {
		said, put = "workactivity.saved_change", workactivity.Change
	}
	b := q.readPeriod()
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		_, _, err := put(tx, q.s.Book, o.path.ID, q.PostFormValue("id"), b)
		return err
	})
	return q.workDone(o, err, said, q.workPeriodForm)
}
