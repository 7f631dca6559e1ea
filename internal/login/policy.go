package login

import (
	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/unit"
)

// asksSecond tells whether a password alone does not do.
func (s *Service) asksSecond(tx *db.Tx) (bool, error) {
	asked := s.SecondFactor
	_, err := tx.One(`select second_factor from sign_in_policy where tenant_id = $1`, []any{tx.Who.Tenant}, &asked)
	return asked, err
}

// AsksSecond tells whether the organisation asks for a second factor beside a password, for those who may decide it.
func (s *Service) AsksSecond(tx *db.Tx) (bool, error) {
	if err := unit.MustAdmin(tx); err != nil {
		return false, err
	}
	return s.asksSecond(tx)
}

// SetAsksSecond decides it. Who is signed in with a password alone is led to set one up by their next page.
func (s *Service) SetAsksSecond(tx *db.Tx, asked bool) error {
	if err := unit.MustAdmin(tx); err != nil {
		return err
	}
	if _, err := tx.Exec(`insert into sign_in_policy (tenant_id, second_factor) values ($1, $2) on conflict (tenant_id) do update set second_factor = excluded.second_factor`,
		tx.Who.Tenant, asked); err != nil {
		return err
	}
	what := "login.second_off"
	if asked {
		what = "login.second_on"
	}
	return audit.Command(tx, "", what)
}
