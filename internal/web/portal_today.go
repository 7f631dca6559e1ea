package web

import (
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/journal"
	"polku/internal/pathway"
	"polku/internal/portal"
	"polku/internal/web/view"
)

// portalToday shows what the participant does and where they go, one thing after another. What a worker has to do is
// shown as a day only: the words of it are the worker's notes.
func (q *request) portalToday() error {
	p := view.PortalToday{Portal: q.frame("today")}
	return q.show(func(tx *db.Tx) error {
		o, worker, err := q.ownPath(tx)
		if err != nil {
			return err
		}
		if p.First, err = client.OwnFirstName(tx); err != nil {
			return err
		}
		p.Worker, p.WorkerPhone, p.WorkerTel = worker.Name, phoneText(worker.Phone), worker.Phone
		p.Closed = o.path.ID == "" || o.state.Status == pathway.Closed
		if o.state.Status == pathway.Paused {
			p.PausedTo = o.state.PauseCheck
		}
		for _, t := range o.state.Tasks {
			switch {
			case p.Closed:
			case t.Booked != "" || t.Minute > 0:
				p.Meetings = append(p.Meetings, q.step(o, t))
			case t.Owner == entry.ByClient:
				p.Mine = append(p.Mine, q.step(o, t))
			case p.WorkerBy.IsZero():
				p.WorkerBy = t.By
			}
		}
		return nil
	}, func() page { return p })
}

// toldMost is how many of the things that they were told a participant's page looks at.
const toldMost = 30

// portalMessages is the place of messages.
func (q *request) portalMessages() error {
	p := view.PortalMessages{Portal: q.frame("messages")}
	return q.show(func(tx *db.Tx) error {
		o, worker, err := q.ownPath(tx)
		p.Worker, p.WorkerPhone, p.WorkerTel = worker.Name, phoneText(worker.Phone), worker.Phone
		if err != nil || o.path.ID == "" {
			return err
		}
		p.Farewell = o.state.Status == pathway.Closed
		told, err := journal.Timeline(tx, o.client.ID, []entry.Kind{entry.KindTold}, journal.Top, toldMost)
		for _, e := range told {
			if b, is := e.Body.(*entry.ToldClient); is && b.About == entry.AboutHandoff && b.Text != "" {
				p.Told = append(p.Told, view.PortalText{Text: b.Text, When: q.when(e.RecordedAt)})
			}
		}
		return err
	}, func() page { return p })
}

func (q *request) portalWritePage() error { return q.writeForm("", nil) }
func (q *request) portalDraftPage() error { return q.writeForm(q.PathValue("id"), nil) }

// writeForm shows a text to go on with (draft), or an empty page, and what was written before.
func (q *request) writeForm(draft string, cause error) error {
	p := view.PortalWrite{Portal: q.frame("write"), ID: draft, Text: q.PostFormValue("text"), Errors: q.errorsOf(cause)}
	err := q.view(func(tx *db.Tx) error {
		o, worker, err := q.ownPath(tx)
		if err != nil {
			return err
		}
		p.Worker, p.CanSend = worker.Name, worker.ID != "" && o.state.Status != pathway.Closed
		if draft != "" && cause == nil {
			d, err := portal.GetDraft(tx, draft)
			if err != nil {
				return err
			}
			p.Text = d.Text
		}
		drafts, err := portal.Drafts(tx)
		if err != nil {
			return err
		}
		for _, d := range drafts {
			if d.ID != draft {
				p.Drafts = append(p.Drafts, view.PortalText{ID: d.ID, Text: d.Text, When: q.when(d.ChangedAt)})
			}
		}
		sent, err := portal.Sent(tx)
		for _, e := range sent {
			if n, is := e.Body.(*entry.Note); is {
				p.Sent = append(p.Sent, view.PortalText{Text: n.Text, When: q.when(e.RecordedAt)})
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return q.renderStatus(statusFor(cause), p)
}
