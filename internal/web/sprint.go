package web

import (
	"strings"

	"polku/internal/caseload"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/ident"
	"polku/internal/importing"
	"polku/internal/path"
	"polku/internal/web/view"
)

// sprintRest is how many of those who follow are named.
const sprintRest = 20

func (q *request) sprintPage() error {
	return q.sprintForm(q.FormValue("client"), q.FormValue("after"), nil)
}

// sprintForm shows one client whose next step is still "Tarkista tuonti": the one asked for (CLIENT.PATH), else the
// first by name after a path.
func (q *request) sprintForm(client, after string, cause error) error {
	p := view.Sprint{Shell: q.shell(view.NavMore), Errors: q.errorsOf(cause)}
	return q.framed(&p.Shell, cause, func(tx *db.Tx) error {
		var err error
		if p.Done, p.Total, err = importing.Sprint(tx); err != nil {
			return err
		}
		lines, _, _, err := caseload.Unset(tx, q.s.Book, caseload.Place{Path: after}, sprintRest+1)
		if err == nil && len(lines) == 0 && after != "" { // whom was skipped comes round again
			lines, _, _, err = caseload.Unset(tx, q.s.Book, caseload.Place{}, sprintRest+1)
		}
		if err != nil {
			return err
		}
		if client == "" && len(lines) > 0 {
			client = lines[0].Client + "." + lines[0].Path
		}
		h, err := q.house(tx)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if l.Client+"."+l.Path != client {
				r := q.row(p.Shell, l, h, false)
				r.Client += "." + l.Path
				p.Rest = append(p.Rest, r)
			}
		}
		if client != "" {
			if p.One, err = q.sprintOne(tx, client, cause); err != nil {
				return err
			}
		}
		return nil
	}, func() page { return p })
}

// sprintOne is the form of one client, with the newest thing known of them.
func (q *request) sprintOne(tx *db.Tx, client string, cause error) (*view.SprintOne, error) {
	q.SetPathValue("id", client)
	o, err := q.load(tx)
	if err != nil {
		return nil, err
	}
	one := &view.SprintOne{Client: client, Name: o.client.Name(), Service: o.service.Name, Worker: o.house.Workers[o.state.Responsible], StepID: ident.New(),
		Step: view.StepForm{What: q.PostFormValue("step_what"), By: q.PostFormValue("step_by"), Time: q.PostFormValue("step_time"), Place: q.PostFormValue("step_place"),
			Suggestions: q.suggestions(o), Errors: q.errorsOf(cause)}}
	if o.state.NextStep != nil {
		one.Replaces = o.state.NextStep.Task
	}
	entries, err := q.s.Book.Entries(tx, o.path)
	if err != nil {
		return nil, err
	}
	for i := len(entries) - 1; i >= 0 && one.Last == ""; i-- {
		one.Last = q.lastKnown(entries[i])
	}
	return one, nil
}

// lastKnown says an entry in a line; empty when it tells nothing that helps to choose a step.
func (q *request) lastKnown(e *entry.Entry) string {
	text := ""
	if note, is := e.Body.(*entry.Note); is {
		text = strings.Join(strings.Fields(note.Text), " ")
		if letters := []rune(text); len(letters) > 200 {
			text = string(letters[:200]) + "…"
		}
	} else if key := "what." + string(e.Kind); i18n.Has(key) {
		text = q.lang.T(key)
	}
	if text == "" {
		return ""
	}
	return q.lang.Day(e.Day) + " " + text
}

// sprintSave sets the real next step in place of "Tarkista tuonti" and goes on to the next client.
func (q *request) sprintSave() error {
	id := q.PostFormValue("client")
	_, pathID, _ := strings.Cut(id, ".")
	if q.PostFormValue("do") == "skip" {
		return q.redirect("/sprint?after=" + pathID)
	}
	q.SetPathValue("id", id)
	_, err := q.onJournal(func(tx *db.Tx, o onePath) error {
		step, err := q.stepOf()
		if err != nil {
			return err
		}
		if o.state.NextStep == nil || o.state.NextStep.Task != q.PostFormValue("replaces") {
			return nil // somebody has set it meanwhile, or the form was sent twice
		}
		_, err = q.s.Book.SetStep(tx, o.path.ID, path.Step{What: step.What, Owner: step.Owner, Worker: step.Worker, By: step.By, Minute: step.Minute, Place: step.Place},
			q.PostFormValue("replaces"))
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return q.sprintForm(id, "", err)
	}
	if err != nil {
		return err
	}
	return q.redirect("/sprint?after=" + pathID)
}
