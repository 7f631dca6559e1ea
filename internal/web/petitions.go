package web

import (
	"bytes"
	"strconv"
	"strings"

	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/logview"
	"polku/internal/pdf"
	"polku/internal/petition"
	"polku/internal/unit"
	"polku/internal/web/view"
)

// endedShown is how long an answered request stays on the list, in days.
const endedShown = 60

// petitions lists the clients' requests about their data, those due first before others.
func (q *request) petitions() error {
	p := view.Petitions{Shell: q.shell(view.NavMore)}
	return q.framed(&p.Shell, nil, func(tx *db.Tx) error {
		open, err := petition.List(tx)
		if err != nil {
			return err
		}
		ended, err := petition.Ended(tx, p.Shell.Day-endedShown)
		if err != nil {
			return err
		}
		names, err := unit.Names(tx)
		if err != nil {
			return err
		}
		if p.Open, err = q.petitionLines(tx, open, names); err != nil {
			return err
		}
		if p.Ended, err = q.petitionLines(tx, ended, names); err != nil {
			return err
		}
		if p.Reviews, err = unit.KeepsSome(tx); err != nil {
			return err
		}
		return nil
	}, func() page { return p })
}

// petitionLines puts petitions into words, with the clients' names read at once.
func (q *request) petitionLines(tx *db.Tx, all []petition.Petition, workers map[string]string) ([]view.PetitionLine, error) {
	names, err := petition.Names(tx, all)
	var lines []view.PetitionLine
	for _, x := range all {
		lines = append(lines, view.PetitionLine{ID: x.ID, Client: x.Client, Name: names[x.Client], Kind: q.lang.T("petition.kind." + string(x.Kind)), What: x.What,
			State: q.lang.T("petition.state." + string(x.State)), Open: x.State == petition.Open, Came: x.Came, Due: x.Due, Ended: x.Ended, Handler: workers[x.Handler]})
	}
	return lines, err
}

func (q *request) clientPetitionsPage() error { return q.clientPetitionsForm(nil) }

// clientPetitionsForm shows what a client has asked, and the form that records a new request.
func (q *request) clientPetitionsForm(cause error) error {
	v := q.PostFormValue
	client, _, _ := strings.Cut(q.PathValue("id"), ".")
	p := view.ClientPetitions{Shell: q.shell(view.NavClients), ID: q.PathValue("id"), What: v("what"), Came: v("came"), Errors: q.errorsOf(cause)}
	if p.Came == "" {
		p.Came = p.Shell.Day.String()
	}
	for _, k := range petition.Kinds {
		p.Kinds = append(p.Kinds, view.Option{Value: string(k), Text: q.lang.T("petition.kind." + string(k)), Hint: q.lang.T("petition.kind_hint." + string(k)), On: v("kind") == string(k)})
	}
	for _, w := range petition.Ways {
		p.Ways = append(p.Ways, view.Option{Value: w, Text: q.lang.T("petition.way." + w), On: v("way") == w || v("way") == "" && w == "face"})
	}
	return q.framed(&p.Shell, cause, func(tx *db.Tx) error {
		if err := logview.MayRead(tx, client); err != nil {
			return err
		}
		all, err := petition.OfClient(tx, client)
		if err != nil {
			return err
		}
		workers, err := unit.Names(tx)
		if err != nil {
			return err
		}
		if p.List, err = q.petitionLines(tx, all, workers); err != nil {
			return err
		}
		names, err := petition.Names(tx, []petition.Petition{{Client: client}})
		p.Name = names[client]
		tx.Saw(client)
		if err != nil {
			return err
		}
		return nil
	}, func() page { return p })
}

func (q *request) clientPetitionAdd() error {
	v := q.PostFormValue
	client, _, _ := strings.Cut(q.PathValue("id"), ".")
	var id string
	err := q.update(func(tx *db.Tx) (err error) {
		id, err = petition.Record(tx, petition.New{Client: client, Kind: petition.Kind(v("kind")), What: v("what"), Way: v("way"), Came: q.day("came")})
		return err
	})
	if fault.Is(err, fault.Invalid) {
		return q.clientPetitionsForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.petition"})
	return q.redirect("/requests/" + id)
}

func (q *request) petitionPage() error { return q.petitionForm(nil) }

// petitionForm shows one request with what can be done about it.
func (q *request) petitionForm(cause error) error {
	v := q.PostFormValue
	p := view.Petition{Shell: q.shell(view.NavMore), Answer: v("answer"), Appeal: v("appeal"), ExtendWhy: v("extend_why"), Errors: q.errorsOf(cause)}
	if p.Appeal == "" {
		p.Appeal = q.lang.T("petition.appeal_text")
	}
	return q.framed(&p.Shell, cause, func(tx *db.Tx) error {
		x, err := petition.Get(tx, q.PathValue("id"))
		if err != nil {
			return err
		}
		workers, err := unit.Names(tx)
		if err != nil {
			return err
		}
		lines, err := q.petitionLines(tx, []petition.Petition{x}, workers)
		if err != nil {
			return err
		}
		p.Line, p.Rev, p.Said, p.SaidAppeal, p.ExtendedWhy = lines[0], x.Rev, x.Answer, x.Appeal, x.ExtendedWhy
		p.Way, p.MadeBy = q.lang.T("petition.way."+x.Way), workers[x.MadeBy]
		p.Refused = x.State == petition.Refused
		p.Extendable = petition.Extendable(x.Kind) && x.ExtendedWhy == "" && p.Shell.Day <= petition.Due(x.Kind, x.Came)
		p.Mine = x.Handler == q.me.Worker.ID
		p.Tools = q.petitionTools(x)
		p.Law = q.lang.T("petition.law." + string(x.Kind))
		if p.MayDecide, err = petition.MayDecide(tx, x.ID); err != nil {
			return err
		}
		return nil
	}, func() page { return p })
}

// petitionTools are the pages where what is asked for is done.
func (q *request) petitionTools(x petition.Petition) []view.Option {
	tool := func(path, key string) view.Option { return view.Option{Value: path, Text: q.lang.T(key)} }
	switch x.Kind {
	case petition.Log, petition.Why:
		return []view.Option{tool("/c/"+x.Client+"/log", "petition.tool_log"), tool("/c/"+x.Client+"/log?petition="+x.ID, "petition.tool_older")}
	case petition.Rectify:
		return []view.Option{tool("/c/"+x.Client+"/edit?petition="+x.ID, "petition.tool_edit"), tool("/c/"+x.Client+"/rights?petition="+x.ID+"#rectify", "petition.tool_view"), tool("/c/"+x.Client, "petition.tool_client")}
	case petition.Erase:
		return []view.Option{tool("/c/"+x.Client+"/rights?petition="+x.ID+"#erase", "petition.tool_erase")}
	case petition.Restrict, petition.Object:
		return []view.Option{tool("/c/"+x.Client+"/rights?petition="+x.ID+"#restrict", "petition.tool_restrict")}
	case petition.Access, petition.Move:
		return []view.Option{tool("/c/"+x.Client+"/rights?petition="+x.ID+"#copy", "petition.tool_copy")}
	}
	return []view.Option{tool("/c/"+x.Client, "petition.tool_client")}
}

// asked is the client's open request that a form answers: petition of the address or the form; nil: none.
func (q *request) asked(tx *db.Tx, client string) (*petition.Petition, error) {
	id := q.FormValue("petition")
	if id == "" {
		return nil, nil
	}
	x, err := petition.Get(tx, id)
	if err == nil && (x.Client != client || x.State != petition.Open) {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	return &x, err
}

// answered ends the request that a form answers with what was just done.
func (q *request) answered(tx *db.Tx, client, key string) error {
	return petition.Done(tx, client, q.PostFormValue("petition"), q.lang.T(key, "day", q.lang.Day(tx.Today)))
}

// toAsked is where a form that answers a request goes back to; else where it otherwise does.
func (q *request) toAsked(otherwise string) string {
	if id := q.PostFormValue("petition"); id != "" {
		return "/requests/" + id
	}
	return otherwise
}

// petitionDo carries out what was chosen: do=take, extend, answer, refuse or withdraw.
func (q *request) petitionDo() error {
	v := q.PostFormValue
	id := q.PathValue("id")
	rev, _ := strconv.ParseInt(v("rev"), 10, 64) // no number is no version: the change is refused
	err := q.update(func(tx *db.Tx) error {
		switch v("do") {
		case "take":
			return petition.Take(tx, id, rev)
		case "extend":
			return petition.Extend(tx, id, rev, v("extend_why"))
		case "answer":
			return petition.Answer(tx, id, rev, v("answer"))
		case "refuse":
			return petition.Refuse(tx, id, rev, v("answer"), v("appeal"))
		case "withdraw":
			return petition.Withdraw(tx, id, rev, v("answer"))
		}
		return fault.E(fault.Invalid, "error.needed", nil)
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return q.petitionForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.petition_" + v("do")})
	return q.redirect("/requests/" + id)
}

// petitionLetter is the answer or the refusal as a document: a written decision.
func (q *request) petitionLetter() error {
	var x petition.Petition
	var name, controller string
	var workers map[string]string
	err := q.view(func(tx *db.Tx) (err error) {
		if x, err = petition.Get(tx, q.PathValue("id")); err != nil {
			return err
		}
		names, err := petition.Names(tx, []petition.Petition{x})
		if err != nil {
			return err
		}
		name = names[x.Client]
		if controller, err = petition.Controller(tx, x); err != nil {
			return err
		}
		workers, err = unit.Names(tx)
		return err
	})
	if err != nil {
		return err
	}
	if x.State == petition.Open {
		return fault.E(fault.Conflict, "petition.still_open", nil)
	}
	var out bytes.Buffer
	if err := q.letter(x, name, controller, workers[x.Handler]).Write(&out); err != nil {
		return err
	}
	return q.document("polku-request", &out)
}

func (q *request) letter(x petition.Petition, name, controller, handler string) *pdf.Doc {
	t := q.lang.T
	title := t("petition.letter." + string(x.State))
	d := pdf.New(pdf.Options{Lang: string(q.lang), Title: title, Author: controller, Footer: controller, Page: t("logs.page"), At: q.at})
	d.Facts([2]string{t("petition.letter_to"), name}, [2]string{t("petition.letter_from"), controller}, [2]string{t("petition.letter_day"), q.lang.Day(x.Ended)},
		[2]string{t("petition.letter_kind"), t("petition.kind." + string(x.Kind))}, [2]string{t("petition.came"), q.lang.Day(x.Came)}, [2]string{t("petition.letter_handler"), handler})
	d.Heading(2, t("petition.letter_asked"))
	d.Paragraph(x.What)
	if x.State == petition.Refused {
		d.Heading(2, t("petition.letter_reason"))
	} else {
		d.Heading(2, t("petition.letter_answer"))
	}
	d.Paragraph(x.Answer)
	if x.ExtendedWhy != "" {
		d.Heading(2, t("petition.letter_extended"))
		d.Paragraph(x.ExtendedWhy)
	}
	if x.Appeal != "" {
		d.Heading(2, t("petition.letter_appeal"))
		d.Paragraph(x.Appeal)
	}
	d.Small(t("petition.law." + string(x.Kind)))
	return d
}
