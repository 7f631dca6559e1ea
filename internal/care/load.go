package care

import (
	"cmp"
	"slices"
	"strings"

	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/unit"
)

// Colleague who could be responsible for a client.
type Colleague struct {
	Worker unit.Worker
	Open   int  // open paths in the register
	Speaks bool // the client's language
}

// Colleagues gives who may be responsible in a register: those who speak the client's language first, then by how few
// open paths they have. It proposes; people choose.
func Colleagues(tx *db.Tx, register, language string) ([]Colleague, error) {
	workers, err := unit.Colleagues(tx, register)
	if err != nil {
		return nil, err
	}
	open, speaks := map[string]int{}, map[string]string{}
	if err := tx.Each(`select s.responsible, count(*) from standing s where s.tenant_id = $1 and s.register_id = $2 and s.status <> 'closed' group by s.responsible`,
		[]any{tx.Who.Tenant, register}, func(row func(...any) error) error {
			var id string
			var n int
			err := row(&id, &n)
			open[id] = n
			return err
		}); err != nil {
		return nil, err
	}
	if err := tx.Each(`select worker_id, speaks || ' ' || lang from worker where tenant_id = $1 and active`, []any{tx.Who.Tenant}, func(row func(...any) error) error {
		var id, languages string
		err := row(&id, &languages)
		speaks[id] = languages
		return err
	}); err != nil {
		return nil, err
	}
	var all []Colleague
	for _, w := range workers {
		all = append(all, Colleague{w, open[w.ID], language != "" && slices.Contains(strings.Fields(speaks[w.ID]), language)})
	}
	slices.SortStableFunc(all, func(a, b Colleague) int {
		if a.Speaks != b.Speaks {
			if a.Speaks {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Open, b.Open), strings.Compare(a.Worker.Name, b.Worker.Name))
	})
	return all, nil
}

// Speaks gives the languages in which the actor serves clients.
func Speaks(tx *db.Tx) ([]string, error) {
	var languages string
	_, err := tx.One(`select speaks from worker where tenant_id = $1 and worker_id = $2`, []any{tx.Who.Tenant, tx.Who.Worker}, &languages)
	return strings.Fields(languages), err
}

// SaveSpeaks says in which languages the actor serves clients, by their codes.
func SaveSpeaks(tx *db.Tx, codes []string) error {
	if _, err := tx.Exec(`update worker set speaks = $3 where tenant_id = $1 and worker_id = $2`, tx.Who.Tenant, tx.Who.Worker, strings.Join(codes, " ")); err != nil {
		return err
	}
	return audit.Command(tx, "", "care.speaks")
}
