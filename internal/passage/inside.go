package passage

import (
	"strings"

	"polku/internal/actor"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/pathway"
	"polku/internal/seal"
	"polku/internal/unit"
)

// Take is how a service of the house takes somebody in.
type Take struct {
	Responsible string    // worker of the receiving register
	Step        path.Step // the first meeting: its day is promised to the sender
	Watch       path.Step // what the sender does meanwhile: see that they met
}

// TakeIn is the yes of another service of the house: the person becomes a client of its register with a path, a
// responsible worker and a first step, and the sender is told the day. Of the sender's record only name, phone and e-mail
// come along, when the client allowed contact data; under a safety ban the ban itself comes along too. It gives the new
// client's id. Mistakes by field: responsible, step_what, step_by.
func TakeIn(tx *db.Tx, b *path.Book, keys *seal.Keys, id string, t Take) (string, error) {
	x, err := Received(tx, id)
	if err != nil {
		return "", err
	}
	if err := t.Step.Check(tx); err != nil {
		return "", err
	}
	to, err := clientIn(tx, keys, x)
	if err != nil {
		return "", err
	}
	pathID := ident.Of(x.ID, "path")
	source := ""
	if service, err := unit.GetService(tx, x.Service); err != nil {
		return "", err
	} else if m := b.Models.Get(service.Model, service.Version); m != nil {
		for _, word := range m.Entry.Sources {
			if word == "previous-service" {
				source = word
			}
		}
	}
	if _, _, err := b.Start(tx, path.Start{ID: pathID, Client: to, Service: x.Service, Day: tx.Today, Source: source, Responsible: t.Responsible, Step: t.Step}); err != nil {
		return "", err
	}
	if _, err := tx.Exec(`update passage set to_client = $3, to_path = $4 where tenant_id = $1 and passage_id = $2`, tx.Who.Tenant, x.ID, to, pathID); err != nil {
		return "", err
	}
	name, err := unit.GetWorker(tx, tx.Who.Worker)
	if err != nil {
		return "", err
	}
	return to, Accept(asSystem(tx), b, x, name.Name, t.Step.By, t.Watch)
}

// asSystem lets the program write the one bit that crosses the wall: the receiver does not see the sender's path.
func asSystem(tx *db.Tx) *db.Tx {
	system := *tx
	system.Who.Worker, system.Who.Admin = actor.SystemWorker, true
	return &system
}

// clientIn finds the person in the receiving register, or makes them there with what may be told.
func clientIn(tx *db.Tx, keys *seal.Keys, x Passage) (string, error) {
	var person, last, first, phone, email, lang, there string
	if _, err := tx.One(`select person_id, last_name, first_name, phone, email, lang from client where tenant_id = $1 and client_id = $2`,
		[]any{tx.Who.Tenant, x.Client}, &person, &last, &first, &phone, &email, &lang); err != nil {
		return "", err
	}
	found, err := tx.One(`select client_id from client where tenant_id = $1 and register_id = $2 and person_id = $3 and joined_to is null`,
		[]any{tx.Who.Tenant, x.ReceiverRegister, person}, &there)
	if err != nil || found {
		return there, err
	}
	if !strings.Contains(","+x.Scopes+",", ",contact,") {
		return "", fault.E(fault.Invalid, "passage.no_contact", nil)
	}
	return client.Create(tx, keys, client.New{ID: ident.Of(x.ID, "client"), Register: x.ReceiverRegister, LastName: last, FirstName: first, Phone: phone, Email: email,
		Lang: lang, Person: person})
}

// TurnDown is the no of another service of the house, with the reason.
func TurnDown(tx *db.Tx, b *path.Book, id, why string, step path.Step) error {
	x, err := Received(tx, id)
	if err != nil {
		return err
	}
	name, err := unit.GetWorker(tx, tx.Who.Worker)
	if err != nil {
		return err
	}
	return Decline(asSystem(tx), b, x, name.Name, why, step)
}

// Settle closes the sender's path of every passage whose receiver in the house has met the client: for the night's work,
// and after a contact is recorded. The actor is the program itself. It tells how many.
func Settle(tx *db.Tx, b *path.Book) (int, error) {
	waiting, err := many(tx, `x.tenant_id = $1 and x.state = 'accepted' and x.to_path <> '' order by x.made_at, x.passage_id limit 500`, tx.Who.Tenant)
	n := 0
	for _, x := range waiting { // a few are under way at a time
		p := path.Path{ID: x.ToPath, Client: x.ToClient, Register: x.ReceiverRegister, Service: x.Service}
		s, err := b.StateOf(tx, p)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return n, err
		}
		if s.Status == pathway.NotStarted || s.LastContact.IsZero() {
			continue
		}
		switch err := FirstMet(tx, b, x, s.LastContact); {
		case fault.Is(err, fault.Gone): // the sender's path has ended by another way
		case err != nil:
			return n, err
		default:
			n++
		}
	}
	return n, err
}

// Service of the house that somebody can be handed over to.
type Service struct{ ID, Name string }

// Services gives the services of other registers that go on, by name: which services a house has is no secret.
func Services(tx *db.Tx, register string) ([]Service, error) {
	var all []Service
	err := tx.Each(`select service_id, name from service where tenant_id = $1 and register_id <> $2 and (ended is null or ended >= $3) order by name, service_id`,
		[]any{tx.Who.Tenant, register, int64(tx.Today)}, func(row func(...any) error) error {
			var s Service
			err := row(&s.ID, &s.Name)
			all = append(all, s)
			return err
		})
	return all, err
}
