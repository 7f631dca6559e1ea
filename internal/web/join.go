package web

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/intake"
	"polku/internal/login"
	"polku/internal/model"
	"polku/internal/referral"
	"polku/internal/web/view"
)

// Limits of the public pages. A person needs some seconds to write a name and a number; a form that was opened yesterday is
// opened anew. One address may send a handful at once: a school's or a house's computers share one.
const (
	joinLeast  = 3 * time.Second
	joinMost   = 12 * time.Hour
	joinBurst  = 8
	joinEvery  = 2 * time.Minute
	guessBurst = 100 // tries with secrets of links and codes, right ones given back
	guessEvery = 5 * time.Second
)

// visitor is whoever came to a public page: nobody, whatever cookies they have.
func (q *request) visitor() {
	q.chooseLang()
	q.who = actor.Visitor(q.s.Login.Tenant(), q.who.Screen, q.who.Request)
}

// made signs when a public form was opened, so that a program cannot say it was earlier.
func (q *request) made(service string, at int64) string {
	stamp := strconv.FormatInt(at, 10)
	return stamp + "." + hex.EncodeToString(q.s.Keys.RowHash("join " + service + " " + stamp)[:16])
}

// madeAt reads when a form was opened; false when we did not sign it.
func (q *request) madeAt(service, text string) (time.Time, bool) {
	stamp, _, _ := strings.Cut(text, ".")
	at, err := strconv.ParseInt(stamp, 10, 64)
	return time.UnixMicro(at), err == nil && q.made(service, at) == text
}

func (q *request) wantToJoinPage() error { return q.joinForm(view.JoinPage{}, nil) }

// joinForm is the public page: the unit's name, and nothing of what service it is.
func (q *request) joinForm(p view.JoinPage, cause error) error {
	q.visitor()
	p.Service = q.PathValue("service")
	err := q.view(func(tx *db.Tx) error {
		e, m, err := q.entrance(tx, p.Service)
		if err != nil {
			return err
		}
		if !selfComes(m) {
			return fault.E(fault.NotFound, "error.not_found", nil)
		}
		p.Unit, p.Promised = e.Unit, m.Entry.FirstContactWithin.After(tx.Today, q.s.Book.Calendar)
		return nil
	})
	if err != nil {
		return err
	}
	if !ident.Valid(p.ID) {
		p.ID = ident.New()
	}
	if p.Made == "" {
		p.Made = q.made(p.Service, q.at.UnixMicro())
	}
	p.Shell, p.Errors = q.portalShell(), q.errorsOf(cause)
	return q.renderStatus(statusFor(cause), p)
}

// entrance is a service that people can come to, with its model.
func (q *request) entrance(tx *db.Tx, service string) (referral.Entrance, *model.Model, error) {
	e, err := referral.EntranceOf(tx, service)
	if err != nil {
		return e, nil, err
	}
	m := q.s.Book.Models.Get(e.Model, e.Version)
	if m == nil {
		return e, nil, fault.E(fault.Internal, "service.no_model", fault.Args{"model": e.Model + "@" + e.Version})
	}
	return e, m, nil
}

// selfComes tells whether people may come by themselves.
func selfComes(m *model.Model) bool {
	for _, s := range m.Entry.Sources {
		if s == "self" {
			return true
		}
	}
	return false
}

// wantToJoin takes a person's own wish. A program that fills in the field nobody sees is thanked, and nothing is kept; one that
// sends too soon, or a form that we did not make, is asked to send again.
func (q *request) wantToJoin() error {
	v := q.PostFormValue
	q.visitor()
	service := q.PathValue("service")
	p := view.JoinPage{ID: v("id"), Made: v("made"), Name: v("name"), Phone: v("phone"), Best: v("best")}
	if v("website") != "" {
		p.Sent = true
		return q.joinForm(p, nil)
	}
	if _, err := q.s.joins.Try(login.Source(q.remoteIP()), q.at); err != nil {
		q.retryAfter(err)
		return q.joinForm(p, err)
	}
	opened, ours := q.madeAt(service, p.Made)
	if age := q.at.Sub(opened); !ours || age < joinLeast || age > joinMost {
		if !ours || age > joinMost {
			p.Made = ""
		}
		return q.joinForm(p, fault.E(fault.Invalid, "join.again", nil))
	}
	err := q.update(func(tx *db.Tx) error {
		_, m, err := q.entrance(tx, service)
		if err == nil && !selfComes(m) {
			err = fault.E(fault.NotFound, "error.not_found", nil)
		}
		if err != nil {
			return err
		}
		_, err = referral.Join(tx, q.s.Book, q.s.Keys, p.ID, service, p.Name, p.Phone, p.Best, string(q.lang))
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return q.joinForm(p, err)
	}
	if err != nil {
		return err
	}
	p = view.JoinPage{Sent: true, ID: p.ID}
	return q.joinForm(p, nil)
}

// guess counts a try with a secret that somebody brought; a right one is given back.
func (q *request) guess(err func() error) error {
	back, limited := q.s.guesses.Try(login.Source(q.remoteIP()), q.at)
	if limited != nil {
		return limited
	}
	e := err()
	if e == nil || fault.Is(e, fault.Invalid) || fault.Is(e, fault.Conflict) {
		back()
	}
	return e
}

func (q *request) sendReferralPage() error { return q.sendForm(nil) }

// sendForm is a referral form for a partner who came by a link.
func (q *request) sendForm(cause error) error {
	q.visitor()
	var p view.ReferralForm
	err := q.guess(func() error {
		return q.view(func(tx *db.Tx) error {
			l, err := referral.LinkOf(tx, q.PathValue("token"))
			if err != nil {
				return err
			}
			e, m, err := q.entrance(tx, l.Service)
			if err != nil {
				return err
			}
			p = q.referralFields(tx, m)
			p.Token, p.To, p.Unit = q.PathValue("token"), l.Organisation, e.Unit
			return nil
		})
	})
	if err != nil {
		return err
	}
	p.Shell, p.Errors = q.portalShell(), q.errorsOf(cause)
	return q.renderStatus(statusFor(cause), p)
}

func (q *request) sendReferral() error {
	q.visitor()
	wrong := map[string]string{}
	n := q.readReferral(wrong)
	var code string
	var promised civil.Date
	err := q.guess(func() error {
		return q.update(func(tx *db.Tx) error {
			if err := fault.Fields(wrong); err != nil {
				return err
			}
			l, err := referral.LinkOf(tx, q.PathValue("token"))
			if err != nil {
				return err
			}
			_, m, err := q.entrance(tx, l.Service)
			if err != nil {
				return err
			}
			promised = m.Entry.FirstContactWithin.After(tx.Today, q.s.Book.Calendar)
			_, code, err = referral.Send(tx, q.s.Book, q.s.Keys, q.PathValue("token"), n)
			return err
		})
	})
	if fault.Is(err, fault.Invalid) {
		return q.sendForm(renamed(err, "name", "last"))
	}
	if err != nil {
		return err
	}
	return q.render(view.ReferralSent{Shell: q.portalShell(), Code: code, Promised: promised})
}

func (q *request) answerPage() error {
	q.visitor()
	return q.render(view.ReferralAnswer{Shell: q.portalShell()})
}

// answer tells a sender what became of their referral. The code comes in a form: it stands in no address.
func (q *request) answer() error {
	q.visitor()
	p := view.ReferralAnswer{Code: strings.TrimSpace(q.PostFormValue("code"))}
	var a referral.Answer
	err := q.guess(func() error {
		return q.view(func(tx *db.Tx) (err error) {
			a, err = referral.AnswerTo(tx, p.Code)
			return err
		})
	})
	p.Shell = q.portalShell()
	if fault.Is(err, fault.NotFound) {
		p.Errors = view.Errors{{Field: "code", Text: q.lang.T("refer.wrong_code")}}
		return q.renderStatus(statusOf[fault.NotFound], p)
	}
	if err != nil {
		return err
	}
	p.Code, p.Known, p.Unit, p.Text = "", true, a.Unit, a.Text
	p.Outcome = q.outcome(referral.Referral{State: a.State, Reason: a.Reason})
	add := func(key string, day civil.Date) {
		if !day.IsZero() {
			p.Lines = append(p.Lines, view.TrailLine{What: q.lang.T(key), When: q.lang.Day(day)})
		}
	}
	add("answer.arrived", a.ArrivedOn)
	if a.ContactedOn.IsZero() && a.State.Open() {
		add("answer.promised", a.FirstBy)
	}
	add("answer.contacted", a.ContactedOn)
	add("answer.ended", a.EndedOn)
	return q.render(p)
}

func (q *request) meetPage() error { return q.meetForm(nil) }

// meetForm shows an invited person the times that are left, or the one that they chose.
func (q *request) meetForm(cause error) error {
	q.visitor()
	p := view.MeetPage{Token: q.PathValue("token"), None: q.PostFormValue("none") != "" && cause == nil}
	err := q.guess(func() error {
		return q.view(func(tx *db.Tx) error {
			i, err := intake.InvitationOf(tx, p.Token)
			if err != nil {
				return err
			}
			if i.Client != "" {
				tx.Saw(i.Client)
			} else {
				tx.Saw(i.Referral)
			}
			p.Worker, p.Unit, p.Form, p.Place, p.Minutes, p.Until = i.WorkerName, i.UnitName, q.lang.T("meet.form."+string(i.Form)), i.Place, i.Minutes, i.Until
			if i.State == intake.Chosen {
				p.Chosen = q.lang.Day(i.Chosen.Day) + " " + q.lang.T("when.clock", "t", q.lang.Clock(i.Chosen.Minute))
				return nil
			}
			for _, s := range i.Slots {
				day := q.lang.DayShort(s.Day)
				if n := len(p.Days); n == 0 || p.Days[n-1].Day != day {
					p.Days = append(p.Days, view.MeetDay{Day: day})
				}
				d := &p.Days[len(p.Days)-1]
				d.Slots = append(d.Slots, view.Option{Value: slotWord(s), Text: q.lang.Clock(s.Minute)})
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	p.Shell, p.Errors = q.portalShell(), q.errorsOf(cause)
	return q.renderStatus(statusFor(cause), p)
}

// meet takes the chosen time, or the word that none suits. Whoever comes second is shown what is left.
func (q *request) meet() error {
	q.visitor()
	s, chosen := slotOf(q.PostFormValue("slot"))
	none := q.PostFormValue("none") != ""
	err := q.guess(func() error {
		return q.update(func(tx *db.Tx) error {
			switch {
			case none:
				return q.intake().NoTimeFits(tx, q.PathValue("token"))
			case !chosen:
				return fault.Fields(map[string]string{"slot": "meet.no_slot"})
			}
			return q.intake().Choose(tx, q.PathValue("token"), s)
		})
	})
	if err != nil && !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict) {
		return err
	}
	return q.meetForm(err)
}
