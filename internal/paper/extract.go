// Package paper puts what the program knows into documents that people read and keep: the copy of a client's own data.
// It reads nothing itself: it gets an extract and names, and writes a PDF in the reader's language.
package paper

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/entry"
	"polku/internal/extract"
	"polku/internal/fault"
	"polku/internal/i18n"
	"polku/internal/model"
	"polku/internal/pdf"
	"polku/internal/web/view"
)

// Names of what an extract has ids of.
type Names struct {
	Workers, Services map[string]string // name by id
	Register          string
	Controller        string
	Models            *model.Set
	Zone              *time.Location
	At                time.Time
}

// paper is a document in the making.
type paper struct {
	*pdf.Doc
	l i18n.Lang
	x extract.Extract
	n Names
}

// Extract writes everything that is kept of a client as a document in plain words: their data, what happened with dates and
// authors, what was agreed, consents, to whom something was told, and who has looked.
func Extract(w io.Writer, l i18n.Lang, x extract.Extract, n Names) error {
	p := paper{pdf.New(pdf.Options{Lang: string(l), Title: l.T("paper.title"), Author: n.Controller, Footer: n.Register, Page: l.T("paper.page"), At: n.At}), l, x, n}
	p.Paragraph(l.T("paper.lead", "register", n.Register, "controller", n.Controller, "day", l.Day(civil.Of(n.At, n.Zone))))
	p.basics()
	p.paths()
	entries, err := p.entries()
	if err != nil {
		return err
	}
	p.journal(entries)
	p.agreed()
	p.consents()
	p.people()
	p.limits()
	p.disclosures()
	p.uses()
	p.Heading(2, l.T("paper.rights"))
	p.Paragraph(l.T("paper.rights_text"))
	return p.Write(w)
}

func text(row extract.Row, name string) string {
	s, _ := row[name].(string)
	return s
}

// day writes an ISO day of the extract as people do; an instant by the clock on the wall.
func (p paper) day(row extract.Row, name string) string {
	s := text(row, name)
	if at, err := time.Parse("2006-01-02T15:04:05.000000Z", s); err == nil {
		at = at.In(p.n.Zone)
		return p.l.Day(civil.Of(at, p.n.Zone)) + " " + p.l.Clock(at.Hour()*60+at.Minute())
	}
	d, err := civil.Parse(s)
	if err != nil {
		return ""
	}
	return p.l.Day(d)
}

func (p paper) worker(id string) string {
	if id == actor.SystemWorker {
		return "Polku"
	}
	return cmp.Or(p.n.Workers[id], id)
}

func (p paper) basics() {
	for _, c := range p.x.Tables["client"] {
		p.Heading(2, p.l.T("paper.basics"))
		var facts [][2]string
		for _, f := range []struct{ key, value string }{{"paper.name", strings.TrimSpace(text(c, "first_name") + " " + text(c, "last_name"))},
			{"paper.code", text(c, "identity_code")}, {"paper.born", p.day(c, "born")}, {"who.phone", text(c, "phone")}, {"paper.email", text(c, "email")},
			{"paper.address", strings.Trim(text(c, "address")+", "+text(c, "municipality"), ", ")}, {"who.language", p.language(text(c, "lang"))},
			{"paper.number", text(c, "number")}, {"paper.note", text(c, "note")}, {"paper.since", p.day(c, "created_at")}} {
			if f.value != "" {
				facts = append(facts, [2]string{p.l.T(f.key), f.value})
			}
		}
		p.Facts(facts...)
	}
}

func (p paper) paths() {
	t := pdf.Table{Head: []string{p.l.T("paper.service"), p.l.T("paper.state"), p.l.T("who.worker")}}
	for _, s := range p.x.Tables["standing"] {
		t.Rows = append(t.Rows, []string{cmp.Or(p.n.Services[text(s, "service_id")], text(s, "service_id")), p.l.T("status." + text(s, "status")), p.worker(text(s, "responsible"))})
	}
	p.table("paper.paths", t)
}

// table adds a part with its heading; a part without rows says that there is nothing.
func (p paper) table(heading string, t pdf.Table) {
	p.Heading(2, p.l.T(heading))
	if len(t.Rows) == 0 {
		p.Paragraph(p.l.T("paper.nothing"))
		return
	}
	p.Table(t)
}

// entries reads the journal of the extract again, the oldest first.
func (p paper) entries() ([]entry.Entry, error) {
	var all []entry.Entry
	for _, row := range p.x.Tables["entry"] {
		data, err := json.Marshal(row["body"])
		if err != nil {
			return nil, fault.Wrap(err, "paper.read")
		}
		e := entry.Entry{ID: text(row, "entry_id"), Path: text(row, "path_id"), Kind: entry.Kind(text(row, "kind")), Mode: entry.Mode(text(row, "mode")),
			Author: text(row, "author"), Corrects: text(row, "corrects"), Minute: -1}
		e.Day, _ = civil.Parse(text(row, "day"))
		if m, is := row["minute"].(int64); is {
			e.Minute = int(m)
		}
		if m, is := row["minutes"].(int64); is {
			e.Minutes = int(m)
		}
		if e.Body, err = entry.DecodeBody(e.Kind, data); err != nil {
			return nil, err
		}
		if body, is := row["body"].(map[string]any); is && body[extract.Withheld] != nil {
			e.Body = p.withheld(body[extract.Withheld])
		}
		all = append(all, e)
	}
	return all, nil
}

// withheld puts into words that there is an entry which the client is not shown, and why.
func (p paper) withheld(v any) entry.Body {
	w, _ := v.(map[string]any)
	why, _ := w["why"].(string)
	ground, _ := w["ground"].(string)
	return &entry.Note{Text: p.l.T("withhold.own") + " " + p.l.T("withhold.own_why", "why", why, "ground", p.l.T("withhold.law."+ground))}
}

func (p paper) journal(entries []entry.Entry) {
	corrected, models := map[string]entry.Kind{}, map[string]*model.Model{}
	for i := range entries {
		e := &entries[i]
		if e.Corrects != "" {
			corrected[e.Corrects] = e.Kind
		}
		switch b := e.Body.(type) {
		case *entry.Start:
			models[e.Path] = p.n.Models.Get(b.Model, b.Version)
		case *entry.ModelMove:
			models[e.Path] = p.n.Models.Get(b.Model, b.Version)
		}
	}
	t := pdf.Table{Head: []string{p.l.T("paper.when"), p.l.T("paper.what"), p.l.T("paper.who")}, Weights: []float64{2, 7, 2.4}}
	for i := range entries {
		e := &entries[i]
		said := view.Say(p.l, e, p.names(models[e.Path]))
		lines := []string{strings.Join(append([]string{said.Title}, slices.DeleteFunc(said.Marks, func(s string) bool { return s == "" })...), " · ")}
		if said.Text != "" {
			lines = append(lines, said.Text)
		}
		if b, is := e.Body.(*entry.Plan); is {
			lines = append(lines, p.planLines(b)...)
		}
		switch by, is := corrected[e.ID]; {
		case is && by == entry.KindRetraction:
			lines = append(lines, p.l.T("paper.retracted"))
		case is:
			lines = append(lines, p.l.T("paper.corrected"))
		}
		when := p.l.Day(e.Day)
		if e.Minute >= 0 {
			when += " " + p.l.Clock(e.Minute)
		}
		t.Rows = append(t.Rows, []string{when, strings.Join(lines, " – "), p.worker(e.Author)})
	}
	p.table("paper.journal", t)
}

// names gives the words of ids that entries carry.
func (p paper) names(m *model.Model) view.Names {
	return func(what, id string) string {
		switch {
		case what == "worker":
			return p.worker(id)
		case what == "task", what == "duty":
			return ""
		case what == "model" && m != nil && m.Model == id:
			return m.Title.In(string(p.l))
		case what == "phase" && m != nil && m.Phase(id) != nil:
			return m.Phase(id).Title.In(string(p.l))
		case what == "item":
			_, id, _ = strings.Cut(id, "/")
		case what == "outcome" && i18n.Has("outcome."+id):
			return p.l.T("outcome." + id)
		case what == "group":
			return id
		}
		if m != nil {
			return m.Word(id, string(p.l))
		}
		return model.SharedWord(id, string(p.l))
	}
}

func (p paper) agreed() {
	t := pdf.Table{Head: []string{p.l.T("paper.by"), p.l.T("paper.what"), p.l.T("paper.who")}, Weights: []float64{2, 7, 2.4}}
	for _, row := range p.x.Tables["task"] {
		t.Rows = append(t.Rows, []string{p.day(row, "by_day"), strings.Trim(text(row, "what")+", "+text(row, "place"), ", "), p.worker(text(row, "worker_id"))})
	}
	p.table("paper.agreed", t)
}

func (p paper) consents() {
	t := pdf.Table{Head: []string{p.l.T("paper.when"), p.l.T("paper.what"), p.l.T("paper.to")}, Weights: []float64{2, 6, 3.4}}
	for _, row := range p.x.Tables["consent"] {
		what := p.l.T("consent.kind."+text(row, "kind")) + ": " + p.scopes(text(row, "scope")) + ". " + text(row, "purpose")
		if day := p.day(row, "withdrawn_at"); day != "" {
			what += "\n" + p.l.T("paper.withdrawn", "day", day)
		}
		t.Rows = append(t.Rows, []string{p.day(row, "from_day"), what, text(row, "receiver_name")})
	}
	p.table("paper.consents", t)
}

// scopes puts the words of scopes into the reader's language.
func (p paper) scopes(list string) string {
	var words []string
	for _, s := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		if key := "consent.scope." + s; i18n.Has(key) {
			s = p.l.T(key)
		}
		words = append(words, s)
	}
	return strings.Join(words, ", ")
}

func (p paper) people() {
	t := pdf.Table{Head: []string{p.l.T("paper.name"), p.l.T("paper.what"), p.l.T("who.phone")}}
	for _, row := range p.x.Tables["close_person"] {
		t.Rows = append(t.Rows, []string{text(row, "name"), p.l.T("closeperson.kind."+text(row, "kind")) + ". " + text(row, "why"), text(row, "phone")})
	}
	p.table("paper.people", t)
}

// limits tells of restrictions and legal holds.
func (p paper) limits() {
	t := pdf.Table{Head: []string{p.l.T("paper.when"), p.l.T("paper.what"), p.l.T("paper.who")}, Weights: []float64{2, 7, 2.4}}
	for _, row := range p.x.Tables["restriction"] {
		what := p.l.T("paper.restricted") + " " + text(row, "why")
		if day := p.day(row, "lifted_at"); day != "" {
			what += "\n" + p.l.T("paper.lifted", "day", day) + " " + text(row, "lifted_why")
		}
		t.Rows = append(t.Rows, []string{p.day(row, "made_at"), what, p.worker(text(row, "made_by"))})
	}
	for _, row := range p.x.Tables["legal_hold"] {
		t.Rows = append(t.Rows, []string{p.day(row, "made_at"), p.l.T("paper.held") + " " + text(row, "why"), p.worker(text(row, "made_by"))})
	}
	if len(t.Rows) > 0 {
		p.table("paper.limits", t)
	}
}

func (p paper) disclosures() {
	t := pdf.Table{Head: []string{p.l.T("paper.when"), p.l.T("paper.what"), p.l.T("paper.to"), p.l.T("paper.who")}, Weights: []float64{2.2, 4, 3, 2.4}}
	for _, row := range p.x.Tables["disclosure_log"] {
		to := text(row, "receiver_name")
		if text(row, "basis") == "client" {
			to = p.l.T("paper.yourself")
		}
		ground := strings.TrimSpace(p.l.T("paper.basis."+text(row, "basis")) + " " + text(row, "section"))
		t.Rows = append(t.Rows, []string{p.day(row, "at"), p.scopes(text(row, "what")) + "\n" + ground, to, p.worker(text(row, "worker_id"))})
	}
	p.table("paper.disclosures", t)
}

// uses tells who has looked or changed something, one line a worker and day.
func (p paper) uses() {
	type line struct{ day, worker string }
	var order []line
	seen, done := map[line]int{}, map[line]int{}
	count := func(table string, by map[line]int) {
		for _, row := range p.x.Tables[table] {
			day, _, _ := strings.Cut(p.day(row, "at"), " ")
			k := line{day, p.worker(text(row, "worker_id"))}
			if seen[k]+done[k] == 0 {
				order = append(order, k)
			}
			by[k]++
		}
	}
	count("use_log", seen)
	count("command_log", done)
	t := pdf.Table{Head: []string{p.l.T("paper.when"), p.l.T("paper.who"), p.l.T("paper.seen"), p.l.T("paper.done")}}
	for _, k := range order {
		t.Rows = append(t.Rows, []string{k.day, k.worker, fmt.Sprint(seen[k]), fmt.Sprint(done[k])})
	}
	p.Heading(2, p.l.T("paper.uses"))
	p.Paragraph(p.l.T("paper.uses_text"))
	if len(t.Rows) > 0 {
		p.Table(t)
	}
}

func (p paper) language(code string) string {
	if key := "lang." + code; i18n.Has(key) {
		return p.l.T(key)
	}
	return code
}
