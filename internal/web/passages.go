package web

import (
	"slices"
	"strings"

	"polku/internal/actor"
	"polku/internal/care"
	"polku/internal/consent"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/passage"
	"polku/internal/path"
	"polku/internal/unit"
	"polku/internal/web/view"
)

func (q *request) passagePage() error { return q.passageForm(nil) }

// passageForm hands a client over past the register: who, on what ground, what they are told; and what has been sent.
func (q *request) passageForm(cause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		v := q.FormValue
		p := view.PassageAsk{Shell: sh, Who: q.identity(sh, o), Receiver: v("receiver"), Letter: v("letter"), Purpose: v("purpose"), Promises: q.promises(o), Errors: q.errorsOf(cause)}
		if cause == nil {
			p.Letter, p.Purpose = q.passageLetter(o), q.lang.T("passage.purpose")
		}
		sent, err := passage.OfPath(tx, o.path.ID, o.client.ID)
		if err != nil {
			return p, err
		}
		for _, x := range sent {
			line := q.passageLine(x)
			p.Sent = append(p.Sent, line)
			p.Busy = p.Busy || line.Open
		}
		if o.model != nil {
			for _, x := range o.model.Exits {
				if !x.Final && x.To != "withdrew" {
					p.To = append(p.To, view.Option{Value: x.To, Text: o.names("exit", x.To), On: v("to") == x.To || v("to") == "" && x.To == "another-service"})
				}
			}
		}
		registers, err := unit.Registers(tx)
		if err != nil {
			return p, err
		}
		services, err := passage.Services(tx, o.path.Register)
		if err != nil {
			return p, err
		}
		p.Services = []view.Option{{Value: "", Text: q.lang.T("passage.outside")}}
		for _, s := range services {
			p.Services = append(p.Services, view.Option{Value: s.ID, Text: s.Name, On: v("service") == s.ID})
		}
		decisions, err := consent.OfClient(tx, o.client.ID)
		if err != nil {
			return p, err
		}
		w := view.Walls{Shell: sh, V: q.PostFormValue}
		q.wallChoices(&w, registers, o, decisions)
		p.Grounds, p.Scopes = w.Grounds, w.Scopes
		for i := range p.Scopes {
			p.Scopes[i].On = p.Scopes[i].On || cause == nil && i < 2 // that we have the client and how to reach them; who works with them
		}
		return p, nil
	}, cause)
}

// passageLetter proposes what the receiver is told: no more than who hands over whom, and how to go on. The sender writes the rest.
func (q *request) passageLetter(o onePath) string {
	contact := phoneText(o.client.Phone)
	if o.client.SafetyBan {
		contact = q.lang.T("passage.ban")
	}
	return q.lang.T("passage.words", "name", o.client.Name(), "phone", contact, "worker", o.house.Workers[o.state.Responsible], "service", o.service.Name)
}

func (q *request) passageLine(x passage.Passage) view.PassageLine {
	return view.PassageLine{ID: x.ID, Client: x.Client + "." + x.Path, Receiver: x.ReceiverName, State: q.lang.T("passage.state." + string(x.State)), By: x.AnsweredBy, Why: x.Why,
		Letter: x.Letter, Asked: q.when(x.MadeAt), Contact: x.Contact, Open: x.State == passage.Asked || x.State == passage.Accepted, Accepted: x.State == passage.Accepted, Outside: x.Outside()}
}

func (q *request) passage() error {
	v := q.PostFormValue
	var id, secret string
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		n := passage.New{ExitTo: v("to"), Service: v("service"), ReceiverName: v("receiver"), Scopes: q.PostForm["scope"], Basis: v("basis"), Letter: v("letter"), Purpose: v("purpose"),
			Next: path.Step{What: q.lang.T("exit.step_ask"), By: q.s.Book.Calendar.AddWorking(tx.Today, 5), From: entry.FromHandoff}}
		var err error
		if id, secret, err = passage.Ask(tx, q.s.Book, o.path.ID, n); err != nil {
			return err
		}
		x, err := passage.Sent(tx, id)
		if err != nil {
			return err
		}
		return q.tellPassage(tx, x, passage.Asked)
	})
	if isMistake(err) {
		return q.passageForm(err)
	}
	if err != nil {
		return err
	}
	if secret != "" {
		return q.showSecret(o.id, "/o/"+secret, "passage.link.", passage.LinkMost.Microseconds(), "/c/"+o.id)
	}
	q.say(flash{Key: "flash.passage_asked", Saved: "passage:" + o.id})
	return q.redirect("/c/" + o.id)
}

// showSecret shows a one-time link, once: the page is the answer to the form.
func (q *request) showSecret(clientID, address, key string, life int64, back string) error {
	link := q.public() + address
	code, err := view.QR(link)
	if err != nil {
		return err
	}
	sh := q.shell(view.NavClients)
	sh.Flash = nil
	return q.render(view.Secret{Shell: sh, Client: clientID, Title: q.lang.T(key + "title"), Lead: q.lang.T(key + "lead"), Address: link, Code: code,
		Until: q.when(q.at.UnixMicro() + life), Back: back})
}

// tellPassage tells the client on their own page where a hand-off past the register stands.
func (q *request) tellPassage(tx *db.Tx, x passage.Passage, state passage.State) error {
	open, name, lang, err := ownPageOf(tx, x.Client)
	if err != nil || !open {
		return err
	}
	when := ""
	if !x.Contact.IsZero() {
		when = lang.Day(x.Contact)
	}
	e := care.ToldEntry(tx, entry.ToldClient{About: entry.AboutHandoff, Step: string(state), Ref: x.ID, Way: entry.WayApp,
		Text: lang.T("passed."+string(state), "name", name, "to", x.ReceiverName, "when", when)})
	e.Author = tx.Who.Worker
	system := *tx
	system.Who.Worker = actor.SystemWorker
	_, err = q.s.Book.Append(&system, x.Path, e)
	return err
}

// passageDo makes a new link, calls a hand-off off, or says that the receiver has met the client.
func (q *request) passageDo() error {
	v := q.PostFormValue
	secret := ""
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		x, err := passage.Sent(tx, v("passage"))
		if err != nil {
			return err
		}
		if x.Path != o.path.ID {
			return fault.E(fault.NotFound, "error.not_found", nil)
		}
		switch v("do") {
		case "link":
			secret, err = passage.NewLink(tx, x.ID)
			return err
		case "met":
			if err := passage.FirstMet(tx, q.s.Book, x, tx.Today); err != nil {
				return err
			}
			return q.tellPassage(tx, x, passage.Met)
		}
		if err := passage.Withdraw(tx, q.s.Book, x.ID, v("why"), path.Step{What: q.lang.T("exit.step_declined"), By: q.s.Book.Calendar.AddWorking(tx.Today, 3)}); err != nil {
			return err
		}
		return q.tellPassage(tx, x, passage.Withdrawn)
	})
	if err != nil {
		return err
	}
	if secret != "" {
		return q.showSecret(o.id, "/o/"+secret, "passage.link.", passage.LinkMost.Microseconds(), "/c/"+o.id+"/passage")
	}
	key := "flash.passage_withdrawn"
	if v("do") == "met" {
		key = "flash.passage_met"
	}
	q.say(flash{Key: key})
	return q.redirect("/c/" + o.id)
}

func (q *request) passagesPage() error { return q.passagesForm(nil) }

// passagesForm lists what comes to the reader's registers and what they have sent.
func (q *request) passagesForm(cause error) error {
	sh := q.shell(view.NavMore)
	p := view.Passages{Workers: map[string][]view.Option{}, Errors: q.errorsOf(cause)}
	if cause != nil {
		p.Which = q.PathValue("id")
	}
	err := q.view(func(tx *db.Tx) error {
		names, err := unit.ServiceNames(tx)
		if err != nil {
			return err
		}
		coming, err := passage.Coming(tx)
		if err != nil {
			return err
		}
		for _, x := range coming {
			line := q.passageLine(x)
			line.Service = names[x.Service]
			if line.Name, line.Sender, err = q.whoComes(tx, x); err != nil {
				return err
			}
			if x.ToClient != "" {
				line.To = "/c/" + x.ToClient + "." + x.ToPath
			} else if p.Workers[x.ID], err = q.responsibles(tx, nil, x.ReceiverRegister, ""); err != nil {
				return err
			}
			p.Coming = append(p.Coming, line)
		}
		going, err := passage.Going(tx)
		if err != nil {
			return err
		}
		for _, x := range going {
			line := q.passageLine(x)
			if line.Name, err = q.nameOf(tx, x.Client); err != nil {
				return err
			}
			p.Going = append(p.Going, line)
		}
		return q.counted(tx, &sh)
	})
	if err != nil {
		return err
	}
	p.Shell = sh
	return q.renderStatus(statusFor(cause), p)
}

// whoComes gives the name of whom a passage is about, when the client allowed it to be told, and the service that sends.
func (q *request) whoComes(tx *db.Tx, x passage.Passage) (name, service string, err error) {
	if !slices.Contains(strings.Split(x.Scopes, ","), string(consent.Contact)) {
		name = q.lang.T("passages.nameless")
	}
	var first, last string
	_, err = tx.One(`select c.first_name, c.last_name, v.name from client c join path p on p.tenant_id = c.tenant_id and p.path_id = $3
		join service v on v.tenant_id = p.tenant_id and v.service_id = p.service_id where c.tenant_id = $1 and c.client_id = $2`,
		[]any{tx.Who.Tenant, x.Client, x.Path}, &first, &last, &service)
	if name == "" {
		name = strings.TrimSpace(first + " " + last)
	}
	return name, service, err
}

// passageAnswer is the answer of another service of the house.
func (q *request) passageAnswer() error {
	v, id := q.PostFormValue, q.PathValue("id")
	to := ""
	err := q.update(func(tx *db.Tx) error {
		x, err := passage.Received(tx, id)
		if err != nil {
			return err
		}
		_, lang, err := passage.Responsible(tx, x)
		if err != nil {
			return err
		}
		if v("do") == "decline" {
			if err := passage.TurnDown(tx, q.s.Book, id, v("why"), q.backStep(tx, lang)); err != nil {
				return err
			}
			return q.tellPassage(tx, x, passage.Declined)
		}
		wrong := map[string]string{}
		step := q.readStep(wrong)
		if err := fault.Fields(wrong); err != nil {
			return err
		}
		if to, err = passage.TakeIn(tx, q.s.Book, q.s.Keys, id, passage.Take{Responsible: v("responsible"), Step: step, Watch: q.watchStep(lang, x, step)}); err != nil {
			return err
		}
		x.Contact = step.By
		return q.tellPassage(tx, x, passage.Accepted)
	})
	if isMistake(err) {
		return q.passagesForm(err)
	}
	if err != nil {
		return err
	}
	if to != "" {
		q.say(flash{Key: "flash.passage_taken"})
		return q.redirect(newStart(to))
	}
	q.say(flash{Key: "flash.handoff_declined"})
	return q.redirect("/passages")
}

// backStep is the sender's next step when a receiver has said no, in the language of whoever is responsible.
func (q *request) backStep(tx *db.Tx, lang string) path.Step {
	return path.Step{What: i18n.ParseLang(lang).T("exit.step_declined"), By: q.s.Book.Calendar.AddWorking(tx.Today, 3), From: entry.FromHandoff}
}

// watchStep is the sender's watch: to see, after the promised day, that they have met.
func (q *request) watchStep(lang string, x passage.Passage, first path.Step) path.Step {
	return path.Step{What: i18n.ParseLang(lang).T("passage.watch", "who", x.ReceiverName), By: q.s.Book.Calendar.AddWorking(first.By, 1), From: entry.FromHandoff}
}
