package login

import (
	"cmp"
	"context"
	"crypto/subtle"
	"errors"
	"strings"

	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/secret"
	"polku/internal/unit"
)

// codeTries is how often the one-time code may be tried; then the program must be started anew.
const codeTries = 10

// NoWorkers tells whether the database is new: nobody can sign in yet.
func (s *Service) NoWorkers(ctx context.Context) (none bool, err error) {
	err = s.db.View(ctx, s.system("first start"), func(tx *db.Tx) error {
		none, err = noWorkers(tx)
		return err
	})
	return none, err
}

func noWorkers(tx *db.Tx) (bool, error) {
	var one int
	found, err := tx.One(`select 1 from worker where tenant_id = $1 limit 1`, []any{tx.Who.Tenant}, &one)
	return !found, err
}

// FirstCode makes the one-time code that the first administrator is made with, for the owner of the machine to
// read where the program was started; a code made earlier is void. Empty when there are workers already.
func (s *Service) FirstCode(ctx context.Context) (code string, err error) {
	fresh := secret.Code()
	err = s.db.Update(ctx, s.system("first start"), func(tx *db.Tx) error {
		code = ""
		none, err := noWorkers(tx)
		if err != nil || !none {
			return err
		}
		code = fresh
		_, err = tx.Exec(`insert into first_code (tenant_id, code_hash, tries) values ($1, $2, 0)
			on conflict (tenant_id) do update set code_hash = excluded.code_hash, tries = 0`, s.tenant, secret.Hash(fresh))
		return err
	})
	if err != nil {
		return "", err
	}
	return code, nil
}

// CreateFirst makes the first administrator, and the organisation when it is not there yet. Wrong input comes
// back as fields code, name, user, password, all at once; wrong codes are counted.
func (s *Service) CreateFirst(ctx context.Context, code, name, username, password string) (unit.Worker, error) {
	wrong := map[string]string{}
	username = strings.ToLower(strings.TrimSpace(username))
	if strings.TrimSpace(name) == "" {
		wrong["name"] = "login.no_name"
	}
	if username == "" || strings.ContainsAny(username, " \t\n/") {
		wrong["user"] = "login.bad_user"
	}
	if key := CheckPassword(password, username); key != "" {
		wrong["password"] = key
	}
	key, err := s.tryCode(ctx, code)
	if err != nil {
		return unit.Worker{}, err
	}
	if key != "" {
		wrong["code"] = key
	}
	if err := fault.Fields(wrong); err != nil {
		return unit.Worker{}, err
	}
	phc, err := hash(ctx, password)
	if err != nil {
		return unit.Worker{}, err
	}
	var made unit.Worker
	err = s.db.Update(ctx, s.system("first start"), func(tx *db.Tx) error {
		if none, err := noWorkers(tx); err != nil || !none {
			return cmp.Or(err, errDone) // another tab was faster
		}
		there, err := unit.TenantName(tx)
		if err != nil {
			return err
		}
		if there == "" {
			if err := unit.CreateTenant(tx, cmp.Or(s.Organisation, "Polku")); err != nil {
				return err
			}
		}
		id, err := unit.AddWorker(tx, unit.Worker{Username: username, Name: name, Admin: true})
		if err != nil {
			return asForm(err)
		}
		if err := keep(tx, id, phc); err != nil {
			return err
		}
		if _, err := tx.Exec(`delete from first_code where tenant_id = $1`, s.tenant); err != nil {
			return err
		}
		made, err = unit.GetWorker(tx, id)
		return err
	})
	return made, err
}

// errDone answers whoever comes when the first administrator is there already.
var errDone error = fault.E(fault.Gone, "login.first_done", nil)

// tryCode counts a try and gives the key of what is wrong with the code; empty when it is right.
func (s *Service) tryCode(ctx context.Context, code string) (key string, err error) {
	err = s.db.Update(ctx, s.system("first start"), func(tx *db.Tx) error {
		key = ""
		if none, err := noWorkers(tx); err != nil || !none {
			return cmp.Or(err, errDone)
		}
		var kept []byte
		var tries int
		found, err := tx.One(`select code_hash, tries from first_code where tenant_id = $1`, []any{s.tenant}, &kept, &tries)
		if err != nil {
			return err
		}
		switch {
		case !found || tries >= codeTries:
			key = "login.code_void"
			return nil
		case subtle.ConstantTimeCompare(kept, secret.Hash(code)) == 1:
			return nil
		}
		key = "login.code_wrong"
		_, err = tx.Exec(`update first_code set tries = tries + 1 where tenant_id = $1`, s.tenant)
		return err
	})
	return key, err
}

// asForm renames the fields of unit's fault to those of the form.
func asForm(err error) error {
	var f *fault.Error
	if errors.As(err, &f) && f.Fields["username"] != "" {
		return fault.Fields(map[string]string{"user": f.Fields["username"]})
	}
	return err
}
