package login

import (
	"context"

	"polku/internal/actor"
	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/secret"
)

// recoveryCodes is how many are made at a time.
const recoveryCodes = 10

// NewRecoveryCodes makes recovery codes for the signed-in worker, to be printed: each stands in for the second factor
// once. Earlier ones are void. They are kept as hashes, so they are shown this once.
func (s *Service) NewRecoveryCodes(ctx context.Context, who Who) ([]string, error) {
	if err := s.mayChange(who); err != nil {
		return nil, err
	}
	var codes []string
	for range recoveryCodes {
		codes = append(codes, secret.Code())
	}
	err := s.db.Update(ctx, who.Actor(actor.Service, "recovery", ""), func(tx *db.Tx) error {
		if _, err := tx.Exec(`delete from recovery_code where tenant_id = $1 and worker_id = $2`, s.tenant, who.Worker.ID); err != nil {
			return err
		}
		for _, c := range codes {
			if _, err := tx.Exec(`insert into recovery_code (tenant_id, worker_id, code_hash, made_at) values ($1, $2, $3, $4)`, s.tenant, who.Worker.ID, secret.Hash(c), tx.At); err != nil {
				return err
			}
		}
		return audit.Command(tx, "", "login.recovery_made")
	})
	return codes, err
}

// useRecovery takes a recovery code; false when it is none of the worker's, or used.
func useRecovery(tx *db.Tx, worker, code string) (bool, error) {
	n, err := tx.Exec(`update recovery_code set used_at = $4 where tenant_id = $1 and worker_id = $2 and code_hash = $3 and used_at is null`,
		tx.Who.Tenant, worker, secret.Hash(code), tx.At)
	return n == 1, err
}
