package web

import (
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/handoff"
	"polku/internal/journal"
	"polku/internal/unit"
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

// colleagues gives whom a client can be handed to, with how many open clients they have.
func (q *request) colleagues(tx *db.Tx, o onePath, chosen string) ([]view.Option, error) {
	load := map[string]int{}
	if err := tx.Each(`select s.responsible, count(*) from standing s where s.tenant_id = $1 and s.register_id = $2 and s.status <> 'closed' group by s.responsible`,
		[]any{tx.Who.Tenant, o.path.Register}, func(row func(...any) error) error {
			var worker string
			var n int
			err := row(&worker, &n)
			load[worker] = n
			return err
		}); err != nil {
		return nil, err
	}
	workers, err := unit.Colleagues(tx, o.path.Register)
	var options []view.Option
	for _, w := range workers {
		if w.ID != o.state.Responsible {
			options = append(options, view.Option{Value: w.ID, Text: w.Name, Hint: joined(w.Title, q.lang.N("handoff.load", load[w.ID])), On: w.ID == chosen})
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
		_, err := handoff.Offer(tx, q.s.Book, o.path.ID, q.PostFormValue("to"), q.PostFormValue("why"))
		return err
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
		if h.Step != entry.HandoffOffered {
			return fault.E(fault.Conflict, "handoff.answered", nil)
		}
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
		return handoff.Accept(tx, q.s.Book, h.ID, nil)
	})
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.handoff_accepted"})
	return q.redirect("/c/" + clientID)
}

func (q *request) handoffDecline() error {
	id := q.PathValue("id")
	err := q.update(func(tx *db.Tx) error { return handoff.Decline(tx, q.s.Book, id, q.PostFormValue("why")) })
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
	if err := q.update(func(tx *db.Tx) error { return handoff.Withdraw(tx, q.s.Book, id) }); err != nil {
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
