package web

import (
	"bytes"
	"strconv"
	"strings"

	"polku/internal/client"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/ident"
	"polku/internal/paper"
	"polku/internal/web/view"
	"polku/internal/workactivity"
)

// workPaper is what a paper about the client needs to know. It is in the worker's language; the client's own extract in the
// client's.
func (q *request) workPaper(c client.Client, o workactivity.Organiser) paper.Work {
	return paper.Work{Client: c.Name(), Controller: o.Controller, Banned: c.SafetyBan, At: q.at, Zone: q.s.DB.Zone}
}

// workSteward is the notice to the chief shop steward of the period that is on, or comes next.
func (q *request) workSteward() error {
	var w paper.Work
	var p *workactivity.Period
	if err := q.view(func(tx *db.Tx) error {
		o, err := q.load(tx)
		if err != nil {
			return err
		}
		x, err := q.loadWork(tx, o)
		p, w = workactivity.Current(x.periods, tx.Today), q.workPaper(o.client, x.organiser)
		return err
	}); err != nil {
		return err
	}
	if p == nil {
		return fault.E(fault.Conflict, "workactivity.no_steward", nil)
	}
	var out bytes.Buffer
	if err := paper.Steward(&out, q.lang, w, *p); err != nil {
		return err
	}
	return q.document("polku-notice", &out)
}

// workExtract gives out a month's attendance: the giving is written down first, then the file leaves.
func (q *request) workExtract() error {
	v := q.PostFormValue
	var now, earlier workactivity.Extract
	var w paper.Work
	lang := q.lang
	to := workactivity.Receiver(v("receiver"))
	_, err := q.onCase(func(tx *db.Tx, o onePath) error {
		receiver := ""
		if to == workactivity.ForClient || to == workactivity.ForPayer {
			receiver = q.lang.T("workactivity.receiver." + string(to))
		}
		var err error
		if now, earlier, err = workactivity.GiveExtract(tx, q.s.Book, o.path.ID, q.day("month"), to, receiver, q.lang.T("workactivity.extract_purpose")); err != nil {
			return err
		}
		c, err := client.Get(tx, o.client.ID)
		if err != nil {
			return err
		}
		organiser, err := workactivity.OrganiserOf(tx, o.path.Register)
		w = q.workPaper(c, organiser)
		if to == workactivity.ForClient && c.Lang != "" {
			lang = i18n.ParseLang(c.Lang)
		}
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return q.workShow(err)
	}
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if v("format") == "csv" {
		if err := attendanceCSV(&out, lang, now, earlier); err != nil {
			return fault.Wrap(err, "paper.read")
		}
		q.file("text/csv; charset=utf-8", "polku-attendance.csv", out.Bytes())
		return nil
	}
	if err := paper.Attendance(&out, lang, w, now, earlier); err != nil {
		return err
	}
	return q.document("polku-attendance", &out)
}

// attendanceCSV writes the days of an extract, one a row; the last column tells what the extract before said where it is
// otherwise.
func attendanceCSV(out *bytes.Buffer, l i18n.Lang, now, earlier workactivity.Extract) error {
	was := map[string]string{}
	lines := now.Lines
	if earlier.ID != "" {
		for _, d := range workactivity.Differences(earlier.Lines, now.Lines) {
			was[d.Day.String()] = view.WorkLine(l, d.Was)
			if d.Is == nil { // the day is on the list no more: it is told all the same
				lines = append(lines, workactivity.Line{Day: d.Day})
			}
		}
	}
	w := csvio.NewWriter(out)
	w.Write(l.T("workactivity.paper.day"), l.T("workactivity.col_planned"), l.T("workactivity.paper.state"), l.T("workactivity.col_hours"), l.T("workactivity.csv.mode"), l.T("workactivity.csv.earlier"))
	for i := range lines {
		x := &lines[i]
		mode, hours, planned := "", "", ""
		switch {
		case x.Came && x.Remote:
			mode = l.T("workactivity.cell.remote")
		case x.Came:
			mode = l.T("workactivity.cell.came")
		}
		if x.Minutes > 0 {
			hours = hoursText(l, x.Minutes)
		}
		if x.Planned > 0 {
			planned = hoursText(l, x.Planned)
		}
		w.Write(x.Day.String(), planned, view.WorkLine(l, x), hours, mode, was[x.Day.String()])
	}
	return w.Flush()
}

// workIncidentPDF is the report of an incident on paper.
func (q *request) workIncidentPDF() error {
	var w paper.Work
	var found *workactivity.Incident
	var organiser workactivity.Organiser
	if err := q.view(func(tx *db.Tx) error {
		o, err := q.load(tx)
		if err != nil {
			return err
		}
		x, err := q.loadWork(tx, o)
		w, organiser, found = q.workPaper(o.client, x.organiser), x.organiser, incidentOf(x.entries, q.FormValue("incident"))
		return err
	}); err != nil {
		return err
	}
	if found == nil {
		return fault.E(fault.Conflict, "workactivity.incident_none", nil)
	}
	var out bytes.Buffer
	if err := paper.Incident(&out, q.lang, w, *found, organiser); err != nil {
		return err
	}
	return q.document("polku-incident", &out)
}

func incidentOf(entries []*entry.Entry, id string) *workactivity.Incident {
	for _, i := range workactivity.Incidents(entries) {
		if i.Incident.Incident == id {
			return &i
		}
	}
	return nil
}

func (q *request) workIncidentPage() error { return q.workIncidentForm(nil) }

// workIncidentForm is the form of an incident, empty or with what was told before.
func (q *request) workIncidentForm(cause error) error {
	return q.workForm(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		x, err := q.loadWork(tx, o)
		if err != nil {
			return nil, err
		}
		v := q.PostFormValue
		p := view.WorkIncidentForm{Shell: sh, Who: q.identity(sh, o), ID: ident.New(), Incident: q.FormValue("incident"), Day: tx.Today.String(), TaskOn: true, Errors: q.errorsOf(cause)}
		b := entry.Incident{}
		if found := incidentOf(x.entries, p.Incident); found != nil {
			b = found.Incident
			p.Day, p.TaskOn = found.Day.String(), false
			if found.Minute >= 0 {
				p.Time = q.lang.Clock(found.Minute)
			}
		} else {
			p.Incident = ""
		}
		if o.client.SafetyBan && cause == nil {
			b.Place = "" // hidden everywhere; what is left empty stays as it is
		}
		p.V = map[string]string{"place": b.Place, "what": b.What, "injury": b.Injury, "treatment": b.Treatment, "witness": b.Witness, "prevent": b.Prevent}
		p.Reported = dayText(b.Reported)
		if cause != nil {
			b.Type = entry.IncidentType(v("type"))
			p.Day, p.Time, p.Reported, p.TaskOn = v("day"), v("time"), v("reported"), v("task") != ""
			for field := range p.V {
				p.V[field] = v(field)
			}
		}
		for _, t := range entry.IncidentTypes {
			p.Types = append(p.Types, view.Option{Value: string(t), Text: q.lang.T("workactivity.type." + string(t)), On: t == b.Type})
		}
		by, f, known := workactivity.ReportBy(q.s.Book, tx.Today)
		if known {
			p.Task = q.lang.T("workactivity.incident_task", "day", q.lang.Day(by), "source", q.figureSource(f))
		} else {
			p.Task = q.lang.T("workactivity.incident_task_plain", "day", q.lang.Day(tx.Today+7))
		}
		return p, nil
	}, cause)
}

// workIncident records an incident and, when asked, the task of reporting it.
func (q *request) workIncident() error {
	v := q.PostFormValue
	minute := -1
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		if t := v("time"); t != "" {
			if minute = parseClock(t); minute < 0 {
				return fault.Fields(map[string]string{"time": "record.bad_time"})
			}
		}
		b := entry.Incident{Incident: v("incident"), Type: entry.IncidentType(v("type")), Place: v("place"), What: v("what"), Injury: v("injury"), Treatment: v("treatment"),
			Witness: v("witness"), Prevent: v("prevent"), Reported: q.day("reported")}
		if b.Incident != "" {
			entries, err := q.s.Book.Entries(tx, o.path)
			if err != nil {
				return err
			}
			old := incidentOf(entries, b.Incident)
			if old == nil {
				return fault.E(fault.NotFound, "error.not_found", nil)
			}
			if strings.TrimSpace(b.Place) == "" {
				b.Place = old.Place
			}
		}
		task, by := "", tx.Today+7
		if v("task") != "" {
			task = q.lang.T("workactivity.incident_step")
			if day, _, known := workactivity.ReportBy(q.s.Book, tx.Today); known {
				by = day
			}
		}
		return workactivity.Tell(tx, q.s.Book, o.path.ID, v("id"), q.day("day"), minute, b, task, by)
	})
	if fault.Is(err, fault.Invalid) {
		return q.workIncidentForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "workactivity.incident_saved", Saved: "incident:" + o.id + v("incident")})
	return q.redirect("/c/" + o.id + "/work")
}

func (q *request) workOrganiserPage() error { return q.workOrganiserForm(nil) }

// workOrganiserForm shows the organisers of the registers that the coordinator's work is in.
func (q *request) workOrganiserForm(cause error) error {
	p := view.WorkOrganisers{Shell: q.shell(view.NavMore)}
	err := q.view(func(tx *db.Tx) error {
		if err := q.counted(tx, &p.Shell); err != nil {
			return err
		}
		all, err := workactivity.Organisers(tx)
		for _, o := range all {
			line := view.WorkOrganiser{Register: o.Register, Name: o.Name, Remote: o.Remote, Paid: o.RemotePaid, Insurer: o.Insurer, Policy: o.Policy, Contact: o.Contact, Steward: o.Steward, Rev: o.Rev}
			if cause != nil && o.Register == q.PostFormValue("register") {
				line.Errors = q.errorsOf(cause)
			}
			p.List = append(p.List, line)
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.renderStatus(statusFor(cause), p)
}

func (q *request) workOrganiser() error {
	v := q.PostFormValue
	err := q.update(func(tx *db.Tx) error {
		rev, err := strconv.ParseInt(v("rev"), 10, 64)
		if err != nil {
			return fault.E(fault.Conflict, "workactivity.saved_meanwhile", nil)
		}
		return workactivity.SaveOrganiser(tx, workactivity.Organiser{Register: v("register"), Remote: v("remote") != "", RemotePaid: v("remote_paid") != "",
			Insurer: v("insurer"), Policy: v("policy"), Contact: v("contact"), Steward: v("steward"), Rev: rev})
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return q.workOrganiserForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "workactivity.organiser_saved"})
	return q.redirect("/work-activity")
}
