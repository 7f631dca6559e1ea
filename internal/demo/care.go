package demo

import (
	"strconv"
	"sync"

	"go.yaml.in/yaml/v3"

	"polku/internal/actor"
	"polku/internal/aftercare"
	"polku/internal/care"
	"polku/internal/civil"
	"polku/internal/consent"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/handoff"
	"polku/internal/ident"
	"polku/internal/passage"
	"polku/internal/path"
)

// careFile is data/care.yaml.
type careFile struct {
	Told     map[string]map[string]string // by what and language
	Members  []struct{ Name, Part, Of, Phone string }
	Ended    struct{ Name, Part, Of, Why string }
	Contacts []struct{ Name, Who, Phone string }
	Note     string `yaml:"visit_note"`
	Wish     string
	Passage  struct{ Receiver, Purpose, Told, Letter, Step string }
	Meeting  string
	Credit   struct{ Purpose, Told string }
}

var loadCare = sync.OnceValues(func() (careFile, error) {
	var c careFile
	text, err := data.ReadFile("data/care.yaml")
	if err == nil {
		err = yaml.Unmarshal(text, &c)
	}
	return c, fault.Wrap(err, "demo.read")
})

// freshStart is for how many days a path is so new that its start is not whole yet.
const freshStart = 21

// beginning tells what the client was told when the path began. It throws no dice, so that the rest of the story stays as it is.
func (k *walk) beginning() {
	if k.today-k.p.start < freshStart {
		return
	}
	c, err := loadCare()
	if err != nil {
		return // Make has read the same file: it tells
	}
	tell := func(about entry.ToldAbout, yes bool) {
		text := c.Told[string(about)]["fi"]
		if k.who.lang == "sv" {
			text = c.Told[string(about)]["sv"]
		}
		e := entry.Entry{ID: ident.Of(k.pathID, "told", string(about)), Day: k.p.start, Minute: -1, Kind: entry.KindTold, Author: workerID(k.responsible),
			RecordedAt: k.instant(k.p.start, 16*60), Body: &entry.ToldClient{About: about, Way: entry.WayFace, Yes: yes, Text: text}}
		k.entries = append(k.entries, e)
	}
	if k.m.Entry.Voluntary {
		tell(entry.AboutVoluntary, true)
	}
	tell(entry.AboutNotice, false)
	if k.m.Register == "work-activity-register" {
		tell(entry.AboutBenefits, false)
	}
}

// careful brings in what is asked once, the circles, and one of each of the rarer things: a meeting of three, a hand-off past
// the register, a wish to come back, a consent by which an earlier service's work counts.
func careful(tx *db.Tx, book *path.Book) error {
	c, err := loadCare()
	if err != nil {
		return err
	}
	if err := asked(tx, book, c); err != nil {
		return err
	}
	for _, one := range []func(*db.Tx, *path.Book, careFile) error{threeMeet, seenOn, wishes, counts} {
		if err := one(tx, book, c); err != nil {
			return err
		}
	}
	return nil
}

// asked fills in interpreter, emergency contact and circle of some clients of the personas.
func asked(tx *db.Tx, book *path.Book, c careFile) error {
	type one struct{ client, path, lang string }
	var some []one
	if err := tx.Each(`select s.client_id, s.path_id, c.lang from standing s join client c on c.tenant_id = s.tenant_id and c.client_id = s.client_id
		join worker w on w.tenant_id = s.tenant_id and w.worker_id = s.responsible where s.tenant_id = $1 and s.status = 'open' and w.demo
		order by s.path_id`, []any{tx.Who.Tenant}, func(row func(...any) error) error {
		var x one
		err := row(&x.client, &x.path, &x.lang)
		some = append(some, x)
		return err
	}); err != nil {
		return err
	}
	for i, x := range some {
		if i%3 == 2 {
			continue
		}
		how := care.NoInterpreter
		if x.lang != "fi" && x.lang != "sv" && x.lang != "en" {
			how = care.Either
		}
		if err := care.SaveInterpreter(tx, x.client, x.lang, how); err != nil {
			return err
		}
		who := c.Contacts[i%len(c.Contacts)]
		if err := care.SaveContact(tx, x.client, care.Contact{Name: who.Name, Who: who.Who, Phone: who.Phone, None: i%7 == 6}); err != nil {
			return err
		}
		if i%20 == 0 {
			if err := care.SaveVisitNote(tx, x.client, c.Note); err != nil {
				return err
			}
		}
		if i%6 != 0 {
			continue
		}
		m := c.Members[i/6%len(c.Members)]
		if err := care.AddMember(tx, book, x.path, care.Member{Name: m.Name, Part: m.Part, Of: m.Of, Phone: m.Phone}); err != nil {
			return err
		}
		if i%12 == 0 {
			gone := ident.Of(x.path, "member")
			for n, ended := range []bool{false, true} {
				if _, err := book.Append(tx, x.path, entry.Entry{ID: ident.Of(gone, strconv.Itoa(n)), Day: tx.Today - civil.Date(40*(1-n)) - 5, Minute: -1, Kind: entry.KindCircle,
					Body: &entry.Circle{Member: gone, Name: c.Ended.Name, Part: c.Ended.Part, Of: c.Ended.Of, Ended: ended, Why: map[bool]string{true: c.Ended.Why}[ended]}}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// threeMeet books a meeting of three for the first hand-off that waits for its answer.
func threeMeet(tx *db.Tx, book *path.Book, c careFile) error {
	var id, from string
	found, err := tx.One(`select handoff_id, from_worker from handoff where tenant_id = $1 and step = 'offered' order by handoff_id limit 1`, []any{tx.Who.Tenant}, &id, &from)
	if err != nil || !found {
		return err
	}
	sender := *tx
	sender.Who.Worker = from
	return handoff.Agree(&sender, book, id, handoff.Meeting{Day: book.Calendar.AddWorking(tx.Today, 3), Minute: 13 * 60, Place: c.Meeting})
}

// seenOn asks the health centre to take in one of Veikko's calm clients.
func seenOn(tx *db.Tx, book *path.Book, c careFile) error {
	var id string
	found, err := tx.One(`select path_id from standing where tenant_id = $1 and responsible = $2 and status = 'open' and today_group = 4 order by path_id limit 1`,
		[]any{tx.Who.Tenant, workerID("veikko")}, &id)
	if err != nil || !found {
		return err
	}
	decision, err := consent.Give(tx, book, id, consent.New{Kind: consent.Consent, ReceiverName: c.Passage.Receiver, Scopes: []string{"contact", "worker"}, Purpose: c.Passage.Purpose,
		GivenBy: consent.ByClient, Way: "face", Told: c.Passage.Told})
	if err != nil {
		return err
	}
	_, _, err = passage.Ask(tx, book, id, passage.New{ExitTo: "health-care", ReceiverName: c.Passage.Receiver, Scopes: []string{"contact", "worker"}, Basis: decision,
		Letter: c.Passage.Letter, Purpose: c.Passage.Purpose, Next: path.Step{What: c.Passage.Step, By: book.Calendar.AddWorking(tx.Today, 5), Worker: workerID("veikko")}})
	return err
}

// wishes lets a client of Laura's, who went to work, wish to come back.
func wishes(tx *db.Tx, book *path.Book, c careFile) error {
	var p path.Path
	found, err := tx.One(`select path_id, client_id, register_id, service_id, unit_id from standing where tenant_id = $1 and responsible = $2 and status = 'closed'
		and today_group = 4 order by path_id limit 1`, []any{tx.Who.Tenant, workerID("laura")}, &p.ID, &p.Client, &p.Register, &p.Service, &p.Unit)
	if err != nil || !found {
		return err
	}
	own := *tx
	own.Who = actor.Participant(tx.Who.Tenant, p.Client, "", tx.Who.Screen, "")
	return aftercare.Wish(&own, book, p, c.Wish)
}

// counts lets somebody of the shared house allow their plans to be told to rehabilitative work activity, so that they need
// not begin there from the beginning.
func counts(tx *db.Tx, book *path.Book, c careFile) error {
	var id string
	found, err := tx.One(`select s.path_id from standing s join client a on a.tenant_id = s.tenant_id and a.client_id = s.client_id
		join client o on o.tenant_id = a.tenant_id and o.person_id = a.person_id and o.register_id = 'reisjarvi-kuntouttava'
		join standing t on t.tenant_id = o.tenant_id and t.client_id = o.client_id and t.status = 'open'
		where s.tenant_id = $1 and s.register_id = 'reisjarvi-sosiaalinen' order by s.path_id limit 1`, []any{tx.Who.Tenant}, &id)
	if err != nil || !found {
		return err
	}
	_, err = consent.Give(tx, book, id, consent.New{Kind: consent.Permit, Receiver: "reisjarvi-kuntouttava", Scopes: []string{"contact", "plan"}, Purpose: c.Credit.Purpose,
		GivenBy: consent.ByClient, Way: "face", Told: c.Credit.Told})
	return err
}
