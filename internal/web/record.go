package web

import (
	"cmp"
	"strconv"
	"strings"

	"polku/internal/booking"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/journal"
	"polku/internal/path"
	"polku/internal/pathway"
	"polku/internal/web/view"
	"polku/internal/wording"
)

// recordPage is the one screen for recording. Everything whose value is known is filled in.
func (q *request) recordPage() error {
	sh := q.shell(view.NavClients)
	var p view.Record
	err := q.view(func(tx *db.Tx) error {
		o, err := q.load(tx)
		if err != nil {
			return err
		}
		if p, err = q.recordForm(tx, sh, o, q.FormValue("duty")); err != nil {
			return err
		}
		if old := q.FormValue("corrects"); old != "" {
			return q.fillCorrected(tx, &p, o, old)
		}
		return q.counted(tx, &p.Shell)
	})
	if err != nil {
		return err
	}
	return q.render(p)
}

// recordForm is the empty form: choices from the model, the next step as it stands, suggestions.
func (q *request) recordForm(tx *db.Tx, sh view.Shell, o onePath, duty string) (view.Record, error) {
	sh.Client = o.id
	p := view.Record{Shell: sh, Who: q.identity(sh, o), ID: ident.New(), StepID: ident.New(), Duty: duty, What: view.WhatMeeting,
		Themes: q.words(o, "theme", themesOf(o))}
	for _, r := range []entry.Reason{entry.Sick, entry.ChildSick, entry.Interview, entry.OtherOK, entry.Unexplained, entry.ByOrganiser} {
		p.Reasons = append(p.Reasons, view.Option{Value: string(r), Text: q.lang.T("absence." + string(r))})
	}
	if s := o.state; s.NextStep != nil && s.Status != pathway.Closed {
		step := q.step(o, *s.NextStep)
		p.Now = &step
		if form := cmp.Or(s.NextStep.Booked, s.NextStep.Form); form != "" {
			p.What = view.What(form)
		}
	}
	for _, d := range o.state.Obligations {
		if duty != "" && d.ID == duty {
			p.DutyWhat = wording.Obligation(d, o.model, q.lang)
			p.What = whatFor(d, o)
		}
		if followUpOpen(d) {
			if duty == "" {
				p.What = view.WhatFollowUp // what recording on a path that has ended is mostly for
			}
			p.Afters = append(p.Afters, view.Option{Value: d.Rule, Text: wording.Obligation(d, o.model, q.lang), On: d.ID == duty})
		}
	}
	if m := o.model; m != nil {
		q.modelChoices(&p, o)
		for _, x := range m.Exits {
			p.Outcomes = append(p.Outcomes, view.Option{Value: x.To, Text: o.names("exit", x.To)})
		}
		p.Outcomes = append(p.Outcomes, view.Option{Value: "unknown", Text: q.lang.T("outcome.unknown")}, view.Option{Value: "not_reached", Text: q.lang.T("outcome.not_reached")})
	}
	p.Suggestions = q.suggestions(o)
	var err error
	if p.Phrases, err = recordPhrases(tx, o); err != nil {
		return p, err
	}
	q.prefillStep(tx, &p, o)
	return p, nil
}

// prefillStep proposes the next step: what the model asks for soonest, by its day, else a meeting in a week.
// Whoever records changes it or lets it be.
func (q *request) prefillStep(tx *db.Tx, p *view.Record, o onePath) {
	by := tx.Today + 7
	for _, d := range o.state.Obligations {
		if d.Kind == pathway.OwesCadence && d.Due > tx.Today && d.Due < tx.Today+35 {
			by = d.Due
			break
		}
	}
	for !q.s.Book.Calendar.Working(by) && by > tx.Today {
		by--
	}
	p.StepWhat, p.StepBy = q.lang.T("suggest.meet"), by.String()
	if len(p.Suggestions) > 0 {
		p.StepWhat = p.Suggestions[0]
	}
}

// modelChoices fills in what the model of the path offers to record.
func (q *request) modelChoices(p *view.Record, o onePath) {
	for _, a := range o.model.Areas {
		for _, item := range a.Items {
			p.Items = append(p.Items, view.Option{Value: a.ID + "/" + item, Text: o.names("item", a.ID+"/"+item), Hint: o.names("area", a.ID)})
		}
	}
	plans := map[string]bool{}
	for _, r := range o.model.Reviews {
		if !plans[r.Plan] {
			p.Plans = append(p.Plans, view.Option{Value: r.Plan, Text: o.names("plan", r.Plan)})
		}
		plans[r.Plan] = true
	}
	p.Places = q.words(o, "placement", []string{"work-trial", "subsidised-job", "open-job", "workshop-place"})
	p.Scopes = q.words(o, "scope", []string{"employment-authority", "social-services", "health-care", "next-service"})
	phase := o.model.Phase(o.state.Phase)
	if phase == nil {
		return
	}
	p.Topics = q.words(o, "topic", phase.Topics)
	for _, f := range phase.Offers {
		p.Offers = append(p.Offers, view.Option{Value: f.ID, Text: o.names("offer", f.ID)})
	}
	p.Measures = q.instruments(o)
}

// instruments gives the instruments that the path's model asks for anywhere.
func (q *request) instruments(o onePath) []view.Instrument {
	var all []view.Instrument
	if o.model == nil {
		return nil
	}
	seen := map[string]bool{}
	for _, ph := range o.model.Phases {
		for _, m := range ph.Measures {
			if !seen[m.Instrument] {
				all = append(all, q.instrument(o, m.Instrument))
			}
			seen[m.Instrument] = true
		}
	}
	return all
}

// instrument gives the items of an instrument that the record form can take; the instruments' own issue
// brings the rest as data.
func (q *request) instrument(o onePath, id string) view.Instrument {
	in := view.Instrument{ID: id, Name: o.names("instrument", id)}
	switch id {
	case "perceived-change":
		for _, item := range []string{"psychic", "physical", "social"} {
			in.Items = append(in.Items, view.MeasureItem{ID: item, Text: q.lang.T("measure." + item), Min: -2, Max: 2})
		}
	default:
		in.Items = []view.MeasureItem{{ID: "score", Text: in.Name, Min: 0, Max: 10}}
	}
	return in
}

// words makes options of ids in the model's words.
func (q *request) words(o onePath, what string, ids []string) []view.Option {
	var options []view.Option
	for _, id := range ids {
		options = append(options, view.Option{Value: id, Text: o.names(what, id)})
	}
	return options
}

func themesOf(o onePath) []string {
	var themes []string
	if o.model == nil || o.model.Phase(o.state.Phase) == nil {
		return nil
	}
	for _, c := range o.model.Phase(o.state.Phase).Cadences {
		themes = append(themes, c.Themes...)
	}
	return themes
}

// whatFor chooses what to record to meet an obligation.
func whatFor(d pathway.Obligation, o onePath) view.What {
	switch d.Kind {
	case pathway.OwesMeasure:
		return view.WhatMeasure
	case pathway.OwesReview:
		return view.WhatReview
	case pathway.OwesOffer:
		return view.WhatOffer
	case pathway.OwesFollowUp:
		return view.WhatFollowUp
	}
	if o.model != nil && o.model.Phase(d.Phase) != nil {
		for _, c := range o.model.Phase(d.Phase).Cadences {
			if c.ID == d.Rule && c.Do == "attendance" {
				return view.WhatAttendance
			}
			if c.ID == d.Rule && c.Do == "contact" {
				return view.WhatCall
			}
		}
	}
	return view.WhatMeeting
}

// suggestions are next steps one tap away: what the model still asks for, then the ordinary ones.
func (q *request) suggestions(o onePath) []string {
	var out []string
	add := func(s string) {
		for _, t := range out {
			if t == s {
				return
			}
		}
		if s != "" && len(out) < 6 {
			out = append(out, s)
		}
	}
	for _, d := range o.state.Obligations {
		if (d.Status == pathway.Due || d.Status == pathway.Overdue) && d.Kind != pathway.OwesTopic && d.Kind != pathway.OwesPhaseEnd {
			add(wording.Obligation(d, o.model, q.lang))
		}
	}
	for _, key := range []string{"suggest.meet", "suggest.call", "suggest.office", "suggest.check"} {
		add(q.lang.T(key))
	}
	return out
}

// fillCorrected fills the form with the entry that is to be corrected.
func (q *request) fillCorrected(tx *db.Tx, p *view.Record, o onePath, id string) error {
	e, found, err := journal.Get(tx, o.client.ID, id)
	if err != nil {
		return err
	}
	if !found || e.Damaged || e.Path != o.path.ID || !correctable[e.Kind] {
		return fault.E(fault.NotFound, "error.not_found", nil)
	}
	p.Corrects, p.When, p.On, p.StepDo = id, "other", e.Day, "keep"
	if e.Minute >= 0 {
		p.Time = q.lang.Clock(e.Minute)
	}
	if e.Minutes > 0 {
		p.Minutes = strconv.Itoa(e.Minutes)
	}
	p.Mode = e.Mode
	switch b := e.Body.(type) {
	case *entry.Contact:
		p.What, p.Result, p.With, p.Text = view.What(b.Form), b.Result, b.With, b.Text
		choose(p.Topics, b.Topics...)
	case *entry.Attendance:
		p.What, p.Text = view.WhatAttendance, b.Text
		choose(p.Themes, b.Theme)
	case *entry.Absence:
		p.What, p.Text = view.WhatAbsence, b.Text
		choose(p.Reasons, string(b.Reason))
	case *entry.Note:
		p.What, p.Text = view.WhatNote, b.Text
	}
	return nil
}

func choose(options []view.Option, values ...string) {
	for i := range options {
		for _, v := range values {
			if options[i].Value == v {
				options[i].On = true
			}
		}
	}
}

// record takes the form. Whatever is wrong, the form comes back with everything that was typed.
func (q *request) record() error {
	if q.PostFormValue("phrase") != "" {
		return q.recordWithPhrase()
	}
	on := q.onJournal
	if q.PostFormValue("step_time") != "" {
		on = q.onCase // whether the hour is free is asked in the command's own turn
	}
	o, err := on(q.write)
	if err != nil {
		return q.recordAgain(err)
	}
	f := flash{Key: "flash.recorded", Saved: "record:" + o.id + q.PostFormValue("corrects"), Undo: "/c/" + o.id + "/undo", Entry: q.PostFormValue("id")}
	if q.PostFormValue("corrects") != "" {
		f.Key, f.Undo = "flash.corrected", ""
	}
	q.say(f)
	return q.redirect("/c/" + o.id)
}

// write appends what the form says: the entry itself, the end of the step that it fulfils, the next step.
func (q *request) write(tx *db.Tx, o onePath) error {
	wrong := map[string]string{}
	e := q.readEntry(tx, o, wrong)
	var next *path.Step
	end := ""
	if o.state.NextStep != nil && q.PostFormValue("step") == "done" {
		end = o.state.NextStep.Task
	}
	if q.PostFormValue("step") != "keep" && q.PostFormValue("corrects") == "" && (end == "" || q.PostFormValue("step_what") != "") {
		step := q.readStep(wrong)
		if q.PostFormValue("step") == "new" && o.state.NextStep != nil && o.state.NextStep.Booked == "" {
			step.Replaces = o.state.NextStep.Task // what was agreed has changed
		}
		next = &step
	}
	if o.state.Status == pathway.Closed {
		next, end = nil, ""
	}
	if next != nil && next.Minute > 0 && next.Owner == entry.ByWorker {
		if err := q.hourIsFree(tx, o, next, wrong); err != nil {
			return err
		}
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	if q.PostFormValue("corrects") != "" {
		_, err := q.s.Book.Correct(tx, o.path.ID, q.PostFormValue("corrects"), e)
		return err
	}
	if c, is := e.Body.(*entry.Contact); is {
		if end != "" && o.state.NextStep.Booked != "" && c.Result == entry.Held {
			end = "" // the meeting held is the step
		}
		_, err := q.s.Book.Record(tx, o.path.ID, path.Record{ID: e.ID, Day: e.Day, Minute: e.Minute, Minutes: e.Minutes, Mode: e.Mode,
			Contact: *c, EndTask: end, Outcome: outcomeOf(c.Result), Next: next})
		return err
	}
	_, err := q.s.Book.RecordOther(tx, o.path.ID, q.withFurther(o, e), end, next)
	return err
}

// hourIsFree makes a next step with a clock time the meeting that it is. When the hour is taken, the form asks once whether
// both are meant: sending the same hour again books it on top, and the journal says that it was on purpose.
func (q *request) hourIsFree(tx *db.Tx, o onePath, next *path.Step, wrong map[string]string) error {
	worker := cmp.Or(next.Worker, o.state.Responsible)
	next.Form, next.Minutes = entry.FormMeeting, 60
	key, err := booking.Clash(tx, worker, next.By, booking.Span{From: next.Minute, To: next.Minute + next.Minutes}, next.Replaces)
	if err != nil || key == "" {
		return err
	}
	meant := next.By.String() + " " + strconv.Itoa(next.Minute)
	if q.PostFormValue("step_taken") == meant {
		next.Why = q.lang.T("booking.meant")
		return nil
	}
	wrong["step_time"] = key + ".again"
	return nil
}

// outcomeOf tells how the step that a contact ends went: who did not come, or called off, did not do it.
func outcomeOf(r entry.Result) entry.TaskOutcome {
	if r == entry.NoShow || r == entry.Cancelled {
		return entry.CouldNot
	}
	return entry.Done
}

// withFurther gives the entry, and those of the further instruments that the same form filled in.
func (q *request) withFurther(o onePath, e entry.Entry) []entry.Entry {
	all := []entry.Entry{e}
	if e.Kind != entry.KindMeasure {
		return all
	}
	for _, m := range q.readMeasures(o, map[string]string{})[1:] {
		further := e
		further.ID, further.Body = path.FurtherID(e.ID, len(all)), m
		all = append(all, further)
	}
	return all
}

// recordAgain shows the form again with what was typed and what is wrong; for a conflict, with both texts.
func (q *request) recordAgain(cause error) error {
	kind := fault.Of(cause)
	if kind != fault.Invalid && kind != fault.Conflict {
		return cause
	}
	sh := q.shell(view.NavClients)
	var p view.Record
	err := q.view(func(tx *db.Tx) error {
		o, err := q.load(tx)
		if err != nil {
			return err
		}
		p, err = q.recordForm(tx, sh, o, q.PostFormValue("duty"))
		if err != nil {
			return err
		}
		q.typed(&p)
		p.Errors = view.ErrorsOf(q.lang, cause)
		if !strings.HasSuffix(keyOf(cause, "step_time"), ".again") {
			p.StepTaken = ""
		}
		if kind == fault.Conflict {
			return q.showConflict(tx, &p, o)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return q.renderStatus(statusOf[kind], p)
}

// typed puts what was sent back into the form.
func (q *request) typed(p *view.Record) {
	v := q.PostFormValue
	if ident.Valid(v("id")) {
		p.ID = v("id")
	}
	p.Corrects, p.What, p.When, p.DayTyped, p.Time, p.Minutes = v("corrects"), view.What(v("what")), v("when"), v("day"), v("time"), v("minutes")
	p.Result, p.Mode, p.With, p.Text = entry.Result(v("result")), entry.Mode(v("mode")), v("with"), v("text")
	p.StepDo, p.StepWhat, p.StepWho, p.StepBy, p.StepTime, p.StepPlace = v("step"), v("step_what"), entry.Owner(v("step_who")), v("step_by"), v("step_time"), v("step_place")
	if day, minute := q.day("step_by"), parseClock(v("step_time")); minute > 0 {
		p.StepTaken = day.String() + " " + strconv.Itoa(minute)
	}
	choose(p.Topics, q.PostForm["topic"]...)
	choose(p.Themes, v("theme"))
	choose(p.Reasons, v("reason"))
	choose(p.Items, v("item"))
	choose(p.Offers, v("offer"))
	choose(p.Plans, v("plan"))
	choose(p.Outcomes, v("outcome"))
	choose(p.Places, v("place"))
	choose(p.Scopes, v("scope"))
	choose(p.Afters, v("after"))
	p.Rest = map[string]string{}
	for _, field := range []string{"item_state", "offer_state", "price", "measure_when", "helped", "where", "from", "to", "given", "until"} {
		p.Rest[field] = v(field)
	}
	for _, m := range p.Measures {
		for i := range m.Items {
			m.Items[i].Value = v("m_" + m.ID + "." + m.Items[i].ID)
		}
	}
}

// showConflict shows what stands in the journal beside what was typed, which gets a new id.
func (q *request) showConflict(tx *db.Tx, p *view.Record, o onePath) error {
	e, found, err := journal.Get(tx, o.client.ID, p.ID)
	if err != nil || !found {
		return err
	}
	p.Conflict = &view.Conflict{Who: o.names("worker", e.Author), When: q.when(e.RecordedAt), Said: view.Say(q.lang, &e, o.names)}
	p.ID = ident.New()
	return nil
}
