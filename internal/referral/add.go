package referral

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"polku/internal/audit"
	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/fold"
	"polku/internal/hetu"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/phone"
	"polku/internal/seal"
	"polku/internal/secret"
)

// New is what a referral is made of.
type New struct {
	ID, Service, Source string
	Sender              Sender
	LastName, FirstName string
	Code                hetu.Code
	Born                civil.Date
	Phone, Email        string
	Municipality, Lang  string
	Answers             map[string]string
	RowKey              []byte // of a list's row; nil: not from a list

	link string
}

// textMost is how long an answer may be, in bytes.
const textMost = 10_000

// FromLists is the source of people whom a benefit authority's list names (48/2026 s. 48), whatever the model's own sources.
const FromLists = "kela"

// Add brings a referral into a service's queue, with its owner and the day that the model promises for the first contact.
// code is shown to the sender once, and kept nowhere: by it they ask what became of it. The actor must work in the queue.
// Sent twice (the same ID, or the same row of a list) it counts once: code is then empty.
func Add(tx *db.Tx, book *path.Book, keys *seal.Keys, n New) (id, code string, err error) {
	var one int
	found, err := tx.One(`select 1 from service s where s.tenant_id = $1 and `+sees("s")+` and s.service_id = $3`, []any{tx.Who.Tenant, tx.Who.Worker, n.Service}, &one)
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err != nil {
		return "", "", err
	}
	return add(tx, book, keys, n)
}

// Join is Add for the person themselves on the public page: a name, a phone number and the best time, no more.
func Join(tx *db.Tx, book *path.Book, keys *seal.Keys, id, service, name, tel, best, lang string) (code string, err error) {
	first, last := name, ""
	if words := strings.Fields(name); len(words) > 1 {
		first, last = strings.Join(words[:len(words)-1], " "), words[len(words)-1]
	}
	n := New{ID: id, Service: service, Source: "self", FirstName: first, LastName: last, Phone: tel, Lang: lang, Answers: map[string]string{"contact_hours": best}}
	if _, ok := phone.Parse(tel); !ok {
		return "", fault.Fields(map[string]string{"phone": "join.bad_phone"})
	}
	_, code, err = add(tx, book, keys, n)
	return code, err
}

func add(tx *db.Tx, book *path.Book, keys *seal.Keys, n New) (id, code string, err error) {
	at, err := placeOf(tx, n.Service, "")
	if err != nil {
		return "", "", err
	}
	m := book.Models.Get(at.model, at.version)
	if m == nil {
		return "", "", fault.E(fault.Internal, "service.no_model", fault.Args{"model": at.model + "@" + at.version})
	}
	if err := n.check(tx, m.Entry.Sources); err != nil {
		return "", "", err
	}
	answers, err := json.Marshal(n.Answers)
	if err != nil {
		return "", "", fault.Wrap(err, "refer.answers")
	}
	n.ID = cmp.Or(n.ID, ident.New())
	var sealed, index []byte
	if n.Code != "" {
		n.Born = n.Code.Birthday()
		index = keys.Index(string(n.Code))
		if sealed, err = keys.Seal(string(n.Code), about(n.ID)); err != nil {
			return "", "", err
		}
	}
	code = secret.Code()
	promised := m.Entry.FirstContactWithin.After(tx.Today, book.Calendar)
	added, err := tx.Exec(`insert into referral (tenant_id, referral_id, service_id, unit_id, register_id, source, sender_name, sender_org, sender_phone,
		link_id, last_name, first_name, name_key, born, code_sealed, code_index, phone, email, municipality, lang, answers, state, owner, arrived_on,
		arrived_at, first_by, promised_on, calls, lifted, reason, answer, code_hash, row_key)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, 'waiting', $22, $23, $24, $25, $25, 0,
		false, '', '', $26, $27) on conflict do nothing`,
		tx.Who.Tenant, n.ID, n.Service, at.unit, at.register, n.Source, n.Sender.Name, n.Sender.Organisation, n.Sender.Phone, n.link,
		n.LastName, n.FirstName, nameKey(n.LastName, n.FirstName), n.Born, sealed, index, n.Phone, n.Email, n.Municipality, n.Lang, string(answers),
		at.owner, tx.Today, tx.At, promised, secret.Hash(code), n.RowKey)
	if err != nil || added == 0 {
		return n.ID, "", err
	}
	return n.ID, code, note(tx, n.ID, Step{What: StepArrived, Detail: n.Source})
}

// check tells what is wrong with a new referral, and tidies it: fields name, phone, source, born, answer_<question>.
func (n *New) check(tx *db.Tx, sources []string) error {
	wrong := map[string]string{}
	n.LastName, n.FirstName = oneLine(n.LastName), oneLine(n.FirstName)
	if n.LastName == "" && n.FirstName == "" {
		wrong["name"] = "client.no_name"
	}
	if len(n.LastName) > 200 || len(n.FirstName) > 200 {
		wrong["name"] = "client.long_name"
	}
	n.Phone = oneLine(n.Phone)
	if tel, ok := phone.Parse(n.Phone); ok {
		n.Phone = string(tel)
	} else if len(n.Phone) > 40 {
		wrong["phone"] = "join.bad_phone"
	}
	if len(sources) > 0 && n.Source != FromLists && !slices.Contains(sources, n.Source) {
		wrong["source"] = "refer.no_source"
	}
	if n.Born > tx.Today || !n.Born.IsZero() && n.Born < tx.Today-130*366 {
		wrong["born"] = "refer.bad_born"
	}
	n.Sender = Sender{fold.Cut(oneLine(n.Sender.Name), 200), fold.Cut(oneLine(n.Sender.Organisation), 200), fold.Cut(oneLine(n.Sender.Phone), 40)}
	n.Email, n.Municipality, n.Lang = fold.Cut(oneLine(n.Email), 200), fold.Cut(oneLine(n.Municipality), 100), fold.Cut(oneLine(n.Lang), 20)
	kept := map[string]string{}
	for question, answer := range n.Answers {
		answer = strings.TrimSpace(answer)
		if len(answer) > textMost {
			wrong["answer_"+question] = "record.long_text"
		}
		if answer != "" {
			kept[question] = answer
		}
	}
	n.Answers = kept
	return fault.Fields(wrong)
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// nameKey is what two spellings of one name share: folded words in alphabetical order.
func nameKey(last, first string) string {
	words := fold.Parts(last + " " + first)
	slices.Sort(words)
	return strings.Join(words, " ")
}

// Step is one line of a referral's trail.
type Step struct {
	At     int64 // microseconds
	Day    civil.Date
	Worker string // visitor: the sender or the person themselves
	What   What
	Detail string // a word or id that belongs to it: source, worker, reason, client
	Text   string // what somebody wrote
}

// What was done about a referral.
type What string

// The steps.
const (
	StepArrived  What = "arrived"
	StepTaken    What = "taken"
	StepGiven    What = "given"
	StepTried    What = "tried" // nobody answered
	StepReached  What = "reached"
	StepPromised What = "promised" // a new day, without contact
	StepLifted   What = "lifted"
	StepLowered  What = "lowered"
	StepJoined   What = "joined"
	StepParted   What = "parted"
	StepInvited  What = "invited"
	StepAnswered What = "answered" // the invited person chose a time, or none fitted
	StepStarted  What = "started"
	StepKnown    What = "known"
	StepDeclined What = "declined"
	StepReopened What = "reopened"
	StepMoved    What = "moved" // its owner is no longer there
)

// Note writes a line of the trail of a referral that another slice's process has worked on.
func Note(tx *db.Tx, id string, s Step) error { return note(tx, id, s) }

// note writes a line of the trail, and the command log.
func note(tx *db.Tx, id string, s Step) error {
	if _, err := tx.Exec(`insert into referral_trail (tenant_id, referral_id, at, trail_id, day, worker_id, what, detail, text)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, tx.Who.Tenant, id, tx.At, ident.New(), tx.Today, tx.Who.Worker, string(s.What), s.Detail, s.Text); err != nil {
		return err
	}
	return audit.Command(tx, id, "referral."+string(s.What))
}

// Trail gives what was done about a referral of the actor's queues, the newest first.
func Trail(tx *db.Tx, id string) ([]Step, error) {
	var all []Step
	err := tx.Each(`select t.at, t.day, t.worker_id, t.what, t.detail, t.text from referral_trail t join referral r on r.tenant_id = t.tenant_id
		and r.referral_id = t.referral_id where t.tenant_id = $1 and `+sees("r")+` and t.referral_id = $3 order by t.at desc, t.trail_id desc`,
		[]any{tx.Who.Tenant, tx.Who.Worker, id}, func(row func(...any) error) error {
			var s Step
			err := row(&s.At, &s.Day, &s.Worker, (*string)(&s.What), &s.Detail, &s.Text)
			all = append(all, s)
			return err
		})
	return all, err
}
