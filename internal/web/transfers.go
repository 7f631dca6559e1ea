package web

import (
	"bytes"
	"cmp"
	"strconv"
	"strings"
	"time"

	"polku/internal/consent"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/paper"
	"polku/internal/transfer"
	"polku/internal/unit"
	"polku/internal/web/view"
)

// transferPatience is how long a request goes on asking or moving before it shows how far it has come; askBatch how many
// receivers' rows one transaction asks.
const (
	transferPatience = 5 * time.Second
	askBatch         = 50
	transferRowsPage = 100
)

func (q *request) mover() *transfer.Mover {
	return &transfer.Mover{Book: q.s.Book, Keys: q.s.Keys, Say: func(lang, key string) string { return i18n.ParseLang(lang).T(key) }}
}

func (q *request) transfersPage() error { return q.transfersForm(nil, nil) }

// transfersForm shows whom the reader is asked to take over and what they lead; cause is what was wrong with a new
// transfer, declined what was wrong with an answer.
func (q *request) transfersForm(cause, declined error) error {
	v := q.PostFormValue
	p := view.Transfers{Shell: q.shell(view.NavMore), Why: v("why"), AnswerWhy: v("why_not"), Errors: q.errorsOf(cause), AnswerErrors: q.errorsOf(declined)}
	for i := range p.AnswerErrors { // two forms of one page: ids differ
		if p.AnswerErrors[i].Field == "why" {
			p.AnswerErrors[i].Field = "why_not"
		}
	}
	err := q.view(func(tx *db.Tx) error {
		asked, err := transfer.Requests(tx)
		if err != nil {
			return err
		}
		for _, r := range asked {
			n := len(p.Asked)
			if n == 0 || p.Asked[n-1].ID != r.Transfer {
				p.Asked = append(p.Asked, view.TransferAsk{ID: r.Transfer, Title: r.FromService + " → " + r.ToService, Why: r.Why})
				n++
			}
			p.Asked[n-1].Lines = append(p.Asked[n-1].Lines, view.AskedLine{Path: r.Path, Name: r.Name, Sender: r.From, Step: r.StepWhat, By: r.StepBy, Ban: r.Ban, Accepted: r.Accepted})
			if !r.Accepted {
				p.Asked[n-1].Waiting++
			}
			tx.Saw(r.Client)
		}
		led, err := transfer.Led(tx)
		if err != nil {
			return err
		}
		for _, t := range led {
			p.Lines = append(p.Lines, view.TransferLine{ID: t.ID, Title: t.FromName + " → " + t.ToName, State: q.lang.T("transfer.state." + string(t.State)), When: q.momentOf(t.MadeAt)})
		}
		if err := q.transferChoices(tx, &p); err != nil {
			return err
		}
		return q.counted(tx, &p.Shell)
	})
	if err != nil {
		return err
	}
	return q.renderStatus(statusFor(cmp.Or(cause, declined)), p)
}

// transferChoices fills in what a new transfer may be made of, for whoever leads clients.
func (q *request) transferChoices(tx *db.Tx, p *view.Transfers) error {
	v := q.PostFormValue
	sources, err := transfer.Sources(tx)
	if err != nil || len(sources) == 0 {
		return err
	}
	for _, s := range sources {
		p.From = append(p.From, view.Option{Value: s.ID, Text: s.Name, On: s.ID == v("from")})
	}
	targets, err := transfer.Targets(tx)
	for _, s := range targets {
		p.To = append(p.To, view.Option{Value: s.ID, Text: s.Name, On: s.ID == v("to")})
	}
	p.Statutes = q.statuteOptions(consent.Statutes, v("statute"))
	return err
}

func (q *request) statuteOptions(all []consent.Statute, on string) []view.Option {
	out := []view.Option{{Text: q.lang.T("transfer.basis_consent"), On: on == ""}}
	for _, s := range all {
		if s.ID != "child-welfare" && s.ID != "youth-report" {
			out = append(out, view.Option{Value: s.ID, Text: s.Section + ": " + q.lang.T("statute."+s.ID), On: s.ID == on})
		}
	}
	return out
}

func (q *request) transferBegin() error {
	v := q.PostFormValue
	var id string
	err := q.update(func(tx *db.Tx) (err error) {
		id, err = q.mover().Begin(tx, transfer.New{From: v("from"), To: v("to"), Why: v("why"), Statute: v("statute")})
		return err
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return q.transfersForm(err, nil)
	}
	if err != nil {
		return err
	}
	return q.redirect("/transfers/" + id)
}

// transferAnswer takes over, or leaves with the sender, the chosen clients.
func (q *request) transferAnswer() error {
	paths := q.PostForm["path"]
	n := 0
	err := q.update(func(tx *db.Tx) (err error) {
		if q.PostFormValue("do") == "decline" {
			n, err = transfer.Decline(tx, q.PathValue("id"), paths, q.PostFormValue("why_not"))
		} else {
			n, err = transfer.Accept(tx, q.PathValue("id"), paths)
		}
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return q.transfersForm(nil, err)
	}
	if err != nil {
		return err
	}
	key := "flash.transfer_accepted"
	if q.PostFormValue("do") == "decline" {
		key = "flash.transfer_declined"
	}
	q.say(flash{Key: key, N: n})
	return q.redirect("/transfers")
}

func (q *request) transferPage() error { return q.transferForm(nil) }

func (q *request) transferForm(cause error) error {
	show := q.FormValue("show")
	p := view.TransferPage{Shell: q.shell(view.NavMore), Show: show, Errors: q.errorsOf(cause)}
	err := q.view(func(tx *db.Tx) error {
		t, err := transfer.Get(tx, q.PathValue("id"))
		if err != nil {
			return err
		}
		rows, err := transfer.Rows(tx, t)
		if err != nil {
			return err
		}
		sum, err := transfer.SumOf(tx, t, rows)
		if err != nil {
			return err
		}
		q.transferSums(&p, t, rows, sum)
		if err := q.transferHow(tx, &p, t, rows); err != nil {
			return err
		}
		if err := q.transferLines(tx, &p, t, rows); err != nil {
			return err
		}
		return q.counted(tx, &p.Shell)
	})
	if err != nil {
		return err
	}
	return q.renderStatus(statusFor(cause), p)
}

// transferSums fills in the head of the page: who is where, and whether that is everybody.
func (q *request) transferSums(p *view.TransferPage, t transfer.Transfer, rows []transfer.Row, sum transfer.Sum) {
	p.ID, p.Title, p.Why, p.State, p.Controller = t.ID, t.FromName+" → "+t.ToName, t.Why, q.lang.T("transfer.state."+string(t.State)), t.ToController
	p.Crosses, p.Draft, p.All, p.Open, p.Whole = t.Crosses(), t.State == transfer.Draft, sum.All, sum.Open, sum.Whole()
	p.AllEnded = sum.Of[transfer.IsWaiting] == 0
	p.Sure = sum.Of[transfer.IsWaiting] + sum.Of[transfer.IsStaying]
	for _, e := range transfer.Ends {
		p.Sums = append(p.Sums, view.SumLine{Text: q.lang.T("transfer.end." + string(e)), N: sum.Of[e], Now: e == transfer.IsWaiting && sum.Of[e] > 0})
	}
	counts := map[string]int{}
	for _, r := range rows {
		counts[rowShown(r)]++
		switch {
		case r.Closed && r.State != transfer.Moved:
		case r.State == transfer.Open && r.Missing() == "":
			p.Ready++
		case r.State == transfer.Accepted:
			p.Accepted++
		case r.State == transfer.Moved:
			p.Moved++
		}
	}
	p.MayUndo = p.Moved > 0 && t.State != transfer.Undone
	p.Shows = append(p.Shows, view.Option{Text: q.lang.T("transfer.show_all"), Hint: strconv.Itoa(len(rows)), On: p.Show == ""})
	for _, s := range []transfer.RowState{transfer.Open, transfer.Asked, transfer.Accepted, transfer.Declined, transfer.Stays, transfer.Exited, transfer.Moved, transfer.Back} {
		if n := counts[string(s)]; n > 0 || p.Show == string(s) {
			p.Shows = append(p.Shows, view.Option{Value: string(s), Text: q.lang.T("transfer.row." + string(s)), Hint: strconv.Itoa(n), On: p.Show == string(s)})
		}
	}
}

// rowShown is the state under which a row is listed: a closed path counts as left, however it was closed.
func rowShown(r transfer.Row) string {
	if r.End() == transfer.IsExited {
		return string(transfer.Exited)
	}
	return string(r.State)
}

// transferHow fills in how paths move: ground, destination, phases, and what each phase then owes.
func (q *request) transferHow(tx *db.Tx, p *view.TransferPage, t transfer.Transfer, rows []transfer.Row) error {
	if !p.Draft {
		return nil
	}
	old, next, err := q.mover().Models(tx, t)
	if err != nil {
		return err
	}
	statutes, err := consent.StatutesBetween(tx, t.Register)
	if err != nil {
		return err
	}
	p.Statutes = q.statuteOptions(statutes, t.Statute)
	oldWord, newWord := q.modelNames(old), q.modelNames(next)
	for _, x := range old.Exits {
		if !x.Final {
			p.Exits = append(p.Exits, view.Option{Value: x.To, Text: oldWord("exit", x.To), On: x.To == t.ExitTo})
		}
	}
	changes, err := q.mover().Changes(tx, t, rows)
	for _, c := range changes {
		line := view.PhaseLine{ID: c.Old, Name: oldWord("phase", c.Old), Paths: c.Paths}
		for _, ph := range next.Phases {
			line.Choices = append(line.Choices, view.Option{Value: ph.ID, Text: newWord("phase", ph.ID), On: ph.ID == c.New})
		}
		line.Owed = q.owedWords(c.Owed, next)
		p.Phases = append(p.Phases, line)
	}
	workers, werr := transfer.Receivers(tx, t)
	p.Receivers = []view.Option{{Value: "same", Text: q.lang.T("transfer.same_worker")}}
	for _, w := range workers {
		p.Receivers = append(p.Receivers, view.Option{Value: w.ID, Text: w.Name})
	}
	return cmp.Or(err, werr)
}

// transferLines fills in the rows of the page: a hundred at a time, all of which are noted as seen.
func (q *request) transferLines(tx *db.Tx, p *view.TransferPage, t transfer.Transfer, rows []transfer.Row) error {
	names, err := unit.Names(tx)
	if err != nil {
		return err
	}
	old, _, err := q.mover().Models(tx, t)
	if err != nil {
		return err
	}
	word := q.modelNames(old)
	var shown []transfer.Row
	for _, r := range rows {
		if p.Show == "" || rowShown(r) == p.Show {
			shown = append(shown, r)
		}
	}
	p.Shown, p.Pages = len(shown), (len(shown)+transferRowsPage-1)/transferRowsPage
	p.Nth, _ = strconv.Atoi(q.FormValue("page")) // what is no page is the first
	p.Nth = max(1, min(p.Nth, p.Pages))
	for _, r := range shown[min(len(shown), (p.Nth-1)*transferRowsPage):min(len(shown), p.Nth*transferRowsPage)] {
		line := view.TransferRow{Path: r.Path, Href: "/c/" + r.Client + "." + r.Path, Name: r.Name, Phase: word("phase", r.Phase), Worker: names[r.Worker], Step: r.StepWhat, By: r.StepBy,
			State: q.lang.T("transfer.row." + rowShown(r)), Receiver: names[r.Receiver], Ban: r.Ban, Contacted: r.Contacted, Moved: r.State == transfer.Moved,
			Fixed: r.Closed || r.State == transfer.Moved, Ground: paper.Ground(q.lang, cmp.Or(r.Basis, r.Ground.Basis))}
		if r.Closed {
			line.Step = ""
		}
		switch {
		case i18n.Has(r.Why):
			line.Why = q.lang.T(r.Why)
		case r.Why != "":
			line.Why = r.Why
		case r.State == transfer.Open && !r.Closed && r.Missing() != "":
			line.Why = q.lang.T(r.Missing())
		}
		p.Rows = append(p.Rows, line)
		tx.Saw(r.Client)
	}
	return nil
}

// transferDone answers a command on a transfer.
func (q *request) transferDone(err error, f flash) error {
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return q.transferForm(err)
	}
	if err != nil {
		return err
	}
	if f.Key != "" {
		q.say(f)
	}
	show := ""
	if s := q.PostFormValue("show"); s != "" && !strings.ContainsAny(s, "&=?#/") {
		show = "?show=" + s
	}
	return q.redirect("/transfers/" + q.PathValue("id") + show)
}

func (q *request) transferSet() error {
	phases := map[string]string{}
	for field := range q.PostForm {
		if id, is := strings.CutPrefix(field, "phase-"); is {
			phases[id] = q.PostFormValue(field)
		}
	}
	err := q.update(func(tx *db.Tx) error {
		return q.mover().Set(tx, q.PathValue("id"), q.PostFormValue("statute"), q.PostFormValue("exit_to"), phases)
	})
	return q.transferDone(err, flash{Key: "flash.transfer_set"})
}

// transferRows decides of the chosen rows, or of all that the page's filter shows.
func (q *request) transferRows() error {
	v := q.PostFormValue
	id, n := q.PathValue("id"), 0
	err := q.update(func(tx *db.Tx) error {
		n = 0
		t, err := transfer.Get(tx, id)
		if err != nil {
			return err
		}
		rows, err := transfer.Rows(tx, t)
		if err != nil {
			return err
		}
		chosen := map[string]bool{}
		for _, p := range q.PostForm["path"] {
			chosen[p] = true
		}
		paths := map[string][]string{} // by receiver
		for _, r := range rows {
			if !chosen[r.Path] && (v("all") == "" || v("show") != "" && rowShown(r) != v("show")) {
				continue
			}
			receiver := ""
			if v("do") == "receiver" {
				if receiver = v("receiver"); receiver == "same" {
					receiver = r.Worker
				}
			}
			paths[receiver] = append(paths[receiver], r.Path)
		}
		for receiver, list := range paths {
			did, err := transfer.Decide(tx, id, transfer.Decision{Paths: list, Receiver: receiver, Stay: v("do") == "stay"})
			if err != nil {
				return err
			}
			n += did
		}
		return nil
	})
	return q.transferDone(err, flash{Key: "flash.transfer_decided", N: n})
}

// inBatches repeats a batch, each in a transaction of its own, until it does nothing more or patience ends.
func (q *request) inBatches(batch func(tx *db.Tx) (did int, more bool, err error)) (n int, err error) {
	for until := time.Now().Add(transferPatience); ; {
		var did int
		var more bool
		err := q.update(func(tx *db.Tx) (err error) {
			did, more, err = batch(tx)
			return err
		})
		if err != nil {
			return n, err
		}
		n += did
		if !more || time.Now().After(until) {
			return n, nil
		}
	}
}

func (q *request) transferAsk() error {
	n, err := q.inBatches(func(tx *db.Tx) (int, bool, error) {
		did, err := q.mover().Ask(tx, q.PathValue("id"), askBatch)
		return did, did == askBatch, err
	})
	return q.transferDone(err, flash{Key: "flash.transfer_asked", N: n})
}

func (q *request) transferRun() error {
	n, err := q.inBatches(func(tx *db.Tx) (int, bool, error) {
		did, left, err := q.mover().Step(tx, q.PathValue("id"))
		return did, left > 0 && did > 0, err
	})
	return q.transferDone(err, flash{Key: "flash.transfer_moved", N: n})
}

func (q *request) transferFinish() error {
	err := q.update(func(tx *db.Tx) error { return transfer.Finish(tx, q.PathValue("id")) })
	return q.transferDone(err, flash{Key: "flash.transfer_done"})
}

func (q *request) transferUndo() error {
	back, _, err := q.mover().Undo(q.Context(), q.s.DB, q.who, q.PathValue("id"))
	return q.transferDone(err, flash{Key: "flash.transfer_undone", N: back})
}

// transferRecord reads the record of a transfer; everybody in it is noted as seen.
func (q *request) transferRecord() (paper.Transfer, error) {
	r := paper.Transfer{Zone: q.s.DB.Zone, At: q.at}
	err := q.view(func(tx *db.Tx) (err error) {
		if r.Transfer, err = transfer.Get(tx, q.PathValue("id")); err != nil {
			return err
		}
		if r.Rows, err = transfer.Rows(tx, r.Transfer); err != nil {
			return err
		}
		if r.Sum, err = transfer.SumOf(tx, r.Transfer, r.Rows); err != nil {
			return err
		}
		seen := make([]string, len(r.Rows))
		for i, x := range r.Rows {
			seen[i] = x.Client
		}
		tx.Saw(seen...)
		r.Workers, err = unit.Names(tx)
		return err
	})
	return r, err
}

func (q *request) transferPDF() error {
	r, err := q.transferRecord()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := r.PDF(&out, q.lang); err != nil {
		return err
	}
	return q.document("polku-transfer", &out)
}

func (q *request) transferCSV() error {
	r, err := q.transferRecord()
	if err != nil {
		return err
	}
	return q.table("polku-transfer", r.Table(q.lang))
}
