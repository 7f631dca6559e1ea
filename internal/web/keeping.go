package web

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"time"

	"polku/internal/approval"
	"polku/internal/breach"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/journal"
	"polku/internal/retention"
	"polku/internal/unit"
	"polku/internal/web/view"
)

// listMost is how many requests or proofs a page shows.
const listMost = 50

func (q *request) approvals() error { return q.approvalsPage(nil) }

// approvalsPage shows what waits for a second person, to whoever may answer; others find it empty.
func (q *request) approvalsPage(cause error) error {
	sh := q.shell(view.NavMore)
	p := view.Approvals{Errors: q.errorsOf(cause)}
	err := q.view(func(tx *db.Tx) error {
		may, err := approval.May(tx)
		if err != nil {
			return err
		}
		stop, err := approval.MayStop(tx)
		if err != nil {
			return err
		}
		if stop {
			all, err := approval.List(tx, listMost)
			if err != nil {
				return err
			}
			names, err := unit.Names(tx)
			if err != nil {
				return err
			}
			for _, r := range all {
				p.Lines = append(p.Lines, q.approvalLine(tx, r, names, may))
			}
		}
		return q.counted(tx, &sh)
	})
	if err != nil {
		return err
	}
	p.Shell = sh
	return q.renderStatus(statusFor(cause), p)
}

func (q *request) approvalLine(tx *db.Tx, r approval.Request, names map[string]string, may bool) view.ApprovalLine {
	state := r.State(tx.At)
	a := view.ApprovalLine{ID: r.ID, What: q.lang.N("approval.kind."+string(r.Kind), r.Amount), Why: r.Why, By: cmp.Or(names[r.AskedBy], r.AskedAs),
		State: q.lang.T("approval.state." + state), CanRefuse: r.Answer == "" && r.UsedAt == 0 && state != "over",
		CanAgree: state == "waiting" && may && r.AskedBy != tx.Who.Worker,
		CanRun:   r.Kind == approval.Erasure && may && (state == "ready" || state == "used" && tx.At < r.Until)}
	if r.Proposed() {
		a.By, a.State = q.lang.T("approval.by_night"), q.lang.T("approval.state.proposed")
	}
	if r.Why == "" {
		a.Why = q.lang.T("approval.why_due")
	}
	a.Asked, _ = wall(q, r.AskedAt)
	a.Until, _ = wall(q, r.Until)
	if r.AnsweredAt != 0 {
		a.Answered = q.lang.T("approval.answered_by", "who", cmp.Or(names[r.AnsweredBy], "Polku"), "when", q.when(r.AnsweredAt))
	} else if r.FreeAt != 0 {
		a.Answered = q.lang.T("approval.free", "when", q.when(r.FreeAt))
	}
	return a
}

func (q *request) approvalAnswer() error {
	yes := q.PostFormValue("answer") == "yes"
	proposed := false
	err := q.update(func(tx *db.Tx) error {
		r, err := approval.Get(tx, q.PathValue("id"))
		if err != nil {
			return err
		}
		proposed = r.Proposed()
		return approval.Answer(tx, r.ID, yes)
	})
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.Gone) {
		return q.approvalsPage(err)
	}
	if err != nil {
		return err
	}
	key := "flash.refused"
	switch {
	case yes && proposed:
		key = "flash.taken_up"
	case yes:
		key = "flash.agreed"
	}
	q.say(flash{Key: key})
	return q.redirect("/approvals")
}

func (q *request) retentionPage() error { return q.retentionForm(nil) }

// retentionForm shows what has fallen due by register and class, in figures, and the proofs of what was destroyed.
func (q *request) retentionForm(cause error) error {
	sh := q.shell(view.NavMore)
	p := view.Retention{Why: q.PostFormValue("why"), Errors: q.errorsOf(cause)}
	err := q.view(func(tx *db.Tx) error {
		registers, err := unit.Registers(tx)
		if err != nil {
			return err
		}
		name := func(id string) string {
			if i := slices.IndexFunc(registers, func(r unit.Register) bool { return r.ID == id }); i >= 0 {
				return registers[i].Name
			}
			return q.lang.T("retention.house")
		}
		due, err := retention.Plan(tx, q.s.Book.Rules)
		if err != nil {
			return err
		}
		mine, err := retention.Scope(tx)
		if err != nil {
			return err
		}
		for _, i := range due.Items {
			if !mine(i) {
				continue
			}
			register, class := name(i.Register), q.lang.T("retention.class."+string(i.Class))
			n := slices.IndexFunc(p.Due, func(d view.DueLine) bool { return d.Register == register && d.Class == class })
			if n < 0 {
				n = len(p.Due)
				p.Due = append(p.Due, view.DueLine{Register: register, Class: class, Rule: q.ruleText(tx, i.Rule), Since: i.Due, Unread: i.Unread})
			}
			if i.Free() {
				p.Due[n].Free++
			} else {
				p.Due[n].Stopped++
			}
		}
		for _, id := range due.Unknown {
			p.Unknown = append(p.Unknown, name(id))
		}
		workers, err := unit.Names(tx)
		if err != nil {
			return err
		}
		proofs, err := journal.Proofs(tx, listMost)
		for i := range proofs {
			x := &proofs[i]
			line := view.ProofLine{Class: q.lang.T("retention.class." + x.Class), Register: name(x.Register), Holds: x.Holds(q.s.Keys, tx.Who.Tenant),
				Who: cmp.Or(workers[x.AskedBy], x.AskedBy) + ", " + cmp.Or(workers[x.ApprovedBy], q.lang.T("retention.by_time"))}
			line.At, _ = wall(q, x.At)
			for _, n := range x.Rows {
				line.Rows += n
			}
			p.Proofs = append(p.Proofs, line)
		}
		if err != nil {
			return err
		}
		return q.counted(tx, &sh)
	})
	if err != nil {
		return err
	}
	p.Shell = sh
	return q.renderStatus(statusFor(cause), p)
}

// ruleText says a rule in the reader's language: the figure's name, how long, and where it stands.
func (q *request) ruleText(tx *db.Tx, rule string) string {
	name, _, _ := strings.Cut(rule, ", ")
	f, known := q.s.Book.Rules.Figure(retention.Pack, name, tx.Today)
	if !known {
		return rule
	}
	return q.figureName(name) + ": " + q.unitText(f.Value, f.Unit) + ". " + f.Said.SourceIn(q.lang, f.Source)
}

func (q *request) retentionAsk() error {
	err := q.update(func(tx *db.Tx) error {
		_, err := retention.Ask(tx, q.s.Book.Rules, q.PostFormValue("why"), nil)
		return err
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return q.retentionForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.asked"})
	return q.redirect("/approvals")
}

// retentionRun destroys what another person has agreed to.
func (q *request) retentionRun() error {
	k := retention.Keeper{DB: q.s.DB, Log: q.s.Audit, Rules: q.s.Book.Rules, Keys: q.s.Keys, Files: q.s.Files}
	done, err := k.Run(q.Context(), q.who, q.PathValue("id"))
	if fault.Is(err, fault.Conflict) || fault.Is(err, fault.Gone) {
		return q.approvalsPage(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.destroyed", N: done.Destroyed})
	return q.redirect("/retention")
}

func (q *request) breachPage() error { return q.breachForm(view.Breach{}, nil) }

// breachForm shows the form and the list that it asked for.
func (q *request) breachForm(p view.Breach, cause error) error {
	sh := q.shell(view.NavMore)
	v := q.PostFormValue
	p.Session, p.From, p.To, p.Errors = v("session"), v("from"), v("to"), q.errorsOf(cause)
	err := q.view(func(tx *db.Tx) error {
		workers, err := unit.Workers(tx)
		if err != nil {
			return err
		}
		for _, w := range workers {
			p.Workers = append(p.Workers, view.Option{Value: w.ID, Text: w.Name, On: v("worker") == w.ID})
		}
		return q.counted(tx, &sh)
	})
	if err != nil {
		return err
	}
	p.Shell = sh
	return q.renderStatus(statusFor(cause), p)
}

// breachList lists whose data an account touched, on the page or as a file.
func (q *request) breachList() error {
	from, to := q.day("from"), q.day("to")
	wrong := map[string]string{}
	if from.IsZero() {
		wrong["from"] = "breach.no_day"
	}
	if to.IsZero() || to < from {
		wrong["to"] = "breach.no_day"
	}
	if q.PostFormValue("worker") == "" {
		wrong["worker"] = "breach.no_worker"
	}
	if err := fault.Fields(wrong); err != nil {
		return q.breachForm(view.Breach{}, err)
	}
	var all []breach.Touched
	registers := map[string]string{}
	err := q.view(func(tx *db.Tx) error {
		rs, err := unit.Registers(tx)
		if err != nil {
			return err
		}
		for _, r := range rs {
			registers[r.ID] = r.Name
		}
		all, err = breach.List(q.Context(), tx, q.s.Audit, q.s.Keys, breach.Query{Worker: q.PostFormValue("worker"), Session: q.PostFormValue("session"),
			From: q.midnight(from), To: q.midnight(to+1) - 1})
		return err
	})
	if err != nil {
		return err
	}
	p := view.Breach{Asked: true}
	for _, t := range all {
		p.Touched = append(p.Touched, view.TouchedLine{Client: t.Client, Register: registers[t.Register], Seen: t.Seen, Changed: t.Changed, Disclosed: t.Disclosed,
			First: q.when(t.First), Last: q.when(t.Last)})
	}
	if q.PostFormValue("format") != "csv" {
		return q.breachForm(p, nil)
	}
	return q.breachFile(p.Touched)
}

func (q *request) breachFile(lines []view.TouchedLine) error {
	var out bytes.Buffer
	out.WriteString("\ufeff") // so that spreadsheets read it as UTF-8
	w := csv.NewWriter(&out)
	w.Comma, w.UseCRLF = ';', true
	rows := [][]string{{"client", "register", "seen", "changed", "disclosed", "first", "last"}}
	for _, t := range lines {
		rows = append(rows, []string{t.Client, t.Register, strconv.Itoa(t.Seen), strconv.Itoa(t.Changed), strconv.Itoa(t.Disclosed), t.First, t.Last})
	}
	if err := w.WriteAll(rows); err != nil {
		return fault.Wrap(err, "breach.read")
	}
	q.file("text/csv; charset=utf-8", "breach.csv", out.Bytes())
	return nil
}

// midnight is the instant at which a day begins on the wall, in microseconds UTC.
func (q *request) midnight(day civil.Date) int64 {
	y, m, d := day.Parts()
	return time.Date(y, time.Month(m), d, 0, 0, 0, 0, q.s.DB.Zone).UnixMicro()
}
