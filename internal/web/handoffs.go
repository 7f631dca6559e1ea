package web

import (
	"polku/internal/care"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/handoff"
	"polku/internal/journal"
	"polku/internal/web/view"
	"polku/internal/wording"
)

func (q *request) handOverPage() error { return q.handOverForm(nil) }

// handOverForm shows the form, with what was typed and what is wrong when cause is not nil.
func (q *request) handOverForm(cause error) error {
	sh := q.shell(view.NavClients)
	p := view.HandOver{Why: q.FormValue("why")}
	err := q.view(func(tx *db.Tx) error {
		o, err := q.load(tx)
		if err != nil {
			return err
		}
		p.Who, p.Promises = q.identity(sh, o), q.promises(o)
		if o.model != nil {
			p.AnswerIn = q.lang.T("today.handoff_by", "day", wording.Span(o.model.Promises.HandoffAnswer, q.lang))
		}
		if p.Receivers, err = q.colleagues(tx, o, q.FormValue("to")); err != nil {
			return err
		}
		return q.counted(tx, &sh)
	})
	if err != nil {
		return err
	}
	p.Shell, p.Errors = sh, q.errorsOf(cause)
	return q.renderStatus(statusFor(cause), p)
}

// colleagues gives whom a client can be handed to, with how many open clients they have: who speaks the client's language
// first, then those with the fewest.
func (q *request) colleagues(tx *db.Tx, o onePath, chosen string) ([]view.Option, error) {
	facts, err := care.Get(tx, o.client.ID)
	if err != nil {
		return nil, err
	}
	colleagues, err := care.Colleagues(tx, o.path.Register, clientLanguage(o.client, facts))
	var options []view.Option
	for _, c := range colleagues {
		if c.Worker.ID != o.state.Responsible {
			options = append(options, view.Option{Value: c.Worker.ID, Text: c.Worker.Name, Hint: joined(c.Worker.Title, q.loadOf(c)), On: c.Worker.ID == chosen})
		}
	}
	return options, err
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " · " + b
}

// promises are the open agreed things that go along, in words.
func (q *request) promises(o onePath) []string {
	var out []string
	for _, t := range o.state.Tasks {
		out = append(out, wording.Task(t, q.lang)+" · "+q.lang.DayShort(t.By))
	}
	return out
}

func (q *request) handOver() error {
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		id, err := handoff.Offer(tx, q.s.Book, o.path.ID, q.PostFormValue("to"), q.PostFormValue("why"))
		if err != nil {
			return err
		}
		return q.tellStep(tx, id)
	})
	if fault.Is(err, fault.Invalid) {
		return q.handOverForm(renamed(err, "worker", "to"))
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.handoff_offered", Saved: "handover:" + o.id})
	return q.redirect("/c/" + o.id)
}

// renamed gives a fault with a field called as the form calls it.
func renamed(err error, from, to string) error {
	f, is := err.(*fault.Error)
	if !is || f.Fields[from] == "" {
		return err
	}
	copied := *f
	copied.Fields = map[string]string{}
	for k, v := range f.Fields {
		if k == from {
			k = to
		}
		copied.Fields[k] = v
	}
	return &copied
}

func (q *request) handoffPage() error { return q.handoffForm(nil) }

func (q *request) handoffForm(cause error) error {
	sh := q.shell(view.NavToday)
	p := view.Answer{ID: q.PathValue("id"), WhyNot: q.FormValue("why")}
	err := q.view(func(tx *db.Tx) error {
		h, err := handoff.Get(tx, p.ID)
		if err != nil {
			return err
		}
		if h.Step != entry.HandoffOffered && h.Step != entry.HandoffAccepted {
			return fault.E(fault.Conflict, "handoff.answered", nil)
		}
		p.Accepted = h.Step == entry.HandoffAccepted
		q.SetPathValue("id", h.Client+"."+h.Path)
		o, err := q.load(tx)
		if err != nil {
			return err
		}
		p.Who, p.Why, p.Promises = q.identity(sh, o), h.Why, q.promises(o)
		p.From, p.To, p.Mine = o.house.Workers[h.From], o.house.Workers[h.To], h.To == q.me.Worker.ID
		if o.state.NextStep != nil {
			step := q.step(o, *o.state.NextStep)
			p.Next = &step
		}
		if o.model != nil {
			p.AnswerBy = o.model.Promises.HandoffAnswer.After(h.Offered, q.s.Book.Calendar)
			p.FirstBy = wording.Span(o.model.Promises.HandoffFirst, q.lang)
		}
		if p.Three, err = q.three(tx, o, h); err != nil {
			return err
		}
		recent, err := journal.Timeline(tx, o.client.ID, view.StrandKinds(view.Contacts), journal.Top, 5)
		for i := range recent {
			if recent[i].Corrects == "" {
				p.Recent = append(p.Recent, q.item(&recent[i], nil, o))
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	p.Shell, p.Errors = sh, q.errorsOf(cause)
	return q.renderStatus(statusFor(cause), p)
}

func (q *request) handoffAccept() error {
	var clientID string
	err := q.update(func(tx *db.Tx) error {
		h, err := handoff.Get(tx, q.PathValue("id"))
		if err != nil {
			return err
		}
		clientID = h.Client
		if err := handoff.Accept(tx, q.s.Book, h.ID, nil); err != nil {
			return err
		}
		return q.tellStep(tx, h.ID)
	})
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.handoff_accepted"})
	return q.redirect("/c/" + clientID)
}

func (q *request) handoffDecline() error {
	id := q.PathValue("id")
	err := q.update(func(tx *db.Tx) error {
		h, err := handoff.Get(tx, id)
		if err != nil {
			return err
		}
		h.Step = entry.HandoffDeclined // after it the receiver may not see the client any more: the program tells them
		if err := handoff.Decline(tx, q.s.Book, id, q.PostFormValue("why")); err != nil {
			return err
		}
		return q.tellOf(tx, h)
	})
	if fault.Is(err, fault.Invalid) {
		return q.handoffForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.handoff_declined"})
	return q.redirect("/today")
}

func (q *request) handoffWithdraw() error {
	id := q.PathValue("id")
	if err := q.update(func(tx *db.Tx) error {
		if err := handoff.Withdraw(tx, q.s.Book, id); err != nil {
			return err
		}
		return q.tellStep(tx, id)
	}); err != nil {
		return err
	}
	q.say(flash{Key: "flash.handoff_withdrawn"})
	return q.redirect("/today")
}

// errorsOf is the errors of a form; none for nil.
func (q *request) errorsOf(cause error) view.Errors {
	if cause == nil {
		return nil
	}
	return view.ErrorsOf(q.lang, cause)
}

func statusFor(cause error) int {
	if cause == nil {
		return 200
	}
	return statusOf[fault.Of(cause)]
}
