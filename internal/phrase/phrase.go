// Package phrase owns ready phrases: texts that a worker puts into a note with one tap. A phrase is a worker's own,
// or shared by everybody who works in a service; the coordinator of the service's unit looks after the shared ones.
// Phrases are used for anybody, so they hold no personal data.
package phrase

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/hetu"
	"polku/internal/ident"
	"polku/internal/unit"
)

// Limits: of a name and a text in characters, and of how many phrases one owner may have.
const (
	NameMost = 40
	TextMost = 1000
	most     = 100
)

// Kinds are the things to record for which a phrase can be meant, as the record form names them. A phrase of no kind
// is offered for all.
var Kinds = []string{"call", "meeting", "visit", "message", "letter", "attendance", "absence", "note"}

// Phrase is one ready phrase.
type Phrase struct {
	ID      string
	Service string // whose shared phrase it is; empty: the actor's own
	Kind    string // one of Kinds, or empty
	Name    string // on the button
	Text    string // what is put in
	Version int    // counts changes from 1; 0: not saved yet
	MayEdit bool   // the actor may change it
}

// looksAfter is the condition that the actor coordinates the service s: $1 is the tenant, $2 the worker.
const looksAfter = `exists (select 1 from member m where m.tenant_id = $1 and m.worker_id = $2 and m.unit_id = s.unit_id
	and m.register_id = s.register_id and m.role = 'coordinator')`

// within gives the phrases that the actor may use, of one service ($3) or of all ($3 empty); or the one with id $4.
// A worker's own belong to no service: they always come along.
var within = `select p.phrase_id, coalesce(p.service_id, ''), p.kind, p.name, p.body, p.version,
		coalesce(p.worker_id = $2, false) or ` + looksAfter + `
	from phrase p left join service s on s.tenant_id = p.tenant_id and s.service_id = p.service_id
	where p.tenant_id = $1 and (p.worker_id = $2 or s.service_id is not null and ($3 = '' or s.service_id = $3) and ` + unit.SeesRegister("s") + `)
	and ($4 = '' or p.phrase_id = $4)`

// For gives the phrases that the actor may put into a record in a service; in every service when it is empty. The
// actor's own come first, then by name.
func For(tx *db.Tx, service string) ([]Phrase, error) { return list(tx, service, "") }

// Get gives a phrase that the actor may use, or not found.
func Get(tx *db.Tx, id string) (Phrase, error) {
	all, err := list(tx, "", id)
	if err != nil {
		return Phrase{}, err
	}
	if id == "" || len(all) == 0 {
		return Phrase{}, fault.E(fault.NotFound, "error.not_found", nil)
	}
	return all[0], nil
}

func list(tx *db.Tx, service, id string) ([]Phrase, error) {
	var all []Phrase
	err := tx.Each(within, []any{tx.Who.Tenant, tx.Who.Worker, service, id}, func(row func(...any) error) error {
		var p Phrase
		err := row(&p.ID, &p.Service, &p.Kind, &p.Name, &p.Text, &p.Version, &p.MayEdit)
		all = append(all, p)
		return err
	})
	slices.SortFunc(all, func(a, b Phrase) int {
		if (a.Service == "") != (b.Service == "") {
			return strings.Compare(a.Service, b.Service)
		}
		if c := strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return all, err
}

// Services gives the services whose shared phrases the actor looks after, by name.
func Services(tx *db.Tx) ([]unit.Service, error) {
	all, err := unit.Services(tx)
	if err != nil {
		return nil, err
	}
	mine := map[string]bool{}
	err = tx.Each(`select s.service_id from service s where s.tenant_id = $1 and `+looksAfter, []any{tx.Who.Tenant, tx.Who.Worker},
		func(row func(...any) error) error {
			var id string
			err := row(&id)
			mine[id] = true
			return err
		})
	return slices.DeleteFunc(all, func(s unit.Service) bool { return !mine[s.ID] }), err
}

// Save adds a phrase (without id) or changes one, and gives its id. Whose it is stays as it was. A change that was
// begun before somebody else's is refused as a conflict.
func Save(tx *db.Tx, p Phrase) (string, error) {
	p.Name, p.Text = strings.TrimSpace(p.Name), strings.TrimSpace(p.Text)
	if err := fault.Fields(p.wrong()); err != nil {
		return "", err
	}
	if p.ID == "" {
		return add(tx, p)
	}
	if err := mustEdit(tx, p.ID); err != nil {
		return "", err
	}
	n, err := tx.Exec(`update phrase set kind = $3, name = $4, body = $5, version = version + 1 where tenant_id = $1 and phrase_id = $2 and version = $6`,
		tx.Who.Tenant, p.ID, p.Kind, p.Name, p.Text, p.Version)
	if err == nil && n == 0 {
		err = fault.E(fault.Conflict, "phrase.changed", nil)
	}
	if err != nil {
		return "", err
	}
	return p.ID, audit.Command(tx, "", "phrase.change")
}

func add(tx *db.Tx, p Phrase) (string, error) {
	worker := tx.Who.Worker
	if p.Service != "" {
		worker = ""
		mine, err := Services(tx)
		if err != nil {
			return "", err
		}
		if !slices.ContainsFunc(mine, func(s unit.Service) bool { return s.ID == p.Service }) {
			return "", fault.E(fault.Denied, "phrase.not_yours", nil)
		}
	}
	var n int
	if _, err := tx.One(`select count(*) from phrase where tenant_id = $1 and (worker_id = $2 or service_id = $3)`,
		[]any{tx.Who.Tenant, worker, p.Service}, &n); err != nil {
		return "", err
	}
	if n >= most {
		return "", fault.E(fault.Invalid, "phrase.too_many", fault.Args{"n": most})
	}
	p.ID = ident.New()
	if _, err := tx.Exec(`insert into phrase (tenant_id, phrase_id, worker_id, service_id, kind, name, body, version) values ($1, $2, $3, $4, $5, $6, $7, 1)`,
		tx.Who.Tenant, p.ID, db.NullText(worker), db.NullText(p.Service), p.Kind, p.Name, p.Text); err != nil {
		return "", err
	}
	return p.ID, audit.Command(tx, "", "phrase.add")
}

// Delete takes a phrase away; notes where it was used keep their text.
func Delete(tx *db.Tx, id string) error {
	if err := mustEdit(tx, id); err != nil {
		return err
	}
	if _, err := tx.Exec(`delete from phrase where tenant_id = $1 and phrase_id = $2`, tx.Who.Tenant, id); err != nil {
		return err
	}
	return audit.Command(tx, "", "phrase.delete")
}

// DeleteOwn takes away the own phrases of a worker who leaves.
func DeleteOwn(tx *db.Tx, worker string) error {
	_, err := tx.Exec(`delete from phrase where tenant_id = $1 and worker_id = $2`, tx.Who.Tenant, worker)
	return err
}

func mustEdit(tx *db.Tx, id string) error {
	p, err := Get(tx, id)
	if err == nil && !p.MayEdit {
		err = fault.E(fault.Denied, "phrase.not_yours", nil)
	}
	return err
}

// wrong gives the wrong fields of a phrase and what is wrong in each.
func (p Phrase) wrong() map[string]string {
	wrong := map[string]string{}
	switch {
	case p.Name == "" || strings.ContainsFunc(p.Name, unicode.IsControl):
		wrong["name"] = "phrase.no_name"
	case utf8.RuneCountInString(p.Name) > NameMost:
		wrong["name"] = "phrase.long_name"
	case hetu.Within(p.Name):
		wrong["name"] = "phrase.has_code"
	}
	switch {
	case p.Text == "":
		wrong["text"] = "phrase.no_text"
	case utf8.RuneCountInString(p.Text) > TextMost:
		wrong["text"] = "phrase.long_text"
	case hetu.Within(p.Text):
		wrong["text"] = "phrase.has_code"
	}
	if p.Kind != "" && !slices.Contains(Kinds, p.Kind) {
		wrong["kind"] = "phrase.no_kind"
	}
	return wrong
}

// Join puts a phrase after what has been written, with a blank between.
func Join(text, phrase string) string {
	if text == "" || strings.HasSuffix(text, " ") || strings.HasSuffix(text, "\n") {
		return text + phrase
	}
	return text + " " + phrase
}
