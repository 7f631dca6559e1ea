package torture

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/keeper"
	"polku/internal/login"
	"polku/internal/path"
	"polku/internal/schema"
	"polku/internal/seal"
	"polku/internal/unit"
)

// The made-up organisation that is tortured.
const (
	tenant   = 1
	house    = "torture-house"
	register = "torture-register"
	service  = "torture-service"
	model    = "tyokykya-ja-hyvinvointia"

	workers = 4  // record at the same time
	clients = 12 // spread over them
)

func workerID(k int) string { return fmt.Sprintf("torture-worker-%d", k) }

// world is a prepared database, closed, that every round begins from a copy of.
type world struct {
	dir       string
	clients   []string // ids
	passwords []string // of the workers
}

// opened is a database with what works on it.
type opened struct {
	d    *db.DB
	log  *audit.Log
	keys *seal.Keys
}

func open(ctx context.Context, dir string) (*opened, error) {
	o := &opened{}
	var err error
	if o.d, err = db.Open(ctx, dir); err != nil {
		return nil, err
	}
	if _, err = schema.Migrate(ctx, o.d); err == nil {
		o.d.Standing = unit.Standing
		o.log, err = audit.Open(ctx, o.d)
	}
	if err == nil {
		o.keys, err = seal.LoadOrMake(filepath.Join(dir, "keys"))
	}
	if err != nil {
		o.close()
		return nil, err
	}
	return o, nil
}

func (o *opened) close() error {
	var err error
	if o.log != nil {
		err = o.log.Close()
	}
	if closed := o.d.Close(); err == nil {
		err = closed
	}
	return err
}

// makeWorld makes the organisation with its workers and clients, each with an open path.
func makeWorld(ctx context.Context, o Options) (*world, error) {
	w := &world{dir: filepath.Join(o.Dir, "world")}
	at, err := open(ctx, w.dir)
	if err != nil {
		return nil, err
	}
	defer at.close()
	system := actor.System(tenant, actor.Sample, "polku torture")
	if err := at.d.Update(ctx, system, func(tx *db.Tx) error { return organise(tx, o.Book) }); err != nil {
		return nil, err
	}
	for i := range clients {
		worker := workerID(i % workers)
		who := actor.Actor{Tenant: tenant, Worker: worker, Purpose: actor.Service, Screen: "polku torture"}
		err := at.d.Update(ctx, who, func(tx *db.Tx) error {
			id, err := client.Create(tx, at.keys, client.New{Register: register, LastName: fmt.Sprintf("Koekas %d", i), FirstName: "Kesto", Phone: "040 123 4567"})
			if err != nil {
				return err
			}
			w.clients = append(w.clients, id)
			_, _, err = o.Book.Start(tx, path.Start{Client: id, Service: service, Day: tx.Today - 10, Responsible: worker,
				Step: path.Step{What: "Tapaaminen", By: tx.Today + 7}})
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if w.passwords, err = passwords(ctx, at.d); err != nil {
		return nil, err
	}
	night := keeper.Keeper{DB: at.d, Tenant: tenant, Book: o.Book, Keys: at.keys}
	_, err = night.Round(ctx)
	return w, err
}

func organise(tx *db.Tx, book *path.Book) error {
	m := book.Models.Newest(model)
	if m == nil {
		return fault.E(fault.Invalid, "model.unknown", fault.Args{"value": model, "known": ""})
	}
	if err := unit.CreateTenant(tx, "Kestokoe"); err != nil {
		return err
	}
	if _, err := unit.AddUnit(tx, unit.Unit{ID: house, Name: "Koetalo"}); err != nil {
		return err
	}
	if _, err := unit.AddRegister(tx, unit.Register{ID: register, Kind: m.Register, Name: "Koerekisteri", Controller: "Kestokoe"}); err != nil {
		return err
	}
	if _, err := unit.AddService(tx, book.Models, unit.Service{ID: service, Unit: house, Register: register, Name: "Koepalvelu", Model: m.Model, Version: m.Version}); err != nil {
		return err
	}
	for k := range workers {
		if _, err := unit.AddWorker(tx, unit.Worker{ID: workerID(k), Username: workerID(k), Name: fmt.Sprintf("Testi Työntekijä %d", k)}); err != nil {
			return err
		}
		if err := unit.Join(tx, unit.Member{Worker: workerID(k), Register: register, Unit: house, Role: unit.RoleWorker}); err != nil {
			return err
		}
	}
	return unit.AcceptDuty(tx, house, workerID(0))
}

// passwords gives the workers passwords of their own, as if each had changed the one-time password.
func passwords(ctx context.Context, d *db.DB) ([]string, error) {
	signIn := login.New(d, tenant)
	admin := actor.System(tenant, actor.Sample, "polku torture")
	admin.Admin = true
	// A password alone does here: what is tried is the disk.
	if err := d.Update(ctx, admin, func(tx *db.Tx) error { return signIn.SetAsksSecond(tx, false) }); err != nil {
		return nil, err
	}
	var all []string
	for k := range workers {
		once, err := signIn.SetPassword(ctx, admin, workerID(k))
		if err != nil {
			return nil, err
		}
		own := "kestokoe " + ident.New()
		if err := signIn.ChangePassword(ctx, login.Who{Tenant: tenant, Worker: unit.Worker{ID: workerID(k), Username: workerID(k)}}, once, own); err != nil {
			return nil, err
		}
		all = append(all, own)
	}
	return all, nil
}

// fresh gives a copy of the prepared folder under another name.
func (w *world) fresh(name string) (string, error) {
	return copyTo(w.dir, filepath.Join(filepath.Dir(w.dir), name))
}

// copyTo makes a folder into a copy of another.
func copyTo(from, to string) (string, error) {
	if err := os.RemoveAll(to); err != nil {
		return "", fault.Wrap(err, "torture.folder")
	}
	return to, fault.Wrap(os.CopyFS(to, os.DirFS(from)), "torture.folder")
}

// seen is what a folder holds after a fault.
type seen struct {
	texts map[string]int // how many entries have a text
	log   int            // rows of the use log about clients' pages
	wrong []string       // what verify found, by its keys; or why the database did not open
}

// pagePattern is the screen under which the use log has clients' pages.
const pagePattern = "GET /c/{id}"

// look opens a folder as the program does and reads what is there; with proof it also verifies all of it.
func look(ctx context.Context, dir string, o Options, proof func(context.Context, *opened) ([]string, error)) (seen, error) {
	s := seen{texts: map[string]int{}}
	at, err := open(ctx, dir)
	if err != nil {
		if ctx.Err() != nil {
			return s, ctx.Err()
		}
		s.wrong = append(s.wrong, err.Error())
		return s, nil
	}
	defer at.close()
	if proof != nil {
		if s.wrong, err = proof(ctx, at); err != nil {
			if ctx.Err() != nil {
				return s, ctx.Err()
			}
			s.wrong = append(s.wrong, err.Error())
		}
	}
	who := actor.System(tenant, actor.Checking, "polku torture")
	if err := at.d.View(ctx, who, func(tx *db.Tx) error { return s.read(tx) }); err != nil {
		s.wrong = append(s.wrong, err.Error())
	}
	if err := at.log.Pool().QueryRowContext(ctx, `select count(*) from use_log where screen = $1`, pagePattern).Scan(&s.log); err != nil {
		s.wrong = append(s.wrong, err.Error())
	}
	return s, nil
}

// read counts the texts of the contacts in every journal.
func (s *seen) read(tx *db.Tx) error {
	return tx.Each(`select body from entry where tenant_id = $1 and kind = 'contact'`, []any{tenant}, func(row func(...any) error) error {
		var body []byte
		if err := row(&body); err != nil {
			return err
		}
		var contact struct{ Text string }
		if err := json.Unmarshal(body, &contact); err != nil {
			return err
		}
		s.texts[contact.Text]++
		return nil
	})
}
