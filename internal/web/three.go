package web

import (
	"polku/internal/actor"
	"polku/internal/care"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/handoff"
	"polku/internal/i18n"
	"polku/internal/path"
	"polku/internal/unit"
	"polku/internal/web/view"
)

// three is the meeting of three of a hand-off, and what the client is told of where it stands.
func (q *request) three(tx *db.Tx, o onePath, h handoff.Open) (view.Three, error) {
	t := view.Three{Which: q.FormValue("which"), StepBy: q.s.Book.Calendar.AddWorking(tx.Today, 5).String()}
	all, err := handoff.Of(tx, q.s.Book, o.path)
	if err != nil {
		return t, err
	}
	step := h.Step
	for _, x := range all {
		if x.ID != h.ID {
			continue
		}
		t.Day, t.Minute, t.Place, t.Met = x.Meeting.Day, x.Meeting.Minute, x.Meeting.Place, x.Meeting.Met
		if !t.Day.IsZero() && t.Met.IsZero() {
			step = entry.HandoffMeeting
		}
	}
	t.Step = string(step)
	t.Client = q.handoffWords(o.house.Workers, o.client.FirstName, i18n.ParseLang(o.client.Lang), h, step, path.Meeting{Day: t.Day, Minute: t.Minute, Place: t.Place})
	entries, err := q.s.Book.Entries(tx, o.path)
	for _, e := range entries {
		if b, is := e.Body.(*entry.ToldClient); is && b.Ref == h.ID {
			t.Told = append(t.Told, q.lang.T("start.told", "who", o.names("worker", e.Author), "day", q.lang.Day(e.Day), "way", q.lang.T("told.way."+string(b.Way))))
		}
	}
	return t, err
}

// handoffWords says to the client, in their language, where a hand-off stands.
func (q *request) handoffWords(workers map[string]string, name string, lang i18n.Lang, h handoff.Open, step entry.HandoffStep, m path.Meeting) string {
	when := ""
	if !m.Day.IsZero() {
		when = lang.Day(m.Day)
		if m.Minute > 0 {
			when += " " + lang.T("when.clock", "t", lang.Clock(m.Minute))
		}
		if m.Place != "" {
			when += ", " + m.Place
		}
	}
	return lang.T("handed."+string(step), "name", name, "from", workers[h.From], "to", workers[h.To], "when", when)
}

// tellStep tells the client on their own page where a hand-off of the actor's stands now. Whoever has no page open is told
// by a worker: the words stand on the page of the hand-off.
func (q *request) tellStep(tx *db.Tx, id string) error {
	h, err := handoff.Get(tx, id)
	if err != nil {
		return err
	}
	return q.tellOf(tx, h)
}

func (q *request) tellOf(tx *db.Tx, h handoff.Open) error {
	page, name, lang, err := ownPageOf(tx, h.Client)
	if err != nil || !page {
		return err
	}
	system := *tx
	system.Who.Worker = actor.SystemWorker // the receiver who declined no longer sees the client
	p, err := path.Get(&system, h.Path)
	if err != nil {
		return err
	}
	all, err := handoff.Of(&system, q.s.Book, p)
	if err != nil {
		return err
	}
	var m path.Meeting
	step := h.Step
	for _, x := range all {
		if x.ID == h.ID {
			m = x.Meeting
		}
	}
	if !m.Day.IsZero() && m.Met.IsZero() && (step == entry.HandoffOffered || step == entry.HandoffAccepted) && q.who.Screen == "POST /h/{id}/meeting" {
		step = entry.HandoffMeeting
	}
	workers, err := unit.Names(tx)
	if err != nil {
		return err
	}
	told := entry.ToldClient{About: entry.AboutHandoff, Step: string(step), Ref: h.ID, Way: entry.WayApp, Text: q.handoffWords(workers, name, lang, h, step, m)}
	e := care.ToldEntry(tx, told)
	e.Author = tx.Who.Worker
	_, err = q.s.Book.Append(&system, h.Path, e)
	return err
}

// ownPageOf tells whether a client has a page of their own open, by what name they are called there, and in which language.
func ownPageOf(tx *db.Tx, clientID string) (open bool, name string, lang i18n.Lang, err error) {
	var chosen, own string
	var closed bool
	there, err := tx.One(`select c.first_name, c.lang, coalesce(a.lang, ''), coalesce(a.closed_at, 0) <> 0 or a.client_id is null from client c
		left join portal_access a on a.tenant_id = c.tenant_id and a.client_id = c.client_id where c.tenant_id = $1 and c.client_id = $2`,
		[]any{tx.Who.Tenant, clientID}, &name, &own, &chosen, &closed)
	if chosen != "" {
		own = chosen
	}
	return there && !closed, name, i18n.ParseLang(own), err
}

// handoffMeeting books a meeting of three.
func (q *request) handoffMeeting() error {
	id := q.PathValue("id")
	m := handoff.Meeting{Day: q.day("day"), Place: q.PostFormValue("place"), Remote: q.PostFormValue("remote") != ""}
	if typed := q.PostFormValue("clock"); typed != "" {
		m.Minute = parseClock(typed)
	}
	err := fault.Fields(map[string]string{"clock": "record.bad_time"})
	if m.Minute >= 0 {
		err = q.update(func(tx *db.Tx) error {
			if err := handoff.Agree(tx, q.s.Book, id, m); err != nil {
				return err
			}
			return q.tellStep(tx, id)
		})
	}
	return q.handoffDone(err, id, "meeting", "flash.three_booked")
}

// handoffMet records that the three have met, with the step agreed there.
func (q *request) handoffMet() error {
	id, client := q.PathValue("id"), ""
	wrong := map[string]string{}
	r := path.Record{Minutes: 30, Mode: entry.OnSite, Contact: entry.Contact{Text: q.PostFormValue("text")}}
	if q.PostFormValue("step_what") != "" {
		step := q.readStep(wrong)
		r.Next = &step
	}
	err := q.update(func(tx *db.Tx) error {
		if err := fault.Fields(wrong); err != nil {
			return err
		}
		r.Day, r.Minute = tx.Today, tx.Minute()
		if err := handoff.Meet(tx, q.s.Book, id, r); err != nil {
			return err
		}
		h, err := handoff.Get(tx, id)
		if h.Step == entry.HandoffFirstContact { // it is over: on to the client
			client = h.Client
		}
		return err
	})
	if err == nil && client != "" {
		q.say(flash{Key: "flash.three_met"})
		return q.redirect("/c/" + client)
	}
	return q.handoffDone(err, id, "met", "flash.three_met")
}

// handoffTold records that a worker told the client where the hand-off stands, in the words of the page.
func (q *request) handoffTold() error {
	id := q.PathValue("id")
	err := q.update(func(tx *db.Tx) error {
		h, err := handoff.Get(tx, id)
		if err != nil {
			return err
		}
		q.SetPathValue("id", h.Client+"."+h.Path)
		o, err := q.load(tx)
		if err != nil {
			return err
		}
		t, err := q.three(tx, o, h)
		if err != nil {
			return err
		}
		return care.Tell(tx, q.s.Book, h.Path, entry.ToldClient{About: entry.AboutHandoff, Step: t.Step, Ref: h.ID, Way: entry.Way(q.PostFormValue("way")), Text: t.Client})
	})
	q.SetPathValue("id", id)
	return q.handoffDone(err, id, "told", "flash.told_client")
}

func (q *request) handoffDone(err error, id, which, key string) error {
	if fault.Is(err, fault.Invalid) {
		q.Form.Set("which", which)
		return q.handoffForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: key})
	return q.redirect("/h/" + id)
}
