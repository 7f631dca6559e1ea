package web

import (
	"strconv"

	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/phrase"
	"polku/internal/unit"
	"polku/internal/web/view"
)

func (q *request) phrasesPage() error { return q.phrasesForm(nil) }

// phrasesForm lists the phrases that the person may use, by whose they are, with a form to add one.
func (q *request) phrasesForm(cause error) error {
	v := q.PostFormValue
	p := view.Phrases{Shell: q.shell(view.NavMore), Form: view.PhraseForm{Name: v("name"), Text: v("text"), Shapes: q.phraseShapes(v("shape") == "template")}}
	err := q.view(func(tx *db.Tx) error {
		all, err := phrase.For(tx, "")
		if err != nil {
			return err
		}
		names, err := unit.ServiceNames(tx)
		if err != nil {
			return err
		}
		for _, x := range all {
			n := len(p.Groups)
			if n == 0 || p.Groups[n-1].Service != x.Service {
				p.Groups = append(p.Groups, view.PhraseGroup{Service: x.Service, Name: names[x.Service]})
				n++
			}
			line := view.PhraseLine{ID: x.ID, Name: x.Name, Text: x.Text, Kind: q.phraseKind(x.Kind), Template: x.Template, MayEdit: x.MayEdit}
			p.Groups[n-1].Lines = append(p.Groups[n-1].Lines, line)
		}
		services, err := phrase.Services(tx)
		if err != nil {
			return err
		}
		p.Form.Whose = append(p.Form.Whose, view.Option{Text: q.lang.T("phrase.own"), On: v("service") == ""})
		for _, s := range services {
			p.Form.Whose = append(p.Form.Whose, view.Option{Value: s.ID, Text: q.lang.T("phrase.shared", "service", s.Name), On: v("service") == s.ID})
		}
		return q.counted(tx, &p.Shell)
	})
	if err != nil {
		return err
	}
	p.Form.Kinds, p.Form.Errors = q.phraseKinds(v("kind")), q.errorsOf(cause)
	return q.renderStatus(statusFor(cause), p)
}

// phraseKind says in words for what a phrase is meant.
func (q *request) phraseKind(kind string) string {
	if kind == "" {
		return q.lang.T("phrase.any")
	}
	return q.lang.T("what." + kind)
}

func (q *request) phraseKinds(chosen string) []view.Option {
	kinds := []view.Option{{Text: q.phraseKind(""), On: chosen == ""}}
	for _, k := range phrase.Kinds {
		kinds = append(kinds, view.Option{Value: k, Text: q.phraseKind(k), On: chosen == k})
	}
	return kinds
}

// phraseShapes are a sentence and a template.
func (q *request) phraseShapes(template bool) []view.Option {
	return []view.Option{{Value: "phrase", Text: q.lang.T("phrase.shape.phrase"), On: !template},
		{Value: "template", Text: q.lang.T("phrase.shape.template"), Hint: q.lang.T("phrase.shape.template_hint"), On: template}}
}

// sentPhrase reads the form of a phrase.
func (q *request) sentPhrase() phrase.Phrase {
	v := q.PostFormValue
	version, _ := strconv.Atoi(v("version")) // what is no number fits no phrase
	return phrase.Phrase{ID: q.PathValue("id"), Service: v("service"), Kind: v("kind"), Name: v("name"), Text: v("text"), Template: v("shape") == "template", Version: version}
}

func (q *request) phraseAdd() error { return q.phraseSaved(q.phrasesForm) }
func (q *request) phrase() error    { return q.phraseSaved(q.phraseForm) }

// phraseSaved saves the phrase of the form; whatever is wrong, the form comes back as it was sent.
func (q *request) phraseSaved(again func(cause error) error) error {
	err := q.update(func(tx *db.Tx) error {
		_, err := phrase.Save(tx, q.sentPhrase())
		return err
	})
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return again(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "flash.phrase_saved", Saved: "phrase:" + q.PathValue("id")})
	return q.redirect("/phrases")
}

func (q *request) phrasePage() error { return q.phraseForm(nil) }

// phraseForm changes one phrase. After a conflict it shows how the phrase is now beside what was typed.
func (q *request) phraseForm(cause error) error {
	p := view.PhrasePage{Shell: q.shell(view.NavMore)}
	err := q.view(func(tx *db.Tx) error {
		x, err := phrase.Get(tx, q.PathValue("id"))
		if err == nil && !x.MayEdit {
			err = fault.E(fault.Denied, "phrase.not_yours", nil)
		}
		if err != nil {
			return err
		}
		if fault.Is(cause, fault.Conflict) {
			p.Now = x.Name + ": " + x.Text
		}
		version := x.Version
		if cause != nil {
			sent := q.sentPhrase()
			x.Kind, x.Name, x.Text, x.Template = sent.Kind, sent.Name, sent.Text, sent.Template
		}
		p.ID, p.Form = x.ID, view.PhraseForm{Name: x.Name, Text: x.Text, Version: strconv.Itoa(version), Kinds: q.phraseKinds(x.Kind), Shapes: q.phraseShapes(x.Template)}
		return q.counted(tx, &p.Shell)
	})
	if err != nil {
		return err
	}
	p.Form.Errors = q.errorsOf(cause)
	return q.renderStatus(statusFor(cause), p)
}

func (q *request) phraseDelete() error {
	if err := q.update(func(tx *db.Tx) error { return phrase.Delete(tx, q.PathValue("id")) }); err != nil {
		return err
	}
	q.say(flash{Key: "flash.phrase_deleted"})
	return q.redirect("/phrases")
}

// recordWithPhrase answers, for browsers without script, with the same form and a ready phrase in its text, or with hints
// beside it. Nothing is saved, nothing typed is lost.
func (q *request) recordWithPhrase() error {
	sh := q.shell(view.NavClients)
	var p view.Record
	err := q.view(func(tx *db.Tx) error {
		o, err := q.load(tx)
		if err != nil {
			return err
		}
		if p, err = q.recordForm(tx, sh, o, q.PostFormValue("duty")); err != nil {
			return err
		}
		q.typed(&p)
		for _, x := range p.Phrases {
			if x.ID == q.PostFormValue("phrase") { // one that was taken away meanwhile is not among them: the form comes back without it
				p.Text = phrase.Join(p.Text, x.Text)
			}
		}
		if q.PostFormValue("check") != "" {
			p.Hints = q.hintsFor(p.Text, p.Topics)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return q.render(p)
}

// shipped are the things to record for which a template comes with the program.
var shipped = []string{"meeting", "call", "visit"}

// recordPhrases are the phrases and templates offered in the record form of a path. A template of the program's own is
// offered until somebody has written one for the same.
func (q *request) recordPhrases(tx *db.Tx, o onePath) ([]view.Phrase, error) {
	all, err := phrase.For(tx, o.path.Service)
	var out []view.Phrase
	own := map[string]bool{}
	for _, x := range all {
		out = append(out, view.Phrase{ID: x.ID, Kind: x.Kind, Name: x.Name, Text: x.Text, Template: x.Template})
		own[x.Kind] = own[x.Kind] || x.Template
	}
	for _, kind := range shipped {
		if !own[kind] && !own[""] {
			out = append(out, view.Phrase{ID: "shipped." + kind, Kind: kind, Name: q.lang.T("note.template." + kind), Text: q.lang.T("note.template_text." + kind), Template: true})
		}
	}
	return out, err
}
