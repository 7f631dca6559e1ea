package web

import (
	"strings"

	"polku/internal/civil"
	"polku/internal/closing"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/path"
	"polku/internal/pathway"
	"polku/internal/portal"
	"polku/internal/web/view"
	"polku/internal/wording"
)

// form runs a View that fills a page about the client which the URL names.
func (q *request) form(fill func(tx *db.Tx, sh view.Shell, o onePath) (page, error), cause error) error {
	sh := q.shell(view.NavClients)
	var p page
	err := q.view(func(tx *db.Tx) error {
		o, err := q.load(tx)
		if err != nil {
			return err
		}
		sh.Client = o.id
		if err := q.counted(tx, &sh); err != nil {
			return err
		}
		p, err = fill(tx, sh, o)
		return err
	})
	if err != nil {
		return err
	}
	return q.renderStatus(statusFor(cause), p)
}

// done answers a command on a client: back to the client with a word, or the form again with what is wrong.
func (q *request) done(o onePath, err error, f flash, again func(cause error) error) error {
	if fault.Is(err, fault.Invalid) {
		return again(err)
	}
	if err != nil {
		return err
	}
	q.say(f)
	return q.redirect("/c/" + o.id)
}

func (q *request) exitPage() error { return q.exitForm(nil) }

func (q *request) exitForm(cause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		p := view.Exit{Shell: sh, Who: q.identity(sh, o), Receiver: q.FormValue("receiver"), Text: q.FormValue("text"),
			Unshared: q.FormValue("unshared") != "", On: q.FormValue("day"), Promises: q.promises(o), Errors: q.errorsOf(cause)}
		if o.model == nil {
			return p, nil
		}
		for _, x := range o.model.Exits {
			d := view.Destination{To: x.To, Text: o.names("exit", x.To), Receiver: x.Receiver, Final: x.Final, On: q.FormValue("to") == x.To}
			if spans := q.spans(x.FollowUp); spans != "" {
				d.After = []string{q.lang.T("exit.follow_up", "span", spans)}
			}
			p.Destinations = append(p.Destinations, d)
		}
		for _, d := range o.state.Obligations {
			if d.Kind == pathway.OwesExit && d.Status != pathway.Met {
				asked, err := closing.Asked(tx, q.s.Book, o.path)
				if err == nil {
					p.Asked = asked.Receiver
				}
			}
		}
		return p, nil
	}, cause)
}

// spans lists lengths: 1 kuukausi, 6 kuukautta, 12 kuukautta.
func (q *request) spans(list []civil.Span) string {
	words := make([]string, len(list))
	for i, s := range list {
		words[i] = wording.Span(s, q.lang)
	}
	return strings.Join(words, ", ")
}

// exit closes the path, or asks the receiver and keeps it open with a day to ask again.
func (q *request) exit() error {
	v := q.PostFormValue
	closed := false
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		switch v("answer") {
		case "accepted":
			closed = true
			return closing.Answer(tx, q.s.Book, o.path.ID, true, v("text"), nil)
		case "declined":
			step := path.Step{What: q.lang.T("exit.step_declined"), By: q.s.Book.Calendar.AddWorking(tx.Today, 3)}
			return closing.Answer(tx, q.s.Book, o.path.ID, false, v("text"), &step)
		}
		x := closing.Exit{To: v("to"), Receiver: v("receiver"), Accepted: v("accepted") != "", Unshared: v("unshared") != "", Text: v("text")}
		x.Next = &path.Step{What: q.lang.T("exit.step_ask"), By: q.s.Book.Calendar.AddWorking(tx.Today, 5)}
		var err error
		if closed, err = closing.Leave(tx, q.s.Book, o.path.ID, x); err != nil {
			return err
		}
		if m := q.s.Book.Models.Get(o.state.Model, o.state.Version); m != nil && m.Exit(x.To) != nil && m.Exit(x.To).Final {
			return portal.Close(tx, o.client.ID) // somebody has died: nothing more goes out
		}
		return nil
	})
	f := flash{Key: "flash.exit_asked", Saved: "exit:" + o.id}
	if closed {
		f.Key = "flash.exit_done"
	}
	return q.done(o, err, f, q.exitForm)
}

func (q *request) pausePage() error { return q.pauseForm(nil) }

func (q *request) pauseForm(cause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		return view.Pause{Shell: sh, Who: q.identity(sh, o), Why: q.FormValue("why"), Check: q.FormValue("check"), Errors: q.errorsOf(cause)}, nil
	}, cause)
}

func (q *request) pause() error {
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		_, err := q.s.Book.Pause(tx, o.path.ID, q.PostFormValue("why"), q.day("check"))
		return err
	})
	return q.done(o, err, flash{Key: "flash.paused", Saved: "pause:" + o.id}, q.pauseForm)
}

func (q *request) resumePage() error { return q.resumeForm(false, nil) }
func (q *request) reopenPage() error { return q.resumeForm(true, nil) }

func (q *request) resumeForm(reopen bool, cause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		step := view.StepForm{What: q.FormValue("step_what"), By: q.FormValue("step_by"), Time: q.FormValue("step_time"), Place: q.FormValue("step_place"),
			Suggestions: q.suggestions(o), Errors: q.errorsOf(cause)}
		return view.Resume{Shell: sh, Who: q.identity(sh, o), Reopen: reopen, Why: q.FormValue("why"), Ask: true, Step: step, Errors: q.errorsOf(cause)}, nil
	}, cause)
}

func (q *request) resume() error {
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		step, err := q.stepOf()
		if err != nil {
			return err
		}
		_, err = q.s.Book.Resume(tx, o.path.ID, q.PostFormValue("why"), step)
		return err
	})
	return q.done(o, err, flash{Key: "flash.resumed", Saved: "resume:" + o.id}, func(c error) error { return q.resumeForm(false, c) })
}

func (q *request) reopen() error {
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		step, err := q.stepOf()
		if err != nil {
			return err
		}
		return closing.Reopen(tx, q.s.Book, o.path.ID, q.PostFormValue("why"), q.me.Worker.ID, step)
	})
	return q.done(o, err, flash{Key: "flash.reopened", Saved: "reopen:" + o.id}, func(c error) error { return q.resumeForm(true, c) })
}

// stepOf reads the next step of a form that is about nothing else.
func (q *request) stepOf() (path.Step, error) {
	wrong := map[string]string{}
	step := q.readStep(wrong)
	return step, fault.Fields(wrong)
}

func (q *request) phasePage() error { return q.phaseForm(nil) }

// phaseForm shows what would change for whom before anything is changed.
func (q *request) phaseForm(cause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		p := view.PhaseChange{Shell: sh, Who: q.identity(sh, o), Chosen: q.FormValue("phase"), Why: q.FormValue("why"), Errors: q.errorsOf(cause)}
		if o.model == nil {
			return p, nil
		}
		for _, ph := range o.model.Phases {
			if ph.ID != o.state.Phase {
				p.Phases = append(p.Phases, view.Option{Value: ph.ID, Text: o.names("phase", ph.ID), On: ph.ID == p.Chosen})
			}
		}
		if p.Chosen == "" {
			return p, nil
		}
		after, err := q.s.Book.PreviewPhase(tx, o.path.ID, p.Chosen)
		if fault.Is(err, fault.Invalid) {
			p.Chosen = ""
			return p, nil
		}
		p.Changes = q.changes(o, after)
		return p, err
	}, cause)
}

// changes lists what a preview would make different: the phase, what begins to be owed, what ends.
func (q *request) changes(o onePath, after pathway.State) []view.Change {
	list := []view.Change{{What: q.lang.T("phase.phase"), Before: o.names("phase", o.state.Phase), After: o.names("phase", after.Phase)}}
	owed := func(s pathway.State) map[string]string {
		all := map[string]string{}
		for _, d := range s.Obligations {
			if d.Status == pathway.Due || d.Status == pathway.Upcoming || d.Status == pathway.Late || d.Status == pathway.Overdue {
				all[d.Phase+"/"+d.Rule+"/"+string(d.Kind)] = wording.Obligation(d, o.model, q.lang)
			}
		}
		return all
	}
	before, then := owed(o.state), owed(after)
	for _, d := range o.state.Obligations {
		key := d.Phase + "/" + d.Rule + "/" + string(d.Kind)
		if text := before[key]; text != "" && then[key] == "" {
			list = append(list, view.Change{What: text, Before: q.lang.T("phase.owed"), After: q.lang.T("phase.not_owed")})
			delete(before, key)
		}
	}
	for _, d := range after.Obligations {
		key := d.Phase + "/" + d.Rule + "/" + string(d.Kind)
		if text := then[key]; text != "" && before[key] == "" {
			list = append(list, view.Change{What: text, Before: "–", After: q.lang.T("phase.owed")})
			delete(then, key)
		}
	}
	return list
}

func (q *request) phase() error {
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		_, err := q.s.Book.ChangePhase(tx, o.path.ID, q.PostFormValue("phase"), q.PostFormValue("why"))
		return err
	})
	return q.done(o, err, flash{Key: "flash.phase", Saved: "phase:" + o.id}, q.phaseForm)
}
