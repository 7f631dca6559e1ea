package web

import (
	"cmp"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"polku/internal/civil"
	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/intake"
	"polku/internal/referral"
	"polku/internal/unit"
	"polku/internal/web/view"
)

// inviteForms are how an invited person can meet a worker.
var inviteForms = []entry.Form{entry.FormMeeting, entry.FormCall, entry.FormVisit}

func (q *request) referralInvitePage() error { return q.inviteForm(nil) }

// inviteForm offers times to somebody who waits (/r/) or to a client (/c/).
func (q *request) inviteForm(cause error) error {
	sh := q.shell(view.NavMore)
	v := q.PostFormValue
	p := view.InviteForm{Place: v("place"), Minutes: cmp.Or(v("minutes"), "60"), ExtraDay: v("extra_day"), ExtraTime: v("extra_time"), Until: v("until"), Remind: v("remind")}
	worker := cmp.Or(v("worker"), q.me.Worker.ID)
	err := q.view(func(tx *db.Tx) error {
		register, back, name, err := q.inviteOf(tx)
		if err != nil {
			return err
		}
		p.Back, p.Name, p.Action = back, name, q.inviteAction()
		workers, err := unit.Colleagues(tx, register)
		if err != nil {
			return err
		}
		for _, w := range workers {
			p.Workers = append(p.Workers, view.Option{Value: w.ID, Text: w.Name, On: w.ID == worker})
		}
		free, err := q.intake().Free(tx, worker, max(atoi(p.Minutes), 30))
		if err != nil {
			return err
		}
		for _, s := range free {
			value := slotWord(s)
			p.Slots = append(p.Slots, view.Option{Value: value, Text: q.lang.DayShort(s.Day) + " " + q.lang.Clock(s.Minute), On: slices.Contains(q.PostForm["slots"], value)})
		}
		for _, f := range inviteForms {
			p.Forms = append(p.Forms, view.Option{Value: string(f), Text: q.lang.T("invite.form." + string(f)), On: string(f) == v("form")})
		}
		cal := q.s.Book.Calendar
		p.Until, p.Remind = cmp.Or(p.Until, cal.AddWorking(tx.Today, 5).String()), cmp.Or(p.Remind, cal.AddWorking(tx.Today, 3).String())
		return q.counted(tx, &sh)
	})
	if err != nil {
		return err
	}
	p.Shell, p.Errors = sh, q.errorsOf(cause)
	return q.renderStatus(statusFor(cause), p)
}

// onClient tells whether the invitation is for a client's path.
func (q *request) onClient() bool { return strings.HasPrefix(q.URL.Path, "/c/") }

func (q *request) inviteAction() string {
	if q.onClient() {
		return "/c/" + q.PathValue("id") + "/invite"
	}
	return "/r/" + q.PathValue("id") + "/invite"
}

// inviteOf gives the register that the invited person is in, the page to go back to, and their name.
func (q *request) inviteOf(tx *db.Tx) (register, back, name string, err error) {
	if q.onClient() {
		o, err := q.load(tx)
		if err != nil {
			return "", "", "", err
		}
		return o.path.Register, "/c/" + o.id, o.client.Name(), nil
	}
	r, err := referral.Get(tx, q.PathValue("id"))
	return r.Register, "/r/" + r.ID, r.Name(), err
}

// slotWord writes a time for a form: figures only.
func slotWord(s intake.Slot) string { return strconv.Itoa(int(s.Day)) + "." + strconv.Itoa(s.Minute) }

// slotOf reads what slotWord wrote; false when it is no time.
func slotOf(text string) (intake.Slot, bool) {
	day, minute, _ := strings.Cut(text, ".")
	s := intake.Slot{Minute: atoi(minute)}
	n := atoi(day)
	if n <= 0 || n > 4_000_000 || s.Minute < 0 {
		return s, false
	}
	s.Day = civil.Date(n)
	return s, true
}

func (q *request) referralInvite() error {
	v := q.PostFormValue
	wrong := map[string]string{}
	i := intake.Invitation{Worker: v("worker"), Form: entry.FormMeeting, Place: strings.TrimSpace(v("place")), Minutes: atoi(v("minutes")), Until: q.day("until"), RemindOn: q.day("remind")}
	if f := entry.Form(v("form")); slices.Contains(inviteForms, f) {
		i.Form = f
	}
	for _, text := range q.PostForm["slots"] {
		if s, ok := slotOf(text); ok {
			i.Slots = append(i.Slots, s)
		}
	}
	if v("extra_day") != "" || v("extra_time") != "" {
		day, minute := q.day("extra_day"), parseClock(v("extra_time"))
		if day.IsZero() {
			wrong["extra_day"] = "step.no_day"
		}
		if minute < 0 {
			wrong["extra_time"] = "record.bad_time"
		}
		i.Slots = append(i.Slots, intake.Slot{Day: day, Minute: minute})
	}
	var token, back string
	err := q.update(func(tx *db.Tx) error {
		if err := fault.Fields(wrong); err != nil {
			return err
		}
		var err error
		if q.onClient() {
			o, err := q.reach(tx)
			if err != nil {
				return err
			}
			i.Path, back = o.path.ID, "/c/"+o.id
		} else {
			i.Referral, back = q.PathValue("id"), "/r/"+q.PathValue("id")
		}
		_, token, err = q.intake().Invite(tx, i)
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return q.inviteForm(err)
	}
	if err != nil {
		return err
	}
	return q.secretLink(q.lang.T("invite.title"), q.lang.T("invite.hand"), "/meet/"+token, back, []string{q.lang.T("invite.note.until", "day", q.lang.Day(i.Until)),
		q.lang.T("invite.note.remind", "day", q.lang.Day(i.RemindOn)), q.lang.T("links.note.shown")})
}

func (q *request) referralInviteEnd() error {
	return q.onReferral("invite.flash_ended", func(tx *db.Tx, _ string) error { return intake.EndInvitation(tx, q.PostFormValue("invitation")) })
}

func (q *request) benefitListPage() error { return q.benefitForm(nil, nil) }

func (q *request) benefitForm(cause error, done []string) error {
	sh := q.shell(view.NavMore)
	p := view.BenefitUpload{Threshold: cmp.Or(q.PostFormValue("threshold"), "60"), Done: done}
	err := q.view(func(tx *db.Tx) error {
		h, err := q.house(tx)
		if err != nil {
			return err
		}
		for _, s := range q.open(tx, h) {
			p.Services = append(p.Services, view.Option{Value: s.ID, Text: s.Name, On: s.ID == q.PostFormValue("service")})
		}
		return q.counted(tx, &sh)
	})
	if err != nil {
		return err
	}
	p.Shell, p.Errors = sh, q.errorsOf(cause)
	return q.renderStatus(statusFor(cause), p)
}

// benefitList brings a benefit authority's monthly list into a queue. The file is read in memory, within what a form may be,
// and not kept.
func (q *request) benefitList() error {
	threshold := atoi(q.PostFormValue("threshold"))
	list, err := q.readBenefits()
	if threshold < 0 {
		err = fault.Fields(map[string]string{"threshold": "refer.bad_number"})
	}
	var l intake.Listed
	if err == nil {
		err = q.update(func(tx *db.Tx) error {
			l, err = q.intake().List(tx, q.PostFormValue("service"), list, threshold)
			return err
		})
	}
	if fault.Is(err, fault.Invalid) {
		return q.benefitForm(err, nil)
	}
	if err != nil {
		return err
	}
	done := []string{q.lang.N("list.kela_added", l.Added), q.lang.N("list.kela_known", l.Known), q.lang.N("list.kela_outside", l.Outside)}
	if len(l.LeftOut) > 0 {
		rows := make([]string, 0, 20)
		for _, n := range l.LeftOut[:min(20, len(l.LeftOut))] {
			rows = append(rows, strconv.Itoa(n))
		}
		done = append(done, q.lang.N("list.kela_left_out", len(l.LeftOut), "rows", strings.Join(rows, ", ")))
	}
	return q.benefitForm(nil, done)
}

func (q *request) readBenefits() (*csvio.BenefitList, error) {
	file, about, err := q.FormFile("file")
	if err != nil {
		return nil, fault.Fields(map[string]string{"file": "list.no_file"})
	}
	defer file.Close()
	data, err := io.ReadAll(http.MaxBytesReader(q.w, file, formMost))
	if err != nil {
		return nil, fault.Fields(map[string]string{"file": "error.form_too_big"})
	}
	book, err := csvio.ReadBytes(about.Filename, data)
	if err != nil {
		return nil, err
	}
	return csvio.ReadBenefits(book, csvio.Options{})
}
