package web

import (
	"slices"
	"strconv"
	"strings"

	"polku/internal/actor"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/intake"
	"polku/internal/model"
	"polku/internal/referral"
	"polku/internal/unit"
	"polku/internal/web/view"
)

// queueMost is how many people one page of a queue shows.
const queueMost = 50

func (q *request) intake() *intake.Intake { return &intake.Intake{Book: q.s.Book, Keys: q.s.Keys} }

// queue shows everybody who waits in the reader's queues, in the order of the rule.
func (q *request) queue() error {
	sh := q.shell(view.NavMore)
	p := view.Queue{}
	f := referral.Filter{Service: q.FormValue("service"), Mine: q.FormValue("who") == "mine"}
	switch q.FormValue("signal") {
	case string(referral.Waiting), string(referral.Contacted):
		f.State = referral.State(q.FormValue("signal"))
	case "ended":
		p.Ended = true
	}
	after, err := referral.PlaceOf(q.FormValue("after"))
	if err != nil {
		return err
	}
	return q.show(func(tx *db.Tx) error {
		h, err := q.house(tx)
		if err != nil {
			return err
		}
		counts, err := referral.Counts(tx)
		if err != nil {
			return err
		}
		for _, c := range counts {
			p.Waiting, p.Contacted, p.Broken = p.Waiting+c.Waiting, p.Contacted+c.Contacted, p.Broken+c.Broken
		}
		p.Filter = q.queueFilter(f, h, p.Ended)
		if p.Ended {
			ended, err := referral.Ended(tx, f.Service, queueMost)
			for _, r := range ended {
				p.Rows = append(p.Rows, q.queueRow(sh, r, h, intake.Invitation{}))
			}
			if err != nil {
				return err
			}
			return q.counted(tx, &sh)
		}
		list, more, err := referral.Queue(tx, f, after, queueMost)
		if err != nil {
			return err
		}
		units := map[string]bool{}
		for _, r := range list {
			units[r.Unit] = true
		}
		invites, err := intake.OfReferrals(tx, units)
		if err != nil {
			return err
		}
		for _, r := range list {
			p.Rows = append(p.Rows, q.queueRow(sh, r.Referral, h, invites[r.ID]))
		}
		if more {
			p.Next = "/queue?" + q.query("service", f.Service, "signal", string(f.State), "who", q.FormValue("who"), "after", list[len(list)-1].Place.Text())
		}
		if p.Unanswered, err = q.unanswered(tx); err != nil {
			return err
		}
		return q.counted(tx, &sh)
	}, func() page {
		p.Shell = sh
		return p
	})
}

func (q *request) queueFilter(f referral.Filter, h unit.House, ended bool) view.Filter {
	v := view.Filter{Any: f.Service != "" || f.State != "" || f.Mine || ended}
	v.Who = []view.Option{{Value: "all", Text: q.lang.T("queue.everybody"), On: !f.Mine}, {Value: "mine", Text: q.lang.T("queue.mine"), On: f.Mine}}
	v.Service = append(v.Service, view.Option{Text: q.lang.T("filter.all_services"), On: f.Service == ""})
	for _, s := range h.Order {
		v.Service = append(v.Service, view.Option{Value: s.ID, Text: s.Name, On: f.Service == s.ID})
	}
	v.Signal = []view.Option{{Text: q.lang.T("queue.state.all"), On: f.State == "" && !ended},
		{Value: "waiting", Text: q.lang.T("queue.state.waiting"), On: f.State == referral.Waiting},
		{Value: "contacted", Text: q.lang.T("queue.state.contacted"), On: f.State == referral.Contacted},
		{Value: "ended", Text: q.lang.T("queue.state.ended"), On: ended}}
	return v
}

// queueRow is a referral as the lists show it, with the reason for its place.
func (q *request) queueRow(sh view.Shell, r referral.Referral, h unit.House, i intake.Invitation) view.QueueRow {
	row := view.QueueRow{ID: r.ID, Name: r.Name(), Service: h.Services[r.Service].Name, From: q.from(r), Owner: h.Workers[r.Owner], Free: !r.Taken, PhoneTel: tel(r.Phone)}
	if !r.State.Open() {
		row.Done, row.Free, row.Why, row.Step = true, false, q.outcome(r), q.lang.Day(r.EndedOn)
		return row
	}
	row.By, row.Step, row.Why, row.Tag = r.PromisedOn, q.lang.T("queue.step."+string(r.State)), q.whyPlaced(sh, r), q.inviteTag(i, sh)
	if i.State == intake.Chosen && i.Chosen.Day >= sh.Day {
		row.Step = q.lang.T("queue.step.meeting")
	}
	return row
}

// whyPlaced says why somebody has their place in the queue.
func (q *request) whyPlaced(sh view.Shell, r referral.Referral) string {
	var why []string
	if r.Lifted {
		why = append(why, q.lang.T("queue.why.lifted"))
	}
	if r.State == referral.Waiting && r.FirstBy < sh.Day {
		why = append(why, q.lang.T("queue.why.broken", "day", q.lang.DayShort(r.FirstBy)))
	}
	if n := int(sh.Day - r.ArrivedOn); n == 0 {
		why = append(why, q.lang.T("queue.why.today"))
	} else {
		why = append(why, q.lang.N("queue.why.days", n))
	}
	if r.Calls > 0 {
		why = append(why, q.lang.N("queue.why.calls", r.Calls))
	}
	return strings.Join(why, " · ")
}

// inviteTag says how an invitation stands; empty when there is none.
func (q *request) inviteTag(i intake.Invitation, sh view.Shell) string {
	switch {
	case i.ID == "":
		return ""
	case i.Expired(sh.Day):
		return q.lang.T("invite.tag.expired")
	case i.State == intake.Chosen:
		return q.lang.T("invite.tag.chosen", "when", sh.At(i.Chosen.Day, i.Chosen.Minute))
	}
	return q.lang.T("invite.tag." + string(i.State))
}

// from says who sent somebody.
func (q *request) from(r referral.Referral) string {
	if r.Sender.Organisation != "" {
		return r.Sender.Organisation
	}
	return model.SharedWord(r.Source, string(q.lang))
}

// outcome says how a referral ended.
func (q *request) outcome(r referral.Referral) string {
	if r.State == referral.Declined {
		return q.lang.T("refer.state.declined") + ": " + q.lang.T("refer.reason."+r.Reason)
	}
	return q.lang.T("refer.state." + string(r.State))
}

// tel is a phone number that can be called by a press; empty when it is none.
func tel(number string) string {
	if strings.HasPrefix(number, "+") {
		return number
	}
	return ""
}

func (q *request) unanswered(tx *db.Tx) ([]view.UnansweredInvite, error) {
	late, err := intake.Unanswered(tx, 20)
	if err != nil || len(late) == 0 {
		return nil, err
	}
	var all []view.UnansweredInvite
	for _, i := range late {
		name, err := q.nameOf(tx, i.Client)
		if fault.Is(err, fault.NotFound) {
			continue // their path went to another worker meanwhile
		}
		if err != nil {
			return nil, err
		}
		all = append(all, view.UnansweredInvite{Client: i.Client, Name: name, Until: i.Until})
	}
	return all, nil
}

// dueReferrals are those whom the reader has promised something by tomorrow; hanging: in the units that they coordinate, to
// whom something was promised and not kept.
func (q *request) dueReferrals(tx *db.Tx, h unit.House, hanging bool) ([]view.DueReferral, error) {
	list, err := []referral.Due(nil), error(nil)
	if hanging {
		list, err = referral.Hanging(tx, 50)
	} else {
		list, err = referral.Mine(tx, 8)
	}
	var all []view.DueReferral
	for _, d := range list {
		r := view.DueReferral{ID: d.ID, Name: d.Name, Service: h.Services[d.Service].Name, Step: q.lang.T("queue.step." + string(d.State)), By: d.PromisedOn, Late: d.Broken}
		if d.Owner != q.me.Worker.ID {
			r.Owner = h.Workers[d.Owner]
		}
		all = append(all, r)
	}
	return all, err
}

// senderLinks shows the links of partners, and where people can join by themselves.
func (q *request) senderLinks() error { return q.linksForm(nil) }

func (q *request) linksForm(cause error) error {
	sh := q.shell(view.NavMore)
	v := q.FormValue
	p := view.SenderLinks{Organisation: v("organisation")}
	err := q.view(func(tx *db.Tx) error {
		h, err := q.house(tx)
		if err != nil {
			return err
		}
		sources := map[string]bool{}
		for _, s := range q.open(tx, h) {
			p.Services = append(p.Services, view.Option{Value: s.ID, Text: s.Name, On: s.ID == v("service")})
			m := q.s.Book.Models.Get(s.Model, s.Version)
			if m == nil {
				continue
			}
			for _, id := range m.Entry.Sources {
				if id == "self" {
					p.Public = append(p.Public, view.Fact{Label: s.Name, Value: q.public() + "/join/" + s.ID})
				} else if !sources[id] {
					sources[id] = true
					p.Sources = append(p.Sources, view.Option{Value: id, Text: m.Word(id, string(q.lang)), On: id == v("source")})
				}
			}
		}
		links, err := referral.Links(tx)
		for _, l := range links {
			p.Links = append(p.Links, view.SenderLink{ID: l.ID, Organisation: l.Organisation, Service: h.Services[l.Service].Name,
				Source: model.SharedWord(l.Source, string(q.lang)), Made: q.when(l.MadeAt), By: h.Workers[l.MadeBy], Standing: l.Standing, Ended: l.Ended,
				Used: q.lang.N("links.used", l.Used)})
		}
		if err != nil {
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

// open are the reader's services that go on.
func (q *request) open(tx *db.Tx, h unit.House) []unit.Service {
	return slices.DeleteFunc(slices.Clone(h.Order), func(s unit.Service) bool { return !s.Ended.IsZero() && s.Ended < tx.Today })
}

func (q *request) senderLinkMake() error {
	v := q.PostFormValue
	var token string
	err := q.update(func(tx *db.Tx) error {
		var err error
		token, err = referral.NewLink(tx, q.s.Book, v("service"), v("organisation"), v("source"), v("standing") != "")
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return q.linksForm(err)
	}
	if err != nil {
		return err
	}
	notes := []string{q.lang.T("links.note.once"), q.lang.T("links.note.shown")}
	if v("standing") != "" {
		notes[0] = q.lang.T("links.note.standing")
	}
	return q.secretLink(q.lang.T("links.title"), q.lang.T("links.hand"), "/send/"+token, "/queue/links", notes)
}

// secretLink shows a link that was just made, with its code to print.
func (q *request) secretLink(title, lead, path, back string, notes []string) error {
	address := q.public() + path
	code, err := view.QR(address)
	if err != nil {
		return err
	}
	return q.render(view.SecretLink{Shell: q.shell(view.NavMore), Title: title, Lead: lead, Address: address, Code: code, Notes: notes, Back: back})
}

func (q *request) senderLinkEnd() error {
	if err := q.update(func(tx *db.Tx) error { return referral.EndLink(tx, q.PathValue("id")) }); err != nil {
		return err
	}
	q.say(flash{Key: "links.flash_ended"})
	return q.redirect("/queue/links")
}

// who names a worker of a trail: the sender or the person themselves when nobody was signed in.
func (q *request) trailName(h unit.House, id string) string {
	switch id {
	case actor.VisitorWorker:
		return q.lang.T("trail.visitor")
	case actor.SystemWorker:
		return q.lang.T("app.name")
	}
	return h.Workers[id]
}

func atoi(text string) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return -1
	}
	return n
}
