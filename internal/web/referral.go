package web

import (
	"cmp"
	"slices"
	"strings"

	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/intake"
	"polku/internal/model"
	"polku/internal/referral"
	"polku/internal/unit"
	"polku/internal/web/view"
)

func (q *request) referral() error { return q.referralForm(nil) }

// referralForm shows one referral; with a cause, what was wrong with what was typed on it.
func (q *request) referralForm(cause error) error {
	sh := q.shell(view.NavMore)
	v := q.PostFormValue
	p := view.ReferralPage{Next: v("next"), Text: v("text"), Why: v("why"), Answer: v("answer")}
	err := q.view(func(tx *db.Tx) error {
		r, err := referral.Get(tx, q.PathValue("id"))
		if err != nil {
			return err
		}
		h, err := q.house(tx)
		if err != nil {
			return err
		}
		m := q.modelOf(h.Services[r.Service])
		p.ID, p.Name, p.Service, p.From, p.State = r.ID, r.Name(), h.Services[r.Service].Name, q.from(r), string(r.State)
		p.StateText, p.Owner, p.Free, p.Lifted, p.Mine = q.lang.T("refer.state."+string(r.State)), h.Workers[r.Owner], !r.Taken, r.Lifted, r.Owner == q.me.Worker.ID
		p.ArrivedOn, p.PromisedOn, p.Late, p.Ended = r.ArrivedOn, r.PromisedOn, r.Broken(tx.Today), r.EndedOn
		p.Phone, p.PhoneTel = phoneText(r.Phone), tel(r.Phone)
		p.Facts, p.Rule = q.facts(r, m), q.eligibility(r, m, tx.Today)
		if p.Next == "" {
			p.Next = q.s.Book.Calendar.AddWorking(tx.Today, 2).String()
		}
		if r.State.Open() {
			if err := q.openReferral(tx, r, &p); err != nil {
				return err
			}
		} else {
			p.Outcome, p.OutcomeText = q.outcome(r), r.Answer
		}
		if r.Client != "" {
			if p.Joined, p.HasPath, err = q.joinedClient(tx, r); err != nil {
				return err
			}
		}
		if p.Trail, err = q.trail(tx, r.ID, h, m); err != nil {
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

// openReferral fills in what can be done about somebody who waits: who they may be, invitations, colleagues.
func (q *request) openReferral(tx *db.Tx, r referral.Referral, p *view.ReferralPage) error {
	if r.Client == "" {
		same, err := q.intake().Duplicates(tx, r)
		if err != nil {
			return err
		}
		if p.Duplicates, err = q.hits(tx, same); err != nil {
			return err
		}
	}
	others, err := referral.Alike(tx, r.ID)
	if err != nil {
		return err
	}
	names, err := unit.ServiceNames(tx)
	if err != nil {
		return err
	}
	for _, o := range others {
		p.Others = append(p.Others, view.AlikeReferral{ID: o.ID, Name: o.Name, Service: names[o.Service], Born: o.Born, Arrived: o.ArrivedOn})
	}
	i, found, err := intake.OfReferral(tx, r.ID)
	if err != nil {
		return err
	}
	if found {
		p.Invite = q.inviteTag(i, q.shell(view.NavNone))
		if i.State == intake.Open || i.State == intake.NoneFits {
			p.InviteID = i.ID
		}
	}
	workers, err := unit.Colleagues(tx, r.Register)
	for _, w := range workers {
		p.Owners = append(p.Owners, view.Option{Value: w.ID, Text: w.Name, On: w.ID == r.Owner})
	}
	for _, reason := range referral.Reasons {
		p.Reasons = append(p.Reasons, view.Option{Value: reason, Text: q.lang.T("refer.reason." + reason), On: q.PostFormValue("reason") == reason})
	}
	return err
}

// joinedClient is the client whom a referral was joined to or began, when the reader may see them.
func (q *request) joinedClient(tx *db.Tx, r referral.Referral) (*view.Hit, bool, error) {
	c, err := client.Get(tx, r.Client)
	if fault.Is(err, fault.NotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	hits, err := q.hits(tx, []client.Hit{{ID: c.ID, LastName: c.LastName, FirstName: c.FirstName, Born: c.Born, Register: c.Register, SafetyBan: c.SafetyBan}})
	if err != nil || len(hits) == 0 {
		return nil, false, err
	}
	open, err := intake.OpenPath(tx, c.ID, r.Service)
	return &hits[0], open != "", err
}

func (q *request) modelOf(s unit.Service) *model.Model {
	return q.s.Book.Models.Get(s.Model, s.Version)
}

// facts are what a referral tells, with labels; what nobody told is left out.
func (q *request) facts(r referral.Referral, m *model.Model) []view.Fact {
	var all []view.Fact
	add := func(label, value string) {
		if value != "" {
			all = append(all, view.Fact{Label: label, Value: value})
		}
	}
	add(q.lang.T("who.phone"), phoneText(r.Phone))
	add(q.lang.T("edit.email"), r.Email)
	if !r.Born.IsZero() {
		add(q.lang.T("refer.born"), q.lang.Day(r.Born))
	}
	if r.HasCode {
		add(q.lang.T("new.hetu"), q.lang.T("refer.code_kept"))
	}
	add(q.lang.T("new.language"), q.language(r.Lang))
	add(q.lang.T("edit.municipality"), r.Municipality)
	for _, f := range q.toldFacts(r, m) {
		add(f.Label, f.Value)
	}
	add(q.lang.T("refer.sender"), strings.Join(slices.DeleteFunc([]string{r.Sender.Name, r.Sender.Organisation, phoneText(r.Sender.Phone)}, func(s string) bool { return s == "" }), ", "))
	return all
}

// toldFacts are the answers to the model's questions, in its order; then the others.
func (q *request) toldFacts(r referral.Referral, m *model.Model) []view.Fact {
	var all []view.Fact
	left := map[string]string{}
	for id, answer := range r.Answers {
		left[id] = answer
	}
	put := func(ask referral.Question) {
		if answer := left[ask.ID]; answer != "" {
			all = append(all, view.Fact{Label: q.question(ask.ID, m), Value: q.answerText(ask, answer, m)})
			delete(left, ask.ID)
		}
	}
	if m != nil {
		for _, ask := range referral.Asks(m) {
			put(ask)
		}
	}
	for _, id := range []string{"contact_hours", "benefit", "unemployed_days"} {
		put(referral.Question{ID: id})
	}
	return all
}

// question is what a referral form asks, in words: the vocabulary's, or the field's of the model's rule.
func (q *request) question(id string, m *model.Model) string {
	if text := model.SharedWord(id, string(q.lang)); text != id {
		return text
	}
	return q.lang.T("refer.ask." + id)
}

func (q *request) answerText(ask referral.Question, answer string, m *model.Model) string {
	if ask.Kind == "yes" {
		return q.lang.T("refer.yes")
	}
	if d, err := civil.Parse(answer); err == nil {
		return q.lang.Day(d)
	}
	if m != nil {
		return m.Word(answer, string(q.lang))
	}
	return answer
}

// eligibility is what the model's rule says, in words; nil when it asks nothing.
func (q *request) eligibility(r referral.Referral, m *model.Model, today civil.Date) *view.Eligibility {
	if m == nil || m.Entry.EligibleIf == nil {
		return nil
	}
	fits, why := m.Entry.EligibleIf.Eval(r.Facts(today))
	e := &view.Eligibility{Verdict: "no"}
	if fits {
		e.Verdict = "ok"
	}
	for _, reason := range why {
		if !fits && reason.Holds == model.Unknown {
			e.Verdict = "ask"
		}
		e.Reasons = append(e.Reasons, reason.Text(q.lang))
	}
	return e
}

func (q *request) trail(tx *db.Tx, id string, h unit.House, m *model.Model) ([]view.TrailLine, error) {
	steps, err := referral.Trail(tx, id)
	var all []view.TrailLine
	for _, s := range steps {
		detail := s.Detail
		switch s.What {
		case referral.StepArrived:
			detail = model.SharedWord(detail, string(q.lang))
		case referral.StepGiven, referral.StepMoved:
			detail = h.Workers[detail]
		case referral.StepDeclined:
			detail = q.lang.T("refer.reason." + detail)
		case referral.StepTried, referral.StepReached, referral.StepInvited, referral.StepReopened:
			if d, err := civil.Parse(detail); err == nil {
				detail = q.lang.Day(d)
			}
		case referral.StepAnswered:
			detail = q.lang.T("invite.tag." + cmp.Or(map[string]string{"chosen": "said", "none_fits": "none_fits"}[detail], "said"))
		}
		all = append(all, view.TrailLine{When: q.when(s.At), Who: q.trailName(h, s.Worker), What: q.lang.T("trail."+string(s.What), "detail", detail), Text: s.Text})
	}
	return all, err
}

// onReferral runs a command about the referral of the address; wrong input shows its page again.
func (q *request) onReferral(done string, fn func(tx *db.Tx, id string) error) error {
	id := q.PathValue("id")
	err := q.update(func(tx *db.Tx) error { return fn(tx, id) })
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return q.referralForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: done})
	return q.redirect("/r/" + id)
}

func (q *request) referralTake() error { return q.onReferral("refer.flash.taken", referral.Take) }

func (q *request) referralGive() error {
	return q.onReferral("refer.flash.given", func(tx *db.Tx, id string) error { return referral.Give(tx, id, q.PostFormValue("worker")) })
}

func (q *request) referralTry() error {
	return q.onReferral("refer.flash.tried", func(tx *db.Tx, id string) error {
		reached := q.PostFormValue("reached")
		if reached != "yes" && reached != "no" {
			return fault.Fields(map[string]string{"reached": "refer.no_reached"})
		}
		return referral.Tried(tx, id, referral.Attempt{Reached: reached == "yes", Text: q.PostFormValue("text"), Next: q.day("next")})
	})
}

func (q *request) referralLift() error {
	return q.onReferral("refer.flash.moved", func(tx *db.Tx, id string) error {
		if q.PostFormValue("up") != "" {
			return referral.Lift(tx, id, q.PostFormValue("why"))
		}
		return referral.Lower(tx, id, q.PostFormValue("why"))
	})
}

func (q *request) referralSame() error {
	return q.onReferral("refer.flash.joined", func(tx *db.Tx, id string) error { return intake.Same(tx, id, q.PostFormValue("client")) })
}

func (q *request) referralPart() error { return q.onReferral("refer.flash.parted", referral.Part) }

func (q *request) referralKnown() error {
	return q.onReferral("refer.flash.known", func(tx *db.Tx, id string) error {
		r, err := referral.Get(tx, id)
		if err != nil {
			return err
		}
		h, err := q.house(tx)
		if err != nil {
			return err
		}
		_, err = q.intake().Known(tx, id, q.lang.T("refer.known_step"), q.told(r, q.modelOf(h.Services[r.Service])))
		return err
	})
}

func (q *request) referralDecline() error {
	return q.onReferral("refer.flash.declined", func(tx *db.Tx, id string) error {
		return referral.Decline(tx, id, q.PostFormValue("reason"), q.PostFormValue("answer"))
	})
}

func (q *request) referralReopen() error {
	return q.onReferral("refer.flash.reopened", func(tx *db.Tx, id string) error { return referral.Reopen(tx, id, q.day("next")) })
}

// told is what a referral told, as the text that the journal of the path begins with.
func (q *request) told(r referral.Referral, m *model.Model) string {
	lines := []string{q.lang.T("refer.told_from", "from", q.from(r), "day", q.lang.Day(r.ArrivedOn))}
	for _, f := range q.toldFacts(r, m) {
		lines = append(lines, f.Label+": "+f.Value)
	}
	return strings.Join(lines, "\n")
}
