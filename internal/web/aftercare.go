package web

import (
	"bytes"
	"strconv"
	"strings"

	"polku/internal/aftercare"
	"polku/internal/care"
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/closing"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/pathway"
	"polku/internal/pdf"
	"polku/internal/portal"
	"polku/internal/unit"
	"polku/internal/web/view"
	"polku/internal/wording"
)

// followUps is whom to ask how they are: the reader's own, or the team's.
func (q *request) followUps() error {
	sh := q.shell(view.NavMore)
	p := view.After{Team: q.FormValue("who") == "team"}
	return q.show(func(tx *db.Tx) error {
		h, err := q.house(tx)
		if err != nil {
			return err
		}
		lines, err := aftercare.List(tx, q.s.Book, p.Team)
		if err != nil {
			return err
		}
		for _, l := range lines {
			service := h.Services[l.Service]
			m := q.s.Book.Models.Get(service.Model, service.Version)
			names := q.names(m, h.Workers, pathway.State{})
			v := view.AfterLine{Client: l.Client + "." + l.Path, Name: strings.TrimSpace(l.FirstName + " " + l.LastName), Phone: phoneText(l.Phone), PhoneTel: l.Phone,
				Service: service.Name, Worker: h.Workers[l.Responsible], To: names("exit", l.To), Due: l.Due, Closed: l.Closed, Status: l.Status, Wish: l.Wish}
			if span, err := civil.ParseSpan(l.After); err == nil {
				v.After = wording.Span(span, q.lang)
			}
			switch {
			case l.Wish:
				p.Wishes = append(p.Wishes, v)
			case l.Status == pathway.Upcoming:
				p.Coming = append(p.Coming, v)
			default:
				p.Now = append(p.Now, v)
			}
		}
		if err := q.counted(tx, &sh); err != nil {
			return err
		}
		p.Shell = sh
		return nil
	}, func() page { return p })
}

func (q *request) askAfterPage() error { return q.askAfterForm(nil) }

// askAfterForm asks one former client how they are: how it was asked, what they said; or a try, or a link.
func (q *request) askAfterForm(cause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		p := view.AskAfter{Shell: sh, Who: q.identity(sh, o), Text: q.PostFormValue("text"), Errors: q.errorsOf(cause)}
		a, err := aftercare.Next(tx, q.s.Book, o.path)
		if fault.Is(err, fault.Conflict) {
			p.Final = true
			return p, nil
		}
		if err != nil {
			return p, err
		}
		if span, err := civil.ParseSpan(a.After); err == nil {
			p.After = wording.Span(span, q.lang)
		}
		p.Due, p.Tries = a.Due, a.Tries
		if a.Link > 0 {
			p.Link = q.when(a.Link)
		}
		choose := func(id, text string) {
			p.Outcomes = append(p.Outcomes, view.Option{Value: id, Text: text, On: q.PostFormValue("outcome") == id})
		}
		choose(o.state.ClosedTo, q.lang.T("ask.still", "what", o.names("exit", o.state.ClosedTo)))
		if o.model != nil {
			for _, x := range o.model.Exits {
				if !x.Final && x.To != o.state.ClosedTo && x.To != "withdrew" {
					choose(x.To, o.names("exit", x.To))
				}
			}
		}
		choose("unknown", q.lang.T("outcome.unknown"))
		choose(closing.NotReached, q.lang.T("outcome.not_reached"))
		for _, w := range []entry.Way{entry.WayPhone, entry.WayFace, entry.WayRegister} {
			p.Hows = append(p.Hows, view.Option{Value: string(w), Text: q.lang.T("told.way." + string(w)), On: q.PostFormValue("how") == string(w) || q.PostFormValue("how") == "" && w == entry.WayPhone})
		}
		return p, nil
	}, cause)
}

func (q *request) askAfter() error {
	v := q.PostFormValue
	key, secret := "flash.follow_up", ""
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		switch v("do") {
		case "try":
			key = "flash.tried"
			return aftercare.Try(tx, q.s.Book, o.path, entry.Form(v("form")))
		case "link":
			var err error
			secret, err = aftercare.Link(tx, q.s.Book, o.path)
			return err
		}
		return aftercare.Record(tx, q.s.Book, o.path, entry.FollowUp{Outcome: v("outcome"), How: entry.Way(v("how")), Text: v("text")})
	})
	if err == nil && secret != "" {
		return q.showSecret(o.id, "/k/"+secret, "ask.link.", aftercare.LinkMost.Microseconds(), "/c/"+o.id+"/follow-up")
	}
	tab := ""
	if v("do") == "try" {
		tab = "/follow-up"
	}
	return q.backTo(o, err, flash{Key: key}, tab, q.askAfterForm)
}

func (q *request) farewellPage() error { return q.farewellForm(nil) }

// farewellForm is the farewell page as the client will read it, in the client's language, and how it is given.
func (q *request) farewellForm(cause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		entries, err := q.s.Book.Entries(tx, o.path)
		if err != nil {
			return nil, err
		}
		if o.state.Status != pathway.Closed {
			return nil, fault.E(fault.Conflict, "path.is_open", nil)
		}
		w, err := unit.GetWorker(tx, o.state.Responsible)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return nil, err
		}
		p := q.farewellOf(o, entries, w, o.client.FirstName)
		p.Shell, p.Who, p.Errors = sh, q.identity(sh, o), q.errorsOf(cause)
		if e := care.Heard(entries, entry.AboutFarewell); e != nil {
			b := e.Body.(*entry.ToldClient)
			p.Told = q.lang.T("start.told", "who", o.names("worker", e.Author), "day", q.lang.Day(e.Day), "way", q.lang.T("told.way."+string(b.Way)))
		}
		for _, way := range []entry.Way{entry.WayFace, entry.WayPaper, entry.WayApp} {
			p.Ways = append(p.Ways, view.Option{Value: string(way), Text: q.lang.T("told.way." + string(way)), On: way == entry.WayFace})
		}
		return p, nil
	}, cause)
}

// farewellOf gathers what a path was, in easy words: what was done together, what was reached, who asks how they are and when.
func (q *request) farewellOf(o onePath, entries []*entry.Entry, w unit.Worker, first string) view.Farewell {
	p := view.Farewell{First: first, To: o.names("exit", o.state.ClosedTo), Worker: w.Name, Phone: phoneText(w.Phone), PhoneTel: w.Phone}
	if e := care.Heard(entries, entry.AboutFarewell); e != nil {
		p.Words = e.Body.(*entry.ToldClient).Text
	}
	meetings, calls, groups := 0, 0, 0
	for _, e := range entries {
		switch b := e.Body.(type) {
		case *entry.Contact:
			switch {
			case b.Result != entry.Held || b.With != "":
			case b.Form == entry.FormMeeting || b.Form == entry.FormVisit:
				meetings++
			default:
				calls++
			}
		case *entry.Attendance:
			groups++
		case *entry.Placement:
			p.Reached = append(p.Reached, q.lang.T("farewell.placement", "what", o.names("placement", b.Placement), "where", b.Where))
		case *entry.Checkpoint:
			if b.State == entry.Reached {
				p.Reached = append(p.Reached, o.names("item", b.Area+"/"+b.Item))
			}
		}
	}
	if meetings > 0 {
		p.Together = append(p.Together, q.lang.N("farewell.meetings", meetings))
	}
	if calls > 0 {
		p.Together = append(p.Together, q.lang.N("farewell.calls", calls))
	}
	if groups > 0 {
		p.Together = append(p.Together, q.lang.N("farewell.groups", groups))
	}
	for _, d := range o.state.Obligations {
		if d.Kind == pathway.OwesFollowUp && (d.Status == pathway.Upcoming || d.Status == pathway.Due) {
			p.Days = append(p.Days, q.lang.Day(d.Due))
		}
	}
	return p
}

// farewell gives the page to the client: the worker's own words, and how it was given.
func (q *request) farewell() error {
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		return care.Tell(tx, q.s.Book, o.path.ID, entry.ToldClient{About: entry.AboutFarewell, Way: entry.Way(q.PostFormValue("way")), Text: q.PostFormValue("text")})
	})
	return q.backTo(o, err, flash{Key: "flash.farewell"}, "/farewell", q.farewellForm)
}

// farewellPDF is the farewell page as a document, in the client's language.
func (q *request) farewellPDF() error {
	var p view.Farewell
	var lang i18n.Lang
	err := q.view(func(tx *db.Tx) error {
		o, err := q.load(tx)
		if err != nil {
			return err
		}
		if o.state.Status != pathway.Closed {
			return fault.E(fault.Conflict, "path.is_open", nil)
		}
		lang = i18n.ParseLang(o.client.Lang)
		q.lang = lang
		o.names = q.names(o.model, o.house.Workers, o.state)
		entries, err := q.s.Book.Entries(tx, o.path)
		if err != nil {
			return err
		}
		w, err := unit.GetWorker(tx, o.state.Responsible)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		p = q.farewellOf(o, entries, w, o.client.FirstName)
		return nil
	})
	if err != nil {
		return err
	}
	d := pdf.New(pdf.Options{Lang: string(lang), Title: lang.T("farewell.hello", "name", p.First), Footer: lang.T("farewell.title"), Page: lang.T("logs.page"), At: q.at})
	if p.Words != "" {
		d.Paragraph(p.Words)
	}
	d.Paragraph(lang.T("farewell.end", "to", p.To))
	part := func(key string, items []string) {
		if len(items) > 0 {
			d.Heading(2, lang.T(key))
			d.List(items...)
		}
	}
	part("farewell.together", p.Together)
	part("farewell.reached", p.Reached)
	part("farewell.ask", p.Days)
	d.Heading(2, lang.T("farewell.back"))
	d.Paragraph(lang.T("farewell.back_how"))
	if p.Worker != "" {
		d.Paragraph(strings.Join(some(p.Worker, p.Phone), " · "))
	}
	var out bytes.Buffer
	if err := d.Write(&out); err != nil {
		return err
	}
	h := q.w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Length", strconv.Itoa(out.Len()))
	h.Set("Content-Disposition", `inline; filename="hyvasti.pdf"`)
	h.Set("Cache-Control", "no-store")
	q.w.Write(out.Bytes()) // a reader who has gone is no fault of ours
	return nil
}

func (q *request) portalFarewell() error { return q.portalFarewellForm(nil) }

// portalFarewellForm is the farewell page for the client themselves, with the way back.
func (q *request) portalFarewellForm(cause error) error {
	p := view.PortalFarewell{Portal: q.frame("messages")}
	err := q.view(func(tx *db.Tx) error {
		o, _, err := q.ownPath(tx)
		if err != nil {
			return err
		}
		if o.path.ID == "" || o.state.Status != pathway.Closed {
			p.Open = true
			return nil
		}
		entries, err := q.s.Book.Entries(tx, o.path)
		if err != nil {
			return err
		}
		first, err := client.OwnFirstName(tx)
		if err != nil {
			return err
		}
		w, err := unit.GetWorker(tx, o.state.Responsible)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		p.Farewell, p.Wished = q.farewellOf(o, entries, w, first), aftercare.Wished(o.state)
		if !q.own.Strong { // what was done and where they went is what the staff wrote (306/2019 s. 6)
			p.Farewell.To, p.Farewell.Words, p.Farewell.Together, p.Farewell.Reached, p.Short = "", "", nil, nil, true
		}
		return nil
	})
	if err != nil {
		return err
	}
	p.Farewell.Shell, p.Farewell.Errors = p.Portal.Shell, q.errorsOf(cause)
	return q.renderStatus(statusFor(cause), p)
}

// portalReturn is the client's wish to come back: somebody is called upon at once.
func (q *request) portalReturn() error {
	err := q.update(func(tx *db.Tx) error {
		p, _, err := portal.Current(tx, q.s.Book)
		if err != nil {
			return err
		}
		if p.ID == "" {
			return fault.E(fault.NotFound, "error.not_found", nil)
		}
		return aftercare.Wish(tx, q.s.Book, p, q.PostFormValue("text"))
	})
	if isMistake(err) {
		return q.portalFarewellForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "portal.return_sent"})
	return q.redirect("/p/farewell")
}
