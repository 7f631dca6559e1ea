package audit

import (
	"polku/internal/db"
	"polku/internal/ident"
)

// Basis of a disclosure.
type Basis string

// The bases.
const (
	ByConsent Basis = "consent" // the client's consent
	ByPermit  Basis = "permit"  // luovutuslupa, 703/2023 s. 53–59
	ByLaw     Basis = "law"     // a statute, named by section
	ToClient  Basis = "client"  // told or given to the client themselves
)

// Disclosure is one row of the disclosure log: what left a register, to whom, on what ground (703/2023 s. 10,
// 1285/2016 s. 12).
type Disclosure struct {
	Client, Register string // whose data
	Receiver         string // register id of this house; empty: outside
	ReceiverName     string // in words
	What             string // words of consent.Scopes, parted by commas
	Purpose          string // in words of the one who tells
	Basis            Basis
	Section          string // the statute's section, when by law
	Consent          string // id, when by consent or permit
	AskedBy          string // who asked for it
}

// Disclose writes the row in the transaction of the crossing itself: when that does not stand, neither does the row.
// A page that shows something across a wall therefore writes first (an Update) and shows after.
func Disclose(tx *db.Tx, d Disclosure) error {
	_, err := tx.Exec(`insert into disclosure_log (tenant_id, log_id, at, client_id, register_id, worker_id, receiver, receiver_name, what,
		purpose, basis, section, consent_id, asked_by, screen, request) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		tx.Who.Tenant, ident.New(), tx.At, d.Client, d.Register, tx.Who.Worker, d.Receiver, d.ReceiverName, d.What, d.Purpose, string(d.Basis),
		d.Section, d.Consent, d.AskedBy, tx.Who.Screen, tx.Who.Trace())
	return err
}
