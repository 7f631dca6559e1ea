package petition_test

import (
	"testing"

	"polku/internal/civil"
	"polku/internal/petition"
)

// Two months for the logs (703/2023 s. 11), one month for the others (GDPR 12.3); a day that the month has not is its last.
func TestDue(t *testing.T) {
	for _, c := range []struct {
		kind      petition.Kind
		came, due string
	}{
		{petition.Log, "2026-01-15", "2026-03-15"},
		{petition.Why, "2026-12-31", "2027-02-28"},
		{petition.Access, "2026-01-31", "2026-02-28"},
		{petition.Erase, "2026-11-23", "2026-12-23"},
	} {
		if due := petition.Due(c.kind, civil.MustParse(c.came)); due.String() != c.due {
			t.Errorf("%s of %s: %s, want %s", c.kind, c.came, due, c.due)
		}
	}
}
