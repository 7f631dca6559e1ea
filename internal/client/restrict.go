package client

import (
	"strings"

	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
)

// Restriction of processing (GDPR art. 18): what it covers is kept and shown to whom it concerns, marked, and not used for
// anything else until it is lifted.
type Restriction struct {
	ID, Client, Entry string // Entry empty: everything
	Why               string
	MadeBy            string
	MadeAt            int64
	LiftedAt          int64 // 0: stands
	LiftedBy          string
	LiftedWhy         string
}

// Restrict marks one entry of a client, or (entry empty) everything.
func Restrict(tx *db.Tx, id, entry, why string) (string, error) {
	if err := Must(tx, id); err != nil {
		return "", err
	}
	if strings.TrimSpace(why) == "" {
		return "", fault.Fields(map[string]string{"why": "restriction.no_why"})
	}
	var one int
	if entry != "" {
		if found, err := tx.One(`select 1 from entry where tenant_id = $1 and entry_id = $2 and client_id = $3`, []any{tx.Who.Tenant, entry, id}, &one); err != nil {
			return "", err
		} else if !found {
			return "", fault.E(fault.NotFound, "error.not_found", nil)
		}
	}
	if there, err := tx.One(`select 1 from restriction where tenant_id = $1 and client_id = $2 and entry_id = $3 and lifted_at is null`,
		[]any{tx.Who.Tenant, id, entry}, &one); err != nil {
		return "", err
	} else if there {
		return "", fault.E(fault.Conflict, "restriction.there", nil)
	}
	r := ident.New()
	if _, err := tx.Exec(`insert into restriction (tenant_id, restriction_id, client_id, entry_id, why, made_by, made_at, lifted_by, lifted_why)
		values ($1, $2, $3, $4, $5, $6, $7, '', '')`, tx.Who.Tenant, r, id, entry, strings.TrimSpace(why), tx.Who.Worker, tx.At); err != nil {
		return "", err
	}
	if err := copyRestricted(tx, id); err != nil {
		return "", err
	}
	return r, audit.Command(tx, id, "restriction.made")
}

// Lift ends a restriction, with a reason. The client is told beforehand (art. 18.3): the caller asks whether that was done.
func Lift(tx *db.Tx, id, restriction, why string) error {
	if err := Must(tx, id); err != nil {
		return err
	}
	if strings.TrimSpace(why) == "" {
		return fault.Fields(map[string]string{"lifted_why": "restriction.no_why"})
	}
	n, err := tx.Exec(`update restriction set lifted_at = $4, lifted_by = $5, lifted_why = $6 where tenant_id = $1 and client_id = $2 and restriction_id = $3
		and lifted_at is null`, tx.Who.Tenant, id, restriction, tx.At, tx.Who.Worker, strings.TrimSpace(why))
	if err != nil {
		return err
	}
	if n == 0 {
		return fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err := copyRestricted(tx, id); err != nil {
		return err
	}
	return audit.Command(tx, id, "restriction.lifted")
}

func copyRestricted(tx *db.Tx, id string) error {
	_, err := tx.Exec(`update client set restricted = exists (select 1 from restriction r where r.tenant_id = $1 and r.client_id = $2
		and r.entry_id = '' and r.lifted_at is null) where tenant_id = $1 and client_id = $2`, tx.Who.Tenant, id)
	return err
}

// Restrictions gives a client's restrictions, the newest first; lifted ones too.
func Restrictions(tx *db.Tx, id string) ([]Restriction, error) {
	if err := Must(tx, id); err != nil {
		return nil, err
	}
	var all []Restriction
	err := tx.Each(`select restriction_id, entry_id, why, made_by, made_at, coalesce(lifted_at, 0), lifted_by, lifted_why from restriction
		where tenant_id = $1 and client_id = $2 order by made_at desc, restriction_id desc`, []any{tx.Who.Tenant, id}, func(row func(...any) error) error {
		r := Restriction{Client: id}
		err := row(&r.ID, &r.Entry, &r.Why, &r.MadeBy, &r.MadeAt, &r.LiftedAt, &r.LiftedBy, &r.LiftedWhy)
		all = append(all, r)
		return err
	})
	return all, err
}

// MustBeFree refuses what a restriction of everything stops: any use but keeping, handing over the responsibility and
// the client's own claims. The program itself goes on keeping.
func MustBeFree(tx *db.Tx, id string) error {
	if tx.Who.IsSystem() {
		return nil
	}
	var restricted bool
	if _, err := tx.One(`select restricted from client where tenant_id = $1 and client_id = $2`, []any{tx.Who.Tenant, id}, &restricted); err != nil {
		return err
	}
	if restricted {
		return fault.E(fault.Conflict, "restriction.stands", nil)
	}
	return nil
}

// EntryMustBeFree refuses to change an entry that is restricted.
func EntryMustBeFree(tx *db.Tx, id, entry string) error {
	var one int
	found, err := tx.One(`select 1 from restriction where tenant_id = $1 and client_id = $2 and entry_id = $3 and lifted_at is null`,
		[]any{tx.Who.Tenant, id, entry}, &one)
	if err == nil && found && !tx.Who.IsSystem() {
		err = fault.E(fault.Conflict, "restriction.entry_stands", nil)
	}
	return err
}

// RestrictedEntries gives the entries of a client whose processing is restricted. The caller has asked whether the actor may
// see the client.
func RestrictedEntries(tx *db.Tx, id string) (map[string]bool, error) {
	var entries map[string]bool
	err := tx.Each(`select entry_id from restriction where tenant_id = $1 and client_id = $2 and entry_id <> '' and lifted_at is null`, []any{tx.Who.Tenant, id},
		func(row func(...any) error) error {
			var entry string
			err := row(&entry)
			if entries == nil {
				entries = map[string]bool{}
			}
			entries[entry] = true
			return err
		})
	return entries, err
}
