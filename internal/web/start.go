package web

import (
	"slices"
	"strings"

	"polku/internal/care"
	"polku/internal/client"
	"polku/internal/closeperson"
	"polku/internal/consent"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/pathway"
	"polku/internal/web/view"
)

// startShown is for how many days the client's page says that something of the start is missing.
const startShown = 42

func (q *request) startPage() error { return q.startForm("", nil) }

// startForm shows what of the start is done and what is missing; which names the form that has a mistake.
func (q *request) startForm(which string, cause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		sh.Tab = "/start"
		p := view.Start{Shell: sh, Who: q.identity(sh, o), Which: which, Errors: q.errorsOf(cause)}
		facts, err := care.Get(tx, o.client.ID)
		if err != nil {
			return p, err
		}
		entries, err := q.s.Book.Entries(tx, o.path)
		if err != nil {
			return p, err
		}
		if p.Items, err = q.startItems(tx, o, facts, entries); err != nil {
			return p, err
		}
		for _, it := range p.Items {
			if !it.Done && !it.Maybe {
				p.Left++
			}
		}
		p.Forms = q.startForms(o, facts)
		return p, nil
	}, cause)
}

// startItems is the start as a list: what must be done once, then what not everybody needs.
func (q *request) startItems(tx *db.Tx, o onePath, facts care.Facts, entries []*entry.Entry) ([]view.StartItem, error) {
	at := "/c/" + o.id
	t := q.lang.T
	items := []view.StartItem{q.firstMeeting(o, at)}
	told := func(id string, about entry.ToldAbout) {
		it := view.StartItem{ID: id, Title: t("start." + id), Form: true}
		if e := care.Heard(entries, about); e != nil {
			b := e.Body.(*entry.ToldClient)
			it.Done, it.Text = true, t("start.told", "who", o.names("worker", e.Author), "day", q.lang.Day(e.Day), "way", t("told.way."+string(b.Way)))
			it.More = some(b.Text)
		}
		items = append(items, it)
	}
	if o.model != nil && o.model.Entry.Voluntary {
		told("voluntary", entry.AboutVoluntary)
	}
	told("notice", entry.AboutNotice)
	if o.model != nil && o.model.Register == "work-activity-register" {
		told("benefits", entry.AboutBenefits)
	}
	items = append(items, view.StartItem{ID: "interpreter", Title: t("start.interpreter"), Form: true, Done: facts.Interpreter != care.NotAsked, Text: q.interpreter(facts)},
		view.StartItem{ID: "emergency", Title: t("start.emergency"), Form: true, Done: facts.Contact.Asked(), Text: q.emergencyContact(facts.Contact)})
	guardian, needed, err := q.guardians(tx, o, at)
	if err != nil {
		return nil, err
	}
	if needed {
		items = append(items, guardian)
	}
	decisions, err := consent.OfClient(tx, o.client.ID)
	if err != nil {
		return nil, err
	}
	consents := view.StartItem{ID: "consent", Title: t("start.consent"), Done: len(decisions) > 0, Maybe: true, Go: at + "/walls", GoTo: t("walls.title")}
	for _, d := range decisions {
		if d.Holds(tx.Today) {
			consents.More = append(consents.More, t("consent.kind."+string(d.Kind))+": "+d.ReceiverName)
		}
	}
	items = append(items, consents)
	credits, err := care.Credits(tx, q.s.Book, o.path)
	if err != nil {
		return nil, err
	}
	for _, c := range credits {
		items = append(items, view.StartItem{ID: "credit", Title: t("start.credit", "service", c.Service), Go: at + "/credit?from=" + c.Path, GoTo: t("start.credit_look")})
	}
	worker, err := q.proposed(tx, o, facts, at)
	if err != nil {
		return nil, err
	}
	note := view.StartItem{ID: "visit", Title: t("visit.title"), Maybe: true, Done: facts.HasNote, Go: at + "/visit-note", GoTo: t("start.visit_go")}
	members := 0
	for _, m := range care.Circle(entries) {
		if m.To.IsZero() {
			members++
		}
	}
	net := view.StartItem{ID: "circle", Title: t("start.circle"), Maybe: true, Done: members > 0, Go: at + "/circle", GoTo: t("circle.title")}
	if members > 0 {
		net.Text = q.lang.N("start.members", members)
	}
	items = append(items, worker, net, note)
	slices.SortStableFunc(items, func(a, b view.StartItem) int { return a.Place() - b.Place() })
	return items, nil
}

// some keeps the words that say something.
func some(words ...string) []string {
	var kept []string
	for _, w := range words {
		if w != "" {
			kept = append(kept, w)
		}
	}
	return kept
}

func (q *request) firstMeeting(o onePath, at string) view.StartItem {
	it := view.StartItem{ID: "contact", Title: q.lang.T("start.contact"), Go: at + "/record", GoTo: q.lang.T("row.record_short")}
	if !o.state.LastContact.IsZero() {
		it.Done, it.Text, it.Go = true, q.lang.T("start.met", "day", q.lang.Day(o.state.LastContact)), ""
		return it
	}
	for _, d := range o.state.Obligations {
		if d.Kind == pathway.OwesContact {
			it.Text = q.lang.T("start.contact_by", "day", q.lang.Day(d.Due))
		}
	}
	return it
}

func (q *request) interpreter(f care.Facts) string {
	if f.Interpreter == care.NotAsked {
		return ""
	}
	text := q.lang.T("start.interpreter." + string(f.Interpreter))
	if f.Language != "" {
		text = q.language(f.Language) + " · " + text
	}
	return text
}

func (q *request) emergencyContact(c care.Contact) string {
	if c.None {
		return q.lang.T("start.contact_none_said")
	}
	return strings.Join(some(c.Name, c.Who, phoneText(c.Phone)), " · ")
}

// guardians is whether a minor's guardians are known; who is of age has none.
func (q *request) guardians(tx *db.Tx, o onePath, at string) (view.StartItem, bool, error) {
	it := view.StartItem{ID: "guardian", Title: q.lang.T("start.guardian"), Go: at + "/walls", GoTo: q.lang.T("circle.close_people")}
	if o.client.Born.IsZero() || ageOn(o.client.Born, tx.Today) >= closeperson.Adult {
		return it, false, nil
	}
	people, err := closeperson.OfClient(tx, o.client.ID)
	for _, c := range people {
		if c.Kind == closeperson.Guardian && c.In(tx.Today) {
			it.Done = true
			it.More = append(it.More, c.Name)
		}
	}
	return it, true, err
}

// proposed tells who is responsible, and who else could be: by language, then by load. Another is chosen by a hand-off.
func (q *request) proposed(tx *db.Tx, o onePath, f care.Facts, at string) (view.StartItem, error) {
	it := view.StartItem{ID: "worker", Title: q.lang.T("start.worker"), Done: true, Text: o.house.Workers[o.state.Responsible], Go: at + "/handover", GoTo: q.lang.T("start.worker_other")}
	colleagues, err := care.Colleagues(tx, o.path.Register, clientLanguage(o.client, f))
	if err != nil {
		return it, err
	}
	for i, c := range colleagues {
		if c.Worker.ID == o.state.Responsible {
			it.Text += " · " + q.loadOf(c)
			if i == 0 {
				it.Go = ""
			}
		}
	}
	if fresh := tx.Today-o.state.Started <= startShown; it.Go != "" && len(colleagues) > 0 && colleagues[0].Worker.ID != o.state.Responsible && (fresh || colleagues[0].Speaks) {
		it.More = []string{q.lang.T("start.worker_could", "who", colleagues[0].Worker.Name, "load", q.loadOf(colleagues[0]))}
	}
	if o.state.Status == pathway.Closed {
		it.Go, it.More = "", nil
	}
	return it, nil
}

// clientLanguage is the language in which the client is served: the interpreter's, else their own; Finnish asks nothing of
// anybody.
func clientLanguage(c client.Client, f care.Facts) string {
	lang := c.Lang
	if f.Language != "" {
		lang = f.Language
	}
	if lang == "fi" {
		return ""
	}
	return lang
}

// loadOf says how many clients a colleague has, and that they speak the client's language.
func (q *request) loadOf(c care.Colleague) string {
	text := q.lang.N("handoff.load", c.Open)
	if c.Speaks {
		text += " · " + q.lang.T("start.speaks")
	}
	return text
}

func (q *request) startForms(o onePath, f care.Facts) view.StartForms {
	v, t := q.PostFormValue, q.lang.T
	forms := view.StartForms{ContactName: f.Contact.Name, ContactPhone: phoneText(f.Contact.Phone), ContactWho: f.Contact.Who, ContactNone: f.Contact.None,
		VoluntaryText: t("start.voluntary_words"), NoticeText: t("start.notice_words"), BenefitsText: t("start.benefits_words"),
		Notice: "/notices/" + o.path.Register + "?easy=1"}
	if q.FormValue("do") == "emergency" {
		forms.ContactName, forms.ContactPhone, forms.ContactWho = v("contact_name"), v("contact_phone"), v("contact_who")
	}
	for _, w := range []entry.Way{entry.WayFace, entry.WayPhone, entry.WayPaper} {
		forms.Ways = append(forms.Ways, view.Option{Value: string(w), Text: t("told.way." + string(w)), On: w == entry.WayFace})
	}
	for _, i := range care.Interpreters {
		forms.Interpreters = append(forms.Interpreters, view.Option{Value: string(i), Text: t("start.interpreter." + string(i)), On: i == f.Interpreter})
	}
	chosen := f.Language
	if chosen == "" {
		chosen = o.client.Lang
	}
	if chosen == "" {
		chosen = "fi"
	}
	forms.Languages = q.languages(chosen)
	return forms
}

// startDo does one thing of the start, in place.
func (q *request) startDo() error {
	v := q.PostFormValue
	do := v("do")
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		switch do {
		case "interpreter":
			return care.SaveInterpreter(tx, o.client.ID, v("language"), care.Interpreter(v("interpreter")))
		case "emergency":
			return care.SaveContact(tx, o.client.ID, care.Contact{Name: v("contact_name"), Phone: q.phoneTyped("contact_phone"), Who: v("contact_who"), None: v("contact_none") != ""})
		}
		about := map[string]entry.ToldAbout{"voluntary": entry.AboutVoluntary, "notice": entry.AboutNotice, "benefits": entry.AboutBenefits}[do]
		return care.Tell(tx, q.s.Book, o.path.ID, entry.ToldClient{About: about, Way: entry.Way(v("way")), Yes: v("yes") != "", Text: v("text")})
	})
	return q.backTo(o, err, flash{Key: "flash.start_saved"}, "/start", func(c error) error { return q.startForm(do, c) })
}

// backTo answers a command on a client: to one of the client's pages with a word, or the form again with what is wrong.
func (q *request) backTo(o onePath, err error, f flash, tab string, again func(cause error) error) error {
	if isMistake(err) {
		return again(err)
	}
	if err != nil {
		return err
	}
	q.say(f)
	return q.redirect("/c/" + o.id + tab)
}

// startLeft counts what is missing of a start that is still new, for the client's page; 0 later, and where nothing is missing.
func (q *request) startLeft(tx *db.Tx, o onePath) (int, error) {
	if o.state.Status != pathway.Open || tx.Today-o.state.Started > startShown {
		return 0, nil
	}
	facts, err := care.Get(tx, o.client.ID)
	if err != nil {
		return 0, err
	}
	entries, err := q.s.Book.Entries(tx, o.path)
	if err != nil {
		return 0, err
	}
	left := 0
	for _, missing := range []bool{o.state.LastContact.IsZero(), o.model != nil && o.model.Entry.Voluntary && care.Heard(entries, entry.AboutVoluntary) == nil,
		care.Heard(entries, entry.AboutNotice) == nil, o.model != nil && o.model.Register == "work-activity-register" && care.Heard(entries, entry.AboutBenefits) == nil,
		facts.Interpreter == care.NotAsked, !facts.Contact.Asked()} {
		if missing {
			left++
		}
	}
	return left, nil
}

func (q *request) visitNotePage() error { return q.visitNoteForm(nil) }

// visitNoteForm is a page of its own: the use log tells who opened it.
func (q *request) visitNoteForm(cause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		p := view.VisitNote{Shell: sh, Who: q.identity(sh, o), Errors: q.errorsOf(cause)}
		n, err := care.VisitNote(tx, o.client.ID)
		p.Text, p.By = n.Text, o.house.Workers[n.By]
		if n.At > 0 {
			p.When = q.when(n.At)
		}
		if cause != nil {
			p.Text = q.PostFormValue("visit_note")
		}
		return p, err
	}, cause)
}

func (q *request) visitNote() error {
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		return care.SaveVisitNote(tx, o.client.ID, q.PostFormValue("visit_note"))
	})
	return q.backTo(o, err, flash{Key: "flash.start_saved"}, "/start", q.visitNoteForm)
}

// creditPage shows what a previous service's work would satisfy, before anything is changed. What stands behind a wall is
// disclosed first.
func (q *request) creditPage() error {
	if _, err := q.onCase(func(tx *db.Tx, o onePath) error {
		opened, err := care.Opened(tx, o.client.ID)
		if err != nil || len(opened) == 0 {
			return err
		}
		return consent.Cross(tx, o.client.ID)
	}); err != nil {
		return err
	}
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		p := view.CreditPage{Shell: sh, Who: q.identity(sh, o), From: q.FormValue("from"), None: true}
		all, err := care.Credits(tx, q.s.Book, o.path)
		if err != nil {
			return p, err
		}
		for _, c := range all {
			if c.Path != p.From && p.From != "" {
				continue
			}
			p.None, p.From, p.Service, p.Across = false, c.Path, c.Service, c.Across
			previous := q.s.Book.Models.Newest(c.Model)
			for _, id := range c.Phases {
				text := id
				if previous != nil && previous.Phase(id) != nil {
					text = previous.Phase(id).Title.In(string(q.lang))
				}
				p.Done = append(p.Done, text)
			}
			for _, id := range c.Satisfies {
				p.Gives = append(p.Gives, o.names("phase", id))
			}
			break
		}
		if p.None {
			return p, nil
		}
		after, err := care.PreviewCredit(tx, q.s.Book, o.path, p.From)
		for _, c := range q.changes(o, after) {
			if c.Before != c.After {
				p.Changes = append(p.Changes, c)
			}
		}
		return p, err
	}, nil)
}

func (q *request) creditTake() error {
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		_, err := care.TakeCredit(tx, q.s.Book, o.path, q.PostFormValue("from"))
		return err
	})
	return q.backTo(o, err, flash{Key: "flash.credited"}, "/start", func(c error) error { return c })
}

// newStart is where a client who has just become one goes on: to what is left to do.
func newStart(clientID string) string { return "/c/" + clientID + "/start" }

func (q *request) languagesPage() error {
	sh := q.shell(view.NavMore)
	p := view.Languages{}
	err := q.view(func(tx *db.Tx) error {
		mine, err := care.Speaks(tx)
		if err != nil {
			return err
		}
		p.All = q.languages("fi")
		for i := range p.All {
			p.All[i].On = false
			for _, code := range mine {
				p.All[i].On = p.All[i].On || code == p.All[i].Value
			}
		}
		return q.counted(tx, &sh)
	})
	if err != nil {
		return err
	}
	p.Shell = sh
	return q.render(p)
}

func (q *request) languagesSave() error {
	var codes []string
	for _, l := range q.languages("fi") {
		for _, chosen := range q.PostForm["speaks"] {
			if chosen == l.Value {
				codes = append(codes, chosen)
			}
		}
	}
	if err := q.update(func(tx *db.Tx) error { return care.SaveSpeaks(tx, codes) }); err != nil {
		return err
	}
	q.say(flash{Key: "flash.start_saved"})
	return q.redirect("/settings")
}
