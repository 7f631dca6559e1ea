// Package care owns what is asked once when a path starts and kept up while it lasts: interpreter, emergency contact, the
// note for home visits, what the client was told, who else helps them, and what a previous service's work satisfies. The
// table client_care holds what changes in place; the rest are entries of the journal.
package care

import (
	"strings"

	"polku/internal/audit"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/fault"
)

// Interpreter says how an interpreter is present.
type Interpreter string

// Ways of interpreting.
const (
	NotAsked      Interpreter = ""
	NoInterpreter Interpreter = "none"
	Remotely      Interpreter = "remote"
	OnSite        Interpreter = "on_site"
	Either        Interpreter = "either"
)

// Interpreters in the order they are offered.
var Interpreters = []Interpreter{NoInterpreter, OnSite, Remotely, Either}

// Facts of a client that whoever works with them needs at hand.
type Facts struct {
	Language    string // of the interpreter; a language code
	Interpreter Interpreter
	Contact     Contact
	HasNote     bool  // there is a note for home visits: VisitNote
	Rev         int64 // grows with each change
}

// Contact in an emergency.
type Contact struct {
	Name, Phone, Who string // who they are to the client, in words
	None             bool   // asked; the client wishes to name nobody
}

// Asked tells whether the client has been asked.
func (c Contact) Asked() bool { return c.None || c.Name != "" }

// Get gives the facts of a client whom the actor may see. Nothing written yet gives none.
func Get(tx *db.Tx, clientID string) (Facts, error) {
	var f Facts
	if err := client.Must(tx, clientID); err != nil {
		return f, err
	}
	_, err := tx.One(`select interpreter, interpreter_way, contact_name, contact_phone, contact_who, contact_none, visit_note <> '', rev
		from client_care where tenant_id = $1 and client_id = $2`, []any{tx.Who.Tenant, clientID},
		&f.Language, (*string)(&f.Interpreter), &f.Contact.Name, &f.Contact.Phone, &f.Contact.Who, &f.Contact.None, &f.HasNote, &f.Rev)
	if err == nil {
		tx.Saw(clientID)
	}
	return f, err
}

// textMost is how long a text may be, in bytes.
const textMost = 4000

// SaveInterpreter says whether an interpreter is needed, in which language and how. Mistakes by field: interpreter, language.
func SaveInterpreter(tx *db.Tx, clientID, language string, how Interpreter) error {
	wrong := map[string]string{}
	switch how {
	case NoInterpreter:
		language = ""
	case Remotely, OnSite, Either:
		if strings.TrimSpace(language) == "" {
			wrong["language"] = "error.needed"
		}
	default:
		wrong["interpreter"] = "error.needed"
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	err := save(tx, clientID, `interpreter = $3, interpreter_way = $4`, strings.TrimSpace(language), string(how))
	if err != nil {
		return err
	}
	return audit.Command(tx, clientID, "care.interpreter")
}

// SaveContact says whom to call in an emergency. Mistakes by field: contact_name, contact_phone.
func SaveContact(tx *db.Tx, clientID string, c Contact) error {
	c.Name, c.Phone, c.Who = strings.TrimSpace(c.Name), strings.TrimSpace(c.Phone), strings.TrimSpace(c.Who)
	wrong := map[string]string{}
	switch {
	case c.None:
		c = Contact{None: true}
	case c.Name == "":
		wrong["contact_name"] = "error.needed"
	case c.Phone == "":
		wrong["contact_phone"] = "care.no_phone"
	}
	if len(c.Name)+len(c.Phone)+len(c.Who) > textMost {
		wrong["contact_name"] = "record.long_text"
	}
	if err := fault.Fields(wrong); err != nil {
		return err
	}
	err := save(tx, clientID, `contact_name = $3, contact_phone = $4, contact_who = $5, contact_none = $6`, c.Name, c.Phone, c.Who, c.None)
	if err != nil {
		return err
	}
	return audit.Command(tx, clientID, "care.contact")
}

// Note for home visits: what keeps a worker safe there.
type Note struct {
	Text, By string // By: worker id
	At       int64  // microseconds UTC; 0: never written
}

// VisitNote gives the note for home visits to whoever works with the client: their circle, their unit's coordinator. That
// somebody sees the client in a list is not enough: then it is denied. It is read on a page of its own, so that the use
// log tells who read it.
func VisitNote(tx *db.Tx, clientID string) (Note, error) {
	var n Note
	if err := worksWith(tx, clientID); err != nil {
		return n, err
	}
	_, err := tx.One(`select visit_note, visit_by, visit_at from client_care where tenant_id = $1 and client_id = $2`,
		[]any{tx.Who.Tenant, clientID}, &n.Text, &n.By, &n.At)
	if err == nil {
		tx.Saw(clientID)
	}
	return n, err
}

// SaveVisitNote writes the note; the empty text takes it away. Mistakes by field: visit_note.
func SaveVisitNote(tx *db.Tx, clientID, text string) error {
	if err := worksWith(tx, clientID); err != nil {
		return err
	}
	if len(text) > textMost {
		return fault.Fields(map[string]string{"visit_note": "record.long_text"})
	}
	err := save(tx, clientID, `visit_note = $3, visit_by = $4, visit_at = $5`, strings.TrimSpace(text), tx.Who.Worker, tx.At)
	if err != nil {
		return err
	}
	return audit.Command(tx, clientID, "care.visit_note")
}

// WorksWith tells whether the actor works with a client: they are in the client's circle, or coordinate the unit of one
// of the client's paths.
func WorksWith(tx *db.Tx, clientID string) (bool, error) {
	if tx.Who.IsSystem() {
		return true, nil
	}
	if err := client.Must(tx, clientID); err != nil {
		return false, err
	}
	var one int
	return tx.One(`select 1 where exists (select 1 from sight k where k.tenant_id = $1 and k.worker_id = $2 and k.client_id = $3)
		or exists (select 1 from path p join service v on v.tenant_id = p.tenant_id and v.service_id = p.service_id
			join member m on m.tenant_id = p.tenant_id and m.unit_id = v.unit_id and m.register_id = p.register_id and m.worker_id = $2
			and m.role = 'coordinator' where p.tenant_id = $1 and p.client_id = $3)`,
		[]any{tx.Who.Tenant, tx.Who.Worker, clientID}, &one)
}

func worksWith(tx *db.Tx, clientID string) error {
	works, err := WorksWith(tx, clientID)
	if err == nil && !works {
		err = fault.E(fault.Denied, "care.not_yours", nil)
	}
	return err
}

// save sets columns of a client's row, made if it is not there; set is constant text whose values begin at $3.
func save(tx *db.Tx, clientID, set string, values ...any) error {
	if err := client.Must(tx, clientID); err != nil {
		return err
	}
	if err := client.MustBeFree(tx, clientID); err != nil {
		return err
	}
	if _, err := tx.Exec(`insert into client_care (tenant_id, client_id, interpreter, interpreter_way, contact_name, contact_phone, contact_who, contact_none,
		visit_note, visit_by, visit_at, rev) values ($1, $2, '', '', '', '', '', false, '', '', 0, 0) on conflict do nothing`, tx.Who.Tenant, clientID); err != nil {
		return err
	}
	_, err := tx.Exec(`update client_care set `+set+`, rev = rev + 1 where tenant_id = $1 and client_id = $2`,
		append([]any{tx.Who.Tenant, clientID}, values...)...)
	return err
}
