package bench

import (
	"context"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/keeper"
	"polku/internal/login"
	"polku/internal/path"
	"polku/internal/ruleset"
	"polku/internal/seal"
	"polku/internal/unit"
	"polku/rules"
)

// Book is what the paths of the data set are evaluated with.
func Book() (*path.Book, error) {
	packs, err := rules.Load()
	if err != nil {
		return nil, err
	}
	return &path.Book{Models: Models(), Rules: packs, Calendar: ruleset.Calendar(packs, 2000, 2060, nil), Stamp: "bench"}, nil
}

// Data is an opened database with what works on it. It is the data set's alone.
type Data struct {
	DB   *db.DB
	Keys *seal.Keys
	Book *path.Book
}

func system() actor.Actor { return actor.System(Tenant, actor.Sample, "polku bench") }

// Prepare makes the data set in an empty, migrated database, or takes the one that is there and brings it to today.
// Any other database is refused untouched. It tells whether it made the set.
func (d *Data) Prepare(ctx context.Context, clients int, seed uint64, progress func(done, total int)) (made bool, err error) {
	there, err := d.there(ctx, clients, seed)
	if err != nil {
		return false, err
	}
	if !there {
		if err := Fill(ctx, d.DB, d.Book, d.Keys, clients, seed, progress); err != nil {
			return false, err
		}
	}
	_, err = d.keeper().Round(ctx)
	return !there, err
}

// there tells whether the very data set stands in the database; a fault when something else does.
func (d *Data) there(ctx context.Context, clients int, seed uint64) (bool, error) {
	other := fault.E(fault.Invalid, "bench.other_data", nil)
	there := false
	err := d.DB.View(ctx, system(), func(tx *db.Tx) error {
		name, err := unit.TenantName(tx)
		if err != nil || name == "" {
			return err
		}
		if name != "Bench" {
			return other
		}
		for _, i := range []int{0, clients - 1} {
			have, err := client.Get(tx, ClientID(i))
			if err != nil {
				return missing(err, other)
			}
			if want := d.set(clients, seed).story(i).client; have.LastName != want.LastName || have.FirstName != want.FirstName {
				return other
			}
		}
		if _, err = client.Get(tx, ClientID(clients)); err == nil {
			return other // a larger set
		}
		there = true
		return missing(err, nil)
	})
	return there, err
}

// missing gives another answer to "not found".
func missing(err, instead error) error {
	if fault.Of(err) == fault.NotFound {
		return instead
	}
	return err
}

func (d *Data) set(clients int, seed uint64) *set {
	return newSet(seed, clients, civil.Of(d.DB.Now(), d.DB.Zone), d.DB.Zone)
}

func (d *Data) keeper() *keeper.Keeper {
	return &keeper.Keeper{DB: d.DB, Tenant: Tenant, Book: d.Book, Keys: d.Keys}
}

// passwords gives workers new passwords of their own, as if each had changed the one-time password.
func (d *Data) passwords(ctx context.Context, workers int) ([]string, error) {
	service := login.New(d.DB, Tenant)
	admin := system()
	admin.Admin = true
	var all []string
	for k := range workers {
		once, err := service.SetPassword(ctx, admin, WorkerID(k))
		if err != nil {
			return nil, err
		}
		own := "bench " + once
		who := login.Who{Tenant: Tenant, Worker: unit.Worker{ID: WorkerID(k), Username: Username(k)}}
		if err := service.ChangePassword(ctx, who, once, own); err != nil {
			return nil, err
		}
		all = append(all, own)
	}
	return all, nil
}

// Size of the data set as it stands now.
type Size struct {
	Clients int `json:"clients"`
	Paths   int `json:"paths"`
	Open    int `json:"open_paths"`
	Entries int `json:"entries"`
	Workers int `json:"workers"`
}

func (d *Data) size(ctx context.Context, clients int) (Size, error) {
	s := Size{Clients: clients, Workers: Workers(clients)}
	err := d.DB.View(ctx, system(), func(tx *db.Tx) error {
		if _, err := tx.One(`select count(*), count(*) filter (where status <> 'closed') from standing where tenant_id = $1`, []any{Tenant}, &s.Paths, &s.Open); err != nil {
			return err
		}
		_, err := tx.One(`select count(*) from entry where tenant_id = $1`, []any{Tenant}, &s.Entries)
		return err
	})
	return s, err
}
