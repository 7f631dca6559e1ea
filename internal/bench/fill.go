package bench

import (
	"context"
	"fmt"
	"strconv"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/path"
	"polku/internal/seal"
	"polku/internal/unit"
)

// Tenant of the data set.
const Tenant = 1

// register that all clients of the data set belong to.
const register = "bench-register"

// batch is how many clients share a transaction. Larger ones are slower on SQLite: what a statement of many rows may have
// to take back is kept in a list that each such statement walks to its end.
const batch = 40

func serviceID(t int) string { return "bench-service-" + strconv.Itoa(t) }
func unitID(t int) string    { return "bench-unit-" + strconv.Itoa(t) }

// Username of the k-th worker, from 0.
func Username(k int) string { return fmt.Sprintf("w%03d", k) }

// Fill makes an empty, migrated database into the data set, through the functions by which people record. The book
// must hold Models. Histories end the day before the database's today.
func Fill(ctx context.Context, d *db.DB, book *path.Book, keys *seal.Keys, clients int, seed uint64, progress func(done, total int)) error {
	who := actor.System(Tenant, actor.Sample, "polku bench")
	if err := d.Update(ctx, who, func(tx *db.Tx) error { return organise(tx, book, clients) }); err != nil {
		return err
	}
	s := newSet(seed, clients, civil.Of(d.Now(), d.Zone), d.Zone)
	stories := make(chan []story, 2) // made while the database writes
	go func() {
		defer close(stories)
		for from := 0; from < clients; from += batch {
			some := make([]story, 0, batch)
			for i := from; i < min(from+batch, clients); i++ {
				some = append(some, s.story(i))
			}
			select {
			case stories <- some:
			case <-ctx.Done():
				return
			}
		}
	}()
	done := 0
	var err error
	for some := range stories {
		if err != nil {
			continue // let the maker end
		}
		err = d.Update(ctx, who, func(tx *db.Tx) error { return tell(tx, book, keys, some) })
		if done += len(some); progress != nil && err == nil {
			progress(done, clients)
		}
	}
	if err == nil {
		err = ctx.Err()
	}
	return err
}

// organise makes the organisation: six units with a service each, one register, the workers.
func organise(tx *db.Tx, book *path.Book, clients int) error {
	if err := unit.CreateTenant(tx, "Bench"); err != nil {
		return err
	}
	if _, err := unit.AddRegister(tx, unit.Register{ID: register, Kind: "employment-project", Name: register, Controller: "Bench", LegalBasis: "-", ServiceTask: "-",
		Retention: "-"}); err != nil {
		return err
	}
	for t := range templates {
		if _, err := unit.AddUnit(tx, unit.Unit{ID: unitID(t), Name: unitID(t)}); err != nil {
			return err
		}
		m := modelOf(t)
		if _, err := unit.AddService(tx, book.Models, unit.Service{ID: serviceID(t), Unit: unitID(t), Register: register, Name: m.Model,
			Model: m.Model, Version: m.Version}); err != nil {
			return err
		}
	}
	for k := range Workers(clients) {
		if _, err := unit.AddWorker(tx, unit.Worker{ID: WorkerID(k), Username: Username(k), Name: "Bench " + strconv.Itoa(k)}); err != nil {
			return err
		}
		// As in a small house, everybody works in every service: all of the register is within their reach.
		for t := range templates {
			if err := unit.Join(tx, unit.Member{Worker: WorkerID(k), Register: register, Unit: unitID(t), Role: unit.RoleWorker}); err != nil {
				return err
			}
		}
	}
	return nil
}

func tell(tx *db.Tx, book *path.Book, keys *seal.Keys, stories []story) error {
	for i := range stories {
		if _, err := client.Create(tx, keys, stories[i].client); err != nil {
			return err
		}
		for _, j := range stories[i].paths {
			if _, _, err := book.Start(tx, j.start, j.more...); err != nil {
				return err
			}
		}
	}
	return nil
}
