package web

import (
	"net/http"
	"strconv"

	"polku/internal/actor"
	"polku/internal/aftercare"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/passage"
	"polku/internal/path"
	"polku/internal/ticket"
	"polku/internal/unit"
	"polku/internal/web/view"
)

// Pages for people without an account, by a one-time link: a receiver outside (/o/), a former client (/k/). The link is all
// that they have, so it opens one thing only, for a time; the page carries no script and nothing of it stays in a cache.

// byTicket runs what somebody with a link reads or does. The actor is the program: what fn may touch is what the ticket names.
func (q *request) byTicket(kind ticket.Kind, write bool, fn func(tx *db.Tx, t ticket.Ticket) error) error {
	who := actor.System(q.s.Login.Tenant(), actor.Service, q.who.Screen)
	who.Request = q.who.Request
	run := q.s.DB.View
	if write {
		run = q.s.DB.Update
	}
	return run(q.Context(), who, func(tx *db.Tx) error {
		t, err := ticket.Find(tx, kind, q.PathValue("token"))
		if err != nil {
			return err
		}
		tx.Saw(t.Client)
		return fn(tx, t)
	})
}

// ticketFailed shows what is wrong with a link, without a word of whom it concerned.
func (q *request) ticketFailed(err error) error {
	if !fault.Is(err, fault.Gone) && !fault.Is(err, fault.NotFound) && !fault.Is(err, fault.Conflict) {
		return err
	}
	return q.renderStatus(http.StatusGone, view.Over{Shell: q.portalShell()})
}

// tongue is the language of a page by link: the one chosen on it, else the client's or worker's own.
func (q *request) tongue(own string) {
	if l := q.FormValue("lang"); l != "" {
		q.lang = i18n.ParseLang(l)
		return
	}
	q.lang = i18n.ParseLang(own)
}

func (q *request) outsidePage() error { return q.outsideForm(nil, "") }

// outsideForm is what a receiver outside reads and answers; done is a word of what has just happened.
func (q *request) outsideForm(cause error, done string) error {
	p := view.Outside{Token: q.PathValue("token"), Done: done, Name: q.PostFormValue("name"), Why: q.PostFormValue("why"), Day: q.PostFormValue("contact")}
	if done != "" {
		p.Shell = q.portalShell()
		return q.render(p)
	}
	err := q.byTicket(ticket.Passage, false, func(tx *db.Tx, t ticket.Ticket) error {
		x, err := passage.Open(tx, q.s.Book, t)
		if err != nil {
			return err
		}
		worker, lang, err := passage.Responsible(tx, x)
		if err != nil {
			return err
		}
		q.tongue(lang)
		w, err := unit.GetWorker(tx, worker)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		p.Worker, p.Phone, p.PhoneTel = w.Name, phoneText(w.Phone), w.Phone
		p.Letter, p.Accepted, p.Contact = x.Letter, x.State == passage.Accepted, x.Contact
		if p.Day == "" {
			p.Day = tx.Today.String()
		}
		p.Sender, err = unit.TenantName(tx)
		return err
	})
	if err != nil {
		return q.ticketFailed(err)
	}
	p.Shell, p.Errors = q.portalShell(), q.errorsOf(cause)
	return q.renderStatus(statusFor(cause), p)
}

// outside is a receiver's answer: yes with a day, no with a reason, or that they have met.
func (q *request) outside() error {
	v := q.PostFormValue
	done := ""
	err := q.byTicket(ticket.Passage, true, func(tx *db.Tx, t ticket.Ticket) error {
		x, err := passage.Open(tx, q.s.Book, t)
		if err != nil {
			return err
		}
		_, lang, err := passage.Responsible(tx, x)
		if err != nil {
			return err
		}
		q.tongue(lang)
		switch v("do") {
		case "met":
			done = q.lang.T("outside.done_met")
			if err := passage.FirstMet(tx, q.s.Book, x, q.day("day")); err != nil {
				return err
			}
			return q.tellPassage(tx, x, passage.Met)
		case "decline":
			done = q.lang.T("outside.done_declined")
			if err := passage.Decline(tx, q.s.Book, x, v("name"), v("why"), q.backStep(tx, lang)); err != nil {
				return err
			}
			return q.tellPassage(tx, x, passage.Declined)
		}
		x.Contact = q.day("contact")
		done = q.lang.T("outside.done_accepted", "day", q.lang.Day(max(x.Contact, 1)))
		if err := passage.Accept(tx, q.s.Book, x, v("name"), x.Contact, q.watchStep(lang, x, path.Step{By: x.Contact})); err != nil {
			return err
		}
		return q.tellPassage(tx, x, passage.Accepted)
	})
	switch {
	case isMistake(err):
		return q.outsideForm(err, "")
	case err != nil:
		return q.ticketFailed(err)
	}
	return q.outsideForm(nil, done)
}

// howAreYou asks a former client how they are: one thing a page, three taps.
func (q *request) howAreYou() error { return q.howAreYouPage(nil) }

func (q *request) howAreYouPage(cause error) error {
	v := q.PostFormValue
	p := view.HowAreYou{Token: q.PathValue("token"), Outcome: v("outcome"), Feels: v("feels"), Step: 1}
	if p.Outcome != "" {
		p.Step = 2
		if p.Feels != "" {
			p.Step = 3
		}
	}
	err := q.byTicket(ticket.FollowUp, false, func(tx *db.Tx, t ticket.Ticket) error {
		_, _, lang, err := ownPageOf(tx, t.Client)
		if err != nil {
			return err
		}
		q.tongue(string(lang))
		own := asParticipant(tx, t)
		if err := aftercare.Waits(own, q.s.Book, t); err != nil {
			return err
		}
		p.Outcomes = q.lifeChoices()
		return nil
	})
	if err != nil {
		return q.ticketFailed(err)
	}
	p.Shell = q.portalShell()
	return q.renderStatus(statusFor(cause), p)
}

// asParticipant is the transaction as the client's own: the link was made for them, and opens their own paths only.
func asParticipant(tx *db.Tx, t ticket.Ticket) *db.Tx {
	own := *tx
	own.Who = actor.Participant(tx.Who.Tenant, t.Client, "", tx.Who.Screen, tx.Who.Request)
	return &own
}

// lifeWords are what a former client may be doing now, in their words; each is a destination.
var lifeWords = []string{"open-work", "education", "rehabilitation", "job-seeking", "unknown"}

func (q *request) lifeChoices() []view.Option {
	var options []view.Option
	for _, w := range lifeWords {
		options = append(options, view.Option{Value: w, Text: q.lang.T("life." + w)})
	}
	return options
}

// howAreYouAnswer takes an answer; the third one is written down.
func (q *request) howAreYouAnswer() error {
	v := q.PostFormValue
	if v("call") == "" {
		return q.howAreYouPage(nil)
	}
	feels, _ := strconv.Atoi(v("feels")) // no figure is no answer: Take says so
	a := aftercare.Answer{Feels: feels, Call: v("call") == "yes"}
	for _, w := range lifeWords {
		if w == v("outcome") {
			a.Outcome = w
		}
	}
	err := q.byTicket(ticket.FollowUp, true, func(tx *db.Tx, t ticket.Ticket) error {
		_, _, lang, err := ownPageOf(tx, t.Client)
		if err != nil {
			return err
		}
		q.tongue(string(lang))
		return aftercare.Take(asParticipant(tx, t), q.s.Book, t, a)
	})
	switch {
	case isMistake(err):
		return q.howAreYouPage(err)
	case err != nil:
		return q.ticketFailed(err)
	}
	return q.render(view.HowAreYou{Shell: q.portalShell(), Token: q.PathValue("token"), Step: 4, Call: a.Call})
}
