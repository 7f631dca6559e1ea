// Package intake is the process from a first word to a path: it finds who a referred person may be, begins their path or
// tells the worker they have, invites them to choose a first meeting, and brings lists into a queue.
package intake

import (
	"cmp"
	"slices"

	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/hetu"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/referral"
	"polku/internal/seal"
	"polku/internal/unit"
)

// Intake is what the process works with.
type Intake struct {
	Book *path.Book
	Keys *seal.Keys
}

// Duplicates gives the clients of the referral's register, within the actor's sight, who may be the same person: by
// identity code (blind index), phone number, or name with the same birthday (or without one).
func (in *Intake) Duplicates(tx *db.Tx, r referral.Referral) ([]client.Hit, error) {
	code, err := in.code(tx, r)
	if err != nil {
		return nil, err
	}
	hits, err := client.Alike(tx, r.Register, client.New{LastName: r.LastName, FirstName: r.FirstName, Born: r.Born, Phone: r.Phone})
	if err != nil || code == "" {
		return hits, err
	}
	same, err := client.Find(tx, in.Keys, string(code))
	for _, h := range same {
		if h.Register == r.Register && !slices.ContainsFunc(hits, func(x client.Hit) bool { return x.ID == h.ID }) {
			hits = append([]client.Hit{h}, hits...)
		}
	}
	return hits, err
}

func (in *Intake) code(tx *db.Tx, r referral.Referral) (hetu.Code, error) {
	if !r.HasCode {
		return "", nil
	}
	return referral.Code(tx, in.Keys, r.ID)
}

// Same says that the referred person is a client whom the actor sees. Part (package referral) undoes it.
func Same(tx *db.Tx, id, clientID string) error {
	if err := client.Must(tx, clientID); err != nil {
		return err
	}
	tx.Saw(clientID)
	return referral.JoinTo(tx, id, clientID)
}

// Candidate is a worker who could be responsible, with what speaks for them.
type Candidate struct {
	Worker unit.Worker
	Open   int  // open paths of theirs
	Speaks bool // works in the client's language, as far as is known: their own language of the program
}

// Candidates gives who takes cases in a service, whom to suggest first: who speaks the client's language, then who has the
// fewest open paths.
func Candidates(tx *db.Tx, service, lang string) ([]Candidate, error) {
	s, err := unit.GetService(tx, service)
	if err != nil {
		return nil, err
	}
	workers, err := unit.Colleagues(tx, s.Register)
	if err != nil {
		return nil, err
	}
	open := map[string]int{}
	if err := tx.Each(`select s.responsible, count(*) from standing s where s.tenant_id = $1 and s.status <> 'closed' and s.register_id = $2 group by s.responsible`,
		[]any{tx.Who.Tenant, s.Register}, func(row func(...any) error) error {
			var worker string
			var n int
			err := row(&worker, &n)
			open[worker] = n
			return err
		}); err != nil {
		return nil, err
	}
	here := map[string]bool{}
	if err := tx.Each(`select worker_id from member where tenant_id = $1 and unit_id = $2 and register_id = $3 and cases and role in ('worker', 'coordinator', 'instructor')`,
		[]any{tx.Who.Tenant, s.Unit, s.Register}, func(row func(...any) error) error {
			var worker string
			err := row(&worker)
			here[worker] = true
			return err
		}); err != nil {
		return nil, err
	}
	var all []Candidate
	for _, w := range workers {
		if here[w.ID] {
			all = append(all, Candidate{Worker: w, Open: open[w.ID], Speaks: w.Lang == cmp.Or(lang, "fi")})
		}
	}
	slices.SortStableFunc(all, func(a, b Candidate) int {
		if a.Speaks != b.Speaks {
			if a.Speaks {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Open, b.Open)
	})
	return all, nil
}

// Begin is what turns a referral into a path. What the referral told is taken from it and not asked again.
type Begin struct {
	Responsible string
	Phase       string // empty: the model's first
	Day         civil.Date
	Step        path.Step
	Told        string // what the referral told, in words, for the journal; empty: nothing
}

// note is what a referral told, as an entry of the path.
func note(told string, day civil.Date) []entry.Entry {
	if told == "" {
		return nil
	}
	return []entry.Entry{{ID: ident.New(), Day: day, Minute: -1, Kind: entry.KindNote, Body: &entry.Note{Text: told}}}
}

// Start begins the path: of the client whom the referral was joined to, or of a new one, whose id is the referral's, so that
// the logs tell one story from the first read on. An identity code of somebody who is a client already is a conflict: they
// are to be joined first.
func (in *Intake) Start(tx *db.Tx, id string, b Begin) (clientID, pathID string, err error) {
	r, err := referral.Get(tx, id)
	if err != nil {
		return "", "", err
	}
	if !r.State.Open() {
		return "", "", fault.E(fault.Gone, "refer.ended", nil)
	}
	if err := b.Step.Check(tx); err != nil {
		return "", "", err
	}
	clientID = r.Client
	if clientID == "" {
		code, err := in.code(tx, r)
		if err != nil {
			return "", "", err
		}
		clientID, err = client.Create(tx, in.Keys, client.New{ID: r.ID, Register: r.Register, LastName: r.LastName, FirstName: r.FirstName, Code: code,
			Born: r.Born, Phone: r.Phone, Email: r.Email, Municipality: r.Municipality, Lang: cmp.Or(r.Lang, "fi"), Note: r.Answers["contact_hours"]})
		if err != nil {
			return "", "", err
		}
	} else if err := client.Must(tx, clientID); err != nil {
		return "", "", err
	} else if open, err := OpenPath(tx, clientID, r.Service); err != nil {
		return "", "", err
	} else if open != "" {
		return "", "", fault.E(fault.Conflict, "intake.has_path", nil)
	}
	pathID, _, err = in.Book.Start(tx, path.Start{Client: clientID, Service: r.Service, Day: cmp.Or(b.Day, tx.Today), Source: r.Source, Phase: b.Phase,
		Responsible: b.Responsible, Step: b.Step}, note(b.Told, tx.Today)...)
	if err != nil {
		return "", "", err
	}
	if err := moveMeeting(tx, in.Book, r, pathID); err != nil {
		return "", "", err
	}
	return clientID, pathID, referral.End(tx, id, referral.Started, clientID, pathID)
}

// OpenPath gives the path of a client in a service that goes on; empty: none. The caller has got the client.
func OpenPath(tx *db.Tx, clientID, service string) (id string, err error) {
	_, err = tx.One(`select path_id from standing where tenant_id = $1 and client_id = $2 and service_id = $3 and status <> 'closed' order by path_id limit 1`,
		[]any{tx.Who.Tenant, clientID, service}, &id)
	return id, err
}

// Known tells the worker of a person who has an open path in the service already that somebody referred them again, as a
// task on that path (what), with what the referral told in words, and ends the referral.
func (in *Intake) Known(tx *db.Tx, id, what, told string) (clientID string, err error) {
	r, err := referral.Get(tx, id)
	if err != nil {
		return "", err
	}
	if r.Client == "" {
		return "", fault.E(fault.Conflict, "intake.not_joined", nil)
	}
	open, err := OpenPath(tx, r.Client, r.Service)
	if err != nil {
		return "", err
	}
	if open == "" {
		return "", fault.E(fault.Conflict, "intake.no_path", nil)
	}
	step := path.Step{What: what, By: in.Book.Calendar.AddWorking(tx.Today, 2), From: entry.FromReply}
	if _, err := in.Book.Append(tx, open, append(note(told, tx.Today), step.Entry("", tx.Today))...); err != nil {
		return "", err
	}
	return r.Client, referral.End(tx, id, referral.Known, r.Client, open)
}
