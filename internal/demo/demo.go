// Package demo owns the made-up organisation that `polku demo` shows: the five services of the shipped models in
// life, with some 600 clients and two years of history. Everything depends only on the seed and on today, and comes
// in through the same functions as what people record. Texts and names stand in data/.
package demo

import (
	"context"
	"strconv"
	"time"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/file"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/seal"
	"polku/internal/unit"
)

// Tenant is the demo organisation's number.
const Tenant = 1

// batch is how many clients share a transaction.
const batch = 20

// Options of Make.
type Options struct {
	Seed     uint64
	Today    civil.Date // the day on which the histories end; it must be the day of the database's clock
	Share    int        // per cent of the clients; 0: all, some 600
	Progress func(done, total int)
	Files    *file.Store // where clients' files are kept; nil: they have none
	// ImportCohorts brings in the published cohorts by the ordinary import, into the services RaumaParty and
	// S20058; nil: they stay empty.
	ImportCohorts func(ctx context.Context) error
}

// Ids of the services that wait for a published cohort.
var (
	RaumaParty = serviceID("rauma-party")
	S20058     = serviceID("s20058")
)

// Persona is a member of the demo's staff whom a visitor may be.
type Persona struct {
	Username string
	Name     string
	Title    string // as it stands in the staff list
	Key      string // catalogue key of one sentence that tells what they see
}

// Personas in the order in which the demo's sign-in page offers them.
func Personas() ([]Persona, error) {
	w, err := loadWords()
	if err != nil {
		return nil, err
	}
	var all []Persona
	for _, p := range w.world.Workers {
		if p.Persona {
			all = append(all, Persona{p.Username, p.Name, p.Title, "demo.persona." + p.Username})
		}
	}
	return all, nil
}

// Make makes an empty, migrated database into the demo organisation.
func Make(ctx context.Context, d *db.DB, book *path.Book, keys *seal.Keys, o Options) error {
	w, err := loadWords()
	if err != nil {
		return err
	}
	who := actor.System(Tenant, actor.Sample, "polku demo")
	if err := d.Update(ctx, who, func(tx *db.Tx) error { return makeWorld(tx, w, book, o.Today) }); err != nil {
		return err
	}
	stories, err := write(w, book, d.Zone, o)
	if err != nil {
		return err
	}
	for from := 0; from < len(stories); from += batch {
		some := stories[from:min(from+batch, len(stories))]
		if err := d.Update(ctx, who, func(tx *db.Tx) error { return tell(tx, book, keys, some) }); err != nil {
			return err
		}
		if o.Progress != nil {
			o.Progress(from+len(some), len(stories))
		}
	}
	if err := drafts(ctx, d, book, stories); err != nil {
		return err
	}
	if o.Files != nil {
		if err := addFiles(ctx, d, book, o.Files, who); err != nil {
			return err
		}
	}
	if err := d.Update(ctx, who, func(tx *db.Tx) error { return careful(tx, book) }); err != nil {
		return err
	}
	if err := bookWeeks(ctx, d, book, w, o.Seed); err != nil {
		return err
	}
	if err := d.Update(ctx, who, func(tx *db.Tx) error { return fillQueues(tx, w, book, keys, o) }); err != nil {
		return err
	}
	if o.ImportCohorts != nil {
		return o.ImportCohorts(ctx)
	}
	return nil
}

func serviceID(id string) string { return ident.Of("demo", "service", id) }

// makeWorld makes tenant, units, registers, services, staff, duty holders and covers.
func makeWorld(tx *db.Tx, w *words, book *path.Book, today civil.Date) error {
	if err := unit.CreateTenant(tx, w.world.Tenant); err != nil {
		return err
	}
	for _, u := range w.world.Units {
		if _, err := unit.AddUnit(tx, unit.Unit{ID: u.ID, Name: u.Name}); err != nil {
			return err
		}
	}
	for _, r := range w.world.Registers {
		if _, err := unit.AddRegister(tx, unit.Register{ID: r.ID, Kind: r.Kind, Name: r.Name, Controller: r.Controller, LegalBasis: r.LegalBasis,
			ServiceTask: r.ServiceTask, Retention: r.Retention, Record: "external"}); err != nil {
			return err
		}
	}
	unitOf := map[string]string{} // by register
	for _, s := range w.world.Services {
		unitOf[s.Register] = s.Unit
		m := book.Models.Newest(s.Model)
		version := ""
		if m != nil {
			version = m.Version
		}
		ended, err := endOf(s)
		if err != nil {
			return err
		}
		if _, err := unit.AddService(tx, book.Models, unit.Service{ID: serviceID(s.ID), Unit: s.Unit, Register: s.Register, Name: s.Name,
			Model: s.Model, Version: version, Ended: ended}); err != nil {
			return err
		}
	}
	for _, p := range w.world.Workers {
		if _, err := unit.AddWorker(tx, unit.Worker{ID: workerID(p.Username), Username: p.Username, Name: p.Name, Title: p.Title, Lang: p.Lang,
			Admin: p.Admin, Demo: p.Persona}); err != nil {
			return err
		}
		for register, role := range p.Roles {
			if err := unit.Join(tx, unit.Member{Worker: workerID(p.Username), Register: register, Unit: unitOf[register], Role: unit.Role(role)}); err != nil {
				return err
			}
		}
	}
	for _, u := range w.world.Units {
		if err := unit.AcceptDuty(tx, u.ID, workerID(u.Duty)); err != nil {
			return err
		}
	}
	if err := workOrganisers(tx, w); err != nil {
		return err
	}
	for _, c := range w.world.Covers {
		if _, err := unit.AddCover(tx, unit.Cover{ID: ident.Of("demo", "cover", c.Absent), Absent: workerID(c.Absent), Cover: workerID(c.Cover),
			From: tx.Today + civil.Date(c.From), To: tx.Today + civil.Date(c.To)}); err != nil {
			return err
		}
	}
	return makeDirectory(tx, w, today)
}

func endOf(s service) (civil.Date, error) {
	if s.Ended == "" {
		return 0, nil
	}
	return civil.Parse(s.Ended)
}

// write makes the stories of every service's clients.
func write(w *words, book *path.Book, zone *time.Location, o Options) ([]story, error) {
	plans, err := loadPlans()
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, p := range w.world.Workers {
		names[workerID(p.Username)] = p.Name
	}
	folk := &people{w: w, used: map[string]bool{}, made: map[string]person{}}
	var all []story
	for i := range w.world.Services {
		s := w.world.Services[i].scaled(o.Share)
		m := book.Models.Newest(s.Model)
		for n := range s.Total {
			p := planOf(o.Seed, &s, m, n, o.Today)
			k := &walk{dice: newDice(o.Seed, "walk/"+p.name), w: w, m: m, s: &s, cal: book.Calendar, zone: zone, p: p, today: o.Today,
				who: folk.person(o.Seed, &s, n, o.Today), pathID: ident.Of("demo", strconv.FormatUint(o.Seed, 10), "path", p.name)}
			st := story{client: k.who.client(w, o.Seed, &s, n), start: k.start()}
			st.start.Client = st.client.ID
			k.run()
			k.workLife(o.Seed)
			st.more = append(k.entries, k.guided()...)
			st.fate, st.open, st.worker, st.model = p.fate, !p.closed, workerID(p.worker), m
			if st.open {
				st.planned(plans, newDice(o.Seed, "agreed/"+p.name), names, o.Today)
			}
			all = append(all, st)
		}
	}
	return all, nil
}

// tell brings stories in as if they had been recorded.
func tell(tx *db.Tx, book *path.Book, keys *seal.Keys, stories []story) error {
	for i := range stories {
		s := &stories[i]
		if _, err := client.Create(tx, keys, s.client); err != nil {
			return err
		}
		if _, _, err := book.Start(tx, s.start, s.more...); err != nil {
			return err
		}
	}
	return nil
}
